"""The signed diagram of a mechanism: boxes for entities, arrows for what raises, bars for what lowers."""

from __future__ import annotations

import textwrap
from itertools import pairwise

import altair as alt
import pandas as pd

from ..network import Link, layers
from .figure import COLOURS, INK, PAPER, RULE, SIGNS, WORDS, Figure

BOX, GAP, STEP, CHAIN = 148, 88, 38, 72


def diagram(links: list[Link], labels: dict[str, str], focus: str, title: str = "") -> Figure:
    """How do the pieces connect? An arrow raises, a bar lowers, a dashed line has no stated direction, ! is contested.

    links: from `network.links`. labels: node to label. focus: the entity the chapter is about.
    Heavy lines rest on a paper that was read, thin ones on a review's report alone.
    """
    rows = layers([(link.source, link.target) for link in links], focus)
    height = max(len(row) for row in rows) * STEP
    place = {
        node: (column * (BOX + GAP) + BOX / 2, (index + 0.5) * height / len(row))
        for column, row in enumerate(rows)
        for index, node in enumerate(row)
    }
    boxes = pd.DataFrame(
        [
            {"x": x - BOX / 2, "x2": x + BOX / 2, "xm": x, "y": y - 15, "y2": y + 15, "ym": y, "label": _wrap(labels[node]), "focus": node == focus}
            for node, (x, y) in place.items()
            if isinstance(node, str)
        ]
    )
    starts, ends = _ports(links, place, "source"), _ports(links, place, "target")
    lines, heads, marks = [], [], []
    crowd: dict[str, int] = {}
    for number, link in enumerate(links):
        (x1, _), (x2, _) = place[link.source], place[link.target]
        into = 1 if x2 > x1 else -1  # from the left; edges against the flow, or within a layer, come in from the right
        start = (x1 + (BOX / 2 if x2 >= x1 else -BOX / 2), starts[number])
        end = (x2 - into * (BOX / 2 + 7), ends[number])
        via = sorted(place[n] for n in place if isinstance(n, tuple) and n[:2] == (link.source, link.target))
        stops = [start, *(p for x, y in via for p in ((x - BOX / 2, y), (x + BOX / 2, y))), end]
        path = [point for a, b in pairwise(stops) for point in _curve(a, b, bulge=30 if x1 == x2 else 0)]
        common = {
            "link": number,
            "direction": link.direction,
            "weight": 2.2 if link.read else 1.1,
            "dash": link.direction in ("not_stated", "not_applicable"),
            "what": f"{labels[link.source]} → {labels[link.target]}: {WORDS[link.direction]}{', contested' if link.contested else ''}",
            "claims": ", ".join(link.claims),
        }
        lines += [{"x": x, "y": y, "order": i, **common} for i, (x, y) in enumerate(path)]
        heads.append({"x": end[0], "y": end[1], "angle": 90 if into > 0 else 270, **common})
        # Arrow, bar and dash already tell +, − and ?; what they cannot tell is written out.
        sign = ("!" if link.contested else "") + (SIGNS[link.direction] if link.direction in ("mixed", "no_change") else "")
        if sign:
            crowd[link.target] = crowd.get(link.target, 0) + 1  # marks on one box stand side by side
            marks.append({"x": end[0] - into * 17 * crowd[link.target], "y": end[1] - 8, "sign": sign, **common})
    marks = pd.DataFrame(marks, columns=list(heads[0]) + ["sign"])
    return Figure(_draw(boxes, pd.DataFrame(lines), pd.DataFrame(heads), marks, title), _words(links, labels, title))


def _ports(links: list[Link], place: dict, side: str) -> dict[int, float]:
    """Where on its box each link starts or ends (y by link number), so that links on one box do not lie on each other."""
    other = {"source": "target", "target": "source"}[side]
    on_box: dict[str, list[int]] = {}
    for number, link in enumerate(links):
        on_box.setdefault(getattr(link, side), []).append(number)
    ports = {}
    for node, numbers in on_box.items():
        numbers.sort(key=lambda n: place[getattr(links[n], other)][1])
        spread = min(9.0, 24 / len(numbers))
        for index, number in enumerate(numbers):
            ports[number] = place[node][1] + (index - (len(numbers) - 1) / 2) * spread
    return ports


def _curve(a: tuple[float, float], b: tuple[float, float], bulge: float = 0, steps: int = 14) -> list[tuple[float, float]]:
    """Points of a level-ended cubic curve from a to b; `bulge` leads it out to the right where both stand in one column."""
    middle = (a[0] + b[0]) / 2
    c, d = (a[0] + bulge, b[0] + bulge) if bulge else (middle, middle)
    points = []
    for t in (i / steps for i in range(steps + 1)):
        u = 1 - t
        x = u**3 * a[0] + 3 * u * u * t * c + 3 * u * t * t * d + t**3 * b[0]
        y = (u**3 + 3 * u * u * t) * a[1] + (3 * u * t * t + t**3) * b[1]
        points.append((round(x, 1), round(y, 1)))
    return points


def _wrap(label: str) -> list[str]:
    return textwrap.wrap(label, 21, max_lines=2, placeholder="…") or [label]


def _draw(boxes: pd.DataFrame, lines: pd.DataFrame, heads: pd.DataFrame, marks: pd.DataFrame, title: str) -> alt.LayerChart:
    width, height = float(boxes["x2"].max()) + 44, float(boxes["y2"].max()) + 8
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-4, width], nice=False, zero=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, -4], nice=False, zero=False))
    colour = alt.Color("direction:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None)
    tooltip = [alt.Tooltip("what:N", title="link"), alt.Tooltip("claims:N")]
    path = (
        alt.Chart(lines)
        .mark_line(opacity=0.85)
        .encode(x=x, y=y, color=colour, detail="link:N", order="order:Q", tooltip=tooltip, strokeWidth=alt.StrokeWidth("weight:Q", scale=None), strokeDash=alt.StrokeDash("dash:N", scale=alt.Scale(domain=[False, True], range=[[1, 0], [4, 3]]), legend=None))
    )  # fmt: skip
    raising = alt.Chart(heads).transform_filter("datum.direction !== 'decreased'")
    arrow = raising.mark_point(shape="triangle", filled=True, size=70, opacity=1).encode(x=x, y=y, color=colour, angle=alt.Angle("angle:Q", scale=None), tooltip=tooltip)
    lowering = alt.Chart(heads).transform_filter("datum.direction === 'decreased'")
    bar = lowering.mark_tick(thickness=3, size=15, orient="vertical", opacity=1).encode(x=x, y=y, color=colour, tooltip=tooltip)
    sign = alt.Chart(marks).mark_text(fontSize=13, fontWeight="bold").encode(x=x, y=y, text="sign:N", color=colour)
    box = (
        alt.Chart(boxes)
        .mark_rect(cornerRadius=5, fill=PAPER, strokeWidth=1.4)
        .encode(x=alt.X("x:Q", axis=None), x2="x2:Q", y=alt.Y("y:Q", axis=None), y2="y2:Q", stroke=alt.condition("datum.focus", alt.value(INK), alt.value(RULE)))
    )  # fmt: skip
    text = alt.Chart(boxes).mark_text(fontSize=12, lineHeight=13, color=INK, baseline="middle").encode(x=alt.X("xm:Q", axis=None), y=alt.Y("yt:Q", axis=None), text="label:N")
    text.data = boxes.assign(yt=boxes["ym"] - boxes["label"].map(lambda parts: 6.5 * (len(parts) - 1)))
    return (path + box + text + arrow + bar + sign).properties(width=width, height=height, **({"title": title} if title else {}))


def _words(links: list[Link], labels: dict[str, str], title: str) -> str:
    parts = [f"{labels[k.source]} to {labels[k.target]}: {WORDS[k.direction]}{' (contradicted)' if k.contested else ''}" for k in links]
    return f"{title + '. ' if title else ''}Signed diagram. " + "; ".join(parts) + "."


def chains(rows: list[tuple[str, list[str], list[Link]]], title: str = "") -> Figure:
    """Which steps make up each chain? One line of boxes per chain, its name above it, signs as in `diagram`.

    rows: name, labels of the boxes in order, and the links between them (one fewer than boxes).
    """
    boxes, lines, heads, marks, names, words = [], [], [], [], [], []
    for row, (name, labels, links) in enumerate(rows):
        y = row * CHAIN + 44
        names.append({"x": 0, "y": y - 27, "name": name})
        for place, label in enumerate(labels):
            x = place * (BOX + GAP / 2)
            boxes.append({"x": x, "x2": x + BOX, "xm": x + BOX / 2, "y": y - 15, "y2": y + 15, "ym": y, "label": _wrap(label), "focus": place in (0, len(labels) - 1)})
        for place, link in enumerate(links):
            start, end = place * (BOX + GAP / 2) + BOX, (place + 1) * (BOX + GAP / 2)
            what = f"{labels[place]} → {labels[place + 1]}: {WORDS[link.direction]}{', contested' if link.contested else ''}"
            common = {"link": f"{row}-{place}", "direction": link.direction, "weight": 2.2 if link.read else 1.1, "dash": link.direction in ("not_stated", "not_applicable"), "what": what, "claims": ", ".join(link.claims)}  # fmt: skip
            lines += [{"x": x, "y": y, "order": i, **common} for i, x in enumerate((start, end - 7))]
            heads.append({"x": end - 7, "y": y, "angle": 90, **common})
            sign = ("!" if link.contested else "") + (SIGNS[link.direction] if link.direction in ("mixed", "no_change") else "")
            if sign:
                marks.append({"x": (start + end) / 2, "y": y - 9, "sign": sign, **common})
        words.append(f"{name}: " + "; ".join(f"{a} to {b}, {WORDS[link.direction]}" for (a, b), link in zip(pairwise(labels), links, strict=True)))
    chart = _draw(pd.DataFrame(boxes), pd.DataFrame(lines), pd.DataFrame(heads), pd.DataFrame(marks, columns=[*heads[0], "sign"]), title)
    text = alt.Chart(pd.DataFrame(names)).mark_text(align="left", fontSize=12, color=INK).encode(x=alt.X("x:Q", axis=None), y=alt.Y("y:Q", axis=None), text="name:N")
    return Figure(alt.layer(chart, text), f"{title + '. ' if title else ''}Chains. {'. '.join(words)}.")
