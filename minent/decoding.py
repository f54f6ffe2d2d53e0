"""Blocks of bytes to blocks of text: encodings, byte order marks, bad bytes, normal forms."""

from __future__ import annotations

import codecs
import io
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minent._kernels import utf8
from minent.errors import DecodeError, ParameterError
from minent.units import code_points
from minent.unpacking import shown

__all__ = ["BAD", "check_encoding", "decode", "decode_utf8", "drop_bad_lines", "is_utf8", "normalize", "whole_lines"]

# Strict decoding never yields a lone surrogate, so this one can mark what could not be decoded.
BAD = "\udc80"
codecs.register_error("minent-mark-bad", lambda error: (BAD, error.end))  # type: ignore[attr-defined]

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")

# Normalisation never reaches across these characters, so a block may be cut before one.
_SAFE_CUT = re.compile(r"[\n -~一-鿿](?=[^\n -~一-鿿]*\Z)")


def is_utf8(encoding: str) -> bool:
    """Whether this is a name of plain UTF-8."""
    return codecs.lookup(encoding).name == "utf-8"


def check_encoding(encoding: str) -> None:
    """Refuse what is no encoding of text.

    Raises
    ------
    ParameterError
    """
    try:
        codecs.getincrementaldecoder(encoding)
        io.TextIOWrapper(io.BytesIO(), encoding)  # refuses codecs that do not yield text, such as base64
    except (LookupError, ValueError, TypeError):
        raise ParameterError(f"unknown encoding {encoding!r}; try utf-8, gb18030, big5 or utf-16") from None


def _remedy(encoding: str, start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "it begins like UTF-16, use encoding utf-16 (--encoding utf-16)"
    if codecs.lookup(encoding).name.startswith("utf-8"):
        return "if the file is GBK, use encoding gb18030 (--encoding gb18030)"
    return "name the right encoding, or replace or skip bad bytes (--errors replace, --errors skip-line)"


def decode(blocks: Iterable[bytes], path: str, encoding: str, errors: str) -> Iterator[str]:
    """Blocks of text without byte order mark; undecodable bytes become ``BAD`` to skip their lines.

    Raises
    ------
    DecodeError
        Names file, byte offset and a remedy.
    """
    decoder = codecs.getincrementaldecoder(encoding)("minent-mark-bad" if errors == "skip-line" else errors)
    name = "UTF-8" if is_utf8(encoding) else encoding
    read = 0
    first = True
    for block in itertools.chain(filter(None, blocks), [b""]):  # an empty block is the end
        read += len(block)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeError as error:
            if not isinstance(error, UnicodeDecodeError) or "BOM" in error.reason:
                remedy = f"try {encoding}-le or {encoding}-be"
                raise DecodeError(f"{shown(path)}: {encoding} without a byte order mark; {remedy}") from None
            # The decoder's object is what it kept from before plus this block.
            start = read - len(error.object)
            remedy = _remedy(encoding, error.object if start == 0 else b"")
            at = start + error.start
            raise DecodeError(f"{shown(path)}: byte {at} is not valid {name}; {remedy}") from None
        if text:
            yield text.removeprefix("\ufeff") if first else text
            first = False


def decode_utf8(blocks: Iterable[bytes], path: str) -> Iterator[NDArray[np.uint32]]:
    """What :func:`decode` makes of strict UTF-8, as code points and several times faster."""
    left = b""
    done = 0
    last = ord("\n")
    for block in itertools.chain(filter(None, blocks), [b""]):
        data = np.frombuffer(left + block, np.uint8)
        codes = np.empty(len(data), np.uint32)
        read, size = utf8.decode(data, codes)
        left = data[read:].tobytes()
        if len(left) > 3 or (left and not block):
            remedy = _remedy("utf-8", data[:4].tobytes() if done == 0 else b"")
            raise DecodeError(f"{shown(path)}: byte {done + read} is not valid UTF-8; {remedy}")
        begin = 1 if done == 0 and size and codes[0] == 0xFEFF else 0
        done += read
        if size > begin:
            last = int(codes[size - 1])
            yield codes[begin:size]
    if last != ord("\n"):
        yield code_points("\n")


def drop_bad_lines(blocks: Iterable[str]) -> Iterator[str]:
    """The same text without the lines that hold ``BAD``."""
    for block in whole_lines(blocks):
        if BAD in block:
            block = "".join(line for line in _LINE.findall(block) if BAD not in line)
        yield block


def whole_lines(blocks: Iterable[str]) -> Iterator[str]:
    """The same text in blocks that end at a line end."""
    kept: list[str] = []
    for block in blocks:
        cut = block.rfind("\n") + 1
        if cut:
            yield "".join([*kept, block[:cut]])
            kept = []
        if block[cut:]:
            kept.append(block[cut:])
    if kept:
        yield "".join(kept)


def normalize(blocks: Iterable[str], form: Any) -> Iterator[str]:
    """The same text in a Unicode normal form."""
    kept = ""
    for block in blocks:
        kept += block
        cut = _SAFE_CUT.search(kept, max(0, len(kept) - 1000))
        if cut:
            yield unicodedata.normalize(form, kept[: cut.start()])
            kept = kept[cut.start() :]
    yield unicodedata.normalize(form, kept)
