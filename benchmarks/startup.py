"""How long a command takes from the prompt to its end: ``python -m benchmarks.startup``."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from statistics import median

from benchmarks import report
from benchmarks.report import spread
from benchmarks.runner import ROOT
from benchmarks.scaling import MINENT, run

BUILD = "minent build-vocab data/sample.txt"
SAMPLE = str(ROOT / "data" / "sample.txt")
LINE = "研究生命起源的科学家在北京举行了会议。\n"
SAVE = (
    "import sys, minent; from benchmarks.generate import lexicon; words = lexicon(0, 30_000); "
    "vocab = minent.Vocab({word: 10_000_000 // (rank + 3) + 1 for rank, word in enumerate(words)}); "
    "vocab.save(sys.argv[1] + '.tsv'); vocab.save(sys.argv[1] + '.compiled', compiled=True)"
)
JIEBA = f"import jieba; jieba.setLogLevel('WARNING'); print(' '.join(jieba.cut({LINE!r})))"
RJIEBA = f"import rjieba; print(' '.join(rjieba.cut({LINE!r})))"
HEAD = ("command", "wall s", "CPU s", "peak MB", "runs")
NOTE = (
    "Programs started anew each time, kernels compiled and files in the disk cache, but for the last line: there the "
    "compiled kernels are thrown away before the run. *Segment* cuts one line; the vocabulary has 30,000 words."
)


def commands(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Label and command; a folder holds the vocabulary."""
    line = str(folder / "line.txt")
    yield "minent --help", [MINENT, "--help"]
    yield "minent segment", [MINENT, "segment", "-q", "-v", str(folder / "vocab.tsv"), line]
    yield "minent segment, compiled vocabulary", [MINENT, "segment", "-q", "-v", str(folder / "vocab.compiled"), line]
    yield BUILD, [MINENT, "build-vocab", "-q", SAMPLE]
    yield "minent count-ngrams data/sample.txt", [MINENT, "count-ngrams", "-q", SAMPLE]
    for package, program in (("jieba", JIEBA), ("rjieba", RJIEBA)):
        try:
            distribution(package)
        except PackageNotFoundError:
            continue
        yield f"{package}, its own dictionary, from Python", [sys.executable, "-W", "ignore", "-c", program]


def rows(runs: int) -> Iterator[list[object]]:
    """Each command several times, in turns; then the very first run of all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "line.txt").write_text(LINE, "utf-8")
        subprocess.run([sys.executable, "-c", SAVE, folder / "vocab"], check=True, cwd=ROOT)
        every = dict(commands(folder))
        for command in every.values():
            run(command, folder / "output")
        measured = [{label: run(command, folder / "output") for label, command in every.items()} for _ in range(runs)]
        for label in every:
            yield row(label, [turn[label] for turn in measured])
        os.environ["NUMBA_CACHE_DIR"] = str(folder / "cache")
        yield row(f"{BUILD}, first run ever", [run(every[BUILD], folder / "output")])
        del os.environ["NUMBA_CACHE_DIR"]


def row(label: str, runs: list[dict[str, float]]) -> list[object]:
    """A line of the table."""
    wall, cpu = ([one[clock] for one in runs] for clock in ("wall", "cpu"))
    return [label, spread(wall, 2), spread(cpu, 2), round(median(one["memory"] for one in runs) / 1e6), len(runs)]


def main(arguments: list[str] | None = None) -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.startup", description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="default: 5")
    parser.add_argument("--dry", action="store_true", help="print the section instead of keeping it")
    chosen = parser.parse_args(arguments)
    part = {"note": "", "head": HEAD, "rows": list(rows(chosen.runs)), "setting": report.setting()}
    section = {"title": "Start-up", "note": NOTE, "parts": {"": part}}
    if chosen.dry:
        print(report.render({"startup": section}))
    else:
        report.keep("startup", section)


if __name__ == "__main__":
    main()
