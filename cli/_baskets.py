"""What find-itemsets and find-rules share: reading transactions, searching, and writing items."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import click

from minent_cli._corpus import note_typing
from minent_cli._options import ENCODING, ERRORS, OUTPUT, QUIET, THREADS, Function, Separator, Whole
from minent_cli._output import note
from minent_cli._thresholds import Support
from minent_cli._words import first_fields, read_lists

if TYPE_CHECKING:
    from minent.itemsets import Itemsets
    from minent.transactions import Transactions

# What items may be parted by, beside the comma of .csv files.
_MARKS = {" ": "blanks", "\t": "tabs", "，": "，", "、": "、", ";": ";", "；": "；", "|": "|"}
# Words a line from which on a search for sets of any length is worth a warning.
_MANY = 20


def basket_options(command: Function) -> Function:
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
        click.option("--max-length", type=Whole(1), help="Most items in a set."),
        click.option(
            "--separator",
            type=Separator(),
            help=r"What parts the items of a line; ' ' is any white space, \t a tab.  "
            "[default: comma; white space for .dat]",
        ),
        click.option(
            "--input",
            "input_format",
            type=click.Choice(["basket", "jsonl", "table"]),
            help="A transaction a line; a JSON list a line; or lines of transaction, tab, item.  "
            "[default: jsonl for .jsonl, else basket]",
        ),
        click.option("--header", is_flag=True, help="The first line of each file names columns; leave it out."),
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
        click.option("--max-itemsets", type=Whole(0), help="Stop when more sets are found, short ones included."),
        click.option(
            "--max-memory",
            metavar="SIZE",
            help="Stop when the sets take more than 500M, 4G, …  [default: a third of what is free]",
        ),
        THREADS,
        click.option("--top", type=Whole(1), help="Only the first so many."),
        click.option(
            "--format",
            type=click.Choice(["tsv", "jsonl"]),
            help="Tab-separated with a header, or JSON lines.  [default: jsonl for .jsonl, else tsv]",
        ),
        OUTPUT,
        QUIET,
    ]
    for option in reversed(options):
        command = option(command)
    return command


def find_sets(
    paths: Sequence[str],
    quiet: bool,
    *,
    separator: str | None,
    input_format: str | None,
    header: bool,
    exclude: Sequence[str],
    keep_punctuation: bool,
    encoding: str,
    errors: str,
    **searching: Any,
) -> tuple[Transactions, Itemsets]:
    """Read and search, with bars and notes on standard error."""
    from minent.apriori import frequent_itemsets
    from minent.transactions import Transactions

    note_typing(paths, quiet)
    form: dict[str, Any] = {"separator": separator, "format": input_format, "header": header}
    read = Transactions.from_files(paths, **form, encoding=encoding, errors=errors, progress=not quiet)
    if read.items and {"0", "1"}.issuperset(read.items):
        note("all items are 0 or 1; a table of these is read in Python, by Transactions.from_matrix", quiet)
    by_blanks = separator is not None and separator.isspace() and separator != "\t"
    unwanted = read_lists(exclude, encoding, first_fields if by_blanks else _up_to_tab)
    if exclude and unwanted.isdisjoint(read.items):
        note("none of the items to leave out is there; one a line, as they are written in FILES", quiet)
    if by_blanks and not keep_punctuation:
        marks = {item for item in read.items if not any(map(str.isalnum, str(item)))}
        if marks and not quiet:
            click.echo(f"left out {len(marks):,} items that are punctuation (--keep-punctuation takes them)", err=True)
        unwanted |= marks
    transactions = read.without(unwanted) if unwanted else read
    if by_blanks and searching["max_length"] is None and transactions.codes.size > _MANY * len(transactions):
        mean = transactions.codes.size // len(transactions)
        note(f"{mean} words a line make very many sets; --max-length 2 finds pairs, and --exclude stop words", quiet)
    return transactions, frequent_itemsets(transactions, progress=not quiet, **searching)


def _up_to_tab(lines: Iterable[str]) -> Iterable[str]:
    return filter(None, (line.partition("\t")[0].strip() for line in lines))


def why_no_sets(transactions: Transactions, found: Itemsets) -> str:
    """What to say where no sets were found, or none of two items can be, or items were not parted; else nothing."""
    n, most = len(transactions), int(transactions.counts.max(initial=0))
    if n == 0:
        return "there are no transactions: the input is empty"
    if most == 0:
        return f"none of the {n:,} transactions holds an item"
    mark = _mark_inside(transactions)
    said = mark.replace("\t", r"\t")
    hint = mark and f"; most hold {_MARKS[mark]}: --separator '{said}' parts them there"
    if transactions.longest == 1:
        hint = hint or "; if lines hold more, --separator says what parts them"
        return f"every transaction is a single item{hint}, and minent segment cuts text into words"
    if hint:
        return f"hardly an item comes twice{hint}"
    if most < found.min_count:
        return f"no item is in more than {most:,} of {n:,} transactions; lower --min-support"
    return "" if found else "no set of the length asked for is so frequent; lower --min-length or --min-support"


def _mark_inside(transactions: Transactions) -> str:
    """What may part items beside the separator, where most of them hold it and few come twice; or nothing."""
    items = [str(item) for item in transactions.items]
    if transactions.longest > 1 and 2 * len(items) < transactions.codes.size:
        return ""
    least = {" ": 1 if transactions.longest == 1 else 2}  # many a name has a blank
    held = {mark: sum(item.count(mark) >= least.get(mark, 1) for item in items) for mark in _MARKS}
    mark = max(held, key=held.__getitem__)
    return mark if 2 * held[mark] > len(items) else ""


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
