"""What is to stay whole in a text: numbers, dates and times, Latin, and forced words.

The kinds of characters are those of :mod:`minent.wholes`: 0 other, 1 digit, 2 Chinese digit, 3 ten, 4 hundred and
larger, 5 a few, 6 small Latin letter, 7 capital or caseless letter, 8 mark or sign that joins Latin, 9 white space.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _kind(codes, i, kinds):
    return np.int64(kinds[codes[i]]) if i < len(codes) else np.int64(0)


@njit(cache=True, nogil=True)
def _code(codes, i):
    return np.int64(codes[i]) if i < len(codes) else np.int64(0)


@njit(cache=True, nogil=True)
def _digits_end(codes, i, stop, kinds):
    while i < stop and kinds[codes[i]] == 1:
        i += 1
    return i


@njit(cache=True, nogil=True)
def _is_point(code):
    return code == 0x2E or code == 0xFF0E


@njit(cache=True, nogil=True)
def _arabic_end(codes, i, stop, kinds):
    """End of the digits from ``i``, with a decimal point and commas between groups of three; ``i`` if none."""
    end = _digits_end(codes, i, stop, kinds)
    if end == i:
        return i
    groups = 0 < end - i <= 3
    while groups and end + 4 <= stop and (codes[end] == 0x2C or codes[end] == 0xFF0C):
        after = _digits_end(codes, end + 1, stop, kinds)
        groups = after == end + 4
        if groups:
            end = after
    if end + 1 < stop and _is_point(codes[end]) and kinds[codes[end + 1]] == 1:
        end = _digits_end(codes, end + 1, stop, kinds)
    return end


@njit(cache=True, nogil=True)
def _chinese_end(codes, i, stop, kinds):
    """End of the Chinese numeral from ``i``, or ``i``: a digit, ten, or a few of a larger number, and what follows."""
    first = _kind(codes, i, kinds)
    if first == 5:
        after = _kind(codes, i + 1, kinds)
        if after != 3 and after != 4:
            return i
    elif first != 2 and first != 3:
        return i
    j = i + 1
    while j < stop and 2 <= kinds[codes[j]] <= 4:
        j += 1
    return j


@njit(cache=True, nogil=True)
def _simple_number_end(codes, i, stop, kinds):
    end = _arabic_end(codes, i, stop, kinds)
    if end == i:
        return _chinese_end(codes, i, stop, kinds)
    while end < stop and 3 <= kinds[codes[end]] <= 4:
        end += 1
    return end


@njit(cache=True, nogil=True)
def number_end(codes, i, stop, kinds):
    """End of the number that starts at ``i``, or ``i``: 1,234.5, ３０万, 二十一, 50%, 百分之五, 三分之一."""
    end = i
    # 百 千 万 分之
    if kinds[codes[i]] == 4 and _code(codes, i + 1) == 0x5206 and _code(codes, i + 2) == 0x4E4B:
        end = i + 1
    else:
        end = _simple_number_end(codes, i, stop, kinds)
    if end == i:
        return i
    if _code(codes, end) == 0x5206 and _code(codes, end + 1) == 0x4E4B and end + 2 < stop:
        rest = _simple_number_end(codes, end + 2, stop, kinds)
        if rest > end + 2:
            return rest
    if kinds[codes[i]] == 4:
        return i
    if end < stop and (codes[end] == 0x25 or codes[end] == 0xFF05 or codes[end] == 0x2030):
        return end + 1
    # 三点五
    if _code(codes, end) == 0x70B9 and kinds[codes[i]] == 2 and _kind(codes, end + 1, kinds) == 2 and end + 2 <= stop:
        rest = end + 1
        while rest < stop and kinds[codes[rest]] == 2:
            rest += 1
        if _code(codes, rest) != 0x5206:
            return rest
    return end


@njit(cache=True, nogil=True)
def _calendar_rank(code):
    """Place in a date of the unit that a character names, from the year, 1, to the second, 6; 0 for none."""
    if code == 0x5E74:
        return 1
    if code == 0x6708:
        return 2
    if code == 0x65E5 or code == 0x53F7 or code == 0x865F:
        return 3
    if code == 0x65F6 or code == 0x6642 or code == 0x70B9 or code == 0x9EDE:
        return 4
    if code == 0x5206:
        return 5
    if code == 0x79D2:
        return 6
    return 0


@njit(cache=True, nogil=True)
def _is_clock(code):
    return code == 0x70B9 or code == 0x9EDE


@njit(cache=True, nogil=True)
def _half_end(codes, i, stop):
    """End of 半, 一刻 or 三刻 at ``i``, or ``i``; 一点半点 is no time."""
    code = _code(codes, i)
    if code == 0x534A and i < stop and not _is_clock(_code(codes, i + 1)):
        return i + 1
    if (code == 0x4E00 or code == 0x4E09) and _code(codes, i + 1) == 0x523B and i + 2 <= stop:
        return i + 2
    return i


@njit(cache=True, nogil=True)
def _written_date_end(codes, i, stop, kinds):
    """End of numbers each with its unit, from larger to smaller: 2024年３月11日20时, 三点半."""
    end = i
    rank = 0
    parts = 0
    plain = True
    hour = False
    while end < stop:
        begin = end
        after = _digits_end(codes, end, stop, kinds)
        arabic = after > end
        if not arabic:
            after = _chinese_end(codes, end, stop, kinds)
        unit = _calendar_rank(_code(codes, after))
        if after == end or after >= stop or unit <= rank:
            break
        # 三分之一 is no time.
        if unit == 5 and _code(codes, after + 1) == 0x4E4B:
            break
        plain = plain and (arabic or unit < 4)
        rank = unit
        parts += 1
        end = after + 1
        # 一时半会 is no time, and 一点半 may be the beginning of 一点半途而废.
        hour = unit == 4 and (arabic or (_is_clock(codes[after]) and (after > begin + 1 or codes[begin] != 0x4E00)))
    if hour:
        half = _half_end(codes, end, stop)
        parts += half > end
        end = half
    # 一点, 十分 and the like are times only in company.
    if parts == 0 or (parts == 1 and not plain):
        return i
    # 90年代
    if rank == 1 and _code(codes, end) == 0x4EE3 and end < stop:
        end += 1
    return end


@njit(cache=True, nogil=True)
def _figures_end(codes, i, stop, kinds, sign, other, least, most):
    """End of ``least`` to ``most`` groups of at most four digits with one of two signs between, or ``i``."""
    groups = 0
    end = i
    j = i
    while groups < most:
        after = _digits_end(codes, j, min(stop, j + 5), kinds)
        if after == j or after > j + 4:
            break
        groups += 1
        end = after
        if after >= stop or (codes[after] != sign and codes[after] != other):
            break
        j = after + 1
    return end if groups >= least else i


@njit(cache=True, nogil=True)
def date_end(codes, i, stop, kinds):
    """End of the date or time that starts at ``i``, or ``i``: 2024年3月11日, 2024-03-11, 2024/3/11, 20:30, 3点半."""
    end = _written_date_end(codes, i, stop, kinds)
    if end > i or kinds[codes[i]] != 1:
        return end
    end = _figures_end(codes, i, stop, kinds, 0x2D, 0x2D, 3, 3)
    if end == i:
        end = _figures_end(codes, i, stop, kinds, 0x2F, 0x2F, 3, 3)
    if end == i:
        end = _figures_end(codes, i, stop, kinds, 0x3A, 0xFF1A, 2, 3)
    return end


@njit(cache=True, nogil=True)
def _is_latin(kind):
    return kind == 1 or kind == 6 or kind == 7


@njit(cache=True, nogil=True)
def _address_end(codes, i, stop, kinds):
    """End of what follows a scheme, without the punctuation that ends the sentence."""
    end = i
    while end < stop and 0x21 <= codes[end] <= 0x7E:
        c = codes[end]
        if c == 0x22 or c == 0x3C or c == 0x3E or c == 0x60 or c == 0x5C or c == 0x29 or c == 0x5D:
            break
        end += 1
    while end > i and not _is_latin(_kind(codes, end - 1, kinds)) and codes[end - 1] != 0x2F:
        end -= 1
    return end


@njit(cache=True, nogil=True)
def latin_end(codes, i, stop, kinds):
    """End of the Latin that starts at ``i``, or ``i``: https://a.cn/b, me@mail.cn, C++, AT&T, TCP/IP, iPhone 15."""
    end = i
    letters = False
    capital = False
    while end < stop:
        kind = _kind(codes, end, kinds)
        if _is_latin(kind):
            letters = letters or kind != 1
            capital = capital or kind == 7
        elif kind != 8 or end == i or not _is_latin(_kind(codes, end + 1, kinds)):
            break
        end += 1
    if not letters:
        return i
    if _code(codes, end) == 0x3A and _code(codes, end + 1) == 0x2F and _code(codes, end + 2) == 0x2F:
        rest = _address_end(codes, min(stop, end + 3), stop, kinds)
        return rest if rest > end + 3 else end
    www = codes[i] == 0x77 and _code(codes, i + 1) == 0x77 and _code(codes, i + 2) == 0x77
    if www and end > i + 4 and codes[i + 3] == 0x2E:
        return max(end, _address_end(codes, end, stop, kinds))
    if _kind(codes, end - 1, kinds) != 1:
        if end < stop and codes[end] == 0x23:
            return end + 1
        if end + 1 < stop and codes[end] == 0x2B and codes[end + 1] == 0x2B:
            return end + 2
    if capital and _code(codes, end) == 0x20:
        rest = _arabic_end(codes, end + 1, stop, kinds)
        after = _kind(codes, rest, kinds)
        counted = _calendar_rank(_code(codes, rest)) > 0 or _code(codes, rest) == 0x25 or 2 <= after <= 7
        if rest > end + 1 and not counted:
            return rest
    return end


@njit(cache=True, nogil=True)
def keep_whole(codes, kinds, numbers, dates, latin, longest, lengths):
    """Join units in ``lengths`` that make up a number, a date or Latin, up to ``longest`` characters."""
    n = len(codes)
    i = 0
    while i < n:
        kind = kinds[codes[i]]
        length = np.int64(lengths[i])
        if kind == 0 or kind > 7 or length == 0:
            i += max(1, length)
            continue
        stop = min(n, i + longest)
        end = i
        if numbers:
            end = max(end, number_end(codes, i, stop, kinds))
        if dates:
            end = max(end, date_end(codes, i, stop, kinds))
        if latin:
            end = max(end, latin_end(codes, i, stop, kinds))
        if end > i + max(1, length) and (end == n or lengths[end] != 0):
            lengths[i] = end - i
            for j in range(i + 1, end):
                lengths[j] = 0
            i = end
        else:
            i += max(1, length)


@njit(cache=True, nogil=True)
def force_words(codes, symbol_of, base, label, value, filler, lengths, out):
    """Make units of the words that must stay whole, first come, longest first, and put ``filler`` for their codes.

    A word that would cut a unit is none.
    """
    n = len(codes)
    i = 0
    while i < n:
        out[i] = codes[i]
        end = i
        node = symbol_of[codes[i]]
        j = i + 1
        while lengths[i] != 0:
            if value[node] >= 0 and (j == n or lengths[j] != 0):
                end = j
            if j == n:
                break
            symbol = symbol_of[codes[j]]
            node = base[node] + symbol
            if label[node] != symbol:
                break
            j += 1
        if end > i:
            for j in range(i, end):
                lengths[j] = 0
                out[j] = filler
            lengths[i] = end - i
            i = end
        else:
            i += 1
