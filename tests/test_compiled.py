"""The compiled form: gives back every vocabulary, is used lazily, and never believes a damaged file."""

import os
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_vocab import signs, vocabs

from minent.compiled import MAGIC, CompiledVocab
from minent.errors import FormatError, InputError
from minent.segmenter import Segmenter
from minent.vocab import Vocab

SAMPLE = Vocab({"天下": 12, "大势": 3, "天": 2, "a\nb": 1, "\ud800": 4}, {"熵": [0.5, np.nan, -0.0, np.inf, 1]})
TEXT = "天下大势，天a\nb\ud800下"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("compiled")


@given(vocab=vocabs())
def test_it_gives_back_every_vocab_exactly(folder, vocab):
    vocab.save(folder / "a", compiled=True)
    loaded = Vocab.load(folder / "a")
    assert loaded == vocab
    assert signs(loaded) == signs(vocab)
    assert (dict(loaded), loaded.total, len(loaded)) == (dict(vocab), vocab.total, len(vocab))


@given(vocab=vocabs(st.text("天下大势a\n", min_size=1, max_size=4)), text=st.text("天下大势a\n，"))
@settings(max_examples=40)
def test_it_segments_as_the_vocab_does(folder, vocab, text):
    vocab.save(folder / "b", compiled=True)
    loaded, plain = Segmenter.load(folder / "b"), Segmenter(vocab)
    assert loaded.spaced(text, separator="/") == plain.spaced(text, separator="/")
    assert loaded.segment(text) == plain.segment(text)
    assert loaded.score(text) == plain.score(text)
    assert loaded.sample(text, seed=1) == plain.sample(text, seed=1)


def test_it_can_be_saved_in_every_form_again(tmp_path):
    SAMPLE.save(tmp_path / "a", compiled=True)
    loaded = Vocab.load(tmp_path / "a")
    loaded.save(tmp_path / "a", compiled=True)
    loaded.save(tmp_path / "a.tsv")
    assert Vocab.load(tmp_path / "a") == Vocab.load(tmp_path / "a.tsv") == SAMPLE


def test_the_same_vocab_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        SAMPLE.save(tmp_path / name, compiled=True)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a").read_bytes().startswith(MAGIC)


def test_a_segmenter_reads_no_word(tmp_path, monkeypatch):
    SAMPLE.save(tmp_path / "a", compiled=True)
    segmenter = Segmenter.load(tmp_path / "a")
    monkeypatch.setattr(CompiledVocab, "words", property(lambda self: pytest.fail("read")))
    assert segmenter.spans("天下大势").tolist() == [[0, 2], [2, 4]]
    assert segmenter.spaced("天下大势") == "天下 大势"
    assert segmenter.segment("天下大势") == ["天下", "大势"]


def use(path):
    vocab = Vocab.load(path)
    segmenter = Segmenter(vocab)
    return segmenter.segment(TEXT), segmenter.score(TEXT), vocab.words, vocab.total, dict(vocab.scores)


@pytest.fixture
def saved(tmp_path):
    SAMPLE.save(tmp_path / "a", compiled=True)
    return tmp_path / "a"


def test_a_file_that_breaks_off_is_a_format_error(saved):
    data = saved.read_bytes()
    for size in {*range(len(MAGIC), len(data) - 64, 5), len(MAGIC) + 12, 64}:
        saved.write_bytes(data[:size])
        with pytest.raises(FormatError, match=r"a: the compiled vocabulary is damaged or breaks off; compile it again"):
            use(saved)


def test_no_changed_byte_changes_what_is_read(saved):
    data = saved.read_bytes()
    for at in range(len(MAGIC), len(data)):
        saved.write_bytes(data[:at] + bytes([data[at] ^ 0x41]) + data[at + 1 :])
        try:
            again = use(saved)
        except FormatError:
            continue
        saved.write_bytes(data)
        expected = use(saved)
        assert again[:-1] == expected[:-1]  # a byte between two arrays


def test_another_version_is_told(saved):
    data = saved.read_bytes()
    saved.write_bytes(data[: len(MAGIC)] + struct.pack("<I", 7) + data[len(MAGIC) + 4 :])
    with pytest.raises(FormatError, match="a compiled vocabulary of version 7, not 3; compile it again"):
        Vocab.load(saved)


@pytest.mark.parametrize("damage", ["base", "value", "symbol"])
def test_arrays_that_lead_out_of_bounds_are_refused_though_their_checksums_are_right(saved, damage):
    vocab = Vocab(dict(SAMPLE))
    lattice = vocab.lattice
    if damage == "base":
        lattice.trie.base[3] += 1 << 20
    elif damage == "value":
        lattice.trie.value[3] = 99
    else:
        lattice.symbol_of[5] = 10_000
    vocab.save(saved, compiled=True)
    with pytest.raises(FormatError, match="damaged"):
        Segmenter.load(saved)


@given(st.binary(max_size=80))
@settings(max_examples=50)
def test_garbage_after_the_magic_is_an_input_error(folder, data):
    (folder / "garbage").write_bytes(MAGIC + data)
    with pytest.raises(InputError):
        use(folder / "garbage")


def test_a_save_that_fails_leaves_the_old_file(saved, monkeypatch):
    monkeypatch.setattr("minent.vocab.dump", lambda *rest: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        Vocab({"天": 1}).save(saved, compiled=True)
    assert Vocab.load(saved) == SAMPLE
    assert os.listdir(saved.parent) == ["a"]


def test_loading_takes_little_more_memory_than_the_file(tmp_path):
    chars = [chr(0x4E00 + i) for i in range(150)]
    Vocab({a + b: 1 for a in chars for b in chars}).save(tmp_path / "a", compiled=True)
    Segmenter.load(tmp_path / "a").spans("天")
    tracemalloc.start()
    segmenter = Segmenter.load(tmp_path / "a")
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(segmenter.spans("天")) == 1
    assert taken < 2 * os.path.getsize(tmp_path / "a") + 4.6e6  # a table of all code points
