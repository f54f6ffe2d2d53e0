"""Pieces of text that stay together, and their hashes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from minent._kernels.joining import pieces


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans())), st.integers(1, 4))
def test_pieces_are_the_joined_runs_that_are_not_too_long(units, longest):
    ids = np.array([unit for unit, _ in units] + [0], np.int32)
    joined = np.array([held for _, held in units] + [False], np.bool_)
    joined[:-1] &= (ids[1:] > 0) & (ids[:-1] > 0)
    expected, run = [], []
    for unit, held in zip(ids.tolist(), joined.tolist(), strict=True):
        run += [unit] * (unit > 0)
        if not held:
            expected += [tuple(run)] * (1 <= len(run) <= longest)
            run = []
    places = np.empty((3, len(ids)), np.int32)
    n = pieces(ids, joined, longest, 1023, *places)
    found = [tuple(ids[begin:end].tolist()) for begin, end in places[:2, :n].T.tolist()]
    assert found == expected
    slots = places[2, :n].tolist()
    assert all(0 <= slot < 1024 for slot in slots)
    assert len(set(zip(found, slots, strict=True))) == len(set(found))
