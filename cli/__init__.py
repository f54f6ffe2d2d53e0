"""The command line of minent: options in, library calls, text out. No algorithm lives here."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from minent_cli.build_vocab import build_vocab
from minent_cli.count_ngrams import count_ngrams
from minent_cli.entropy import entropy
from minent_cli.evaluate import evaluate
from minent_cli.segment import segment
from minent_cli.suggest_dim import suggest_dim
from minent_cli.warmup import warmup


class _Group(click.Group):
    """A group that tells the library's errors in one line, and lists commands in the order of their use."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except BrokenPipeError:
            # The reader has had enough; keep Python from complaining about it at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)
        except ValueError as error:
            # Here, and not above: a command that never reached the library must not pay for its import.
            from minent.errors import MinentError

            if not isinstance(error, MinentError):
                raise
            click.echo(f"Error: {error}", err=True)
            ctx.exit(1)
        except MemoryError:
            click.echo(
                "Error: not enough memory; take a part of the corpus, or a larger --min-count", err=True
            )
            ctx.exit(1)
        except OSError as error:
            click.echo(f"Error: {error.filename or 'output'}: {error.strerror or error}", err=True)
            ctx.exit(1)


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

    \b
    Example:
      minent build-vocab corpus.txt -o vocab.tsv
      minent segment -v vocab.tsv corpus.txt -o segmented.txt
    """
    # Windows and LC_ALL=C would choose another encoding, and \r\n.
    sys.stdout.reconfigure(encoding="utf-8", errors="surrogatepass", newline="\n")  # type: ignore[union-attr]
    sys.stderr.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]


for _command in (build_vocab, count_ngrams, segment, evaluate, entropy, suggest_dim, warmup):
    main.add_command(_command)
