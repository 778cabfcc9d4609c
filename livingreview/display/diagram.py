"""The signed diagram of a mechanism: boxes for entities, arrows for what raises, bars for what
lowers.

Alive in a page, the pointer on a box lights up its links and what they join, the pointer on a link
shows its claims.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from ..derive.network import EFFECTS, Link
from ..derive.vocabulary import Direction, Vocabulary
from .figure import Figure
from .interaction import (
    Layered,
    at,
    legend,
    legend_choice,
    lit,
    pixels_x,
    pixels_y,
    quoted,
    tips,
    under_pointer,
)
from .layering import Place, layers
from .layout import LINE, wrap
from .style import COLOURS, INK, PAPER, RULE

BOX, GAP, AIR = 120, 60, 9  # width of a box, between the layers, between the boxes of a layer
HEAD = 7  # length of an arrowhead
CHAIN_GAP = 44  # between the boxes of a chain

PARAMS = [
    legend_choice("lines", "kind"),
    *under_pointer("boxes", atBox="node", atLink="link", atSource="source", atTarget="target"),
]

Point = tuple[float, float]
Row = dict[str, Any]  # of a frame to draw, or of a table


def diagram(
    links: list[Link],
    vocabulary: Vocabulary,
    labels: dict[str, str],
    focus: str,
    title: str = "",
) -> Figure:
    """How do the pieces connect? An arrow raises, a bar lowers, a dashed line has no stated
    direction, ! is contested.

    links: from `network.links`. labels: node to label. focus: the entity the chapter is about.
    Heavy lines rest on a paper that was read, thin ones on a review's report alone.
    """
    directions = vocabulary.directions
    columns = layers([(link.source, link.target) for link in links], focus)
    nodes = [node for column in columns for node in column if isinstance(node, str)]
    lines = {node: wrap(labels[node], BOX - 8, 4) for node in nodes}
    tall = {p: _tall(lines[p]) if isinstance(p, str) else AIR for c in columns for p in c}
    height = max(sum(tall[p] + AIR for p in column) for column in columns)
    place = _places(columns, tall, height)
    number = {node: n for n, node in enumerate(nodes)}
    near: dict[str, set[str]] = {node: {node} for node in nodes}
    for link in links:
        near[link.source].add(link.target)
        near[link.target].add(link.source)
    boxes = [
        _box(
            number[n], sorted(number[o] for o in near[n]), place[n], lines[n], labels[n], n == focus
        )
        for n in nodes
    ]
    starts, ends = _ports(links, place, tall, "source"), _ports(links, place, tall, "target")
    drawn: list[Row] = []
    crowd: dict[str, int] = {}
    for n, link in enumerate(links):
        path, end, into = _path(link, place, starts[n], ends[n])
        direction = directions[link.direction]
        # Marks on one box stand side by side.
        crowd[link.target] = crowd.get(link.target, 0) + bool(_mark(link, direction))
        beside = (end[0] - into * 15 * crowd[link.target], end[1] - 8)
        between = labels[link.source], labels[link.target]
        row = _drawn(link, direction, between, path, end, into, beside)
        drawn.append(row | {"source": number[link.source], "target": number[link.target]})
    last = place[columns[-1][0]][0]
    bulges = any(place[k.source][0] == place[k.target][0] == last for k in links)
    width = len(columns) * (BOX + GAP) - GAP + 2 + 26 * bulges
    chart = _draw(boxes, drawn, directions, width, round(height + 2))
    words = [
        f"{labels[k.source]} to {labels[k.target]}: {directions[k.direction].label}"
        + (" (contradicted)" if k.contested else "")
        for k in links
    ]
    table = pd.DataFrame(
        [_row((labels[k.source], labels[k.target]), k, directions[k.direction]) for k in links]
    )
    alternative = (
        f"Signed diagram of {len(links)} links between {len(nodes)} boxes around"
        f" {labels.get(focus, focus)}; described in words below it."
    )
    return Figure(chart, alternative, words, table, title, params=PARAMS)


def _places(
    columns: list[list[Place]], tall: Mapping[Place, int], height: int
) -> dict[Place, Point]:
    """Middle of each box, and of each place on the way of a long link: spread over its layer."""
    place: dict[Place, Point] = {}
    for number, column in enumerate(columns):
        air = (height - sum(tall[p] for p in column)) / len(column)
        y = air / 2
        for p in column:
            place[p] = (number * (BOX + GAP) + BOX / 2 + 1, y + tall[p] / 2)
            y += tall[p] + air
    return place


def _ports(
    links: list[Link], place: Mapping[Place, Point], tall: Mapping[Place, int], side: str
) -> dict[int, float]:
    """Where on its box each link starts or ends (y by link number), so that links on one box do
    not lie on each other.
    """
    other = {"source": "target", "target": "source"}[side]
    on_box: dict[str, list[int]] = {}
    for number, link in enumerate(links):
        on_box.setdefault(getattr(link, side), []).append(number)
    ports = {}
    for node, numbers in on_box.items():
        numbers.sort(key=lambda n: place[getattr(links[n], other)][1])
        spread = min(9.0, (tall[node] - 4) / len(numbers))
        for index, number in enumerate(numbers):
            ports[number] = place[node][1] + (index - (len(numbers) - 1) / 2) * spread
    return ports


def _path(link: Link, place: Mapping[Place, Point], y1: float, y2: float) -> tuple[str, Point, int]:
    """The line of a link as SVG path, where it ends, and from where it comes: 1 from the left, else
    -1. y1, y2: where it starts and ends.
    """
    (x1, _), (x2, _) = place[link.source], place[link.target]
    # Links against the flow, or within a layer, come in from the right.
    into = 1 if x2 > x1 else -1
    start = (x1 + (BOX / 2 if x2 >= x1 else -BOX / 2), y1)
    end = (x2 - into * (BOX / 2 + HEAD), y2)
    way = [
        at
        for p, at in place.items()
        if isinstance(p, tuple) and p[:2] == (link.source, link.target)
    ]
    way.sort(reverse=x2 < x1)
    stops = [start, *(p for x, y in way for p in ((x - BOX / 2, y), (x + BOX / 2, y))), end]
    curves = "".join(_curve(a, b, bulge=30 if x1 == x2 else 0) for a, b in pairwise(stops))
    return f"M{start[0]:g},{start[1]:.1f}{curves}", end, into


def _curve(a: Point, b: Point, bulge: float = 0) -> str:
    """A level-ended cubic curve from a to b as SVG path; `bulge` leads it out to the right where
    both stand in one column.
    """
    middle = (a[0] + b[0]) / 2
    c, d = (a[0] + bulge, b[0] + bulge) if bulge else (middle, middle)
    return f"C{c:g},{a[1]:.1f},{d:g},{b[1]:.1f},{b[0]:g},{b[1]:.1f}"


def _mark(link: Link, direction: Direction) -> str:
    """What is written beside an arrowhead: arrow, bar and dash already tell +, − and ?."""
    sign = direction.sign if link.direction in ("mixed", "no_change") else ""
    return ("!" if link.contested else "") + sign


def _box(
    node: int, near: list[int], middle: Point, text: Sequence[str], full: str, heavy: bool
) -> Row:
    """A box as a row to draw. near: the boxes that its links join, and itself."""
    return {
        "node": node,
        "near": near,
        "x": middle[0],
        "y": round(middle[1], 1),
        "h": _tall(text),
        "text": list(text),
        "full": full,
        "focus": heavy,
    }


def _tall(text: Sequence[str]) -> int:
    """Height of a box with these lines."""
    return len(text) * LINE + 10


def _drawn(
    link: Link,
    direction: Direction,
    between: tuple[str, str],
    path: str,
    end: Point,
    into: int,
    beside: Point,
) -> Row:
    """A link as a row to draw.

    between: labels of its ends. end: of its line, where the head sits; into: 1 where it comes from
    the left, else -1; beside: of its mark.
    """
    what = f"{between[0]} → {between[1]}: {direction.label}"
    return {
        "path": path,
        "kind": direction.drawn,
        "weight": 2.2 if link.read else 1.1,
        "dash": link.direction in ("not_stated", "not_applicable"),
        "x": end[0],
        "y": round(end[1], 1),
        "angle": 90 if into > 0 else 270,
        "sign": _mark(link, direction),
        "sx": beside[0],
        "sy": round(beside[1], 1),
        "what": f"{what}, contested" if link.contested else what,
        "basis": "a paper that was read" if link.read else "a review’s report",
        "claims": ", ".join(link.claims),
    }


def _row(between: tuple[str, str], link: Link, direction: Direction) -> Row:
    """A link as a row of the table. between: labels of its ends."""
    return {
        "From": between[0],
        "To": between[1],
        "Direction": direction.label,
        "Contradicted somewhere": "yes" if link.contested else "no",
        "Paper read": "yes" if link.read else "no",
        "Claims": "; ".join(link.claims),
    }


def _draw(
    boxes: list[Row],
    links: list[Row],
    directions: Mapping[str, Direction],
    width: int,
    height: int,
    names: Sequence[Row] = (),
) -> Layered:
    """Boxes, links with their heads and marks, and names (text with place) where there are any."""
    frame = pd.DataFrame([link | {"link": number} for number, link in enumerate(links)])
    drawn = set(frame["kind"])
    ink: dict[str, str] = {}
    for effect in EFFECTS:
        if directions[effect].drawn in drawn:
            ink.setdefault(directions[effect].drawn, COLOURS[effect])
    scale = alt.Scale(domain=list(ink), range=list(ink.values()))
    key = legend(list(ink), symbolType="stroke", symbolStrokeWidth=3)
    colour = alt.Color("kind:N", scale=scale, legend=key)
    # Lit: everything while the pointer is elsewhere; the links of the box under it, or the link
    # under it and what it joins.
    of_box = "(atBox === null || atBox === datum.source || atBox === datum.target)"
    link_lit = lit(of_box, "atLink === null || atLink === datum.link", choice=True)
    box_lit = lit(
        "atBox === null || indexof(datum.near, atBox) >= 0",
        "atLink === null || atSource === datum.node || atTarget === datum.node",
    )
    tooltip = tips(what="link", basis="rests on", claims="claims")
    # A custom shape of area 4 is drawn in pixels, from its own origin: one mark for a whole curve.
    paths = alt.Chart(frame).encode(
        x=alt.value(0), y=alt.value(0), shape=alt.Shape("path:N", scale=None)
    )
    line = paths.mark_point(size=4, filled=False).encode(
        color=colour,
        opacity=link_lit,
        strokeWidth=alt.StrokeWidth("weight:Q", scale=None),
        strokeDash=alt.StrokeDash(
            "dash:N", scale=alt.Scale(domain=[False, True], range=[[1, 0], [4, 3]]), legend=None
        ),
    )
    # The line once more, broad and unseen, for the pointer to find.
    target = (
        paths.mark_point(size=4, filled=False, strokeWidth=11, opacity=0, color=INK)
        .encode(tooltip=tooltip)
        .properties(name="links")
    )
    ends = at(alt.Chart(frame)).encode(color=colour, opacity=link_lit)
    lowers = quoted(directions["decreased"].drawn)
    arrow = ends.transform_filter(f"datum.kind !== {lowers}").mark_point(
        shape="triangle", filled=True, size=70
    )
    arrow = arrow.encode(angle=alt.Angle("angle:Q", scale=None))
    bar = ends.transform_filter(f"datum.kind === {lowers}").mark_rect(width=3, height=15)
    sign = (
        at(ends.transform_filter("datum.sign !== ''"), "sx", "sy")
        .mark_text(fontSize=14, fontWeight="bold")
        .encode(text="sign:N")
    )
    nodes = alt.Chart(pd.DataFrame(boxes)).encode(x=pixels_x("x"), opacity=box_lit)
    edge = alt.StrokeValue(RULE, condition={"test": "datum.focus", "value": INK})
    shapes = (
        nodes.transform_calculate(top="datum.y - datum.h / 2", bottom="datum.y + datum.h / 2")
        .mark_rect(width=BOX, cornerRadius=5, fill=PAPER, strokeWidth=1.4)
        .encode(
            y=pixels_y("top"),
            y2="bottom:Q",
            stroke=edge,
            tooltip=alt.Tooltip("full:N", title="name"),
        )
        .properties(name="boxes")
    )
    text = nodes.transform_calculate(
        head=f"datum.y - {LINE / 2} * (length(datum.text) - 1)"
    ).mark_text()
    text = text.encode(y=pixels_y("head"), text="text:N")
    layers_ = [line.properties(name="lines"), target, shapes, text, arrow, bar, sign]
    if names:
        layers_.append(
            at(alt.Chart(pd.DataFrame(names)))
            .mark_text(align="left", fontWeight="bold")
            .encode(text="text:N")
        )
    return alt.layer(*layers_).properties(width=width, height=height)


def chains(
    rows: list[tuple[str, list[str], list[Link]]], vocabulary: Vocabulary, title: str = ""
) -> Figure:
    """Which steps make up each chain? One line of boxes per chain, its name above it, signs as in
    `diagram`.

    rows: name, labels of the boxes in order, and the links between them (one fewer than boxes).
    """
    directions = vocabulary.directions
    boxes: list[Row] = []
    drawn: list[Row] = []
    names: list[Row] = []
    table: list[Row] = []
    words = []
    top, step = 0.0, BOX + CHAIN_GAP
    for name, labels, links in rows:
        heading = wrap(name, 290, 3)
        lines = [wrap(label, BOX - 8, 4) for label in labels]
        tallest = max(_tall(text) for text in lines)
        y = top + LINE * len(heading) + 8 + tallest / 2
        names.append({"x": 0, "y": top + LINE / 2 + 2, "text": list(heading)})
        first, last = len(boxes), len(labels) - 1
        for n, (label, text) in enumerate(zip(labels, lines, strict=True)):
            near = [first + m for m in (n - 1, n, n + 1) if 0 <= m <= last]
            middle = (n * step + BOX / 2 + 1, y)
            boxes.append(_box(first + n, near, middle, text, label, n in (0, last)))
        said = []
        for n, (link, between) in enumerate(zip(links, pairwise(labels), strict=True)):
            direction = directions[link.direction]
            start, end = n * step + BOX + 1, (n + 1) * step + 1 - HEAD
            path, beside = f"M{start:g},{y:g}L{end:g},{y:g}", ((start + end) / 2, y - 10)
            row = _drawn(link, direction, between, path, (end, y), 1, beside)
            drawn.append(row | {"source": first + n, "target": first + n + 1})
            table.append({"Chain": name, "Step": n + 1} | _row(between, link, direction))
            said.append(f"{between[0]} to {between[1]}, {direction.label}")
        words.append(f"{name}: {'; '.join(said)}")
        top = y + tallest / 2 + 20
    width = int(max(box["x"] for box in boxes) + BOX / 2 + 2)
    chart = _draw(boxes, drawn, directions, width, round(top - 12), names)
    alternative = (
        f"{len(rows)} chains of {len(drawn)} steps in all, one line of boxes each;"
        " described in words below it."
    )
    return Figure(chart, alternative, words, pd.DataFrame(table), title, params=PARAMS)
