"""Whatever is asked of whatever files, the answer is a result or one line that says what is wrong."""

import gzip
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import chinese, nasty_texts

import minent_cli

COMMANDS = {name: command for name, command in minent_cli.main.commands.items() if name != "warmup"}
LINES = "\n".join(chinese(40, seed=5))
VOCAB = "word\tcount\n天下\t4\n大势\t2\n合\t1\n"
MADE = [
    "corpus.txt",
    "vocab.tsv",
    "words.txt",
    "text.jsonl",
    "vocab.bin",
    "vocab.jsonl",
    "corpus.model",
    "corpus.txt.gz",
]
NAMES = [*MADE, "given.txt", "given.tsv", "given.jsonl", "given.csv", "folder", "no such file", "-"]
WORDS = [
    "",
    "1",
    "2",
    "0",
    "-1",
    ".5",
    "10%",
    "nan",
    "64M",
    "512M",
    "2,3",
    "text",
    "gb18030",
    "utf-16",
    " ",
    "/",
    r"\t",
]

contents = (nasty_texts | st.just(LINES)).map(lambda text: text.encode("utf-8", "replace")) | st.binary(max_size=60)


def run(*args, stdin=b""):
    return CliRunner().invoke(minent_cli.main, args, input=stdin, prog_name="minent")


@pytest.fixture(autouse=True, scope="module")
def folder(tmp_path_factory):
    """A folder with a file of each kind that a command reads or writes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("anything"))
        Path("folder").mkdir()
        Path("corpus.txt").write_text(LINES, "utf-8")
        Path("vocab.tsv").write_text(VOCAB, "utf-8")
        Path("words.txt").write_text("天下\n大势 3 n\n", "utf-8")
        Path("text.jsonl").write_text('{"text": "天下大势"}\n{"text": "分久必合"}\n', "utf-8")
        Path("corpus.txt.gz").write_bytes(gzip.compress(LINES.encode()))
        for output, *options in (
            ("vocab.bin", "--format", "compiled"),
            ("vocab.jsonl", "--format", "jsonl"),
            ("given.txt", "--method", "bigram", "--save-model", "corpus.model"),
        ):
            assert run("build-vocab", "corpus.txt", "-o", output, *options).exit_code == 0
        yield


@st.composite
def arguments(draw, command):
    """Files, and some options with values that they may or may not take."""
    args = []
    for option in draw(st.lists(st.sampled_from(command.params), max_size=4)):
        if isinstance(option, click.Option) and option.name not in ("help", "output", "save_model"):
            args.append(draw(st.sampled_from(option.opts)))
            if not option.is_flag:
                args.append(draw(_values(option)))
    return args + draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2))


def _values(option):
    if isinstance(option.type, click.Choice):
        return st.sampled_from(option.type.choices)
    if isinstance(option.type, click.Path):
        return st.sampled_from(NAMES)
    return st.sampled_from(WORDS)


@pytest.mark.parametrize("command", COMMANDS)
@settings(max_examples=120, deadline=None)
@given(st.data(), contents)
def test_the_end_is_a_result_or_one_line(command, data, given):
    for name in NAMES:
        if name.startswith("given"):
            Path(name).write_bytes(given)
    args = data.draw(arguments(COMMANDS[command]))
    result = run(command, "--quiet", *args, stdin=given)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code in (0, 1, 2)
    if result.exit_code == 1:
        assert result.stderr.startswith("Error: ")
        assert result.stderr.count("\n") == 1
