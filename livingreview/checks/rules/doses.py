"""Doses of evidence rows."""

from __future__ import annotations

import re

from ...contract.problems import shorten
from ..model import Project, Row
from .rule import Problems, each

_MAX_UNIT = 40


@each("evidence", "dose", "dose_unit", "intervention")
def dose_can_be_read(row: Row, project: Project) -> Problems:
    """A dose is numbers and a unit; both, or neither."""
    dose, unit = row["dose"], row["dose_unit"]
    if dose and not unit:
        what = f"the dose {dose} has no unit."
        yield row.problem("dose_unit", what, "Write the unit as printed.")
    if unit and not dose:
        what = f"the unit {unit} has no dose."
        yield row.problem("dose", what, "Write the number as printed, or empty dose_unit.")
    if not dose:
        return
    from ...derive import doses  # here, because pint is slow to load

    try:
        doses.parse(dose)
    except ValueError as error:
        fix = "Write numbers, separated by '; ', or a range such as 1–10; "
        yield row.problem("dose", _sentence(error), f"{fix}the unit goes to dose_unit.")
        return
    if not unit:
        return
    try:
        if _is_a_sum(unit):
            raise ValueError(f"'{shorten(unit, _MAX_UNIT)}' is not a unit that can be read")
        doses.normalise(dose, unit)
    except (ValueError, TypeError, ArithmeticError) as error:  # pint has errors of all three kinds
        fix = "Write it as in mg/kg, µmol/L, nM, ng/mL, %."
        yield row.problem("dose_unit", _sentence(error), fix)


def _is_a_sum(unit: str) -> bool:
    """True for what no unit looks like: pint would calculate a tower of powers, for hours."""
    powers = re.findall(r"\*\*|\^", unit)
    return len(unit) > _MAX_UNIT or len(powers) > 1 or bool(re.search(r"[0-9]{4}", unit))


def _sentence(error: Exception) -> str:
    return str(error).rstrip(".") + "."
