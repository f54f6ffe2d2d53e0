"""Bits per character: the quantity that everything minimises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minent.corpus import Corpus, CorpusLike, as_corpus
from minent.errors import InputError
from minent.folding import fold_counts
from minent.lattice import Lattice
from minent.vocab import Vocab

__all__ = ["Entropy", "entropy"]


@dataclass(frozen=True)
class Entropy:
    """What a corpus costs, unit by unit or word by word.

    Attributes
    ----------
    tokens : int
        Units or words in the text.
    types : int
        Distinct ones.
    token_entropy : float
        H, bits a token.
    token_length : float
        l, characters a token.
    text_bits : float
        Description length of the text given the tokens' frequencies: tokens · H.
    lexicon_bits : float
        Description length of the lexicon: each type spelled in characters, at the entropy of the characters in the
        lexicon, with an end mark, and its count at 2 ⌊log₂ count⌋ + 1 bits (Elias gamma).
    """

    tokens: int
    types: int
    token_entropy: float
    token_length: float
    text_bits: float
    lexicon_bits: float

    @property
    def bits_per_char(self) -> float:
        """L = H / l, bits a character: what the minimum entropy principle lowers."""
        return self.token_entropy / self.token_length

    @property
    def total_bits(self) -> float:
        """Lexicon and text given the lexicon."""
        return self.text_bits + self.lexicon_bits


def entropy(corpus: CorpusLike, vocab: Mapping[str, int] | None = None) -> Entropy:
    """Entropy of a corpus, as units or as words.

    Parameters
    ----------
    corpus : Corpus, path, paths or iterable of str
        See :func:`minent.corpus.as_corpus`.
    vocab : Mapping of str to int, optional
        Cut the corpus by these words (as :class:`minent.segmenter.Segmenter` does) and measure the result. Without
        it the tokens are the units: single Han characters, runs of letters and of digits.

    Returns
    -------
    Entropy

    Raises
    ------
    InputError
        The corpus is empty.
    ParameterError
        ``vocab`` has an empty word or a count that is not positive.

    References
    ----------
    Su Jianlin, kexue.fm posts 5448 and 5476.

    Examples
    --------
    >>> as_units = entropy(["天下大势", "天下太平"])
    >>> round(as_units.token_entropy, 3), as_units.token_length, as_units.bits_per_char
    (2.5, 1.0, 2.5)
    >>> as_words = entropy(["天下大势", "天下太平"], {"天下": 2, "大势": 1, "太平": 1})
    >>> as_words.token_entropy, as_words.token_length, as_words.bits_per_char
    (1.5, 2.0, 0.75)
    """
    corpus = as_corpus(corpus)
    if corpus.n_units == 0:
        raise InputError("the corpus holds no letters, digits or Han characters to measure")
    if vocab is None:
        counts = corpus.frequency.copy()
        counts[0] = 0
        lengths, spelled = corpus.units.lengths, corpus.units.strings
    else:
        words = vocab if corpus.units.fold is None else fold_counts(vocab, corpus.units.fold)
        counts, lengths, spelled = _word_counts(corpus, words if isinstance(words, Vocab) else Vocab(words))
    used = counts > 0
    return _measure(counts[used], lengths[used], spelled[used])


def _word_counts(corpus: Corpus, vocab: Vocab) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.object_]]:
    """Counts, lengths and texts of the units (those that stand alone) and of the words."""
    words, rows = _as_rows(corpus, vocab)
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows], dtype=np.int64)])
    ids = np.array([unit for row in rows for unit in row], np.int32)
    word_counts = np.array([vocab[word] for word in words], np.int64)
    lattice = Lattice.of_words(ids, offsets, len(corpus.units), word_counts, vocab.total)
    taken, alone = np.zeros(len(words), np.int64), np.zeros(len(corpus.units), np.int64)
    for block in corpus.blocks():
        path = lattice.best_of_units(block)
        taken += np.bincount(path.words[path.words >= 0], minlength=len(words))
        alone += np.bincount(block[path.ends[path.words < 0] - 1], minlength=len(alone))
    alone[0] = 0
    texts = np.array([*words, ""], object)[:-1]
    lengths = np.array([len(word) for word in words], np.int64)
    return (
        np.concatenate([alone, taken]),
        np.concatenate([corpus.units.lengths, lengths]),
        np.concatenate([corpus.units.strings, texts]),
    )


def _as_rows(corpus: Corpus, vocab: Vocab) -> tuple[list[str], list[list[int]]]:
    """The words that the corpus could hold, as unit ids."""
    words: list[str] = []
    rows: list[list[int]] = []
    for word in vocab:
        row = [corpus.units.ids.get(unit, 0) for unit in corpus.units.split(word)]
        if all(row):
            words.append(word)
            rows.append(row)
    return words, rows


def _measure(counts: NDArray[np.int64], lengths: NDArray[np.int64], spelled: NDArray[np.object_]) -> Entropy:
    tokens = int(counts.sum())
    bits = _entropy_bits(counts)
    letters = np.frombuffer("".join(spelled.tolist()).encode("utf-32-le", "surrogatepass"), np.uint32)
    alphabet = np.append(np.unique(letters, return_counts=True)[1], len(counts))
    spelling = _entropy_bits(alphabet) * alphabet.sum()
    gamma = (2 * np.floor(np.log2(counts)) + 1).sum()
    return Entropy(
        tokens=tokens,
        types=len(counts),
        token_entropy=bits,
        token_length=float(counts @ lengths / tokens),
        text_bits=tokens * bits,
        lexicon_bits=float(spelling + gamma),
    )


def _entropy_bits(counts: NDArray[np.int64]) -> float:
    p = counts / counts.sum()
    return abs(float(p @ np.log2(p)))
