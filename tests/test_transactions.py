"""Transactions: the same sets from whatever they come in."""

import gzip
import itertools
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from minent import Transactions, frequent_itemsets
from minent.errors import DecodeError, FormatError, InputError, ParameterError
from minent.transactions import as_transactions

TEA = [("tea", "cup"), ("milk", "tea"), (), ("cup",)]
MATRIX = np.array([[1, 1, 0], [1, 0, 1], [0, 0, 0], [0, 1, 0]])
NAMES = ["tea", "cup", "milk"]


def sets(transactions):
    return [set(items) for items in as_transactions(transactions)]


WANTED = [set(items) for items in TEA]


@given(st.lists(st.lists(st.one_of(st.integers(-3, 5), st.text("ab", max_size=2), st.none()), max_size=5), max_size=9))
def test_lists_are_read_as_sets(rows):
    read = Transactions.from_lists(rows)
    assert sets(read) == [set(row) for row in rows]
    assert len(read) == len(rows)
    assert list(read.items) == list(dict.fromkeys(itertools.chain.from_iterable(rows)))
    assert read.counts.tolist() == [sum(item in row for row in rows) for item in read.items]


@given(st.lists(st.lists(st.integers(-(2**70), 2**70) | st.integers(0, 9), max_size=5), max_size=9))
def test_whole_numbers_of_any_size(rows):
    read = Transactions.from_lists(rows)
    assert sets(read) == [set(row) for row in rows]
    assert list(read.items) == list(dict.fromkeys(itertools.chain.from_iterable(rows)))


def test_items_keep_their_type_and_name():
    assert list(map(repr, Transactions.from_lists([[True, 2], [3, 1, 0, False]]).items)) == ["True", "2", "3", "0"]
    assert list(map(repr, Transactions.from_lists([[1, 2.0], [2, "1"]]).items)) == ["1", "2.0", "'1'"]


@pytest.mark.parametrize(
    "rows",
    [TEA, map(set, TEA), iter(TEA), [dict.fromkeys(items) for items in TEA], (iter(items) for items in TEA)],
    ids=["tuples", "sets", "iterator", "dicts", "generators"],
)
def test_any_iterable_of_iterables(rows):
    assert sets(rows) == WANTED


def test_more_than_a_block(monkeypatch):
    monkeypatch.setattr("minent.transactions._BLOCK", 2)
    assert sets(TEA) == WANTED
    assert sets([[5, 1], [2], [1], [7, 7]]) == [{5, 1}, {2}, {1}, {7}]


@pytest.mark.parametrize(
    ("make", "items"),
    [
        *((np.array, None), (lambda m: m.astype(bool), None), (lambda m: m.astype(float), NAMES)),
        *((scipy.sparse.csr_matrix, None), (scipy.sparse.csc_array, None), (scipy.sparse.coo_array, None)),
    ],
)
def test_matrices(make, items):
    read = Transactions.from_matrix(make(MATRIX), items)
    names = NAMES if items else range(3)
    assert sets(read) == [{names[NAMES.index(item)] for item in row} for row in TEA]
    assert sets(make(MATRIX)) == [{NAMES.index(item) for item in row} for row in TEA]
    assert read.items == tuple(names)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_data_frames(library):
    frames = pytest.importorskip(library)
    columns = {name: MATRIX[:, i].astype(bool) for i, name in enumerate(NAMES)}
    assert sets(frames.DataFrame(columns)) == WANTED
    assert dict(frequent_itemsets(frames.DataFrame(columns), 2)) == {("tea",): 2, ("cup",): 2}
    found = frequent_itemsets(TEA, 2)
    frame = getattr(found, f"to_{library}")()
    assert list(frame.columns) == ["items", "length", "count", "support"]
    assert [tuple(items) for items in frame["items"]] == list(found)
    table = frames.DataFrame({"basket": [1, 1, 2, 2, 4], "item": ["tea", "cup", "milk", "tea", "cup"]})
    assert sets(Transactions.from_table(table["basket"], table["item"])) == [s for s in WANTED if s]


def test_the_library_does_not_import_data_frames():
    code = "import sys, minent; minent.frequent_itemsets([['a']], 1); print({'pandas', 'polars'} & sys.modules.keys())"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "set()\n"


def test_a_table_need_not_be_sorted():
    read = Transactions.from_table(["b", "a", "b", "a"], ["tea", "tea", "cup", "milk"])
    assert list(read) == [("tea", "cup"), ("tea", "milk")]
    assert len(Transactions.from_table([], [])) == 0


def test_without_some_items():
    read = Transactions.from_lists(TEA).without(["tea", "sugar"])
    assert list(read) == [("cup",), ("milk",), (), ("cup",)]
    assert (read.items, read.counts.tolist()) == (("cup", "milk"), [2, 1])


@pytest.mark.parametrize(
    ("name", "text", "options", "wanted"),
    [
        ("a.csv", "tea,cup\n milk , tea\n\ncup\n", {}, WANTED),
        ("a.csv", "tea,cup\r\nmilk,tea\r\n\r\ncup", {}, WANTED),
        ("a.txt", "tea cup\nmilk\ttea\n\ncup\n", {"separator": " "}, WANTED),
        ("a.txt", "tea|cup\nmilk||tea\n|\ncup|cup\n", {"separator": "|"}, WANTED),
        ("a.dat", "1 2 \n3 1\n\n2\n", {}, [{"1", "2"}, {"3", "1"}, set(), {"2"}]),
        ("a.jsonl", '["tea", "cup"]\n["milk", "tea"]\n\n[]\n["cup"]\n', {}, WANTED),
        ("a.txt", '[1, "1", null]\n', {"format": "jsonl"}, [{1, "1", None}]),
        ("a.tsv", "1\ttea\n1\tcup\n2\tmilk\n2\ttea\n4\tcup\n", {"format": "table"}, [s for s in WANTED if s]),
        ("a.csv", "1,tea\n2,tea\n1,cup", {"format": "table", "separator": ","}, [{"tea", "cup"}, {"tea"}]),
        ("a.csv", "", {}, []),
        ("a.tsv", "", {"format": "table"}, []),
    ],
)
def test_files(tmp_path, name, text, options, wanted):
    path = tmp_path / name
    path.write_bytes(text.encode())
    assert sets(Transactions.from_files(path, **options)) == wanted
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    assert sets(Transactions.from_files([packed], **options)) == wanted


def test_a_path_stands_for_its_file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("tea,cup\n")
    assert sets(path) == sets(str(path)) == [{"tea", "cup"}]
    assert dict(frequent_itemsets(path, 1.0)) == {("tea",): 1, ("cup",): 1, ("tea", "cup"): 1}


def test_other_encodings(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("茶,杯\n".encode("gb18030") + b"\xff\n")
    assert sets(Transactions.from_files(path, encoding="gb18030", errors="skip-line")) == [{"茶", "杯"}, set()]
    with pytest.raises(DecodeError, match="byte 6 is not valid gb18030"):
        Transactions.from_files(path, encoding="gb18030")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.jsonl", '["a"]\n{"a": 1}\n', "a.jsonl:2: not a JSON list of items; mend the line"),
        ("a.jsonl", '[["a"]]\n', "a.jsonl:1: not a JSON list of items; mend the line"),
        ("a.jsonl", "[1\n", "a.jsonl:1: not a JSON list of items; mend the line"),
    ],
)
def test_unusable_lines(tmp_path, monkeypatch, name, text, message):
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(text)
    with pytest.raises(FormatError) as caught:
        Transactions.from_files(name)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "text, separator, expected",
    [
        ('"milk","bread, white"\n', None, [("milk", "bread, white")]),
        ('milk, "say ""cheese"""\n', None, [("milk", 'say "cheese"')]),
        ('"milk";"a,b"\n', ";", [("milk", "a,b")]),
        ('12" disc,tea\n', None, [('12" disc', "tea")]),
        ('"open,tea\ncup\n', None, [("open,tea",), ("cup",)]),
        ('"a" b\n', " ", [('"a"', "b")]),
        ('"a"::b\n', "::", [('"a"', "b")]),
        (f'"{"x" * 200_000}",b\n', None, [(f'"{"x" * 200_000}"', "b")]),  # more than csv takes
    ],
)
def test_items_may_stand_in_quotes(tmp_path, text, separator, expected):
    path = tmp_path / "a.csv"
    path.write_text(text, "utf-8")
    assert list(Transactions.from_files(path, separator=separator)) == expected


@pytest.mark.parametrize("format, text", [("basket", "tea\n"), ("table", "1\ttea\n"), ("jsonl", '["tea"]\n')])
def test_a_header_is_left_out(tmp_path, format, text):
    paths = [tmp_path / name for name in "ab"]
    for path in paths:
        path.write_text("order item\n" + text)
    found = [("tea",)] if format == "table" else [("tea",), ("tea",)]
    assert list(Transactions.from_files(paths, format=format, header=True)) == found
    assert next(iter(Transactions.from_files(paths[0]))) == ("order item",)


def test_a_row_of_a_table_has_two_fields(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("a.tsv").write_text("1\ttea\n1\ttea\tcup\n")
    with pytest.raises(
        FormatError, match=r"^a.tsv:2: not the two fields of a table, transaction and item, with a tab between; mend"
    ):
        Transactions.from_files("a.tsv", format="table")


def test_a_file_that_is_not_there():
    with pytest.raises(InputError, match="nothere: no such file or folder; check the path"):
        frequent_itemsets("nothere", 1)


@pytest.mark.parametrize(
    ("transactions", "message"),
    [
        (["tea", "cup"], "a transaction must be an iterable of items, not a string; split it first"),
        (np.array(["tea", "cup"]), "a transaction must be an iterable of items, not a string; split it first"),
        ([["tea"], 5], "a transaction must be an iterable of items, such as a list"),
        ([[["tea"]]], "an item must be hashable: unhashable type: 'list'; use str, int or tuple"),
        (5, "transactions must be an iterable of iterables of items, a path, a matrix or a data frame"),
        (
            np.array([[0, 2]]),
            "a matrix of transactions holds 0 and 1, or booleans; use Transactions.from_table for pairs",
        ),
    ],
)
def test_what_is_no_transaction(transactions, message):
    with pytest.raises(ParameterError) as caught:
        frequent_itemsets(transactions, 1)
    assert str(caught.value).startswith(message)


def test_what_goes_wrong_in_an_iterator_is_not_hidden():
    def broken():
        yield ["tea"]
        raise TypeError("what went wrong")

    with pytest.raises(TypeError, match="what went wrong"):
        frequent_itemsets(broken(), 1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Transactions.from_matrix(np.zeros(3)), "a matrix of transactions has two dimensions, not 1"),
        (lambda: Transactions.from_matrix(MATRIX, ["a", "b"]), "2 distinct items for 3 columns; name each column once"),
        (lambda: Transactions.from_matrix(MATRIX, "aba"), "2 distinct items for 3 columns; name each column once"),
        (lambda: Transactions.from_table([1], []), "1 transactions for 0 items; a table has one of each in a row"),
        (lambda: Transactions.from_lists(TEA).without("the"), "without takes items, not one str; put it into a list"),
        (lambda: Transactions.from_files("-", separator=""), "separator must not be empty; a blank stands for any"),
        (lambda: Transactions.from_files("-", format="xml"), "format must be one of basket, jsonl, table, not 'xml'"),
    ],
)
def test_arguments_out_of_range(make, message):
    with pytest.raises(ParameterError) as caught:
        make()
    assert str(caught.value).startswith(message)


def test_how_it_is_shown():
    assert repr(Transactions.from_lists(TEA)) == "<Transactions: 4 of 3 items>"
