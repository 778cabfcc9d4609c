"""Charts before they are in a page: words that fit, colours that can be read, data that stay text,
tables that say the same.
"""

import csv
import io
import re

import pandas as pd
import pytest
from toy import review

from livingreview.derive.network import Link
from livingreview.derive.vocabulary import TABLES, Vocabulary
from livingreview.display import charts, diagram, style
from livingreview.display.figure import _steady
from livingreview.display.layout import Grid, width, wrap

VOCABULARY = Vocabulary.of({name: review().table(name) for name in TABLES})
LABELS = [
    "bone mass",
    "loss of RBPJ → bone marrow mesenchymal stem cell number",
    "species not said: muscle, liver, heart, pancreas and fat",
    "Charatcharoenwitthaya et al. n.d.",
    "“Osteocyte-intrinsic mTORC1 signaling restrains …” n.d.",
    "骨髓间充质干细胞的成骨分化",
]


@pytest.mark.parametrize("room", [60, 112, 146])
@pytest.mark.parametrize("text", LABELS)
def test_wrapped_words_fit_and_are_all_there(text, room):
    lines = wrap(text, room, 12)
    assert all(width(line) <= room or len(line) <= 4 for line in lines), lines
    assert re.sub(r"[\s-]", "", "".join(lines)) == re.sub(r"[\s-]", "", text)


def test_words_wrap_evenly_and_an_arrow_ends_its_line():
    assert wrap("loss of NOTCH2 → bone mass", 146) == ("loss of NOTCH2 →", "bone mass")
    assert wrap("bone mass", 146) == ("bone mass",)
    assert wrap("osteogenic differentiation", 112) == ("osteogenic", "differentiation")
    assert wrap("one two three four five six seven eight nine ten", 60, 2)[-1].endswith("…")


def test_heads_stand_level_where_they_fit_and_lean_where_not():
    names = ["RUNX2", "bone mass"]
    assert not Grid(names, ["Tu et al. 2012", "Zhu et al. 2023"]).leaning
    leaning = Grid(names, ["Tu et al. 2012", "Charatcharoenwitthaya et al. n.d."])
    assert leaning.leaning and leaning.width > leaning.right, (
        "a head that leans has room at the right"
    )
    rows = list(leaning.y.values())
    assert rows == sorted(rows) and min(rows) > leaning.top


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_signs_and_words_have_contrast_in_the_light_and_in_the_dark():
    sheets = style.style_sheet().splitlines()
    light, dark = (dict(re.findall(r"--lr-chart-([\w-]+):(#\w+)", line)) for line in sheets[:2])
    assert set(light) == set(dark) and len(light) >= 9
    for theme, page in ((light, "#ffffff"), (dark, "#121212")):
        for name in ("increased", "decreased", "no-change", "mixed", "not-stated"):
            assert contrast(theme[name], theme["on-fill"]) >= 4.5, name
            assert contrast(theme[name], page) >= 4.5, name
        for name in ("ink", "muted"):
            assert (
                contrast(theme[name], page) >= 4.5 and contrast(theme[name], theme["paper"]) >= 4.5
            ), name
    assert (
        sheets[-1].startswith("@media print")
        and dict(re.findall(r"--lr-chart-([\w-]+):(#\w+)", sheets[-1])) == light
    )


def evidence(**columns) -> pd.DataFrame:
    rows = {
        "target": ["RUNX2", "bone mass", "bone mass"],
        "unsaid": ["caffeine", "caffeine", "caffeine"],
        "reporter_short": ["Zhu 2023", "Zhu 2023", "review [2]"],
        "reporter": ["Zhu 2023", "Zhu 2023", "mokka review §1 [2]"],
        "finding": ["increased", "decreased", "increased"],
        "basis": ["abstract_read", "abstract_read", "reported"],
    }
    return pd.DataFrame(rows | columns)


def forms(figure) -> tuple[str, list[dict]]:
    data, metadata = figure._repr_mimebundle_()
    assert data["application/pdf"][:5] == b"%PDF-"
    return data["text/html"], list(
        csv.DictReader(io.StringIO(metadata["text/csv"].removeprefix("\ufeff")))
    )


def test_a_matrix_names_its_subject_and_gives_its_table():
    page, table = forms(charts.direction_matrix(evidence(), VOCABULARY, title="One title"))
    assert 'fill-opacity="0.06"' in page, "a report is outlined"
    assert "Every row is about caffeine." in page and "One title" in page
    assert [(r["Outcome"], r["Source"], r["Finding"], r["Paper read"]) for r in table] == [
        ("caffeine → RUNX2", "Zhu 2023", "increased", "yes"),
        ("caffeine → bone mass", "Zhu 2023", "decreased", "yes"),
        ("caffeine → bone mass", "review [2]", "increased", "no"),
    ]
    mixed = evidence(
        unsaid=["caffeine", "", ""], target=["RUNX2", "tea → bone mass", "tea → bone mass"]
    )
    page, table = forms(charts.direction_matrix(mixed, VOCABULARY))
    assert "A row without an arrow is about caffeine." in page
    assert {r["Outcome"] for r in table} == {"caffeine → RUNX2", "tea → bone mass"}
    page, table = forms(
        charts.direction_matrix(
            evidence(sex=["female", "not_stated", "not_stated"]), VOCABULARY, columns="sex"
        )
    )
    assert "not_stated" not in page and {r["Sex"] for r in table} == {"female", "not stated"}


def test_the_page_names_the_table_as_the_build_looks_for_it():
    data, metadata = charts.direction_matrix(evidence(), VOCABULARY)._repr_mimebundle_()
    link = style.LINK_TO_TABLE + style.digest(metadata["text/csv"])
    assert data["text/html"].count(link) == 1


def test_a_drawing_for_print_names_its_parts_in_order():
    """Else the same book would be other bytes every time that its chapters are run."""
    data, _ = charts.direction_matrix(evidence(), VOCABULARY)._repr_mimebundle_()
    named = re.findall(rb"(?:^ */[a-z]+\d+ \d+ 0 R\n){2,}", data["application/pdf"], re.MULTILINE)
    assert named and all(lines.splitlines() == sorted(lines.splitlines()) for lines in named)
    assert (
        _steady(b"<<\n  /xo7 23 0 R\n  /xo14 37 0 R\n>>\n")
        == b"<<\n  /xo14 37 0 R\n  /xo7 23 0 R\n>>\n"
    )


HOSTILE = "</script><img src=x onerror=alert(1)>&lt;"


def test_words_from_the_data_stay_words():
    page, table = forms(
        charts.direction_matrix(
            evidence(target=[HOSTILE] * 3, reporter_short=[HOSTILE, "a", "b"]),
            VOCABULARY,
            title=HOSTILE,
        )
    )
    assert "<img" not in page and page.count("</script>") == 1
    assert table[0]["Outcome"] == f"caffeine → {HOSTILE}"


def test_a_drawing_holds_no_colour_of_its_own_and_nothing_unseen():
    link = Link("a", "b", "increased", True, True, ("c1",))
    page, table = forms(
        diagram.diagram(
            [link, Link("b", "c", "not_stated", False, False, ("c2", "c3"))],
            VOCABULARY,
            {"a": "A", "b": "B", "c": "C"},
            "b",
        )
    )
    svg = re.search(r'<svg [^>]*class="marks".*?</svg>', page, re.DOTALL)[0]
    assert not re.findall(r'(?:fill|stroke)="#', svg) and "var(--lr-chart-increased)" in svg
    assert (
        'opacity="0"' not in svg
        and not re.findall(r'(?:d|transform)="[^"]*\d\.\d\d', svg)
        and "aria-" not in svg
    )
    assert [
        (r["From"], r["To"], r["Direction"], r["Contradicted somewhere"], r["Claims"])
        for r in table
    ] == [
        ("A", "B", "increased", "yes", "c1"),
        ("B", "C", "direction not stated", "no", "c2; c3"),
    ]
    assert "A to B: increased (contradicted)" in page
