"""The forms in which a vocabulary is written down: tab-separated, jieba's, JSON lines."""

from __future__ import annotations

import json
import math
import os
import re
import reprlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from minent.errors import ParameterError

__all__ = ["FORMATS", "JSON_NAMES", "format_for", "quoted", "to_lines", "unescape"]

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


# What names promise that is never written.
_OTHERS = (".csv", ".json", ".parquet", ".xls", ".xlsx", ".zip", ".gz")


def format_for(path: str | os.PathLike[str], format: str | None = None) -> str:
    """The format of a file to be written: the one that is asked for, or what its suffix says, else ``tsv``.

    Raises
    ------
    ParameterError
        None is asked for, and the suffix is of a kind of file that is never written.

    >>> format_for("words.tsv"), format_for("words.jsonl"), format_for("words.txt"), format_for("words.tsv", "jieba")
    ('tsv', 'jsonl', 'tsv', 'jieba')
    """
    if format is not None:
        return format
    suffix = os.path.splitext(os.fspath(path))[1].lower()
    if suffix in _OTHERS:
        raise ParameterError(f"{os.fspath(path)}: {suffix} files are not written; write .tsv or .jsonl")
    return "jsonl" if suffix == ".jsonl" else "tsv"


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
    if format == "jieba":
        return (f"{word} {count}\n" for word, count in zip(words, counts.tolist(), strict=True))
    columns = {name: values.tolist() for name, values in scores.items()}
    return (_tsv_lines if format == "tsv" else _jsonl_lines)(words, counts.tolist(), columns)


_Columns = Mapping[str, list[float]]


def _tsv_lines(words: Iterable[str], counts: Iterable[int], scores: _Columns) -> Iterator[str]:
    yield "\t".join(["word", "count", *map(_escape, scores)]) + "\n"
    fields = zip(map(_escape, words), map(str, counts), *map(_to_fields, scores.values()), strict=True)
    yield from (line + "\n" for line in map("\t".join, fields))


def _jsonl_lines(words: Iterable[str], counts: Iterable[int], scores: _Columns) -> Iterator[str]:
    for word, count, *values in zip(words, counts, *scores.values(), strict=True):
        named = zip(scores, map(_to_json, values), strict=True)
        line = json.dumps({"word": word, "count": count, **dict(named)}, ensure_ascii=False)
        yield _SURROGATE.sub(lambda m: f"\\u{ord(m[0]):04x}", line) + "\n"


def _to_fields(scores: list[float]) -> Iterator[str]:
    """The shortest texts that read back as the same numbers; whole numbers without a point."""
    return map(str.removesuffix, map(repr, scores), repeat(".0"))


def _to_json(score: float) -> float | str:
    """Whole numbers without a point, too."""
    if not math.isfinite(score):
        return JSON_NAMES[repr(score)]
    return int(score) if score.is_integer() and 0 < abs(score) < 1 << 53 else score
