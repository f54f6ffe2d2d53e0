"""Sizes on the command line. No NumPy here: who starts other processes stays small."""

from __future__ import annotations

import argparse
import re


def parse_size(text: str, thousand: int = 1000) -> int:
    """Bytes of "500", "10M", "3G" …

    >>> parse_size("1.5M"), parse_size("1.5M", thousand=1024)
    (1500000, 1572864)
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([kMG]?)B?", text)
    if not match:
        raise argparse.ArgumentTypeError(f"{text!r} is not a size such as 10M or 3G")
    return round(float(match[1]) * thousand ** " kMG".index(match[2] or " "))
