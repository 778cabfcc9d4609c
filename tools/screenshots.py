"""Make the picture in the README from the built site: ``.venv/bin/python tools/screenshots.py`` (needs Chromium, and `make html` before)."""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SHOTS = {"chapter.png": ("chapters/isopsoralen-notch.html", 0, 1500)}

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
    for name, (page, top, height) in SHOTS.items():
        tab = browser.new_page(viewport={"width": 1280, "height": height}, color_scheme="light")
        tab.goto((ROOT / "_build" / "html" / page).as_uri())
        tab.evaluate(f"window.scrollTo(0, {top})")
        tab.screenshot(path=ROOT / "docs" / name)
    browser.close()
