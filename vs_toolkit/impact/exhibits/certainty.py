"""How certain a case is: scenarios, sensitivity, the numbers behind it, and benchmarks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.formats import day
from vs_toolkit.impact.benchmarks import ENOUGH
from vs_toolkit.impact.study import Study
from vs_toolkit.tables import Column, Table
from vs_toolkit.uncertainty import Scenario

SOURCES = {
    "customer_figure": "Customer's figure",
    "customer_verified": "Verified by the customer",
    "benchmark": "Benchmark",
    "our_estimate": "Provider's estimate",
}
SCENARIO_NAMES: Mapping[Scenario, str] = {"low": "Downside", "expected": "Base case", "high": "Upside"}
YOURS = {"customer_figure": "Your figure", "customer_verified": "Verified by you"}
VERDICTS = {
    "inside": "Within range",
    "above": "Above benchmark",
    "below": "Below benchmark",
    "too few": "Too few customers",
}
MOST_ROWS = 8
NO_RATE = "A dash: there is no IRR, or it exceeds 1,000% a year and is not meaningful."


def scenarios(study: Study) -> Table:
    """NPV, rate of return, payback and ROI in the three scenarios."""
    rows = {
        SCENARIO_NAMES[name]: (i.npv, i.rate.shown, i.payback_years, i.roi)
        for name, i in study.worlds.items()
    }
    frame = pd.DataFrame.from_dict(
        rows, orient="index", columns=["npv", "rate", "payback", "roi"], dtype=float
    )
    money = study.base.rate.kind == "cost of money"
    columns = (
        Column("NPV", "npv", study.currency),
        Column("Cost of money" if money else "IRR", "rate", "share"),
        *([] if money else [Column("Payback", "payback", "years")]),
        Column("ROI", "roi", "share"),
    )
    note = "Downside and upside: every assumption at its worse or better end at once. " + NO_RATE
    return Table(frame.rename_axis("Scenario"), columns, "Scenarios", note)


def sensitivity(study: Study) -> Table:
    """Assumptions by NPV swing, with their ranges and break-even."""
    unit, zero = study.register.set_index("key")["unit"], study.break_even.set_index("key")["break_even"]
    top = study.swings.head(MOST_ROWS)
    root = zero.reindex(top["key"]).to_numpy(float)
    frame = pd.DataFrame(
        {
            "low": top["low"].to_numpy(float),
            "high": top["high"].to_numpy(float),
            "unit": [_unit(unit.get(key)) for key in top["key"]],
            "swing": top["swing"].to_numpy(float),
            "break_even": np.where(root >= 0, root, np.nan),  # below zero it is none that could happen
        },
        index=pd.Index(top["name"], name="Assumption"),
    )
    columns = (
        Column("Range", "low", upper="high", unit_from="unit"),
        Column("NPV swing", "swing", study.currency),
        Column("Break-even", "break_even", unit_from="unit"),
    )
    note = (
        "Break-even: NPV is zero, all other assumptions as in the base case; a dash where none is plausible."
    )
    return Table(frame, columns, "Ranges and break-even", note)


def _unit(unit: Any) -> str:
    return unit if isinstance(unit, str) else ""


def register(study: Study) -> Table:
    """Every number with its range, source and confirmation."""
    table = study.register
    names = SOURCES if study.is_ours else SOURCES | YOURS
    trivial = (
        (table["low"] == 1) & (table["high"] == 1) & table["key"].str.endswith(("unit_value", "quantity"))
    )
    shown = table[~trivial]
    ranged = shown["low"] < shown["high"]
    frame = pd.DataFrame(
        {
            "expected": shown["expected"].astype(float),
            "low": shown["low"].astype(float).where(ranged),
            "high": shown["high"].astype(float).where(ranged),
            "unit": [_unit(unit) for unit in shown["unit"]],
            "source": [_source(names, row) for row in shown.to_dict("records")],
        }
    ).set_axis(pd.Index(shown["name"], name="Assumption"))
    columns = (
        Column("Most likely", "expected", unit_from="unit"),
        *([Column("Range", "low", upper="high", unit_from="unit")] if ranged.any() else []),
        Column("Source and confirmation", "source"),
    )
    return Table(frame, columns, "Assumptions")


def _source(names: Mapping[str, str], row: Mapping[Any, Any]) -> str:
    """Kind of source, reference, and who confirmed it when."""
    name, reference = names.get(row["evidence"], "No source"), row["reference"]
    said = f"{name}: {reference}" if isinstance(reference, str) and reference else name
    if pd.isna(row["confirmed_on"]):
        return said
    by = row["confirmed_by"] if isinstance(row["confirmed_by"], str) else ""
    return f"{said}. Confirmed: {', '.join(filter(None, (by, day(row['confirmed_on']))))}"


def benchmarks(study: Study) -> Table:
    """Claims beside benchmarks; a range behind which fewer than three customers stand is not shown."""
    known = study.claims[study.claims["n"] >= ENOUGH]
    units = ["fraction" if unit.startswith("fraction") else unit for unit in known["unit"]]
    names = [
        effect if effect == indicator else f"{effect} ({indicator})"
        for effect, indicator in zip(known["effect"], known["indicator"], strict=True)
    ]
    frame = known[["claimed", "median", "low", "high", "n"]].astype(float)
    frame = frame.assign(unit=units, verdict=known["verdict"].map(VERDICTS))
    columns = (
        Column("This case", "claimed", unit_from="unit"),
        Column("Median", "median", unit_from="unit"),
        Column("Observed range", "low", upper="high", unit_from="unit"),
        Column("Customers", "n", digits=0),
        Column("Verdict", "verdict"),
    )
    return Table(frame.set_axis(pd.Index(names, name="Effect")), columns, "Benchmarks")
