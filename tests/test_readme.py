"""The READMEs say what the program does, and say the same in both languages."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh.md")
COMMANDS = "docs/commands.md"
PAGES = (*READMES, "CHANGELOG.md", "CONTRIBUTING.md", "data/README.md", "docs/rules.md", COMMANDS)

FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
COG = re.compile(r"^<!-- \[\[\[cog.*?^\]\]\] -->$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def prose(name: str) -> str:
    return COG.sub("", FENCED.sub("", read(name)))


def headings(name: str) -> list[str]:
    return re.findall(r"^#+ .*$", prose(name), re.MULTILINE)


def anchor(heading: str) -> str:
    """The name that a heading gets on the web page: lower case, without punctuation, blanks as hyphens."""
    return re.sub(r"[^\w\- ]", "", heading.lstrip("# ").lower()).replace(" ", "-")


def test_generated_parts_are_up_to_date():
    pytest.importorskip("cogapp", reason="pip install '.[dev]'")
    # What is compared is text, so the kernels may as well run compiled.
    result = subprocess.run(
        [sys.executable, "-m", "cogapp", "--check", *READMES, COMMANDS],
        cwd=ROOT,
        env=os.environ | {"NUMBA_DISABLE_JIT": "0", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert result.returncode == 0, f"run `make docs`\n{result.stdout}{result.stderr}"


def test_both_languages_have_the_same_outline():
    english, chinese = ([line.split(" ")[0] for line in headings(name)] for name in READMES)
    assert english == chinese


@pytest.mark.parametrize("pattern", [FENCED, COG], ids=["code", "generators"])
def test_both_languages_have_the_same_blocks(pattern):
    english, chinese = (pattern.findall(read(name)) for name in READMES)
    assert english
    assert english == chinese


def test_both_languages_have_tables_and_lists_of_the_same_size():
    english, chinese = (re.findall(r"^(\||- )", prose(name), re.MULTILINE) for name in READMES)
    assert english == chinese


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name):
    anchors = {anchor(heading) for heading in headings(name)}
    for link in LINK.findall(prose(name)):
        target, _, part = link.partition("#")
        if not target:
            assert part in anchors, link
        elif "://" not in link:
            assert (ROOT / name).parent.joinpath(target).exists(), link


def test_every_command_is_described():
    from minent_cli import main

    assert headings(COMMANDS)[1:] == [f"## minent {command}" for command in main.commands]
    for name in READMES:
        rows = re.findall(r"^\| \[`([a-z-]+)`\]\(docs/commands\.md#minent-([a-z-]+)\)", prose(name), re.MULTILINE)
        assert rows == [(command, command) for command in main.commands]


def test_the_picture_of_the_house_shows_every_module_below_what_it_imports():
    modules = re.findall(r"^ {6}(\w+)\.py ", read("CONTRIBUTING.md"), re.MULTILINE)
    assert sorted(modules) == sorted(path.stem for path in (ROOT / "minent").glob("*.py"))
    for place, module in enumerate(modules):
        source = read(f"minent/{module}.py")
        imported = set(re.findall(r"^\s*from minent\.(\w+) import", source, re.MULTILINE)) - {"_kernels"}
        assert imported <= set(modules[:place]), module
