"""What can go wrong, as one small tree.

::

    MinentError(ValueError)
    ├── InputError        a file or text that cannot be used: where, what, what to do
    │   ├── DecodeError   bytes that are not in the stated encoding
    │   ├── FormatError   a vocabulary, JSON line or gold file that breaks its format
    │   └── MismatchError two texts that should be the same and are not
    ├── ParameterError    an argument out of its range
    ├── LimitError        more memory, or a larger result, than allowed
    └── MissingExtraError an optional library that is not installed

Every message is one line that a user can act on; the command line prints it after ``Error:``.
"""

from numbers import Integral

__all__ = [
    "DecodeError",
    "FormatError",
    "InputError",
    "LimitError",
    "MinentError",
    "MismatchError",
    "MissingExtraError",
    "ParameterError",
    "check_lengths",
    "check_whole",
]


class MinentError(ValueError):
    """Base of all errors that minent raises on purpose."""


class InputError(MinentError):
    """A file or text that cannot be used."""


class DecodeError(InputError):
    """Bytes that are not in the stated encoding."""


class FormatError(InputError):
    """A file that breaks the format it should have."""


class MismatchError(InputError):
    """Two texts that should be the same and are not."""


class ParameterError(MinentError):
    """An argument out of its range."""


class LimitError(MinentError):
    """More memory, or a larger result, than allowed."""


class MissingExtraError(MinentError):
    """An optional library that is not installed."""


def check_whole(name: str, value: object, least: int, most: int | None = None) -> None:
    """Refuse an argument that is no whole number of at least so much, and at most so much."""
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not whole or value < least or (most is not None and value > most):  # type: ignore[operator]
        wanted = f"of at least {least}" if most is None else f"from {least} to {most}"
        raise ParameterError(f"{name} must be a whole number {wanted}, not {value!r}")


def check_lengths(min_length: object, max_length: object) -> None:
    """Refuse a least and a greatest length that nothing can have; the latter may be None."""
    check_whole("min_length", min_length, 1)
    if max_length is not None:
        check_whole("max_length", max_length, 1)
        if max_length < min_length:  # type: ignore[operator]
            raise ParameterError(f"max_length {max_length} is less than min_length {min_length}; raise it")
