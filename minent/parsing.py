"""A vocabulary from the lines of a file, block by block, in whatever form it is written down."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np

from minent._kernels import rows as kernels
from minent.decoding import whole_lines
from minent.errors import DecodeError, FormatError
from minent.formats import JSON_NAMES, quoted, unescape
from minent.reading import read_file
from minent.table import Table, has_twins, second_coming, twice
from minent.units import code_points

__all__ = ["parse", "parse_file", "with_scores"]

# "word count tag" or "word count"; the word itself may hold spaces.
_JIEBA = re.compile(r"(.+?)[ \t]+(\d+)(?:[ \t]+[A-Za-z]\w*)?")

_Reader: TypeAlias = Callable[[Table, int, str], None]


def parse(name: str, blocks: Iterable[str], *, scored: bool = True) -> Table:
    """A vocabulary from the blocks of a text, its scores on request; its form is told by the first line.

    A word that comes twice is refused, but in jieba's form, where the last count holds, as in jieba.

    Raises
    ------
    FormatError
        Names file, line and what is wrong.
    """
    table = Table(name, scored)
    read: _Reader | None = None
    number = 1
    for block in whole_lines(blocks):
        text = block.replace("\r\n", "\n")
        text += "\n" * (not text.endswith("\n"))
        if read is None:
            begin = len(text) - len(text.lstrip("\n"))
            number, text = number + begin, text[begin:]
            if not text:
                continue
            head, _, rest = text.partition("\n")
            read = _reader(name, number, head)
            if isinstance(read, _Tsv):
                table.expect(read.names)
                number, text = number + 1, rest
        read(table, number, text)
        number += text.count("\n")
    if read is None:
        raise FormatError(f"{name}: the vocabulary is empty; expected the header: word, count")
    if not has_twins(table.codes, table.lengths):
        return table
    if read is _read_jieba:
        return table.with_last()
    words = table.words
    at = second_coming(words)
    raise FormatError(f"{name}:{table.line_of(at)}: {twice(words[at])}")


def parse_file(name: str, *, scored: bool) -> Table:
    """A vocabulary from a file in UTF-8; see :func:`parse`."""
    try:
        return parse(name, read_file(name), scored=scored)
    except DecodeError as error:
        what, _, remedy = str(error).partition("; ")
        if "encoding" in remedy:
            written = "utf-16" if "utf-16" in remedy else "gb18030"
            remedy = f"a vocabulary must be UTF-8 (try iconv -f {written} -t utf-8)"
        raise DecodeError(f"{what}; {remedy}") from None


def with_scores(table: Table) -> Table:
    """The same, read again if its scores were not kept."""
    if table.scored or not table.names:
        return table
    again = parse_file(table.name, scored=True)
    if not again.has_words_of(table):
        raise FormatError(f"{table.name}: the file has changed since it was loaded; load it again")
    return again


def _reader(name: str, number: int, head: str) -> _Reader:
    if head.split("\t")[:2] == ["word", "count"]:
        return _Tsv(name, number, head)
    if head.startswith("{") and head.rstrip().endswith("}"):
        return _read_jsonl
    return _read_jieba


def _numbered(number: int, text: str) -> tuple[Sequence[int], list[str]]:
    """Lines that are not empty, and their numbers."""
    lines = text.removesuffix("\n").split("\n")
    numbers = range(number, number + len(lines))
    if "" not in lines:
        return numbers, lines
    return [n for n, line in zip(numbers, lines, strict=True) if line], [line for line in lines if line]


def _parsed(name: str, numbers: Sequence[int], column: list[str], what: str, read: Any = float) -> list[Any]:
    """The fields of a column as numbers."""
    try:
        return list(map(read, column))
    except ValueError:
        kind = "whole number" if read is int else "number"
        for number, field in zip(numbers, column, strict=True):
            try:
                read(field)
            except ValueError:
                raise FormatError(f"{name}:{number}: the {what} {quoted(field)} is not a {kind}") from None
        raise


class _Tsv:
    def __init__(self, name: str, number: int, header: str) -> None:
        _, _, *self.names = [unescape(field) for field in header.split("\t")]
        self.width = len(self.names) + 2
        if len({"word", "count", *self.names}) < self.width:
            raise FormatError(f"{name}:{number}: the header names a column twice")

    def __call__(self, table: Table, number: int, text: str) -> None:
        n = text.count("\n")
        begins, ends, counts = (np.empty(n, np.int64) for _ in range(3))
        scores = np.empty((len(self.names), n))
        codes = code_points(text)
        if kernels.read_rows(codes, self.width, begins, ends, counts, scores) < 0:
            self._read_any(table, *_numbered(number, text))
            return
        lengths = ends - begins
        inside = np.arange(lengths.sum()) + np.repeat(begins - np.cumsum(lengths) + lengths, lengths)
        columns = dict(zip(self.names, scores, strict=True))
        table.add(range(number, number + n), codes[inside], lengths, counts, columns)

    def _read_any(self, table: Table, numbers: Sequence[int], lines: list[str]) -> None:
        """Rows with escapes, exponents, NaN, or faults."""
        tabs = [line.count("\t") for line in lines]
        if set(tabs) - {self.width - 1}:
            number, n = next((a, b + 1) for a, b in zip(numbers, tabs, strict=True) if b != self.width - 1)
            raise FormatError(f"{table.name}:{number}: fields: {n}, but the header has {self.width}")
        rows = [line.split("\t") for line in lines]
        words, counts, *scores = ([row[column] for row in rows] for column in range(self.width))
        words = list(map(unescape, words))
        counts = _parsed(table.name, numbers, counts, "count", int)
        columns = zip(self.names, scores, strict=True)
        parsed = {key: np.array(_parsed(table.name, numbers, column, key)) for key, column in columns}
        table.add_checked(numbers, words, counts, parsed)


def _read_jieba(table: Table, number: int, text: str) -> None:
    numbers, lines = _numbered(number, text)
    words, counts = [], []
    for at, line in zip(numbers, lines, strict=True):
        match = _JIEBA.fullmatch(line.strip(" "))
        if not match:
            raise FormatError(f'{table.name}:{at}: {quoted(line)} is not "word count"; is it a vocabulary?')
        words.append(match[1])
        counts.append(match[2])
    table.add_checked(numbers, words, _parsed(table.name, numbers, counts, "count", int), {})


def _read_jsonl(table: Table, number: int, text: str) -> None:
    numbers, lines = _numbered(number, text)
    words: list[Any] = []
    counts: list[Any] = []
    scores: dict[str, list[float]] = {}
    for at, line in zip(numbers, lines, strict=True):
        try:
            entry = json.loads(line)
            words.append(entry.pop("word"))
            counts.append(entry.pop("count"))
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
            raise FormatError(f'{table.name}:{at}: expected an object with "word" and "count"') from None
        names = table.expect(list(entry))
        if entry.keys() != set(names):
            raise FormatError(f"{table.name}:{at}: the scores are not those of the first word")
        for key, value in entry.items():
            try:
                scores.setdefault(key, []).append(_from_json(value))
            except (ValueError, OverflowError):
                raise FormatError(f"{table.name}:{at}: the {key} {quoted(value)} is not a number") from None
    table.add_checked(numbers, words, counts, {key: np.array(values) for key, values in scores.items()})


def _from_json(value: Any) -> float:
    if isinstance(value, bool) or not (isinstance(value, (int, float)) or value in JSON_NAMES.values()):
        raise ValueError
    return float(value)
