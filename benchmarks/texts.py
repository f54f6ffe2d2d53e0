"""Texts for the comparisons, prepared once in data/downloads/benchmarks.

Imported by the process that starts all others, so it imports nothing large: a process is counted as large as the one
that started it was.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from benchmarks.registry import Case, Options

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data" / "downloads"
KEPT = DATA / "benchmarks"
DEVELOPMENT = DATA / "people-daily" / "raw.txt"
# What minent takes to belong to the character before.
MARKS = {code: None for code in range(sys.maxunicode) if unicodedata.category(chr(code))[0] == "M" or code == 0x200D}


def blocks(path: Path, size: int = 1 << 20) -> Iterator[str]:
    """A UTF-8 text in blocks of so many characters."""
    with path.open(encoding="utf-8", newline="") as file:
        while block := file.read(size):
            yield block


def count_chars(case: Case) -> int:
    """Characters of the corpus of a case, line ends included."""
    return sum(map(len, blocks(Path(case["corpus"]))))


def chosen(options: Options) -> Path:
    """The corpus of the command line, or the development corpus."""
    path = options.corpus or DEVELOPMENT
    if not path.is_file():
        sys.exit(f"Error: {path}: no such file; python data/fetch.py people-daily brings the development corpus")
    return path


def title(path: Path) -> str:
    """What the report calls a corpus."""
    return "People's Daily" if path == DEVELOPMENT else path.name


def corpus_cases(options: Options) -> dict[str, Case]:
    """One case: the corpus as it is."""
    path = chosen(options)
    return {title(path): {"corpus": str(path)}}


def without_marks(path: Path) -> Path:
    """A copy of a text without combining marks, so that all characters are units or breaks; itself if it has none."""
    KEPT.mkdir(parents=True, exist_ok=True)
    copy = KEPT / f"without-marks-{path.name}"
    part = copy.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        removed = sum(len(block) - file.write(block.translate(MARKS)) for block in blocks(path))
    if not removed:
        part.unlink()
        return path
    return part.replace(copy)
