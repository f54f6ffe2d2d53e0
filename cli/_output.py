"""Where results and remarks go."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import click


@contextlib.contextmanager
def open_output(path: str) -> Iterator[IO[str]]:
    """Standard output for ``-``, else a file that appears whole or not at all."""
    if path == "-":
        yield sys.stdout
        return
    from minent._files import open_whole

    with open_whole(path) as file:
        yield file


def announce_compiling(quiet: bool) -> None:
    """Say that the first run compiles, where no compiled kernel is cached yet."""
    from minent._kernels.lattice import viterbi

    if not quiet and not any(Path(viterbi.stats.cache_path).glob("lattice.viterbi-*.nbi")):
        click.echo("minent: first run, compiling for this machine (once, up to half a minute) …", err=True)
