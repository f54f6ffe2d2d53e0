import random

import naive
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from strategies import corpora, texts

from minent.association import pmi
from minent.corpus import Corpus
from minent.errors import ParameterError
from minent.ngrams import MAX_ORDER, count_ngrams


def split(lines, units="run"):
    return [clause for line in lines for clause in naive.split_clauses(line, units)]


def as_dict(counts):
    """Tuple of units → count, as the tree holds it."""
    return {
        tuple(counts.units[unit] for unit in counts.unit_ids(node)): int(counts.count[node])
        for node in range(len(counts))
    }


def check(corpus, clauses, max_order, min_count):
    """The whole tree against the naive twin."""
    counts = count_ngrams(corpus, max_order=max_order, min_count=min_count)
    expected = naive.ngrams(clauses, max_order, min_count)
    found = as_dict(counts)
    assert len(found) == len(counts)
    assert found == expected
    assert counts.max_order == max_order
    assert counts.total == sum(map(len, clauses))
    grams = list(found)
    rows = [tuple(counts.unit_ids(node)) for node in range(len(counts))]
    assert rows == sorted(rows, key=lambda row: (len(row), row))
    node_of = {gram: node for node, gram in enumerate(grams)}
    for n in range(1, max_order + 1):
        assert all(len(gram) == n for gram in grams[counts.order(n)])
    assert counts.parent.tolist() == [node_of.get(gram[:-1], -1) for gram in grams]
    assert counts.suffix.tolist() == [node_of.get(gram[1:], -1) for gram in grams]
    check_walk(counts, corpus.ids, clauses, node_of)


def check_walk(counts, ids, clauses, node_of):
    """Of all orders at once, and led on from order to order."""
    expected = []
    for clause in clauses:
        for begin in range(len(clause)):
            grams = [tuple(clause[begin : begin + n]) for n in range(1, counts.max_order + 1)]
            whole = [gram if begin + n <= len(clause) else None for n, gram in enumerate(grams, 1)]
            expected.append([node_of.get(gram, -1) for gram in whole])
        expected.append([-1] * counts.max_order)
    expected = np.array(expected, np.int64).reshape(len(ids), counts.max_order)
    assert counts.walk(ids, counts.max_order).tolist() == expected.tolist()
    nodes = expected[:, 0].astype(np.int32)
    reached = 1
    for order in {1, counts.max_order // 2, counts.max_order} - {0}:
        if order >= reached:
            counts.advance(ids, nodes, reached, order - reached)
            reached = order
            assert nodes.tolist() == expected[:, order - 1].tolist()


orders = st.integers(1, MAX_ORDER)
min_counts = st.integers(1, 4)


@given(corpora(), orders, min_counts)
@example(["天" * 40], 16, 1)
@example(["天下" * 20, "下"], 16, 4)
@example([], 16, 1)
@example(["，"], 3, 2)
def test_counts_of_few_units_are_exact(lines, max_order, min_count):
    check(Corpus.from_texts(lines), split(lines), max_order, min_count)


@given(st.lists(texts, max_size=5), orders, min_counts, st.sampled_from(["run", "char"]))
@settings(max_examples=40)
def test_counts_of_any_text_are_exact(lines, max_order, min_count, units):
    check(Corpus.from_texts(lines, units=units), split(lines, units), max_order, min_count)


@given(st.integers(2, 70), st.integers(0, 2**32), orders, min_counts)
@settings(max_examples=40)
def test_counts_of_larger_alphabets_are_exact(size, seed, max_order, min_count):
    chosen = random.Random(seed)
    alphabet = [chr(0x4E00 + i) for i in range(size)]
    weights = [1 / (i + 1) for i in range(size)]
    lines = ["".join(chosen.choices(alphabet, weights, k=chosen.randrange(1, 40))) for _ in range(8)]
    lines += lines[:3]
    check(Corpus.from_texts(lines), split(lines), max_order, min_count)


@pytest.mark.parametrize("max_order, min_count", [(1, 1), (4, 1), (8, 2)])
def test_counts_are_exact_where_a_key_holds_three_units(max_order, min_count):
    # 66,000 units take 17 bits: three a key instead of four.
    chosen = random.Random(5)
    alphabet = [f"{chr(0x4E00 + i // 256)}{chr(0xFE00 + i % 16)}{chr(0x300 + i % 256 // 16)}" for i in range(66_000)]
    clauses = [alphabet, *([chosen.choice(alphabet[-9:]) for _ in range(30)] for _ in range(20))]
    corpus = Corpus.from_texts("".join(clause) for clause in clauses)
    assert len(corpus.units) == 66_001
    counts = count_ngrams(corpus, max_order=max_order, min_count=min_count)
    assert as_dict(counts) == naive.ngrams(clauses, max_order, min_count)


def test_runs_are_units_of_ngrams():
    clauses = [[str(10_000 + i % 90), "a" * (i % 7 + 1)] * 3 for i in range(200)]
    corpus = Corpus.from_texts("".join(clause) for clause in clauses)
    check(corpus, clauses, 6, 2)


@given(corpora(), orders, min_counts)
@settings(max_examples=30)
def test_find_get_and_items_agree_with_the_tree(lines, max_order, min_count):
    counts = count_ngrams(lines, max_order=max_order, min_count=min_count)
    expected = naive.ngrams(split(lines), max_order, min_count)
    for n in range(1, max_order + 1):
        of_order = {"".join(gram): count for gram, count in expected.items() if len(gram) == n}
        assert dict(counts.items(n)) == of_order
    everything = naive.ngrams(split(lines), max_order + 1)
    for gram in everything:
        text = "".join(gram)
        if gram in expected:
            assert text in counts
            assert counts[text] == counts.get(text) == expected[gram]
            assert counts.text(np.array([counts.find(text)])) == [text]
        else:
            assert text not in counts
            assert counts.find(text) == -1
            if len(gram) <= max_order:
                assert counts.get(text, -5) == -5
            with pytest.raises(KeyError if len(gram) <= max_order else ParameterError):
                counts[text]


@pytest.mark.parametrize("absent", ["", "，", "天，", "下天", "海", "a", "天下，天下", "天下天海", "python"])
def test_what_was_not_counted_is_absent(absent):
    counts = count_ngrams(["天下", "天，下"], max_order=3)
    assert absent not in counts
    assert counts.get(absent) == 0


def test_what_is_too_long_to_be_counted_is_refused():
    counts = count_ngrams(["天下大势"], max_order=3)
    for look_up in (counts.get, counts.__getitem__, pmi(counts).get, pmi(counts).__getitem__):
        with pytest.raises(ParameterError, match=r"^'天下大势' has 4 units; .* up to 3; raise max_order$"):
            look_up("天下大势")
    assert "天下大势" not in counts
    assert "天下大势" not in pmi(counts)


def test_counts_and_values_show_their_size():
    counts = count_ngrams(["天下大势" * 300], max_order=2)
    assert repr(counts) == "<NgramCounts: 8 n-grams of 1 to 2 units, in 1,200 units>"
    assert repr(pmi(counts)) == "<NgramValues of 4 n-grams, by order: 2>"


def test_ngrams_never_cross_a_clause_break():
    counts = count_ngrams(["天下", "大，势 天\n下"], max_order=2)
    assert dict(counts.items(2)) == {"天下": 1}


@given(corpora(max_lines=5, max_size=8), st.integers(1, 5), min_counts)
def test_walk_works_on_other_streams_of_the_same_units(lines, max_order, min_count):
    lines = [*lines, "天下大"]
    corpus = Corpus.from_texts(lines)
    counts = count_ngrams(corpus, max_order=max_order, min_count=min_count)
    rows = [[1, 2, 3, 3], [2, 2, 1], [], [3, 2, 1]]
    stream = np.array([unit for row in rows for unit in (*row, 0)], np.int32)
    node_of = {gram: node for node, gram in enumerate(as_dict(counts))}
    check_walk(counts, stream, [[corpus.units[unit] for unit in row] for row in rows], node_of)


def test_a_corpus_without_units_has_no_ngrams():
    for lines in ([], [""], ["，。!"]):
        counts = count_ngrams(lines, max_order=5)
        assert (len(counts), counts.total, counts.max_order) == (0, 0, 5)
        assert list(counts.items(5)) == []


@pytest.mark.parametrize("arguments", [{"max_order": 0}, {"max_order": 17}, {"min_count": 0}])
def test_parameters_out_of_range_are_refused(arguments):
    with pytest.raises(ParameterError, match=next(iter(arguments))):
        count_ngrams(["天下"], **arguments)


@pytest.mark.parametrize("n", [0, 3, -1])
def test_an_order_that_was_not_counted_is_refused(n):
    with pytest.raises(ParameterError, match="from 1 to 2"):
        count_ngrams(["天下"], max_order=2).order(n)


@pytest.mark.parametrize("n", [0, 3, -1])
def test_items_of_an_order_that_was_not_counted_are_refused(n):
    with pytest.raises(ParameterError):
        list(count_ngrams(["天下"], max_order=2).items(n))


def test_text_that_is_no_str_is_refused():
    with pytest.raises(ParameterError, match="text 2 of the corpus is bytes"):
        count_ngrams(["天", b"a"])
    with pytest.raises(ParameterError, match="not int"):
        count_ngrams(5)


@given(corpora(), st.integers(1, 4))
def test_counts_are_a_mapping_from_text_to_count(lines, max_order):
    counts = count_ngrams(lines, max_order=max_order)
    clauses = split(lines)
    assert list(counts) == list(counts.keys())
    assert dict(counts) == {"".join(gram): count for gram, count in naive.ngrams(clauses, max_order).items()}
    assert all(ngram in counts for ngram in counts)
    assert 3 not in counts


@given(corpora(), st.integers(2, 4))
def test_values_are_found_by_order_and_by_text(lines, max_order):
    counts = count_ngrams(lines, max_order=max_order)
    values = pmi(counts)
    for n in range(2, max_order + 1):
        assert [values[text] for text, _ in counts.items(n)] == values[n].tolist()
        assert [values.get(text) for text, _ in counts.items(n)] == values[n].tolist()
        assert all(text in values for text, _ in counts.items(n))
        assert n in values
        assert values.get(n) is values[n]
    for key in ("地球", "天" if "天" in counts else "月", 1, max_order + 1, None):
        assert key not in values
        assert (values.get(key), values.get(key, -1.0)) == (None, -1.0)
        with pytest.raises(KeyError):
            values[key]


def test_what_is_no_text_is_no_ngram():
    with pytest.raises(ParameterError, match="by its text, a str, not by int"):
        count_ngrams(["天下"]).find(3)
