"""A vocabulary as a SentencePiece model, written field by field: the wire format of protocol buffers is that simple."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Mapping

_NORMAL, _UNKNOWN, _UNIGRAM = 1, 2, 1


def _number(value: int) -> bytes:
    """A varint."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _integer(field: int, value: int) -> bytes:
    return _number(field << 3) + _number(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _number(field << 3 | 2) + _number(len(value)) + value


def _float(field: int, value: float) -> bytes:
    return _number(field << 3 | 5) + struct.pack("<f", value)


def _piece(text: str, score: float, kind: int) -> bytes:
    return _bytes(1, _bytes(1, text.encode()) + _float(2, score) + _integer(3, kind))


def unigram_model(counts: Mapping[str, int], characters: Iterable[str] = ()) -> bytes:
    """A unigram model with piece scores ln p(w), that leaves text as it is.

    Single ``characters`` that are not among the words cost ln(2 · total) each, as for minent. A space is U+2581 in a
    piece. Fields are those of ``sentencepiece_model.proto``: pieces 1 (piece 1, score 2, type 3), trainer_spec 2
    (model_type 3), normalizer_spec 3 (name 1, add_dummy_prefix 3, remove_extra_whitespaces 4, escape_whitespaces 5).
    """
    total = sum(counts.values())
    scores = dict.fromkeys(sorted(set(characters)), -math.log(2 * total))
    scores |= {word: math.log(n / total) for word, n in counts.items()}
    pieces = [_piece(word.replace(" ", "\u2581"), score, _NORMAL) for word, score in scores.items()]
    trainer = _bytes(2, _integer(3, _UNIGRAM))
    normalizer = _bytes(3, _bytes(1, b"identity") + _integer(3, 0) + _integer(4, 0) + _integer(5, 1))
    return b"".join([_piece("<unk>", 0.0, _UNKNOWN), *pieces, trainer, normalizer])
