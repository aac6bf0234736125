"""Names by which the report calls lines, kinds of risk and scenarios."""

from __future__ import annotations

import functools

from vs_toolkit import formats

LABELS = {
    "sales_investment": "Sales investment",
    "revenue": "Revenue",
    "margin": "Contribution margin",
    "cost_to_serve": "Cost to serve",
    "capital": "Capital tied up",
    "survival": "Survival probability",
}
SCENARIOS = {"low": "Downside", "expected": "Base", "high": "Upside"}
TODAY = "today"
listed = functools.partial(formats.listed, most=None)  # a finding names everything


def sentence(text: str) -> str:
    """End a finding as a sentence, with its first letter as it is.

    >>> sentence("It pays"), sentence("")
    ('It pays.', '')
    """
    return f"{text.rstrip('.')}." if text else ""
