"""Exact n-gram counts from one sort: every shorter n-gram is a run of equal prefixes of the sorted keys.

A key is one or more words of 63 bits that stand for a first unit, its head, and the ``digits[k]`` units that word k has
of those after it, most significant first, with zeros past the end of a clause. Keys are dealt out into buckets by their
heads, and in the bits that remain the first word holds how far its head is from the first one of the bucket.
"""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def tally(ids, frequency):
    """Add to ``frequency[u]`` how often u occurs."""
    for i in range(len(ids)):
        frequency[ids[i]] += 1


@njit(cache=True, nogil=True)
def hash_clauses(ids, least, one_of, hashes):
    """Put hashes of the clauses of at least so many units, of all or of about one of so many; returns how many.

    Clauses that are the same are all there, or none.
    """
    n = 0
    h = np.int64(0)
    size = 0
    for i in range(len(ids)):
        if ids[i] != 0:
            h = (h * 1000003 ^ np.int64(ids[i])) & 0x7FFFFFFFFF
            size += 1
            continue
        if size >= least and h % one_of == 0:
            hashes[n] = h
            n += 1
        h = np.int64(0)
        size = 0
    return n


@njit(cache=True, nogil=True)
def choose(window, n, units, bucket, sizes):
    """The bucket of the key of each of the first n places of a text, or the last one for what has no key.

    A row of ``units`` is for an id: its number, the first bucket of the keys that it heads, in how many buckets, if
    several, they are spread by their next unit, and the share of units below it, in 65,536ths, which is what they are
    spread by. So a greater key never gets a lower bucket. A clause's last unit heads no key. ``sizes[b]`` grows by the
    number of places in bucket b.
    """
    none = len(sizes) - 1
    number = share = np.int64(0)
    for i in range(len(window) - 1, -1, -1):
        unit = np.uint32(window[i])  # an index without a sign need not be tested for it
        head = np.int64(units[unit, 0])
        b = units[unit, 1] + ((np.int64(units[unit, 2]) * share) >> 16)
        b = b if (number != 0) & (head != 0) & (i < n) else none
        number, share = head, np.int64(units[unit, 3])
        bucket[i] = b
        sizes[np.uint32(b)] += 1


@njit(cache=True, nogil=True)
def deal(window, number, bucket, bits, digits, base, at, keys):
    """Write the keys of places into their buckets, the last place first.

    ``base[b]`` is the first head of bucket b, and ``at[b]`` where its next key goes.
    """
    none, n_words, most = len(base), len(digits), np.max(digits)
    below, surplus, top = digits[0] * bits, (most - digits[0]) * bits, (most - 1) * bits
    last_digit = (np.int64(1) << bits) - 1
    ahead = np.zeros(16, np.int64)  # the next units of the places that follow
    rest = np.int64(0)
    for i in range(len(window) - 1, -1, -1):
        head = np.int64(number[np.uint32(window[i])])
        ahead[i & 15] = rest
        b = np.uint16(bucket[i])
        if b != none:
            to = np.uint64(at[b])
            at[b] += 1
            word = rest >> surplus
            keys[0, to] = ((head - base[b]) << below) | word
            j = i
            for k in range(1, n_words):
                j += digits[k - 1]
                word = ahead[j & 15] >> ((most - digits[k]) * bits) if word & last_digit != 0 else np.int64(0)
                keys[k, to] = word
        rest = (head << top) | (rest >> bits) if head != 0 else np.int64(0)


@njit(cache=True, nogil=True)
def index_heads(heads, table):
    """Enter distinct keys into a hash table of rows (key, how many are before)."""
    mask = len(table) - 1
    for n in range(len(heads)):
        slot = _key_slot(heads[n], mask)
        while table[slot, 0] != 0:
            slot = (slot + 1) & mask
        table[slot, 0] = heads[n]
        table[slot, 1] = n


@njit(cache=True, nogil=True)
def _key_slot(key, mask):
    h = (key & 0x7FFFFFFF) * 0x2545F491 ^ (key >> 31) * 0x1B873593
    return (h ^ (h >> 31)) & mask


@njit(cache=True, nogil=True)
def lengthen(words, table, shift, out):
    """Keys without their first word, which is in the table and whose number becomes the head; returns how many.

    Those are left out whose second word is empty.
    """
    mask = len(table) - 1
    size = 0
    for i in range(words.shape[1]):
        key = words[0, i]
        slot = _key_slot(key, mask)
        while table[slot, 0] != 0 and table[slot, 0] != key:
            slot = (slot + 1) & mask
        out[0, size] = (table[slot, 1] << shift) | words[1, i]
        for k in range(1, len(out)):
            out[k, size] = words[k + 1, i]
        size += (table[slot, 0] != 0) & (words[1, i] != 0)
    return size


@njit(cache=True, nogil=True)
def sort(keys, spare):
    """Sort keys by digits of at most 12 bits, the least significant first; True if the result lies in ``spare``.

    Faster than a sort by comparison as long as both arrays fit into the cache, on whatever processor.
    """
    different = np.int64(0)
    for i in range(1, len(keys)):
        different |= keys[i] ^ keys[0]
    bits = 1
    while different >> bits != 0:
        bits += 1
    passes = (bits + 11) // 12
    width = (bits + passes - 1) // passes
    mask = np.uint64((1 << width) - 1)
    begins, ahead = np.zeros(1 << width, np.uint32), np.zeros(1 << width, np.uint32)
    for i in range(len(keys)):
        ahead[np.uint64(keys[i]) & mask] += 1
    source, target = keys, spare
    for k in range(passes):
        begins, ahead = ahead, begins
        begin = 0
        for digit in range(len(begins)):
            begin, begins[digit], ahead[digit] = begin + begins[digit], begin, 0
        shift, next_shift = np.uint64(k * width), np.uint64(min((k + 1) * width, 63))
        for i in range(len(source)):
            key = np.uint64(source[i])
            digit = (key >> shift) & mask
            target[begins[digit]] = source[i]
            begins[digit] += 1
            ahead[(key >> next_shift) & mask] += 1  # the next pass, counted in this one
        source, target = target, source
    return passes % 2 == 1


@njit(cache=True, nogil=True)
def runs(keys, counts):
    """Move the distinct ones of some sorted keys to the front, with their counts; returns how many."""
    n = begin = 0
    for i in range(len(keys)):
        key = keys[i]
        closes = i + 1 == len(keys) or keys[i + 1] != key
        keys[n] = key
        counts[n] = i + 1 - begin
        n += closes
        begin = i + 1 if closes else begin
    return n


@njit(cache=True, nogil=True)
def merge(keys_a, counts_a, keys_b, counts_b, keys, counts):
    """Merge two lists of distinct sorted keys, adding counts; returns how many."""
    i = j = n = 0
    while i < len(keys_a) or j < len(keys_b):
        if j == len(keys_b) or (i < len(keys_a) and keys_a[i] < keys_b[j]):
            keys[n] = keys_a[i]
            counts[n] = counts_a[i]
            i += 1
        elif i == len(keys_a) or keys_b[j] < keys_a[i]:
            keys[n] = keys_b[j]
            counts[n] = counts_b[j]
            j += 1
        else:
            keys[n] = keys_a[i]
            counts[n] = counts_a[i] + counts_b[j]
            i += 1
            j += 1
        n += 1
    return n


@njit(cache=True, nogil=True)
def grow(keys, counts, following, base, bits, min_count, begin, sizes, unit, parent, count):
    """The n-grams that occur at least ``min_count`` times, as nodes of a prefix tree, from distinct sorted keys.

    Row d of ``unit``, ``parent``, ``count`` is for n-grams of the head and d + 1 units more; ``sizes[d]`` is how many
    there are. The parent is an index into the row above, or the head, counted from ``base``.

    Keys may come in several stretches: ``following`` is the first key of the next one, or −1. ``begin[d]`` is how many
    places came before those of the n-gram of row d that is still open; its last entry, how many came at all.
    """
    digits = len(sizes)
    mask = (np.int64(1) << bits) - 1
    done = begin[digits]
    for i in range(len(keys)):
        key = keys[i]
        done += counts[i]
        differing = key ^ (keys[i + 1] if i + 1 < len(keys) else following)
        for d in range(digits - 1, -1, -1):
            shift = (digits - 1 - d) * bits
            if differing >> shift == 0:
                break
            last = (key >> shift) & mask
            size = done - begin[d]
            begin[d] = done
            if last != 0 and size >= min_count:
                at = sizes[d]
                unit[d, at] = last
                # A prefix closes after what extends it, so its index is the next one of its row.
                parent[d, at] = sizes[d - 1] if d > 0 else base + (key >> (digits * bits))
                count[d, at] = size
                sizes[d] = at + 1
    begin[digits] = done
