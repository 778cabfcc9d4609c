"""What charts share that come to life in a page: what the pointer is on, what is picked in a
legend, what is dimmed by either.

All of it is Vega-Lite parameters with nothing chosen, so the drawing made at build time is the
plain one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import altair as alt

from .layout import width

DIM = 0.15
#: Charts laid over each other, as Altair types them.
Layered: TypeAlias = alt.LayerChart | alt.FacetChart


def pixels_x(name: str) -> alt.X:
    """A column of pixels from the left."""
    return alt.X(f"{name}:Q", scale=None, axis=None)


def pixels_y(name: str) -> alt.Y:
    """A column of pixels from the top."""
    return alt.Y(f"{name}:Q", scale=None, axis=None)


def at(chart: alt.Chart, x: str = "x", y: str = "y") -> alt.Chart:
    """The chart with its marks at the pixels of two columns."""
    return chart.encode(x=pixels_x(x), y=pixels_y(y))


def tips(**titles: str) -> list[alt.Tooltip]:
    """Tooltips: words by column. Without one, Vega-Lite makes a mark deaf to the pointer."""
    return [alt.Tooltip(f"{column}:N", title=title) for column, title in titles.items()]


def quoted(text: str) -> str:
    """Text as a string of a Vega expression."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def lit(*tests: str, choice: bool = False) -> alt.OpacityValue:
    """Opacity that dims what fails one of the tests (expressions), or, with `choice`, what is not
    picked in the legend.
    """
    all_of = [*tests, *([{"param": "choice"}] if choice else [])]
    return alt.OpacityValue(DIM, condition={"test": {"and": all_of}, "value": 1})


# Parameters, as Vega-Lite has them. Altair's own are tied to every layer of a layered chart, and
# Vega takes no name twice.
def legend_choice(view: str, field: str) -> dict[str, Any]:
    """What is picked in the legend of `field`, which the view of this name has; everything while
    nothing is. A click adds or takes away.
    """
    return {
        "name": "choice",
        "select": {"type": "point", "fields": [field], "toggle": "true"},
        "bind": "legend",
        "views": [view],
    }


def under_pointer(view: str, **names: str) -> list[dict[str, Any]]:
    """What the pointer is on: a value or null for each field, by the name it shall have.

    It counts on every mark of a layered chart that has a tooltip. view: the view that the parameter
    is defined in, by name.
    """
    point = {
        "type": "point",
        "fields": list(names.values()),
        "on": "pointerover",
        "clear": "pointerout",
    }
    value = "isValid(under.{0}) && isValid(under.{0}[0]) ? under.{0}[0] : null"
    return [
        {"name": "under", "select": point, "views": [view]},
        *({"name": name, "expr": value.format(field)} for name, field in names.items()),
    ]


def legend(entries: Sequence[str], **options: Any) -> alt.Legend:
    """A legend above the chart, in as many columns as a telephone has room for."""
    widest = max((width(entry) for entry in entries), default=0) + 32
    return alt.Legend(title=None, columns=max(1, min(len(entries), int(320 // widest))), **options)
