"""Jupyter Book as a process of this very Python.

Its own traceback is left out: it tells a contributor nothing.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

JUPYTER_BOOK = (
    "from jupyter_book.cli.main import main; main()"  # of this Python, whatever is on the PATH
)
_TRACEBACK = "\nTraceback (most recent call last)"


class BuildError(Exception):
    """Jupyter Book failed; the message is the last line before what Python adds to an error."""


def build(
    root: Path,
    options: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
    log: Path | None = None,
    shown: Callable[[str], bool] = lambda line: True,
) -> None:
    """Run ``jupyter-book build`` on the book in `root`.

    options: further arguments. settings: environment variables, besides those there are. log: file
    that takes all that is said. shown: which lines are printed. Raises BuildError where the build
    fails.
    """
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", str(root), *options]
    process = subprocess.Popen(
        command,
        env={**os.environ, **(settings or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    if log:
        log.parent.mkdir(parents=True, exist_ok=True)
    said = ""
    with Path(log or os.devnull).open("w", encoding="utf-8") as kept:
        for line in process.stdout or ():
            kept.write(line)
            said += line
            if _TRACEBACK not in said and shown(line):
                print(line, end="", flush=True)
    if process.wait():
        raise BuildError(_cause(said))


def _cause(said: str) -> str:
    said = said.partition(_TRACEBACK)[0]
    said = said.partition("The full traceback has been saved")[0]
    return re.sub(r"\x1b\[[\d;]*m", "", said).strip().rpartition("\n")[2].strip()
