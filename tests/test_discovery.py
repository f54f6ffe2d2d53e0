import math
import os

import naive
import numpy as np
import pytest
from strategies import WORDS, chinese, english

from minent.corpus import Corpus
from minent.discovery import METHODS, SORTS, build_vocab, default_min_count
from minent.errors import InputError, ParameterError
from minent.segmenter import Segmenter

# Interpreted, the bigram model takes minutes here; its kernels run in tests of their own.
INTERPRETED = os.environ.get("NUMBA_DISABLE_JIT", "0") != "0"
methods = pytest.mark.parametrize("method", [m for m in METHODS if not (INTERPRETED and m == "bigram")])
TEXTS = chinese(400, seed=3)


def clauses_of(lines, units="run"):
    return [clause for line in lines for clause in naive.split_clauses(line, units)]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("min_count", [1, 2, 5])
def test_joining_by_cohesion_follows_the_naive_twin(seed, min_count):
    lines = chinese(120, seed)
    expected = naive.vocab_by_ngrams(clauses_of(lines), min_count)
    found = build_vocab(lines, method="ngram", min_count=min_count)
    assert dict(found) == {"".join(word): count for word, count in expected.items()}


@pytest.mark.parametrize("thresholds", [1.0, [0.5], [1, 2, 3, 4], [2, 5]])
def test_joining_follows_the_naive_twin_at_other_thresholds(thresholds):
    expected = naive.vocab_by_ngrams(clauses_of(TEXTS[:120]), 3, [thresholds] if thresholds == 1 else thresholds)
    found = build_vocab(TEXTS[:120], method="ngram", min_count=3, min_pmi=thresholds)
    assert dict(found) == {"".join(word): count for word, count in expected.items()}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("min_count, min_pmi", [(1, 2.5), (2, None), (4, 1.0)])
def test_cutting_at_low_pmi_follows_the_naive_twin(seed, min_count, min_pmi):
    lines = chinese(120, seed)
    expected = naive.vocab_by_pmi(clauses_of(lines), min_count, 2 if min_pmi is None else min_pmi)
    found = build_vocab(lines, method="pmi", min_count=min_count, min_pmi=min_pmi)
    assert dict(found) == {"".join(word): count for word, count in expected.items()}


@methods
@pytest.mark.parametrize("min_count", [1, 2, 3, 6])
def test_scores_are_what_their_names_say(method, min_count):
    vocab = build_vocab(TEXTS, method=method, min_count=min_count)
    assert len(vocab) > 10
    clauses = clauses_of(TEXTS)
    longest = max(map(len, vocab))
    counts = naive.ngrams(clauses, longest)
    beside = {side: naive.neighbours(clauses, side, longest) for side in ("left", "right")}
    total = sum(map(len, clauses))
    for i, (word, count) in enumerate(vocab.items()):
        row = {name: values[i] for name, values in vocab.scores.items()}
        gram = tuple(word)
        left, right = (naive.entropy(beside[side][gram]) for side in ("left", "right"))
        cohesion = naive.cohesion(gram, counts, total) if len(word) > 1 else 0
        weight = cohesion if len(word) > 1 else 1
        share = count / counts[gram]
        score = math.log(count) * share * (share if method == "bigram" else min(left, right) * weight)
        # Occurrences overlap, words of a segmentation do not.
        assert row["occurrences"] == sum(
            clause.startswith(word, i) for clause in map("".join, clauses) for i in range(len(clause))
        )
        assert min_count <= count <= row["occurrences"] == counts[gram]
        assert row["left_entropy"] == pytest.approx(left, abs=1e-4)
        assert row["right_entropy"] == pytest.approx(right, abs=1e-4)
        assert row["cohesion"] == pytest.approx(cohesion, abs=1e-4)
        assert row["score"] == pytest.approx(score, abs=1e-4)


@methods
def test_discovery_is_deterministic(method):
    first = build_vocab(TEXTS, method=method)
    assert first == build_vocab(iter(TEXTS), method=method) == build_vocab(Corpus.from_texts(TEXTS), method=method)


@methods
def test_default_min_count_follows_from_the_size(method):
    corpus = Corpus.from_texts(TEXTS)
    floor = default_min_count(corpus.n_units)
    assert build_vocab(corpus, method=method) == build_vocab(corpus, method=method, min_count=floor)


def test_default_min_count_never_falls():
    floors = [default_min_count(n) for n in range(0, 4_000_000, 9_973)]
    assert floors == sorted(floors)
    assert [default_min_count(n) for n in (0, 200_000, 200_001, 1_999_999, 2_000_000)] == [2, 2, 3, 5, 5]


@methods
def test_words_below_a_score_are_left_out(method):
    every = build_vocab(TEXTS, method=method)
    bound = np.median(every.scores["score"])
    assert build_vocab(TEXTS, method=method, min_score=bound) == every.select(every.scores["score"] >= bound)
    assert build_vocab(TEXTS, method=method, min_score=bound, top=3).words == every.words[:3]


@methods
def test_lengths_and_known_words_are_left_out(method):
    whole = build_vocab(TEXTS, method=method)
    known = set(whole.words[::3])
    chosen = build_vocab(TEXTS, method=method, min_length=2, max_length=3, exclude=known)
    kept = [i for i, word in enumerate(whole) if 2 <= len(word) <= 3 and word not in known]
    assert len(kept) > 3
    assert chosen == whole.select(kept)


@methods
@pytest.mark.parametrize("sort", SORTS)
def test_words_come_in_the_order_asked_for(method, sort):
    given = {"method": method, "reference": {"大海": 3, "的": 9}}
    whole = build_vocab(TEXTS, **given)
    score = whole.scores["score"].tolist()
    key = {
        "count": whole.counts.tolist(),
        "length": list(map(len, whole)),
        **{name: values.tolist() for name, values in whole.scores.items()},
    }
    places = range(len(whole))
    if sort == "word":
        expected = sorted(places, key=lambda i: whole.words[i])
    else:
        expected = sorted(places, key=lambda i: (-key[sort][i], -score[i], whole.words[i]))
    assert build_vocab(TEXTS, sort=sort, **given) == whole.select(expected)
    assert build_vocab(TEXTS, sort=sort, top=5, **given) == whole.select(expected[:5])
    assert build_vocab(TEXTS, sort=sort, top=10**6, **given) == whole.select(expected)


@methods
def test_a_run_of_letters_is_a_unit_like_any_other(method):
    vocab = build_vocab(TEXTS, method=method)
    assert any("水" in word and len(word) > 1 for word in vocab)
    same = build_vocab([text.replace("水", "Ok") for text in TEXTS], method=method)
    assert dict(same) == {word.replace("水", "Ok"): count for word, count in vocab.items()}


def recovered(**arguments):
    """Share of the words found in English-like text without spaces."""
    corpus = Corpus.from_texts(english().lines, units="char")
    vocab = build_vocab(corpus, **arguments)
    return len([word for word in WORDS if word in vocab]) / len(WORDS)


def test_english_words_are_recovered_from_text_without_spaces():
    # Redlich 1993: the core knows nothing of Han. An alphabet of 26 wants lower thresholds.
    assert recovered(method="ngram", min_pmi=[0.5, 1, 1.5]) > 0.7
    assert recovered(method="pmi", min_pmi=0) > 0.6


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("texts", [[], [""], ["，。！", "\n"]])
def test_a_corpus_without_units_is_refused(method, texts):
    with pytest.raises(InputError, match="no letters"):
        build_vocab(texts, method=method)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("texts", [["天"], ["天下"], ["天下", "天下"], ["天天天天天天天"], ["天，下，大"]])
@pytest.mark.parametrize("min_count", [1, 2, 9])
def test_tiny_corpora_give_tiny_vocabularies(method, texts, min_count):
    vocab = build_vocab(texts, method=method, min_count=min_count)
    assert all(word in "，".join(texts) for word in vocab)
    assert all(np.isfinite(values).all() for values in vocab.scores.values())


@pytest.mark.parametrize(
    "arguments",
    [
        {"method": "magic"},
        {"sort": "beauty"},
        {"min_count": 0},
        {"min_length": 0},
        {"min_length": 3, "max_length": 2},
        {"max_length": 0},
        {"min_score": math.nan},
        {"min_score": "2"},
        {"top": 0},
        {"method": "pmi", "min_pmi": [1, 2]},
        {"method": "ngram", "min_pmi": []},
        {"method": "ngram", "min_pmi": [1.0] * 15},
        {"min_pmi": 2.0},
    ],
)
def test_parameters_out_of_range_are_refused(arguments):
    with pytest.raises(ParameterError, match=list(arguments)[-1]):
        build_vocab(["天下"], **arguments)


@methods
def test_a_vocabulary_cuts_the_text_that_it_came_from(method):
    vocab = build_vocab(TEXTS, method=method)
    segmenter = Segmenter(vocab)
    words = [word for line in TEXTS for word in segmenter.segment(line)]
    assert len(set(words) - set(vocab)) < 0.2 * len(set(words))


@pytest.mark.parametrize("number", [np.int64(2), np.float32(2)])
def test_thresholds_may_be_numpy_scalars(number):
    assert build_vocab(TEXTS, method="pmi", min_pmi=number) == build_vocab(TEXTS, method="pmi", min_pmi=2)


def test_one_word_is_not_taken_for_words_to_exclude():
    with pytest.raises(ParameterError, match="exclude"):
        build_vocab(TEXTS, exclude="天下")
