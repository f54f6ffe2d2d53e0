"""Lists of words, one a line, and vocabularies."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from minent_cli._output import note

if TYPE_CHECKING:
    from minent.vocab import Vocab

_MANY = 100  # words: fewer were written by hand
_ODD = re.compile(r"[一-鿿][ \t]*[,，]|[一-鿿]\s+(\d|.*[一-鿿])")


def first_fields(lines: Iterable[str]) -> Iterator[str]:
    """The first field of each line, up to a blank or tab; the header of a vocabulary is left out."""
    for number, line in enumerate(lines):
        word = line.replace("\t", " ").strip(" \r\n").partition(" ")[0]
        if word and not (number == 0 and line.startswith("word\t")):
            yield word


def read_lists(
    paths: Iterable[str], encoding: str, fields: Callable[[Iterable[str]], Iterable[str]] = first_fields
) -> frozenset[str]:
    """The words of some lists, which are in UTF-8 or in the encoding of the text, or compiled vocabularies."""
    from minent.reading import read_list
    from minent.vocab import Vocab, is_compiled

    def words(path: str) -> Iterable[str]:
        return Vocab.load(path) if is_compiled(path) else fields(read_list(path, encoding=encoding))

    return frozenset(word for path in paths for word in words(path))


def note_odd_words(path: str | None, words: Collection[str], form: str, quiet: bool) -> None:
    """Remark on words of a list that look like several fields, and what form a line should have."""
    odd = [word for word in words if _ODD.search(word)]
    if odd:
        note(f'{path}: {len(odd):,} of the words have a comma or space in them, such as "{odd[0][:40]}"; {form}', quiet)


def load_vocab(path: str, quiet: bool) -> Vocab:
    """A vocabulary to cut text by; one without words, or without what many words are made of, is remarked on."""
    from minent.vocab import Vocab

    vocab = Vocab.load(path)
    if not vocab:
        note(f"{path}: the vocabulary holds no words; every unit stands alone", quiet)
    elif len(vocab) >= _MANY and vocab.lacks_singles:
        note(f"{path}: no character is a word of its own, so text is cut worse; build it without --min-length 2", quiet)
    return vocab
