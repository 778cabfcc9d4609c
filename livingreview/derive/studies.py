"""Which evidence comes from which study: independent studies are counted, not reports of them."""

from __future__ import annotations

import pandas as pd

from ..contract.tables import rows


def identities(evidence: pd.DataFrame, citations: pd.DataFrame) -> list[str]:
    """One id per independent study, for every row of `evidence` in its order.

    evidence: citekey, reported_by, section, reference_number. citations: source, reference_number,
    citekey, double_report_of. The study is the paper behind the row: that of the reference number,
    else the number itself (``<source>:<number>``). Numbers that report the same data share the
    study of the first. Without a number it is the paper, else the section that says so.
    """
    numbered = {
        (row.source, row.reference_number): (row.citekey, row.double_report_of)
        for row in rows(citations)
    }

    def of_number(source: str, number: object) -> str:
        citekey, double = numbered.get((source, number), ("", ""))
        if double:
            return of_number(source, int(double))
        return citekey or f"{source}:{number}"

    return [
        row.citekey or f"{row.reported_by}:{row.section}"
        if pd.isna(row.reference_number)
        else of_number(row.reported_by, int(row.reference_number))
        for row in rows(evidence)
    ]
