"""Saved searches: every mechanism has one that can be run again."""

from __future__ import annotations

from ..model import Project, Row
from .rule import Problems, each, whole


@whole("searches", "mechanisms")
def every_mechanism_is_searched(project: Project) -> Problems:
    """A mechanism without a saved search cannot be kept up to date."""
    searched = project.values("searches", "mechanism")
    for row in project.rows("mechanisms"):
        if row.sound("mechanism") and row["mechanism"] not in searched:
            what, fix = "the mechanism has no saved search.", "Add one to data/searches.csv."
            yield row.problem("mechanism", what, fix)


@each("searches", "query")
def query_is_whole(row: Row, project: Project) -> Problems:
    """Parentheses and quotes pair: an index reads a broken query in its own way, without a word."""
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
