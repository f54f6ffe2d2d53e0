import itertools
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minent.trie import Trie, _numbered


def build(words, n_symbols):
    symbols = np.array([symbol for word in words for symbol in word], np.int32)
    offsets = np.cumsum([0, *map(len, words)])
    return Trie.from_symbols(symbols, offsets, n_symbols)


def near(word, n_symbols):
    """Words that differ from a word by little."""
    yield from (word[:i] for i in range(len(word)))
    for symbol in (0, 1, word[-1], n_symbols, n_symbols + 1):
        yield (*word, symbol)
        yield (symbol, *word)
        yield (*word[:-1], symbol)


@given(st.integers(1, 30), st.data())
def test_every_word_is_found_and_nothing_else(n_symbols, data):
    word = st.lists(st.integers(1, n_symbols), min_size=1, max_size=6).map(tuple)
    words = data.draw(st.lists(word, max_size=25, unique=True))
    trie = build(words, n_symbols)
    assert [trie.find(word) for word in words] == list(range(len(words)))
    others = {other for word in words for other in near(word, n_symbols)} | {()}
    assert all(trie.find(other) == -1 for other in others - set(words))
    assert sorted(trie.value[trie.value >= 0].tolist()) == list(range(len(words)))


@pytest.mark.parametrize(
    "n_symbols, n_words, longest", [(20_000, 3_000, 4), (3, 2_000, 12), (200, 2_000, 2), (65_600, 3_000, 3)]
)
def test_large_sets_are_found_and_nothing_else(n_symbols, n_words, longest):
    chosen = random.Random(n_symbols)

    def draw():
        return tuple(chosen.randint(1, n_symbols) for _ in range(chosen.randint(1, longest)))

    words = list({draw() for _ in range(n_words)} | {(symbol,) for symbol in range(1, n_symbols + 1, 7)})
    trie = build(words, n_symbols)
    assert [trie.find(word) for word in words] == list(range(len(words)))
    others = {draw() for _ in range(n_words)} | {other for word in words[:200] for other in near(word, n_symbols)}
    assert all(trie.find(other) == -1 for other in others - set(words))


@given(st.integers(1, 12), st.data())
def test_no_walk_ends_in_the_child_of_another(n_symbols, data):
    symbol = st.integers(1, n_symbols)
    words = data.draw(st.lists(st.tuples(symbol, symbol) | st.tuples(symbol, symbol, symbol), max_size=60, unique=True))
    trie = build(words, n_symbols)
    index = {word: k for k, word in enumerate(words)}
    for size in (1, 2, 3):
        for walk in itertools.product(range(1, n_symbols + 1), repeat=size):
            assert trie.find(walk) == index.get(walk, -1)


@pytest.mark.parametrize("n_symbols", [65_534, 65_535, 131_100])
def test_labels_tell_symbols_apart_that_are_alike_in_their_low_bits(n_symbols):
    # The same low 8 or 16 bits, and the numbers that mark an empty slot.
    symbols = [c for c in (1, 255, 256, 257, 65_279, 65_534, 65_535, 65_536, 65_537, 131_073) if c <= n_symbols]
    words = [(a, b, c) for a, b, c in itertools.product(symbols, repeat=3) if (a + b + c) % 3]
    trie = build(words, n_symbols)
    assert (trie.label.dtype == np.uint16) == (n_symbols < 65_535)
    index = {word: k for k, word in enumerate(words)}
    assert all(trie.find(walk) == index.get(walk, -1) for walk in itertools.product(symbols, repeat=3))


def test_no_two_states_share_a_base():
    chosen = random.Random(5)
    trie = build(list({tuple(chosen.randint(1, 400) for _ in range(chosen.randint(1, 4))) for _ in range(5000)}), 400)
    bases = trie.base[trie.base > 0]
    assert len(bases) > 1000
    assert len(np.unique(bases)) == len(bases)


def test_prefixes_of_words_are_words_only_if_listed():
    trie = build([(1, 2, 3), (1,), (1, 2, 3, 4)], 4)
    assert [trie.find((1, 2, 3, 4)[:n]) for n in range(5)] == [-1, 1, -1, 0, 2]


def test_a_trie_without_words_holds_nothing():
    trie = build([], 0)
    assert (trie.find(()), trie.find((1,))) == (-1, -1)


def test_states_of_a_walk_stay_inside_the_arrays():
    # The kernels walk without bounds checks: base + any symbol must be a slot.
    chosen = random.Random(3)
    words = list({tuple(chosen.randint(1, 50) for _ in range(chosen.randint(1, 5))) for _ in range(300)})
    trie = build(words, 50)
    assert int(trie.base.max()) + 50 < len(trie.label)


@given(st.integers(1, 9), st.data())
def test_nothing_leads_on_from_state_0(n_symbols, data):
    words = data.draw(st.lists(st.lists(st.integers(1, n_symbols), min_size=1).map(tuple), max_size=9, unique=True))
    trie = build(words, n_symbols)
    assert trie.base[0] == 0
    assert (trie.label[: n_symbols + 1] > n_symbols).all()
    assert trie.value[0] == -1


@given(st.lists(st.integers(0, 40), min_size=1), st.integers(0, 9))
def test_keys_are_numbered_alike_whether_their_indices_fit_beside_them_or_not(keys, first):
    distinct = sorted(set(keys))
    for bound in (41, 1 << 62):
        found, numbers = _numbered(np.array(keys, np.int64), first, bound)
        assert found.tolist() == distinct
        assert numbers.tolist() == [first + distinct.index(key) for key in keys]
