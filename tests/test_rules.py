"""Rules: all that are confident enough, with the metrics by their definitions."""

import math
import types
from decimal import Decimal
from fractions import Fraction

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_apriori import BASKETS, baskets, dense

from minent import Rules, association_rules, frequent_itemsets
from minent.errors import LimitError, ParameterError
from minent.rules import METRICS, _by_value

shares = st.sampled_from([0, 0.1, 0.25, 1 / 3, 0.5, 0.6, 0.75, 0.9, 1])


@given(baskets | dense, st.integers(1, 5), shares, st.sampled_from([1, 2, None]), st.sampled_from([0, 0.5, 1, 1.25, 2]))
def test_all_rules_and_their_metrics(transactions, min_count, confidence, max_consequent, min_lift):
    itemsets = frequent_itemsets(transactions, min_count, max_length=5)
    found = association_rules(itemsets, confidence, max_consequent=max_consequent, min_lift=min_lift)
    frequent = {frozenset(items): count for items, count in itemsets.items()}
    limits = Fraction(str(confidence)), max_consequent or 99, Fraction(min_lift)
    expected = naive.rules(frequent, len(transactions), *limits)
    assert {(frozenset(rule.antecedent), frozenset(rule.consequent)) for rule in found} == expected.keys()
    assert len(found) == len(expected)
    for rule in found:
        for name, value in expected[frozenset(rule.antecedent), frozenset(rule.consequent)].items():
            assert getattr(rule, name) == (math.inf if value is None else pytest.approx(float(value), abs=1e-12))


@given(baskets)
def test_the_most_confident_come_first_then_the_most_frequent(transactions):
    found = association_rules(frequent_itemsets(transactions, 1), 0.1, max_consequent=None)
    keys = [(-rule.confidence, -rule.count, len(rule.antecedent) + len(rule.consequent)) for rule in found]
    assert keys == sorted(keys)
    again = association_rules(frequent_itemsets(transactions, 1), 0.1, max_consequent=None)
    assert list(again) == list(found)


def test_sorting_by_another_metric():
    found = association_rules(frequent_itemsets(BASKETS, 1), 0).sorted_by("lift")
    assert [rule.lift for rule in found] == sorted((rule.lift for rule in found), reverse=True)
    by_count, by_support = found.sorted_by("count"), found.sorted_by("support")
    assert list(by_count) == list(by_support) == sorted(found, key=lambda rule: -rule.count)


@given(st.lists(st.floats(allow_nan=False) | st.sampled_from([0.0, -0.0, 1.0, math.inf]), max_size=50))
def test_sorting_is_stable_and_knows_all_floats(values):
    order = _by_value(np.array(values, np.float64))
    assert order.tolist() == sorted(range(len(values)), key=lambda i: -values[i])


def test_sets_with_the_same_hash_get_other_keys(monkeypatch):
    expected = list(association_rules(frequent_itemsets(BASKETS, 1), 0))
    draw = np.random.default_rng
    seeds = []

    def draw_badly(seed):
        seeds.append(seed)
        return types.SimpleNamespace(integers=lambda low, high, n: draw(seed).integers(0, 4 if seed < 64 else high, n))

    monkeypatch.setattr("numpy.random.default_rng", draw_badly)
    assert list(association_rules(frequent_itemsets(BASKETS, 1), 0)) == expected
    assert seeds == [63, 64]


def test_a_threshold_is_reached_exactly():
    transactions = [["a", "b"]] * 7 + [["a"]] * 93
    itemsets = frequent_itemsets(transactions, 1)
    assert len(association_rules(itemsets, 0.07)) == 2
    assert len(association_rules(itemsets, 0.070001)) == 1
    assert len(association_rules(itemsets, 0, min_lift=1)) == 2
    assert len(association_rules(itemsets, 0, min_lift=1.000000001)) == 0


def test_a_rule_is_a_named_tuple_of_the_metrics_asked_for():
    found = association_rules(frequent_itemsets(BASKETS, 3), 1, metrics=["lift", "support"])
    assert found[0]._fields == ("antecedent", "consequent", "count", "lift", "support")
    assert tuple(found[0]) == (("milk",), ("bread",), 3, pytest.approx(5 / 3), 0.6)
    assert [rule.antecedent for rule in found] == [("milk",), ("bread",)]
    assert list(found[1:]) == [found[1]] == [found[-1]]
    assert isinstance(found[1:], Rules)
    with pytest.raises(IndexError):
        found[2]
    assert repr(found) == "<Rules: 2 from 3 itemsets>"


@pytest.mark.parametrize("transactions", [[], [[]], [["a"], ["b"]]])
def test_no_rules(transactions):
    found = association_rules(frequent_itemsets(transactions, 1), 0)
    assert (len(found), list(found), len(found.to_numpy())) == (0, [], 0)


def test_rules_of_long_sets():
    found = association_rules(frequent_itemsets([range(12)] * 3, 1), 1, max_consequent=None)
    assert len(found) == sum(math.comb(12, n) * (2**n - 2) for n in range(2, 13))
    assert set(found.metric("conviction")) == {math.inf}


def test_a_structured_array():
    rows = association_rules(frequent_itemsets(BASKETS, 3), 1, metrics=["confidence"]).to_numpy()
    assert rows.dtype.names == ("antecedent", "consequent", "count", "confidence")
    assert rows["antecedent"].tolist() == [("milk",), ("bread",)]
    assert rows["count"].tolist() == [3, 3]


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_data_frames(library):
    pytest.importorskip(library)
    found = association_rules(frequent_itemsets(BASKETS, 3), 1)
    frame = getattr(found, f"to_{library}")()
    assert list(frame.columns) == ["antecedent", "consequent", "count", *METRICS]
    assert list(map(tuple, frame["antecedent"])) == [("milk",), ("bread",)]


def test_rules_of_sets_from_a_length_on():
    itemsets = frequent_itemsets([["a", "b", "c"]] * 2, 1, min_length=3)
    assert {rule.consequent for rule in association_rules(itemsets, 1)} == {("a",), ("b",), ("c",)}


def test_zhang_lies_between_minus_one_and_one():
    chosen = np.random.default_rng(5)
    transactions = [np.flatnonzero(row).tolist() for row in chosen.random((200, 12)) < 0.4]
    found = association_rules(frequent_itemsets(transactions, 2, max_length=3), 0, max_consequent=None)
    assert np.abs(found.metric("zhang")).max() <= 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"min_confidence": 1.5}, "min_confidence must be from 0 to 1, not 1.5"),
        ({"min_confidence": "x"}, "min_confidence must be a number, not x"),
        ({"min_confidence": Decimal("NaN")}, "min_confidence must be a number, not NaN"),
        ({"min_lift": -1}, "min_lift must be at least 0, not -1"),
        ({"max_consequent": 0}, "max_consequent must be a whole number of at least 1, not 0"),
        ({"min_lift": None, "metrics": ["left"]}, f"unknown metric 'left'; there are {', '.join(METRICS)}"),
    ],
)
def test_arguments_out_of_range(options, message):
    with pytest.raises(ParameterError) as caught:
        association_rules(frequent_itemsets(BASKETS, 1), **options)
    assert str(caught.value) == message


def test_rules_need_all_sets():
    with pytest.raises(ParameterError, match="what frequent_itemsets finds"):
        association_rules(BASKETS)
    with pytest.raises(ParameterError, match=r'rules need all itemsets, not the closed ones; use target="all"'):
        association_rules(frequent_itemsets(BASKETS, 1, target="closed"))


def test_too_many_rules_are_told():
    itemsets = frequent_itemsets(BASKETS, 1)
    n = len(association_rules(itemsets, 0))
    assert len(association_rules(itemsets, 0, max_rules=n)) == n
    with pytest.raises(LimitError, match=rf"^{n} rules found so far, {n - 1} allowed; ask for more confidence"):
        association_rules(itemsets, 0, max_rules=n - 1)


def test_every_rule_of_every_set_at_confidence_nought():
    itemsets = frequent_itemsets(BASKETS, 1)
    found = {(rule.antecedent, rule.consequent) for rule in association_rules(itemsets, 0, max_consequent=None)}
    assert len(found) == sum(2 ** len(items) - 2 for items in itemsets)
    assert all(set(a).isdisjoint(b) for a, b in found)
