"""What the engine remembers from one build to the next: believed where it is true, and nowhere
else.
"""

import re

# Another version of what is kept, in the environment that a build has left.
OTHER_VERSION = """
import pickle
from pathlib import Path
path = Path("_build/.doctrees/environment.pickle")
env = pickle.loads(path.read_bytes())
env.domaindata["livingreview"]["version"] -= 1
path.write_bytes(pickle.dumps(env))
"""
MARK = "<!-- left by the build before -->"


def mark(project, name: str) -> None:
    """Put a mark into a page that a build has written."""
    page = project.html / name
    page.write_text(page.read_text(encoding="utf-8") + MARK, encoding="utf-8")


def test_an_environment_of_another_version_is_not_believed(toy_project):
    toy_project.build()
    mark(toy_project, "intro.html")
    toy_project.build()
    assert MARK in toy_project.page("intro.html"), "nothing has changed, so nothing is written"

    done = toy_project.run("-c", OTHER_VERSION)
    assert done.returncode == 0, done.stderr
    log = toy_project.build()
    assert MARK not in toy_project.page("intro.html")
    assert not toy_project.executed(log), "the outputs of the chapters are as good as they were"

    # pages that another engine has read: one without cells too, which no chapter's outputs make
    # anew
    mark(toy_project, "intro.html")
    engine = toy_project.root / "livingreview" / "sphinxext" / "languages.py"
    engine.write_text(engine.read_text(encoding="utf-8") + "\n# touched\n", encoding="utf-8")
    toy_project.build()
    assert MARK not in toy_project.page("intro.html")


def test_what_was_read_for_print_is_written_to_the_site_as_well(toy_project):
    toy_project.build()
    toy_project.edit("chapters/body-clock.md", "# Body clock", "# Body watch")
    toy_project.edit("data/evidence/body-clock.csv", "caffeine,5e-5", "caffeine,7.25e-5")
    toy_project.run(
        "-c", "from jupyter_book.cli.main import main; main()", "build", ".", "--builder", "latex"
    )
    log = toy_project.build()
    assert not toy_project.executed(log), "the chapter ran for print"
    assert re.search(r"7\.25", toy_project.page("chapters/body-clock.html")), "new data"
    assert "Body watch" in toy_project.page("chapters/glossary.html"), "a new title in the contents"
