"""The pictures of these pages, drawn from what minent measures in real text: ``python docs/pictures.py``.

Needs matplotlib (``pip install -e ".[plot]"``), a font with Chinese characters, and the *People's Daily* of
``python data/fetch.py people-daily``. Characters are drawn as outlines, so that a reader needs no font.
"""

from __future__ import annotations

import functools
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

import minent  # noqa: E402
from benchmarks.cuts import Text, cuts_at  # noqa: E402
from minent.autonomy import Autonomy, autonomy  # noqa: E402
from minent.bigram import BigramModel  # noqa: E402
from minent.gaps import mark_cuts  # noqa: E402
from minent.numerals import as_one, is_latin, is_number  # noqa: E402
from minent.sampler import Sampler  # noqa: E402

PEOPLE = HERE.parent / "data" / "downloads" / "people-daily"
FONTS = ("notosanscjk-regular", "sourcehansanssc-regular", "wqy-microhei", "msyh", "pingfang")
BLUE, RED, GREEN, GREY = "#1b6ca8", "#c8553d", "#4f772d", "#8a8f98"
OFTEN = 20
CENTRED = {"ha": "center", "va": "center"}


@functools.cache
def pyplot() -> Any:
    """matplotlib, set up to draw the same picture from the same numbers."""
    import matplotlib
    from matplotlib.font_manager import FontProperties, findSystemFonts, fontManager

    files = {Path(file).stem.lower(): file for file in findSystemFonts()}
    chinese = [files[name] for name in FONTS if name in files]
    if not chinese:
        sys.exit(f"Error: no font with Chinese characters; install one of {', '.join(FONTS)}")
    fontManager.addfont(chinese[0])
    matplotlib.use("svg")
    matplotlib.rcParams.update(
        {
            "svg.hashsalt": "minent",
            "svg.fonttype": "path",
            "font.family": ["DejaVu Sans", FontProperties(fname=chinese[0]).get_name()],
            "font.size": 9,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "figure.constrained_layout.use": True,
        }
    )
    from matplotlib import pyplot

    return pyplot


@functools.cache
def corpus() -> minent.Corpus:
    """The development corpus, all numbers as one."""
    return as_one(minent.Corpus.from_files(PEOPLE / "raw.txt"))


@functools.cache
def measured() -> Autonomy:
    """Its n-grams of up to 6 units, their autonomy and its granularity, as ``build_vocab`` has them."""
    return autonomy(corpus(), minent.count_ngrams(corpus(), max_order=6, min_count=3, branching=True))


@functools.cache
def gold() -> list[list[str]]:
    """Its words as people see them."""
    return [line.split(" ") for line in (PEOPLE / "gold.txt").read_text("utf-8").splitlines()]


def cuts_of(clause: str) -> list[int]:
    """Where autonomy ends words in a clause of units of one character."""
    ids = np.array([*map(corpus().units.ids.__getitem__, clause), 0], np.int32)
    return np.flatnonzero(mark_cuts(ids, measured().cuts(ids))).tolist()


def draw_branching(axes: Any) -> None:
    """Branching entropy at each gap of a clause, from both sides."""
    clause = "改革开放以来我国经济快速发展"
    tree = measured().tree
    right, left = (minent.branching_entropy(tree, side=side)[2] for side in ("right", "left"))

    def of_two(entropies: Any, begin: int) -> float:
        node = tree.find(clause[begin : begin + 2])
        return float(entropies[node - tree.starts[1]]) if node >= 0 else np.nan

    gaps = np.arange(2, len(clause) - 1)
    lines = (
        ([of_two(right, gap - 2) for gap in gaps], BLUE, "right entropy of the two before"),
        ([of_two(left, gap) for gap in gaps], RED, "left entropy of the two after"),
    )
    for heights, colour, label in lines:
        axes.plot(gaps, heights, "o-", color=colour, markersize=4, linewidth=1.2, label=label)
    for cut in cuts_of(clause)[1:]:
        axes.axvline(cut, color=GREY, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    for place, char in enumerate(clause):
        axes.text(place + 0.5, -0.75, char, ha="center", va="center", fontsize=15)
    axes.set(xlim=(0, len(clause)), ylim=(-1.3, 7.4), ylabel="nats", yticks=range(0, 7, 2), xticks=[])
    axes.spines["bottom"].set_visible(False)
    axes.legend(loc="upper left", ncols=2, frameon=False, fontsize=8)


def is_word_in_gold(ngrams: list[str], occurrences: np.ndarray) -> np.ndarray:
    """Which of some n-grams are words in the gold standard, at least half of the times that they occur."""
    counts = Counter(word for line in gold() for word in line)
    return np.array([2 * counts[ngram] for ngram in ngrams]) >= occurrences


@functools.cache
def pairs() -> tuple[np.ndarray, list[str], np.ndarray]:
    """Nodes and texts of the n-grams of two units that come often, and which of them are words."""
    tree = measured().tree
    of_two = tree.order(2)
    nodes = np.arange(of_two.start, of_two.stop)
    nodes = nodes[tree.count[nodes] >= OFTEN]
    texts = tree.text(nodes)
    return nodes, texts, is_word_in_gold(texts, tree.count[nodes])


def draw_scatter(axes: Any) -> None:
    """Cohesion against the smaller branching entropy, words marked."""
    nodes, texts, is_word = pairs()
    tree = measured().tree
    at = nodes - tree.starts[1]
    cohesion = minent.pmi(tree)[2][at]
    freedom = np.minimum(*(minent.branching_entropy(tree, side=side)[2][at] for side in ("left", "right")))
    shown = np.random.default_rng(1).permutation(len(nodes))[:1000]
    for mask, colour, label in ((~is_word, RED, "no word"), (is_word, BLUE, "word")):
        some = shown[mask[shown]]
        axes.plot(cohesion[some], freedom[some], "o", color=colour, markersize=2.2, alpha=0.6, mew=0, label=label)
    for text, offset in (
        ("葡萄", (-24, 8)),
        ("经济", (8, 9)),
        ("的时", (-24, 8)),
        ("员会", (10, 10)),
        ("我们", (6, 12)),
    ):
        place = texts.index(text)
        axes.annotate(
            text,
            (cohesion[place], freedom[place]),
            xytext=offset,
            textcoords="offset points",
            fontsize=11,
            arrowprops={"arrowstyle": "-", "linewidth": 0.6},
        )
        axes.plot(cohesion[place], freedom[place], "o", color="black", markersize=3)
    axes.set(xlabel="cohesion, nats", ylabel="lesser branching entropy, nats")
    axes.legend(frameon=False, loc="upper right", markerscale=2)


def draw_autonomy(axes: Any) -> None:
    """How autonomy tells words from other n-grams of two units."""
    nodes, _, is_word = pairs()
    values = measured().values[nodes]
    never = np.isneginf(values)
    bins = np.arange(-5, 13.5, 0.5)
    for mask, colour, label in ((~is_word, RED, "no word"), (is_word, BLUE, "word")):
        label = f"{label}: {mask.sum():,}, {(mask & never).sum():,} of them −∞"
        axes.hist(values[mask & ~never], bins, color=colour, alpha=0.55, label=label)
    axes.set(xlabel="autonomy, nats", ylabel="n-grams of two units")
    axes.legend(frameon=False, fontsize=8)


def draw_granularity(axes: Any) -> None:
    """What the rule for the offset looks at, and what no program could know: the F1 that follows."""
    found, tree = measured(), measured().tree
    sample = corpus().sample(1_000_000)
    gap, f1 = [], []
    offsets = np.arange(0.0, 5.1, 0.5)
    worth = found.values.copy()
    worth[tree.order(1)] += 2 * found.alone
    runs = (is_latin(tree.units) | is_number(tree.units))[tree.unit]
    text = Text(["".join(words) for words in gold()], gold())
    for x in offsets:
        words = replace(found, offset=x).lexicon(sample)
        often = words.nodes(tree)[words.counts >= OFTEN]
        often = often[~runs[often]]
        one, two = (worth[often[(often >= tree.starts[n - 1]) & (often < tree.starts[n])]].mean() for n in (1, 2))
        gap.append(x + two - one)
        f1.append(text.f1(text.boundaries(corpus().ids, cuts_at(found, corpus().ids, x))))
    axes.plot(offsets, gap, "o-", color=BLUE, markersize=4)
    axes.axhline(7.8, color=BLUE, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.axvline(found.offset, color=GREY, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.set(xlabel="offset x, nats", ylim=(min(gap) - 0.2, max(gap) + 0.2))
    axes.set_ylabel("x + m₂ − m₁, nats", color=BLUE)
    axes.annotate("7.8", (4.85, 7.8), xytext=(0, 3), textcoords="offset points", color=BLUE)
    axes.annotate(f"x = {found.offset:.2f}", (found.offset, min(gap)), xytext=(4, 0), textcoords="offset points")
    other = axes.twinx()
    other.plot(offsets, f1, "s-", color=RED, markersize=3.5)
    other.set_ylabel("F1 against gold", color=RED)
    other.spines["right"].set_visible(True)


def draw_lattice(axes: Any) -> None:
    """All words over a clause, what each costs, the cheapest way through, and another."""
    clause, other = "他的确切地址", ("他", "的确", "切", "地址")
    vocab = minent.build_vocab(PEOPLE / "raw.txt")
    best = minent.Segmenter(vocab).segment(clause)
    ends = np.cumsum([len(word) for word in best]).tolist()
    taken = set(zip([0, *ends], ends, strict=False))
    total = int(vocab.counts.sum())

    def cost(words: Any) -> float:
        return -float(np.log(np.array([vocab[word] for word in words]) / total).sum())

    spans = [(a, b) for a in range(len(clause)) for b in range(a + 1, len(clause) + 1) if clause[a:b] in vocab]
    for begin, end in spans:
        word, chosen = clause[begin:end], (begin, end) in taken
        height = -0.35 if len(word) == 1 else 0.33 * len(word)  # words of one unit below, longer ones above
        t = np.linspace(0, 1, 40)
        colour = BLUE if chosen else GREY
        axes.plot(begin + t * len(word), 4 * height * t * (1 - t), color=colour, linewidth=2.2 if chosen else 0.9)
        axes.text(
            (begin + end) / 2, height + 0.1 * np.sign(height), f"{word} {cost([word]):.1f}", **CENTRED, color=colour
        )
    axes.plot(range(len(clause) + 1), [0] * (len(clause) + 1), "o", color="black", markersize=5, zorder=3)
    for words, height, colour in ((best, 1.2, BLUE), (other, 1.02, GREY)):
        axes.text(0, height, f"{' · '.join(words)}: {cost(words):.1f} nats", fontsize=11, color=colour)
    axes.set(xlim=(-0.1, len(clause) + 0.1), ylim=(-0.55, 1.35))
    axes.set_axis_off()


def draw_sampler(axes: Any) -> None:
    """One clause over the sweeps of the Gibbs sampler from random cuts on, without and with the gap classifier."""
    clause = "他在庙门口的石阶缝里看到一株草"
    text = minent.Corpus.from_files(HERE.parent / "data" / "sample.txt")
    model = BigramModel.learn(text)
    ids = np.asarray(as_one(text).ids)
    nodes = model.tree.walk(ids, 5)
    wanted = [text.units.ids[char] for char in clause]
    at = int(np.flatnonzero((np.lib.stride_tricks.sliding_window_view(ids, len(wanted)) == wanted).all(axis=1))[0])
    weights = np.exp(np.clip(model.gaps.log_odds(ids, nodes), -8, 8))
    for left, cut, title in ((0, np.ones_like(weights), "word models alone"), (16, weights, "with the gap classifier")):
        step = _random_words(ids, np.random.default_rng(1))
        sampler = Sampler(ids, nodes, model.tree, step, seed=0)
        sampler.cut = cut
        rows = [_lengths(step, at, len(clause))]

        def swept(rows: Any = rows, step: Any = step) -> None:
            rows.append(_lengths(step, at, len(clause)))

        sampler.unigram(3, swept)
        sampler.bigram(5, swept)
        axes.text(left + len(clause) / 2, 1, title, **CENTRED, fontsize=10)
        for number, lengths in enumerate(rows):
            _boxes(axes, left, -number, clause, lengths)
    for number in range(len(rows)):
        label = "at random" if number == 0 else f"unigram {number}" if number <= 3 else f"bigram {number - 3}"
        axes.text(-0.3, -number, label, ha="right", va="center", fontsize=8, color=GREY)
    axes.set(xlim=(-2.6, 31), ylim=(0.5 - len(rows), 1.4))
    axes.set_axis_off()


def _boxes(axes: Any, left: float, height: float, clause: str, lengths: list[int]) -> None:
    begin = 0
    for length in lengths:
        box = {"facecolor": BLUE, "alpha": 0.2 if length > 1 else 0.08, "edgecolor": "none"}
        axes.barh(height, length - 0.14, 0.78, left + begin + 0.07, **box)
        for place in range(begin, begin + length):
            axes.text(left + place + 0.5, height - 0.03, clause[place], **CENTRED)
        begin += length


def _random_words(ids: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Words of 1 to 5 units, cut at half of the gaps."""
    step = np.zeros(len(ids), np.int8)
    i = 0
    while i < len(ids):
        n = 1
        while ids[i] != 0 and n < 5 and ids[i + n] != 0 and random.random() < 0.5:
            n += 1
        step[i] = n if ids[i] != 0 else 0
        i += n
    return step


def _lengths(step: np.ndarray, begin: int, size: int) -> list[int]:
    """Lengths of the words of a clause, as the sampler keeps them."""
    lengths: list[int] = []
    while sum(lengths) < size:
        lengths.append(int(step[begin + sum(lengths)]))
    return lengths


PICTURES: dict[str, tuple[Callable[[Any], None], tuple[float, float]]] = {
    "branching-entropy": (draw_branching, (8, 2.8)),
    "cohesion": (draw_scatter, (6.4, 4.2)),
    "autonomy": (draw_autonomy, (6.4, 3.0)),
    "granularity": (draw_granularity, (6.4, 3.2)),
    "lattice": (draw_lattice, (8, 2.8)),
    "sampler": (draw_sampler, (9, 3.2)),
}


def main(names: list[str]) -> None:
    """Draw the pictures with these names, or all."""
    for name in names or PICTURES:
        draw, size = PICTURES[name]
        figure, axes = pyplot().subplots(figsize=size)
        draw(axes)
        figure.savefig(HERE / f"{name}.svg", format="svg", metadata={"Date": None, "Creator": None})
        pyplot().close(figure)


if __name__ == "__main__":
    main(sys.argv[1:])
