"""How sure a case is: its scenarios, what it is sensitive to, what it rests on and what is typical."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from vs_toolkit import formats
from vs_toolkit.formats import measured, money, percent
from vs_toolkit.impact import findings
from vs_toolkit.impact.assumptions import Scenario
from vs_toolkit.impact.benchmarks import ENOUGH
from vs_toolkit.impact.investment import BusinessImpact

SOURCES = {
    "customer_figure": "Customer's figure",
    "customer_verified": "Verified by the customer",
    "benchmark": "Benchmark",
    "our_estimate": "Our estimate",
}
SCENARIO_NAMES: Mapping[Scenario, str] = {"low": "Adverse", "expected": "Expected", "high": "Favourable"}
MOST_ROWS = 8


def scenarios(impacts: Mapping[Scenario, BusinessImpact]) -> pd.DataFrame:
    """Value, return and payback with every assumption adverse, as expected and favourable."""
    columns = {
        SCENARIO_NAMES[name]: {
            "Net present value": money(impact.npv, impact.currency),
            "Internal rate of return": findings.return_found(impact),
            "Payback": findings.time_back(impact),
            "Return on investment": percent(impact.roi, 0),
        }
        for name, impact in impacts.items()
    }
    return pd.DataFrame(columns).rename_axis("Measure")


def sensitivity(
    swings: pd.DataFrame, break_even: pd.DataFrame, register: pd.DataFrame, currency: str
) -> pd.DataFrame:
    """Assumptions by how far they move the value, with the value at which nothing is left."""
    unit = register.set_index("key")["unit"]
    zero = break_even.set_index("key")["break_even"]
    rows = {
        row["name"]: {
            "From": measured(row["low"], _unit(unit[row["key"]])),
            "To": measured(row["high"], _unit(unit[row["key"]])),
            "Moves the value by": money(row["swing"], currency),
            "Value is zero at": _plausible(zero[row["key"]], _unit(unit[row["key"]])),
        }
        for row in swings.head(MOST_ROWS).to_dict("records")
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Assumption")


def _plausible(value: float, unit: str) -> str | None:
    """Write a break-even; below zero it is none that could happen."""
    return measured(value, unit) if value >= 0 else None


def _unit(unit: Any) -> str:
    return unit if isinstance(unit, str) else ""


def register(assumptions: pd.DataFrame) -> pd.DataFrame:
    """Each effect, cost and price with the numbers behind it, their source and who confirmed them."""
    owners = assumptions["key"].str.rpartition(".")[0]
    known = assumptions.astype(object).where(assumptions.notna(), None)
    rows = {}
    for _, numbers in known.groupby(owners, sort=False):
        records = numbers.to_dict("records")
        rows[records[0]["name"].rpartition(":")[0]] = {
            "Worked out from": " × ".join(part for part in map(_factor, records) if part),
            "Source": _source(records[0]),
            "Confirmed": _confirmed(records[0]),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Assumption")


def _factor(row: Mapping[Any, Any]) -> str:
    """One number of a product with its range; a value per unit of exactly 1 says nothing."""
    if row["expected"] is None:
        return "amounts by year"
    if row["low"] == row["high"] == 1.0:
        return ""
    low, expected, high = (measured(row[point], _unit(row["unit"])) for point in ("low", "expected", "high"))
    return expected if low == high else f"{expected} ({low} to {high})"


def _source(row: Mapping[Any, Any]) -> str:
    kind = SOURCES.get(row["evidence"], "No source")
    return f"{kind}: {row['reference']}" if row["reference"] else kind


def _confirmed(row: Mapping[Any, Any]) -> str | None:
    if not row["confirmed_on"]:
        return None
    return f"{row['confirmed_by'] or 'Customer'}, {formats.day(row['confirmed_on'])}"


def benchmarks(claims: pd.DataFrame) -> pd.DataFrame:
    """Claims beside what is typical; a range that fewer than three customers stand behind is not shown."""
    known = claims[claims["n"] >= ENOUGH]
    rows = {
        f"{row['effect']}" + (f" ({row['indicator']})" if row["indicator"] != row["effect"] else ""): {
            "This case": measured(row["claimed"], _benchmark_unit(row["unit"])),
            "Typical": measured(row["median"], _benchmark_unit(row["unit"])),
            "Seen": " to ".join(measured(row[end], _benchmark_unit(row["unit"])) for end in ("low", "high")),
            "Customers": formats.number(row["n"]),
            "Claim is": row["verdict"],
        }
        for row in known.to_dict("records")
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("Effect")


def _benchmark_unit(unit: str) -> str:
    return "fraction" if unit.startswith("fraction") else unit
