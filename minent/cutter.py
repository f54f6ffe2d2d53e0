"""What all segmenters share: texts of any length, or many texts, cut in parts that stay as small as they can."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from minent._growing import GrowingArray
from minent._kernels import spacing as kernels
from minent._kernels.units import unit_lengths
from minent._threads import in_order
from minent.errors import ParameterError
from minent.units import LONGEST_UNIT, code_points, to_str
from minent.wholes import Wholes

__all__ = ["Cutter", "Part"]

_PART = 1 << 17
_LINE = 1 << 12  # most lines are shorter
_BATCH = 1 << 16  # the words of a text are taken from a list while they are in the cache

T = TypeVar("T")


class Part(NamedTuple):
    """A part of a text that is cut at once."""

    codes: NDArray[np.uint32]
    seen: NDArray[np.uint32]  # the codes as they are looked up: folded, and line ends for what stands alone
    lengths: NDArray[np.int8]
    places: NDArray[np.int64] | None = None  # where in the codes each of what is seen is; None: all codes are seen

    def before(self, cut: int) -> Part:
        """What stands before a code."""
        if self.places is None:
            return Part(self.codes[:cut], self.seen[:cut], self.lengths[:cut])
        end = int(np.searchsorted(self.places, cut))
        return Part(self.codes[:cut], self.seen[:end], self.lengths[:end], self.places[:end])

    def in_codes(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Places in what is seen, its end included, as places in the codes."""
        return at if self.places is None else np.append(self.places, len(self.codes))[at]


class Cutter(ABC):
    """Cuts text into words.

    What is cut, and where a text may be parted, is the matter of a subclass.
    """

    _classes: NDArray[np.uint8]
    _wholes: Wholes
    _fold: NDArray[np.uint32] | None = None
    _n_names: int = 0  # how many words :meth:`_cut` can name

    @abstractmethod
    def _cut(self, part: Part, *, named: bool) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Where the words of a part end, and their indices in the names, −1 for others, if these are asked for."""

    @abstractmethod
    def _clean_cut(self, part: Part) -> int:
        """A late place where the text can be parted without changing its words, whatever follows; 0 for none."""

    def _part(self, codes: NDArray[np.uint32]) -> Part:
        lengths = np.empty(len(codes), np.int8)
        unit_lengths(codes, self._classes, LONGEST_UNIT, lengths)
        seen = codes if self._fold is None else self._fold[codes]
        return Part(codes, self._wholes.apply(seen, lengths), lengths)

    def _whole(self, part: Part | NDArray[np.uint32]) -> Part:
        return part if isinstance(part, Part) else self._part(part)

    def _parts(self, blocks: Iterable[str | NDArray[np.uint32]]) -> Iterator[Part | NDArray[np.uint32]]:
        """A text that comes in blocks, in parts that can be cut each alone: after a line end, or where no word reaches.

        Of the former only the codes are given, so that what is slow is left to whoever cuts them.
        """
        kept = np.empty(0, np.uint32)
        for block in blocks:
            begin = 0
            while begin < len(block):
                # Twice as much each time where nothing can be parted, so that little is looked at again.
                end = begin + max(_PART, len(kept))
                codes = np.concatenate([kept, _in_codes(block[begin:end])])
                begin = end
                cut = _last_line_end(codes)
                if cut:
                    yield codes[:cut]
                else:
                    part = self._part(codes)
                    cut = self._clean_cut(part)
                    if cut:
                        yield part.before(cut)
                kept = codes[cut:]
        if len(kept):
            yield kept

    def _text_parts(self, text: str) -> Iterator[Part]:
        return map(self._whole, self._parts([text]) if len(text) > _PART else [code_points(text)])

    @cached_property
    def _strings(self) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
        """The shared str of each name, of each character of the first plane, and one for others; which are made yet.

        They are made as they come in a text, so that the frequent ones lie side by side in memory.
        """
        n = self._n_names + 0x10000 + 1
        return np.empty(n, object), np.zeros(n, np.bool_)

    def _words(
        self, codes: NDArray[np.uint32], ends: NDArray[np.int64], found: NDArray[np.int32]
    ) -> NDArray[np.object_]:
        if len(found) < len(ends) or self._fold is not None:  # the text may have other characters than the names
            found = np.full(len(ends), -1, np.int32)
        strings, is_made = self._strings
        names, unmade = np.empty(len(ends), np.int64), np.empty(len(ends), np.int64)
        n = kernels.name_words(codes, ends, found, self._n_names, is_made, names, unmade)
        words = strings.take(names)
        if n:
            at = unmade[:n]
            begins = np.where(at > 0, ends[at - 1], 0)
            text = to_str(codes)
            words[at] = [text[a:b] for a, b in zip(begins.tolist(), ends[at].tolist(), strict=True)]
            shared = at[names[at] < len(strings) - 1]
            strings[names[shared]] = words[shared]
            is_made[names[shared]] = True
            words[shared] = strings[names[shared]]
        return words

    def segment(self, text: str) -> list[str]:
        """Words of a text; joined together they are the text again.

        >>> import minent
        >>> minent.Segmenter({"蝴蝶": 3}).segment("一只蝴蝶 2.5%")
        ['一', '只', '蝴蝶', ' ', '2.5%']
        """
        if not isinstance(text, str):
            raise ParameterError(f"segment takes a str, not {type(text).__name__}; for several texts, segment_many")
        words: list[str] = []
        for part in self._text_parts(text):
            words += self._words(part.codes, *self._cut(part, named=True)).tolist()
        return words

    def segment_many(self, texts: Iterable[str], *, threads: int = 1) -> Iterator[list[str]]:
        """Words of each text, in order; texts are taken in batches, which is faster than one by one.

        Threads share what the kernels do, but only one at a time makes lists, which is half of the work: several save
        a quarter of the time, not more. :meth:`spaced_stream` and :meth:`spaced_utf8` make none.

        >>> import minent
        >>> list(minent.Segmenter({"蝴蝶": 3}).segment_many(["一只蝴蝶", "蝴蝶"]))
        [['一', '只', '蝴蝶'], ['蝴蝶']]
        """
        if isinstance(texts, str):
            raise ParameterError("segment_many takes texts, not one str; put it into a list, or call segment")
        return itertools.chain.from_iterable(in_order(self._segment_batch, _batches(texts), threads))

    def _segment_batch(self, texts: list[str]) -> Iterable[list[str]]:
        if len(texts) == 1:
            return [self.segment(texts[0])]
        # Texts joined by line ends are cut as each alone would be, since no word crosses a line end.
        part = self._part(code_points("\n".join(texts)))
        ends, found = self._cut(part, named=True)
        words = self._words(part.codes, ends, found)
        lengths = np.fromiter(map(len, texts), np.int64, len(texts))
        word_ends = np.searchsorted(ends, np.cumsum(lengths + 1) - 1, side="right")
        begins = [0, *(word_ends + 1).tolist()]
        # Out of an array and one by one: the garbage collector looks at every list there is, and at all that is in it.
        return (words[a:b].tolist() for a, b in zip(begins, word_ends.tolist(), strict=False))

    def spans(self, text: str) -> NDArray[np.int64]:
        """Begin and end of each word in characters.

        Returns
        -------
        ndarray of shape (n, 2), int64
        """
        done = 0
        growing = GrowingArray(np.int64, len(text))
        for part in self._text_parts(text):
            growing.append(self._cut(part, named=False)[0] + done)
            done += len(part.codes)
        ends = growing.whole()
        spans = np.empty((len(ends), 2), np.int64)
        spans[:1, 0] = 0
        spans[1:, 0] = ends[:-1]
        spans[:, 1] = ends
        return spans

    def spaced(self, text: str, *, separator: str = " ") -> str:
        """The text with a separator between words, none beside a line end.

        A space or tab of the text is a word like others, unless the separator holds one: then none is put beside it.

        >>> import minent
        >>> minent.Segmenter({"天下": 3}).spaced("天下大势\\n天下", separator="/")
        '天下/大/势\\n天下'
        """
        return "".join(self.spaced_stream([text], separator=separator))

    def spaced_stream(self, blocks: Iterable[str], *, separator: str = " ", threads: int = 1) -> Iterator[str]:
        """What :meth:`spaced` makes of a text that comes in blocks cut anywhere, in memory that does not grow with it.

        Parameters
        ----------
        blocks : iterable of str
        separator : str
        threads : int
            How many threads share the work; the result is the same. Two take little more than half the time.

        Yields
        ------
        str
            The spaced text, in order.

        Examples
        --------
        >>> import minent
        >>> list(minent.Segmenter({"天下": 3}).spaced_stream(["天", "下大势"]))
        ['天下 大 势']
        """
        return self._spaced(blocks, code_points(separator), threads, to_str)

    def spaced_utf8(
        self, blocks: Iterable[str | NDArray[np.uint32]], *, separator: str = " ", threads: int = 1
    ) -> Iterator[bytes]:
        """The same in UTF-8, ready to be written, of text or of code points; a lone surrogate comes out as ``?``.

        >>> import minent
        >>> list(minent.Segmenter({"天下": 3}).spaced_utf8(["tea", " ", "cup!"], separator="/"))
        [b'tea/ /cup/!']
        """
        between = np.frombuffer(separator.encode("utf-8", "surrogatepass"), np.uint8)
        return self._spaced(blocks, between, threads, _well_formed)

    def _spaced(
        self,
        blocks: Iterable[str | NDArray[np.uint32]],
        separator: NDArray[Any],
        threads: int,
        form: Callable[[NDArray[Any]], T],
    ) -> Iterator[T]:
        parts = _with_last_code(self._parts(blocks))
        return in_order(lambda item: form(self._space(*item, separator)), parts, threads)

    def _space(self, part: Part | NDArray[np.uint32], before: int, separator: NDArray[Any]) -> NDArray[Any]:
        """The part with separators, in code points or in UTF-8 as the separator is."""
        part = self._whole(part)
        codes = part.codes
        ends, _ = self._cut(part, named=False)
        gaps = np.empty(len(codes), np.uint8)
        out = np.empty(4 // separator.itemsize * len(codes) + (len(ends) + 1) * len(separator), separator.dtype)
        return out[: kernels.spaced(codes, ends, separator, before, gaps, out)]


def _in_codes(block: str | NDArray[np.uint32]) -> NDArray[np.uint32]:
    return code_points(block) if isinstance(block, str) else block


def _last_line_end(codes: NDArray[np.uint32]) -> int:
    """Where the last line ends, 0 for nowhere."""
    for begin in (max(0, len(codes) - _LINE), 0):
        found = np.flatnonzero(codes[begin:] == ord("\n"))
        if len(found):
            return begin + int(found[-1]) + 1
    return 0


def _well_formed(spelled: NDArray[np.uint8]) -> bytes:
    """Bytes of UTF-8, ``?`` for lone surrogates, which begin like some characters of Korean."""
    data = spelled.tobytes()
    return data.decode("utf-8", "surrogatepass").encode("utf-8", "replace") if b"\xed" in data else data


def _with_last_code(
    parts: Iterable[Part | NDArray[np.uint32]],
) -> Iterator[tuple[Part | NDArray[np.uint32], int]]:
    """Each part with the code that came before it, a line end before the first."""
    before = ord("\n")
    for part in parts:
        yield part, before
        before = int((part.codes if isinstance(part, Part) else part)[-1])


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """A long text is alone in its batch."""
    batch: list[str] = []
    size = 0
    for text in texts:
        if not isinstance(text, str):
            raise ParameterError(f"segment_many takes texts, each a str, not {type(text).__name__}")
        if batch and size + len(text) > _BATCH:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch
