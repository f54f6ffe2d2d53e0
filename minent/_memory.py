"""How much memory there is left, so that a search can stop before it takes all."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["available"]

_UNKNOWN = 4 << 30


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
