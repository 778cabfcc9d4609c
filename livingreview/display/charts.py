"""Charts of evidence. Each answers one question, named in its docstring; none draws a size that no
source gives.

Alive in a page, each shows its words under the pointer and dims what does not belong to it; a
click on an entry of the legend leaves that kind alone.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence

import altair as alt
import pandas as pd

from ..derive.vocabulary import Vocabulary
from .figure import Figure
from .interaction import Layered, at, legend, legend_choice, lit, pixels_y, tips, under_pointer
from .layout import Grid, Label
from .style import COLOURS, ON_FILL, RULE

STATED = "secondary"  # the level at which nothing was studied
CERTAINTIES = ["very low", "low", "moderate", "high"]
# What columns are called in tooltips and tables; one that a chapter makes for itself is just a row
# or a column.
HEADS = {
    "target": "outcome",
    "object_label": "outcome",
    "subject_label": "cause",
    "reporter_short": "source",
    "reported_by": "review",
    "side": "whose word",
    "system_label": "system",
    "tissue_label": "tissue",
    "model_label": "model",
    "species_label": "species",
    "design_label": "design",
    "intervention_label": "intervention",
    "condition": "condition",
    "sex": "sex",
}


def direction_matrix(
    evidence: pd.DataFrame,
    vocabulary: Vocabulary,
    columns: str = "reporter_short",
    rows: str = "target",
    title: str = "",
) -> Figure:
    """Which way, and by whose word? One cell per target and study (or system, tissue …), signed +
    − 0 ±  ?.

    evidence: rows of `Chapter.evidence` (finding, basis and the two columns named here). Filled
    cells come from papers that were read, outlined ones from a review's report.
    """
    data = evidence[(evidence[columns] != "") & (evidence["finding"] != "not_applicable")]
    data = data.replace({name: {"not_stated": "not stated"} for name in (rows, columns)})
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
    directions = vocabulary.directions
    said = {finding: direction.label for finding, direction in directions.items()}
    frame["kind"] = frame["finding"].map({f: d.signed for f, d in directions.items()})
    frame["sign"] = frame["finding"].map({f: d.sign for f, d in directions.items()})
    heads = HEADS.get(rows, "row"), HEADS.get(columns, "column")
    grid = Grid(list(dict.fromkeys(data[rows])), list(dict.fromkeys(data[columns])))
    frame = _placed(frame, grid)

    shown = lit(IN_LINE, choice=True)
    present = [f for f in directions if f in set(frame["finding"])]
    names = [directions[f].signed for f in present]
    scale, key = (
        alt.Scale(domain=names, range=[COLOURS[f] for f in present]),
        legend(names, symbolType="square"),
    )
    if_read = {"test": "datum.read"}
    base = at(alt.Chart(frame.drop(columns="finding")))
    boxes = (
        base.mark_rect(width=round(grid.step - 4), height=22, cornerRadius=3, strokeWidth=1.5)
        .encode(
            color=alt.Color("kind:N", scale=scale, legend=key),
            stroke=alt.Stroke("kind:N", scale=scale, legend=key),
            fillOpacity=alt.FillOpacityValue(0.06, condition=if_read | {"value": 1}),
            opacity=shown,
            tooltip=tips(
                row=heads[0],
                column=heads[1],
                kind="finding",
                who="reported by",
                rows="evidence rows",
            ),
        )
        .properties(name="cells")
    )
    signs = base.mark_text(fontSize=15, fontWeight="bold").encode(
        text="sign:N",
        color=alt.Color("kind:N", scale=scale, legend=key, condition=if_read | {"value": ON_FILL}),
        opacity=shown,
    )
    chart = _on(grid, boxes, signs)
    each = frame["row"] + " " + frame["finding"].map(said)
    words = [
        f"{column}: {'; '.join(found)}"
        for column, found in each.groupby(frame["column"], sort=False)
    ]
    unsaid = (
        data["unsaid"] if rows == "target" and "unsaid" in data else pd.Series("", index=data.index)
    )
    full = {
        row: f"{subject} → {row}" if subject else row
        for row, subject in zip(data[rows], unsaid, strict=True)
    }
    table = pd.DataFrame(
        {
            heads[0].capitalize(): frame["row"].map(full),
            heads[1].capitalize(): frame["column"],
            "Finding": frame["finding"].map(said),
            "Paper read": frame["read"].map({True: "yes", False: "no"}),
            "Evidence rows": frame["rows"],
            "Reported by": frame["who"],
        }
    )
    alternative = (
        f"Direction matrix of {len(grid.y)} rows and {len(grid.x)} columns,"
        f" {len(frame)} cells with a sign; described in words below it."
    )
    return Figure(
        chart,
        alternative,
        words,
        table,
        title,
        _unsaid(unsaid),
        [legend_choice("cells", "kind"), *POINTER],
        labels=(grid.left, grid.top),
    )


def _agree(findings: Iterable[str]) -> str:
    """One finding for a cell: the common one, or mixed where rows differ."""
    stated = {f for f in findings if f != "not_stated"}
    if not stated:
        return "not_stated"
    return stated.pop() if len(stated) == 1 else "mixed"


def _unsaid(subjects: Collection[str]) -> str:
    """Who acts in the rows that do not say so."""
    names = sorted(set(subjects) - {""})
    if not names:
        return ""
    return f"{'Every row' if all(subjects) else 'A row without an arrow'} is about {names[0]}."


def _placed(
    frame: pd.DataFrame, grid: Grid, row: str = "row", column: str = "column"
) -> pd.DataFrame:
    """The cells with their places."""
    return frame.assign(x=frame[column].map(grid.x).round(1), y=frame[row].map(grid.y).round(1))


# Test of a mark: nothing is under the pointer, or what stands in its row or column. With the
# parameters that it needs.
IN_LINE = (
    "(atRow === null && atColumn === null) || atRow === datum.row || atColumn === datum.column"
)
POINTER = under_pointer("cells", atRow="row", atColumn="column")


def _on(grid: Grid, *marks: alt.Chart) -> Layered:
    """Marks on their grid, with labels and a line below each row.

    One of the marks is the view ``cells``.
    """
    edges = alt.Chart(pd.DataFrame({"y": [round(y, 1) for y in grid.edges[:-1]]})).mark_rule(
        color=RULE, strokeWidth=0.7
    )
    edges = edges.encode(
        x=alt.value(round(grid.left)), x2=alt.value(round(grid.right)), y=pixels_y("y")
    )
    rows = (
        _labels(grid.row_labels, "row")
        .mark_text(align="right")
        .encode(opacity=lit("atRow === null || atRow === datum.row"))
    )
    heads = _labels(grid.column_labels, "column")
    heads = (
        heads.mark_text(align="left", angle=315)
        if grid.leaning
        else heads.mark_text(align="center")
    )
    heads = heads.encode(opacity=lit("atColumn === null || atColumn === datum.column"))
    return alt.layer(edges, rows.properties(name="rows"), heads, *marks).properties(
        width=grid.width, height=grid.height
    )


def _labels(labels: dict[str, Label], kind: str) -> alt.Chart:
    frame = pd.DataFrame(
        [
            {"text": list(label.text), "x": label.x, "y": label.y, kind: name}
            for name, label in labels.items()
        ]
    )
    return at(alt.Chart(frame)).encode(
        text="text:N", tooltip=alt.Tooltip(f"{kind}:N")
    )  # the words in full


def evidence_map(
    evidence: pd.DataFrame,
    vocabulary: Vocabulary,
    rows: str = "mechanism_label",
    order: Sequence[str] = (),
    title: str = "",
) -> Figure:
    """What is known at which level? Independent studies per row and level; the filled part is what
    the editors read.
    """
    counts = (
        evidence[evidence["level"] != STATED]
        .assign(read=lambda e: e["study"].where(e["basis"] != "reported"))
        .groupby([rows, "level"], sort=False)
        .agg(studies=("study", "nunique"), read=("read", "nunique"))
        .reset_index()
        .rename(columns={rows: "row"})
    )
    counts["column"] = counts["level"].map(vocabulary.levels)
    counts["label"] = counts["read"].astype(str) + "/" + counts["studies"].astype(str)
    present = set(counts["row"])
    names = [row for row in order if row in present] or list(dict.fromkeys(counts["row"]))
    grid = Grid(
        names,
        _levels(vocabulary),
        least=68,
        most=90,
        cell=36,
    )
    counts = _placed(counts, grid)
    most = max(8, int(counts["studies"].max()))
    tooltip = tips(row="mechanism", column="level", studies="studies", read="of these read")
    base = at(alt.Chart(counts[["row", "column", "studies", "read", "label", "x", "y"]])).encode(
        opacity=lit(IN_LINE)
    )
    size = alt.Scale(domain=[0, most], range=[0, 900])
    rings = _discs(base, "studies", size, RULE).encode(tooltip=tooltip).properties(name="cells")
    read = _discs(base, "read", size, COLOURS["increased"])
    text = base.mark_text(align="left", dx=_beside(900)).encode(text="label:N")
    each = counts.assign(
        words=[f"{r.column} {r.studies} ({r.read} read)" for r in counts.itertuples()]
    )
    words = [
        f"{row}: {', '.join(found['words'])}" for row, found in each.groupby("row", sort=False)
    ]
    table = counts[["row", "column", "studies", "read"]]
    table.columns = ["Mechanism", "Level", "Independent studies", "Of these read"]
    alternative = (
        "Independent studies by level, and how many of them the editors read:"
        f" {len(names)} rows; described in words below it."
    )
    return Figure(
        _on(grid, rings, read, text),
        alternative,
        words,
        table,
        title,
        params=POINTER,
        labels=(grid.left, grid.top),
    )


def _levels(vocabulary: Vocabulary) -> list[str]:
    """What the levels are called at which something was studied, in their order."""
    return [label for level, label in vocabulary.levels.items() if level != STATED]


def _discs(base: alt.Chart, count: str, size: alt.Scale, ink: str) -> alt.Chart:
    """Discs whose area is a count, a little left of the middle of their cell: the number stands
    beside them.
    """
    discs: alt.Chart = base.mark_circle(color=ink, xOffset=-10)
    return discs.encode(size=alt.Size(f"{count}:Q", scale=size, legend=None))


def _beside(largest: float) -> float:
    """Where a number stands beside a disc of the largest area."""
    return round(math.sqrt(largest / math.pi) - 10 + 4)


def meeting_points(points: pd.DataFrame, order: Sequence[str], title: str = "") -> Figure:
    """Where do the reviews meet? Entities by review; the area of a disc is the number of claims on
    the entity.

    points: label, source, claims. order: the reviews, left to right. Entities named by most
    reviews come first.
    """
    rank = (
        points.groupby("label")["claims"]
        .agg(["size", "sum"])
        .sort_values(["size", "sum"], ascending=False)
    )
    named = set(points["source"])
    grid = Grid(
        rank.index.tolist(), [source for source in order if source in named], least=58, most=90
    )
    frame = _placed(
        points[["label", "source", "claims"]].rename(columns={"label": "row", "source": "column"}),
        grid,
    )
    tooltip = tips(row="entity", column="review", claims="claims")
    base = at(alt.Chart(frame)).encode(opacity=lit(IN_LINE))
    size = alt.Scale(domain=[0, max(8, int(points["claims"].max()))], range=[0, 560])
    discs = (
        _discs(base, "claims", size, COLOURS["increased"])
        .encode(tooltip=tooltip)
        .properties(name="cells")
    )
    text = base.mark_text(align="left", dx=_beside(560)).encode(text="claims:Q")
    words = [
        f"{label}: "
        + ", ".join(f"{r.column} {r.claims}" for r in frame[frame["row"] == label].itertuples())
        for label in rank.index
    ]
    table = frame[["row", "column", "claims"]].sort_values(
        "row", key=lambda labels: labels.map(grid.y), kind="stable"
    )
    table.columns = ["Entity", "Review", "Claims"]
    alternative = f"Claims on each of {len(rank)} entities, by review; described in words below it."
    return Figure(
        _on(grid, discs, text),
        alternative,
        words,
        table,
        title,
        params=POINTER,
        labels=(grid.left, grid.top),
    )


def certainty_profile(claims: pd.DataFrame, title: str = "") -> Figure:
    """How solid is the chapter? One dot per claim, by certainty; contested claims are marked with
    a cross.
    """
    kinds = {False: "not contradicted", True: "contradicted somewhere"}
    frame = claims[
        ["claim_id", "statement", "certainty", "certainty_reason", "contested"]
    ].sort_values(["contested", "claim_id"])
    frame = frame.assign(
        certainty=frame["certainty"].str.replace("_", " "), kind=frame["contested"].map(kinds)
    )
    place, counts = frame.groupby("certainty").cumcount(), frame["certainty"].value_counts()
    levels = [level for level in CERTAINTIES[::-1] if level in counts]
    step, left, across = 13, 88, min(18, max(counts))
    y, starts = 8.0, {}
    for level in levels:
        starts[level] = y + 8
        y += math.ceil(counts[level] / across) * step + 14
    frame = frame.assign(
        x=left + place % across * step, y=frame["certainty"].map(starts) + place // across * step
    )
    shown, key = "atLevel === null || atLevel === datum.certainty", legend(list(kinds.values()))
    dots = (
        at(alt.Chart(frame.drop(columns=["claim_id", "contested"])))
        .mark_point(filled=True, size=70)
        .encode(
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(
                    domain=list(kinds.values()), range=[COLOURS["increased"], COLOURS["decreased"]]
                ),
                legend=key,
            ),
            shape=alt.Shape(
                "kind:N",
                scale=alt.Scale(domain=list(kinds.values()), range=["circle", "cross"]),
                legend=key,
            ),
            opacity=lit(shown, choice=True),
            tooltip=tips(
                statement="claim", certainty="certainty", certainty_reason="why", kind="agreement"
            ),
        )
        .properties(name="dots")
    )
    names = pd.DataFrame(
        [
            {"certainty": level, "text": f"{level} {counts[level]}", "y": starts[level]}
            for level in levels
        ]
    )
    labels = (
        alt.Chart(names)
        .mark_text(align="right")
        .encode(x=alt.value(left - 14), y=pixels_y("y"), text="text:N", opacity=lit(shown))
    )
    chart = alt.layer(labels.properties(name="levels"), dots).properties(
        width=left + across * step, height=y
    )
    contested = frame[frame["contested"]]["certainty"].value_counts()
    words = [
        f"{level}: {counts[level]} claims,"
        f" {contested.get(level, 0)} contradicted somewhere in the book"
        for level in levels
    ]
    table = frame[["claim_id", "statement", "certainty", "certainty_reason"]].assign(
        contested=frame["contested"].map({True: "yes", False: "no"})
    )
    table.columns = ["Claim", "Statement", "Certainty", "Why", "Contradicted somewhere"]
    alternative = (
        f"{len(frame)} claims by certainty: "
        + ", ".join(f"{counts[level]} {level}" for level in levels)
        + "."
    )
    params = [legend_choice("dots", "kind"), *under_pointer("levels", atLevel="certainty")]
    return Figure(chart, alternative, words, table, title, params=params)


def paired_reports(evidence: pd.DataFrame, vocabulary: Vocabulary, title: str = "") -> Figure:
    """Does the paper say what the review says? Claims for which both stand, side by side."""
    both = evidence.groupby("claim_id")["basis"].transform(
        lambda b: (b == "reported").any() and (b != "reported").any()
    )
    rows = evidence[both & evidence["citekey"].ne("")]
    rows = rows.assign(
        side=rows["basis"].eq("reported").map({True: "review says", False: "paper says"})
    )
    if rows.empty:
        raise ValueError(
            "no claim here is both reported by a review and read in the paper:"
            " leave this chart out of the chapter"
        )
    return direction_matrix(rows, vocabulary, columns="side", title=title)


def timeline(evidence: pd.DataFrame, vocabulary: Vocabulary, title: str = "") -> Figure:
    """When was it found? Papers with a known year, by level of evidence."""
    papers = evidence[evidence["year"].str.fullmatch(r"\d{4}") & (evidence["level"] != STATED)]
    papers = papers.drop_duplicates(["citekey", "level"])[
        ["citekey", "year", "level", "short", "retracted"]
    ]
    papers = papers.assign(
        where=papers["level"].map(vocabulary.levels),
        state=papers["retracted"].map({True: "retracted", False: "standing"}),
    )
    papers["year"] = papers["year"].astype(int)
    papers["stack"] = papers.groupby(["year", "where"]).cumcount()
    columns = _levels(vocabulary)
    states = ["standing", "retracted"]
    key = legend(states)
    chart = (
        alt.Chart(papers[["short", "year", "where", "state", "stack"]])
        .mark_point(size=80, filled=True)
        .encode(
            x=alt.X(
                "year:Q",
                title=None,
                scale=alt.Scale(zero=False, padding=12),
                axis=alt.Axis(format="d", tickMinStep=1, grid=False),
            ),
            y=alt.Y("where:N", sort=columns, title=None),
            yOffset=alt.YOffset("stack:O"),
            color=alt.Color(
                "state:N",
                scale=alt.Scale(domain=states, range=[COLOURS["increased"], COLOURS["decreased"]]),
                legend=key,
            ),
            shape=alt.Shape(
                "state:N", scale=alt.Scale(domain=states, range=["circle", "cross"]), legend=key
            ),
            opacity=lit(choice=True),
            tooltip=tips(short="paper", year="year", where="level", state="state"),
        )
        .properties(width=236, height=alt.Step(16), name="dots")
    )
    papers = papers.sort_values("year", kind="stable")
    words = [
        f"{r.year}: {r.short} ({r.where}{', retracted' if r.retracted else ''})"
        for r in papers.itertuples()
    ]
    table = papers[["citekey", "short", "year", "where", "state"]]
    table.columns = ["Citation key", "Paper", "Year", "Level", "State"]
    alternative = (
        f"{len(papers)} papers by year and level of evidence; described in words below it."
    )
    return Figure(chart, alternative, words, table, title, params=[legend_choice("dots", "state")])
