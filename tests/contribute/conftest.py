"""Contributions as they come: a review in a folder, a real git clone of the book, and services that
answer as the real ones do.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from livingreview.cli.main import main
from livingreview.contract.formatting import csv_lines
from livingreview.literature import client

ROOT = Path(__file__).resolve().parents[2]
ANSWERS = Path(__file__).parent / "answers"
_OUTPUTS = ("_build", ".git", "livingreview", "__pycache__")


class Review:
    """A project that somebody contributes to, and the command line run in it."""

    def __init__(self, root: Path, capsys, monkeypatch) -> None:
        self.root, self._capsys, self._monkeypatch = root, capsys, monkeypatch
        self.out = self.err = ""

    def run(self, *arguments: str) -> int:
        """Run a command in this very process, so that any traceback fails the test; `out` and `err`
        hold what it printed.
        """
        self._monkeypatch.chdir(self.root)
        self._capsys.readouterr()
        try:
            code = main(list(arguments))
        except SystemExit as stop:  # argparse
            code = stop.code
        self.out, self.err = self._capsys.readouterr()
        assert code in (0, 1, 2) and "Traceback" not in self.out + self.err
        return code

    def check(self) -> str:
        """What `make check` says; "" where it finds nothing."""
        return "" if self.run("check") == 0 else self.err

    def read(self, file: str) -> str:
        return (self.root / file).read_text(encoding="utf-8")

    def rows(self, file: str) -> list[dict[str, str]]:
        return list(csv.DictReader(io.StringIO(self.read(file))))

    def row(self, file: str, key: str) -> dict[str, str]:
        """The row whose first cells are `key`, joined by a blank."""
        return next(
            row
            for row in self.rows(file)
            if key in (next(iter(row.values())), " ".join(list(row.values())[:2]))
        )

    def replace(self, file: str, old: str, new: str) -> None:
        text = self.read(file)
        assert text.count(old) >= 1, f"{old!r} is not in {file}"
        (self.root / file).write_text(text.replace(old, new, 1), encoding="utf-8", newline="")

    def set(self, file: str, key: str, **cells: str) -> None:
        """Change cells of one row, and nothing else of the file."""
        lines = self.read(file).splitlines(keepends=True)
        columns = next(csv.reader(lines[:1]))
        for n, line in enumerate(lines):
            row = dict(zip(columns, next(csv.reader([line])), strict=True))
            if key in (row[columns[0]], " ".join(row[c] for c in columns[:2])):
                lines[n] = csv_lines([{**row, **cells}.values()])
                break
        else:
            raise AssertionError(f"{file} has no row {key}")
        (self.root / file).write_text("".join(lines), encoding="utf-8", newline="")

    def add(self, file: str, **cells: str) -> None:
        """Append a row."""
        text = self.read(file)
        columns = next(csv.reader([text.split("\n", 1)[0]]))
        (self.root / file).write_text(
            text + csv_lines([[cells.get(c, "") for c in columns]]), encoding="utf-8", newline=""
        )

    def snapshot(self) -> dict[str, bytes]:
        """Every file of the project, to tell what a command has touched."""
        files = (
            p
            for p in self.root.rglob("*")
            if p.is_file() and not set(p.relative_to(self.root).parts) & set(_OUTPUTS)
        )
        return {p.relative_to(self.root).as_posix(): p.read_bytes() for p in files}

    def git(self, *arguments: str) -> str:
        environment = {
            **os.environ,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
        }
        identity = ["-c", "user.name=Contributor", "-c", "user.email=contributor@example.org"]
        return subprocess.run(
            ["git", *identity, *arguments],
            cwd=self.root,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout


@pytest.fixture
def review(tmp_path: Path, capsys, monkeypatch) -> Review:
    """The toy review, without services: whoever asks one finds no network."""
    shutil.copytree(ROOT / "tests" / "toy", tmp_path / "toy")
    shutil.copy(ROOT / "data" / "datapackage.json", tmp_path / "toy" / "data")
    for name in ("CROSSREF", "DOI", "PUBMED"):
        monkeypatch.setenv(
            f"LIVINGREVIEW_{name}", "http://127.0.0.1:9"
        )  # the discard port, where nobody listens
    monkeypatch.setenv("LIVINGREVIEW_TIMEOUT", "1")
    monkeypatch.setattr(client, "sleep", lambda seconds: None)
    return Review(tmp_path / "toy", capsys, monkeypatch)


@pytest.fixture(scope="session")
def project_at():
    """A project in a folder, to edit and read; commands cannot be run in it."""
    return lambda root: Review(root, None, None)


@pytest.fixture(scope="session")
def upstream(tmp_path_factory, git, sources) -> Path:
    """The book as a git repository to clone."""
    root = tmp_path_factory.mktemp("upstream") / "book"
    for name in sources:
        if not name.startswith(("tests/", "benchmarks/", "docs/")):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, root / name)
    editors = ["-c", "user.name=Editors", "-c", "user.email=editors@example.org"]
    for command in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "The book"]):
        subprocess.run(
            [git, *editors, *command],
            cwd=root,
            check=True,
            env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull},
        )
    return root


@pytest.fixture
def clone(slow, upstream: Path, tmp_path: Path, capsys, monkeypatch) -> Review:
    """A contributor's clone of the book, on a branch of its own."""
    subprocess.run(["git", "clone", "-q", str(upstream), str(tmp_path / "book")], check=True)
    made = Review(tmp_path / "book", capsys, monkeypatch)
    made.git("switch", "-qc", "contribution")
    return made


class Service(ThreadingHTTPServer):
    """Stands in for Crossref, doi.org and PubMed. answers: path below the root -> what to send, in
    turn, the last for ever.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, list[dict]] = {}
        self.asked: list[tuple[str, dict]] = []
        self.waited: list[float] = []

    def answer(
        self,
        path: str,
        body: str | bytes = b"",
        kind: str = "application/json",
        status: int = 200,
        *,
        delay: float = 0,
        cut: int = 0,
        **headers: str,
    ) -> None:
        """Answer `path` with `body`, a file of `answers/` or bytes. cut: bytes that are announced
        and not sent. delay: seconds.
        """
        if isinstance(body, str):
            body = (ANSWERS / body).read_bytes()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.setdefault(path, []).append(
            {
                "body": body,
                "kind": kind,
                "status": status,
                "delay": delay,
                "cut": cut,
                "headers": named,
            }
        )

    def handle_error(self, request, client_address) -> None:
        """A client that has waited enough and hung up is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        self.server.asked.append(
            (
                path,
                {
                    **{k: v[0] for k, v in parse_qs(parts.query).items()},
                    "accept": self.headers["Accept"],
                    "agent": self.headers["User-Agent"],
                },
            )
        )
        waiting = self.server.answers.get(path)
        if not waiting:
            sent = {
                "body": b"Resource not found.",
                "kind": "text/plain",
                "status": 404,
                "delay": 0,
                "cut": 0,
                "headers": {},
            }
        else:
            sent = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        time.sleep(sent["delay"])
        self.send_response(sent["status"])
        self.send_header("Content-Type", sent["kind"])
        self.send_header("Content-Length", str(len(sent["body"])))
        for name, value in sent["headers"].items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(sent["body"][: len(sent["body"]) - sent["cut"]])
        self.close_connection = True

    def log_message(self, *arguments) -> None:
        """Keep quiet."""


@pytest.fixture
def service(review: Review, monkeypatch):
    """Services that answer; the review asks them instead of the real ones."""
    server = Service()
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    for name in ("CROSSREF", "DOI", "PUBMED"):
        monkeypatch.setenv(f"LIVINGREVIEW_{name}", f"{address}/{name.lower()}")
    monkeypatch.setattr(client, "sleep", server.waited.append)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def terminal(review: Review):
    """Run a command at a terminal, answering its prompts; gives the exit code and all that was
    seen.
    """
    pty = pytest.importorskip("pty")

    def run(answers: list[str], *arguments: str) -> tuple[int, str]:
        leader, follower = pty.openpty()
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [sys.executable, "-m", "livingreview", *arguments],
            cwd=review.root,
            env=environment,
            stdin=follower,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        os.close(follower)
        os.write(leader, "".join(f"{answer}\n" for answer in answers).encode() + b"\x04")
        seen = process.communicate(timeout=60)[0]
        os.close(leader)
        return process.returncode, seen

    return run
