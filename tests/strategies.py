"""What hypothesis draws: nasty texts, small corpora that repeat themselves, and vocabularies over them."""

import random
from collections import Counter
from dataclasses import dataclass

from hypothesis import strategies as st

# One of everything that minent.units tells apart: Han of all kinds, scripts with and without spaces, digits
# of other scripts, points and percent signs of both widths, marks, joiners, breaks, lone surrogates, …
NASTY = "天下〇々𠮷\ue000あー한ไ่aBéßΩж1٣９.．%％\u0301\ufe0f\u200d，。 \n\r\t!😀\ud800\udfff\x00\u2028"

nasty_texts = st.text(st.sampled_from(NASTY), max_size=60)
any_texts = st.text(st.characters(exclude_categories=()), max_size=30)
texts = nasty_texts | any_texts


def corpora(alphabet="天下大，", max_lines=8, max_size=20):
    """Lists of lines over few characters, so that n-grams repeat."""
    return st.lists(st.text(alphabet, max_size=max_size), max_size=max_lines)


def vocabs(alphabet="天下大", max_size=4, max_words=12, max_count=20, min_words=0):
    """Word → count over few characters."""
    words = st.text(alphabet, min_size=1, max_size=max_size)
    return st.dictionaries(words, st.integers(1, max_count), min_size=min_words, max_size=max_words)


_WORDS = """
the of and morning evening garden river mountain teacher window bread yellow silver walks sings under before
children letter kitchen summer winter forest village carries watches never always together quiet dog apple
"""
WORDS = _WORDS.split()


@dataclass(frozen=True)
class Language:
    """Sentences of random words, written without spaces."""

    words: Counter
    lines: list


def english(sentences=2_000, seed=11):
    """Something like English."""
    chosen = random.Random(seed)
    weights = [1 / (rank + 2) for rank in range(len(WORDS))]
    drawn = [chosen.choices(WORDS, weights, k=chosen.randint(3, 9)) for _ in range(sentences)]
    return Language(Counter(word for words in drawn for word in words), ["".join(words) for words in drawn])


def chinese(sentences, seed, n_words=40, alphabet="天下大势分合久必人民中国水火山石田土"):
    """Something like Chinese: words of one to four characters, by Zipf's law, and a comma now and then."""
    chosen = random.Random(seed)
    words = ["".join(chosen.choices(alphabet, k=chosen.choice([1, 2, 2, 2, 3, 4]))) for _ in range(n_words)]
    weights = [1 / (rank + 2) for rank in range(n_words)]
    return [
        "，".join("".join(chosen.choices(words, weights, k=chosen.randint(1, 5))) for _ in range(2))
        for _ in range(sentences)
    ]
