"""What the blocks of generated output in the READMEs are made with; see ``make docs``."""

import os
import shlex
import shutil
import tempfile
from pathlib import Path

import cog
from click.testing import CliRunner

from minent_cli import main

SANDBOX = tempfile.TemporaryDirectory()
(Path(SANDBOX.name) / "data").mkdir()
shutil.copy("data/sample.txt", Path(SANDBOX.name) / "data")
HERE = os.getcwd()


def output_of(command):
    """What a minent or cat command prints, run in a folder of its own that holds data/sample.txt."""
    program, *words = shlex.split(command)
    if program == "cat":
        return (Path(SANDBOX.name) / words[0]).read_text("utf-8")
    options = [opt for param in main.commands[words[0]].params for opt in param.opts]
    if "--quiet" in options and "--help" not in words:
        words.append("--quiet")
    os.chdir(SANDBOX.name)
    try:
        result = CliRunner().invoke(main, words, prog_name="minent", terminal_width=96)
    finally:
        os.chdir(HERE)
    assert result.exit_code == 0, (command, result.output)
    return result.output


def write(name, *lines):
    (Path(SANDBOX.name) / name).write_text("".join(line + "\n" for line in lines), "utf-8", newline="\n")


def console(*commands):
    shown = "".join(f"$ {command}\n{output_of(command)}" for command in commands)
    cog.out(f"```console\n{shown}```\n")
