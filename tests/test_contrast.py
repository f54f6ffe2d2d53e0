import naive
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minent import Vocab, build_vocab, keyness
from minent.errors import ParameterError

counts = st.dictionaries(st.text("天下大势", min_size=1, max_size=2), st.integers(1, 10**6), min_size=1)
TEXTS = ["蝴蝶飞过大海", "看见蝴蝶", "一只蝴蝶", "蝴蝶是昆虫", "大海很宽", "他爱大海", "去大海边"]


@given(counts, counts)
def test_keyness_is_the_naive_one(here, there):
    assert keyness(here, there).tolist() == pytest.approx(naive.keyness(here, there), rel=1e-6, abs=1e-6)


@given(counts)
def test_texts_that_are_alike_have_no_key_words(here):
    assert keyness(here, {word: 3 * count for word, count in here.items()}).tolist() == pytest.approx([0] * len(here))


def test_what_only_one_text_has_is_key_to_it():
    assert (keyness({"天": 5, "下": 5}, {"下": 10}) > 0).tolist() == [True, False]
    assert keyness(Vocab({"天": 5}), Vocab({"天": 5, "下": 1})) > 0


@pytest.mark.parametrize(("here", "there"), [({}, {"天": 1}), ({"天": 1}, {}), ({"天": 1}, {"天": 0})])
def test_nothing_cannot_be_compared(here, there):
    with pytest.raises(ParameterError, match="counts no words"):
        keyness(here, there)


def test_a_reference_may_be_a_file(tmp_path):
    Vocab({"大海": 50}).save(tmp_path / "v.tsv")
    found, expected = (build_vocab(TEXTS, reference=given) for given in (tmp_path / "v.tsv", {"大海": 50}))
    assert found == expected


def test_a_vocabulary_is_sorted_by_keyness():
    reference = {"大海": 50, "的": 500}
    vocab = build_vocab(TEXTS, method="ngram", reference=reference, sort="keyness")
    whole = build_vocab(TEXTS, method="ngram")
    expected = dict(zip(whole, naive.keyness(dict(whole), reference), strict=True))
    assert dict(vocab) == dict(whole)
    assert vocab.scores["keyness"].tolist() == pytest.approx([expected[word] for word in vocab], abs=1e-4)
    assert vocab.scores["keyness"].tolist() == sorted(vocab.scores["keyness"].tolist(), reverse=True)
    assert list(vocab).index("蝴蝶") < list(vocab).index("大海")


def test_a_reference_is_folded_as_the_corpus_is():
    pytest.importorskip("opencc")
    texts = [text.replace("飞", "飛").replace("过", "過") for text in TEXTS] + TEXTS
    vocab = build_vocab(texts, fold=True, reference={"飛": 7, "海": 3}, sort="keyness")
    simplified = build_vocab(texts, fold=True, reference={"飞": 7, "海": 3}, sort="keyness")
    assert vocab.scores["keyness"].tolist() == simplified.scores["keyness"].tolist()


def test_keyness_needs_a_reference():
    with pytest.raises(ParameterError, match="sorting by keyness needs a reference"):
        build_vocab(TEXTS, sort="keyness")
    with pytest.raises(ParameterError, match="reference takes a Vocab"):
        build_vocab(TEXTS, reference=["大海"])
