"""What serves the website alone has no place in print or in an EPUB."""

from __future__ import annotations

from docutils import nodes

from ..sphinxext.html_parts import website_part

SITE_ONLY = {"lr-key", "lr-site-only"}


def drop_site_only(tree: nodes.document) -> None:
    """Take out what serves the website alone: what is written as HTML, and the key to what only the
    website draws.
    """
    for node in list(tree.findall(nodes.Element)):
        if isinstance(node, website_part) or SITE_ONLY & set(node.get("classes", ())):
            parent = node.parent
            parent.remove(node)
            if isinstance(parent, nodes.paragraph) and not parent.children:
                parent.parent.remove(parent)
