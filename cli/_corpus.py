"""The corpus that commands read, and what to say of files that are none."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from minent_cli._output import note

if TYPE_CHECKING:
    from minent.corpus import Corpus

_START = 1 << 12  # bytes that tell what a file is


def read_corpus(paths: Sequence[str], purpose: str, quiet: bool, **reading: Any) -> Corpus:
    """The corpus of some files; without anything in it, it serves no purpose."""
    from minent.corpus import Corpus
    from minent.errors import InputError

    note_typing(paths, quiet)
    corpus = Corpus.from_files(paths, progress=not quiet, **reading)
    if corpus.n_units == 0:
        raise InputError(f"{nothing_in(paths)} to {purpose}; name files of text")
    note_zeros(paths, reading["encoding"], quiet)
    return corpus


def nothing_in(paths: Sequence[str]) -> str:
    """What to say of files that hold no text."""
    from minent.unpacking import shown

    where = shown(paths[0]) if len(paths) == 1 else f"all of the {len(paths)} files and folders"
    return f"{where}: no letters, digits or Han characters"


def note_typing(paths: Sequence[str], quiet: bool) -> None:
    """Say that a command waits for text to be typed."""
    if "-" in paths and sys.stdin.isatty():
        note(f"reading standard input; {'Ctrl-Z and Enter end' if os.name == 'nt' else 'Ctrl-D ends'} it", quiet)


def note_zeros(paths: Sequence[str], encoding: str, quiet: bool) -> None:
    """Say that a file could be read, but holds zero bytes."""
    if quiet or encoding.lower().startswith(("utf-16", "utf-32", "utf16", "utf32")):
        return
    from minent.unpacking import read_bytes, shown

    for path in filter(os.path.isfile, paths):
        if b"\0" in next(read_bytes(path), b"")[:_START]:
            note(f"{shown(path)}: there are zero bytes in it; is it text?")
