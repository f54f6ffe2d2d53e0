"""Items as numbers, by first appearance, whatever they are; and rows of them as the search walks them."""

import enum
from collections import namedtuple

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import any_texts

from minent import Transactions
from minent.database import arrange
from minent.errors import ParameterError
from minent.numbering import number_items

small = st.integers(-3, 9) | st.text("ab茶", max_size=3)
# Where one item ends and the next begins, signs, the edges of 32 bits, lone surrogates.
nasty = any_texts | st.integers(-(2**33), 2**33) | st.sampled_from([2**31, -(2**31), 0x75, "\0", "i", ""])
other = st.none() | st.booleans() | st.floats(allow_nan=False) | st.tuples(st.integers(0, 2)) | st.binary(max_size=2)


def rows_of(items):
    return st.lists(st.lists(items, max_size=6), max_size=9)


@given(rows_of(small) | rows_of(nasty) | rows_of(small | other), st.integers(0, 9))
def test_numbers_go_by_first_appearance(rows, begin):
    index = {}
    codes = []
    for part in (rows[:begin], rows[begin:]):
        numbers, sizes = number_items(part, index)
        assert (numbers.dtype, sizes.dtype) == (np.int32, np.int64)
        bounds = np.cumsum(sizes)[:-1] if len(part) else []
        codes += [piece.tolist() for piece in np.split(numbers, bounds)][: len(part)]
    expected, distinct = naive.number_items(rows)
    assert codes == expected
    assert list(map(repr, index)) == list(map(repr, distinct))


def test_many_items():
    rows = [[f"{i % 9000}", i % 9000, -i % 9000] for i in range(20_000)]
    index = {}
    numbers, _ = number_items(rows, index)
    items = list(index)
    assert [items[number] for number in numbers.tolist()] == [item for row in rows for item in row]


Pair = namedtuple("Pair", "a b")
Colour = enum.IntEnum("Colour", "RED BLUE")


class Text(str):
    """Not a plain str."""


KINDS = {
    "rows": [(1, "a"), [1, "a"], {1: 2, "a": 3}, Pair(1, "a"), np.array([3, 4]), frozenset([5]), range(3), []],
    "items": [[np.int64(3), 3], [Colour.RED, 1], [True, 1], [1, True], [1.0, 1], [Text("a"), "a"], [2**40, None]],
}


@pytest.mark.parametrize("row", [row for rows in KINDS.values() for row in rows], ids=repr)
@pytest.mark.parametrize("wrap", [lambda row: row, iter])
def test_items_keep_their_kind_in_any_row(row, wrap):
    index = {}
    numbers, sizes = number_items([wrap(row)], index)
    assert sizes.tolist() == [len(row)]
    assert list(map(type, index)) == list(map(type, dict.fromkeys(row)))
    assert [list(index)[number] for number in numbers] == list(row)


@pytest.mark.parametrize("rows", [["ab"], [b"ab"], [["a"], "b"], [5], [None], [[["a"]]], [[{}]]])
def test_what_is_no_transaction(rows):
    with pytest.raises(ParameterError):
        number_items(rows, {})


@given(rows_of(st.integers(0, 6)), st.integers(1, 4), st.integers(1, 3))
def test_a_database_holds_the_frequent_items_by_rank(rows, min_count, threads):
    database = arrange(Transactions.from_lists(rows), min_count, threads)
    ranked, expected = naive.ranked_rows(rows, min_count)
    assert list(database.labels) == ranked[::-1]
    assert database.rows.tolist() == [-1, *(rank for row in expected for rank in [*row, -1])]
    for rank, (begin, end) in enumerate(zip(database.starts[:-1], database.starts[1:], strict=True)):
        places = database.positions[begin:end]
        assert (database.rows[places] == rank).all()
        assert sorted(places) == np.flatnonzero(database.rows == rank).tolist()
