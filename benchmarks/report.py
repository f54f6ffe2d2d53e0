"""From measurements to benchmarks/RESULTS.md. Nothing here measures; the same measurements give the same text."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import SECTIONS
from benchmarks.registry import version_of

HERE = Path(__file__).resolve().parent
MEASUREMENTS = HERE / "measurements.json"
RESULTS = HERE / "RESULTS.md"
HEAD = """# Results

Written by the program (`make bench`); do not edit. The measurements themselves stand in `measurements.json` beside this
file, and below each table when it was measured, on what machine, and with which versions. One core unless a line says
otherwise. Ratios compare runs of the same round; in brackets the least and the greatest. *Peak* is the largest resident
size of the contender's own process, *before* what it was when timing began. Python's garbage collector, which looks
through all that is alive, is off while a contender is timed.
"""

Section = dict[str, Any]


# What was measured, kept beside the report.


def setting() -> dict[str, str]:
    """Date, versions and machine of a measurement that is made now."""
    versions = [f"{name} {version_of(name)}" for name in ("minent", "numpy", "numba")]
    return {
        "date": str(date.today()),
        "versions": ", ".join([f"Python {platform.python_version()}", *versions]),
        "machine": f"{platform.system()} {platform.machine()}, {_processor()}, {os.cpu_count()} cores, {_memory()}",
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


def load(path: Path = MEASUREMENTS) -> dict[str, Section]:
    """Sections measured so far, by name."""
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def keep(name: str, section: Section, folder: Path = HERE) -> None:
    """Put a section in the place of the earlier one, whose cases or tables that were not measured again stay."""
    sections = load(folder / MEASUREMENTS.name)
    earlier = sections.get(name, {})
    sections[name] = section | {"parts": earlier.get("parts", {}) | section["parts"]}
    save(sections, folder)


def save(sections: Mapping[str, Section], folder: Path = HERE) -> None:
    """Keep the measurements and write the report anew."""
    text = json.dumps(sections, ensure_ascii=False, indent=1) + "\n"
    for name, content in ((MEASUREMENTS.name, text), (RESULTS.name, render(sections))):
        part = folder / f".{name}.part"
        part.write_text(content, "utf-8")
        part.replace(folder / name)


# The report.


def render(sections: Mapping[str, Section]) -> str:
    """The whole report.

    A section has a ``title``, a ``note`` and ``parts``, by caption: what :func:`benchmarks.runner.measure` returned,
    or a table (``note``, ``head``, ``rows``), each with its ``setting``; and possibly ``pictures``, caption → path.
    """
    places = {name: place for place, name in enumerate(SECTIONS)}
    order = sorted(sections, key=lambda name: places.get(name, len(places)))
    return "".join([HEAD, *(line for name in order for line in _section(sections[name]))])


def _section(section: Section) -> Iterator[str]:
    yield f"\n## {section['title']}\n\n{section['note']}\n"
    for caption, picture in section.get("pictures", {}).items():
        yield f"\n![{caption}]({picture})\n"
    for caption, part in section["parts"].items():
        yield from _measured(caption, part) if "contenders" in part else _table(caption, part)
        yield from _settings(part)


def _settings(part: Mapping[str, Any]) -> Iterator[str]:
    """When and where a part was measured, and those of its rows that are older."""
    yield _made("", part["setting"])
    older: dict[str, list[str]] = {}
    for row, setting in part.get("settings", {}).items():
        older.setdefault(_made("{}: ", setting), []).append(row)
    for text, rows in older.items():
        yield text.format(", ".join(rows))


def _made(what: str, setting: Mapping[str, str]) -> str:
    return f"\n*{what}{setting['date']}. {setting['versions']}. {setting['machine']}.*\n"


def _table(caption: str, part: Mapping[str, Any]) -> Iterator[str]:
    """A heading, a paragraph and a Markdown table, each but the last may be empty."""
    if caption:
        yield f"\n### {caption}\n"
    if part["note"]:
        yield f"\n{part['note']}\n"
    yield f"\n| {' | '.join(part['head'])} |\n|{'---|' * len(part['head'])}\n"
    for row in part["rows"]:
        yield "| " + " | ".join(map(cell, row)) + " |\n"


def cell(value: object) -> str:
    """A value as the report shows it."""
    if isinstance(value, float):
        return "–" if value != value else f"{value:.3f}"
    return f"{value:,}" if type(value) is int else "–" if value is None else str(value).replace("|", "\\|")


def _measured(caption: str, part: Mapping[str, Any]) -> Iterator[str]:
    """The table of one case of a comparison, or why there is none."""
    amount, unit, records = part["amount"], part["unit"], part["contenders"]
    title = f"{caption}: {amount:,.0f} {unit}"
    ran = [record for record in records if record["runs"]]
    if part["problems"]:
        rows = [[problem] for problem in part["problems"]]
        yield from _table(title, {"note": "Not timed: the contenders do not agree.", "head": ["problem"], "rows": rows})
    elif ran:
        shown = [key for key in ran[0]["summary"] if not key.startswith("_")]
        head = [
            "",
            "wall s",
            "CPU s",
            f"M {unit}/CPU s",
            "CPU ratio",
            "wall ratio",
            "runs",
            "peak MB",
            "before MB",
            *shown,
        ]
        rows = [_row(record, ran[0], amount, shown) for record in ran]
        yield from _table(title, {"note": "", "head": head, "rows": rows})
    for record in records:
        if record["missing"]:
            yield f"\n{record['name']}: not run, {', '.join(record['missing'])} not installed.\n"
        elif record["differs"] and record["runs"]:
            yield f"\n{record['name']}: {record['differs']}\n"


def _row(record: Mapping[str, Any], first: Mapping[str, Any], amount: float, shown: list[str]) -> list[object]:
    wall, cpu = ([run[clock] for run in record["runs"]] for clock in ("wall", "cpu"))
    name = record["name"] + (f" ({record['versions']})" if record["versions"] else "")
    return [
        name,
        seconds(wall),
        seconds(cpu),
        f"{amount / median(cpu) / 1e6:.2f}" if median(cpu) else "–",
        ratio(record["runs"], first["runs"], "cpu"),
        ratio(record["runs"], first["runs"], "wall"),
        len(record["runs"]),
        f"{record['first']['memory'] / 1e6:.0f}",
        f"{record['prepared']['memory'] / 1e6:.0f}",
        *(record["summary"].get(key) for key in shown),
    ]


def seconds(times: list[float]) -> str:
    """Median, least and greatest."""
    return spread(times, 3 if median(times) < 10 else 1)


def ratio(runs: list[dict[str, float]], reference: list[dict[str, float]], clock: str) -> str:
    """How many times as long as the reference in the same round: median, least and greatest."""
    pairs = zip(runs, reference, strict=False)
    ratios = [run[clock] / other[clock] for run, other in pairs if other[clock] > 0]
    return spread(ratios, 2) if ratios else "–"


def spread(values: list[float], places: int) -> str:
    """Median, and in brackets least and greatest where there are several."""
    middle = f"{median(values):.{places}f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.{places}f}–{max(values):.{places}f})"
