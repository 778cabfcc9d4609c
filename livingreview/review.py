"""A living review in memory: the tables, what is derived from them, and the slice that one chapter may see.

A chapter is built from its slice alone. The digest of that slice therefore says whether the chapter must run again:
whatever could change the page is in it.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path

import pandas as pd

from .contract import bibliography, tables
from .contract.package import Package
from .derive import certainty, doses, glossary
from .derive.network import chain_direction, chain_steps

CONTRACT = Path("data") / "datapackage.json"
EXPORT_COLUMNS = [
    "evidence_id",
    "claim_id",
    "mechanism",
    "chapter",
    "review",
    "section",
    "reference_number",
    "citekey",
    "doi",
    "basis",
    "support",
    "subject",
    "subject_id",
    "predicate",
    "object",
    "object_id",
    "direction",
    "study_design",
    "species",
    "system",
    "dose",
    "dose_unit",
    "duration",
    "hedged",
    "certainty",
    "retracted",
]


def find_root(start: Path | None = None) -> Path:
    """The project folder: the nearest folder at or above `start` (default: here) that holds data/datapackage.json."""
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / CONTRACT).is_file():
            return folder
    raise FileNotFoundError(
        f"No {CONTRACT.as_posix()} in {here} or above it: run this inside the project folder."
    )


def input_files(root: Path) -> list[Path]:
    """Every file that the review is read from, in name order."""
    return sorted([*(root / "data").rglob("*.csv"), root / CONTRACT, root / "references.bib"])


def load(root: Path | None = None) -> Review:
    """The review of the project at or above `root`; read anew only when a file has changed."""
    root = find_root(root)
    stamps = tuple(
        (p.as_posix(), p.stat().st_mtime_ns, p.stat().st_size)
        for p in input_files(root)
        if p.is_file()
    )
    return _load(root, stamps)


@lru_cache(maxsize=2)
def _load(root: Path, stamps: tuple) -> Review:
    package = Package.read(root / CONTRACT)
    frames = tables.read_all(package, root / "data")
    return Review(
        root, package, frames, bibliography.as_frame(bibliography.read(root / "references.bib"))
    )


@dataclass(frozen=True, eq=False)
class Review:
    """All tables of the project (`frames`, by resource name) and its bibliography, with what follows from them."""

    root: Path
    package: Package
    frames: dict[str, pd.DataFrame]
    references: pd.DataFrame

    def table(self, name: str) -> pd.DataFrame:
        """One table, typed, without the columns that only locate rows in files."""
        return self.frames[name].drop(columns=["_file", "_line"])

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """Every evidence row joined to its claim, its study design, its paper and the names of its entities.

        Adds: study (one id per independent study), retracted, in_scope, level, start, primary, design_label, dose_values (list,
        in dose_norm_unit), dose_range, finding (direction that this row reports), reporter (who says so, for people).
        """
        rows = self.table("evidence").merge(
            self.table("claims").drop(columns="mechanism"),
            on="claim_id",
            how="left",
            suffixes=("", "_claim"),
        )
        designs = self.table("study_designs").rename(columns={"label": "design_label"})
        rows = rows.merge(designs.drop(columns="definition"), on="study_design", how="left")
        papers = self.references.set_index("citekey")
        rows["retracted"] = rows["citekey"].map(papers["retracted"]).fillna("") != ""
        rows["doi"] = rows["citekey"].map(papers["doi"]).fillna("")
        rows["study"] = self._studies(rows)
        rows["reporter"] = [self._reporter(row, papers) for row in rows.itertuples(index=False)]
        in_scope = self.table("entities").set_index("entity")["in_scope"]
        rows["in_scope"] = (
            rows[["system", "tissue", "model"]]
            .apply(lambda c: c.map(in_scope))
            .eq(True)
            .any(axis=1)
        )
        rows["finding"] = [
            _finding(d, s) for d, s in zip(rows["direction"], rows["support"], strict=True)
        ]
        return self._with_doses(rows)

    def _studies(self, rows: pd.DataFrame) -> list[str]:
        """One id per independent study: the paper, else the review and its reference number; double reports share one."""
        numbered = self.table("citations")
        number_of = {
            (r.source, r.reference_number): (r.citekey, r.double_report_of)
            for r in numbered.itertuples()
        }

        def identity(source: str, number: object) -> str:
            citekey, double = number_of.get((source, number), ("", ""))
            if double:
                return identity(source, int(double))
            return citekey or f"{source}:{number}"

        return [
            identity(r.reported_by, int(r.reference_number))
            if not pd.isna(r.reference_number)
            else r.citekey or f"{r.reported_by}:{r.section}"
            for r in rows.itertuples(index=False)
        ]

    def _reporter(self, row, papers: pd.DataFrame) -> str:
        if row.basis != "reported":
            return papers["short"].get(row.citekey, row.citekey)
        number = "" if pd.isna(row.reference_number) else f" [{row.reference_number}]"
        return f"{row.reported_by} review {locator(row.section)}{number}"

    def _with_doses(self, rows: pd.DataFrame) -> pd.DataFrame:
        masses = self.table("entities").set_index("entity")["molar_mass"].dropna()
        values, units, ranges = [], [], []
        for row in rows.itertuples(index=False):
            if row.dose:
                normal = doses.normalise(row.dose, row.dose_unit, masses.get(row.intervention))
            else:
                normal = doses.Doses((), "")
            values.append(list(normal.values))
            units.append(normal.unit)
            ranges.append(normal.is_range)
        return rows.assign(dose_values=values, dose_norm_unit=units, dose_range=ranges)

    @cached_property
    def claims(self) -> pd.DataFrame:
        """Every claim with certainty, certainty_reason, n_studies, contested, removes, and the labels of its entities.

        removes: more of the aspect means less of the object (degradation), as its SIGNOR effect says.
        """
        claims = self.table("claims")
        downward = self.table("aspects").set_index("aspect")["signor_up"].str.startswith("down")
        claims["removes"] = claims["aspect"].map(downward).eq(True)
        claims = claims.join(certainty.grade(claims, self.evidence), on="claim_id")
        labels = self.labels
        for role in ("subject", "object", "mediator", "cell"):
            claims[f"{role}_label"] = claims[role].map(labels).fillna("")
        return claims

    @cached_property
    def labels(self) -> dict[str, str]:
        """Label of every entity by id."""
        return dict(self.table("entities")[["entity", "label"]].itertuples(index=False))

    @cached_property
    def mechanisms(self) -> pd.DataFrame:
        """Every mechanism, in the order of the table, with counts of claims (all, and by certainty), evidence rows, papers read and disagreements."""
        frame = self.table("mechanisms").set_index("mechanism", drop=False)
        evidence = self.evidence
        frame["n_claims"] = self.table("claims").groupby("mechanism").size()
        frame["n_evidence"] = evidence.groupby("mechanism").size()
        frame["n_read"] = (
            evidence[evidence["basis"] != "reported"].groupby("mechanism")["citekey"].nunique()
        )
        frame["n_disagreements"] = (
            self.table("disagreements").explode("mechanisms").groupby("mechanisms").size()
        )
        for level in certainty.LEVELS:
            frame[f"n_{level}"] = (
                self.claims[self.claims["certainty"] == level].groupby("mechanism").size()
            )
        counts = [
            "n_claims",
            "n_evidence",
            "n_read",
            "n_disagreements",
            *(f"n_{level}" for level in certainty.LEVELS),
        ]
        frame[counts] = frame[counts].fillna(0).astype(int)
        return frame.reset_index(drop=True)

    @cached_property
    def entries(self) -> list[glossary.Entry]:
        """The glossary: every entity, and every term that names none, with what the claims say of it."""
        return glossary.entries(self)

    def slice(self, mechanism: str) -> dict[str, pd.DataFrame]:
        """Everything that the chapter of `mechanism` may show, as frames by name.

        Raises KeyError, with the nearest name, for a mechanism that is not in mechanisms.csv.
        """
        from .contract.problems import nearest

        known = self.table("mechanisms")["mechanism"]
        if mechanism not in set(known):
            close = nearest(mechanism, known)
            raise KeyError(
                f"no mechanism '{mechanism}' in data/mechanisms.csv"
                + (f"; did you mean '{close}'?" if close else "")
            )

        def own(name: str) -> pd.DataFrame:
            frame = self.table(name)
            return frame[frame["mechanism"] == mechanism].reset_index(drop=True)

        claims = self.claims[self.claims["mechanism"] == mechanism].reset_index(drop=True)
        evidence = self.evidence[self.evidence["mechanism"] == mechanism].reset_index(drop=True)
        evidence = evidence.merge(
            claims[["claim_id", "certainty", "certainty_reason", "n_studies", "contested"]],
            on="claim_id",
        )
        disagreements = self.table("disagreements")
        disagreements = disagreements[
            [mechanism in ids for ids in disagreements["mechanisms"]]
        ].reset_index(drop=True)
        involved = set(disagreements["evidence"].explode().dropna())
        involved_claims = set(disagreements["claims"].explode().dropna())
        sides = self.evidence[
            self.evidence["evidence_id"].isin(involved)
            | self.evidence["claim_id"].isin(involved_claims)
        ]
        messages = self._messages(own("key_messages"))
        used = _entities_of(claims, evidence)
        entities = self.table("entities")
        glossary = self.table("glossary")
        citekeys = (
            set(evidence["citekey"])
            | set(sides["citekey"])
            | set(messages["citekeys"].explode().dropna())
        )
        return {
            "mechanism": own("mechanisms").merge(
                self.mechanisms.filter(regex="^(mechanism|n_.*)$"), on="mechanism"
            ),
            "claims": claims,
            "evidence": evidence,
            "messages": messages,
            "disagreements": disagreements,
            "sides": sides.reset_index(drop=True),
            "errata": own("errata"),
            "quantities": own("quantities"),
            "gaps": own("gaps"),
            "history": own("history"),
            "entities": entities[entities["entity"].isin(used)].reset_index(drop=True),
            "glossary": glossary[glossary["entity"].isin(used - {""})].reset_index(drop=True),
            "references": self.references[self.references["citekey"].isin(citekeys)].reset_index(
                drop=True
            ),
            "sources": self.table("sources"),
            "citations": self._citations_of(evidence),
            "related": self._related(mechanism),
            "vocabulary": self.table("predicates"),
            "aspects": self.table("aspects"),
        }

    def _messages(self, messages: pd.DataFrame) -> pd.DataFrame:
        """Key messages with the lowest certainty of their claims, the papers behind them, and where the reviews say so.

        reported: (citekey of the review, "§section, ref. number") pairs, the latter without the number where none is printed.
        """
        claims = self.claims.set_index("claim_id")
        evidence = self.evidence
        reviews = self.table("sources").set_index("source")["citekey"]
        levels, keys, places = [], [], []
        for ids in messages["claims"]:
            known = [i for i in ids if i in claims.index]
            grades = [certainty.LEVELS.index(claims.at[i, "certainty"]) for i in known]
            levels.append(certainty.LEVELS[min(grades, default=0)])
            cited = evidence[evidence["claim_id"].isin(known) & (evidence["citekey"] != "")]
            keys.append(sorted(set(cited["citekey"])))
            said = evidence[evidence["claim_id"].isin(known) & (evidence["basis"] == "reported")]
            numbers = ["" if pd.isna(n) else f", ref. {n}" for n in said["reference_number"]]
            found = zip(
                said["reported_by"].map(reviews),
                said["section"].map(locator) + numbers,
                strict=True,
            )
            places.append(list(dict.fromkeys(found)))
        return messages.assign(certainty=levels, citekeys=keys, reported=places)

    def _citations_of(self, evidence: pd.DataFrame) -> pd.DataFrame:
        """The numbered references of the reviews that these evidence rows use."""
        reported = evidence[evidence["basis"] == "reported"].dropna(subset=["reference_number"])
        used = set(zip(reported["reported_by"], reported["reference_number"], strict=True))
        citations = self.table("citations")
        keep = [
            pair in used
            for pair in zip(citations["source"], citations["reference_number"], strict=True)
        ]
        return citations[keep].reset_index(drop=True)

    @cached_property
    def _named(self) -> pd.Series:
        """Entities that the claims of each mechanism name as subject, object or mediator: mechanism to set."""
        roles = self.claims.melt(
            "mechanism", ["subject", "object", "mediator"], value_name="entity"
        )
        return roles[roles["entity"] != ""].groupby("mechanism")["entity"].agg(set)

    def _related(self, mechanism: str) -> pd.DataFrame:
        """Other mechanisms that name the same entities: mechanism, label, same_source, shared (labels), words; nearest first.

        An entity weighs the more the fewer mechanisms name it (log of their inverse share), and long chapters count no more than
        short ones (cosine). words: what the editors say of the pair in `connections`; such pairs come first.
        """
        named, labels = self._named, self.labels
        weight = {
            e: math.log(len(named) / n) for e, n in Counter(chain.from_iterable(named)).items()
        }

        def length(entities: set[str]) -> float:
            return math.sqrt(sum(weight[e] ** 2 for e in entities)) or 1.0

        said = {frozenset(r.mechanisms): r.words for r in self.table("connections").itertuples()}
        table = self.table("mechanisms")
        sources = {
            r.mechanism: {pair.partition(":")[0] for pair in r.source_sections}
            for r in table.itertuples()
        }
        rows = []
        for other in table.itertuples():
            shared = sorted(
                named.get(mechanism, set()) & named.get(other.mechanism, set()),
                key=lambda e: (-weight[e], e),
            )
            if other.mechanism == mechanism or not shared:
                continue
            words = said.get(frozenset((mechanism, other.mechanism)), "")
            near = sum(weight[e] ** 2 for e in shared) / length(named[other.mechanism])
            together = bool(sources[mechanism] & sources[other.mechanism])
            rows.append(
                (
                    not words,
                    -near,
                    other.mechanism,
                    other.label,
                    together,
                    [labels.get(e, e) for e in shared],
                    words,
                )
            )
        columns = ["mechanism", "label", "same_source", "shared", "words"]
        return pd.DataFrame([row[2:] for row in sorted(rows)], columns=columns)

    @cached_property
    def convergence(self) -> pd.DataFrame:
        """Statements with a direction to give that several reviews make: the statement, source, direction, claims; a row per source.

        A statement is subject, perturbation, predicate, object and aspect, whatever the cell or the circumstance. direction is the set of directions that the
        source gives, claims the ids of its claims.
        """
        statement = ["subject", "perturbation", "predicate", "object", "aspect"]
        said = self.evidence[
            (self.evidence["basis"] == "reported") & (self.evidence["finding"] != "not_applicable")
        ]
        each = (
            said.groupby([*statement, "reported_by"])
            .agg(direction=("finding", set), claims=("claim_id", list))
            .reset_index()
        )
        each = each.rename(columns={"reported_by": "source"})
        return each[each.groupby(statement)["source"].transform("size") > 1].reset_index(drop=True)

    @cached_property
    def meeting_points(self) -> pd.DataFrame:
        """Claims on each entity, by the source that states them: entity, category, source, claims; one row per entity and source."""
        said = self.evidence.loc[
            self.evidence["basis"] == "reported",
            ["claim_id", "reported_by", "subject", "object", "mediator"],
        ]
        roles = said.melt(["claim_id", "reported_by"], value_name="entity").drop(columns="variable")
        counted = (
            roles[roles["entity"] != ""].groupby(["entity", "reported_by"])["claim_id"].nunique()
        )
        category = self.table("entities").set_index("entity")["category"]
        counted = counted.rename("claims").reset_index().rename(columns={"reported_by": "source"})
        return counted.assign(category=counted["entity"].map(category))

    @cached_property
    def bridges(self) -> pd.DataFrame:
        """The bridges with direction (of the last object when the first subject acts), certainty (the lowest) and sources."""
        claims, said = (
            self.claims.set_index("claim_id"),
            self.evidence.groupby("claim_id")["reported_by"].agg(set),
        )
        rows = self.table("bridges")
        steps = [claims.loc[ids] for ids in rows["claims"]]
        grades = [min(map(certainty.LEVELS.index, s["certainty"])) for s in steps]
        return rows.assign(
            direction=[chain_direction(chain_steps(s)) for s in steps],
            certainty=[certainty.LEVELS[grade] for grade in grades],
            sources=[sorted(set().union(*(said[i] for i in ids))) for ids in rows["claims"]],
        )

    @cached_property
    def counts(self) -> dict[str, int]:
        """How much the book holds: mechanisms, claims, evidence (rows), reported, read, papers_read, disagreements …"""
        evidence, citations = self.evidence, self.table("citations")
        read = evidence["basis"] != "reported"
        return {
            "sources": len(self.table("sources")),
            "mechanisms": len(self.mechanisms),
            "claims": len(self.claims),
            "contested": int(self.claims["contested"].sum()),
            "evidence": len(evidence),
            "reported": int((~read).sum()),
            "read": int(read.sum()),
            "papers_read": int(evidence.loc[read, "citekey"].nunique()),
            "citations": len(citations),
            "verified": int((citations["status"] == "verified").sum()),
            "differ": int(citations["claim_check"].isin(["differs", "partly"]).sum()),
            "disagreements": len(self.table("disagreements")),
            "errata": len(self.table("errata")),
            "gaps": len(self.table("gaps")),
            "connections": len(self.table("connections")),
            "bridges": len(self.table("bridges")),
            "entities": len(self.table("entities")),
            "retracted": int((self.references["retracted"] != "").sum()),
            **{
                f"certainty_{level}": int((self.claims["certainty"] == level).sum())
                for level in certainty.LEVELS
            },
        }

    @cached_property
    def sizes(self) -> pd.DataFrame:
        """The tables of the contract: path, title, description, rows."""
        rows = [
            (r.path, r.title, r.description, len(self.frames[r.name]))
            for r in self.package.resources
        ]
        return pd.DataFrame(rows, columns=["path", "title", "description", "rows"])

    @cached_property
    def coverage(self) -> pd.DataFrame:
        """How far each section of each source is restated: source, section, claims, evidence, numbers, other.

        claims and evidence count what the section's statements became. numbers: the reference numbers on its rows, sorted.
        other: rows of quantities, errata and gaps that name the section.
        """
        evidence = self.table("evidence")
        places = ["reported_by", "section"]
        said = evidence[evidence["basis"] == "reported"]
        counted = self.table("quantities")
        numbers = (
            pd.concat([said, counted])[[*places, "reference_number"]]
            .dropna()
            .groupby(places)["reference_number"]
            .agg(set)
        )
        errata = self.table("errata").rename(columns={"source": "reported_by"})
        other = (
            pd.concat([frame[places] for frame in (counted, errata, self.table("gaps"))])
            .groupby(places)
            .size()
        )
        claims, rows = said.groupby(places)["claim_id"].nunique(), said.groupby(places).size()
        return pd.DataFrame(
            [
                (
                    s.source,
                    section,
                    claims.get(place, 0),
                    rows.get(place, 0),
                    sorted(map(int, numbers.get(place, ()))),
                    other.get(place, 0),
                )
                for s in self.table("sources").itertuples()
                for section in s.sections
                for place in [(s.source, section)]
            ],
            columns=["source", "section", "claims", "evidence", "numbers", "other"],
        )

    def export(self) -> pd.DataFrame:
        """Every evidence row joined to its claim, with EXPORT_COLUMNS."""
        rows = self.evidence.merge(self.claims[["claim_id", "certainty"]], on="claim_id")
        labels = self.labels
        rows = rows.assign(
            chapter=rows["mechanism"].map(self.mechanisms.set_index("mechanism")["label"]),
            review=rows["reported_by"],
            subject_id=rows["subject"],
            object_id=rows["object"],
            subject=rows["subject"].map(labels),
            object=rows["object"].map(labels),
        )
        return rows[EXPORT_COLUMNS]

    def digest(self, name: str) -> str:
        """Digest of what a page asked for: ``chapter:<mechanism>``, ``table:<name>``, ``counts``, ``mechanisms``, ``sizes``, ``coverage``,
        ``glossary:<page>``, ``names`` or ``book``.
        """
        kind, _, rest = name.partition(":")
        if kind == "chapter":
            frames = self.slice(rest)
        elif kind == "table":
            frames = {rest: self.references if rest == "references" else self.table(rest)}
        elif kind == "counts":
            frames = {kind: pd.Series(self.counts).to_frame()}
        elif kind in ("mechanisms", "sizes", "coverage"):
            frames = {kind: getattr(self, kind)}
        elif kind in ("glossary", "names"):
            frames = {
                kind: pd.Series(
                    json.dumps(
                        glossary.page_of(self, rest) if kind == "glossary" else glossary.names(self)
                    )
                )
            }
        else:
            frames = {n: self.table(n) for n in self.frames} | {"references": self.references}
        content = hashlib.sha256()
        for key, frame in sorted(frames.items()):
            content.update(f"{key}\n{frame.to_csv(index=False)}".encode())
        return content.hexdigest()


def locator(section: str) -> str:
    """A section as a reader would write it: ``§1.4``, but ``abstract``."""
    return f"§{section}" if section[:1].isdigit() else section


def _finding(direction: str, support: str) -> str:
    """The direction that a row reports: the claim's, its opposite, or none."""
    if support == "no_effect":
        return "no_change"
    if support == "refutes":
        return certainty.OPPOSITE.get(direction, "not_stated")
    return direction


def _entities_of(claims: pd.DataFrame, evidence: pd.DataFrame) -> set[str]:
    used: set[str] = set()
    for column in ("subject", "object", "mediator", "cell"):
        used |= set(claims[column])
    for column in ("species", "system", "tissue", "model", "intervention"):
        used |= set(evidence[column])
    return used
