"""``python -m livingreview COMMAND``: see `livingreview.cli`."""

from __future__ import annotations

import sys

try:
    from .cli.main import main
except ImportError as error:
    # A Python that is too old, or has not what the book needs: to a newcomer a traceback says
    # neither.
    sys.exit(
        f"{error.name or error} is not there for {sys.executable} "
        f"(Python {sys.version.split()[0]}).\n"
        "Fix: run `make check`, which makes the environment once (Python 3.11 or newer), then "
        "`source .venv/bin/activate`. "
        "An environment that is broken is made anew after `rm -r .venv`."
    )
except KeyboardInterrupt:
    sys.exit("\nStopped.")

if __name__ == "__main__":
    sys.exit(main())
