"""minent find-itemsets and find-rules as their users see them."""

import json
import re
import shlex
import signal
import subprocess
import time
from pathlib import Path

import pytest
from test_cli import COMMANDS, POSIX, PROGRAM, fails, folder, out, run, start

import minent
from minent.apriori import TARGETS
from minent.basket_files import FORMATS
from minent.rules import METRICS

__all__ = ["folder"]

BASKETS = "tea,cup\nmilk,tea\ntea,cup,milk\n\ncup\n"
SETS = (
    "items\tlength\tcount\tsupport\n"
    "tea\t1\t3\t0.6\n"
    "cup\t1\t3\t0.6\n"
    "milk\t1\t2\t0.4\n"
    "tea,cup\t2\t2\t0.4\n"
    "tea,milk\t2\t2\t0.4\n"
)
RULES = (
    "antecedent\tconsequent\tcount\tsupport\tconfidence\tlift\tleverage\tconviction\tzhang\tjaccard\n"
    "milk\ttea\t2\t0.4\t1\t1.66667\t0.16\tinf\t0.666667\t0.666667\n"
    "cup\ttea\t2\t0.4\t0.666667\t1.11111\t0.04\t1.2\t0.25\t0.5\n"
    "tea\tcup\t2\t0.4\t0.666667\t1.11111\t0.04\t1.2\t0.25\t0.5\n"
    "tea\tmilk\t2\t0.4\t0.666667\t1.66667\t0.16\t1.8\t1\t0.666667\n"
)


@pytest.fixture(scope="module", autouse=True)
def compiled(tmp_path_factory):
    """Compile everything first, so that no test is told of a first run."""
    path = tmp_path_factory.mktemp("compiled") / "a.csv"
    path.write_text("a,b\na,b,c\n")
    run("find-rules", path, "--min-support", 1, "-q")


@pytest.fixture
def baskets(folder):
    Path("baskets.csv").write_text(BASKETS, "utf-8")
    return "baskets.csv"


def test_find_itemsets_writes_sets(baskets):
    assert out("find-itemsets", baskets, "--min-support", 2, "-q") == SETS


@pytest.mark.parametrize("support", ["40%", ".4", "0.4", "4e-1", "2"])
def test_support_is_a_count_or_a_share(baskets, support):
    assert out("find-itemsets", baskets, "--min-support", support, "-q") == SETS


def test_find_itemsets_sums_up_on_standard_error(baskets):
    result = run("find-itemsets", baskets, "--min-support", 2)
    assert result.stdout == SETS
    assert re.fullmatch(r"5 sets in at least 2 of 5 transactions in \d+\.\d s\n", result.stderr)


def test_find_itemsets_narrowed(baskets):
    pairs = out("find-itemsets", baskets, "--min-support", 2, "--min-length", 2, "-q")
    assert pairs.splitlines() == [SETS.splitlines()[i] for i in (0, 4, 5)]
    assert out("find-itemsets", baskets, "--min-support", 2, "--max-length", 1, "-q") == SETS[: SETS.index("tea,cup")]
    assert out("find-itemsets", baskets, "--min-support", 2, "--top", 1, "-q") == SETS[: SETS.index("cup\t1")]
    assert "milk\t1" not in out("find-itemsets", baskets, "--min-support", 2, "--target", "closed", "-q")
    maximal = out("find-itemsets", baskets, "--min-support", 2, "--target", "maximal", "-q")
    assert maximal == pairs


def test_find_itemsets_as_json_lines(baskets):
    lines = out("find-itemsets", baskets, "--min-support", 2, "--format", "jsonl", "--top", 4, "-q").splitlines()
    assert [json.loads(line) for line in lines][3] == {"items": ["tea", "cup"], "length": 2, "count": 2, "support": 0.4}
    assert len(lines) == 4


def test_find_rules_writes_rules(baskets):
    assert out("find-rules", baskets, "--min-support", 2, "-q") == RULES


def test_find_rules_sums_up_on_standard_error(baskets):
    result = run("find-rules", baskets, "--min-support", 2)
    assert re.fullmatch(r"4 rules from 5 sets in at least 2 of 5 transactions in \d+\.\d s\n", result.stderr)


def test_find_rules_narrowed(baskets):
    def lines(*options):
        return out("find-rules", baskets, "--min-support", 2, "-q", *options).splitlines()[1:]

    every = RULES.splitlines()[1:]
    assert lines("--min-confidence", 1) == lines("--min-confidence", "100%") == lines("--top", 1) == every[:1]
    assert lines("--min-lift", 1.2) == [every[0], every[3]]
    assert lines("--sort", "zhang")[0] == every[3]
    assert lines("--sort", "count") == lines("--sort", "support")
    assert len(out("find-rules", baskets, "--min-support", 1, "--max-consequent", 2, "-q").splitlines()) == 10


def test_find_rules_as_json_lines(baskets):
    first = json.loads(out("find-rules", baskets, "--min-support", 2, "--format", "jsonl", "-q").splitlines()[0])
    assert list(first) == ["antecedent", "consequent", "count", *METRICS]
    assert (first["antecedent"], first["consequent"], first["conviction"]) == (["milk"], ["tea"], "Infinity")


def test_words_of_sentences_from_standard_input():
    text = "天下 大势 ， 分久必合 。\n天下 大势 ！\n天下 太平 。\n大势 已去\n"
    result = run("find-itemsets", "-", "--separator", " ", "--min-support", 2, stdin=text)
    assert result.stdout.splitlines()[1:] == ["天下\t1\t3\t0.75", "大势\t1\t3\t0.75", "天下 大势\t2\t2\t0.5"]
    assert result.stderr.startswith("left out 3 items that are punctuation (--keep-punctuation takes them)\n")
    kept = out("find-itemsets", "-", "--separator", " ", "--min-support", 2, "--keep-punctuation", "-q", stdin=text)
    assert "。\t1\t2\t0.5" in kept.splitlines()


def test_a_tab_may_be_written_out():
    found = out("find-itemsets", "-", "--separator", r"\t", "--min-support", 2, "-q", stdin="tea\tmilk\nmilk\ttea\n")
    assert found.splitlines()[1:] == ["tea\t1\t2\t1", "milk\t1\t2\t1", "tea milk\t2\t2\t1"]


def test_stop_words_are_left_out(baskets):
    Path("stop.txt").write_text("tea\t17\ncup\n", "utf-8")
    left = out("find-itemsets", baskets, "--min-support", 2, "--exclude", "stop.txt", "-q")
    assert left.splitlines()[1:] == ["milk\t1\t2\t0.4"]
    Path("jieba.txt").write_text("的 17 u\n", "utf-8")
    left = out("find-itemsets", "-", "--separator", " ", "--exclude", "jieba.txt", "-q", stdin="天下 的 大势\n")
    assert [line.split("\t")[0] for line in left.splitlines()[1:]] == ["天下", "大势", "天下 大势"]


def test_other_kinds_of_input():
    table = "1\ttea\n1\tcup\n2\ttea\n"
    assert out("find-itemsets", "-", "--input", "table", "--min-support", 2, "-q", stdin=table).endswith(
        "tea\t1\t2\t1\n"
    )
    lists = '["a,b", 5]\n[5, "\\t"]\n'
    found = out("find-itemsets", "-", "--input", "jsonl", "--min-support", 1, "-q", stdin=lists).splitlines()[1:]
    assert [line.split("\t")[0] for line in found] == ["5", '"a,b"', '"\\t"', '5,"a,b"', '5,"\\t"']
    Path("numbers.dat").write_text("1 2\n2\n")
    assert out("find-itemsets", "numbers.dat", "--min-support", 2, "-q").endswith("2\t1\t2\t1\n")


def test_the_format_follows_the_suffix(baskets):
    for command in ("find-itemsets", "find-rules"):
        args = (command, baskets, "-q", "--min-support", 2)
        out(*args, "-o", "a.jsonl")
        assert Path("a.jsonl").read_text("utf-8") == out(*args, "--format", "jsonl")
        out(*args, "-o", "a.csv", "--format", "tsv")
        assert Path("a.csv").read_text("utf-8") == out(*args)


def test_an_output_file_appears_whole(baskets):
    assert out("find-rules", baskets, "--min-support", 2, "-o", "rules.tsv", "-q") == ""
    assert Path("rules.tsv").read_text("utf-8") == RULES
    message = f"Error: {baskets}: is read and would be overwritten; write to another file"
    assert message in run("find-rules", baskets, "-o", baskets, "--format", "tsv").stderr
    assert Path(baskets).read_text("utf-8") == BASKETS


@pytest.mark.parametrize(
    ("command", "stdin", "message"),
    [
        (
            "find-itemsets - --min-support 1 --max-itemsets 3 -o out -q",
            BASKETS,
            "7 itemsets found so far, 3 allowed; ask for more support (--min-support) or shorter sets (--max-length)",
        ),
        (
            "find-rules - --min-support 1 --max-rules 1 -o out -q",
            BASKETS,
            "8 rules found so far, 1 allowed; ask for more confidence (--min-confidence), support (--min-support) or"
            " lift (--min-lift)",
        ),
        ("find-rules nothere.csv -o out", None, "nothere.csv: no such file or folder; check the path"),
        ("find-rules - --input jsonl -o out", "tea\n", "standard input:1: not a JSON list of items; mend the line"),
        (
            "find-itemsets - -o out",
            b"\xff\n",
            "standard input: byte 0 is not valid UTF-8; if the file is GBK, use encoding gb18030 (--encoding gb18030)",
        ),
    ],
)
def test_unusable_data_is_told_in_one_line(command, stdin, message):
    code, text = fails(*command.split(), stdin=stdin)
    assert (code, text) == (1, f"Error: {message}\n")
    assert not Path("out").exists()


def test_a_threshold_that_is_too_low_stops_before_memory_does():
    wide = ",".join(f"i{n}" for n in range(80)) + "\n"
    code, text = fails("find-itemsets", "-", "--min-support", 1, "-q", stdin=wide * 2)
    assert code == 1
    assert re.fullmatch(
        r"Error: 0 itemsets found so far, and more than fit into the memory allowed \(--max-memory\); .*\n", text
    )
    code, text = fails(
        "find-itemsets", "-", "--min-support", 1, "-q", "--max-memory", "1M", stdin=wide + wide[:-4] + "\n"
    )
    assert code == 1
    assert text.startswith("Error: 0 itemsets found so far")


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("find-rules", "Missing argument 'FILES...'."),
        (
            "find-rules - --min-support 1.5",
            "Invalid value for '--min-support': '1.5' is no count such as 20, nor a share such as .05 or 5%",
        ),
        (
            "find-rules - --min-confidence much",
            "Invalid value for '--min-confidence': 'much' is no share from 0 to 1, such as .6 or 60%",
        ),
        (
            "find-rules - --min-confidence 60",
            "Invalid value for '--min-confidence': '60' is no share from 0 to 1, such as .6 or 60%",
        ),
        (
            "find-rules - --min-lift NaN",
            "Invalid value for '--min-lift': 'NaN' is no number from 0 on, such as 1.5",
        ),
        (
            "find-itemsets - --min-support NaN",
            "Invalid value for '--min-support': 'NaN' is no count such as 20, nor a share such as .05 or 5%",
        ),
        ("find-rules - --max-memory 5x", "'5x' is no amount of memory; write 512M or 2G"),
    ],
)
def test_wrong_usage_is_told(command, message):
    code, text = fails(*command.split(), stdin="")
    assert code == 2
    assert text.splitlines()[-1] == f"Error: {message}"


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("find-itemsets - --min-length 3 --max-length 2", "--max-length 2 is less than --min-length 3; raise it"),
    ],
)
def test_a_wrong_parameter_is_wrong_usage(command, message):
    assert fails(*command.split(), stdin="a,b\n") == (2, f"Error: {message}\n")


def test_choices_and_options_are_those_of_python():
    kinds = {name: {p.name: p.type for p in COMMANDS[name].params} for name in ("find-itemsets", "find-rules")}
    assert tuple(kinds["find-itemsets"]["target"].choices) == TARGETS
    assert tuple(kinds["find-rules"]["sort"].choices) == ("count", *METRICS)
    assert tuple(kinds["find-rules"]["input_format"].choices) == FORMATS


@pytest.mark.parametrize(
    ("text", "options", "why"),
    [
        ("", "", "there are no transactions: the input is empty"),
        ("\n,\n", "", "none of the 2 transactions holds an item"),
        (
            "我们去公园。\n今天天气好。\n",
            "--min-support 1",
            "every transaction is a single item; if lines hold more, --separator says what parts them, "
            "and minent segment cuts text into words",
        ),
        (
            "牛奶，面包\n面包，茶\n牛奶，面包\n",
            "--min-support 1",
            "every transaction is a single item; most hold ，: --separator '，' parts them there, "
            "and minent segment cuts text into words",
        ),
        (
            "天下 大势 合 , 分 久 必 合\n合 久 必 分 , 好 不 好\n",
            "--min-support 2",
            "hardly an item comes twice; most hold blanks: --separator ' ' parts them there",
        ),
        (
            "茶\t杯\n糖\t茶\n",
            "--min-support 1",
            r"every transaction is a single item; most hold tabs: --separator '\t' parts them there, "
            "and minent segment cuts text into words",
        ),
        (
            "whole milk,soup\ntropical fruit,root vegetables\n",
            "--min-support 2",
            "no item is in more than 1 of 2 transactions; lower --min-support",
        ),
        (BASKETS, "--min-support 9", "no item is in more than 3 of 5 transactions; lower --min-support"),
        (
            BASKETS,
            "--exclude list",
            "none of the items to leave out is there; one a line, as they are written in FILES",
        ),
        (
            "a b c " * 20 + "\n" + " ".join(map(str, range(41))) + "\n",
            "--separator \\  --min-support 2",
            "22 words a line make very many sets; --max-length 2 finds pairs, and --exclude stop words",
        ),
    ],
)
def test_notes(folder, text, options, why):
    Path("list").write_text("sugar\n")
    for command in ("find-itemsets", "find-rules"):
        result = run(command, "-", *shlex.split(options), stdin=text)
        assert (result.exit_code, result.stderr.splitlines()[0]) == (0, f"Note: {why}")
        assert len(result.stdout.splitlines()) >= 1
        assert run(command, "-", *shlex.split(options), "-q", stdin=text).stderr == ""


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (
            "find-itemsets - --min-length 4",
            "no set of the length asked for is so frequent; lower --min-length or --min-support",
        ),
        ("find-rules - --min-support 3", "no two items are together in 3 transactions; lower --min-support"),
        ("find-rules - --min-lift 9", "no rule is so certain; lower --min-confidence, --min-lift or --min-support"),
    ],
)
def test_notes_on_empty_results(command, why):
    result = run(*command.split(), stdin=BASKETS)
    assert (result.exit_code, result.stderr.splitlines()[0]) == (0, f"Note: {why}")


@pytest.mark.parametrize(("size", "found"), [("1K", 64), ("1.5K", 96), ("1kb", 64), ("0M", 0)])
def test_memory_is_a_limit_of_any_size(size, found):
    wide = ",".join(f"i{n}" for n in range(12)) + "\n"
    rows = wide + "".join(wide.replace(f"i{n},", "") for n in range(11))
    code, text = fails("find-itemsets", "-", "--min-support", 1, "-q", "--max-memory", size, stdin=rows)
    assert (code, text) == (
        1,
        f"Error: {found} itemsets found so far, and more than fit into the memory allowed (--max-memory); "
        "ask for more support (--min-support) or shorter sets (--max-length)\n",
    )


@pytest.mark.parametrize("command", ["find-itemsets", "find-rules"])
def test_help_imports_nothing_heavy(command):
    code = (
        "import sys, minent_cli\n"
        "try: minent_cli.main()\n"
        "finally: print({'numpy', 'numba', 'scipy', 'tqdm', 'minent'} & sys.modules.keys(), file=sys.stderr)"
    )
    result = subprocess.run([PROGRAM[0], "-c", code, command, "-h"], capture_output=True, text=True, check=True)
    assert result.stderr.endswith("set()\n")


@POSIX
def test_ctrl_c_stops_a_search():
    # Forty items, in every row but one each: 2^40 sets, none of them free of charge.
    rows = [" ".join(str(i) for i in range(40) if i != j) for j in range(40) for _ in range(9)]
    Path("wide.dat").write_text("\n".join(rows))
    command = ["find-itemsets", "wide.dat", "--min-support", "1", "-q", "--max-memory", "4G", "-o", "out.tsv"]
    process = start(*command)
    deadline = time.monotonic() + 120
    while len(list(Path().iterdir())) < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.7)
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=120) == (b"", b"\nAborted!\n")
    assert process.returncode == 130
    assert [path.name for path in Path().iterdir()] == ["wide.dat"]


def test_the_library_and_the_command_agree(baskets):
    rules = minent.association_rules(minent.frequent_itemsets(baskets, 2))
    lines = out("find-rules", baskets, "--min-support", 2, "-q").splitlines()[1:]
    assert [line.split("\t")[:3] for line in lines] == [
        [",".join(rule.antecedent), ",".join(rule.consequent), str(rule.count)] for rule in rules
    ]


def test_a_table_of_zeros_and_ones_is_remarked_on(folder):
    Path("a.csv").write_text("tea,cup\n1,0\n1,1\n")
    result = run("find-itemsets", "a.csv", "--header")
    assert "Note: all items are 0 or 1" in result.stderr
    assert result.exit_code == 0
