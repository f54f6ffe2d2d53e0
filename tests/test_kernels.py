"""What numba demands of minent/_kernels, and that every kernel runs, interpreted as well."""

import ast
import builtins
import subprocess
import sys
from pathlib import Path

import pytest

import minent._kernels

FILES = sorted(path for path in Path(minent._kernels.__file__).parent.glob("*.py") if path.stem != "__init__")
TREES = {path.stem: ast.parse(path.read_text("utf-8")) for path in FILES}
KERNELS = [
    pytest.param(stage, node, id=f"{stage}.{node.name}")
    for stage, tree in TREES.items()
    for node in tree.body
    if isinstance(node, ast.FunctionDef)
]
every_kernel = pytest.mark.parametrize("stage, kernel", KERNELS)


@every_kernel
def test_a_kernel_spells_its_flags(stage, kernel):
    # In a shared decorator they would be frozen into caches that never go stale.
    assert [ast.unparse(each) for each in kernel.decorator_list] == ["njit(cache=True, nogil=True)"]


@every_kernel
def test_a_kernel_knows_nothing_but_numpy_and_its_own_file(stage, kernel):
    # A cache does not notice when a kernel or a global of another file changes.
    own = {node.name for node in TREES[stage].body if isinstance(node, ast.FunctionDef)}
    stored = {node.arg for node in ast.walk(kernel.args) if isinstance(node, ast.arg)}
    names = [node for part in kernel.body for node in ast.walk(part) if isinstance(node, ast.Name)]
    stored |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    read = {node.id for node in names if isinstance(node.ctx, ast.Load)} - stored
    assert read <= own | {"np"} | set(dir(builtins))
    called = {ast.unparse(node.func) for node in ast.walk(kernel) if isinstance(node, ast.Call)}
    methods = {"sum", "copy", "pop", "append"}
    foreign = {name for name in called if "." in name and not name.startswith("np.")}
    assert {name.rsplit(".", 1)[1] for name in foreign} <= methods


@every_kernel
def test_a_kernel_says_what_it_does_unless_it_is_private(stage, kernel):
    assert kernel.name.startswith("_") or ast.get_docstring(kernel)


@pytest.mark.parametrize("stage", TREES)
def test_a_file_of_kernels_holds_nothing_else(stage):
    first, *rest = TREES[stage].body
    assert isinstance(first, ast.Expr)
    imports = [ast.unparse(node) for node in rest if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert set(imports) <= {"import numpy as np", "from numba import njit"}
    assert all(isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef)) for node in rest)


PIPELINE = """
import random, sys
from pathlib import Path
import minent, minent.bigram, minent.lattice, minent.parsing, minent._buckets, minent.counting
from minent.units import UnitEncoder

ran = set()

def note(frame, event, argument):
    if event == "call" and "_kernels" in frame.f_code.co_filename:
        ran.add(f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_name}")

minent.units.char_classes(), minent.units.char_classes("run")
sys.setprofile(note)
minent.unpacking.BLOCK = 999
minent.Corpus.from_files(minent.__file__), minent.parsing.parse("a", ["word\\tcount\\n天\\t1\\n"])
corpus = minent.Corpus.from_texts(["天下大势ab分久必合", "天下大势ab合久必分", "天下分，大势合", "ab 12"])
counts = minent.count_ngrams(corpus, max_order=16)
minent.count_ngrams(["".join(map(chr, range(0x4E00, 0x4E28)))], max_order=16)
minent._buckets._LARGEST_SORT, minent.counting._BLOCK = 4, 5
minent.count_ngrams(["天天天天天天天天天天天下"] * 2, max_order=2, branching=True)
minent._buckets._LARGEST_SORT, minent.counting._BLOCK = 1 << 19, 1 << 20
counts.find("天下大"), minent.pmi(counts), minent.branching_entropy(counts, side="left")
minent.autonomy._SUFFIX = 2
for method in ("autonomy", "ngram", "pmi"):
    minent.build_vocab(corpus, method=method, min_count=1)
minent.entropy(corpus, {"天下": 3, "大势": 2}), corpus.repetition(least=2)
encoder = UnitEncoder("run")
for block in ("ab cd ab ", " " * 70_000, "cd"):
    encoder.encode(block)
minent.lattice._WINDOW, minent.lattice.LONGEST_STEP = 4, 2
segmenter = minent.Segmenter({"天下": 3, "大势": 2, "下大": 1})
minent.Segmenter({chr(0x4E00 + i) + chr(0x4E00 + i * j % 40): 1 for i in range(40) for j in range(9)})
segmenter.spaced("天下大势ab" * 4), segmenter.sample("天下大势ab" * 4), segmenter.segment("天下大势ab" * 4)
minent.Segmenter({"天": 1}, keep=["numbers", "dates", "latin"], force=["ab"]).segment(
    "2024年3月 3点半 1,234.5 三点五 三分之一 20:30 http://a.b/c www.a.b C++ iPhone 15 ab 几百 12"
)
minent.Segmenter({"天下大势分合": 9, "天": 1}).spaced("天下大势分合" * 4, separator="/")
dense = [[i for i in range(70) if i * j % 7 < 5 and (i + j) % 11] for j in range(30)]
dense += [[0, 1, 2, *range(90, 93)]] * 40 + [[1, 1, 99]] * 5
for options in ({"target": "closed"}, {"max_length": 3}, {}):
    itemsets = minent.frequent_itemsets(dense, 24, **options)
minent.frequent_itemsets([[i for i in range(9) if (i + j) % 10] for j in range(200)], 120, target="maximal")
minent.frequent_itemsets([[(31 * j + 37 * k) % 160 for k in range(5)] + [999] * (j < 40) for j in range(1400)], 1)
minent.Transactions.from_lists([[f"i{i:04}" for i in range(2100)], ["i0007"]])
minent.association_rules(itemsets, 1), list(itemsets), list(itemsets)[-1] in itemsets
model = minent.bigram.BigramModel.learn(corpus, rounds=1)
model.with_words(["天下大"]).segment("天下大势"), minent.sampler.WordCounts.empty(3).reserve(9)
sys.setprofile(None)
print(*ran)
"""


def test_every_kernel_runs_interpreted_and_without_warnings():
    found = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", PIPELINE],
        env={"NUMBA_DISABLE_JIT": "1", "PATH": "", "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
    )
    assert found.returncode == 0, found.stderr[-2000:]
    assert {f"{param.values[0]}.{param.values[1].name}" for param in KERNELS} <= set(found.stdout.split())
