"""Records from files of reference managers: BibTeX, RIS, and PubMed's own format."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware, NormalizeFieldKeys, SeparateCoAuthors
from bibtexparser.model import Entry

from ..contract.bibliography import plain
from ..contract.identifiers import bare_doi
from . import retractions
from .bibrecord import Record

_RIS_KINDS = {
    "JOUR": "article",
    "EJOUR": "article",
    "MGZN": "article",
    "BOOK": "book",
    "CHAP": "incollection",
    "CONF": "inproceedings",
    "CPAPER": "inproceedings",
    "THES": "phdthesis",
    "RPRT": "techreport",
}
#: Where a RIS file may name the journal, in the order in which it is believed.
_RIS_JOURNAL = (
    "journal_name",
    "secondary_title",
    "alternate_title3",
    "alternate_title1",
    "alternate_title2",
)


def read_file(path: Path) -> list[Record]:
    """The records of a BibTeX (.bib), RIS (.ris) or PubMed (.nbib) file. Raises ValueError, in a
    sentence, where it is none.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text; export it anew as UTF-8") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if re.search(r"^PMID- ", text, re.MULTILINE):
        found = _nbib(text)
    elif re.search(r"^\s*TY  -", text, re.MULTILINE):
        found = _ris(text)
    elif re.search(r"@\w+\s*\{", text):
        found = _bibtex(text)
    else:
        raise ValueError("it is neither BibTeX nor RIS")
    records = [record.cleaned() for record in found]
    if not records:
        raise ValueError("no entry in it can be read")
    if untitled := [n for n, record in enumerate(records, 1) if not record.title]:
        raise ValueError(f"entry {untitled[0]} has no title")
    return records


def _bibtex(text: str) -> list[Record]:
    # decoding takes the braces off that tell a group's name from a person's
    printed = parse_string(text, append_middleware=[NormalizeFieldKeys(), SeparateCoAuthors()])
    decoding = [NormalizeFieldKeys(), LatexDecodingMiddleware(keep_math_mode=False)]
    library = parse_string(text, append_middleware=decoding)
    if library.failed_blocks:
        line = (library.failed_blocks[0].start_line or 0) + 1
        raise ValueError(f"line {line} is broken BibTeX: look for a missing comma, brace or quote")
    return [
        _bibtex_record(
            item.entry_type,
            {name: plain(str(field.value)) for name, field in item.fields_dict.items()},
            re.split(r"\s+and\s+", item["author"]) if "author" in item else [],
            _printed_authors(as_printed),
        )
        for item, as_printed in zip(library.entries, printed.entries, strict=True)
    ]


def _printed_authors(entry: Entry) -> list[str]:
    return list(entry["author"]) if "author" in entry else []


def _bibtex_record(
    kind: str, fields: dict[str, str], names: list[str], printed: list[str]
) -> Record:
    """One entry. names: its authors, decoded; printed: the same as they stand in the file."""

    def first(*wanted: str) -> str:
        return next((fields[name] for name in wanted if fields.get(name)), "")

    groups = [bool(re.fullmatch(r"\{[^{}]*\}", name.strip())) for name in printed]
    if len(groups) != len(names):
        groups = [False] * len(names)
    return Record(
        kind=kind.lower(),
        authors=[
            f"{{{plain(name)}}}" if group else _family_first(plain(name))
            for name, group in zip(names, groups, strict=True)
        ],
        title=first("title"),
        journal=first("journal", "booktitle", "journaltitle", "howpublished"),
        year=first("year", "date"),
        volume=first("volume"),
        number=first("number"),
        pages=first("pages"),
        doi=first("doi"),
        pmid=first("pmid"),
        pmcid=first("pmcid", "pmc"),
        url=first("url"),
    )


def _family_first(name: str) -> str:
    """``Anna B. Beispiel`` gives ``Beispiel, Anna B.``; a name with a comma stays."""
    if "," in name or " " not in name.strip():
        return name
    parts = name.split()
    small = (i for i, part in enumerate(parts[:-1]) if i and part[0].islower())
    start = next(small, len(parts) - 1)
    return f"{' '.join(parts[start:])}, {' '.join(parts[:start])}"


def _ris(text: str) -> list[Record]:
    import rispy  # type: ignore[import-untyped]

    try:
        entries = rispy.loads(text)
    except Exception as error:  # rispy has no error of its own: what stops it is the file
        raise ValueError(f"it is broken RIS: {error}") from None
    return [_ris_record(item) for item in entries]


def _ris_record(item: dict[str, Any]) -> Record:
    def first(*names: str) -> str:
        value = next((item[name] for name in names if item.get(name)), "")
        return " ".join(value) if isinstance(value, list) else str(value)

    start, end = first("start_page"), first("end_page")
    in_pubmed = first("name_of_database").lower() in ("pubmed", "medline")
    authors = item.get("authors") or item.get("first_authors") or []
    return Record(
        kind=_RIS_KINDS.get(first("type_of_reference"), "misc"),
        authors=[_family_first(name) for name in authors],
        title=first("title", "primary_title"),
        journal=first(*_RIS_JOURNAL),
        year=first("year", "publication_year", "date"),
        volume=first("volume"),
        number=first("number"),
        pages=f"{start}-{end}" if start and end and "-" not in start else start,
        doi=first("doi") or bare_doi(first("urls", "url")),
        pmid=first("accession_number") if in_pubmed else "",
        url=first("urls", "url"),
    )


def _nbib(text: str) -> list[Record]:
    """PubMed's own format: a tag of four places, a hyphen, a value; more lines are indented."""
    return [_nbib_record(block) for block in re.split(r"\n(?=PMID- )", text)]


def _nbib_record(block: str) -> Record:
    tags: dict[str, list[str]] = {}
    for tag, value in re.findall(r"^([A-Z]+) *- (.*(?:\n {6}.*)*)", block, re.MULTILINE):
        tags.setdefault(tag, []).append(re.sub(r"\s+", " ", value))

    def first(*names: str) -> str:
        return next((tags[name][0] for name in names if any(tags.get(name, ()))), "")

    ids = [*tags.get("AID", ()), *tags.get("LID", ())]
    return Record(
        authors=tags.get("FAU", []) + [f"{{{name}}}" for name in tags.get("CN", [])],
        title=first("TI"),
        journal=first("JT", "TA"),
        year=first("DP"),
        volume=first("VI"),
        number=first("IP"),
        pages=first("PG"),
        doi=next((i.removesuffix(" [doi]") for i in ids if i.endswith("[doi]")), ""),
        pmid=first("PMID"),
        pmcid=first("PMC"),
        retracted=retractions.of_types(tags.get("PT", [])),
    )
