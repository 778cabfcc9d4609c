"""How much the book holds, in all, by mechanism and by section of its sources."""

from __future__ import annotations

import pandas as pd

from ..contract.tables import Tables, rows
from .certainty import LEVELS


def whole(tables: Tables, claims: pd.DataFrame, evidence: pd.DataFrame) -> dict[str, int]:
    """How much the book holds: mechanisms, claims, evidence (rows), reported, read, papers_read,
    disagreements …
    """
    citations, references = tables["citations"], tables["references"]
    read = evidence["basis"] != "reported"
    return {
        "sources": len(tables["sources"]),
        "mechanisms": len(tables["mechanisms"]),
        "claims": len(claims),
        "contested": int(claims["contested"].sum()),
        "evidence": len(evidence),
        "reported": int((~read).sum()),
        "read": int(read.sum()),
        "papers_read": int(evidence.loc[read, "citekey"].nunique()),
        "citations": len(citations),
        "verified": int((citations["status"] == "verified").sum()),
        "differ": int(citations["claim_check"].isin(["differs", "partly"]).sum()),
        "disagreements": len(tables["disagreements"]),
        "errata": len(tables["errata"]),
        "gaps": len(tables["gaps"]),
        "connections": len(tables["connections"]),
        "bridges": len(tables["bridges"]),
        "entities": len(tables["entities"]),
        "retracted": int((references["retracted"] != "").sum()),
        **{f"certainty_{level}": int((claims["certainty"] == level).sum()) for level in LEVELS},
    }


def by_mechanism(tables: Tables, claims: pd.DataFrame, evidence: pd.DataFrame) -> pd.DataFrame:
    """Every mechanism, in the order of its table, with n_claims (and n_<level>), n_evidence, n_read
    (papers), n_disagreements.
    """
    frame = tables["mechanisms"].set_index("mechanism", drop=False)
    read = evidence[evidence["basis"] != "reported"]
    frame["n_claims"] = claims.groupby("mechanism").size()
    frame["n_evidence"] = evidence.groupby("mechanism").size()
    frame["n_read"] = read.groupby("mechanism")["citekey"].nunique()
    involved = tables["disagreements"].explode("mechanisms")
    frame["n_disagreements"] = involved.groupby("mechanisms").size()
    for level in LEVELS:
        of_level = claims[claims["certainty"] == level]
        frame[f"n_{level}"] = of_level.groupby("mechanism").size()
    counts = ["n_claims", "n_evidence", "n_read", "n_disagreements", *(f"n_{i}" for i in LEVELS)]
    frame[counts] = frame[counts].fillna(0).astype(int)
    return frame.reset_index(drop=True)


def coverage(tables: Tables) -> pd.DataFrame:
    """How far each section of each source is restated: source, section, claims, evidence, numbers,
    other.

    claims and evidence count what the section's statements became. numbers: the reference numbers
    on its rows, sorted. other: rows of quantities, errata and gaps that name the section.
    """
    evidence, quantities = tables["evidence"], tables["quantities"]
    place = ["reported_by", "section"]
    said = evidence[evidence["basis"] == "reported"]
    cited = pd.concat([said, quantities])[[*place, "reference_number"]].dropna()
    numbers = cited.groupby(place)["reference_number"].agg(set)
    errata = tables["errata"].rename(columns={"source": "reported_by"})
    other = pd.concat([frame[place] for frame in (quantities, errata, tables["gaps"])])
    counted = {
        "claims": said.groupby(place)["claim_id"].nunique(),
        "evidence": said.groupby(place).size(),
        "numbers": numbers,
        "other": other.groupby(place).size(),
    }
    found = []
    for source in rows(tables["sources"]):
        for section in source.sections:
            here = {
                name: values.get((source.source, section), 0) for name, values in counted.items()
            }
            here["numbers"] = sorted(map(int, here["numbers"] or ()))
            found.append({"source": source.source, "section": section, **here})
    return pd.DataFrame(
        found, columns=["source", "section", "claims", "evidence", "numbers", "other"]
    )
