"""``watch``: new and retracted papers, from the saved searches."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..contract.problems import nearest
from ..literature.watch import watch
from ..review import load
from .check import check_first
from .command import Commands, add_command


def add(commands: Commands) -> None:
    """Add the command."""
    details = """A search starts from the mechanism's searched_on, which only an editor moves;
papers that references.bib holds are left out. Asks PubMed, Europe PMC and Crossref; nothing in
data/ is changed."""
    example = "python -m livingreview watch\npython -m livingreview watch MECHANISM"
    summary = "run the saved searches, list new and retracted papers in _build/watch"
    parser = add_command(commands, "watch", run, summary, example, details)
    parser.add_argument(
        "mechanisms",
        nargs="*",
        metavar="MECHANISM",
        help="only these; all, and the retractions, by default",
    )


def run(root: Path, options: argparse.Namespace) -> int:
    if code := check_first(root):
        return code
    known = list(load(root).mechanisms["mechanism"])
    for slug in options.mechanisms:
        if slug not in known:
            close = nearest(slug, known)
            hint = f" Nearest valid value: '{close}'." if close else ""
            print(f"data/mechanisms.csv has no mechanism '{slug}'.{hint}", file=sys.stderr)
            return 1
    summary, failed = watch(root, options.mechanisms, _tell)
    print(summary)
    return 1 if failed else 0


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
