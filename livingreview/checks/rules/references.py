"""`references.bib`: is every entry fit to be cited, there once, and cited?"""

from __future__ import annotations

import re
from dataclasses import fields

from ...contract.problems import nearest
from ...contract.same_paper import Description, KnownPapers
from ..model import PAGES, REFERENCES, BibEntry, Project
from .rule import Problems, each_entry, whole

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


@each_entry
def key_can_be_cited(entry: BibEntry, project: Project) -> Problems:
    """A citation ends at a comma or a brace."""
    if not re.fullmatch(r"[A-Za-z0-9_:.+/-]+", entry.key):
        what = "the key has characters that a citation cannot hold."
        yield entry.problem("", what, "Use letters, digits, - and _.", value=entry.key)


@each_entry
def type_can_be_shown(entry: BibEntry, project: Project) -> Problems:
    """The bibliography's style knows the type."""
    if entry.kind not in KINDS:
        what = "the bibliography cannot show this type of entry."
        close = nearest(entry.kind, KINDS)
        yield entry.problem("", what, "Use a BibTeX type.", close, value=f"@{entry.kind}")


@each_entry
def title_keeps_its_capitals(entry: BibEntry, project: Project) -> Problems:
    """A title is there, in double braces: what is in single ones is set in small letters."""
    title = entry.text("title")
    if not title:
        yield entry.problem("title", "the entry has no title.", "Add it.", value=entry.key)
    elif not _braced(title):
        fix = "Write title = {{...}}, so that names and symbols keep their capitals."
        yield entry.problem("title", "the title is not in double braces.", fix)


def _braced(text: str) -> bool:
    """True where one pair of braces holds all of `text`."""
    depth = 0
    for position, character in enumerate(text):
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth == 0:
            return position == len(text) - 1 and character == "}"
    return False


@each_entry
def year_is_a_year(entry: BibEntry, project: Project) -> Problems:
    """From 1500 on, or n.d. (no date)."""
    year = entry.text("year")
    if year and not re.fullmatch(r"(1[5-9]|20)[0-9]{2}|n\.d\.", year):
        fix = "Write four digits, or n.d. where the paper gives none."
        yield entry.problem("year", "this is not a year.", fix)


@each_entry
def identifiers_are_bare(entry: BibEntry, project: Project) -> Problems:
    """DOI, PMID and PMCID have their own form, with no address around it."""
    for name, (form, what, fix) in IDENTIFIERS.items():
        value = entry.text(name)
        if name in entry.fields and not re.fullmatch(form, value, re.ASCII):
            found = re.search(form, value, re.ASCII)
            yield entry.problem(name, what, fix, found[0] if found else "")


@each_entry
def retraction_is_flagged(entry: BibEntry, project: Project) -> Problems:
    """A retracted paper says so in a field of its own, which tables and bibliography show."""
    fix = "Add retracted = {DOI of the notice}."
    if "retracted" in entry.fields:
        if not re.fullmatch(IDENTIFIERS["doi"][0], entry.text("retracted")):
            yield entry.problem("retracted", "this is not the DOI of a retraction notice.", fix)
        return
    title = entry.text("title").strip("{} ")
    if re.match(r"\W*retracted\b", title, re.IGNORECASE):
        what = "the title says that the paper is retracted, the field retracted is missing."
        yield entry.problem("title", what, fix)
    elif re.search(r"\bretract", entry.text("note"), re.IGNORECASE):
        what = "the note speaks of a retraction, the field retracted is missing."
        yield entry.problem("note", what, fix)


@whole()
def no_paper_is_there_twice(project: Project) -> Problems:
    """Neither keys that differ at most in capitals nor two entries that are surely one paper."""
    keys: dict[str, BibEntry] = {}
    known = KnownPapers()
    for entry in project.references.entries:
        first = keys.setdefault(entry.key.lower(), entry)
        if first is not entry:
            written = f", as '{first.key}'" if first.key != entry.key else ""
            what = f"the key is already used in line {first.line}{written}."
            fix = "Give this entry another key, or delete it if it is the same paper."
            yield entry.problem("", what, fix, value=entry.key)
            continue  # the same entry pasted twice is one mistake
        paper = Description(*(entry.text(field.name) for field in fields(Description)))
        if match := known.same(paper):
            line = keys[match.key.lower()].line
            what = f"the paper is already there as '{match.key}', in line {line}."
            fix = f"Cite '{match.key}' and delete this entry."
            if match.by == "title":
                fix = f"{fix[:-1]}; or, if they are two papers, give the DOI of each."
            yield entry.problem(match.by, what, fix)
        known.add(entry.key, paper)


@whole(PAGES, REFERENCES)
def every_entry_is_cited(project: Project) -> Problems:
    """By a page or by a table."""
    if not project.complete(*project.users(REFERENCES)):
        return
    on_pages = {citation.value for page in project.pages for citation in page.citations}
    # a key in other capitals has been reported as repeated or as missing
    cited = {key.lower() for key in project.uses(REFERENCES) | on_pages}
    for entry in project.references.entries:
        if entry.key.lower() not in cited:
            fix = "Cite it from a row or a chapter, or delete the entry."
            yield entry.problem("", "nothing cites this entry.", fix, value=entry.key)
