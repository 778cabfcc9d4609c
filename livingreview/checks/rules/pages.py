"""What no page may hold, for it would break the site or the PDF."""

from __future__ import annotations

from ..model import Project, SourcePage
from .rule import Problems, each_page


@each_page()
def page_has_no_script(page: SourcePage, project: Project) -> Problems:
    """The site's policy would not let it run, and print would not have it."""
    for line in page.scripts:
        fix = "Remove it; charts come from code cells, so that they work offline and in print."
        yield page.problem(line, "<script", "a page may not carry a script of its own.", fix)


@each_page()
def captions_cite_nothing(page: SourcePage, project: Project) -> Problems:
    """LaTeX cannot set a citation in a caption, be it written on the page or in a cell."""
    in_cells = (role for cell in page.cells for role in cell.caption_roles)
    for role in (*page.caption_roles, *in_cells):
        if role.is_citation:
            what = "a citation inside a caption breaks the PDF."
            yield page.problem(role.line, role.text, what, "Cite in the text before or after it.")
