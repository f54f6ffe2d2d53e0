"""The scoreboard: word lists and segmentations against gold standards, ``python -m benchmarks.accuracy [SECTION ...]``.

Gold scores and never trains. The settings of minent were chosen on the whole development corpus, and on nothing else.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import granularity, report
from benchmarks.registry import Case
from benchmarks.runner import ROOT, Worker, WorkerFailed
from benchmarks.scoreboard import read_gold, scoreboard
from benchmarks.sighan import find_tests
from benchmarks.texts import DATA, KEPT

PEOPLE = DATA / "people-daily" / "gold.txt"
KINGDOMS = DATA / "three-kingdoms"
SIZES = (20_000, 60_000, 180_000, 600_000)
GRANULARITY_SIZES = (50_000, 100_000, 180_000, 350_000, 700_000, 0)
MIXED_SIZES = (180_000, 0)
PICTURE = ROOT / "docs" / "f1-time.svg"
HEAD = (
    "method",
    *("F1", "without punctuation", "boundary F1", "OOV recall", "bits/char"),
    *("words", "P@1000", "P@5000", "precision", "recall"),
    *("learn s", "segment s", "peak MB"),
)
NOTE = (
    "F1 of words: all tokens, then without those that are punctuation alone; F1 of boundaries; bits a character of the "
    "tokens. P@k, precision and recall compare the list of words of two or more Han characters with those of the gold "
    "standard (recall: those it has 5 times or more); methods that make no list are given the words that they cut "
    "often enough. Seconds are processor time on one core, kernels compiled; memory is that of a process of its own, "
    "its texts included. Default settings, except that the two SentencePiece trainers make 32,000 pieces."
)
NEEDS_THE_TEST = {"nVBE as published"}

Part = dict[str, Any]


def methods() -> list[str]:
    """Methods of this minent; asked of another process, since this one is to stay small."""
    command = "from minent.discovery import METHODS; print(*METHODS)"
    return subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True).stdout.split()


def entries(only: list[str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Label, contender, and what to add to the case."""
    for name in scoreboard.contenders:
        if name == "minent":
            every = [(f"minent {method}", name, {"method": method}) for method in methods()]
        else:
            every = [(name, name, {})]
        yield from (entry for entry in every if not only or entry[0] in only)


def score(label: str, contender: str, case: Case) -> list[object]:
    """One row, measured in a process of its own; or why there is none."""
    missing = scoreboard.contenders[contender].missing
    if missing:
        return [label, f"not run: {', '.join(missing)} not installed", *[None] * (len(HEAD) - 2)]
    try:
        worker = Worker("benchmarks.scoreboard", "scoreboard", contender, case)
        run, summary = worker.ask("run"), worker.ask("summary")
        worker.close()
    except WorkerFailed as failure:
        return [label, f"not run: {failure}", *[None] * (len(HEAD) - 2)]
    summary["peak MB"] = round(run["memory"] / 1e6)
    return [label, *(summary.get(key) for key in HEAD[1:])]


def board(test: Path, only: list[str], note: str, **case: Any) -> Part:
    """A table of all methods on one test."""
    KEPT.mkdir(parents=True, exist_ok=True)
    known = {"learn": [], "own": True, "training_words": "", "target": str(KEPT / "scoreboard"), "test": str(test)}
    given = known | case
    rows = []
    for label, contender, extra in entries(only):
        if contender in NEEDS_THE_TEST and not given["own"]:
            continue
        rows.append(score(label, contender, given | extra))
        _say(rows[-1])
    return {"note": note, "head": HEAD, "rows": best_first(rows), "setting": report.setting()}


def best_first(rows: Iterable[list[object]]) -> list[list[object]]:
    """Rows by falling F1, those without one last."""
    return sorted(rows, key=lambda row: -row[1] if isinstance(row[1], float) else 1.0)


def with_earlier(parts: dict[str, Part], earlier: dict[str, Part]) -> dict[str, Part]:
    """Tables of some rows, in the place of those rows in the earlier tables; the others keep their own setting."""
    merged = {}
    for caption, part in parts.items():
        before = earlier.get(caption, {"rows": [], "setting": part["setting"]})
        measured = {row[0]: row for row in part["rows"]}
        known = {row[0]: row for row in before["rows"]}
        settings = dict.fromkeys(known, before["setting"]) | before.get("settings", {})
        others = {
            label: setting
            for label, setting in settings.items()
            if label not in measured and setting != part["setting"]
        }
        merged[caption] = part | {"rows": best_first((known | measured).values()), "settings": others}
    return merged


def _say(row: Iterable[object]) -> None:
    print("  ".join(map(report.cell, row)), file=sys.stderr, flush=True)


def _beginning(size: int) -> Path:
    """A file with the first so many characters of the development corpus in gold words."""
    (words,) = granularity.beginnings(read_gold(str(PEOPLE)), [size])
    path = KEPT / f"people-{size}.txt"
    KEPT.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(" ".join(line) + "\n" for line in words), "utf-8")
    return path


# The sections.


def on_development(options: argparse.Namespace) -> dict[str, Part]:
    """All methods on the whole development corpus."""
    return {"": board(PEOPLE, options.method, "Learned from the raw text of the corpus, scored on the same.")}


def by_size(options: argparse.Namespace) -> dict[str, Part]:
    """All methods of minent on beginnings of the development corpus."""
    ours = ("minent autonomy, its own cuts", "minent bigram model")
    only = options.method or [*(f"minent {method}" for method in methods()), *ours]
    return {f"The first {size:,} characters": board(_beginning(size), only, "") for size in SIZES}


def on_sighan(options: argparse.Namespace) -> dict[str, Part]:
    """Every test set of a folder, in up to three settings."""
    parts = {}
    for test in find_tests(options.sighan, KEPT) if options.sighan else ():
        case: dict[str, Any] = {"training_words": str(test.words or "")}
        settings: list[tuple[str, str, dict[str, Any]]] = [
            ("its test text alone", "Learned from the raw text of the test set and from nothing else.", {})
        ]
        if test.training:
            learn = {"learn": [str(_raw(test.training))]}
            words = "Learned from the raw text of the training set, its words forgotten"
            settings.append(("training and test text", f"{words}, and of the test set.", learn))
            settings.append(("training text alone", f"{words}; the test set is new.", learn | {"own": False}))
        for setting, note, extra in settings:
            note = f"{note} {test.about}"
            parts[f"{test.name}, {setting}"] = board(test.gold, options.method, note, **case, **extra)
    return parts


def _raw(training: Path) -> Path:
    """The text of a file of gold words, without what separates them."""
    path = KEPT / f"raw-{training.name}"
    KEPT.mkdir(parents=True, exist_ok=True)
    path.write_text("".join("".join(words) + "\n" for words in read_gold(str(training))), "utf-8")
    return path


def names(options: argparse.Namespace) -> dict[str, Part]:
    """Person names of the Three Kingdoms among the words found."""
    import minent

    persons = [line.split("\t")[0] for line in (KINGDOMS / "persons.txt").read_text("utf-8").splitlines()]
    rows: list[list[object]] = []
    minent.build_vocab(persons)  # so that nothing is compiled later
    for method in methods():
        begin = time.process_time()
        vocab = minent.build_vocab(KINGDOMS / "raw.txt", method=method)
        seconds = time.process_time() - begin
        found = sum(name in vocab for name in persons)
        rows.append([method, len(vocab), f"{found} of {len(persons)}", found / len(persons), round(seconds, 2)])
        _say(rows[-1])
    head = ("method", "words", "names found", "share", "CPU s")
    return {"": {"note": "", "head": head, "rows": rows, "setting": report.setting()}}


def granularities(options: argparse.Namespace) -> dict[str, Part]:
    """The rule for autonomy's granularity beside the best one."""
    gold = read_gold(str(PEOPLE))
    rows: list[list[object]] = []
    mixtures = [("", GRANULARITY_SIZES, ())] + [
        (f" + {path.name}", MIXED_SIZES, path.read_text("utf-8").split("\n")) for path in options.mix
    ]
    for suffix, sizes, others in mixtures:
        for words in granularity.beginnings(gold, sizes):
            lines = ["".join(line) for line in words]
            rows.append(granularity.trial(f"People's Daily{suffix}", lines, words, others))
            _say(rows[-1])
    return {"": {"note": "", "head": granularity.HEAD, "rows": rows, "setting": report.setting()}}


SECTIONS = {
    "methods": ("Methods on the development corpus", NOTE, on_development),
    "sizes": ("Small corpora", "Beginnings of the development corpus, measures as above.", by_size),
    "sighan": (
        "Bakeoff test sets",
        "Measures as above; OOV are the words that the training set does not have, whatever was learned from. A list "
        "of words is scored by the words of the test set, its precision only where nothing else was learned from.",
        on_sighan,
    ),
    "names": (
        "Names in the Romance of the Three Kingdoms",
        "Person names of 2 to 4 characters that occur 10 times or more, among the words that `build-vocab` finds.",
        names,
    ),
    "granularity": ("Granularity", granularity.NOTE, granularities),
}


def main(arguments: list[str] | None = None) -> int:
    """Fetch, measure, report."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__.splitlines()[0])
    parser.add_argument("sections", metavar="SECTION", nargs="*", help=f"default: all of {', '.join(SECTIONS)}")
    parser.add_argument(
        "--sighan",
        type=Path,
        metavar="DIR",
        help="a folder such as icwb2-data, with NAME_test_gold.utf8 files in it or in folders inside",
    )
    parser.add_argument("--mix", type=Path, metavar="FILE", action="append", default=[], help="text to mix in")
    parser.add_argument(
        "--method", metavar="NAME", action="append", default=[], help="only this row, such as 'minent pmi'"
    )
    parser.add_argument("--dry", action="store_true", help="print the sections instead of keeping them")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.sections if name not in SECTIONS]:
        parser.error(f"no section {unknown[0]!r}; there are {', '.join(SECTIONS)}")
    subprocess.run([sys.executable, ROOT / "data" / "fetch.py", "people-daily", "three-kingdoms"], check=True)
    for name, (title, note, measure) in SECTIONS.items():
        if options.sections and name not in options.sections:
            continue
        parts = measure(options)
        if not parts:
            continue
        if options.method:
            parts = with_earlier(parts, report.load().get(name, {}).get("parts", {}))
        section: dict[str, Any] = {"title": title, "note": note, "parts": parts}
        if name == "methods":
            section["pictures"] = {"F1 over time": os.path.relpath(PICTURE, report.HERE)}
        if options.dry:
            print(report.render({name: section}))
            continue
        report.keep(name, section)
        if name == "methods":
            from benchmarks.charts import draw_scores

            draw_scores(report.load()[name]["parts"][""], PICTURE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
