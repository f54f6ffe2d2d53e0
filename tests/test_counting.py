import collections
import contextlib
import itertools
import sys

import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import chinese, corpora

import minent._buckets
import minent.corpus
import minent.counting
import minent.ngrams
from minent._buckets import Alphabet, Plan
from minent._kernels import ngrams as kernels
from minent.branching import branching_entropy
from minent.corpus import Corpus
from minent.discovery import build_vocab
from minent.errors import InputError, LimitError, ParameterError
from minent.ngram_lines import ngram_lines
from minent.ngrams import count_ngrams

SIZES = {
    "small blocks": [(minent.counting, "_BLOCK", 301), (minent.corpus, "_BLOCK", 400)],
    "small buckets": [(minent._buckets, "_LOG_BUCKET", 5), (minent.counting, "_TOGETHER", 100)],
    "small chunks": [(minent._buckets, "_LARGEST_SORT", 40)],
    "buckets read together": [
        (minent._buckets, "_LOG_BUCKET", 4),
        (minent._buckets, "_READ_TOGETHER", 400),
        (minent.counting, "_TOGETHER", 60),
        (minent.counting, "_BLOCK", 101),
    ],
    "small stretches": [
        (minent._buckets, "_LARGEST_SORT", 30),
        (minent.counting, "_LARGEST_STRETCH", 20),
        (minent.counting, "_SAMPLE", 4),
    ],
    "short keys": [(minent._buckets, "_WORD_BITS", 20)],
    "few n-grams kept": [(minent.ngrams, "_MOST_WIDE", 0)],
}
ALL_SMALL = [each for sizes in SIZES.values() for each in sizes]
TEXTS = chinese(150, seed=5)


@contextlib.contextmanager
def made_small(sizes):
    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in sizes:
            patch.setattr(module, name, value)
        yield


def clauses_of(lines):
    return [clause for line in lines for clause in naive.split_clauses(line)]


def as_dict(counts):
    texts = counts.text(np.arange(len(counts)))
    return dict(zip(texts, counts.count.tolist(), strict=True))


def same(a, b):
    return all(
        np.array_equal(getattr(a, name), getattr(b, name))
        for name in ("starts", "unit", "parent", "count", "right_spread", "left_spread")
    )


@pytest.mark.parametrize("sizes", [*SIZES.values(), ALL_SMALL], ids=[*SIZES, "all"])
@pytest.mark.parametrize("memory, threads", [(None, 1), (None, 3), ("4G", 1), ("4G", 2)])
def test_counts_depend_on_no_size_of_a_block_or_a_bucket(sizes, memory, threads):
    expected = count_ngrams(TEXTS, max_order=6, min_count=2, branching=True)
    with made_small(sizes):
        found = count_ngrams(TEXTS, max_order=6, min_count=2, branching=True, memory=memory, threads=threads)
        assert same(found, expected)


@given(corpora(max_size=12), st.integers(1, 5), st.integers(1, 3), st.sampled_from([[], ALL_SMALL]))
@settings(max_examples=60)
def test_counts_and_neighbours_are_those_of_the_naive_twin(lines, max_order, min_count, sizes):
    with made_small(sizes):
        counts = count_ngrams(lines, max_order=max_order, min_count=min_count, branching=True)
        clauses = clauses_of(lines)
        frequent = naive.ngrams(clauses, 1, min_count)
        # A rarer unit counts as a neighbour that is different each time, as the end of a clause does.
        kept = [
            list(run)
            for clause in clauses
            for inside, run in itertools.groupby(clause, lambda unit: (unit,) in frequent)
            if inside
        ]
        for side in ("right", "left"):
            beside = naive.neighbours(kept, side, max_order)
            entropies = np.concatenate([np.empty(0), *branching_entropy(counts, side=side).values()])
            grams = [tuple(counts.units[unit] for unit in counts.unit_ids(node)) for node in range(len(counts))]
            assert entropies.tolist() == pytest.approx([naive.entropy(beside[gram]) for gram in grams], abs=1e-6)
        assert dict(zip(grams, counts.count.tolist(), strict=True)) == naive.ngrams(clauses, max_order, min_count)


@given(
    st.lists(st.integers(1, 60), min_size=1, max_size=40), st.integers(1, 3), st.integers(0, 5), st.integers(0, 2**32)
)
@settings(max_examples=40)
def test_a_greater_key_never_gets_a_lower_bucket_and_tells_its_head(frequency, digits, log_size, seed):
    ids = np.random.default_rng(seed).permutation(np.repeat(np.arange(1, len(frequency) + 1), frequency))
    window = np.append(ids, [0] * 3).astype(np.int32)
    with made_small([(minent._buckets, "_LOG_BUCKET", log_size)]):
        alphabet = Alphabet.of(np.array([3, *frequency]), 1)
        plan = Plan.of(alphabet, digits, 1)
    (words, *_), bounds = plan.deal([(window, len(ids))])
    shift = digits * alphabet.bits
    found = []
    for b, (begin, end) in enumerate(itertools.pairwise(bounds.tolist())):
        keys = sorted((int(plan.base[b]) + (key >> shift), key % (1 << shift)) for key in words[begin:end].tolist())
        assert all(plan.base[b] <= head for head, _ in keys)
        found += keys
    expected = []
    for i in range(len(ids)):
        rest = 0
        for unit in window[i + 1 : i + 1 + digits].tolist():
            rest = rest << alphabet.bits | unit
        if rest:  # the last unit heads no key
            expected.append((int(window[i]), rest))
    assert found == sorted(expected)


@given(st.integers(1, 62), st.lists(st.integers(0, 2**62), max_size=80))
@settings(max_examples=40)
def test_keys_are_sorted_by_what_differs_in_them_and_counted(bits, keys):
    keys = np.array([key % 2**bits for key in keys] * 2, np.int64)
    found, spare = keys.copy(), np.empty_like(keys)
    if kernels.sort(found, spare):
        found, spare = spare, found
    assert found.tolist() == sorted(keys.tolist())
    n = kernels.runs(found, spare)
    assert dict(zip(found[:n].tolist(), spare[:n].tolist(), strict=True)) == collections.Counter(keys.tolist())


def test_a_bucket_of_one_key_is_never_sorted_whole():
    stretches = [(minent.counting, "_LARGEST_STRETCH", 5), (minent.counting, "_SAMPLE", 2)]
    with made_small([(minent._buckets, "_LARGEST_SORT", 8), (minent.counting, "_BLOCK", 9), *stretches]):
        counts = count_ngrams(["天" * 1000, "地天"], max_order=3)
    assert as_dict(counts) == {"天": 1001, "地": 1, "天天": 999, "地天": 1, "天天天": 998}


@pytest.mark.parametrize("min_order, max_order", [(1, 1), (1, 4), (2, 3), (3, 12)])
@pytest.mark.parametrize("sizes", [[], ALL_SMALL], ids=["", "small"])
def test_lines_are_the_same_whatever_the_memory(min_order, max_order, sizes):
    plain = list(ngram_lines(TEXTS, min_order=min_order, max_order=max_order))
    counts = count_ngrams(TEXTS, max_order=max_order)
    assert plain == [f"{g}\t{c}\n" for n in range(min_order, max_order + 1) for g, c in counts.items(n)]
    with made_small(sizes):
        assert list(ngram_lines(TEXTS, min_order=min_order, max_order=max_order, memory="4G", threads=2)) == plain


def test_a_corpus_on_disk_is_the_same_corpus():
    plain, on_disk = Corpus.from_texts(TEXTS), Corpus.from_texts(TEXTS, on_disk=True)
    assert np.array_equal(plain.ids, np.asarray(on_disk.ids))
    assert len(plain.ids) == len(on_disk.ids)
    assert np.array_equal(plain.ids[7:30:2], on_disk.ids[7:30:2])
    assert (plain.n_units, plain.n_clauses, plain.n_chars) == (on_disk.n_units, on_disk.n_clauses, on_disk.n_chars)


def test_a_sample_has_clauses_from_all_over_the_corpus(monkeypatch):
    corpus = Corpus.from_texts(TEXTS)
    assert corpus.sample(len(corpus.ids)) is corpus
    monkeypatch.setattr(minent.corpus, "_PART", 100)
    sample = corpus.sample(500)
    assert 300 <= len(sample.ids) <= 500
    assert sample.ids[-1] == 0
    text = ",".join(map(str, corpus.ids.tolist()))
    first, last = (text.find(",".join(map(str, part.tolist()))) for part in (sample.ids[:20], sample.ids[-20:]))
    assert -1 < first < len(text) // 4 < 3 * len(text) // 4 < last


def test_blocks_end_with_a_clause_unless_one_is_longer():
    corpus = Corpus.from_texts(["天下", "大势分久必合合久", "天下"])
    with made_small([(minent.corpus, "_BLOCK", 4)]):
        blocks = [block.tolist() for block in corpus.blocks()]
    assert [unit for block in blocks for unit in block] == corpus.ids.tolist()
    assert [len(block) for block in blocks] == [3, 4, 4, 4]


@pytest.mark.parametrize("sizes", [[], ALL_SMALL], ids=["", "small"])
@pytest.mark.parametrize("method", ["autonomy", "ngram", "pmi"])
def test_words_are_the_same_whatever_the_memory(method, sizes):
    expected = build_vocab(TEXTS, method=method)
    with made_small(sizes[:-1] and [*sizes[:-1], (minent.joining, "_SLOTS", 16), (minent.lexicon, "_MANY", 10)]):
        assert build_vocab(TEXTS, method=method, memory="4G", threads=2) == expected


@pytest.mark.parametrize("sizes", [[], SIZES["few n-grams kept"]], ids=["", "few"])
@pytest.mark.parametrize("memory", [None, "4G"])
def test_rare_units_beside_an_ngram_are_told_apart_on_request(memory, sizes):
    rarest = count_ngrams(TEXTS, max_order=4, min_count=2)
    with made_small(sizes):
        counts = count_ngrams(TEXTS, max_order=3, min_count=6, unit_count=2, branching=True, memory=memory)
    plain = count_ngrams(TEXTS, max_order=3, min_count=6)
    for n in (2, 3):
        assert dict(counts.items(n)) == dict(plain.items(n)) != {}
        for side in ("left", "right"):
            nodes = [rarest.find(gram) - rarest.order(n).start for gram, _ in counts.items(n)]
            expected = branching_entropy(rarest, side=side)[n][nodes]
            assert branching_entropy(counts, side=side)[n] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("memory", [None, "4G"])
def test_text_whose_units_are_all_too_rare_has_no_ngrams(memory):
    assert len(count_ngrams(["天下", "大势"], max_order=3, min_count=2, branching=True, memory=memory)) == 0
    assert list(ngram_lines(["天下", "大势"], max_order=3, min_count=2, memory=memory)) == []


def test_too_little_memory_is_said_in_one_line(monkeypatch):
    with pytest.raises(ParameterError, match="at least 384M"):
        count_ngrams(TEXTS, memory="1M")
    with pytest.raises(ParameterError, match="no amount of memory"):
        count_ngrams(TEXTS, memory="much")
    with pytest.raises(ParameterError, match='"bigram" keeps its corpus in memory; leave memory out'):
        build_vocab(TEXTS, method="bigram", memory="1G")
    monkeypatch.setattr("minent._memory.resident", lambda: 400 << 20)
    with pytest.raises(LimitError, match="memory limit is 384 MB"):
        count_ngrams(TEXTS, memory="384M")


def test_more_ngrams_than_can_be_numbered_are_said_in_one_line(monkeypatch):
    monkeypatch.setattr("minent.counting._MOST_NODES", 20)
    with pytest.raises(LimitError, match="more than 20 n-grams"):
        count_ngrams(TEXTS)


@pytest.mark.parametrize("memory", [None, "4G"])
@pytest.mark.parametrize("wrong", [{"max_order": 0}, {"max_order": 17}, {"min_count": 0}, {"min_order": 5}])
def test_lines_of_no_order_or_count_are_refused(wrong, memory):
    with pytest.raises(ParameterError, match=f"{next(iter(wrong))} must be a whole number"):
        list(ngram_lines(TEXTS, memory=memory, **wrong))


def test_a_number_of_threads_may_be_one_of_numpy():
    assert len(count_ngrams(TEXTS, threads=np.int64(2))) == len(count_ngrams(TEXTS))


@pytest.mark.parametrize(
    ("files", "free"),
    [
        ({"memory.max": "4096", "memory.current": "4000", "memory.stat": "anon 90\ninactive_file 3000\n"}, 3096),
        ({"memory.max": "max", "memory.current": "4000", "memory.stat": "inactive_file 3000\n"}, 1 << 62),
        (
            {
                "memory/memory.limit_in_bytes": "4096",
                "memory/memory.usage_in_bytes": "4000",
                "memory/memory.stat": "total_inactive_file 5\n",
            },
            101,
        ),
        ({}, 1 << 62),
    ],
)
def test_files_that_a_container_has_read_are_free_memory(tmp_path, files, free):
    (tmp_path / "memory").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert minent._memory._of_the_container(tmp_path) == free


def test_a_temporary_folder_that_is_full_is_said_in_one_line(monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryFile", full)
    with pytest.raises(InputError, match="No space left on device; free some space, or set TMPDIR"):
        count_ngrams(TEXTS, memory="4G")


@pytest.mark.skipif(sys.platform != "linux", reason="asked otherwise")
def test_free_memory_is_known_where_the_kernel_does_not_tell_it(monkeypatch):
    def missing(path, encoding):
        raise FileNotFoundError(path)

    monkeypatch.setattr("pathlib.Path.read_text", missing)
    assert minent._memory._of_the_machine() > 0
