"""One style sheet for the whole site: the theme's, the extensions' and our own, with the rules that
no page can use cut out.

The theme ships the whole of Bootstrap and an icon font for a site that needs a tenth of either, and
the browser shows nothing before it has read them. So all sheets are joined while Sphinx starts;
when the pages are written, rules stay whose every class, id and tag occurs on some page or in some
script, and of custom properties those that something uses. Icons become drawings in the sheet,
taken from the set that the theme ships.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import tinycss2
from sphinx.application import Sphinx

from .charts import BUNDLE

NAME = "livingreview.css"
_NAMES = re.compile(
    r"""<([a-zA-Z][\w-]*)|\b(?:class|id|data-theme|role|type|aria-label)=(?:"([^"]*)"|'([^']*)'|([^\s>"']+))"""
)
_WORDS = re.compile(r"[\w-]+")
_SELECTOR_NAMES = re.compile(r"[.#]((?:\\.|[\w-])+)|(?<![\w.#:\\\"'=-])([a-zA-Z][\w-]*)")
_USED = re.compile(r"var\(\s*(--[\w-]+)")
_PROPERTY = re.compile(r"""(?<=[{;])\s*(--[\w-]+)\s*:((?:[^;{}"']|"[^"]*"|'[^']*')*)(;|(?=}))""")
_SHEETS = [
    "basic.css",
    "styles/pydata-sphinx-theme.css",
    "pygments.css",
    "styles/sphinx-book-theme.css",
    "togglebutton.css",
    "copybutton.css",
    "mystnb.*.css",
    "sphinx-design.min.css",
]
_SET_BY_VEGA = {"visible"}  # on a tooltip; the words of its script are too many to keep rules for
_LEFT_OUT = ["styles/theme.css"]  # names basic.css and nothing else


def names_in_page(text: str) -> set[str]:
    """Tags, classes and ids of a page, and the custom properties that it uses."""
    found: set[str] = set(_USED.findall(text))
    for tag, *values in _NAMES.findall(text):
        found.add(tag.lower())
        for value in filter(None, values):
            found.update(value.split())
    return found


def cut(css: str, names: set[str]) -> str:
    """The sheet without the rules that need a class, id or tag that is not in `names`, and without
    custom properties that nothing uses.
    """
    kept = "".join(
        _kept(tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True), names)
    )
    before = ""
    while kept != before:  # a property may be used by one that goes
        before = kept
        kept = _without_unused(kept, names.union(_USED.findall(kept)))
    return re.sub(r"^[^{}]*\{\}\n", "", kept, flags=re.MULTILINE)


def _without_unused(css: str, used: set[str]) -> str:
    return _PROPERTY.sub(lambda found: found[0] if found[1] in used else "", css)


def _kept(rules: Iterable, names: set[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [s for s in _split(tinycss2.serialize(rule.prelude)) if _usable(s, names)]
            if selectors and (body := _squeezed(tinycss2.serialize(rule.content))):
                yield f"{','.join(selectors)}{{{body}}}\n"
        elif (
            rule.type == "at-rule"
            and rule.lower_at_keyword in ("media", "supports", "layer", "container")
            and rule.content is not None
        ):
            inner = "".join(
                _kept(
                    tinycss2.parse_rule_list(
                        rule.content, skip_comments=True, skip_whitespace=True
                    ),
                    names,
                )
            )
            if inner:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}\n"
        elif rule.type == "at-rule" and rule.lower_at_keyword not in (
            "charset",
            "import",
            "font-face",
        ):
            yield rule.serialize() + "\n"


def _split(selectors: str) -> list[str]:
    """Selectors between the commas that are in no bracket."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(selectors):
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0:
            parts.append(selectors[start:place])
            start = place + 1
    return [" ".join(part.split()) for part in [*parts, selectors[start:]]]


def _usable(selector: str, names: set[str]) -> bool:
    bare = selector
    while (
        shorter := re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", bare)
    ) != bare:  # what stands in :not(…), :is(…) or […] may be absent
        bare = shorter
    bare = re.sub(r"::?[\w-]+", "", bare)
    for name, tag in _SELECTOR_NAMES.findall(bare):
        if (name and re.sub(r"\\(.)", r"\1", name) not in names) or (
            tag and tag.lower() not in names
        ):
            return False
    return True


def _squeezed(body: str) -> str:
    return (
        re.sub(
            r"\s*([{};])\s*",
            r"\1",
            re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", body, flags=re.DOTALL)),
        )
        .strip()
        .strip(";")
    )


def icons(script: str, names: Iterable[str]) -> str:
    """Rules that draw the Font Awesome icons among `names` ("fa-bars") as masks in the text's
    colour, from the theme's icon script.
    """
    rules = []
    for name in sorted(names):
        drawn = re.findall(
            rf'[{{,]"?{re.escape(name.removeprefix("fa-"))}"?:\[(\d+),(\d+),\[[^\]]*\],"[0-9a-f]+","([^"]+)"\]',
            script,
        )
        if drawn:
            width, height, path = drawn[-1]  # the solid set is the last one
            svg = (
                f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'><path"
                f" d='{path}'/></svg>"
            )
            address = quote(svg, safe=" =:/'(),")
            rules.append(f'.{name}{{--fa:url("data:image/svg+xml,{address}")}}\n')
    if rules:
        rules.append(
            ".fa-solid,.fas,.fa-regular,.far,.fa-brands,.fab,.fa{display:inline-block;width:1em;height:1em;vertical-align:-.125em;background:currentColor;-webkit-mask:var(--fa)"
            " center/contain no-repeat;mask:var(--fa) center/contain no-repeat}\n"
        )
    return "".join(rules)


def is_needed(filename: str) -> bool:
    """Whether a style sheet that Sphinx would link is needed beside the one sheet: a project's own,
    say.
    """
    return not any(
        Path(filename.partition("?")[0]).match(pattern) for pattern in [*_SHEETS, *_LEFT_OUT]
    )


def finish(app: Sphinx, error: Exception | None) -> None:
    """Write the one sheet for the pages as they are now. What the pages name is kept, so that only
    new ones are read.
    """
    static = Path(app.outdir) / "_static"
    if error or not static.is_dir():
        return
    memory = Path(app.srcdir) / "_build" / ".assets" / "names.json"
    known = json.loads(memory.read_text(encoding="utf-8")) if memory.is_file() else {}
    now = {}
    for page in sorted(Path(app.outdir).rglob("*.html")):
        if "_static" not in page.parts:
            stamp = f"{page.stat().st_mtime_ns} {page.stat().st_size}"
            name = page.relative_to(app.outdir).as_posix()
            now[name] = (
                known[name]
                if known.get(name, [""])[0] == stamp
                else [stamp, sorted(names_in_page(page.read_text(encoding="utf-8")))]
            )
    if now != known:
        memory.write_text(json.dumps(now), encoding="utf-8")
    names = {word for _, words in now.values() for word in words} | _SET_BY_VEGA
    scripts = [
        static / "scripts" / name for name in ("pydata-sphinx-theme.js", "sphinx-book-theme.js")
    ]
    for script in [*scripts, static / "livingreview.js"]:
        names.update(_WORDS.findall(script.read_text(encoding="utf-8")))
    names.update(_USED.findall((static / BUNDLE).read_text(encoding="utf-8")))
    sheets = [
        path.read_text(encoding="utf-8")
        for pattern in _SHEETS
        for path in sorted(static.glob(pattern))
    ]
    sheets.append(
        (memory.parent / "joined" / NAME).read_text(encoding="utf-8")
    )  # in _static it may be the cut one, of a build before
    whole = "\n".join(sheets)
    key = hashlib.sha256("\0".join([whole, *sorted(names)]).encode()).hexdigest()
    kept = memory.with_name(f"sheet-{key[:16]}.css")
    if not kept.is_file():
        for old in memory.parent.glob("sheet-*.css"):
            old.unlink()
        drawings = icons(
            (static / "scripts" / "fontawesome.js").read_text(encoding="utf-8"),
            (n for n in names if n.startswith("fa-")),
        )
        kept.write_text(drawings + cut(whole, names), encoding="utf-8")
    (static / NAME).write_bytes(kept.read_bytes())
