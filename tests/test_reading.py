"""Reading: encodings, errors, compression, JSON lines, folders, standard input, normal forms; in blocks all along."""

import bz2
import codecs
import gzip
import io
import json
import lzma
import os
import sys
import tempfile
import threading
import tracemalloc
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from strategies import NASTY

from minent import decoding, reading, unpacking
from minent.errors import DecodeError, FormatError, InputError, MinentError, MissingExtraError, ParameterError
from minent.reading import line_blocks, read_codes, read_lines, read_list, read_text
from minent.unpacking import BLOCK, find_files, shorten

# ASCII, the GB2312 plane, rare Han of the BMP and beyond it (four bytes in gb18030 and UTF-8), emoji, NUL.
TEXT = "天下abc 大势，䶮㐀𠮷𰻝😀\0镕é\n"


@pytest.fixture
def write(tmp_path):
    def write(data, name="a.txt"):
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


def text_of(paths, **options):
    return "".join(read_text(paths, **options))


@pytest.fixture(params=[1, 2, 3, 5, 7, 64])
def small_blocks(request, monkeypatch):
    monkeypatch.setattr(unpacking, "BLOCK", request.param)


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
def test_every_encoding_is_read_whole_whatever_the_blocks(write, encoding, small_blocks):
    assert text_of(write((TEXT * 3).encode(encoding)), encoding=encoding) == TEXT * 3


@pytest.mark.parametrize(
    "encoding, text", [("gbk", "天下大势镕\n"), ("big5", "天下大勢\n"), ("euc-jp", "天下あ\n"), ("hz", "天下a\n")]
)
def test_other_encodings_are_read_whole_whatever_the_blocks(write, encoding, text, small_blocks):
    assert text_of(write((text * 3).encode(encoding)), encoding=encoding) == text * 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-be", "gb18030"])
def test_a_byte_order_mark_is_dropped_at_the_start_alone(write, encoding, small_blocks):
    assert text_of(write("\ufeff天\ufeff下\n".encode(encoding)), encoding=encoding) == "天\ufeff下\n"


def test_big_endian_utf16_is_told_by_its_mark(write):
    assert text_of(write(codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be")), encoding="utf-16") == TEXT


def test_line_ends_stay_as_they_are(write, small_blocks):
    assert text_of(write(b"a\r\nb\rc\n\n\0\n")) == "a\r\nb\rc\n\n\0\n"


@pytest.mark.parametrize(
    "data, text", [(b"", ""), (b"\n", "\n"), (b"a", "a\n"), (b"a\n", "a\n"), (b"\xef\xbb\xbf", "")]
)
def test_a_file_without_a_last_line_end_gets_one(write, data, text):
    assert text_of(write(data)) == text


def test_no_line_runs_from_one_file_into_the_next(write):
    assert text_of([write(b"a"), write(b"b", "b.txt"), write(b"", "c.txt"), write(b"d\n", "d.txt")]) == "a\nb\nd\n"


@pytest.mark.parametrize("encoding", ["base64", "hex", "rot13", "zlib", "utf-88", "", "天", "a\0b", "locale", None, 8])
def test_what_is_no_text_encoding_is_a_parameter_error_before_any_file_is_opened(encoding):
    with pytest.raises(ParameterError) as error:
        read_text("-", encoding=encoding)
    assert str(error.value) == f"unknown encoding {encoding!r}; try utf-8, gb18030, big5 or utf-16"


@pytest.mark.parametrize("options", [{"errors": "ignore"}, {"errors": ""}, {"normalize": "NFD"}, {"normalize": ""}])
def test_a_wrong_option_is_a_parameter_error_that_lists_the_right_ones(options):
    with pytest.raises(ParameterError, match=r"must be one of (strict, replace, skip-line|NFC, NFKC), not"):
        read_text("-", **options)


# What is not in the encoding


@pytest.mark.parametrize(
    "encoding, bad", [("utf-8", b"\xd0\xd0"), ("gb18030", b"\x81\xff"), ("gbk", b"\xff"), ("big5", b"\xff")]
)
def test_the_offset_of_the_bad_byte_is_exact_whatever_the_blocks(write, encoding, bad, small_blocks):
    good = "天下abc\n大".encode(encoding) * 4
    path = write(good + bad + b"\n" + good)
    with pytest.raises(DecodeError) as error:
        text_of(path, encoding=encoding)
    shown = "UTF-8" if encoding == "utf-8" else encoding
    assert str(error.value).startswith(f"{path}: byte {len(good)} is not valid {shown}; ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "encoding, bad", [("utf-8", b"\xd0\xd0\n"), ("gb18030", b"\x81\xff"), ("utf-16-le", b"\0\xdca\0")]
)
def test_the_offset_is_exact_beyond_the_first_block(write, encoding, bad):
    good = "天下𠮷a".encode(encoding)
    good = good * (2 * BLOCK // len(good)) + "a".encode(encoding)
    with pytest.raises(DecodeError, match=rf"a\.txt: byte {len(good)} is not valid"):
        text_of(write(good + bad), encoding=encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_a_character_cut_off_by_the_end_is_named_by_its_first_byte(write, encoding, small_blocks):
    good = "天下\n".encode(encoding)
    with pytest.raises(DecodeError, match=rf"byte {len(good)} is not valid"):
        text_of(write(good + "𠮷".encode(encoding)[:-1]), encoding=encoding)


def test_the_remedy_for_a_gbk_file_is_gb18030(write):
    path = write("天下".encode("gbk"))
    with pytest.raises(DecodeError) as error:
        text_of(path)
    assert str(error.value) == (
        f"{path}: byte 0 is not valid UTF-8; if the file is GBK, use encoding gb18030 (--encoding gb18030)"
    )


@pytest.mark.parametrize("read", [read_text, read_codes])
@pytest.mark.parametrize("n", [9, 300, 90_000])
@pytest.mark.parametrize("where", ["end", "middle", "start"])
def test_a_damaged_or_cut_place_in_utf8_is_told_from_another_encoding(write, read, n, where):
    data = "天下\n".encode() * n
    middle = len(data) // 2
    faulty = {"end": data[:-2], "middle": data[:middle] + b"\xff" + data[middle:], "start": b"\xff" + data}
    with pytest.raises(DecodeError) as error:
        list(read(write(faulty[where])))
    remedy = "the text around it is, so it was damaged or cut off; leave its line empty (--errors skip-line)"
    assert str(error.value).endswith(f"is not valid UTF-8; {remedy}")


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "euc_kr"])
@given(st.text("".join(map(chr, range(0x4E00, 0x5200))), min_size=1, max_size=60))
def test_another_encoding_is_hardly_ever_taken_for_damaged_utf8(encoding, text):
    data = text.encode(encoding, "ignore")
    try:
        data.decode()
    except UnicodeDecodeError:
        assert not decoding._is_damaged(data)


@pytest.mark.parametrize("read", [read_text, read_codes])
@pytest.mark.parametrize("start", [b"\x7fELF\2\1\1\0", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\x80\x04\x95\n\0\0"])
def test_a_file_with_zero_bytes_that_cannot_be_decoded_is_no_text(write, read, start):
    with pytest.raises(DecodeError, match=r"; there are zero bytes in it, so it is no text, unless"):
        list(read(write(start + b"\xff\xfe" * 50)))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_the_remedy_for_a_file_that_begins_like_utf16_is_utf16(write, encoding, mark):
    with pytest.raises(DecodeError, match="use encoding utf-16"):
        text_of(write(mark + "天".encode("utf-16-le")), encoding=encoding)


def test_the_remedy_elsewhere_is_another_encoding_or_leniency(write):
    with pytest.raises(DecodeError, match="name the right encoding, or replace or skip bad bytes"):
        text_of(write(b"\xff"), encoding="gb18030")


@pytest.mark.parametrize("errors", reading.ERRORS)
def test_utf16_without_a_mark_asks_for_its_byte_order(write, errors):
    with pytest.raises(DecodeError, match="try utf-16-le or utf-16-be"):
        text_of(write("天下".encode("utf-16-le")), encoding="utf-16", errors=errors)


def test_standard_input_is_named_in_words(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a\xff")))
    with pytest.raises(DecodeError, match=r"^standard input: byte 1 is not valid UTF-8"):
        text_of("-")


def test_replace_puts_a_replacement_character(write, small_blocks):
    assert text_of(write(b"a\xff\n\xe5\xa4\xa9\xe5\xa4"), errors="replace") == "a\ufffd\n天\ufffd\n"


BAD = {"utf-8": b"\xff", "gb18030": b"\xff", "utf-16-le": b"\x00\xdc", "utf-16-be": b"\xdc\x00", "big5": b"\xff"}
line_ends = st.sampled_from(["\n", "\r\n", "\r"])
lines = st.lists(st.tuples(st.text("天a\u2028\x0b\x1c ", min_size=1, max_size=4), st.booleans(), line_ends), max_size=8)


@pytest.mark.parametrize("encoding", BAD)
@given(lines=lines, last=st.booleans(), block=st.integers(1, 30))
def test_skip_line_empties_exactly_the_bad_lines(tmp_path_factory, encoding, lines, last, block):
    if encoding == "big5":
        lines = [(text.replace("\u2028", "大"), bad, end) for text, bad, end in lines]
    path = tmp_path_factory.getbasetemp() / "skip.txt"
    data, good = b"", ""
    for text, bad, end in [*lines, ("下", last, "")]:
        data += text.encode(encoding) + bad * BAD[encoding] + end.encode(encoding)
        good += "\n" if bad else text + end
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "BLOCK", block)
        got = text_of(path, encoding=encoding, errors="skip-line")
    assert got == good + "\n" * (good != "" and good[-1] != "\n")


def test_skip_line_empties_a_line_longer_than_a_block(write):
    path = write(b"good\n" + b"a" * 3 * BLOCK + b"\xff" + b"a" * BLOCK + b"\ngood\n")
    assert text_of(path, errors="skip-line") == "good\n\ngood\n"


def test_skip_line_keeps_the_line_after_one_that_is_cut_short(write):
    assert text_of(write("天".encode()[:2] + b"\nb\n"), errors="skip-line") == "\nb\n"
    assert text_of(write(b"\x81\nb\n"), errors="skip-line", encoding="gb18030") == "\nb\n"


# Blocks and lines


def test_a_long_line_without_a_break_is_read_in_little_memory(write):
    path = write("天下大势".encode() * (20 << 20 >> 4) + b"\n", "a.txt")
    tracemalloc.start()
    chars = sum(map(len, read_text(path, normalize="NFC")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert chars == 4 * (20 << 20 >> 4) + 1
    assert peak < 16 * BLOCK


def test_lines_end_at_line_feeds_alone():
    blocks = ["a\r", "\nb\u2028c\x85", "", "\x0bd\re\n\n", "f"]
    assert list(read_lines(blocks)) == ["a\r\n", "b\u2028c\x85\x0bd\re\n", "\n", "f"]


@given(st.lists(st.text("a\n\r天", max_size=5)))
def test_lines_are_those_of_the_whole_text(blocks):
    assert list(read_lines(blocks)) == list(io.StringIO("".join(blocks), newline="\n"))


def test_line_blocks_end_at_line_ends(write, small_blocks):
    path = write("天下\n大势\n\na".encode())
    blocks = list(line_blocks([path, path]))
    assert "".join(blocks) == "天下\n大势\n\na\n" * 2
    assert all(block.endswith("\n") for block in blocks)


# Normal forms

MARKED = NASTY.replace("\ud800", "").replace("\udfff", "") + "e\u0323\u0302가\u1100\u1161\u11a8か\u3099ﬁ㍿ⅷ"


@pytest.mark.parametrize("form", reading.NORMAL_FORMS)
@given(text=st.text(st.sampled_from(MARKED), max_size=50), block=st.integers(1, 9))
def test_normalisation_is_that_of_the_whole_text_whatever_the_blocks(tmp_path_factory, form, text, block):
    path = tmp_path_factory.getbasetemp() / "normal.txt"
    path.write_bytes((text + "\n").encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "BLOCK", block)
        assert text_of(path, normalize=form) == unicodedata.normalize(form, text + "\n")


def test_a_mark_in_the_next_block_is_composed(write):
    assert text_of(write(b"a" * (BLOCK - 1) + "e\u0301\n".encode()), normalize="NFC")[-2:] == "é\n"


def test_no_safe_place_to_cut_still_reads_all(write):
    text = "か\u3099" * BLOCK
    assert text_of(write(text.encode()), normalize="NFC") == "が" * BLOCK + "\n"


# Compression

ZSTD = zstandard.ZstdCompressor(write_checksum=True)
PACK = {".gz": gzip.compress, ".xz": lzma.compress, ".bz2": bz2.compress, ".zst": ZSTD.compress}
LONG = "".join(f"{i} 天下大势 {i * i}\n" for i in range(30_000))


@pytest.mark.parametrize("suffix", PACK)
def test_compressed_files_are_read_through(write, suffix):
    assert text_of(write(PACK[suffix](LONG.encode()), f"a.txt{suffix}")) == LONG


@pytest.mark.parametrize("suffix", PACK)
def test_several_frames_are_one_file(write, suffix):
    data = LONG.encode()
    parts = [data[:1000], data[1000:1001], data[1001:]]
    path = write(b"".join(map(PACK[suffix], parts)), f"a.txt{suffix.upper()}")
    assert text_of(path) == LONG


@pytest.mark.parametrize("suffix", PACK)
@pytest.mark.parametrize("cut", [1, 4, 5000])
def test_a_compressed_file_that_breaks_off_is_an_input_error(write, suffix, cut):
    path = write(PACK[suffix](LONG.encode())[:-cut], f"a.txt{suffix}")
    with pytest.raises(InputError, match=r"cannot be read to its end: .+; is it damaged\?$") as error:
        text_of(path)
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("suffix", PACK)
@pytest.mark.parametrize("data", [b"plain text, not compressed at all\n", b"\0" * 100])
def test_a_plain_file_with_a_compressed_name_is_an_input_error(write, suffix, data):
    with pytest.raises(InputError, match="cannot be read to its end"):
        text_of(write(data, f"a{suffix}"))


@pytest.mark.parametrize("suffix", PACK)
def test_a_compressed_file_with_a_flipped_byte_is_an_input_error(write, suffix):
    data = bytearray(PACK[suffix](LONG.encode()))
    data[len(data) // 2] ^= 0xFF
    with pytest.raises(InputError):
        text_of(write(bytes(data), f"a{suffix}"))


def test_zst_without_the_package_names_the_extra(write, monkeypatch):
    path = write(PACK[".zst"](b"a"), "a.zst")
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'minent\[zstd\]'"):
        text_of(path)


def test_the_offset_of_a_bad_byte_counts_unpacked_bytes(write):
    with pytest.raises(DecodeError, match="byte 5 is not valid"):
        text_of(write(gzip.compress(b"abcde\xff"), "a.gz"))


# JSON lines


def json_lines(*values):
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values).encode()


def test_json_lines_give_their_field(write, small_blocks):
    path = write(
        json_lines({"text": "天下\n大势", "x": 1}, {"text": ""}) + b"\r\n\n" + json_lines({"text": "a"}), "a.jsonl"
    )
    assert text_of(path) == "天下\n大势\n\na\n"


def test_another_field_can_be_named_and_the_file_be_compressed(write):
    path = write(gzip.compress(json_lines({"body": "天下"})), "a.JSONL.gz")
    assert text_of(path, field="body", normalize="NFKC") == "天下\n"


def test_a_surrogate_pair_in_escapes_is_one_character_and_a_lone_one_stays(write):
    assert text_of(write(rb'{"text": "\ud842\udfb7 \ud800"}', "a.jsonl")) == "𠮷 \ud800\n"


def test_short_json_texts_come_in_large_blocks(write):
    assert len(list(read_text(write(json_lines(*[{"text": "天"}] * 10_000), "a.jsonl")))) < 5


@pytest.mark.parametrize("line", [b"nonsense", b'{"text": "a"', b'{"text": "a"}}', b"[" * 100_000, b'{"a":' * 100_000])
def test_a_bad_json_line_is_named(write, line):
    path = write(json_lines({"text": "a"}) + b"\n" + line + b"\n", "a.jsonl")
    with pytest.raises(FormatError) as error:
        text_of(path)
    assert str(error.value).startswith(f"{path}:3: not a JSON object: ")
    assert len(str(error.value).splitlines()) == 1


@pytest.mark.parametrize(
    "value", [{}, {"Text": "a"}, {"text": None}, {"text": 3}, {"text": ["a"]}, [], "text", 1, None]
)
def test_a_missing_field_is_named_with_its_line(write, value):
    path = write(json_lines({"text": "a"}, value), "a.jsonl")
    with pytest.raises(FormatError) as error:
        text_of(path)
    which = 'name one of "Text"' if value == {"Text": "a"} else "name the right one"
    assert str(error.value) == f'{path}:2: no text in the field "text"; {which} (--field NAME)'


def test_bad_json_lines_are_skipped_and_still_counted(write):
    path = write(json_lines({"text": "a"}) + b'{"text": "\xff"}\n' + json_lines({"text": "b"}), "a.jsonl")
    assert text_of(path, errors="skip-line") == "a\n\nb\n"
    with pytest.raises(FormatError, match=":3: "):
        text_of(write(b'{"text": "\xff"}\n\nnonsense\n', "a.jsonl"), errors="skip-line")


def test_only_the_last_suffix_makes_json_lines(write):
    assert text_of(write(b"plain\n", "a.jsonl.txt")) == "plain\n"


# Files and folders


def test_a_folder_is_walked_in_a_stable_order_without_hidden_and_other_files(tmp_path):
    names = ["b.txt", "a/2.jsonl", "a/10.txt.gz", "a/z/x.txt", "c.TXT", "a.b/1.txt.zst", "天.txt"]
    others = [".hidden.txt", ".git/a.txt", "a/.b/c.txt", "notes.md", "txt", "a.gz", "b.txt.bak", "a.csv.gz"]
    for name in reversed(names + others):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "folder.txt").mkdir()
    found = find_files(tmp_path)
    assert found == [str(path) for path in sorted(tmp_path / name for name in names)]
    assert find_files([str(tmp_path)]) == find_files(iter([tmp_path])) == found


def test_files_keep_their_order_and_may_come_twice(write):
    a, b = str(write(b"a", "a.txt")), str(write(b"b", "b.md"))
    assert find_files([b, a, b]) == [b, a, b]


def test_a_hidden_file_that_is_named_is_read_and_a_hidden_folder_too(tmp_path):
    (tmp_path / ".h").mkdir()
    path = tmp_path / ".h" / "a.txt"
    path.touch()
    assert find_files(path) == find_files(tmp_path / ".h") == [str(path)]


def test_a_folder_without_text_is_an_input_error(tmp_path):
    (tmp_path / ".a.txt").touch()
    with pytest.raises(InputError, match=r"the folder holds no \.txt or \.jsonl file"):
        find_files(tmp_path)


@pytest.mark.parametrize("path", ["no/such", "a\0b", "天" * 5000, "", "\ud800"])
def test_a_missing_path_is_an_input_error_of_one_short_line(path):
    with pytest.raises(InputError, match="no such file or folder") as error:
        read_text(path)
    assert len(str(error.value)) < 300


def test_no_path_at_all_is_an_input_error():
    with pytest.raises(InputError, match="no input"):
        find_files([])


@pytest.mark.parametrize("path", ["no/such", "a\0b", os.sep])
def test_a_single_file_that_cannot_be_opened_is_an_input_error(path):
    with pytest.raises(InputError, match="cannot be opened: "):
        list(reading.read_file(path))


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_an_input_error(write):
    path = write(b"a")
    path.chmod(0)
    with pytest.raises(InputError, match="cannot be opened: Permission denied; check path and permissions"):
        text_of(path)


def test_a_file_that_vanishes_or_is_forbidden_is_an_input_error(write):
    path = write(b"a")
    blocks = reading.read_file(str(path))
    path.unlink()
    with pytest.raises(InputError, match="cannot be opened: "):
        list(blocks)


@pytest.mark.parametrize("progress", [False, True])
def test_standard_input_is_read_as_bytes_and_left_open(monkeypatch, progress):
    buffer = io.BytesIO("\ufeff天下".encode("gb18030"))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(buffer, "ascii"))
    assert text_of("-", encoding="gb18030", progress=progress) == "天下\n"
    assert not buffer.closed


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_named_pipe_is_read_with_progress(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=[LONG.encode()])
    writer.start()
    assert text_of(pipe, progress=True) == LONG
    writer.join()


def test_progress_counts_the_bytes_of_the_files_as_they_lie_on_disk(write, monkeypatch):
    seen = {"n": 0}

    class Bar:
        def __init__(self, shown, what, total):
            seen["total"] = total

        def __enter__(self):
            return self

        def __exit__(self, *error):
            pass

        def update(self, n):
            seen["n"] += n

    monkeypatch.setattr(reading, "bar", Bar)
    paths = [write(gzip.compress(LONG.encode()), "a.gz"), write(PACK[".zst"](LONG.encode()), "b.zst"), write(b"a")]
    text_of(paths)
    assert seen["n"] == seen["total"] == sum(path.stat().st_size for path in paths)


def test_reading_that_stops_early_closes_the_file(write, recwarn):
    blocks = read_text(write(b"a\n" * BLOCK))
    assert next(blocks)
    blocks.close()
    del blocks
    assert not recwarn.list


@pytest.mark.parametrize(
    "text, short", [("天\n下\r\n", "天 下  "), ("a" * 200, "a" * 200), ("a" * 201, "a" * 200 + "...")]
)
def test_shorten_makes_one_short_line(text, short):
    assert shorten(text) == short


def code_points_read(path, **options):
    codes = [np.empty(0, np.uint32), *read_codes(path, **options)]
    return np.concatenate(codes).tobytes().decode("utf-32-le", "surrogatepass")


def outcome(read, *args, **kwargs):
    try:
        return "".join(read(*args, **kwargs))
    except MinentError as error:
        return str(error)


PIECES = st.sampled_from(
    [
        *("天", "a", "é", "\n", "𠮷", "\x00", "\ufeff", "\U0010ffff"),
        *(
            b"\xed\xa0\x80",
            b"\xc0\x80",
            b"\xe4\xb8",
            b"\xf4\x90\x80\x80",
            b"\xff",
            b"\xf0\x9f",
            b"\x80",
            b"\xe0\x80\x80",
        ),
    ]
)


@given(st.lists(st.one_of(PIECES, st.binary(max_size=4)), max_size=12), st.integers(1, 9))
def test_code_points_are_those_of_the_text_and_so_are_errors(pieces, block):
    data = b"".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder, "x.txt")
        path.write_bytes(data)
        patch.setattr("minent.unpacking.BLOCK", block)
        assert outcome(code_points_read, path) == outcome(read_text, path)


@pytest.mark.parametrize("options", [{"normalize": "NFKC"}, {"errors": "replace"}, {"encoding": "gb18030"}])
def test_code_points_of_other_readings_are_those_of_the_text(tmp_path, options):
    path = tmp_path / "x.txt"
    path.write_text("天下５G\n大势", options.get("encoding", "utf-8"))
    assert code_points_read(path, **options) == "".join(read_text(path, **options))


def test_code_points_of_json_lines_are_those_of_the_field(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"text": "天下"}\n', "utf-8")
    assert code_points_read(path) == "天下\n"
    assert code_points_read(path, field=None) == '{"text": "天下"}\n'


# Lists of words


@pytest.mark.parametrize("written", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_list_is_recognised_whatever_the_encoding_of_the_text(write, written):
    path = write("澜屿\n沈砚秋 3 nr\r\n".encode(written))
    assert list(read_list(path, encoding="gb18030")) == ["澜屿\n", "沈砚秋 3 nr\r\n"]


def test_a_list_in_neither_encoding_is_refused(write):
    path = write("澜屿\n".encode("gb18030"))
    advice = "a list must be UTF-8, or in the encoding of the text (--encoding)"
    with pytest.raises(DecodeError) as error:
        read_list(path)
    assert str(error.value) == f"{path}: byte 0 is not valid UTF-8; {advice}"
    with pytest.raises(DecodeError, match="is not valid UTF-8, nor ascii;"):
        read_list(path, encoding="ascii")


# What is no text at all


@pytest.mark.parametrize(
    "data, remedy",
    [
        (gzip.compress(b"a"), "it is compressed; give its name the ending .gz"),
        (lzma.compress(b"a"), "it is compressed; give its name the ending .xz"),
        (bz2.compress(b"a"), "it is compressed; give its name the ending .bz2"),
        (zstandard.compress(b"a"), "it is compressed; give its name the ending .zst"),
        (b"PK\3\4\xff\xff", "it is an archive or an office document; save it as plain text"),
        (b"\xd0\xcf\x11\xe0\xa1", "it is an archive or an office document; save it as plain text"),
        (b"%PDF-1.7\n%\xb5\xb5", "it is a PDF; save it as plain text"),
        (b"minent-vocab\r\n\x1a\n\xff", "it is a compiled vocabulary, not text"),
    ],
)
@pytest.mark.parametrize("read", [read_text, read_codes, read_list])
def test_a_file_of_another_kind_is_named_as_such(write, data, remedy, read):
    with pytest.raises(DecodeError) as error:
        list(read(write(data)))
    assert str(error.value).endswith(f" is not valid UTF-8; {remedy}")


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "ascii"])
def test_utf8_is_recognised_where_another_encoding_fails(write, encoding):
    with pytest.raises(DecodeError, match=rf"is not valid {encoding}; it begins like UTF-8, leave --encoding out"):
        text_of(write("的天下大势\n".encode() * 9), encoding=encoding)
    with pytest.raises(DecodeError, match="name the right encoding"):
        text_of(write(b"a" * 9 + b"\xff"), encoding=encoding)
