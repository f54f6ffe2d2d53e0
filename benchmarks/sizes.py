"""Sizes on the command line. No NumPy here: who starts other processes stays small."""

from __future__ import annotations

import argparse
import re


def parse_size(text: str) -> int:
    """Bytes of "500", "10M", "3G" …: units of a thousand.

    >>> parse_size("1.5M")
    1500000
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([kMG]?)B?", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 10M or 3G")
    return round(float(match[1]) * {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}[match[2]])
