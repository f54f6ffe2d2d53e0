"""The figures of speed and memory in the READMEs, taken from what the benchmarks measured; see ``make docs``."""

import json
from pathlib import Path
from statistics import median

import cog

MEASURED = json.loads(Path("benchmarks/measurements.json").read_text("utf-8"))
CORPORA = {"": 300_000_000, " --memory 512M": 3_000_000_000}
HEADS = {
    "README.md": (("command", "corpus", "seconds", "peak memory"), ("program", "million characters a second")),
    "README.zh.md": (("命令", "语料", "秒", "内存峰值"), ("程序", "每秒百万字")),
}


def rounded(value):
    """A number to two digits."""
    return f"{float(f'{value:.2g}'):,g}"


def size(n_bytes):
    return f"{rounded(n_bytes / 1e9)} GB" if n_bytes > 995e6 else f"{rounded(n_bytes / 1e6)} MB"


def table(head, rows):
    for row in (head, ["---"] * len(head), *rows):
        cog.outl("|" + "|".join(row if row[0] == "---" else (f" {cell} " for cell in row)) + "|")


def commands():
    """Time and memory of the commands that read a whole corpus."""
    rows = []
    for command in ("count-ngrams", "build-vocab"):
        for option, n_bytes in CORPORA.items():
            measured = MEASURED["scaling"]["parts"][f"minent {command}{option}"]["rows"]
            corpus, seconds, *_, peak = next(row[:5] for row in measured if row[0] >= n_bytes)
            rows.append((f"`{command}{option}`", size(corpus), rounded(seconds), size(peak * 1e6)))
    table(HEADS[Path(cog.inFile).name][0], rows)


def segmenters():
    """How fast programs cut a file by the same words."""
    measured = MEASURED["files"]["parts"]["People's Daily, jieba's 349,045 words"]
    rows = [
        (each["name"], rounded(measured["amount"] / median(run["cpu"] for run in each["runs"]) / 1e6))
        for each in measured["contenders"]
        if "threads" not in each["name"]
    ]
    table(HEADS[Path(cog.inFile).name][1], rows)
