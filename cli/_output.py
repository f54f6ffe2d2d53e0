"""Where results and remarks go."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import IO, Any

import click


@contextlib.contextmanager
def open_output(path: str, inputs: tuple[str, ...] = (), *, binary: bool = False) -> Iterator[IO[Any]]:
    """Standard output for ``-``, else a file that appears whole or not at all; never one of the inputs."""
    if path == "-":
        if sys.stdout is None:  # the caller closed it
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        yield sys.stdout.buffer if binary else sys.stdout
        return
    from minent._files import open_whole
    from minent.unpacking import find_files

    for source in inputs if os.path.isfile(path) else ():
        files = find_files(source) if os.path.isdir(source) else [source]
        if any(os.path.isfile(file) and os.path.samefile(file, path) for file in files):
            raise click.UsageError(f"{path}: is read and would be overwritten; write to another file")
    with open_whole(path, binary=binary) as file:
        if not binary:  # as on standard output: UTF-8 has no lone surrogates, but the escapes of JSON have
            file.reconfigure(errors="replace")  # type: ignore[attr-defined]
        yield file


def note(text: str, quiet: bool = False) -> None:
    """Say on standard error what a user may not expect, such as an empty result."""
    if not quiet:
        click.echo(f"Note: {text}", err=True)


def announce_compiling(quiet: bool) -> Callable[[], str]:
    """Say that this takes a while, as soon as a kernel must be compiled that the cache does not hold.

    Returns what says how long it has been since, and how much of that went into compiling.
    """
    if quiet:
        return str
    from numba.core import event

    begins: list[float] = []  # a kernel may call others, which are compiled on the way

    class Announcer(event.Listener):
        silent = False
        seconds = 0.0

        def on_start(self, event: object) -> None:
            begins.append(time.perf_counter())
            if not self.silent:
                from tqdm import tqdm

                # Not click.echo: a progress bar may be in the way.
                tqdm.write(
                    "Note: first run of this kind, compiling for up to half a minute (minent warmup does all ahead) …",
                    file=sys.stderr,
                )
            self.silent = True

        def on_end(self, event: object) -> None:
            begin = begins.pop()
            if not begins:
                self.seconds += time.perf_counter() - begin

    begin, announcer = time.perf_counter(), Announcer()
    click.get_current_context().with_resource(event.install_listener("numba:compile", announcer))

    def elapsed() -> str:
        seconds = time.perf_counter() - begin
        compiling = f", {announcer.seconds:.1f} s of it compiling" if announcer.silent else ""
        return f"{seconds:.1f} s{compiling}"

    return elapsed
