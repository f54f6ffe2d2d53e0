"""Makes docs/rules.svg and the generated parts of docs/rules.md: ``python docs/rules.py``.

What it mines is *Romance of the Three Kingdoms* as ``data/fetch.py`` brings it; without that, all stays as it is.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from click.testing import CliRunner

import minent
from minent_cli import main

HERE = Path(__file__).resolve().parent
NOVEL = HERE.parent / "data/downloads/three-kingdoms/raw.txt"
PAGE = HERE / "rules.md"
BLOCK = re.compile(r"(```console\n\$ (minent [^\n]*)\n).*?^```$", re.MULTILINE | re.DOTALL)
LABELLED = (
    *("高沛 → 杨怀", "吕翔 → 吕旷", "羽扇 → 纶巾", "桃园 → 结义", "郭汜 → 李傕", "且看下文分解 → 未知"),
    *("诗赞 → 曰", "谓 → 曰", "孔明 → 曰", "曰 → 孔明"),
)


def run(command: str) -> str:
    """What a command prints, in the current folder."""
    import shlex

    result = CliRunner().invoke(main, [*shlex.split(command)[1:], "--quiet"], prog_name="minent")
    assert result.exit_code == 0, (command, result.output)
    return result.stdout


def cut(folder: Path) -> Path:
    """The sentences of the novel, one a line, cut into words that were found in it."""
    sentences = re.sub("([。！？；])", r"\1\n", NOVEL.read_text("utf-8"))
    vocab = minent.build_vocab(NOVEL)
    vocab.save(folder / "vocab.tsv")
    words = folder / "words.txt"
    words.write_text(minent.Segmenter(vocab).spaced(sentences), "utf-8")
    return words


def rules_of(words: Path) -> minent.Rules:
    """Pairs of words, without those of punctuation."""
    sentences = minent.Transactions.from_files(words, separator=" ")
    marks = [item for item in sentences.items if not any(map(str.isalnum, str(item)))]
    found = minent.frequent_itemsets(sentences.without(marks), 10, max_length=2)
    return minent.association_rules(found, 0.1)


def draw(rules: minent.Rules, path: Path) -> None:
    """Each rule as a point: support across, confidence upwards, the colour its lift."""
    import warnings

    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "minent", "svg.fonttype": "none", "font.size": 9})
    from matplotlib import pyplot
    from matplotlib.colors import LogNorm

    figure, axis = pyplot.subplots(figsize=(8, 4.5), dpi=150)
    order = rules.metric("lift").argsort(kind="stable")
    support, confidence, lift = (rules.metric(name)[order] for name in ("support", "confidence", "lift"))
    shown = axis.scatter(
        support, confidence, c=lift, s=7, norm=LogNorm(vmin=0.5), cmap="viridis", linewidths=0, rasterized=True
    )
    for label, x, y in labels(rules):
        axis.annotate(label, (x, y), xytext=(5, 3), textcoords="offset points", fontsize=8)
    axis.set_xlim(right=0.05)
    axis.set(xscale="log", xlabel="support: share of the sentences with both words", ylabel="confidence")
    axis.grid(True, linewidth=0.3)
    figure.colorbar(shown, label="lift")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # text stays text, so the fonts of this machine need not have it
        figure.tight_layout()
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None}, dpi=150)


def labels(rules: minent.Rules) -> list[tuple[str, float, float]]:
    """Where the labelled rules stand."""
    found: dict[str, Any] = {f"{rule.antecedent[0]} → {rule.consequent[0]}": rule for rule in rules}
    return [(name, found[name].support, found[name].confidence) for name in LABELLED if name in found]


def renew(page: str) -> str:
    """The page with what its commands print now."""
    return BLOCK.sub(lambda block: f"{block[1]}{run(block[2])}```", page)


def renew_all() -> None:
    """The picture and the page."""
    import os

    with tempfile.TemporaryDirectory() as folder:
        words = cut(Path(folder))
        draw(rules_of(words), HERE / "rules.svg")
        os.chdir(folder)
        page = renew(PAGE.read_text("utf-8"))
        os.chdir(HERE)
    PAGE.write_text(page, "utf-8", newline="\n")


if __name__ == "__main__":
    if NOVEL.exists():
        renew_all()
    else:
        print(f"{PAGE}: left as it is; python data/fetch.py three-kingdoms brings the novel", file=sys.stderr)
