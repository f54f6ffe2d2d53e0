"""Thresholds: what a user may ask for, and what it comes to in whole numbers."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from numbers import Integral

import numpy as np

from minent.errors import ParameterError

__all__ = ["as_fraction", "check_support", "least_count"]


def least_count(min_support: float | Decimal | Fraction, n: int) -> int:
    """The smallest count that a support allows, reckoned in whole numbers.

    Examples
    --------
    >>> least_count(0.07, 100), least_count(0.0701, 100), least_count(7, 100), least_count(0.01, 0)
    (7, 8, 7, 1)
    """
    if isinstance(min_support, Integral):
        return int(min_support)
    return max(1, math.ceil(as_fraction(min_support) * n))


def as_fraction(number: float | Decimal | Fraction) -> Fraction:
    """The number as it is written in decimal: a float of .1 is exactly 1/10."""
    return Fraction(str(number))


def check_support(value: object) -> None:
    """Refuse what is neither a count nor a share."""
    try:
        fits = value >= 1 if isinstance(value, Integral) else 0 < as_fraction(value) <= 1  # type: ignore
    except (ValueError, ZeroDivisionError):
        fits = False
    if not fits or isinstance(value, (bool, np.bool_)):
        raise ParameterError(
            f"min_support must be a whole count from 1 on, or a share above 0 and at most 1, not {value}"
        )
