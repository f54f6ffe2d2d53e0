"""Rows of plain numbers against a naive twin, and against what the slow way makes of them."""

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minent import parsing, table, units
from minent._kernels.rows import read_rows
from minent.units import code_points, to_str

FIELD = st.one_of(
    st.from_regex(r"-?[0-9]{0,9}\.?[0-9]{0,9}", fullmatch=True),
    st.sampled_from(["1", "0", "-0", "12", ".5", "5.", "-", ".", "1e5", "nan", "+1", " 1", "1.2.3", "９", "-0.0"]),
    st.integers(-(10**17), 10**17).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-99, max_value=99).map(str),
)
WORD = st.text(st.sampled_from("天下a \\0-.\U00020000\0"), max_size=3)


@st.composite
def tables(draw):
    width = draw(st.integers(2, 4))
    rows = st.tuples(WORD, *[FIELD] * (width - 1)).map("\t".join)
    return width, draw(st.lists(rows | st.sampled_from(["", "a", "a\t1", "a\t2\t3"]), min_size=1, max_size=4))


def rows_of(text, width):
    n = text.count("\n")
    begins, ends, counts, scores = *(np.empty(n, np.int64) for _ in range(3)), np.empty((width - 2, n))
    found = read_rows(code_points(text), width, begins, ends, counts, scores)
    if found < 0:
        return None
    assert found == n
    words = [text[a:b] for a, b in zip(begins.tolist(), ends.tolist(), strict=True)]
    return list(zip(words, counts.tolist(), scores.T.tolist(), strict=True))


@given(tables())
def test_plain_rows_are_read_to_the_last_bit_and_others_are_left(table):
    width, lines = table
    text = "".join(f"{line}\n" for line in lines)
    found, expected = rows_of(text, width), naive.plain_rows(text, width)
    assert repr(found) == repr(expected)


@given(st.integers(0, 10**15 - 1), st.integers(0, 15), st.booleans())
def test_a_decimal_is_the_nearest_float(value, places, negative):
    digits = f"{value:0{places + 1}d}"
    number = "-" * negative + digits[: len(digits) - places] + "." * (places > 0) + digits[len(digits) - places :]
    found = rows_of(f"a\t1\t{number}\n", 3)
    assert found is None if len(digits) > 15 else repr(found) == repr([("a", 1, [float(number)])])


def test_fast_and_slow_lines_make_one_table():
    head, rest = "word\tcount\tx\n", "天\t1\t.5\n地\t2\t1e3\n\n玄\\n\t3\tnan\n黄\t4\t-2\n"
    for cut in range(len(rest)):
        # In two blocks, of which the first or none is plain.
        found = parsing.parse("a", [head + rest[:cut], rest[cut:]])
        assert found.words == ("天", "地", "玄\n", "黄")
        assert found.counts.tolist() == [1, 2, 3, 4]
        assert repr(found.scores["x"].tolist()) == "[0.5, 1000.0, nan, -2.0]"
        assert [found.line_of(k) for k in range(4)] == [2, 3, 5, 6]


@given(st.lists(st.text("天地a\0\U00020000", min_size=1, max_size=3)))
def test_words_that_come_twice_are_noticed(words):
    assert table.has_twins(code_points("".join(words)), table.lengths_of(words)) == (len(set(words)) < len(words))


def test_words_with_the_same_hash_are_no_twins(monkeypatch):
    monkeypatch.setattr(table.kernels, "hash_rows", lambda codes, lengths, hashes: hashes.fill(0))
    assert not table.has_twins(code_points("天地"), table.lengths_of("天地"))
    assert table.has_twins(code_points("天地天"), table.lengths_of("天地天"))


@given(st.lists(st.text("a天\U00020000", min_size=1, max_size=300), unique=True), st.integers(1, 4))
def test_columns_grow_into_the_smallest_type_that_holds_them(words, at_once):
    found = table.Table("a")
    for k in range(0, len(words), at_once):
        some = words[k : k + at_once]
        found.add_checked(range(k, k + len(some)), some, [1] * len(some), {})
    assert found.words == tuple(words)
    assert found.counts.tolist() == [1] * len(words)
    assert found.codes.dtype == np.min_scalar_type(max(map(ord, "".join(words)), default=0))
    assert found.lengths.dtype == np.min_scalar_type(max(map(len, words), default=0))


@given(st.lists(st.text("天地a", min_size=1, max_size=3)), st.integers(1, 4))
def test_words_in_parts_are_the_words(words, at_once):
    codes, lengths = code_points("".join(words)), table.lengths_of(words)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(units, "_SOME", at_once)
        parts = [
            (words[some], to_str(of_some), sizes.tolist()) for some, of_some, sizes in units.in_parts(codes, lengths)
        ]
    assert [word for some, *_ in parts for word in some] == words
    assert all("".join(some) == text and sizes == list(map(len, some)) for some, text, sizes in parts)
