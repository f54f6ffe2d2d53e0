import itertools
import random
from collections import Counter

import naive
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare
from strategies import vocabs

import minent.lattice
from minent.lattice import Lattice

CODES = {char: code for code, char in enumerate("天下大，", 1)}


def lattice_of(vocab):
    codes = np.array([CODES[char] for word in vocab for char in word], np.int64)
    offsets = np.cumsum([0, *map(len, vocab)])
    return Lattice.of_words(codes, offsets, len(CODES) + 1, np.array([*vocab.values()], np.int64))


def encode(text):
    """Codes and unit lengths: the comma is a break, all others are units of one character."""
    codes = np.array([CODES[char] for char in text], np.uint32)
    return codes, np.array([-1 if char == "，" else 1 for char in text], np.int8)


def cut(text, ends):
    assert ends.tolist() == sorted(set(ends.tolist()))
    assert list(ends[-1:]) == [len(text)][: len(text)]
    return [text[a:b] for a, b in itertools.pairwise([0, *ends.tolist()])]


def check_words(words, vocab, indices):
    index = {word: i for i, word in enumerate(vocab)}
    assert indices.tolist() == [index.get(word, -1) for word in words]


@given(st.text("天下大，", max_size=9), vocabs("天下大，"))
@example("", {})
@example("，，", {"天": 1})
@example("天，下", {"天，下": 1, "，": 9})
def test_the_best_path_has_the_best_score_of_all(text, vocab):
    path = lattice_of(vocab).best(*encode(text))
    words = cut(text, path.ends)
    check_words(words, vocab, path.words)
    best = max(naive.information(each, vocab) for each in naive.segmentations(list(text), vocab))
    assert path.score == pytest.approx(best, abs=1e-8)
    assert naive.information(words, vocab) == pytest.approx(best, abs=1e-8)


@given(st.text("天下大", max_size=9), st.sets(st.text("天下大", min_size=2, max_size=4), max_size=10))
def test_of_equal_paths_the_one_with_the_longer_last_word_is_taken(text, words):
    # All words are equally likely, so all paths of as many words are equal to the last bit.
    vocab = dict.fromkeys([*"天下大", *sorted(words)], 1)
    every = naive.segmentations(list(text), vocab)
    fewest = min(map(len, every))
    equal = [each for each in every if len(each) == fewest]
    expected = max(equal, key=lambda each: [len(word) for word in reversed(each)])
    assert cut(text, lattice_of(vocab).best(*encode(text)).ends) == expected


@pytest.fixture
def windows(monkeypatch):
    def set_sizes(window, longest_step):
        monkeypatch.setattr(minent.lattice, "_WINDOW", window)
        monkeypatch.setattr(minent.lattice, "LONGEST_STEP", longest_step)

    return set_sizes


@pytest.mark.parametrize("window", [1, 2, 8, 16, 100])
@pytest.mark.parametrize("seed", range(6))
def test_windows_change_nothing(windows, window, seed):
    chosen = random.Random(seed)
    words = {"".join(chosen.choices("天下大，", [9, 9, 9, seed % 3], k=chosen.randint(1, 4))) for _ in range(12)}
    vocab = {word: chosen.randint(1, 10**6) for word in sorted(words)}
    text = "".join(chosen.choices("天下大，", [9, 9, 9, seed % 2], k=120))
    lattice = lattice_of(vocab)
    whole = lattice.best(*encode(text))
    windows(window, 1)
    cut_up = lattice.best(*encode(text))
    assert cut_up.ends.tolist() == whole.ends.tolist()
    assert cut_up.words.tolist() == whole.words.tolist()
    assert cut_up.score == pytest.approx(whole.score)


@pytest.mark.parametrize("window", [8, 16, 150])
def test_windows_smaller_than_the_longest_step_grow(monkeypatch, window):
    chosen = random.Random(window)
    vocab = {"天": 3, "天下": 5, "下大": 4, "大天": 7, "天下大": 2}
    text = "".join(chosen.choices("天下大", k=700))
    whole = lattice_of(vocab).best(*encode(text))
    monkeypatch.setattr(minent.lattice, "_WINDOW", window)
    cut_up = lattice_of(vocab).best(*encode(text))
    assert cut_up.ends.tolist() == whole.ends.tolist()
    assert cut_up.score == pytest.approx(whole.score)


@pytest.mark.parametrize("n", [400, 401])
def test_paths_that_meet_only_at_the_end_need_the_whole_text(windows, n):
    # Cut after every even or every odd character: which is better is known at the last one only.
    vocab = {"天天": 9, "大天": 7, "天下": 5, "大": 3, "下": 2}
    text = "大" + "天" * n + "下"
    windows(8, 1)
    words = cut(text, lattice_of(vocab).best(*encode(text)).ends)
    assert words == (["大天", *["天天"] * 199, "天下"] if n == 400 else ["大", *["天天"] * 200, "天下"])


def test_ties_are_not_decided_by_rounding():
    # One 天 stands alone; the longer last word comes first everywhere if it is the first.
    text = "天" * 401
    ends = lattice_of({"天": 1, "天天": 9}).best(*encode(text)).ends
    assert ends.tolist() == [1, *range(3, 402, 2)]


def test_words_longer_than_the_window_are_found(windows):
    vocab = {"天下大" * 9: 1, "天": 1, "下": 1, "大": 1}
    text = "天下" + "天下大" * 20 + "天"
    lattice = lattice_of(vocab)
    whole = lattice.best(*encode(text))
    windows(8, 1)
    assert lattice.best(*encode(text)).ends.tolist() == whole.ends.tolist()
    assert 27 in np.diff(whole.ends)


@given(st.text("天下大，", max_size=60), vocabs("天下大，"))
def test_what_follows_a_break_is_cut_the_same_whatever_stood_before(text, vocab):
    vocab = {word: count for word, count in vocab.items() if "，" not in word}
    lattice = lattice_of(vocab)
    words = cut(text, lattice.best(*encode(text)).ends)
    alone = [cut(part, lattice.best(*encode(part)).ends) for part in text.split("，")]
    assert words == [word for i, part in enumerate(alone) for word in (["，"] * (i > 0) + part)]


VOCAB = {"天": 2, "天下": 3, "下大": 4, "大": 1, "天下大": 1, "，": 2, "大，天": 2}


@pytest.mark.parametrize("alpha", [0, 0.3, 1, 2.5])
@pytest.mark.parametrize("text", ["天下大天", "下大，天下"])
def test_draws_follow_the_exact_distribution(text, alpha):
    lattice, codes = lattice_of(VOCAB), encode(text)
    expected = naive.sampling_distribution(list(text), VOCAB, alpha)
    uniform = np.random.default_rng(7).random((3000, len(text)))
    drawn = Counter()
    for row in uniform:
        ends, words = lattice.draw(*codes, alpha, row)
        drawn[tuple(cut(text, ends))] += 1
        check_words(cut(text, ends), VOCAB, words)
    assert set(drawn) <= set(expected)
    found = [drawn[each] for each in expected]
    assert chisquare(found, [3000 * p for p in expected.values()]).pvalue > 1e-3


@given(st.text("天下大，", min_size=1, max_size=8), vocabs("天下大，", min_words=1), st.integers(0, 99))
@settings(max_examples=40)
def test_a_large_alpha_draws_a_best_path(text, vocab, seed):
    uniform = np.random.default_rng(seed).random(len(text))
    ends, _ = lattice_of(vocab).draw(*encode(text), 1e6, uniform)
    best = max(naive.information(each, vocab) for each in naive.segmentations(list(text), vocab))
    assert naive.information(cut(text, ends), vocab) == pytest.approx(best, abs=1e-4)


@given(st.text("天下大，", max_size=8), vocabs("天下大，"), st.floats(0, 3))
@settings(max_examples=40)
@pytest.mark.parametrize("u", [0.0, 1 - 2**-53])
def test_the_ends_of_the_uniform_range_draw_paths_too(u, text, vocab, alpha):
    ends, words = lattice_of(vocab).draw(*encode(text), alpha, np.full(len(text), u))
    drawn = cut(text, ends)
    assert drawn in naive.segmentations(list(text), vocab)
    check_words(drawn, vocab, words)


@given(st.lists(st.integers(1, 10**9), max_size=9))
def test_two_unknown_units_never_beat_a_word(counts):
    lattice = lattice_of({"天" * n: count for n, count in enumerate(counts, 1)})
    assert all(2 * lattice.floor < lattice.score[lattice.trie.value >= 0])
