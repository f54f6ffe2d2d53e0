import math
import random
import subprocess
import sys
from collections import Counter
from dataclasses import FrozenInstanceError, asdict

import naive
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from minent.errors import DecodeError, MismatchError, ParameterError
from minent.evaluation import evaluate, evaluate_vocab, untag


def cut(text, cuts):
    """Cut before each character whose flag is set."""
    words = []
    for char, new in zip(text, cuts, strict=True):
        if new or not words:
            words.append("")
        words[-1] += char
    return words


@st.composite
def lines(draw):
    """One line's text segmented twice."""
    text = draw(st.text("的一是了𠮷　a", max_size=12))
    cuts = st.lists(st.booleans(), min_size=len(text), max_size=len(text))
    return cut(text, draw(cuts)), cut(text, draw(cuts))


corpora = st.lists(lines(), max_size=6).map(lambda pairs: ([g for g, _ in pairs], [p for _, p in pairs]))
word_lists = st.sets(st.text("的一是了𠮷　a", min_size=1, max_size=3))


@given(corpora, word_lists)
def test_counts_agree_with_the_naive_twin(corpus, training):
    counts = asdict(evaluate(*corpus, training_words=training))
    assert counts.pop("lines") == len(corpus[0])
    assert counts.pop("chars") == sum(len("".join(line)) for line in corpus[0])
    assert Counter(counts) == naive.compare_segmentations(*corpus, training)


@given(corpora)
def test_lines_of_text_and_lists_of_words_give_the_same(corpus):
    joined = [["  ".join(line) + "\r\n" for line in side] for side in corpus]
    assert evaluate(*joined) == evaluate(*corpus)


@given(corpora)
def test_swapping_the_sides_swaps_precision_and_recall(corpus):
    there, back = evaluate(*corpus), evaluate(*corpus[::-1])
    assert (there.precision, there.recall, there.f1) == (back.recall, back.precision, back.f1)
    assert there.boundary_precision == back.boundary_recall


@given(corpora, word_lists)
def test_recall_is_the_mean_of_oov_and_iv_recall_weighted_by_the_oov_rate(corpus, training):
    result = evaluate(*corpus, training_words=training)
    if result.oov_words and result.iv_words:
        mean = result.oov_rate * result.oov_recall + (1 - result.oov_rate) * result.iv_recall
        assert mean == pytest.approx(result.recall)


def test_f1_is_the_harmonic_mean_of_precision_and_recall():
    result = evaluate(["我 喜欢 动物 园"], ["我 喜 欢 动物 园"])
    p, r = result.precision, result.recall
    assert (p, r) == (3 / 5, 3 / 4)
    assert result.f1 == pytest.approx(2 * p * r / (p + r))
    p, r = result.boundary_precision, result.boundary_recall
    assert (p, r) == (3 / 4, 1)
    assert result.boundary_f1 == pytest.approx(2 * p * r / (p + r))


GOLD = """\
今天  的  天气  真  好  ，  我们  去  动物园  吧  。
南京市  长江  大桥  全长  四千五百八十九  米  。
结婚  的  和  尚未  结婚  的  都  来  了
他  说  的  确实  在理
"""
PREDICTED = """\
今天  的  天气  真好  ，  我们  去  动物  园  吧  。
南京  市长  江  大桥  全长  四千  五百八十九  米  。
结婚  的  和尚  未  结婚  的  都  来了
他  说  的确  实在  理
"""
TRAINING = "的 天气 我们 去 。 ， 大桥 米 结婚 和 都 来 了 他 说 在理 好"


def test_counts_are_those_of_sighans_score_program():
    result = evaluate(GOLD.splitlines(), PREDICTED.splitlines(), training_words=TRAINING.split())
    # What the scoring of the bakeoff's own Perl program counts on these two files.
    assert (result.gold_words, result.predicted_words, result.correct_words) == (32, 33, 19)
    assert (result.oov_words, result.oov_words - result.correct_oov_words) == (10, 7)
    assert (result.iv_words, result.iv_words - result.correct_iv_words) == (22, 6)
    assert (result.oov_rate, result.oov_recall, result.iv_recall) == (10 / 32, 3 / 10, 16 / 22)


def test_a_word_is_correct_only_at_its_own_place():
    assert evaluate(["a ba"], ["ab a"]).correct_words == 0


def test_begin_and_end_of_a_line_are_no_boundaries():
    result = evaluate(["中国", "人"], ["中国", "人"])
    assert (result.gold_boundaries, result.predicted_boundaries, result.correct_boundaries) == (0, 0, 0)
    assert result.boundary_f1 == 0.0


def test_nothing_scores_zero_and_its_oov_measures_are_nan():
    for result in (evaluate([], []), evaluate([""], [[]]), evaluate([], [], training_words=["我"])):
        assert (result.precision, result.recall, result.f1, result.boundary_f1) == (0, 0, 0, 0)
        assert math.isnan(result.oov_rate)


def test_without_training_words_oov_measures_are_nan():
    result = evaluate(["我 来"], ["我 来"])
    assert all(map(math.isnan, (result.oov_rate, result.oov_recall, result.iv_recall)))


def test_an_empty_training_list_makes_every_word_oov():
    result = evaluate(["我 来"], ["我 来"], training_words=[])
    assert (result.oov_rate, result.oov_recall) == (1, 1)
    assert math.isnan(result.iv_recall)


def test_only_space_tab_and_line_ends_separate_words():
    result = evaluate(["\t李　明 \u00a0 来\u2028了\r\n"], [["李　明", "\u00a0", "来\u2028了"]])
    assert (result.correct_words, result.f1, result.chars) == (3, 1, 7)


def test_empty_words_in_a_list_count_for_nothing():
    assert evaluate([["", "我", "", "来"]], ["我 来"]) == evaluate(["我 来"], ["我 来"])


def test_inputs_are_read_in_lockstep():
    taken = []

    def side(name):
        for _ in range(3):
            taken.append(name)
            yield "我 来"

    evaluate(side("gold"), side("predicted"))
    assert taken == ["gold", "predicted"] * 3


def test_result_is_frozen():
    with pytest.raises(FrozenInstanceError):
        evaluate([], []).lines = 3


@pytest.mark.parametrize(
    "gold, predicted, message",
    [
        (
            ["我", "中  国人"],
            ["我", "中国 入"],
            "line 2, column 3: gold has '人' (U+4EBA), predicted has '入' (U+5165)",
        ),
        (["𠮷 野家"], ["𠮷 野"], "line 1, column 3: gold has '家' (U+5BB6), predicted has the line's end"),
        ([""], ["　"], "line 1, column 1: gold has the line's end, predicted has '\\u3000' (U+3000)"),
        (["我", "你"], ["我"], "line 2: predicted has ended, gold goes on"),
        ([], [""], "line 1: gold has ended, predicted goes on"),
    ],
)
def test_other_text_is_refused_with_its_place(gold, predicted, message):
    with pytest.raises(MismatchError) as caught:
        evaluate(gold, predicted)
    assert str(caught.value) == message


@given(corpora, st.data())
def test_a_changed_character_is_found_where_it_is(corpus, data):
    gold, predicted = corpus
    places = [(i, j, k) for i, line in enumerate(gold) for j, word in enumerate(line) for k in range(len(word))]
    if not places:
        return
    i, j, k = data.draw(st.sampled_from(places))
    column = len("".join(gold[i][:j])) + k + 1
    gold[i][j] = gold[i][j][:k] + "別" + gold[i][j][k + 1 :]
    with pytest.raises(MismatchError, match=rf"^line {i + 1}, column {column}: gold has '別'"):
        evaluate(gold, predicted)


@pytest.mark.parametrize("name", ["gold", "predicted", "training_words"])
def test_one_str_is_not_taken_for_a_list_of_characters(name):
    arguments = {"gold": ["我"], "predicted": ["我"], "training_words": ["我"]} | {name: "我"}
    with pytest.raises(ParameterError, match=f"{name} must be a sequence, not one str"):
        evaluate(**arguments)


@pytest.mark.parametrize(
    "line, words",
    [
        ("[中央/n  人民/n  广播/vn  电台/n]nt  播出/v", "中央 人民 广播 电台 播出"),
        ("[中国/ns 队/n]/nt", "中国 队"),
        ("[[北京/ns 大学/n]nt 出版社/n]nt", "北京 大学 出版社"),
        ("1/2/m  //w  [/w  ]/w  [[/w", "1/2 / [ ] ["),
        ("km/h/q  没有  /", "km/h 没有 /"),
        ("　/w", "　"),
        ("", ""),
    ],
)
def test_tags_and_compound_brackets_are_taken_off(line, words):
    assert untag(line) == [word for word in words.split(" ") if word]


@given(st.dictionaries(st.text("的一a", min_size=1, max_size=3), st.integers(0, 9)), st.lists(st.text("的一a")))
def test_word_list_measures_agree_with_their_definitions(gold, ranked):
    def takes_part(word):
        return len(word) > 1 and "a" not in word

    kept = [word for i, word in enumerate(ranked) if takes_part(word) and word not in ranked[:i]]
    frequent = [word for word in gold if takes_part(word) and gold[word] >= 5]
    result = evaluate_vocab(ranked, gold, at=[1, 2, 3])
    assert (result.words, result.gold_words) == (len(kept), len(frequent))
    assert result.correct_words == len([word for word in kept if gold.get(word, 0) > 0])
    assert result.found_words == len([word for word in frequent if word in kept])
    for k, precision in result.precision_at.items():
        if k > len(kept):
            assert math.isnan(precision)
        else:
            assert precision == len([word for word in kept[:k] if gold.get(word, 0) > 0]) / k


def test_only_han_words_of_two_characters_or_more_are_compared():
    words = ["𠮷野家", "二〇〇八", "人々", "㐀㐁", "我", "T恤", "abc", "１２", "。。", "ひと"]
    result = evaluate_vocab(words, Counter(words), min_count=1)
    assert (result.words, result.gold_words) == (4, 4)
    assert result.precision == result.recall == 1


def test_an_empty_word_list_scores_zero():
    result = evaluate_vocab([], {})
    assert (result.precision, result.recall) == (0, 0)
    assert all(map(math.isnan, result.precision_at.values()))


@pytest.mark.parametrize("arguments", [{"at": [0]}, {"min_count": 0}, {"vocab_words": "我们"}])
def test_word_list_parameters_out_of_range_are_refused(arguments):
    with pytest.raises(ParameterError):
        evaluate_vocab(**{"vocab_words": ["我们"], "gold_counts": {"我们": 3}} | arguments)


def test_evaluation_needs_neither_numpy_nor_numba():
    code = "import minent, sys; old = {*sys.modules}; import minent.evaluation; print({*sys.modules} - old)"
    new = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "numpy" not in new
    assert "numba" not in new


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run ``minent evaluate`` in a folder of its own; files are given as name=content."""
    from minent_cli.evaluate import evaluate as command

    def run(*arguments, stdin=None, **files):
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode()
            tmp_path.joinpath(name).write_bytes(data)
        return CliRunner().invoke(command, arguments, input=stdin)

    monkeypatch.chdir(tmp_path)
    return run


def table(result):
    assert result.exception is None, result.exception
    return {name.strip(): value.strip() for name, value in (row.split("\t") for row in result.stdout.splitlines())}


def test_command_prints_the_measures_of_two_files(run):
    printed = table(run("g", "p", "--training-words", "t", g=GOLD, p=PREDICTED, t=TRAINING.replace(" ", "\r\n")))
    expected = evaluate(GOLD.splitlines(), PREDICTED.splitlines(), training_words=TRAINING.split())
    assert {name: float(value) for name, value in printed.items()} == {
        name: pytest.approx(getattr(expected, name), abs=5e-5) for name in printed
    }
    assert {"f1", "boundary_f1", "oov_recall"} <= set(printed)


def test_command_leaves_out_oov_without_training_words_and_shows_shares_of_nothing_as_dashes(run):
    assert not any("oov" in name for name in table(run("g", "g", g="我 来\n")))
    printed = table(run("g", "g", "--training-words", "t", g="我 来\n", t="我\n来\n"))
    assert (printed["oov_recall"], printed["iv_recall"]) == ("--", "1.0000")


def test_command_reads_training_words_from_the_first_field_and_skips_the_header(run):
    files = {"g": "word 我们 来 了\n", "t": "word\tcount\n我们\t3\n来 5 v\n\n"}
    printed = table(run("g", "g", "--training-words", "t", **files))
    assert printed["oov_words"] == "2"


def test_command_takes_one_file_from_standard_input(run):
    for arguments in (("-", "f"), ("f", "-")):
        assert table(run(*arguments, f="我 来\n", stdin="我 来\n"))["f1"] == "1.0000"
    assert run("-", "-", stdin="我").exit_code == 2


def test_command_does_not_mind_byte_order_mark_line_ends_or_a_missing_last_line_end(run):
    printed = table(run("g", "p", g="\ufeff我 来\r\n\r\n了".encode(), p="我 来\n\n了\n"))
    assert (printed["lines"], printed["chars"], printed["f1"]) == ("3", "3", "1.0000")


def test_command_reads_other_encodings(run):
    gold = "我 来\n".encode("gb18030")
    assert table(run("g", "g", "--encoding", "gb18030", g=gold))["f1"] == "1.0000"
    error = run("g", "g", g=gold).exception
    assert isinstance(error, DecodeError)
    assert str(error).startswith("g: byte 0 is not valid UTF-8; if the file is GBK")


def test_command_takes_tags_off_the_gold_file(run):
    assert table(run("g", "p", "--tagged", g="[中央/n 电视台/n]nt\n", p="中央 电视台\n"))["f1"] == "1.0000"


def test_command_names_the_files_that_differ(run):
    error = run("g", "p", g="我 来\n他 去\n", p="我 来\n他 云\n").exception
    assert isinstance(error, MismatchError)
    assert str(error) == "g and p differ at line 2, column 2: gold has '去' (U+53BB), predicted has '云' (U+4E91)"
    error = run("-", "p", p="我\n他\n", stdin="我\n").exception
    assert str(error) == "standard input and p differ at line 2: gold has ended, predicted goes on"


def test_command_reads_files_longer_than_a_block(run):
    chosen = random.Random(0)
    gold = "".join("中国 人民 " * chosen.randrange(1, 40) + "\n" for _ in range(9000))
    printed = table(run("g", "p", g=gold, p=gold.replace("中国 ", "中国")))
    assert len(gold.encode()) > 2 << 20
    assert (printed["lines"], printed["correct_words"]) == ("9000", "0")


def test_help_shows_an_example(run):
    assert "\n    minent evaluate " in run("--help").stdout
