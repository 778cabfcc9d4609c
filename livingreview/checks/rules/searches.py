"""Every mechanism has a search that can be run again; contributors' identifiers are what they claim to be."""

from __future__ import annotations

from collections.abc import Iterator

from ...contract.problems import Problem
from ..project import Project
from ..rows import Row
from .rule import each, whole


@whole("searches", "mechanisms")
def every_mechanism_is_searched(project: Project) -> Iterator[Problem]:
    """A mechanism without a saved search cannot be kept up to date."""
    searched = project.values("searches", "mechanism")
    for row in project.rows("mechanisms"):
        if row.sound("mechanism") and row["mechanism"] not in searched:
            yield row.problem(
                "mechanism", "the mechanism has no saved search.", "Add one to data/searches.csv."
            )


@each("searches", "query")
def query_is_whole(row: Row, project: Project) -> Iterator[Problem]:
    """Parentheses and quotes pair; an index reads a query that is cut off in a way of its own, without a word."""
    query = row["query"]
    if query.count('"') % 2:
        yield row.problem("query", "a quote is opened and never closed.", "Close it.")
        return
    depth = 0
    for character in "".join(query.split('"')[::2]):  # parentheses inside quotes are text
        depth += (character == "(") - (character == ")")
        if depth < 0:
            break
    if depth:
        yield row.problem("query", "the parentheses do not pair.", "Every ( needs its ).")


@each("people", "orcid")
def orcid_is_somebodys(row: Row, project: Project) -> Iterator[Problem]:
    """The last character of an ORCID iD is a checksum (ISO 7064 mod 11-2), so most slips of the pen are seen."""
    if not row["orcid"]:
        return
    *digits, last = row["orcid"].replace("-", "")
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    if last != ("X" if check == 10 else str(check)):
        yield row.problem(
            "orcid",
            "no such ORCID iD can exist: its checksum does not fit.",
            "Copy it again from orcid.org.",
        )
