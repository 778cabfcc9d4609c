"""Doses: what is printed, and the same on one scale.

Concentrations become µmol/L (mass concentrations only where the molar mass is known, else µg/mL),
doses by body weight mg/kg. Everything else keeps its printed unit. Conversions by pint
(https://pint.readthedocs.io).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_NUMBER = r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_POWER = re.compile(r"(?:([0-9.]+)\s*[×x]\s*)?10(?:\^([+-]?[0-9]+)|([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))")
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_ITEM = re.compile(rf"({_NUMBER})(?:\s*[–-]\s*({_NUMBER}))?")


@dataclass(frozen=True)
class Doses:
    """Normalised doses: `values` in `unit`; `is_range` where the source prints one range, not a
    series.
    """

    values: tuple[float, ...]
    unit: str
    is_range: bool = False


@lru_cache(maxsize=1)
def _units() -> Any:
    import pint  # here, because a chapter without doses need not wait for it

    return pint.UnitRegistry(cache_folder=":auto:")  # parsed unit definitions are kept on disk


def parse(dose: str) -> tuple[tuple[float, ...], bool]:
    """The numbers of a dose cell, and whether they are one range.

    Read as printed: ``10; 20; 50``, ``1–10``, ``1e-6``, ``1×10⁻⁶``, ``10^-6``.
    Raises ValueError, with the item at fault, where an item is neither a number nor a range.
    """
    values: list[float] = []
    is_range = False
    for item in (part.strip() for part in dose.split(";")):
        match = _ITEM.fullmatch(_POWER.sub(_as_e, item))
        if not match:
            raise ValueError(f"'{item}' is neither a number (10, 1e-6, 1×10⁻⁶) nor a range (1–10)")
        values.append(float(match[1]))
        if match[2]:
            values.append(float(match[2]))
            is_range = True
    return tuple(values), is_range


def _as_e(match: re.Match[str]) -> str:
    """A power of ten as Python reads it: ``1×10⁻⁶`` gives ``1e-6``."""
    return f"{match[1] or 1}e{(match[2] or match[3]).translate(_SUPERSCRIPT)}"


def normalise(dose: str, unit: str, molar_mass: float | None = None) -> Doses:
    """Put printed doses on one scale.

    dose: numbers separated by ``;`` or one range; unit: as printed; molar_mass: g/mol, or None
    where unknown. Raises ValueError where the dose or the unit cannot be read.
    """
    values, is_range = parse(dose)
    factor, target = _scale(unit.strip())
    if target == "µg/mL" and molar_mass:
        factor, target = factor * 1000 / molar_mass, "µmol/L"
    return Doses(tuple(float(f"{value * factor:.6g}") for value in values), target, is_range)


@lru_cache
def _scale(unit: str) -> tuple[float, str]:
    """Factor from a printed unit to the normalised one, and that unit."""
    if unit.startswith("%"):
        return 1.0, unit
    registry = _units()
    try:
        one = registry.Quantity(1, registry.parse_units(unit))
    except Exception as error:  # pint raises a family of errors; a contributor needs one sentence
        raise ValueError(f"'{unit}' is not a unit that can be read: {error}") from error
    if "[time]" in one.dimensionality:  # a daily dose: the day stays in the printed unit
        one = one * registry.day
    for target in ("µmol/L", "µg/mL"):
        if one.is_compatible_with(target):
            return float(one.to(target).magnitude), target
    if one.dimensionless and "/" in unit:  # by body weight
        return float(one.to("mg/kg").magnitude), "mg/kg"
    return 1.0, unit
