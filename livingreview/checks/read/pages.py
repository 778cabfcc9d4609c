"""Pages: MyST Markdown taken apart, as far as the checks need it.

Lines only, no Markdown parser: what is prose, what is a code cell, which labels, citations and
captions there are. Text inside code is no prose, so that a page may show how a citation is written.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from ...contract.problems import Problem
from ..model import CodeCell, Located, Role, SourcePage, Toc
from . import text as files
from . import yamltree
from .yamltree import Leaf

#: Directives whose body is not Markdown.
CODE = [
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
]
#: Directives that take their caption as argument, and as body.
TITLED = ("table", "list-table", "csv-table")
FIGURES = ("figure", "figure-md", "subfigure")

_FENCE = re.compile(r"^[\s>]*(?P<mark>`{3,}|:{3,})\s*(?P<info>.*?)\s*$")
_DIRECTIVE = re.compile(r"\{(?P<name>[\w:+.-]+)\}\s*(?P<argument>.*)")
_OPTION = re.compile(r"^\s*:(?P<key>[\w-]+):\s*(?P<value>.*)$")
_WITHIN = r"(?:[^\n]|\n(?![ \t]*\n))+?"  # inline markup ends with its paragraph
_INLINE = re.compile(
    rf"(?:\{{(?P<role>[A-Za-z][\w:+.-]*)\}})?(?<!`)(?P<ticks>`+)(?!`)(?P<text>{_WITHIN})(?<!`)(?P=ticks)(?!`)"
)
_LABEL = re.compile(r"^[\s>]*(?:\((?P<target>[^()\n]+)\)=|\{#(?P<id>[\w:.-]+)[^}]*\})\s*$")
_LINK = re.compile(r"\]\((?P<path>[^()\s#:]+\.md)(?:#[^()\s]*)?\)")
_SCRIPT = re.compile(r"<\s*script\b", re.IGNORECASE)


def roles_in(text: str, first: int = 1) -> list[Role]:
    """All roles in `text`, whose first line is line `first`; code in backticks is passed over."""
    found = []
    for match in _INLINE.finditer(text):
        if match["role"]:
            line = first + text.count("\n", 0, match.start())
            found.append(Role(match["role"], " ".join(match["text"].split()), line))
    return found


def read_all(root: Path, toc: Toc) -> tuple[list[SourcePage], list[Problem]]:
    """Read every Markdown page that the contents list or that is in chapters/."""
    listed = {root / item.file for item in toc.items if item.file.endswith(".md")}
    pages, problems = [], []
    for path in sorted(listed | set(root.glob("chapters/**/*.md"))):
        text = files.read(path, root)
        problems += text.problems
        if text.lines is None:
            pages.append(SourcePage(text.file, complete=False))
            continue
        scanner = _Scanner(text.file, text.lines)
        pages.append(scanner.scan())
        problems += scanner.problems
    return pages, problems


class _Fence(NamedTuple):
    mark: str
    name: str  # of the directive; "" for plain code
    argument: str
    line: int
    code: bool

    def closed_by(self, mark: str) -> bool:
        return mark[0] == self.mark[0] and len(mark) >= len(self.mark)


class _Scanner:
    """Goes through a page line by line, with the fences that are open."""

    def __init__(self, file: str, lines: list[str]) -> None:
        self.lines = lines
        self.page = SourcePage(file)
        self.problems: list[Problem] = []
        self.prose = [""] * len(lines)
        self.open: list[_Fence] = []

    def scan(self) -> SourcePage:
        for number in range(self._front_matter() + 1, len(self.lines) + 1):
            self._line(number, self.lines[number - 1])
        for fence in self.open:
            self._unclosed(fence)
        prose = "\n".join(self.prose)
        self.page.prose = [Located(line, n) for n, line in enumerate(self.prose, 1) if line]
        self.page.roles = roles_in(prose)
        self.page.links = [
            Located(m["path"], prose.count("\n", 0, m.start()) + 1) for m in _LINK.finditer(prose)
        ]
        self.page.caption_roles = [
            Role(role.name, role.text, caption.line)
            for caption in self.page.captions
            for role in roles_in(caption.value)
        ]
        return self.page

    def _front_matter(self) -> int:
        """Read the header; give the number of its last line, 0 where there is none."""
        if not self.lines[0].startswith("---"):
            return 0
        end = next(
            (n for n, line in enumerate(self.lines[1:], 2) if line.startswith(("---", "..."))), 0
        )
        if not end:
            self.page.complete = False
            fix = "Close it with a line ---."
            self.problems.append(
                Problem(self.page.file, 1, "", self.lines[0], "the header is not closed.", fix)
            )
            return 0
        tree, problems = yamltree.parse(self.lines[1 : end - 1], self.page.file, 2)
        self.problems += problems
        header = {leaf.path: leaf.value for leaf in yamltree.leaves(tree)}
        is_myst = header.get(("jupytext", "text_representation", "format_name")) == "myst"
        # a header that is no YAML is one problem; that it lacks the notebook keys would be a second
        # for the same
        self.page.notebook = bool(problems) or (is_myst and ("kernelspec", "name") in header)
        return end

    def _line(self, number: int, line: str) -> None:
        fence = _FENCE.match(line)
        top = self.open[-1] if self.open else None
        if top and fence and not fence["info"] and top.closed_by(fence["mark"]):
            self._close(self.open.pop(), number)
            return
        if top and top.code:
            if not (top.name == "code-cell" and fence and fence["info"].startswith("{")):
                return
            self._unclosed(
                self.open.pop()
            )  # a cell never holds a directive: here the next one starts
        directive = _DIRECTIVE.fullmatch(fence["info"]) if fence else None
        if directive:
            name, argument = directive["name"], directive["argument"].strip()
            self.open.append(_Fence(fence["mark"], name, argument, number, name in CODE))
            self.prose[number - 1] = "" if name in CODE else argument
        elif fence and fence["mark"][0] == "`" and "`" not in fence["info"]:
            self.open.append(_Fence(fence["mark"], "", "", number, True))
        else:
            self._prose(number, line)

    def _prose(self, number: int, line: str) -> None:
        if line.startswith("%"):
            return  # a comment
        self.prose[number - 1] = line
        label = _LABEL.match(line)
        if label:
            self.page.labels.append(Located(label["target"] or label["id"], number))
        if _SCRIPT.search(re.sub(r"`[^`]*`", "", line)):
            self.page.scripts.append(number)

    def _unclosed(self, fence: _Fence) -> None:
        self.page.complete = False
        name = f"{{{fence.name}}}" if fence.name else "code block"
        fix = f"End it with a line {fence.mark}."
        self.problems.append(
            Problem(
                self.page.file,
                fence.line,
                "",
                self.lines[fence.line - 1],
                f"the {name} is not closed.",
                fix,
            )
        )

    def _close(self, fence: _Fence, end: int) -> None:
        """Take note of a directive that ends in line `end`."""
        if not fence.name:
            return
        options, first = self._options(fence, end)
        for name, found in (("name", self.page.labels), ("caption", self.page.captions)):
            found += [Located(o.value, o.line) for o in options if o.path[-1:] == (name,)]
        body = "\n".join(self.lines[first - 1 : end - 1])
        if fence.name == "code-cell":
            roles = [
                role
                for number, line in enumerate(body.split("\n"), first)
                if "caption" in line
                for role in roles_in(line, number)
            ]
            self.page.cells.append(CodeCell(body, first, tuple(roles)))
        elif fence.name in TITLED:
            self.page.captions.append(Located(fence.argument, fence.line))
        elif fence.name in FIGURES:
            self.page.captions += [
                Located(line, first + n) for n, line in enumerate(body.split("\n"))
            ]
        elif fence.name == "raw":
            self.page.scripts += [
                first + n for n, line in enumerate(body.split("\n")) if _SCRIPT.search(line)
            ]

    def _options(self, fence: _Fence, end: int) -> tuple[list[Leaf], int]:
        """The options of a directive, in either notation, and the line after them."""
        first = fence.line + 1
        body = self.lines[first - 1 : end - 1]
        if body and body[0].strip() == "---":
            close = next((n for n, line in enumerate(body[1:], 1) if line.strip() == "---"), 0)
            if close:
                tree, problems = yamltree.parse(body[1:close], self.page.file, first + 1)
                self.problems += problems
                return list(yamltree.leaves(tree, first + 1)), first + close + 1
        options = []
        for line in body:
            option = _OPTION.match(line)
            if not option:
                break
            options.append(Leaf((option["key"],), option["value"].strip(), first))
            first += 1
        return options, first
