"""Files of transactions: baskets a line, JSON lists, tables."""

from __future__ import annotations

import contextlib
import csv
import functools
import itertools
import json
import os
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Any

from minent.errors import FormatError, ParameterError
from minent.reading import line_blocks, read_lines
from minent.unpacking import find_files, kind_and_packing

__all__ = ["FORMATS", "read_baskets"]

FORMATS = ("basket", "jsonl", "table")


def read_baskets(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    separator: str | None = None,
    format: str | None = None,
    header: bool = False,
    encoding: str = "utf-8",
    errors: str = "strict",
    progress: bool = False,
) -> Iterator[Any]:
    """Lists of items, or of the rows of a table its two fields; see :meth:`minent.Transactions.from_files`."""
    if format is not None and format not in FORMATS:
        raise ParameterError(f"format must be one of {', '.join(FORMATS)}, not {format!r}")
    if separator == "":
        raise ParameterError("separator must not be empty; a blank stands for any white space")
    lines = functools.partial(line_blocks, encoding=encoding, errors=errors, field=None, progress=progress)
    parse = functools.partial(_parse, format=format, separator=separator, header=header)
    return itertools.chain.from_iterable(parse(path, read_lines(lines(path))) for path in find_files(paths))


def _parse(path: str, lines: Iterator[str], format: str | None, separator: str | None, header: bool) -> Iterator[Any]:
    """Transactions of a file, or the rows of a table."""
    kind, _ = kind_and_packing(path)
    if format is None:
        format = "jsonl" if kind == ".jsonl" else "basket"
    numbered = enumerate(lines, 1)
    if header:
        next(numbered, None)
    if format == "jsonl":
        return _from_json(numbered, "standard input" if path == "-" else path)
    if format == "table":
        return _from_rows(numbered, "standard input" if path == "-" else path, separator or "\t")
    return map(_splitter(separator or (" " if kind == ".dat" else ",")), lines)


def _splitter(separator: str) -> Callable[[str], list[str]]:
    if separator.isspace() and separator != "\t":
        return str.split
    return lambda line: [part for item in _fields(line, separator) if (part := item.strip())]


def _fields(line: str, separator: str) -> list[str]:
    """What stands between separators; as in CSV, a field in quotes may hold one, and a quote twice is a quote."""
    if '"' in line and len(separator) == 1:
        with contextlib.suppress(csv.Error):
            return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    return line.split(separator)


def _from_json(lines: Iterable[tuple[int, str]], name: str) -> Iterator[list[Hashable]]:
    for number, line in lines:
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            hash(tuple(value) if isinstance(value, list) else [])
        except (ValueError, TypeError, RecursionError):
            raise FormatError(f"{name}:{number}: not a JSON list of items; mend the line") from None
        yield value


def _from_rows(lines: Iterable[tuple[int, str]], name: str, separator: str) -> Iterator[list[str]]:
    split = _splitter(separator)
    for number, line in lines:
        row = split(line)
        if row and len(row) != 2:
            between = "a tab" if separator == "\t" else repr(separator)
            raise FormatError(
                f"{name}:{number}: not the two fields of a table, transaction and item, with {between} between; "
                "mend the line, or name another separator (--separator)"
            )
        if row:
            yield row
