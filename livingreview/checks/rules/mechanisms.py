"""Every mechanism has its files, its messages and its place in the book; the glossary names each term once."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator

from ...contract.problems import Problem, nearest
from ...contract.tables import split_list
from ..project import Project
from ..rows import Row
from .evidence import REPORTED
from .rule import each, whole

LEAST_READ = 2  # papers of a mechanism


@each("mechanisms", "mechanism")
def has_its_files(row: Row, project: Project) -> Iterator[Problem]:
    """claims/ and evidence/ hold a file for every mechanism, with at least one row."""
    slug = row["mechanism"]
    for name in ("claims", "evidence"):
        file = f"data/{name}/{slug}.csv"
        if not os.path.isfile(project.root / file):
            yield row.problem(
                "mechanism",
                f"the file {file} is missing.",
                "Add it: the header and at least one row.",
            )
        elif project.complete(name) and not any(
            other.mechanism == slug for other in project.rows(name)
        ):
            yield row.problem("mechanism", f"the file {file} has no rows.", "Add at least one row.")


@whole("key_messages")
def has_a_key_message(project: Project) -> Iterator[Problem]:
    """A chapter opens with key messages."""
    told = project.values("key_messages", "mechanism")
    for row in project.rows("mechanisms"):
        if row.sound("mechanism") and row["mechanism"] not in told:
            yield row.problem(
                "mechanism",
                "the mechanism has no key message.",
                "Add one to data/key_messages.csv.",
            )


@each("key_messages", "message_id", "mechanism")
def message_id_starts_with_prefix(row: Row, project: Project) -> Iterator[Problem]:
    """So that two pull requests do not take the same id."""
    mechanism = project.find("mechanisms", row["mechanism"])
    if (
        mechanism is not None
        and mechanism.sound("prefix")
        and not row["message_id"].startswith(mechanism["prefix"] + "-")
    ):
        fix = f"Start it with {mechanism['prefix']}-, the prefix of {row['mechanism']}."
        yield row.problem(
            "message_id", "the id does not start with the prefix of its mechanism.", fix
        )


@each("mechanisms", "source_sections")
def source_sections_exist(row: Row, project: Project) -> Iterator[Problem]:
    """source_sections holds pairs such as review:2.1, of reviews and sections in sources.csv."""
    valid = [
        f"{source['source']}:{section}"
        for source in project.rows("sources")
        if source.sound("source", "sections")
        for section in split_list(source["sections"])
    ]
    if not project.complete("sources") or not all(
        source.sound("source", "sections") for source in project.rows("sources")
    ):
        return
    for pair in split_list(row["source_sections"]):
        if pair not in valid:
            fix = "Write source:section as in data/sources.csv."
            yield row.problem(
                "source_sections",
                "no review has this section.",
                fix,
                nearest(pair, valid),
                value=pair,
            )


@whole("evidence", "gaps")
def papers_were_read_or_looked_for(project: Project) -> Iterator[Problem]:
    """No mechanism rests on a review's word alone: papers of it were read, or its gaps say where they were looked for."""
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
            what = f"of its papers {len(read[slug])} were read, and no gap says where others were looked for."
            yield row.problem(
                "mechanism",
                what,
                f"Read {LEAST_READ} papers, or add a gap with looked_in to data/gaps.csv.",
            )


@each("mechanisms", "mechanism", "part")
def part_is_that_of_the_contents(row: Row, project: Project) -> Iterator[Problem]:
    """The part is a caption of _toc.yml, and the chapter stands under it."""
    if not project.toc.complete:
        return
    if row["part"] not in project.toc.captions:
        close = nearest(row["part"], project.toc.captions)
        yield row.problem(
            "part", "_toc.yml has no part with this caption.", "Write it as in _toc.yml.", close
        )
        return
    chapter = f"chapters/{row['mechanism']}.md"
    place = next((item for item in project.toc.items if item.file == chapter), None)
    if place is not None and place.caption != row["part"]:
        what = f"_toc.yml lists the chapter in another part (line {place.line})."
        yield row.problem("part", what, "Move the chapter, or correct the part.", place.caption)


@whole()
def terms_are_unique(project: Project) -> Iterator[Problem]:
    """Links to the glossary do not tell capitals from small letters."""
    first: dict[str, Row] = {}
    for row in project.rows("glossary"):
        if not row.sound("term"):
            continue
        other = first.setdefault(row["term"].lower(), row)
        if other is not row:
            what = f"differs only in capitals from '{other['term']}' in line {other.line}."
            yield row.problem("term", what, "Keep one of the two.")
