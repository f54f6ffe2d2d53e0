"""Files to blocks of text, JSON lines included. Never a large file as one string."""

from __future__ import annotations

import codecs
import io
import itertools
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from minent._progress import bar
from minent.decoding import (
    BAD,
    check_encoding,
    decode,
    decode_utf8,
    empty_bad_lines,
    is_utf8,
    normalize,
    what_it_is,
    whole_lines,
)
from minent.errors import DecodeError, FormatError, ParameterError
from minent.units import code_points
from minent.unpacking import BLOCK, find_files, is_jsonl, read_bytes, shown

__all__ = ["ERRORS", "NORMAL_FORMS", "line_blocks", "read_codes", "read_file", "read_lines", "read_list", "read_text"]

ERRORS = ("strict", "replace", "skip-line")
NORMAL_FORMS = ("NFC", "NFKC")

Block = TypeVar("Block")
Paths: TypeAlias = "str | os.PathLike[str] | Iterable[str | os.PathLike[str]]"
Tick: TypeAlias = Callable[[int], Any]


@dataclass(frozen=True)
class _Form:
    """What is in the files; see :func:`read_text`."""

    encoding: str = "utf-8"
    errors: str = "strict"
    field: str | None = "text"
    normalize: str | None = None

    def __post_init__(self) -> None:
        check_encoding(self.encoding)
        if self.errors not in ERRORS:
            raise ParameterError(f"errors must be one of {', '.join(ERRORS)}, not {self.errors!r}")
        if self.normalize is not None and self.normalize not in NORMAL_FORMS:
            raise ParameterError(f"normalize must be one of {', '.join(NORMAL_FORMS)}, not {self.normalize!r}")

    def text(self, path: str, tick: Tick) -> Iterator[str]:
        """Blocks of text of one file."""
        return self._text(read_bytes(path, tick), path)

    def _text(self, data: Iterable[bytes], path: str) -> Iterator[str]:
        blocks = decode(data, path, self.encoding, self.errors)
        if self.field is not None and is_jsonl(path):
            blocks = _joined(_json_fields(blocks, path, self.field))
        elif self.errors == "skip-line":
            blocks = empty_bad_lines(blocks)
        if self.normalize:
            blocks = normalize(blocks, self.normalize)
        return _ended(blocks)

    def codes(self, path: str, tick: Tick) -> Iterator[NDArray[np.uint32]]:
        """The same as code points."""
        plain = is_utf8(self.encoding) and self.errors == "strict" and self.normalize is None
        blocks = read_bytes(path, tick)
        if plain and (self.field is None or not is_jsonl(path)):
            # What fits into one block is read before the kernel is loaded.
            begin = list(itertools.islice(blocks, 2))
            if len(begin) > 1:
                return decode_utf8(itertools.chain(begin, blocks), path)
            blocks = iter(begin)
        return map(code_points, self._text(blocks, path))


def read_lines(blocks: Iterable[str]) -> Iterator[str]:
    """Lines of a text that comes in blocks, with their line ends; only ``\\n`` ends a line."""
    for block in whole_lines(blocks):
        yield from io.StringIO(block, newline="\n")


def _json_fields(blocks: Iterable[str], path: str, field: str) -> Iterator[str]:
    for number, line in enumerate(read_lines(blocks), 1):
        if BAD in line:
            yield "\n"
            continue
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            why = f"{error.msg} (column {error.colno})" if isinstance(error, json.JSONDecodeError) else error
            raise FormatError(f"{path}:{number}: not a JSON object: {why}; mend the line") from None
        if not isinstance(value, dict) or not isinstance(value.get(field), str):
            raise FormatError(f'{path}:{number}: no text in the field "{field}"; {_which_field(value)} (--field NAME)')
        yield value[field] + "\n"


def _which_field(value: object) -> str:
    """What to name instead: the fields of a line that hold text."""
    fields = value.items() if isinstance(value, dict) else ()
    names = ", ".join(json.dumps(name, ensure_ascii=False) for name, each in fields if isinstance(each, str))
    return f"name one of {names}" if names else "name the right one"


def read_file(path: str) -> Iterator[str]:
    """Blocks of the text of one file in UTF-8, decompressed, JSON lines left as they are."""
    return decode(read_bytes(path), path, "utf-8", "strict")


def read_list(path: str | os.PathLike[str], *, encoding: str = "utf-8") -> Iterator[str]:
    """Lines of a list of words: in UTF-8, in UTF-16 with a byte order mark, or else in ``encoding``.

    Raises
    ------
    DecodeError
        It is in none of these.
    InputError
        The file cannot be read.
    """
    check_encoding(encoding)
    name = os.fspath(path)
    data = b"".join(read_bytes(name))
    for likely in ("utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8", encoding):
        try:
            return read_lines([data.decode(likely).removeprefix("\ufeff")])
        except UnicodeError as error:
            at = getattr(error, "start", 0)
    tried = "UTF-8" if is_utf8(encoding) else f"UTF-8, nor {encoding}"
    remedy = what_it_is(data) or "a list must be UTF-8, or in the encoding of the text (--encoding)"
    raise DecodeError(f"{shown(name)}: byte {at} is not valid {tried}; {remedy}")


def read_text(
    paths: Paths,
    *,
    encoding: str = "utf-8",
    errors: str = "strict",
    field: str | None = "text",
    normalize: str | None = None,
    progress: bool = False,
) -> Iterator[str]:
    """Blocks of the text of some files; one that ends without a line end gets one.

    Parameters
    ----------
    paths : path or iterable of paths
        See :func:`find_files`. ``.gz``, ``.xz``, ``.bz2`` and ``.zst`` are decompressed on the way.
    encoding : str
        Any encoding that Python knows; a byte order mark is dropped.
    errors : {"strict", "replace", "skip-line"}
        What to do where bytes are not in that encoding: stop, put U+FFFD, or leave the line empty.
    field : str or None
        The key that holds the text of each line of a ``.jsonl`` file; None leaves such lines as they are.
    normalize : {None, "NFC", "NFKC"}
        Unicode normal form to bring the text to.
    progress : bool
        Show a bar of bytes on stderr.

    Yields
    ------
    str
        About a quarter of a million characters at a time, cut anywhere.

    Raises
    ------
    DecodeError
        Names file, byte offset and a remedy.
    InputError, FormatError, MissingExtraError, ParameterError
    """
    return _read_all(find_files(paths), _Form(encoding, errors, field, normalize).text, progress)


def read_codes(paths: Paths, *, progress: bool = False, **form: Any) -> Iterator[NDArray[np.uint32]]:
    """What :func:`read_text` reads with the same options, as code points; strict UTF-8 is several times faster so."""
    return _read_all(find_files(paths), _Form(**form).codes, progress)


def line_blocks(paths: Paths, *, progress: bool = False, **form: Any) -> Iterator[str]:
    """What :func:`read_text` reads with the same options, in blocks that end at a line end."""
    return whole_lines(_read_all(find_files(paths), _Form(**form).text, progress))


def _read_all(files: list[str], read: Callable[[str, Tick], Iterator[Block]], progress: bool) -> Iterator[Block]:
    # Pipes and devices do not know their size.
    total = sum(map(os.path.getsize, files)) if all(map(os.path.isfile, files)) else None
    with bar(progress, "reading", total) as ticker:
        for path in files:
            yield from read(path, ticker.update)


def _ended(blocks: Iterable[str]) -> Iterator[str]:
    last = "\n"
    for block in blocks:
        yield block
        last = block[-1:] or last
    if last != "\n":
        yield "\n"


def _joined(parts: Iterable[str]) -> Iterator[str]:
    """The same text, small parts joined into blocks."""
    kept: list[str] = []
    size = 0
    for part in parts:
        kept.append(part)
        size += len(part)
        if size >= BLOCK:
            yield "".join(kept)
            kept, size = [], 0
    yield "".join(kept)
