"""UTF-8 to code points, strictly, as the Unicode Standard has it in table 3-7."""

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def decode(data, codes):
    """Write the code points of ``data`` to ``codes``; returns the bytes read and the code points written.

    Stops before a sequence that is not valid, or that goes on behind the end of the data.
    """
    n = len(data)
    i = 0
    size = 0
    while i < n:
        first = np.uint32(data[i])
        if first < 0x80:
            codes[size] = first
            i += 1
        elif first < 0xE0:
            if first < 0xC2 or i + 1 >= n or data[i + 1] & 0xC0 != 0x80:
                break
            codes[size] = ((first & np.uint32(0x1F)) << np.uint32(6)) | np.uint32(data[i + 1] & 0x3F)
            i += 2
        elif first < 0xF0:
            if i + 2 >= n:
                break
            second = np.uint32(data[i + 1]) ^ np.uint32(0x80)
            third = np.uint32(data[i + 2]) ^ np.uint32(0x80)
            code = (first & np.uint32(0x0F)) << np.uint32(12) | second << np.uint32(6) | third
            if second | third >= 0x40 or code < 0x800 or 0xD800 <= code < 0xE000:
                break
            codes[size] = code
            i += 3
        else:
            if i + 3 >= n or data[i + 1] & 0xC0 != 0x80 or data[i + 2] & 0xC0 != 0x80 or data[i + 3] & 0xC0 != 0x80:
                break
            code = (first & np.uint32(0x07)) << np.uint32(18)
            code |= np.uint32(data[i + 1] & 0x3F) << np.uint32(12)
            code |= np.uint32(data[i + 2] & 0x3F) << np.uint32(6)
            code |= np.uint32(data[i + 3] & 0x3F)
            if first > 0xF4 or code < 0x10000 or code > 0x10FFFF:
                break
            codes[size] = code
            i += 4
        size += 1
    return i, size
