import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from minent.corpus import Corpus
from minent.folding import fold_text
from minent.ngrams import count_ngrams
from minent.spellings import spellings

pytest.importorskip("opencc")


@given(st.lists(st.text("發发現现後后，a1", max_size=12), max_size=8), st.integers(1, 2), st.booleans())
def test_each_word_is_spelled_as_it_most_often_stands(lines, min_count, on_disk):
    corpus = Corpus.from_texts(lines, units="char", on_disk=on_disk)
    folded = corpus.folded()
    tree = count_ngrams(folded, max_order=4, min_count=min_count)
    nodes = np.arange(len(tree))[::2]
    counts: Counter[str] = Counter()
    for clause in (clause for line in lines for clause in re.split("，", line)):
        counts.update(clause[i:j] for i in range(len(clause)) for j in range(i + 1, min(len(clause), i + 4) + 1))
    expected = [
        min((text for text in counts if fold_text(text) == word), key=lambda text: (-counts[text], text))
        for word in tree.text(nodes)
    ]
    words = dict(zip(tree.text(nodes), tree.count[nodes].tolist(), strict=True))
    assert spellings(corpus, folded, words) == expected
