"""Evidence: who says so, where exactly, and what such a study can show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...contract.problems import Problem, nearest, shorten
from ...contract.tables import split_list
from ..project import Project
from ..rows import Row
from .citations import in_range
from .rule import each

EDITORS = "editors"
REPORTED = "reported"
_MAX_UNIT = 40
DIRECTIONS = ("increased", "decreased", "no_change", "mixed")


@each("evidence", "claim_id")
def claim_is_in_the_same_mechanism(row: Row, project: Project) -> Iterator[Problem]:
    """Evidence stands in the file of its claim's mechanism, for a chapter reads that file only."""
    claim = project.find("claims", row["claim_id"])
    if claim is not None and claim.mechanism != row.mechanism:
        what = f"the claim is in {claim.file}."
        yield row.problem(
            "claim_id",
            what,
            f"Move the row to data/evidence/{claim.mechanism}.csv, or name a claim of this file.",
        )


@each("evidence", "claim_id", "study_design", "support")
def design_can_show_a_direction(row: Row, project: Project) -> Iterator[Problem]:
    """A design that measures nothing shows no direction."""
    claim, design = (
        project.find("claims", row["claim_id"]),
        project.find("study_designs", row["study_design"]),
    )
    if (
        claim is None
        or design is None
        or not claim.sound("direction")
        or not design.sound("allows_direction")
    ):
        return
    speaks = row["support"] in ("supports", "refutes") and claim["direction"] in DIRECTIONS
    if speaks and design["allows_direction"] == "false":
        what = f"this design cannot show a direction, and the claim says {claim['direction']}."
        fix = "Let the row speak to a claim without direction, or correct the design."
        yield row.problem("study_design", what, fix)


@each("evidence", "reported_by", "basis", "section", "reference_number", "citekey")
def evidence_is_located(row: Row, project: Project) -> Iterator[Problem]:
    """Every evidence row says who reports it and where."""
    yield from located(row, project)


@each("quantities", "reported_by", "basis", "section", "reference_number", "citekey")
def quantity_is_located(row: Row, project: Project) -> Iterator[Problem]:
    """So does every number."""
    yield from located(row, project)


@each("gaps", "reported_by", "section")
def gap_is_located(row: Row, project: Project) -> Iterator[Problem]:
    """The section of a gap that a review names is one of that review's."""
    if row["reported_by"] == EDITORS:
        if row["section"]:
            yield row.problem(
                "section",
                "the editors' rows have no section.",
                "Empty the cell, or name the review.",
            )
    else:
        yield from section_exists(row, project.find("sources", row["reported_by"]), required=False)


@each("errata", "source", "section")
def erratum_is_located(row: Row, project: Project) -> Iterator[Problem]:
    """The section of a slip is one of its review's."""
    yield from section_exists(row, project.find("sources", row["source"]), required=True)


def located(row: Row, project: Project) -> Iterator[Problem]:
    """Editors read a paper and name it; a review reports, in one of its sections, under one of its numbers."""
    if row["reported_by"] == EDITORS:
        yield from _editors(row)
        return
    source = project.find("sources", row["reported_by"])
    if row["basis"] != REPORTED:
        what = "what a review says is known through that review."
        yield row.problem(
            "basis",
            what,
            f"Write {REPORTED}, or let {EDITORS} report what the paper itself says.",
            REPORTED,
        )
    yield from section_exists(row, source, required=True)
    if row["reference_number"] and source is not None:
        outside = list(in_range(row, "reference_number", source))
        yield from outside or _numbered(row, project)


def _editors(row: Row) -> Iterator[Problem]:
    if row["basis"] == REPORTED:
        what = "the editors report what they have read themselves."
        yield row.problem(
            "basis",
            what,
            "Write abstract_read or full_text_read, or name the review.",
            "abstract_read",
        )
    if not row["citekey"]:
        yield row.problem(
            "citekey", "the editors' rows name the paper that was read.", "Give its citekey."
        )
    for column in ("section", "reference_number"):
        if row[column]:
            yield row.problem(
                column,
                f"the editors' rows have no {column}.",
                "Empty the cell, or name the review.",
            )


def section_exists(row: Row, source: Row | None, *, required: bool) -> Iterator[Problem]:
    """A problem where `source` has no such section."""
    if source is None or not source.sound("sections"):
        return
    sections = split_list(source["sections"])
    if not row["section"]:
        if required:
            yield row.problem(
                "section",
                "the section of the review is missing.",
                f"Use one of: {', '.join(sections)}.",
            )
    elif row["section"] not in sections:
        what = f"{source['source']} has no such section."
        yield row.problem(
            "section",
            what,
            f"Use one of: {', '.join(sections)}.",
            nearest(row["section"], sections),
        )


def _numbered(row: Row, project: Project) -> Iterator[Problem]:
    """A row with a reference number names the paper that citations.csv gives for it."""
    number = str(int(row["reference_number"]))
    citation = project.find("citations", row["reported_by"], number)
    if citation is None or not citation.sound("citekey", "source", "reference_number"):
        return
    if row["citekey"] != citation["citekey"]:
        meant = f"'{citation['citekey']}'" if citation["citekey"] else "no paper"
        what = f"data/citations.csv:{citation.line} gives {meant} for reference {number} of {row['reported_by']}."
        fix = (
            "Make the two agree."
            if citation["citekey"]
            else "Empty the cell, or resolve the reference in data/citations.csv."
        )
        yield row.problem("citekey", what, fix, citation["citekey"])


@each("evidence", "dose", "dose_unit", "intervention")
def dose_can_be_read(row: Row, project: Project) -> Iterator[Problem]:
    """A dose is numbers and a unit; both, or neither."""
    from ...derive import (
        doses,  # here, because pint is slow to load and most checks find no dose at fault
    )

    dose, unit = row["dose"], row["dose_unit"]
    if dose and not unit:
        yield row.problem(
            "dose_unit", f"the dose {dose} has no unit.", "Write the unit as printed."
        )
    if unit and not dose:
        yield row.problem(
            "dose",
            f"the unit {unit} has no dose.",
            "Write the number as printed, or empty dose_unit.",
        )
    if not dose:
        return
    try:
        doses.parse(dose)
    except ValueError as error:
        fix = (
            "Write numbers, separated by '; ', or a range such as 1–10; the unit goes to dose_unit."
        )
        yield row.problem("dose", _sentence(error), fix)
        return
    if unit:
        yield from _unit(row, dose, unit)


def _unit(row: Row, dose: str, unit: str) -> Iterator[Problem]:
    from ...derive import doses

    try:
        # pint calculates whatever it is given: a tower of powers would keep it busy for hours
        if (
            len(unit) > _MAX_UNIT
            or len(re.findall(r"\*\*|\^", unit)) > 1
            or re.search(r"[0-9]{4}", unit)
        ):
            raise ValueError(f"'{shorten(unit, _MAX_UNIT)}' is not a unit that can be read")
        doses.normalise(dose, unit)
    except (ValueError, TypeError, ArithmeticError) as error:  # pint has errors of all three kinds
        yield row.problem(
            "dose_unit", _sentence(error), "Write it as in mg/kg, µmol/L, nM, ng/mL, %."
        )


def _sentence(error: Exception) -> str:
    return str(error).rstrip(".") + "."
