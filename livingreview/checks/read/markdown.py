"""The Markdown of the pages, by the parser that builds the book: tokens that know their line.

markdown-it-py gives every block its lines. Roles, links and HTML within a block have theirs in
`meta["line"]`, counted from the block's first line.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline, html_inline, link
from mdit_py_plugins.myst_role.index import myst_role
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

_InlineRule = Callable[[StateInline, bool], bool]
#: The extensions that tell text from what is none; the others change how text looks.
_TELLING = {
    "amsmath",
    "attrs_block",
    "attrs_inline",
    "colon_fence",
    "deflist",
    "dollarmath",
    "fieldlist",
    "strikethrough",
    "substitution",
    "tasklist",
}


@cache
def parser(extensions: frozenset[str]) -> MarkdownIt:
    """A parser of MyST Markdown with these extensions, as `myst_enable_extensions` names them."""
    config = MdParserConfig(enable_extensions=set(extensions & _TELLING))
    made = create_md_parser(config, RendererHTML)
    for rule in (myst_role, link, html_inline):
        made.inline.ruler.at(rule.__name__, _located(rule))
    return made


def _located(rule: _InlineRule) -> _InlineRule:
    """A rule for inline markup, whose tokens know on which line of the block the markup is.

    A link is where it ends, for there is what it leads to; everything else is where it starts.
    """

    def located(state: StateInline, silent: bool) -> bool:
        start, before = state.pos, len(state.tokens)
        found = rule(state, silent)
        if found and not silent:
            line = state.src.count("\n", 0, state.pos if rule is link else start)
            for token in state.tokens[before:]:
                token.meta.setdefault("line", line)  # what is inside a link has its own
        return found

    return located
