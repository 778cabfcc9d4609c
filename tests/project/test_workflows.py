"""What GitHub runs: pinned, without rights it does not need, closed to forks, and by commands that
run here as well.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from livingreview.checks import check, report

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
BIN = Path(sys.executable).parent


def load(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def jobs(path: Path) -> dict[str, dict]:
    return load(path)["jobs"]


def steps(path: Path) -> list[dict]:
    return [step for job in jobs(path).values() for step in job.get("steps", ())]


def runs_the_tests(job: dict) -> bool:
    """Whether a job is that of the workflow with the tests."""
    return job.get("uses") == "$/.github/workflows/test.yml"


def tool(name: str, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [BIN / name, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_zizmor_finds_nothing():
    done = tool("zizmor", "--offline", "--no-progress", "--strict-collection", ".github")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", ".github/workflows/*.yml"),
        ("github-issue-forms", ".github/ISSUE_TEMPLATE/[0-9]*.yml"),
        ("github-issue-config", ".github/ISSUE_TEMPLATE/config.yml"),
        ("dependabot", ".github/dependabot.yml"),
        ("citation-file-format", "CITATION.cff"),
    ],
)
def test_files_have_the_form_that_their_readers_expect(schema, files):
    found = [str(p) for p in sorted(ROOT.glob(files))]
    assert found
    done = tool("check-jsonschema", "--builtin-schema", f"vendor.{schema}", *found)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)
def test_every_step_is_a_pinned_action_or_a_command_of_this_project(path):
    targets = set(
        re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert all("steps" in job or runs_the_tests(job) for job in jobs(path).values())
    made = 0
    for step in steps(path):
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"]), step["uses"]
            continue
        for target in re.findall(r"\bmake (?:--silent )?([a-z-]+)", step["run"]):
            assert target in targets, f"{path.name} runs make {target}, which is not there"
            made += 1
        assert "${{" not in step["run"], (
            "values go into a command by its environment, never by its text"
        )
    assert made


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda p: p.name)
def test_nothing_from_a_fork_runs_with_rights_or_secrets(path):
    workflow = load(path)
    events = workflow[True]  # YAML reads "on" as true
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets." not in path.read_text(encoding="utf-8")
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(events)
    if "pull_request" in events:
        assert set(events) == {"pull_request"}
        assert not any("permissions" in job for job in workflow["jobs"].values())
    for step in steps(path):
        if "checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False


def test_every_python_that_is_promised_is_tested():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    promised = [
        found[1]
        for line in project["classifiers"]
        if (found := re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", line))
    ]
    assert project["requires-python"] == f">={promised[0]}"
    assert f"Python {promised[0]} to {promised[-1]}" in (ROOT / "README.md").read_text(
        encoding="utf-8"
    )
    workflows = {path.stem: path for path in WORKFLOWS}
    assert jobs(workflows["test"])["test"]["strategy"]["matrix"]["python"] == promised
    assert any(runs_the_tests(job) for job in jobs(workflows["build"]).values())
    newest = jobs(workflows["monthly"])["newest"]["strategy"]["matrix"]["python"]
    assert newest == [promised[0], promised[-1]]


@pytest.mark.parametrize(("name", "job"), [("publish", "deploy"), ("release", "attach")])
def test_nothing_is_published_untested(name, job):
    found = jobs(GITHUB / "workflows" / f"{name}.yml")
    assert any(runs_the_tests(found[needed]) for needed in found[job]["needs"])
    writing = [n for n, each in found.items() if "write" in each.get("permissions", {}).values()]
    assert writing == [job]


def matched(line: str) -> tuple[str, int] | None:
    """File and line that GitHub would annotate for a line of output."""
    for matcher in json.loads((GITHUB / "problem-matcher.json").read_text(encoding="utf-8"))[
        "problemMatcher"
    ]:
        (pattern,) = matcher["pattern"]
        if found := re.search(pattern["regexp"], line):
            return found[pattern["file"]], int(found[pattern["line"]]) if "line" in pattern else 0
    return None


def test_what_the_check_says_is_annotated_at_its_line(tmp_path):
    root = tmp_path / "toy"
    shutil.copytree(ROOT / "tests" / "toy", root)
    shutil.copy(ROOT / "data" / "datapackage.json", root / "data")
    for file, old, new in (
        ("data/evidence/body-clock.csv", ",supports,", ",suports,"),
        ("data/claims/body-clock.csv", "clk-c03", "it's [odd]: 3"),
        ("chapters/body-clock.md", "{term}`body clock`", "{term}`body clok`"),
        (
            "references.bib",
            "title = {{Coffee and sleep: an invented review}}",
            "title = {Coffee and sleep}",
        ),
        ("_toc.yml", "chapters/glossary", "chapters/glosary"),
    ):
        path = root / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    (root / "data" / "stray.csv").write_text("a\n", encoding="utf-8")
    problems = check(root)
    lines = report(problems).splitlines()
    assert len({p.file for p in problems}) >= 6
    assert [matched(line) for line in lines[: len(problems)]] == [
        (p.file, p.line) for p in problems
    ]
    assert not any(matched(line) for line in lines[len(problems) :])


def test_what_the_spelling_check_says_is_annotated(tmp_path):
    (tmp_path / "page.md").write_text("A line.\nA sentence with teh word.\n", encoding="utf-8")
    done = subprocess.run(
        [BIN / "typos", "--format", "brief", "--color", "never", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert [matched(line) for line in done.stdout.splitlines()] == [("page.md", 2)]


def test_what_the_linters_say_is_annotated(tmp_path):
    """Of each linter that a plain environment has, what it really prints, and of those that need
    Node a line as they print it.
    """
    (tmp_path / "a.py").write_text('import os\n\nnumber: int = "one"\n', encoding="utf-8")
    (tmp_path / "a.jinja").write_text('<p>A</p>\n<img src="b">\n', encoding="utf-8")
    said = [
        subprocess.run(
            [BIN / tool, *options], cwd=tmp_path, stdout=subprocess.PIPE, text=True, check=False
        ).stdout.splitlines()
        for tool, *options in (
            ("ruff", "check", "--quiet", "--config", ROOT / "pyproject.toml", "--select", "F401"),
            ("mypy", "--no-error-summary", "a.py"),
            ("djlint", "--lint", "--quiet", "--configuration", ROOT / "pyproject.toml", "a.jinja"),
        )
    ]
    assert [{matched(line) for line in lines if line} for lines in said] == [
        {("a.py", 1)},
        {("a.py", 3)},
        {("a.jinja", 2)},
    ]
    assert matched("/home/me/book/theme/a.js:7:12: Insert `;` [Error/prettier/prettier]") == (
        "/home/me/book/theme/a.js",
        7,
    )
    assert matched('/home/me/book/a.css:3:1: Unknown word "colr" (CssSyntaxError) [error]') == (
        "/home/me/book/a.css",
        3,
    )


def test_spelling():
    done = tool("typos", "--format", "brief", "--color", "never")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """A `gh` that writes down what it is asked and knows one open issue."""
    asked = tmp_path / "asked.jsonl"
    program = tmp_path / "bin" / "gh"
    program.parent.mkdir()
    program.write_text(
        f"#!{sys.executable}\nimport json, sys\nopen({str(asked)!r},"
        " 'a').write(json.dumps([sys.argv[1:], sys.stdin.read()]) + '\\n')\nif sys.argv[1:3] =="
        " ['issue', 'list']: print(json.dumps([{'number': 7, 'title': 'New papers:"
        " β-adrenoceptors [all]'}]))\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    monkeypatch.chdir(tmp_path)
    return lambda: (
        [json.loads(line) for line in asked.read_text(encoding="utf-8").splitlines()]
        if asked.exists()
        else []
    )


def file_issues():
    return subprocess.run(
        [sys.executable, ROOT / "tools" / "file_issues.py"],
        capture_output=True,
        text=True,
        check=False,
    )


def test_news_becomes_one_issue_for_each_mechanism_renewed_in_place(tmp_path, hub):
    folder = tmp_path / "_build" / "watch"
    folder.mkdir(parents=True)
    (folder / "summary.md").write_text("# Not an issue\n", encoding="utf-8")
    (folder / "beta.md").write_text(
        "# New papers: β-adrenoceptors \\[all\\]\n\n- [ ] one\n", encoding="utf-8"
    )
    (folder / "long.md").write_text(
        "# New papers: Long\n\n"
        + "\n".join(f"- [ ] **paper {n}** {'x' * 200}" for n in range(500)),
        encoding="utf-8",
    )
    done = file_issues()
    assert done.returncode == 0, done.stderr
    told = hub()
    assert [arguments[:2] for arguments, _ in told] == [
        ["label", "create"],
        ["issue", "list"],
        ["issue", "edit"],
        ["issue", "create"],
    ]
    assert told[2][0][2] == "7" and "- [ ] one" in told[2][1]
    assert told[3][0][told[3][0].index("--title") + 1] == "New papers: Long"
    assert (
        len(told[3][1]) < 65_536
        and "goes on in long.md" in told[3][1]
        and "x" * 200 + "\n\nThe list goes on" in told[3][1]
    )


def test_without_news_nothing_is_filed(tmp_path, hub):
    assert file_issues().returncode == 0
    assert hub() == []
