"""minent count-ngrams: exact counts of every order."""

from __future__ import annotations

from typing import Any

import click
from click.core import ParameterSource

from minent_cli._corpus import note_typing, note_zeros, nothing_in
from minent_cli._options import MEMORY, OUTPUT, QUIET, THREADS, Command, Whole, corpus_options
from minent_cli._output import announce_compiling, note, open_output


@click.command("count-ngrams", cls=Command)
@corpus_options
@click.option("--max-order", type=Whole(1, 16), default=4, show_default=True, help="Longest n-gram in units.")
@click.option("--min-order", type=Whole(1, 16), default=1, show_default=True, help="Shortest n-gram shown.")
@click.option("--min-count", type=Whole(1), default=1, show_default=True, help="Least count shown.")
@MEMORY
@THREADS
@OUTPUT
@QUIET
def count_ngrams(
    paths: tuple[str, ...],
    memory: str | None,
    output: str,
    quiet: bool,
    encoding: str,
    errors: str,
    field: str,
    normalize: str | None,
    units: str,
    fold: bool,
    **options: Any,
) -> None:
    """Count all n-grams of a corpus exactly.

    FILES are files, folders, or - for standard input. Writes the lines "n-gram, tab, count", by order and
    within an order by first appearance of their units. An n-gram never crosses punctuation, space or line
    end.

    \b
    Example:
      minent count-ngrams corpus.txt --max-order 2 --min-count 10 -o bigrams.tsv
    """
    if options["min_order"] > options["max_order"]:
        is_default = click.get_current_context().get_parameter_source("max_order") is ParameterSource.DEFAULT
        raise click.UsageError(
            f"--min-order {options['min_order']} is greater than --max-order {options['max_order']}"
            f"{', its default' if is_default else ''}; raise --max-order"
        )
    elapsed = announce_compiling(quiet)
    from minent.corpus import Corpus
    from minent.ngram_lines import ngram_lines

    reading: dict[str, Any] = {"encoding": encoding, "errors": errors, "field": field, "normalize": normalize}
    reading |= {"units": units, "fold": fold, "threads": options["threads"]}
    note_typing(paths, quiet)
    shown = 0
    with open_output(output, paths) as file:  # at once, so that a wrong place is noticed before the work
        corpus = Corpus.from_files(paths, on_disk=memory is not None, progress=not quiet, **reading)
        for line in ngram_lines(corpus, memory=memory, **options):
            file.write(line)
            shown += 1
    note_zeros(paths, encoding, quiet)
    if corpus.n_units == 0:
        note(f"{nothing_in(paths)} to count", quiet)
    elif shown == 0:
        note("no n-gram is so long and so frequent; loosen --min-order or --min-count", quiet)
    if not quiet:
        click.echo(f"{shown:,} n-grams from {corpus.n_chars:,} characters in {elapsed()}", err=True)
