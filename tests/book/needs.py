"""What a test needs of the machine."""

from __future__ import annotations

import os

import pytest


def need(there: object, what: str, required: str) -> None:
    """Skip the test, saying `what` the machine lacks.

    Fail it where the environment variable `required` is set.
    """
    if not there and os.environ.get(required):
        pytest.fail(f"{what}, and {required} is set", pytrace=False)
    if not there:
        pytest.skip(what)
