"""Progress bars: the only use of tqdm. On stderr, silent unless asked."""

from __future__ import annotations

from typing import Any

from tqdm import tqdm


def bar(shown: bool, what: str, total: int | None, unit: str = "B") -> Any:
    """A bar that appears only when ``shown`` and on a terminal."""
    return tqdm(
        desc=what,
        total=total,
        unit=unit,
        unit_scale=True,
        unit_divisor=1024 if unit == "B" else 1000,
        disable=None if shown else True,
        leave=False,
    )
