"""What hypothesis draws: nasty texts, small corpora that repeat themselves, and vocabularies over them."""

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
