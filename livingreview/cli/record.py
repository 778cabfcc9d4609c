"""``record``: what has changed, for the history of the book."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..changes.git import GitError
from ..changes.history import FILE, record
from .check import check_first
from .command import Commands, add_command


def add(commands: Commands) -> None:
    """Add the command."""
    details = (
        "From it 'What is new' and the end of each chapter are made: run it before an edition."
    )
    example = "python -m livingreview record\npython -m livingreview record --since 2026.12.1"
    summary = "write what has changed into data/history.csv"
    parser = add_command(commands, "record", run, summary, example, details)
    parser.add_argument(
        "--since",
        metavar="REVISION",
        help="revision to compare with; by default the one that last wrote the history",
    )


def run(root: Path, options: argparse.Namespace) -> int:
    if code := check_first(root):
        return code
    try:
        added = record(root, options.since)
    except (GitError, ValueError) as error:
        print(f"Nothing was recorded: {error}", file=sys.stderr)
        return 1
    print(f"{FILE.as_posix()}: {len(added)} changes recorded")
    return 0
