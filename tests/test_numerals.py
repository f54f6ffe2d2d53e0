import naive
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from strategies import corpora

from minent.corpus import Corpus
from minent.ngrams import count_ngrams
from minent.numerals import as_one, is_latin, is_number, number_scores, one_number

MIXED = corpora("天下5 7a，", max_size=12)


@given(MIXED, st.sampled_from(["run", "char"]))
def test_numbers_become_one_and_all_else_stays(lines, units):
    corpus = Corpus.from_texts(lines, units=units)
    number = is_number(corpus.units)
    assert number.tolist() == [units == "run" and text[:1].isdecimal() for text in corpus.units]
    assert is_latin(corpus.units).tolist() == [units == "run" and text[:1] == "a" for text in corpus.units]
    one = as_one(corpus)
    for was, now in zip(np.asarray(corpus.ids).tolist(), np.asarray(one.ids).tolist(), strict=True):
        assert now == (number.argmax() if number[was] else was)
    assert np.array_equal(one_number(corpus.units)[corpus.ids], one.ids)


@given(MIXED, st.sampled_from([1, 2]))
def test_numbers_are_counted_as_one_where_they_are_not(lines, min_count):
    corpus = Corpus.from_texts(lines)
    how = {"max_order": 3, "min_count": min_count, "branching": True}
    counts, expected = (
        count_ngrams(corpus, unit_of=one_number(corpus.units), **how),
        count_ngrams(as_one(corpus), **how),
    )
    for name in ("starts", "unit", "parent", "count", "right_spread", "left_spread", "suffix", "node_of_unit"):
        assert np.array_equal(getattr(counts, name), getattr(expected, name))


def test_a_corpus_on_disk_stays_there(tmp_path):
    (tmp_path / "text").write_text("5月17日，1998年", encoding="utf-8")
    kept, there = (as_one(Corpus.from_files(tmp_path / "text", on_disk=on_disk)) for on_disk in (False, True))
    assert not isinstance(there.ids, np.ndarray)
    assert np.array_equal(kept.ids, there.ids)


@given(MIXED, st.sampled_from([1, 2]), st.booleans())
def test_numbers_join_what_often_follows_them(lines, min_count, as_they_are):
    corpus = Corpus.from_texts(lines)
    corpus = corpus if as_they_are else as_one(corpus)
    tree = count_ngrams(corpus, max_order=5, min_count=min_count)
    clauses = [[]]
    for unit in np.asarray(corpus.ids).tolist():
        if unit:
            clauses[-1].append(corpus.units[unit])
        else:
            clauses.append([])
    expected = naive.number_scores(clauses, 5, min_count)
    scores = number_scores(tree)
    for node, score in enumerate(scores.tolist()):
        gram = tuple(tree.units[unit] for unit in tree.unit_ids(node))
        assert score == expected[gram] if gram in expected else np.isnan(score)


def test_a_month_has_a_number_and_a_day_of_the_week_has_none():
    texts = ["5月17日", "12月的月色", "3个", "一个", "两个", "几个", "用mp3"]
    tree = count_ngrams(as_one(Corpus.from_texts(texts)), max_order=3)
    scores = dict(zip(tree.text(np.arange(len(tree))), number_scores(tree).tolist(), strict=True))
    assert scores["5月"] == scores["5日"] == scores["mp5"] == 20
    assert scores["5个"] == scores["月5"] == scores["5月5"] == -np.inf
    assert scores["5"] == 0
    assert np.isnan(scores["月色"])
