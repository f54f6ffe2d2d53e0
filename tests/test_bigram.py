import io
import re

import naive
import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import chinese, corpora

import minent.cutter
from minent.bigram import BigramModel
from minent.corpus import Corpus
from minent.discovery import build_vocab
from minent.errors import FormatError, InputError, ParameterError
from minent.lexicon import Lexicon
from minent.model_file import write_model
from minent.numerals import is_number, one_number
from minent.sampler import Sampler
from minent_cli import main

LINES = chinese(400, 7)


@pytest.fixture(scope="module")
def model():
    return BigramModel.learn(LINES, rounds=1)


TEXTS = st.text("天下大势分合ab1.2%，。 \n🦋𠀀é字", max_size=30)


@given(TEXTS)
@settings(deadline=None)
def test_words_joined_are_the_text_and_no_unit_is_cut(model, text):
    words = model.segment(text)
    assert "".join(words) == text
    assert all(words)
    ends = set(np.cumsum([len(word) for word in words]).tolist())
    at = 0
    for piece, is_unit in naive.atoms(text):
        at += len(piece)
        assert at in ends or is_unit
        assert is_unit or piece in words
        assert not ends.intersection(range(at - len(piece) + 1, at))


@given(TEXTS)
@settings(deadline=None)
def test_spans_and_spaced_agree_with_segment(model, text):
    words = model.segment(text)
    assert [text[a:b] for a, b in model.spans(text)] == words
    assert model.spaced(text, separator="/").replace("/", "") == text


@given(st.lists(TEXTS, max_size=4), st.sampled_from([1, 2]))
@settings(deadline=None)
def test_blocks_are_spaced_as_the_whole_text(model, blocks, threads):
    assert "".join(model.spaced_stream(blocks, threads=threads)) == model.spaced("".join(blocks))


@given(st.lists(TEXTS.map(lambda text: text.replace("\n", "")), max_size=5))
@settings(deadline=None)
def test_many_texts_are_cut_as_each_alone(model, texts):
    assert list(model.segment_many(texts)) == [model.segment(text) for text in texts]


@pytest.fixture(scope="module")
def dated():
    lines = [f"{line[:3]}{n % 12 + 1}月{line[3:]}" for n, line in enumerate(LINES)]
    corpus = Corpus.from_texts(lines)
    return corpus, BigramModel.learn(corpus, rounds=1)


@given(st.text("天下大势月12，\n", max_size=20), st.sampled_from(["7", "33", "1998", "2.5", "９０%"]))
def test_all_numbers_are_one(dated, text, other):
    _, model = dated
    assert [re.sub("[12]+", other, word) for word in model.segment(text)] == model.segment(re.sub("[12]+", other, text))


def test_words_with_numbers_are_listed_each_as_it_is(dated):
    corpus, model = dated
    assert model.numbers is not None
    assert {"3月", "12月"} <= set(model.numbers.texts(corpus))
    nodes = model.numbers.with_units(one_number(corpus.units)).nodes(model.tree)
    sums = np.bincount(nodes[nodes >= 0], model.numbers.counts[nodes >= 0], minlength=len(model.tree))
    listed = Lexicon.from_nodes(model.tree, np.arange(len(model.tree)), model.tree.count)
    assert np.array_equal(sums, np.where(listed.holds(is_number(corpus.units)), model.words.words[:-2, 0], 0))
    vocab = build_vocab(corpus, method="bigram", model=model)
    occurrences = dict(zip(vocab, vocab.scores["occurrences"].tolist(), strict=True))
    assert occurrences["12月"] == sum(corpus.units[unit] == "12" for unit in corpus.ids)
    assert vocab["12月"] <= occurrences["12月"]


def test_a_long_text_is_cut_as_its_parts(model, monkeypatch):
    text = "".join(LINES[:40]) + "天下大势" * 30 + "，天下"
    whole = model.segment(text)
    monkeypatch.setattr(minent.cutter, "_PART", 7)
    assert model.segment(text) == whole


def test_words_are_found(model):
    words = {word for words in model.segment_many(LINES) for word in words}
    assert sum(len(word) > 1 for word in words) > 10


def test_the_same_seed_learns_the_same():
    one, two, three = (BigramModel.learn(LINES, rounds=1, seed=seed).segment_many(LINES) for seed in (5, 5, 6))
    one, two, three = list(one), list(two), list(three)
    assert one == two
    assert one != three


def test_a_saved_model_segments_the_same(model, tmp_path):
    path = tmp_path / "words.model"
    model.save(path)
    loaded = BigramModel.load(path)
    assert list(loaded.segment_many(LINES)) == list(model.segment_many(LINES))
    assert loaded.segment("ab天下éé大势") == model.segment("ab天下éé大势")


@given(corpora(max_size=9))
@settings(max_examples=15, deadline=None)
def test_any_corpus_can_be_learned(lines):
    if not any(naive.split_clauses(line) for line in lines):
        with pytest.raises(InputError):
            BigramModel.learn(lines)
        return
    model = BigramModel.learn(lines, rounds=1)
    assert ["".join(words) for words in model.segment_many(lines)] == lines


def test_an_interrupt_keeps_what_was_learned(monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    assert BigramModel.learn(LINES, rounds=1).sweeps > 3
    monkeypatch.setattr(Sampler, "bigram", interrupted)
    model = BigramModel.learn(LINES)
    assert model.sweeps == 4
    assert ["".join(words) for words in model.segment_many(LINES)] == LINES


def damaged(model, **changes):
    file = io.BytesIO()
    write_model(file, model.tree, model.words, model.spelling, model.gaps, model.sweeps)
    file.seek(0)
    arrays = dict(np.load(file))
    for name, change in changes.items():
        arrays[name] = change(arrays[name])
    return arrays


def out_of_range(array):
    array = array.copy()
    array.flat[-1] = 2**31 - 2
    return array


@pytest.mark.parametrize("name", ["unit", "parent", "word", "unit_length", "unit_text", "p_length"])
def test_what_would_lead_outside_an_array_is_refused(model, tmp_path, name):
    path = tmp_path / "bad.model"
    with path.open("wb") as file:
        np.savez(file, **damaged(model, **{name: out_of_range}))
    with pytest.raises(FormatError, match=rf"bad\.model: the model is damaged .*{name}"):
        BigramModel.load(path)


@pytest.mark.parametrize("name", ["unit", "count", "pairs", "word_counts", "sums", "p_unit", "gap_weights"])
def test_an_array_too_short_is_refused(model, tmp_path, name):
    path = tmp_path / "bad.model"
    with path.open("wb") as file:
        np.savez(file, **damaged(model, **{name: lambda array: array[..., :-1]}))
    with pytest.raises(FormatError, match=r"bad\.model: the model is damaged"):
        BigramModel.load(path)


def test_pairs_of_words_that_are_not_there_are_refused(model, tmp_path):
    path = tmp_path / "bad.model"
    with path.open("wb") as file:
        np.savez(file, **damaged(model, pairs=lambda pairs: pairs + np.int32(10**6)))
    with pytest.raises(FormatError, match="damaged"):
        BigramModel.load(path)


def test_other_versions_and_other_files_are_told_apart(model, tmp_path):
    path = tmp_path / "x.model"
    with path.open("wb") as file:
        np.savez(file, **damaged(model, minent_bigram_model=lambda version: version + 1))
    with pytest.raises(FormatError, match=r"x\.model: a model of version 2, not 1"):
        BigramModel.load(path)
    path.write_text("天下\t3\n", "utf-8")
    with pytest.raises(FormatError, match=r"x\.model: not a model"):
        BigramModel.load(path)
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    with pytest.raises(FormatError, match=r"x\.model: not a model"):
        BigramModel.load(path)
    with path.open("wb") as file:
        np.savez(file, minent_bigram_model=np.array([{}], object))
    with pytest.raises(FormatError, match=r"x\.model: not a model"):
        BigramModel.load(path)
    with pytest.raises(InputError, match=r"no\.model: no such file"):
        BigramModel.load(tmp_path / "no.model")
    with pytest.raises(InputError):
        BigramModel.load(tmp_path)


def test_wrong_arguments_are_told(model):
    with pytest.raises(ParameterError, match="rounds"):
        BigramModel.learn(LINES, rounds=0)
    with pytest.raises(InputError, match="holds no letters"):
        BigramModel.learn(["，"])
    with pytest.raises(ParameterError, match="not list"):
        model.segment(["天下"])
    with pytest.raises(ParameterError, match="not one str"):
        list(model.segment_many("天下"))


def test_the_words_of_a_model_are_the_vocabulary_of_its_corpus(model):
    vocab = build_vocab(LINES, method="bigram", model=model, min_count=3)
    used = model.words.words[:-2, 0]
    assert dict(vocab) == {model.tree.text([x])[0]: int(used[x]) for x in np.flatnonzero(used >= 3)}
    share = vocab.counts / vocab.scores["occurrences"]
    assert (share <= 1).all()
    assert vocab.scores["score"] == pytest.approx(np.log(vocab.counts) * share**2, abs=1e-4)
    assert list(build_vocab(LINES, method="bigram")) == list(build_vocab(LINES, method="bigram"))


def test_a_model_goes_with_its_method_and_corpus(model, tmp_path):
    with pytest.raises(ParameterError, match="model takes"):
        build_vocab(LINES, model=model)
    model.save(tmp_path / "x.model")
    with pytest.raises(ParameterError, match="model takes"):
        build_vocab(LINES, method="bigram", model=BigramModel.load(tmp_path / "x.model"))
    with pytest.raises(ParameterError, match="min_pmi"):
        build_vocab(LINES, method="bigram", min_pmi=2)


def test_the_command_line_saves_a_model_and_segments_with_it(tmp_path):
    corpus, saved, vocab = tmp_path / "corpus.txt", tmp_path / "x.model", tmp_path / "vocab.tsv"
    corpus.write_text("\n".join(LINES), "utf-8")
    run = CliRunner().invoke
    found = run(main, ["build-vocab", str(corpus), "--method=bigram", f"--save-model={saved}", f"-o{vocab}", "-q"])
    assert found.exit_code == 0, found.output
    assert vocab.read_text("utf-8").startswith("word\tcount\t")
    cut = run(main, ["segment", f"--model={saved}", str(corpus), "-q"])
    assert cut.exit_code == 0, cut.output
    assert cut.stdout.strip() == BigramModel.load(saved).spaced(corpus.read_text("utf-8"))
    (tmp_path / "known.txt").write_text("合久必分天\n", "utf-8")
    text = "合久必分天，2024年3月"
    cut = run(main, ["segment", f"--model={saved}", f"--user-dict={tmp_path}/known.txt", "--keep=dates"], input=text)
    assert cut.stdout.split() == ["合久必分天", "，", "2024年3月"]


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["build-vocab", "--save-model=x.model", "-"], "--save-model belongs to --method bigram"),
        (["segment", "--learn=.", f"--model={__file__}"], "give one of --vocab, --model and --learn"),
        (["segment", f"--model={__file__}", "--units=run"], "--units and --fold belong to --vocab and --learn"),
        (["segment"], "give one of --vocab, --model and --learn"),
    ],
)
def test_options_that_do_not_go_together_are_told(arguments, message):
    found = CliRunner().invoke(main, arguments)
    assert found.exit_code == 2
    assert message in found.output
