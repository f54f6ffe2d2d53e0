from collections import Counter

import naive
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from strategies import corpora

from minent.branching import branching_entropy
from minent.errors import ParameterError
from minent.ngrams import count_ngrams

sides = st.sampled_from(["right", "left"])


@given(corpora(), st.integers(1, 6), sides)
def test_neighbours_are_as_free_as_their_entropy(lines, max_order, side):
    counts = count_ngrams(lines, max_order=max_order)
    clauses = [clause for line in lines for clause in naive.split_clauses(line)]
    beside = naive.neighbours(clauses, side, max_order)
    found = branching_entropy(counts, side=side)
    assert list(found) == list(range(1, max_order))
    for n, values in found.items():
        expected = [naive.entropy(beside[tuple(text)]) for text, _ in counts.items(n)]
        assert values.tolist() == pytest.approx(expected, abs=1e-12)


@given(corpora(), st.integers(1, 6), sides)
def test_leaving_out_what_was_met_once_changes_nothing_for_the_rest(lines, max_order, side):
    all_counts = count_ngrams(lines, max_order=max_order)
    kept_counts = count_ngrams(lines, max_order=max_order, min_count=2)
    every, kept = (branching_entropy(counts, side=side) for counts in (all_counts, kept_counts))
    for n in range(1, max_order):
        value_of = dict(zip((text for text, _ in all_counts.items(n)), every[n].tolist(), strict=True))
        values = dict(zip((text for text, _ in kept_counts.items(n)), kept[n].tolist(), strict=True))
        assert values == pytest.approx({text: value_of[text] for text in values}, abs=1e-12)


@given(corpora(alphabet="天下大"))
def test_left_is_right_of_the_reversed_text(lines):
    there = count_ngrams(lines, max_order=4)
    back = count_ngrams([line[::-1] for line in lines], max_order=4)
    left, right = branching_entropy(there, side="left"), branching_entropy(back, side="right")
    for n in (1, 2, 3):
        of_back = dict(zip((text for text, _ in back.items(n)), right[n].tolist(), strict=True))
        for (text, _), value in zip(there.items(n), left[n].tolist(), strict=True):
            assert value == pytest.approx(of_back[text[::-1]], abs=1e-12)


def test_counts_without_rare_neighbours_are_refused():
    with pytest.raises(ParameterError, match="min_count 1 or 2, not 3"):
        branching_entropy(count_ngrams(["天下"] * 3, min_count=3), side="left")


def test_what_is_no_counts_is_refused():
    with pytest.raises(ParameterError, match="branching_entropy takes what count_ngrams returns, not str"):
        branching_entropy("novel.txt", side="left")


def test_a_third_side_is_refused():
    with pytest.raises(ParameterError, match='side must be "right" or "left"'):
        branching_entropy(count_ngrams(["天下"]), side="both")


def test_scipy_measures_the_same_entropy():
    # No clause ends between, so that every neighbour is a unit.
    text = "天下大势分久必合合久必分天下天上大下大地天下大合" * 3
    counts = count_ngrams([text], max_order=3)
    right = branching_entropy(counts, side="right")[2]
    for gram, times in counts.items(2):
        after = Counter(text[i + 2] for i in range(len(text) - 2) if text.startswith(gram, i))
        if after.total() == times:
            node = counts.find(gram) - int(counts.starts[1])
            assert right[node] == pytest.approx(scipy.stats.entropy(list(after.values())), abs=1e-12)
