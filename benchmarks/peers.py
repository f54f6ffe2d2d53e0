"""Published procedures that no package offers in a usable form, written anew from their descriptions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from math import log
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from minent import Corpus, NgramCounts

CLAUSE = re.compile("[0-9a-zA-Z\u4e00-\u9fa5]+")


def join_and_check(
    texts: Iterable[str], min_count: int = 5, least: tuple[float, ...] = (2.0, 4.0, 6.0)
) -> dict[str, int]:
    """Words by the procedure of kexue.fm 4256 and 6920 ("word-discovery"), in plain Python, with exact counts.

    N-grams of up to 4 characters are strong if frequent and of high cohesion; overlapping strong n-grams join into
    pieces, which are counted; a piece stays if all its inner n-grams of 4 (itself, if shorter) are strong.
    """
    clauses = [clause for text in texts for clause in CLAUSE.findall(text)]
    longest = len(least) + 1
    counts: Counter[str] = Counter()
    for n in range(1, longest + 1):
        counts.update(clause[i : i + n] for clause in clauses for i in range(len(clause) - n + 1))
    total = sum(map(len, clauses))
    strong = {
        gram
        for gram, count in counts.items()
        if len(gram) > 1
        and count >= min_count
        and min(log(total * count / (counts[gram[:k]] * counts[gram[k:]])) for k in range(1, len(gram)))
        >= least[len(gram) - 2]
    }
    pieces = Counter(piece for clause in clauses for piece in _pieces(clause, strong, longest))
    return {
        piece: count
        for piece, count in pieces.most_common()
        if count >= min_count
        and (len(piece) == 1 or all(piece[i : i + longest] in strong for i in range(max(1, len(piece) - longest + 1))))
    }


def _pieces(clause: str, strong: set[str], longest: int) -> Iterator[str]:
    """A clause cut wherever no strong n-gram reaches across."""
    begin = reach = 0
    for i in range(len(clause)):
        if i >= reach and i > begin:
            yield clause[begin:i]
            begin = i
        for n in range(min(longest, len(clause) - i), 1, -1):
            if clause[i : i + n] in strong:
                reach = max(reach, i + n)
                break
        reach = max(reach, i + 1)
    yield clause[begin:]


def variation(tree: NgramCounts) -> NDArray[Any]:
    """Normalised variation of branching entropy (Magistry and Sagot 2012) of the n-grams below the longest order.

    The sum over both sides of h(w) − h(w without its outer unit), less the mean of that over the n-grams of its length.
    """
    import numpy as np

    import minent

    p = tree.count[tree.order(1)] / tree.total
    values = np.zeros(int(tree.starts[-2]))
    for side, shorter in (("right", tree.parent), ("left", tree.suffix)):
        by_order = minent.branching_entropy(tree, side=side)
        entropy = np.concatenate([by_order[n] for n in range(1, tree.max_order)])
        above = shorter[: len(entropy)]
        change = entropy - np.where(above < 0, -float(p @ np.log(p)), entropy[above])
        for n in range(1, tree.max_order):
            of_order = tree.order(n)
            values[of_order] += change[of_order] - change[of_order].mean()
    return values


def published_cuts(corpus: Corpus, longest: int = 6) -> NDArray[Any]:
    """Length of the word that begins at each unit, maximising Σ value · length: nVBE as it was published."""
    import numpy as np

    import minent
    from minent._kernels.autonomy import best_cuts

    tree = minent.count_ngrams(corpus, max_order=longest + 1, min_count=2)
    nodes = tree.walk(corpus.ids, longest)
    lengths = np.repeat(np.arange(1.0, longest + 1), np.diff(tree.starts)[:longest])
    scores = np.append(variation(tree) * lengths, -np.inf).astype(np.float32)
    best, step = np.empty(len(corpus.ids) + 1), np.empty(len(corpus.ids), np.int8)
    best_cuts(corpus.ids, nodes, scores, best, step)
    return step
