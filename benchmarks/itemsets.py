"""Frequent itemsets and rules: from Python lists to what the program returns."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import xor
from pathlib import Path
from typing import Any

from benchmarks import baskets
from benchmarks.registry import Case, Comparison, Options, Run
from benchmarks.texts import KEPT

# Generated, and those of the FIMI repository if they are on hand; with the least number of transactions of a set.
GENERATED = {
    "dense": (lambda: baskets.dense(), 1598),
    "wide": (lambda: baskets.dense(15_000, 40, 1.2, 2), 3045),
    "clicks": (lambda: baskets.clicks(), 20),
    "groceries": (lambda: baskets.groceries(), 5),
    "quest": (lambda: baskets.quest(), 10),
}
FIMI = {"mushroom": 813, "retail": 9, "T10I4D100K": 10, "chess": 1598, "BMS1": 36, "kosarak": 990}
SLOW = {"groceries": 8, "clicks": 30, "dense": 2237, "mushroom": 1625, "retail": 88}
# Not retail: mlxtend rounds, and loses the rules there whose confidence is exactly the least one.
RULES = {"groceries": 8, "clicks": 30, "dense": 2397, "mushroom": 2437}


@dataclass(frozen=True)
class Found:
    """What a contender holds at the end, and how to read it: pairs of items and count."""

    held: Any
    pairs: Callable[[Any], Iterable[tuple[Iterable[int], int]]]


def _generated(name: str, make: Callable[[], baskets.Rows], support: int) -> dict[str, Case]:
    KEPT.mkdir(parents=True, exist_ok=True)
    path = KEPT / f"{name}.dat"
    with path.open("w", encoding="ascii") as file:
        file.writelines(" ".join(map(str, row)) + "\n" for row in make())
    return {f"{name}, support {support}": {"file": str(path), "support": support}}


def _cases(options: Options) -> dict[str, Case]:
    cases = {}
    for name, (make, support) in GENERATED.items():
        cases |= _generated(name, make, support)
    for name, support in FIMI.items():
        path = baskets.FIMI / f"{name}.dat"
        if path.is_file():
            cases[f"{name}, support {support}"] = {"file": str(path), "support": support}
    return cases


def _cases_at(supports: dict[str, int]) -> Callable[[Options], dict[str, Case]]:
    """The same transactions at other supports."""
    return lambda options: {
        f"{name}, support {supports[name]}": {**case, "support": supports[name]}
        for title, case in _cases(options).items()
        if (name := title.partition(",")[0]) in supports
    }


def _amount(case: Case) -> float:
    with Path(case["file"]).open("rb") as file:
        return sum(1 for _ in file)


def _rows(case: Case) -> baskets.Rows:
    return baskets.read(Path(case["file"]))


def _summary(found: Found) -> dict[str, Any]:
    """How many sets, and a sum over a hash of each with its count."""
    keys: dict[int, int] = {}
    number = total = 0
    for items, count in found.pairs(found.held):
        marks = [keys.get(item) or keys.setdefault(item, random.Random(item).getrandbits(64)) for item in items]
        total += reduce(xor, marks) * count
        number += 1
    return {"sets": number, "_sum": total % (1 << 64)}


itemsets = Comparison(
    name="itemsets",
    title="Frequent itemsets",
    note="All frequent itemsets, from a list of lists of whole numbers to what the program returns: tuples for pyfim, "
    "a prefix tree in arrays for minent. All agree on every set and count. *spectrum* only counts how many there are "
    "of each size and count, and returns none.",
    cases=_cases,
    amount=_amount,
    unit="transactions",
    summary=_summary,
)


@itemsets.contender("minent", requires=("minent",))
def with_minent(case: Case) -> Run:
    return _minent(case, 1)


@itemsets.contender("minent, two threads", requires=("minent",))
def with_two_threads(case: Case) -> Run:
    return _minent(case, 2)


def _minent(case: Case, threads: int) -> Run:
    import minent

    rows = _rows(case)
    return lambda: Found(minent.frequent_itemsets(rows, case["support"], threads=threads), lambda found: found.items())


def _pyfim(name: str, loses: str = "") -> None:
    """Two contenders: an algorithm of pyfim that returns sets, and one that counts them."""

    @itemsets.contender(f"pyfim {name}", requires=("pyfim",), differs=loses)
    def with_sets(case: Case) -> Run:
        import fim

        rows = _rows(case)
        return lambda: Found(getattr(fim, name)(rows, supp=-case["support"], target="s"), iter)

    @itemsets.contender(
        f"pyfim {name}, spectrum", requires=("pyfim",), differs="Counts sets by size and support and returns none."
    )
    def with_spectrum(case: Case) -> Run:
        import fim

        rows = _rows(case)
        return lambda: Found(getattr(fim, name)(rows, supp=-case["support"], target="s", report="#"), lambda held: ())


large = Comparison(
    name="itemsets-large",
    title="Frequent itemsets in a large input",
    note="A million visits to 20,000 pages at a low support: what a second thread is worth, from a list of lists to "
    "the tree of sets. Lists are read by one thread.",
    cases=lambda options: _generated("visits", lambda: baskets.clicks(1_000_000, 20_000, 8.0, 2000, 5), 10),
    amount=_amount,
    unit="transactions",
    summary=_summary,
)
large.contender("minent", requires=("minent",))(with_minent)
large.contender("minent, two threads", requires=("minent",))(with_two_threads)


LOSES = "Loses sets made only of items that all transactions hold: one in mushroom."
_pyfim("eclat", LOSES)
_pyfim("fpgrowth", LOSES)
_pyfim("relim")
_pyfim("sam")


python = Comparison(
    name="itemsets-python",
    title="Frequent itemsets beside Python libraries",
    note="The same at supports that are high enough for programs in Python. mlxtend makes a boolean table of it first.",
    cases=_cases_at(SLOW),
    amount=_amount,
    unit="transactions",
    summary=_summary,
)
python.contender("minent", requires=("minent",))(with_minent)


def _frame(rows: baskets.Rows) -> Any:
    import pandas
    from mlxtend.preprocessing import TransactionEncoder

    encoder = TransactionEncoder()
    return pandas.DataFrame(encoder.fit_transform(rows), columns=encoder.columns_)


# Its apriori takes more than 20 GB on some of these.
def _mlxtend(case: Case, made: bool) -> Run:
    from mlxtend.frequent_patterns import fpgrowth

    rows = _rows(case)
    ready = _frame(rows) if made else None
    # A hair less, since it compares quotients.
    share = (case["support"] - 0.5) / len(rows)

    def pairs(found: Any) -> Iterable[tuple[Iterable[int], int]]:
        return zip(found["itemsets"], (found["support"] * len(rows)).round().astype(int).tolist(), strict=True)

    def run() -> Found:
        frame = _frame(rows) if ready is None else ready
        return Found(fpgrowth(frame, min_support=share, use_colnames=True), pairs)

    return run


@python.contender("mlxtend fpgrowth", requires=("mlxtend",))
def with_mlxtend(case: Case) -> Run:
    return _mlxtend(case, made=False)


@python.contender("mlxtend fpgrowth, its table made beforehand", requires=("mlxtend",))
def with_mlxtend_table(case: Case) -> Run:
    return _mlxtend(case, made=True)


@python.contender("efficient-apriori", requires=("efficient-apriori",))
def with_efficient_apriori(case: Case) -> Run:
    from efficient_apriori import itemsets_from_transactions

    rows = [tuple(row) for row in _rows(case)]
    share = (case["support"] - 0.5) / len(rows)

    def pairs(found: Any) -> Iterable[tuple[Iterable[int], int]]:
        return ((items, count) for level in found.values() for items, count in level.items())

    return lambda: Found(itemsets_from_transactions(rows, share, max_length=1000)[0], pairs)


def _rules_summary(found: Any) -> dict[str, Any]:
    """How many rules, and the sum of their confidences and lifts."""
    number, confidence, lift = found()
    return {"rules": number, "_confidence": round(confidence, 3), "_lift": round(lift, 2)}


rules = Comparison(
    name="rules",
    title="Association rules",
    note="All rules with a confidence of 0.6 or more and any number of items on either side, from the itemsets as each "
    "program has them.",
    cases=_cases_at(RULES),
    amount=_amount,
    unit="transactions",
    summary=_rules_summary,
)


@rules.contender("minent", requires=("minent",))
def rules_with_minent(case: Case) -> Run:
    import dataclasses

    import minent

    found = minent.frequent_itemsets(_rows(case), case["support"])

    def run() -> Any:
        fresh = dataclasses.replace(found)  # without the index that the first run left behind
        made = minent.association_rules(fresh, 0.6, max_consequent=None)
        confidence, lift = made.metric("confidence"), made.metric("lift")
        return lambda: (len(made), float(confidence.sum()), float(lift.sum()))

    return run


@rules.contender("mlxtend", requires=("mlxtend",))
def rules_with_mlxtend(case: Case) -> Run:
    from mlxtend.frequent_patterns import association_rules, fpgrowth

    rows = _rows(case)
    found = fpgrowth(_frame(rows), min_support=(case["support"] - 0.5) / len(rows), use_colnames=True)

    def run() -> Any:
        made = association_rules(found, metric="confidence", min_threshold=0.6)
        return lambda: (len(made), float(made["confidence"].sum()), float(made["lift"].sum()))

    return run


@rules.contender("efficient-apriori", requires=("efficient-apriori",))
def rules_with_efficient_apriori(case: Case) -> Run:
    from efficient_apriori.rules import generate_rules_apriori

    import minent

    rows = _rows(case)
    found: dict[int, dict[tuple[int, ...], int]] = {}
    for items, count in minent.frequent_itemsets(rows, case["support"]).items():
        found.setdefault(len(items), {})[tuple(sorted(items))] = count  # type: ignore[type-var]

    def run() -> Any:
        made = list(generate_rules_apriori(found, 0.6, len(rows)))
        return lambda: (len(made), sum(rule.confidence for rule in made), sum(rule.lift for rule in made))

    return run


def ratios() -> dict[str, float]:
    """Geometric means over the measured cases: how many times faster minent is than the fastest of its peers."""
    import math

    from benchmarks.report import load

    parts = load()["itemsets"]["parts"].values()
    means = {}
    for label, wanted in (
        ("returning sets", lambda name: "spectrum" not in name),
        ("spectrum", lambda name: "spectrum" in name),
    ):
        logs = []
        for part in (part for part in parts if not part["problems"]):
            best = {
                record["name"]: min(run["cpu"] for run in record["runs"])
                for record in part["contenders"]
                if record["runs"]
            }
            peers = [value for name, value in best.items() if name.startswith("pyfim") and wanted(name)]
            logs.append(math.log(min(peers) / best["minent"]))
        means[label] = math.exp(sum(logs) / len(logs))
    return means


if __name__ == "__main__":
    print(json.dumps(ratios()))
