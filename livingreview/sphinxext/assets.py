"""The look of the site: the theme in ``livingreview/theme``, its scripts and styles, and the Vega
bundle.

The files in ``scripts/`` and ``styles/`` are joined into one ``livingreview.js`` and one
``livingreview.css``, in name order; scripts leave their comments and indentation behind, and
`stylesheet` joins the theme's own sheets to the latter; `charts` adds Vega. Everything is served by
the site itself, and a Content-Security-Policy lets nothing else run.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from docutils import nodes
from rjsmin import jsmin
from sphinx.application import Sphinx
from sphinx.config import Config

from ..display.style import style_sheet
from . import charts, site, stylesheet
from .execution.output_cache import digest

THEME = Path(__file__).resolve().parent.parent / "theme"
HEAD_SCRIPT = jsmin((THEME / "head.js").read_text(encoding="utf-8"))


def _has_code(page: nodes.document) -> bool:
    return any(page.findall(nodes.literal_block))


def _has_dropdowns(page: nodes.document) -> bool:
    return any(
        "dropdown" in node.get("classes", ())
        for node in page.findall(nodes.Element)
        if isinstance(node, nodes.Admonition)
    )


def _has_tabs(page: nodes.document) -> bool:
    return any("sd-tab-set" in node["classes"] for node in page.findall(nodes.container))


# Scripts that Jupyter Book's extensions put on every page: part of the file's name or of the inline
# text, and whether a page needs it. None: nothing in this theme does (search is our own, and
# highlighting follows Sphinx's own search).
USED_BY: dict[str, Callable[[nodes.document], bool] | None] = {
    "DOCUMENTATION_OPTIONS.": None,
    "doctools.js": None,
    "sphinx_highlight.js": None,
    "clipboard": _has_code,
    "copybutton": _has_code,
    "toggle": _has_dropdowns,
    "design-tabs": _has_tabs,
}
AT_ONCE = ("design-tabs",)  # waits for the page to be read, so it must be there by then


def setup(app: Sphinx) -> None:
    app.add_html_theme("livingreview", str(THEME))
    app.add_config_value("livingreview_look", "", "html", str)
    app.connect("config-inited", _serve)
    site.connect(app, "html-page-context", _page, priority=900)
    # After the theme, which writes the colours of code when the build is finished.
    site.connect(app, "build-finished", stylesheet.finish, priority=900)
    app.add_js_file("livingreview.js")


def _serve(app: Sphinx, config: Config) -> None:
    """Put the engine's static files among those that Sphinx copies."""
    assets = Path(app.srcdir) / "_build" / ".assets"
    folder = assets / "joined"
    folder.mkdir(parents=True, exist_ok=True)
    names = ("pydata-sphinx-theme", "sphinx-book-theme")
    themes = ", ".join(f"{name} {version(name)}" for name in names)
    styles, scripts = (
        "\n".join([f"/* with {themes} */", *_parts("styles", "css"), style_sheet()]),
        jsmin("\n".join(_parts("scripts", "js"))),
    )
    _write(folder / stylesheet.NAME, styles)
    _write(folder / "livingreview.js", scripts)
    config.livingreview_look = digest(
        styles.encode(), scripts.encode()
    )  # a new look is written to every page, as a new setting is
    config.html_static_path = [*config.html_static_path, str(folder), str(charts.bundle(assets))]


def _parts(folder: str, suffix: str) -> list[str]:
    return [
        path.read_text(encoding="utf-8") for path in sorted((THEME / folder).glob(f"*.{suffix}"))
    ]


def _write(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def _page(app: Sphinx, pagename: str, templatename: str, context: dict, doctree) -> None:
    """What the page's head needs: the one style sheet, the scripts that it uses, and the policy."""
    unused = [name for name, needs in USED_BY.items() if not (doctree and needs and needs(doctree))]
    context["css_files"] = [
        file
        for file in context["css_files"]
        if stylesheet.is_needed(str(getattr(file, "filename", file)))
    ]
    context["script_files"] = scripts = [
        file for file in context["script_files"] if not any(name in _text(file) for name in unused)
    ]
    context["js_tag"] = _later(context["js_tag"])
    context["head_script"] = HEAD_SCRIPT
    context["content_security_policy"] = lambda: _policy(
        [HEAD_SCRIPT, *(s.attributes["body"] for s in scripts if s.attributes.get("body"))]
    )


def _later(js_tag: Callable) -> Callable:
    """Sphinx's `js_tag`, for scripts that the page loads once it is drawn (`theme/head.js`)."""

    def tag(script) -> str:
        made = js_tag(script)
        if any(name in _text(script) for name in AT_ONCE):
            return made.replace(" src=", " defer src=")
        return re.sub(r' (src="[^"]*")', r' type="text/plain" data-\1', made)

    return tag


def _text(file) -> str:
    """Name and text of a script entry."""
    return (
        file
        if isinstance(file, str)
        else f"{file.filename or ''} {file.attributes.get('body') or ''}"
    )


def _policy(inline: list[str]) -> str:
    """A Content-Security-Policy: the site's own files, and inline no script but those that theme
    and extensions put into the head.
    """
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in inline
    ]
    return "; ".join([
        "default-src 'self'",
        f"script-src 'self' 'wasm-unsafe-eval' {' '.join(hashes)}",  # WebAssembly: the search
        "style-src 'self' 'unsafe-inline'",  # charts and the theme set styles on elements
        "img-src 'self' data:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    ])  # fmt: skip
