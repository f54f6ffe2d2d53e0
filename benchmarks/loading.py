"""Loading a vocabulary: from a file to the first words cut."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.registry import Case, Comparison, Options, Run
from benchmarks.texts import KEPT

SIZES = (30_000, 350_000, 1_000_000)
PREPARE = "import sys; from benchmarks.loading import prepare; prepare(int(sys.argv[1]), sys.argv[2])"
OWN_FORM = "Reads its own binary form of the same words, which is made beforehand."


def prepare(n_words: int, target: str) -> None:
    """Write a generated lexicon in all forms, and a line to cut; run in a process of its own."""
    import minent
    from benchmarks.generate import lexicon
    from benchmarks.pieces import unigram_model

    words = lexicon(0, n_words)
    counts = {word: 10_000_000 // (rank + 3) + 1 for rank, word in enumerate(words)}
    vocab = minent.Vocab(counts)
    vocab.save(target + ".tsv")
    vocab.save(target + ".jieba", format="jieba")
    text = "".join(words[:: n_words // 1000])
    Path(target + ".text").write_text(text, "utf-8")
    Path(target + ".model").write_bytes(unigram_model(counts, set("".join(words))))
    vocab.save(target + ".compiled", compiled=True)


def _cases(options: Options) -> dict[str, Case]:
    KEPT.mkdir(parents=True, exist_ok=True)
    cases: dict[str, Case] = {}
    for size in SIZES:
        target = str(KEPT / f"lexicon-{size}")
        subprocess.run([sys.executable, "-c", PREPARE, str(size), target], check=True)
        cases[f"{size:,}"] = {"vocab": target, "words": size}
    return cases


loading = Comparison(
    name="loading",
    title="Loading a vocabulary",
    note="A generated lexicon, from its file to the first text cut, a line with a thousand of its words. All cut that "
    "line into as many words as minent, or say why not.",
    cases=_cases,
    amount=lambda case: case["words"],
    unit="words",
    summary=lambda words: {"words cut": len(words)},
)


def _text(case: Case) -> str:
    return Path(case["vocab"] + ".text").read_text("utf-8")


def _minent(case: Case, suffix: str) -> Run:
    import minent

    text = _text(case)
    minent.Segmenter({"天下": 1}).segment("天下")  # so that nothing is compiled later
    return lambda: minent.Segmenter(minent.Vocab.load(case["vocab"] + suffix)).segment(text)


@loading.contender("minent", requires=("minent",))
def from_text(case: Case) -> Run:
    return _minent(case, ".tsv")


@loading.contender("minent, compiled form", requires=("minent",))
def from_compiled(case: Case) -> Run:
    return _minent(case, ".compiled")


@loading.contender("SentencePiece", requires=("sentencepiece",), differs=f"{OWN_FORM} Decides ties in another way.")
def with_sentencepiece(case: Case) -> Run:
    import sentencepiece

    text = _text(case)
    return lambda: sentencepiece.SentencePieceProcessor(model_file=case["vocab"] + ".model").encode(text, out_type=str)


@loading.contender("rjieba", requires=("rjieba",), differs="Has no way to read a file but word by word.")
def with_rjieba(case: Case) -> Run:
    import rjieba

    text = _text(case)

    def run() -> Any:
        dictionary = rjieba.Jieba.empty()
        with Path(case["vocab"] + ".jieba").open(encoding="utf-8") as file:
            for line in file:
                word, count = line.split(" ")[:2]
                dictionary.add_word(word, int(count), "n")
        return dictionary.cut(text, False)

    return run


@loading.contender("jieba", requires=("jieba",), differs="Without its cache; decides ties in another way.")
def with_jieba(case: Case) -> Run:
    import jieba

    jieba.setLogLevel("WARNING")
    text = _text(case)

    def run() -> Any:
        cache = KEPT / "jieba.cache"
        cache.unlink(missing_ok=True)
        tokenizer = jieba.Tokenizer(case["vocab"] + ".jieba")
        tokenizer.cache_file, tokenizer.tmp_dir = cache.name, str(KEPT)
        return tokenizer.lcut(text, HMM=False)

    return run
