"""Finding the words of a corpus: the whole command, from a file on disk to a file with words."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.registry import Case, Comparison, Options, Run
from benchmarks.texts import DEVELOPMENT, KEPT, chosen, count_chars, title

# The command beside the Python that runs this.
MINENT = str(Path(sys.executable).with_name("minent"))


class Found(NamedTuple):
    """Words, the best ones first, and the gold standard to score them by, if there is one."""

    words: list[str]
    gold: str


def _cases(options: Options) -> dict[str, Case]:
    path = chosen(options)
    KEPT.mkdir(parents=True, exist_ok=True)
    gold = str(path.with_name("gold.txt")) if path == DEVELOPMENT else ""
    return {title(path): {"corpus": str(path), "gold": gold, "target": str(KEPT / f"found-{path.stem}")}}


def _summary(found: Found) -> dict[str, Any]:
    """How many words of two characters or more, and how good they are."""
    from minent import evaluate_vocab

    sizes = {"words": sum(len(word) > 1 for word in found.words)}
    if not found.gold:
        return sizes
    known = Counter(Path(found.gold).read_text("utf-8").split())
    result = evaluate_vocab(found.words, known)
    at = result.precision_at
    return sizes | {"P@1000": at[1000], "P@5000": at[5000], "precision": result.precision, "recall": result.recall}


discovery = Comparison(
    name="discovery",
    title="Finding words",
    note="From a UTF-8 file to a file with words and counts. Everybody finds other words; where there is a gold "
    "standard, the columns on the right say how good they are. The words of the others are ranked by count.",
    cases=_cases,
    amount=count_chars,
    summary=_summary,
)


def _first_fields(path: str) -> list[str]:
    return [line.split("\t")[0] for line in Path(path).read_text("utf-8").splitlines()[1:]]


def _by_command(case: Case, *options: str) -> Run:
    target = case["target"] + ".tsv"

    def run() -> Found:
        subprocess.run([MINENT, "build-vocab", "-q", *options, case["corpus"], "-o", target], check=True)
        return Found(_first_fields(target), case["gold"])

    return run


@discovery.contender("minent build-vocab", requires=("minent",))
def with_minent(case: Case) -> Run:
    return _by_command(case)


@discovery.contender("minent build-vocab --threads 2", requires=("minent",))
def with_two_threads(case: Case) -> Run:
    return _by_command(case, "--threads", "2")


@discovery.contender("minent build-vocab --method ngram", requires=("minent",), differs="Another method.")
def with_ngram(case: Case) -> Run:
    return _by_command(case, "--method", "ngram")


@discovery.contender("minent build-vocab --method pmi", requires=("minent",), differs="Another method.")
def with_pmi(case: Case) -> Run:
    return _by_command(case, "--method", "pmi")


@discovery.contender(
    "SentencePiece BPE",
    requires=("sentencepiece",),
    differs="The BPE trainer, 32,000 pieces, one thread, all characters.",
)
def with_sentencepiece(case: Case) -> Run:
    def run() -> Found:
        train_pieces(case["corpus"], case["target"] + "-bpe", "bpe")
        return Found(learned_pieces(case["target"] + "-bpe"), case["gold"])

    return run


def train_pieces(corpus: str, prefix: str, kind: str, size: int = 32_000) -> None:
    """Train a SentencePiece model of a kind on a file."""
    import sentencepiece

    sentencepiece.SentencePieceTrainer.train(
        input=corpus,
        model_prefix=prefix,
        model_type=kind,
        vocab_size=size,
        hard_vocab_limit=False,
        character_coverage=1.0,
        normalization_rule_name="identity",
        add_dummy_prefix=False,
        max_sentence_length=1 << 20,
        num_threads=1,
        minloglevel=2,
    )


def learned_pieces(prefix: str) -> list[str]:
    """Pieces of a model in its own order, which is that of merges for BPE and of probability for unigrams."""
    return _first_fields(prefix + ".vocab")


@discovery.contender(
    "word-discovery's procedure",
    differs="The procedure of kexue.fm 4256 and 6920, re-implemented from its description in plain Python with exact "
    "counts; least count 5, least cohesion 2, 4, 6.",
)
def with_joining(case: Case) -> Run:
    from benchmarks.peers import join_and_check

    def run() -> Found:
        with Path(case["corpus"]).open(encoding="utf-8") as file:
            found = join_and_check(file)
        lines = "".join(f"{word}\t{count}\n" for word, count in found.items())
        Path(case["target"] + "-joined.tsv").write_text(lines, "utf-8")
        return Found(list(found), case["gold"])

    return run


@discovery.contender(
    "nlp-zero", requires=("nlp-zero",), differs="Its word finder, least probability 5e-6, least PMI 1."
)
def with_nlp_zero(case: Case) -> Run:
    def run() -> Found:
        words = nlp_zero_finder(Path(case["corpus"]).read_text("utf-8").splitlines()).words
        ranked = sorted(words.items(), key=lambda item: -item[1])
        text = "".join(f"{word}\t{count}\n" for word, count in ranked)
        Path(case["target"] + "-nlp-zero.tsv").write_text(text, "utf-8")
        return Found([word for word, _ in ranked], case["gold"])

    return run


def nlp_zero_finder(lines: list[str]) -> Any:
    """Its word finder after its work."""
    import collections
    import collections.abc
    import logging

    # The package is of 2018 and looks for this name in its old place.
    collections.Iterable = collections.abc.Iterable  # type: ignore[attr-defined]
    import nlp_zero

    logging.disable(logging.CRITICAL)
    finder = nlp_zero.Word_Finder(min_proba=5e-6, min_pmi=1)
    finder.train(lines)
    finder.find(lines)
    return finder
