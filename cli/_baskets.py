"""What find-itemsets and find-rules share: reading transactions, searching, and writing items."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from minent_cli._options import ENCODING, ERRORS, OUTPUT, QUIET
from minent_cli._words import first_fields, read_lists

if TYPE_CHECKING:
    from minent.itemsets import Itemsets
    from minent.transactions import Transactions

Command = Callable[..., Any]


class Support(click.ParamType):
    """A count, or a share in decimal or percent."""

    name = "support"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from decimal import Decimal, InvalidOperation

        text = str(value)
        try:
            if text.isascii() and text.isdigit():
                number: Any = int(text)
            else:
                number = Decimal(text[:-1]) / 100 if text.endswith("%") else Decimal(text)
        except InvalidOperation:
            number = None
        if number is None or not (number >= 1 if isinstance(number, int) else 0 < number <= 1):
            self.fail(f"{text!r} is no count such as 20, nor a share such as .05 or 5%", param, ctx)
        return number


class Memory(click.ParamType):
    """A size with the unit M or G."""

    name = "memory"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        units = {"M": 20, "G": 30}
        text = str(value)
        if not (text[:-1].isdigit() and text[-1:].upper() in units):
            self.fail(f"{text!r} is no size such as 500M or 4G", param, ctx)
        return int(text[:-1]) << units[text[-1].upper()]


def basket_options(command: Command) -> Command:
    """How to read transactions, which sets to look for, and where to stop."""
    options = [
        click.argument("paths", nargs=-1, required=True, type=click.Path(), metavar="FILES..."),
        click.option(
            "--min-support",
            type=Support(),
            metavar="NUMBER",
            default="1%",
            show_default=True,
            help="Least support of a set: how many transactions (20), or a share of all of them (.05 or 5%).",
        ),
        click.option("--max-length", type=click.IntRange(1), help="Most items in a set."),
        click.option(
            "--separator",
            metavar="TEXT",
            help="What parts the items of a line; ' ' is any white space.  [default: comma; white space for .dat]",
        ),
        click.option(
            "--input",
            "input_format",
            type=click.Choice(["basket", "jsonl", "table"]),
            help="A transaction a line; a JSON list a line; or lines of transaction, tab, item.  "
            "[default: jsonl for .jsonl, else basket]",
        ),
        ENCODING,
        ERRORS,
        click.option(
            "--exclude",
            metavar="FILE",
            type=click.Path(exists=True, dir_okay=False),
            multiple=True,
            help="Leave out the items of a list, such as stop words: one a line, in UTF-8 or the "
            "encoding of FILES. Repeatable.",
        ),
        click.option(
            "--keep-punctuation",
            is_flag=True,
            help="Where white space parts items, also take those without a letter or digit.",
        ),
        click.option("--max-itemsets", type=click.IntRange(0), help="Stop when there are more sets."),
        click.option(
            "--max-memory",
            type=Memory(),
            metavar="SIZE",
            help="Stop when the sets take more than 500M, 4G, …  [default: a third of what is free]",
        ),
        click.option(
            "--threads",
            type=click.IntRange(1),
            default=1,
            show_default=True,
            help="How many threads share the work.",
        ),
        click.option("--top", type=click.IntRange(1), help="Only the first so many."),
        click.option(
            "--format",
            type=click.Choice(["tsv", "jsonl"]),
            default="tsv",
            show_default=True,
            help="Tab-separated with a header, or JSON lines.",
        ),
        OUTPUT,
        QUIET,
    ]
    for option in reversed(options):
        command = option(command)
    return command


def read_transactions(
    paths: Sequence[str],
    separator: str | None,
    input_format: str | None,
    exclude: Iterable[str],
    keep_punctuation: bool,
    quiet: bool,
    **reading: Any,
) -> Transactions:
    """The transactions of some files, without the items that are not wanted."""
    from minent.transactions import Transactions

    read = Transactions.from_files(paths, separator=separator, format=input_format, progress=not quiet, **reading)
    by_blanks = separator is not None and separator.isspace() and separator != "\t"
    fields = first_fields if by_blanks else _up_to_tab
    unwanted = set(read_lists(exclude, reading["encoding"], fields))
    if by_blanks and not keep_punctuation:
        marks = {item for item in read.items if not any(map(str.isalnum, str(item)))}
        if marks and not quiet:
            click.echo(f"left out {len(marks):,} items that are punctuation (--keep-punctuation takes them)", err=True)
        unwanted |= marks
    return read.without(unwanted) if unwanted else read


def _up_to_tab(lines: Iterable[str]) -> Iterable[str]:
    return filter(None, (line.partition("\t")[0].strip() for line in lines))


def find_sets(transactions: Transactions, quiet: bool, **options: Any) -> Itemsets:
    """The search, with a bar on standard error."""
    from minent.apriori import frequent_itemsets

    return frequent_itemsets(transactions, progress=not quiet, **options)


def joiner(separator: str | None) -> Callable[[Sequence[Any]], str]:
    """How to write a set in one field: as in baskets, with items in quotes that could be mistaken."""
    between = "," if separator is None else " " if separator.isspace() else separator

    @functools.cache
    def write(item: Any) -> str:
        text = item if isinstance(item, str) else json.dumps(item, ensure_ascii=False)
        plain = text and not text.startswith('"') and between not in text and text.isprintable()
        return text if plain or not isinstance(item, str) else json.dumps(text, ensure_ascii=False)

    return lambda items: between.join(map(write, items))


def write_number(value: float) -> str:
    """Six digits that matter."""
    return f"{value:.6g}"
