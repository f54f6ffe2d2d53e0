"""The command line of minent: options in, library calls, text out. No algorithm lives here."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import re
import signal
import sys
from collections.abc import Iterator
from typing import Any, NoReturn

import click

from minent_cli.build_vocab import build_vocab
from minent_cli.count_ngrams import count_ngrams
from minent_cli.entropy import entropy
from minent_cli.evaluate import evaluate
from minent_cli.find_itemsets import find_itemsets
from minent_cli.find_rules import find_rules
from minent_cli.segment import segment
from minent_cli.suggest_dim import suggest_dim
from minent_cli.warmup import warmup


class _Group(click.Group):
    """A group that tells every failure in one line, and lists commands in the order of their use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            name = error.option_name
            if any(name in option.opts for command in self.commands.values() for option in command.params):
                ctx.fail(f"No such option {name!r}; put it after the command")
            raise

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in self.commands and os.path.exists(args[0]):
            kind = "folder" if os.path.isdir(args[0]) else "file"
            ctx.fail(f"No such command {args[0]!r}, but a {kind}; try: minent build-vocab {args[0]}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            super().invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()
        except BrokenPipeError:  # the reader has had enough, and that is fine; click would exit with 1
            _discard_output()

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run and exit: 0 done, 1 the data is unusable, 2 wrong usage, 130 interrupted."""
        _prepare_streams()
        with contextlib.suppress(ValueError):  # not in the main thread
            signal.signal(signal.SIGTERM, _terminate)
        extra["standalone_mode"] = False
        try:
            with _quick_start():
                code = super().main(*args, **extra) or 0
        except click.ClickException as error:
            error.show()
            code = error.exit_code
        except click.Abort:
            click.echo("Aborted!", err=True)
            code = 130
        except (OSError, MemoryError, ValueError) as error:
            message, code = _explain(error)
            click.echo(f"Error: {message}", err=True)
        sys.exit(code)


@contextlib.contextmanager
def _quick_start() -> Iterator[None]:
    """Spare the process what takes a third of its start and end, and serves no command."""
    gc.set_threshold(100_000)  # what is loaded is many objects, and no garbage
    atexit.register(gc.freeze)  # nor need anybody look for garbage in what the end of the process frees
    # numba loads all linear algebra of scipy in case that a kernel multiplies matrices, which none here does.
    spared = sys.modules.setdefault("scipy", None) is None  # type: ignore[arg-type]
    try:
        yield
    finally:
        if spared:
            del sys.modules["scipy"]


def _prepare_streams() -> None:
    # A stream that the caller closed is None. Windows and LC_ALL=C would choose another encoding, and \r\n.
    sys.stdin = sys.stdin or open(os.devnull)  # noqa: SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115
    for stream, errors in ((sys.stdout, "replace"), (sys.stderr, "backslashreplace")):
        if stream is not None:
            stream.reconfigure(encoding="utf-8", errors=errors, newline="\n")  # type: ignore[union-attr]


def _terminate(number: int, frame: object) -> NoReturn:
    """End as after an error, so that no temporary file stays behind."""
    sys.exit(128 + number)


def _discard_output() -> None:
    """Keep Python from complaining at exit about text that standard output does not take."""
    with contextlib.suppress(OSError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _explain(error: Exception) -> tuple[str, int]:
    """What to say, and the exit code; a bug is raised again."""
    if isinstance(error, MemoryError):
        return "not enough memory; take a part of the corpus, or a larger --min-count", 1
    if isinstance(error, OSError):
        _discard_output()
        return f"{error.filename or 'standard output'}: {error.strerror or error}", 1
    # Here, and not above: a command that never reached the library must not pay for its import.
    from minent.errors import MinentError, ParameterError

    if not isinstance(error, MinentError):
        raise error
    if isinstance(error, ParameterError):
        return _PARAMETER.sub(_as_option, str(error)), 2
    return str(error), 1


_PARAMETER = re.compile(r"\b[a-z]+_[a-z_]+\b")


def _as_option(parameter: re.Match[str]) -> str:
    """The option that stands for a parameter of Python; what is none stays as it is."""
    options = (option for command in main.commands.values() for option in command.params)
    return next((option.opts[-1] for option in options if option.name == parameter[0]), parameter[0])


def _version(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"minent {version('minent')}")
        ctx.exit()


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version and exit.",
)
def main() -> None:
    """Mine words, segmentations and rules from raw Chinese text with nothing but statistics.

    FILES may be folders, whose .txt and .jsonl files are taken, and compressed (.gz, .xz, .bz2, .zst); - is standard
    input. Results go to standard output, progress and errors to standard error, all in UTF-8. The exit code is 0
    when done, 1 when the data cannot be used, 2 for wrong usage, and 130 after Ctrl-C.

    \b
    Example:
      minent build-vocab corpus.txt -o vocab.tsv
      minent segment -v vocab.tsv corpus.txt -o segmented.txt
      minent find-rules segmented.txt --separator ' ' --min-support 8 --max-length 2 --sort lift
    """


for _command in (build_vocab, count_ngrams, segment, evaluate, entropy, suggest_dim, find_itemsets, find_rules, warmup):
    main.add_command(_command)
