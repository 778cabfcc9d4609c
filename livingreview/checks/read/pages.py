"""Pages: MyST Markdown taken apart, as far as the checks need it.

What is text, what is a code cell, which labels, citations, links and captions there are. What
stands in code is no text, so that a page may show how a citation is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ...contract.problems import Problem
from ..model import CodeCell, Located, Role, SourcePage, Toc
from . import text, yamltree
from .markdown import parser
from .yamltree import Leaf

#: Directives whose body is not Markdown.
CODE = {
    "code-cell",
    "code-block",
    "code",
    "sourcecode",
    "literalinclude",
    "math",
    "raw",
    "mermaid",
    "graphviz",
    "eval-rst",
    "parsed-literal",
    "prompt",
    "doctest",
}
#: Directives that take their caption as argument, and as body.
TITLED = {"table", "list-table", "csv-table"}
FIGURES = {"figure", "figure-md", "subfigure"}

_MAX_DEPTH = 20  # of directives in directives; a page of openings alone would go on forever
_DIRECTIVE = re.compile(r"\{(?P<name>[\w:+.-]+)\}\s*(?P<argument>.*)")
_OPENING = re.compile(r"\s*(`{3,}|:{3,})\s*\{")
_MISREAD = re.compile(r"`{3,}\s*\{[\w:+.-]+\}")
_OPTION = re.compile(r"\s*:(?P<key>[\w-]+):\s*(?P<value>.*)")
_PAGE = re.compile(r"(?P<path>[^\s#:]+\.md)(#.*)?")
_SCRIPT = re.compile(r"<\s*script\b", re.IGNORECASE)


def read_all(
    root: Path, toc: Toc, extensions: frozenset[str]
) -> tuple[list[SourcePage], list[Problem]]:
    """Every Markdown page that the contents list or that is in chapters/, and what is wrong."""
    listed = {root / item.file for item in toc.items if item.file.endswith(".md")}
    pages, problems = [], []
    for path in sorted(listed | set(root.glob("chapters/**/*.md"))):
        file = text.read(path, root)
        problems += file.problems
        if file.lines is None:
            pages.append(SourcePage(file.file, complete=False))
            continue
        reader = _Reader(file.file, file.lines, parser(extensions))
        pages.append(reader.read())
        problems += reader.problems
    return pages, problems


class _Fence(NamedTuple):
    """A fenced block: mark, line and what follows the mark; its lines; whether its end is there."""

    mark: str
    line: int
    info: str
    body: list[str]
    closed: bool

    @property
    def directive(self) -> tuple[str, str]:
        """Name and argument; an empty name for code."""
        match = _DIRECTIVE.fullmatch(self.info)
        return (match["name"], match["argument"].strip()) if match else ("", "")


class _Reader:
    """Takes one page apart."""

    def __init__(self, file: str, lines: list[str], parser: MarkdownIt) -> None:
        self.page = SourcePage(file)
        self.problems: list[Problem] = []
        self._lines = lines
        self._parser = parser
        self._env: dict[str, Any] = {}  # the targets of links, for the page as a whole
        self._prose: dict[int, str] = {}
        self._left_over = 0  # ends of blocks that the parser has taken for those of others

    def read(self) -> SourcePage:
        """The page; what is wrong with it stands in `problems`."""
        self._blocks(self._lines, 1)
        self.page.prose = [Located(self._prose[n], n) for n in sorted(self._prose)]
        return self.page

    def _problem(self, line: int, what: str, fix: str) -> None:
        """Say what is wrong with a line that leaves the page in parts that cannot be told apart."""
        self.page.complete = False
        self.problems.append(self.page.problem(line, self._lines[line - 1], what, fix))

    def _header(self, token: Token) -> None:
        """The header of the file: what the first token is, where its first line opens one."""
        if token.type != "front_matter" or token.map is None:
            self._problem(1, "the header is not closed.", "Close it with a line ---.")
            return
        tree, problems = yamltree.parse(self._lines[1 : token.map[1] - 1], self.page.file, 2)
        self.problems += problems
        header = {leaf.path: leaf.value for leaf in yamltree.leaves(tree)}
        is_myst = header.get(("jupytext", "text_representation", "format_name")) == "myst"
        # that a header which is no YAML lacks the notebook keys would be a second problem for one
        self.page.notebook = bool(problems) or (is_myst and ("kernelspec", "name") in header)

    def _blocks(self, lines: list[str], first: int, within: tuple[_Fence, ...] = ()) -> None:
        """Take blocks apart. first: the line of the first. within: the directives around them."""
        line = first
        tokens = self._parser.parse(_joined(lines), self._env)
        if first == 1 and lines[0].startswith("---"):
            self._header(tokens[0])
        for token in tokens:
            line = first + token.map[0] if token.map else line
            if token.type == "inline":
                self._paragraph(token, line)
            elif token.type in ("fence", "colon_fence"):
                self._fence(_fence(token, line), within)
            elif token.type == "html_block":
                self._html(token.content.split("\n"), line)
            elif token.type == "myst_target":
                self.page.labels.append(Located(token.content, line))
            if "id" in token.attrs:
                self._id(str(token.attrs["id"]), line)

    def _paragraph(self, token: Token, line: int) -> None:
        """Text of a paragraph, a heading, a cell of a table or their like."""
        children = token.children or []
        if _MISREAD.match(token.content) and children[0].type != "code_inline":
            what = "a fence of backticks cannot have a backtick in its first line."
            self._problem(line, what, "Begin and end it with ::: instead.")
            self._left_over += 1
        for number in range(line, line + token.content.count("\n") + 1):
            self._prose[number] = self._lines[number - 1]
        self._inline(children, line)

    def _text(self, value: str, line: int) -> None:
        """Text in the first line or in an option of a directive."""
        for token in self._parser.parseInline(value, self._env):
            self._inline(token.children or [], line)

    def _inline(self, tokens: Iterable[Token], first: int) -> None:
        self.page.roles += _roles(tokens, first)
        for token in tokens:
            line = first + token.meta.get("line", 0)
            if token.type == "link_open":
                if match := _PAGE.fullmatch(unquote(str(token.attrs.get("href", "")))):
                    self.page.links.append(Located(match["path"], line))
            elif token.type == "html_inline":
                self._html([token.content], line)
            if "id" in token.attrs:
                self._id(str(token.attrs["id"]), line)

    def _id(self, name: str, line: int) -> None:
        """A label that is set by attributes, in this line, or in one above the block."""
        above = range(line, 0, -1)
        found = (
            n for n in above if re.search(rf"\{{[^}}]*#{re.escape(name)}\b", self._lines[n - 1])
        )
        self.page.labels.append(Located(name, next(found, line)))

    def _html(self, lines: list[str], first: int) -> None:
        self.page.scripts += [n for n, line in enumerate(lines, first) if _SCRIPT.search(line)]

    def _fence(self, fence: _Fence, within: tuple[_Fence, ...]) -> None:
        name, argument = fence.directive
        if name == "code-cell":
            # a cell never holds a directive: where one starts, the cell should have ended
            starts = (n for n, line in enumerate(fence.body) if _OPENING.match(line))
            if (start := next(starts, None)) is not None:
                self._unclosed(fence, within)
                end = fence.line + len(fence.body) + fence.closed
                first = fence.line + 1 + start
                self._blocks(self._lines[first - 1 : end], first, within)
                return
        if not fence.closed:
            self._unclosed(fence, within)
        if not name:
            return
        options: list[Leaf] = []
        body = fence.body
        if fence.closed:
            options, body = self._options(fence)
            self._directive(fence, options, body)
        if name not in CODE:
            if argument:
                self._prose[fence.line] = argument
            self._text(argument, fence.line)
            for option in options:
                self._text(option.value, option.line)
            if body and len(within) < _MAX_DEPTH:
                self._blocks(body, _first(fence, body), (*within, fence))

    def _unclosed(self, fence: _Fence, within: tuple[_Fence, ...]) -> None:
        name, _ = fence.directive
        if not name and self._left_over:
            return
        fix = f"End it with a line {fence.mark}."
        around = within[-1] if within else None
        if around and around.closed and fence.mark.startswith(around.mark):
            # the end of this block was taken for that of the one around it
            self._left_over += 1
            longer = fence.mark + fence.mark[0]
            fix = f"End it with a line {fence.mark}, and what is around it with {longer}."
        self._problem(
            fence.line, f"the {f'{{{name}}}' if name else 'code block'} is not closed.", fix
        )

    def _directive(self, fence: _Fence, options: list[Leaf], body: list[str]) -> None:
        """Take note of labels, captions and code of a directive."""
        name, argument = fence.directive
        first = _first(fence, body)
        named = [Located(o.value, o.line) for o in options if o.path[-1:] == ("name",)]
        captions = [Located(o.value, o.line) for o in options if o.path[-1:] == ("caption",)]
        if name == "code-cell":
            spoken = ((n, line) for n, line in enumerate(body, first) if "caption" in line)
            roles = tuple(role for n, line in spoken for role in self._roles_in(line, n))
            self.page.cells.append(CodeCell("\n".join(body), first, roles))
        elif name == "raw":
            self._html(body, first)
        elif name in TITLED:
            captions.append(Located(argument, fence.line))
        elif name in FIGURES:
            captions += [Located(line, n) for n, line in enumerate(body, first)]
        self.page.labels += named
        self.page.captions += captions
        self.page.caption_roles += [
            role._replace(line=caption.line)
            for caption in captions
            for role in self._roles_in(caption.value, caption.line)
        ]

    def _roles_in(self, value: str, line: int) -> Iterator[Role]:
        for token in self._parser.parseInline(value, self._env):
            yield from _roles(token.children or [], line)

    def _options(self, fence: _Fence) -> tuple[list[Leaf], list[str]]:
        """The options of a directive, in either notation, and the lines after them."""
        body, first = fence.body, fence.line + 1
        if body and body[0].strip() == "---":
            close = next((n for n, line in enumerate(body[1:], 1) if line.strip() == "---"), 0)
            if close:
                tree, problems = yamltree.parse(body[1:close], self.page.file, first + 1)
                self.problems += problems
                return list(yamltree.leaves(tree, first + 1)), body[close + 1 :]
        options: list[Leaf] = []
        for line in body:
            option = _OPTION.fullmatch(line)
            if not option:
                break
            place = first + len(options)
            options.append(Leaf((option["key"],), option["value"].strip(), place))
        return options, body[len(options) :]


def _joined(lines: list[str]) -> str:
    """Lines as text. A stray carriage return, which is reported, would be a line to the parser."""
    return "\n".join(lines).replace("\r", " ") + "\n"


def _fence(token: Token, line: int) -> _Fence:
    body = token.content.split("\n")[:-1]
    height = token.map[1] - token.map[0] if token.map else 0
    return _Fence(token.markup, line, token.info.strip(), body, height == len(body) + 2)


def _first(fence: _Fence, body: list[str]) -> int:
    """The line on which the body, which is the end of what the fence holds, starts."""
    return fence.line + 1 + len(fence.body) - len(body)


def _roles(tokens: Iterable[Token], first: int) -> Iterator[Role]:
    for token in tokens:
        if token.type == "myst_role":
            words = " ".join(token.content.split())
            yield Role(token.meta["name"], words, first + token.meta.get("line", 0))
