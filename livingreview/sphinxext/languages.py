"""Chinese among English is marked as Chinese, so that it is spoken and drawn as such.

Wherever it comes from: data, prose or bibliography.
"""

from __future__ import annotations

from docutils import nodes
from markupsafe import Markup, escape
from sphinx.application import Sphinx

from ..contract.characters import CHINESE_RUN, has_chinese

CHINESE = "zh-Hans"


def setup(app: Sphinx) -> None:
    app.connect(
        "doctree-resolved", _mark, priority=900
    )  # after everybody else has put text into the page


def marked(text: str) -> Markup:
    """Text as HTML, with the Chinese in it marked."""
    return Markup(CHINESE_RUN.sub(rf'<span lang="{CHINESE}">\1</span>', str(escape(text))))


def _mark(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.format != "html":
        return
    for text in list(doctree.findall(nodes.Text)):
        if (
            has_chinese(text)
            and not isinstance(text.parent, (nodes.raw, nodes.comment))
            and not _is_marked(text.parent)
        ):
            pieces = CHINESE_RUN.split(text)  # every second one is Chinese
            text.parent.replace(
                text,
                [
                    nodes.inline("", piece, classes=[f"language-{CHINESE}"])
                    if n % 2
                    else nodes.Text(piece)
                    for n, piece in enumerate(pieces)
                    if piece
                ],
            )


def _is_marked(node: nodes.Element | None) -> bool:
    while node is not None:
        classes: list[str] = node.get("classes", [])
        if any(name.startswith("language-zh") for name in classes):
            return True
        node = node.parent
    return False
