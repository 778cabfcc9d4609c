"""Make the pictures in docs/screenshots from the built site, wide, phone and dark: ``make
screenshots`` (needs Chromium).
"""

from __future__ import annotations

import functools
import http.server
import shutil
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
HTML = ROOT / "_build" / "html"
OUT = ROOT / "docs" / "screenshots"

# Name: page, what stands at the top of the picture (a selector; empty: the page's beginning).
PAGES = {
    "front": ("index.html", ""),
    "chapter": ("chapters/isopsoralen-notch.html", ""),
    "diagram": ("chapters/isopsoralen-notch.html", "#how-it-works"),
    "evidence": ("chapters/isopsoralen-notch.html", "#tab-isopsoralen-notch-evidence"),
    "disagreements": ("chapters/isopsoralen-notch.html", "#where-sources-disagree"),
    "glossary": ("chapters/glossary.html", ""),
    "bibliography": ("chapters/bibliography.html", ""),
}
LOOKS = {
    "wide": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {
        "viewport": {"width": 390, "height": 780},
        "color_scheme": "light",
        "has_touch": True,
        "is_mobile": True,
    },
}


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


def main() -> int:
    chromium = (
        shutil.which("chromium")
        or shutil.which("chromium-browser")
        or shutil.which("google-chrome")
    )
    if not chromium or not (HTML / "index.html").is_file():
        print(
            "Needed first: Chromium (Debian: apt install chromium) and a built site (make html).",
            file=sys.stderr,
        )
        return 1
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=str(HTML))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for look, options in LOOKS.items():
            context = browser.new_context(**options)
            for name, (page, start) in PAGES.items():
                tab = context.new_page()
                tab.goto(f"http://127.0.0.1:{server.server_port}/{page}", wait_until="networkidle")
                if start:
                    tab.locator(start).first.evaluate(
                        "element => scrollTo(0, element.getBoundingClientRect().top + scrollY - 70)"
                    )
                    tab.wait_for_timeout(300)
                tab.screenshot(path=OUT / f"{name}-{look}.jpg", type="jpeg", quality=80)
                tab.close()
        browser.close()
    server.shutdown()
    print(f"{len(PAGES) * len(LOOKS)} pictures in {OUT.relative_to(ROOT).as_posix()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
