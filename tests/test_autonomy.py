from dataclasses import replace

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import chinese, corpora

from minent._kernels import autonomy as kernels
from minent.autonomy import _Sample, autonomy
from minent.corpus import Corpus
from minent.errors import ParameterError
from minent.ngrams import count_ngrams
from minent.numerals import as_one


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


def cut_scores(found, grams):
    return dict(zip(grams, found.scores().tolist(), strict=True))


def uses(corpus, tree, step):
    """How often each n-gram is a word."""
    begins = np.flatnonzero(step)
    nodes = tree.walk(corpus.ids, tree.max_order)[begins, step[begins] - 1]
    return np.bincount(nodes[nodes >= 0], minlength=len(tree))


@given(corpora("天下大5，", max_size=9), st.sampled_from([1, 2]))
@settings(max_examples=40)
def test_the_cuts_are_the_best_of_all(lines, min_count):
    corpus, tree, found, clauses = measure(lines, min_count)
    grams = grams_of(tree, found.values)
    scores = cut_scores(found, grams)
    step = found.cuts(corpus.ids)
    assert step.sum() == corpus.n_units
    rare = min([0.0, *(score for gram, score in scores.items() if len(gram) == 1)])
    used = dict(zip(grams, uses(corpus, tree, step).tolist(), strict=True))
    left = corpus.n_units - sum(n * len(gram) for gram, n in used.items())
    assert left == sum((unit,) not in scores for clause in clauses for unit in clause)
    best = sum(naive.best_score(clause, scores, 4, rare) for clause in clauses)
    assert left * rare + sum(n * scores[gram] for gram, n in used.items() if n) == pytest.approx(best, abs=1e-6)


@given(corpora("天下大5，", max_size=9), st.sampled_from([1, 2]))
@settings(max_examples=40)
def test_the_cuts_of_the_sample_are_the_best_of_all(lines, min_count):
    corpus, tree, found, clauses = measure(lines, min_count)
    ids = np.asarray(corpus.ids)
    best, step = np.empty(len(ids) + 1), np.empty(len(ids), np.int8)
    kernels.best_cuts(ids, tree.walk(ids, 4), np.append(found.scores(), -np.inf), best, step)
    scores = cut_scores(found, grams_of(tree, found.values))
    begins = np.flatnonzero((ids > 0) & (np.append(0, ids)[:-1] == 0))
    assert best[begins].tolist() == pytest.approx([naive.best_score(clause, scores, 4) for clause in clauses if clause])


@given(corpora("天下大5，", max_size=9))
@settings(max_examples=40)
def test_scores_are_autonomies_on_one_scale(lines):
    _, tree, found, _ = measure(lines, min_count=1)
    singles = tree.order(1)
    for node, score in enumerate(found.scores().tolist()):
        n = len(tree.unit_ids(node))
        worth = found.values[node] + (2 * found.alone[singles][node] if n == 1 else found.offset)
        expected = worth * n**0.8 if np.isnan(found.given[node]) else found.given[node]
        assert score == pytest.approx(expected)


@given(corpora("天下大", max_size=9), st.data())
def test_what_ends_in_a_suffix_gains_where_it_is_cut_before_it(lines, data):
    tree = count_ngrams(lines, max_order=4)
    whole = st.integers(-5, 5)
    scores = [float(data.draw(whole)) for _ in range(len(tree))]
    gains = [
        float(max(0, data.draw(whole))) * (node >= tree.starts[min(2, tree.max_order)]) for node in range(len(tree))
    ]
    found = np.array(scores)
    kernels.join_suffixes(found, np.array(gains), tree.parent, tree.suffix, tree.starts)
    grams = grams_of(tree, scores)
    gained = {gram: gain for gram, gain in zip(grams, gains, strict=True) if gain}
    assert dict(zip(grams, found.tolist(), strict=True)) == naive.join_suffixes(
        dict(zip(grams, scores, strict=True)), gained
    )


@given(corpora("天下大5，", max_size=9))
@settings(max_examples=40)
def test_a_suffix_is_what_little_comes_before(lines):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("minent.autonomy._SUFFIX", 2)
        _, tree, found, clauses = measure(lines)
    counts = naive.ngrams(clauses, 4, 2)
    right, left = (
        {gram: naive.entropy(each) for gram, each in naive.neighbours(clauses, side, 5).items()}
        for side in ("right", "left")
    )
    for gram, value, given_, gain in zip(
        grams_of(tree, found.values), found.values, found.given, found.suffixed, strict=True
    ):
        chosen = len(gram) > 2 and np.isnan(given_) and value > -np.inf
        total = sum(map(len, clauses))
        assert gain == pytest.approx(naive.suffix_gain(gram, counts, total, right, left) if chosen else 0.0, abs=1e-6)


def test_a_unit_is_alone_as_often_as_it_is_a_word():
    corpus, tree, found, _ = measure(chinese(300, seed=3))
    before = replace(found, alone=np.zeros_like(found.alone))
    used, count = uses(corpus, tree, before.cuts(corpus.ids))[tree.order(1)], tree.count[tree.order(1)]
    expected = np.minimum(2, np.log((used + 0.5) / (count - used + 0.5)))
    sample = _Sample(corpus, tree)
    sample.cut(before)
    assert sample.alone() == pytest.approx(expected, abs=0.1)  # ties go another way


@given(corpora(max_size=9), st.sampled_from([1, 2]))
@settings(max_examples=40)
def test_the_lexicon_holds_the_words_that_are_counted(lines, threads):
    corpus, tree, found, _ = measure(lines)
    lexicon = found.lexicon(corpus, threads=threads)
    counts = dict(zip(lexicon.texts(corpus), lexicon.counts.tolist(), strict=True))
    assert len(counts) == len(lexicon)
    used = uses(corpus, tree, found.cuts(corpus.ids)).tolist()
    texts = tree.text(np.arange(len(tree)))
    assert counts == {text: count for text, count in zip(texts, used, strict=True) if count}


def test_the_lexicon_spells_numbers_out():
    corpus = Corpus.from_texts(["5月", "5月", "17月", "月17", "在5月"])
    one = as_one(corpus)
    lexicon = autonomy(one, count_ngrams(one, max_order=4, min_count=1, branching=True)).lexicon(corpus)
    counts = dict(zip(lexicon.texts(corpus), lexicon.counts.tolist(), strict=True))
    assert counts == {"5月": 3, "17月": 1, "17": 1, "月": 1, "在": 1}


def test_the_offset_solves_for_the_granularity():
    corpus, tree, found, _ = measure(chinese(600, seed=1))
    used = uses(corpus, tree, found.cuts(corpus.ids))
    worth = np.append(found.values[tree.order(1)] + 2 * found.alone, found.values[tree.order(2)])
    one, two = (worth[tree.order(n)][used[tree.order(n)] >= 20].mean() for n in (1, 2))
    assert found.offset + two - one == pytest.approx(7.8, abs=0.2)


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
    assert -5 <= found.offset <= 10


def test_nothing_is_cut_into_nothing():
    _, _, found, _ = measure(["天下"])
    assert len(found.cuts(np.empty(0, np.int32))) == 0
