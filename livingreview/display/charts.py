"""Charts of evidence. Each answers one question, named in its docstring; none draws a size that no source gives."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from .figure import COLOURS, INK, MUTED, RULE, SIGNS, WORDS, Figure

BASIS_WORDS = {"reported": "as the review reports it", "abstract_read": "abstract read", "full_text_read": "full text read"}
LEVELS = {"computational": "calculation", "cell": "cells", "animal": "animals", "human": "people", "secondary": "statement"}
CERTAINTIES = ["very low", "low", "moderate", "high"]


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
    frame["sign"] = frame["finding"].map(SIGNS)
    frame["words"] = frame["finding"].map(WORDS)
    order_x = list(dict.fromkeys(data[columns]))
    order_y = list(dict.fromkeys(data[rows]))
    base = alt.Chart(frame).encode(
        x=alt.X("column:N", sort=order_x, title=None, axis=alt.Axis(orient="top", labelAngle=-38, domain=False, ticks=False)),
        y=alt.Y("row:N", sort=order_y, title=None, axis=alt.Axis(domain=False, ticks=False)),
        tooltip=[
            alt.Tooltip("row:N", title="target"),
            alt.Tooltip("column:N", title="source"),
            alt.Tooltip("words:N", title="finding"),
            alt.Tooltip("who:N", title="reported by"),
            alt.Tooltip("rows:Q", title="evidence rows"),
        ],
    )
    colour = alt.Color("finding:N", scale=alt.Scale(domain=list(COLOURS), range=list(COLOURS.values())), legend=None)
    boxes = base.mark_rect(cornerRadius=3, strokeWidth=1.5).encode(
        color=colour, stroke=colour, fillOpacity=alt.condition("datum.read", alt.value(0.95), alt.value(0.06))
    )
    signs = base.mark_text(fontSize=15, fontWeight="bold", baseline="middle").encode(
        text="sign:N", color=alt.condition("datum.read", alt.value("#ffffff"), colour)
    )
    chart = (boxes + signs).properties(width=alt.Step(46), height=alt.Step(26), **_titled(title))
    return Figure(chart, f"{title + '. ' if title else ''}Direction matrix. {_matrix_words(frame)}")


def _agree(findings: pd.Series) -> str:
    """One finding for a cell: the common one, or mixed where rows differ."""
    stated = {f for f in findings if f != "not_stated"}
    if not stated:
        return "not_stated"
    return stated.pop() if len(stated) == 1 else "mixed"


def _matrix_words(frame: pd.DataFrame) -> str:
    parts = [
        f"{column}: " + ", ".join(f"{r.row} {r.words}" for r in group.itertuples())
        for column, group in frame.groupby("column", sort=False)
    ]
    return "; ".join(parts) + "."


def _titled(title: str) -> dict:
    return {"title": title} if title else {}


def dose_ladder(evidence: pd.DataFrame, title: str = "", units: Sequence[str] = ("µmol/L", "mg/kg")) -> Figure:
    """How much was given? Every printed dose on a log axis, concentrations and body-weight doses apart.

    evidence: rows of `Chapter.evidence` with dose_values, dose_norm_unit, dose, dose_unit, reporter_short, system_label.
    The unit as printed stands beside each line.
    """
    dosed = evidence[[len(v) > 0 for v in evidence["dose_values"]]]
    panels, words = [], []
    for unit in units:
        points = _dose_points(dosed[dosed["dose_norm_unit"] == unit])
        if points.empty:
            continue
        panels.append(_dose_panel(points, unit))
        spans = points.groupby("line", sort=False)["dose"].agg(["min", "max"])
        words.append(f"{unit}: " + "; ".join(f"{line} {span['min']:g} to {span['max']:g}" for line, span in spans.iterrows()))
    if not panels:
        raise ValueError(f"no dose in {', '.join(units)} among these evidence rows: leave this chart out of the chapter")
    chart = alt.vconcat(*panels, spacing=18).resolve_scale(color="shared").properties(**_titled(title))
    return Figure(chart, f"{title + '. ' if title else ''}Doses tried. {'. '.join(words)}.")


def _dose_points(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per dose; evidence rows of one study, system and series fall together."""
    points = []
    for row in rows.itertuples(index=False):
        where = row.system_label or row.model_label or row.species_label
        line = f"{row.reporter_short} · {where}" if where else row.reporter_short
        for dose in row.dose_values:
            points.append((line, dose, f"{row.dose} {row.dose_unit}", row.dose_range, BASIS_WORDS[row.basis]))
    frame = pd.DataFrame(points, columns=["line", "dose", "printed", "range", "basis"]).drop_duplicates()
    return frame


def _dose_panel(points: pd.DataFrame, unit: str) -> alt.Chart:
    order = points.groupby("line")["dose"].min().sort_values().index.tolist()
    y = alt.Y("line:N", sort=order, title=None, axis=alt.Axis(domain=False, ticks=False))
    labels = points.groupby("line").agg(dose=("dose", "max"), printed=("printed", lambda p: " | ".join(dict.fromkeys(p)))).reset_index()
    low, high = points["dose"].min() / 2, points["dose"].max() * 2
    # Room on the right for the printed doses: about 6 px a letter of the longest, on a log axis 430 px wide.
    room = min(0.55, 6.2 * labels["printed"].str.len().max() / 430)
    high = low * (high / low) ** (1 / (1 - room))
    x = alt.X("dose:Q", title=unit, scale=alt.Scale(type="log", domain=[low, high]), axis=alt.Axis(format="~g", tickCount=6))
    colour = alt.Color(
        "basis:N",
        title=None,
        scale=alt.Scale(domain=list(BASIS_WORDS.values()), range=["#8a8f9c", "#2166ac", "#2166ac"]),
        legend=alt.Legend(values=sorted(set(points["basis"]))),
    )
    tooltip = [alt.Tooltip("line:N", title="study"), alt.Tooltip("printed:N", title="as printed"), alt.Tooltip("dose:Q", title=unit, format="~g")]
    lines = alt.Chart(points).mark_rule(strokeWidth=2, opacity=0.5).encode(x="min(dose):Q", x2="max(dose):Q", y=y, color=colour)
    dots = alt.Chart(points).mark_point(filled=True, size=70, opacity=1).encode(x=x, y=y, color=colour, tooltip=tooltip)
    text = alt.Chart(labels).mark_text(align="left", dx=9, fontSize=11, color=MUTED).encode(x="dose:Q", y=y, text="printed:N")
    return (lines + dots + text).properties(width=430, height=alt.Step(24))


def evidence_map(evidence: pd.DataFrame, rows: str = "mechanism_label", order: Sequence[str] = (), title: str = "") -> Figure:
    """What is known at which level? Independent studies per row and level; the filled part is what the editors read."""
    counts = (
        evidence[evidence["level"] != "secondary"]
        .assign(read=lambda e: e["study"].where(e["basis"] != "reported"))
        .groupby([rows, "level"], sort=False)
        .agg(studies=("study", "nunique"), read=("read", "nunique"))
        .reset_index()
    )
    counts["where"] = counts["level"].map(LEVELS)
    counts["label"] = counts["read"].astype(str) + "/" + counts["studies"].astype(str)
    columns = [LEVELS[k] for k in ("computational", "cell", "animal", "human")]
    base = alt.Chart(counts).encode(
        x=alt.X("where:N", sort=columns, scale=alt.Scale(domain=columns), title=None, axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False)),
        y=alt.Y(f"{rows}:N", sort=list(order) or None, title=None, axis=alt.Axis(domain=False, ticks=False, grid=True)),
        tooltip=[alt.Tooltip(f"{rows}:N", title="mechanism"), alt.Tooltip("where:N", title="level"), alt.Tooltip("studies:Q"), alt.Tooltip("read:Q", title="of these read")],
    )
    size = alt.Scale(domain=[0, max(8, int(counts["studies"].max()))], range=[0, 900])
    rings = base.mark_circle(color=RULE, opacity=1).encode(size=alt.Size("studies:Q", scale=size, legend=None))
    discs = base.mark_circle(color=COLOURS["increased"], opacity=0.75).encode(size=alt.Size("read:Q", scale=size, legend=None))
    text = base.mark_text(fontSize=11, dx=26, color=INK).encode(text="label:N")
    words = "; ".join(
        f"{row}: " + ", ".join(f"{r.where} {r.studies} ({r.read} read)" for r in group.itertuples())
        for row, group in counts.groupby(rows, sort=False)
    )
    chart = (rings + discs + text).properties(width=alt.Step(86), height=alt.Step(34), **_titled(title))
    return Figure(chart, f"{title + '. ' if title else ''}Independent studies by level, and how many the editors read. {words}.")


def meeting_points(points: pd.DataFrame, order: Sequence[str], title: str = "") -> Figure:
    """Where do the reviews meet? Entities by review; the area of a disc is the number of claims on the entity.

    points: label, source, claims. order: the reviews, left to right. Entities named by most reviews come first.
    """
    rank = points.groupby("label")["claims"].agg(["size", "sum"]).sort_values(["size", "sum"], ascending=False)
    base = alt.Chart(points[["label", "source", "claims"]]).encode(
        x=alt.X("source:N", sort=list(order), scale=alt.Scale(domain=list(order)), title=None, axis=alt.Axis(orient="top", labelAngle=0, domain=False, ticks=False)),
        y=alt.Y("label:N", sort=rank.index.tolist(), title=None, axis=alt.Axis(domain=False, ticks=False, grid=True)),
        tooltip=[alt.Tooltip("label:N", title="entity"), alt.Tooltip("source:N", title="review"), alt.Tooltip("claims:Q")],
    )
    size = alt.Scale(domain=[0, max(8, int(points["claims"].max()))], range=[0, 700])
    discs = base.mark_circle(color=COLOURS["increased"], opacity=0.75).encode(size=alt.Size("claims:Q", scale=size, legend=None))
    text = base.mark_text(fontSize=11, dx=24, color=INK).encode(text="claims:Q")
    chart = (discs + text).properties(width=alt.Step(92), height=alt.Step(26), **_titled(title))
    words = "; ".join(f"{label}: " + ", ".join(f"{r.source} {r.claims}" for r in points[points["label"] == label].itertuples()) for label in rank.index)
    return Figure(chart, f"{title + '. ' if title else ''}Claims on each entity, by review. {words}.")


def certainty_profile(claims: pd.DataFrame, title: str = "") -> Figure:
    """How solid is the chapter? One dot per claim, by certainty; contested claims are marked with a cross."""
    frame = claims.assign(certainty=claims["certainty"].str.replace("_", " "))
    frame = frame.sort_values(["certainty", "contested", "claim_id"])
    frame["place"] = frame.groupby("certainty").cumcount()
    per_row = 24
    frame["column"], frame["line"] = frame["place"] % per_row, frame["place"] // per_row
    frame["kind"] = frame["contested"].map({True: "contradicted somewhere", False: "not contradicted"})
    chart = (
        alt.Chart(frame)
        .mark_point(filled=True, size=85, opacity=1)
        .encode(
            x=alt.X("column:Q", axis=None, scale=alt.Scale(domain=[-0.5, per_row - 0.5])),
            y=alt.Y("line:O", axis=None),
            row=alt.Row("certainty:N", sort=CERTAINTIES[::-1], title=None, header=alt.Header(labelAngle=0, labelAlign="left", labelFontSize=12, labelPadding=6)),
            color=alt.Color("kind:N", title=None, scale=alt.Scale(domain=["not contradicted", "contradicted somewhere"], range=[COLOURS["increased"], COLOURS["decreased"]])),
            shape=alt.Shape("kind:N", title=None, scale=alt.Scale(domain=["not contradicted", "contradicted somewhere"], range=["circle", "cross"])),
            tooltip=[alt.Tooltip("statement:N", title="claim"), alt.Tooltip("certainty:N"), alt.Tooltip("certainty_reason:N", title="why"), alt.Tooltip("kind:N", title="agreement")],
        )
        .properties(width=400, height=alt.Step(18), **_titled(title))
        .resolve_scale(y="independent")
    )  # fmt: skip
    counts = frame.groupby("certainty").size()
    words = ", ".join(f"{counts[level]} {level}" for level in CERTAINTIES[::-1] if level in counts)
    return Figure(chart, f"{title + '. ' if title else ''}Claims by certainty: {words}; {int(frame['contested'].sum())} of {len(frame)} contradicted somewhere in the book.")


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
    chart = (
        alt.Chart(papers)
        .mark_point(size=90, filled=True, opacity=1)
        .encode(
            x=alt.X("year:Q", title=None, scale=alt.Scale(zero=False, padding=12), axis=alt.Axis(format="d", tickMinStep=1, grid=False)),
            y=alt.Y("where:N", sort=columns, title=None),
            yOffset=alt.YOffset("stack:O"),
            color=alt.Color("state:N", title=None, scale=alt.Scale(domain=["standing", "retracted"], range=[COLOURS["increased"], COLOURS["decreased"]])),
            shape=alt.Shape("state:N", title=None, scale=alt.Scale(domain=["standing", "retracted"], range=["circle", "cross"])),
            tooltip=[alt.Tooltip("short:N", title="paper"), alt.Tooltip("year:Q", format="d"), alt.Tooltip("where:N", title="level"), alt.Tooltip("state:N")],
        )
        .properties(width=460, height=alt.Step(16), **_titled(title))
    )  # fmt: skip
    words = "; ".join(f"{r.short} ({r.where}{', retracted' if r.retracted else ''})" for r in papers.sort_values("year").itertuples())
    return Figure(chart, f"{title + '. ' if title else ''}Papers by year: {words}.")
