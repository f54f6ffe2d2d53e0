"""Numbers, dates, Latin and forced words stay whole, as the plain twin has it."""

import itertools

import naive
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from minent.errors import ParameterError
from minent.segmenter import Segmenter
from minent.wholes import KEPT

CHARS = "12３年月日号时点點半刻分秒代之几数一二三十百万,，.．%％:：-/ 天aBé'&@#+_wh?)!\n"
SNIPPETS = [
    *("2024年", "３月", "11日", "90年代", "三分之一", "百分之", "http://", "www.", "C++", "C#", "AT&T", "iPhone 15"),
    *("1,234", "1,234.5", "20:30", "2024-03-11", "2024/3/11", "me@mail.cn", "三点五", "一点", "十分", "数十", "万"),
    *("3点半", "三点一刻", "8时三刻", "一时半"),
]
texts = st.lists(st.sampled_from(SNIPPETS) | st.text(CHARS, min_size=1, max_size=3), max_size=6).map("".join)
kept = st.sets(st.sampled_from(KEPT))


@given(texts, kept, st.sampled_from(["run", "char"]))
@settings(max_examples=400)
@example("2024年３月11日", {"dates"}, "run")
@example("www.a.cn/b?c=1。", {"latin"}, "run")
@example("三点五五分", {"numbers"}, "run")
def test_what_is_kept_is_what_the_plain_twin_keeps(text, keep, units):
    segmenter = Segmenter({}, keep=keep, units=units)
    assert segmenter.segment(text) == naive.wholes(text, keep, units)


@given(texts, kept, st.sets(st.text("天12年a", min_size=1, max_size=3), max_size=3))
def test_the_words_joined_are_the_text(text, keep, force):
    segmenter = Segmenter({"天": 3, "12": 1}, keep=keep, force=force)
    assert "".join(segmenter.segment(text)) == text
    assert "".join(segmenter.sample(text, seed=1)) == text
    assert segmenter.spaced(text, separator="") == text


@pytest.mark.parametrize(
    "keep, words",
    [
        ("numbers", "一共 1,234.5 元 ， 涨 ３０万 ， 二十一 个 ， 50% ， 百分之五 ， 三分之一 ， 三点五 倍 ， 数十 人"),
        ("dates", "于 2024年３月11日20时 到 ， 2024-03-11 、 20:30 、 90年代 、 二〇二四年三月 、 ３点20分 了"),
        ("dates", "3点半 到 ， 三点一刻 走 ， ８点三刻 、 十二點半 、 9时半 、 3月5日两点半 见"),
        (
            "latin",
            "看 https://a.cn/b?c=d 。 me@mail.cn 用 C++ 和 C# ， AT&T 的 iPhone 15 好 ， 3D 与 TCP/IP 、 node.js",
        ),
    ],
)
def test_this_stays_whole(keep, words):
    expected = words.replace("iPhone 15", "iPhone\t15").split(" ")
    expected = [word.replace("\t", " ") for word in expected]
    vocab = dict.fromkeys(["一共", "好", "20", "AT", "node", "分之"], 5)
    assert Segmenter(vocab, keep=[keep]).segment("".join(expected)) == expected


@pytest.mark.parametrize(
    "text", ["一点半途", "两点一线", "三点", "一点半点", "一时半会", "一时三刻", "四点二刻", "半点", "一点一点"]
)
def test_what_only_looks_like_a_time_is_cut_as_ever(text):
    assert Segmenter({}, keep=["dates"]).segment(text) == list(text)


def test_a_word_may_be_longer_than_what_is_kept_but_never_cuts_it():
    segmenter = Segmenter({"二十一世纪": 9, "十一世": 99, "世纪": 5, "第二十": 50}, keep=["numbers"])
    assert segmenter.segment("二十一世纪") == ["二十一世纪"]
    assert segmenter.segment("第二十一") == ["第", "二十一"]


@pytest.mark.parametrize("text", ["1" * 300, "a.b" * 100, "http://a.cn/" + "b" * 300, "一" * 300, "1,234" * 60])
def test_what_is_endless_is_cut(text):
    words = Segmenter({}, keep=KEPT).segment(text)
    assert "".join(words) == text
    assert max(map(len, words)) <= 120


# Forced words


def force_naive(text, forced):
    """Leftmost, longest."""
    out, i, plain = [], 0, ""
    while i < len(text):
        found = max((word for word in forced if text.startswith(word, i)), key=len, default="")
        if found:
            out += [(plain, False), (found, True)]
            plain = ""
            i += len(found)
        else:
            plain += text[i]
            i += 1
    return [item for item in [*out, (plain, False)] if item[0]]


@given(st.text("天下大势", max_size=12), st.sets(st.text("天下大势", min_size=1, max_size=3), max_size=3))
def test_forced_words_stand_alone_and_all_else_is_cut_as_between_line_ends(text, forced):
    vocab = {"天下": 5, "下大": 9, "大势": 3, "天下大势": 7, "势": 2}
    plain, segmenter = Segmenter(vocab), Segmenter(vocab, force=forced)
    parts = force_naive(text, forced)
    expected = itertools.chain.from_iterable([part] if whole else plain.segment(part) for part, whole in parts)
    assert segmenter.segment(text) == list(expected)


def test_a_forced_word_cuts_no_run_but_may_hold_some():
    segmenter = Segmenter({"我": 1}, force=["Phone", "iPhone 15", "卡拉OK"], keep=["latin"])
    assert segmenter.segment("我Phones卡拉OK，卡拉OKAY") == ["我", "Phones", "卡拉OK", "，", "卡", "拉", "OKAY"]
    assert segmenter.segment("iPhone 15 Phone") == ["iPhone 15", " ", "Phone"]


@pytest.mark.parametrize("word", ["", "天" * 121, "天\n下", 5])
def test_what_cannot_be_forced_is_refused(word):
    with pytest.raises(ParameterError):
        Segmenter({"天": 1}, force=[word])


@pytest.mark.parametrize("keep", ["words", ["numbers", "urls"], True, None])
def test_what_cannot_be_kept_is_refused(keep):
    with pytest.raises(ParameterError, match="keep takes numbers, dates, latin, not"):
        Segmenter({"天": 1}, keep=keep)


def test_a_word_is_not_both_forced_and_forbidden():
    with pytest.raises(ParameterError, match="both forced and forbidden"):
        Segmenter({"天": 1}, force=["天下"], forbid=["天下"])
