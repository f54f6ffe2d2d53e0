import itertools
import random
from collections import Counter

import naive
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare
from strategies import chinese, nasty_texts, texts, vocabs

import minent.cutter
import minent.lattice
from minent._kernels.spacing import spaced
from minent.autonomy import autonomy
from minent.corpus import Corpus
from minent.errors import InputError, ParameterError
from minent.ngrams import count_ngrams
from minent.numerals import as_one, words_as_one
from minent.segmenter import Segmenter
from minent.units import code_points
from minent.vocab import Vocab

MIXED = "天下，\n a1.%b"
mixed_texts = st.text(MIXED, max_size=9)
any_vocabs = st.dictionaries(nasty_texts.map(lambda text: text[:5]).filter(bool), st.integers(1, 9), max_size=6)


def pieces(text, units="run"):
    return [piece for piece, _ in naive.atoms(text, units)]


@given(mixed_texts, vocabs(MIXED, max_size=3, max_words=20), st.sampled_from(["run", "char"]))
@example("天下，a1", {"下，": 3, "a": 5, "天": 1, "a1": 1}, "run")
@example("天\n下", {"天\n下": 9, "\n": 5}, "run")
def test_the_best_segmentation_is_the_best_of_all(text, vocab, units):
    segmenter = Segmenter(vocab, units=units)
    words = segmenter.segment(text)
    every = naive.segmentations(pieces(text, units), vocab)
    best = max(naive.information(each, vocab) for each in every)
    assert words in every
    assert naive.information(words, vocab) == pytest.approx(best, abs=1e-8)
    assert segmenter.score(text) == pytest.approx(best, abs=1e-8)


@given(texts, any_vocabs, st.sampled_from(["run", "char"]))
@settings(max_examples=150)
def test_words_joined_are_the_text(text, vocab, units):
    segmenter = Segmenter(vocab, units=units)
    assert "".join(segmenter.segment(text)) == text
    assert "".join(segmenter.sample(text, alpha=0.5, seed=1)) == text
    assert segmenter.spaced(text, separator="") == text


@given(texts, st.data())
def test_words_cut_out_of_a_text_are_found_again(text, data):
    bounds = data.draw(st.lists(st.integers(0, len(text)), max_size=6).map(sorted))
    words = [word for a, b in itertools.pairwise(bounds) if (word := text[a:b])]
    vocab = Counter(words)
    assert "".join(Segmenter(vocab).segment(text)) == text
    for word in vocab:
        alone = Segmenter({word: 1}).segment(word)
        assert alone == ([word] if "\n" not in word else pieces(word))


@given(texts, any_vocabs)
def test_words_never_cut_a_unit_nor_cross_a_line_end(text, vocab):
    inner = {0}
    for piece in pieces(text):
        inner.add(max(inner) + len(piece))
    segmenter = Segmenter(vocab)
    for words in (segmenter.segment(text), segmenter.sample(text, alpha=0.2, seed=3)):
        assert set(np.cumsum([0, *map(len, words)]).tolist()) <= inner
        assert all("\n" not in word or word == "\n" for word in words)


@given(texts, any_vocabs)
def test_spans_are_the_places_of_the_words(text, vocab):
    segmenter = Segmenter(vocab)
    spans = segmenter.spans(text)
    assert spans.shape == (len(segmenter.segment(text)), 2)
    assert [text[a:b] for a, b in spans.tolist()] == segmenter.segment(text)


@given(nasty_texts, any_vocabs, st.sampled_from([" ", "", "/", "  ", "\t", ", ", "𠮷\ud800"]))
@example("天下 天\t下\r\n下\n\n天", {"天下": 1}, "/")
@example("天下 天\t下\r\n下\n\n天", {"天下": 1}, " ")
def test_spaced_text_has_separators_between_words_none_beside_line_ends_nor_blank_ones_beside_blanks(
    text, vocab, separator
):
    segmenter = Segmenter(vocab)
    assert segmenter.spaced(text, separator=separator) == naive.spaced(segmenter.segment(text), separator)


@given(st.lists(nasty_texts.filter(bool)), st.sampled_from("天 \n"), st.sampled_from([" ", "", "\r\n", "é天𠮷\ud800"]))
def test_words_are_spelled_and_spaced_as_their_text_would_be(words, before, separator):
    codes = code_points("".join(["天", *words]))
    ends = np.cumsum([1, *map(len, words)])
    expected = naive.spaced(["天", *words], separator, before)
    for form, kind in (("utf-8", np.uint8), ("utf-32-le", np.uint32)):
        between = np.frombuffer(separator.encode(form, "surrogatepass"), kind)
        gaps, out = np.full(len(codes), 7, np.uint8), np.empty(4 * len(codes) + (len(ends) + 1) * len(between), kind)
        n = spaced(codes, ends, between, ord(before), gaps, out)
        assert out[:n].tobytes().decode(form, "surrogatepass") == expected


@given(st.lists(texts.map(lambda text: text.replace("/", "").replace("\n", "")), max_size=3), any_vocabs)
def test_lines_can_be_split_into_their_words_at_a_separator_that_is_no_blank(lines, vocab):
    segmenter = Segmenter(vocab)
    lines = [line.replace("\r", "") for line in lines]
    spaced = segmenter.spaced("\n".join(lines), separator="/").split("\n")
    assert spaced == ["/".join(segmenter.segment(line)) for line in lines] or not lines


@pytest.mark.parametrize("part", [3, 40, 1 << 17])
@given(st.lists(texts, max_size=6), any_vocabs, st.sampled_from([" ", "", "/天", "\udfff"]), st.integers(1, 3))
@settings(max_examples=40)
def test_a_stream_of_bytes_is_the_spaced_text_in_utf8(part, blocks, vocab, separator, threads):
    segmenter = Segmenter(vocab)
    expected = segmenter.spaced("".join(blocks), separator=separator).encode("utf-8", "replace")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(minent.cutter, "_PART", part)
        for given_as in (blocks, map(code_points, blocks)):
            assert b"".join(segmenter.spaced_utf8(given_as, separator=separator, threads=threads)) == expected


def blocks_of(text, data):
    bounds = [0, *sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=4))), len(text)]
    return [text[a:b] for a, b in itertools.pairwise(bounds)]


@pytest.mark.parametrize("part", [1, 7, 40])
@given(nasty_texts.map(lambda text: text * 6), any_vocabs | vocabs("天下，a", max_size=7), st.data())
@settings(max_examples=40)
def test_a_text_in_blocks_and_parts_is_cut_like_the_whole(part, text, vocab, data):
    segmenter = Segmenter(vocab)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(minent.lattice, "LONGEST_STEP", max([1, *(len(piece) for piece, _ in naive.atoms(text))]))
        patch.setattr(minent.lattice, "_MARGIN", minent.lattice.LONGEST_STEP + 2)
        patch.setattr(minent.lattice, "_LOOK_BACK", 3)
        whole = segmenter.segment(text), segmenter.spans(text).tolist(), segmenter.spaced(text, separator="/")
        score = segmenter.score(text)
        patch.setattr(minent.cutter, "_PART", part)
        assert (segmenter.segment(text), segmenter.spans(text).tolist()) == whole[:2]
        assert segmenter.score(text) == pytest.approx(score)
        for threads in (1, 2):
            stream = segmenter.spaced_stream(blocks_of(text, data), separator="/", threads=threads)
            assert "".join(stream) == whole[2]


def test_threads_change_nothing():
    chosen = random.Random(5)
    segmenter = Segmenter({"天下": 9, "下大": 7, "大势": 5})
    texts = ["".join(chosen.choices("天下大势，ab \n", k=chosen.randint(0, 400))) for _ in range(1000)]
    assert list(segmenter.segment_many(texts, threads=3)) == [segmenter.segment(text) for text in texts]
    blocks = [text + "\n" for text in texts]
    assert "".join(segmenter.spaced_stream(blocks, threads=3)) == segmenter.spaced("".join(blocks))


def test_a_stream_is_read_no_faster_than_it_is_used():
    drawn = 0

    def blocks():
        nonlocal drawn
        for _ in range(1000):
            drawn += 1
            yield "天下，" * 30_000

    stream = Segmenter({"天下": 9}).spaced_stream(blocks(), threads=2)
    next(stream)
    assert drawn < 20
    stream.close()


@pytest.mark.parametrize("threads", [0, -1, 1.5, None])
def test_a_number_of_threads_is_a_whole_number_from_one_on(threads):
    with pytest.raises(ParameterError, match="threads"):
        Segmenter({"天": 1}).segment_many(["天"], threads=threads)


def test_an_error_in_the_input_comes_out_of_the_threads():
    def blocks():
        yield "天下" * 100_000
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        list(Segmenter({"天": 1}).spaced_stream(blocks(), threads=2))


@given(st.lists(nasty_texts, max_size=4), any_vocabs)
def test_lines_are_spaced_alike_together_and_alone(lines, vocab):
    segmenter = Segmenter(vocab)
    lines = [part for line in lines for part in line.split("\n")]
    assert segmenter.spaced("\n".join(lines)) == "\n".join(map(segmenter.spaced, lines))


def test_every_text_is_segmented_alike_in_a_row():
    segmenter = Segmenter({"天下": 2, "大势": 1})
    found = segmenter.segment_many(iter(["天下大势", "", "大势"]))
    assert next(found) == ["天下", "大势"]
    assert list(found) == [[], ["大势"]]


VOCAB = {"天": 2, "天下": 3, "下 a1": 4, "a1": 1, " ": 1, "天下 ": 1, "下": 6}


@pytest.mark.parametrize("alpha", [0, 1, 3])
@pytest.mark.parametrize("text", ["天下 a1天", "天下天下"])
def test_samples_follow_the_exact_distribution(text, alpha):
    segmenter = Segmenter(VOCAB)
    expected = naive.sampling_distribution(
        ["天", "下", *([" ", "a", "1", "天"] if "a" in text else "天下")], VOCAB, alpha
    )
    drawn = Counter(tuple(segmenter.sample(text, alpha=alpha, seed=seed)) for seed in range(1500))
    assert set(drawn) <= set(expected)
    found = [drawn[each] for each in expected]
    assert chisquare(found, [1500 * p for p in expected.values()]).pvalue > 1e-3


def test_alpha_zero_draws_evenly():
    segmenter = Segmenter({"天下": 100, "天": 1})
    drawn = Counter("/".join(segmenter.sample("天下天下", alpha=0, seed=seed)) for seed in range(800))
    assert set(drawn) == {"天下/天下", "天/下/天下", "天下/天/下", "天/下/天/下"}
    assert chisquare(list(drawn.values())).pvalue > 1e-3


@given(texts, any_vocabs, st.integers(0, 2**40))
@settings(max_examples=30)
def test_the_same_seed_draws_the_same(text, vocab, seed):
    segmenter = Segmenter(vocab)
    assert segmenter.sample(text, seed=seed) == segmenter.sample(text, seed=seed)


def test_without_a_seed_samples_vary():
    segmenter = Segmenter({"天下": 1, "天": 1, "下": 1})
    assert len({tuple(segmenter.sample("天下" * 10, alpha=0)) for _ in range(20)}) > 1


def test_samples_of_a_long_text_do_not_overflow():
    segmenter = Segmenter({"天下": 5, "天": 2, "下": 1})
    for alpha in (0, 1, 50, 1e6):
        assert "".join(segmenter.sample("天下" * 3000, alpha=alpha, seed=0)) == "天下" * 3000
    assert segmenter.sample("天下" * 3000, alpha=1e6, seed=0) == segmenter.segment("天下" * 3000)


@pytest.mark.parametrize("alpha", [-1, float("inf"), float("nan"), "x", None])
def test_an_alpha_out_of_range_is_refused(alpha):
    with pytest.raises(ParameterError, match="alpha"):
        Segmenter({"天": 1}).sample("天", alpha=alpha)


@pytest.mark.parametrize("vocab", [{}, {"海": 1}])
def test_unseen_text_falls_into_its_units(vocab):
    segmenter = Segmenter(vocab)
    assert segmenter.segment("天 abc，12.5%e\u0301😀") == ["天", " ", "abc", "，", "12.5%", "e\u0301", "😀"]
    assert segmenter.score("天，") == pytest.approx(-2 * np.log(2 * max(1, sum(vocab.values()))))


@pytest.mark.parametrize("vocab", [{}, {"天": 1}])
def test_an_empty_text_has_no_words(vocab):
    segmenter = Segmenter(vocab)
    assert segmenter.segment("") == segmenter.sample("") == []
    assert segmenter.spans("").shape == (0, 2)
    assert segmenter.spaced("") == ""
    assert segmenter.score("") == 0


def test_words_may_hold_spaces_punctuation_and_letters():
    vocab = {"New York": 3, "AT&T": 2, "C++": 2, "卡拉OK": 4, "3.5%": 1, "……": 5}
    text = "在New York的AT&T用C++和卡拉OK……涨3.5%"
    words = ["在", "New York", "的", "AT&T", "用", "C++", "和", "卡拉OK", "……", "涨", "3.5%"]
    assert Segmenter(vocab).segment(text) == words
    # The word "New York" does not end inside the run "Yorks".
    assert Segmenter(vocab).segment("New Yorks") == ["New", " ", "Yorks"]
    assert Segmenter(vocab, units="char").segment("New Yorks") == ["New York", "s"]


def test_words_of_the_vocabulary_are_shared():
    segmenter = Segmenter({"天下": 1})
    first, second = segmenter.segment("天下天下")
    assert first is second is segmenter.segment("大天下")[1]


def test_a_segmenter_keeps_its_vocabulary():
    assert Segmenter({"天": 3}).vocab == Vocab({"天": 3})
    vocab = Vocab({"天": 3})
    assert Segmenter(vocab).vocab is vocab


@pytest.mark.parametrize("vocab", ["天下", b"a", ["天下"], None])
def test_what_is_no_mapping_is_refused(vocab):
    with pytest.raises(ParameterError, match="mapping"):
        Segmenter(vocab)


def test_text_longer_than_a_window_is_cut_as_its_lines_are():
    chosen = random.Random(2)
    vocab = {"天下": 90, "下大": 70, "大势": 50, "天": 31, "势": 17, "大势天": 11}
    segmenter = Segmenter(vocab)
    lines = ["".join(chosen.choices("天下大势，", k=9)) for _ in range(9_000)]
    text = "\n".join(lines)
    assert len(text) > 1 << 16
    words = [segmenter.segment(line) for line in lines]
    assert segmenter.spaced(text) == "\n".join(map(" ".join, words))
    assert segmenter.score(text.replace("\n", "")) <= 0


@pytest.mark.parametrize("window", [2, 5, 8, 16])
@given(st.lists(st.sampled_from(["天", "下", "abc", "12.5%", "e\u0301", "，"]), max_size=30), vocabs("天下abc，"))
@settings(max_examples=25)
def test_windows_that_end_inside_units_change_nothing(window, pieces, vocab):
    segmenter, text = Segmenter(vocab), "".join(pieces)
    words, score = segmenter.segment(text), segmenter.score(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(minent.lattice, "_WINDOW", window)
        patch.setattr(minent.lattice, "LONGEST_STEP", max([1, *(len(piece) for piece, _ in naive.atoms(text))]))
        again = segmenter.segment(text)
        assert segmenter.score(text) == pytest.approx(score)
    assert naive.information(again, vocab) == pytest.approx(naive.information(words, vocab))


def test_runs_far_from_the_beginning_are_cut_alike():
    segmenter = Segmenter({"天下": 1})
    assert segmenter.segment("天下" * 100 + "abc") == ["天下"] * 100 + ["abc"]
    assert segmenter.sample("天下" * 100 + "abc", alpha=1e6, seed=0) == ["天下"] * 100 + ["abc"]


@pytest.mark.parametrize("alpha", [1e6, 1e300])
def test_a_huge_alpha_draws_the_best(alpha):
    segmenter = Segmenter({"天下": 3, "天": 1, "下": 1})
    assert all(segmenter.sample("天下天下", alpha=alpha, seed=seed) == ["天下", "天下"] for seed in range(9))


def test_counts_may_be_as_large_as_a_vocabulary_allows():
    assert Segmenter({"天": 2**62, "下": 2**62}).score("天下") == pytest.approx(-2 * np.log(2))


@pytest.mark.parametrize("text", [None, b"abc", ["天下"]])
def test_only_str_is_segmented(text):
    with pytest.raises(ParameterError, match="takes a str"):
        Segmenter({"天下": 3}).segment(text)


def test_one_str_is_not_taken_for_many_texts():
    with pytest.raises(ParameterError, match="put it into a list"):
        list(Segmenter({"天下": 3}).segment_many("天下"))
    with pytest.raises(ParameterError, match="not NoneType"):
        list(Segmenter({"天下": 3}).segment_many(["天下", None]))


LEARNED = chinese(300, seed=4)


def numbered(lines, seed):
    """Lines with numbers here and there, 年 or 月 after some."""
    chosen = random.Random(seed)
    return [
        chosen.choice(["", f"{chosen.randint(1, 2000)}年", f"{chosen.random():.1f}%", "7月"]) + line for line in lines
    ]


@pytest.mark.parametrize("texts", [chinese(300, seed=4), numbered(chinese(300, seed=4), 1)])
def test_a_segmenter_that_learned_cuts_its_corpus_as_autonomy_does(texts):
    corpus = Corpus.from_texts(texts)
    one = as_one(corpus)
    found = autonomy(one, count_ngrams(one, max_order=6, min_count=2, branching=True))
    step = found.cuts(one.ids)
    units = [corpus.units[i] for i in corpus.ids]
    expected = ["".join(units[i : i + step[i]]) for i in np.flatnonzero(step)]
    segmenter = Segmenter.learn(texts)
    assert [w for words in segmenter.segment_many(texts) for w in words if w not in "，%"] == expected
    assert "".join(segmenter.segment("新的text，天下!")) == "新的text，天下!"


def test_all_numbers_are_one_to_a_segmenter_that_learned():
    texts = numbered(LEARNED, 2)
    segmenter = Segmenter.learn(texts, user_words=["90后"], force=["8天"], keep=["dates"])
    text = "天1999年天，80后天，0.5后2024年3月11日天8天"
    words = segmenter.segment(text)
    assert "".join(words) == text
    assert {"1999年", "80后", "0.5后", "2024年3月11日", "8天"} <= set(words)
    assert [text[a:b] for a, b in segmenter.spans(text)] == words
    assert "".join(segmenter.sample(text, seed=1)) == text
    assert segmenter.segment(text * 3000) == [*words, *segmenter.segment(text * 2999)]
    assert (
        segmenter.spaced(text, separator="/")
        == "/".join(words)
        == "".join(segmenter.spaced_stream(list(text), separator="/"))
    )


def test_numbers_side_by_side_are_not_taken_for_one_alone():
    texts = [f"{n}月{word}" for n in range(1, 9) for word in ("来了", "看见", "天下", "走吧", "大势")]
    assert Segmenter.learn([*texts, *["5%9月见"] * 4]).score("4") == Segmenter.learn(texts).score("4")


def test_nothing_can_be_learned_from_nothing():
    with pytest.raises(InputError, match="no letters"):
        Segmenter.learn(["。"])


known_words = st.sets(st.text("天下大势分合", min_size=1, max_size=7), max_size=3)


@given(st.text("天下大势分合，a1.", max_size=20), known_words, known_words, known_words)
@settings(max_examples=15, deadline=None)
def test_a_segmenter_that_learned_takes_what_is_known(text, user_words, force, forbid):
    segmenter = Segmenter.learn(LEARNED, user_words=user_words, force=force - forbid, forbid=forbid, keep=["numbers"])
    assert "".join(segmenter.segment(text)) == text
    assert not {word for word in forbid if len(word) > 1} & set(segmenter.segment(text))
    for word in user_words - forbid:
        assert force or segmenter.segment(word) == [word]
    for word in force - forbid:
        assert word in segmenter.segment(f"，{word}，") or any(word.startswith(other) for other in force - {word})


def test_known_words_change_nothing_elsewhere():
    plain, known = Segmenter.learn(LEARNED), Segmenter.learn(LEARNED, user_words=["龙凤呈祥"], forbid=["龙"])
    assert list(known.segment_many(LEARNED)) == list(plain.segment_many(LEARNED))
    assert known.segment("龙凤呈祥龙凤") == ["龙凤呈祥", "龙", "凤"]
    assert "龙凤呈祥" in known.vocab


@given(nasty_texts, st.sampled_from(["run", "char"]))
def test_a_number_is_one_0_in_what_is_seen(text, units):
    expected = [
        "0" if units == "run" and is_unit and piece[0].isdecimal() else piece
        for piece, is_unit in naive.atoms(text, units)
    ]
    assert words_as_one([text, "", text], units) == ["".join(expected), "", "".join(expected)]
