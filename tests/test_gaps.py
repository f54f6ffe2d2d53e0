"""The classifier against features gathered one by one, and scipy's optimum."""

import itertools
import math

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from strategies import chinese, corpora

from minent import gaps
from minent.autonomy import autonomy
from minent.branching import branching_entropy
from minent.corpus import Corpus
from minent.gaps import GapTrainer, mark_cuts
from minent.ngrams import count_ngrams


def prepare(lines):
    corpus = Corpus.from_texts(lines)
    tree = count_ngrams(corpus, max_order=5, min_count=2, branching=True)
    step = autonomy(corpus, tree).cuts(corpus.ids) if len(corpus.ids) else np.empty(0, np.int8)
    return corpus.ids, tree.walk(corpus.ids, 5), tree, step


def inner_gaps(ids):
    return [i for i in range(1, len(ids)) if ids[i] and ids[i - 1]]


@given(corpora(max_size=9))
@settings(max_examples=30, deadline=None)
def test_log_odds_are_the_sum_of_the_weights_of_the_ngrams_around(lines):
    ids, nodes, tree, _ = prepare(lines)
    size = int(tree.starts[4])
    weights = np.random.default_rng(1).normal(size=(size + 5, 4)).astype(np.float32)
    found = gaps.GapClassifier(weights, 0.25).log_odds(ids, nodes)
    for gap in inner_gaps(ids):
        expected = 0.25
        for before, n, role in gaps._SPANS.tolist():
            begin, end = gap - before, gap - before + n
            reach = range(min(begin, gap), max(end, gap))
            if any(i < 0 or i >= len(ids) or ids[i] == 0 for i in reach):
                row = size
            else:
                node = tree.find(tree.units.decode(ids[begin:end]))
                row = node if node >= 0 else size + n
            expected += weights[row, role]
        assert found[gap] == pytest.approx(expected, abs=1e-4)


@given(corpora(max_size=9))
@settings(max_examples=30, deadline=None)
def test_statistics_are_those_of_each_ngram(lines):
    ids, nodes, tree, _ = prepare(lines)
    table = gaps._statistics(ids, nodes, tree)
    clauses = [clause for line in lines for clause in naive.split_clauses(line)]
    entropies = {side: branching_entropy(tree, side=side) for side in ("right", "left")}
    share = len(clauses) / max(1, sum(map(len, clauses)))

    def log_odds(gram, last):
        """Shrunk towards the n-gram without the unit far from the clause's end."""
        if not gram:
            return share
        less = log_odds(gram[1:] if last else gram[:-1], last)
        hits = sum(
            clause[-len(gram) :] == list(gram) if last else clause[: len(gram)] == list(gram) for clause in clauses
        )
        return (hits + 5 * less) / (tree.count[tree.find("".join(gram))] + 5)

    for n in range(1, 5):
        for node in range(*tree.order(n).indices(len(tree))):
            gram = tuple(tree.units[unit] for unit in tree.unit_ids(node))
            of_order = node - tree.order(n).start
            expected = [
                math.log(tree.count[node]),
                entropies["right"][n][of_order],
                entropies["left"][n][of_order],
                *(math.log(p / (1 - p)) for p in (min(max(log_odds(gram, s), 1e-6), 1 - 1e-6) for s in (True, False))),
            ]
            assert table[node] == pytest.approx(expected, abs=1e-4)


@given(st.integers(0, 99))
@settings(max_examples=10, deadline=None)
def test_newton_finds_the_optimum_that_scipy_finds(seed):
    drawn = np.random.default_rng(seed)
    features = np.hstack([drawn.normal(size=(200, 4)), np.ones((200, 1))]).astype(np.float32)
    is_cut = (features @ drawn.normal(size=5) + drawn.logistic(size=200) > 0).astype(np.float32)

    def loss(w):
        z = features.astype(float) @ w
        return np.logaddexp(0, z).sum() - is_cut @ z + 0.5 * w @ w

    found = gaps._newton(features, is_cut, np.zeros(5, np.float32))
    assert found == pytest.approx(minimize(loss, np.zeros(5)).x, abs=2e-2)


def test_slopes_are_the_differences_of_the_likelihood():
    ids, nodes, tree, step = prepare(chinese(60, 5))
    is_cut = mark_cuts(ids, step)
    size = int(tree.starts[4])
    special, units = size + np.arange(5), gaps._SPANS[:4]
    drawn = np.random.default_rng(2)
    log_odds = drawn.normal(size=len(ids)).astype(np.float32)
    at = inner_gaps(ids)

    def likelihood(weights):
        z = log_odds.astype(np.float64)
        gaps.kernels.add_weights(ids, nodes, units, special, weights, z)
        z = z[at]
        return float((z[is_cut[at]]).sum() - np.logaddexp(0, z).sum())

    slope, curvature = np.zeros((size + 5, 4)), np.zeros((size + 5, 4))
    gaps.kernels.slopes(ids, nodes, units, special, log_odds, is_cut, slope, curvature)
    for row, role in itertools.product(drawn.choice(int(tree.starts[1]), 5, replace=False), range(4)):
        small = np.zeros((size + 5, 4))
        small[row, role] = 1e-3
        up, here, down = likelihood(small), likelihood(0 * small), likelihood(-small)
        assert (up - down) / 2e-3 == pytest.approx(slope[row, role], abs=1e-4)
        assert (up - 2 * here + down) / 1e-6 == pytest.approx(-curvature[row, role], abs=1e-2)


@given(corpora(max_size=9))
@settings(max_examples=30, deadline=None)
def test_cuts_are_marked_where_words_begin(lines):
    ids, _, _, step = prepare(lines)
    expected = np.zeros(len(ids), bool)
    i = 0
    while i < len(ids):
        expected[i] = ids[i] != 0
        i += max(1, int(step[i]))
    assert (mark_cuts(ids, step) == expected).all()


def test_a_classifier_learns_the_cuts_it_is_shown():
    ids, nodes, tree, step = prepare(chinese(600, 4))
    is_cut = mark_cuts(ids, step)
    at = inner_gaps(ids)
    trainer = GapTrainer(ids, nodes, tree)
    found = [trainer.fit(step, bias=0.5).log_odds(ids, nodes)[at] for _ in range(2)]
    assert found[-1] == pytest.approx(trainer.log_odds[at], abs=1e-2)
    assert ((found[-1] > 0.5) == is_cut[at]).mean() > 0.85


@pytest.mark.parametrize("lines", [[], ["天"], ["，"], ["天下"]])
def test_nothing_to_learn_from_is_no_trouble(lines):
    ids, nodes, tree, step = prepare(lines)
    assert np.isfinite(GapTrainer(ids, nodes, tree).fit(step).weights).all()
