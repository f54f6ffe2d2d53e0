"""minent find-itemsets: sets of items that often come together."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from minent_cli._baskets import basket_options, find_sets, joiner, why_no_sets, write_number
from minent_cli._options import Command, Whole
from minent_cli._output import announce_compiling, note, open_output

if TYPE_CHECKING:
    from minent.itemsets import Itemsets


@click.command("find-itemsets", cls=Command)
@basket_options
@click.option("--min-length", type=Whole(1), default=1, show_default=True, help="Fewest items in a set.")
@click.option(
    "--target",
    type=click.Choice(["all", "closed", "maximal"]),
    default="all",
    show_default=True,
    help="All sets; those that no item can join without loss of support; those that none can join and stay frequent.",
)
def find_itemsets(
    paths: tuple[str, ...],
    top: int | None,
    format: str | None,
    output: str,
    quiet: bool,
    **options: Any,
) -> None:
    """Find sets of items that often come together.

    FILES are files, folders, or - for standard input, with a transaction on each line: a basket of goods, or a
    sentence cut into words. Writes items, length, count (how many transactions hold them all) and support (their
    share), the most frequent first. All counts are exact.

    \b
    Example:
      minent find-itemsets baskets.csv --min-support 2% --min-length 2
      minent find-itemsets retail.dat --min-support 100 --target closed -o closed.tsv
    """
    elapsed = announce_compiling(quiet)
    from minent.formats import format_for

    format = format_for(output, format)
    with open_output(output, (*paths, *options["exclude"])) as file:
        transactions, found = find_sets(paths, quiet, **options)
        file.writelines(_lines(found, format, options["separator"], top))
    if why := why_no_sets(transactions, found):
        note(why, quiet)
    if not quiet:
        click.echo(
            f"{len(found):,} sets in at least {found.min_count:,} of {len(transactions):,} transactions in {elapsed()}",
            err=True,
        )


def _lines(found: Itemsets, format: str, separator: str | None, top: int | None) -> Iterator[str]:
    """A line for each set, in tables after a header."""
    n, wanted = max(1, found.n_transactions), itertools.islice(found.items(), top)
    if format == "jsonl":
        for items, count in wanted:
            row = {"items": items, "length": len(items), "count": count, "support": count / n}
            yield json.dumps(row, ensure_ascii=False) + "\n"
        return
    join = joiner(separator)
    yield "items\tlength\tcount\tsupport\n"
    count_and_share = functools.cache(lambda count: f"{count}\t{write_number(count / n)}\n")  # many sets have the same
    for items, count in wanted:
        yield f"{join(items)}\t{len(items)}\t{count_and_share(count)}"
