"""minent warmup: compile everything ahead of the first use."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

import click

from minent_cli._options import Command

# What is run, in a folder of its own: each command with each option that has kernels of its own.
_RUNS = """
    build-vocab long.txt -o words.tsv
    build-vocab long.txt --memory 16G --threads 2 -o words.tsv
    build-vocab short.txt --units char --format compiled -o words.mnt
    build-vocab short.txt --method ngram -o words.tsv
    build-vocab gbk.txt --method pmi --encoding gb18030 -o words.tsv
    build-vocab short.txt --method bigram --save-model words.model -o words.tsv
    count-ngrams long.txt --max-order 16 -o ngrams.txt
    count-ngrams long.txt --max-order 16 --min-count 2 --memory 16G -o ngrams.txt
    segment -v words.tsv long.txt -o cut.txt
    segment -v words.mnt short.txt --keep dates --keep latin --force list.txt --user-dict list.txt -o cut.txt
    segment --model words.model short.txt --keep dates --force list.txt --user-dict list.txt -o cut.txt
    segment --learn short.txt short.txt --keep numbers -o cut.txt
    entropy long.txt -v words.tsv
    find-itemsets words.dat --min-support 1 --target closed -o sets.tsv
    find-rules baskets.dat --min-support 1 --min-confidence .1 -o rules.tsv
"""


def _write_files(folder: Path) -> None:
    short = ["天下太平, ok 3.5%", "天下大势2024年3月", "天下大势", "罕"] * 3
    # Long and of many units: some kernels serve only where a table grows, a window ends or a key is full.
    long = ["".join(map(chr, range(0x4E00, 0x4E80))) * 1000, *short] * 2
    files = {"long.txt": long, "short.txt": short, "gbk.txt": short, "list.txt": ["太平"]}
    files |= {"baskets.dat": ["1 2 3", "1 2", "3"] * 9, "words.dat": ["茶 杯 糖", "茶 杯", "碟"] * 9}
    for name, lines in files.items():
        (folder / name).write_text("\n".join(lines), "gb18030" if name == "gbk.txt" else "utf-8")


def _run_commands(folder: Path) -> None:
    from minent_cli import main

    for line in _RUNS.strip().splitlines():
        name, *arguments = line.split()
        places = (str(folder / argument) if Path(argument).suffix else argument for argument in arguments)
        command = main.commands[name]
        with command.make_context(name, [*places, "-q"], click.get_current_context().parent) as context:
            command.invoke(context)


def _call_functions() -> None:
    """What Python has beyond the commands, and what they do only where they are not quiet."""
    import minent

    texts = ["天下大势", "天下太平"] * 9
    for on_disk in (False, True):
        minent.Corpus.from_texts(texts, on_disk=on_disk).repetition()
    minent.count_ngrams(texts, max_order=3).find("天下大")
    segmenter = minent.Segmenter.learn(texts)
    segmenter.segment(texts[0]), segmenter.sample(texts[0], seed=1), list(segmenter.segment_many(texts))
    segmenter.spaced(texts[0])
    # Whole numbers and other items, few and many of them in a row: each has kernels of its own.
    for baskets in ([[1, 2, 3], [1, 2], [3]] * 9, [["a", "b"], ["a"]]):
        itemsets = minent.frequent_itemsets(baskets, 1)
        list(minent.association_rules(itemsets, 0.1))
    ("a",) in itemsets  # noqa: B015


@click.command(cls=Command)
def warmup() -> None:
    """Compile all kernels ahead of the first use.

    Of use for a container image or a batch of jobs. The compiled code is cached inside the installed package,
    or in the folder that the environment variable NUMBA_CACHE_DIR names, and serves every later run on a
    machine of the same kind.

    \b
    Example:
      minent warmup
    """
    import tempfile
    import time

    from numba.core import event

    begin = time.perf_counter()
    from minent._kernels.lattice import viterbi

    if not hasattr(viterbi, "stats"):
        raise click.ClickException("NUMBA_DISABLE_JIT is set, so that nothing can be compiled; unset it")

    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.redirect_stdout(io.StringIO()),
        event.install_recorder("numba:compile") as compiled,
    ):
        _write_files(Path(folder))
        _run_commands(Path(folder))
        _call_functions()
    done = f"compiled in {time.perf_counter() - begin:.1f} s," if compiled.buffer else "nothing left to compile, all is"
    click.echo(f"{done} cached in {viterbi.stats.cache_path}")
