"""Pictures of the site for the world outside, drawn at build time from the logo and the icon, which
are SVG.

A card stands for a page where its address is shared: its title, its part and the book's name. The
icon as PNG is for devices that take no SVG.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import vl_convert
from sphinx.application import Sphinx

from ..display.layout import wrap
from ..display.style import COLOURS, FONT, INK, MUTED
from ..display.templates import template
from . import site
from .domain import domain_of
from .execution.output_cache import digest

WIDTH, HEIGHT = 1200, 630
ICON = "_static/icon-180.png"
FOLDER = "_cards"
_CARD = template("card.svg", __package__)
BLUE = COLOURS["increased"]
_SIZES = (
    (84, 2),
    (68, 3),
    (54, 4),
    (44, 5),
)  # type sizes, each with the lines that there is room for
_ROOM = 0.9 * (WIDTH - 2 * 80)  # bold letters are wider than those that `wrap` measures


def setup(app: Sphinx) -> None:
    site.connect(app, "build-finished", _draw_icon)
    site.connect(app, "build-finished", _draw_cards)


def path_of(docname: str) -> str:
    """Where the card of a page is, from the site's root."""
    return f"{FOLDER}/{docname}.png"


def card(title: str, part: str, book: str, logo: bytes = b"") -> str:
    """The card as SVG. logo: an SVG file, b"" where there is none."""
    size, most = next(
        ((size, most) for size, most in _SIZES if len(wrap(title, _ROOM, 9, size)) <= most),
        _SIZES[-1],
    )
    lines = wrap(title, _ROOM, most, size)
    drawn = f"data:image/svg+xml;base64,{base64.b64encode(logo).decode()}" if logo else ""
    return _CARD.render(
        width=WIDTH,
        height=HEIGHT,
        font=FONT,
        blue=BLUE,
        ink=INK,
        muted=MUTED,
        logo=drawn,
        part=part,
        book=book,
        lines=lines,
        size=size,
        top=350 - (len(lines) - 1) * size * 0.6,
    )


def svg_file(app: Sphinx, name: str) -> Path | None:
    """An SVG file of the configuration, such as its ``html_logo``; None where it names none or one
    of another kind.
    """
    path = Path(app.srcdir) / (getattr(app.config, name) or "")
    return path if path.suffix == ".svg" and path.is_file() else None


def _draw_icon(app: Sphinx, error: Exception | None) -> None:
    source, target = svg_file(app, "html_favicon"), Path(app.outdir) / ICON
    if error or not source:
        return
    if not target.is_file() or target.stat().st_mtime < source.stat().st_mtime:
        svg = source.read_text(encoding="utf-8")
        box = re.search(r'viewBox="[-\d.]+ [-\d.]+ ([\d.]+)', svg)
        scale = 180 / float(box[1]) if box else 1.0
        target.write_bytes(vl_convert.svg_to_png(svg, scale=scale))


def _draw_cards(app: Sphinx, error: Exception | None) -> None:
    """Draw the cards that are not there yet or say something else by now; none while the site has
    no address to give them.
    """
    if error or not app.config.html_baseurl:
        return
    logo = svg_file(app, "html_logo")
    drawn = logo.read_bytes() if logo else b""
    memory = Path(app.srcdir) / "_build" / ".assets" / "cards.json"
    before = json.loads(memory.read_text(encoding="utf-8")) if memory.is_file() else {}
    now, work = {}, app.config.livingreview_work
    parts = domain_of(app.env).written_with["parts"]
    captions = {page.name: part.caption for part in parts for page in part.pages}
    for docname in sorted(app.env.found_docs):
        is_root = docname == app.config.root_doc
        title = work.title if is_root else app.env.titles[docname].astext()
        svg = card(title, captions.get(docname, ""), "" if is_root else work.title, drawn)
        now[docname] = digest(svg.encode())
        target = Path(app.outdir) / path_of(docname)
        if before.get(docname) != now[docname] or not target.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(vl_convert.svg_to_png(svg))
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text(json.dumps(now), encoding="utf-8")
