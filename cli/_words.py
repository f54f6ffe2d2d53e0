"""Lists of words, one a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator


def first_fields(lines: Iterable[str]) -> Iterator[str]:
    """The first field of each line, up to a blank or tab; the header of a vocabulary is left out."""
    for number, line in enumerate(lines):
        word = line.replace("\t", " ").strip(" \r\n").partition(" ")[0]
        if word and not (number == 0 and line.startswith("word\t")):
            yield word
