"""Run comparisons and write benchmarks/RESULTS.md: ``python -m benchmarks [NAME ...]``.

What is not measured again stays in the report as it was.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import report
from benchmarks.registry import Options, comparisons
from benchmarks.runner import measure


def main(arguments: list[str] | None = None) -> int:
    """Measure, report; 1 if contenders that should do the same did not."""
    known = comparisons()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"default: all of {', '.join(known)}")
    parser.add_argument("--corpus", type=Path, metavar="FILE", help="UTF-8 text instead of the development corpus")
    parser.add_argument("--contender", metavar="NAME", action="append", default=[], help="only this one and minent")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="timed runs of each (default: 5)")
    parser.add_argument("--budget", type=float, default=60, metavar="S", help="seconds for each (default: 60)")
    parser.add_argument("--dry", action="store_true", help="print the sections instead of keeping them")
    chosen = parser.parse_args(arguments)
    if unknown := [name for name in chosen.names if name not in known]:
        parser.error(f"no comparison {unknown[0]!r}; there are {', '.join(known)}")
    options = Options(chosen.corpus and chosen.corpus.resolve())
    failed, dry = False, {}
    for name in chosen.names or known:
        module, comparison = known[name]
        parts = {}
        for caption, case in comparison.cases(options).items():
            measured = measure(
                module, comparison, case, rounds=chosen.rounds, budget=chosen.budget, only=chosen.contender, say=_say
            )
            parts[caption] = measured | {"setting": report.setting()}
            failed |= bool(measured["problems"])
        section = {"title": comparison.title, "note": comparison.note, "parts": parts}
        if chosen.dry:
            dry[name] = section
        else:
            report.keep(name, section)
    if dry:
        print(report.render(dry))
    return int(failed)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
