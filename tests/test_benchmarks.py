"""The benchmarks compare only what agrees, and report what was measured. No time is asserted."""

import argparse
import hashlib
import io
import json
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import generate, report, runner  # noqa: E402
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
