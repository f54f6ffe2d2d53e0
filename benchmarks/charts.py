"""Charts of what was measured, drawn from the measurements alone: the same measurements give the same picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

COLOURS = ("#1b6ca8", "#c8553d", "#4f772d", "#8e5572", "#b08900", "#5c677d")


def _pyplot() -> Any:
    import matplotlib

    matplotlib.use("svg")
    # Without these, every drawing has other ids, and text as outlines of the fonts of one machine.
    matplotlib.rcParams.update({"svg.hashsalt": "minent", "svg.fonttype": "none", "font.size": 9})
    from matplotlib import pyplot

    return pyplot


def _save(figure: Any, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


def draw_scaling(parts: Mapping[str, Mapping[str, Any]], path: Path) -> None:
    """CPU seconds and peak memory over corpus size, both axes logarithmic."""
    pyplot = _pyplot()
    figure, axes = pyplot.subplots(1, 2, figsize=(9, 3.6))
    for number, (caption, part) in enumerate(parts.items()):
        rows = [dict(zip(part["head"], row, strict=True)) for row in part["rows"]]
        size = [row["bytes"] / 1e6 for row in rows]
        style = {"color": COLOURS[number % len(COLOURS)], "marker": "o", "markersize": 3, "label": caption}
        axes[0].plot(size, [row["CPU s"] for row in rows], **style)
        axes[1].plot(size, [row["peak MB"] for row in rows], **style)
    for axis, what in zip(axes, ("CPU seconds", "peak memory, MB"), strict=True):
        axis.set(xscale="log", yscale="log", xlabel="corpus, MB", ylabel=what)
        axis.grid(True, which="both", linewidth=0.3)
    axes[0].legend(fontsize=7)
    _save(figure, path)
    pyplot.close(figure)


def draw_scores(part: Mapping[str, Any], path: Path) -> None:
    """F1 over processor time of each row that has both; what learns nothing is shown at its time to segment."""
    pyplot = _pyplot()
    figure, axis = pyplot.subplots(figsize=(7.5, 4.5))
    for row in (dict(zip(part["head"], values, strict=True)) for values in part["rows"]):
        seconds = (row["learn s"] or 0) + (row["segment s"] or 0)
        if not seconds or row["F1"] is None:
            continue
        ours = row["method"].startswith("minent ")
        axis.plot(seconds, row["F1"], "o", color=COLOURS[0] if ours else COLOURS[1])
        axis.annotate(row["method"], (seconds, row["F1"]), xytext=(5, 4), textcoords="offset points", fontsize=7)
    axis.set(
        xscale="log", xlabel="processor seconds to learn and to segment", ylabel="F1 of words, punctuation counted"
    )
    axis.grid(True, which="both", linewidth=0.3)
    axis.margins(x=0.25, y=0.1)
    _save(figure, path)
    pyplot.close(figure)
