"""minent warmup: compile everything ahead of the first use."""

from __future__ import annotations

import click


@click.command()
def warmup() -> None:
    """Compile all kernels ahead of the first use.

    Of use for a container image or a batch of jobs. The compiled code is cached inside the installed package,
    or in the folder that the environment variable NUMBA_CACHE_DIR names, and serves every later run on a
    machine of the same kind.

    \b
    Example:
      minent warmup
    """
    import time

    begin = time.perf_counter()
    import minent
    from minent._kernels.lattice import viterbi

    if not hasattr(viterbi, "stats"):
        raise click.ClickException("NUMBA_DISABLE_JIT is set, so that nothing can be compiled; unset it")

    # Long and of many units: some kernels serve only where a table grows, a window ends or a key is full.
    texts = ["".join(map(chr, range(0x4E00, 0x4E80))) * 1000, "天下太平, ok 3.5%", "天下大势"] * 2 + ["罕"]
    for method in ("autonomy", "ngram", "pmi"):
        vocab = minent.build_vocab(texts, method=method)
    for min_count in (1, 2):
        minent.count_ngrams(texts, max_order=16, min_count=min_count)
    minent.entropy(texts, vocab)
    segmenter = minent.Segmenter(vocab, keep=["dates"], force=["太平"])
    for text in texts:
        segmenter.spaced(text * 20)
    segmenter.segment("天下大势")
    segmenter.sample("天下大势", seed=1)
    # Whole numbers and other items, few and many of them in a row: each has kernels of its own.
    for baskets in ([[1, 2, 3], [1, 2], [3]] * 9, [["a", "b"], ["a"]]):
        itemsets = minent.frequent_itemsets(baskets, 1)
        list(minent.association_rules(itemsets, 0.1))
    ("a",) in itemsets  # noqa: B015
    click.echo(f"compiled in {time.perf_counter() - begin:.1f} s, cached in {viterbi.stats.cache_path}")
