"""A box above a long list that leaves only the items with the words typed into it: names of the
glossary, papers of the bibliography.

It stands in the page from the start, so that nothing moves when `theme/scripts/filter.js` brings it
to life; without scripts it is not shown.
"""

from __future__ import annotations

import re

from sphinx.application import Sphinx

LISTS = {  # a list by its opening tag, and what its box asks for
    '<div class="lr-index">': "Find a name, in English or Chinese",
    '<div role="list" class="citation-list">': "Find a paper: author, year, title, chapter",
}
_MARK = re.compile(r'<(?:em|strong) class="lr-mark (lr-is-[\w-]+)">([^<]*)<')


def setup(app: Sphinx) -> None:
    app.connect("html-page-context", _add)


def _add(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    if app.builder.name == "html":
        for start, label in LISTS.items():
            before, found, after = context.get("body", "").partition(start)
            if found:
                context["body"] = before + box(label, dict(_MARK.findall(after))) + start + after


def box(label: str, marks: dict[str, str]) -> str:
    """The box as HTML. marks: words by class; where there are any, one can be chosen."""
    options = "".join(f'<option value="{kind}">{words}</option>' for kind, words in marks.items())
    choice = (
        f'<label>Marked as<select><option value="">all papers</option>{options}</select></label>'
        if marks
        else ""
    )
    return (
        f'<form class="lr-filter pst-js-only"><label>{label}<input type="search"'
        f' autocomplete="off"></label>{choice}<span class="lr-note" role="status"></span></form>\n'
    )
