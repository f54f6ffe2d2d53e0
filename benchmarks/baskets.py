"""Transactions to mine, from fixed seeds: ``python -m benchmarks.baskets quest -o quest.dat`` writes a file of them.

Sparse ones after the description of IBM's Quest generator (Agrawal and Srikant, Fast Algorithms for Mining Association
Rules, VLDB 1994); dense tables of attributes, most of them nearly constant; visits to the pages of a shop, few of them
long. The files of the FIMI repository are read where they lie in data/downloads/fimi.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import numpy as np

from benchmarks.texts import DATA

FIMI = DATA / "fimi"
Rows = list[list[int]]


def quest(n: int = 100_000, length: float = 10, size: float = 4, items: int = 1000, seed: int = 1) -> Rows:
    """Each transaction is filled with patterns that share items, come more or less often, and come damaged."""
    random = np.random.default_rng(seed)
    patterns = _patterns(random, 2 * items, size, items)
    weights = np.cumsum(random.exponential(size=len(patterns)))
    damage = np.clip(random.normal(0.5, 0.1**0.5, len(patterns)), 0, 1)
    lengths = np.maximum(1, random.poisson(length, n))
    kept: list[int] = []
    rows = []
    for wanted in lengths.tolist():
        row = set(kept)
        kept = []
        while len(row) < wanted:
            chosen = int(np.searchsorted(weights, random.random() * weights[-1]))
            pattern = patterns[chosen]
            while len(pattern) > 1 and random.random() < damage[chosen]:
                pattern = pattern[:-1]
            if len(row) + len(pattern) > wanted and row:
                # What does not fit goes in nevertheless in half of the cases, else into the next one.
                if random.random() < 0.5:
                    row.update(pattern)
                else:
                    kept = pattern
                break
            row.update(pattern)
        rows.append(sorted(row))
    return rows


def _patterns(random: np.random.Generator, n: int, size: float, items: int) -> Rows:
    """Sets of items, each of which takes some from the one before."""
    found: Rows = []
    before: list[int] = []
    for wanted in np.maximum(1, random.poisson(size - 1, n) + 1).tolist():
        shared = min(len(before), int(min(1.0, random.exponential(0.5)) * wanted))
        before = random.permutation(before).astype(int).tolist()[:shared] if shared else []
        while len(before) < wanted:
            item = int(random.integers(items))
            if item not in before:
                before.append(item)
        found.append(random.permutation(before).tolist())
    return found


def dense(n: int = 3196, attributes: int = 37, skew: float = 3.0, seed: int = 1) -> Rows:
    """One of two values for each attribute, most of them nearly the same in all rows of one of four classes."""
    random = np.random.default_rng(seed)
    of_row = random.integers(0, 4, n)
    usual = random.beta(skew, 0.6, (attributes, 4))
    rare = random.random((n, attributes)) >= usual[:, of_row].T
    return (2 * np.arange(attributes) + rare).tolist()


def clicks(n: int = 60_000, pages: int = 500, length: float = 2.5, groups: int = 40, seed: int = 3) -> Rows:
    """Short visits to popular pages; one in fifty also takes in most pages of a group of sixteen."""
    random = np.random.default_rng(seed)
    weights = np.cumsum(1 / np.arange(5, pages + 5))
    together = [random.permutation(pages)[:16] for _ in range(groups)]
    rows = []
    for size in random.geometric(1 / length, n).tolist():
        row = set(np.searchsorted(weights, random.random(size) * weights[-1]).tolist())
        if random.random() < 0.02:
            row.update(together[int(random.integers(groups))][random.random(16) < 0.9].tolist())
        rows.append(sorted(row))
    return rows


def groceries(n: int = 9835, seed: int = 4) -> Rows:
    """Baskets of a small shop with 169 goods."""
    return clicks(n, 169, 4.4, seed=seed)


KINDS: dict[str, Callable[..., Rows]] = {"quest": quest, "dense": dense, "clicks": clicks, "groceries": groceries}


def read(path: Path) -> Rows:
    """A file of the FIMI repository: a transaction a line, items as whole numbers with blanks between."""
    with path.open(encoding="ascii") as file:
        return [list(map(int, line.split())) for line in file]


def main(arguments: list[str] | None = None) -> None:
    """Write one kind as a FIMI file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.baskets", description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("-n", type=int, metavar="N", help="transactions")
    parser.add_argument("--seed", type=int)
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: standard output")
    chosen = parser.parse_args(arguments)
    options = {name: value for name in ("n", "seed") if (value := getattr(chosen, name)) is not None}
    rows = KINDS[chosen.kind](**options)
    with chosen.output.open("w", encoding="ascii") if chosen.output else nullcontext(sys.stdout) as file:
        file.writelines(" ".join(map(str, row)) + "\n" for row in rows)


if __name__ == "__main__":
    main()
