"""MyST text from data: all that this package knows of MyST's syntax.

Text that goes into a function here is MyST already, where its docstring does not say otherwise:
what comes from data goes through `escape` (or `chinese`, `cite`, `term`, `chapter`) first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..contract.characters import has_chinese

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~@^&!])")
_LEADING = re.compile(r"^(\s*)([-+=:%]|\d+(?=[.)]))")
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|www)(:|\.)")


@dataclass
class Markup:
    """MyST text that a cell displays.

    The book's own parser reads it, so that citations and terms join the book's.
    """

    text: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/markdown": self.text, "text/plain": ""}


# In a line
def escape(text: object) -> str:
    """Data as MyST text: markup in it is shown, never obeyed; line breaks become spaces."""
    flat = " ".join(str(text).split())
    flat = _SPECIAL.sub(r"\\\1", flat)
    flat = _ADDRESS.sub(r"\1\\\2", flat)  # no automatic links out of data
    leading = _LEADING.match(flat)
    if not leading:
        return flat
    if leading[2].isdigit():
        return flat.replace(leading[2], leading[2] + "\\", 1)
    return flat[: leading.start(2)] + "\\" + flat[leading.start(2) :]


def cite(citekeys: Iterable[str], post: str = "") -> str:
    """A citation of one or more papers: ``{cite:p}`a,b` ``, "" of none.

    post: said behind the last of them, as "ref. 14".
    """
    keys = [key for key in dict.fromkeys(citekeys) if key]
    if not keys:
        return ""
    return "{cite:p}`" + ",".join(keys) + (f"{{{post}}}" if post else "") + "`"


def term(label: str, entry: str) -> str:
    """A link to a glossary entry; the label (data) alone where it would upset the role."""
    upsets = set("`<>") & set(label + entry)
    return escape(label) if upsets else f"{{term}}`{label} <{entry}>`"


def link(text: str, address: str) -> str:
    """A link to an address of the web, or to a page as seen from the book's folder."""
    return f"[{text}]({address})"


def chapter(label: str, mechanism: str) -> str:
    """A link to the chapter of a mechanism. label: data."""
    return link(escape(label), f"/chapters/{mechanism}.md")


def page(name: str) -> str:
    """A link to a page below chapters/, which says its title."""
    return f"{{doc}}`/chapters/{name}`"


def strong(text: str) -> str:
    """Text that stands out."""
    return f"**{text}**"


def code(text: str) -> str:
    """Text as a machine reads it, such as the name of a file; without a backtick."""
    return f"`{text}`"


def span(text: str, *classes: str) -> str:
    """Text with CSS classes; ``language-zh-Hans`` sets the language (simplified Chinese), too."""
    return f"[{text}]{{{' '.join('.' + c for c in classes)}}}"


def note(text: str, *classes: str) -> str:
    """Text that a reader may pass over."""
    return span(text, "lr-note", *classes)


def chinese(text: object) -> str:
    """Chinese text (data), marked as such; without a Chinese character only escaped."""
    escaped = escape(text)
    return span(escaped, "language-zh-Hans", "lr-zh") if has_chinese(str(text)) else escaped


def certainty_mark(level: str, *, alone: bool = True) -> str:
    """The certainty of a claim as a small mark.

    alone: the mark says what it is of; else what stands around it does.
    """
    words = f"{level.replace('_', ' ')}{' certainty' if alone else ''}"
    return span(words, "lr-certainty", f"lr-{level.replace('_', '-')}")


# Blocks
def blocks(*parts: str) -> str:
    """Paragraphs, lists, headings … one after the other; what is empty is left out."""
    return "\n\n".join(filter(None, parts))


def heading(text: str, level: int = 2) -> str:
    """A heading; the page's own title has level 1."""
    return f"{'#' * level} {text}"


def bullets(items: Iterable[str]) -> str:
    """A list. An item may hold several `blocks`."""
    return _list(("-", item) for item in items)


def numbered(items: Iterable[str]) -> str:
    """A list in which order counts. An item may hold several `blocks`."""
    return _list((f"{n}.", item) for n, item in enumerate(items, 1))


def _list(items: Iterable[tuple[str, str]]) -> str:
    made = []
    for mark, item in items:
        indent = " " * (len(mark) + 1)
        made.append(f"{mark} " + re.sub(r"\n(?=[^\n])", f"\n{indent}", item))
    return ("\n\n" if any("\n\n" in item for item in made) else "\n").join(made)


def container(body: str, css: str) -> str:
    """Blocks that a style sheet knows as `css`."""
    return _fenced("container", css, body)


def admonition(title: str, body: str, css: str) -> str:
    """Blocks in a box with a title."""
    return _fenced("admonition", title, f":class: {css}\n{body}")


def dropdown(title: str, body: str) -> str:
    """Blocks that a reader unfolds."""
    return _fenced("dropdown", title, body)


def listing(text: str) -> str:
    """Text as a machine reads it, line by line; not MyST."""
    return f"```text\n{text}```"


def html_only(html: str) -> str:
    """HTML (not MyST) for the website alone, as it is."""
    return f"```{{raw}} html\n{html}\n```"


def block(name: str, data: object) -> str:
    """Data (not MyST) for a directive of ``sphinxext`` that makes the page's nodes itself."""
    return f"``````{{{name}}}\n{json.dumps(data, ensure_ascii=False)}\n``````"


def _fenced(name: str, argument: str, body: str) -> str:
    """A directive around blocks, with a fence longer than all within."""
    longest = max(map(len, re.findall(r"^:{3,}", body, re.MULTILINE)), default=2)
    fence = ":" * (longest + 1)
    return f"{fence}{{{name}}} {argument}\n{body}\n{fence}"


# Tables
@dataclass(frozen=True)
class Field:
    """A recorded value that every row of a table has.

    name: column of the data. filter: what the filter by it is called, "" where there is none.
    words: what values are called, in order; the others speak for themselves.
    """

    name: str
    filter: str
    words: Mapping[str, str]


@dataclass(frozen=True)
class Record:
    """What stands behind one row of a table; plain text, not MyST.

    id: address of the row on its page. anchor: a second address, of what the row is the first to
    tell of. values: as recorded, one for each field. note: shown below the row. context: labels and
    texts, shown where a reader opens the row; a list is put together, what starts with # being an
    address on the page.
    """

    id: str
    anchor: str
    note: str
    values: Sequence[str | int | float]
    context: Sequence[tuple[str, str | list[str]]]


@dataclass(frozen=True)
class Records:
    """What stands behind the rows of a table.

    columns: for each column of the table the names of its fields, first those to sort by.
    """

    fields: Sequence[Field]
    columns: Sequence[Sequence[str]]
    rows: Sequence[Record]


def table(
    columns: Mapping[str, int],
    rows: Iterable[Sequence[str]],
    caption: str,
    label: str,
    records: Records | None = None,
) -> str:
    """A numbered table with a repeated header; cells are MyST text on one line each.

    columns: their heads, each with its share of the width. label: for {numref} (`table_labels`).
    records: what stands behind the rows, in their order, for the page alone.
    """
    lines = [
        f"````{{{'list-table' if records is None else 'record-table'}}} {caption}",
        f":name: {label}",
        ":header-rows: 1",
        f":widths: {' '.join(map(str, columns.values()))}",
        ":class: lr-table longtable",
        "",
    ]
    if records is not None:
        lines.append(json.dumps(asdict(records), ensure_ascii=False, separators=(",", ":")))
    for row in [tuple(columns), *rows]:
        first, *rest = (cell.strip() or "–" for cell in row)
        lines.append(f"* - {first}")
        lines += [f"  - {cell}" for cell in rest]
    return "\n".join([*lines, "````"])
