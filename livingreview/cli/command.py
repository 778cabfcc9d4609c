"""What a command is: each module adds its own to the command line by ``add(commands)``.

A command gives 0 when all is well and 1 when something is to be mended. What a contributor got
wrong is a `UserError`: it is printed, without a traceback, and nothing has been written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TypeAlias

from ..contract.problems import UserError

#: Where commands are added; argparse has no public name for what ``add_subparsers`` gives.
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Run: TypeAlias = Callable[[Path, argparse.Namespace], int]


def tell(what: str) -> None:
    """Print at once what a command that takes its time is about."""
    print(what, flush=True)


def add_command(
    commands: Commands,
    name: str,
    run: Run,
    summary: str,
    example: str,
    details: str = "",
) -> argparse.ArgumentParser:
    """Add the command `name`; its help says what it does and ends with `example`. `run` gives the
    exit code.
    """
    text = f"{summary[0].upper()}{summary[1:]}. {details}".strip()
    indented = "\n".join(f"  {line}" for line in example.strip().splitlines())
    parser = commands.add_parser(
        name,
        help=summary,
        description=text,
        epilog=f"example:\n{indented}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def all_or_nothing(run: Run) -> Run:
    """`run` for a command that writes all or nothing: what is to be mended, and what stopped it, is
    said without a traceback.
    """

    @wraps(run)
    def guarded(root: Path, options: argparse.Namespace) -> int:
        try:
            return run(root, options)
        except UserError as mistake:
            print(mistake, file=sys.stderr)
        except (EOFError, KeyboardInterrupt):
            print("\nStopped; nothing was written.", file=sys.stderr)
        except BrokenPipeError:  # no fault, and for the command line to settle
            raise
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            print(f"{place}{error.strerror or error}. Nothing was written.", file=sys.stderr)
        return 1

    return guarded
