"""Vocab: exact round trips, faults named by file, line and word; immutable, equal, selectable, picklable."""

import bz2
import contextlib
import gzip
import json
import lzma
import math
import os
import pickle
import re
import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import NASTY

from minent.errors import DecodeError, FormatError, InputError, MissingExtraError, ParameterError
from minent.vocab import FORMATS, Vocab

TRICKY = [
    *("word\tcount", "word\tcount\t", "word count", "word", "count", '{"word": "a"}', "{", "a\t5", "a 5", "a 5 n"),
    *("\t", "\n", "\r", "\r\n", " ", " a ", "\\", "\\t", "\\\\t", "\\u0041", "a\\", '"', "'", "\0", "\x1b[31m"),
    *("\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\xa0", "\u3000", "\ufeff", "\ufeffa", "a\ufeff"),
    *("\ud800", "\udfff", "\udc80", "\ude00\ud83d", "😀", "𠮷", "e\u0301", "-1", "nan", "#", "字" * 5000),
]
characters = st.characters(exclude_categories=()) | st.sampled_from(NASTY + '\\tnu0{}": 5')
words = st.sampled_from(TRICKY) | st.text(characters, min_size=1, max_size=8)
floats = st.floats() | st.sampled_from([math.nan, math.inf, -math.inf, -0.0, 5e-324, 0.1, 1e308])
counts = st.integers(1, 2**63 - 1)


@st.composite
def vocabs(draw, words=words):
    chosen = draw(st.dictionaries(words, counts, max_size=6))
    names = draw(
        st.lists(st.sampled_from(["cohesion", "左熵", "", "a\tb", "\ufeff\n\\", "x\r"]), unique=True, max_size=3)
    )
    n = len(chosen)
    return Vocab(chosen, {name: draw(st.lists(floats, min_size=n, max_size=n)) for name in names})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("vocab")


def signs(vocab):
    return {name: np.signbit(values[~np.isnan(values)]).tolist() for name, values in vocab.scores.items()}


def has_pair(word):
    return re.search("[\ud800-\udbff][\udc00-\udfff]", word)


# Round trips


@given(vocab=vocabs())
@example(vocab=Vocab(dict.fromkeys(TRICKY, 1), {"score": np.linspace(-1, 1, len(TRICKY))}))
def test_tsv_gives_back_every_vocab_exactly(folder, vocab):
    vocab.save(folder / "a.tsv")
    loaded = Vocab.load(folder / "a.tsv")
    assert loaded == vocab
    assert signs(loaded) == signs(vocab)


@given(vocab=vocabs(words.filter(lambda word: not has_pair(word))))
@example(vocab=Vocab(dict.fromkeys(TRICKY, 1), {"score": np.linspace(-1, 1, len(TRICKY))}))
def test_jsonl_gives_back_every_vocab_exactly(folder, vocab):
    vocab.save(folder / "a.jsonl", format="jsonl")
    if len(vocab):
        loaded = Vocab.load(folder / "a.jsonl")
        assert loaded == vocab
        assert signs(loaded) == signs(vocab)


@given(word=words, count=counts)
def test_jieba_gives_back_every_word_that_it_takes(folder, word, count):
    vocab = Vocab({word: count})
    try:
        vocab.save(folder / "a.txt", format="jieba")
    except ParameterError:
        assert word != word.strip() or any(c in "\t\n\r\ufeff" or "\ud800" <= c <= "\udfff" for c in word)
    else:
        assert Vocab.load(folder / "a.txt") == vocab


@given(vocab=vocabs(words.filter(lambda word: not has_pair(word))))
def test_every_line_of_jsonl_is_json_as_the_standard_has_it(vocab):
    def refuse(constant):
        raise AssertionError(constant)

    for line, word in zip(vocab.to_lines("jsonl"), vocab, strict=True):
        line.encode()
        assert line.endswith("}\n")
        assert line.count("\n") == 1
        assert json.loads(line, parse_constant=refuse)["word"] == word


@given(vocab=vocabs())
def test_every_row_of_tsv_has_as_many_fields_as_its_header(vocab):
    rows = list(vocab.to_lines())
    assert {row.count("\t") for row in rows} == {1 + len(vocab.scores)}
    assert all(row.count("\n") == 1 and row.endswith("\n") and row.encode() for row in rows)


def test_the_formats_look_like_this():
    vocab = Vocab({"天下": 12, "a\tb": 3}, {"cohesion": [0.5, math.inf]})
    assert list(vocab.to_lines("tsv")) == ["word\tcount\tcohesion\n", "天下\t12\t0.5\n", "a\\tb\t3\tinf\n"]
    assert list(vocab.to_lines("jsonl")) == [
        '{"word": "天下", "count": 12, "cohesion": 0.5}\n',
        '{"word": "a\\tb", "count": 3, "cohesion": "Infinity"}\n',
    ]
    assert list(Vocab({"天下": 12, "New York": 3}).to_lines("jieba")) == ["天下 12\n", "New York 3\n"]


def test_an_empty_vocab_with_scores_survives_as_tsv(tmp_path):
    vocab = Vocab({}, {"cohesion": [], "熵": []})
    vocab.save(tmp_path / "a.tsv")
    assert Vocab.load(tmp_path / "a.tsv") == vocab


@pytest.mark.parametrize("format", FORMATS)
def test_windows_line_ends_blank_lines_and_a_byte_order_mark_do_not_matter(tmp_path, format):
    vocab = Vocab({"天下": 12, "大势": 3})
    text = "\ufeff\r\n" + "\r\n".join(line.replace("\n", "\r\n") for line in vocab.to_lines(format))
    (tmp_path / "a").write_bytes(text.encode())
    assert Vocab.load(tmp_path / "a") == vocab


@pytest.mark.parametrize("suffix, pack", [("gz", gzip.compress), ("xz", lzma.compress), ("bz2", bz2.compress)])
def test_a_compressed_vocab_is_read(tmp_path, suffix, pack):
    path = tmp_path / f"a.jsonl.{suffix}"
    path.write_bytes(pack('{"word": "天下", "count": 3}\n'.encode()))
    assert Vocab.load(path) == Vocab({"天下": 3})


# Scores of large files are read when they are asked for


@pytest.fixture
def large(monkeypatch):
    monkeypatch.setattr("minent.vocab._LARGE", 0)


def test_scores_of_a_small_file_are_kept(tmp_path):
    vocab = Vocab({"天下": 3}, {"x": [1]})
    vocab.save(tmp_path / "a")
    loaded = Vocab.load(tmp_path / "a")
    os.remove(tmp_path / "a")
    assert loaded == vocab


@pytest.mark.parametrize("form", ["tsv", "jsonl"])
def test_scores_are_kept_from_their_first_use_on(large, tmp_path, form):
    vocab = Vocab({"天下": 12, "大势": 3}, {"熵": [0.5, math.nan]})
    vocab.save(tmp_path / "a", format=form)
    loaded = Vocab.load(tmp_path / "a")
    assert not loaded._source.scores
    assert loaded.scores.keys() == {"熵"}
    os.remove(tmp_path / "a")
    assert loaded == vocab


@pytest.mark.parametrize(
    "changed", ["word\tcount\tx\n天下\t4\t1\n", "word\tcount\n地\t3\n", "word\tcount\n天下\t3\n地\t1\n"]
)
def test_scores_of_a_file_that_has_changed_are_a_format_error(large, tmp_path, changed):
    path = tmp_path / "a"
    Vocab({"天下": 3}, {"x": [1]}).save(path)
    loaded = Vocab.load(path)
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(FormatError) as error:
        dict(loaded.scores)
    assert str(error.value) == f"{path}: the file has changed since it was loaded; load it again"
    assert dict(loaded) == {"天下": 3}


def test_scores_of_a_file_that_is_gone_are_an_input_error(large, tmp_path):
    Vocab({"天下": 3}, {"x": [1]}).save(tmp_path / "a")
    Vocab({"天下": 3}).save(tmp_path / "b")
    scored, plain = Vocab.load(tmp_path / "a"), Vocab.load(tmp_path / "b")
    for name in ("a", "b"):
        os.remove(tmp_path / name)
    with pytest.raises(InputError, match=r"a: cannot be opened: .*; check path"):
        dict(scored.scores)
    assert plain.scores == {}


# jieba's form


@pytest.mark.parametrize(
    "line, word, count",
    [
        ("天下 12", "天下", 12),
        ("天下 12 n", "天下", 12),
        ("天下\t12\tnr", "天下", 12),
        (" New  York 3 ns ", "New  York", 3),
        ("iPhone 5 7", "iPhone 5", 7),
        ("{a} 5", "{a}", 5),
        ("{ 5", "{", 5),
        ("5 5", "5", 5),
        ("C:\\new 2", "C:\\new", 2),
    ],
)
def test_jieba_lines_are_word_count_and_perhaps_a_tag(tmp_path, line, word, count):
    (tmp_path / "a").write_text(line + "\n", encoding="utf-8")
    assert Vocab.load(tmp_path / "a") == Vocab({word: count})


def test_a_word_that_comes_twice_counts_as_it_does_last_as_in_jieba(tmp_path):
    (tmp_path / "a").write_text("B超 3 n\nT恤 4 n\n\nB超 7 n\n", encoding="utf-8")
    assert list(Vocab.load(tmp_path / "a").items()) == [("B超", 7), ("T恤", 4)]


@pytest.mark.parametrize("word", ["a\tb", "a\nb", "\ra", "\ufeffa", "\ud800", " a", "a\u3000", "\x1ca", " "])
def test_jieba_refuses_what_it_cannot_hold_before_a_file_appears(tmp_path, word):
    vocab = Vocab({"天下": 12, word: 3})
    with pytest.raises(ParameterError, match=r"jieba cannot hold the word .*; save as tsv"):
        vocab.to_lines("jieba")
    with pytest.raises(ParameterError):
        vocab.save(tmp_path / "a", format="jieba")
    assert os.listdir(tmp_path) == []


def test_jsonl_refuses_two_surrogates_that_json_reads_as_one_character():
    with pytest.raises(ParameterError, match="jsonl cannot hold the word"):
        Vocab({"\ud83d\ude00": 1}).to_lines("jsonl")


@pytest.mark.parametrize("format", ["", "csv", "TSV"])
def test_an_unknown_format_is_a_parameter_error(tmp_path, format):
    with pytest.raises(ParameterError, match="format must be one of tsv, jieba, jsonl"):
        Vocab({"a": 1}).save(tmp_path / "a", format=format)
    assert os.listdir(tmp_path) == []


def test_the_format_follows_the_suffix_unless_it_is_named(tmp_path):
    vocab = Vocab({"天下": 3})
    for name, format in (("a.jsonl", None), ("b.tsv", None), ("c.JSONL", None), ("d", None), ("e.csv", "jsonl")):
        vocab.save(tmp_path / name, format=format)
        is_json = (tmp_path / name).read_text("utf-8").startswith("{")
        assert is_json == (name in ("a.jsonl", "c.JSONL", "e.csv"))
    vocab.save(tmp_path / "f.jsonl", compiled=True)
    assert Vocab.load(tmp_path / "f.jsonl") == vocab


@pytest.mark.parametrize("suffix", [".csv", ".json", ".parquet", ".xls", ".XLSX", ".zip", ".tsv.gz"])
def test_what_is_never_written_is_refused_by_its_suffix(tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    with pytest.raises(ParameterError) as error:
        Vocab({"天下": 3}).save(path)
    assert str(error.value) == f"{path}: {path.suffix.lower()} files are not written; write .tsv or .jsonl"
    assert os.listdir(tmp_path) == []


# Files that are no vocabularies


MALFORMED = [
    ("", ": the vocabulary is empty; expected the header: word, count"),
    ("\n\r\n\n", ": the vocabulary is empty; expected the header: word, count"),
    ("word\tcount\n\na\tmany\n", ':3: the count "many" is not a whole number'),
    ("word\tcount\na\t1.5\n", ':2: the count "1.5" is not a whole number'),
    ("word\tcount\na\t\n", ':2: the count "" is not a whole number'),
    ("word\tcount\na\n", ":2: fields: 1, but the header has 2"),
    ("word\tcount\na\t1\nb\t1\t\n", ":3: fields: 3, but the header has 2"),
    ("word\tcount\tx\na\t1\t0.5\nb\t1\t\n", ':3: the x "" is not a number'),
    ("word\tcount\tx\na\t1\thigh\n", ':2: the x "high" is not a number'),
    ("word\tcount\tx\tx\na\t1\t1\t1\n", ":1: the header names a column twice"),
    ("word\tcount\tcount\na\t1\t1\n", ":1: the header names a column twice"),
    ("word\tcount\n天下\t1\nb\t2\n\n天下\t3\n", ':5: the word "天下" comes twice; keep one'),
    ("word\tcount\n天下\t0\n", ':2: the count of "天下" must be a whole number from 1 to 2^63 - 1'),
    ("word\tcount\n天下\t-3\n", ':2: the count of "天下" must be a whole number from 1 to 2^63 - 1'),
    (f"word\tcount\n天下\t{2**63}\n", ':2: the count of "天下" must be a whole number from 1 to 2^63 - 1'),
    ("word\tcount\n\t3\n", ":2: '' is not a word; a word is one character or more"),
    ("天下\n", ':1: "天下" is not "word count"; is it a vocabulary?'),
    ("天下 3\n大势 many\n", ':2: "大势 many" is not "word count"; is it a vocabulary?'),
    ("天下 3\n大势 -1\n", ':2: "大势 -1" is not "word count"; is it a vocabulary?'),
    ("天下 3\n大势 0\n", ':2: the count of "大势" must be a whole number from 1 to 2^63 - 1'),
    ("\0\1\2\n", ':1: "\\u0000\\u0001\\u0002" is not "word count"; is it a vocabulary?'),
    ('{"word": "a", "count": 1}\n{"word": "b"}\n', ':2: expected an object with "word" and "count"'),
    ('{"word": "a", "count": 1}\n[1]\n', ':2: expected an object with "word" and "count"'),
    ('{"word": "a", "count": 1}\n3\n', ':2: expected an object with "word" and "count"'),
    ('{"word": "a", "count": 1}\n{"word":\n', ':2: expected an object with "word" and "count"'),
    ('{"word": "a", "count": 1.5}\n', ':1: the count of "a" must be a whole number from 1 to 2^63 - 1'),
    ('{"word": "a", "count": "1"}\n', ':1: the count of "a" must be a whole number from 1 to 2^63 - 1'),
    ('{"word": "a", "count": true}\n', ':1: the count of "a" must be a whole number from 1 to 2^63 - 1'),
    ('{"word": 5, "count": 1}\n', ":1: 5 is not a word; a word is one character or more"),
    ('{"word": ["a"], "count": 1}\n', ":1: ['a'] is not a word; a word is one character or more"),
    ('{"word": "a", "count": 1}\n\n{"word": "a", "count": 2}\n', ':3: the word "a" comes twice; keep one'),
    ('{"word": "a", "count": 1, "x": null}\n', ":1: the x None is not a number"),
    ('{"word": "a", "count": 1, "x": "high"}\n', ':1: the x "high" is not a number'),
    ('{"word": "a", "count": 1, "x": [1]}\n', ":1: the x [1] is not a number"),
    ('{"word": "a", "count": 1, "x": true}\n', ":1: the x True is not a number"),
    (
        '{"word": "a", "count": 1, "x": 1}\n{"word": "b", "count": 1}\n',
        ":2: the scores are not those of the first word",
    ),
]


@pytest.mark.parametrize("content, fault", MALFORMED)
def test_a_fault_is_named_with_its_file_and_line(tmp_path, content, fault):
    path = tmp_path / "vocab.tsv"
    path.write_bytes(content.encode())
    with pytest.raises(FormatError) as error:
        Vocab.load(path)
    assert str(error.value) == f"{path}{fault}"


@pytest.mark.parametrize(
    "content",
    [
        "word\tcount\na\t" + "9" * 10_000,
        "word\tcount\na\t" + "x" * 10_000 + "\r\x85",
        "a" * 100_000,
        '{"word": "a", "count": ' + "9" * 10_000 + "}",
        '{"word": "a", "count": 1, "x": 1' + "0" * 400 + "}",
        '{"word": "a", "count": 1, "x": ' + "[" * 100_000 + "]}",
        "word\tcount\n" + ("a" * 10_000 + "\t1\n") * 2,
    ],
)
def test_a_fault_is_told_in_one_short_line(tmp_path, content):
    (tmp_path / "a").write_bytes(content.encode())
    with pytest.raises(FormatError) as error:
        Vocab.load(tmp_path / "a")
    assert len(str(error.value)) < len(str(tmp_path)) + 150
    assert "\n" not in str(error.value)
    assert "\r" not in str(error.value)


@given(st.binary(max_size=60) | st.text('word\tcount\n{}": 1\\', max_size=40).map(lambda text: text.encode()))
def test_garbage_is_a_vocab_or_an_input_error(folder, data):
    (folder / "garbage").write_bytes(data)
    with contextlib.suppress(InputError):
        Vocab.load(folder / "garbage")


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_file_in_another_encoding_is_told_how_to_become_utf8(tmp_path, encoding):
    path = tmp_path / "a.txt"
    path.write_bytes("天下 3\n".encode(encoding))
    with pytest.raises(DecodeError) as error:
        Vocab.load(path)
    assert str(error.value) == (
        f"{path}: byte 0 is not valid UTF-8; a vocabulary must be UTF-8 (try iconv -f {encoding} -t utf-8)"
    )


def test_a_missing_file_and_a_folder_are_input_errors(tmp_path):
    (tmp_path / "a.txt").write_text("天下 3\n", encoding="utf-8")
    for path in (tmp_path / "no", tmp_path):
        with pytest.raises(InputError, match=r"cannot be opened: "):
            Vocab.load(path)


# Saving


def test_a_save_that_is_interrupted_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.tsv"
    Vocab({"old": 1}).save(path)

    def lines(self, format):
        yield "word\tcount\n"
        raise KeyboardInterrupt

    monkeypatch.setattr(Vocab, "to_lines", lines)
    with pytest.raises(KeyboardInterrupt):
        Vocab({"new": 1}).save(path)
    monkeypatch.undo()
    assert Vocab.load(path) == Vocab({"old": 1})
    assert os.listdir(tmp_path) == ["a.tsv"]


def test_a_vocab_can_be_saved_over_the_file_it_came_from(tmp_path):
    Vocab({"a": 1, "b": 2}).save(tmp_path / "a.tsv")
    Vocab.load(tmp_path / "a.tsv").select([1]).save(tmp_path / "a.tsv")
    assert Vocab.load(tmp_path / "a.tsv") == Vocab({"b": 2})


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_vocab_goes_through_a_pipe(tmp_path):
    vocab = Vocab({"天下": 12}, {"x": [0.5]})
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=vocab.save, args=[tmp_path / "pipe"])
    writer.start()
    assert Vocab.load(tmp_path / "pipe") == vocab
    writer.join()


# The class


@pytest.mark.parametrize(
    "counts, fault",
    [
        ({"": 1}, "'' is not a word"),
        ({3: 1}, "3 is not a word"),
        ({"a": 0}, 'the count of "a" must be a whole number from 1'),
        ({"a": -1}, 'the count of "a" must be'),
        ({"a": 2.5}, 'the count of "a" must be'),
        ({"a": "3"}, 'the count of "a" must be'),
        ({"a": True}, 'the count of "a" must be'),
        ({"a": None}, 'the count of "a" must be'),
        ({"a": 2**63}, 'the count of "a" must be'),
        ({"a": 10**5000}, 'the count of "a" must be'),
        ([("a", 1), ("b", 1), ("a", 2)], 'the word "a" comes twice'),
        (["天下", "大势"], 'the count of "天" must be'),
        (["天"], "pairs: word, count"),
        ([1], "pairs: word, count"),
        (1, "pairs: word, count"),
    ],
)
def test_what_is_no_vocabulary_is_a_parameter_error(counts, fault):
    with pytest.raises(ParameterError) as error:
        Vocab(counts)
    assert fault in str(error.value)


@pytest.mark.parametrize(
    "scores, fault",
    [
        ({"x": [1.0]}, r"score 'x' has shape \(1,\), not \(2,\)"),
        ({"x": 1.0}, r"score 'x' has shape \(\), not \(2,\)"),
        ({"x": [[1.0], [2.0]]}, r"has shape \(2, 1\)"),
        ({"x": ["a", "b"]}, "score 'x' is not made of numbers"),
        ({"x": [[1], [1, 2]]}, "score 'x' is not made of numbers"),
        ({"word": [1, 2]}, "a score needs a name other than"),
        ({"count": [1, 2]}, "a score needs a name other than"),
        ({3: [1, 2]}, "a score needs a name other than"),
    ],
)
def test_scores_that_do_not_fit_are_a_parameter_error(scores, fault):
    with pytest.raises(ParameterError, match=fault):
        Vocab({"a": 1, "b": 2}, scores)


def test_a_vocab_is_a_mapping_in_rank_order():
    vocab = Vocab(iter([("b", np.int64(3)), ("a", 5)]))
    assert list(vocab) == ["b", "a"] == list(vocab.words)
    assert dict(vocab) == {"b": 3, "a": 5}
    assert type(vocab["b"]) is int
    assert vocab.counts.tolist() == [3, 5]
    assert vocab.total == 8
    assert "c" not in vocab
    assert vocab.get("c", 0) == 0
    assert repr(vocab) == "<Vocab of 2 words, 8 occurrences>"


def test_the_largest_counts_add_up():
    vocab = Vocab({"a": 2**63 - 1, "b": 2**63 - 1})
    assert vocab.total == 2**64 - 2
    assert vocab.counts.tolist() == [2**63 - 1] * 2


def test_a_vocab_cannot_be_changed():
    counts, score = {"a": 1}, np.ones(1)
    vocab = Vocab(counts, {"x": score})
    counts["b"] = 2
    score[0] = 2
    vocab.counts[0] = 9
    assert vocab == Vocab({"a": 1}, {"x": [1]})
    with pytest.raises(TypeError):
        vocab["a"] = 2
    with pytest.raises(TypeError):
        vocab.scores["y"] = [1]
    with pytest.raises(ValueError, match="read-only"):
        vocab.scores["x"][0] = 2
    for name in ("words", "counts", "total", "scores"):
        with pytest.raises(AttributeError):
            setattr(vocab, name, None)
    with pytest.raises(TypeError, match="unhashable"):
        hash(vocab)


def test_equality_sees_words_counts_order_and_scores():
    vocab = Vocab({"a": 1, "b": 2}, {"x": [1, math.nan]})
    assert vocab == Vocab({"a": 1, "b": 2}, {"x": [1, math.nan]})
    assert vocab != Vocab({"b": 2, "a": 1}, {"x": [math.nan, 1]})
    assert vocab != Vocab({"a": 1, "b": 3}, {"x": [1, math.nan]})
    assert vocab != Vocab({"a": 1, "b": 2}, {"x": [1, 2]})
    assert vocab != Vocab({"a": 1, "b": 2}, {"y": [1, math.nan]})
    assert vocab != Vocab({"a": 1, "b": 2})
    assert vocab != {"a": 1, "b": 2}


def test_select_takes_a_mask_or_indices_and_the_scores_along():
    vocab = Vocab({"a": 1, "b": 2, "c": 3}, {"x": [0.1, 0.2, 0.3]})
    assert vocab.select([True, False, True]) == Vocab({"a": 1, "c": 3}, {"x": [0.1, 0.3]})
    assert vocab.select(np.array([2, 0])) == Vocab({"c": 3, "a": 1}, {"x": [0.3, 0.1]})
    assert vocab.select([-1]) == Vocab({"c": 3}, {"x": [0.3]})
    assert vocab.select([]) == vocab.select([False] * 3) == Vocab({}, {"x": []})
    assert vocab.select(np.uint8([1])).words == ("b",)
    assert Vocab({}).select(np.zeros(0, bool)) == Vocab({})


@pytest.mark.parametrize("chosen", [[3], [-4], [0, 0], [True], [True] * 4, [0.5], [[0]], 0, "a", [None]])
def test_select_refuses_what_it_cannot_take(chosen):
    with pytest.raises(ParameterError):
        Vocab({"a": 1, "b": 2, "c": 3}).select(chosen)


@given(vocab=vocabs())
def test_a_vocab_survives_pickling(vocab):
    again = pickle.loads(pickle.dumps(vocab))
    assert again == vocab
    assert all(not values.flags.writeable for values in again.scores.values())


def test_a_pickled_vocab_opens_in_a_new_process(tmp_path):
    (tmp_path / "a").write_bytes(pickle.dumps(Vocab({"天下": 12}, {"x": [0.5]})))
    code = "import pickle, sys; v = pickle.load(open(sys.argv[1], 'rb')); assert v['天下'] == v.total == 12"
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "a")], check=True)


@pytest.mark.parametrize("written", ["tsv", "compiled", "tsv.gz"])
def test_a_vocabulary_that_breaks_off_is_told_in_one_line(tmp_path, written):
    path = tmp_path / f"v.{written}"
    Vocab({"天下": 3, "大势": 2}, {"x": [0.5, 1.25]}).save(tmp_path / "v.tsv", compiled=written == "compiled")
    whole = (tmp_path / "v.tsv").read_bytes()
    whole = gzip.compress(whole) if written.endswith("gz") else whole
    for size in range(len(whole) - (64 if written == "compiled" else 1)):
        path.write_bytes(whole[:size])
        said = ""
        try:
            vocab = Vocab.load(path)
            signs(vocab), vocab.lattice
        except InputError as error:
            said = str(error)
        assert re.fullmatch(rf"{re.escape(str(path))}(:\d)?: .{{10,150}}" if said else "", said)
        assert said or written == "tsv"


def test_a_model_is_told_from_a_vocabulary(tmp_path):
    np.savez(tmp_path / "x.npz", a=np.zeros(2))
    with pytest.raises(FormatError, match="not a vocabulary but a model"):
        Vocab.load(tmp_path / "x.npz")


@pytest.mark.parametrize(
    "words, lacks", [(["天下"], True), (["天下", "天"], False), (["天下", "あ"], False), (["sky"], False), ([], False)]
)
def test_a_vocabulary_knows_whether_single_characters_are_among_its_words(tmp_path, words, lacks):
    vocab = Vocab(dict.fromkeys(words, 1))
    vocab.save(tmp_path / "a", compiled=True)
    assert vocab.lacks_singles is Vocab.load(tmp_path / "a").lacks_singles is lacks


# Data frames


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_vocab_as_a_data_frame(library):
    pytest.importorskip(library)
    frame = getattr(Vocab({"天下": 3, "大势": 2}, {"x": [1, 0.5]}), f"to_{library}")()
    assert list(frame.columns) == ["word", "count", "x"]
    assert list(frame["word"]) == ["天下", "大势"]
    assert (frame["count"].to_list(), frame["x"].to_list()) == ([3, 2], [1.0, 0.5])


def test_a_library_that_is_missing_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingExtraError, match="this needs pandas; pip install pandas"):
        Vocab({"天下": 3}).to_pandas()


def test_whole_numbers_are_written_without_a_point():
    lines = Vocab({"天下": 3}, {"x": [48], "y": [0.5], "z": [-0.0], "big": [1e300]}).to_lines("jsonl")
    assert list(lines) == ['{"word": "天下", "count": 3, "x": 48, "y": 0.5, "z": -0.0, "big": 1e+300}\n']
