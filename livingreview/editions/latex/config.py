"""Settings of the print edition: Jupyter Book's LaTeX builder, set up so that nothing makes Sphinx
read a page again.
"""

from __future__ import annotations

import os
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.writers.latex import CR

from ...display import citation
from ...review import find_root
from ..edition import CHAPTER, edition
from .text import escape
from .tree import PrintBuilder

HERE = Path(__file__).resolve().parent


def setup(app: Sphinx) -> None:
    app.add_builder(PrintBuilder, override=True)
    app.connect("config-inited", _configure, priority=900)  # after Jupyter Book's own settings


def _configure(app: Sphinx, config: Config) -> None:
    """Set LaTeX up; nothing here makes Sphinx read a page again."""
    book = edition(find_root(Path(app.srcdir)))
    work, chapter = book.work, os.environ.get(CHAPTER, "")
    title, colon, subtitle = work.title.partition(": ")
    values = {
        "title": work.title,
        "author": book.author,
        "version": work.version,
        "day": citation.words(work.date) if work.date else "",
        "licence": work.licence_name,
        "howtocite": citation.cite(work).text,
        "keywords": book.keywords,
    }
    macros = "".join(
        rf"\newcommand\lr{name}{{{escape(text)}}}" + CR for name, text in values.items()
    )
    macros += (
        r"\newcommand\lrtitlelines{"
        + escape(title)
        + (rf":\\ {escape(subtitle)}" if colon else "")
        + "}"
        + CR
    )
    config.latex_engine = "xelatex"
    config.latex_use_xindy = False
    # Sphinx's own; that of Jupyter Book loads fonts of a gigabyte for symbols that nobody uses
    config.latex_theme = "manual"
    config.latex_docclass = {"manual": "book"}
    config.latex_toplevel_sectioning = "chapter"
    config.latex_domain_indices = False
    config.latex_table_style = ["booktabs"]
    config.latex_documents = [
        (
            config.root_doc,
            f"{book.name(chapter)}.tex",
            escape(work.title),
            escape(book.author),
            "manual",
        )
    ]
    config.latex_additional_files = [
        str(HERE / "livingreview.sty"),
        str(HERE / "livingreview.ist"),
    ]
    config.latex_elements = {
        "papersize": "a4paper",
        "pointsize": "11pt",
        "extraclassoptions": "openany,oneside" if chapter else "openany,twoside",
        "fontpkg": "",
        "fncychap": "",
        "figure_align": "htbp",
        "preamble": macros
        + (r"\newcommand\lralone{}" + CR if chapter else "")
        + r"\usepackage{livingreview}",
        **({"tableofcontents": "", "makeindex": "", "printindex": ""} if chapter else {}),
    }
