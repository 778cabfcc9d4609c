"""What each kind of change in the history of the book is called."""

from __future__ import annotations

# What each kind of change is called: for one, for several.
WORDS = {
    "chapter_added": ("chapter added", "chapters added"),
    "papers_read": ("paper read", "papers read"),
    "claims_added": ("claim added", "claims added"),
    "claims_changed": ("claim changed", "claims changed"),
    "claims_removed": ("claim removed", "claims removed"),
    "certainty_raised": ("claim more certain", "claims more certain"),
    "certainty_lowered": ("claim less certain", "claims less certain"),
    "disagreements_opened": ("disagreement opened", "disagreements opened"),
    "disagreements_resolved": ("disagreement settled", "disagreements settled"),
    "papers_retracted": ("paper retracted", "papers retracted"),
}


def phrase(change: str, n: int) -> str:
    """``3 claims added``"""
    one, several = WORDS[change]
    return f"{n} {one if n == 1 else several}"
