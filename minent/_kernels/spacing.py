"""What a text that is cut is written as: with separators between words, or as a list of them."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _line_end(code):
    return (code == 10) | (code == 13)


@njit(cache=True, nogil=True)
def _blank(code):
    return (code == 32) | (code == 9) | (code == 10) | (code == 13)


@njit(cache=True, nogil=True)
def _mark_gaps(codes, ends, before, blank, gaps):
    """Put 1 where a word begins and no line end is on either side, nor a blank if the separator is one, else 0."""
    gaps[:] = 0
    for k in range(len(ends) - 1):
        gaps[ends[k]] = 1
    if blank:
        gaps[0] = not (_blank(before) | _blank(codes[0]))
        for i in range(1, len(codes)):
            gaps[i] &= not (_blank(codes[i - 1]) | _blank(codes[i]))
    else:
        gaps[0] = not (_line_end(before) | _line_end(codes[0]))
        for i in range(1, len(codes)):
            gaps[i] &= not (_line_end(codes[i - 1]) | _line_end(codes[i]))


@njit(cache=True, nogil=True)
def spaced(codes, ends, separator, before, gaps, out):
    """Spell ``codes`` with a separator between words, none beside a line end; returns the length.

    A separator that holds a space or tab is not put beside a space or tab of the text either. Both the separator and
    ``out`` are code points of 4 bytes, or bytes of UTF-8, in which a lone surrogate is spelled like a character.
    ``before`` is the code that came before, a line end where there was none; ``gaps`` is room as long as the codes.
    """
    blank = False
    for each in separator:
        blank |= (each == 32) | (each == 9)
    _mark_gaps(codes, ends, before, blank, gaps)
    one, two, three = np.uint64(1), np.uint64(2), np.uint64(3)
    width = np.uint64(len(separator))
    first = separator[0] if width > 0 else np.uint8(0)
    n = np.uint64(0)
    for i in range(len(codes)):
        # Where no separator belongs, what follows is written over it: no branch, which the processor would guess wrong.
        out[n] = first
        for k in range(one, width):
            out[n + k] = separator[k]
        n += width * gaps[i]
        code = codes[i]
        if out.itemsize == 4:
            out[n] = code
            n += one
            continue
        if code >= 0x10000:
            out[n] = 0xF0 | (code >> 18)
            n += one
        if code >= 0x800:
            out[n] = 0xE0 | (code >> 12) if code < 0x10000 else 0x80 | ((code >> 12) & 0x3F)
            out[n + one] = 0x80 | ((code >> 6) & 0x3F)
            out[n + two] = 0x80 | (code & 0x3F)
            n += three
        else:
            out[n] = 0xC0 | (code >> 6) if code >= 0x80 else code
            out[n + one] = 0x80 | (code & 0x3F)
            n += one + np.uint64(code >= 0x80)
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
