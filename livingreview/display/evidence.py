"""What an evidence row holds beside its cells: recorded values for filters and downloads, and its
context in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from ..contract.tables import by_key, rows
from ..derive.certainty import LEVELS
from ..derive.vocabulary import Vocabulary
from .markup import Field, Record, Records

ENTITIES = {
    "species": "Species",
    "system": "System",
    "tissue": "Tissue",
    "model": "Model",
    "cell": "Cell",
    "intervention": "Intervention",
}

# The columns of the table, in its order: each with the recorded values behind its cells, those
# first by which it is sorted.
COLUMNS = (
    ("statement", "evidence_id", "claim_id"),
    ("finding", "support"),
    (
        "reported_by",
        "section",
        "reference_number",
        "citekey",
        "doi",
        "basis",
        "hedged",
        "passage_level",
        "retracted",
    ),
    (
        "study_design",
        "species",
        "system",
        "tissue",
        "model",
        "cell",
        "condition",
        "sex",
        "n",
        "readout",
        "causal_test",
    ),
    ("dose_norm_unit", "dose_norm", "intervention", "dose", "dose_unit", "duration"),
    ("certainty", "certainty_reason", "note"),
)
# What the filters are called.
FILTERS = {
    "species": "Species",
    "study_design": "Design",
    "finding": "Direction",
    "basis": "Basis",
    "reported_by": "Review",
    "certainty": "Certainty",
}
# As a download has them: ids first, then what was found, by whom, in what, how certain.
_ORDER = (
    "evidence_id",
    "claim_id",
    *(name for column in COLUMNS for name in column if name not in ("evidence_id", "claim_id")),
)


def evidence_records(
    evidence: pd.DataFrame, labels: Mapping[str, str], sources: list[str], vocabulary: Vocabulary
) -> Records:
    """The records of a chapter's evidence table.

    evidence: rows as `Chapter.evidence` has them. labels: label of each entity. sources: keys of
    the reviews, in book order.
    """
    by_start = evidence.sort_values("start", ascending=False, kind="stable")
    said = {source: f"{source} review" for source in sources} | {"editors": "the editors"}
    words: dict[str, Mapping[str, str]] = {
        **{name: _used(evidence[name], labels) for name in ENTITIES},
        "finding": {name: d.label for name, d in vocabulary.directions.items()},
        "reported_by": said,
        "basis": {name: b.label for name, b in vocabulary.bases.items()},
        "study_design": by_key(by_start, "study_design", "design_label"),
        "certainty": {level: level.replace("_", " ") for level in LEVELS},
    }
    fields = [
        Field(
            name,
            FILTERS.get(name, ""),
            {k: w for k, w in words.get(name, {}).items() if (evidence[name] == k).any()},
        )
        for name in _ORDER
    ]
    rows_of = evidence.groupby("claim_id")["evidence_id"].agg(list)
    records = []
    for row in rows(evidence):
        together = rows_of[row.claim_id]
        others = [i for i in together if i != row.evidence_id]
        records.append(
            Record(
                id=row.evidence_id,
                anchor=row.claim_id if together[0] == row.evidence_id else "",
                note=row.note,
                values=[_recorded(row, name) for name in _ORDER],
                context=list(_context(row, words, vocabulary, others)),
            )
        )
    return Records(fields, COLUMNS, records)


def _used(ids: pd.Series[str], labels: Mapping[str, str]) -> dict[str, str]:
    """The labels of the entities of a column, in alphabetical order."""
    known = {i: labels[i] for i in ids.unique() if i in labels}
    return dict(sorted(known.items(), key=lambda item: item[1].lower()))


def _recorded(row: Any, name: str) -> str | int | float:
    """A value as the data files have it; `dose_norm` is the highest dose in the common unit."""
    if name == "dose_norm":
        return float(f"{max(row.dose_values):.6g}") if row.dose_values else ""
    value: Any = getattr(row, name)
    if isinstance(value, list):
        return "; ".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    if pd.isna(value):
        return ""
    recorded: str | int | float = int(value) if name == "reference_number" else value
    return recorded


def _context(
    row: Any, words: Mapping[str, Mapping[str, str]], vocabulary: Vocabulary, others: list[str]
) -> Iterator[tuple[str, str | list[str]]]:
    """Labels and texts of what is known of a row, in reading order.

    A list mixes texts with links to addresses of the page ("#…"). others: ids of the other rows on
    its claim.
    """
    also = [part for i in others for part in (", ", f"#{i}")][1:]
    place = [f"#{row.evidence_id}", " on claim ", f"#{row.claim_id}"]
    yield "Row", [*place, "; also on it: ", *also] if also else place
    number = "" if pd.isna(row.reference_number) else f"reference number {row.reference_number}"
    number += ", which closes a passage of several sentences" if row.passage_level else ""
    section = f"section {row.section}" if row.section[:1].isdigit() else row.section
    said = [
        words["reported_by"].get(row.reported_by, row.reported_by),
        section,
        number,
        "hedged" if row.hedged else "",
    ]
    yield "Who reports it", ", ".join(filter(None, said))
    yield "What was read", vocabulary.bases[row.basis].what_was_read
    yield "Design", row.design_label + (f" ({row.eco} {row.eco_label})" if row.eco else "")
    dose = f"{row.dose} {row.dose_unit}".strip()
    known = {label: words[name].get(getattr(row, name), "") for name, label in ENTITIES.items()}
    known |= {
        "Sex": "" if row.sex == "not_stated" else row.sex.replace("_", " "),
        "n": row.n,
        "Read-out": row.readout,
        "Dose": dose,
        "Duration": row.duration,
    }
    yield from ((label, text) for label, text in known.items() if text)
    if row.condition:
        yield "Condition", row.condition
    if row.causal_test:
        yield "Causal test", ", ".join(row.causal_test).replace("_", " ")
    missing = [label for label, text in known.items() if not text]
    if missing:
        lower = (label if label == "n" else label.lower() for label in missing)
        yield "Not recorded", ", ".join(lower)
    why = f"{row.certainty.replace('_', ' ')}: {row.certainty_reason}"
    yield "Why this certainty", why.replace("(-", "(−")
