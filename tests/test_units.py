import itertools
import random

import naive
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import nasty_texts, texts

from minent._kernels.units import unit_lengths
from minent.corpus import Corpus
from minent.errors import ParameterError
from minent.units import LONGEST_UNIT, UNIT_KINDS, UnitEncoder, UnitTable, char_classes, code_points

kinds = st.sampled_from(UNIT_KINDS)


def clauses_of(ids, table):
    clauses = [[]]
    for unit in ids.tolist():
        if unit == 0:
            clauses.append([])
        else:
            clauses[-1].append(table[unit])
    assert clauses.pop() == []  # each clause is closed
    return clauses


def encode(text, units="run", cuts=()):
    encoder = UnitEncoder(units)
    bounds = [0, *sorted(cuts), len(text)]
    parts = [encoder.encode(text[a:b]) for a, b in itertools.pairwise(bounds)]
    return np.concatenate([*parts, encoder.encode("", final=True)]), encoder.table()


GEORGIAN = range(0x10A0, 0x1100)
MYANMAR_EXTENDED = [*range(0xA9E0, 0xAA00), *range(0xAA60, 0xAA80)]


def wrong_classes(units, codes):
    classes = char_classes(units)
    return [hex(code) for code in codes if "BSLDMPC"[classes[code]] != naive.unit_kind(chr(code), units)]


@pytest.mark.parametrize("units", UNIT_KINDS)
def test_every_code_point_has_the_class_that_the_table_states(units):
    known = {*GEORGIAN, *MYANMAR_EXTENDED}  # see the next test
    assert wrong_classes(units, [code for code in range(0x110000) if code not in known]) == []


@pytest.mark.parametrize("codes", [GEORGIAN, MYANMAR_EXTENDED], ids=["Georgian", "Myanmar"])
def test_georgian_is_spaced_and_all_myanmar_is_not(codes):
    assert wrong_classes("run", codes) == []


@given(texts, kinds)
@example("价1.5.%涨2.50%％.3٣", "run")
@example("a\u0301天\ufe0f\u0301下", "run")
@example("", "run")
def test_text_falls_into_clauses_of_units(text, units):
    ids, table = encode(text, units)
    assert clauses_of(ids, table) == naive.split_clauses(text, units)


@given(texts, kinds, st.data())
def test_blocks_cut_anywhere_give_the_same_stream(text, units, data):
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=8))
    whole, table = encode(text, units)
    pieces, same_table = encode(text, units, cuts)
    assert pieces.tolist() == whole.tolist()
    assert list(same_table) == list(table)


@given(st.integers(97, 304), st.sampled_from(["a", "1", "天\u0301", "1.", "a\u0301"]), nasty_texts, st.data())
def test_runs_beyond_100_characters_are_cut(size, char, rest, data):
    text = (char * size)[:size] + rest
    ids, table = encode(text)
    assert max(map(len, table)) <= LONGEST_UNIT
    assert clauses_of(ids, table) == naive.split_clauses(text)
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=5))
    assert encode(text, cuts=cuts)[0].tolist() == ids.tolist()


@given(texts, kinds)
def test_unit_lengths_agree_with_the_encoder(text, units):
    codes = code_points(text)
    lengths = np.full(len(codes), 99, np.int8)
    unit_lengths(codes, char_classes(units), LONGEST_UNIT, lengths)
    clauses = [[]]
    i = 0
    while i < len(text):
        step = int(lengths[i])
        if step < 0:
            clauses.append([])
        else:
            assert step > 0
            assert not lengths[i + 1 : i + step].any()
            clauses[-1].append(text[i : i + step])
        i += max(1, step)
    assert [clause for clause in clauses if clause] == naive.split_clauses(text, units)


@given(texts, kinds)
def test_ids_are_dense_in_order_of_appearance(text, units):
    ids, table = encode(text, units)
    seen = [unit for unit in dict.fromkeys(ids.tolist()) if unit]
    assert seen == list(range(1, len(table)))
    assert table[0] == ""
    assert len(set(table)) == len(table)


@given(st.lists(texts, max_size=6), kinds)
def test_a_corpus_holds_the_clauses_of_all_its_texts(lines, units):
    corpus = Corpus.from_texts(lines, units=units)
    clauses = [clause for line in lines for clause in naive.split_clauses(line, units)]
    assert clauses_of(corpus.ids, corpus.units) == clauses
    assert corpus.n_clauses == len(clauses)
    assert corpus.n_units == sum(map(len, clauses))
    assert corpus.n_chars == sum(len(unit) for clause in clauses for unit in clause)


def test_texts_longer_than_a_block_are_not_cut():
    line = "abc天下12.5%" * 120_000
    corpus = Corpus.from_texts(["下", line, "天"])
    assert list(corpus.units) == ["", "下", "abc", "天", "12.5%"]
    assert corpus.ids.tolist() == [1, 0, *[2, 3, 1, 4] * 120_000, 0, 3, 0]


def test_many_units_make_the_tables_grow():
    chosen = random.Random(1)
    words = ["".join(chosen.choices("abcdefgh", k=chosen.randrange(2, 8))) for _ in range(60_000)]
    text = " ".join(words)
    ids, table = encode(text, cuts=[chosen.randrange(len(text)) for _ in range(150)])
    assert [table[unit] for unit in ids if unit] == words
    assert len(table) == len(set(words)) + 1 > 1 << 15


def test_many_single_units_make_the_tables_grow():
    text = "".join(map(chr, range(0x20000, 0x20000 + 40_000)))
    ids, table = encode(text, cuts=range(0, 40_000, 999))
    assert ids.tolist() == [*range(1, 40_001), 0]
    assert table.decode(ids) == text


@given(st.lists(texts.filter(bool), max_size=8, unique=True))
def test_a_table_gives_back_its_units(units):
    offsets = np.cumsum([0, 0, *map(len, units)])
    table = UnitTable(code_points("".join(units)), offsets)
    assert list(table) == ["", *units]
    assert table[1:] == units
    assert table[::-1] == ["", *units][::-1]
    assert table.strings.tolist() == ["", *units]
    assert table.lengths.tolist() == [0, *map(len, units)]
    assert [table.ids[unit] for unit in units] == list(range(1, len(table)))
    assert table.decode(range(len(table))) == "".join(units)


def test_a_table_ends():
    table = encode("天下")[1]
    with pytest.raises(IndexError):
        table[3]


def test_a_table_counts_from_the_end():
    table = encode("天下")[1]
    assert (table[-1], table[-3]) == ("下", "")


@given(nasty_texts)
def test_a_text_of_the_corpus_splits_into_its_units(text):
    table = encode(text)[1]
    for clause in naive.split_clauses(text):
        # A clause that was cut at 100 characters aside, splitting alone and in the corpus is the same.
        assert table.split("".join(clause)) == clause


def test_a_run_that_is_no_unit_splits_into_characters():
    assert encode("ab天")[1].split("ab天abc") == ["ab", "天", "a", "b", "c"]


def test_characters_keep_their_marks_when_split():
    table = encode("ae\u0301", "char")[1]
    assert list(table)[1:] == ["a", "e\u0301"]
    assert table.split("ae\u0301") == ["a", "e\u0301"]


def test_unknown_kinds_of_units_are_refused():
    with pytest.raises(ParameterError, match='"run" or "char"'):
        Corpus.from_texts(["天"], units="word")
