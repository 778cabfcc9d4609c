"""`references.bib`, by both parsers that read it when the book is built.

bibtexparser reads it for the data, pybtex (through sphinxcontrib-bibtex) for the bibliography page.
They forgive different mistakes, so both are asked.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pybtex.errors
from bibtexparser.entrypoint import parse_string
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
    Field,
    ImplicitComment,
    ParsingFailedBlock,
)
from pybtex.database.input.bibtex import Parser

from ...contract.problems import Problem
from ..model import BibEntry, References
from . import text

FILE = "references.bib"
#: Found elsewhere: pybtex reports these without a line.
_REPEATED = ("repeated bibliography entry", "has a duplicate")


def read(root: Path) -> tuple[References, list[Problem]]:
    """The entries that both parsers read, and what is wrong with the others."""
    file = text.read(root / FILE, root, tabs=True)  # reference managers indent by tabs
    if file.lines is None:
        return References(complete=False), file.problems
    content = "\n".join(file.lines) + "\n"
    blocks = _blocks(content)
    ends = [*map(_first_line, blocks[1:]), len(file.lines) + 1]
    found = _pybtex_problems(content)
    references = References(complete=not found)
    before = None
    for block, end in zip(blocks, ends, strict=True):
        start, entry = _first_line(block), _entry(block)
        if entry is not None and not any(start <= problem.line < end for problem in found):
            references.entries.append(entry)
        # pybtex may notice only where the next entry starts that this one was not closed
        noticed = any(start <= problem.line <= end for problem in found)
        remains = isinstance(block, ImplicitComment) and isinstance(before, ParsingFailedBlock)
        problem = None if noticed or remains else _block_problem(block, file.lines)
        if problem is not None:
            found.append(problem)
            references.complete &= entry is not None
        before = block
    return references, file.problems + found


def _blocks(content: str) -> list[Block]:
    """The file as bibtexparser sees it, in file order. What it logs is in the blocks as well."""
    logging.disable(logging.ERROR)
    try:
        library = parse_string(content)
    finally:
        logging.disable(logging.NOTSET)
    return sorted(library.blocks, key=_first_line)


def _first_line(block: Block | Field) -> int:
    return (block.start_line or 0) + 1


def _pybtex_problems(content: str) -> list[Problem]:
    """What pybtex cannot read."""
    try:
        with pybtex.errors.capture() as errors:
            Parser(encoding="utf-8").parse_string(content)
    except Exception as error:  # whatever stops the parser would stop the build as well
        errors = [error]
    fix = "Look at this line and the ones before it: a comma, brace or quote is missing."
    return [
        Problem(FILE, _line(error, content), "", "", f"broken BibTeX: {error} (pybtex).", fix)
        for error in errors
        if not any(words in str(error) for words in _REPEATED)
    ]


def _line(error: Exception, content: str) -> int:
    """The line of which pybtex speaks, 0 where it gives none."""
    named = re.search(r"Too many commas in '(.*)'", str(error))
    if named and named[1] in content:
        return content.count("\n", 0, content.index(named[1])) + 1
    return getattr(error, "lineno", None) or 0


def _block_problem(block: Block, lines: list[str]) -> Problem | None:
    """What bibtexparser cannot read."""
    line = _first_line(block)
    if isinstance(block, DuplicateFieldKeyBlock):
        names = ", ".join(sorted(block.duplicate_keys))
        what, fix = "the entry has this field twice.", "Keep one of the two."
        return Problem(FILE, line, names, "", what, fix)
    if isinstance(block, ParsingFailedBlock) and not isinstance(block, DuplicateBlockKeyBlock):
        what = "broken BibTeX: the entry cannot be read (bibtexparser)."
        fix = "Look for a missing key, comma, brace or quote."
        return Problem(FILE, line, "", lines[line - 1], what, fix)
    if isinstance(block, ImplicitComment):
        parts = (part.strip() for part in block.comment.splitlines())
        stray = next((part for part in parts if part and not part.startswith("%")), "")
        if stray:
            what = "text outside any entry, which BibTeX passes over in silence."
            fix = "Remove it, or start it with %; it may come from a brace too many."
            return Problem(FILE, line, "", stray, what, fix)
    return None


def _entry(block: Block) -> BibEntry | None:
    entry: Block | None = block
    plain: Callable[[object], str] = str
    if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock):
        # bibtexparser takes the outer braces off, but not in blocks that it has rejected
        entry, plain = block.ignore_error_block, _without_braces
    if not isinstance(entry, Entry):
        return None
    fields = {f.key.lower(): (plain(f.value), _first_line(f)) for f in reversed(entry.fields)}
    return BibEntry(FILE, entry.key, entry.entry_type.lower(), _first_line(block), fields)


def _without_braces(value: object) -> str:
    return re.sub(r'^[{"](.*)["}]$', r"\1", str(value), flags=re.DOTALL)
