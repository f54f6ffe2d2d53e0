"""minent segment: text cut into words, by a vocabulary, a model or a corpus to learn from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from minent_cli._corpus import note_typing, note_zeros, read_corpus
from minent_cli._options import ENCODING, ERRORS, FIELD, FOLD, OUTPUT, QUIET, UNITS, Command, Separator, Whole
from minent_cli._output import announce_compiling, open_output
from minent_cli._words import load_vocab, note_odd_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class _Kept(click.Choice):
    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if "," in value:
            each = " ".join(f"--keep {part.strip()}" for part in value.split(","))
            self.fail(f"{value!r} is several; repeat the option: {each}", param, ctx)
        return super().convert(value, param, ctx)


def _units_given() -> bool:
    """Whether the units are not the default ones."""
    return click.get_current_context().get_parameter_source("units") is not ParameterSource.DEFAULT


@click.command(cls=Command)
@click.argument("paths", nargs=-1, type=click.Path(allow_dash=True), metavar="[FILES...]")
@click.option(
    "-v",
    "--vocab",
    type=click.Path(exists=True, dir_okay=False),
    help="Vocabulary: what build-vocab wrote, in any format, or jieba's dictionary.",
)
@click.option(
    "--model",
    type=click.Path(exists=True, dir_okay=False),
    help="Instead of a vocabulary, a model: what build-vocab --save-model wrote.",
)
@click.option(
    "--learn",
    metavar="PATH",
    type=click.Path(exists=True),
    multiple=True,
    help="Instead of a vocabulary, a file or folder of text to learn from, which may be the one to cut; nothing is "
    "kept of it. Repeatable.",
)
@click.option(
    "--user-dict",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    help="More words: one a line, perhaps its count, and perhaps a tag, as jieba has it. A word without a count is "
    "preferred to its parts.",
)
@click.option(
    "--force",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    help="Words that stay whole wherever they stand, one a line.",
)
@click.option(
    "--forbid",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    help="Words that never come out, one a line.",
)
@click.option(
    "--keep",
    type=_Kept(["numbers", "dates", "latin"]),
    multiple=True,
    help="What else stays whole: numbers (３０万, 二十一, 50%), dates and times (2024年３月11日, 20:30, 三点半), "
    "Latin with its inner punctuation (me@mail.cn, C++, iPhone 15). Repeatable.",
)
@click.option(
    "--separator", type=Separator(), default=" ", help=r"What to put between words; \t is a tab.  [default: a space]"
)
@click.option("--threads", type=Whole(1), default=1, show_default=True, help="How many threads share the work.")
@FOLD
@UNITS
@ENCODING
@ERRORS
@FIELD
@OUTPUT
@QUIET
def segment(
    paths: tuple[str, ...],
    vocab: str | None,
    model: str | None,
    learn: tuple[str, ...],
    user_dict: str | None,
    force: str | None,
    forbid: str | None,
    keep: tuple[str, ...],
    separator: str,
    threads: int,
    fold: bool,
    units: str,
    output: str,
    quiet: bool,
    **reading: Any,
) -> None:
    """Cut text by a vocabulary, a learned model or a corpus.

    FILES are files, folders, or - for standard input, as without any: one line in, one line out, in memory that
    does not grow with file or line. Cuts each line where the words of the vocabulary carry the least
    information; a model weighs also which words are neighbours, and what a text looks like where words end. With
    --learn, the branching entropy of that text says where words end, also words too rare for a vocabulary.
    Punctuation, spaces and unknown characters pass through one by one. A separator with a space or tab is not put
    beside those of the text; any other is, so that a line can be split at it. Of .jsonl files, only the text is taken.

    \b
    Example:
      minent segment -v vocab.tsv corpus.txt -o segmented.txt
      echo 研究生命起源 | minent segment -v vocab.tsv --separator /
      minent segment -v vocab.tsv --user-dict names.txt --keep dates --keep latin corpus.txt
      minent segment --model corpus.model more.txt
      minent segment --learn novel.txt novel.txt
    """
    if (vocab is not None) + (model is not None) + bool(learn) != 1:
        raise click.UsageError("give one of --vocab, --model and --learn")
    if model is not None and (fold or _units_given()):
        raise click.UsageError("--units and --fold belong to --vocab and --learn; a model knows its own")
    elapsed = announce_compiling(quiet)
    from minent.bigram import BigramModel
    from minent.known import read_words
    from minent.reading import read_codes
    from minent.segmenter import Segmenter

    files = {"user_words": user_dict, "force": force, "forbid": forbid}
    chars = 0

    def counted(blocks: Iterable[NDArray[np.uint32]]) -> Iterator[NDArray[np.uint32]]:
        nonlocal chars
        for block in blocks:
            chars += len(block)
            yield block

    # At once, so that a wrong place is noticed before the work.
    inputs = (*paths, *learn, *filter(None, (vocab, model, *files.values())))
    with open_output(output, inputs, binary=True) as file:
        known: dict[str, Any] = {
            name: read_words(path, encoding=reading["encoding"], counted=name == "user_words")
            for name, path in files.items()
            if path
        }
        for name, words in known.items():
            form = "one word a line" + ", and perhaps a blank and its count" * (name == "user_words")
            note_odd_words(files[name], words, form, quiet)
        known["keep"] = keep
        segmenter: Segmenter | BigramModel
        if model is not None:
            segmenter = BigramModel.load(model).with_words(**known)
        elif learn:
            corpus = read_corpus(learn, "find words in", quiet, units=units, threads=threads, **reading)
            segmenter = Segmenter.learn(corpus, fold=fold, progress=not quiet, **known)
        else:
            segmenter = Segmenter(load_vocab(vocab or "", quiet), units=units, fold=fold, **known)
        note_typing(paths or ("-",), quiet)
        blocks = counted(read_codes(paths or ["-"], progress=not quiet, **reading))
        for spaced in segmenter.spaced_utf8(blocks, separator=separator, threads=threads):
            file.write(spaced)
    note_zeros(paths, reading["encoding"], quiet)
    if not quiet:
        click.echo(f"{chars:,} characters in {elapsed()}", err=True)
