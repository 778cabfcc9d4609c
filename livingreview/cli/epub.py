"""``epub``: the book for readers without a network, on the same execution as the site."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from ..editions.edition import edition
from ..editions.pdf import PrintError
from .check import check_first
from .command import Commands, add_command
from .pdf import put_together


def add(commands: Commands) -> None:
    """Add the command."""
    add_command(
        commands,
        "epub",
        run,
        "check, then build _build/epub/*.epub",
        "python -m livingreview epub",
        "Whole, for readers without a network.",
    )


def run(root: Path, options: argparse.Namespace) -> int:
    return check_first(root) or epub(root)


def epub(root: Path) -> int:
    """Build ``_build/epub/<title>.epub``; the exit code."""
    book = edition(root)
    shutil.rmtree(root / "_build" / "epub", ignore_errors=True)  # Sphinx packs whatever lies there
    options = ["--builder", "custom", "--custom-builder", "epub"]
    try:
        put_together(root, options, {"SOURCE_DATE_EPOCH": str(book.epoch)}, f"{book.name()}.epub")
    except PrintError as error:
        print(f"\n{error}\nThe EPUB was not built.", file=sys.stderr)
        return 1
    made = root / "_build" / "epub" / f"{book.name()}.epub"
    print(f"\nThe EPUB is {made.as_posix()}")
    return 0
