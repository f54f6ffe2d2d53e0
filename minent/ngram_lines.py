"""N-gram counts as lines of text, also where they do not fit into memory."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator

from minent._buckets import Alphabet
from minent._disk import DiskText
from minent._memory import as_memory_limit
from minent.corpus import Corpus, CorpusLike, as_corpus
from minent.counting import Places, PrefixTree
from minent.errors import check_whole
from minent.ngrams import NgramCounts, check_counting, count_ngrams

__all__ = ["ngram_lines"]


def ngram_lines(
    corpus: CorpusLike,
    *,
    max_order: int = 4,
    min_order: int = 1,
    min_count: int = 1,
    memory: str | int | None = None,
    threads: int = 1,
) -> Iterator[str]:
    """The lines "n-gram, tab, count" of all n-grams, in the order of :meth:`minent.ngrams.NgramCounts.items`.

    With ``memory``, the counts need not fit into it.

    Parameters
    ----------
    corpus, max_order, min_count, memory, threads
        As for :func:`minent.ngrams.count_ngrams`.
    min_order : int
        Shortest n-gram wanted.

    Yields
    ------
    str
        A line with its end.

    Raises
    ------
    ParameterError
        An argument is out of range.

    Examples
    --------
    >>> list(ngram_lines(["天下大势", "天下太平"], max_order=3, min_order=2, min_count=2))
    ['天下\\t2\\n']
    """
    check_counting(max_order, min_count, threads)
    check_whole("min_order", min_order, 1, max_order)
    limit = as_memory_limit(memory)
    corpus = as_corpus(corpus, on_disk=limit is not None, threads=threads)
    if limit is None:
        counts = count_ngrams(corpus, max_order=max_order, min_count=min_count, memory=memory, threads=threads)
        for n in range(min_order, max_order + 1):
            yield from _lines(counts, n)
        return
    # The parts come in the order of their first units, and each has n-grams of all orders.
    with contextlib.ExitStack() as stack:
        longer = {n: stack.enter_context(DiskText()) for n in range(max(2, min_order), max_order + 1)}
        for part in _parts(corpus, max_order, min_count, threads):
            for n, text in longer.items():
                text.writelines(_lines(part, n))
        if min_order == 1:
            yield from _lines(part, 1)
        for text in longer.values():
            yield from text.lines()


def _parts(corpus: Corpus, max_order: int, min_count: int, threads: int) -> Iterator[NgramCounts]:
    """All units, each time with a part of the longer n-grams; at first with none."""
    alphabet = Alphabet.of(corpus.frequency, min_count)
    places = Places(corpus.ids, alphabet, max_order, min_count, threads=threads, on_disk=True)
    for some in itertools.chain([[]], ([part] for part in places.ngrams(min_count))):
        yield NgramCounts.from_tree(PrefixTree(alphabet, max_order, some), corpus, min_count)


def _lines(counts: NgramCounts, order: int) -> Iterator[str]:
    return (f"{ngram}\t{times}\n" for ngram, times in counts.items(order))
