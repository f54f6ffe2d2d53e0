"""Files to blocks of text: folders, compression, encodings, JSON lines. Never a large file as one string."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import itertools
import json
import lzma
import os
import re
import sys
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np
from numpy.typing import NDArray

from minent._kernels import utf8
from minent._progress import bar
from minent.errors import DecodeError, FormatError, InputError, MissingExtraError, ParameterError
from minent.units import code_points

__all__ = [
    "ERRORS",
    "NORMAL_FORMS",
    "find_files",
    "line_blocks",
    "read_codes",
    "read_file",
    "read_lines",
    "read_text",
    "shorten",
]

BLOCK = 1 << 20
ERRORS = ("strict", "replace", "skip-line")
NORMAL_FORMS = ("NFC", "NFKC")

# Strict decoding never yields a lone surrogate, so this one can mark what could not be decoded.
_BAD = "\udc80"
codecs.register_error("minent-mark-bad", lambda error: (_BAD, error.end))  # type: ignore[attr-defined]

Block = TypeVar("Block")

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")

# Normalisation never reaches across these characters, so a block may be cut before one.
_SAFE_CUT = re.compile(r"[\n -~一-鿿](?=[^\n -~一-鿿]*\Z)")


def shorten(text: str) -> str:
    """Text for a message: on one line, and not long."""
    text = re.sub(r"\s", " ", text)
    return text if len(text) <= 200 else f"{text[:200]}..."


def _read_zst(raw: Any) -> Iterator[bytes]:
    try:
        import zstandard
    except ImportError:
        raise MissingExtraError("reading .zst needs the zstandard package; pip install 'minent[zstd]'") from None
    # Not zstandard's stream_reader, which takes a file that breaks off for a whole one.
    frame = None
    while data := raw.read(1 << 14):
        while data:
            frame = frame or zstandard.ZstdDecompressor().decompressobj()
            try:
                yield frame.decompress(data)
            except zstandard.ZstdError as error:
                raise OSError(str(error)) from None
            data = b""
            if frame.eof:
                data, frame = frame.unused_data, None
    if frame:
        raise EOFError("the file breaks off inside a frame")


def _blocks(opener: Callable[[Any], Any], raw: Any) -> Iterator[bytes]:
    return iter(partial(opener(raw).read, BLOCK), b"")


_READERS: dict[str, Callable[[Any], Iterator[bytes]]] = {
    "": partial(_blocks, io.BufferedReader),
    ".gz": partial(_blocks, gzip.open),
    ".xz": partial(_blocks, lzma.open),
    ".bz2": partial(_blocks, bz2.open),
    ".zst": _read_zst,
}
_KINDS = (".txt", ".jsonl")
_DAMAGE = (EOFError, OSError, zlib.error, lzma.LZMAError)


def _kind_and_packing(path: str) -> tuple[str, str]:
    """The suffix that tells the kind of text, and the one of the compression or nothing."""
    stem, last = os.path.splitext(path.lower())
    return (os.path.splitext(stem)[1], last) if last and last in _READERS else (last, "")


def _files_inside(folder: str) -> Iterator[str]:
    for path in sorted(Path(folder).rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and _kind_and_packing(path.name)[0] in _KINDS and os.path.isfile(path):
            yield str(path)


def find_files(paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[str]:
    """Every file named, folders walked in a stable order; ``-`` is standard input.

    Parameters
    ----------
    paths : path or iterable of paths
        In a folder only ``.txt`` and ``.jsonl`` files count, compressed or not, hidden ones left out.

    Raises
    ------
    InputError
        A path does not exist, or a folder holds no text.
    """
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    found: list[str] = []
    for path in (os.fspath(path) for path in paths):
        if path != "-" and os.path.isdir(path):
            inside = list(_files_inside(path))
            if not inside:
                raise InputError(f"{path}: the folder holds no .txt or .jsonl file; name the files instead")
            found.extend(inside)
        elif path == "-" or os.path.exists(path):
            found.append(path)
        else:
            raise InputError(f"{shorten(path)}: no such file or folder; check the path")
    if not found:
        raise InputError("no input: name at least one file or folder")
    return found


class _CountingRaw(io.RawIOBase):
    """A raw file that tells a progress bar how many bytes were read."""

    def __init__(self, raw: BinaryIO, tick: Callable[[int], Any]) -> None:
        self._raw, self._tick = raw, tick

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._raw.read(len(buffer))
        buffer[: len(data)] = data
        self._tick(len(data))
        return len(data)


def _read_bytes(path: str, tick: Callable[[int], Any]) -> Iterator[bytes]:
    """Blocks of a file's bytes, decompressed."""
    try:
        opened: Any = nullcontext(sys.stdin.buffer) if path == "-" else io.FileIO(path)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{shorten(path)}: cannot be opened: {why}; check path and permissions") from None
    with opened as raw:
        counted = io.BufferedReader(_CountingRaw(raw, tick), BLOCK)
        try:
            yield from _READERS[_kind_and_packing(path)[1]](counted)
        except _DAMAGE as error:
            raise InputError(f"{_shown(path)}: cannot be read to its end: {error}; is it damaged?") from None


def _shown(path: str) -> str:
    return "standard input" if path == "-" else path


def _check_encoding(encoding: str) -> None:
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


def _decode(blocks: Iterable[bytes], path: str, encoding: str, errors: str) -> Iterator[str]:
    """Blocks of text without byte order mark; undecodable bytes become ``_BAD`` to skip their lines."""
    decoder = codecs.getincrementaldecoder(encoding)("minent-mark-bad" if errors == "skip-line" else errors)
    shown = "UTF-8" if codecs.lookup(encoding).name == "utf-8" else encoding
    read = 0
    first = True
    for block in itertools.chain(filter(None, blocks), [b""]):  # an empty block is the end
        read += len(block)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            # The decoder's object is what it kept from before plus this block.
            start = read - len(error.object)
            remedy = _remedy(encoding, error.object if start == 0 else b"")
            at = start + error.start
            raise DecodeError(f"{_shown(path)}: byte {at} is not valid {shown}; {remedy}") from None
        except UnicodeError as error:  # utf-16 without a byte order mark
            raise DecodeError(f"{_shown(path)}: {error}; try {encoding}-le or {encoding}-be") from None
        if text:
            yield text.removeprefix("\ufeff") if first else text
            first = False


def _decode_strictly(blocks: Iterable[bytes], path: str) -> Iterator[NDArray[np.uint32]]:
    """What :func:`_decode` makes of strict UTF-8, as code points and several times faster."""
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
            raise DecodeError(f"{_shown(path)}: byte {done + read} is not valid UTF-8; {remedy}")
        begin = 1 if done == 0 and size and codes[0] == 0xFEFF else 0
        done += read
        if size > begin:
            last = int(codes[size - 1])
            yield codes[begin:size]
    if last != ord("\n"):
        yield code_points("\n")


def _drop_bad_lines(blocks: Iterable[str]) -> Iterator[str]:
    for block in _whole_lines(blocks):
        if _BAD in block:
            block = "".join(line for line in _LINE.findall(block) if _BAD not in line)
        yield block


def _whole_lines(blocks: Iterable[str]) -> Iterator[str]:
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


def _normalize(blocks: Iterable[str], form: Any) -> Iterator[str]:
    kept = ""
    for block in blocks:
        kept += block
        cut = _SAFE_CUT.search(kept, max(0, len(kept) - 1000))
        if cut:
            yield unicodedata.normalize(form, kept[: cut.start()])
            kept = kept[cut.start() :]
    yield unicodedata.normalize(form, kept)


def read_lines(blocks: Iterable[str]) -> Iterator[str]:
    """Lines of a text that comes in blocks, with their line ends; only ``\\n`` ends a line."""
    for block in _whole_lines(blocks):
        yield from io.StringIO(block, newline="\n")


def _json_fields(blocks: Iterable[str], path: str, field: str) -> Iterator[str]:
    for number, line in enumerate(read_lines(blocks), 1):
        if not line.strip() or _BAD in line:
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise FormatError(f"{path}:{number}: not a JSON object: {error}; mend the line") from None
        if not isinstance(value, dict) or not isinstance(value.get(field), str):
            raise FormatError(f'{path}:{number}: no text in the field "{field}"; name the right one (--field NAME)')
        yield value[field] + "\n"


def read_file(
    path: str, *, encoding: str = "utf-8", errors: str = "strict", tick: Callable[[int], Any] = bool
) -> Iterator[str]:
    """Blocks of the text of one file, decompressed and decoded, JSON lines left as they are.

    ``tick`` is told how many bytes of the file were read.
    """
    return _decode(_read_bytes(path, tick), path, encoding, errors)


def read_text(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
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
        What to do where bytes are not in that encoding: stop, put U+FFFD, or leave out the whole line.
    field : str or None
        The key that holds the text of each line of a ``.jsonl`` file; None leaves such lines as they are.
    normalize : {None, "NFC", "NFKC"}
        Unicode normal form to bring the text to.
    progress : bool
        Show a bar of bytes on stderr.

    Yields
    ------
    str
        About a million characters at a time, cut anywhere.

    Raises
    ------
    DecodeError
        Names file, byte offset and a remedy.
    InputError, FormatError, MissingExtraError, ParameterError
    """
    _check_options(encoding, errors, normalize)
    options: dict[str, Any] = {"encoding": encoding, "errors": errors, "field": field, "normalize": normalize}
    return _read_all(find_files(paths), partial(_text_of, **options), progress)


def read_codes(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    encoding: str = "utf-8",
    errors: str = "strict",
    field: str | None = "text",
    normalize: str | None = None,
    progress: bool = False,
) -> Iterator[NDArray[np.uint32]]:
    """What :func:`read_text` reads, as code points; strict UTF-8 is several times faster so."""
    _check_options(encoding, errors, normalize)
    options: dict[str, Any] = {"encoding": encoding, "errors": errors, "field": field, "normalize": normalize}
    plain = codecs.lookup(encoding).name == "utf-8" and errors == "strict" and normalize is None

    def read(path: str, tick: Callable[[int], Any]) -> Iterator[NDArray[np.uint32]]:
        if plain and (field is None or _kind_and_packing(path)[0] != ".jsonl"):
            return _decode_strictly(_read_bytes(path, tick), path)
        return map(code_points, _text_of(path, tick, **options))

    return _read_all(find_files(paths), read, progress)


def _check_options(encoding: str, errors: str, normalize: str | None) -> None:
    _check_encoding(encoding)
    if errors not in ERRORS:
        raise ParameterError(f"errors must be one of {', '.join(ERRORS)}, not {errors!r}")
    if normalize is not None and normalize not in NORMAL_FORMS:
        raise ParameterError(f"normalize must be one of {', '.join(NORMAL_FORMS)}, not {normalize!r}")


def _read_all(
    files: list[str], read: Callable[[str, Callable[[int], Any]], Iterator[Block]], progress: bool
) -> Iterator[Block]:
    # Pipes and devices do not know their size.
    total = sum(map(os.path.getsize, files)) if all(map(os.path.isfile, files)) else None
    with bar(progress, "reading", total) as shown:
        for path in files:
            yield from read(path, shown.update)


def _text_of(
    path: str,
    tick: Callable[[int], Any],
    *,
    encoding: str,
    errors: str,
    field: str | None,
    normalize: str | None,
) -> Iterator[str]:
    blocks = read_file(path, encoding=encoding, errors=errors, tick=tick)
    if field is not None and _kind_and_packing(path)[0] == ".jsonl":
        blocks = _joined(_json_fields(blocks, path, field))
    elif errors == "skip-line":
        blocks = _drop_bad_lines(blocks)
    if normalize:
        blocks = _normalize(blocks, normalize)
    return _ended(blocks)


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


def line_blocks(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    encoding: str = "utf-8",
    errors: str = "strict",
    field: str | None = "text",
    progress: bool = False,
) -> Iterator[str]:
    """What :func:`read_text` reads, in blocks that end at a line end."""
    return _whole_lines(read_text(paths, encoding=encoding, errors=errors, field=field, progress=progress))
