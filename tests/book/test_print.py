"""The print edition and the EPUB, as built from the book's one execution, and as a reader would
find them.

PRINTED=<project folder>: take PDF and EPUB as `make pdf` and `make epub` left them there.
"""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote
from zipfile import ZipFile

import pytest
from filelock import FileLock

NAME = "osteoporosis-mechanisms"


def made(project, *arguments: str) -> str:
    """Run a command of the engine; what it printed."""
    done = project.run("-m", "livingreview", *arguments)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def told(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def letters(text: str) -> str:
    """Letters and digits alone: lines, hyphens and ligatures differ between page and paper."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())


class Printed:
    def __init__(self, root: Path, name: str):
        self.latex = root / "_build" / "latex"
        self.pdf = root / "_build" / "pdf" / f"{name}.pdf"
        self.text = told("pdftotext", self.pdf, "-")
        self.letters = letters(self.text) + letters(
            told("pdftotext", "-layout", self.pdf, "-")
        )  # by columns and by lines
        self.log = (root / "_build" / "logs" / f"{name}.log").read_text(
            encoding="utf-8", errors="replace"
        )
        self.pages = int(re.search(r"Pages:\s+(\d+)", told("pdfinfo", self.pdf))[1])


@pytest.fixture(scope="session")
def press(book, once) -> Callable[[str], Path]:
    """Print the book, once in a run: the folder of the project that holds its PDF or EPUB."""

    def get(kind: str) -> Path:
        if built := os.environ.get("PRINTED"):
            return Path(built).resolve()

        def make(folder: Path) -> None:
            with FileLock(book.root / "_build" / "print.lock"):
                assert not book.executed(made(book, kind)), "chapters were run again for print"
            folder.mkdir()

        once(kind, make)
        return book.root

    return get


@pytest.fixture(scope="session")
def printed(latex, press) -> Printed:
    return Printed(press("pdf"), NAME)


def captions(project) -> list[str]:
    """Numbers and first words of the captions of the website."""
    found = []
    for page in sorted(project.html.rglob("*.html")):
        for number, text in re.findall(
            r'class="caption-number">([^<]*)</span><span'
            r' class="caption-text">(.*?)</span></?(?:p|a|caption|span)',
            page.read_text(encoding="utf-8"),
            re.DOTALL,
        ):
            found.append(letters(number + html.unescape(re.sub(r"<[^>]*>", "", text)))[:40])
    return found


def test_print_has_every_chapter_figure_and_table_under_the_website_s_number(book, printed):
    absent = [c for c in captions(book) if c not in printed.letters]
    assert len(captions(book)) > 250 and not absent
    for page in book.root.glob("chapters/*.md"):
        title = re.search(r"^# (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)[1]
        assert letters(title) in printed.letters, title


def test_print_is_of_a_sane_length_and_says_what_it_is(printed):
    assert 500 <= printed.pages <= 850
    info = told("pdfinfo", printed.pdf)
    assert "Title:           Osteoporosis mechanisms: a living review" in info
    assert "editors" in info and "595.28 x 841.89 pts (A4)" in info
    front = told("pdftotext", "-l", "1", printed.pdf, "-")
    assert "How to cite" in front and "Version" in front and "CC BY 4.0" in front


def test_no_glyph_is_missing_no_line_sticks_out_no_reference_is_lost(printed):
    assert "Missing character" not in printed.log
    assert "\ufffd" not in printed.text
    assert all(sign in printed.text for sign in "βκγ≥µ±⁻₃→−骨§")
    wide = [float(n) for n in re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide", printed.log)]
    assert not [n for n in wide if n > 5]
    assert not re.findall(
        r"Warning: (?:Reference|Citation|Hyper reference).*undefined|multiply[- ]defined|Rerun"
        r" to get",
        printed.log,
    )


def test_all_fonts_are_embedded_and_the_file_is_sound(printed):
    fonts = told("pdffonts", printed.pdf).splitlines()[2:]
    assert len(fonts) > 5
    assert all(line.split()[-5] == "yes" for line in fonts)
    assert "No syntax or stream encoding errors" in told("qpdf", "--check", printed.pdf)


def test_links_inside_the_pdf_lead_somewhere(printed, tmp_path):
    plain = tmp_path / "plain.pdf"
    told("qpdf", "--qdf", "--object-streams=disable", printed.pdf, plain)
    content = plain.read_bytes().decode("latin-1")
    named = re.compile(r"/D(?:est)? ?(\((?:\\.|[^\\)])*\)|<[0-9a-f]*>)")
    wanted = set(named.findall(content))
    tree = set(re.findall(r"^\s+(\((?:\\.|[^\\)])*\)|<[0-9a-f]+>)$", content, re.MULTILINE))
    assert len(wanted) > 1000
    assert not wanted - tree
    assert "/Lang (en-GB)" in content and "??" not in printed.text


def test_every_doi_of_the_bibliography_is_a_link(book, printed, tmp_path):
    plain = tmp_path / "plain.pdf"
    told("qpdf", "--qdf", "--object-streams=disable", printed.pdf, plain)
    linked = {
        unquote(re.sub(r"\\(.)", r"\1", uri))
        for uri in re.findall(
            r"/URI \(https://doi\.org/((?:\\.|[^\\)])*)\)", plain.read_bytes().decode("latin-1")
        )
    }
    known = set(
        re.findall(
            r"^  doi = \{(.*)\},$",
            (book.root / "references.bib").read_text(encoding="utf-8"),
            re.MULTILINE,
        )
    )
    assert len(known) > 300 and not known - linked


def test_the_outline_has_parts_and_chapters_and_the_end_has_abbreviations_and_index(book, printed):
    entries = json.loads(told("qpdf", "--json", "--json-key=outlines", printed.pdf))["outlines"]
    for entry in entries:
        entries += entry["kids"]
    titles = {letters(entry["title"]) for entry in entries}
    assert not [entry["title"] for entry in entries if not entry["dest"]]
    for page in book.root.glob("chapters/*.md"):
        assert (
            letters(re.search(r"^# (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)[1])
            in titles
        )
    assert {"Abbreviations", "Index", "Evidencetables"} <= titles


WORD = re.compile(
    r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>'
)


def test_no_chart_is_cut_or_too_small_to_read(printed):
    source = (printed.latex / f"{NAME}.tex").read_text(encoding="utf-8")
    charts = re.findall(r"\\lrfigure\{([^}]*)\}", source)
    assert len(charts) > 100
    for name in charts:
        words = told("pdftotext", "-bbox", printed.latex / name, "-")
        across, down = (
            float(n) for n in re.search(r'<page width="([\d.]+)" height="([\d.]+)"', words).groups()
        )
        outside = [
            m[5]
            for m in WORD.finditer(words)
            if float(m[1]) < -1
            or float(m[3]) > across + 1
            or float(m[2]) < -3
            or float(m[4]) > down + 3
        ]
        assert not outside, f"{name}: {outside}"


def test_no_heading_stands_alone_at_the_foot_of_a_page(printed):
    pages = re.split(
        r'<page number="(\d+)"', told("pdftohtml", "-xml", "-i", "-stdout", printed.pdf)
    )
    bold, alone = set(), []
    for number, page in zip(pages[1::2], pages[2::2], strict=True):
        bold |= set(
            re.findall(r'<fontspec id="(\d+)" size="1[5-9]" family="[^"]*LinBiolinumOB', page)
        )  # of sections, not of parts
        height = int(re.search(r'height="(\d+)"', page)[1])
        lines = [
            (int(top), font, text)
            for top, font, text in re.findall(
                r'<text top="(-?\d+)".*? font="(\d+)">(.*?)</text>', page
            )
        ]
        lines = [
            line
            for line in lines
            if line[0] < 0.915 * height and letters(re.sub(r"<.*?>", "", line[2]))
        ]  # above the foot
        if lines and max(lines)[1] in bold:
            alone.append((number, max(lines)[2]))
    assert not alone


def test_site_only_words_leave_no_trace(printed):
    for words in (
        "Search the book",
        "Data (CSV)",
        "In words",
        "Under the pointer",
        "scroll the chart",
    ):
        assert letters(words) not in printed.letters, words


def test_a_chapter_alone_keeps_its_numbers_and_brings_its_references(latex, toy_project):
    made(toy_project, "pdf", "--chapter", "body-clock")
    alone = Printed(toy_project.root, "body-clock")
    page = toy_project.page("chapters/body-clock.html")
    numbers = re.findall(r'class="caption-number">([^<]*)<', page)
    assert numbers and all(letters(n) in alone.letters for n in numbers)
    assert (
        "Adenosineblockade"
        not in re.sub(r"\s", "", told("pdftotext", "-l", "1", alone.pdf, "-")).split("Keymessages")[
            0
        ]
    )
    assert 2 <= alone.pages <= 20 and "Bibliography" in alone.text
    assert "??" not in alone.text


def test_equal_sources_make_equal_bytes_and_print_leaves_the_site_s_pages_alone(latex, toy_project):
    toy_project.build()
    made(toy_project, "pdf")
    (pdf,) = (toy_project.root / "_build" / "pdf").glob("*.pdf")
    first = pdf.read_bytes()
    made(toy_project, "pdf")
    assert pdf.read_bytes() == first
    assert "0 added, 0 changed, 0 removed" in toy_project.build(), (
        "after print every page was read again"
    )


def test_an_error_of_latex_is_one_line_that_names_the_page(latex, toy_project):
    toy_project.edit(
        "chapters/body-clock.md",
        "## The evidence",
        "```{raw} latex\n\\nosuchmacro\n```\n\n## The evidence",
    )
    done = toy_project.run("-m", "livingreview", "pdf")
    assert done.returncode == 1
    assert re.search(
        r"^chapters/body-clock: LaTeX: Undefined control sequence.*nosuchmacro",
        done.stderr,
        re.MULTILINE,
    )
    assert "Traceback" not in done.stderr and len(done.stderr.strip().splitlines()) <= 4


def test_without_latex_it_says_first_and_once_what_to_install(unbuilt_toy, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(unbuilt_toy.root), "PATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "livingreview", "pdf"],
        cwd=unbuilt_toy.root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and not done.stdout
    assert "xelatex" in done.stderr and "Traceback" not in done.stderr
    for way in (
        "apt-get install --no-install-recommends texlive-xetex",
        "tlmgr install",
        "brew install",
    ):
        assert done.stderr.count(way) == 1
    assert not (unbuilt_toy.root / "_build").exists()


def test_where_the_pages_fail_the_cause_is_named(latex, toy_project):
    toy_project.edit(
        "_config.yml",
        "livingreview.sphinxext,",
        "no_such_extension, livingreview.sphinxext,",
    )
    done = toy_project.run("-m", "livingreview", "pdf")
    assert (
        done.returncode == 1
        and "no_such_extension" in done.stderr
        and "Traceback" not in done.stderr
    )


def test_an_unknown_chapter_is_named(latex, toy_project):
    done = toy_project.run("-m", "livingreview", "pdf", "--chapter", "tea")
    assert (
        done.returncode == 1 and "no chapter 'tea'" in done.stderr and "body-clock" in done.stderr
    )
    done = toy_project.run("-m", "livingreview", "pdf", "--chapter", "body-clok")
    assert done.returncode == 1 and "Nearest valid value: 'body-clock'" in done.stderr


@pytest.fixture(scope="session")
def epub(press) -> Path:
    return press("epub") / "_build" / "epub" / f"{NAME}.epub"


def test_the_epub_is_valid(epubcheck, epub):
    done = subprocess.run([*epubcheck, epub], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]


def test_the_epub_has_every_part_and_chapter_in_its_contents(epub, book):
    with ZipFile(epub) as archive:
        contents = {name: archive.read(name).decode() for name in ("nav.xhtml", "toc.ncx")}
    pages = {page.stem for page in book.root.glob("chapters/*.md")}
    captions = re.findall(
        r"^ *- caption: (.*)$", (book.root / "_toc.yml").read_text(encoding="utf-8"), re.MULTILINE
    )
    for name, text in contents.items():
        assert pages == set(re.findall(r"chapters/([\w-]+)\.xhtml", text)), name
        assert captions and all(f">{caption}<" in text for caption in captions), name


def test_the_epub_has_every_chart_with_its_words_and_nothing_that_runs(epub, book):
    charts = sum(
        path.read_text(encoding="utf-8").count('class="lr-chart"')
        for path in book.html.rglob("*.html")
    )
    with ZipFile(epub) as archive:
        pages = {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith("html")
        }
        pictures = [
            m
            for page in pages.values()
            for m in re.findall(r'<img alt="([^"]*)" class="lr-chart-image" src="([^"]*)"', page)
        ]
        assert len(pictures) == charts >= 48
        assert all(len(words) > 30 for words, _ in pictures)
        assert {Path(source).name for _, source in pictures} <= {
            Path(name).name for name in archive.namelist()
        }
        assert not [name for name in archive.namelist() if name.endswith(".js")]
    assert not [
        name
        for name, page in pages.items()
        if re.search(r"<(script|button|form|input)\b|\son\w+=", page)
    ]
