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

__all__ = [
    *("BAD", "check_encoding", "decode", "decode_utf8", "empty_bad_lines"),
    *("is_utf8", "normalize", "what_it_is", "whole_lines"),
]

# Strict decoding never yields a lone surrogate, so this one can mark what could not be decoded.
BAD = "\udc80"
codecs.register_error("minent-mark-bad", lambda error: (BAD, error.end))  # type: ignore[attr-defined]

_DOCUMENT = "it is an archive or an office document; save it as plain text"
_FOREIGN = {
    codecs.BOM_UTF16_LE: "it begins like UTF-16, use encoding utf-16 (--encoding utf-16)",
    codecs.BOM_UTF16_BE: "it begins like UTF-16, use encoding utf-16 (--encoding utf-16)",
    b"\x1f\x8b": "it is compressed; give its name the ending .gz",
    b"\xfd7zXZ": "it is compressed; give its name the ending .xz",
    b"BZh": "it is compressed; give its name the ending .bz2",
    b"\x28\xb5\x2f\xfd": "it is compressed; give its name the ending .zst",
    b"minent-vocab": "it is a compiled vocabulary, not text",
    b"PK\x03\x04": _DOCUMENT,
    b"\xd0\xcf\x11\xe0": _DOCUMENT,
    b"%PDF": "it is a PDF; save it as plain text",
}

_START = 1 << 12  # bytes that tell what a file is
_NEAR = 1 << 11  # bytes on either side of a fault that tell whether it is the only one

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


def what_it_is(start: bytes) -> str:
    """What a file that is no text in its encoding seems to be, from its first bytes, and what to do; or nothing."""
    return next((remedy for mark, remedy in _FOREIGN.items() if start.startswith(mark)), "")


def _looks_like_utf8(start: bytes) -> bool:
    """Whether some bytes are UTF-8 beyond ASCII, perhaps with a character cut off at the end."""
    try:
        return not start.isascii() and bool(codecs.getincrementaldecoder("utf-8")().decode(start))
    except UnicodeDecodeError:
        return False


def _around(before: bytes, data: bytes, at: int) -> bytes:
    """What is near a place in some data, which came after a block."""
    return before[-_NEAR:] + data[max(0, at - _NEAR) : at + _NEAR]


def _is_damaged(near: bytes) -> bool:
    """Whether what is around a fault is mostly UTF-8 beyond ASCII, as other encodings hardly ever are."""
    text = near.decode("utf-8", "replace")
    return sum(char >= "\x80" for char in text) > 4 * text.count("\ufffd")


def _remedy(encoding: str, start: bytes, near: bytes) -> str:
    """What to do about a fault in a file, from its first bytes and those near the fault."""
    name = codecs.lookup(encoding).name
    if what := what_it_is(start):
        return what
    if b"\0" in start and not name.startswith(("utf-16", "utf-32")):
        return "there are zero bytes in it, so it is no text, unless it is UTF-16 (--encoding utf-16-le)"
    if name.startswith("utf-8"):
        if _is_damaged(near):
            return "the text around it is, so it was damaged or cut off; leave its line empty (--errors skip-line)"
        return "if the file is GBK, use encoding gb18030 (--encoding gb18030)"
    if _looks_like_utf8(start):
        return "it begins like UTF-8, leave --encoding out"
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
    start = before = b""
    read = 0
    first = True
    for block in itertools.chain(filter(None, blocks), [b""]):  # an empty block is the end
        start = start or block[:_START]
        read += len(block)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeError as error:
            if not isinstance(error, UnicodeDecodeError) or "BOM" in error.reason:
                remedy = f"try {encoding}-le or {encoding}-be"
                raise DecodeError(f"{shown(path)}: {encoding} without a byte order mark; {remedy}") from None
            # The decoder's object is what it kept from before plus this block.
            at = read - len(error.object) + error.start
            remedy = _remedy(encoding, start, _around(before, error.object, error.start))
            raise DecodeError(f"{shown(path)}: byte {at} is not valid {name}; {remedy}") from None
        before = block
        if text:
            yield text.removeprefix("\ufeff") if first else text
            first = False


def decode_utf8(blocks: Iterable[bytes], path: str) -> Iterator[NDArray[np.uint32]]:
    """What :func:`decode` makes of strict UTF-8, as code points and several times faster."""
    start = before = left = b""
    done = 0
    last = ord("\n")
    for block in itertools.chain(filter(None, blocks), [b""]):
        start = start or block[:_START]
        data = np.frombuffer(left + block, np.uint8)
        codes = np.empty(len(data), np.uint32)
        read, size = utf8.decode(data, codes)
        left = data[read:].tobytes()
        if len(left) > 3 or (left and not block):
            remedy = _remedy("utf-8", start, _around(before, data.tobytes(), read))
            raise DecodeError(f"{shown(path)}: byte {done + read} is not valid UTF-8; {remedy}")
        before = block
        begin = 1 if done == 0 and size and codes[0] == 0xFEFF else 0
        done += read
        if size > begin:
            last = int(codes[size - 1])
            yield codes[begin:size]
    if last != ord("\n"):
        yield code_points("\n")


def empty_bad_lines(blocks: Iterable[str]) -> Iterator[str]:
    """The same text with nothing in the lines that hold ``BAD``."""
    for block in whole_lines(blocks):
        if BAD in block:
            block = "".join("\n" if BAD in line else line for line in _LINE.findall(block))
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
