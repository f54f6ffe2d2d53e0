"""minent evaluate: how good a segmentation is beside a gold standard."""

from __future__ import annotations

from collections.abc import Iterator

import click

from minent_cli._options import Command
from minent_cli._output import note
from minent_cli._words import read_lists

MEASURES = (
    *("lines", "chars"),
    *("gold_words", "predicted_words", "correct_words", "precision", "recall", "f1"),
    *("gold_boundaries", "predicted_boundaries", "correct_boundaries"),
    *("boundary_precision", "boundary_recall", "boundary_f1"),
)
OOV_MEASURES = ("oov_words", "oov_rate", "oov_recall", "iv_recall")
FILE = click.Path(exists=True, dir_okay=False, allow_dash=True)


def _lines(path: str, encoding: str) -> Iterator[str]:
    from minent.reading import read_lines, read_text

    return read_lines(read_text(path, encoding=encoding))


def _shown(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    return "--" if value != value else f"{value:.4f}"


@click.command(cls=Command)
@click.argument("gold", type=FILE)
@click.argument("predicted", type=FILE)
@click.option(
    "--training-words",
    metavar="FILE",
    type=FILE,
    help="Words known beforehand, for OOV rate and recall: one a line, or the first field of a vocabulary.",
)
@click.option("--tagged", is_flag=True, help="GOLD has word/tag tokens, and perhaps [word/tag word/tag]tag.")
@click.option("--encoding", metavar="NAME", default="utf-8", show_default=True, help="Encoding of all the files.")
def evaluate(gold: str, predicted: str, training_words: str | None, tagged: bool, encoding: str) -> None:
    """Compare a segmentation with a gold standard.

    Shows precision, recall and F1 of PREDICTED beside GOLD as SIGHAN defines them. Both files hold the same
    text, a sentence a line, words separated by ASCII spaces or tabs. U+3000 is a character like others; where
    it separates words, replace it first. One file may be - (standard input).

    A boundary is a place between two words of a line; begin and end of a line do not count. Out of vocabulary
    (OOV) are the gold words that the training words lack, in vocabulary (IV) the others. Precision, recall
    and F1 of nothing are 0; rates and recalls of OOV and IV words where there are none show as --.

    \b
    Example:
      minent evaluate msr_test_gold.utf8 mine.txt --training-words msr_training_words.utf8
    """
    if [gold, predicted, training_words].count("-") > 1:
        raise click.UsageError("only one file can be - (standard input)")
    from minent import evaluation
    from minent.errors import MismatchError

    gold_lines: Iterator[evaluation.Sentence] = _lines(gold, encoding)
    if tagged:
        gold_lines = map(evaluation.untag, _lines(gold, encoding))
    try:
        result = evaluation.evaluate(
            gold_lines,
            _lines(predicted, encoding),
            training_words=training_words and read_lists([training_words], encoding),
        )
    except MismatchError as error:
        names = ("standard input" if path == "-" else path for path in (gold, predicted))
        raise MismatchError(f"{' and '.join(names)} differ at {error}") from None
    if result.gold_words == 0:
        note("neither file holds a word; there is nothing to compare")
    for measure in MEASURES + (OOV_MEASURES if training_words else ()):
        click.echo(f"{measure:<20}\t{_shown(getattr(result, measure)):>10}")
