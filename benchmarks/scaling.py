"""Time and memory over the size of a generated corpus: ``python -m benchmarks.scaling --sizes 10M,100M``.

Each size is generated, each command run on it as a program of its own, without a bound on memory and with one if there
is the option, and both outputs compared.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.charts import draw_scaling
from benchmarks.runner import ONE_THREAD, ROOT
from benchmarks.sizes import parse_size
from benchmarks.worker import RSS_UNIT

MINENT = str(Path(sys.executable).with_name("minent"))
COMMANDS = {
    "count-ngrams": ("--max-order", "4", "--min-count", "5"),
    "build-vocab": (),
}
HEAD = ("bytes", "wall s", "CPU s", "MB/CPU s", "peak MB", "peak / corpus", "peak / bound", "output")
GOOD = ("", "same", "not compared")
PICTURE = ROOT / "docs" / "scaling.svg"
NOTE = (
    "Texts made by `python -m benchmarks.generate`, each command in a process of its own. *Output* says whether a run "
    "with a bound on memory wrote the same bytes as the run without one. The bound counts in units of 1024, as the "
    "option does; all else in thousands."
)


def has_memory_option(command: str) -> bool:
    """Whether a command of this minent can bound its memory."""
    shown = subprocess.run([MINENT, command, "--help"], capture_output=True, text=True, check=True)
    return "--memory" in shown.stdout


class RunFailed(Exception):
    """A program that was to be measured ended with an error."""


def run(arguments: list[str], output: Path) -> dict[str, float]:
    """Seconds, processor seconds and largest resident size in bytes of a program."""
    begin = time.perf_counter()
    with output.open("wb") as file:
        process = subprocess.Popen(arguments, stdout=file, env={**os.environ, **ONE_THREAD})
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RunFailed(f"failed: exit code {process.returncode}")
    return {
        "wall": time.perf_counter() - begin,
        "cpu": usage.ru_utime + usage.ru_stime,
        "memory": usage.ru_maxrss * RSS_UNIT,
    }


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            total.update(block)
    return total.hexdigest()


def row(size: int, measured: dict[str, float], output: str, bound: int = 0) -> list[object]:
    """A line of the table; ``bound`` is what memory was bounded to, in bytes."""
    cpu, memory = measured["cpu"], measured["memory"]
    return [
        size,
        round(measured["wall"], 2),
        round(cpu, 2),
        round(size / cpu / 1e6, 2),
        round(memory / 1e6),
        round(memory / size, 3),
        round(memory / bound, 3) if bound else None,
        output,
    ]


def sweep(
    sizes: list[int], commands: list[str], bound: str, unbounded: int, folder: Path
) -> Iterator[tuple[str, list[object]]]:
    """Caption of the table and line, of each run."""
    corpus, output = folder / "corpus.txt", folder / "output"
    variants = {command: ["", bound] if has_memory_option(command) else [""] for command in commands}
    for command, bounds in variants.items():
        for limit in bounds:  # so that nothing is compiled later
            run(command_line(command, limit, ROOT / "data" / "sample.txt"), output)
    for size in sizes:
        generate = [sys.executable, "-m", "benchmarks.generate", "--size", str(size), "-o", str(corpus)]
        subprocess.run(generate, check=True, cwd=ROOT)
        for command, bounds in variants.items():
            wanted = [limit for limit in bounds if limit or size <= unbounded]
            yield from compare(command, wanted, corpus, output)


def command_line(command: str, limit: str, corpus: Path) -> list[str]:
    """A command of minent with a bound on memory, if there is one."""
    return [MINENT, command, "-q", *COMMANDS[command], *(["--memory", limit] if limit else []), str(corpus)]


def compare(command: str, bounds: list[str], corpus: Path, output: Path) -> Iterator[tuple[str, list[object]]]:
    """One command on one corpus, without and with a bound; the first output is the measure of the second."""
    size, reference = corpus.stat().st_size, ""
    for limit in bounds:
        caption = f"minent {command}" + (f" --memory {limit}" if limit else "")
        try:
            measured = run(command_line(command, limit, corpus), output)
        except RunFailed as failure:
            yield caption, [size, *[None] * (len(HEAD) - 2), str(failure)]
            continue
        found = digest(output)
        if not limit:
            reference = found
            yield caption, row(size, measured, "")
        else:
            verdict = "not compared" if not reference else "same" if found == reference else "differs"
            yield caption, row(size, measured, verdict, parse_size(limit, thousand=1024))


def main(arguments: list[str] | None = None) -> int:
    """Generate, run, report, draw; 1 if an output differs or a run fails."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=__doc__.splitlines()[0])
    sizes = parser.add_argument("--sizes", default="3M,10M,30M", metavar="SIZE,…", help="default: 3M,10M,30M")
    parser.add_argument("--commands", default=",".join(COMMANDS), metavar="NAME,…", help="default: all")
    parser.add_argument("--memory", default="512M", metavar="SIZE", help="the bound, default: 512M")
    parser.add_argument(
        "--unbounded", type=parse_size, default=10**9, metavar="SIZE", help="largest corpus without a bound"
    )
    parser.add_argument("--folder", type=Path, help="where to keep the corpus meanwhile")
    parser.add_argument("--dry", action="store_true", help="print the section instead of keeping it")
    chosen = parser.parse_args(arguments)
    try:
        wanted = [parse_size(size) for size in chosen.sizes.split(",")]
    except argparse.ArgumentTypeError as error:
        parser.error(f"argument {sizes.option_strings[0]}: {error}")
    parts: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        for caption, line in sweep(wanted, chosen.commands.split(","), chosen.memory, chosen.unbounded, Path(folder)):
            print(caption, *line, file=sys.stderr, flush=True)
            part = parts.setdefault(caption, {"note": "", "head": HEAD, "rows": [], "setting": report.setting()})
            part["rows"].append(line)
    section = {
        "title": "Growth with the corpus",
        "note": NOTE,
        "parts": parts,
        "pictures": {"Time and memory over the size of the corpus": os.path.relpath(PICTURE, report.HERE)},
    }
    if chosen.dry:
        print(report.render({"scaling": section}))
    else:
        report.keep("scaling", section)
        draw_scaling(report.load()["scaling"]["parts"], PICTURE)
    return int(any(line[-1] not in GOOD for part in parts.values() for line in part["rows"]))


if __name__ == "__main__":
    sys.exit(main())
