"""Itemsets: all are found, with their exact counts, and none else."""

import itertools
import random
from decimal import Decimal
from fractions import Fraction

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minent import Itemsets, Transactions, frequent_itemsets
from minent import search as module
from minent.apriori import TARGETS
from minent.errors import LimitError, ParameterError
from minent.thresholds import least_count

BASKETS = [["bread", "milk"], ["bread", "milk", "tea"], ["tea"], ["bread", "milk"], []]

baskets = st.lists(st.lists(st.integers(0, 7), max_size=7), max_size=25)
# Many items in most of many rows: several words a column, and perfect extensions.
dense = st.builds(
    lambda seed, rows, items, share: [
        [item for item in range(items) if chosen.random() < share ** (1 / (item + 1))]
        for chosen in [random.Random(seed)]
        for _ in range(rows)
    ],
    *(st.integers(0, 999), st.integers(1, 200), st.integers(1, 8), st.floats(0.05, 1)),
)


def as_sets(itemsets):
    found = {frozenset(items): count for items, count in itemsets.items()}
    assert len(found) == len(itemsets) == len(list(itemsets))
    return found


def plain(transactions, min_count, target="all", min_length=1, max_length=99):
    found = naive.frequent_sets(transactions, min_count)
    chosen = {"all": dict, "closed": naive.closed_sets, "maximal": naive.maximal_sets}[target](found)
    return {items: count for items, count in chosen.items() if min_length <= len(items) <= max_length}


@given(baskets | dense, st.integers(1, 6), st.sampled_from(TARGETS), st.integers(1, 3), st.integers(0, 6))
def test_all_sets_and_their_counts(transactions, min_count, target, min_length, more):
    max_length = min_length + more
    itemsets = frequent_itemsets(transactions, min_count, target=target, min_length=min_length, max_length=max_length)
    assert as_sets(itemsets) == plain(transactions, min_count, target, min_length, max_length)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.9])
def test_larger_databases(target, share):
    chosen = random.Random(7)
    weights = [chosen.random() ** 3 for _ in range(40)]
    transactions = [[i for i in range(40) if chosen.random() < weights[i]] for _ in range(400)]
    min_count = least_count(share, 400)
    found = frequent_itemsets(transactions, min_count, target=target, max_length=4)
    assert as_sets(found) == plain(transactions, min_count, target, 1, 4) if target == "all" else True
    if target != "all":
        every = naive.frequent_sets(transactions, min_count)
        assert as_sets(frequent_itemsets(transactions, min_count, target=target)) == (
            naive.closed_sets(every) if target == "closed" else naive.maximal_sets(every)
        )


def test_sets_of_items_that_all_transactions_hold():
    found = frequent_itemsets([[1, 2, 3], [3, 2, 1], [1, 2, 3, 4]], 1.0)
    assert as_sets(found) == {frozenset(s): 3 for n in (1, 2, 3) for s in itertools.combinations((1, 2, 3), n)}


@pytest.mark.parametrize(
    ("support", "n", "count"),
    [
        *((0.07, 100, 7), (0.29, 100, 29), (0.58, 50, 29), (0.1, 10**9, 10**8), (1 / 3, 3, 1), (1.0, 5, 5)),
        *((1e-9, 10, 1), (0.5, 0, 1), (Decimal("0.07"), 100, 7), (Fraction(1, 3), 9, 3), (np.float32(0.1), 10, 1)),
        *((3, 2, 3), (np.int64(4), 100, 4)),
    ],
)
def test_the_least_count_is_exact(support, n, count):
    assert least_count(support, n) == count


def test_a_support_on_the_boundary_is_enough():
    transactions = [["a"]] * 7 + [["b"]] * 93
    assert ("a",) in frequent_itemsets(transactions, 0.07)
    assert ("a",) not in frequent_itemsets(transactions, 0.0700001)


@pytest.mark.parametrize("transactions", [[], [[]], [[], []]])
@pytest.mark.parametrize("target", TARGETS)
def test_nothing_is_found_in_nothing(transactions, target):
    found = frequent_itemsets(transactions, 1, target=target)
    assert (len(found), dict(found), list(found.nodes), len(found.to_numpy())) == (0, {}, [], 0)
    assert "a" not in found


def test_items_keep_type_and_name():
    items = ("tea", 5, 2.5, ("a", "b"), None, frozenset([1]))
    assert set(frequent_itemsets([items], 1)) >= {(item,) for item in items}


def test_order_is_by_count_then_length_then_first_appearance():
    found = frequent_itemsets([["d", "c", "b"], ["b", "c", "d"], ["b", "a"]], 1)
    assert list(found.items())[:7] == [
        (("b",), 3),
        (("d",), 2),
        (("c",), 2),
        (("b", "d"), 2),
        (("b", "c"), 2),
        (("d", "c"), 2),
        (("b", "d", "c"), 2),
    ]


@given(baskets, st.randoms(use_true_random=False))
def test_order_is_stable(transactions, shuffle):
    before = list(frequent_itemsets(transactions, 1).items())
    mixed = [shuffle.sample(transaction, len(transaction)) for transaction in transactions]
    counts = dict(frequent_itemsets(mixed, 1).items())
    assert {frozenset(items): count for items, count in before} == {
        frozenset(items): count for items, count in counts.items()
    }
    assert [count for _, count in before] == sorted((count for _, count in before), reverse=True)
    assert list(frequent_itemsets(transactions, 1).items()) == before


def test_lookup():
    found = frequent_itemsets(BASKETS, 2)
    assert found[["milk", "bread"]] == found[{"milk", "bread"}] == found["bread", "milk"] == found["bread"] == 3
    assert found.get({"tea", "milk"}) is None
    for nothing in ((), ["cheese"], ["bread", "cheese"]):
        assert nothing not in found
        with pytest.raises(KeyError):
            found[nothing]
    closed = frequent_itemsets(BASKETS, 2, target="closed")
    assert "bread" not in closed
    assert closed["bread", "milk"] == 3


@given(baskets | dense, st.sampled_from(TARGETS))
def test_every_set_is_found_again(transactions, target):
    found = frequent_itemsets(transactions, 2, target=target, max_length=5)
    assert {items: found[items[::-1]] for items in found} == dict(found.items())


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("target", TARGETS)
def test_threads_do_not_change_the_result(threads, target, monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE", 0.0)
    chosen = random.Random(3)
    transactions = [[i for i in range(80) if chosen.random() < 6 / (i + 6)] for _ in range(150)]
    before = frequent_itemsets(transactions, 9, target=target, threads=1)
    after = frequent_itemsets(transactions, 9, target=target, threads=threads)
    for name in ("parent", "item", "count"):
        assert np.array_equal(getattr(before, name), getattr(after, name))


@pytest.mark.parametrize("target", TARGETS)
def test_a_search_that_stops_often_finds_the_same(target, monkeypatch):
    chosen = random.Random(4)
    transactions = [[i for i in range(30) if chosen.random() < 6 / (i + 6)] for _ in range(100)]
    before = as_sets(frequent_itemsets(transactions, 6, target=target))
    monkeypatch.setattr(module, "_BUDGET", 100)
    monkeypatch.setattr(module, "_CHUNK", 50)
    assert as_sets(frequent_itemsets(transactions, 6, target=target)) == before


# Limits


def test_too_many_sets_are_told():
    with pytest.raises(LimitError, match=r"^7 itemsets found so far, 3 allowed; ask for more support"):
        frequent_itemsets(BASKETS, 1, max_itemsets=3)
    assert len(frequent_itemsets(BASKETS, 1, max_itemsets=7)) == 7
    with pytest.raises(LimitError):
        frequent_itemsets(BASKETS, 1, max_itemsets=6)


def test_a_set_of_sets_beyond_all_memory_is_told():
    with pytest.raises(LimitError, match="itemsets found so far"):
        frequent_itemsets([range(200)] * 2 + [range(100)], 1)


def test_memory_is_a_limit():
    with pytest.raises(LimitError, match="more than fit into the memory"):
        frequent_itemsets([range(30)] * 2, 1, max_memory=1 << 20)


# Arguments


@pytest.mark.parametrize("support", [0, -1, 0.0, 1.5, True, "x", None, float("nan"), float("inf")])
def test_a_support_that_means_nothing(support):
    with pytest.raises(ParameterError, match="min_support must be a whole count from 1 on, or a share"):
        frequent_itemsets(BASKETS, support)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "some"}, "target must be one of all, closed, maximal, not 'some'"),
        ({"min_length": 0}, "min_length must be a whole number of at least 1, not 0"),
        ({"min_length": 3, "max_length": 2}, "max_length 2 is less than min_length 3; raise it"),
        ({"max_itemsets": -1}, "max_itemsets must be a whole number of at least 0, not -1"),
        ({"threads": 0}, "threads must be a whole number of at least 1, not 0"),
        ({"max_memory": 1.5}, "an amount of memory must be a whole number of at least 0, not 1.5"),
    ],
)
def test_arguments_out_of_range(options, message):
    with pytest.raises(ParameterError) as caught:
        frequent_itemsets(BASKETS, 1, **options)
    assert str(caught.value) == message


def test_what_an_itemsets_is_shown_as():
    found = frequent_itemsets(Transactions.from_lists(BASKETS), 2)
    assert isinstance(found, Itemsets)
    assert repr(found) == "<Itemsets: 4 in at least 2 of 5 transactions>"
