import math

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import corpora

from minent.association import merge_gain, merge_gain_bound, pmi
from minent.errors import ParameterError
from minent.ngrams import count_ngrams


@given(corpora(), st.integers(1, 7), st.integers(1, 3))
def test_cohesion_is_the_pmi_of_the_weakest_split(lines, max_order, min_count):
    counts = count_ngrams(lines, max_order=max_order, min_count=min_count)
    grams = naive.ngrams([c for line in lines for c in naive.split_clauses(line)], max_order, min_count)
    found = pmi(counts)
    assert list(found) == list(range(2, max_order + 1))
    for n, values in found.items():
        expected = [naive.cohesion(tuple(text), grams, counts.total) for text, _ in counts.items(n)]
        assert values.tolist() == pytest.approx(expected)


probabilities = st.lists(st.floats(0.01, 1), min_size=2, max_size=6).map(lambda ws: [w / sum(ws) for w in ws])


@given(probabilities, st.floats(0, 1), st.lists(st.integers(1, 4), min_size=6, max_size=6))
def test_gain_is_the_fall_of_entropy_when_a_pair_is_merged(weights, share, sizes):
    # Post 5476: L = H / l falls by F / l, l being the mean length before.
    names = "abcdef"[: len(weights)]
    before = dict(zip(names, weights, strict=True))
    lengths = dict(zip(names, sizes, strict=False))
    lengths["ab"] = lengths["a"] + lengths["b"]
    pair = share * min(before["a"], before["b"])
    after = naive.merge_of_pair(before, pair, "a", "b")
    mean_length = sum(p * lengths[unit] for unit, p in before.items())
    fall = naive.entropy_a_char(before, lengths) - naive.entropy_a_char(after, lengths)
    gain = float(merge_gain(pair, [before["a"], before["b"]]))
    assert gain / mean_length == pytest.approx(fall, abs=1e-12)


@given(probabilities.filter(lambda ps: len(ps) >= 3), st.floats(0, 1), st.integers(2, 6))
def test_gain_of_a_longer_merge_is_the_fall_of_entropy_too(weights, share, k):
    parts = weights[:k]
    pair = share * min(parts)
    rest = [*(p - pair for p in parts), *weights[k:], pair]
    total = 1 - (len(parts) - 1) * pair
    h_before = -sum(p * math.log(p) for p in weights)
    h_after = -sum(p / total * math.log(p / total) for p in rest if p > 0)
    # Characters stay as many while tokens become fewer: the mean length grows by 1 / total.
    assert float(merge_gain(pair, parts)) == pytest.approx(h_before - h_after * total, abs=1e-12)


@given(probabilities, st.floats(0, 1))
def test_the_bound_lies_below_the_gain(weights, share):
    parts = weights[:2]
    pair = share * min(parts)
    assert merge_gain_bound(pair, parts) <= merge_gain(pair, parts) + 1e-12


def test_a_pair_that_never_meets_gains_nothing():
    assert merge_gain(0, [0.1, 0.2]) == merge_gain_bound(0, [0.1, 0.2]) == merge_gain(0, [0, 0]) == 0


def test_gains_come_as_arrays():
    p = np.array([0.01, 0.02])
    parts = np.array([[0.02, 0.04], [0.03, 0.05]])
    for measure in (merge_gain, merge_gain_bound):
        each = [float(measure(p[i], parts[:, i])) for i in range(2)]
        assert measure(p, parts).tolist() == pytest.approx(each)


@pytest.mark.parametrize("source", ["novel.txt", ["天下"], {"天下": 1}])
def test_pmi_of_what_is_no_counts_is_refused(source):
    with pytest.raises(ParameterError, match="pmi takes what count_ngrams returns, not"):
        pmi(source)


@pytest.mark.parametrize("p, parts", [(0.3, [0.2, 0.5]), (-0.1, [0.2, 0.5]), (0.1, [0.2, 1.5])])
@pytest.mark.parametrize("measure", [merge_gain, merge_gain_bound])
def test_a_whole_that_exceeds_its_parts_is_refused(measure, p, parts):
    with pytest.raises(ParameterError, match="each part"):
        measure(p, parts)
