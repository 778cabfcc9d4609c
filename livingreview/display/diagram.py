"""The signed diagram of a mechanism: boxes for entities, arrows for what raises, bars for what lowers.

Alive in a page, the pointer on a box lights up its links and what they join, the pointer on a link shows its claims.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import altair as alt
import pandas as pd

from ..derive.network import EFFECTS, Link
from ..derive.vocabulary import Direction, Vocabulary
from .figure import Figure
from .interaction import at, legend, legend_choice, lit, pixels, quoted, tips, under_pointer
from .layering import layers
from .layout import LINE, wrap
from .style import COLOURS, INK, PAPER, RULE

BOX, GAP, AIR = 120, 60, 9  # width of a box, between the layers, between the boxes of a layer
HEAD = 7  # length of an arrowhead

PARAMS = [
    legend_choice("lines", "kind"),
    *under_pointer("boxes", atBox="node", atLink="link", atSource="source", atTarget="target"),
]


def diagram(
    links: list[Link],
    vocabulary: Vocabulary,
    labels: dict[str, str],
    focus: str,
    title: str = "",
) -> Figure:
    """How do the pieces connect? An arrow raises, a bar lowers, a dashed line has no stated direction, ! is contested.

    links: from `network.links`. labels: node to label. focus: the entity the chapter is about.
    Heavy lines rest on a paper that was read, thin ones on a review's report alone.
    """
    directions = vocabulary.directions
    rows = layers([(link.source, link.target) for link in links], focus)
    lines = {
        node: wrap(labels[node], BOX - 8, 4)
        for row in rows
        for node in row
        if isinstance(node, str)
    }
    tall = {node: _tall(lines[node]) if node in lines else AIR for row in rows for node in row}
    height = max(sum(tall[node] + AIR for node in row) for row in rows)
    place: dict = {}
    for column, row in enumerate(rows):
        air = (height - sum(tall[node] for node in row)) / len(row)
        y = air / 2
        for node in row:
            place[node] = (column * (BOX + GAP) + BOX / 2 + 1, y + tall[node] / 2)
            y += tall[node] + air
    number = {node: n for n, node in enumerate(lines)}
    near: dict[str, set[str]] = {node: {node} for node in lines}
    for link in links:
        near[link.source].add(link.target)
        near[link.target].add(link.source)
    boxes = [
        _box(
            number[n], sorted(number[o] for o in near[n]), place[n], lines[n], labels[n], n == focus
        )
        for n in lines
    ]
    starts, ends = _ports(links, place, tall, "source"), _ports(links, place, tall, "target")
    drawn, crowd = [], {}
    for n, link in enumerate(links):
        (x1, _), (x2, _) = place[link.source], place[link.target]
        into = (
            1 if x2 > x1 else -1
        )  # from the left; edges against the flow, or within a layer, come in from the right
        start = (x1 + (BOX / 2 if x2 >= x1 else -BOX / 2), starts[n])
        end = (x2 - into * (BOX / 2 + HEAD), ends[n])
        via = sorted(
            (
                place[p]
                for p in place
                if isinstance(p, tuple) and p[:2] == (link.source, link.target)
            ),
            reverse=x2 < x1,
        )
        stops = [start, *(p for x, y in via for p in ((x - BOX / 2, y), (x + BOX / 2, y))), end]
        path = f"M{start[0]:g},{start[1]:.1f}" + "".join(
            _curve(a, b, bulge=30 if x1 == x2 else 0) for a, b in pairwise(stops)
        )
        # Marks on one box stand side by side.
        mark = _mark(link, directions)
        crowd[link.target] = crowd.get(link.target, 0) + bool(mark)
        beside = (end[0] - into * 15 * crowd[link.target], end[1] - 8)
        row = _drawn(
            link, directions, labels[link.source], labels[link.target], path, end, into, beside
        )
        drawn.append(row | {"source": number[link.source], "target": number[link.target]})
    last = place[rows[-1][0]][0]
    bulges = any(place[k.source][0] == place[k.target][0] == last for k in links)
    width = len(rows) * (BOX + GAP) - GAP + 2 + 26 * bulges
    chart = _draw(boxes, drawn, directions, width, round(height + 2))
    words = [
        f"{labels[k.source]} to {labels[k.target]}: {directions[k.direction].label}{' (contradicted)' if k.contested else ''}"
        for k in links
    ]
    table = pd.DataFrame([_row(labels[k.source], labels[k.target], k, directions) for k in links])
    alternative = f"Signed diagram of {len(links)} links between {len(lines)} boxes around {labels.get(focus, focus)}; described in words below it."
    return Figure(chart, alternative, words, table, title, params=PARAMS)


def _mark(link: Link, directions: Directions) -> str:
    """What is written beside an arrowhead: arrow, bar and dash already tell +, − and ?."""
    return ("!" if link.contested else "") + (
        directions[link.direction].sign if link.direction in ("mixed", "no_change") else ""
    )


Point = tuple[float, float]
Directions = Mapping[str, Direction]


def _box(
    node: int, near: list[int], middle: Point, text: Sequence[str], full: str, heavy: bool
) -> dict:
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
    directions: Directions,
    source: str,
    target: str,
    path: str,
    end: Point,
    into: int,
    beside: Point,
) -> dict:
    """A link as a row to draw. end: of its line, where the head sits; into: 1 where it comes from the left, else -1; beside: of its mark."""
    direction = directions[link.direction]
    return {
        "path": path,
        "kind": direction.drawn,
        "weight": 2.2 if link.read else 1.1,
        "dash": link.direction in ("not_stated", "not_applicable"),
        "x": end[0],
        "y": round(end[1], 1),
        "angle": 90 if into > 0 else 270,
        "sign": _mark(link, directions),
        "sx": beside[0],
        "sy": round(beside[1], 1),
        "what": f"{source} → {target}: {direction.label}{', contested' if link.contested else ''}",
        "basis": "a paper that was read" if link.read else "a review’s report",
        "claims": ", ".join(link.claims),
    }


def _row(source: str, target: str, link: Link, directions: Directions) -> dict[str, str]:
    """A link as a row of the table."""
    return {
        "From": source,
        "To": target,
        "Direction": directions[link.direction].label,
        "Contradicted somewhere": "yes" if link.contested else "no",
        "Paper read": "yes" if link.read else "no",
        "Claims": "; ".join(link.claims),
    }


def _ports(links: list[Link], place: dict, tall: dict, side: str) -> dict[int, float]:
    """Where on its box each link starts or ends (y by link number), so that links on one box do not lie on each other."""
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


def _curve(a: tuple[float, float], b: tuple[float, float], bulge: float = 0) -> str:
    """A level-ended cubic curve from a to b as SVG path; `bulge` leads it out to the right where both stand in one column."""
    middle = (a[0] + b[0]) / 2
    c, d = (a[0] + bulge, b[0] + bulge) if bulge else (middle, middle)
    return f"C{c:g},{a[1]:.1f},{d:g},{b[1]:.1f},{b[0]:g},{b[1]:.1f}"


def _draw(
    boxes: list[dict],
    links: list[dict],
    directions: Directions,
    width: int,
    height: int,
    names: Sequence[dict] = (),
) -> alt.LayerChart:
    """Boxes, links with their heads and marks, and names (text with place) where there are any."""
    frame = pd.DataFrame([link | {"link": number} for number, link in enumerate(links)])
    drawn = set(frame["kind"])
    ink: dict[str, str] = {}
    for effect in EFFECTS:
        if directions[effect].drawn in drawn:
            ink.setdefault(directions[effect].drawn, COLOURS[effect])
    present = list(ink)
    scale, key = (
        alt.Scale(domain=present, range=[ink[kind] for kind in present]),
        legend(present, symbolType="stroke", symbolStrokeWidth=3),
    )
    colour = alt.Color("kind:N", scale=scale, legend=key)
    # Lit: everything while the pointer is elsewhere; the links of the box under it, or the link under it and what it joins.
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
    nodes = alt.Chart(pd.DataFrame(boxes)).encode(x=pixels("x"), opacity=box_lit)
    edge = alt.StrokeValue(RULE, condition={"test": "datum.focus", "value": INK})
    shapes = (
        nodes.transform_calculate(top="datum.y - datum.h / 2", bottom="datum.y + datum.h / 2")
        .mark_rect(width=BOX, cornerRadius=5, fill=PAPER, strokeWidth=1.4)
        .encode(
            y=pixels("top", alt.Y),
            y2="bottom:Q",
            stroke=edge,
            tooltip=alt.Tooltip("full:N", title="name"),
        )
        .properties(name="boxes")
    )
    text = nodes.transform_calculate(
        head=f"datum.y - {LINE / 2} * (length(datum.text) - 1)"
    ).mark_text()
    text = text.encode(y=pixels("head", alt.Y), text="text:N")
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
    """Which steps make up each chain? One line of boxes per chain, its name above it, signs as in `diagram`.

    rows: name, labels of the boxes in order, and the links between them (one fewer than boxes).
    """
    directions = vocabulary.directions
    boxes, drawn, names, words, table = [], [], [], [], []
    top, step = 0.0, BOX + 44
    for name, labels, links in rows:
        heading = wrap(name, 290, 3)
        lines = [wrap(label, BOX - 8, 4) for label in labels]
        tall = [_tall(text) for text in lines]
        y = top + LINE * len(heading) + 8 + max(tall) / 2
        names.append({"x": 0, "y": top + LINE / 2 + 2, "text": list(heading)})
        first = len(boxes)
        for place, (label, text) in enumerate(zip(labels, lines, strict=True)):
            near = [first + p for p in (place - 1, place, place + 1) if 0 <= p < len(labels)]
            boxes.append(
                _box(
                    first + place,
                    near,
                    (place * step + BOX / 2 + 1, y),
                    text,
                    label,
                    place in (0, len(labels) - 1),
                )
            )
        for place, link in enumerate(links):
            start, end = place * step + BOX + 1, (place + 1) * step + 1 - HEAD
            row = _drawn(
                link,
                directions,
                labels[place],
                labels[place + 1],
                f"M{start:g},{y:g}L{end:g},{y:g}",
                (end, y),
                1,
                ((start + end) / 2, y - 10),
            )
            drawn.append(row | {"source": first + place, "target": first + place + 1})
            table.append(
                {"Chain": name, "Step": place + 1}
                | _row(labels[place], labels[place + 1], link, directions)
            )
        words.append(
            f"{name}: "
            + "; ".join(
                f"{a} to {b}, {directions[link.direction].label}"
                for (a, b), link in zip(pairwise(labels), links, strict=True)
            )
        )
        top = y + max(tall) / 2 + 20
    chart = _draw(
        boxes,
        drawn,
        directions,
        int(max(b["x"] for b in boxes) + BOX / 2 + 2),
        round(top - 12),
        names,
    )
    alternative = f"{len(rows)} chains of {len(drawn)} steps in all, one line of boxes each; described in words below it."
    return Figure(chart, alternative, words, pd.DataFrame(table), title, params=PARAMS)
