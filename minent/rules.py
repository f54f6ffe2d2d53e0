"""Association rules: who holds these items tends to hold those."""

from __future__ import annotations

import collections
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from minent import _memory
from minent._kernels import rules as kernels
from minent._optional import load
from minent.errors import LimitError, ParameterError, check_whole
from minent.itemsets import Itemsets
from minent.thresholds import as_fraction

__all__ = ["METRICS", "Rules", "association_rules"]

METRICS = ("support", "confidence", "lift", "leverage", "conviction", "zhang", "jaccard")
_ROOM = 1 << 16
_NODES = 1 << 16
# Bytes a rule: three nodes, and once more while the parts are joined and sorted.
_RULE = 40


@dataclass(frozen=True, eq=False)
class Rules(Sequence[Any]):
    """Rules "antecedent → consequent", the most confident first, of equals those with the larger support.

    Each is a named tuple: antecedent, consequent, count, and the metrics asked for.

    Attributes
    ----------
    itemsets : Itemsets
        What they were made from.
    metrics : tuple of str
        Which metrics are shown.
    whole, antecedent, consequent : ndarray of shape (n,), int32
        Nodes of the itemsets.

    Examples
    --------
    >>> import minent
    >>> baskets = [["tea", "cup"], ["tea", "milk"], ["tea", "cup", "milk"], ["cup"]]
    >>> rules = association_rules(minent.frequent_itemsets(baskets, 2), 0.6, metrics=["confidence", "lift"])
    >>> for rule in rules:
    ...     print(*rule.antecedent, "→", *rule.consequent, rule.confidence, rule.lift)
    milk → tea 1.00 1.33
    cup → tea 0.67 0.89
    tea → cup 0.67 0.89
    tea → milk 0.67 1.33
    """

    itemsets: Itemsets
    metrics: tuple[str, ...]
    whole: NDArray[np.int32]
    antecedent: NDArray[np.int32]
    consequent: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.whole)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return Rules(self.itemsets, self.metrics, *(nodes[index] for nodes in self._nodes))
        index = range(len(self))[index]
        return next(iter(self[index : index + 1]))

    def __iter__(self) -> Iterator[Any]:
        make = _rule(self.metrics)
        spell = self.itemsets.spell
        for begin in range(0, len(self), _ROOM):
            part = self[begin : begin + _ROOM]
            values = [part.metric(name).tolist() for name in self.metrics]
            yield from map(make, spell(part.antecedent), spell(part.consequent), part.counts.tolist(), *values)

    def __repr__(self) -> str:
        return f"<Rules: {len(self):,} from {len(self.itemsets):,} itemsets>"

    @property
    def _nodes(self) -> tuple[NDArray[np.int32], ...]:
        return self.whole, self.antecedent, self.consequent

    @functools.cached_property
    def counts(self) -> NDArray[np.int64]:
        """How many transactions hold both sides, ndarray of shape (n,), int64."""
        return self.itemsets.count[self.whole].astype(np.int64)

    def metric(self, name: str) -> NDArray[np.float64]:
        """One of :data:`METRICS` for each rule X → Y, with the shares p of all transactions.

        ============  =====================================================================
        support       p(XY)
        confidence    p(XY) / p(X)
        lift          p(XY) / (p(X) p(Y)): 1 if X and Y are independent
        leverage      p(XY) − p(X) p(Y)
        conviction    (1 − p(Y)) / (1 − confidence), infinite for a confidence of 1
        zhang         leverage / max(p(XY)(1 − p(X)), p(X)(p(Y) − p(XY))): from −1 to 1; 0 where that is 0 / 0
        jaccard       p(XY) / (p(X) + p(Y) − p(XY))
        ============  =====================================================================
        """
        if name not in METRICS:
            raise ParameterError(f"unknown metric {name!r}; there are {', '.join(METRICS)}")
        both, x, y = (self.itemsets.count.take(nodes).astype(np.float64) for nodes in self._nodes)
        return _MEASURES[name](both, x, y, float(self.itemsets.n_transactions))

    def sorted_by(self, metric: str) -> Rules:
        """The rules with the largest value of a metric, or ``"count"``, first; equals keep their order."""
        order = _by_value(self.metric("support" if metric == "count" else metric))
        return Rules(self.itemsets, self.metrics, *(nodes.take(order) for nodes in self._nodes))

    def to_numpy(self) -> NDArray[Any]:
        """A structured array: antecedent and consequent (tuples), count, and the metrics."""
        columns = self._columns()
        kinds = [(name, values.dtype) for name, values in columns.items()]
        rows = np.empty(len(self), kinds)
        for name, values in columns.items():
            rows[name] = values
        return rows

    def to_pandas(self) -> Any:
        """A pandas data frame of the same columns."""
        return load("pandas").DataFrame(self._columns())

    def to_polars(self) -> Any:
        """A polars data frame of the same columns, sides as lists."""
        columns = self._columns()
        sides = {name: list(map(list, columns[name])) for name in ("antecedent", "consequent")}
        return load("polars").DataFrame(columns | sides)

    def _columns(self) -> dict[str, NDArray[Any]]:
        columns: dict[str, NDArray[Any]] = {}
        for name, nodes in (("antecedent", self.antecedent), ("consequent", self.consequent)):
            columns[name] = np.empty(len(self), object)
            columns[name][:] = self.itemsets.spell(nodes)
        return columns | {"count": self.counts} | {name: self.metric(name) for name in self.metrics}


def _quotient(a: NDArray[np.float64], b: NDArray[np.float64], of_nothing: float) -> NDArray[np.float64]:
    return np.divide(a, b, out=np.full(len(a), of_nothing), where=b != 0)


# Of the counts of XY, X, Y and of all transactions.
_MEASURES: dict[str, Any] = {
    "support": lambda both, x, y, n: both / n,
    "confidence": lambda both, x, y, n: both / x,
    "lift": lambda both, x, y, n: both * n / (x * y),
    "leverage": lambda both, x, y, n: (both * n - x * y) / (n * n),
    "conviction": lambda both, x, y, n: _quotient((n - y) * x, n * (x - both), np.inf),
    "zhang": lambda both, x, y, n: _quotient(both * n - x * y, np.maximum(both * (n - x), x * (y - both)), 0.0),
    "jaccard": lambda both, x, y, n: both / (x + y - both),
}


@functools.cache
def _rule(metrics: tuple[str, ...]) -> type[Any]:
    return collections.namedtuple("Rule", ("antecedent", "consequent", "count", *metrics))


def association_rules(
    itemsets: Itemsets,
    min_confidence: float | Decimal | Fraction = 0.5,
    *,
    max_consequent: int | None = 1,
    min_lift: float | Decimal | Fraction | None = None,
    metrics: Sequence[str] = METRICS,
    max_rules: int | None = None,
) -> Rules:
    """Find the rules that itemsets hold, with at least a confidence. Exact.

    Parameters
    ----------
    itemsets : Itemsets
        All frequent sets (target "all"); their support is that of the rules.
    min_confidence : float
        Least share of the transactions with the antecedent that hold the consequent too, from 0 to 1.
    max_consequent : int, optional
        Most items on the right; None for any number.
    min_lift : float, optional
        Least lift; above 1, the sides meet more often than by chance.
    metrics : sequence of str
        Which to show, see :meth:`Rules.metric`.
    max_rules : int, optional
        Stop with an error when there are more; by default when half of the free memory is used up.

    Returns
    -------
    Rules

    Raises
    ------
    LimitError
        There are more rules than allowed.
    ParameterError
        An argument is out of its range, or the itemsets are only the closed or maximal ones.

    References
    ----------
    Rakesh Agrawal, Tomasz Imieliński, Arun Swami (1993). Mining Association Rules between Sets of Items in Large
    Databases. SIGMOD 1993.

    Examples
    --------
    >>> import minent
    >>> itemsets = minent.frequent_itemsets([["bread", "jam"], ["bread", "jam"], ["bread"], ["tea"]], 1)
    >>> rule = association_rules(itemsets, 0.6)[0]
    >>> rule.antecedent, rule.consequent, rule.support, rule.confidence, rule.lift
    (('jam',), ('bread',), 0.5, 1.0, 1.3333)
    """
    if not isinstance(itemsets, Itemsets):
        raise ParameterError("rules are made of what frequent_itemsets finds, not of the transactions themselves")
    if itemsets.target != "all":
        raise ParameterError(f'rules need all itemsets, not the {itemsets.target} ones; use target="all"')
    if not 0 <= (confidence := _number("min_confidence", min_confidence)) <= 1:
        raise ParameterError(f"min_confidence must be from 0 to 1, not {min_confidence}")
    if (lift := _number("min_lift", 0 if min_lift is None else min_lift)) < 0:
        raise ParameterError(f"min_lift must be at least 0, not {min_lift}")
    for name, value, least in (("max_consequent", max_consequent, 1), ("max_rules", max_rules, 0)):
        if value is not None:
            check_whole(name, value, least)
    for name in metrics:
        if name not in METRICS:
            raise ParameterError(f"unknown metric {name!r}; there are {', '.join(METRICS)}")
    most = _memory.available() // 2 // _RULE if max_rules is None else max_rules
    parts = list(_search(itemsets, confidence, max_consequent or len(itemsets.labels) + 1, lift, most))
    whole, antecedent, consequent = (np.concatenate(column) for column in zip(*parts, strict=True))
    # They come by count: itemsets are in that order.
    return Rules(itemsets, tuple(metrics), whole, antecedent, consequent).sorted_by("confidence")


def _number(name: str, value: Any) -> Fraction:
    try:
        return as_fraction(value)
    except (ValueError, ZeroDivisionError):
        raise ParameterError(f"{name} must be a number, not {value}") from None


def _by_value(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """The order with the largest first, in which equals stay as they are."""
    bits = (0.0 - values).view(np.int64)
    keys = bits ^ ((bits >> 63) & 0x7FFFFFFFFFFFFFFF)  # whole numbers in the order of the floats
    order, other = np.arange(len(values)), np.empty(len(values), np.int64)
    return other if kernels.sort_by_keys(keys, order, np.empty_like(keys), other) else order


def _rarest(counts: NDArray[np.int32], confidence: Fraction) -> NDArray[np.int64]:
    """For the count of each set, the largest count that the left side of its rules may have; counts are sorted."""
    if confidence == 0:
        return np.full(len(counts), 1 << 31)
    begins = np.flatnonzero(np.diff(counts, prepend=-1))
    limits = [count * confidence.denominator // confidence.numerator for count in counts[begins].tolist()]
    limits = [min(limit, 1 << 31) for limit in limits]
    return np.repeat(np.array(limits, np.int64), np.diff(begins, append=len(counts)))


def _search(
    itemsets: Itemsets, confidence: Fraction, longest: int, lift: Fraction, most: int
) -> Iterator[tuple[NDArray[np.int32], ...]]:
    """Nodes of whole, antecedent and consequent, in parts."""
    tree = itemsets.parent, itemsets.item, itemsets.count, *itemsets.index
    nodes = itemsets.nodes[itemsets.lengths[itemsets.nodes] > 1]
    depth = int(itemsets.lengths.max(initial=0)) + 1
    work = tuple(np.zeros(depth, np.int64) for _ in range(3))
    room, found = _ROOM, 0
    yield (np.empty(0, np.int32),) * 3
    for begin in range(0, len(nodes), _NODES):  # in parts, so that Ctrl-C is heard
        part = nodes[begin : begin + _NODES]
        rarest = _rarest(itemsets.count[part], confidence)
        state = np.zeros(2, np.int64)
        finished = False
        while not finished:
            out = tuple(np.empty(room, np.int32) for _ in range(3))
            state[1] = 0
            finished = kernels.find_rules(part, rarest, longest, tree, work, out, state)
            written = int(state[1])
            kept = _lifted(itemsets, tuple(column[:written] for column in out), lift)
            found += len(kept[0])
            if found > most or (not written and not finished and room > most):
                raise LimitError(
                    f"{found:,} rules found so far, {most:,} allowed; ask for more confidence"
                    " (--min-confidence), support (--min-support) or lift (--min-lift)"
                )
            yield kept
            room = room if written else 2 * room


def _lifted(itemsets: Itemsets, rules: tuple[NDArray[np.int32], ...], least: Fraction) -> tuple[NDArray[np.int32], ...]:
    """The rules whose lift is large enough; reckoned in whole numbers where it is close."""
    if least <= 0:
        return tuple(column.copy() for column in rules)
    n = itemsets.n_transactions
    both, x, y = (itemsets.count[nodes].astype(np.float64) for nodes in rules)
    lift = both * n / (x * y)
    kept = lift >= float(least)
    for i in np.flatnonzero(np.isclose(lift, float(least), rtol=1e-9, atol=0)).tolist():
        kept[i] = Fraction(int(both[i]) * n, int(x[i]) * int(y[i])) >= least
    return tuple(column[kept] for column in rules)
