"""What a page offers beside its text: how to cite it, its notebook and source, and, where the
repository is known, ways to mend it.

The repository's address stands in one place, ``repository: url:`` of `_config.yml`; where it is
empty, no link to it appears.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode

import yaml
from docutils import nodes
from jupyter_book.config import PATH_YAML_DEFAULT
from markupsafe import Markup, escape
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError

from ..display import citation
from ..review import find_root
from . import notebooks, site

FOLDER = "_cite"
# Where each host edits a file and takes a report, and what it calls the subject and the text of
# one.
_PROVIDERS = {
    "github": ("edit/{branch}/{file}", "issues/new", "title", "body"),
    "gitlab": ("-/edit/{branch}/{file}", "-/issues/new", "issue[title]", "issue[description]"),
    "bitbucket": ("src/{branch}/{file}?mode=edit", "issues/new", "title", "content"),
}
_QUESTIONS = (
    "What is wrong, and where on the page:\n\nWhat it should say, and the source that shows it (DOI"
    " or PMID):\n"
)


@dataclass(frozen=True)
class Links:
    """Addresses in the repository: of its front page, to edit this page's source, to report an
    error on it; "" where there is none.
    """

    repository: str = ""
    edit: str = ""
    report: str = ""


def setup(app: Sphinx) -> None:
    app.add_config_value("livingreview_work", None, "html", types=[citation.Work])
    app.connect("config-inited", _read_work, priority=400)
    app.connect("config-inited", _forget_the_address_that_is_nobodys, priority=400)
    site.connect(
        app, "html-page-context", _offer, priority=400
    )  # before the theme, which draws its components to see which are empty


def _read_work(app: Sphinx, config: Config) -> None:
    try:
        config.livingreview_work = citation.read(
            find_root(Path(app.srcdir)), config.html_title or config.project, config.author
        )
    except (ValueError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise ConfigError(f"{citation.FILE} cannot be read: {error}") from error


@cache
def _default_repository() -> str:
    return yaml.safe_load(PATH_YAML_DEFAULT.read_text(encoding="utf-8"))["repository"]["url"]


def _forget_the_address_that_is_nobodys(app: Sphinx, config: Config) -> None:
    """Jupyter Book stands its own repository in for one that is not given."""
    if config.html_theme_options.get("repository_url") == _default_repository():
        config.html_theme_options["repository_url"] = ""


def _offer(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Hand the templates ``work``, ``licence``, ``citation`` with its files, ``notebook``,
    ``source`` and ``links``.
    """
    work: citation.Work = app.config.livingreview_work
    context["work"], context["licence"] = work, _licence(work, app.config.copyright)
    context["citation"], context["links"] = None, _links(app, pagename, context)
    if pagename not in app.env.titles:
        return
    title = "" if pagename == app.config.root_doc else app.env.titles[pagename].astext()
    key = (
        "-".join([pagename.rsplit("/", 1)[-1], *([str(work.date.year)] if work.date else [])])
        if title
        else ""
    )
    cited = citation.cite(work, title, context.get("pageurl") or "", key)
    context["citation"] = cited
    files = {
        "bib": (cited.bibtex, "\n"),
        "ris": (cited.ris, "\r\n"),
    }  # the RIS format ends its lines in this way
    for suffix, (text, end) in files.items():
        path = Path(app.outdir) / FOLDER / f"{pagename}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline=end)
    pathto = context["pathto"]
    context["citation_files"] = {
        suffix: pathto(f"{FOLDER}/{pagename}.{suffix}", 1) for suffix in files
    }
    context["notebook"] = (
        pathto(f"{notebooks.FOLDER}/{pagename}.ipynb", 1)
        if notebooks.is_notebook(app, pagename)
        else ""
    )
    context["source"] = (
        pathto(f"_sources/{context['sourcename']}", 1) if context.get("sourcename") else ""
    )


def _licence(work: citation.Work, notice: str) -> Markup:
    """The notice of copyright, in which the name of the licence leads to its text."""
    text, name = escape(notice), escape(work.licence_name)
    if not work.licence:
        return text
    link = Markup('<a rel="license" href="{}">{}</a>').format(
        work.licence_address, work.licence_name
    )
    return (
        Markup(str(text).replace(name, link, 1))
        if name in text
        else Markup("{}. {}").format(text, link)
    )


def _links(app: Sphinx, pagename: str, context: dict) -> Links:
    repository = (app.config.html_theme_options.get("repository_url") or "").rstrip("/")
    if not repository:
        return Links()
    provider = next(
        name for name in _PROVIDERS if f"{name}_repo" in context
    )  # the theme knows it from the address, or stops
    edit, report, subject, body = _PROVIDERS[provider]
    is_page = pagename in app.env.titles
    file = "/".join(
        filter(
            None,
            (
                (context.get("doc_path") or "").strip("/"),
                pagename + (context.get("page_source_suffix") or ""),
            ),
        )
    )
    title = f"{app.env.titles[pagename].astext()} ({pagename})" if is_page else pagename
    return Links(
        repository,
        (
            f"{repository}/{edit.format(branch=context[f'{provider}_version'], file=quote(file))}"
            if is_page
            else ""
        ),
        f"{repository}/{report}?{urlencode({subject: title, body: _QUESTIONS})}",
    )
