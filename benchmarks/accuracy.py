"""Score word lists and segmentations, and write what was measured to benchmarks/RESULTS.md.

    python benchmarks/accuracy.py [--sighan DIR]

The corpora come from ``data/fetch.py``. The settings of minent were chosen on the whole development corpus;
its gold segmentation scores and never trains. All other corpora were looked at only to be scored.
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path

import minent

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data" / "downloads"
METHODS = ("autonomy", "ngram", "pmi")
SLICES = (20_000, 60_000, 180_000, 600_000)

Row = tuple[object, ...]


def table(title: str, note: str, head: Iterable[str], rows: Iterable[Row]) -> Iterator[str]:
    """A Markdown table under a title."""
    names = list(head)
    yield f"\n## {title}\n\n{note}\n\n| {' | '.join(names)} |\n|{'---|' * len(names)}\n"
    for row in rows:
        line = "| " + " | ".join(f"{x:.3f}" if isinstance(x, float) else f"{x}" for x in row) + " |\n"
        print(line, end="", flush=True)
        yield line


def read_people(chars: int | None = None) -> tuple[list[str], list[list[str]]]:
    """The development corpus, or its first so many characters: raw lines and gold words."""
    gold: list[list[str]] = []
    size = 0
    for line in (DATA / "people-daily" / "gold.txt").read_text("utf-8").splitlines():
        gold.append(line.split(" "))
        size += sum(map(len, gold[-1]))
        if chars is not None and size >= chars:
            break
    return ["".join(words) for words in gold], gold


def score(raw: list[str], gold: list[list[str]], build: Callable[[list[str]], minent.Vocab]) -> Row:
    """Words, lexicon precision and recall, segmentation F1, bits a character, seconds."""
    known = Counter(word for words in gold for word in words)
    begin = time.process_time()
    vocab = build(raw)
    seconds = time.process_time() - begin
    lexicon = minent.evaluate_vocab(vocab, known)
    result = minent.evaluate(gold, minent.Segmenter(vocab).segment_many(raw))
    at = lexicon.precision_at
    bits = minent.entropy(raw, vocab).bits_per_char
    measures = (at[1000], at[5000], lexicon.precision, lexicon.recall)
    return (len(vocab), *measures, result.f1, result.boundary_f1, bits, f"{seconds:.1f}")


HEAD = ("words", "P@1000", "P@5000", "precision", "recall", "F1", "boundary F1", "bits/char", "CPU s")


def methods() -> Iterator[str]:
    """Each method with its default settings on the development corpus."""
    raw, gold = read_people()
    rows = (
        (method, *score(raw, gold, lambda texts, m=method: minent.build_vocab(texts, method=m))) for method in METHODS
    )
    yield from table(
        "Methods on the development corpus",
        "Default settings. P@k, precision and recall compare the words of two or more Han characters with those "
        "of the gold standard (recall: those it has 5 times or more); F1 counts all tokens, punctuation too.",
        ("method", *HEAD),
        rows,
    )


def slices() -> Iterator[str]:
    """The default method on beginnings of the development corpus: thresholds follow from the size."""

    def rows() -> Iterator[Row]:
        for size in (*SLICES, None):
            raw, gold = read_people(size)
            n_units = minent.Corpus.from_texts(raw).n_units
            yield (
                f"{sum(map(len, raw)):,}",
                minent.discovery.default_min_count(n_units),
                *score(raw, gold, minent.build_vocab),
            )

    yield from table(
        "Default settings by corpus size",
        "The default method on the first so many characters of the development corpus, scored on the same.",
        ("characters", "min_count", *HEAD),
        rows(),
    )


def names() -> Iterator[str]:
    """Person names of the Three Kingdoms among the words found."""
    persons = [
        line.split("\t")[0] for line in (DATA / "three-kingdoms" / "persons.txt").read_text("utf-8").splitlines()
    ]

    def rows() -> Iterator[Row]:
        for method in METHODS:
            begin = time.process_time()
            vocab = minent.build_vocab(DATA / "three-kingdoms" / "raw.txt", method=method)
            seconds = time.process_time() - begin
            found = sum(name in vocab for name in persons)
            yield method, len(vocab), f"{found} of {len(persons)}", found / len(persons), f"{seconds:.1f}"

    yield from table(
        "Names in the Romance of the Three Kingdoms",
        "Default settings; names of 2 to 4 characters that occur 10 times or more.",
        ("method", "words", "names found", "share", "CPU s"),
        rows(),
    )


def sighan(folder: Path) -> Iterator[str]:
    """Files NAME_test_gold.utf8 of a SIGHAN folder, each learned from its own raw text alone."""

    def rows() -> Iterator[Row]:
        for path in sorted(folder.glob("*_test_gold.utf8")):
            gold = [line.split() for line in path.read_text("utf-8-sig").splitlines()]
            raw = ["".join(words) for words in gold]
            for method in METHODS:
                name = path.name.removesuffix("_test_gold.utf8")
                yield (
                    name,
                    method,
                    *score(raw, gold, lambda texts, m=method: minent.build_vocab(texts, method=m)),
                )

    yield from table(
        "SIGHAN test sets",
        "Learned from the raw text of each test set alone; F1 counts all tokens, punctuation too.",
        ("set", "method", *HEAD),
        rows(),
    )


def main() -> None:
    """Fetch, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sighan", type=Path, metavar="DIR", help="a folder with NAME_test_gold.utf8 files")
    arguments = parser.parse_args()
    subprocess.run([sys.executable, ROOT / "data" / "fetch.py", "people-daily", "three-kingdoms"], check=True)
    minent.build_vocab(["天下大势", "天下太平"] * 3)  # compiled before anything is timed
    packages = ", ".join(f"{name} {version(name)}" for name in ("minent", "numpy", "numba"))
    machine = f"{platform.system()} {platform.machine()}"
    setting = f"{date.today()}, Python {platform.python_version()}, {packages}, {machine}"
    parts = [f"# Results\n\nWritten by `make bench`; do not edit. {setting}.\n"]
    for section in (methods, slices, names):
        parts.extend(section())
    if arguments.sighan:
        parts.extend(sighan(arguments.sighan))
    (ROOT / "benchmarks" / "RESULTS.md").write_text("".join(parts), "utf-8")


if __name__ == "__main__":
    main()
