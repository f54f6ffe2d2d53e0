"""The benchmarks compare only what agrees, and report what was measured. No time is asserted."""

import argparse
import hashlib
import io
import json
import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import minent
from minent.autonomy import autonomy
from minent.numerals import as_one

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import (  # noqa: E402
    accuracy,
    charts,
    counting,
    cuts,
    generate,
    granularity,
    peers,
    pieces,
    report,
    runner,
    scaling,
    scoreboard,
    segmentation,
    sighan,
    texts,
)
from benchmarks.registry import Comparison, Options, comparisons, differences  # noqa: E402
from benchmarks.sizes import parse_size  # noqa: E402

MODULE = """
from pathlib import Path
from benchmarks.registry import Comparison

sums = Comparison("sums", "Sums", "Of numbers.", cases=lambda options: {"few": {"n": 3}}, amount=lambda case: case["n"])

def says(name, **result):
    def prepare(case):
        def run():
            print("noise")
            if "log" in case:
                with open(case["log"], "a") as log:
                    log.write(name)
            return result
        return run
    return prepare

sums.contender("a")(says("a", total=6, _inner=1))
sums.contender("b")(says("b", _inner=1, total=6))
sums.contender("inner")(says("i", total=6, _inner=2))
sums.contender("wrong")(says("w", total=7, _inner=1))
sums.contender("other", differs="rounds")(says("o", total=10))
sums.contender("absent", requires=["no-such-distribution"], commands=["no-such-program"])(says("x"))

@sums.contender("broken")
def broken(case):
    return lambda: 1 / 0
"""


@pytest.fixture
def measure(tmp_path, monkeypatch):
    """Measure some contenders of the comparison above."""
    (tmp_path / "made_up_comparisons.py").write_text(MODULE, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(tmp_path)
    module, comparison = comparisons(["made_up_comparisons"])["sums"]

    def run(*only, case=None, **options):
        measured = runner.measure(module, comparison, case or {"n": 3}, only=only, **options)
        return measured, {record["name"]: record for record in measured["contenders"]}

    yield run
    del sys.modules["made_up_comparisons"]


def test_contenders_that_agree_are_timed(measure):
    measured, records = measure("b", rounds=2)
    assert measured["problems"] == []
    assert [len(record["runs"]) for record in records.values()] == [2, 2]
    assert all(run["memory"] > 1e6 and run["wall"] >= 0 for record in records.values() for run in record["runs"])
    assert records["b"]["summary"] == {"total": 6, "_inner": 1}


def test_contenders_take_turns_back_and_forth(measure, tmp_path):
    measure("b", "other", case={"n": 3, "log": str(tmp_path / "log")}, rounds=3)
    assert (tmp_path / "log").read_text() == "abo" + "abo" + "oba" + "abo"


@pytest.mark.parametrize("name, key", [("wrong", "total"), ("inner", "_inner")])
def test_nobody_is_timed_where_contenders_disagree(measure, name, key):
    measured, records = measure("b", name)
    assert [record["runs"] for record in records.values()] == [[], [], []]
    assert measured["problems"] == [
        f"{name}: {key} is {records[name]['summary'][key]}, a has {records['a']['summary'][key]}"
    ]


def test_nobody_is_timed_where_one_fails(measure):
    measured, records = measure("broken")
    assert measured["problems"] == ["broken: ended with exit code 1, its error is above"]
    assert not records["a"]["runs"]


def test_a_stated_difference_is_no_disagreement(measure):
    measured, records = measure("other", rounds=1)
    assert measured["problems"] == []
    assert len(records["other"]["runs"]) == 1


def test_what_is_not_installed_is_reported(measure):
    measured, records = measure("absent", rounds=1)
    assert measured["problems"] == []
    assert records["absent"]["missing"] == ["no-such-distribution", "no-such-program"]
    assert records["absent"]["runs"] == []


def test_one_that_exceeds_its_budget_is_measured_by_its_first_run(measure):
    measured, records = measure("b", rounds=5, budget=0)
    assert measured["problems"] == []
    assert all(record["runs"] == [record["first"]] for record in records.values())


def test_all_comparisons_start_with_minent_and_name_their_peers():
    for module, comparison in comparisons().values():
        assert module.startswith("benchmarks.")
        first = next(iter(comparison.contenders.values()))
        assert first.name.startswith("minent")
        assert not first.differs
        assert len(comparison.contenders) > 1


def test_the_first_contender_is_the_measure():
    comparison = Comparison("x", "X", "", cases=lambda options: {}, amount=lambda case: 0)
    for name in ("first", "second"):
        comparison.contender(name)(lambda case: dict)
    assert differences(comparison, {"first": {"n": 1}, "second": {"n": 1}}) == []
    assert differences(comparison, {"first": {"n": 1}, "second": {}}) == ["second: n is None, first has 1"]
    assert comparison.cases(Options()) == {}


# The report.


def runs(*cpu):
    return [{"wall": 2 * seconds, "cpu": seconds, "memory": 5_000_000} for seconds in cpu]


def record(name, cpu, **others):
    first = runs(9.0)[0]
    known = {"versions": "", "differs": "", "missing": [], "prepared": {"memory": 1_000_000}, "first": first}
    return {"name": name, "runs": runs(*cpu), "summary": {"total": 6, "_inner": 1}} | known | others


SETTING = {"date": "2000-01-01", "versions": "Python 3", "machine": "abacus"}
PART = {
    "amount": 6_000_000,
    "unit": "beads",
    "problems": [],
    "setting": SETTING,
    "contenders": [
        record("minent", [2.0, 1.0, 4.0], versions="minent 1"),
        record("peer", [4.0, 3.0, 4.0], differs="Slower on purpose."),
        record("gone", [], missing=["gone"]),
    ],
}
SECTION = {"title": "Sums", "note": "Of numbers.", "parts": {"few": PART}}


def test_ratios_are_taken_within_a_round():
    assert report.ratio(runs(4, 3, 4), runs(2, 1, 4), "cpu") == "2.00 (1.00–3.00)"
    assert report.ratio(runs(4), runs(2, 1, 4), "wall") == "2.00"
    assert report.ratio(runs(4), runs(0), "cpu") == "–"


def test_seconds_have_median_least_and_greatest():
    assert report.seconds([2.0, 1.0, 4.0]) == "2.000 (1.000–4.000)"
    assert report.seconds([20.0]) == "20.0"


def test_the_report_says_all_that_was_measured():
    lines = report.render({"sums": SECTION}).splitlines()
    first = "1.00 (1.00–1.00)"
    assert "### few: 6,000,000 beads" in lines
    assert (
        f"| minent (minent 1) | 4.000 (2.000–8.000) | 2.000 (1.000–4.000) | 3.00 | {first} | {first} | 3 | 5 | 1 | 6 |"
        in (lines)
    )
    assert "peer: Slower on purpose." in lines
    assert "gone: not run, gone not installed." in lines
    assert "*2000-01-01. Python 3. abacus.*" in lines
    assert not any("_inner" in line for line in lines)


def test_a_disagreement_takes_the_place_of_the_times():
    part = PART | {"problems": ["peer: total is 7, minent has 6"]}
    text = report.render({"sums": SECTION | {"parts": {"few": part}}})
    assert "| peer: total is 7, minent has 6 |" in text
    assert "wall s" not in text


def test_what_is_not_measured_again_stays(tmp_path):
    report.keep("sums", SECTION, tmp_path)
    report.keep("others", SECTION | {"title": "Others"}, tmp_path)
    report.keep("sums", {"title": "New", "note": "", "parts": {"many": PART}}, tmp_path)
    kept = json.loads((tmp_path / "measurements.json").read_text("utf-8"))
    assert list(kept["sums"]["parts"]) == ["few", "many"]
    assert kept["others"]["title"] == "Others"
    assert (tmp_path / "RESULTS.md").read_text("utf-8") == report.render(kept)


def test_sections_are_reported_in_their_order():
    sections = {name: SECTION | {"title": name} for name in ("unheard of", "lists", "counting")}
    text = report.render(sections)
    assert text == report.render(dict(reversed(sections.items())))
    assert text.index("## counting") < text.index("## lists") < text.index("## unheard of")


def test_the_report_in_the_repository_is_that_of_its_measurements():
    if report.MEASUREMENTS.exists():
        assert report.RESULTS.read_text("utf-8") == report.render(report.load())


@pytest.mark.parametrize(
    "value, shown",
    [(0.5, "0.500"), (float("nan"), "–"), (None, "–"), (1234, "1,234"), ("a|b", "a\\|b"), (True, "True")],
)
def test_cells(value, shown):
    assert report.cell(value) == shown


# The generator.


def generated(size, **options):
    file = io.BytesIO()
    counts = generate.generate(size, file, **options)
    return file.getvalue(), counts


def test_a_generated_corpus_is_the_same_everywhere():
    data, _ = generated(50_000, n_words=1000)
    assert hashlib.sha256(data).hexdigest() == ("0f5fcae5dc3180b50a4d669244997baa2eeff4114eac0e8650c77ecc1b8982c7")
    assert generated(50_000, n_words=1000)[0] == data
    assert generated(50_000, n_words=1000, seed=1)[0] != data


@pytest.mark.parametrize("size", [1, 5_000, 3_000_000])
def test_a_shorter_corpus_is_a_beginning_of_a_longer_one(size):
    data, _ = generated(size, n_words=1000)
    longer, _ = generated(5_000_000, n_words=1000)
    assert size <= len(data) < size + 20_000
    assert data.endswith(b"\n")
    assert longer.startswith(data)


def test_generated_gold_is_the_text_in_words_of_the_lexicon():
    gold = io.BytesIO()
    data, counts = generated(3_000_000, n_words=1000, gold=gold)
    text = gold.getvalue().decode()
    assert text.replace(" ", "") == data.decode()
    used = Counter(text.split())
    words = generate.lexicon(0, 1000)
    assert used.keys() - words == {"，", "、", "。", "？", "！"}
    assert [used[word] for word in words] == counts.tolist()


def test_generated_words_are_distinct_and_follow_zipf():
    words = generate.lexicon(3, 5000)
    assert len(set(words)) == 5000
    assert set(map(len, words)) == {1, 2, 3, 4, 5}
    _, counts = generated(3_000_000, n_words=1000, seed=3)
    assert 9 < counts[0] / counts[27] < 11


@pytest.mark.parametrize(
    "text, size", [("7", 7), ("10k", 10_000), ("1.5M", 1_500_000), ("3G", 3 * 10**9), ("3GB", 3 * 10**9)]
)
def test_sizes(text, size):
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["", "-1", "M", "3T", "1 M"])
def test_other_sizes_are_refused(text):
    with pytest.raises(argparse.ArgumentTypeError, match="is not a size"):
        parse_size(text)


def test_the_generator_writes_all_three_files(tmp_path):
    paths = [tmp_path / name for name in ("text", "gold", "words")]
    options = [
        part for option, path in zip(("-o", "--gold", "--words"), paths, strict=True) for part in (option, str(path))
    ]
    generate.main(["--size", "20k", *options])
    text, gold, words = (path.read_text("utf-8") for path in paths)
    assert gold.replace(" ", "") == text
    counts = {word: int(count) for word, count in (line.split("\t") for line in words.splitlines())}
    assert counts == {word: n for word, n in Counter(gold.split()).items() if word not in "，、。？！"}


# Comparisons, on the sample.

SAMPLE = ROOT / "data" / "sample.txt"


def test_counts_agree_on_the_sample(tmp_path, monkeypatch):
    monkeypatch.setattr(counting, "KEPT", tmp_path)
    monkeypatch.setattr(texts, "KEPT", tmp_path)
    ((title, case),) = counting.counting.cases(Options(SAMPLE)).items()
    assert title == "sample.txt"
    others = ("NumPy, one sort an order", "collections.Counter")
    measured = runner.measure("benchmarks.counting", counting.counting, case, only=others, rounds=1)
    assert measured["problems"] == []
    assert [len(record["runs"]) for record in measured["contenders"]] == [1, 1, 1]
    assert measured["amount"] == len(SAMPLE.read_text("utf-8"))


def test_a_fingerprint_is_that_of_the_counts_in_any_order():
    codes, counts = np.array([[1, 2], [3, 4], [5, 6]]), np.array([7, 8, 9])
    same = counting._fingerprint(codes[::-1], counts[::-1])
    assert same == counting._fingerprint(codes, counts)
    assert same != counting._fingerprint(codes, counts[::-1])
    assert same != counting._fingerprint(codes[:, ::-1], counts)


def test_texts_lose_their_marks_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.setattr(texts, "KEPT", tmp_path / "kept")
    (tmp_path / "marked.txt").write_text("e\u0301\r\nか\u3099", "utf-8", newline="")
    assert texts.without_marks(tmp_path / "marked.txt").read_bytes().decode() == "e\r\nか"
    assert texts.without_marks(SAMPLE) == SAMPLE
    assert list(map(len, texts.blocks(SAMPLE, 5000)))[:2] == [5000, 5000]


def test_words_are_read_back_from_a_line_with_spaces():
    assert list(segmentation._words("a 天下b  ", "a 天下 b  ")) == ["a", " ", "天下", "b", " ", " "]


def test_spans_tell_words_apart_by_place_and_length():
    spans = segmentation.spans([["ab", "c"], [], ["d"]])
    assert [(span >> 20, span & 0xFFFFF) for span in spans.tolist()] == [(0, 2), (2, 1), (5, 1)]


def test_sentencepiece_cuts_with_our_words_as_we_do():
    sentencepiece = pytest.importorskip("sentencepiece")
    counts = {"研究": 8, "生命": 6, "研究生": 2, "起源": 3, "命": 1, "a b": 2}
    text = "研究生命起源!! 研究生a b好"
    model = sentencepiece.SentencePieceProcessor()
    model.LoadFromSerializedProto(pieces.unigram_model(counts, text))
    found = [piece.replace("\u2581", " ") for piece in model.encode(text, out_type=str)]
    assert found == minent.Segmenter(counts, units="char").segment(text)


# Peers that are written anew.


def test_pieces_of_strong_ngrams_are_joined_and_checked_back():
    lines = ["蝴蝶飞过大海", "看见蝴蝶", "一只蝴蝶", "蝴蝶是昆虫", "大海很宽", "他爱大海", "去大海边"]
    assert list(peers.join_and_check(lines, min_count=4, least=(1.0, 1.0, 1.0))) == ["蝴蝶", "大海"]
    assert list(peers._pieces("abcdef", {"ab", "bc", "ef"}, 3)) == ["abc", "d", "ef"]


def test_variation_is_normalised_by_length():
    tree = minent.count_ngrams(SAMPLE, max_order=4, min_count=2)
    values = peers.variation(tree)
    assert [values[tree.order(n)].mean() for n in (1, 2, 3)] == pytest.approx([0, 0, 0], abs=1e-9)


# The scoreboard.


@pytest.fixture(scope="module")
def sample():
    lines = SAMPLE.read_text("utf-8").splitlines()
    corpus = as_one(minent.Corpus.from_texts(lines))
    return lines, corpus, autonomy(corpus, minent.count_ngrams(corpus, max_order=4, min_count=2, branching=True))


def test_published_cuts_make_the_most_of_value_times_length():
    corpus = minent.Corpus.from_files(SAMPLE)
    tree = minent.count_ngrams(corpus, max_order=3, min_count=2)
    value = dict(zip(tree.text(np.arange(int(tree.starts[2]))), peers.variation(tree).tolist(), strict=True))
    begins = np.flatnonzero(peers.published_cuts(corpus, longest=2) == 2)
    assert len(begins)
    for word in (tuple(corpus.units.strings[corpus.ids[begin : begin + 2]].tolist()) for begin in begins.tolist()):
        assert 2 * value["".join(word)] >= sum(value.get(unit, 0.0) for unit in word)


def test_cuts_are_those_of_autonomy_at_its_own_granularity(sample):
    lines, corpus, found = sample
    text = cuts.Text(lines)
    words = Counter(
        w
        for line in text.words(text.boundaries(corpus.ids, cuts.cuts_at(found, corpus.ids, found.offset)))
        for w in line
    )
    lexicon = found.lexicon(corpus)
    counts = dict(zip(lexicon.texts(corpus), lexicon.counts.tolist(), strict=True))
    assert all(words[word] == n for word, n in counts.items() if not re.search(r"\d", word))


@pytest.mark.parametrize("x", [0.0, 4.0, 9.0])
def test_f1_of_cuts_is_that_of_their_words(sample, x):
    lines, corpus, found = sample
    gold = list(minent.Segmenter({"雾岭": 5, "我们": 3}).segment_many(lines))
    text = cuts.Text(lines, gold)
    at = text.boundaries(corpus.ids, cuts.cuts_at(found, corpus.ids, x))
    words = text.words(at)
    assert ["".join(line) for line in words] == lines
    assert text.f1(at) == pytest.approx(minent.evaluate(gold, words).f1)


def test_cuts_of_another_text_are_refused(sample):
    lines, corpus, found = sample
    step = cuts.cuts_at(found, corpus.ids, 4.0)
    assert len(cuts.Text(lines[:2]).words(cuts.Text(lines[:2]).boundaries(corpus.ids, step))) == 2
    with pytest.raises(ValueError, match="the text"):
        cuts.Text([*lines, "再来一行"]).boundaries(corpus.ids, step)


def test_beginnings_end_with_the_line_that_reaches_the_size():
    gold = [["天下", "大势"], ["分", "久"], ["必", "合"]]
    assert list(granularity.beginnings(gold, [1, 4, 5, 0])) == [gold[:1], gold[:1], gold[:2], gold]


def test_punctuation_is_not_counted_where_it_should_not_be():
    found = scoreboard.without_punctuation([["天下", "，", "A股"], ["。", "5.6％"]])
    assert found == {(0, 2), (3, 5), (6, 10)}


def test_bits_a_character():
    assert scoreboard.bits_a_character([["天下", "大势"], ["天下", "大势"]]) == 0.5
    assert scoreboard.bits_a_character([["天", "下"], ["大", "势"]]) == 2


def test_every_method_has_a_row():
    labels = [label for label, _, _ in accuracy.entries([])]
    assert {f"minent {method}" for method in minent.discovery.METHODS} <= set(labels)
    assert len(set(labels)) == len(labels)
    assert [label for label, _, _ in accuracy.entries(["minent pmi"])] == ["minent pmi"]


def test_a_row_of_the_scoreboard(tmp_path):
    (tmp_path / "gold.txt").write_text("天下 大势 ，\n分 久 必 合 。\n\n", "utf-8")
    (tmp_path / "known.txt").write_text("天下\n", "utf-8")
    case = {"test": str(tmp_path / "gold.txt"), "learn": [], "own": True, "training_words": str(tmp_path / "known.txt")}
    row = dict(zip(accuracy.HEAD, accuracy.score("gold", "the gold standard", case), strict=True))
    assert (row["method"], row["F1"], row["without punctuation"], row["OOV recall"]) == ("gold", 1.0, 1.0, 1.0)
    row = dict(zip(accuracy.HEAD, accuracy.score("characters", "every character", case), strict=True))
    assert (row["F1"], row["without punctuation"], row["OOV recall"]) == pytest.approx((12 / 18, 8 / 14, 6 / 7))


def test_a_row_that_failed_says_so(tmp_path):
    row = accuracy.score("gold", "the gold standard", {"test": str(tmp_path / "none")})
    assert row[:2] == ["gold", "not run: ended with exit code 1, its error is above"]
    assert set(row[2:]) == {None}


def test_test_sets_are_found_as_the_bakeoff_lays_them_out(tmp_path):
    def put(name, lines, encoding="utf-8", newline="\r\n"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes("".join(line + newline for line in lines).encode(encoding))
        return path

    gold = put("gold/pku_test_gold.utf8", ["天下  大势  ", "分  久"])
    words = put("gold/pku_training_words.utf8", ["天下"])
    training = put("training/pku_training.utf8", ["天下  太平"])
    put("testing/pku_test.utf8", ["天下大势", "分久"], newline="\n")
    put("gold/pku_test_gold.txt", ["not read"])
    put("gold/as_testing_gold.txt", ["天下\u3000太平"], "cp950")
    put("testing/as_testing.txt", ["天下大平", "天"], "cp950")
    put("msr_test_gold.txt", ["国  家"], "gbk")
    as_, msr, pku = sighan.find_tests(tmp_path, tmp_path / "kept")
    assert (pku.name, pku.gold, pku.words, pku.training) == ("pku", gold, words, training)
    assert pku.about == "Raw text: pku_test.utf8, which is the gold standard without its spaces."
    assert scoreboard.read_gold(as_.gold) == [["天下", "太平"]]
    assert as_.about.endswith("differs from it in 2 lines.")
    assert (as_.words, as_.training) == (None, None)
    assert scoreboard.read_gold(msr.gold) == [["国", "家"]]
    assert msr.about == "Raw text: the gold standard without its spaces."


def test_a_folder_without_test_sets_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="holds no NAME_test_gold"):
        sighan.find_tests(tmp_path, tmp_path)
    (tmp_path / "msr_test_gold.txt").write_bytes(b"\xff\xff\xff")
    with pytest.raises(SystemExit, match="not gb18030"):
        sighan.find_tests(tmp_path, tmp_path)


def test_rows_that_are_measured_again_take_the_place_of_the_earlier_ones():
    old, new = SETTING, SETTING | {"date": "2001-01-01"}
    earlier = {"": {"note": "", "rows": [["a", 0.5], ["b", 0.4], ["c", "not run"]], "setting": old}}
    merged = accuracy.with_earlier({"": {"note": "new", "rows": [["b", 0.6], ["d", 0.3]], "setting": new}}, earlier)[""]
    assert merged["rows"] == [["b", 0.6], ["a", 0.5], ["d", 0.3], ["c", "not run"]]
    assert merged["settings"] == {"a": old, "c": old}
    again = accuracy.with_earlier({"": {"note": "", "rows": [["a", 0.7]], "setting": new}}, {"": merged})[""]
    assert again["settings"] == {"c": old}
    lines = report.render({"x": {"title": "X", "note": "", "parts": {"": again | {"head": ["", "F1"]}}}}).splitlines()
    assert lines[-3:] == ["*2001-01-01. Python 3. abacus.*", "", "*c: 2000-01-01. Python 3. abacus.*"]
    alone = {"x": {"rows": [["b", 0.6]], "setting": new}}
    assert accuracy.with_earlier(alone, earlier) == {"x": alone["x"] | {"settings": {}}}


def test_charts_are_the_same_for_the_same_measurements(tmp_path):
    pytest.importorskip("matplotlib")
    rows = [["minent", 0.8] + [None] * 9 + [1.0, 2.0, 3], ["failed", "not run"] + [None] * 12]
    lines = [scaling.row(10**k, {"wall": 2.0**k, "cpu": 2.0**k, "memory": 10.0**k}, "") for k in (6, 7)]
    for name in ("a", "b"):
        charts.draw_scores({"head": accuracy.HEAD, "rows": rows}, tmp_path / f"{name}1.svg")
        charts.draw_scaling({"minent": {"head": scaling.HEAD, "rows": lines}}, tmp_path / f"{name}2.svg")
    for number in (1, 2):
        drawn = [(tmp_path / f"{name}{number}.svg").read_bytes() for name in ("a", "b")]
        assert drawn[0] == drawn[1]
        assert b"minent" in drawn[0]


def test_memory_is_compared_with_its_bound():
    measured = {"wall": 2.0, "cpu": 1.0, "memory": 3.0 * 2**20}
    line = dict(zip(scaling.HEAD, scaling.row(10**6, measured, "same", parse_size("2M", thousand=1024)), strict=True))
    assert (line["peak / bound"], line["MB/CPU s"], line["peak MB"]) == (1.5, 1.0, 3)
    assert dict(zip(scaling.HEAD, scaling.row(10**6, measured, ""), strict=True))["peak / bound"] is None


def test_a_program_is_measured_and_its_failure_is_told(tmp_path):
    measured = scaling.run([sys.executable, "-c", "print('x' * 9)"], tmp_path / "out")
    assert (tmp_path / "out").read_text() == "x" * 9 + "\n"
    assert measured["memory"] > 1e6
    assert scaling.digest(tmp_path / "out") == hashlib.sha256(b"x" * 9 + b"\n").hexdigest()
    with pytest.raises(scaling.RunFailed, match="exit code 3"):
        scaling.run([sys.executable, "-c", "import sys; sys.exit(3)"], tmp_path / "out")


def test_an_output_is_compared_with_the_one_without_a_bound(tmp_path, monkeypatch):
    shown = {"": "a", "1M": "a", "2M": "b"}

    def command_line(command, limit, corpus):
        return [sys.executable, "-c", f"print({shown[limit]!r})"]

    monkeypatch.setattr(scaling, "command_line", command_line)
    (tmp_path / "corpus").write_text("天下", "utf-8")
    lines = dict(scaling.compare("count-ngrams", ["", "1M", "2M"], tmp_path / "corpus", tmp_path / "out"))
    assert list(lines) == ["minent count-ngrams", "minent count-ngrams --memory 1M", "minent count-ngrams --memory 2M"]
    assert [line[-1] for line in lines.values()] == ["", "same", "differs"]
    ((_, line),) = scaling.compare("count-ngrams", ["1M"], tmp_path / "corpus", tmp_path / "out")
    assert (line[0], line[-1]) == (6, "not compared")
    monkeypatch.setattr(scaling, "command_line", lambda *_: [sys.executable, "-c", "import sys; sys.exit(1)"])
    ((_, line),) = scaling.compare("count-ngrams", [""], tmp_path / "corpus", tmp_path / "out")
    assert line == [6, None, None, None, None, None, None, "failed: exit code 1"]
