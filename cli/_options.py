"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Function = Callable[..., Any]


class Command(click.Command):
    """A command that takes an option of a single value only once: the last would win without a word."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        order = self.make_parser(ctx).parse_args(list(args))[2]
        for option in order:
            if isinstance(option, click.Option) and not (option.multiple or option.is_flag) and order.count(option) > 1:
                raise click.UsageError(f"{option.opts[-1]} is given more than once; give it once", ctx)
        return super().parse_args(ctx, args)


class Whole(click.IntRange):
    """A whole number within bounds."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        try:
            int(value)
        except ValueError:
            self.fail(f"{value!r} is not a whole number; write it in digits alone, such as 50000", param, ctx)
        return int(super().convert(value, param, ctx))


class Separator(click.ParamType):
    r"""A text in which \t stands for a tab, which not every shell can write."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return value.replace(r"\t", "\t")


ENCODING = click.option(
    "--encoding",
    metavar="NAME",
    default="utf-8",
    show_default=True,
    help="Encoding of FILES: gb18030, big5, utf-16, …; output is UTF-8.",
)
ERRORS = click.option(
    "--errors",
    type=click.Choice(["strict", "replace", "skip-line"]),
    default="strict",
    show_default=True,
    help="What to do with bytes that are not in that encoding: stop, put U+FFFD, or leave the line empty.",
)
FIELD = click.option(
    "--field", metavar="NAME", default="text", show_default=True, help="Key of the text in .jsonl files."
)
NORMALIZE = click.option(
    "--normalize", type=click.Choice(["NFC", "NFKC"]), help="Unicode normal form to bring text to."
)
UNITS = click.option(
    "--units",
    type=click.Choice(["run", "char"]),
    default="run",
    show_default=True,
    help="Whether a run of letters or of digits is one unit, or each character is.",
)
FOLD = click.option(
    "--fold",
    is_flag=True,
    help="Take traditional and simplified characters as one: both speak for a word, and words are found in both.",
)
OUTPUT = click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, allow_dash=True),
    default="-",
    help="File to write; it appears whole or not at all.  [default: standard output]",
)
MEMORY = click.option(
    "--memory",
    metavar="SIZE",
    help="Most memory to take, such as 512M or 4G, at least 384M: what does not fit lies in temporary files.  "
    "[default: no limit]",
)
THREADS = click.option("--threads", type=Whole(1), default=1, show_default=True, help="Threads to use.")
QUIET = click.option("-q", "--quiet", is_flag=True, help="No progress, summary or notes on standard error.")


def corpus_options(command: Function) -> Function:
    """How to read the corpus: FILES and all that says what is in them."""
    files = click.argument("paths", nargs=-1, required=True, type=click.Path(), metavar="FILES...")
    for option in (FOLD, UNITS, NORMALIZE, FIELD, ERRORS, ENCODING, files):
        command = option(command)
    return command
