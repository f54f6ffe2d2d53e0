"""minent build-vocab: the words of a corpus."""

from __future__ import annotations

import collections
import contextlib
import os
import unicodedata
from collections.abc import Mapping
from typing import Any

import click
from click.core import ParameterSource

from minent_cli._corpus import read_corpus
from minent_cli._options import MEMORY, OUTPUT, QUIET, THREADS, Command, Whole, corpus_options
from minent_cli._output import announce_compiling, note, open_output
from minent_cli._words import read_lists

_NARROWING = ("min_count", "min_score", "min_pmi", "min_length", "max_length", "exclude")
_REPETITIVE = 0.1
_MEASURED = 2_000_000  # units whose entropy is told at the end


def _thresholds(ctx: click.Context, param: click.Parameter, text: str | None) -> list[float] | None:
    try:
        return None if text is None else [float(part) for part in text.split(",")]
    except ValueError:
        raise click.BadParameter("expected numbers separated by commas, such as 2,5,7") from None


def _normalized(counts: Mapping[str, int], form: str | None) -> Mapping[str, int]:
    """The words of a list in the form that those of the corpus have."""
    if form is None:
        return counts
    found = collections.Counter[str]()
    for word, count in counts.items():
        found[unicodedata.normalize(form, word)] += count  # type: ignore[arg-type]
    return found


def _narrowed(ctx: click.Context) -> str:
    """The given options that leave words out."""
    given = (name for name in _NARROWING if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE)
    return ", ".join("--" + name.replace("_", "-") for name in given)


@click.command("build-vocab", cls=Command)
@corpus_options
@click.option(
    "--method",
    type=click.Choice(["autonomy", "bigram", "ngram", "pmi"]),
    default="autonomy",
    show_default=True,
    help="How words are found: by branching entropy; by a model of words and their neighbours on top of that, better "
    "and slower; by n-gram cohesion; or by PMI of neighbours.",
)
@click.option(
    "--save-model",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Write the model of the method bigram too, for segment --model.",
)
@click.option("--min-count", type=Whole(1), help="Least count of a word.  [default: from corpus size]")
@click.option("--min-score", metavar="NUMBER", type=float, help="Least score of a word.")
@click.option(
    "--min-pmi",
    metavar="NATS[,NATS…]",
    callback=_thresholds,
    help="Least PMI of neighbours (pmi; default 2), or cohesion of orders 2, 3, … (ngram; default 2,5,7).",
)
@click.option(
    "--min-length",
    type=Whole(1),
    default=1,
    show_default=True,
    help="Least length of a word in characters.",
)
@click.option("--max-length", type=Whole(1), help="Greatest length of a word in characters.")
@click.option(
    "--exclude",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    multiple=True,
    help="Leave out the words of a dictionary: one a line, or the first field of a .tsv or jieba vocabulary, "
    "in UTF-8 or the encoding of FILES; or a compiled vocabulary. Repeatable.",
)
@click.option(
    "--reference",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False),
    help="Vocabulary of other text, in any format: adds how much more often this corpus has a word (keyness, G²).",
)
@click.option("--top", type=Whole(1), help="Only so many words, the first ones in the order of --sort.")
@click.option(
    "--sort",
    type=click.Choice(["score", "count", "cohesion", "left_entropy", "right_entropy", "keyness", "length", "word"]),
    default="score",
    show_default=True,
    help="Order of the words: largest value first, or by code points (word). The score puts real words first; "
    "keyness, with --reference, what the corpus is about.",
)
@click.option(
    "--format",
    type=click.Choice(["tsv", "jieba", "jsonl", "compiled"]),
    help="Form of the vocabulary: tab-separated with a header, jieba's (word and count), JSON lines, or a file that "
    "segment need not prepare first.  [default: jsonl for .jsonl, else tsv]",
)
@MEMORY
@THREADS
@OUTPUT
@QUIET
def build_vocab(
    paths: tuple[str, ...],
    units: str,
    save_model: str | None,
    exclude: tuple[str, ...],
    reference: str | None,
    format: str | None,
    output: str,
    quiet: bool,
    **options: Any,
) -> None:
    """Find the words of a corpus.

    FILES are files, folders, or - for standard input. Writes word, count (how often the segmentation takes it
    as a word), score, occurrences (the exact n-gram count), cohesion, and left and right branching entropy in
    nats. With --memory, a corpus may be many times larger than memory, but not for --method bigram, whose sampler
    walks all of it again and again.

    \b
    Example:
      minent build-vocab novel.txt --top 20
      minent build-vocab notes/ more.jsonl.gz -o vocab.tsv
      minent build-vocab reviews.txt --encoding gb18030 --exclude dict.txt --min-length 2
      minent build-vocab notes/ --reference news.tsv --sort keyness --min-length 2
      minent build-vocab crawl/ --memory 2G --threads 2 -o vocab.tsv
      minent build-vocab corpus.txt --method bigram --save-model corpus.model -o vocab.tsv
    """
    if save_model is not None and options["method"] != "bigram":
        raise click.UsageError("--save-model belongs to --method bigram")
    if save_model is not None and os.path.realpath(save_model) == os.path.realpath(output):
        raise click.UsageError("--save-model and --output name the same file; give the model another name")
    if options["memory"] is not None and options["method"] == "bigram":
        raise click.UsageError("--method bigram keeps its corpus in memory; leave --memory out, or take another method")
    if options["min_pmi"] is not None and options["method"] not in ("ngram", "pmi"):
        raise click.UsageError("--min-pmi belongs to --method ngram and --method pmi")
    elapsed = announce_compiling(quiet)
    from minent.bigram import BigramModel, n_sweeps
    from minent.discovery import build_vocab as build
    from minent.entropy import entropy
    from minent.folding import fold_table
    from minent.formats import format_for
    from minent.vocab import Vocab

    format = format_for(output, format)
    reading = {name: options.pop(name) for name in ("encoding", "errors", "field", "normalize")}
    known = _normalized(dict.fromkeys(read_lists(exclude, reading["encoding"]), 1), reading["normalize"])
    other = None if reference is None else _normalized(Vocab.load(reference), reading["normalize"])
    if options["fold"]:
        fold_table()  # before what takes long, since its package may be missing
    compiled = format == "compiled"
    inputs = (*paths, *exclude, *filter(None, [reference]))
    # At once, so that a wrong place is noticed before the work.
    with open_output(output, inputs, binary=compiled) as file:
        with open_output(save_model, inputs, binary=True) if save_model else contextlib.nullcontext() as model_file:
            shared = {"on_disk": options["memory"] is not None, "threads": options["threads"]}
            corpus = read_corpus(paths, "find words in", quiet, units=units, **shared, **reading)
            model = None
            if options["method"] == "bigram":
                model = BigramModel.learn(corpus, fold=options["fold"], progress=not quiet)
                if not quiet:
                    click.echo(f"learned in {model.sweeps} of {n_sweeps()} sweeps", err=True)
            if model is not None and model_file is not None:
                model.dump(model_file)
        vocab = build(corpus, exclude=known, reference=other, model=model, progress=not quiet, **options)
        if compiled:
            vocab.dump(file)
        else:
            file.writelines(vocab.to_lines(format))
    if not vocab:
        narrowed = _narrowed(click.get_current_context())
        note(f"no words found; {f'loosen {narrowed}' if narrowed else 'take more text'}", quiet)
    if not quiet:
        if (repetition := corpus.repetition()) >= _REPETITIVE:
            note(
                f"{repetition:.0%} of the longer clauses are copies, in which any sequence looks like a word; "
                "drop repeated lines (sort -u) or pages"
            )
        sample = corpus.sample(_MEASURED)
        measured = sample.folded() if options["fold"] else sample
        before, after = entropy(measured), entropy(measured, vocab)
        click.echo(
            f"{len(vocab):,} words from {corpus.n_chars:,} characters in {elapsed()}; "
            f"{before.bits_per_char:.2f} bits a character{'' if sample is corpus else ' of a sample'}, "
            f"{after.bits_per_char:.2f} with these words",
            err=True,
        )
