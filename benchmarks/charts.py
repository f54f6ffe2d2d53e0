"""Charts of what was measured, drawn from the measurements alone: the same measurements give the same picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

COLOURS = ("#1b6ca8", "#c8553d", "#4f772d", "#8e5572", "#b08900", "#5c677d")

LEAST_F1 = 0.5  # of what is worth showing
LABEL_HEIGHT = 0.012


def _pyplot() -> Any:
    import matplotlib

    matplotlib.use("svg")
    # Without these, every drawing has other ids, and text as outlines of the fonts of one machine.
    matplotlib.rcParams.update({"svg.hashsalt": "minent", "svg.fonttype": "none", "font.size": 9})
    from matplotlib import pyplot

    return pyplot


def _number(axis: Any) -> None:
    """Plain numbers on a logarithmic axis: 1, 2, 5, 10 …"""
    from matplotlib.ticker import LogLocator, NullFormatter

    axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter("{x:g}")
    axis.set_minor_formatter(NullFormatter())


def _save(figure: Any, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})


def draw_scaling(parts: Mapping[str, Mapping[str, Any]], path: Path) -> None:
    """CPU seconds and peak memory over corpus size, both axes logarithmic."""
    pyplot = _pyplot()
    figure, axes = pyplot.subplots(1, 2, figsize=(9, 3.6))
    for number, (caption, part) in enumerate(parts.items()):
        rows = [dict(zip(part["head"], row, strict=True)) for row in part["rows"]]
        rows = [row for row in rows if row["CPU s"] is not None]  # the others failed
        size = [row["bytes"] / 1e6 for row in rows]
        style = {"color": COLOURS[number % len(COLOURS)], "marker": "o", "markersize": 3, "label": caption}
        axes[0].plot(size, [row["CPU s"] for row in rows], **style)
        axes[1].plot(size, [row["peak MB"] for row in rows], **style)
    for axis, what in zip(axes, ("CPU seconds", "peak memory, MB"), strict=True):
        axis.set(xscale="log", yscale="log", xlabel="corpus, MB", ylabel=what)
        axis.grid(True, which="both", linewidth=0.3)
        _number(axis.xaxis)
        _number(axis.yaxis)
    axes[0].legend(fontsize=7)
    _save(figure, path)
    pyplot.close(figure)


def draw_scores(part: Mapping[str, Any], path: Path) -> None:
    """F1 over processor time of each row that has both, the labels below one another on the right."""
    pyplot = _pyplot()
    figure, axis = pyplot.subplots(figsize=(8, 4))
    rows = [dict(zip(part["head"], values, strict=True)) for values in part["rows"]]
    rows = [row for row in rows if isinstance(row["F1"], float)]
    points = [((row["learn s"] or 0) + (row["segment s"] or 0), row["F1"], row["method"]) for row in rows]
    points = sorted((point for point in points if point[0] and point[1] >= LEAST_F1), key=lambda p: -p[1])
    height = 1.0
    for seconds, f1, label in points:
        colour = COLOURS[0] if label.startswith("minent ") else COLOURS[1]
        height = min(f1, height - LABEL_HEIGHT)
        axis.plot(seconds, f1, "o", color=colour)
        axis.annotate(
            label,
            (seconds, f1),
            xytext=(1.03, height),
            textcoords=("axes fraction", "data"),
            va="center",
            fontsize=8,
            color=colour,
            arrowprops={"arrowstyle": "-", "linewidth": 0.4, "color": colour},
        )
    axis.set(xscale="log", xlabel="processor seconds to learn and to segment", ylabel="F1, punctuation counted")
    _number(axis.xaxis)
    axis.grid(True, which="both", linewidth=0.3)
    _save(figure, path)
    pyplot.close(figure)
