"""Links of a built site, inside it and to other sites (a server on this machine)."""

from __future__ import annotations

import http.server
import threading

import pytest

from livingreview.cli import links


@pytest.fixture
def outside():
    """Address of a server: ``/gone`` is not there, ``/closed`` lets no program in, ``/get`` answers
    GET alone, all else is there.
    """

    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *arguments):
            pass

        def answer(self, head: bool):
            states = {"/gone": 404, "/closed": 403, "/get": 500 if head else 200}
            self.send_response(states.get(self.path, 200))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_HEAD(self):
            self.answer(True)

        def do_GET(self):
            self.answer(False)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_addresses_that_are_gone_are_named_with_their_page(tmp_path, outside):
    shown = [
        f"{outside}/here",
        f"{outside}/päper?q=γ",
        f"{outside}/gone#part",
        f"{outside}/closed",
        f"{outside}/get",
        "http://127.0.0.1:9/nobody",
        "http://[bad",
    ]
    (tmp_path / "page.html").write_text(
        "".join(f'<a href="{url}">x</a>' for url in shown), encoding="utf-8"
    )
    report = links.external(tmp_path, timeout=5)
    assert "7 addresses asked, 3 did not answer; 1 let no program in." in report
    assert f"- {outside}/gone on page.html: 404 Not Found" in report
    assert (
        "- http://127.0.0.1:9/nobody on page.html: ConnectionError" in report
        and "- http://[bad on page.html" in report
    )


def test_links_inside_that_lead_nowhere_are_found(tmp_path):
    (tmp_path / "a.html").write_text(
        '<p id="x"></p><a href="b.html#y">1</a><a href="b.html#z">2</a><a href="#x">3</a><a'
        ' href="c.html">4</a><a href="d.csv">5</a>',
        encoding="utf-8",
    )
    (tmp_path / "b.html").write_text(
        '<a name="y" href="a.html">6</a><script type="text/plain" data-src="s.js"></script>',
        encoding="utf-8",
    )
    (tmp_path / "d.csv").touch()
    assert links.broken(tmp_path) == [("a.html", "b.html#z"), ("a.html", "c.html")]
    assert links.pages(tmp_path)["b.html"].sources == ["s.js"]
