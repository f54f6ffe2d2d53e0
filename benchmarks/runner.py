"""Runs comparisons: every contender validated, then all of them timed in turns (A B C, C B A, …)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from benchmarks.registry import Case, Comparison, Contender, differences

ROOT = Path(__file__).resolve().parent.parent
# One core for everybody: who uses more does so on purpose, and says so in the contender's name.
POOLS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS", "RAYON_NUM_THREADS")
ONE_THREAD = dict.fromkeys(POOLS, "1")


class WorkerFailed(Exception):
    """A contender ended before its answer."""


class Worker:
    """The process of one contender, prepared."""

    def __init__(self, module: str, comparison: str, contender: str, case: Case) -> None:
        command = [sys.executable, "-m", "benchmarks.worker", module, comparison, contender]
        paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
        environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": paths, "PYTHONWARNINGS": "ignore"}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment
        )
        self.prepared = self.ask(json.dumps(case))

    def ask(self, line: str) -> dict[str, Any]:
        """Send a line and wait for the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            print(line, file=self._process.stdin, flush=True)
            answer = self._process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            self.close()
            raise WorkerFailed(f"ended with exit code {self._process.returncode}, its error is above")
        return json.loads(answer)

    def close(self) -> None:
        """End the process."""
        # What was written to a process that has ended may still wait to be sent.
        with suppress(BrokenPipeError):
            self._process.communicate()


def measure(
    module: str,
    comparison: Comparison,
    case: Case,
    *,
    rounds: int = 5,
    budget: float = 60.0,
    only: Iterable[str] = (),
    say: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Validate all contenders of a comparison on one case, then time them.

    Parameters
    ----------
    module, comparison, case
    rounds : int
        How often each contender is timed at most.
    budget : float
        Seconds after which a contender is not run again. One whose first run takes longer is measured by that run.
    only : iterable of str
        The contenders wanted, beside the first; all of them if empty.
    say : callable
        Is told about each step.

    Returns
    -------
    dict
        ``amount``, ``unit``, ``contenders`` and ``problems``. Times are only there if there is no problem.
    """
    wanted = set(only) or set(comparison.contenders)
    first = next(iter(comparison.contenders))
    chosen = [c for c in comparison.contenders.values() if c.name in wanted or c.name == first]
    records = [_record(contender) for contender in chosen]
    problems: list[str] = []
    with ExitStack() as stack:
        workers = {
            record["name"]: worker
            for record in records
            if not record["missing"]
            and (worker := _first_run(module, comparison, case, record, problems, budget, stack, say))
        }
        summaries = {record["name"]: record["summary"] for record in records if "summary" in record}
        problems += differences(comparison, summaries) if first in summaries else [f"{first}: nothing to compare with"]
        if not problems:
            _take_turns([r for r in records if r["name"] in workers], workers, rounds, budget, say)
    for record in records:
        if problems:
            record["runs"] = []
    return {
        "amount": comparison.amount(case),
        "unit": comparison.unit,
        "contenders": records,
        "problems": problems,
    }


def _record(contender: Contender) -> dict[str, Any]:
    return {
        "name": contender.name,
        "versions": contender.versions,
        "differs": contender.differs,
        "missing": contender.missing,
        "runs": [],
    }


def _first_run(
    module: str,
    comparison: Comparison,
    case: Case,
    record: dict[str, Any],
    problems: list[str],
    budget: float,
    stack: ExitStack,
    say: Callable[[str], None],
) -> Worker | None:
    """A prepared worker that has run once, and what it did in its record; None if it need not run again."""
    name = record["name"]
    say(f"{comparison.name}: {name}")
    try:
        worker = Worker(module, comparison.name, name, case)
        stack.callback(worker.close)
        record["prepared"] = worker.prepared
        record["first"] = worker.ask("run")
        record["summary"] = worker.ask("summary")
    except WorkerFailed as failure:
        problems.append(f"{name}: {failure}")
        return None
    if record["first"]["wall"] < budget:
        return worker
    record["runs"].append(record["first"])
    worker.close()
    return None


def _take_turns(
    records: list[dict[str, Any]], workers: dict[str, Worker], rounds: int, budget: float, say: Callable[[str], None]
) -> None:
    for turn in range(rounds):
        # Back and forth, so that nobody always runs behind the same neighbour.
        for record in records if turn % 2 == 0 else reversed(records):
            if sum(run["wall"] for run in record["runs"]) < budget:
                record["runs"].append(workers[record["name"]].ask("run"))
        say(f"round {turn + 1} of {rounds}")
