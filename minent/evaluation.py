"""How good is a segmentation, or a word list, beside a gold standard: the measures of the SIGHAN bakeoffs.

Words are separated by ASCII space, tab and line ends, and by nothing else: U+3000, which Chinese text uses
for indents and names, is a character of the text.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import accumulate, pairwise, zip_longest
from operator import add
from typing import TypeAlias

from minent.errors import MismatchError, ParameterError

__all__ = ["Evaluation", "LexiconEvaluation", "Sentence", "evaluate", "evaluate_vocab", "untag"]

Sentence: TypeAlias = "str | Sequence[str]"

_WORD = re.compile(r"[^ \t\r\n]+")
# "[[中央/n", "电台/n]nt", "电台/n]/nt": the shortest word that leaves nothing but a tag and closed brackets.
_TAGGED = re.compile(r"\[*(.+?)/[^/\]]+(?:\]/?[^/\]]+)*")
_HAN_WORD = re.compile("[々〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]{2,}")


def _share(part: int, whole: int, of_nothing: float = 0.0) -> float:
    return part / whole if whole else of_nothing


@dataclass(frozen=True)
class Evaluation:
    """What :func:`evaluate` counted, and the shares that follow from the counts.

    All shares lie between 0 and 1. A precision, recall or F1 of nothing is 0.0,
    an OOV rate, OOV recall or IV recall of nothing is NaN.

    Attributes
    ----------
    lines, chars : int
        Size of the text; separators are no characters.
    gold_words, predicted_words, correct_words : int
        Word tokens. A word is correct if the gold word at the same place has the same two ends.
    gold_boundaries, predicted_boundaries, correct_boundaries : int
        Places between two neighbouring words of a line. Begin and end of a line do not count.
    oov_words, correct_oov_words : int
        Gold tokens that are not among the training words, and how many of them were found.
    iv_words, correct_iv_words : int
        The same for those that are. Without a training list all four are 0.
    """

    lines: int
    chars: int
    gold_words: int
    predicted_words: int
    correct_words: int
    gold_boundaries: int
    predicted_boundaries: int
    correct_boundaries: int
    oov_words: int
    correct_oov_words: int
    iv_words: int
    correct_iv_words: int

    @property
    def precision(self) -> float:
        """Share of the predicted words that are correct."""
        return _share(self.correct_words, self.predicted_words)

    @property
    def recall(self) -> float:
        """Share of the gold words that were found."""
        return _share(self.correct_words, self.gold_words)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _share(2 * self.correct_words, self.gold_words + self.predicted_words)

    @property
    def boundary_precision(self) -> float:
        """Share of the predicted inner boundaries that are correct."""
        return _share(self.correct_boundaries, self.predicted_boundaries)

    @property
    def boundary_recall(self) -> float:
        """Share of the gold inner boundaries that were found."""
        return _share(self.correct_boundaries, self.gold_boundaries)

    @property
    def boundary_f1(self) -> float:
        """Harmonic mean of boundary precision and recall."""
        return _share(2 * self.correct_boundaries, self.gold_boundaries + self.predicted_boundaries)

    @property
    def oov_rate(self) -> float:
        """Share of the gold tokens that are not training words; NaN without a training list."""
        return _share(self.oov_words, self.oov_words + self.iv_words, math.nan)

    @property
    def oov_recall(self) -> float:
        """Share of those that were found; NaN where there are none."""
        return _share(self.correct_oov_words, self.oov_words, math.nan)

    @property
    def iv_recall(self) -> float:
        """Share of the gold tokens among the training words that were found; NaN where there are none."""
        return _share(self.correct_iv_words, self.iv_words, math.nan)


def evaluate(
    gold: Iterable[Sentence],
    predicted: Iterable[Sentence],
    *,
    training_words: Iterable[str] | None = None,
) -> Evaluation:
    """Compare a segmentation with the gold standard, as the ``score`` program of SIGHAN does.

    Parameters
    ----------
    gold, predicted : iterable of str or of sequences of str
        Sentences in the same order. A str is cut at ASCII spaces, tabs and line ends; a sequence is taken as
        it is, but for empty words, which count for nothing. Both are read in lockstep, one line at a time.
    training_words : iterable of str, optional
        The words known beforehand. Gold tokens that are not among them are out of vocabulary (OOV).

    Returns
    -------
    Evaluation

    Raises
    ------
    MismatchError
        The two are not segmentations of the same text. The message begins with the line and the column
        (character of the unsegmented line), both from 1.
    ParameterError
        ``gold``, ``predicted`` or ``training_words`` is one str.

    Notes
    -----
    The definitions are those of ``score``; what follows can move its figures by a little.

    A word is correct by its place here. ``score`` aligns the words of a line with ``diff``, which may match a
    word with the same word elsewhere in the line: beside ``a ba`` it finds one correct word in ``ab a``.

    ``score`` takes U+3000 for a separator. Files that mean it so need it replaced by a space first.

    References
    ----------
    Sproat, R. and Emerson, T. (2003). The First International Chinese Word Segmentation Bakeoff. Proceedings
    of the Second SIGHAN Workshop on Chinese Language Processing, W03-1719.

    Emerson, T. (2005). The Second International Chinese Word Segmentation Bakeoff. Proceedings of the Fourth
    SIGHAN Workshop on Chinese Language Processing, I05-3017.

    Examples
    --------
    >>> gold = ["我们 在 野生 动物园 玩"]
    >>> result = evaluate(gold, ["我们 在 野生动物园 玩"], training_words=["我们", "在", "玩"])
    >>> result.correct_words, result.precision, result.recall
    (3, 0.75, 0.6)
    >>> result.correct_boundaries, result.boundary_precision, result.boundary_recall
    (3, 1.0, 0.75)
    >>> result.oov_rate, result.oov_recall, result.iv_recall
    (0.4, 0.0, 1.0)
    """
    for name, value in (("gold", gold), ("predicted", predicted), ("training_words", training_words)):
        if isinstance(value, (str, os.PathLike)):
            kind = type(value).__name__
            raise ParameterError(f"{name} must be a sequence, not one {kind}; for a file, give open(path)")
    training = None if training_words is None else frozenset(training_words)
    counts = [0] * len(fields(Evaluation))
    for number, (truth, guess) in enumerate(zip_longest(gold, predicted), 1):
        if truth is None or guess is None:
            ended, other = ("gold", "predicted") if truth is None else ("predicted", "gold")
            raise MismatchError(f"line {number}: {ended} has ended, {other} goes on")
        gold_words, predicted_words = _words(truth), _words(guess)
        _refuse_other_text("".join(gold_words), "".join(predicted_words), number)
        counts = list(map(add, counts, _count_line(gold_words, predicted_words, training)))
    return Evaluation(*counts)


def _words(sentence: Sentence) -> list[str]:
    return _WORD.findall(sentence) if isinstance(sentence, str) else [word for word in sentence if word]


def _refuse_other_text(gold: str, predicted: str, number: int) -> None:
    if gold == predicted:
        return
    pairs = enumerate(zip_longest(gold, predicted, fillvalue=""))
    column, (a, b) = next((i, pair) for i, pair in pairs if pair[0] != pair[1])
    raise MismatchError(f"line {number}, column {column + 1}: gold has {_shown(a)}, predicted has {_shown(b)}")


def _shown(char: str) -> str:
    return f"{char!r} (U+{ord(char):04X})" if char else "the line's end"


def _count_line(gold: list[str], predicted: list[str], training: frozenset[str] | None) -> tuple[int, ...]:
    """All counts of an Evaluation, in its order, for one line."""
    gold_ends = list(accumulate(map(len, gold), initial=0))
    predicted_ends = list(accumulate(map(len, predicted), initial=0))
    correct = set(pairwise(gold_ends)).intersection(pairwise(predicted_ends))
    oov: list[tuple[int, int]] = []
    if training is not None:
        oov = [span for word, span in zip(gold, pairwise(gold_ends), strict=True) if word not in training]
    correct_oov = len(correct.intersection(oov))
    return (
        1,
        gold_ends[-1],
        len(gold),
        len(predicted),
        len(correct),
        len(gold_ends[1:-1]),
        len(predicted_ends[1:-1]),
        len(set(gold_ends[1:-1]).intersection(predicted_ends[1:-1])),
        len(oov),
        correct_oov,
        0 if training is None else len(gold) - len(oov),
        0 if training is None else len(correct) - correct_oov,
    )


def untag(line: str) -> list[str]:
    """Take the words out of a line of ``word/tag`` tokens.

    The last ``/tag`` of each token goes, and so do the brackets of PKU's compounds, ``[`` before a word and
    ``]nt`` or ``]/nt`` after a tag. A token without a tag stays as it is.

    Parameters
    ----------
    line : str

    Returns
    -------
    list of str

    Examples
    --------
    >>> untag("[中央/n  电视台/n]nt  1/2/m  [/w")
    ['中央', '电视台', '1/2', '[']
    """
    tokens = _WORD.findall(line)
    return [match[1] if (match := _TAGGED.fullmatch(token)) else token for token in tokens]


@dataclass(frozen=True)
class LexiconEvaluation:
    """How a ranked word list compares with the words of a gold standard.

    Attributes
    ----------
    words : int
        Different multi-character Han words in the list.
    correct_words : int
        How many of them the gold standard uses at all.
    gold_words : int
        Different multi-character Han words that the gold standard uses ``min_count`` times or more.
    found_words : int
        How many of those are in the list.
    precision_at : dict of int to float
        k → share of the first k words that the gold standard uses; NaN where the list is shorter than k.
    """

    words: int
    correct_words: int
    gold_words: int
    found_words: int
    precision_at: dict[int, float]

    @property
    def precision(self) -> float:
        """Share of the list that the gold standard uses; 0.0 for an empty list."""
        return _share(self.correct_words, self.words)

    @property
    def recall(self) -> float:
        """Share of the gold standard's frequent words that the list has; 0.0 if there are none."""
        return _share(self.found_words, self.gold_words)


def evaluate_vocab(
    vocab_words: Iterable[str],
    gold_counts: Mapping[str, int],
    *,
    at: Iterable[int] = (1000, 5000),
    min_count: int = 5,
) -> LexiconEvaluation:
    """Compare a ranked word list with the words of a gold standard.

    Only words of two or more characters, all of them Han (beyond the BMP too, and 々 and 〇), take part; the
    others are passed over and take no rank.

    Parameters
    ----------
    vocab_words : iterable of str
        Best word first; of a repeated word only the first counts.
    gold_counts : mapping of str to int
        How often the gold standard uses each word.
    at : iterable of int
        The ranks k of P@k.
    min_count : int
        Recall is measured over gold words with at least this count; precision accepts any that occurs.

    Returns
    -------
    LexiconEvaluation

    Raises
    ------
    ParameterError
        ``vocab_words`` is one str, a rank or ``min_count`` is below 1.

    Examples
    --------
    >>> gold = {"我们": 9, "动物园": 6, "公园": 5, "玩具": 1, "的": 50}
    >>> result = evaluate_vocab(["我们", "的", "玩具", "在玩", "动物园"], gold, at=[2, 10])
    >>> result.precision, result.precision_at
    (0.75, {2: 1.0, 10: nan})
    >>> result.recall  # of 我们, 动物园, 公园
    0.667
    """
    if not isinstance(gold_counts, Mapping):
        raise ParameterError("a gold standard is a mapping of word to count, such as collections.Counter(words)")
    if isinstance(vocab_words, str):
        raise ParameterError("vocab_words is one str; put it in a list")
    at = tuple(at)
    if min((*at, min_count)) < 1:
        raise ParameterError("at and min_count must be 1 or more")
    ranked = list(filter(_HAN_WORD.fullmatch, dict.fromkeys(vocab_words)))
    hits = [gold_counts.get(word, 0) > 0 for word in ranked]
    gold_words = filter(_HAN_WORD.fullmatch, gold_counts)
    frequent = {word for word in gold_words if gold_counts[word] >= min_count}
    return LexiconEvaluation(
        words=len(ranked),
        correct_words=sum(hits),
        gold_words=len(frequent),
        found_words=len(frequent.intersection(ranked)),
        precision_at={k: sum(hits[:k]) / k if k <= len(hits) else math.nan for k in at},
    )
