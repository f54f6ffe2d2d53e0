"""minent entropy: what a corpus costs in bits a character, as units and as words."""

from __future__ import annotations

from typing import Any

import click

from minent_cli._corpus import read_corpus
from minent_cli._options import QUIET, Command, corpus_options
from minent_cli._output import announce_compiling
from minent_cli._words import load_vocab

ROWS = (
    ("tokens", ",d", "tokens in the text"),
    ("types", ",d", "distinct ones: the lexicon"),
    ("token_entropy", ".4f", "H, bits a token"),
    ("token_length", ".4f", "l, characters a token"),
    ("bits_per_char", ".4f", "L = H / l, bits a character"),
    ("text_bits", ",.0f", "text given the lexicon, bits"),
    ("lexicon_bits", ",.0f", "lexicon, bits"),
    ("total_bits", ",.0f", "description length, bits"),
)


@click.command(cls=Command)
@corpus_options
@click.option(
    "-v",
    "--vocab",
    type=click.Path(exists=True, dir_okay=False),
    help="Measure the text as these words, too.",
)
@QUIET
def entropy(paths: tuple[str, ...], vocab: str | None, quiet: bool, **reading: Any) -> None:
    """Measure what a corpus costs in bits a character.

    FILES are files, folders, or - for standard input: the entropy of their units (Han characters, runs of
    letters and of digits) and, with a vocabulary, of their words. The words of a good vocabulary lower the
    bits a character.

    \b
    Example:
      minent entropy corpus.txt --vocab vocab.tsv
    """
    announce_compiling(quiet)
    from minent.entropy import entropy as measure

    words = load_vocab(vocab, quiet) if vocab else None
    corpus = read_corpus(paths, "measure", quiet, **reading)
    columns = [("units", measure(corpus))]
    if words is not None:
        columns.append(("words", measure(corpus, words)))
    click.echo(f"{'':<14}" + "".join(f"{name:>16}" for name, _ in columns))
    for name, style, meaning in ROWS:
        values = "".join(f"{getattr(result, name):>16{style}}" for _, result in columns)
        click.echo(f"{name:<14}{values}  {meaning}")
