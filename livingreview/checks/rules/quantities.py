"""Quantities, the numbers that stand outside the claims."""

from __future__ import annotations

from ..model import Project, Row
from .locating import located
from .rule import Problems, each


@each("quantities", "reported_by", "basis", "section", "reference_number", "citekey")
def quantity_is_located(row: Row, project: Project) -> Problems:
    """Every number says who reports it and where."""
    yield from located(row, project)
