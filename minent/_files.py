"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from minent.errors import InputError

__all__ = ["open_whole", "write_whole"]


@contextlib.contextmanager
def open_whole(path: str | os.PathLike[str]) -> Iterator[IO[str]]:
    """A UTF-8 file that takes its place only when the block ends well; an old one is kept until then.

    Raises
    ------
    InputError
        The file cannot be written: names it and says why.
    """
    target = Path(path)
    temporary = ""
    try:
        if target.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        if target.exists() and not target.is_file():  # a pipe or a device cannot be replaced
            with open(target, "w", encoding="utf-8", newline="\n") as file:
                yield file
            return
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            yield file
        with contextlib.suppress(OSError):
            os.chmod(temporary, target.stat().st_mode if target.exists() else 0o666 & ~_umask())
        os.replace(temporary, target)
        temporary = ""
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror or error}") from None
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_whole(path: str | os.PathLike[str], lines: Iterable[str]) -> None:
    """Write lines to a file that appears whole or not at all."""
    with open_whole(path) as file:
        file.writelines(lines)
