"""Pages: one mistake in a chapter or in the contents, one problem."""

from __future__ import annotations

import pytest

from livingreview.checks.model import Role

ADO, CLK, INTRO, BIB = (
    "chapters/adenosine-blockade.md",
    "chapters/body-clock.md",
    "intro.md",
    "chapters/bibliography.md",
)
GLOSSARY, TOC, CONFIG = "chapters/glossary.md", "_toc.yml", "_config.yml"
TERM = "{term}`body clock`"
NOTE = "Nobody drank anything for this review {cite:p}`pfuehl2022`."

CONTENTS = {
    "page missing": (
        [("replace", TOC, "root: intro", "root: introd")],
        TOC, 2, "file", "introd", "no such page", "intro",
    ),
    "page twice": (
        [("append", TOC, "      - file: intro\n")],
        TOC, 13, "file", "intro", "already listed in line 2",
    ),
    "page not listed": (
        [("write", "chapters/tea.md", "# Tea\n")],
        "chapters/tea.md", 0, "", "", "does not list this page",
    ),
    "no format": (
        [("replace", TOC, "format: jb-book\n", "")],
        TOC, 1, "format", "", "format is not given",
    ),
    "another format": (
        [("replace", TOC, "jb-book", "jb-article")],
        TOC, 1, "format", "jb-article", "format is not given",
    ),
    "no first page": (
        [("replace", TOC, "root: intro\n", "")],
        TOC, 1, "root", "", "first page is not given",
    ),
    "contents no YAML": (
        [("replace", TOC, "  - caption: Back", " - caption: Back")],
        TOC, 8, "", "- caption: Back matter", "not YAML",
    ),
    "contents a word": ([("write", TOC, "nothing\n")], TOC, 1, "", "", "not a YAML mapping"),
    "tab in the contents": (
        [("replace", TOC, "root: intro", "root:\tintro")],
        TOC, 2, "", "root:\tintro", "a tab",
    ),
    "configuration no YAML": (
        [("replace", CONFIG, "author: Nobody", "author: Nobody: at all")],
        CONFIG, 2, "", "author: Nobody: at all", "not YAML",
    ),
    "chapter missing": (
        [
            ("replace", TOC, "      - file: chapters/body-clock\n", ""),
            ("replace", ADO, "{doc}`body-clock`", "the clock"),
            ("replace", INTRO, "{doc}`chapters/body-clock`", "the clock"),
            (
                "replace", ADO, "arabica2015{, as told},bohne2021",
                "arabica2015,bohne2021,pfuehl2022",
            ),
            ("delete", CLK),
        ],
        "data/mechanisms.csv", 3, "mechanism", "body-clock", "chapters/body-clock.md is missing",
    ),
}  # fmt: skip

HEADERS = {
    "no header": (
        [
            (
                "replace", GLOSSARY,
                "---\njupytext:\n  text_representation:\n    extension: .md\n    format_name: myst"
                "\nkernelspec:\n  display_name: Python 3\n  language: python\n  name: python3\n---"
                "\n", "",
            ),
        ],
        GLOSSARY, 1, "", "", "no notebook header",
    ),
    "no jupytext": (
        [("replace", CLK, "format_name: myst", "format_name: markdown")],
        CLK, 1, "", "", "no notebook header",
    ),
    "no kernelspec": (
        [("replace", CLK, "kernelspec", "kernel")],
        CLK, 1, "", "", "no notebook header",
    ),
    "header no YAML": (
        [("replace", CLK, "kernelspec:", "kernelspec: [")],
        CLK, 8, "", "language: python", "not YAML",
    ),
    "header not closed": (
        [("write", BIB, "---\ntitle: x\n# Bibliography\n")],
        BIB, 1, "", "---", "not closed",
    ),
}  # fmt: skip

CELLS = {
    "own mechanism not asked for": (
        [("replace", CLK, 'ch = lr.chapter("body-clock")', "ch = lr.book()")],
        CLK, 0, "", "", "never asks for the data of its own mechanism", "body-clock",
    ),
    "other mechanism only": (
        [("replace", CLK, 'lr.chapter("body-clock")', 'lr.chapter("adenosine-blockade")')],
        CLK, 0, "", "", "never asks", "body-clock",
    ),
    "unknown mechanism": (
        [("replace", CLK, 'lr.chapter("body-clock")', "lr.chapter('body-clok')")],
        CLK, 18, "", "body-clok", "no such mechanism", "body-clock",
    ),
    "cell not closed": (
        [("replace", CLK, "ch.key_messages()\n```\n", "ch.key_messages()\n")],
        CLK, 24, "", "```{code-cell} ipython3", "{code-cell} is not closed",
    ),
    "last cell not closed": (
        [("append", CLK, "\n```{code-cell} ipython3\nch.gaps()\n")],
        CLK, 70, "", "```{code-cell} ipython3", "{code-cell} is not closed",
    ),
    "note not closed": (
        [("append", INTRO, "\n:::{note}\nx\n")],
        INTRO, 5, "", ":::{note}", "{note} is not closed",
    ),
    "end without a beginning": (
        [("append", INTRO, "\nx\n\n:::\n")],
        INTRO, 7, "", ":::", "code block is not closed",
    ),
    "backtick in the first line": (
        [("append", INTRO, "\n```{note} of `x`\ny\n```\n")],
        INTRO, 5, "", "```{note} of `x`", "cannot have a backtick",
    ),
    "code not closed": (
        [("append", INTRO, "\n```python\nx\n")],
        INTRO, 5, "", "```python", "code block is not closed",
    ),
    "page of the glossary": (
        [("cell", "data/vocab/categories.csv", "gene", "page", "glossary")],
        "data/vocab/categories.csv", 2, "page", "glossary", "no cell of chapters/glossary.md shows",
    ),
    "cell options no YAML": (
        [("replace", CLK, "    caption: Which way", "   caption: Which: way")],
        CLK, 51, "", "caption: Which: way each source points.", "not YAML",
    ),
}  # fmt: skip

LISTED = '\n```{code-cell} ipython3\nlr.book().unresolved("%s")\n```\n'
REVIEWS = {
    "references of no review": (
        [("append", GLOSSARY, LISTED % "moka")],
        GLOSSARY, 21, "", "moka", "no such review", "mokka",
    ),
    "references that no page lists": (
        [
            ("cell", "data/sources.csv", "siesta", "n_references", "1"),
            (
                "row", "data/citations.csv",
                {
                    "source": "siesta", "reference_number": "1", "status": "unresolved",
                    "confidence": "0", "claim_check": "not_checked",
                },
            ),
            ("cell", "data/evidence/body-clock.csv", "clk-e06", "reference_number", "1"),
            ("append", GLOSSARY, LISTED % "mokka"),
        ],
        "data/sources.csv", 3, "source", "siesta", "no page lists the unresolved references",
    ),
}  # fmt: skip

LINKS = {
    "citation": (
        [("replace", CLK, "{cite:t}`robusta2018`", "{cite:t}`robusta2008`")],
        CLK, 31, "", "robusta2008", "no such key", "robusta2018",
    ),
    "citation among others": (
        [("replace", ADO, "bohne2021`", "bone2021,bohne2021`")],
        ADO, 31, "", "bone2021", "no such key", "bohne2021",
    ),
    "citation in a note": (
        [("replace", CLK, NOTE, NOTE.replace("pfuehl2022", "pfuehl2022,pfuehl"))],
        CLK, 35, "", "pfuehl", "no such key", "pfuehl2022",
    ),
    "citation over two lines": (
        [("replace", CLK, "`robusta2018`", "`robusta2018,\nnobody`")],
        CLK, 31, "", "nobody", "no such key",
    ),
    "term": (
        [("replace", CLK, TERM, "{term}`body clok`")],
        CLK, 31, "", "body clok", "no such term", "body clock",
    ),
    "term under another word": (
        [("replace", ADO, "<sleep latency>", "<sleep latencies>")],
        ADO, 31, "", "sleep latencies", "no such term", "sleep latency",
    ),
    "reference": (
        [("replace", CLK, "<adenosine-blockade>`", "<adenosine-blokade>`")],
        CLK, 32, "", "adenosine-blokade", "no page has this label", "adenosine-blockade",
    ),
    "numbered reference": (
        [
            (
                "replace", ADO, "{numref}`fig-adenosine-blockade-diagram`",
                "{numref}`fig-adenosine-diagram`",
            ),
        ],
        ADO, 32, "", "fig-adenosine-diagram", "no page has this label",
        "fig-adenosine-blockade-diagram",
    ),
    "generated label": (
        [
            (
                "replace", ADO, "{numref}`tab-adenosine-blockade-evidence`",
                "{numref}`tab-adenosine-blockade-evidences`",
            ),
        ],
        ADO, 32, "", "tab-adenosine-blockade-evidences", "no page has this label",
        "tab-adenosine-blockade-evidence",
    ),
    "page": (
        [("replace", ADO, "{doc}`body-clock`", "{doc}`body-clok`")],
        ADO, 33, "", "body-clok", "no such page", "body-clock",
    ),
    "page from the root": (
        [("replace", ADO, "{doc}`body-clock`", "{doc}`/body-clock`")],
        ADO, 33, "", "/body-clock", "no such page", "body-clock",
    ),
    "Markdown link by reference": (
        [("append", INTRO, "\n[the clock]\n\n[the clock]: chapters/clock.md#x\n")],
        INTRO, 5, "", "chapters/clock.md", "no such page", "chapters/body-clock.md",
    ),
    "term in a table": (
        [("append", INTRO, "\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | {term}`body clok` |\n")],
        INTRO, 8, "", "body clok", "no such term", "body clock",
    ),
    "term in a note in a list": (
        [("append", INTRO, "\n- a\n\n  :::{note}\n  b\n  {term}`body clok`\n  :::\n")],
        INTRO, 9, "", "body clok", "no such term", "body clock",
    ),
    "term in the title of a note": (
        [("append", INTRO, "\n:::{admonition} Of {term}`body clok`\nb\n:::\n")],
        INTRO, 5, "", "body clok", "no such term", "body clock",
    ),
    "Markdown link": (
        [("replace", CLK, "(adenosine-blockade.md)", "(adenosine.md)")],
        CLK, 32, "", "adenosine.md", "no such page", "adenosine-blockade.md",
    ),
    "label twice": (
        [("append", INTRO, "\n(Body-Clock)=\n## Again\n")],
        INTRO, 5, "", "Body-Clock", "already set by chapters/body-clock.md:12",
    ),
    "label of the engine": (
        [("append", INTRO, "\n(tab-body-clock-evidence)=\n## Again\n")],
        INTRO, 5, "", "tab-body-clock-evidence", "already set by the engine",
    ),
}  # fmt: skip

FORBIDDEN = {
    "citation in a figure's caption": (
        [
            (
                "replace", CLK, "Which way each source points.",
                "'Which way {cite:p}`robusta2018` points.'",
            ),
        ],
        CLK, 51, "", "robusta2018", "citation inside a caption",
    ),
    "citation in a figure directive": (
        [("append", CLK, "\n```{figure} x.png\n:name: fig-x\n\nSee {cite}`robusta2018`.\n```\n")],
        CLK, 73, "", "robusta2018", "citation inside a caption",
    ),
    "citation in a table's title": (
        [
            (
                "append", CLK,
                "\n:::{list-table} From {cite}`robusta2018`\n:name: tab-x\n\n* - a\n:::\n",
            ),
        ],
        CLK, 70, "", "robusta2018", "citation inside a caption",
    ),
    "citation in a caption in code": (
        [
            (
                "replace", CLK, "ch.direction_matrix()",
                "ch.direction_matrix(caption='{cite}`robusta2018`')",
            ),
        ],
        CLK, 53, "", "robusta2018", "citation inside a caption",
    ),
    "script": (
        [("append", INTRO, "\n<script src='https://x.example/x.js'></script>\n")],
        INTRO, 5, "", "<script", "script of its own",
    ),
    "script in raw HTML": (
        [("append", INTRO, "\n```{raw} html\n<Script>1</script>\n```\n")],
        INTRO, 6, "", "<script", "script of its own",
    ),
    "byte order mark": (
        [("replace", INTRO, "# Coffee", "\ufeff# Coffee")],
        INTRO, 1, "", "", "byte order mark",
    ),
    "CRLF": ([("replace", INTRO, "sleep\n", "sleep\r\n")], INTRO, 1, "", "", "CRLF"),
    "tab": ([("append", INTRO, "\n\tx\n")], INTRO, 5, "", "\tx", "a tab"),
    "merge conflict": (
        [("append", INTRO, "<<<<<<< HEAD\n=======\n>>>>>>> main\n")],
        INTRO, 4, "", "<<<<<<< HEAD", "merge-conflict",
    ),
    "encoding": (
        [("write", INTRO, "# 咖啡与睡眠\n".encode("gb18030"))],
        INTRO, 1, "", "", "reads as GBK",
    ),
}  # fmt: skip

KINDS = {
    "contents": CONTENTS,
    "header": HEADERS,
    "cell": CELLS,
    "review": REVIEWS,
    "link": LINKS,
    "forbidden": FORBIDDEN,
}
MISTAKES = {f"{kind}: {k}": v for kind, cases in KINDS.items() for k, v in cases.items()}


@pytest.mark.parametrize("name", MISTAKES)
def test_one_mistake_is_one_problem(toy, name):
    edits, *expected = MISTAKES[name]
    toy.break_(*edits).says(*expected)


@pytest.mark.parametrize(
    "text",
    [
        "As code: `{cite}`, ``{cite:p}`nobody` `` and ``{term}`nothing` ``.",
        "```\n{cite}`nobody` <script>\n```",
        "```md\n:::{note}\n{ref}`nowhere`\n```",
        "````md\n```{code-cell}\nchapter('x')\n```\n````",
        "```{code-block} python\n:name: code-here\nx\n```\n\n{ref}`see <code-here>`",
        "::::{note}\n:::{tip}\n{cite}`robusta2018`\n:::\n::::",
        "[here]{#here} and {ref}`there <here>`",
        "```{figure} x.png\n---\nname: fig-y\n---\nNothing.\n```\n\n{numref}`Fig {number} <fig-y>`",
        "% a comment {cite}`nobody`",
        "<!-- {cite}`nobody` -->",
        "<div>\n{cite}`nobody`\n</div>",
        "\\{cite}`nobody`",
        "- a list\n\n  ```python\n  {cite}`nobody`\n  ```",
        "`<script>` and \\<script>",
        "{cite:p}`{see}robusta2018{, p. 3}, lungo2020`",
        "{term}`SLEEP latency`",
        "[](chapters/body-clock.md#body-clock) [out](https://example.org/x.md)",
        "{ref}`genindex`",
    ],
)
def test_what_is_right_is_not_reported(toy, text):
    toy.append(INTRO, f"\n{text}\n")
    assert toy.problems() == []


def test_labels_by_attributes_need_their_extension(toy):
    """MyST reads attributes of blocks only where the book enables them."""
    toy.append(INTRO, "\n{#here}\n## Here\n\n{ref}`Here <here>`\n")
    toy.says(INTRO, 8, "", "here", "no page has this label")
    toy.replace(CONFIG, "attrs_inline,", "attrs_inline, attrs_block,")
    assert toy.problems() == []
    toy.append(ADO, "\n(here)=\n## Here\n")
    toy.says(INTRO, 5, "", "here", "already set by chapters/adenosine-blockade.md")


def test_a_directive_that_ends_with_the_one_in_it(toy):
    """Both begin with as many marks: the first end is taken for that of the outer one."""
    toy.append(INTRO, "\n:::{note}\n:::{tip}\nx\n:::\n:::\n")
    toy.says(INTRO, 6, "", ":::{tip}", "{tip} is not closed")
    (problem,) = toy.problems()
    assert problem.fix == "End it with a line :::, and what is around it with ::::."


def test_an_inline_value_needs_the_header_too(toy):
    toy.append(INTRO, "\nThere are {eval}`n` rows.\n")
    toy.says(INTRO, 1, "", "", "no notebook header")


def test_an_unreadable_page_makes_no_noise_elsewhere(toy):
    """Its labels and citations are unknown: nothing is said of what they might have settled."""
    toy.write(ADO, b"---\n\xff\n")
    toy.says(ADO, 2, "", "", "byte 0xFF")


def test_the_parts_of_roles():
    assert Role("cite:p", "{see}a{, p. 3}, b", 1).keys == ["a", "b"]
    assert Role("ref", "what is meant <target>", 1).target == "target"


@pytest.mark.parametrize("label", ["tab-body-clock-errata", "tab-all-gaps", "tab-unresolved-mokka"])
def test_labels_that_the_engine_makes_need_not_be_set(toy, label):
    toy.append(INTRO, f"\n{{numref}}`{label}`\n")
    assert toy.problems() == []
