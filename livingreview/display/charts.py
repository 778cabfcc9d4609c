"""Charts of evidence. Each answers one question, named in its docstring; none draws a size that no source gives.

Alive in a page, each shows its words under the pointer and dims what does not belong to it; a click on an entry of the legend
leaves that kind alone. All of it is Vega-Lite parameters with nothing chosen, so the drawing made at build time is the plain one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import altair as alt
import pandas as pd

from .figure import SIGNS, WORDS, Figure
from .layout import LINE, Grid, Label, width, wrap
from .style import COLOURS, MUTED, ON_FILL, RULE

BASIS_WORDS = {"reported": "as the review reports it", "abstract_read": "abstract read", "full_text_read": "full text read"}
LEVELS = {"computational": "calculation", "cell": "cells", "animal": "animals", "human": "people", "secondary": "statement"}
CERTAINTIES = ["very low", "low", "moderate", "high"]
HEADS = {  # of columns in tooltips and tables; a column that a chapter makes for itself is just a row or a column
    "target": "outcome", "object_label": "outcome", "subject_label": "cause", "reporter_short": "source", "reported_by": "review",
    "side": "whose word", "system_label": "system", "tissue_label": "tissue", "model_label": "model", "species_label": "species",
    "design_label": "design", "intervention_label": "intervention", "condition": "condition", "sex": "sex",
}  # fmt: skip
DIM = 0.15


def pixels(name: str, channel: type = alt.X) -> alt.X:
    """A channel that takes pixels as they are."""
    return channel(f"{name}:Q", scale=None, axis=None)


def lit(*tests: str, choice: bool = False) -> alt.OpacityValue:
    """Opacity that dims what fails one of the tests (expressions), or, with `choice`, what is not picked in the legend."""
    tests = [*tests, *([{"param": "choice"}] if choice else [])]
    return alt.OpacityValue(DIM, condition={"test": {"and": tests}, "value": 1})


# Parameters, as Vega-Lite has them. Altair's own are tied to every layer of a layered chart, and Vega takes no name twice.
def legend_choice(view: str, field: str) -> dict:
    """What is picked in the legend of `field`, which the view of this name has (a click adds or takes away); everything while nothing is."""
    return {"name": "choice", "select": {"type": "point", "fields": [field], "toggle": "true"}, "bind": "legend", "views": [view]}


def under_pointer(view: str, **names: str) -> list[dict]:
    """What the pointer is on: a value or null for each field, by the name it shall have.

    It counts on every mark of a layered chart that has a tooltip. view: the view that the parameter is defined in, by name.
    """
    point = {"type": "point", "fields": list(names.values()), "on": "pointerover", "clear": "pointerout"}
    values = [{"name": name, "expr": f"isValid(under.{field}) && isValid(under.{field}[0]) ? under.{field}[0] : null"} for name, field in names.items()]
    return [{"name": "under", "select": point, "views": [view]}, *values]


def direction_matrix(evidence: pd.DataFrame, columns: str = "reporter_short", rows: str = "target", title: str = "") -> Figure:
    """Which way, and by whose word? One cell per target and study (or system, tissue …), signed + − 0 ±  ?.

    evidence: rows of `Chapter.evidence` (finding, basis and the two columns named here). Filled cells come from papers that
    were read, outlined ones from a review's report.
    """
    data = evidence[(evidence[columns] != "") & (evidence["finding"] != "not_applicable")]
    cells = [
        {
            "row": row,
            "column": column,
            "finding": _agree(group["finding"]),
            "read": bool((group["basis"] != "reported").any()),
            "rows": len(group),
            "who": "; ".join(dict.fromkeys(group["reporter"])),
        }
        for (row, column), group in data.groupby([rows, columns], sort=False)
    ]
    frame = pd.DataFrame(cells, columns=["row", "column", "finding", "read", "rows", "who"])
    frame["kind"] = frame["finding"].map({f: f"{SIGNS[f]} {WORDS[f]}" for f in SIGNS})
    frame["sign"] = frame["finding"].map(SIGNS)
    heads = HEADS.get(rows, "row"), HEADS.get(columns, "column")
    grid = Grid(list(dict.fromkeys(data[rows])), list(dict.fromkeys(data[columns])))
    frame = _placed(frame, grid)

    shown = lit(IN_LINE, choice=True)
    present = [f for f in SIGNS if f in set(frame["finding"])]
    names = [f"{SIGNS[f]} {WORDS[f]}" for f in present]
    scale, key = alt.Scale(domain=names, range=[COLOURS[f] for f in present]), legend(names, symbolType="square")
    if_read = {"test": "datum.read"}
    tooltip = [
        alt.Tooltip("row:N", title=heads[0]),
        alt.Tooltip("column:N", title=heads[1]),
        alt.Tooltip("kind:N", title="finding"),
        alt.Tooltip("who:N", title="reported by"),
        alt.Tooltip("rows:Q", title="evidence rows"),
    ]
    base = alt.Chart(frame).encode(x=pixels("x"), y=pixels("y", alt.Y))
    boxes = (
        base.mark_rect(width=round(grid.step - 4), height=22, cornerRadius=3, strokeWidth=1.5)
        .encode(
            color=alt.Color("kind:N", scale=scale, legend=key),
            stroke=alt.Stroke("kind:N", scale=scale, legend=key),
            fillOpacity=alt.FillOpacityValue(0.06, condition=if_read | {"value": 1}),
            opacity=shown,
            tooltip=tooltip,
        )
        .properties(name="cells")
    )
    signs = (
        base.mark_text(fontSize=15, fontWeight="bold")
        .encode(text="sign:N", color=alt.Color("kind:N", scale=scale, legend=key, condition=if_read | {"value": ON_FILL}), opacity=shown)
    )
    chart = _on(grid, boxes, signs)
    words = [f"{column}: " + "; ".join(f"{r.row} {WORDS[r.finding]}" for r in group.itertuples()) for column, group in frame.groupby("column", sort=False)]
    unsaid = data["unsaid"] if rows == "target" and "unsaid" in data else pd.Series("", index=data.index)
    full = {row: f"{subject} → {row}" if subject else row for row, subject in zip(data[rows], unsaid, strict=True)}
    table = pd.DataFrame(
        {
            heads[0].capitalize(): frame["row"].map(full),
            heads[1].capitalize(): frame["column"],
            "Finding": frame["finding"].map(WORDS),
            "Paper read": frame["read"].map({True: "yes", False: "no"}),
            "Evidence rows": frame["rows"],
            "Reported by": frame["who"],
        }
    )
    alternative = f"Direction matrix of {len(grid.y)} rows and {len(grid.x)} columns, {len(frame)} cells with a sign; described in words below it."
    return Figure(chart, alternative, words, table, title, _unsaid(unsaid), [legend_choice("cells", "kind"), *POINTER], labels=(grid.left, grid.top))


def _agree(findings: pd.Series) -> str:
    """One finding for a cell: the common one, or mixed where rows differ."""
    stated = {f for f in findings if f != "not_stated"}
    if not stated:
        return "not_stated"
    return stated.pop() if len(stated) == 1 else "mixed"


def _unsaid(subjects: pd.Series) -> str:
    """Who acts in the rows that do not say so."""
    names = sorted(set(subjects) - {""})
    if not names:
        return ""
    return f"{'Every row' if (subjects != '').all() else 'A row without an arrow'} is about {names[0]}."


def _placed(frame: pd.DataFrame, grid: Grid, row: str = "row", column: str = "column") -> pd.DataFrame:
    """The cells with their places."""
    return frame.assign(x=frame[column].map(grid.x).round(1), y=frame[row].map(grid.y).round(1))


# Test of a mark: nothing is under the pointer, or what stands in its row or column. With the parameters that it needs.
IN_LINE = "(atRow === null && atColumn === null) || atRow === datum.row || atColumn === datum.column"
POINTER = under_pointer("cells", atRow="row", atColumn="column")


def _on(grid: Grid, *marks: alt.Chart) -> alt.LayerChart:
    """Marks on their grid, with labels and a line below each row. One of the marks is the view ``cells``."""
    edges = pd.DataFrame({"y": [round(y, 1) for y in grid.edges[:-1]]})
    lines = alt.Chart(edges).mark_rule(color=RULE, strokeWidth=0.7).encode(x=alt.value(round(grid.left)), x2=alt.value(round(grid.right)), y=pixels("y", alt.Y))
    rows = _labels(grid.row_labels, "row").mark_text(align="right").encode(opacity=lit("atRow === null || atRow === datum.row"))
    heads = _labels(grid.column_labels, "column")
    heads = heads.mark_text(align="left", angle=315) if grid.leaning else heads.mark_text(align="center")
    heads = heads.encode(opacity=lit("atColumn === null || atColumn === datum.column"))
    return alt.layer(lines, rows.properties(name="rows"), heads, *marks).properties(width=grid.width, height=grid.height)


def _labels(labels: dict[str, Label], kind: str) -> alt.Chart:
    frame = pd.DataFrame([{"text": list(label.text), "x": label.x, "y": label.y, kind: name} for name, label in labels.items()])
    # The tooltip gives the words in full; without one, Vega-Lite makes a mark deaf to the pointer.
    return alt.Chart(frame).encode(x=pixels("x"), y=pixels("y", alt.Y), text="text:N", tooltip=alt.Tooltip(f"{kind}:N"))


def legend(entries: Sequence[str], **options) -> alt.Legend:
    """A legend above the chart, in as many columns as a telephone has room for."""
    widest = max((width(entry) for entry in entries), default=0) + 32
    return alt.Legend(title=None, columns=max(1, min(len(entries), int(320 // widest))), **options)


def dose_ladder(evidence: pd.DataFrame, title: str = "", units: Sequence[str] = ("µmol/L", "mg/kg")) -> Figure:
    """How much was given? Every printed dose on a log axis, concentrations and body-weight doses apart.

    evidence: rows of `Chapter.evidence` with dose_values, dose_norm_unit, dose, dose_unit, reporter_short, system_label.
    The dose as printed stands beside each line.
    """
    dosed = evidence[[len(v) > 0 for v in evidence["dose_values"]]]
    panels, y = [], 4.0
    for unit in units:
        points = _dose_points(dosed[dosed["dose_norm_unit"] == unit], unit)
        if not points.empty:
            panels.append(_Ladder(points, unit, y))
            y = panels[-1].bottom + 54
    if not panels:
        raise ValueError(f"no dose in {', '.join(units)} among these evidence rows: leave this chart out of the chapter")
    wide, points = max(p.width for p in panels), pd.concat([p.points for p in panels], ignore_index=True)
    present = [words for words in dict.fromkeys(BASIS_WORDS.values()) if words in set(points["basis"])]
    ink = {words: COLOURS["not_stated"] if words == BASIS_WORDS["reported"] else COLOURS["increased"] for words in present}
    shapes = {words: "square" if words == BASIS_WORDS["full_text_read"] else "circle" for words in present}
    key = legend(present)
    colour = alt.Color("basis:N", scale=alt.Scale(domain=present, range=list(ink.values())), legend=key)
    in_line = "atLine === null || atLine === datum.line"
    shown, named = lit(in_line, choice=True), lit(in_line)
    lines = pd.concat([p.lines for p in panels], ignore_index=True)
    ticks = pd.concat([p.ticks for p in panels], ignore_index=True)
    axes = alt.Chart(ticks).mark_rule(color=RULE, strokeWidth=0.7).encode(x=pixels("x"), y=pixels("top", alt.Y), y2="bottom:Q")
    numbers = alt.Chart(ticks).mark_text(color=MUTED).encode(x=pixels("x"), y=pixels("foot", alt.Y), text="number:N")
    units_ = alt.Chart(pd.DataFrame([{"x": p.left, "y": p.bottom + 30, "unit": p.unit} for p in panels])).mark_text(color=MUTED, align="left")
    spans = alt.Chart(lines).mark_rule(strokeWidth=2).encode(x=pixels("low"), x2="high:Q", y=pixels("y", alt.Y), color=colour, opacity=shown)
    names = alt.Chart(lines).mark_text(align="right").encode(x=alt.value(panels[0].left - 10), y=pixels("head", alt.Y), text="name:N", opacity=named, tooltip=alt.Tooltip("line:N", title="study")).properties(name="rows")
    printed = alt.Chart(lines).mark_text(align="left", dx=9, color=MUTED).encode(x=pixels("high"), y=pixels("y", alt.Y), text="printed:N", opacity=named)
    tooltip = [alt.Tooltip("line:N", title="study"), alt.Tooltip("printed:N", title="as printed"), alt.Tooltip("dose:Q", title="dose", format=".4~g"), alt.Tooltip("unit:N"), alt.Tooltip("basis:N")]
    dots = alt.Chart(points).mark_point(filled=True, size=70).encode(
        x=pixels("x"), y=pixels("y", alt.Y), color=colour, shape=alt.Shape("basis:N", scale=alt.Scale(domain=present, range=list(shapes.values())), legend=key), opacity=shown, tooltip=tooltip,
    ).properties(name="dots")  # fmt: skip
    unit_names = units_.encode(x=pixels("x"), y=pixels("y", alt.Y), text="unit:N")
    chart = alt.layer(axes, numbers, unit_names, spans, names, printed, dots).properties(width=wide, height=panels[-1].bottom + 40)
    words = []
    for panel in panels:
        extent = panel.points.groupby("line", sort=False)["dose"].agg(["min", "max"])
        words += [f"{line}: {low:g} {panel.unit}" if low == high else f"{line}: {low:g} to {high:g} {panel.unit}" for line, low, high in extent.itertuples()]
    table = points[["line", "printed", "dose", "unit", "basis"]]
    table.columns = ["Study", "As printed", "Dose", "Unit", "Whose word"]
    alternative = f"Doses tried, on a log axis: {len(words)} studies and systems; described in words below it."
    params = [legend_choice("dots", "basis"), *under_pointer("dots", atLine="line")]
    return Figure(chart, alternative, words, table, title, params=params, labels=(_Ladder.left - 6, 0))


def _dose_points(rows: pd.DataFrame, unit: str) -> pd.DataFrame:
    """One row per dose; evidence rows of one study, system and series fall together."""
    points = []
    for row in rows.itertuples(index=False):
        where = row.system_label or row.model_label or row.species_label
        line = f"{row.reporter_short} · {where}" if where else row.reporter_short
        for dose in row.dose_values:
            points.append((line, dose, unit, f"{row.dose} {row.dose_unit}", BASIS_WORDS[row.basis]))
    return pd.DataFrame(points, columns=["line", "dose", "unit", "printed", "basis"]).drop_duplicates()


class _Ladder:
    """One panel of a dose ladder, laid out below `top`: its points, lines and ticks with their places."""

    left, across = 164, 300

    def __init__(self, points: pd.DataFrame, unit: str, top: float):
        order = points.groupby("line")["dose"].min().sort_values(kind="stable").index
        first = math.floor(math.log10(points["dose"].min()) + 1e-9)
        last = max(first + 1, math.ceil(math.log10(points["dose"].max()) - 1e-9))

        def place(dose: float) -> float:
            return round(self.left + 8 + (math.log10(dose) - first) / (last - first) * (self.across - 16), 1)

        y, centre, heads, names = top, {}, {}, {}
        for line in order:
            names[line] = list(wrap(line, self.left - 14))
            height = max(24, LINE * len(names[line]) + 7)
            centre[line], heads[line] = y + height / 2, y + height / 2 - LINE * (len(names[line]) - 1) / 2
            y += height
        self.unit, self.bottom = unit, y
        self.points = points.assign(x=points["dose"].map(place), y=points["line"].map(centre))
        groups = self.points.groupby("line", sort=False)
        said = groups["printed"].agg(lambda p: " | ".join(dict.fromkeys(p)))
        self.lines = pd.DataFrame(
            [
                {"line": line, "name": names[line], "head": heads[line], "y": centre[line], "low": g["x"].min(), "high": g["x"].max(), "printed": said[line], "basis": g["basis"].iloc[0]}
                for line, g in groups
            ]
        )
        self.width = round(max(high + 9 + width(text) for high, text in zip(self.lines["high"], self.lines["printed"], strict=True)))
        every = max(1, math.ceil((last - first) * 46 / self.across))
        self.ticks = pd.DataFrame(
            [{"x": place(10.0**n), "top": top, "bottom": y, "foot": y + 12, "number": f"{10.0**n:.4f}".rstrip("0").rstrip(".") if -5 < n < 7 else f"1e{n}"} for n in range(first, last + 1, every)]
        )


def evidence_map(evidence: pd.DataFrame, rows: str = "mechanism_label", order: Sequence[str] = (), title: str = "") -> Figure:
    """What is known at which level? Independent studies per row and level; the filled part is what the editors read."""
    counts = (
        evidence[evidence["level"] != "secondary"]
        .assign(read=lambda e: e["study"].where(e["basis"] != "reported"))
        .groupby([rows, "level"], sort=False)
        .agg(studies=("study", "nunique"), read=("read", "nunique"))
        .reset_index()
        .rename(columns={rows: "row"})
    )
    counts["column"] = counts["level"].map(LEVELS)
    counts["label"] = counts["read"].astype(str) + "/" + counts["studies"].astype(str)
    present = set(counts["row"])
    names = [row for row in order if row in present] or list(dict.fromkeys(counts["row"]))
    grid = Grid(names, [LEVELS[k] for k in ("computational", "cell", "animal", "human")], least=68, most=90, cell=36)
    counts = _placed(counts, grid)
    most = max(8, int(counts["studies"].max()))
    tooltip = [alt.Tooltip("row:N", title="mechanism"), alt.Tooltip("column:N", title="level"), alt.Tooltip("studies:Q"), alt.Tooltip("read:Q", title="of these read")]
    base = alt.Chart(counts[["row", "column", "studies", "read", "label", "x", "y"]]).encode(y=pixels("y", alt.Y), opacity=lit(IN_LINE))
    size = alt.Scale(domain=[0, most], range=[0, 900])
    rings = _discs(base, "studies", size, RULE).encode(tooltip=tooltip).properties(name="cells")
    read = _discs(base, "read", size, COLOURS["increased"])
    text = base.mark_text(align="left", dx=_beside(900)).encode(x=pixels("x"), text="label:N")
    words = [f"{row}: " + ", ".join(f"{r.column} {r.studies} ({r.read} read)" for r in group.itertuples()) for row, group in counts.groupby("row", sort=False)]
    table = counts[["row", "column", "studies", "read"]]
    table.columns = ["Mechanism", "Level", "Independent studies", "Of these read"]
    alternative = f"Independent studies by level, and how many of them the editors read: {len(names)} rows; described in words below it."
    return Figure(_on(grid, rings, read, text), alternative, words, table, title, params=POINTER, labels=(grid.left, grid.top))


def _discs(base: alt.Chart, count: str, size: alt.Scale, ink: str) -> alt.Chart:
    """Discs whose area is a count, a little left of the middle of their cell: the number stands beside them."""
    return base.mark_circle(color=ink, xOffset=-10).encode(x=pixels("x"), size=alt.Size(f"{count}:Q", scale=size, legend=None))


def _beside(largest: float) -> float:
    """Where a number stands beside a disc of the largest area."""
    return round(math.sqrt(largest / math.pi) - 10 + 4)


def meeting_points(points: pd.DataFrame, order: Sequence[str], title: str = "") -> Figure:
    """Where do the reviews meet? Entities by review; the area of a disc is the number of claims on the entity.

    points: label, source, claims. order: the reviews, left to right. Entities named by most reviews come first.
    """
    rank = points.groupby("label")["claims"].agg(["size", "sum"]).sort_values(["size", "sum"], ascending=False)
    named = set(points["source"])
    grid = Grid(rank.index.tolist(), [source for source in order if source in named], least=58, most=90)
    frame = _placed(points[["label", "source", "claims"]].rename(columns={"label": "row", "source": "column"}), grid)
    tooltip = [alt.Tooltip("row:N", title="entity"), alt.Tooltip("column:N", title="review"), alt.Tooltip("claims:Q")]
    base = alt.Chart(frame).encode(y=pixels("y", alt.Y), opacity=lit(IN_LINE))
    size = alt.Scale(domain=[0, max(8, int(points["claims"].max()))], range=[0, 560])
    discs = _discs(base, "claims", size, COLOURS["increased"]).encode(tooltip=tooltip).properties(name="cells")
    text = base.mark_text(align="left", dx=_beside(560)).encode(x=pixels("x"), text="claims:Q")
    words = [f"{label}: " + ", ".join(f"{r.column} {r.claims}" for r in frame[frame["row"] == label].itertuples()) for label in rank.index]
    table = frame[["row", "column", "claims"]].sort_values("row", key=lambda labels: labels.map(grid.y), kind="stable")
    table.columns = ["Entity", "Review", "Claims"]
    alternative = f"Claims on each of {len(rank)} entities, by review; described in words below it."
    return Figure(_on(grid, discs, text), alternative, words, table, title, params=POINTER, labels=(grid.left, grid.top))


def certainty_profile(claims: pd.DataFrame, title: str = "") -> Figure:
    """How solid is the chapter? One dot per claim, by certainty; contested claims are marked with a cross."""
    frame = claims[["claim_id", "statement", "certainty", "certainty_reason", "contested"]]
    frame = frame.assign(certainty=frame["certainty"].str.replace("_", " "), kind=frame["contested"].map({True: "contradicted somewhere", False: "not contradicted"}))
    frame = frame.sort_values(["contested", "claim_id"])
    frame["place"] = frame.groupby("certainty").cumcount()
    counts = frame.groupby("certainty").size()
    levels = [level for level in CERTAINTIES[::-1] if level in counts]
    step, left, across = 13, 88, min(18, max(counts))
    y, starts = 8.0, {}
    for level in levels:
        starts[level] = y + 8
        y += math.ceil(counts[level] / across) * step + 14
    frame["x"] = left + frame["place"] % across * step
    frame["y"] = frame["certainty"].map(starts) + frame["place"] // across * step
    kinds = ["not contradicted", "contradicted somewhere"]
    width_, at_level = left + across * step, "atLevel === null || atLevel === datum.certainty"
    dots = (
        alt.Chart(frame[["statement", "certainty", "certainty_reason", "kind", "x", "y"]])
        .mark_point(filled=True, size=70)
        .encode(
            x=pixels("x"),
            y=pixels("y", alt.Y),
            color=alt.Color("kind:N", scale=alt.Scale(domain=kinds, range=[COLOURS["increased"], COLOURS["decreased"]]), legend=legend(kinds)),
            shape=alt.Shape("kind:N", scale=alt.Scale(domain=kinds, range=["circle", "cross"]), legend=legend(kinds)),
            opacity=lit(at_level, choice=True),
            tooltip=[alt.Tooltip("statement:N", title="claim"), alt.Tooltip("certainty:N"), alt.Tooltip("certainty_reason:N", title="why"), alt.Tooltip("kind:N", title="agreement")],
        )
        .properties(name="dots")
    )
    names = pd.DataFrame([{"certainty": level, "text": f"{level} {counts[level]}", "y": starts[level]} for level in levels])
    labels = alt.Chart(names).mark_text(align="right").encode(x=alt.value(left - 14), y=pixels("y", alt.Y), text="text:N", opacity=lit(at_level))
    chart = alt.layer(labels.properties(name="levels"), dots).properties(width=width_, height=y)
    params = [legend_choice("dots", "kind"), *under_pointer("levels", atLevel="certainty")]
    words = [f"{level}: {counts[level]} claims, {int(frame.loc[frame['certainty'] == level, 'contested'].sum())} contradicted somewhere in the book" for level in levels]
    table = frame[["claim_id", "statement", "certainty", "certainty_reason"]].assign(contested=frame["contested"].map({True: "yes", False: "no"}))
    table.columns = ["Claim", "Statement", "Certainty", "Why", "Contradicted somewhere"]
    alternative = f"{len(frame)} claims by certainty: " + ", ".join(f"{counts[level]} {level}" for level in levels) + "."
    return Figure(chart, alternative, words, table, title, params=params)


def paired_reports(evidence: pd.DataFrame, title: str = "") -> Figure:
    """Does the paper say what the review says? Claims for which both stand, side by side."""
    both = evidence.groupby("claim_id")["basis"].transform(lambda b: (b == "reported").any() and (b != "reported").any())
    rows = evidence[both & evidence["citekey"].ne("")]
    rows = rows.assign(side=rows["basis"].eq("reported").map({True: "review says", False: "paper says"}))
    if rows.empty:
        raise ValueError("no claim here is both reported by a review and read in the paper: leave this chart out of the chapter")
    return direction_matrix(rows, columns="side", title=title)


def timeline(evidence: pd.DataFrame, title: str = "") -> Figure:
    """When was it found? Papers with a known year, by level of evidence."""
    papers = evidence[evidence["year"].str.fullmatch(r"\d{4}") & (evidence["level"] != "secondary")]
    papers = papers.drop_duplicates(["citekey", "level"])[["citekey", "year", "level", "short", "retracted"]]
    papers = papers.assign(where=papers["level"].map(LEVELS), state=papers["retracted"].map({True: "retracted", False: "standing"}))
    papers["year"] = papers["year"].astype(int)
    papers["stack"] = papers.groupby(["year", "where"]).cumcount()
    columns = [LEVELS[k] for k in ("computational", "cell", "animal", "human")]
    states = ["standing", "retracted"]
    key = legend(states)
    chart = (
        alt.Chart(papers[["short", "year", "where", "state", "stack"]])
        .mark_point(size=80, filled=True)
        .encode(
            x=alt.X("year:Q", title=None, scale=alt.Scale(zero=False, padding=12), axis=alt.Axis(format="d", tickMinStep=1, grid=False)),
            y=alt.Y("where:N", sort=columns, title=None),
            yOffset=alt.YOffset("stack:O"),
            color=alt.Color("state:N", scale=alt.Scale(domain=states, range=[COLOURS["increased"], COLOURS["decreased"]]), legend=key),
            shape=alt.Shape("state:N", scale=alt.Scale(domain=states, range=["circle", "cross"]), legend=key),
            opacity=lit(choice=True),
            tooltip=[alt.Tooltip("short:N", title="paper"), alt.Tooltip("year:Q", format="d"), alt.Tooltip("where:N", title="level"), alt.Tooltip("state:N")],
        )
        .properties(width=236, height=alt.Step(16), name="dots")
    )
    papers = papers.sort_values("year", kind="stable")
    words = [f"{r.year}: {r.short} ({r.where}{', retracted' if r.retracted else ''})" for r in papers.itertuples()]
    table = papers[["citekey", "short", "year", "where", "state"]]
    table.columns = ["Citation key", "Paper", "Year", "Level", "State"]
    return Figure(chart, f"{len(papers)} papers by year and level of evidence; described in words below it.", words, table, title, params=[legend_choice("dots", "state")])
