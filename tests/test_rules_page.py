"""docs/rules.md says what the program does: its commands are run, and what the text says of them is so."""

import os
import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import minent
from minent_cli import main

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "docs"))
import rules as page  # noqa: E402

pytestmark = [
    pytest.mark.skipif(not page.NOVEL.exists(), reason="python data/fetch.py three-kingdoms"),
    pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="a novel is long for interpreted code"),
]


@pytest.fixture(scope="module")
def words(tmp_path_factory):
    """The sentences of the novel, cut."""
    return page.cut(tmp_path_factory.mktemp("novel"))


def test_what_the_commands_print_is_up_to_date(words, monkeypatch):
    monkeypatch.chdir(words.parent)
    text = page.PAGE.read_text("utf-8")
    assert page.renew(text) == text, "run `make docs`"


def test_the_commands_of_the_shell_cut_as_the_page_does(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("sentences.txt").write_text(re.sub("([。！？；])", r"\1\n", page.NOVEL.read_text("utf-8")), "utf-8")
    for command in (["build-vocab", str(page.NOVEL)], ["segment", "-v", "vocab.tsv", "sentences.txt"]):
        output = ["-o", "words.txt" if "segment" in command else "vocab.tsv", "-q"]
        assert CliRunner().invoke(main, [*command, *output]).exit_code == 0
    assert Path("words.txt").read_text("utf-8") == words.read_text("utf-8")


def test_what_the_text_says_of_the_novel(words):
    text = page.PAGE.read_text("utf-8")
    assert "has 600,000 characters" in text
    assert round(len(page.NOVEL.read_text("utf-8")), -5) == 600_000
    found = {(*rule.antecedent, *rule.consequent): rule for rule in page.rules_of(words)}
    assert "says (曰) something in two of five sentences that name him" in " ".join(text.split())
    assert found["孔明", "曰"].confidence == pytest.approx(0.4, abs=0.05)
    assert found["孔明", "曰"].lift < 3
    assert found["郭汜", "李傕"].lift > 50
    for left, right in (name.split(" → ") for name in page.LABELLED):
        assert (left, right) in found


def test_a_set_takes_as_many_bytes_as_the_page_says():
    found = minent.frequent_itemsets([range(12)] * 2, 1)
    assert found.parent.nbytes + found.item.nbytes + found.count.nbytes == 12 * len(found)
    assert "A set takes 12 bytes" in page.PAGE.read_text("utf-8")
