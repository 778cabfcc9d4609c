"""The commands for contributors: each module adds its own to the command line by ``add(commands)``.

A command gives 0 when all is well and 1 when something is to be mended. What a contributor got wrong is a `Mistake`: it is
printed, without a traceback, and nothing has been written.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ..problems import Problem


class Mistake(Exception):
    """What is to be mended before the command can do its work: problems of files, or sentences."""

    def __init__(self, *found: Problem | str) -> None:
        super().__init__("\n".join(map(str, found)))


def add_all(commands: argparse._SubParsersAction) -> None:
    """Add every command for contributors to the command line."""
    from . import add_paper, format, new, resolve, status

    for module in (new, add_paper, resolve, status, format):
        module.add(commands)


def add_command(
    commands: argparse._SubParsersAction,
    name: str,
    run,
    summary: str,
    example: str,
    details: str = "",
) -> argparse.ArgumentParser:
    """Add a command that writes all or nothing. run(root, options) gives the exit code."""
    parser = explained(commands, name, summary, example, details)
    parser.set_defaults(run=_guarded(run))
    return parser


def explained(
    commands: argparse._SubParsersAction, name: str, summary: str, example: str, details: str = ""
) -> argparse.ArgumentParser:
    """Add the command `name`; its help says what it does and ends with `example`."""
    text = f"{summary[0].upper()}{summary[1:]}. {details}".strip()
    indented = "\n".join(f"  {line}" for line in example.strip().splitlines())
    return commands.add_parser(
        name,
        help=summary,
        description=text,
        epilog=f"example:\n{indented}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def _guarded(run):
    def guarded(root: Path, options: argparse.Namespace) -> int:
        try:
            return run(root, options) or 0
        except Mistake as mistake:
            print(mistake, file=sys.stderr)
        except (EOFError, KeyboardInterrupt):
            print("\nStopped; nothing was written.", file=sys.stderr)
        except (
            BrokenPipeError
        ):  # the reader of a pipe has seen enough: no fault, and for the command line to settle
            raise
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            print(f"{place}{error.strerror or error}. Nothing was written.", file=sys.stderr)
        return 1

    return guarded
