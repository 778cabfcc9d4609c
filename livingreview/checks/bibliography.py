"""`references.bib`: does it parse, and is every entry fit to be cited?

Two parsers read the file when the book is built: bibtexparser for the data, pybtex (through sphinxcontrib-bibtex) for
the bibliography page. They forgive different mistakes, so both are asked.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import bibtexparser
import pybtex.errors
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    ImplicitComment,
    ParsingFailedBlock,
)
from bibtexparser.model import Entry as BibEntry
from pybtex.database.input.bibtex import Parser

from ..contract.problems import Problem, nearest
from . import files

if TYPE_CHECKING:
    from .project import Project

FILE = "references.bib"
#: The entry types that pybtex's styles can typeset.
KINDS = [
    "article",
    "book",
    "booklet",
    "dataset",
    "inbook",
    "incollection",
    "inproceedings",
    "manual",
    "mastersthesis",
    "misc",
    "online",
    "patent",
    "phdthesis",
    "proceedings",
    "software",
    "techreport",
    "unpublished",
]
#: Identifier fields: their form, what to say of another form, how to mend it.
IDENTIFIERS = {
    "doi": (
        r"10\.\d{4,9}/\S+",
        "this is not a DOI.",
        "Write the bare DOI, as in 10.1000/xyz123, without https://doi.org/.",
    ),
    "pmid": (r"[1-9]\d{0,7}", "this is not a PubMed id.", "Write its digits only."),
    "pmcid": (
        r"PMC[1-9]\d{0,8}",
        "this is not a PubMed Central id.",
        "Write PMC and the digits, as in PMC5360393.",
    ),
}


@dataclass(frozen=True)
class Entry:
    """One entry. fields: name in lower case -> (text without its outer braces, line)."""

    key: str
    kind: str
    line: int
    fields: dict[str, tuple[str, int]]

    def text(self, name: str) -> str:
        return self.fields.get(name, ("", 0))[0].strip()

    def problem(
        self, name: str, what: str, fix: str, close: str = "", value: str | None = None
    ) -> Problem:
        """A problem with one field of this entry, or with all of it where `name` is empty."""
        text, line = self.fields.get(name, ("", self.line))
        return Problem(FILE, line, name, text if value is None else value, what, fix, close)


@dataclass
class Bibliography:
    """The entries that both parsers read. complete: False where there are others."""

    entries: list[Entry] = field(default_factory=list)
    complete: bool = True


def read(root: Path) -> tuple[Bibliography, list[Problem]]:
    """Read `references.bib` of the project in `root` with both parsers."""
    text = files.read(root / FILE, root, tabs=True)  # reference managers indent by tabs
    if text.lines is None:
        return Bibliography(complete=False), text.problems
    content = "\n".join(text.lines) + "\n"
    blocks = _blocks(content)
    ends = [block.start_line + 1 for block in blocks[1:]] + [len(text.lines) + 1]
    found = _pybtex_problems(content)
    bibliography = Bibliography(complete=not found)
    before = None
    for block, end in zip(blocks, ends, strict=True):
        start, entry = block.start_line + 1, _entry(block)
        if entry is not None and not any(start <= problem.line < end for problem in found):
            bibliography.entries.append(entry)
        # pybtex may notice only where the next entry starts that this one was not closed
        noticed = any(start <= problem.line <= end for problem in found)
        remains = isinstance(block, ImplicitComment) and isinstance(before, ParsingFailedBlock)
        problem = None if noticed or remains else _block_problem(block, text.lines)
        if problem is not None:
            found.append(problem)
            bibliography.complete &= entry is not None
        before = block
    return bibliography, text.problems + found


def _blocks(content: str) -> list[Block]:
    """The file as bibtexparser sees it, in file order. It logs what it returns anyway; the log is kept quiet."""
    logging.disable(logging.ERROR)
    try:
        library = bibtexparser.parse_string(content)
    finally:
        logging.disable(logging.NOTSET)
    return sorted(library.blocks, key=lambda block: block.start_line)


def _pybtex_problems(content: str) -> list[Problem]:
    """What pybtex cannot read. Repeated keys and fields, which it reports without a line, are found elsewhere."""
    try:
        with pybtex.errors.capture() as errors:
            Parser(encoding="utf-8").parse_string(content)
    except Exception as error:  # whatever stops the parser would stop the build as well
        errors = [error]
    found = []
    for error in errors:
        what = str(error)
        if "repeated bibliography entry" in what or "has a duplicate" in what:
            continue
        line = getattr(error, "lineno", None) or 0
        named = re.search(r"Too many commas in '(.*)'", what)
        if named and named[1] in content:
            line = content.count("\n", 0, content.index(named[1])) + 1
        what = f"broken BibTeX: {what} (pybtex)."
        found.append(
            Problem(
                FILE,
                line,
                "",
                "",
                what,
                "Look at this line and the ones before it: a comma, brace or quote is missing.",
            )
        )
    return found


def _block_problem(block: Block, lines: list[str]) -> Problem | None:
    """What bibtexparser cannot read."""
    line = block.start_line + 1
    if isinstance(block, DuplicateFieldKeyBlock):
        names = ", ".join(sorted(block.duplicate_keys))
        return Problem(
            FILE, line, names, "", "the entry has this field twice.", "Keep one of the two."
        )
    if isinstance(block, ParsingFailedBlock) and not isinstance(block, DuplicateBlockKeyBlock):
        what = "broken BibTeX: the entry cannot be read (bibtexparser)."
        return Problem(
            FILE, line, "", lines[line - 1], what, "Look for a missing key, comma, brace or quote."
        )
    if isinstance(block, ImplicitComment):
        text = [part.strip() for part in block.comment.splitlines()]
        stray = next((part for part in text if part and not part.startswith("%")), "")
        if stray:
            what = "text outside any entry, which BibTeX passes over in silence."
            return Problem(
                FILE,
                line,
                "",
                stray,
                what,
                "Remove it, or start it with %; it may come from a brace too many.",
            )
    return None


def _entry(block: Block) -> Entry | None:
    inner = (
        block.ignore_error_block
        if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock)
        else block
    )
    if not isinstance(inner, BibEntry):
        return None
    # bibtexparser takes the outer braces off, but not in blocks that it has rejected
    text = (
        str
        if inner is block
        else lambda value: re.sub(r'^[{"](.*)["}]$', r"\1", str(value), flags=re.DOTALL)
    )
    fields = {f.key.lower(): (text(f.value), f.start_line + 1) for f in reversed(inner.fields)}
    return Entry(inner.key, inner.entry_type.lower(), block.start_line + 1, fields)


def problems(project: Project) -> Iterator[Problem]:
    """What is wrong with the entries, one by one, among themselves, and with their use."""
    entries = project.bibliography.entries
    for entry in entries:
        yield from _form(entry)
        yield from _identifiers(entry)
        yield from _retraction(entry)
    yield from _repeated(entries)
    yield from _unused(project)


def _form(entry: Entry) -> Iterator[Problem]:
    if not re.fullmatch(r"[A-Za-z0-9_:.+/-]+", entry.key):
        yield entry.problem(
            "",
            "the key has characters that a citation cannot hold.",
            "Use letters, digits, - and _.",
            value=entry.key,
        )
    if entry.kind not in KINDS:
        close = nearest(entry.kind, KINDS)
        yield entry.problem(
            "",
            "the bibliography cannot show this type of entry.",
            "Use a BibTeX type.",
            close,
            value=f"@{entry.kind}",
        )
    title = entry.text("title")
    if not title:
        yield entry.problem("title", "the entry has no title.", "Add it.", value=entry.key)
    elif not _braced(title):
        fix = "Write title = {{...}}, so that names such as PPAR keep their capitals."
        yield entry.problem("title", "the title is not in double braces.", fix)
    year = entry.text("year")
    if year and not re.fullmatch(r"(1[5-9]|20)[0-9]{2}|n\.d\.", year):
        yield entry.problem(
            "year", "this is not a year.", "Write four digits, or n.d. where the paper gives none."
        )


def _braced(text: str) -> bool:
    """True where one pair of braces holds all of `text`."""
    depth = 0
    for position, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return position == len(text) - 1 and character == "}"
    return False


def _identifiers(entry: Entry) -> Iterator[Problem]:
    for name, (form, what, fix) in IDENTIFIERS.items():
        value = entry.text(name)
        if name in entry.fields and not re.fullmatch(form, value, re.ASCII):
            found = re.search(form, value, re.ASCII)
            yield entry.problem(name, what, fix, found[0] if found else "")


def _retraction(entry: Entry) -> Iterator[Problem]:
    """A retracted paper says so in a field of its own, which every table and the bibliography show."""
    fix = "Add retracted = {DOI of the notice}."
    if "retracted" in entry.fields:
        if not re.fullmatch(IDENTIFIERS["doi"][0], entry.text("retracted")):
            yield entry.problem("retracted", "this is not the DOI of a retraction notice.", fix)
        return
    title = entry.text("title").strip("{} ")
    if re.match(r"\W*retracted\b", title, re.IGNORECASE):
        yield entry.problem(
            "title",
            "the title says that the paper is retracted, the field retracted is missing.",
            fix,
        )
    elif re.search(r"\bretract", entry.text("note"), re.IGNORECASE):
        yield entry.problem(
            "note", "the note speaks of a retraction, the field retracted is missing.", fix
        )


def _repeated(entries: list[Entry]) -> Iterator[Problem]:
    """Keys that differ at most in case, and papers that are there twice."""
    keys: dict[str, Entry] = {}
    papers: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        first = keys.setdefault(entry.key.lower(), entry)
        if first is not entry:
            what = f"the key is already used in line {first.line}" + (
                f", as '{first.key}'." if first.key != entry.key else "."
            )
            yield entry.problem(
                "",
                what,
                "Give this entry another key, or delete it if it is the same paper.",
                value=entry.key,
            )
            continue  # the same entry pasted twice is one mistake
        for name in IDENTIFIERS:
            value = entry.text(name)
            first = papers.setdefault((name, value.lower()), entry)
            if value and first is not entry:
                what = f"the paper is already there as '{first.key}', in line {first.line}."
                yield entry.problem(name, what, f"Cite '{first.key}' and delete this entry.")
                break


def _unused(project: Project) -> Iterator[Problem]:
    """Entries that neither a page nor a table cites."""
    users = project.users("references")
    if not all(project.complete(name) for name in (*users, "pages", "references")):
        return
    cited = project.uses("references") | {
        cite.key for page in project.pages for cite in page.citations
    }
    lower = {
        key.lower() for key in cited
    }  # a key in other capitals has been reported as repeated or as missing
    for entry in project.bibliography.entries:
        if entry.key.lower() not in lower:
            fix = "Cite it from a row or a chapter, or delete the entry."
            yield entry.problem("", "nothing cites this entry.", fix, value=entry.key)
