"""One contender in a process of its own: it prepares, then runs as often as it is told to.

Started by :mod:`benchmarks.runner`. Takes the case as the first line of standard input, then "run" or "summary", one a
line, and answers each with one line of JSON on standard output, where nothing that a contender prints can come between.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import resource
import sys
import time
from typing import Any

# ru_maxrss is in bytes on macOS and in KiB elsewhere.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


def peak_memory() -> int:
    """Largest resident size so far in bytes: of this process, or of one that it has run, whichever was larger."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(one).ru_maxrss for one in who) * RSS_UNIT


def cpu_time() -> float:
    """Seconds of processor time of this process and of those that it has run."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def main() -> None:
    """Prepare, and answer until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def answer(content: dict[str, Any]) -> None:
        print(json.dumps(content), file=answers, flush=True)

    module, name, contender = sys.argv[1:4]
    found = (value for value in vars(importlib.import_module(module)).values() if getattr(value, "name", None) == name)
    comparison = next(found)
    begin = time.perf_counter()
    run = comparison.contenders[contender].prepare(json.loads(sys.stdin.readline()))
    answer({"prepared": time.perf_counter() - begin, "memory": peak_memory()})
    result = None
    for line in sys.stdin:
        if line.strip() == "summary":
            answer(comparison.summary(result))
        else:
            del result
            gc.collect()
            gc.disable()  # as timeit does: to look through what other code made belongs to no contender
            cpu, wall = cpu_time(), time.perf_counter()
            result = run()
            answer({"wall": time.perf_counter() - wall, "cpu": cpu_time() - cpu, "memory": peak_memory()})
            gc.enable()


if __name__ == "__main__":
    main()
