import itertools
from collections import Counter

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import corpora

from minent.corpus import Corpus
from minent.lexicon import Lexicon
from minent.ngrams import count_ngrams


def rows(lexicon):
    """Tuple of ids → count."""
    bounds = lexicon.offsets.tolist()
    found = [tuple(lexicon.ids[a:b].tolist()) for a, b in itertools.pairwise(bounds)]
    assert len(found) == len(lexicon) == len(set(found))
    assert lexicon.lengths.tolist() == list(map(len, found))
    return dict(zip(found, lexicon.counts.tolist(), strict=True))


def stream_of(pieces):
    ids = np.array([unit for piece in pieces for unit in piece], np.int32)
    ends = np.cumsum([len(piece) for piece in pieces], dtype=np.int64)
    return ids, ends - np.array([len(piece) for piece in pieces], np.int64), ends


@given(st.lists(st.lists(st.sampled_from([1, 2, 3, 4000, 2**30]), min_size=1, max_size=9), max_size=20))
def test_pieces_are_counted_whether_or_not_they_fit_one_key(pieces):
    lexicon = Lexicon.from_pieces(*stream_of(pieces))
    assert rows(lexicon) == Counter(map(tuple, pieces))


def test_short_pieces_come_first():
    pieces = [[1, 1, 1, 1, 1, 4000], [1] * 7]
    assert Lexicon.from_pieces(*stream_of(pieces)).lengths.tolist() == [6, 7]


def test_very_long_pieces_are_counted():
    pieces = [[1] * 70, [1], [1] * 70, [1] * 64, [1] * 63, [2, 1] * 40]
    assert rows(Lexicon.from_pieces(*stream_of(pieces))) == Counter(map(tuple, pieces))


@given(corpora(), st.data())
def test_words_of_nodes_are_their_ngrams(lines, data):
    tree = count_ngrams(lines, max_order=5)
    some = st.lists(st.integers(0, max(0, len(tree) - 1)), max_size=len(tree), unique=True)
    nodes = np.array(sorted(data.draw(some)), np.int64)
    lexicon = Lexicon.from_nodes(tree, nodes, tree.count[nodes])
    assert list(rows(lexicon)) == [tuple(tree.unit_ids(node)) for node in nodes.tolist()]
    assert lexicon.counts.tolist() == tree.count[nodes].tolist()
    assert lexicon.nodes(tree).tolist() == nodes.tolist()
    assert lexicon.texts(Corpus(np.empty(0, np.int32), tree.units)) == tree.text(nodes)


def lexicon_of(corpus, vocab):
    """The words of a vocabulary whose units the corpus has."""
    ids = {word: tuple(corpus.units.ids.get(unit, 0) for unit in word) for word in vocab}
    known = {row: vocab[word] for word, row in ids.items() if all(row)}
    stream, _, ends = stream_of(list(known))
    return Lexicon(stream, np.concatenate([[0], ends]), np.array([*known.values()], np.int64)), known


words = st.dictionaries(st.text("天下大", min_size=1, max_size=4), st.integers(1, 1000), max_size=9)


@given(corpora(), words)
def test_words_that_a_tree_lacks_have_no_node(lines, vocab):
    corpus = Corpus.from_texts(lines)
    tree = count_ngrams(corpus, max_order=3, min_count=2)
    lexicon, known = lexicon_of(corpus, vocab)
    counted = {tuple(tree.unit_ids(node)): node for node in range(len(tree))}
    assert lexicon.nodes(tree).tolist() == [counted.get(row, -1) for row in known]


@given(corpora(), words)
def test_a_recount_follows_the_likeliest_cuts(lines, vocab):
    corpus = Corpus.from_texts(lines)
    lexicon, known = lexicon_of(corpus, vocab)
    clauses = [[corpus.units.ids[unit] for unit in clause] for line in lines for clause in naive.split_clauses(line)]
    found = rows(lexicon.recount(corpus))
    assert found == naive.recount(clauses, known) if known else found == {}


@given(corpora(max_lines=3, max_size=7), words)
@settings(max_examples=40)
def test_a_recount_is_as_likely_as_the_best_of_all_cuts(lines, vocab):
    corpus = Corpus.from_texts(lines)
    lexicon, known = lexicon_of(corpus, vocab)
    found = rows(lexicon.recount(corpus))
    assert set(found) <= set(known)
    spelled = {"".join(corpus.units[unit] for unit in row): count for row, count in known.items()}
    clauses = [clause for line in lines for clause in naive.split_clauses(line)]
    best = sum(
        max(naive.information(way, spelled) for way in naive.segmentations(clause, spelled)) for clause in clauses
    )
    bare = sum(map(len, clauses)) - sum(len(row) * n for row, n in found.items())
    total = max(1, sum(known.values()))
    score = sum(n * np.log(known[row] / total) for row, n in found.items()) - bare * np.log(2 * total)
    assert score == pytest.approx(best, abs=1e-8)


@given(words, st.data())
def test_selecting_keeps_the_words_under_the_mask(vocab, data):
    corpus = Corpus.from_texts(["天下大"])
    lexicon, known = lexicon_of(corpus, vocab)
    mask = data.draw(st.lists(st.booleans(), min_size=len(lexicon), max_size=len(lexicon)))
    kept = lexicon.select(np.array(mask, bool))
    assert rows(kept) == {row: n for (row, n), keep in zip(known.items(), mask, strict=True) if keep}
    doubled = kept.with_counts(2 * kept.counts)
    assert rows(doubled) == {row: 2 * n for row, n in rows(kept).items()}
    assert [len(text) for text in kept.texts(corpus)] == kept.lengths.tolist()


def test_a_stream_of_words_closes_each():
    corpus = Corpus.from_texts(["天下大"])
    begins, stream = lexicon_of(corpus, {"天下": 1, "大": 2, "下大天": 1})[0].stream()
    assert (begins.tolist(), stream.tolist()) == ([0, 3, 5], [1, 2, 0, 3, 0, 2, 3, 1, 0])


PIECES = st.lists(st.lists(st.sampled_from([1, 2, 4000]), min_size=1, max_size=4), max_size=9)


@given(st.lists(PIECES, max_size=4))
def test_lexicons_add_up(parts):
    lexicons = [Lexicon.from_pieces(*stream_of(pieces)) for pieces in parts]
    total = Lexicon.sum_of(lexicons)
    assert rows(total) == sum((Counter(map(tuple, pieces)) for pieces in parts), Counter())
    others = Lexicon.from_pieces(*stream_of([[7], [7, 8]]))
    assert rows(total.followed_by(others)) == {**rows(total), (7,): 1, (7, 8): 1}
    unit_of = np.arange(4001, dtype=np.int32)[::-1]
    assert rows(total.with_units(unit_of)) == {tuple(4000 - u for u in row): n for row, n in rows(total).items()}


@given(corpora(max_lines=4, max_size=9))
def test_occurrences_are_counted_whole(lines):
    corpus = Corpus.from_texts(lines)
    pieces = [
        [corpus.units.ids[char] for char in text if char in corpus.units.ids] for text in ("天", "下天", "天下天下天下")
    ]
    lexicon = Lexicon.from_pieces(*stream_of([piece for piece in pieces if piece]))
    clauses = [clause for line in lines for clause in naive.split_clauses(line)]
    counts = naive.ngrams(clauses, 6, 1)
    expected = [counts.get(tuple(corpus.units[u] for u in row), 0) for row in rows(lexicon)]
    assert lexicon.occurrences(corpus).tolist() == expected
