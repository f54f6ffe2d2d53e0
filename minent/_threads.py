"""Python threads over kernels that let go of the interpreter."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from minent.errors import check_whole

__all__ = ["beside", "in_order"]

T = TypeVar("T")
R = TypeVar("R")


def in_order(function: Callable[[T], R], items: Iterable[T], threads: int = 1) -> Iterator[R]:
    """``map`` over several threads: results in the order of the items, which are drawn a few ahead and no more."""
    check_whole("threads", threads, 1)
    return map(function, items) if threads == 1 else _shared_out(function, items, threads)


def beside(function: Callable[[T], R], items: Iterable[T], threads: int = 1) -> Iterator[R]:
    """``map``; with several threads, one call after the other in one of them while this one draws the next items."""
    check_whole("threads", threads, 1)
    return map(function, items) if threads == 1 else _shared_out(function, items, 1)


def _shared_out(function: Callable[[T], R], items: Iterable[T], threads: int) -> Iterator[R]:
    waiting: deque[Future[R]] = deque()
    with ThreadPoolExecutor(threads) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(function, item))
                if len(waiting) > 2 * threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
