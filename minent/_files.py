"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from typing import IO, Any

from minent.errors import InputError

__all__ = ["open_whole", "write_whole"]

_COMPRESSED = (".gz", ".xz", ".bz2", ".zst")


@contextlib.contextmanager
def open_whole(path: str | os.PathLike[str], *, binary: bool = False) -> Iterator[IO[Any]]:
    """A UTF-8 (or binary) file that takes its place only when the block ends well; an old one is kept until then.

    Pipes and devices, ``/dev/stdout`` among them, are written as they stand.

    Raises
    ------
    InputError
        The file cannot be written: names it and says why.
    """
    name = os.fspath(path)
    temporary = ""
    try:
        if os.path.isdir(name):
            raise IsADirectoryError(0, "it is a folder")
        folder = os.path.dirname(name)
        if folder and not os.path.isdir(folder):
            raise FileNotFoundError(0, f"there is no folder {folder}; make it first")
        if name.lower().endswith(_COMPRESSED):
            raise OSError(0, "compressed files are only read; leave out the last suffix")
        if _is_stream(name):
            with _open(name, "a", binary) as file:
                yield file
            return
        target = os.path.realpath(name)  # so that a link stays a link
        temporary = os.path.join(os.path.dirname(target), f".minent-{uuid.uuid4().hex}")
        with _open(temporary, "x", binary) as file:
            if os.path.exists(target):
                shutil.copymode(target, temporary)
            yield file
        os.replace(temporary, target)
    except OSError as error:
        raise InputError(f"{name}: cannot be written: {error.strerror or error}") from None
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _open(name: str, mode: str, binary: bool) -> IO[Any]:
    return open(name, mode + "b") if binary else open(name, mode, encoding="utf-8", newline="\n")


def _is_stream(name: str) -> bool:
    # /dev/stdout may lead to a plain file, but to replace that would cut it off from whoever holds it open.
    known = os.path.abspath(name).startswith(("/dev/std", "/dev/fd/", "/proc/"))
    return known or (os.path.exists(name) and not os.path.isfile(name))


def write_whole(path: str | os.PathLike[str], lines: Iterable[str]) -> None:
    """Write lines to a file that appears whole or not at all."""
    with open_whole(path) as file:
        file.writelines(lines)
