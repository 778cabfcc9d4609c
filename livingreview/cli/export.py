"""``export``: the data for people who re-use them."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..exports import evidence
from .check import check_first
from .command import Commands, add_command


def add(commands: Commands) -> None:
    """Add the command."""
    add_command(
        commands,
        "export",
        run,
        "check, then write the data as one table into _build/exports",
        "python -m livingreview export",
        "One row for each piece of evidence.",
    )


def run(root: Path, options: argparse.Namespace) -> int:
    if code := check_first(root):
        return code
    for path, rows in evidence.write(root):
        print(f"{path.relative_to(root).as_posix()}: {rows} rows")
    return 0
