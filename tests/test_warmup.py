"""After minent warmup, no command has anything left to compile."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parent.parent / "data" / "sample.txt"
COMMANDS = """
build-vocab sample.txt -o v.tsv
build-vocab sample.txt --memory 4G --threads 2 -o v.tsv
build-vocab sample.txt --units char --format compiled -o v.mnt
build-vocab sample.txt --method ngram --fold -o n.tsv
build-vocab sample.txt --method pmi --errors replace --exclude words.txt -o p.jsonl --format jsonl
build-vocab sample.txt --method bigram --save-model v.model -o b.tsv
count-ngrams sample.txt --max-order 7 --memory 4G -o n.txt
count-ngrams sample.txt --min-count 2 -o n.txt
segment -v v.tsv sample.txt -o cut.txt
segment -v v.tsv sample.txt --keep dates --keep numbers --force words.txt --user-dict words.txt --threads 2 -o k.txt
segment -v v.mnt sample.txt --fold --units char -o k.txt
segment --learn sample.txt sample.txt --keep latin -o k.txt
segment --model v.model sample.txt -o m.txt
segment --model v.model sample.txt --keep dates --force words.txt --user-dict words.txt -o m.txt
entropy sample.txt -v v.mnt
suggest-dim v.tsv
find-itemsets baskets.csv --target closed
find-itemsets cut.txt --separator + --input basket --min-support 3
find-rules baskets.csv
"""
COMMANDS = COMMANDS if importlib.util.find_spec("opencc") else COMMANDS.replace("--fold", "")
PROGRAM = f"""
import contextlib, importlib, io, pkgutil
import minent._kernels, minent_cli

def run(line):
    name, *args = line.split()
    minent_cli.main.commands[name].main(args, standalone_mode=False)

def compiled():
    stages = [f"minent._kernels.{{info.name}}" for info in pkgutil.iter_modules(minent._kernels.__path__)]
    kernels = [kernel for stage in stages for kernel in vars(importlib.import_module(stage)).values()]
    return {{f"{{k.__module__}}.{{k.__name__}}{{s}}" for k in kernels for s in getattr(k, "signatures", ())}}

with contextlib.redirect_stdout(io.StringIO()) as shown, contextlib.redirect_stderr(io.StringIO()):
    run("warmup")
    before = compiled()
    for line in {COMMANDS.strip().splitlines()!r}:
        run(line)
print(*sorted(compiled() - before), sep="\\n", end="")
"""


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT", "0") != "0", reason="nothing is compiled")
def test_warmup_leaves_nothing_to_compile(tmp_path):
    (tmp_path / "sample.txt").write_bytes(SAMPLE.read_bytes())
    (tmp_path / "words.txt").write_text("碧螺春 5\n海潮\n", "utf-8")
    (tmp_path / "baskets.csv").write_text("茶,杯\n茶\n", "utf-8")
    result = subprocess.run([sys.executable, "-c", PROGRAM], cwd=tmp_path, capture_output=True, text=True)
    assert (result.stdout, result.stderr) == ("", "")
