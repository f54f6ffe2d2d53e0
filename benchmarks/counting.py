"""Counting all n-grams of orders 1 to 4, from a file on disk to tables in memory."""

from __future__ import annotations

import functools
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.registry import Case, Comparison, Options, Run
from benchmarks.texts import KEPT, chosen, count_chars, title, without_marks

if TYPE_CHECKING:
    from numpy.typing import NDArray

ORDERS = (1, 2, 3, 4)
FREQUENT_ORDERS = (1, 2, 3, 4, 5, 6)
FREQUENT = 5
SAVE_UNITS = (
    "import sys, numpy; from minent.units import char_classes; numpy.save(sys.argv[1], char_classes('char') == 1)"
)


@dataclass(frozen=True)
class Tables:
    """What a contender holds at the end, and how to read it: order → code points (m, order) and counts (m,)."""

    held: Any
    read: Callable[[Any, int], tuple[NDArray[Any], NDArray[Any]]]
    orders: tuple[int, ...] = ORDERS


def _cases(options: Options) -> dict[str, Case]:
    path = chosen(options)
    KEPT.mkdir(parents=True, exist_ok=True)
    units = KEPT / "units.npy"
    subprocess.run([sys.executable, "-c", SAVE_UNITS, units], check=True)
    return {title(path): {"corpus": str(without_marks(path)), "units": str(units)}}


def _summary(tables: Tables) -> dict[str, Any]:
    """Distinct n-grams of each order, and a sum over a hash of each n-gram with its count."""
    found: dict[str, Any] = {}
    for n in tables.orders:
        codes, counts = tables.read(tables.held, n)
        found[f"{n}-grams"] = len(counts)
        found[f"_sum {n}"] = _fingerprint(codes, counts)
    return found


def _fingerprint(codes: NDArray[Any], counts: NDArray[Any]) -> int:
    """Σ hash(n-gram) · count modulo 2⁶⁴: the same for the same counts in any order."""
    import numpy as np

    mixed = np.zeros(len(counts), np.uint64)
    for column in np.asarray(codes, np.uint64).T:
        mixed = (mixed ^ column) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return int((mixed * np.asarray(counts, np.uint64)).sum(dtype=np.uint64))


counting = Comparison(
    name="counting",
    title="Counting n-grams",
    note="All n-grams of orders 1 to 4 with their exact counts, from a UTF-8 file to tables in memory. A letter, a "
    "digit and a Han character are one unit each; n-grams cross nothing else. All contenders agree on every count.",
    cases=_cases,
    amount=count_chars,
    summary=_summary,
)


frequent = Comparison(
    name="frequent",
    title="Counting frequent n-grams",
    note="The n-grams of orders 1 to 6 that occur 5 times or more, with their exact counts; otherwise as above.",
    cases=_cases,
    amount=count_chars,
    summary=_summary,
)


def _minent(case: Case, orders: tuple[int, ...], min_count: int, threads: int) -> Run:
    import numpy as np

    import minent

    def read(counts: minent.NgramCounts, n: int) -> tuple[NDArray[Any], NDArray[Any]]:
        unit_code = np.array([ord(text or "\0") for text in counts.units])
        of_order = counts.order(n)
        codes = np.empty((of_order.stop - of_order.start, n), np.uint32)
        nodes = np.arange(of_order.start, of_order.stop)
        for column in range(n - 1, -1, -1):
            codes[:, column] = unit_code[counts.unit[nodes]]
            nodes = counts.parent[nodes]
        return codes, counts.count[of_order]

    def run() -> Tables:
        corpus = minent.Corpus.from_files(case["corpus"], units="char", threads=threads)
        counts = minent.count_ngrams(corpus, max_order=max(orders), min_count=min_count, threads=threads)
        return Tables(counts, read, orders)

    return run


for threads, suffix in ((1, ""), (2, ", two threads")):
    for comparison, orders, least in ((counting, ORDERS, 1), (frequent, FREQUENT_ORDERS, FREQUENT)):
        enter = comparison.contender("minent" + suffix, requires=("minent",))
        enter(functools.partial(_minent, orders=orders, min_count=least, threads=threads))


# The others number the units in NumPy, pack the n units at each place into one key, and group equal keys their own way.


def _numbered(case: Case, is_unit: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Numbers of the units from 1, with 0 for a break; and the code point of each number."""
    import numpy as np

    codes = np.frombuffer(Path(case["corpus"]).read_bytes().decode("utf-8").encode("utf-32-le"), np.uint32)
    used = np.zeros(len(is_unit), np.bool_)
    used[codes] = True
    used &= is_unit
    code_of = np.concatenate([[0], np.flatnonzero(used)])
    number_of = np.zeros(len(is_unit), np.uint32)
    number_of[code_of] = np.arange(len(code_of))
    return number_of[codes], code_of


def _keys(numbers: NDArray[Any], n: int, bits: int) -> NDArray[Any]:
    """The n-grams of one order as integers."""
    import numpy as np

    m = max(0, len(numbers) - n + 1)
    keys, inside = np.zeros(m, np.uint64), np.ones(m, np.bool_)
    for place in range(n):
        column = numbers[place : place + m]
        keys = (keys << np.uint64(bits)) | column
        inside &= column > 0
    return keys[inside]


def _grouping(case: Case, group: Callable[[NDArray[Any]], Any], columns: Callable[[Any], tuple[Any, Any]]) -> Run:
    """A run that groups the keys of each order; ``columns`` reads keys and counts out of a group."""
    import numpy as np

    is_unit = np.load(case["units"])

    def read(held: Any, n: int) -> tuple[NDArray[Any], NDArray[Any]]:
        groups, code_of, bits = held
        keys, counts = columns(groups[n])
        mask = np.uint64((1 << bits) - 1)
        places = [(keys >> np.uint64(bits * place)) & mask for place in range(n - 1, -1, -1)]
        return np.stack([code_of[place] for place in places], axis=1), counts

    def run() -> Tables:
        numbers, code_of = _numbered(case, is_unit)
        bits = len(code_of).bit_length()
        return Tables(({n: group(_keys(numbers, n, bits)) for n in ORDERS}, code_of, bits), read)

    return run


@counting.contender("NumPy, one sort an order", requires=("numpy",))
def with_numpy(case: Case) -> Run:
    import numpy as np

    def group(keys: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        keys.sort()
        begins = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]])[: len(keys)])
        return keys[begins], np.diff(begins, append=len(keys))

    return _grouping(case, group, lambda pair: pair)


@counting.contender("polars", requires=("polars",))
def with_polars(case: Case) -> Run:
    import polars

    def group(keys: NDArray[Any]) -> Any:
        return polars.DataFrame({"key": keys}).group_by("key").len()

    return _grouping(case, group, lambda frame: (frame["key"].to_numpy(), frame["len"].to_numpy()))


@counting.contender("DuckDB", requires=("duckdb",))
def with_duckdb(case: Case) -> Run:
    import duckdb

    connection = duckdb.connect(config={"threads": 1})

    def group(keys: NDArray[Any]) -> Any:
        connection.register("keys", {"key": keys})
        return connection.sql("select key, count(*) as n from keys group by key").fetchnumpy()

    return _grouping(case, group, lambda columns: (columns["key"], columns["n"]))


@frequent.contender("NumPy, level by level", requires=("numpy",))
def frequent_with_numpy(case: Case) -> Run:
    """A frequent n-gram begins with a frequent one of n − 1: its rank and the next unit are the key."""
    import numpy as np

    is_unit = np.load(case["units"])

    def read(held: Any, n: int) -> tuple[NDArray[Any], NDArray[Any]]:
        levels, code_of = held
        ranks, codes = np.arange(len(levels[n][0])), np.empty((len(levels[n][0]), n), np.uint32)
        for level in range(n, 0, -1):
            prefix, unit = np.divmod(levels[level][0][ranks], len(code_of))
            codes[:, level - 1], ranks = code_of[unit], prefix
        return codes, levels[n][1]

    def run() -> Tables:
        numbers, code_of = _numbered(case, is_unit)
        levels: dict[int, tuple[NDArray[Any], NDArray[Any]]] = {}
        places, rank = np.flatnonzero(numbers), np.zeros(int(np.count_nonzero(numbers)), np.int64)
        for n in FREQUENT_ORDERS:
            keys = rank * len(code_of) + numbers[places + n - 1]
            ordered = np.sort(keys)
            begins = np.flatnonzero(np.diff(ordered, prepend=-1))
            counts = np.diff(begins, append=len(ordered))
            kept, counts = ordered[begins][counts >= FREQUENT], counts[counts >= FREQUENT]
            levels[n] = kept, counts
            rank = np.searchsorted(kept, keys)
            found = (rank < len(kept)) & (kept[np.minimum(rank, len(kept) - 1)] == keys)
            inside = places + n < len(numbers)
            inside[inside] = numbers[places[inside] + n] > 0
            places, rank = places[found & inside], rank[found & inside]
        return Tables((levels, code_of), read, FREQUENT_ORDERS)

    return run


def _counter(case: Case, orders: tuple[int, ...], min_count: int) -> Run:
    from collections import Counter

    import numpy as np

    is_unit = np.load(case["units"])
    breaks = {int(code): " " for code in np.flatnonzero(~is_unit)}

    def read(tables: dict[int, dict[str, int]], n: int) -> tuple[NDArray[Any], NDArray[Any]]:
        codes = np.frombuffer("".join(tables[n]).encode("utf-32-le"), np.uint32).reshape(-1, n)
        return codes, np.array(list(tables[n].values()), np.int64)

    def run() -> Tables:
        clauses = Path(case["corpus"]).read_text("utf-8").translate(breaks).split()
        tables: dict[int, dict[str, int]] = {}
        for n in orders:
            table = Counter(clause[i : i + n] for clause in clauses for i in range(len(clause) - n + 1))
            tables[n] = {gram: count for gram, count in table.items() if count >= min_count}
        return Tables(tables, read, orders)

    return run


@counting.contender("collections.Counter")
def with_counter(case: Case) -> Run:
    return _counter(case, ORDERS, 1)


@frequent.contender("collections.Counter")
def frequent_with_counter(case: Case) -> Run:
    return _counter(case, FREQUENT_ORDERS, FREQUENT)


@counting.contender(
    "KenLM",
    commands=("lmplz",),
    differs="lmplz -o 4 -S 1G; its text has a space after each unit, beforehand. It also smooths and writes a model.",
)
def with_kenlm(case: Case) -> Run:
    import numpy as np

    is_unit = np.load(case["units"])
    breaks = {int(code): "\n" for code in np.flatnonzero(~is_unit)}
    spaced = KEPT / "spaced.txt"
    with spaced.open("w", encoding="utf-8") as file:
        for clause in Path(case["corpus"]).read_text("utf-8").translate(breaks).split():
            print(" ".join(clause), file=file)

    def read(path: Path, n: int) -> tuple[NDArray[Any], NDArray[Any]]:
        with path.open(encoding="utf-8") as file:
            size = next(int(line.partition("=")[2]) for line in file if line.startswith(f"ngram {n}="))
        return np.zeros((size, 0)), np.zeros(size)

    def run() -> Tables:
        model = KEPT / "spaced.arpa"
        command = ["lmplz", "-o", "4", "-S", "1G", "--text", str(spaced), "--arpa", str(model)]
        subprocess.run(command, check=True, capture_output=True)
        return Tables(model, read)

    return run
