"""Chapters reach MyST-NB with their stored outputs, by documented hooks alone."""

import json
import re

HEADER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---
"""
# In a process of its own: what modules, classes and the builds' own objects of other packages hold
# after builds of the site, for print and of an EPUB, and whose code is this engine's; and which
# listeners of others to Sphinx's events are gone.
FOREIGN = """
import gc, sys, types
from functools import partial
from pathlib import Path
from click.testing import CliRunner
from jupyter_book.cli.main import main
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment

def home(value):
    value = value.func if isinstance(value, partial) else value
    is_code = isinstance(value, (types.FunctionType, types.MethodType, type))
    return str(value.__module__ if is_code else type(value).__module__)

def look_at(name, holder):
    for attribute, value in list(vars(holder).items()):
        ours = home(value).startswith("livingreview") and not isinstance(value, types.ModuleType)
        if ours and not isinstance(value, Builder):
            print("REPLACED", name, getattr(holder, "__qualname__", ""), attribute)

def listeners(build):
    found = {}
    for event, every in build.events.listeners.items():
        found[event] = sorted(str(each.handler.__module__) for each in every)
    return {e: [m for m in every if not m.startswith("livingreview")] for e, every in found.items()}

connected = []
connect = Sphinx.connect
def counted(self, event, callback, priority=500):
    connected.append((event, str(callback.__module__)))
    return connect(self, event, callback, priority)
Sphinx.connect = counted

for options, made in (
    ([], "html/intro.html"),
    (["--builder", "latex"], "latex/coffee-and-sleep.tex"),
    (["--builder", "custom", "--custom-builder", "epub"], "epub/coffee-and-sleep.epub"),
):
    connected.clear()
    done = CliRunner().invoke(main, ["build", ".", *options])
    assert Path("_build", made).is_file(), done.output
    builds = [each for each in gc.get_objects() if isinstance(each, (Sphinx, BuildEnvironment))]
    for each in builds:
        look_at(type(each).__name__, each)
    (build,) = [each for each in builds if isinstance(each, Sphinx) and each.builder.name in made]
    others = [(event, module) for event, module in connected if not module.startswith("living")]
    for event, module in others:
        if module not in listeners(build)[event]:
            print("REMOVED", event, module)
    print("BUILT", made)

Sphinx.connect = connect
for name, module in sorted(sys.modules.items()):
    if not name.startswith(("livingreview", "__main__")):
        look_at(name, module)
        for value in list(vars(module).values()):
            if isinstance(value, type) and value.__module__ == name:
                look_at(name, value)
"""


def add_page(project, name: str, text: str) -> None:
    (project.root / "chapters" / name).write_text(text, encoding="utf-8")
    place = "      - file: chapters/body-clock\n"
    project.edit("_toc.yml", place, f"{place}      - file: chapters/{name.rpartition('.')[0]}\n")


def lines_of(log: str) -> set[tuple[str, int]]:
    """File and line of every warning."""
    return {(file, int(line)) for file, line in re.findall(r"chapters/(\S+?):(\d+): WARNING", log)}


def test_nothing_of_another_package_is_replaced(toy_project):
    done = toy_project.run("-c", FOREIGN)
    assert done.stdout.count("BUILT") == 3, done.stderr
    assert "REPLACED" not in done.stdout
    assert "REMOVED" not in done.stdout


def test_values_in_the_text_are_those_of_the_run(toy_project):
    cell = 'n = 3\nword = "it\'s α"\npath = "a\\\\b"\nshare = 0.25\n'
    text = "In {eval}`n` of {eval}`share` **{eval}`word`**, {eval}`path`.\n\n## Of {eval}`n`\n"
    page = f"{HEADER}\n# Values\n\n```{{code-cell}}\n{cell}```\n\n{text}"
    add_page(toy_project, "values.md", page)
    toy_project.build()
    shown = toy_project.page("chapters/values.html")
    for value in ("3", "0.25", "it’s α", "a\\b"):
        assert f'<span class="output text_plain">{value}</span>' in shown
    assert re.search(r'<h2>(<[^>]*>)*Of <span class="output text_plain">3</span>', shown)
    (given,) = toy_project.html.glob("_notebooks/chapters/values.ipynb")
    assert "In 3 of 0.25 **it's α**, a\\b." in given.read_text(encoding="utf-8").replace(
        "\\\\", "\\"
    )


def test_a_value_that_is_no_text_stops_the_build_at_its_line(toy_project):
    cell = "import pandas as pd\nframe = pd.DataFrame({'a': [1]})\nnothing = None"
    text = "{eval}`frame`\n\n{eval}`nothing`\n\n{eval}`absent`\n"
    add_page(
        toy_project, "values.md", f"{HEADER}\n# Values\n\n```{{code-cell}}\n{cell}\n```\n\n{text}"
    )
    done = toy_project.jupyter_book()
    said = done.stdout + done.stderr
    assert done.returncode
    assert "chapters/values.md:20: {eval}`frame`: its value is text/html, text/plain. Fix: " in said
    assert "chapters/values.md:22: {eval}`nothing`: its value is nothing. Fix: " in said
    assert (
        "chapters/values.md:24: {eval}`absent`: NameError: name 'absent' is not defined. Fix: "
        in said
    )


def test_warnings_name_the_line_in_chapters_and_in_pages_without_cells(toy_project):
    cell = "```{code-cell}\n1\n```\n"
    add_page(toy_project, "chapter.md", f"{HEADER}\n# Chapter\n\n{cell}\n{{none}}`a`\n")
    add_page(toy_project, "plain.md", "# Plain\n\n{none}`a`\n\n{eval}`b`\n\n```{none}\n```\n")
    add_page(
        toy_project, "front.md", "---\ntocdepth: 2\ndate: 2026-01-01\n---\n\n# F\n\n{none}`a`\n"
    )
    add_page(toy_project, "broken.md", "---\na: [\n---\n# B\n\n{none}`a`\n")
    add_page(toy_project, "headless.md", f"# Without a header\n\n{cell}")
    done = toy_project.run("-c", "from jupyter_book.cli.main import main; main()", "build", ".")
    assert done.returncode == 0, done.stderr
    assert lines_of(done.stderr) == {
        ("chapter.md", 18),
        ("plain.md", 3),
        ("plain.md", 5),
        ("plain.md", 7),
        ("front.md", 8),
        ("broken.md", 1),
        ("broken.md", 6),
        ("headless.md", 3),
    }
    assert "has no value on a page without cells" in done.stderr


def test_cells_bring_their_outputs_streams_and_numbers_along(toy_project):
    toy_project.edit("_config.yml", "nb_render", "nb_merge_streams: true\n    nb_render")
    cells = [
        "import sys\nprint('one')\nprint('two', file=sys.stderr)\nprint('three')",
        "from myst_nb import glue\nglue('glued', 42, display=False)",
        "6 * 7",
    ]
    written = "\n".join(f"```{{code-cell}}\n{cell}\n```\n" for cell in cells)
    add_page(toy_project, "cells.md", f"{HEADER}\n# Cells\n\n{written}\nGlued: {{glue}}`glued`.\n")
    # a chapter's own wish to be run by MyST-NB counts no more than the book's
    forced = HEADER.replace("kernelspec", "mystnb:\n  execution_mode: force\nkernelspec")
    add_page(toy_project, "forced.md", f"{forced}\n# Forced\n\n```{{code-cell}}\n2 + 3\n```\n")
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
        "cells": [
            {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# A notebook"},
            {
                "cell_type": "code",
                "id": "b",
                "metadata": {},
                "execution_count": None,
                "outputs": [],
                "source": "x = 40 + 9\nx",
            },
            {"cell_type": "markdown", "id": "c", "metadata": {}, "source": "It is {eval}`x`."},
        ],
    }
    add_page(toy_project, "own.ipynb", json.dumps(notebook))
    log = toy_project.build()
    assert {"chapters/cells", "chapters/own", "chapters/forced"} <= toy_project.executed(log)
    assert "Executing notebook" not in log, "MyST-NB ran a chapter, too"
    page = toy_project.page("chapters/cells.html")
    assert re.search(r"<span></span>one\nthree\n", page), "streams are joined by kind"
    assert 'Glued: <span class="output text_plain">42</span>' in page
    given = json.loads((toy_project.html / "_notebooks/chapters/cells.ipynb").read_text("utf-8"))
    runs = [cell for cell in given["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in runs] == [1, 2, 3]
    assert runs[2]["outputs"][0]["data"]["text/plain"] in ("42", ["42"])
    assert 'It is <span class="output text_plain">49</span>' in toy_project.page(
        "chapters/own.html"
    )
