"""One chart object for every reader: a drawn SVG for the page, a PDF for print, words for a screen
reader, a table to take away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import altair as alt
import pandas as pd
import vl_convert

from .layout import wrap
from .style import FONT, HOUSE_STYLE, INK, MUTED, digest, themed
from .templates import template

_CHART = template("chart.html")
_ROWS = template("chart_rows.svg")
_HEADED = template("headed_chart.svg")


@dataclass
class Figure:
    """A chart with the words and the table that say what it shows. In a notebook cell it displays
    itself with all its forms.

    chart: any Altair chart; alt: a sentence in its place; words: all that it shows, in lines; data:
    the same as a tidy table with readable heads; title: the sentence above it; note: what a reader
    must know to read the labels; params: the Vega-Lite parameters that its conditions ask for;
    labels: right and upper edge of the labels of its rows (the view ``rows``), where these shall
    stay in sight while the rest scrolls.
    """

    chart: alt.TopLevelMixin
    alt: str
    words: Sequence[str]
    data: pd.DataFrame
    title: str = ""
    note: str = ""
    params: Sequence[Mapping[str, Any]] = ()
    labels: tuple[float, float] | None = None

    def spec(self) -> dict[str, Any]:
        """The Vega-Lite specification, without the house style.

        Not validated against the schema (that takes as long as drawing); the drawing itself fails
        on a wrong one.
        """
        spec = self.chart.to_dict(validate=False) | {"params": list(self.params)}
        return {key: value for key, value in spec.items() if key not in ("$schema", "config")}

    def csv(self) -> str:
        """`data` as CSV.

        The byte order mark tells spreadsheets that it is UTF-8; Greek letters are lost without.
        """
        return "\ufeff" + self.data.to_csv(index=False, lineterminator="\n")

    def _repr_mimebundle_(
        self, include: Any = None, exclude: Any = None
    ) -> tuple[dict[str, str | bytes], dict[str, str]]:
        spec = self.spec()
        drawn = vl_convert.vegalite_to_svg(spec | {"config": HOUSE_STYLE})
        table = self.csv()
        forms: dict[str, str | bytes] = {
            "text/html": self._page(spec, drawn, table),
            "application/pdf": _steady(
                vl_convert.svg_to_pdf(_headed(drawn, self.title, self.note))
            ),
            "text/plain": " ".join([self.alt, *self.words]),
        }
        return forms, {"text/csv": table}  # beside the forms, not among them: it goes to a file

    def _page(self, spec: dict[str, Any], drawn: str, table: str) -> str:
        """The chart in a page: title, picture, words, and a link to the table, which the build
        turns into a file.
        """
        data = themed(json.dumps(spec, ensure_ascii=False, separators=(",", ":")))
        picture = _slim(drawn)
        name = digest(table)
        rows = _labels_of_rows(picture, self.labels, f"rows-{name}") if self.labels else ""
        return _CHART.render(
            title=self.title,
            note=self.note,
            alt=self.alt,
            words=self.words,
            rows=rows,
            picture=themed(_markup(picture)),
            table=name,
            # A "<" could end the script element that holds it, or keep it open; JSON may spell it.
            spec=data.replace("<", "\\u003c"),
        )


def _labels_of_rows(picture: ElementTree.Element, edges: tuple[float, float], name: str) -> str:
    """The labels of the rows once more, by reference, for the page to keep in sight.

    Their group in the picture gets the name as id. edges: right and upper edge of the labels.
    """
    group = next(g for g in picture.iter() if "rows_marks" in g.get("class", ""))
    group.set("id", name)
    right, upper = edges
    across, down = map(float, re.findall(r"[\d.]+", picture[0].get("transform", "")))
    wide, top = round(right + across), round(upper + down)
    tall = float(picture.get("height", "0")) - top
    return _ROWS.render(
        name=name, width=wide, height=f"{tall:g}", top=top, x=f"{across:g}", y=f"{down:g}"
    )


_SVG = "http://www.w3.org/2000/svg"
_PLACES = {"d", "transform", "x", "y", "x2", "y2", "width", "height", "viewBox"}
_NAMES = re.compile(rb"(?<=<<\n)(?:[ ]*/\S+ \d+ 0 R\n){2,}")
_LONG = re.compile(r"-?\d+\.\d\d+")
ElementTree.register_namespace("", _SVG)
# What every drawing says over and over: the page's style sheet says it once, or it is how SVG is
# anyway. None: whatever it says, for the picture is one image.
_REPEATED: dict[str, str | None] = {
    "font-family": FONT,
    "font-size": "12px",
    "opacity": "1",
    "stroke-dasharray": "1,0",
    "text-anchor": "start",
    "pointer-events": None,
    "role": None,
    "aria-roledescription": None,
    "aria-hidden": None,
}
_NEEDLESS_CLASSES = ("role-mark", "role-scope")


def _steady(pdf: bytes) -> bytes:
    """The PDF with the names in each of its dictionaries in order; vl-convert has fonts and shapes
    of a page in another one every time.
    """
    return _NAMES.sub(lambda found: b"".join(sorted(found[0].splitlines(keepends=True))), pdf)


def _slim(drawn: str) -> ElementTree.Element:
    """A drawing without what no one sees: empty shapes, repeated attributes, thousandths of a
    pixel.
    """
    root = ElementTree.fromstring(drawn)
    for parent in list(root.iter()):
        for child in list(parent):
            unseen = (
                child.get("class") in ("background", "foreground")
                and child.get("fill") is None
                and child.get("stroke") is None
            )
            if unseen or child.get("opacity") == "0":
                parent.remove(child)
        for name, usual in _REPEATED.items():
            if name in parent.attrib and usual in (None, parent.get(name)):
                del parent.attrib[name]
        classes = parent.get("class", "")
        if classes.startswith("mark-"):
            parent.set("class", " ".join(c for c in classes.split() if c not in _NEEDLESS_CLASSES))
        for name in _PLACES & parent.attrib.keys():
            parent.set(name, _LONG.sub(_tenths, parent.attrib[name]))
    return root


def _tenths(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


def _markup(picture: ElementTree.Element) -> str:
    return ElementTree.tostring(picture, encoding="unicode")


def _headed(drawn: str, title: str, note: str) -> str:
    """The drawing with title and note above it, wrapped to its width, for print."""
    size = re.search(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"', drawn)
    if not size:
        raise ValueError("the drawing does not say how large it is")
    across, down = max(float(size[1]), 340.0), float(size[2])
    lines = [(line, 13, "bold", INK) for line in wrap(title, (across - 8) / 1.1, 9, 13) if title]
    lines += [(line, 12, "normal", MUTED) for line in wrap(note, across - 8, 9) if note]
    if not lines:
        return drawn
    room = 18 * len(lines) + 6
    text = [
        {"y": 18 * n + 14, "text": line, "size": font_size, "weight": weight, "ink": ink}
        for n, (line, font_size, weight, ink) in enumerate(lines)
    ]
    return _HEADED.render(
        width=f"{across:g}",
        height=f"{down + room:g}",
        room=room,
        font=FONT,
        lines=text,
        picture=drawn,
    )


def warm_up() -> None:
    """Draw a point, so that vl-convert has its JavaScript engine ready for the first chart."""
    vl_convert.vegalite_to_svg({"data": {"values": [{}]}, "mark": "point"})
