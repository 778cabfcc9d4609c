"""``changes``: what a pull request changes, in words."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..changes.git import GitError
from ..changes.report import changes
from ..checks import check
from ..display.markup import escape
from .command import Commands, add_command


def add(commands: Commands) -> None:
    """Add the command."""
    details = """Rows, claims whose certainty moves, disagreements opened
and settled, chapters affected: what the summary of a pull request says."""
    example = """python -m livingreview changes --since origin/main
python -m livingreview changes --since HEAD"""
    summary = "say in Markdown what differs from another revision"
    parser = add_command(commands, "changes", run, summary, example, details)
    parser.add_argument(
        "--since",
        required=True,
        metavar="REVISION",
        help="revision to compare with: a branch, a tag or a commit",
    )


def run(root: Path, options: argparse.Namespace) -> int:
    print("Comparing ...", file=sys.stderr, flush=True)
    if problems := check(root):  # a row that cannot be read would count as one that is gone
        told = "What changes can be told once this is mended (`make check` says the same):"
        listed = [f"- {escape(str(problem))}" for problem in problems]
        print("\n".join(["## To be mended first", "", told, "", *listed]))
        return 1
    try:
        print(changes(root, options.since))
    except (GitError, ValueError) as error:
        print(f"Cannot compare with '{options.since}': {error}", file=sys.stderr)
        return 1
    return 0
