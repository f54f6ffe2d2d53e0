"""What the pages in docs/ refer to is there, and their constants are those of the code."""

import importlib
import re
from pathlib import Path

import numpy as np
import pytest
from test_readme import FENCED, LINK, anchor

from minent import autonomy, bigram, gaps, joining, known, sampler

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted(page.name for page in DOCS.glob("*.md"))

NAME = re.compile(r"`(minent(?:\.\w+)+)`")


def prose(path: Path) -> str:
    return FENCED.sub("", path.read_text("utf-8"))


def anchors(path: Path) -> set[str]:
    return {anchor(heading) for heading in re.findall(r"^#+ .*$", prose(path), re.MULTILINE)}


def find(name: str) -> object:
    """The module, class, function or attribute of that name."""
    first, *parts = name.split(".")
    found: object = importlib.import_module(first)
    for part in parts:
        first = f"{first}.{part}"
        try:
            found = importlib.import_module(first)
        except ModuleNotFoundError:
            found = getattr(found, part)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_name_of_the_library_exists(page):
    for name in NAME.findall(prose(DOCS / page)):
        find(name)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_to_a_file_and_to_a_heading(page):
    for link in LINK.findall(prose(DOCS / page)):
        if "://" in link:
            continue
        file, _, heading = link.partition("#")
        target = DOCS / file if file else DOCS / page
        assert target.exists(), link
        assert not heading or heading in anchors(target), link


def test_the_page_names_every_array_of_a_saved_model(tmp_path):
    bigram.BigramModel.learn(["天下大势", "天下太平"], rounds=1).save(tmp_path / "model")
    rows = [line for line in prose(DOCS / "segmentation.md").splitlines() if line.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    with np.load(tmp_path / "model") as file:
        assert named == set(file.files)


def test_every_picture_is_shown_somewhere():
    pages = [*DOCS.glob("*.md"), *ROOT.glob("README*.md"), ROOT / "benchmarks" / "RESULTS.md"]
    shown = {Path(link).name for page in pages for link in LINK.findall(prose(page))}
    assert {picture.name for picture in DOCS.glob("*.svg")} <= shown


@pytest.mark.parametrize(
    "page, text",
    [
        ("words.md", f"x + m₂ − m₁ = {autonomy._GAP},"),
        ("words.md", f"n^{autonomy._LENGTH_EXPONENT} "),
        ("words.md", f"alone = min( {autonomy._MOST_ALONE:g}, ln( "),
        ("words.md", f"a(w) + {autonomy._ALONE:g} · alone"),
        ("words.md", f"between −{-autonomy._LEAST:g} and {autonomy._MOST:g} in a few passes"),
        ("words.md", f"use any word so often, x is {autonomy._NO_OFFSET:g}."),
        ("words.md", f"uses {autonomy._OFTEN} times or more"),
        (
            "words.md",
            f"{autonomy._COHESION:g} · ln( p(w) / p(u) p(v) ) + {autonomy._FREEDOM:g} · h_R(w) "
            f"− {autonomy._BOUND:g} · h_L(v) + {autonomy._READY:g}",
        ),
        ("words.md", f"occurs less than {autonomy._SUFFIX} times"),
        ("words.md", "at least {:g}, {:g}, {:g}".format(*joining.least_cohesion("ngram", None))),
        ("words.md", "whose PMI is below {:g}".format(*joining.least_cohesion("pmi", None))),
        ("segmentation.md", f"lie {len(gaps._SPANS)} n-grams of up to {gaps._LONGEST} units"),
        ("segmentation.md", f"z being kept within ± {bigram._MOST:g}"),
        ("segmentation.md", f"{bigram._RISE} log₁₀(n / {bigram._NO_BIAS:,}) for a corpus"),
        ("segmentation.md", f"no less than 0 and no more than {bigram._MOST_BIAS} "),
        ("segmentation.md", f"up to {bigram.LONGEST_WORD} units"),
        ("segmentation.md", f"a p₁ of {known._LIKELY} at least"),
        ("segmentation.md", f"longer than {bigram.LONGEST_WORD} units"),
        ("segmentation.md", f"θ = {sampler.BIGRAM_PRIOR[2]:g}"),
        ("segmentation.md", f"max(c(v, w) − {sampler.BIGRAM_PRIOR[1]}, 0)"),
    ],
)
def test_constants_are_those_of_the_code(page, text):
    assert text in " ".join((DOCS / page).read_text("utf-8").split())
