"""A corpus: the same from files and from texts, consumed once, read-only; what counts as a path and what as text."""

import dataclasses
import io
import pickle
import sys

import naive
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from minent import corpus as corpus_module
from minent.corpus import Corpus, as_corpus
from minent.errors import DecodeError, InputError, ParameterError
from minent.vocab import Vocab


def shown(corpus):
    return [corpus.units[i] for i in corpus.ids]


def same(a, b):
    return np.array_equal(a.ids, b.ids) and list(a.units) == list(b.units)


@given(text=texts.filter(lambda t: not any("\ud800" <= c <= "\udfff" for c in t)))
def test_files_and_texts_give_the_same_corpus(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "text.txt"
    path.write_bytes(text.encode())
    assert same(Corpus.from_files(path), Corpus.from_texts([text.removeprefix("\ufeff")]))


@given(st.lists(texts, max_size=6), st.sampled_from(["run", "char"]))
def test_texts_are_the_lines_of_one_text(lines, units):
    assert same(Corpus.from_texts(lines, units=units), Corpus.from_texts(["\n".join(lines)], units=units))


@given(texts=st.lists(texts, max_size=6), block=st.integers(1, 40))
def test_the_size_of_the_blocks_makes_no_difference(texts, block):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(corpus_module, "BLOCK", block)
        cut = Corpus.from_texts(texts)
    assert same(cut, Corpus.from_texts(texts))


@pytest.mark.parametrize("on_disk", [False, True])
def test_threads_make_no_difference(tmp_path, monkeypatch, on_disk):
    monkeypatch.setattr("minent.unpacking.BLOCK", 5)
    path = tmp_path / "text.txt"
    path.write_text("买T恤，看5G网络abc。\n天下大势a\u0301" * 9, encoding="utf-8")
    assert same(Corpus.from_files(path, threads=3, on_disk=on_disk), Corpus.from_files(path))


def test_what_cannot_be_read_is_told_with_threads_too(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes("天下".encode() * 300_000 + b"\xff")
    with pytest.raises(DecodeError, match="byte 1800000 is not valid UTF-8"):
        Corpus.from_files(path, threads=2)


@pytest.mark.parametrize("threads", [0, -1, 1.5, None])
def test_threads_are_counted_from_one_on(tmp_path, threads):
    path = tmp_path / "text.txt"
    path.write_text("天下", encoding="utf-8")
    with pytest.raises(ParameterError, match="threads"):
        Corpus.from_files(path, threads=threads)


def test_counts_follow_from_the_clauses():
    corpus = Corpus.from_texts(["买T恤，看5G网络abc。", "", "，。", "天"])
    assert shown(corpus) == ["买", "T", "恤", "", "看", "5", "G", "网", "络", "abc", "", "天", ""]
    assert (corpus.n_clauses, corpus.n_units, corpus.n_chars) == (3, 10, 12)


@pytest.mark.parametrize("nothing", [[], [""], ["\n"], ["，。 \r\n\0"], ["\ufeff"]])
def test_a_text_of_nothing_is_an_empty_corpus(nothing):
    corpus = Corpus.from_texts(nothing)
    assert (corpus.n_clauses, corpus.n_units, corpus.n_chars, len(corpus.ids)) == (0, 0, 0, 0)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\0", "\u2028", "\x85"])
def test_a_line_end_of_any_kind_ends_the_clause(end):
    assert shown(Corpus.from_texts([f"天下{end}大势"])) == ["天", "下", "", "大", "势", ""]


def test_a_file_ends_its_last_clause(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text("天下", encoding="utf-8")
    assert Corpus.from_files(tmp_path).n_clauses == 2


def test_lone_surrogates_are_taken_and_end_the_clause():
    assert shown(Corpus.from_texts(["天\ud800下\udfff"])) == ["天", "", "下", ""]


def test_a_generator_is_consumed_once():
    texts = iter(["天下", "大势"])
    assert as_corpus(texts).n_clauses == 2
    assert list(texts) == []


@pytest.mark.parametrize("units", ["word", None, ""])
def test_unknown_units_are_a_parameter_error(units):
    with pytest.raises(ParameterError, match="units"):
        Corpus.from_texts(["天下"], units=units)


def test_a_corpus_cannot_be_changed():
    corpus = Corpus.from_texts(["天下"])
    with pytest.raises(ValueError, match="read-only"):
        corpus.ids[0] = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        corpus.ids = corpus.ids


def test_a_corpus_survives_pickling_read_only():
    corpus = Corpus.from_texts(["天下abc，大\ud800势", "天下"])
    again = pickle.loads(pickle.dumps(corpus))
    assert same(again, corpus)
    assert not again.ids.flags.writeable


# What as_corpus takes


def test_a_corpus_is_taken_as_it_is():
    corpus = Corpus.from_texts(["天下"])
    assert as_corpus(corpus) is corpus


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("天下，大势", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "wrap",
    [str, lambda p: p, lambda p: [p], lambda p: (p,), lambda p: {p}, lambda p: iter([p])],
    ids=["str", "path", "list", "tuple", "set", "iterator"],
)
def test_paths_are_read(path, wrap):
    assert as_corpus(wrap(path)).n_clauses == 2


def test_a_folder_is_read(path):
    assert as_corpus(path.parent).n_clauses == as_corpus(str(path.parent)).n_clauses == 2


def test_standard_input_is_read(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO("天下，大势".encode())))
    assert as_corpus("-").n_clauses == 2


def test_str_in_a_list_is_text_even_where_a_file_has_that_name(path):
    assert shown(as_corpus(["天", "下"])) == ["天", "", "下", ""]
    assert Corpus.from_texts([str(path)]).n_chars != 4


@pytest.mark.parametrize("empty", [[], (), iter(())])
def test_nothing_is_an_empty_corpus(empty):
    assert as_corpus(empty).n_units == 0


def test_a_str_that_is_no_file_says_how_to_give_text():
    with pytest.raises(InputError) as error:
        as_corpus("天下大势")
    assert str(error.value) == (
        "天下大势: no such file or folder; check the path, or to give text itself, pass a list of str"
    )


@pytest.mark.parametrize("text", ["天下\n大势。" * 100_000, "天" * 300, "天\0下", "", "\ud800"])
def test_a_text_given_as_a_path_does_not_fill_the_screen(text):
    with pytest.raises(InputError) as error:
        as_corpus(text)
    assert len(str(error.value)) < 400
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("source", [b"abc", bytearray(b"abc"), 3, 2.5, None, object()])
def test_what_is_no_corpus_is_a_parameter_error(source):
    with pytest.raises(ParameterError, match="a corpus is"):
        as_corpus(source)


def test_an_item_that_is_no_text_is_named():
    with pytest.raises(ParameterError, match="text 2 of the corpus is bytes, not str"):
        as_corpus(["天下", b"abc"])


def test_one_str_is_not_taken_for_a_list_of_texts():
    with pytest.raises(ParameterError, match="put a single text in a list"):
        Corpus.from_texts("天下大势")


def test_names_of_files_are_not_taken_for_texts(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("天下", "utf-8")
    with pytest.raises(ParameterError, match=r"a.txt is a file, .* Corpus.from_files"):
        as_corpus([str(path)])


def test_a_data_frame_is_no_corpus():
    frame = type("Frame", (), {"columns": ["text"], "__iter__": lambda self: iter(self.columns)})()
    with pytest.raises(ParameterError, match="give the column"):
        as_corpus(frame)


def test_a_vocabulary_is_no_corpus():
    with pytest.raises(ParameterError, match="a corpus is not a mapping, such as a Vocab"):
        as_corpus(Vocab({"天下": 3}))


def test_an_error_of_encoding_names_the_call_that_takes_one(tmp_path):
    path = tmp_path / "gbk.txt"
    path.write_bytes("天下大势".encode("gbk"))
    for source in (path, str(path), [path]):
        with pytest.raises(DecodeError, match=r"gb18030 \(Corpus.from_files\(path, encoding=\"gb18030\"\)\)$"):
            as_corpus(source)
    assert as_corpus(Corpus.from_files(path, encoding="gb18030")).n_units == 4


def test_a_corpus_shows_its_size():
    assert repr(Corpus.from_texts(["天下，大势"])) == "<Corpus: 4 units in 2 clauses>"


@given(st.lists(st.lists(st.text("天下", min_size=1, max_size=4), max_size=5).map("，".join)), st.integers(1, 4))
def test_repetition_is_the_naive_one(texts, least):
    clauses = [clause for text in texts for clause in naive.split_clauses(text)]
    assert Corpus.from_texts(texts).repetition(least) == naive.repetition(clauses, least)


def test_copies_are_found_though_only_some_clauses_are_looked_at(monkeypatch):
    texts = [f"天下大势分久必合合久必分{chr(0x4E00 + i)}" for i in range(3000)] * 2
    assert Corpus.from_texts(texts).repetition() == 0.5
    monkeypatch.setattr("minent.corpus._FOR_HASHES", 10_000)
    assert Corpus.from_texts(texts).repetition() == 0.5
