"""The transactions that benchmarks mine."""

import pytest

from benchmarks import baskets
from minent import frequent_itemsets


@pytest.mark.parametrize("kind", baskets.KINDS)
def test_a_seed_always_gives_the_same(kind):
    rows = baskets.KINDS[kind](n=50)
    assert rows == baskets.KINDS[kind](n=50)
    assert rows != baskets.KINDS[kind](n=50, seed=99)
    assert len(rows) == 50
    assert all(row == sorted(set(row)) and all(type(item) is int for item in row) for row in rows)


def test_dense_rows_have_a_value_for_each_attribute():
    assert all([item // 2 for item in row] == list(range(7)) for row in baskets.dense(n=20, attributes=7))


def test_what_is_written_is_read(tmp_path):
    path = tmp_path / "groceries.dat"
    baskets.main(["groceries", "-n", "30", "-o", str(path)])
    assert baskets.read(path) == baskets.groceries(n=30)
    counts = {tuple(map(int, items)): count for items, count in frequent_itemsets(path, 3).items()}
    assert counts == dict(frequent_itemsets(baskets.read(path), 3).items())


def test_lengths_are_about_those_asked_for():
    rows = baskets.quest(n=400, length=10)
    assert 8 < sum(map(len, rows)) / len(rows) < 12
