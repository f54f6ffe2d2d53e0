"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Command = Callable[..., Any]

PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(allow_dash=True), metavar="FILES...")


def corpus_options(command: Command) -> Command:
    """How to read the corpus: FILES and all that says what is in them."""
    options = [
        PATHS,
        click.option("--encoding", default="utf-8", show_default=True, help="gb18030, big5, utf-16, …"),
        click.option(
            "--errors",
            type=click.Choice(["strict", "replace", "skip-line"]),
            default="strict",
            show_default=True,
            help="What to do with bytes that are not in that encoding.",
        ),
        click.option("--field", default="text", show_default=True, help="Key of the text in .jsonl files."),
        click.option(
            "--normalize", type=click.Choice(["NFC", "NFKC"]), help="Unicode normal form to bring text to."
        ),
        click.option(
            "--units",
            type=click.Choice(["run", "char"]),
            default="run",
            show_default=True,
            help="Whether a run of letters or of digits is one unit, or each character is.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, allow_dash=True),
    default="-",
    help="File to write; it appears whole or not at all.  [default: standard output]",
)
QUIET = click.option("-q", "--quiet", is_flag=True, help="No progress and no summary on standard error.")
