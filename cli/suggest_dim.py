"""minent suggest-dim: how wide word vectors must be."""

from __future__ import annotations

import os

import click

from minent_cli._options import Command, Whole


def _existing(ctx: click.Context, param: click.Parameter, path: str | None) -> str | None:
    if path is not None and not os.path.exists(path):
        instead = f"; for a number of words: --vocab-size {path}" if path.isdecimal() else ""
        raise click.BadParameter(f"File '{path}' does not exist{instead}.")
    return path


@click.command("suggest-dim", cls=Command)
@click.argument("vocab", required=False, type=click.Path(dir_okay=False), callback=_existing)
@click.option("--vocab-size", metavar="N", type=Whole(2), help="Number of words.")
@click.option("--plot", metavar="FILE", type=click.Path(dir_okay=False), help="Draw H(n) as .png or .svg.")
def suggest_dim(vocab: str | None, vocab_size: int | None, plot: str | None) -> None:
    """Suggest the dimension of word vectors.

    Takes a number of words, or the file VOCAB. A VOCAB has counts: in the line "effective" the entropy H1 of
    its words takes the place of ln N. Use it when word frequencies stand outside the vectors, as in skip-gram
    with negative sampling.

    \b
    Example:
      minent suggest-dim --vocab-size 50000
      minent suggest-dim vocab.tsv --plot dimension.svg
    """
    from minent.dimension import plot_dim
    from minent.dimension import suggest_dim as suggest

    if vocab is not None and vocab_size is None:
        from minent.vocab import Vocab

        words = Vocab.load(vocab)
        if len(words) < 2:
            raise click.ClickException(f"{vocab}: a dimension needs two words or more; this has {len(words)}")
        fit = suggest(words)
    elif vocab_size is not None and vocab is None:
        fit = suggest(vocab_size)
    else:
        raise click.UsageError("give either --vocab-size N or a VOCAB file")
    if plot is not None:
        plot_dim(fit, plot)
    rows = [
        ("vocab_size", f"{fit.vocab_size}", "N"),
        ("exact", f"{fit.exact}", "smallest n with 2 ln N + h_n < 0"),
        ("rule", f"{fit.rule:.1f}", "8.33 ln N"),
        ("closed_form", f"{fit.closed_form:.1f}", "(4 / ln phi) ln N"),
        ("fourth_root", f"{fit.fourth_root:.1f}", "N^(1/4), for comparison"),
        ("fastai", f"{fit.fastai:.1f}", "min(600, 1.6 N^0.56), for comparison"),
    ]
    if vocab is not None:
        rows += [
            ("entropy", f"{fit.entropy:.4f}", "H1 of the counts, nats a word"),
            ("effective_size", f"{fit.effective_size:.1f}", "exp H1"),
            ("effective", f"{fit.effective}", "smallest n with 2 H1 + h_n < 0"),
        ]
    width = max(len(value) for _, value, _ in rows)
    for name, value, formula in rows:
        click.echo(f"{name:<14}  {value:>{width}}  {formula}")
