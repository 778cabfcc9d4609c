"""A static host for the tests, as a project page would have it."""

from __future__ import annotations

import contextlib
import functools
import gzip
import http.server
import threading
from pathlib import Path
from typing import ClassVar


@functools.lru_cache(maxsize=64)
def compressed(path: Path, changed: int) -> bytes:
    """A file as it goes over the wire. changed: its time in ns."""
    return gzip.compress(path.read_bytes(), 6)


class Host(http.server.SimpleHTTPRequestHandler):
    """A static host: everything below the sub-path ``/book``, text compressed, unknown addresses
    answered by 404.html.
    """

    extensions_map: ClassVar = {
        **http.server.SimpleHTTPRequestHandler.extensions_map,
        ".wasm": "application/wasm",
        ".js": "text/javascript",
    }

    def log_message(self, *arguments):
        pass

    def translate_path(self, path):
        return super().translate_path(path.removeprefix("/book"))

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        found = path.is_file() and self.path.startswith("/book/")
        if not found:
            path = Path(self.directory) / "404.html"
        content = path.read_bytes() if path.is_file() else b"not found"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Cache-Control", "max-age=600")
        if "gzip" in self.headers.get("Accept-Encoding", "") and path.suffix in (
            ".html",
            ".js",
            ".css",
            ".svg",
            ".json",
            ".csv",
            ".xml",
        ):
            content = compressed(path, path.stat().st_mtime_ns)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(BrokenPipeError):  # the tab was closed meanwhile
            self.wfile.write(content)


def serve(folder: Path, handler: type[Host] = Host) -> tuple[str, http.server.ThreadingHTTPServer]:
    """Serve a folder below a sub-path, as a project page would be; its address, and the server to
    shut down.
    """
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/book/", server
