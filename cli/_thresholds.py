"""Numbers on the command line that are reckoned exactly: supports, shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from decimal import Decimal


def _decimal(text: str) -> Decimal | None:
    """A finite number, written plainly or in percent."""
    from decimal import Decimal, InvalidOperation

    try:
        number = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        return None
    return (number / 100 if text.endswith("%") else number) if number.is_finite() else None


class Support(click.ParamType):
    """A count, or a share in decimal or percent."""

    name = "support"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | Decimal:
        text = str(value)
        number = int(text) if text.isascii() and text.isdigit() else _decimal(text)
        if number is None or not (number >= 1 if isinstance(number, int) else 0 < number <= 1):
            self.fail(f"{text!r} is no count such as 20, nor a share such as .05 or 5%", param, ctx)
        return number


class Number(click.ParamType):
    """A number from 0 on, or from 0 to 1; in decimal or percent."""

    def __init__(self, most: int | None = None) -> None:
        self.name = "number"
        self._most = most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        number = _decimal(str(value))
        if number is None or number < 0 or (self._most is not None and number > self._most):
            kind = "number from 0 on, such as 1.5" if self._most is None else "share from 0 to 1, such as .6 or 60%"
            self.fail(f"{str(value)!r} is no {kind}", param, ctx)
        return number
