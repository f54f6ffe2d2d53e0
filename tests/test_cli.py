"""The command line as its users see it: exact output, messages, exit codes and help.

After a wanted change of a help text: MINENT_WRITE_GOLDEN=1 python -m pytest tests/test_cli.py -k golden
"""

import inspect
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from strategies import NASTY

import minent
import minent_cli
from minent.discovery import METHODS, SORTS
from minent.reading import ERRORS, NORMAL_FORMS
from minent.units import UNIT_KINDS
from minent.vocab import FORMATS

GOLDEN = Path(__file__).parent / "golden"
SAMPLE = str(Path(__file__).parent.parent / "data" / "sample.txt")
COMMANDS = minent_cli.main.commands
PROGRAM = [sys.executable, "-c", "import minent_cli; minent_cli.main(prog_name='minent')"]
HEADER = "word\tcount\tscore\toccurrences\tcohesion\tleft_entropy\tright_entropy\n"

BUTTERFLIES = "蝴蝶飞过大海\n看见蝴蝶\n一只蝴蝶\n蝴蝶是昆虫\n大海很宽\n他爱大海\n去大海边\n"
BUTTERFLY_VOCAB = HEADER + ("大海\t4\t3.9353\t4\t2.0477\t1.3863\t1.3863\n蝴蝶\t4\t3.9353\t4\t2.0477\t1.3863\t1.3863\n")
VOCAB = "word\tcount\n天下\t4\n大势\t2\n研究\t3\n"


def run(*args, stdin=None, **extra):
    stdin = stdin.encode() if isinstance(stdin, str) else stdin
    return CliRunner().invoke(
        minent_cli.main, list(map(str, args)), input=stdin, prog_name="minent", catch_exceptions=False, **extra
    )


def out(*args, stdin=None):
    """Standard output as bytes of UTF-8 turned to text, of a run without fault or remark."""
    result = run(*args, stdin=stdin)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout_bytes.decode()


def fails(*args, stdin=None):
    """Exit code and message of a run that writes nothing to standard output."""
    result = run(*args, stdin=stdin)
    assert result.stdout == ""
    return result.exit_code, result.stderr


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """Compile everything first, so that no test is told of a first run."""
    run("warmup")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Each test works in an empty folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def vocab(folder):
    Path("vocab.tsv").write_bytes(VOCAB.encode())
    return "vocab.tsv"


@pytest.fixture
def corpus(folder):
    Path("corpus.txt").write_bytes(BUTTERFLIES.encode())
    return "corpus.txt"


# Help


def golden(name, text):
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("MINENT_WRITE_GOLDEN"):
        path.write_bytes(text.encode())
    assert text == path.read_text("utf-8")


def help_of(*command):
    return out(*command, "--help")


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_the_golden_one(command):
    result = run(*command.split(), "--help", terminal_width=90)
    assert (result.exit_code, result.stderr) == (0, "")
    golden(f"help-{command}".rstrip("-"), result.stdout)


def test_there_is_no_golden_file_too_many():
    assert {path.stem for path in GOLDEN.glob("help*")} == {"help", *(f"help-{name}" for name in COMMANDS)}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_command_and_option_has_help_and_the_command_an_example(command):
    assert f"\n    minent {command.name}" in help_of(command.name).partition("Example:")[2]
    assert command.get_short_help_str()
    assert [p.name for p in command.params if isinstance(p, click.Option) and not p.help] == []


def test_the_list_of_commands_cuts_no_sentence_short():
    assert "..." not in help_of().partition("Commands:")[2]


def test_short_help_flag():
    assert out("segment", "-h") == help_of("segment")


def test_without_arguments_the_group_shows_its_help():
    assert fails() == (2, help_of())


def test_version():
    assert out("--version") == f"minent {minent.__version__}\n"


@pytest.mark.parametrize("args", [["--help"], ["build-vocab", "--help"], ["--version"], ["segment", "--bad"]])
def test_help_imports_nothing_heavy(args):
    code = (
        "import sys, minent_cli\n"
        "try: minent_cli.main()\n"
        "finally: print({'numpy', 'numba', 'scipy', 'tqdm', 'minent'} & sys.modules.keys(), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=False)
    assert result.stderr.endswith("set()\n")


def test_a_command_loads_no_linear_algebra_and_leaves_scipy_to_others():
    code = (
        "import sys, minent_cli\n"
        "try: minent_cli.main(['build-vocab', '-q', sys.argv[1]])\n"
        "finally: print('scipy' in sys.modules, file=sys.stderr)\n"
    )
    result = subprocess.run([sys.executable, "-c", code, SAMPLE], capture_output=True, text=True, check=False)
    assert result.stderr == "False\n"


# Names and choices are those of Python


def choices(command, option):
    (kind,) = (p.type for p in COMMANDS[command].params if p.name == option)
    return kind.choices


def test_commands_have_the_names_of_python():
    names = {name.replace("-", "_") for name in COMMANDS}
    assert names - set(minent.__all__) == {"segment", "warmup", "find_itemsets", "find_rules"}
    assert callable(minent.Segmenter.segment)


@pytest.mark.parametrize(
    "function", [minent.build_vocab, minent.count_ngrams, minent.suggest_dim], ids=lambda f: f.__name__
)
def test_options_are_the_parameters_of_python(function):
    options = {p.name for p in COMMANDS[function.__name__.replace("_", "-")].params}
    of_python = {"corpus", "progress", "branching", "unit_count", "unit_of", "model"}
    parameters = inspect.signature(function).parameters.keys() - of_python
    assert parameters <= options
    reading = set(inspect.signature(minent.Corpus.from_files).parameters) - {"progress"}
    extra = {"output", "quiet", "format", "save_model", "min_order", "vocab_size", "plot"}
    assert options - parameters - extra <= reading


@pytest.mark.parametrize(
    "name", ["method", "min_count", "min_score", "min_pmi", "min_length", "max_length", "sort", "top"]
)
def test_defaults_are_those_of_python(name):
    given = COMMANDS["build-vocab"].make_context("build-vocab", ["-"]).params[name]
    assert given == inspect.signature(minent.build_vocab).parameters[name].default


def test_choices_are_those_of_python():
    assert tuple(choices("build-vocab", "method")) == METHODS
    assert tuple(choices("build-vocab", "sort")) == SORTS
    assert tuple(choices("build-vocab", "format")) == (*FORMATS, "compiled")
    for command in ("build-vocab", "count-ngrams", "entropy"):
        assert tuple(choices(command, "normalize")) == NORMAL_FORMS
    for command in ("build-vocab", "count-ngrams", "entropy", "segment"):
        assert tuple(choices(command, "errors")) == ERRORS
        assert tuple(choices(command, "units")) == UNIT_KINDS


# build-vocab


def test_build_vocab_writes_words_and_scores(corpus):
    assert out("build-vocab", corpus, "-q") == BUTTERFLY_VOCAB


def test_build_vocab_sums_up_on_standard_error(corpus):
    result = run("build-vocab", corpus)
    assert result.stdout == BUTTERFLY_VOCAB
    summary = r"2 words from 31 characters in \d+\.\d s; 3\.92 bits a character, 2\.84 with these words\n"
    assert re.fullmatch(summary, result.stderr)


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("tsv", BUTTERFLY_VOCAB),
        ("jieba", "大海 4\n蝴蝶 4\n"),
        (
            "jsonl",
            "".join(
                f'{{"word": "{word}", "count": 4, "score": 3.9353, "occurrences": 4, "cohesion": 2.0477,'
                ' "left_entropy": 1.3863, "right_entropy": 1.3863}\n'
                for word in ("大海", "蝴蝶")
            ),
        ),
    ],
)
def test_every_format_is_written_and_read_again(corpus, form, text):
    name = f"vocab.{form}"
    assert out("build-vocab", corpus, "-q", "--format", form, "-o", name) == ""
    raw = Path(name).read_bytes().decode()
    if form == "jsonl":  # equal as JSON: a whole number may be written with a point or without
        raw, text = (list(map(json.loads, lines.splitlines())) for lines in (raw, text))
    assert raw == text
    assert out("segment", "-q", "-v", name, stdin="蝴蝶爱大海") == "蝴蝶 爱 大海\n"


def test_a_compiled_vocabulary_serves_every_command(corpus):
    assert out("build-vocab", corpus, "-q", "--format", "compiled", "-o", "v.mnt") == ""
    out("build-vocab", corpus, "-q", "-o", "v.tsv")
    assert minent.Vocab.load("v.mnt") == minent.Vocab.load("v.tsv")
    assert run("build-vocab", corpus, "-q", "--format", "compiled").stdout_bytes == Path("v.mnt").read_bytes()
    assert out("segment", "-q", "-v", "v.mnt", stdin="蝴蝶爱大海") == "蝴蝶 爱 大海\n"
    for command in (("suggest-dim",), ("entropy", corpus, "-q", "-v")):
        assert out(*command, "v.mnt") == out(*command, "v.tsv")


@pytest.mark.parametrize("method", METHODS)
def test_every_method_finds_the_words_that_python_finds(method):
    words = [line.split("\t")[0] for line in out("build-vocab", SAMPLE, "-q", "--method", method).splitlines()]
    assert words[1:] == list(minent.build_vocab(SAMPLE, method=method))


@pytest.mark.parametrize("sort", SORTS)
def test_sort_and_top(sort):
    Path("news.txt").write_text("自己 50\n的 500\n", "utf-8")
    lines = out(
        *("build-vocab", SAMPLE, "-q", "--sort", sort, "--top", 50, "--min-length", 2, "--reference", "news.txt")
    ).splitlines()[1:]
    rows = [dict(zip([*HEADER.split(), "keyness"], line.split("\t"), strict=True)) for line in lines]
    values = [len(row["word"]) if sort == "length" else row[sort] for row in rows]
    values = values if sort in ("word", "length") else list(map(float, values))
    assert len(rows) == 50
    assert values == sorted(values, reverse=sort != "word")


def test_lengths_bound_the_words():
    words = out("build-vocab", SAMPLE, "-q", "--min-length", 2, "--max-length", 3, "--format", "jieba")
    assert {len(line.split(" ")[0]) for line in words.splitlines()} == {2, 3}


def test_min_count_and_min_pmi_bound_the_words():
    args = ("build-vocab", SAMPLE, "-q", "--method", "pmi", "--format", "jieba")
    counts = [int(line.split(" ")[1]) for line in out(*args, "--min-count", 9).splitlines()]
    assert min(counts) == 9
    assert len(out(*args, "--min-pmi", 6).splitlines()) != len(out(*args, "--min-pmi", 2).splitlines())
    several = ("build-vocab", SAMPLE, "-q", "--method", "ngram")
    assert out(*several, "--min-pmi", "2,5,7") == out(*several) != out(*several, "--min-pmi", "4")


def test_exclude_takes_lists_and_vocabularies():
    known = out("build-vocab", SAMPLE, "-q", "--top", 60)
    Path("known.tsv").write_bytes(known.encode())
    Path("dict.txt").write_bytes("\n沈砚秋 12 nr\r\n骆小满\n\n顾维桢\tx".encode())
    dictionary = {line.split("\t")[0] for line in known.splitlines()[1:]} | {"沈砚秋", "骆小满", "顾维桢"}
    args = ("build-vocab", SAMPLE, "-q", "--format", "jieba")
    before = out(*args).splitlines()
    after = out(*args, "--exclude", "known.tsv", "--exclude", "dict.txt").splitlines()
    assert after == [line for line in before if line.split(" ")[0] not in dictionary]
    assert len(after) < len(before)


def test_exclude_takes_a_compiled_vocabulary():
    args = ("build-vocab", SAMPLE, "-q")
    run(*args, "--top", 60, "-o", "known.tsv")
    run(*args, "--top", 60, "--format", "compiled", "-o", "known.bin")
    assert out(*args, "--exclude", "known.bin") == out(*args, "--exclude", "known.tsv")


def test_a_list_without_single_characters_is_remarked_on(corpus):
    run("build-vocab", SAMPLE, "-q", "--min-length", 2, "-o", "long.tsv")
    run("build-vocab", SAMPLE, "-q", "-o", "all.tsv")
    said = "Note: long.tsv: no character is a word of its own, so text is cut worse; build it without --min-length 2\n"
    assert run("segment", "-v", "long.tsv", corpus).stderr.startswith(said)
    assert "Note" not in run("segment", "-v", "all.tsv", corpus).stderr
    assert run("segment", "-q", "-v", "long.tsv", corpus).stderr == ""


def test_the_header_of_an_excluded_vocabulary_is_no_word():
    Path("text.txt").write_text("word word, word word", "utf-8")
    Path("known.tsv").write_text("word\tcount\nab\t2\n", "utf-8")
    args = ("build-vocab", "text.txt", "-q", "--format", "jieba")
    assert out(*args, "--exclude", "known.tsv", "--exclude", "known.tsv") == out(*args) != ""


def test_words_are_compared_with_those_of_other_text(corpus):
    Path("news.txt").write_text("大海 50\n的 500\n", "utf-8")
    args = ["build-vocab", corpus, "-q", "--method", "ngram", "--min-length", 2]
    rows = out(*args, "--reference", "news.txt", "--sort", "keyness").splitlines()
    assert rows[0].endswith("\tkeyness")
    assert [row.split("\t")[0] for row in rows[1:3]] == ["蝴蝶", "大海"]
    assert fails(*args, "--sort", "keyness")[1].startswith("Error: sorting by keyness needs a reference, a vocabulary")
    assert fails(*args, "--reference", "news.txt", "-o", "news.txt")[0] == 2


def test_lists_of_words_are_in_utf8_or_in_the_encoding_of_the_text(corpus, vocab):
    Path("gbk.txt").write_bytes(BUTTERFLIES.encode("gb18030"))
    for encoding in ("utf-8", "gb18030", "utf-16"):
        Path("list.txt").write_bytes("蝴蝶\n大势天下\n".encode(encoding))
        args = ("--encoding", "gb18030", "-q")
        assert out("build-vocab", "gbk.txt", *args, "--exclude", "list.txt", "--format", "jieba") == "大海 4\n"
        for option in ("--user-dict", "--force"):
            cut = out("segment", "-v", vocab, *args, option, "list.txt", stdin="大势天下".encode("gbk"))
            assert cut == "大势天下\n"
        cut = out("segment", "-v", vocab, *args, "--forbid", "list.txt", stdin="大势天下".encode("gbk"))
        assert cut == "大势 天下\n"
        Path("gold.txt").write_bytes("蝴蝶\n".encode("gbk"))
        known = out("evaluate", "gold.txt", "gold.txt", *args[:2], "--training-words", "list.txt")
        assert "iv_recall           \t    1.0000\n" in known


def test_folders_files_and_standard_input_are_one_corpus(corpus):
    lines = BUTTERFLIES.splitlines(keepends=True)
    Path("folder/deeper").mkdir(parents=True)
    Path("folder/deeper/a.txt").write_bytes("".join(lines[:2]).encode())
    Path("folder/b.jsonl").write_bytes("".join(json.dumps({"text": t}) + "\n" for t in lines[2:4]).encode())
    rest = "".join(lines[4:])
    assert out("build-vocab", "folder", "-", "-q", stdin=rest) == out("build-vocab", corpus, "-q")


def test_the_format_follows_the_suffix_unless_it_is_named(corpus):
    for options in ("-o a.jsonl", "-o b.txt --format jsonl", "-o c.csv --format jsonl"):
        out("build-vocab", corpus, "-q", *options.split())
    assert Path("a.jsonl").read_bytes() == Path("b.txt").read_bytes() == Path("c.csv").read_bytes()
    assert Path("a.jsonl").read_bytes().startswith(b'{"word": ')
    out("build-vocab", corpus, "-q", "-o", "d.jsonl", "--format", "tsv")
    assert Path("d.jsonl").read_text("utf-8") == BUTTERFLY_VOCAB


def test_words_of_a_lower_score_are_left_out():
    lines = out("build-vocab", SAMPLE, "-q").splitlines(keepends=True)
    kept = [line for line in lines[1:] if float(line.split("\t")[2]) >= 2.5]
    assert out("build-vocab", SAMPLE, "-q", "--min-score", "2.5") == lines[0] + "".join(kept)
    assert 0 < len(kept) < len(lines) - 1
    assert run("build-vocab", SAMPLE, "--min-score", 1e9).stderr.startswith(
        "Note: no words found; loosen --min-score\n"
    )


# count-ngrams

NGRAMS = "天\t2\n下\t2\n太\t1\n平\t1\n天下\t2\n下天\t1\n太平\t1\n天下天\t1\n下天下\t1\n天下天下\t1\n"


def test_count_ngrams_counts_by_order_and_appearance():
    result = run("count-ngrams", "-", stdin="天下天下，太平")
    assert result.stdout == NGRAMS
    assert re.fullmatch(r"10 n-grams from 6 characters in \d+\.\d s\n", result.stderr)


def test_count_ngrams_shows_some_orders_and_counts():
    args = ("count-ngrams", "-", "--min-order", 2, "--max-order", 2, "--min-count", 2)
    result = run(*args, stdin="天下天下，太平")
    assert result.stdout == "天下\t2\n"
    assert result.stderr.startswith("1 n-grams from 6 characters in ")


@pytest.mark.parametrize(
    ("args", "text", "units"),
    [
        ([], "买5G网, iPhone14涨3.5%", ["买", "5", "G", "网", "iPhone", "14", "涨", "3.5%"]),
        (["--units", "char"], "5G网ab", ["5", "G", "网", "a", "b"]),
        ([], "臺灣龍鳳", ["臺", "灣", "龍", "鳳"]),
        ([], "𠮷野家😀𪚥", ["𠮷", "野", "家", "𪚥"]),
        ([], "\ufeff天\x00下\r\n", ["天", "下"]),
        (["--normalize", "NFKC"], "ＡＢ①", ["AB", "1"]),
        (["--normalize", "NFC"], "e\u0301", ["é"]),
        (["--errors", "skip-line"], b"\xe5\xff\n\xe5\xa5\xbd\n", ["好"]),
        (["--errors", "replace"], b"\xe5\xa4\xa9\xff\xe5\xa5\xbd\n", ["天", "好"]),
    ],
)
def test_what_counts_as_a_unit(args, text, units):
    lines = out("count-ngrams", "-", "-q", "--max-order", 1, *args, stdin=text)
    assert lines == "".join(f"{unit}\t1\n" for unit in units)


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "big5", "utf-16", "utf-8-sig"])
def test_the_encoding_of_the_input_changes_nothing(encoding):
    text = "天下大，一天之下\r\n大天下"
    Path("text.txt").write_bytes(text.encode(encoding))
    expected = out("count-ngrams", "-", "-q", stdin=text)
    assert out("count-ngrams", "text.txt", "-q", "--encoding", encoding) == expected


def test_gb18030_gives_the_same_words():
    text = Path(SAMPLE).read_text("utf-8")
    Path("gbk.txt").write_bytes(text.encode("gb18030"))
    assert out("build-vocab", "gbk.txt", "-q", "--encoding", "gb18030") == out("build-vocab", SAMPLE, "-q")


def test_field_names_the_text_of_json_lines():
    Path("a.jsonl").write_text('{"text": "天", "body": "\\ud800地"}\n\n{"body": "地"}\n', "utf-8")
    assert out("count-ngrams", "a.jsonl", "-q", "--field", "body") == "地\t2\n"


COMPILED = os.environ.get("NUMBA_DISABLE_JIT", "0") == "0"
LONG = 1_700_000 if COMPILED else 10_000  # 20 MB, where that takes no minutes


def test_a_line_of_20_megabytes():
    Path("long.txt").write_bytes("天下大势".encode() * LONG)
    lines = out("count-ngrams", "long.txt", "-q", "--max-order", 1)
    assert lines == "".join(f"{char}\t{LONG}\n" for char in "天下大势")


def test_a_line_of_20_megabytes_is_segmented(vocab):
    segmented = out("segment", "-q", "-v", vocab, stdin="天下大势" * LONG)
    assert segmented == ("天下 大势 " * LONG)[:-1] + "\n"


# segment


@pytest.fixture(scope="module")
def sample_vocab(tmp_path_factory):
    path = tmp_path_factory.mktemp("sample") / "vocab.tsv"
    assert run("build-vocab", SAMPLE, "-q", "-o", path).exit_code == 0
    return path


@pytest.mark.parametrize(
    ("line", "segmented"),
    [
        ("天下大势", "天下 大势"),
        ("天下，大势。", "天下 ， 大势 。"),
        ("买5G网ab,3.5%", "买 5 G 网 ab , 3.5%"),
        ("天下 大势", "天下 大势"),
        ("天下\t大势", "天下\t大势"),
        ("臺灣天下", "臺 灣 天下"),
        ("𠮷天下😀", "𠮷 天下 😀"),
        ("天\x00下", "天 \x00 下"),
        ("", ""),
    ],
)
def test_segment_cuts_a_line(vocab, line, segmented):
    assert out("segment", "-q", "-v", vocab, stdin=f"{line}\n") == f"{segmented}\n"


def test_segment_takes_what_is_known(vocab):
    Path("user.txt").write_text("大势好 n\n", "utf-8")
    Path("force.txt").write_text("下大\n", "utf-8")
    Path("forbid.txt").write_text("天下\n", "utf-8")
    text = "天下大势好2024年3月，50%"
    assert out("segment", "-q", "-v", vocab, "--user-dict", "user.txt", stdin=text).split()[:2] == ["天下", "大势好"]
    assert out("segment", "-q", "-v", vocab, "--force", "force.txt", stdin=text).split()[:2] == ["天", "下大"]
    assert out("segment", "-q", "-v", vocab, "--forbid", "forbid.txt", stdin=text).split()[:2] == ["天", "下"]
    kept = out("segment", "-q", "-v", vocab, "--keep", "dates", "--keep", "numbers", stdin=text).split()
    assert kept[-3:] == ["2024年3月", "，", "50%"]


def test_segment_learns_from_text(vocab):
    lines = ["蝴蝶飞过大海", "看见蝴蝶", "一只蝴蝶", "蝴蝶是昆虫", "大海很宽", "他爱大海", "去大海边abc"]
    Path("learn").mkdir()
    Path("learn/a.txt").write_text("\n".join(lines[:4]), "utf-8")
    Path("b.txt").write_text("\n".join(lines[4:]), "utf-8")
    Path("user.txt").write_text("看大海\n蝴蝶 0\n", "utf-8")
    learn = ("segment", "-q", "--learn", "learn", "--learn", "b.txt")
    assert out(*learn, stdin="蝴蝶看大海abc\n") == "蝴蝶 看 大海 abc\n"
    assert out(*learn, "--units", "char", stdin="大海abd") == "大海 a b d\n"
    assert out(*learn, "--user-dict", "user.txt", stdin="蝴蝶看大海") == "蝴 蝶 看大海\n"
    assert out("segment", "-q", "--learn", "b.txt", "b.txt").replace(" ", "") == "\n".join(lines[4:]) + "\n"


def test_segment_shares_its_work_among_threads(vocab):
    text = "天下大势，" * 50_000
    assert out("segment", "-q", "-v", vocab, "--threads", 3, stdin=text) == out(
        "segment", "-q", "-v", vocab, stdin=text
    )


def test_segment_sums_up_on_standard_error(vocab):
    result = run("segment", "-v", vocab, stdin="天下\n大势\n")
    assert result.stdout == "天下\n大势\n"
    assert re.fullmatch(r"6 characters in \d+\.\d s\n", result.stderr)


@pytest.mark.parametrize(
    ("separator", "line"),
    [("/", "天下/大势/好"), ("", "天下大势好"), ("、｜", "天下、｜大势、｜好"), (r"\t", "天下\t大势\t好")],
)
def test_separator(vocab, separator, line):
    assert out("segment", "-q", "-v", vocab, "--separator", separator, stdin="天下大势好") == line + "\n"


def test_blanks_of_the_text_are_words_unless_the_separator_is_blank(vocab):
    text = "Think Pad 的\t天下\n"
    assert out("segment", "-q", "-v", vocab, stdin=text) == text
    assert out("segment", "-q", "-v", vocab, "--separator", "/", stdin=text) == "Think/ /Pad/ /的/\t/天下\n"


def test_units_char_may_cut_runs(vocab):
    Path("ab.tsv").write_text("ab 3\n", "utf-8")
    assert out("segment", "-q", "-v", "ab.tsv", stdin="abc12") == "abc 12\n"
    assert out("segment", "-q", "-v", "ab.tsv", "--units", "char", stdin="abc12") == "ab c 1 2\n"


@pytest.mark.parametrize("option", ["--user-dict", "--force", "--forbid"])
def test_words_that_look_like_several_fields_are_remarked_on(vocab, option):
    Path("list.txt").write_text("沈砚秋,5\n云 计算\n骆小满 3 人名\n大势 5 n\n微软 Word\niPhone 15\n", "utf-8")
    n, form = (3, "one word a line, and perhaps a blank and its count") if "user" in option else (4, "one word a line")
    note = f'Note: list.txt: {n} of the words have a comma or space in them, such as "沈砚秋,5"; {form}\n'
    assert run("segment", "-v", vocab, option, "list.txt", stdin="天下").stderr.startswith(note)
    assert run("segment", "-q", "-v", vocab, option, "list.txt", stdin="天下").stderr == ""


def test_zero_bytes_in_a_text_are_remarked_on(vocab):
    Path("a.txt").write_bytes("天下\0大势天下\n".encode())
    Path("b.txt").write_bytes("天下大势\0".encode("utf-16-le"))
    note = "Note: a.txt: there are zero bytes in it; is it text?\n"
    for command in ("segment -v vocab.tsv", "count-ngrams", "build-vocab --min-count 1", "entropy"):
        assert run(*command.split(), "a.txt").stderr.startswith(note)
        assert "zero" not in run(*command.split(), "b.txt", "--encoding", "utf-16-le").stderr
        assert run(*command.split(), "a.txt", "-q").stderr == ""


def test_whoever_is_to_type_a_text_is_told(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", type("Terminal", (), {"isatty": lambda self: True})())
    for paths, quiet in ((("-",), True), (("a.txt",), False), (("-",), False)):
        minent_cli._corpus.note_typing(paths, quiet)
    assert re.fullmatch("Note: reading standard input; Ctrl-[DZ].* it\n", capsys.readouterr().err)


def test_line_ends_stay_and_a_last_one_is_added(vocab):
    assert out("segment", "-q", "-v", vocab, stdin="天下\r\n\r\n大势天下\n\r天") == "天下\r\n\r\n大势 天下\n\r天\n"


def test_a_byte_order_mark_is_dropped(vocab):
    assert out("segment", "-q", "-v", vocab, stdin="\ufeff天下") == "天下\n"


def test_files_come_in_their_order_each_from_a_new_line(vocab):
    for name, text in (("b.txt", "天下"), ("a.txt", "大势\n"), ("c.txt", "")):
        Path(name).write_bytes(text.encode())
    assert out("segment", "-q", "-v", vocab, "b.txt", "a.txt", "c.txt", "-", stdin="研究") == "天下\n大势\n研究\n"


def test_of_nothing_comes_nothing(vocab):
    assert out("segment", "-q", "-v", vocab, stdin="") == ""


lines = st.lists(st.text(st.sampled_from(NASTY) | st.characters(), max_size=20), max_size=8).map(
    lambda parts: "\n".join(part.replace("\n", "").encode(errors="ignore").decode() for part in parts)
)


@given(lines)
def test_one_line_in_one_line_out_and_only_separators_are_new(sample_vocab, text):
    text = text.removeprefix("\ufeff")
    segmented = out("segment", "-q", "-v", sample_vocab, "--separator", "\ue123", stdin=text)
    ended = text + "\n" * (text != "" and not text.endswith("\n"))
    assert segmented.replace("\ue123", "") == ended.replace("\ue123", "")


def test_blocks_leave_no_trace(sample_vocab):
    # More than two blocks of a megabyte, in lines of many lengths.
    text = Path(SAMPLE).read_text("utf-8")
    clauses = itertools.islice(itertools.cycle(re.split("(?<=[，。])", text.replace("\n", ""))), 80_000)
    text = "".join(f"{clause}\n" for clause in clauses)
    assert len(text.encode()) > 2 << 20
    vocab = minent.Vocab.load(sample_vocab)
    segmenter = minent.Segmenter(vocab)
    cut = {}
    for line in set(text.splitlines()):
        cut[line] = "/".join(segmenter.segment(line))
    expected = "".join(f"{cut[line]}\n" for line in text.splitlines())
    assert out("segment", "-q", "-v", sample_vocab, "--separator", "/", stdin=text) == expected


def test_segment_reads_other_encodings_and_writes_utf8(vocab):
    assert out("segment", "-q", "-v", vocab, "--encoding", "gb18030", stdin="天下大势".encode("gbk")) == "天下 大势\n"


@pytest.mark.parametrize("target", ["-", "out.txt"])
def test_a_lone_surrogate_becomes_a_question_mark(vocab, target):
    Path("a.jsonl").write_text('{"text": "\\ud800天下"}\n', "utf-8")
    text = out("segment", "-q", "-v", vocab, "a.jsonl", "-o", target) or Path(target).read_bytes().decode()
    assert text == "? 天下\n"


# evaluate, entropy, suggest-dim, warmup


def test_evaluate_measures():
    Path("gold.txt").write_bytes("天下 太平\n".encode())
    Path("words.txt").write_bytes("word\tcount\n天下\t3\n".encode())
    text = out("evaluate", "gold.txt", "-", "--training-words", "words.txt", stdin="天 下\t太平\r\n")
    assert dict(line.split() for line in text.splitlines()) == {
        **{"lines": "1", "chars": "4", "gold_words": "2", "predicted_words": "3", "correct_words": "1"},
        **{"precision": "0.3333", "recall": "0.5000", "f1": "0.4000"},
        **{"gold_boundaries": "1", "predicted_boundaries": "2", "correct_boundaries": "1"},
        **{"boundary_precision": "0.5000", "boundary_recall": "1.0000", "boundary_f1": "0.6667"},
        **{"oov_words": "1", "oov_rate": "0.5000", "oov_recall": "1.0000", "iv_recall": "0.0000"},
    }
    assert text.startswith("lines               \t         1\nchars               \t         4\n")


def test_evaluate_untags_gold_and_shows_nothing_as_dashes():
    Path("gold.txt").write_bytes("[中央/n 电台/n]nt 好/a\n".encode("gb18030"))
    Path("mine.txt").write_bytes("中央 电台 好\n".encode("gb18030"))
    Path("words.txt").write_bytes("中央\n电台\n好\n".encode("gb18030"))
    args = ("gold.txt", "mine.txt", "--tagged", "--encoding", "gb18030", "--training-words", "words.txt")
    text = out("evaluate", *args)
    assert "f1                  \t    1.0000\n" in text
    assert "oov_recall          \t        --\n" in text


ENTROPY = """\
                         units           words
tokens                      31              23  tokens in the text
types                       19              17  distinct ones: the lexicon
"""


def test_entropy_with_and_without_words(corpus):
    Path("vocab.txt").write_bytes("大海 4\n蝴蝶 4\n".encode())
    both = out("entropy", corpus, "-q", "--vocab", "vocab.txt")
    assert both.startswith(ENTROPY)
    alone = out("entropy", corpus, "-q")
    assert alone.splitlines() == [(line[:30] + line[46:]).rstrip() for line in both.splitlines()]
    assert "bits_per_char           3.9219  L = H / l, bits a character\n" in alone


def test_suggest_dim_of_a_number():
    assert out("suggest-dim", "--vocab-size", 50000) == (
        "vocab_size      50000  N\n"
        "exact              90  smallest n with 2 ln N + h_n < 0\n"
        "rule             90.1  8.33 ln N\n"
        "closed_form      89.9  (4 / ln phi) ln N\n"
        "fourth_root      15.0  N^(1/4), for comparison\n"
        "fastai          600.0  min(600, 1.6 N^0.56), for comparison\n"
    )


def test_suggest_dim_of_a_vocabulary(vocab):
    lines = out("suggest-dim", vocab).splitlines()
    assert lines[0].split() == ["vocab_size", "3", "N"]
    assert [line.split()[0] for line in lines[-3:]] == ["entropy", "effective_size", "effective"]


def test_suggest_dim_draws():
    pytest.importorskip("matplotlib")
    plain = out("suggest-dim", "--vocab-size", 100)
    assert out("suggest-dim", "--vocab-size", 100, "--plot", "dim.svg") == plain
    assert "<svg" in Path("dim.svg").read_text("utf-8")


def test_warmup_says_where_the_cache_is():
    result = run("warmup")
    if not COMPILED:
        message = "Error: NUMBA_DISABLE_JIT is set, so that nothing can be compiled; unset it\n"
        assert (result.exit_code, result.stdout, result.stderr) == (1, "", message)
    else:
        assert (result.exit_code, result.stderr) == (0, "")
        assert re.fullmatch(r"nothing left to compile, all is cached in .*\n", result.stdout)


# Empty results


HEADER_ONLY = "Note: header.tsv: the vocabulary holds no words; every unit stands alone\n"


@pytest.mark.parametrize(
    ("command", "stdin", "stdout", "remarks"),
    [
        ("build-vocab -", "天地玄黄", HEADER, "Note: no words found; take more text\n0 words from 4 characters"),
        (
            "build-vocab - --min-count 50 --max-length 3",
            "天下天下",
            HEADER,
            "Note: no words found; loosen --min-count, --max-length\n0 words",
        ),
        ("count-ngrams -", "", "", "Note: standard input: no letters, digits or Han characters to count\n0 n-grams"),
        (
            "count-ngrams - --min-count 9",
            "天下",
            "",
            "Note: no n-gram is so long and so frequent; loosen --min-order or --min-count\n0 n-grams from 2",
        ),
        ("segment -v header.tsv", "天下", "天 下\n", HEADER_ONLY),
        ("evaluate - empty.txt", "\n", None, "Note: neither file holds a word; there is nothing to compare\n"),
        ("entropy - -v header.tsv", "天下", None, HEADER_ONLY),
    ],
)
def test_an_empty_result_is_remarked_on(command, stdin, stdout, remarks):
    Path("header.tsv").write_bytes(b"word\tcount\n")
    Path("empty.txt").write_bytes(b"\n")
    result = run(*command.split(), stdin=stdin)
    assert result.exit_code == 0
    assert stdout is None or result.stdout_bytes.decode() == stdout
    assert result.stderr.startswith(remarks)
    if command[:4] != "eval":
        assert run(*command.split(), "-q", stdin=stdin).stderr == ""


# Faults

GBK = "天下大势".encode("gb18030")
SPACE = "standard input: no letters, digits or Han characters to {}; name files of text"


@pytest.mark.parametrize(
    ("command", "stdin", "message"),
    [
        ("build-vocab - -o out", "", SPACE.format("find words in")),
        ("build-vocab - -o out", "，。\n!😀\x00", SPACE.format("find words in")),
        ("entropy -", "", SPACE.format("measure")),
        (
            "build-vocab empty.tsv empty.tsv -o out",
            None,
            "all of the 2 files and folders: no letters, digits or Han characters to find words in; name files of text",
        ),
        (
            "segment --learn empty.tsv -o out",
            None,
            "empty.tsv: no letters, digits or Han characters to find words in; name files of text",
        ),
        (
            "build-vocab gbk.txt -o out",
            None,
            "gbk.txt: byte 0 is not valid UTF-8; if the file is GBK, use encoding gb18030 (--encoding gb18030)",
        ),
        (
            "segment -v vocab.tsv - gbk.txt -o out",
            "天下\n",
            "gbk.txt: byte 0 is not valid UTF-8; if the file is GBK, use encoding gb18030 (--encoding gb18030)",
        ),
        (
            "count-ngrams - --encoding gb18030 -o out",
            b"ab\xff\xff",
            "standard input: byte 2 is not valid gb18030; name the right encoding, or replace or skip bad bytes"
            " (--errors replace, --errors skip-line)",
        ),
        ("count-ngrams nothere.txt -o out", None, "nothere.txt: no such file or folder; check the path"),
        (
            "count-ngrams empty -o out",
            None,
            "empty: the folder holds no .txt or .jsonl file; name the files instead",
        ),
        ("build-vocab - -o no/where", "天下", "no/where: cannot be written: there is no folder no; make it first"),
        ("count-ngrams - -o no/where", "天下", "no/where: cannot be written: there is no folder no; make it first"),
        ("segment -v vocab.tsv -o no/where", "天", "no/where: cannot be written: there is no folder no; make it first"),
        (
            "suggest-dim --vocab-size 9 --plot no/x.svg",
            None,
            "no/x.svg: cannot be written: there is no folder no; make it first",
        ),
        ("segment -v empty.tsv", "", "empty.tsv: the vocabulary is empty; expected the header: word, count"),
        ("segment -v many.tsv -o out", "", 'many.tsv:3: the count "many" is not a whole number'),
        ("entropy - -v many.tsv", "天", 'many.tsv:3: the count "many" is not a whole number'),
        (
            "suggest-dim one.tsv",
            None,
            "one.tsv: a dimension needs two words or more; this has 1",
        ),
        (
            "evaluate one.tsv vocab.tsv",
            None,
            "one.tsv and vocab.tsv differ at line 2, column 2: gold has '1' (U+0031), predicted has '下' (U+4E0B)",
        ),
        (
            "count-ngrams bad.jsonl -o out",
            None,
            'bad.jsonl:2: no text in the field "text"; name one of "body", "天" (--field NAME)',
        ),
    ],
)
def test_unusable_data_is_told_in_one_line(vocab, command, stdin, message):
    Path("gbk.txt").write_bytes(GBK)
    Path("many.tsv").write_bytes("word\tcount\n天\t1\n地\tmany\n".encode())
    Path("one.tsv").write_bytes("word\tcount\n天\t1\n".encode())
    Path("empty.tsv").write_bytes(b"")
    Path("bad.jsonl").write_bytes('{"text": "a"}\n{"text": 5, "body": "b", "天": ""}\n'.encode())
    Path("empty").mkdir()
    before = sorted(Path().rglob("*"))
    assert fails(*command.split(), *(["-q"] if "-o" in command else []), stdin=stdin) == (1, f"Error: {message}\n")
    assert sorted(Path().rglob("*")) == before
    if "-o out" in command:
        Path("out").write_bytes(b"old")
        assert run(*command.split(), stdin=stdin).exit_code == 1
        assert Path("out").read_bytes() == b"old"
        assert sorted(Path().rglob("*")) == sorted([*before, Path("out")])


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("count-ngrams - --encoding foo", "unknown encoding 'foo'; try utf-8, gb18030, big5 or utf-16"),
        ("count-ngrams - --encoding rot13", "unknown encoding 'rot13'; try utf-8, gb18030, big5 or utf-16"),
        ("build-vocab - --method pmi --min-pmi 2,3", "--min-pmi of method 'pmi' takes one number, not 2"),
        ("build-vocab - --min-length 3 --max-length 2", "--max-length 2 is less than --min-length 3; raise it"),
        ("find-itemsets - --min-length 3 --max-length 2", "--max-length 2 is less than --min-length 3; raise it"),
        ("build-vocab - --min-score nan", "--min-score must be a number, not nan"),
        ("build-vocab - -o v.csv", "v.csv: .csv files are not written; write .tsv or .jsonl"),
        ("find-itemsets - -o a/V.XLSX", "a/V.XLSX: .xlsx files are not written; write .tsv or .jsonl"),
        ("find-rules - -o v.tsv.gz", "v.tsv.gz: .gz files are not written; write .tsv or .jsonl"),
        ("suggest-dim --vocab-size 9 --plot x.pdf", "x.pdf: a plot must end in .png or .svg"),
    ],
)
def test_a_wrong_parameter_is_wrong_usage(command, message):
    assert fails(*command.split(), stdin="天下") == (2, f"Error: {message}\n")
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("build-vocab", "Missing argument 'FILES...'."),
        (
            "build-vocab - --min-pmi two",
            "Invalid value for '--min-pmi': expected numbers separated by commas, such as 2,5,7",
        ),
        ("build-vocab - --min-count 0", "Invalid value for '--min-count': 0 is not in the range x>=1."),
        ("build-vocab - --min-pmi 2", "--min-pmi belongs to --method ngram and --method pmi"),
        (
            "build-vocab - --method bigram --memory 1G",
            "--method bigram keeps its corpus in memory; leave --memory out, or take another method",
        ),
        ("build-vocab - -o .", "Invalid value for '-o' / '--output': File '.' is a directory."),
        ("build-vocab - --exclude no", "Invalid value for '--exclude': File 'no' does not exist."),
        (
            "build-vocab - --min-count abc",
            "Invalid value for '--min-count': 'abc' is not a whole number; write it in digits alone, such as 50000",
        ),
        ("segment -v vocab.tsv -v vocab.tsv", "--vocab is given more than once; give it once"),
        ("find-rules - --top 3 --top 3", "--top is given more than once; give it once"),
        (
            "segment -v vocab.tsv --keep dates,latin",
            "Invalid value for '--keep': 'dates,latin' is several; repeat the option: --keep dates --keep latin",
        ),
        (
            "count-ngrams - --min-order 3 --max-order 2",
            "--min-order 3 is greater than --max-order 2; raise --max-order",
        ),
        (
            "count-ngrams - --min-order 5",
            "--min-order 5 is greater than --max-order 4, its default; raise --max-order",
        ),
        ("count-ngrams - --max-order 17", "Invalid value for '--max-order': 17 is not in the range 1<=x<=16."),
        ("segment -", "give one of --vocab, --model and --learn"),
        ("segment -v no", "Invalid value for '-v' / '--vocab': File 'no' does not exist."),
        ("segment -v .", "Invalid value for '-v' / '--vocab': File '.' is a directory."),
        ("evaluate - -", "only one file can be - (standard input)"),
        ("evaluate - no", "Invalid value for 'PREDICTED': File 'no' does not exist."),
        ("suggest-dim", "give either --vocab-size N or a VOCAB file"),
        ("suggest-dim --vocab-size 1", "Invalid value for '--vocab-size': 1 is not in the range x>=2."),
        ("nonsense", "No such command 'nonsense'."),
        ("vocab.tsv", "No such command 'vocab.tsv', but a file; try: minent build-vocab vocab.tsv"),
        ("-q build-vocab vocab.tsv", "No such option '-q'; put it after the command"),
    ],
)
def test_wrong_usage_is_told_with_the_way_to_help(vocab, command, message):
    code, text = fails(*command.split(), stdin="天下")
    assert code == 2
    usage, hint, empty, error = text.splitlines()
    name = command.split()[0]
    assert usage.startswith(f"Usage: minent {name if name in COMMANDS else '[OPTIONS]'}")
    assert re.fullmatch(r"Try 'minent( [a-z-]+)? (-h|--help)' for help\.", hint)
    assert (empty, error) == ("", f"Error: {message}")


def test_too_little_memory_is_told(corpus, monkeypatch):
    def fail(*args, **options):
        raise MemoryError

    monkeypatch.setattr("minent.ngram_lines.ngram_lines", fail)
    message = "Error: not enough memory; take a part of the corpus, or a larger --min-count\n"
    assert fails("count-ngrams", corpus) == (1, message)


def test_a_bug_is_not_hidden(corpus, monkeypatch):
    def fail(*args, **options):
        raise ValueError("a bug")

    monkeypatch.setattr("minent.ngram_lines.ngram_lines", fail)
    with pytest.raises(ValueError, match="a bug"):
        run("count-ngrams", corpus)


# The process: pipes, signals, locales, full disks

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals, /dev and shells")


def start(*args, **options):
    return subprocess.Popen([*PROGRAM, *map(str, args)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def test_a_pipe_of_commands(sample_vocab):
    with open(SAMPLE, "rb") as text:
        segment = start("segment", "-q", "-v", sample_vocab, "-", stdin=text)
    evaluate = start("evaluate", SAMPLE, "-", stdin=segment.stdout)
    segment.stdout.close()
    measures, remarks = evaluate.communicate()
    assert (remarks, segment.stderr.read()) == (b"", b"")
    segment.stderr.close()
    assert (segment.wait(), evaluate.returncode) == (0, 0)
    assert b"\nchars               \t     23794\n" in measures


def test_a_reader_that_has_enough_is_no_fault():
    process = start("count-ngrams", SAMPLE, "-q")
    assert process.stdout.readline() == "澜\t9\n".encode()
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0


@POSIX
@pytest.mark.parametrize(("sent", "said", "code"), [("SIGINT", b"\nAborted!\n", 130), ("SIGTERM", b"", 143)])
def test_an_interrupted_command_leaves_nothing_behind(sent, said, code):
    # Standard input stays open, so that the command certainly waits in the middle of its work.
    process = start("build-vocab", "-q", "-", "-o", "out.tsv", stdin=subprocess.PIPE)
    deadline = time.monotonic() + 120
    while not list(Path().iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(getattr(signal, sent))
    assert process.communicate() == (b"", said)
    assert process.returncode == code
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "gbk", "PYTHONUTF8": "0"},
    ],
    ids=["C", "gbk"],
)
def test_utf8_whatever_the_locale(environment, corpus):
    Path("词.txt").write_bytes("𠮷天下 3\n".encode())
    env = {**os.environ, **environment}
    process = start("segment", "-v", "词.txt", stdin=subprocess.PIPE, env=env)
    output, remarks = process.communicate("𠮷天下😀".encode())
    assert output.decode() == "𠮷天下 😀\n"
    assert remarks.startswith(b"5 characters") or b"first run" in remarks
    assert "echo 研究生命起源 |" in start("segment", "--help", env=env).communicate()[0].decode()


@POSIX
@pytest.mark.parametrize(
    "command", ["--help", "--version", "suggest-dim --vocab-size 9", "count-ngrams - -q", "segment -v vocab.tsv -q"]
)
def test_a_full_disk_behind_standard_output(vocab, command):
    with open("/dev/full", "w") as full:
        result = subprocess.run(
            [*PROGRAM, *command.split()], input="天下".encode(), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert result.returncode == 1
    assert result.stderr == b"Error: standard output: No space left on device\n"


@POSIX
@pytest.mark.parametrize("command", ["count-ngrams - -q", "segment -v vocab.tsv -q"])
def test_a_full_disk_behind_the_output_file(vocab, command):
    message = "Error: /dev/full: cannot be written: No space left on device\n"
    assert fails(*command.split(), "-o", "/dev/full", stdin="天下") == (1, message)


@POSIX
def test_one_ctrl_d_ends_what_is_typed(vocab):
    terminal, keyboard = os.openpty()
    process = start("segment", "-v", vocab, stdin=keyboard)
    os.close(keyboard)
    os.write(terminal, "天下大势\n\x04".encode())
    output, remarks = process.communicate(timeout=60)
    os.close(terminal)
    assert output.decode() == "天下 大势\n"
    assert b"Note: reading standard input; Ctrl-D ends it\n" in remarks


@POSIX
def test_closed_streams(vocab):
    def shell(redirect):
        program = " ".join(f'"{part}"' for part in PROGRAM)
        return subprocess.run(
            f"echo 天下 | {program} segment -v vocab.tsv {redirect}", shell=True, capture_output=True, check=False
        )

    silent, lost, empty = shell("2>&-"), shell("-q >&-"), shell("-q <&-")
    assert (silent.returncode, silent.stdout.decode()) == (0, "天下\n")
    assert (empty.returncode, empty.stdout, empty.stderr) == (0, b"", b"")
    assert (lost.returncode, lost.stderr) == (1, b"Error: standard output: Bad file descriptor\n")


def test_the_installed_program():
    program = Path(sys.executable).with_name("minent")
    result = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    assert result.stdout == f"minent {minent.__version__}\n"


@pytest.mark.skipif(not COMPILED, reason="nothing is compiled")
def test_the_first_run_says_that_it_compiles(vocab, folder):
    env = {**os.environ, "NUMBA_CACHE_DIR": str(folder / "cache")}
    said = []
    for _ in range(2):
        process = start("segment", "-v", vocab, stdin=subprocess.PIPE, env=env)
        output, remarks = process.communicate("天下".encode())
        assert output.decode() == "天下\n"
        said.append(re.sub(r"\d+\.\d s ?", "", remarks.decode()))
    first = "Note: first run of this kind, compiling for up to half a minute (minent warmup does all ahead) …\n"
    assert said == [f"{first}3 characters in , of it compiling\n", "3 characters in \n"]


@pytest.mark.parametrize("command", ["build-vocab", "count-ngrams", "segment"])
def test_a_file_that_is_read_is_never_overwritten(corpus, command):
    before = Path(corpus).read_bytes()
    Path("v.tsv").write_text("word\tcount\n蝴蝶\t3\n", "utf-8")
    result = run(command, corpus, "-o", corpus, *(["-v", "v.tsv"] if command == "segment" else []))
    assert result.exit_code == 2
    assert f"{corpus}: is read and would be overwritten; write to another file" in result.stderr
    assert Path(corpus).read_bytes() == before


def test_text_is_segmented_from_the_field_that_is_named(vocab, folder):
    Path("a.jsonl").write_text('{"body": "天下"}\n', "utf-8")
    named = run("segment", "-v", vocab, "a.jsonl", "--field", "body", "-q")
    assert (named.exit_code, named.stdout) == (0, "天下\n")
    unnamed = run("segment", "-v", vocab, "a.jsonl")
    assert 'no text in the field "text"; name one of "body" (--field NAME)' in unnamed.stderr


def test_lists_are_normalized_as_the_corpus_is():
    Path("wide.txt").write_text("ＡＢ天下\n天下 ３\n天下\n" * 3, "utf-8")
    Path("known.txt").write_text("天下\nＡＢ\n", "utf-8")
    args = ["build-vocab", "wide.txt", "-q", "--normalize", "NFKC", "--format", "jieba"]
    assert out(*args) == "天下 9\n3 3\nAB 3\n"
    assert out(*args, "--exclude", "known.txt") == "3 3\n"
    Path("other.txt").write_text("ＡＢ 50\nAB 50\n天下 1\n", "utf-8")
    rows = out(*args[:-2], "--reference", "other.txt", "--sort", "keyness").splitlines()
    assert [row.split("\t")[0] for row in rows[1:]] == ["天下", "3", "AB"]


def test_a_file_of_a_folder_that_is_read_is_never_overwritten(corpus):
    Path("texts").mkdir()
    path = Path("texts/a.txt")
    path.write_text("天下大势", "utf-8")
    assert fails("build-vocab", "texts", "-o", path)[0] == 2
    assert path.read_text("utf-8") == "天下大势"


def test_a_model_overwrites_neither_corpus_nor_vocabulary(corpus):
    before = Path(corpus).read_bytes()
    learn = ["build-vocab", corpus, "--method", "bigram", "-q", "-o", "v.tsv", "--save-model"]
    assert "is read and would be overwritten" in fails(*learn, corpus)[1]
    assert "name the same file" in fails(*learn, "v.tsv")[1]
    assert "cannot be written" in fails(*learn, "nowhere/m.model")[1]
    assert Path(corpus).read_bytes() == before
    assert not Path("v.tsv").exists()


def test_a_corpus_of_copies_is_remarked_on():
    line = "天下大势分久必合合久必分也"
    text = "".join(f"{line}{chr(0x4E00 + i)}\n" for i in range(90))
    note = "Note: 10% of the longer clauses are copies, in which any sequence looks like a word; drop repeated lines"
    assert note in run("build-vocab", "-", stdin=text + text[: 10 * len(line) + 20]).stderr
    assert "copies" not in run("build-vocab", "-", stdin=text).stderr
