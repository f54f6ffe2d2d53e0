"""What a comparison is: the same job done by several programs, with the proof that it was the same job.

A module holds any number of comparisons at its top level and is named in ``benchmarks.MODULES``:

    counting = Comparison(
        name="counting",
        title="Counting n-grams",
        note="Orders 1 to 4, from a file to tables in memory.",
        cases=lambda options: {"sample": {"corpus": str(SAMPLE)}},
        amount=lambda case: count_chars(case["corpus"]),
        summary=lambda tables: {"n-grams": sum(map(len, tables))},
    )

    @counting.contender("polars", requires=("polars",))
    def with_polars(case):
        import polars                       # what is not timed: imports, models, reading what all are given
        def run():                          # what is timed, several times
            return tables_of(case["corpus"])
        return run

Every contender runs in a process of its own. Its first run warms it up and is summarised; timing begins only when all
summaries equal that of the first contender, which is minent. A contender that does a different job on purpose says so
in ``differs``; its summary is shown and not compared. Entries of a summary whose names begin with ``_`` are compared
and not shown.
"""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks import MODULES

Case = Mapping[str, Any]
Run = Callable[[], Any]


@dataclass(frozen=True)
class Options:
    """What the command line says to all comparisons."""

    corpus: Path | None = None


@dataclass(frozen=True)
class Contender:
    """One program in a comparison.

    Attributes
    ----------
    name : str
    prepare : callable
        Takes a case and returns what is timed, a function without arguments.
    requires, commands : tuple of str
        Distributions and programs without which it cannot run.
    differs : str
        What it does differently; empty for one whose summary must be the same.
    """

    name: str
    prepare: Callable[[Case], Run]
    requires: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    differs: str = ""

    @property
    def missing(self) -> list[str]:
        """What it requires and is not installed."""
        absent = [name for name in self.requires if not version_of(name)]
        return absent + [name for name in self.commands if shutil.which(name) is None]

    @property
    def versions(self) -> str:
        """The versions of what it requires."""
        return ", ".join(f"{name} {version_of(name)}" for name in self.requires)


def version_of(distribution: str) -> str:
    """Version of an installed distribution, empty for one that is not."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""


@dataclass(frozen=True, eq=False)
class Comparison:
    """The same job for several contenders, on one or more cases.

    Attributes
    ----------
    name, title, note : str
        Name on the command line, heading and opening paragraph in the report.
    cases : callable
        Takes Options and returns name → case; a case is a dict that JSON can hold, the contenders' only argument.
    amount : callable
        Takes a case and returns how much work it is, in ``unit``.
    unit : str
    summary : callable
        Takes what a run returned and gives a flat dict that JSON can hold.
    """

    name: str
    title: str
    note: str
    cases: Callable[[Options], Mapping[str, Case]]
    amount: Callable[[Case], float]
    unit: str = "characters"
    summary: Callable[[Any], dict[str, Any]] = dict
    contenders: dict[str, Contender] = field(default_factory=dict)

    def contender(
        self, name: str, *, requires: Iterable[str] = (), commands: Iterable[str] = (), differs: str = ""
    ) -> Callable[[Callable[[Case], Run]], Callable[[Case], Run]]:
        """Enter the decorated function, which prepares a run, under a name."""

        def enter(prepare: Callable[[Case], Run]) -> Callable[[Case], Run]:
            self.contenders[name] = Contender(name, prepare, tuple(requires), tuple(commands), differs)
            return prepare

        return enter


def comparisons(modules: Iterable[str] = MODULES) -> dict[str, tuple[str, Comparison]]:
    """Name → module and comparison, of all comparisons at the top level of the modules."""
    found: dict[str, tuple[str, Comparison]] = {}
    for module in modules:
        for value in vars(importlib.import_module(module)).values():
            if isinstance(value, Comparison):
                found.setdefault(value.name, (module, value))
    return found


def differences(comparison: Comparison, summaries: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Where contenders that should do the same do not, one line each; the first summary is the measure."""
    (first, expected), *others = summaries.items()
    return [
        f"{name}: {key} is {summary.get(key)!r}, {first} has {expected.get(key)!r}"
        for name, summary in others
        if not comparison.contenders[name].differs
        for key in {**expected, **summary}
        if summary.get(key) != expected.get(key)
    ]
