"""What strangers write into the data stays text on the page, and the site's policy lets no script
run that the theme did not put there.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

MARKUP = "<img src=x onerror=window.harmed=1><script>window.harmed=2</script>"
LINK = "[press](javascript:window.harmed=3)"
BREAKOUT = "</script></style></title><script>window.harmed=4</script>"


def put(folder: Path, table: str, **cells: str) -> None:
    """Write `cells` (by column) into the first row of a table."""
    path = folder / "data" / table
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    for column, text in cells.items():
        rows[0][header.index(column)] = text
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def try_to_get_out(project) -> None:
    put(
        project.root,
        "mechanisms.csv",
        label=f"Adenosine {MARKUP}",
        summary=f"One. {BREAKOUT}",
        summary_zh=f"咖啡因 {MARKUP}",
    )
    put(project.root, "glossary.csv", definition=f"{MARKUP} {LINK} {BREAKOUT}")
    put(project.root, "key_messages.csv", message=f"{MARKUP} {LINK}", message_zh=f"咖啡 {BREAKOUT}")
    put(project.root, "gaps.csv", question=f"{LINK} {BREAKOUT}", would_settle=MARKUP)
    put(project.root, "disagreements.csv", title=f"{MARKUP} {BREAKOUT}", take_home=LINK)
    put(project.root, "claims/adenosine-blockade.csv", statement=f"{MARKUP} {BREAKOUT}")
    put(project.root, "evidence/adenosine-blockade.csv", note=f"{MARKUP} {LINK} {BREAKOUT}")
    project.edit(
        "references.bib", "Sleep of mice that were never born", f"Sleep {MARKUP} {BREAKOUT}"
    )
    project.edit(
        "chapters/adenosine-blockade.md",
        "# Adenosine blockade",
        "# Adenosine &lt;img src=x onerror=window.harmed=5&gt; blockade",
    )


@pytest.fixture(scope="session")
def hostile(variant):
    """The toy review, built from data that try to get out of their cells."""
    return variant("hostile", try_to_get_out)


def test_data_cannot_run_anything(hostile, serve, visit):
    """With the policy taken out: only the escaping stands between the data and the browser."""
    browsing = visit(address=serve(hostile.html), bypass_csp=True)
    for page in sorted(hostile.html.rglob("*.html")):
        tab = browsing.open(page.relative_to(hostile.html).as_posix())
        for term in tab.locator(
            "main a:has(.std-term), main .lr-chart, main summary, main a[href*=bibliography]"
        ).all()[:40]:
            if term.is_visible():
                term.hover()
        tab.wait_for_timeout(100)
        assert tab.evaluate("window.harmed") is None, page
        assert not tab.locator("main img[src=x]").count(), page
        assert not tab.locator("[href^='javascript:']").count(), page
    shown = browsing.open("chapters/adenosine-blockade.html").inner_text("main")
    assert MARKUP in shown and "[press](javascript:" in shown


def test_the_search_shows_such_data_as_text(hostile, serve, visit):
    browsing = visit(address=serve(hostile.html), bypass_csp=True)
    tab = browsing.open("chapters/body-clock.html")
    tab.keyboard.press("Control+k")
    for query in ("adenosine", "sleep", "window.harmed", "onerror", "咖啡因"):
        tab.fill("dialog[open] input[name=q]", "")
        tab.fill("dialog[open] input[name=q]", query)
        tab.wait_for_function(
            "q => document.querySelector('.lr-search-all')?.href.endsWith('=' +"
            " encodeURIComponent(q))",
            arg=query,
        )
        assert (
            tab.evaluate("window.harmed") is None
            and not tab.locator("dialog img, dialog script").count()
        ), query
        if query == "adenosine":
            assert MARKUP in tab.inner_text("dialog[open]")


def test_every_page_has_the_policy_before_its_first_script(pages, book):
    for name in pages:
        text = book.page(name)
        assert "Content-Security-Policy" in text.partition("<script")[0], name
        (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
        (scripts,) = re.findall(r"script-src ([^;]*)", policy) or [
            "'self'" if "default-src 'none'" in policy else ""
        ]
        assert (
            "'self'" in scripts
            and "unsafe-inline" not in scripts
            and "'unsafe-eval'" not in scripts
        ), name
        assert not re.findall(r"<[^>]+\son\w+=", text), name


def test_the_policy_stops_inline_scripts_handlers_and_evaluation(visit):
    tab = visit().open("chapters/methods.html")
    tab.evaluate("""() => {
          const script = document.createElement('script');
          script.textContent = 'window.harmed = 1';
          document.body.append(script);
          const image = '<img src="data:," onerror="window.harmed = 2">';
          document.body.insertAdjacentHTML('beforeend', image);
          const link = document.createElement('a');
          link.href = 'javascript:window.harmed=3';
          document.body.append(link);
          link.click();
          try { setTimeout('window.harmed = 4', 0); } catch { /* refused, as it should be */ }
        }""")
    tab.wait_for_timeout(300)
    assert tab.evaluate("window.harmed") is None
