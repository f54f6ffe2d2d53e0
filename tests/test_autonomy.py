import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import chinese, corpora

from minent.autonomy import autonomy
from minent.corpus import Corpus
from minent.errors import ParameterError
from minent.ngrams import count_ngrams


def measure(lines, min_count=2):
    corpus = Corpus.from_texts(lines)
    tree = count_ngrams(corpus, max_order=4, min_count=min_count, branching=True)
    clauses = [clause for line in lines for clause in naive.split_clauses(line)]
    return corpus, tree, autonomy(corpus, tree), clauses


def grams_of(tree, values):
    return [tuple(tree.units[unit] for unit in tree.unit_ids(node)) for node in range(len(values))]


@given(corpora(max_size=10), st.sampled_from([1, 2]))
@settings(max_examples=40)
def test_autonomy_is_the_normalised_variation_of_branching_entropy(lines, min_count):
    _, tree, found, clauses = measure(lines, min_count)
    expected = naive.autonomies(clauses, 5, min_count)
    values = dict(zip(grams_of(tree, found.values), found.values.tolist(), strict=True))
    assert values == pytest.approx(expected, abs=1e-6)


@given(corpora(max_size=9), st.sampled_from([1, 2]), st.data())
@settings(max_examples=40)
def test_the_cuts_are_the_best_of_all(lines, min_count, data):
    corpus, tree, found, clauses = measure(lines, min_count)
    grams = grams_of(tree, found.values)
    bound = np.array(data.draw(st.lists(st.booleans(), min_size=len(grams), max_size=len(grams))), bool)
    for kept_whole in (None, bound):
        used = found.count_words(corpus, kept_whole)
        bonus = np.zeros(len(grams)) if kept_whole is None else 20.0 * bound
        values = dict(zip(grams, (found.values + bonus).tolist(), strict=True))
        rare = min([0.0, *(value for gram, value in values.items() if len(gram) == 1)])
        best = sum(naive.best_autonomy(clause, values, found.offset, rare) for clause in clauses)
        units = sum(map(len, clauses))
        left = units - sum(int(n) * len(gram) for n, gram in zip(used, grams, strict=True))
        offsets = (0, found.offset, found.offset / 2, found.offset)
        score = left * rare + sum(
            int(n) * (values[gram] + offsets[len(gram) - 1]) * len(gram) ** 0.8
            for n, gram in zip(used, grams, strict=True)
            if n
        )
        assert left == sum((unit,) not in values for clause in clauses for unit in clause)
        assert score == pytest.approx(best, abs=1e-3)  # the cuts are made in single precision


def test_cuts_are_the_words_that_are_counted():
    corpus, tree, found, _ = measure(chinese(100, seed=2))
    bound = np.zeros(len(tree), bool)
    bound[tree.order(3)] = True
    for kept_whole in (None, bound):
        step = found.cuts(corpus.ids, kept_whole)
        begins = np.flatnonzero(step)
        nodes = tree.walk(corpus.ids, 4)[begins, step[begins] - 1]
        counted = np.bincount(nodes[nodes >= 0], minlength=len(tree))
        assert np.array_equal(counted, found.count_words(corpus, kept_whole))
        assert step.sum() == corpus.n_units


def test_the_offset_solves_for_the_granularity():
    corpus, tree, found, _ = measure(chinese(600, seed=1))
    used = found.count_words(corpus)
    one, two = (found.values[tree.order(n)][used[tree.order(n)] >= 20].mean() for n in (1, 2))
    assert found.offset + two - one == pytest.approx(6.9, abs=0.2)


def test_counts_without_neighbours_are_refused():
    corpus = Corpus.from_texts(["天下"])
    with pytest.raises(ParameterError, match="branching=True"):
        autonomy(corpus, count_ngrams(corpus, min_count=2))


def test_the_granularity_is_measured_on_a_sample(monkeypatch):
    corpus, tree, found, _ = measure(chinese(600, seed=1))
    monkeypatch.setattr("minent.autonomy._SAMPLE", len(corpus.ids) // 2)
    monkeypatch.setattr("minent.corpus._PART", 500)
    assert autonomy(corpus, tree).offset == pytest.approx(found.offset, abs=1.5)


@pytest.mark.parametrize("lines", [["天"], ["天下"], ["天下", "天下"], ["天天天天天天"]])
def test_tiny_corpora_are_measured(lines):
    _, _, found, _ = measure(lines)
    assert (found.values < np.inf).all()
    assert 0 <= found.offset <= 10
