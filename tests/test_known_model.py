"""What is known, and a model of words and their neighbours."""

import itertools
import random
from collections import Counter

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import chinese, nasty_texts
from test_wholes import force_naive

import minent.cutter
from minent._kernels import known as kernels
from minent.bigram import BigramModel
from minent.errors import ParameterError
from minent.units import char_classes
from minent.vocab import Vocab

LINES = chinese(200, 7)
CHARS = "天下大势分合"


@pytest.fixture(scope="module")
def model():
    return BigramModel.learn(LINES, rounds=1)


texts = st.text(CHARS + "，a1. ", max_size=20)
words = st.sets(st.text(CHARS, min_size=1, max_size=7), max_size=3)


@given(texts, words, words, words, st.sets(st.sampled_from(["numbers", "dates", "latin"])))
@settings(max_examples=40, deadline=None)
def test_the_words_joined_are_the_text(model, text, user_words, force, forbid, keep):
    known = model.with_words(user_words, force=force - forbid, forbid=forbid, keep=keep)
    found = known.segment(text)
    assert "".join(found) == text
    assert [text[a:b] for a, b in known.spans(text)] == found
    assert known.spaced(text, separator="") == text


@given(texts, st.sets(st.text(CHARS, min_size=1, max_size=3), max_size=3))
@settings(max_examples=40, deadline=None)
def test_forced_words_stand_alone_and_all_else_is_cut_as_between_punctuation(model, text, forced):
    parts = force_naive(text, forced)
    expected = [[part] if whole else model.segment(part) for part, whole in parts]
    assert model.with_words(force=forced).segment(text) == list(itertools.chain.from_iterable(expected))


@given(texts, st.data())
@settings(max_examples=40, deadline=None)
def test_a_forbidden_word_never_comes_out(model, text, data):
    found = model.segment(text)
    forbidden = data.draw(st.sets(st.sampled_from(found or ["天下"]), max_size=3)) - set(text)
    known = model.with_words(["天下大", *forbidden], forbid=forbidden)
    assert forbidden.isdisjoint(known.segment(text))
    assert forbidden.isdisjoint(model.with_words(dict.fromkeys(forbidden, 0)).segment(text))


@given(st.text(CHARS + "a+ ", min_size=1, max_size=9).filter(lambda word: word == word.strip()))
@settings(max_examples=40, deadline=None)
def test_a_word_without_a_count_stays_whole_when_it_stands_alone(model, word):
    assert model.with_words([word]).segment(word) == [word]
    assert model.with_words([word]).segment(f"，{word}。") == ["，", word, "。"]


@given(texts, st.text(CHARS, min_size=2, max_size=5))
@settings(max_examples=40, deadline=None)
def test_it_stays_whole_wherever_both_its_ends_are_cut(model, text, word):
    known = model.with_words([word])
    ends = {0, *known.spans(text)[:, 1].tolist()}
    for i in range(len(text)):
        if text.startswith(word, i) and {i, i + len(word)} <= ends:
            assert ends.isdisjoint(range(i + 1, i + len(word)))


def test_the_larger_its_count_the_more_often_a_word_is_taken(model):
    bigrams = Counter(a + b for line in LINES for a, b in itertools.pairwise(line) if "，" not in a + b)
    words = {word for found in model.segment_many(LINES) for word in found}
    word = max(bigrams.keys() - words, key=bigrams.__getitem__)
    taken = [
        sum(found.count(word) for found in model.with_words({word: count}).segment_many(LINES))
        for count in (1, 100, 10_000, 10_000_000)
    ]
    assert taken == sorted(taken)
    assert taken[0] < taken[-1]


def test_numbers_dates_latin_and_long_words_stay_whole(model):
    known = model.with_words(["分久必合合久必分", "C++"], keep=["dates", "numbers"])
    text = "2024年3月，50%，分久必合合久必分2024年3月C++"
    expected = ["2024年3月", "，", "50%", "，", "分久必合合久必分", "2024年3月", "C++"]
    assert known.segment(text) == expected


def test_nothing_known_changes_nothing_and_a_model_stays_as_it_is(model):
    before = list(model.segment_many(LINES))
    assert list(model.with_words().segment_many(LINES)) == before
    model.with_words(["天下大势"], forbid=["天下"])
    assert list(model.segment_many(LINES)) == before


def test_a_word_is_not_both_forced_and_forbidden(model):
    with pytest.raises(ParameterError, match="both forced and forbidden"):
        model.with_words(force=["天下"], forbid=["天下"])


@given(st.text("天下ab1.，", max_size=12), st.sets(st.text("天下ab1", min_size=1, max_size=4), max_size=5))
def test_words_are_found_where_their_units_stand(text, words):
    from minent._kernels.units import unit_lengths
    from minent.units import code_points

    codes = code_points(text)
    lengths = np.empty(len(codes), np.int8)
    unit_lengths(codes, char_classes(), 100, lengths)
    vocab = Vocab(dict.fromkeys(words, 1))
    found = np.full((len(text) + 1, 3), -1, np.int32)
    symbol_of, base, check, value = vocab.lattice.words[:4]
    kernels.find_words(codes, lengths, np.flatnonzero(lengths), symbol_of, base, check, value, found)
    units = [unit for unit, _ in naive.atoms(text)]
    names = [*vocab, None]
    for i in range(len(units)):
        for k in (1, 2, 3):
            spelled = "".join(units[i : i + k]) if i + k <= len(units) else ""
            assert names[found[i, k - 1]] == (spelled if spelled in words else None)


@given(st.lists(st.integers(1, 4), max_size=8), st.data())
def test_words_that_are_a_whole_are_joined_from_left_to_right(sizes, data):
    m = sum(sizes)
    spans = [(i, j) for i in range(m) for j in range(i + 1, min(m, i + 5) + 1)]
    whole = data.draw(st.sets(st.sampled_from(spans), max_size=6)) if spans else set()
    is_whole, step = np.zeros((m + 1, 5), np.bool_), np.ones(m + 1, np.int8)
    for i, j in whole:
        is_whole[i, j - i - 1] = True
    step[np.cumsum([0, *sizes])[:-1]] = sizes
    kernels.join_words(is_whole, step)
    found, i = [], 0
    while i < m:
        found.append(int(step[i]))
        i += found[-1]
    assert found == naive.join_wholes(sizes, whole)


@pytest.mark.parametrize("seed", range(8))
def test_blocks_cut_anywhere_are_cut_as_the_whole(model, seed, monkeypatch):
    chosen = random.Random(seed)
    known = model.with_words(["天下大", "分久必合合久", "C++"], force=["势分"], keep=["numbers", "dates", "latin"])
    snippets = [
        *CHARS,
        "，",
        "2024年3月",
        "1,234.5",
        "http://a.cn/b?c",
        "，",
        "分久必合合久",
        "C++",
        "百分之五",
        "a@b.cn ",
    ]
    text = "".join(chosen.choices(snippets, k=900))
    whole = known.spaced(text, separator="/")
    bounds = sorted(chosen.choices(range(len(text)), k=20))
    blocks = [text[a:b] for a, b in itertools.pairwise([0, *bounds, len(text)])]
    monkeypatch.setattr(minent.cutter, "_PART", chosen.choice([1, 50, 400]))
    assert "".join(known.spaced_stream(blocks, separator="/", threads=chosen.choice([1, 2]))) == whole
    assert [text[a:b] for a, b in known.spans(text)] == known.segment(text)


@given(nasty_texts, st.sets(nasty_texts.map(lambda text: text[:6].replace("\n", "")).filter(bool), max_size=4))
@settings(max_examples=60, deadline=None)
def test_any_words_and_any_text_will_do(model, text, words):
    for known in (model.with_words(words), model.with_words(dict.fromkeys(words, 5), forbid=["天"])):
        assert "".join(known.segment(text)) == text
