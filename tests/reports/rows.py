"""Rows of an index, for the tests of what joins the reports of a batch."""

from typing import Any


def figure(
    value: float | None, unit: str = "EUR", label: str = "Net present value", **more: str
) -> dict[str, Any]:
    return {"value": value, "unit": unit, "label": label, **more}


def row(customer: str | None = "C1", name: str | None = "Acme", **changes: Any) -> dict[str, Any]:
    """A finished report of 30 June that is worth 1.2 M EUR."""
    return {
        "customer_id": customer, "customer_name": name, "notebook": "business_impact", "edition": "internal",
        "status": "ok", "seconds": 1.25, "error": "", "as_of": "2026-06-30",
        "figures": {"npv": figure(1.2e6)}, "href": f"{customer}/business_impact.html",
        "cover": f"{customer}/index.html",
    } | changes  # fmt: skip


def failed(customer: str = "C2", name: str = "Bolt", **changes: Any) -> dict[str, Any]:
    """A report that ran out of time after it had stated a figure."""
    href = f"{customer}/business_impact.failed.ipynb"
    return row(customer, name, **{"status": "timed out", "error": "over 60 s", "href": href} | changes)
