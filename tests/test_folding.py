"""Traditional and simplified characters as one: what is found is what simplified text alone gives."""

import sys

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import chinese

from minent import folding
from minent.bigram import BigramModel
from minent.corpus import Corpus
from minent.discovery import build_vocab
from minent.errors import MissingExtraError, ParameterError
from minent.folding import fold_table, fold_text
from minent.segmenter import Segmenter
from minent.units import char_classes
from minent.vocab import Vocab
from minent_cli import main

pytest.importorskip("opencc")

MIXED = "發发現现後后見见大，a1.\n"
texts = st.text(MIXED, max_size=12)
# Sentences of a language, each in one of the two scripts.
LINES = chinese(120, 7, alphabet="发现后见问题时间国学会长")
TRADITIONAL = str.maketrans("发现后见问题时间国学会长", "發現後見問題時間國學會長")
SCRIPTS = [line.translate(TRADITIONAL) if n % 2 else line for n, line in enumerate(LINES)]


@pytest.fixture
def without_opencc(monkeypatch):
    monkeypatch.setitem(sys.modules, "opencc", None)
    folding.fold_table.cache_clear()
    yield
    folding.fold_table.cache_clear()


def test_one_character_becomes_one_of_the_same_kind_for_good():
    table = fold_table()
    assert np.array_equal(table[table], table)
    changed = np.flatnonzero(table != np.arange(len(table)))
    assert len(changed) > 4000
    assert (char_classes()[changed] == char_classes()[table[changed]]).all()
    assert fold_text("發現頭髮，皇后之後a１𠀀\n😀") == "发现头发，皇后之后a１𠀀\n😀"


@given(st.lists(texts, max_size=5), st.booleans())
def test_a_folded_corpus_is_that_of_folded_text(lines, on_disk):
    found = Corpus.from_texts(lines, on_disk=on_disk).folded()
    expected = Corpus.from_texts(map(fold_text, lines))
    assert list(found.units) == list(expected.units)
    assert np.array_equal(np.asarray(found.ids), expected.ids)
    assert found.folded() is found


def test_ngrams_and_words_are_found_in_either_script():
    corpus = Corpus.from_texts(["發現，发现"]).folded()
    assert corpus.units.split("發現") == ["发", "现"]


@pytest.mark.parametrize("method", ["autonomy", "bigram", "ngram", "pmi"])
def test_words_of_both_scripts_are_those_of_simplified_text(method):
    found = build_vocab(SCRIPTS, method=method, fold=True)
    expected = build_vocab(LINES, method=method)
    assert {fold_text(word): count for word, count in found.items()} == dict(expected)
    assert all(any(word in line for line in SCRIPTS) for word in found)
    out = next(word for word in expected if word.translate(TRADITIONAL) != word)
    without = build_vocab(SCRIPTS, method=method, fold=True, exclude=[out.translate(TRADITIONAL)])
    assert set(map(fold_text, without)) == set(expected) - {out}


@given(texts, st.dictionaries(st.text(MIXED[:9], min_size=1, max_size=3), st.integers(1, 9), max_size=6))
@settings(deadline=None)
def test_text_is_cut_as_its_simplified_form_and_stays_as_it_is(text, vocab):
    known = {"user_words": ["大發"], "forbid": ["後見"], "force": ["現現"], "keep": ["numbers"]}
    folded: dict[str, int] = {}
    for word, count in vocab.items():
        folded[fold_text(word)] = folded.get(fold_text(word), 0) + count
    simple = {name: [fold_text(word) if name != "keep" else word for word in words] for name, words in known.items()}
    one, two = Segmenter(vocab, fold=True, **known), Segmenter(folded, **simple)
    words = one.segment(text)
    assert "".join(words) == text
    assert [fold_text(word) for word in words] == two.segment(fold_text(text))
    assert fold_text("/".join(one.sample(text, seed=1))) == "/".join(two.sample(fold_text(text), seed=1))
    assert [text[a:b] for a, b in one.spans(text)] == words
    assert one.spaced(text, separator="") == text


def test_many_texts_keep_their_own_characters():
    segmenter = Segmenter({"發現": 3, "发现": 2}, fold=True)
    assert dict(segmenter.vocab) == {"发现": 5}
    assert list(segmenter.segment_many(["發現发现", "发現"])) == [["發現", "发现"], ["发現"]]


@pytest.mark.parametrize("learner", [Segmenter, BigramModel])
def test_what_both_scripts_teach_serves_both(learner):
    one, two = learner.learn(SCRIPTS, fold=True), learner.learn(LINES)
    cut = list(one.segment_many(SCRIPTS))
    assert ["".join(words) for words in cut] == SCRIPTS
    assert [[fold_text(word) for word in words] for words in cut] == list(two.segment_many(LINES))


def test_a_model_keeps_its_folding_and_needs_no_package_for_it(tmp_path, without_opencc):
    folding.fold_table.cache_clear()
    sys.modules.pop("opencc")
    model = BigramModel.learn(SCRIPTS, rounds=1, fold=True)
    model.save(tmp_path / "model")
    expected = list(model.segment_many(SCRIPTS))
    folding.fold_table.cache_clear()
    sys.modules["opencc"] = None
    loaded = BigramModel.load(tmp_path / "model")
    assert list(loaded.segment_many(SCRIPTS)) == expected
    assert loaded.with_words(["發現問題"]).segment("发现问题，發現問題") == ["发现问题", "，", "發現問題"]


def test_a_model_of_another_script_does_not_fit():
    model = BigramModel.learn(SCRIPTS, rounds=1)
    with pytest.raises(ParameterError, match="both folded or both not"):
        build_vocab(SCRIPTS, method="bigram", model=model, fold=True)


def test_without_the_package_the_extra_is_named(without_opencc):
    with pytest.raises(MissingExtraError, match=r"pip install 'minent\[opencc\]'"):
        Segmenter({"發現": 3}, fold=True)
    found = CliRunner().invoke(main, ["build-vocab", "--fold", "-q", "-"], input="發現")
    assert (found.exit_code, found.output) == (
        1,
        "Error: folding needs the opencc package; pip install 'minent[opencc]'\n",
    )


def test_the_command_line_folds(tmp_path):
    corpus, vocab, saved = tmp_path / "corpus.txt", tmp_path / "vocab.tsv", tmp_path / "x.model"
    corpus.write_text("\n".join(SCRIPTS), "utf-8")

    def out(*args):
        found = CliRunner().invoke(main, [*map(str, args), "-q"])
        assert found.exit_code == 0, found.output
        return found.stdout

    out("build-vocab", corpus, "--fold", "-o", vocab)
    assert dict(Vocab.load(vocab)) == dict(build_vocab(SCRIPTS, fold=True))
    expected = Segmenter(build_vocab(LINES), fold=True).spaced(corpus.read_text("utf-8"))
    assert out("segment", "-v", vocab, "--fold", corpus).strip() == expected
    assert out("segment", "--learn", corpus, "--fold", corpus).replace(" ", "").strip() == "\n".join(SCRIPTS)
    out("build-vocab", corpus, "--fold", "--method=bigram", "--save-model", saved, "-o", vocab)
    assert out("segment", "--model", saved, corpus).strip() == BigramModel.load(saved).spaced("\n".join(SCRIPTS))
    assert CliRunner().invoke(main, ["segment", f"--model={saved}", "--fold"]).exit_code == 2


def test_counts_and_entropy_fold_too(tmp_path):
    (tmp_path / "corpus.txt").write_text("發現。发现", "utf-8")
    (tmp_path / "vocab.tsv").write_text("word\tcount\n發現\t1\n发现\t1\n", "utf-8")

    def out(*args):
        found = CliRunner().invoke(main, [*map(str, args), "-q"])
        assert found.exit_code == 0, found.output
        return found.stdout

    counted = out("count-ngrams", tmp_path / "corpus.txt", "--fold", "--min-order", 2, "--max-order", 2)
    assert counted.split() == ["发现", "2"]
    measured = out("entropy", tmp_path / "corpus.txt", "--fold", "-v", tmp_path / "vocab.tsv")
    assert [line.split()[1:3] for line in measured.splitlines()[1:3]] == [["4", "2"], ["2", "1"]]
