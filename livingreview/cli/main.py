"""The command line: all commands, and what every one of them does with an interruption, a closed
pipe or a full disk.
"""

from __future__ import annotations

import argparse
import os
import sys

from ..review import find_root
from . import (
    add_paper,
    build,
    changes,
    check,
    epub,
    export,
    links,
    new,
    pdf,
    record,
    resolve,
    status,
    watch,
)
from . import format as format_files

#: In the order of the help: first what contributors need.
COMMANDS = (
    new,
    add_paper,
    resolve,
    status,
    format_files,
    check,
    build,
    pdf,
    epub,
    export,
    changes,
    record,
    watch,
    links,
)
_EXAMPLES = """examples:
  python -m livingreview check
  python -m livingreview add-paper 10.5555/12345678
  python -m livingreview new claim MECHANISM
CONTRIBUTING.md has a recipe for each kind of contribution; COMMAND --help explains a command."""


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the exit code is 0 when all is well and 1 when something is to be mended."""
    try:
        try:
            return _run(arguments)
        finally:
            _flush()
    except FileNotFoundError as error:
        if error.errno is not None:
            return _failed(error)
        print(error, file=sys.stderr)
    except BrokenPipeError:  # the reader of a pipe, as in `| head`, has seen enough
        pass
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
    except OSError as error:  # a file that may not be written, a full disk
        return _failed(error)
    return 1


def _run(arguments: list[str] | None) -> int:
    commands = parser()
    options = commands.parse_args(arguments)
    if "run" not in options:
        (options.parser if "parser" in options else commands).print_help()
        return 2
    code: int = options.run(find_root(), options)
    return code


def _flush() -> None:
    """Print what is still held back.

    Where nobody takes it, it is dropped, else Python would try again at its end.
    """
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def _failed(error: OSError) -> int:
    place = f"{error.filename}: " if error.filename else ""
    print(f"{place}{error.strerror or error}.", file=sys.stderr)
    return 1


def parser() -> argparse.ArgumentParser:
    """The parser with all commands."""
    made = argparse.ArgumentParser(
        prog="python -m livingreview",
        description="Check, build and export a living review, and contribute to it.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = made.add_subparsers(dest="command", metavar="COMMAND")
    for module in COMMANDS:
        module.add(commands)
    return made
