"""minent find-rules: who holds these items tends to hold those."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from minent_cli._baskets import basket_options, find_sets, joiner, why_no_sets, write_number
from minent_cli._options import Command, Whole
from minent_cli._output import announce_compiling, note, open_output
from minent_cli._thresholds import Number

if TYPE_CHECKING:
    from minent.itemsets import Itemsets
    from minent.rules import Rules

METRICS = ("support", "confidence", "lift", "leverage", "conviction", "zhang", "jaccard")


@click.command("find-rules", cls=Command)
@basket_options
@click.option(
    "--min-confidence",
    metavar="SHARE",
    type=Number(1),
    default="0.5",
    show_default=True,
    help="Least share of the transactions with the left side that hold the right side too.",
)
@click.option("--min-lift", metavar="NUMBER", type=Number(), help="Least lift; above 1 is more than chance.")
@click.option("--max-consequent", type=Whole(1), default=1, show_default=True, help="Most items on the right side.")
@click.option(
    "--sort",
    type=click.Choice(("count", *METRICS)),
    default="confidence",
    show_default=True,
    help="What to sort by, largest first.",
)
@click.option("--max-rules", type=Whole(0), help="Stop when there are more rules.")
def find_rules(
    paths: tuple[str, ...],
    min_confidence: Any,
    min_lift: Any,
    max_consequent: int,
    sort: str,
    max_rules: int | None,
    top: int | None,
    format: str | None,
    output: str,
    quiet: bool,
    **options: Any,
) -> None:
    """Find rules: who holds these items tends to hold those.

    FILES are files, folders, or - for standard input, with a transaction on each line: a basket of goods, or a
    sentence cut into words. Writes antecedent, consequent, count (how many transactions hold both), support,
    confidence, lift, leverage, conviction, Zhang's metric and Jaccard's, the most confident rules first. All
    thresholds are exact, and mean "at least".

    \b
    Example:
      minent find-rules baskets.csv --min-support .06 --min-confidence .75
      minent segment -v vocab.tsv book.txt | minent find-rules - --separator ' ' --min-support 8 --max-length 2
    """
    elapsed = announce_compiling(quiet)
    from minent.formats import format_for
    from minent.rules import association_rules

    format = format_for(output, format)
    with open_output(output, (*paths, *options["exclude"])) as file:
        transactions, found = find_sets(paths, quiet, **options)
        thresholds = {"max_consequent": max_consequent, "min_lift": min_lift, "max_rules": max_rules}
        rules = association_rules(found, min_confidence, **thresholds).sorted_by(sort)
        file.writelines(_lines(rules if top is None else rules[:top], format, options["separator"]))
    if why := why_no_sets(transactions, found) or _why_no_rules(found, rules):
        note(why, quiet)
    if not quiet:
        click.echo(
            f"{len(rules):,} rules from {len(found):,} sets in at least {found.min_count:,} of "
            f"{len(transactions):,} transactions in {elapsed()}",
            err=True,
        )


def _why_no_rules(found: Itemsets, rules: Rules) -> str:
    if rules:
        return ""
    if found.lengths.max(initial=0) < 2:
        return f"no two items are together in {found.min_count:,} transactions; lower --min-support"
    return "no rule is so certain; lower --min-confidence, --min-lift or --min-support"


def _lines(rules: Rules, format: str, separator: str | None) -> Iterator[str]:
    """A header, and a line for each rule."""
    if format == "jsonl":
        for rule in rules:
            row = {name: "Infinity" if value == math.inf else value for name, value in rule._asdict().items()}
            yield json.dumps(row, ensure_ascii=False) + "\n"
        return
    join = joiner(separator)
    yield "\t".join(("antecedent", "consequent", "count", *METRICS)) + "\n"
    for left, right, count, *values in rules:
        yield "\t".join([join(left), join(right), str(count), *map(write_number, values)]) + "\n"
