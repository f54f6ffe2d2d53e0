"""How much memory there is left, and how much a run may take."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from pathlib import Path

from minent.errors import LimitError, ParameterError, check_whole

__all__ = ["MemoryLimit", "as_bytes", "as_memory_limit", "available"]

_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?", re.IGNORECASE)
_LEAST = 384 << 20


def available() -> int:
    """Bytes that can still be taken: of the machine, or of the container if that has less."""
    return max(0, min(_of_the_machine(), _of_the_container()))


def _of_the_machine() -> int:
    if sys.platform == "linux":
        with contextlib.suppress(OSError, StopIteration):
            lines = Path("/proc/meminfo").read_text("ascii").splitlines()
            return next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")
    import psutil

    return int(psutil.virtual_memory().available)


def _of_the_container(root: str | os.PathLike[str] = "/sys/fs/cgroup") -> int:
    names = (
        ("memory.max", "memory.current", "memory.stat", "inactive_file"),
        (*("memory/memory." + name for name in ("limit_in_bytes", "usage_in_bytes", "stat")), "total_inactive_file"),
    )
    for limit, used, statistics, cached in names:
        try:
            most, now = (int(Path(root, name).read_text("ascii")) for name in (limit, used))
            known = dict(line.split() for line in Path(root, statistics).read_text("ascii").splitlines())
            return most - now + int(known.get(cached, 0))  # files that were read are let go of when memory is short
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
    n_bytes = as_bytes(size)
    if n_bytes < _LEAST:
        raise ParameterError(f"the memory limit must be at least {_LEAST >> 20}M")
    return MemoryLimit(n_bytes)


def as_bytes(size: str | int) -> int:
    """A number of bytes, also from a text such as ``512M`` or ``2G``.

    Raises
    ------
    ParameterError
        It is no size.
    """
    if not isinstance(size, str):
        check_whole("an amount of memory", size, 0)
        return int(size)
    match = _SIZE.fullmatch(size.strip())
    if not match:
        raise ParameterError(f"{size!r} is no amount of memory; write 512M or 2G")
    return int(float(match[1]) * 1024 ** " KMGT".index(match[2].upper() or " "))


def resident() -> int:
    """Bytes of memory that the process holds."""
    if sys.platform == "linux":
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    import psutil

    return int(psutil.Process().memory_info().rss)
