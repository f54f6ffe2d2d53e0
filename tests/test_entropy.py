import math

import naive
import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st
from strategies import chinese, corpora, texts, vocabs

from minent.corpus import Corpus
from minent.entropy import entropy
from minent.errors import InputError, ParameterError
from minent.segmenter import Segmenter
from minent.units import char_classes


def check(result, tokens):
    per_char, h, length = naive.bits_per_char(tokens)
    assert (result.tokens, result.types) == (len(tokens), len(set(tokens)))
    assert result.token_entropy == pytest.approx(h, abs=1e-12)
    assert result.token_length == pytest.approx(length)
    assert result.bits_per_char == pytest.approx(per_char, abs=1e-12)
    assert result.text_bits == pytest.approx(h * len(tokens), abs=1e-9)
    assert result.lexicon_bits == pytest.approx(naive.lexicon_bits(tokens), abs=1e-9)
    assert result.total_bits == result.text_bits + result.lexicon_bits


@given(st.lists(texts, max_size=6), st.sampled_from(["run", "char"]))
def test_units_cost_their_bits(lines, units):
    tokens = [unit for line in lines for clause in naive.split_clauses(line, units) for unit in clause]
    corpus = Corpus.from_texts(lines, units=units)
    if tokens:
        check(entropy(corpus), tokens)
    else:
        with pytest.raises(InputError, match="no letters"):
            entropy(corpus)


def words_of(lines, vocab):
    """What the segmenter cuts, without the characters that break clauses."""
    classes = char_classes()
    words = [word for line in lines for word in Segmenter(vocab).segment(line)]
    return [word for word in words if 0 < classes[ord(word[0])] <= 3]


@given(corpora(alphabet="天下大，ab1"), vocabs("天下大ab1"))
def test_words_cost_their_bits_where_all_their_units_occur(lines, vocab):
    lines = [*lines, "天，下，大，a，b，1，ab，ba，bb，aa，11"]
    known = set(Corpus.from_texts(lines).units)
    vocab = {word: count for word, count in vocab.items() if set(naive.split_clauses(word)[0]) <= known}
    check(entropy(lines, vocab), words_of(lines, vocab))


def test_words_are_those_of_the_segmenter_whatever_else_the_vocabulary_holds():
    vocab = {"天下": 1, "天": 10, "下": 10, "海": 1_000_000}
    assert Segmenter(vocab).segment("天下") == ["天下"]
    assert entropy(["天下"], vocab).tokens == 1


def test_a_deterministic_text_costs_nothing_but_its_lexicon():
    result = entropy(["天" * 8])
    assert (result.token_entropy, result.text_bits, result.bits_per_char) == (0, 0, 0)
    # "天" and an end mark at 1 bit each, and 8 in Elias gamma: 2 · 3 + 1 bits.
    assert result.lexicon_bits == 2 + 7


def test_a_good_vocabulary_lowers_the_bits_a_character():
    lines = ["天下大势", "大势天下", "天下天下", "大势大势"]
    assert entropy(lines, {"天下": 4, "大势": 4}).bits_per_char == 0.5
    assert entropy(lines).bits_per_char == 2


@pytest.mark.parametrize("vocab", [None, {}, {"天下": 1}])
def test_a_corpus_without_units_is_refused(vocab):
    with pytest.raises(InputError, match="no letters"):
        entropy(["，。"], vocab)


@given(corpora().filter(lambda lines: any(set(line) - {"，"} for line in lines)))
def test_an_empty_vocabulary_gives_the_units(lines):
    assert entropy(lines, {}) == entropy(lines)
    assert not math.isnan(entropy(lines).bits_per_char)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("vocab", [{"天下": 0}, {"天下": -1}, {"": 1}])
def test_what_is_no_vocabulary_is_refused(vocab):
    with pytest.raises(ParameterError):
        entropy(["天下"], vocab)


def test_scipy_measures_the_same_entropy():
    corpus = Corpus.from_texts(chinese(200, seed=5))
    frequency = np.bincount(corpus.ids)[1:]
    assert entropy(corpus).token_entropy == pytest.approx(scipy.stats.entropy(frequency, base=2), rel=1e-12)
