"""``build``: the website."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .check import check_first
from .command import Commands, add_command
from .jupyter_book import BuildError, build

STRICT = ("-W", "--keep-going", "-n")


def add(commands: Commands) -> None:
    """Add the command."""
    details = """Only chapters whose text or rows have changed run again. Examples that are
still to be replaced are named and built all the same; --strict refuses them."""
    example = "python -m livingreview build\npython -m livingreview build --strict"
    summary = "check, then build the website into _build/html"
    parser = add_command(commands, "build", run, summary, example, details)
    parser.add_argument(
        "--strict", action="store_true", help="treat every warning of the build as an error"
    )


def run(root: Path, options: argparse.Namespace) -> int:
    if code := check_first(root, drafts=not options.strict):
        return code
    try:
        build(root, STRICT if options.strict else ())
    except BuildError:  # it has said why
        print("\nThe site was not built: see above for what to mend.", file=sys.stderr)
        return 1
    print(f"\nThe site is in {(root / '_build' / 'html' / 'index.html').as_posix()}")
    return 0
