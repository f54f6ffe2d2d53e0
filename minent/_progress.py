"""Progress bars: the only use of tqdm. On stderr, silent unless asked."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from typing import Any


class _NoBar(AbstractContextManager["_NoBar"]):
    def __exit__(self, *error: object) -> None:
        pass

    def update(self, n: int = 1) -> None:
        pass


def bar(shown: bool, what: str, total: int | None, unit: str = "B") -> Any:
    """A bar that appears only when ``shown`` and on a terminal."""
    if not (shown and sys.stderr is not None and sys.stderr.isatty()):
        return _NoBar()
    from tqdm import tqdm  # not above: it takes longer to load than a short text to cut

    few = total is not None and total < 1000
    return tqdm(
        desc=what, total=total, unit=unit, unit_scale=not few, unit_divisor=1024 if unit == "B" else 1000, leave=False
    )
