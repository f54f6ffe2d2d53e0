"""Libraries that are there if the user wants them."""

from __future__ import annotations

import importlib
from typing import Any

from minent.errors import MissingExtraError

__all__ = ["load"]


def load(library: str) -> Any:
    """Import a library.

    Raises
    ------
    MissingExtraError
        It is not installed.
    """
    try:
        return importlib.import_module(library)
    except ImportError:
        raise MissingExtraError(f"this needs {library}; pip install {library}") from None
