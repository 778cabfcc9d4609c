"""Tables on the page: cells that know their column, and rows with what stands behind them
(`display.markup.Records`).

A row with a record becomes a ``<tbody>`` of its own: the row, and below it the note and, in a
``<details>``, the context. Its recorded values are an attribute of that element, the meaning of the
values a JSON block of the table; ``theme/scripts/tables.js`` reads both. Print takes the table as
docutils made it.
"""

from __future__ import annotations

import html
import json
from collections.abc import Sequence

from docutils import nodes
from docutils.parsers.rst.directives.tables import ListTable
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from .html_parts import html_part


class RecordTable(ListTable):
    """A list-table with the records of its rows, as JSON, in the first line."""

    def run(self) -> Sequence[nodes.table | nodes.system_message]:
        records = json.loads(self.content[0])
        self.content, self.content_offset = self.content[1:], self.content_offset + 1
        made = super().run()
        made[0]["records"] = records
        return made


class element(nodes.TextElement):  # noqa: N801 (as docutils names its nodes)
    """An HTML element: ``tag``, ``attributes``; its children are nodes as anywhere."""


def setup(app: Sphinx) -> None:
    app.add_directive("record-table", RecordTable)
    app.add_post_transform(PageTables)
    app.add_node(element, html=(_open, _close))


class PageTables(SphinxPostTransform):
    """Make the body of every table of the engine anew, for HTML alone."""

    default_priority = 900  # when citations and terms are links
    formats = ("html",)

    def run(self, **kwargs) -> None:
        for table in self.document.findall(nodes.table):
            if "lr-table" in table["classes"]:
                for node in list(
                    table.findall(
                        lambda n: "lr-print" in getattr(n, "attributes", {}).get("classes", ())
                    )
                ):
                    node.parent.remove(node)
                _make_body(table)


def _make_body(table: nodes.table) -> None:
    head, body = next(table.findall(nodes.thead)), next(table.findall(nodes.tbody))
    labels = [entry.astext() for entry in head.findall(nodes.entry)]
    rows = [_row(row, labels) for row in body.children if isinstance(row, nodes.row)]
    records = table.get("records")
    if records is None:
        made: list[nodes.Node] = [element("", "", *rows, tag="tbody")]
    else:
        made = [html_part(template="record_fields", data={"json": _fields(records)})]
        for row, record in zip(rows, records["rows"], strict=True):
            if record["anchor"]:
                row["attributes"]["id"] = record["anchor"]
            about = {key: record[key] for key in ("id", "note", "context")}
            context = html_part(template="record_context", data=about | {"width": len(labels)})
            made.append(
                element(
                    "",
                    "",
                    row,
                    context,
                    tag="tbody",
                    attributes={"id": record["id"], "data-values": _json(record["values"])},
                )
            )
        del table["records"]
    body.parent.replace(body, made)


def _row(row: nodes.row, labels: list[str]) -> element:
    cells = []
    for entry, label in zip(row.children, labels, strict=True):
        first = entry.children[0] if entry.children else None
        empty = {"class": "lr-none"} if first and first.children == ["–"] else {}
        alone = isinstance(first, nodes.paragraph) and len(entry.children) == 1
        inside = first.children if first and alone else entry.children
        cells.append(element("", "", *inside, tag="td", attributes={"data-label": label, **empty}))
    return element("", "", *cells, tag="tr", attributes={})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _fields(records: dict) -> str:
    """The fields and columns of a table as JSON without "<", so that nothing in it ends its block
    early.
    """
    data = _json({"fields": records["fields"], "columns": records["columns"]})
    return data.replace("<", "\\u003c")


def _open(writer, node: element) -> None:
    # In single quotes: the recorded values are JSON, full of double ones.
    attributes: dict[str, str] = node.get("attributes", {})
    written = "".join(
        f" {name}='{html.escape(value, quote=False).replace(chr(39), '&#39;')}'"
        for name, value in attributes.items()
    )
    writer.body.append(f"<{node['tag']}{written}>")


def _close(writer, node: element) -> None:
    writer.body.append(f"</{node['tag']}>")
