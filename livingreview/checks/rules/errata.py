"""Errata, the slips of the sources."""

from __future__ import annotations

from ..model import Project, Row
from .locating import section_exists
from .rule import Problems, each


@each("errata", "source", "section")
def erratum_is_located(row: Row, project: Project) -> Problems:
    """The section of a slip is one of its review's."""
    yield from section_exists(row, project.find("sources", row["source"]), required=True)
