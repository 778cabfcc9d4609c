"""``format``: write tables and bibliography in the one form that the check asks for."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..checks.read import contract
from ..contract import formatting
from ..contract.problems import UserError
from .command import Commands, add_command, all_or_nothing


def add(commands: Commands) -> None:
    """Add the command."""
    details = """It changes no value: byte order marks, Windows line ends, semicolons or tabs
between cells, needless quotes, blanks around values, empty rows, the order of columns, and the
order and layout of references.bib are mended. Files that are right already are not touched; files
that cannot be read are named."""
    example = "python -m livingreview format      (or: make format)"
    parser = add_command(
        commands, "format", run, "write tables and bibliography in the one form", example, details
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="name the files that would change; exit code 1 where there are any",
    )


@all_or_nothing
def run(root: Path, options: argparse.Namespace) -> int:
    package, problems = contract.read(root)
    if package is None:
        raise UserError(*problems)
    changed, unread, unwritten = [], [], []
    for path, resource in formatting.files(package, root):
        name, data = path.relative_to(root).as_posix(), path.read_bytes()
        text = formatting.formatted(data, resource)
        if text is None:
            unread.append(name)
        elif text.encode() != data:
            try:
                if not options.dry_run:
                    formatting.write_atomic(path, text)
                changed.append(name)
            except OSError as error:  # the others are formatted all the same
                unwritten.append(f"{name}: left as it is: {error.strerror}")
    for name in changed:
        print(f"{name}: {'would change' if options.dry_run else 'formatted'}")
    for name in unread:
        print(f"{name}: left as it is, for it cannot be read; `make check` says why")
    for line in unwritten:
        print(line)
    if not (changed or unread or unwritten):
        print("All files are in form.")
    return int(bool(unread or unwritten or (changed and options.dry_run)))
