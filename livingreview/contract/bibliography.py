"""`references.bib`, read with bibtexparser: who, when, what, and how sure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from bibtexparser.entrypoint import parse_file
from bibtexparser.middlewares import NameParts, SeparateCoAuthors, SplitNameParts
from bibtexparser.model import Entry


@dataclass(frozen=True)
class Reference:
    """One entry. year is text, for an entry may have none; retracted is the DOI of the notice, or
    "".
    """

    citekey: str
    kind: str
    authors: tuple[str, ...]
    title: str
    journal: str
    year: str
    doi: str
    pmid: str
    pmcid: str
    status: str
    retracted: str

    @property
    def short(self) -> str:
        """Surname and year, as a reader would cite it: ``Zhu et al. 2023``; the title's first words
        where no author is known.
        """
        names = list(self.authors) or [self.citekey]
        if names[0].startswith("["):  # "[authors not seen]"
            words = self.title.strip("[]").removeprefix("title not seen: ").split()
            names = [f"“{' '.join(words[:4])} …”"]
        who = (
            names[0]
            if len(names) == 1
            else " & ".join(names)
            if len(names) == 2 and names[1] != "others"
            else f"{names[0]} et al."
        )
        return f"{who} {self.year}".strip()


def plain(text: str) -> str:
    """BibTeX text without braces and escapes: ``{{ABC}}-γ \\& more`` gives ``ABC-γ & more``."""
    return re.sub(r"\\([&%_#$])", r"\1", text).replace("{", "").replace("}", "")


def read(path: Path) -> dict[str, Reference]:
    """All entries of the file by citekey. Blocks that do not parse are left out; the contract's
    checks name them.
    """
    library = parse_file(
        str(path), append_middleware=[SeparateCoAuthors(), SplitNameParts()], encoding="utf-8"
    )
    return {entry.key: _reference(entry) for entry in library.entries}


def _reference(entry: Entry) -> Reference:
    fields = {name.lower(): field.value for name, field in entry.fields_dict.items()}

    def text(name: str) -> str:
        return plain(str(fields.get(name, ""))).strip()

    return Reference(
        citekey=entry.key,
        kind=entry.entry_type,
        authors=tuple(_surname(name) for name in fields.get("author", ())),
        title=text("title"),
        journal=text("journal"),
        year=text("year"),
        doi=text("doi"),
        pmid=text("pmid"),
        pmcid=text("pmcid"),
        status=text("keywords"),
        retracted=text("retracted"),
    )


def _surname(name: NameParts) -> str:
    return plain(" ".join(name.von + name.last) or " ".join(name.first))


def as_frame(references: dict[str, Reference]) -> pd.DataFrame:
    """The entries as a frame, one row each, with a column ``short``; sorted by citekey."""
    columns = [*Reference.__dataclass_fields__, "short"]
    rows = [
        [*(getattr(r, c) for c in columns[:-1]), r.short] for _, r in sorted(references.items())
    ]
    return pd.DataFrame(rows, columns=columns)
