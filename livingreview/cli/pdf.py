"""``pdf``: the book, or one chapter, on the same execution as the site, set by XeLaTeX."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from ..contract.problems import nearest
from ..editions.edition import CHAPTER, edition
from ..editions.pdf import PrintError, missing, typeset
from .check import check_first
from .command import Commands, add_command
from .jupyter_book import BuildError, build


def add(commands: Commands) -> None:
    """Add the command."""
    parser = add_command(
        commands,
        "pdf",
        run,
        "check, then set the book, or one chapter, as _build/pdf/*.pdf",
        "python -m livingreview pdf\npython -m livingreview pdf --chapter MECHANISM",
        "Needs LaTeX, and names what is missing.",
    )
    parser.add_argument("--chapter", default="", metavar="SLUG", help="this chapter alone")


def run(root: Path, options: argparse.Namespace) -> int:
    if told := missing():
        print(told, file=sys.stderr)
        return 1
    return check_first(root) or pdf(root, options.chapter)


def pdf(root: Path, chapter: str = "") -> int:
    """Build ``_build/pdf/<title>.pdf``, or a chapter alone; the exit code."""
    book = edition(root)
    name = book.name(chapter)
    try:
        _refuse_unknown(root, chapter)
        put_together(root, ["--builder", "latex"], {CHAPTER: chapter}, name)
        print("Setting the type ...", flush=True)
        made = typeset(root / "_build" / "latex", name, book.epoch)
    except PrintError as error:
        print(f"\n{error}\nThe PDF was not built.", file=sys.stderr)
        return 1
    finally:
        _keep_log(root, name)
    wanted = root / "_build" / "pdf" / f"{name}.pdf"
    wanted.parent.mkdir(parents=True, exist_ok=True)
    made.replace(wanted)
    print(f"\nThe PDF is {wanted.as_posix()}")
    return 0


def put_together(root: Path, options: list[str], settings: dict[str, str], name: str) -> None:
    """Run Jupyter Book; show which chapters run and what is wrong, keep all in
    ``_build/logs/<name>.build.log``.
    """
    log = root / "_build" / "logs" / f"{name}.build.log"
    try:
        build(root, options, {"NO_COLOR": "1", **settings}, log, _is_news)
    except BuildError as error:
        raise PrintError(
            f"The pages could not be put together: {error} (all that was said: {log})"
        ) from error


def _is_news(line: str) -> bool:
    return line.startswith("executing ") or any(s in line for s in ("WARNING", "ERROR", ".md:"))


def _refuse_unknown(root: Path, chapter: str) -> None:
    folder = root / "chapters"
    if not chapter or (folder / f"{chapter}.md").is_file() or (root / f"{chapter}.md").is_file():
        return
    known = sorted(p.stem for p in folder.glob("*.md"))
    close = nearest(chapter, known)
    hint = f"Nearest valid value: '{close}'." if close else f"Chapters: {', '.join(known)}."
    raise PrintError(f"There is no chapter '{chapter}'. {hint}")


def _keep_log(root: Path, name: str) -> None:
    log = root / "_build" / "latex" / f"{name}.log"
    if log.is_file():
        (root / "_build" / "logs").mkdir(parents=True, exist_ok=True)
        shutil.copy(log, root / "_build" / "logs" / f"{name}.log")
