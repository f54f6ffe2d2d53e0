"""Frequent itemsets: all sets of items that enough transactions hold, or the closed or the maximal ones.

The name is that of the oldest algorithm for it. What runs is a search depth first, which is many times faster.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from minent import _memory
from minent.database import arrange
from minent.errors import ParameterError, check_lengths, check_whole
from minent.itemsets import Itemsets
from minent.search import TASKS, Limits, Search
from minent.thresholds import check_support, least_count
from minent.transactions import TransactionsLike, as_transactions

__all__ = ["TARGETS", "frequent_itemsets"]

TARGETS = ("all", "closed", "maximal")


def frequent_itemsets(
    transactions: TransactionsLike,
    min_support: float | Decimal | Fraction,
    *,
    min_length: int = 1,
    max_length: int | None = None,
    target: str = "all",
    max_itemsets: int | None = None,
    max_memory: str | int | None = None,
    threads: int = 1,
    progress: bool = False,
) -> Itemsets:
    """Find all sets of items that enough transactions hold. Exact.

    Parameters
    ----------
    transactions : Transactions, iterable of iterables, path, matrix or data frame
        See :class:`~minent.transactions.Transactions`; its class methods take more kinds of input.
    min_support : int or float
        A whole number is a count of transactions, any other a share of all (0 < share ≤ 1). A set is frequent if
        it has *at least* that; the smallest count is reckoned exactly, .07 being 7/100.
    min_length, max_length : int
        Fewest and most items of a set.
    target : {"all", "closed", "maximal"}
        All sets; only those that no item can join without fewer transactions holding them; only those that no item
        can join without being rare. The last two are chosen among sets of any length, and then by length.
    max_itemsets : int, optional
        Stop with an error when more sets are found; those that are too short or not of the target count as well.
    max_memory : str or int, optional
        Room for the sets, such as ``"500M"`` or a number of bytes, 16 for each; by default a third of what is free.
        Stop with an error when it is used up.
    threads : int
        Threads that search, where there is much to do. The result is the same.
    progress : bool
        Show a bar on stderr.

    Returns
    -------
    Itemsets

    Raises
    ------
    LimitError
        There are more sets than allowed: says how many were found.
    ParameterError
    InputError
        See :meth:`Transactions.from_files <minent.transactions.Transactions.from_files>`.

    References
    ----------
    Christian Borgelt (2012). Frequent item set mining. WIREs Data Mining and Knowledge Discovery 2(6), 437–456.
    Takeaki Uno, Masashi Kiyomi, Hiroki Arimura (2004). LCM ver. 2: Efficient Mining Algorithms for
    Frequent/Closed/Maximal Itemsets. FIMI 2004.

    Examples
    --------
    >>> baskets = [["bread", "milk"], ["bread", "milk", "tea"], ["tea"], ["bread", "milk"]]
    >>> dict(frequent_itemsets(baskets, 0.5))
    {('bread',): 3, ('milk',): 3, ('bread', 'milk'): 3, ('tea',): 2}
    >>> dict(frequent_itemsets(baskets, 0.5, target="closed"))
    {('bread', 'milk'): 3, ('tea',): 2}
    """
    if target not in TARGETS:
        raise ParameterError(f"target must be one of {', '.join(TARGETS)}, not {target!r}")
    check_lengths(min_length, max_length)
    for name, value, least in (("max_itemsets", max_itemsets, 0), ("threads", threads, 1)):
        if value is not None:
            check_whole(name, value, least)
    check_support(min_support)
    transactions = as_transactions(transactions)
    min_count = least_count(min_support, len(transactions))
    memory = _memory.available() // 3 if max_memory is None else _memory.as_bytes(max_memory)
    limits = Limits(max_itemsets, memory)
    database = arrange(transactions, min_count, threads)
    longest = len(database.labels) + 1 if max_length is None else max_length
    tasks = TASKS if progress or threads > 1 else 1
    search = Search(database, min_count, longest, TARGETS.index(target), limits, tasks)
    parent, item, count = search.run(threads, progress)
    return Itemsets(database.labels, len(transactions), min_count, target, min_length, parent, item, count)
