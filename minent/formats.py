"""The forms in which a vocabulary is written down: tab-separated, jieba's, JSON lines."""

from __future__ import annotations

import json
import math
import re
import reprlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from minent.errors import ParameterError

__all__ = ["FORMATS", "JSON_NAMES", "quoted", "to_lines", "unescape"]

FORMATS = ("tsv", "jieba", "jsonl")

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\ufeff": "\\ufeff"}
_SPECIAL = re.compile("[\\\\\t\n\r\ufeff\ud800-\udfff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# JSON reads the escapes of two surrogates as one character.
_REFUSED = {
    "jieba": re.compile(r"[\t\n\r\ufeff\ud800-\udfff]|\A\s|\s\Z"),
    "jsonl": re.compile(r"[\ud800-\udbff][\udc00-\udfff]"),
}
JSON_NAMES = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}
_ESCAPED = re.compile(r"\\(\\|t|n|r|u[0-9a-f]{4})")


def _escape(word: str) -> str:
    return _SPECIAL.sub(lambda m: _ESCAPES.get(m[0], f"\\u{ord(m[0]):04x}"), word)


def unescape(field: str) -> str:
    """What a field of a tab-separated vocabulary stands for."""
    plain = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
    return _ESCAPED.sub(lambda m: plain.get(m[1]) or chr(int(m[1][1:], 16)), field)


def quoted(value: object) -> str:
    """A value for a message: on one line, and not long."""
    if not isinstance(value, str):
        return reprlib.repr(value)
    return json.dumps(value if len(value) <= 40 else value[:40] + "...", ensure_ascii=False)


def to_lines(
    format: str, words: Sequence[str], counts: NDArray[np.int64], scores: Mapping[str, NDArray[np.float64]]
) -> Iterator[str]:
    """The lines of a vocabulary in one of the :data:`FORMATS`; see :meth:`minent.vocab.Vocab.to_lines`."""
    if format not in FORMATS:
        raise ParameterError(f"format must be one of {', '.join(FORMATS)}, not {format!r}")
    refused = _REFUSED.get(format)
    for word in filter(refused.search, words) if refused else ():
        raise ParameterError(f"{format} cannot hold the word {reprlib.repr(word)}; save as tsv")
    columns = [values.tolist() for values in scores.values()] if format != "jieba" else []
    rows = zip(words, counts.tolist(), zip(*columns, strict=True) if columns else repeat(()), strict=False)
    if format == "tsv":
        return _tsv_lines(rows, scores)
    if format == "jsonl":
        return _jsonl_lines(rows, scores)
    return (f"{word} {count}\n" for word, count, _ in rows)


_Row = tuple[str, int, tuple[float, ...]]


def _tsv_lines(rows: Iterable[_Row], names: Iterable[str]) -> Iterator[str]:
    yield "\t".join(["word", "count", *map(_escape, names)]) + "\n"
    for word, count, scores in rows:
        yield "\t".join([_escape(word), str(count), *map(_to_field, scores)]) + "\n"


def _jsonl_lines(rows: Iterable[_Row], names: Iterable[str]) -> Iterator[str]:
    for word, count, scores in rows:
        named = zip(names, map(_to_json, scores), strict=False)
        line = json.dumps({"word": word, "count": count, **dict(named)}, ensure_ascii=False)
        yield _SURROGATE.sub(lambda m: f"\\u{ord(m[0]):04x}", line) + "\n"


def _to_field(score: float) -> str:
    """The shortest text that reads back as the same number; whole numbers without a point."""
    return repr(score).removesuffix(".0")


def _to_json(score: float) -> float | str:
    return score if math.isfinite(score) else JSON_NAMES[repr(score)]
