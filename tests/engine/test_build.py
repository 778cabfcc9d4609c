"""Builds of the toy review: what runs, what does not, and what is left when a chapter fails."""

import re


def tree(folder):
    """Every file below a folder with its bytes."""
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_review_on_another_subject_builds_without_a_warning(built_toy):
    page = built_toy.page("chapters/body-clock.html")
    assert 'class="lr-chart"' in page and "<svg" in page
    assert 'href="bibliography.html#' in page
    assert "Cited in" in built_toy.page("chapters/bibliography.html")
    assert "jsdelivr" not in page
    assert "that moves the clock also hides tiredness" in page and "Both name" in page
    assert "no better than very low certainty" in built_toy.page("chapters/across.html")


def test_an_edit_runs_exactly_the_chapters_that_depend_on_it(built_toy, toy_project):
    first = built_toy.executed(built_toy.log)
    assert {"chapters/adenosine-blockade", "chapters/body-clock"} <= first
    assert toy_project.executed(toy_project.build()) == set()

    # a cell of one mechanism's evidence; the page across the reviews counts all of it
    across = "chapters/across"
    evidence = "data/evidence/body-clock.csv"
    before = toy_project.page("chapters/body-clock.html")
    text = (toy_project.root / evidence).read_text(encoding="utf-8")
    header, row, *rest = text.splitlines()
    columns = header.split(",")
    cells = row.split(",")
    cells[columns.index("duration")] = "seventeen nights"
    (toy_project.root / evidence).write_text(
        "\n".join([header, ",".join(cells), *rest]) + "\n", encoding="utf-8"
    )
    assert toy_project.executed(toy_project.build()) == {"chapters/body-clock", across}
    assert "seventeen nights" in toy_project.page("chapters/body-clock.html")
    assert "seventeen nights" not in before

    # a file that is new on disk but says the same: nothing runs
    (toy_project.root / evidence).touch()
    assert toy_project.executed(toy_project.build()) == set()

    # an entry of the bibliography that both chapters' rows cite (one of them through a
    # disagreement)
    toy_project.edit("references.bib", "Crema", "Cremona")
    assert toy_project.executed(toy_project.build()) == {
        "chapters/body-clock",
        "chapters/adenosine-blockade",
    }
    assert "Cremona" in toy_project.page("chapters/body-clock.html")
    assert "Cremona" in toy_project.page("chapters/bibliography.html")

    # an entry that only citations show: no cell depends on it, the pages show it all the same
    toy_project.edit("references.bib", "hl, Paula", "hlmann, Paula")
    assert toy_project.executed(toy_project.build()) == set()
    for page in ("chapters/body-clock.html", "chapters/across.html"):
        assert "ühlmann" in toy_project.page(page)

    # a definition: the glossary alone
    row = (toy_project.root / "data/glossary.csv").read_text(encoding="utf-8").splitlines()[1]
    toy_project.edit("data/glossary.csv", row.split(",")[3][:12], "An altogether new wording")
    assert "chapters/glossary" in toy_project.executed(toy_project.build())
    assert "An altogether new wording" in toy_project.page("chapters/glossary.html")

    # the engine: everything
    path = toy_project.root / "livingreview" / "display" / "markup.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n# touched\n", encoding="utf-8")
    assert toy_project.executed(toy_project.build()) == first


def test_equal_code_in_two_chapters_gives_two_results_and_own_files_are_watched(toy_project):
    chapter = toy_project.root / "chapters" / "glossary.md"
    header = chapter.read_text(encoding="utf-8").split("\n# ")[0]
    for folder, word in (("one", "first word"), ("two", "second word")):
        (toy_project.root / folder).mkdir()
        (toy_project.root / folder / "note.txt").write_text(word, encoding="utf-8")
        (toy_project.root / folder / "page.md").write_text(
            header + "\n# " + folder + "\n\n```{code-cell}\nprint(open('note.txt').read())\n```\n",
            encoding="utf-8",
        )
    toy_project.edit(
        "_toc.yml",
        "      - file: chapters/body-clock\n",
        "      - file: chapters/body-clock\n      - file: one/page\n      - file: two/page\n",
    )
    toy_project.build()
    assert "first word" in toy_project.page("one/page.html")
    assert "second word" in toy_project.page("two/page.html")
    (toy_project.root / "two" / "note.txt").write_text("third word", encoding="utf-8")
    assert toy_project.executed(toy_project.build()) == {"two/page"}
    assert "third word" in toy_project.page("two/page.html")


def test_a_failing_chapter_stops_the_build_and_leaves_the_last_site(toy_project):
    before = tree(toy_project.html)
    chapter = toy_project.root / "chapters" / "body-clock.md"
    good = chapter.read_text(encoding="utf-8")

    chapter.write_text(
        good.replace("ch.key_messages()", "ch.key_messages()\n1 / 0"), encoding="utf-8"
    )
    toy_project.edit("chapters/adenosine-blockade.md", "ch.key_messages()", "ch.key_mesages()")
    done = toy_project.run("-m", "livingreview", "build")
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert (
        "chapters/body-clock.md:" in said
        and "ZeroDivisionError: division by zero. Fix: correct the code of this cell" in said
    )
    assert (
        "chapters/adenosine-blockade.md:" in said
        and "Nearest valid value: 'key_messages'. Fix: correct the name" in said
    ), "all at once"
    assert "Traceback" not in said
    assert tree(toy_project.html) == before

    toy_project.edit("chapters/adenosine-blockade.md", "ch.key_mesages()", "ch.key_messages()")
    toy_project.edit("_config.yml", "timeout: 15", "timeout: 2")
    chapter.write_text(good.replace("ch.key_messages()", "while True: pass"), encoding="utf-8")
    done = toy_project.run("-m", "livingreview", "build")
    assert done.returncode == 1
    assert "did not finish in time" in done.stdout + done.stderr
    assert tree(toy_project.html) == before

    chapter.write_text(good, encoding="utf-8")
    toy_project.build()


def test_bad_data_stops_the_build_before_anything_runs(unbuilt_toy):
    unbuilt_toy.edit("data/evidence/body-clock.csv", "supports", "suports")
    done = unbuilt_toy.run("-m", "livingreview", "build")
    assert done.returncode == 1
    assert (
        "data/evidence/body-clock.csv:" in done.stderr
        and "Nearest valid value: 'supports'" in done.stderr
    )
    assert "Traceback" not in done.stderr
    assert not unbuilt_toy.html.exists()


def test_the_first_use_of_a_name_is_linked_to_the_glossary_and_no_other(toy_project):
    prose = (
        "The receptor waits. Sleep Latency, SOL or sol, sleep latency; `adenosine` in code, then"
        " adenosine in words.\n"
    )
    toy_project.edit("chapters/body-clock.md", "## The evidence", f"{prose}\n## The evidence")
    toy_project.build()

    def linked() -> list[str]:
        paragraph = re.search(
            r"<p>The (?:(?!</p>).)* waits.*?</p>",
            toy_project.page("chapters/body-clock.html"),
            re.DOTALL,
        )[0]
        return re.findall(
            r'href="glossary.html#term-[^"]*"[^>]*><span class="[^"]*">([^<]*)</span>', paragraph
        )

    assert linked() == ["Sleep Latency", "adenosine"]

    # a new term links on pages that nobody touched
    toy_project.edit(
        "data/glossary.csv",
        "adenosine,腺苷",
        "receptor,受体,,Where signals sit.,信号所在之处。,adora2a,true\nadenosine,腺苷",
    )
    assert toy_project.executed(toy_project.build()) == {
        "chapters/glossary",
        "chapters/adenosine-blockade",
    }
    assert linked() == ["receptor", "Sleep Latency", "adenosine"]


def test_a_table_that_cannot_be_read_stops_the_build_and_names_the_chapter(toy_project):
    toy_project.edit("data/glossary.csv", "adenosine,腺苷", "adenosine,腺苷,one,cell,too,many")
    failed = (
        toy_project.jupyter_book()
    )  # fails the test where a kernel is left running: the process would not end
    assert failed.returncode
    assert "chapters/glossary.md:" in failed.stdout + failed.stderr
    assert "Handler <function" not in failed.stdout + failed.stderr
