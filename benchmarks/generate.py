"""A corpus of any size from a lexicon with known words: ``python -m benchmarks.generate --size 3G -o corpus.txt``.

Words are drawn independently, the word of rank r with probability ∝ 1 / (r + 3); after some of them comes punctuation,
after some full stops a line end. The bytes depend on the seed alone: a shorter corpus is a beginning of a longer one.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from benchmarks.sizes import parse_size

N_WORDS = 100_000
N_CHARS = 6_000
FIRST_CHAR = 0x4E00
OFTEN = 200  # ranks at which one-character words are common
BLOCK = 1 << 18  # words
# What follows a word, and how often in 256 words.
ENDINGS = {"": 216, "，": 22, "、": 4, "。": 8, "。\n": 4, "？\n": 1, "！\n": 1}


class Bits:
    """Random bits of a seed, for one purpose of several: raw ones, which no version of NumPy may change."""

    def __init__(self, seed: int, purpose: int) -> None:
        self._source = np.random.PCG64([seed, purpose])

    def draw(self, n: int) -> NDArray[np.uint64]:
        """The next n words of 64 bits."""
        return self._source.random_raw(n)


@dataclass(frozen=True)
class Lottery:
    """Draws 0 … n − 1 with probabilities ∝ 1 / (i + flat): thresholds of 32 bits and a guide into them."""

    n: int
    flat: int

    @cached_property
    def _thresholds(self) -> NDArray[np.uint64]:
        share = np.cumsum(1.0 / (np.arange(self.n) + self.flat))
        return (share / share[-1] * 2.0**32).astype(np.uint64)

    def pick(self, bits: NDArray[np.uint64]) -> NDArray[np.int64]:
        """One number for each word of bits, from its upper half."""
        return np.searchsorted(self._thresholds[:-1], bits >> np.uint64(32), side="right")


def lexicon(seed: int = 0, n_words: int = N_WORDS) -> list[str]:
    """Distinct words of one to five characters, the most frequent one first."""
    bits = Bits(seed, 0)
    alphabet = FIRST_CHAR + np.argsort(bits.draw(N_CHARS), kind="stable")
    chars = Lottery(N_CHARS, 30)
    words: dict[str, None] = {}
    while len(words) < n_words:
        dice = bits.draw(n_words) % np.uint64(100)
        long = np.searchsorted([0, 66, 86, 97], dice, side="right") + 1  # of 2, 3, 4 and 5 characters
        share_of_one = np.where(np.arange(n_words) < OFTEN, 60, 2)
        lengths = np.where(bits.draw(n_words) % np.uint64(100) < share_of_one, 1, long)
        spelled = alphabet[chars.pick(bits.draw(5 * n_words))].astype(np.uint32).reshape(n_words, 5)
        texts = spelled.tobytes().decode("utf-32-le")
        words.update(dict.fromkeys(texts[5 * i : 5 * i + length] for i, length in enumerate(lengths.tolist())))
    return list(words)[:n_words]


class Tokens:
    """Byte strings to be picked by number and joined."""

    def __init__(self, texts: list[str], between: str = "") -> None:
        encoded = [(text + (between if text else "")).replace("\n" + between, "\n").encode() for text in texts]
        self._bytes = np.frombuffer(b"".join(encoded), np.uint8)
        self._lengths = np.array([len(token) for token in encoded], np.int64)
        self._begins = np.cumsum(self._lengths) - self._lengths

    def join(self, numbers: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The tokens with these numbers, one after the other."""
        lengths = self._lengths[numbers]
        ends = np.cumsum(lengths)
        places = np.repeat((self._begins[numbers] - (ends - lengths)).astype(np.int32), lengths)
        places += np.arange(len(places), dtype=np.int32)
        return self._bytes[places]


def numbers(seed: int, n_words: int) -> Iterator[NDArray[np.int64]]:
    """Blocks of word, ending, word, ending …: words are numbered from 0, endings behind them."""
    bits = Bits(seed, 1)
    words = Lottery(n_words, 3)
    endings = np.repeat(np.arange(len(ENDINGS)), list(ENDINGS.values()))
    while True:
        raw = bits.draw(BLOCK)
        block = np.empty(2 * BLOCK, np.int64)
        block[0::2] = words.pick(raw)
        block[1::2] = n_words + endings[raw & np.uint64(0xFF)]
        yield block


def generate(
    size: int, file: IO[bytes], *, seed: int = 0, n_words: int = N_WORDS, gold: IO[bytes] | None = None
) -> NDArray[np.int64]:
    """Write whole lines until there are ``size`` bytes; returns how often each word was taken.

    Parameters
    ----------
    size : int
        Least number of bytes.
    file : binary file
    seed : int
    n_words : int
        Size of the lexicon.
    gold : binary file, optional
        Where to write the same lines with a space between words.

    Returns
    -------
    ndarray of shape (n_words,), int64
        In the order of :func:`lexicon`.
    """
    texts = [*lexicon(seed, n_words), *ENDINGS]
    plain, spaced = Tokens(texts), Tokens(texts, " ")
    ends_line = np.array([text.endswith("\n") for text in texts])
    counts = np.zeros(len(texts), np.int64)
    written = 0
    for block in numbers(seed, n_words):
        text = plain.join(block)
        if written + len(text) >= size:
            block = block[: _last_token(text, size - written, ends_line[block])]
            text = plain.join(block)
        counts += np.bincount(block, minlength=len(texts))
        file.write(text.data)
        if gold:
            gold.write(spaced.join(block).data)
        written += len(text)
        if written >= size and ends_line[block[-1]]:
            return counts[:n_words]
    raise AssertionError("there is always another block")


def _last_token(text: NDArray[np.uint8], least: int, ends_line: NDArray[np.bool_]) -> int:
    """How many tokens end with the first line that reaches so many bytes; all of them if none does in this block."""
    line_ends = np.flatnonzero(text == ord("\n"))
    line = int(np.searchsorted(line_ends + 1, least))
    return int(np.flatnonzero(ends_line)[line]) + 1 if line < len(line_ends) else len(ends_line)


def main(arguments: list[str] | None = None) -> None:
    """Write a corpus."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__.splitlines()[0])
    parser.add_argument("--size", type=parse_size, required=True, help="10M, 3G …")
    parser.add_argument("--seed", type=int, default=0, help="default: 0")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: standard output")
    parser.add_argument("--gold", type=Path, metavar="FILE", help="the same with a space between words")
    parser.add_argument("--words", type=Path, metavar="FILE", help="word, tab, how often it was written")
    chosen = parser.parse_args(arguments)
    with ExitStack() as stack:
        output = stack.enter_context(chosen.output.open("wb")) if chosen.output else sys.stdout.buffer
        gold = stack.enter_context(chosen.gold.open("wb")) if chosen.gold else None
        counts = generate(chosen.size, output, seed=chosen.seed, gold=gold)
    if chosen.words:
        pairs = zip(lexicon(chosen.seed), counts.tolist(), strict=True)
        chosen.words.write_text("".join(f"{word}\t{count}\n" for word, count in pairs if count), "utf-8")


if __name__ == "__main__":
    main()
