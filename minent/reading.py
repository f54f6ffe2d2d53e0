"""Files to blocks of text: folders, compression, encodings, JSON lines. Never a whole large file as one string."""

from __future__ import annotations

import bz2
import codecs
import gzip
import io
import json
import lzma
import os
import re
import sys
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from minent._progress import bar
from minent.errors import DecodeError, FormatError, InputError, MissingExtraError, ParameterError

__all__ = ["ERRORS", "NORMAL_FORMS", "find_files", "read_lines", "read_text"]

BLOCK = 1 << 20
ERRORS = ("strict", "replace", "skip-line")
NORMAL_FORMS = ("NFC", "NFKC")

# Strict decoding never yields a lone surrogate, so this one can mark what could not be decoded.
_BAD = "\udc80"
codecs.register_error("minent-mark-bad", lambda error: (_BAD, error.end))  # type: ignore[attr-defined]

# Normalisation never reaches across these characters, so a block may be cut before one.
_SAFE_CUT = re.compile(r"[\n -~一-鿿](?=[^\n -~一-鿿]*\Z)")


def _open_zst(raw: BinaryIO) -> Any:
    try:
        import zstandard
    except ImportError:
        raise MissingExtraError(
            "reading .zst needs the zstandard package; pip install 'minent[zstd]'"
        ) from None
    return zstandard.ZstdDecompressor().stream_reader(raw, read_across_frames=True)


_OPENERS: dict[str, Callable[[Any], Any]] = {
    ".gz": gzip.open,
    ".xz": lzma.open,
    ".bz2": bz2.open,
    ".zst": _open_zst,
}
_KINDS = (".txt", ".jsonl")
_DAMAGE = (EOFError, OSError, zlib.error, lzma.LZMAError)


def _is_text(path: Path) -> bool:
    suffixes = path.suffixes
    if suffixes and suffixes[-1] in _OPENERS:
        suffixes = suffixes[:-1]
    return bool(suffixes) and suffixes[-1] in _KINDS


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
    for path in map(os.fspath, paths):
        if path == "-" or Path(path).is_file():
            found.append(path)
        elif Path(path).is_dir():
            inside = [p for p in sorted(Path(path).rglob("*")) if p.is_file() and _is_text(p)]
            inside = [
                p for p in inside if not any(part.startswith(".") for part in p.relative_to(path).parts)
            ]
            if not inside:
                raise InputError(f"{path}: the folder holds no .txt or .jsonl file; name the files instead")
            found.extend(map(str, inside))
        elif Path(path).exists():
            found.append(path)
        else:
            raise InputError(f"{path}: no such file or folder; check the path")
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
        raw = sys.stdin.buffer if path == "-" else open(path, "rb", buffering=0)
    except OSError as error:
        raise InputError(f"{path}: cannot be opened: {error.strerror}; check its permissions") from None
    suffix = Path(path).suffix
    with raw if path != "-" else io.BytesIO():
        counted = io.BufferedReader(_CountingRaw(raw, tick), BLOCK)  # type: ignore[arg-type]
        stream = _OPENERS[suffix](counted) if suffix in _OPENERS else counted
        while True:
            try:
                block = stream.read(BLOCK)
            except _DAMAGE as error:
                raise InputError(f"{path}: cannot be read to its end: {error}; is it damaged?") from None
            except Exception as error:
                if type(error).__name__ != "ZstdError":
                    raise
                raise InputError(f"{path}: cannot be read to its end: {error}; is it damaged?") from None
            if not block:
                return
            yield block


def _remedy(encoding: str) -> str:
    if codecs.lookup(encoding).name.startswith("utf-8"):
        return "if the file is GBK, use encoding gb18030 (--encoding gb18030)"
    return "name the right encoding, or replace or skip bad bytes (--errors replace, --errors skip-line)"


def _decode(blocks: Iterable[bytes], path: str, encoding: str, errors: str) -> Iterator[str]:
    """Blocks of text, without a byte order mark; undecodable bytes become ``_BAD`` when lines are to be skipped."""
    handler = "minent-mark-bad" if errors == "skip-line" else errors
    shown = "UTF-8" if codecs.lookup(encoding).name == "utf-8" else encoding
    decoder = codecs.getincrementaldecoder(encoding)(handler)
    read = 0
    first = True
    for block in blocks:
        text = _decode_block(decoder, block, False, read, path, encoding, shown)
        read += len(block)
        if text:
            yield text[1:] if first and text[0] == "\ufeff" else text
            first = False
    rest = _decode_block(decoder, b"", True, read, path, encoding, shown)
    if rest:
        yield rest


def _decode_block(
    decoder: Any, block: bytes, final: bool, read: int, path: str, encoding: str, shown: str
) -> str:
    try:
        return decoder.decode(block, final)
    except UnicodeDecodeError as error:
        # The decoder's object is what it kept from before plus this block.
        at = read + len(block) - len(error.object) + error.start
        name = "standard input" if path == "-" else path
        raise DecodeError(f"{name}: byte {at} is not valid {shown}; {_remedy(encoding)}") from None


def _drop_bad_lines(blocks: Iterable[str]) -> Iterator[str]:
    for block in _whole_lines(blocks):
        if _BAD in block:
            block = "".join(line for line in block.splitlines(keepends=True) if _BAD not in line)
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
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError as error:
            raise FormatError(f"{path}:{number}: not a JSON object: {error}; mend the line") from None
        if not isinstance(value, dict) or not isinstance(value.get(field), str):
            raise FormatError(
                f'{path}:{number}: no text in the field "{field}"; name the right one (--field NAME)'
            )
        yield value[field] + "\n"


def read_text(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    encoding: str = "utf-8",
    errors: str = "strict",
    field: str = "text",
    normalize: str | None = None,
    progress: bool = False,
) -> Iterator[str]:
    """Blocks of the text of some files, a line end after each file.

    Parameters
    ----------
    paths : path or iterable of paths
        See :func:`find_files`. ``.gz``, ``.xz``, ``.bz2`` and ``.zst`` are decompressed on the way.
    encoding : str
        Any encoding that Python knows; a byte order mark is dropped.
    errors : {"strict", "replace", "skip-line"}
        What to do where bytes are not in that encoding: stop, put U+FFFD, or leave out the whole line.
    field : str
        The key that holds the text of each line of a ``.jsonl`` file.
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
    try:
        codecs.getincrementaldecoder(encoding)
    except LookupError:
        raise ParameterError(f"unknown encoding {encoding!r}; try utf-8, gb18030, big5 or utf-16") from None
    if errors not in ERRORS:
        raise ParameterError(f"errors must be one of {', '.join(ERRORS)}, not {errors!r}")
    if normalize is not None and normalize not in NORMAL_FORMS:
        raise ParameterError(f"normalize must be one of {', '.join(NORMAL_FORMS)}, not {normalize!r}")
    files = find_files(paths)
    total = None if "-" in files else sum(os.path.getsize(file) for file in files)
    with bar(progress, "reading", total) as shown:
        for path in files:
            blocks = _decode(_read_bytes(path, shown.update), path, encoding, errors)
            if errors == "skip-line":
                blocks = _drop_bad_lines(blocks)
            if ".jsonl" in Path(path).suffixes:
                blocks = _json_fields(blocks, path, field)
            if normalize:
                blocks = _normalize(blocks, normalize)
            yield from blocks
            yield "\n"
