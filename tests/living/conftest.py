"""Literature indexes on this machine, answering in the forms of the real ones; and projects with a
history.
"""

from __future__ import annotations

import http.server
import json
import os
import shutil
import subprocess
import threading
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from livingreview.literature import client

ROOT = Path(__file__).resolve().parents[2]


class Indexes:
    """PubMed, Europe PMC and Crossref. papers: what they hold. faults: answers to give instead, by
    path, first come first served.

    A fault is a status (with optional headers) or the bytes of an answer, or "hang", or "cut".
    """

    def __init__(self):
        self.papers: dict[str, dict] = {}
        self.works: dict[str, dict] = {}
        self.europe: list[dict] = []
        self.faults: dict[str, list] = {}
        self.asked: list[tuple[str, dict]] = []
        self.agents: list[str] = []
        self.waited: list[float] = []

    def paper(self, pmid: str, title: str, doi: str = "", pubtype=("Journal Article",)) -> None:
        """A record as NCBI's esummary gives it."""
        ids = [{"idtype": "pubmed", "idtypen": 1, "value": pmid}] + (
            [{"idtype": "doi", "idtypen": 3, "value": doi}] if doi else []
        )
        self.papers[pmid] = {
            "uid": pmid,
            "pubdate": "2026 Mar 4",
            "epubdate": "",
            "source": "J Imag Drinks",
            "fulljournalname": "Journal of Imaginary Drinks",
            "authors": [{"name": "Doppio D", "authtype": "Author", "clusterid": ""}],
            "title": title,
            "pubtype": list(pubtype),
            "articleids": ids,
            "sortpubdate": "2026/03/04 00:00",
        }

    def answer(self, path: str, asked: dict) -> bytes | None:
        if path == "/pubmed/esearch.fcgi":
            start, most = int(asked["retstart"]), int(asked["retmax"])
            ids = list(self.papers)
            result = {
                "count": str(len(ids)),
                "retmax": str(most),
                "retstart": str(start),
                "idlist": ids[start : start + most],
                "translationset": [],
                "querytranslation": asked["term"],
            }
            return json.dumps(
                {"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result}
            ).encode()
        if path == "/pubmed/esummary.fcgi":
            ids = asked["id"].split(",")
            records = {
                i: self.papers.get(i, {"uid": i, "error": "cannot get document summary"})
                for i in ids
            }
            return json.dumps(
                {
                    "header": {"type": "esummary", "version": "0.3"},
                    "result": {"uids": ids, **records},
                }
            ).encode()
        if path == "/europepmc/search":
            body = {
                "version": "6.9",
                "hitCount": len(self.europe),
                "nextCursorMark": "AoIIQExCVyg1NTg2NjE3NQ==",
                "request": {"queryString": asked["query"]},
            }
            return json.dumps({**body, "resultList": {"result": self.europe}}).encode()
        if path.startswith("/crossref/works/"):
            work = self.works.get(unquote(path.removeprefix("/crossref/works/")))
            return (
                None
                if work is None
                else json.dumps(
                    {
                        "status": "ok",
                        "message-type": "work",
                        "message-version": "1.0.0",
                        "message": work,
                    }
                ).encode()
            )
        return None


@pytest.fixture
def literature(monkeypatch):
    """The indexes, with the engine asking them instead of the real ones, without waiting."""
    shelf = Indexes()

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

        def do_GET(self):
            parts = urlsplit(self.path)
            asked = {k: v[0] for k, v in parse_qs(parts.query).items()}
            shelf.asked.append((parts.path, asked))
            shelf.agents.append(self.headers["User-Agent"])
            waiting = shelf.faults.get(parts.path, [])
            fault = waiting.pop(0) if waiting else None
            if fault == "hang":
                released.wait(5)
                return
            status, headers, body = 200, {}, shelf.answer(parts.path, asked)
            if isinstance(fault, bytes):
                body = fault
            elif isinstance(fault, tuple):
                status, headers = fault
                body = json.dumps(
                    {
                        "error": "API rate limit exceeded",
                        "api-key": "127.0.0.1",
                        "count": "4",
                        "limit": "3",
                    }
                ).encode()
            elif body is None:
                status, body = 404, b"Resource not found."
            self.send_response(status)
            self.send_header("Content-Type", "application/json;charset=UTF-8")
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if fault == "cut" else body)

    released = threading.Event()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    for name in client.SERVICES:
        address = f"http://127.0.0.1:{server.server_port}/{name}"
        monkeypatch.setenv(f"LIVINGREVIEW_{name.upper()}", address)
    monkeypatch.setenv("LIVINGREVIEW_TIMEOUT", "0.5")
    monkeypatch.setattr(client, "sleep", shelf.waited.append)
    yield shelf
    released.set()
    server.shutdown()


class Repository:
    """The toy review under git, without its engine."""

    def __init__(self, root: Path):
        self.root = root
        shutil.copytree(ROOT / "tests" / "toy", root)
        shutil.copy(ROOT / "data" / "datapackage.json", root / "data")
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        who = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "Nobody"), ("EMAIL", "nobody@example.org"))
        }
        quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        done = subprocess.run(
            ["git", *arguments],
            cwd=self.root,
            env={**os.environ, **who, **quiet},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def commit(self, day: str) -> str:
        self.git("add", "-A")
        subprocess_day = f"{day}T12:00:00+00:00"
        os.environ["GIT_COMMITTER_DATE"] = subprocess_day
        try:
            self.git("commit", "-q", "-m", "A state", "--date", subprocess_day)
        finally:
            del os.environ["GIT_COMMITTER_DATE"]
        return self.git("rev-parse", "HEAD")

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture
def repository(tmp_path, git) -> Repository:
    """The toy review as the first commit of a repository."""
    made = Repository(tmp_path / "toy")
    made.commit("2026-02-01")
    return made
