"""The look of charts: type, rules and colours, light and dark; drawings, pages and print all take
them from here.

A chart is written with the light colours, which is what print gets. In a page each becomes a CSS
custom property with that colour behind it, so the drawn chart and the live one follow the reader's
theme, and a printed page is always light.
"""

from __future__ import annotations

import hashlib
import json

#: What stands before the digest of a chart's table, until the page is written.
LINK_TO_TABLE = 'class="lr-chart-csv" href="'
FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, Noto Sans SC, sans-serif"
INK, MUTED, RULE, PAPER, ON_FILL = "#1b1e28", "#5c6270", "#d5d8de", "#f4f5f7", "#ffffff"

# Colour-blind safe (blue against orange), and every chart prints the sign as well.
COLOURS = {
    "increased": "#2166ac",
    "decreased": "#b35806",
    "no_change": "#596579",
    "mixed": "#762a83",
    "not_stated": "#6c727e",
    "not_applicable": "#6c727e",
}

# Name of the property and colour in the dark, by the light colour. Signs stand in ON_FILL upon
# filled cells.
_DARK = {
    INK: ("ink", "#e6e8ee"),
    MUTED: ("muted", "#aab0bd"),
    RULE: ("rule", "#4a4f5c"),
    PAPER: ("paper", "#2a2e38"),
    ON_FILL: ("on-fill", "#14171f"),
    COLOURS["increased"]: ("increased", "#6aaee6"),
    COLOURS["decreased"]: ("decreased", "#f0994a"),
    COLOURS["no_change"]: ("no-change", "#a9b6cc"),
    COLOURS["mixed"]: ("mixed", "#cf9fdb"),
    COLOURS["not_stated"]: ("not-stated", "#9aa1ae"),
}

_TEXT = {
    "labelColor": INK,
    "titleColor": MUTED,
    "labelFontSize": 12,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "labelLimit": 0,
}

# The book's type, ink and rules on any chart; transparent, so that the page's light or dark shows
# through.
HOUSE_STYLE = {
    # the picture as a whole has its words; a label on every mark would double its size
    "aria": False,
    "background": "transparent",
    "font": FONT,
    "padding": 4,
    "axis": _TEXT | {"domainColor": RULE, "tickColor": RULE, "gridColor": RULE},
    "view": {"stroke": None},
    "legend": _TEXT | {"orient": "top", "symbolSize": 90, "padding": 0, "offset": 8},
    "header": {"labelColor": INK, "titleColor": MUTED},
    "text": {"color": INK, "fontSize": 12, "lineHeight": 13, "baseline": "middle"},
}


def themed(text: str) -> str:
    """Markup or JSON with every colour of the table replaced by its custom property."""
    for light, (name, _) in _DARK.items():
        text = text.replace(f'"{light}"', f'"var(--lr-chart-{name})"')
    return text


def unthemed(text: str) -> str:
    """The inverse of `themed`, for markup that leaves the site: its light colours by value."""
    for light, (name, _) in _DARK.items():
        text = text.replace(f'"var(--lr-chart-{name})"', f'"{light}"')
    return text


def style_sheet() -> str:
    """The custom properties as CSS: light, dark where the page is dark, light again on paper."""
    light = "".join(f"--lr-chart-{name}:{colour};" for colour, (name, _) in _DARK.items())
    dark = "".join(f"--lr-chart-{name}:{colour};" for name, colour in _DARK.values())
    return (
        f":root{{{light}}}\n"
        f'html[data-theme="dark"]{{{dark}}}\n'
        f"@media print{{html[data-theme]{{{light}}}}}\n"
    )


def live_script() -> str:
    """JavaScript that brings a chart of this book to life, by Vega-Embed:
    ``livingreviewEmbed(element, specification, tooltip)``.

    tooltip: options of Vega-Tooltip.
    """
    options = {
        "mode": "vega-lite",
        "ast": True,  # expressions are interpreted, so that a page may forbid eval
        "renderer": "svg",
        "actions": False,
        "defaultStyle": False,
        "config": HOUSE_STYLE,
    }
    fixed = themed(json.dumps(options))
    return (
        "window.livingreviewEmbed = (element, specification, tooltip) => "
        f"vegaEmbed(element, specification, {{...{fixed}, tooltip}});"
    )


def digest(table: str) -> str:
    """What a page calls a table until it is a file."""
    return hashlib.sha256(table.encode()).hexdigest()[:16]
