"""Test sets in a folder like icwb2-data, the second bakeoff's: gold/, testing/ and training/, or all files in one.

Imported by the process that starts all others, so it imports nothing large.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

GOLD = re.compile(r"(.+)_test(?:ing)?_gold\.(?:utf8|txt)")
SUFFIXES = ("utf8", "txt", "b5")  # the first that is there
TRADITIONAL = {"as": "cp950", "cityu": "big5hkscs", "hk": "big5hkscs"}


@dataclass(frozen=True)
class Bakeoff:
    """Files of one test set, in UTF-8; ``about`` says of its raw text what a reader should know."""

    name: str
    gold: Path
    words: Path | None
    training: Path | None
    about: str


def find_tests(folder: Path, kept: Path) -> list[Bakeoff]:
    """Every test set with a gold standard; files in other encodings are copied to ``kept`` as UTF-8.

    A ``.utf8`` file is taken before a ``.txt``, which is in a kind of Big5 for as, cityu and hk, and in GBK for others.
    """
    matches = [GOLD.fullmatch(path.name) for path in folder.rglob("*")]
    names = sorted({match[1] for match in matches if match})
    if not names:
        sys.exit(f"Error: {folder}: holds no NAME_test_gold.utf8, in it or in folders inside; name another folder")
    return [_find(folder, kept, name) for name in names]


def _find(folder: Path, kept: Path, name: str) -> Bakeoff:
    def find(*endings: str) -> Path | None:
        for suffix in SUFFIXES:
            for ending in endings:
                for path in sorted(folder.rglob(f"{name}_{ending}.{suffix}")):
                    return path if suffix == "utf8" else _as_utf8(path, TRADITIONAL.get(name, "gb18030"), kept)
        return None

    gold = find("test_gold", "testing_gold")
    assert gold is not None
    raw = find("test", "testing")
    return Bakeoff(name, gold, find("training_words"), find("training"), _compare(gold, raw))


def _as_utf8(path: Path, encoding: str, kept: Path) -> Path:
    kept.mkdir(parents=True, exist_ok=True)
    copy = kept / f"{path.stem}.utf8"
    try:
        copy.write_text(path.read_text(encoding), "utf-8")
    except UnicodeDecodeError as error:
        sys.exit(f"Error: {path}: not {encoding}: {error.reason}; give the .utf8 file")
    return copy


def _compare(gold: Path, raw: Path | None) -> str:
    if raw is None:
        return "Raw text: the gold standard without its spaces."
    one, two = (["".join(line.split()) for line in path.read_text("utf-8-sig").split("\n")] for path in (gold, raw))
    lines = [list(filter(None, each)) for each in (one, two)]
    if lines[0] == lines[1]:
        return f"Raw text: {raw.name}, which is the gold standard without its spaces."
    others = sum(a != b for a, b in zip(*lines, strict=False)) + abs(len(lines[0]) - len(lines[1]))
    return f"Raw text: the gold standard without its spaces; {raw.name} differs from it in {others:,} lines."
