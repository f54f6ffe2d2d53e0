"""How much memory there is left, and how much a run may take."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from minent.errors import LimitError, ParameterError

__all__ = ["MemoryLimit", "as_memory_limit", "available"]

_UNKNOWN = 4 << 30
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?", re.IGNORECASE)
_LEAST = 384 << 20


def available() -> int:
    """Bytes that can still be taken: of the machine, or of the container if that has less."""
    return max(0, min(_of_the_machine(), _of_the_container()))


def _of_the_machine() -> int:
    try:
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) << 10
    except (OSError, ValueError):
        pass
    try:  # macOS tells only how much it has
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (AttributeError, OSError, ValueError):
        return _UNKNOWN


def _of_the_container(root: str = "/sys/fs/cgroup") -> int:
    names = (("memory.max", "memory.current"), ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"))
    for limit, used in names:
        try:
            return int(Path(root, limit).read_text("ascii")) - int(Path(root, used).read_text("ascii"))
        except (OSError, ValueError):  # not there, or "max"
            continue
    return 1 << 62


class MemoryLimit:
    """A bound on the memory of the process.

    Parameters
    ----------
    bytes : int
    """

    def __init__(self, bytes: int) -> None:
        self.bytes = bytes

    def check(self, more: int, what: str) -> None:
        """Refuse a step that would take so many more bytes than are left.

        Raises
        ------
        LimitError
        """
        needed = resident() + more
        if needed > self.bytes:
            raise LimitError(
                f"{what} would take {needed >> 20:,} MB, and the memory limit is {self.bytes >> 20:,} MB; "
                "raise it (--memory), or count only what is more frequent (--min-count)"
            )


def as_memory_limit(size: str | int | None) -> MemoryLimit | None:
    """A limit from a number of bytes or a text such as ``512M`` or ``2G``.

    Raises
    ------
    ParameterError
        It is no size, or less than 384 MB, of which Python and its compiler take most.

    Examples
    --------
    >>> as_memory_limit("1.5G").bytes
    1610612736
    """
    if size is None:
        return None
    if isinstance(size, str):
        match = _SIZE.fullmatch(size.strip())
        if not match:
            raise ParameterError(f"{size!r} is no amount of memory; write 512M or 2G")
        size = int(float(match[1]) * 1024 ** " KMGT".index(match[2].upper() or " "))
    if size < _LEAST:
        raise ParameterError(f"the memory limit must be at least {_LEAST >> 20}M")
    return MemoryLimit(int(size))


def resident() -> int:
    """Bytes of memory that the process holds."""
    if sys.platform == "linux":
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    import psutil

    return int(psutil.Process().memory_info().rss)
