"""One chart object for every reader: drawn SVG for the page, PDF for print, words for a screen reader."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert

INK = "#1b1e28"
MUTED = "#5c6270"
RULE = "#d5d8de"
PAPER = "#f4f5f7"
FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, Noto Sans SC, sans-serif"

# Colour-blind safe (blue against orange), and every chart prints the sign as well.
COLOURS = {
    "increased": "#2166ac",
    "decreased": "#b35806",
    "no_change": "#5c6270",
    "mixed": "#762a83",
    "not_stated": "#8a8f9c",
    "not_applicable": "#8a8f9c",
}
SIGNS = {"increased": "+", "decreased": "−", "no_change": "0", "mixed": "±", "not_stated": "?", "not_applicable": "·"}
WORDS = {
    "increased": "increased",
    "decreased": "decreased",
    "no_change": "unchanged",
    "mixed": "both ways",
    "not_stated": "direction not stated",
    "not_applicable": "no direction",
}


_AXIS = {
    "labelColor": INK, "titleColor": MUTED, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal",
    "domainColor": RULE, "tickColor": RULE, "gridColor": RULE, "labelLimit": 380,
}  # fmt: skip
_LEGEND = {"labelColor": INK, "titleColor": MUTED, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "orient": "top"}

# The book's type, ink and rules on any chart; transparent, so that the page's light or dark shows through.
HOUSE_STYLE = {
    "background": "transparent",
    "font": FONT,
    "padding": {"left": 4, "right": 8, "top": 4, "bottom": 4},
    "axis": _AXIS,
    "view": {"stroke": None},
    "legend": _LEGEND,
    "title": {"color": INK, "subtitleColor": MUTED, "fontSize": 13, "anchor": "start", "fontWeight": "bold"},
    "header": {"labelColor": INK, "titleColor": MUTED},
    "text": {"color": INK},
}


@dataclass
class Figure:
    """A chart with the sentence that says what it shows.

    chart: any Altair chart. alt: the text alternative. In a notebook cell it displays itself with all its forms.
    """

    chart: alt.TopLevelMixin
    alt: str

    def spec(self) -> dict[str, Any]:
        """The Vega-Lite specification, in the house style, with the text alternative as its description.

        Not validated against the schema (that takes as long as drawing); the drawing itself fails on a wrong one.
        """
        # Set on the specification, not on the chart: Altair copies a chart, data and all, for every property.
        return self.chart.to_dict(validate=False) | {"description": self.alt, "config": HOUSE_STYLE}

    def _repr_mimebundle_(self, include=None, exclude=None):
        spec = self.spec()
        words = html.escape(self.alt, quote=True)
        svg = vl_convert.vegalite_to_svg(spec)
        # In a script element only "</" could end the data early; JSON lets a slash be escaped.
        data = json.dumps(spec, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
        page = (
            f'<div class="lr-chart" tabindex="0" role="group" aria-label="Chart">'
            f'<div class="lr-chart-picture" role="img" aria-label="{words}">{svg}</div>'
            f'<script type="application/json" class="lr-chart-spec">{data}</script></div>'
        )
        return {
            "text/html": page,
            "application/pdf": vl_convert.svg_to_pdf(svg),  # of the same drawing, and faster than from the specification
            "text/plain": self.alt,
        }


def warm_up() -> None:
    """Draw a point, so that vl-convert has its JavaScript engine ready for the first chart."""
    vl_convert.vegalite_to_svg({"data": {"values": [{}]}, "mark": "point"})
