"""``check``: all that can be said about data, citations and chapters without building anything."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from ..checks import check, report
from ..contract.problems import spans
from ..review import load
from .command import Commands, add_command


def add(commands: Commands) -> None:
    """Add the command."""
    details = """Seconds, and nothing is built. What is to be mended is said all at once:
file, line and column, what stands there, what is wrong, what comes nearest, how to mend it."""
    summary = "check data, citations and chapters"
    add_command(commands, "check", run, summary, "python -m livingreview check", details)


def run(root: Path, options: argparse.Namespace) -> int:
    return check_first(root, then=lambda: _cover(root))


def check_first(root: Path, drafts: bool = False, then: Callable[[], None] = lambda: None) -> int:
    """Check the project, as every command does that builds on it; the exit code.

    drafts: whether examples that are still to be replaced may pass, named but not counted. then:
    what else to print where all is well.
    """
    print("Checking ...", file=sys.stderr, flush=True)
    started = time.perf_counter()
    problems = check(root)
    if problems:
        print(report(problems), file=sys.stderr)
        if drafts and all(problem.draft for problem in problems):
            print(
                "\nIt is built all the same, to be looked at; "
                "`make check` refuses it until they are replaced.",
                file=sys.stderr,
            )
            return 0
        return 1
    seconds = time.perf_counter() - started
    then()
    print(f"All data, citations and chapters are in order ({seconds:.1f} s).")
    return 0


def _cover(root: Path) -> None:
    print("What of the sources is restated:")
    for source, sections in load(root).coverage.groupby("source", sort=False):
        print(f"\n{source:<15} claims  evidence  other rows  reference numbers")
        for row in sections.to_dict("records"):
            counts = f"{row['claims']:6}  {row['evidence']:8}  {row['other']:10}"
            print(f"  {row['section']:<13} {counts}  {spans(row['numbers']) or '–'}")
    print()
