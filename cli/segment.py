"""minent segment: text cut into the words of a vocabulary, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import click

from minent_cli._options import ENCODING, ERRORS, OUTPUT, QUIET, UNITS
from minent_cli._output import announce_compiling, open_output


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(allow_dash=True), metavar="[FILES...]")
@click.option(
    "-v",
    "--vocab",
    required=True,
    type=click.Path(exists=True, dir_okay=False),
    help="Vocabulary: what build-vocab wrote, in any format, or jieba's dictionary.",
)
@click.option("--separator", default=" ", help="What to put between words.  [default: a space]")
@click.option(
    "--threads", type=click.IntRange(1), default=1, show_default=True, help="How many threads share the work."
)
@UNITS
@ENCODING
@ERRORS
@OUTPUT
@QUIET
def segment(
    paths: tuple[str, ...],
    vocab: str,
    separator: str,
    threads: int,
    units: str,
    output: str,
    quiet: bool,
    **reading: Any,
) -> None:
    """Cut text into the words of a vocabulary.

    FILES are files, folders, or - for standard input, as without any: one line in, one line out, in memory that
    does not grow with file or line. Cuts each line where the words of the vocabulary carry the least
    information. Punctuation, spaces and unknown characters pass through one by one; no separator is put beside a
    space that the text has. Of .jsonl files, the field "text" is segmented.

    \b
    Example:
      minent segment -v vocab.tsv corpus.txt -o segmented.txt
      echo 研究生命起源 | minent segment -v vocab.tsv --separator /
    """
    import time

    announce_compiling(quiet)
    from minent.reading import read_text
    from minent.segmenter import Segmenter
    from minent.vocab import Vocab

    segmenter = Segmenter(Vocab.load(vocab), units=units)
    begin = time.perf_counter()
    chars = 0

    def counted(blocks: Iterable[str]) -> Iterator[str]:
        nonlocal chars
        for block in blocks:
            chars += len(block)
            yield block

    with open_output(output, (*paths, vocab)) as file:
        blocks = counted(read_text(paths or ["-"], progress=not quiet, **reading))
        file.writelines(segmenter.spaced_stream(blocks, separator=separator, threads=threads))
    if not quiet:
        click.echo(f"{chars:,} characters in {time.perf_counter() - begin:.1f} s", err=True)
