"""Cutting text with a given vocabulary: to spans or ids, to lists of str, from file to file."""

from __future__ import annotations

import functools
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.registry import Case, Comparison, Options, Run
from benchmarks.texts import KEPT, chosen, count_chars, title

if TYPE_CHECKING:
    import sentencepiece
    from numpy.typing import NDArray

    import minent

PREPARE = "import sys; from benchmarks.segmentation import prepare; prepare(*sys.argv[1:])"
SAME = "Same words and counts for all, every other character a token of its own. *F1* is that of a contender's words "
SAME += "beside minent's."
OTHER_TOKENS = (
    "Takes runs of ASCII letters, digits and some signs for one token; a character unknown to it has count 1."
)
OTHER_TIES = "Decides ties in another way and adds in single precision."


@dataclass(frozen=True)
class Cut:
    """A segmentation as a contender holds it, and how to read it: the words of each line."""

    held: Any
    lines: Callable[[Any], Iterable[list[str]]]
    reference: str


# What is given to all: the vocabulary in two forms, and what minent makes of the text.


def prepare(corpus: str, vocab: str, target: str) -> None:
    """Write the vocabulary (found in the corpus if none is given) and the reference; run in a process of its own."""
    import numpy as np

    import minent

    words = minent.Vocab(_counts(vocab)) if vocab else minent.build_vocab(Path(corpus))
    words.save(target + ".tsv")
    words.select(np.argsort(-words.counts, kind="stable")).save(target + ".jieba", format="jieba")
    text = "\n".join(read_lines(corpus))
    np.save(target + ".npy", spans(minent.Segmenter(words, units="char").segment_many(text.split("\n"))))
    print(len(words))


def _counts(path: str) -> dict[str, int]:
    """Words of a dictionary of jieba's form; of a word that comes twice the last, as jieba does it."""
    lines = Path(path).read_text("utf-8").splitlines()
    return {line.split(" ")[0]: int(line.split(" ")[1]) for line in lines if line and int(line.split(" ")[1])}


def read_lines(corpus: str) -> list[str]:
    """Lines of a file without their ends."""
    return Path(corpus).read_text("utf-8").split("\n")


def spans(lines: Iterable[list[str]]) -> NDArray[Any]:
    """Begin · 2²⁰ + length of each word, in a text whose lines are those."""
    import numpy as np

    lengths = np.array([length for words in lines for length in (*map(len, words), 0)], np.int64)
    begins = np.cumsum(np.where(lengths > 0, lengths, 1)) - lengths
    return (begins << 20 | lengths)[lengths > 0]


def _dictionary_of_jieba() -> str:
    try:
        return str(distribution("jieba").locate_file("jieba/dict.txt"))
    except PackageNotFoundError:
        return ""


def _cases(options: Options) -> dict[str, Case]:
    path = chosen(options)
    KEPT.mkdir(parents=True, exist_ok=True)
    given = {"its own": "", "jieba's": _dictionary_of_jieba()}
    cases: dict[str, Case] = {}
    for name, vocab in given.items():
        if name == "jieba's" and not vocab:
            continue
        target = KEPT / f"vocab-{path.stem}-{'jieba' if vocab else 'own'}"
        done = subprocess.run(
            [sys.executable, "-c", PREPARE, path, vocab, target], check=True, stdout=subprocess.PIPE, text=True
        )
        cases[f"{title(path)}, {name} {int(done.stdout):,} words"] = {"corpus": str(path), "vocab": str(target)}
    return cases


def _summary(cut: Cut) -> dict[str, Any]:
    import numpy as np

    reference, found = np.load(cut.reference), spans(cut.lines(cut.held))
    common = len(np.intersect1d(reference, found, assume_unique=True))
    return {"words": len(found), "F1": round(2 * common / (len(reference) + len(found)), 4)}


def _comparison(name: str, what: str, note: str) -> Comparison:
    return Comparison(name, what, f"{note} {SAME}", cases=_cases, amount=count_chars, summary=_summary)


to_spans = _comparison(
    "spans",
    "Segmentation to spans",
    "From lines in memory to the ends of words, or to their numbers, as arrays or lists.",
)
to_lists = _comparison("lists", "Segmentation to lists of words", "From lines in memory to one list of str a line.")
to_files = _comparison(
    "files", "Segmentation from file to file", "From a UTF-8 file to another with spaces in between."
)


# Contenders, each with its own way to read a vocabulary and to make the three kinds of output.


def _minent(case: Case) -> minent.Segmenter:
    import minent

    return minent.Segmenter(minent.Vocab.load(case["vocab"] + ".tsv"), units="char")


@to_spans.contender("minent", requires=("minent",))
def minent_spans(case: Case) -> Run:
    segmenter = _minent(case)
    text = "\n".join(read_lines(case["corpus"]))

    def lines(found: NDArray[Any]) -> Iterable[list[str]]:
        words: list[str] = []
        for begin, end in found.tolist():
            if text[begin] == "\n":
                yield words
                words = []
            else:
                words.append(text[begin:end])
        yield words

    return lambda: Cut(segmenter.spans(text), lines, case["vocab"] + ".npy")


def _minent_lists(case: Case, threads: int) -> Run:
    segmenter = _minent(case)
    texts = read_lines(case["corpus"])
    return lambda: Cut(list(segmenter.segment_many(texts, threads=threads)), iter, case["vocab"] + ".npy")


def _minent_files(case: Case, threads: int) -> Run:
    from minent.reading import read_codes

    segmenter = _minent(case)

    def write(file: Any) -> None:
        file.buffer.writelines(segmenter.spaced_utf8(read_codes(case["corpus"]), threads=threads))

    return _to_file(case, write)


for threads, suffix in ((1, ""), (2, ", two threads")):
    for comparison, make in ((to_lists, _minent_lists), (to_files, _minent_files)):
        comparison.contender("minent" + suffix, requires=("minent",))(functools.partial(make, threads=threads))


def _to_file(case: Case, write: Callable[[Any], None]) -> Run:
    target = Path(case["vocab"] + ".out")
    texts = read_lines(case["corpus"])

    def lines(path: Path) -> Iterable[list[str]]:
        # A space that the text has has no other beside it, or one that is put there: both are passed over here.
        for text, cut in zip(texts, path.read_text("utf-8").split("\n"), strict=True):
            yield list(_words(text, cut))

    def run() -> Cut:
        with target.open("w", encoding="utf-8", newline="") as file:
            write(file)
        return Cut(target, lines, case["vocab"] + ".npy")

    return run


def _words(text: str, cut: str) -> Iterable[str]:
    """The words of a line that was cut by spaces, its own spaces each a word."""
    at = 0
    for word in cut.split(" "):
        while word and text[at] == " ":
            yield " "
            at += 1
        if word:
            yield word
            at += len(word)
    yield from text[at:]


def _sentencepiece(case: Case) -> sentencepiece.SentencePieceProcessor:
    import sentencepiece

    from benchmarks.pieces import unigram_model

    counts = dict(line.rsplit(" ", 2)[:2] for line in _jieba_lines(case))
    characters = set("".join(read_lines(case["corpus"])))
    model = sentencepiece.SentencePieceProcessor()
    model.LoadFromSerializedProto(unigram_model({word: int(n) for word, n in counts.items()}, characters))
    return model


def _jieba_lines(case: Case) -> list[str]:
    """Lines "word count tag" of the vocabulary."""
    lines = Path(case["vocab"] + ".jieba").read_text("utf-8").splitlines()
    return [line if line.count(" ") > 1 else line + " n" for line in lines if line]


def _plain(pieces: Iterable[str]) -> list[str]:
    return [piece.replace("\u2581", " ") for piece in pieces]


@to_spans.contender("SentencePiece", requires=("sentencepiece",), differs=OTHER_TIES)
def sentencepiece_ids(case: Case) -> Run:
    model, texts = _sentencepiece(case), read_lines(case["corpus"])

    def lines(found: list[list[int]]) -> Iterable[list[str]]:
        return (_plain(map(model.IdToPiece, ids)) for ids in found)

    return lambda: Cut(model.encode(texts, out_type=int, num_threads=1), lines, case["vocab"] + ".npy")


@to_lists.contender("SentencePiece", requires=("sentencepiece",), differs=OTHER_TIES)
def sentencepiece_lists(case: Case) -> Run:
    model, texts = _sentencepiece(case), read_lines(case["corpus"])
    return lambda: Cut(
        model.encode(texts, out_type=str, num_threads=1), lambda found: map(_plain, found), case["vocab"] + ".npy"
    )


@to_files.contender("SentencePiece", requires=("sentencepiece",), differs=OTHER_TIES)
def sentencepiece_files(case: Case) -> Run:
    model = _sentencepiece(case)

    def write(file: Any) -> None:
        texts = read_lines(case["corpus"])
        found = model.encode(texts, out_type=str, num_threads=1)
        file.write("\n".join([" ".join(pieces) for pieces in found]).replace("\u2581", " "))

    return _to_file(case, write)


def _rjieba(case: Case) -> Callable[[str], list[str]]:
    import rjieba

    dictionary = rjieba.Jieba.empty()
    for line in _jieba_lines(case):
        word, count, tag = line.rsplit(" ", 2)
        dictionary.add_word(word, int(count), tag)
    return lambda text: dictionary.cut(text, False)


def _jieba(case: Case) -> Callable[[str], list[str]]:
    import jieba

    jieba.setLogLevel("WARNING")
    tokenizer = jieba.Tokenizer(case["vocab"] + ".jieba")
    tokenizer.cache_file = f"{Path(case['vocab']).name}.cache"
    tokenizer.tmp_dir = str(KEPT)
    tokenizer.initialize()
    return lambda text: tokenizer.lcut(text, HMM=False)


for name, package, load in (("rjieba", "rjieba", _rjieba), ("jieba", "jieba", _jieba)):

    @to_lists.contender(name, requires=(package,), differs=OTHER_TOKENS)
    def peer_lists(case: Case, load: Callable[[Case], Callable[[str], list[str]]] = load) -> Run:
        cut, texts = load(case), read_lines(case["corpus"])
        return lambda: Cut([cut(text) for text in texts], iter, case["vocab"] + ".npy")

    @to_files.contender(name, requires=(package,), differs=OTHER_TOKENS)
    def peer_files(case: Case, load: Callable[[Case], Callable[[str], list[str]]] = load) -> Run:
        cut = load(case)

        def write(file: Any) -> None:
            file.write("\n".join([" ".join(cut(text)) for text in read_lines(case["corpus"])]))

        return _to_file(case, write)
