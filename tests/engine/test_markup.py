"""Data stays text: whatever a cell holds, the page shows it and obeys nothing."""

import ast
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin

from livingreview import display
from livingreview.display.markup import (
    admonition,
    blocks,
    bullets,
    chinese,
    container,
    dropdown,
    escape,
    numbered,
    table,
)

HOSTILE = [
    "<script>alert(1)</script>",
    "{cite}`key`",
    "[text](javascript:alert(1))",
    "*bold* _under_ `code` $x$",
    "+ a list",
    "- a list",
    "1. a list",
    "# a heading",
    "> a quote",
    "| a | table |",
    ":::{note}",
    "https://example.org",
    "a\nb",
    "&lt;b&gt; &amp;",
    "{{ substitution }}",
    "% comment",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_data_is_shown(text):
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(escape(text))
    assert [t.type for t in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    inline = tokens[1].children
    assert {t.type for t in inline} <= {"text", "text_special"}
    assert "".join(t.content for t in inline) == " ".join(text.split())


def test_only_chinese_is_marked_as_chinese():
    assert "language-zh-Hans" in chinese("骨小梁")
    assert chinese("trabecular bone") == "trabecular bone"
    assert chinese("") == ""


def html(text: str) -> str:
    return MarkdownIt("commonmark").use(colon_fence_plugin).render(text)


def test_items_of_a_list_hold_several_blocks():
    text = bullets([blocks("one", "", bullets(["a", "b"])), "two"])
    assert text == "- one\n\n  - a\n  - b\n\n- two"
    assert html(text).count("<li>") == 4 and html(text).count("<ul>") == 2
    assert html(numbered(["x"] * 11)).count("<li>") == 11


def test_a_directive_ends_where_it_should_whatever_it_holds():
    inner = admonition("A title", "A word.", "lr-box")
    text = dropdown("More", blocks(inner, container(bullets(["one"]), "lr-in")))
    outer = [t for t in MarkdownIt().use(colon_fence_plugin).parse(text) if t.type == "colon_fence"]
    assert [t.info.strip() for t in outer] == ["{dropdown} More"]
    assert inner in outer[0].content and "{container} lr-in" in outer[0].content


def test_a_table_has_a_head_and_a_share_of_the_width_for_each_column():
    text = table({"Name": 30, "Number": 70}, [("one", "1"), ("", " ")], "Numbers.", "tab-n")
    assert text.splitlines() == [
        "````{list-table} Numbers.",
        ":name: tab-n",
        ":header-rows: 1",
        ":widths: 30 70",
        ":class: lr-table longtable",
        "",
        "* - Name",
        "  - Number",
        "* - one",
        "  - 1",
        "* - –",
        "  - –",
        "````",
    ]


# A role, a link, a fence, a heading, something strong; what JavaScript and CSS have looks
# otherwise.
SYNTAX = re.compile(
    r"\{[a-z:]+\}`|\]\((?!\?)|^(?::::|```|#+ |- )|\*\*|<\w+ [a-z-]+=|</\w+>", re.MULTILINE
)


def literals(path: Path) -> list[str]:
    """The strings of a module but its docstrings, f-strings without what they put in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    documents = {ast.get_docstring(node, clean=False) for node in nodes}
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    return [text for text in texts if isinstance(text, str) and text not in documents]


def test_only_one_module_writes_markup_and_templates_write_html():
    folder = Path(display.__file__).parent
    written = {
        path.name: found
        for path in folder.rglob("*.py")
        if (found := [text for text in literals(path) if SYNTAX.search(text)])
    }
    assert list(written) == ["markup.py"], written
