"""Files and folders, compressed or not, to blocks of bytes."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import re
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from minent.errors import InputError, MissingExtraError

__all__ = ["BLOCK", "find_files", "is_jsonl", "kind_and_packing", "read_bytes", "shorten", "shown"]

BLOCK = 1 << 18


def shorten(text: str) -> str:
    """Text for a message: on one line, and not long."""
    text = re.sub(r"\s", " ", text)
    return text if len(text) <= 200 else f"{text[:200]}..."


def shown(path: str) -> str:
    """A path for a message."""
    return "standard input" if path == "-" else shorten(path)


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
    "": partial(_blocks, lambda raw: raw),
    ".gz": partial(_blocks, gzip.open),
    ".xz": partial(_blocks, lzma.open),
    ".bz2": partial(_blocks, bz2.open),
    ".zst": _read_zst,
}
_KINDS = (".txt", ".jsonl")
_DAMAGE = (EOFError, OSError, zlib.error, lzma.LZMAError)


def kind_and_packing(path: str) -> tuple[str, str]:
    """The suffix that tells the kind of text, and the one of the compression or nothing."""
    stem, last = os.path.splitext(path.lower())
    return (os.path.splitext(stem)[1], last) if last and last in _READERS else (last, "")


def is_jsonl(path: str) -> bool:
    """Whether a file holds JSON lines, by its name."""
    return kind_and_packing(path)[0] == ".jsonl"


def _files_inside(folder: str) -> Iterator[str]:
    for path in sorted(Path(folder).rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and kind_and_packing(path.name)[0] in _KINDS and os.path.isfile(path):
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
    """A raw file that tells a progress bar how many bytes were read, and ends once: a terminal would go on."""

    def __init__(self, raw: Any, tick: Callable[[int], Any]) -> None:
        self._read, self._tick, self._ended = getattr(raw, "readinto1", raw.readinto), tick, False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size: int = 0 if self._ended else self._read(buffer)
        self._ended = size == 0
        self._tick(size)
        return size


def read_bytes(path: str, tick: Callable[[int], Any] = bool) -> Iterator[bytes]:
    """Blocks of a file's bytes, decompressed; ``tick`` is told how many bytes of the file were read."""
    try:
        opened: Any = nullcontext(sys.stdin.buffer) if path == "-" else io.FileIO(path)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise InputError(f"{shown(path)}: cannot be opened: {why}; check path and permissions") from None
    with opened as raw:
        counted = io.BufferedReader(_CountingRaw(raw, tick), BLOCK)
        try:
            yield from _READERS[kind_and_packing(path)[1]](counted)
        except _DAMAGE as error:
            raise InputError(f"{shown(path)}: cannot be read to its end: {error}; is it damaged?") from None
