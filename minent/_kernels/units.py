"""Code points to units and dense unit ids.

The character classes are those of :mod:`minent.units`: 0 break, 1 single, 2 letter, 3 digit, 4 mark, 5 point,
6 percent. They are spelled as numbers because a compiled kernel must not depend on another module's globals.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def unit_end(codes, i, classes, longest):
    """End of the unit (or of the one-character break) that starts at ``i``."""
    n = len(codes)
    first = classes[codes[i]]
    stop = min(n, i + longest)
    j = i + 1
    if first == 1:
        while j < stop and classes[codes[j]] == 4:
            j += 1
    elif first == 2:
        while j < stop and (classes[codes[j]] == 2 or classes[codes[j]] == 4):
            j += 1
    elif first == 3:
        while j < stop:
            c = classes[codes[j]]
            inner_point = c == 5 and j + 1 < stop and classes[codes[j + 1]] == 3
            if c != 3 and c != 4 and not inner_point:
                break
            j += 1
        if j < stop and classes[codes[j]] == 6:
            j += 1
    return j


@njit(cache=True, nogil=True)
def unit_lengths(codes, classes, longest, lengths):
    """Fill ``lengths[i]`` with the length of the unit starting at ``i``, 0 inside one, −1 for a break."""
    n = len(codes)
    i = 0
    while i < n:
        kind = classes[codes[i]]
        while kind < 2 and i + 1 < n:
            after = classes[codes[i + 1]]
            if after == 4:
                break
            # No branch tells singles from breaks: the processor would often guess wrong.
            lengths[i] = 1 if kind == 1 else -1
            kind = after
            i += 1
        if kind == 0 or kind > 3:
            lengths[i] = -1
            i += 1
            continue
        end = unit_end(codes, i, classes, longest)
        lengths[i] = end - i
        for j in range(i + 1, end):
            lengths[j] = 0
        i = end


@njit(cache=True, nogil=True)
def _hashed(h, code):
    return (h * 1000003 ^ np.int64(code)) & 0x7FFFFFFFFF


@njit(cache=True, nogil=True)
def _hash(codes, begin, end):
    h = np.int64(0)
    for i in range(begin, end):
        h = _hashed(h, codes[i])
    return h


@njit(cache=True, nogil=True)
def _same(codes, begin, end, text, at):
    for i in range(end - begin):
        if codes[begin + i] != text[at + i]:
            return False
    return True


@njit(cache=True, nogil=True)
def _append_unit(codes, begin, end, text, offsets, n_units):
    at = offsets[n_units]
    for i in range(end - begin):
        text[at + i] = codes[begin + i]
    offsets[n_units + 1] = at + end - begin


@njit(cache=True, nogil=True)
def _find_run(codes, begin, end, h, slots, text, offsets, n_units):
    """Id of a unit that is no single, entering it as ``n_units`` where it is new."""
    mask = len(slots) - 1
    slot = (h ^ (h >> 16)) & mask
    while slots[slot] != 0:
        known = slots[slot]
        at = offsets[known]
        if offsets[known + 1] - at == end - begin and _same(codes, begin, end, text, at):
            return known
        slot = (slot + 1) & mask
    slots[slot] = n_units
    _append_unit(codes, begin, end, text, offsets, n_units)
    return n_units


@njit(cache=True, nogil=True)
def encode(codes, final, classes, longest, single_id, slots, text, offsets, n_units, out, open_clause):
    """Append the unit ids of ``codes`` to ``out``, one 0 after each clause.

    ``single_id`` begins as the class of each code point, negative; each single gets its id when it first appears.

    Stops before a unit that touches the end of the buffer unless ``final``, since it may go on in the next.
    Returns the characters consumed, the number of units known, the ids written, and whether a clause is open.
    """
    n = len(codes)
    i = 0
    written = 0
    while i < n:
        unit = single_id[codes[i]]
        while unit >= 0 and i + 2 < n:
            after = single_id[codes[i + 1]]
            if after == -4:
                break
            # No branch tells singles from breaks: the processor would often guess wrong.
            out[written] = unit
            written += open_clause | (unit > 0)
            open_clause = unit > 0
            unit = after
            i += 1
        kind = classes[codes[i]]
        if kind == 0 or kind > 3:
            out[written] = 0
            written += open_clause
            open_clause = False
            i += 1
            continue
        if kind == 2:
            # Words make up most of what is hashed; this is their `unit_end` and their `_hash` in one go.
            stop = min(n, i + longest)
            end = i
            h = np.int64(0)
            while end < stop and (classes[codes[end]] == 2 or classes[codes[end]] == 4):
                h = _hashed(h, codes[end])
                end += 1
        else:
            end = unit_end(codes, i, classes, longest)
            h = _hash(codes, i, end)
        if end >= n - 1 and not final:
            break
        if kind != 1 or end > i + 1:
            unit = _find_run(codes, i, end, h, slots, text, offsets, n_units)
        elif unit < 0:
            unit = n_units
            single_id[codes[i]] = unit
            _append_unit(codes, i, end, text, offsets, n_units)
        if unit == n_units:
            n_units += 1
        out[written] = unit
        written += 1
        open_clause = True
        i = end
    if final and open_clause:
        out[written] = 0
        written += 1
        open_clause = False
    return i, n_units, written, open_clause


@njit(cache=True, nogil=True)
def rehash(slots, text, offsets, n_units):
    """Fill empty ``slots`` with all known units."""
    mask = len(slots) - 1
    for unit in range(1, n_units):
        h = _hash(text, offsets[unit], offsets[unit + 1])
        slot = (h ^ (h >> 16)) & mask
        while slots[slot] != 0:
            slot = (slot + 1) & mask
        slots[slot] = unit
