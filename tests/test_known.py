"""A user's words: jieba's files are read, and a word without a count is preferred to its parts."""

import naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from minent.errors import DecodeError, FormatError, InputError, ParameterError
from minent.known import merge_words, read_words
from minent.segmenter import Segmenter
from minent.vocab import Vocab

BASE = Vocab({"云": 20, "计算": 300, "平台": 80, "云计": 9}, {"x": [1, 2, 3, 4]})


def written(tmp_path, text):
    path = tmp_path / "user.txt"
    path.write_bytes(text.encode())
    return path


def test_lines_are_a_word_perhaps_a_count_and_perhaps_a_tag(tmp_path):
    lines = ["云计算 5", "李小福 2 nr", "创新办 3 i", "easy_install 3 eng", "好用 300", "韩玉赏鉴 nz", "八一双鹿 3 nz"]
    lines += [
        "台中",
        "",
        "凱特琳 nz",
        "Edu Trust认证 2000",
        "New York",
        "C++",
        "iPhone 15 7 n",
        "甲\t3\tn",
        "Ａ 0",
        "  乙  ",
    ]
    expected = {
        **{"云计算": 5, "李小福": 2, "创新办": 3, "easy_install": 3, "好用": 300, "韩玉赏鉴": None, "八一双鹿": 3},
        **{"台中": None, "凱特琳": None, "Edu Trust认证": 2000, "New York": None, "C++": None, "iPhone 15": 7},
        **{"甲": 3, "Ａ": 0, "乙": None},
    }
    assert read_words(written(tmp_path, "\ufeff" + "\r\n".join(lines))) == expected


def test_a_saved_vocabulary_is_a_dictionary_too(tmp_path):
    for form in ({"format": "tsv"}, {"format": "jieba"}, {"format": "jsonl"}, {"compiled": True}):
        BASE.save(tmp_path / "a", **form)
        assert read_words(tmp_path / "a") == dict(BASE)


def test_a_count_too_large_is_part_of_the_word(tmp_path):
    path = written(tmp_path, "天下\n大势 " + "9" * 400 + " n\n")
    assert list(read_words(path).values()) == [None, None]


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    (tmp_path / "gbk").write_bytes("天下".encode("gbk"))
    with pytest.raises(DecodeError, match="gbk: byte 0"):
        read_words(tmp_path / "gbk")
    with pytest.raises(InputError, match="no: cannot be opened"):
        read_words(tmp_path / "no")


vocabs = st.dictionaries(st.text("天下大a", min_size=1, max_size=3), st.integers(1, 1000), max_size=8)


@given(vocabs, st.sets(st.text("天下大a", min_size=1, max_size=5), max_size=5), st.sampled_from(["run", "char"]))
@settings(max_examples=200)
def test_a_word_without_a_count_stays_whole_when_it_stands_alone(counts, words, units):
    segmenter = Segmenter(counts, user_words=words, units=units)
    for word in words:
        assert segmenter.segment(word) == [word]


@given(vocabs, st.text("天下大", min_size=2, max_size=5))
@settings(max_examples=100)
def test_its_count_is_the_least_that_does(counts, word):
    counts.pop(word, None)
    count = merge_words(Vocab(counts), [word])[word]
    total = max(1, sum(counts.values()))
    parts = [cut for cut in naive.segmentations(list(word), counts) if len(cut) > 1]
    share = max(naive.math.exp(sum(naive.math.log(counts.get(part, 0.5) / total) for part in cut)) for cut in parts)
    assert (count - 1) / total <= share * (1 + 1e-9)
    assert count / total > share


def test_counts_replace_words_are_added_and_nought_forbids():
    merged = merge_words(BASE, {"云": 7, "云端": 4, "计算": 0, "平台": None}, ["云计"])
    assert dict(merged) == {"云": 7, "平台": 80, "云端": 4}
    assert list(merged.scores) == []
    assert dict(merge_words(BASE, [])) == dict(BASE)


def test_a_long_new_word_is_preferred_to_a_short_new_one():
    segmenter = Segmenter(BASE, user_words=["云计算平台", "云计算", "计算平台"])
    assert segmenter.segment("云计算平台，云计算，计算平台") == ["云计算平台", "，", "云计算", "，", "计算平台"]


def test_a_forbidden_word_never_comes_out():
    segmenter = Segmenter(BASE, forbid=["计算", "云", "不在"])
    assert segmenter.segment("云计算平台") == ["云计", "算", "平台"]
    assert segmenter.segment("云") == ["云"]  # a single unit that nothing else covers
    assert "计算" not in segmenter.vocab


def test_words_come_from_files_as_well(tmp_path):
    path = written(tmp_path, "云计算\n计算 0\n")
    assert Segmenter(BASE, user_words=path).segment("云计算平台") == ["云计算", "平台"]
    BASE.save(tmp_path / "v.mnt", compiled=True)
    plain = written(tmp_path, "iPhone 15\n计算\n云 计\n")
    assert Segmenter(BASE, force=str(plain)).segment("iPhone 15云 计算") == ["iPhone 15", "云 计", "算"]
    assert Segmenter.load(tmp_path / "v.mnt", forbid=plain).segment("计算平台") == ["计", "算", "平台"]


def test_a_word_cannot_be_forced_and_forbidden_by_a_count_of_nought():
    with pytest.raises(ParameterError, match="both forced and forbidden"):
        Segmenter(BASE, user_words={"天下": 0}, force=["天下"])


@pytest.mark.parametrize("words", [{"": 1}, {"a": -1}, {"a": 1.5}, {"a": True}, [3], {"a": "5"}])
def test_what_is_no_list_of_words_is_refused(words):
    with pytest.raises(ParameterError):
        Segmenter(BASE, user_words=words)


def test_a_broken_saved_vocabulary_is_told_with_its_line(tmp_path):
    with pytest.raises(FormatError, match=r"user\.txt:2: the count"):
        read_words(written(tmp_path, "word\tcount\n天下\tmany\n"))
