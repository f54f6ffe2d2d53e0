"""What a text that is cut is written as: with separators between words, or as a list of them."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _blank(code):
    return np.int64((code == 32) | (code == 9) | (code == 10) | (code == 13))


@njit(cache=True, nogil=True)
def spaced(codes, ends, separator, before, begins_word, out):
    """Copy ``codes`` with a separator between words, none beside a space, tab or line end; returns the length.

    ``before`` is the code that came before them, a line end where there was none; ``begins_word`` is room, all 0.
    """
    begins_word[0] = 1
    for k in range(len(ends) - 1):
        begins_word[ends[k]] = 1
    n = 0
    joined = _blank(before)
    width = len(separator)
    for i in range(len(codes)):
        blank = _blank(codes[i])
        # What is written where no separator belongs is written over.
        for k in range(width):
            out[n + k] = separator[k]
        n += width * begins_word[i] * (1 - (blank | joined))
        out[n] = codes[i]
        n += 1
        joined = blank
    return n


@njit(cache=True, nogil=True)
def name_words(codes, ends, found, n_words, is_made, names, unmade):
    """Number the words: those of the list as ``found``, single characters of the first plane from ``n_words`` on.

    The last number is for all others. Lists in ``unmade`` the words whose numbers are not made yet, and all others;
    returns how many.
    """
    other = len(is_made) - 1
    n = 0
    begin = 0
    for k in range(len(ends)):
        name = np.int64(found[k])
        if name < 0:
            single = ends[k] - begin == 1 and codes[begin] < 0x10000
            name = n_words + np.int64(codes[begin]) if single else other
        if name == other or not is_made[name]:
            unmade[n] = k
            n += 1
        names[k] = name
        begin = ends[k]
    return n
