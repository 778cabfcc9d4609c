"""The dose ladder: every printed dose on a log axis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from ..contract.tables import rows
from ..derive.vocabulary import Vocabulary
from .figure import Figure
from .interaction import Layered, at, legend, legend_choice, lit, pixels_y, tips, under_pointer
from .layout import LINE, width, wrap
from .style import COLOURS, MUTED, RULE

# How a dose is drawn, by its basis.
INKS = {
    "reported": COLOURS["not_stated"],
    "abstract_read": COLOURS["increased"],
    "full_text_read": COLOURS["increased"],
}
SHAPES = {"reported": "circle", "abstract_read": "circle", "full_text_read": "square"}


def dose_ladder(
    evidence: pd.DataFrame,
    vocabulary: Vocabulary,
    title: str = "",
    units: Sequence[str] = ("µmol/L", "mg/kg"),
) -> Figure:
    """How much was given? Concentrations and body-weight doses apart; the dose as printed stands
    beside each line.

    evidence: rows of `Chapter.evidence` with dose_values, dose_norm_unit, dose, dose_unit,
    reporter_short, system_label.
    """
    dosed = evidence[[len(v) > 0 for v in evidence["dose_values"]]]
    whose = {basis: words.whose_word for basis, words in vocabulary.bases.items()}
    panels, y = [], 4.0
    for unit in units:
        points = _points(dosed[dosed["dose_norm_unit"] == unit], unit, whose)
        if not points.empty:
            panels.append(_Panel(points, unit, y))
            y = panels[-1].bottom + 54
    if not panels:
        raise ValueError(
            f"no dose in {', '.join(units)} among these evidence rows:"
            " leave this chart out of the chapter"
        )
    points, lines, ticks = (
        pd.concat([getattr(p, name) for p in panels], ignore_index=True)
        for name in ("points", "lines", "ticks")
    )
    words = [line for panel in panels for line in panel.words()]
    table = points[["line", "printed", "dose", "unit", "basis"]]
    table.columns = ["Study", "As printed", "Dose", "Unit", "Whose word"]
    chart = _drawn(points, lines, ticks, whose).properties(
        width=max(p.width for p in panels), height=panels[-1].bottom + 40
    )
    alternative = (
        f"Doses tried, on a log axis: {len(words)} studies and systems;"
        " described in words below it."
    )
    params = [legend_choice("dots", "basis"), *under_pointer("dots", atLine="line")]
    edges = (_Panel.left - 6, 0)
    return Figure(chart, alternative, words, table, title, params=params, labels=edges)


def _drawn(
    points: pd.DataFrame, lines: pd.DataFrame, ticks: pd.DataFrame, whose: Mapping[str, str]
) -> Layered:
    """The panels as one chart. whose: whose word a dose is, by basis."""
    drawn = [basis for basis, words in whose.items() if words in set(points["basis"])]
    present = [whose[basis] for basis in drawn]
    key = legend(present)
    colour = alt.Color(
        "basis:N",
        scale=alt.Scale(domain=present, range=[INKS[basis] for basis in drawn]),
        legend=key,
    )
    shape = alt.Shape(
        "basis:N",
        scale=alt.Scale(domain=present, range=[SHAPES[basis] for basis in drawn]),
        legend=key,
    )
    in_line = "atLine === null || atLine === datum.line"
    shown, named = lit(in_line, choice=True), lit(in_line)
    dose = tips(line="study", printed="as printed", dose="dose", unit="unit", basis="basis")
    axes, studies, dots = (alt.Chart(frame) for frame in (ticks, lines, points))
    names = studies.mark_text(align="right").encode(
        x=alt.value(_Panel.left - 10), y=pixels_y("head"), text="name:N"
    )
    names = names.encode(opacity=named, tooltip="line:N")
    marks = (
        at(dots)
        .mark_point(filled=True, size=70)
        .encode(color=colour, shape=shape, opacity=shown, tooltip=dose)
    )
    return alt.layer(
        at(axes, y="top").mark_rule(color=RULE, strokeWidth=0.7).encode(y2="bottom:Q"),
        at(axes, y="foot").mark_text(color=MUTED).encode(text="number:N"),
        at(studies, x="low")
        .mark_rule(strokeWidth=2)
        .encode(x2="high:Q", color=colour, opacity=shown),
        names.properties(name="rows"),
        at(studies, x="high")
        .mark_text(align="left", dx=9, color=MUTED)
        .encode(text="printed:N", opacity=named),
        marks.properties(name="dots"),
    )


def _points(evidence: pd.DataFrame, unit: str, whose: Mapping[str, str]) -> pd.DataFrame:
    """One row per dose; evidence rows of one study, system and series fall together."""
    points: list[tuple[str, float, str, str, str]] = []
    for row in rows(evidence):
        where = row.system_label or row.model_label or row.species_label
        line = f"{row.reporter_short} · {where}" if where else row.reporter_short
        printed = f"{row.dose} {row.dose_unit}"
        points += [(line, dose, unit, printed, whose[row.basis]) for dose in row.dose_values]
    columns = ["line", "dose", "unit", "printed", "basis"]
    return pd.DataFrame(points, columns=columns).drop_duplicates()


class _Panel:
    """The doses of one unit, laid out below `top`: points, lines (a study each) and ticks, with
    their places.
    """

    left, across = 164, 300

    def __init__(self, points: pd.DataFrame, unit: str, top: float):
        first = math.floor(math.log10(points["dose"].min()) + 1e-9)
        last = max(first + 1, math.ceil(math.log10(points["dose"].max()) - 1e-9))

        def place(dose: float) -> float:
            share = (math.log10(dose) - first) / (last - first)
            return round(self.left + 8 + share * (self.across - 16), 1)

        y = top
        studies: dict[Any, dict[str, Any]] = {}
        for line in points.groupby("line")["dose"].min().sort_values(kind="stable").index:
            name = wrap(line, self.left - 14)
            height = max(24, LINE * len(name) + 7)
            studies[line] = {
                "line": line,
                "name": list(name),
                "y": y + height / 2,
                "head": y + height / 2 - LINE * (len(name) - 1) / 2,
            }
            y += height
        self.unit, self.bottom = unit, y
        self.points = points.assign(
            x=points["dose"].map(place), y=points["line"].map(lambda line: studies[line]["y"])
        )
        for line, doses in self.points.groupby("line", sort=False):
            printed = " | ".join(dict.fromkeys(doses["printed"]))
            studies[line] |= {
                "low": doses["x"].min(),
                "high": doses["x"].max(),
                "printed": printed,
                "basis": doses["basis"].iloc[0],
            }
        self.lines = pd.DataFrame(studies.values())
        self.width = round(max(row["high"] + 9 + width(row["printed"]) for row in studies.values()))
        every = max(1, math.ceil((last - first) * 46 / self.across))
        ticks = [
            {"x": place(10.0**n), "top": top, "bottom": y, "foot": y + 12, "number": _power(n)}
            for n in range(first, last + 1, every)
        ]
        self.ticks = pd.DataFrame(
            [*ticks, {"x": self.left + 16, "top": y, "bottom": y, "foot": y + 30, "number": unit}]
        )

    def words(self) -> list[str]:
        """Each study with the span of its doses."""
        extent = self.points.groupby("line", sort=False)["dose"].agg(["min", "max"])
        return [
            f"{line}: {f'{low:g}' if low == high else f'{low:g} to {high:g}'} {self.unit}"
            for line, low, high in extent.itertuples(name=None)
        ]


def _power(n: int) -> str:
    """A power of ten, written out where that is short."""
    return f"{10.0**n:.4f}".rstrip("0").rstrip(".") if -5 < n < 7 else f"1e{n}"
