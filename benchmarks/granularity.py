"""Autonomy's granularity as it follows from the text alone, beside the best one by gold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.cuts import Text, cuts_at

GRID = tuple(-1.0 + 0.5 * k for k in range(17))
HEAD = (
    "text",
    "characters scored",
    "units in all",
    "rule's x",
    "rule's F1",
    "best x",
    "best F1",
    "lost",
    "F1 at x = 3",
)
NOTE = (
    "Autonomy as a segmenter of its own, words of up to 6 units. *Rule*: the offset x that minent finds in the raw "
    "text; *best*: the one of −1, −0.75, … 7 with the greatest F1 against gold, which no program could know. The text "
    "scored is the beginning of the development corpus; what is mixed in is raw text of another kind. F1 counts all "
    "tokens."
)


def trial(name: str, lines: Sequence[str], gold: Sequence[Sequence[str]], others: Iterable[str] = ()) -> list[object]:
    """One row: learn from the lines and the other texts, score the lines."""
    import minent
    from minent.autonomy import autonomy
    from minent.numerals import as_one

    corpus = as_one(minent.Corpus.from_texts([*lines, *others]))
    found = autonomy(corpus, minent.count_ngrams(corpus, max_order=6, min_count=2, branching=True))
    text = Text(lines, gold)

    def f1(x: float) -> float:
        return text.f1(text.boundaries(corpus.ids, cuts_at(found, corpus.ids, x)))

    scores = {x: f1(x) for x in GRID}
    middle = max(scores, key=scores.__getitem__)
    scores |= {x: f1(x) for x in (middle - 0.25, middle + 0.25)}
    best = max(scores, key=scores.__getitem__)
    rule = f1(found.offset)
    return [
        name,
        sum(map(len, lines)),
        corpus.n_units,
        round(found.offset, 2),
        rule,
        best,
        scores[best],
        round(max(0.0, scores[best] - rule), 4),
        scores[3.0],
    ]


def beginnings(gold: Sequence[list[str]], sizes: Iterable[int]) -> Iterator[list[list[str]]]:
    """The first lines of a text that hold so many characters, for each size; 0 is the whole text."""
    for size in sizes:
        chars, lines = 0, []
        for words in gold:
            lines.append(words)
            chars += sum(map(len, words))
            if size and chars >= size:
                break
        yield lines
