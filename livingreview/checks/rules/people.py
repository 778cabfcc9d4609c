"""People: contributors' identifiers are what they claim to be."""

from __future__ import annotations

from ..model import Project, Row
from .rule import Problems, each


@each("people", "orcid")
def orcid_is_somebodys(row: Row, project: Project) -> Problems:
    """The last character of an ORCID iD is a checksum (ISO 7064 mod 11-2): most slips show."""
    if row["orcid"] and not _checksum_fits(row["orcid"]):
        what = "no such ORCID iD can exist: its checksum does not fit."
        yield row.problem("orcid", what, "Copy it again from orcid.org.")


def _checksum_fits(orcid: str) -> bool:
    """Whether the last of sixteen characters follows from the others; X stands for 10."""
    *digits, last = list(orcid.replace("-", ""))
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    return last == "0123456789X"[(12 - total % 11) % 11]
