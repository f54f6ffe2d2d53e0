"""The sampler against all segmentations of short clauses, weighed one by one."""

import itertools
import math
from collections import Counter

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import corpora

from minent._kernels import sampler as kernels
from minent.corpus import Corpus
from minent.ngrams import count_ngrams
from minent.sampler import BIGRAM_PRIOR, UNIGRAM_PRIOR, Sampler, WordCounts

LONGEST = 3
BEGIN, END = "begin", "end"


def start(lines, seed=0):
    """A sampler with an arbitrary segmentation, cut weights of all sizes, and the clauses as lists of units."""
    corpus = Corpus.from_texts(lines)
    tree = count_ngrams(corpus, max_order=LONGEST + 1, min_count=2)
    ids = corpus.ids
    chosen = np.random.default_rng(seed)
    step = np.zeros(len(ids), np.int8)
    left = np.zeros(len(ids) + 1, np.int64)
    for i in range(len(ids) - 1, -1, -1):
        left[i] = 0 if ids[i] == 0 else left[i + 1] + 1
    i = 0
    while i < len(ids):
        if ids[i]:
            step[i] = chosen.integers(1, min(LONGEST, left[i]) + 1)
        i += max(1, int(step[i]))
    sampler = Sampler(ids, tree.walk(ids, LONGEST), tree, step, seed)
    sampler.cut = np.exp(chosen.normal(size=len(ids))).astype(np.float32)
    return sampler, tree


def clause_bounds(ids):
    ends = np.flatnonzero(ids == 0).tolist()
    return [(a, b) for a, b in zip([0, *(end + 1 for end in ends)], ends, strict=False) if a < b]


def words_of(ids, step, begin, end):
    words = []
    while begin < end:
        words.append(tuple(ids[begin : begin + step[begin]].tolist()))
        begin += int(step[begin])
    return words


def naive_counts(clauses, tree):
    """Of a segmentation: tokens, types, pairs. What has no node is new each time it comes."""
    pairs = Counter()
    fresh = itertools.count()
    for words in clauses:
        named = [word if in_tree(tree, word) else (next(fresh), word) for word in words]
        pairs.update(itertools.pairwise([BEGIN, *named, END]))
    return pairs


def in_tree(tree, word):
    return tree.find(tree.units.decode(word)) >= 0


def p_spelled(spelled, p_length, i, n):
    return p_length[n] * math.prod(spelled[i : i + n].tolist())


def all_weights(sampler, begin, end, p_word):
    """Every cut of a clause into steps → its weight, by a function of (left word, left length, i, n)."""
    weights = {}
    for words in naive.cuts(list(range(begin, end)), LONGEST):
        weight, left = 1.0, None
        for word in words:
            weight *= p_word(left, word[0], len(word))
            weight *= float(sampler.cut[word[0]]) if word[0] > begin else 1.0
            left = (word[0], len(word))
        weights[tuple(map(len, words))] = weight * p_word(left, None, 0)
    total = sum(weights.values())
    return {cut: weight / total for cut, weight in weights.items()}


def unigram_weights(sampler, tree, at):
    """The exact posterior of one clause given the others, under the unigram model."""
    ids, step = sampler.ids, sampler.step
    others = [words_of(ids, step, *bounds) for bounds in clause_bounds(ids) if bounds != at]
    tokens = [word for words in others for word in words]
    known = Counter(word for word in tokens if in_tree(tree, word))
    discount, strength = UNIGRAM_PRIOR
    types = len(known) + sum(not in_tree(tree, word) for word in tokens)
    spelling = sampler.spelling()
    spelled = spelling.spell(ids)

    def p_word(left, i, n):
        if i is None:
            return 1.0
        p0 = p_spelled(spelled, spelling.p_length, i, n)
        count = known[tuple(ids[i : i + n].tolist())]
        return (max(count - discount, 0) + (strength + discount * types) * p0) / (strength + len(tokens))

    return all_weights(sampler, *at, p_word)


def bigram_weights(sampler, tree, at, least=None):
    """The exact posterior of one clause given the others, under the bigram model, with a least p1 of some words."""
    ids, step = sampler.ids, sampler.step
    pairs = naive_counts([words_of(ids, step, *b) for b in clause_bounds(ids) if b != at], tree)
    followed, right, left_types = Counter(), Counter(), Counter()
    for (v, w), count in pairs.items():
        followed[v] += count
        right[v] += 1
        left_types[w] += 1
    spelling = sampler.spelling()
    spelled = spelling.spell(ids)
    d1, d2, strength = BIGRAM_PRIOR

    def p_word(left, i, n):
        v = BEGIN if left is None else tuple(ids[left[0] : sum(left)].tolist())
        w = END if i is None else tuple(ids[i : i + n].tolist())
        p0 = spelling.p_length[0] if i is None else p_spelled(spelled, spelling.p_length, i, n)
        p1 = (max(left_types[w] - d1, 0) + (strength + d1 * len(left_types)) * p0) / (strength + len(pairs))
        if least is not None and i is not None:
            if least[i, n - 1] < 0:
                return 0.0
            p1 = max(p1, float(least[i, n - 1]))
        return (max(pairs[v, w] - d2, 0) + (1 + d2 * right[v]) * p1) / (1 + followed[v])

    return all_weights(sampler, *at, p_word)


def redraw(sampler, model, at, times, seed):
    """How often each segmentation of one clause comes, all others standing still."""
    begin, end = at
    spelling = sampler.spelling()
    spelled = spelling.spell(sampler.ids)
    base = (sampler.cut, spelled, spelling.p_length)
    counts = WordCounts.empty(len(sampler._tree))
    drawn = Counter()
    chosen = np.random.default_rng(seed)
    if model == "unigram":
        kernels.count_unigrams(sampler.ids, sampler.nodes, sampler.step, counts.state)
    else:
        counts = sampler.count_bigrams()
        counts.reserve(1000)
    for _ in range(times):
        sweep, prior = (
            (kernels.unigram_sweep, UNIGRAM_PRIOR) if model == "unigram" else (kernels.bigram_sweep, BIGRAM_PRIOR)
        )
        uniform = chosen.random(end + 1 - begin)
        sweep(sampler.ids, sampler.nodes, sampler.step, base, prior, counts.state, uniform, begin, end + 1)
        drawn[tuple(map(len, words_of(sampler.ids, sampler.step, begin, end)))] += 1
    return drawn


LINES = ["天下大势", "天下分合", "大势天下", "分合大势下", "天下天下", "合下"]


@pytest.mark.parametrize("model, exact", [("unigram", unigram_weights), ("bigram", bigram_weights)])
@pytest.mark.parametrize("seed", [1, 2])
def test_segmentations_are_drawn_as_often_as_their_exact_posterior_says(model, exact, seed):
    sampler, tree = start(LINES, seed)
    at = clause_bounds(sampler.ids)[3]
    expected = exact(sampler, tree, at)
    n = 4000
    drawn = redraw(sampler, model, at, n, seed)
    assert drawn.keys() <= expected.keys()
    for cut, p in expected.items():
        assert drawn[cut] / n == pytest.approx(p, abs=4.5 * math.sqrt(p * (1 - p) / n) + 1e-3)


@pytest.mark.parametrize("model, exact", [("unigram", unigram_weights), ("bigram", bigram_weights)])
def test_what_reaches_across_a_sure_cut_is_never_drawn_and_the_rest_as_often_as_without(model, exact):
    sampler, tree = start(LINES, 3)
    at = clause_bounds(sampler.ids)[3]
    every = exact(sampler, tree, at)
    sure = {cut: p for cut, p in every.items() if 2 in itertools.accumulate(cut)}
    sampler.cut[at[0] + 2] = np.inf
    n = 4000
    drawn = redraw(sampler, model, at, n, 3)
    assert drawn.keys() <= sure.keys()
    for cut, weight in sure.items():
        p = weight / sum(sure.values())
        assert drawn[cut] / n == pytest.approx(p, abs=4.5 * math.sqrt(p * (1 - p) / n) + 1e-3)


@given(corpora(max_size=7), st.integers(0, 9))
@settings(max_examples=30, deadline=None)
def test_the_unigram_filter_ends_as_all_segmentations_summed_one_by_one(lines, seed):
    sampler, tree = start(lines, seed)
    for at in clause_bounds(sampler.ids)[:2]:
        expected = unigram_weights(sampler, tree, at)
        counts = WordCounts.empty(len(tree))
        kernels.count_unigrams(sampler.ids, sampler.nodes, sampler.step, counts.state)
        kernels._count_unigrams(sampler.nodes, sampler.step, *at, -1, counts.state)
        n = at[1] - at[0]
        spelling = sampler.spelling()
        spelled = spelling.spell(sampler.ids)
        shrink, back = np.empty(n + 1), np.zeros((n + 1, LONGEST))
        base = (sampler.cut, spelled, spelling.p_length)
        kernels.unigram_filter(sampler.nodes, *at, base, UNIGRAM_PRIOR, counts.state, shrink, back)
        assert_last_words(back[n] / back[n].sum(), expected)


@given(corpora(max_size=7), st.integers(0, 9))
@settings(max_examples=30, deadline=None)
def test_the_best_segmentation_is_the_likeliest_of_all(lines, seed):
    sampler, tree = start(lines, seed)
    bounds = clause_bounds(sampler.ids)
    if not bounds:
        return
    # The first clause becomes one that the counts do not hold.
    at = bounds[0]
    known = np.random.default_rng(seed).choice([-1, 0, 0.01, 0.5], (len(sampler.ids), LONGEST)).astype(np.float32)
    known[:, 0] = np.maximum(known[:, 0], 0)
    least = known if seed % 2 else None
    expected = bigram_weights(sampler, tree, at, least)
    counts = sampler.count_bigrams()
    kernels._count_bigrams(sampler.nodes, sampler.step, *at, -1, counts.state)
    spelling = sampler.spelling()
    spelled = spelling.spell(sampler.ids)
    best = np.ones(len(sampler.ids), np.int8)
    base = (sampler.cut, spelled, spelling.p_length)
    given = np.empty((0, LONGEST), np.float32) if least is None else least
    kernels.bigram_best(sampler.ids, sampler.nodes, best, base, BIGRAM_PRIOR, counts.state, given)
    found = tuple(map(len, words_of(sampler.ids, best, *at)))
    assert expected[found] == pytest.approx(max(expected.values()), rel=1e-5)


def assert_last_words(shares, expected):
    for k in range(1, LONGEST + 1):
        assert shares[k - 1] == pytest.approx(sum(p for cut, p in expected.items() if cut[-1] == k), abs=1e-6)


@given(corpora(max_size=9), st.integers(0, 9))
@settings(max_examples=30, deadline=None)
def test_counts_are_those_of_the_segmentation_and_come_back_when_a_clause_returns(lines, seed):
    sampler, tree = start(lines, seed)
    bounds = clause_bounds(sampler.ids)
    counts = sampler.count_bigrams()
    expected = naive_counts([words_of(sampler.ids, sampler.step, *at) for at in bounds], tree)
    kept = {(named(tree, v), named(tree, w)): count for v, w, count in counts.pairs[counts.pairs[:, 2] > 0].tolist()}
    assert kept == {pair: n for pair, n in expected.items() if not any(map(is_fresh, pair))}
    assert counts.sums[1] == len({w for _, w in expected})
    assert counts.sums[2] == len(expected)
    before = counts.words.copy(), counts.sums[:3].copy()
    for sign in (-1, 1):
        for at in bounds:
            kernels._count_bigrams(sampler.nodes, sampler.step, *at, sign, counts.state)
        if sign < 0:
            assert not counts.words.any()
            assert not counts.sums[:3].any()
    assert (counts.words == before[0]).all()
    assert (counts.sums[:3] == before[1]).all()


def is_fresh(word):
    return word not in (BEGIN, END) and isinstance(word[0], int) and len(word) == 2 and isinstance(word[1], tuple)


def named(tree, node):
    return {len(tree): BEGIN, len(tree) + 1: END}.get(node) or tuple(tree.unit_ids(node))


@given(corpora(max_size=9), st.integers(0, 9))
@settings(max_examples=20, deadline=None)
def test_counts_after_sweeps_are_those_of_the_new_segmentation(lines, seed):
    sampler, _ = start(lines, seed)
    seen = []
    sampler.unigram(2, lambda: seen.append(1))
    sampler.bigram(2, lambda: seen.append(1))
    assert len(seen) == 4
    for begin, end in clause_bounds(sampler.ids):
        assert sum(map(len, words_of(sampler.ids, sampler.step, begin, end))) == end - begin


@given(corpora(max_size=9), st.integers(0, 9))
@settings(max_examples=30, deadline=None)
def test_spelling_counts_each_distinct_word_once(lines, seed):
    sampler, tree = start(lines, seed)
    tokens = [w for at in clause_bounds(sampler.ids) for w in words_of(sampler.ids, sampler.step, *at)]
    types = [w for w in set(tokens) if in_tree(tree, w)] + [w for w in tokens if not in_tree(tree, w)]
    spelling = sampler.spelling()
    lengths = Counter(map(len, types))
    total = len(types) + LONGEST
    assert spelling.p_length[1:] == pytest.approx([(lengths[n] + 1) / total for n in range(1, LONGEST + 1)])
    units = Counter(unit for word in types for unit in word)
    frequency = np.bincount(sampler.ids, minlength=len(tree.units) + 1) * (np.arange(len(tree.units) + 1) > 0) + 0.5
    expected = [units[u] + 10 * p for u, p in enumerate(frequency / frequency.sum())]
    assert spelling.p_unit == pytest.approx(np.array(expected) / (units.total() + 10))


def test_long_clauses_neither_overflow_nor_underflow():
    sampler, _ = start(["天下大势分合" * 700, "天下", "大势"])
    sampler.unigram(2, int)
    sampler.bigram(2, int)
    assert sampler.step.max() > 1


def test_pairs_survive_a_larger_table():
    counts = WordCounts.empty(5)
    for right in range(4):
        counts.reserve(1)
        kernels._count_pair(0, right, 1, counts.state)
    counts.reserve(1000)
    kept = counts.pairs[counts.pairs[:, 2] > 0]
    assert sorted(kept.tolist()) == [[0, right, 1] for right in range(4)]
    assert counts.sums.tolist() == [0, 4, 4, 4]
