"""Data stays text: whatever a cell holds, the page shows it and obeys nothing."""

import pytest
from markdown_it import MarkdownIt

from livingreview.display.markup import chinese, escape

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
