"""``python -m livingreview pdf`` and ``epub``: Jupyter Book's builders on the same execution as the site, then a finished file."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from ..problems import nearest
from . import CHAPTER, edition
from .pdf import PrintError, typeset

JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"


def pdf(root: Path, chapter: str = "") -> int:
    """Build ``_build/pdf/<title>.pdf``, or a chapter alone; the exit code."""
    book = edition(root)
    name = book.name(chapter)
    try:
        if (
            chapter
            and not (root / "chapters" / f"{chapter}.md").is_file()
            and not (root / f"{chapter}.md").is_file()
        ):
            known = sorted(p.stem for p in (root / "chapters").glob("*.md"))
            close = nearest(chapter, known)
            hint = f"Nearest valid value: '{close}'." if close else f"Chapters: {', '.join(known)}."
            raise PrintError(f"There is no chapter '{chapter}'. {hint}")
        _build(root, ["--builder", "latex"], {CHAPTER: chapter}, name)
        print("Setting the type ...", flush=True)
        made = typeset(root / "_build" / "latex", name, book.epoch)
    except PrintError as error:
        print(f"\n{error}\nThe PDF was not built.", file=sys.stderr)
        return 1
    finally:
        _keep_log(root, name)
    return _finish(root, made, root / "_build" / "pdf" / f"{name}.pdf")


def epub(root: Path) -> int:
    """Build ``_build/epub/<title>.epub``; the exit code."""
    book = edition(root)
    shutil.rmtree(root / "_build" / "epub", ignore_errors=True)  # Sphinx packs whatever lies there
    try:
        _build(
            root,
            ["--builder", "custom", "--custom-builder", "epub"],
            {"SOURCE_DATE_EPOCH": str(book.epoch)},
            f"{book.name()}.epub",
        )
    except PrintError as error:
        print(f"\n{error}\nThe EPUB was not built.", file=sys.stderr)
        return 1
    made = root / "_build" / "epub" / f"{book.name()}.epub"
    print(f"\nThe EPUB is {made.as_posix()}")
    return 0


def _build(root: Path, options: list[str], settings: dict[str, str], name: str) -> None:
    """Run Jupyter Book; show which chapters run and what is wrong, keep the rest in ``_build/logs/<name>.build.log``."""
    log = root / "_build" / "logs" / f"{name}.build.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-c", JUPYTER_BOOK, "build", str(root), *options]
    environment = {**os.environ, "NO_COLOR": "1", **settings}
    process = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    traced = False
    with log.open("w", encoding="utf-8") as kept:
        for line in process.stdout:
            kept.write(line)
            traced = traced or line.startswith("Traceback (most recent call last)")
            if not traced and (
                line.startswith("executing ")
                or "WARNING" in line
                or "ERROR" in line
                or ".md:" in line
            ):
                print(line, end="", flush=True)
    if process.wait():
        raise PrintError(
            f"The pages could not be put together: {_cause(log)} (all that was said: {log})"
        )


def _cause(log: Path) -> str:
    """The last line before what Python adds to an error."""
    said = (
        log.read_text(encoding="utf-8")
        .partition("\nTraceback (most recent call last)")[0]
        .partition("The full traceback has been saved")[0]
    )
    return re.sub(r"\x1b\[[\d;]*m", "", said).strip().rpartition("\n")[2].strip()


def _keep_log(root: Path, name: str) -> None:
    log = root / "_build" / "latex" / f"{name}.log"
    if log.is_file():
        (root / "_build" / "logs").mkdir(parents=True, exist_ok=True)
        shutil.copy(log, root / "_build" / "logs" / f"{name}.log")


def _finish(root: Path, made: Path, wanted: Path) -> int:
    wanted.parent.mkdir(parents=True, exist_ok=True)
    os.replace(made, wanted)
    print(f"\nThe PDF is {wanted.as_posix()}")
    return 0
