"""Every way to learn words from raw text and to cut text with them, each in a process of its own.

A case holds ``test``, a file of gold words; ``learn``, files of other raw text; ``own``, whether the raw text of the
test is learned from too; ``training_words``, what counts as known; and ``target``, a name for scratch files.
"""

from __future__ import annotations

import functools
import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.registry import Case, Comparison, Run

WARM_UP = 300  # lines


@dataclass
class Outcome:
    """Words of each line of the test; a word list, best word first, if there is one; and processor seconds."""

    case: Case
    lines: list[list[str]] = field(default_factory=list)
    vocab: list[str] | None = None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Measure what is done inside."""
        begin = time.process_time()
        yield
        self.seconds[stage] = time.process_time() - begin


class NeedsTheTest(ValueError):
    """A method that can cut only the text that it learned from."""


# What is measured of an outcome.


def read_gold(path: str) -> list[list[str]]:
    """Words of each line."""
    return [line.split() for line in Path(path).read_text("utf-8-sig").split("\n") if line.strip()]


def read_raw(path: str) -> list[str]:
    """Lines of a text; spaces, which separate words in some corpora, are taken out of files of gold words."""
    return Path(path).read_text("utf-8-sig").split("\n")


def without_punctuation(lines: Iterable[Sequence[str]]) -> set[tuple[int, int]]:
    """Begin and end of all words that hold a letter, a digit or a Han character."""
    from minent.units import char_classes

    classes = char_classes()
    spans, at = set(), 0
    for words in lines:
        for word in words:
            if any(1 <= classes[ord(char)] <= 3 for char in word):
                spans.add((at, at + len(word)))
            at += len(word)
    return spans


def bits_a_character(lines: Iterable[Sequence[str]]) -> float:
    """Entropy of the tokens by their mean length, punctuation too."""
    counts = Counter(word for words in lines for word in words)
    total = sum(counts.values())
    chars = sum(len(word) * n for word, n in counts.items())
    return -sum(n * math.log2(n / total) for n in counts.values()) / chars


def _summary(outcome: Outcome) -> dict[str, Any]:
    import minent

    gold = read_gold(outcome.case["test"])
    known = outcome.case["training_words"]
    training = Path(known).read_text("utf-8-sig").split() if known else None
    result = minent.evaluate(gold, outcome.lines, training_words=training)
    right, wanted = without_punctuation(outcome.lines), without_punctuation(gold)
    shown = {
        "F1": result.f1,
        "without punctuation": 2 * len(right & wanted) / (len(right) + len(wanted)),
        "boundary F1": result.boundary_f1,
        "OOV recall": None if training is None else result.oov_recall,
        "bits/char": bits_a_character(outcome.lines),
    }
    lexicon = _of_lexicon(outcome.vocab, gold)
    if outcome.case["learn"]:  # words of the other text are no errors
        lexicon = {key: value for key, value in lexicon.items() if key in ("words", "recall")}
    return shown | lexicon | {stage: round(s, 2) for stage, s in outcome.seconds.items()}


def _of_lexicon(vocab: list[str] | None, gold: list[list[str]]) -> dict[str, Any]:
    import minent

    if vocab is None:
        return {}
    result = minent.evaluate_vocab(vocab, Counter(word for words in gold for word in words))
    at = {f"P@{k}": None if math.isnan(p) else p for k, p in result.precision_at.items()}
    return {"words": result.words} | at | {"precision": result.precision, "recall": result.recall}


scoreboard = Comparison(
    name="scoreboard",
    title="Scoreboard",
    note="",
    cases=lambda options: {},
    amount=lambda case: sum(map(len, read_gold(case["test"]))),
    summary=_summary,
)

Learn = Callable[[Outcome, list[str], list[str]], None]


def entry(
    name: str, *requires: str, warm_up: bool = True, differs: str = "A method of its own."
) -> Callable[[Learn], Learn]:
    """Enter a function that learns from raw lines and cuts the lines of the test."""

    def enter(learn_and_cut: Learn) -> Learn:
        @scoreboard.contender(name, requires=requires, differs=differs)
        def prepare(case: Case) -> Run:
            test = ["".join(words) for words in read_gold(case["test"])]
            raw = [line for path in case["learn"] for line in read_raw(path)]
            if warm_up:
                learn_and_cut(Outcome(case), (test + raw)[:WARM_UP], test[:WARM_UP])

            def run() -> Outcome:
                outcome = Outcome(case)
                # The test comes first, so that methods that cut what they learned from know where it is.
                learn_and_cut(outcome, test + raw if case["own"] else raw, test)
                return outcome

            return run

        return learn_and_cut

    return enter


# The entries.


@entry("every character")
def every_character(outcome: Outcome, learn: list[str], test: list[str]) -> None:
    import minent

    with outcome.timed("segment s"):
        outcome.lines = list(minent.Segmenter({}, units="char").segment_many(test))


@entry("the gold standard")
def gold_standard(outcome: Outcome, learn: list[str], test: list[str]) -> None:
    outcome.lines = read_gold(outcome.case["test"])[: len(test)]


@entry("minent", "minent")
def with_minent(outcome: Outcome, learn: list[str], test: list[str]) -> None:
    """Words of the method that the case names, then the segmenter."""
    import minent

    with outcome.timed("learn s"):
        vocab = minent.build_vocab(learn, method=outcome.case["method"])
    with outcome.timed("segment s"):
        outcome.lines = list(minent.Segmenter(vocab).segment_many(test))
    outcome.vocab = list(vocab)


@entry("minent autonomy, its own cuts", "minent")
def with_own_cuts(outcome: Outcome, learn: list[str], test: list[str]) -> None:
    """The segmentation that autonomy makes, without a word list."""
    import minent

    with outcome.timed("learn s"):
        corpus = minent.Corpus.from_texts(learn)
        segmenter = minent.Segmenter.learn(corpus)
    with outcome.timed("segment s"):
        outcome.lines = list(segmenter.segment_many(test))
    outcome.vocab = _used_often(outcome.lines, corpus)


@entry("minent bigram model", "minent")
def with_bigram_model(outcome: Outcome, learn: list[str], test: list[str]) -> None:
    """The model itself as the segmenter, as for any other text."""
    import minent
    from minent.bigram import BigramModel

    with outcome.timed("learn s"):
        corpus = minent.Corpus.from_texts(learn)
        model = BigramModel.learn(corpus)
    with outcome.timed("segment s"):
        outcome.lines = list(model.segment_many(test))
    outcome.vocab = list(minent.build_vocab(corpus, method="bigram", model=model))


@entry("nVBE as published")
def with_variation(outcome: Outcome, learn: list[str], test: list[str]) -> None:
    """Magistry and Sagot 2012: exponent 1, no offset; on minent's counts and kernels."""
    import minent
    from benchmarks.cuts import Text
    from benchmarks.peers import published_cuts

    if learn[: len(test)] != test:
        raise NeedsTheTest("this method cuts only the text that it learned from")
    corpus, text = minent.Corpus.from_texts(learn), Text(test)
    with outcome.timed("segment s"):
        outcome.lines = text.words(text.boundaries(corpus.ids, published_cuts(corpus)))
    outcome.vocab = _used_often(outcome.lines, corpus)


def _used_often(lines: list[list[str]], corpus: Any) -> list[str]:
    """The words of a segmentation that a word list of this corpus would have, most frequent first."""
    import minent

    least = minent.discovery.default_min_count(corpus.n_units)
    counts = Counter(word for words in lines for word in words)
    return [word for word, count in counts.most_common() if count >= least]


@entry("word-discovery's procedure", differs="Re-implemented with exact counts; its words, cut by minent's segmenter.")
def with_joining(outcome: Outcome, learn: list[str], test: list[str]) -> None:
    import minent
    from benchmarks.peers import join_and_check

    with outcome.timed("learn s"):
        counts = join_and_check(learn)
    with outcome.timed("segment s"):
        outcome.lines = list(minent.Segmenter(counts).segment_many(test))
    outcome.vocab = list(counts)


@entry("nlp-zero", "nlp-zero", differs="Its words and its own tokenizer.")
def with_nlp_zero(outcome: Outcome, learn: list[str], test: list[str]) -> None:
    from benchmarks.discovery import nlp_zero_finder

    with outcome.timed("learn s"):
        finder = nlp_zero_finder(learn)
    with outcome.timed("segment s"):
        tokenizer = finder.export_tokenizer()
        outcome.lines = [tokenizer.tokenize(line) for line in test]
    outcome.vocab = sorted(finder.words, key=lambda word: -finder.words[word])


def _with_pieces(outcome: Outcome, learn: list[str], test: list[str], kind: str) -> None:
    import sentencepiece

    from benchmarks.discovery import learned_pieces, train_pieces

    target = f"{outcome.case['target']}-{kind}"
    Path(target + ".txt").write_text("\n".join(learn), "utf-8")
    with outcome.timed("learn s"):
        train_pieces(target + ".txt", target, kind)
    with outcome.timed("segment s"):
        model = sentencepiece.SentencePieceProcessor(model_file=target + ".model")
        outcome.lines = _encode(model, test)
    outcome.vocab = learned_pieces(target)


def _encode(model: Any, texts: list[str]) -> list[list[str]]:
    found = model.encode(texts, out_type=str, num_threads=1)
    return [[piece.replace("\u2581", " ") for piece in pieces] for pieces in found]


for kind in ("unigram", "bpe"):
    entry(f"SentencePiece {kind}", "sentencepiece", warm_up=False)(functools.partial(_with_pieces, kind=kind))


@entry("minent's words, SentencePiece's segmenter", "minent", "sentencepiece")
def with_pieces_of_ours(outcome: Outcome, learn: list[str], test: list[str]) -> None:
    import sentencepiece

    import minent
    from benchmarks.pieces import unigram_model

    with outcome.timed("learn s"):
        vocab = minent.build_vocab(learn)
    model = sentencepiece.SentencePieceProcessor()
    model.LoadFromSerializedProto(unigram_model(vocab, set("".join(test))))
    with outcome.timed("segment s"):
        outcome.lines = _encode(model, test)
    outcome.vocab = list(vocab)


@entry("jieba with its dictionary", "jieba", differs="Its dictionary was made from annotated text.")
def with_jieba(outcome: Outcome, learn: list[str], test: list[str]) -> None:
    import jieba

    jieba.setLogLevel("WARNING")
    jieba.initialize()
    with outcome.timed("segment s"):
        outcome.lines = [jieba.lcut(text) for text in test]
