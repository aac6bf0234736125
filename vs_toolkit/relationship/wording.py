"""Names by which the report calls lines, kinds of risk and scenarios."""

from __future__ import annotations

from collections.abc import Sequence

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


def listed(names: Sequence[str]) -> str:
    """Join names as one says them.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def sentence(text: str) -> str:
    """End a finding as a sentence, with its first letter as it is.

    >>> sentence("It pays"), sentence("")
    ('It pays.', '')
    """
    return f"{text.rstrip('.')}." if text else ""
