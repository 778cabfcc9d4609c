"""The one style sheet: rules stay that some page can use, and only those."""

import re

from livingreview.sphinxext.stylesheet import cut, icons, names_in_page

PAGE = '<nav class="menu open" id=top><a href="x">x</a></nav><button type="button">y</button>'


def test_rules_stay_whose_names_are_all_on_a_page():
    names = names_in_page(PAGE)
    sheet = """
    .menu a { color: red; } .menu .absent { color: blue; } #top > button, .absent { margin: 0 }
    video { width: 1px } nav:not(.absent):hover { top: 0 } [data-theme=dark] .open { left: 0 }
    @media print { .absent { a: b } .open { right: 0 } } @media screen { .absent { a: b } }
    @font-face { font-family: X; src: url(x.woff2) } @keyframes turn { to { rotate: 1turn } }
    """
    kept = re.sub(r"\s+", " ", cut(sheet, names))
    for rule in (
        ".menu a{color: red}",
        "#top > button{margin: 0}",
        "nav:not(.absent):hover{top: 0}",
        "[data-theme=dark] .open{left: 0}",
        "@keyframes",
    ):
        assert rule in kept, rule
    for gone in (".menu .absent", "video", "font-face", "screen"):
        assert gone not in kept, gone
    assert "print {.open{right: 0}" in kept


def test_custom_properties_stay_that_a_page_or_a_kept_rule_uses():
    names = names_in_page(PAGE + '<path fill="var(--mark)"/>')
    sheet = """
    :root { --mark: red; --edge: var(--base); --base: blue; }
    :root { --lost: var(--deep); --deep: url("data:x;y}") }
    html { --alone: 1; --other: 2 } .menu { border-color: var(--edge, none); }
    .absent { color: var(--other) }
    """
    kept = cut(sheet, names | {"html"})
    assert set(re.findall(r"(--\w+):", kept)) == {"--mark", "--edge", "--base"}
    assert "html" not in kept and ".menu{border-color: var(--edge, none)}" in kept


def test_icons_are_drawn_from_the_last_set_that_has_them():
    script = (
        '{"bars":[1,2,[],"f0c9","M0 0z"],sun:[5,6,[],"f185","M3'
        ' 3z"],bars:[448,512,["navicon"],"f0c9","M1 1z"]}'
    )
    rules = icons(script, ["fa-bars", "fa-solid"])
    assert (
        ".fa-bars{" in rules
        and "M1 1z" in rules
        and "M0 0z" not in rules
        and ".fa-sun" not in rules
    )


def test_a_new_look_reaches_the_site_and_a_build_of_nothing_leaves_it_alone(toy_project):
    sheet = toy_project.html / "_static" / "livingreview.css"
    first = sheet.read_text(encoding="utf-8")
    page = toy_project.page("chapters/across.html")
    toy_project.build()
    assert (
        sheet.read_text(encoding="utf-8") == first
        and toy_project.page("chapters/across.html") == page
    )
    toy_project.edit(
        "livingreview/theme/styles/page.css", ".lr-note {", ".lr-note { letter-spacing: 0.123em;"
    )
    toy_project.build()
    assert "0.123em" in sheet.read_text(encoding="utf-8")
    assert toy_project.page("chapters/across.html") != page, "pages name the sheet by its content"
