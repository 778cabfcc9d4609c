"""Mechanisms: each has its files, its papers and its place in the book."""

from __future__ import annotations

from collections import defaultdict

from ...contract.problems import nearest
from ...contract.tables import split_list
from ..model import Project, Row
from .locating import REPORTED
from .rule import Problems, each, whole

LEAST_READ = 2  # papers of a mechanism


@each("mechanisms", "mechanism")
def mechanism_has_its_files(row: Row, project: Project) -> Problems:
    """claims/ and evidence/ hold a file for every mechanism, with at least one row."""
    slug = row["mechanism"]
    for name in ("claims", "evidence"):
        file = f"data/{name}/{slug}.csv"
        if not project.has_file(file):
            fix = "Add it: the header and at least one row."
            yield row.problem("mechanism", f"the file {file} is missing.", fix)
        elif project.complete(name) and all(r.file != file for r in project.rows(name)):
            yield row.problem("mechanism", f"the file {file} has no rows.", "Add at least one row.")


@each("mechanisms", "source_sections")
def source_sections_exist(row: Row, project: Project) -> Problems:
    """source_sections holds pairs such as review:2.1, of reviews and sections in sources.csv."""
    sources = project.rows("sources")
    if not project.complete("sources") or not all(s.sound("source", "sections") for s in sources):
        return
    valid = [f"{s['source']}:{section}" for s in sources for section in split_list(s["sections"])]
    for pair in split_list(row["source_sections"]):
        if pair not in valid:
            what, fix = (
                "no review has this section.",
                "Write source:section as in data/sources.csv.",
            )
            yield row.problem("source_sections", what, fix, nearest(pair, valid), value=pair)


@whole("evidence", "gaps")
def papers_were_read_or_looked_for(project: Project) -> Problems:
    """No mechanism rests on a review's word alone: papers were read, or a gap says where sought."""
    read: dict[str, set[str]] = defaultdict(set)
    for row in project.rows("evidence"):
        if not row.sound("basis", "citekey"):
            return
        if row["basis"] != REPORTED:
            read[row.mechanism].add(row["citekey"])
    looked = {row["mechanism"] for row in project.rows("gaps") if row["looked_in"]}
    for row in project.rows("mechanisms"):
        slug = row["mechanism"]
        if row.sound("mechanism") and len(read[slug]) < LEAST_READ and slug not in looked:
            what = (
                f"of its papers {len(read[slug])} were read, "
                "and no gap says where others were looked for."
            )
            fix = f"Read {LEAST_READ} papers, or add a gap with looked_in to data/gaps.csv."
            yield row.problem("mechanism", what, fix)


@each("mechanisms", "mechanism", "part")
def part_is_that_of_the_contents(row: Row, project: Project) -> Problems:
    """The part is a caption of _toc.yml, and the chapter stands under it."""
    toc, part = project.toc, row["part"]
    if not toc.complete:
        return
    if part not in toc.captions:
        what = "_toc.yml has no part with this caption."
        yield row.problem("part", what, "Write it as in _toc.yml.", nearest(part, toc.captions))
        return
    chapter = f"chapters/{row['mechanism']}.md"
    place = next((item for item in toc.items if item.file == chapter), None)
    if place is not None and place.caption != part:
        what = f"_toc.yml lists the chapter in another part (line {place.line})."
        yield row.problem("part", what, "Move the chapter, or correct the part.", place.caption)


@each("mechanisms", "mechanism")
def mechanism_has_its_chapter(row: Row, project: Project) -> Problems:
    """chapters/ holds a page for every mechanism."""
    file = f"chapters/{row['mechanism']}.md"
    if not project.has_file(file):
        fix = "Add it, or correct the mechanism."
        yield row.problem("mechanism", f"the chapter {file} is missing.", fix)
