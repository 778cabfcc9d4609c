"""Gaps, the questions that nobody has answered."""

from __future__ import annotations

from ..model import Project, Row
from .locating import EDITORS, empty_for_editors, section_exists
from .rule import Problems, each


@each("gaps", "reported_by", "section")
def gap_is_located(row: Row, project: Project) -> Problems:
    """The section of a gap that a review names is one of that review's."""
    if row["reported_by"] == EDITORS:
        yield from empty_for_editors(row, "section")
    else:
        yield from section_exists(row, project.find("sources", row["reported_by"]), required=False)
