"""Files that appear whole or not at all."""

import errno
import os
import stat
import subprocess
import sys
import threading

import pytest

from minent._files import open_whole, write_whole
from minent.errors import InputError

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX")


def test_lines_are_written_as_utf8_with_plain_line_ends(tmp_path):
    write_whole(tmp_path / "a", ["天下\n", "大势\n"])
    assert (tmp_path / "a").read_bytes() == "天下\n大势\n".encode()
    assert os.listdir(tmp_path) == ["a"]


def lines_then(error):
    yield "new\n" * 100_000
    raise error


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, GeneratorExit, SystemExit])
def test_an_exception_midway_leaves_the_old_file_and_nothing_else(tmp_path, error):
    target = tmp_path / "a"
    target.write_text("old")
    with pytest.raises(error):
        write_whole(target, lines_then(error()))
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["a"]


def test_the_old_file_stays_readable_until_the_new_one_is_whole(tmp_path):
    target = tmp_path / "a"
    target.write_text("old")
    with open_whole(target) as file:
        file.write("new")
        file.flush()
        assert target.read_text() == "old"
    assert target.read_text() == "new"


def test_a_full_disk_is_an_input_error_that_leaves_no_file(tmp_path):
    with pytest.raises(InputError, match=r"a: cannot be written: No space left on device$"):
        write_whole(tmp_path / "a", lines_then(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))))
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_device_is_an_input_error():
    with pytest.raises(InputError, match=r"^/dev/full: cannot be written: No space left on device$"):
        write_whole("/dev/full", ["天下\n"])


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"cannot be written: it is a folder$"):
        write_whole(tmp_path, ["a"])
    assert os.listdir(tmp_path) == []


def test_a_missing_parent_folder_is_named(tmp_path):
    path = tmp_path / "no" / "a"
    with pytest.raises(InputError) as error:
        write_whole(path, ["a"])
    assert str(error.value) == f"{path}: cannot be written: there is no folder {path.parent}; make it first"


@pytest.mark.parametrize("suffix", [".gz", ".xz", ".bz2", ".zst"])
def test_a_compressed_suffix_is_refused_since_reading_would_take_the_plain_file_for_damaged(tmp_path, suffix):
    with pytest.raises(InputError, match="leave out the last suffix"):
        write_whole(tmp_path / f"vocab.tsv{suffix}", ["a"])
    assert os.listdir(tmp_path) == []


@posix
@pytest.mark.skipif(hasattr(os, "getuid") and os.getuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_an_input_error(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(InputError, match="Permission denied"):
            write_whole(tmp_path / "a", ["a"])
    finally:
        tmp_path.chmod(0o700)


@posix
@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_mode_that_the_umask_leaves(tmp_path, umask):
    before = os.umask(umask)
    try:
        write_whole(tmp_path / "a", ["a"])
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o666 & ~umask


@posix
def test_a_file_written_again_keeps_its_mode(tmp_path):
    target = tmp_path / "a"
    target.write_text("old")
    target.chmod(0o604)
    write_whole(target, ["new"])
    assert target.read_text() == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o604


@posix
def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", ["new"])
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


@posix
def test_a_link_to_nothing_makes_the_file_it_names(tmp_path):
    (tmp_path / "link").symlink_to("real")
    write_whole(tmp_path / "link", ["new"])
    assert (tmp_path / "real").read_text() == "new"


def test_a_name_as_long_as_the_system_allows_is_written(tmp_path):
    name = "天" * 85 if os.name == "posix" else "a" * 100
    write_whole(tmp_path / name, ["a"])
    assert os.listdir(tmp_path) == [name]


@posix
def test_a_pipe_is_written_as_it_stands(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_text("utf-8")))
    reader.start()
    write_whole(pipe, ["天下\n", "大势\n"])
    reader.join()
    assert got == ["天下\n大势\n"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


WRITER = "from minent._files import write_whole; write_whole('/dev/stdout', ['天下\\n'])"


@posix
def test_dev_stdout_is_written_through_a_pipe():
    done = subprocess.run([sys.executable, "-c", WRITER], stdout=subprocess.PIPE, check=True)
    assert done.stdout == "天下\n".encode()


@posix
def test_dev_stdout_is_not_replaced_and_keeps_what_its_file_held(tmp_path):
    kind = os.lstat("/dev/stdout").st_mode
    with open(tmp_path / "out", "ab") as out:
        out.write(b"before\n")
        out.flush()
        subprocess.run([sys.executable, "-c", WRITER], stdout=out, check=True)
        out.write(b"after\n")
    assert (tmp_path / "out").read_bytes() == "before\n天下\nafter\n".encode()
    assert os.lstat("/dev/stdout").st_mode == kind
