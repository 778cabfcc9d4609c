"""The one way in which the tables and `references.bib` are written, so that a change shows as the
rows that it changes.

Tables: UTF-8 without byte order mark, lines that end in LF, the contract's columns in its order,
quotes only where CSV needs them, no blanks around a value; rows keep their order. `references.bib`:
entries in the order of their keys, one field a line, fields in the order of `FIELDS`. Formatting
changes no value: what it cannot read without guessing, it leaves to the checks.
"""

from __future__ import annotations

import csv
import errno
import io
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from bibtexparser.entrypoint import parse_string
from bibtexparser.model import Entry, ExplicitComment, ImplicitComment, ParsingFailedBlock

from .package import Package, Resource
from .tables import files_of

BIBLIOGRAPHY = "references.bib"
#: The order of the fields of an entry; others follow by name.
FIELDS = (
    "author",
    "editor",
    "title",
    "booktitle",
    "journal",
    "howpublished",
    "publisher",
    "school",
    "institution",
    "year",
    "volume",
    "number",
    "pages",
    "doi",
    "pmid",
    "pmcid",
    "url",
    "note",
    "keywords",
    "retracted",
    "seen",
)
_MARKS = (b"\xff\xfe", b"\xfe\xff")  # UTF-16, the "Unicode text" of spreadsheets
_CONFLICT = re.compile(r"^(<{7}|>{7}|\|{7})( |$)", re.MULTILINE)
_ENTRY = re.compile(r"@[a-z]+\{[^,\s]+,\n(?:  [a-z]+ = (?:(?!\}, *[a-z]+ *=).)*,\n)+\}\n")


def files(package: Package, root: Path) -> Iterator[tuple[Path, Resource | None]]:
    """Every file that is formatted, with its table (None for `references.bib`)."""
    for resource in package.resources:
        for path in files_of(resource, root / "data"):
            yield path, resource
    if (root / BIBLIOGRAPHY).is_file():
        yield root / BIBLIOGRAPHY, None


def formatted(data: bytes, resource: Resource | None) -> str | None:
    """A file as it should be written, or None where it cannot be told what is meant."""
    text = decode(data)
    if text is None or not text.strip() or _CONFLICT.search(text):
        return None
    return _bibliography(text) if resource is None else _table(text, resource.columns)


def decode(data: bytes) -> str | None:
    """Text of a file with LF line ends and without byte order mark; None where it is in no encoding
    of Unicode.
    """
    try:
        text = data.decode("utf-16" if data.startswith(_MARKS) else "utf-8-sig")
    except UnicodeDecodeError:
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def write_atomic(path: Path, text: str) -> None:
    """Write a file beside its place and then into it, so that it is never half there.
    PermissionError where the file may not be written.
    """
    if path.is_file() and not os.access(path, os.W_OK):  # to be replaced it need not be writable
        raise PermissionError(errno.EACCES, "the file may not be written", str(path))
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(text.encode())
        beside.replace(path)
    finally:
        with suppress(OSError):
            beside.unlink()


def csv_lines(rows: Iterable[Iterable[str]]) -> str:
    """Rows as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _table(text: str, columns: list[str]) -> str | None:
    for delimiter in (",", ";", "\t"):
        try:
            rows = list(csv.reader(io.StringIO(text), strict=True, delimiter=delimiter))
        except csv.Error:
            continue
        header = [name.strip() for name in rows[0]] if rows else []
        if sorted(header) == sorted(columns):
            break
    else:
        return None
    rows = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if any(len(row) != len(header) for row in rows) or any(
        "\n" in cell for row in rows for cell in row
    ):
        return None
    order = [header.index(name) for name in columns]
    return csv_lines([row[i] for i in order] for row in rows)


def _bibliography(text: str) -> str | None:
    library = parse_string(text, parse_stack=[])  # values keep their braces
    found: list[tuple[str, str]] = []
    comments: list[str] = []
    for block in sorted(library.blocks, key=lambda block: block.start_line or 0):
        if isinstance(block, ImplicitComment | ExplicitComment):
            comment = block.comment.strip()
            if isinstance(block, ExplicitComment) or not all(
                line.startswith("%") for line in comment.splitlines()
            ):
                return None
            comments.append(comment + "\n")
        elif isinstance(block, Entry) and not isinstance(block, ParsingFailedBlock):
            fields = {
                field.key.lower(): " ".join(str(field.value).split()) for field in block.fields
            }
            found.append(
                (block.key, "".join(comments) + entry_text(block.entry_type, block.key, fields))
            )
            comments = []
        else:
            return None
    found.sort(key=lambda pair: pair[0])
    return "\n".join([*(entry for _, entry in found), *comments])


def entry_text(kind: str, key: str, fields: dict[str, str]) -> str:
    """An entry as text; the values of `fields` are given with their braces."""
    names = sorted(
        fields, key=lambda name: (FIELDS.index(name) if name in FIELDS else len(FIELDS), name)
    )
    lines = "".join(f"  {name} = {fields[name]},\n" for name in names)
    return f"@{kind.lower()}{{{key},\n{lines}}}\n"


def insert_entry(text: str, key: str, entry: str) -> str:
    """The text of a bibliography with one more entry, before the first whose key sorts after it;
    the rest stays byte by byte.
    """
    for match in re.finditer(r"^@\w+\{([^,\s]+),", text, re.MULTILINE):
        if match[1] > key:
            return f"{text[: match.start()]}{entry}\n{text[match.start() :]}"
    return f"{text.rstrip()}\n\n{entry}" if text.strip() else entry


def entries_as_written(text: str) -> bool:
    """Whether a bibliography surely is as `make format` writes it, told without parsing it."""
    entries = text.split("\n\n")
    if not all(
        _ENTRY.fullmatch(entry.rstrip("\n") + "\n") for entry in entries
    ) or not text.endswith("}\n"):
        return False
    keys = [entry[entry.index("{") + 1 : entry.index(",")] for entry in entries]
    return keys == sorted(keys) and all(
        _ordered(re.findall(r"^  ([a-z]+) = ", entry, re.MULTILINE)) for entry in entries
    )


def _ordered(names: list[str]) -> bool:
    ranks = [(FIELDS.index(name) if name in FIELDS else len(FIELDS), name) for name in names]
    return ranks == sorted(ranks)
