"""Drawings of one relationship: each a call of a form with its finding as title."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vs_toolkit.charts import forms
from vs_toolkit.formats import money
from vs_toolkit.relationship import exhibits, findings
from vs_toolkit.relationship.investments import Register
from vs_toolkit.relationship.study import Study
from vs_toolkit.relationship.wording import LABELS, TODAY


def cash_curve(ax: Axes, study: Study) -> Axes:
    """Draw figure 16 of the book: investment down, contribution up, and what they add up to."""
    table = _curve(study)
    places = np.arange(len(table), dtype=float)
    planned = np.flatnonzero(table["planned"]) if len(table) else places
    forms.flows(
        ax,
        table[["Contribution after cost to serve", "Sales and customer investment", "Capital"]].set_axis(
            places, axis=0
        ),
        study.currency,
        title=findings.curve(study),
        line=table["cumulative"].set_axis(places, axis=0),
        plan_from=float(planned[0]) if len(planned) else None,
        plan_label=f"plan from {study.as_of:%-d %b %Y}",
    )
    if len(table):
        ax.set_xticks(places, [_short(str(name)) for name in table.index])
    return ax


def _short(period: str) -> str:
    return period.replace("rest of ", "rest\n").replace(" to date", "\nto date")


def _curve(study: Study) -> pd.DataFrame:
    """Past and plan, or the one that is known."""
    if study.curve.end is not None:
        table = study.joined
    elif not study.valued:
        table = study.past if study.sunk is not None else study.past.iloc[:0]
        names = [f"{year} to date" if year == study.as_of.year else str(year) for year in table.index]
        table = table.set_axis(names, axis=0).assign(planned=False, cumulative=table["cash"].cumsum())
    else:
        flows = study.valuation.expected
        parts = ("contribution", "cost_to_serve", "sales_investment", "capital_change", "cash")
        index = [TODAY, *study.plans.horizon.labels]
        table = pd.DataFrame({part: getattr(flows, part)[0] for part in parts}, index=index)
        table = table.assign(investments=0.0, planned=True, cumulative=table["cash"].cumsum())
    return pd.DataFrame(
        {
            "Contribution after cost to serve": table["contribution"] - table["cost_to_serve"],
            "Sales and customer investment": -table[["sales_investment", "investments"]]
            .fillna(0.0)
            .sum(axis=1),
            "Capital": -table["capital_change"].fillna(0.0),
            "cumulative": table["cumulative"],
            "planned": table["planned"].astype(bool),
        }
    )


def tornado(ax: Axes, study: Study) -> Axes:
    """Draw what each line of the plan does to NPV."""
    table = study.sensitivity
    swings = pd.DataFrame(
        {"name": [LABELS[str(line)] for line in table.index], "low": table["at_low"].to_numpy(),
         "high": table["at_high"].to_numpy()}
    )  # fmt: skip
    return forms.tornado(ax, swings, study.npv or 0.0, study.currency, title=findings.tornado(study))


def distribution(ax: Axes, study: Study) -> Axes:
    """Draw how NPV spreads in the simulation."""
    title = findings.distribution(study)
    if not study.uncertain:
        return forms.histogram(ax, [], study.currency, title=title)
    sample = study.simulation
    marks = {"P10": sample.p10, "Base": study.npv or 0.0, "P90": sample.p90}
    return forms.histogram(ax, sample.values, study.currency, title=title, marks=marks, threshold=0.0)


def investments(ax: Axes, found: Register, npv: float | None, currency: str) -> Axes:
    """Draw what was invested, by kind."""
    amounts = found.by_kind["amount"]
    counts = found.by_kind["n"]
    written = [f"{money(amount, currency)} (n = {n:.0f})" for amount, n in zip(amounts, counts, strict=True)]
    named = amounts.set_axis([str(kind).capitalize().replace("r&d", "R&D") for kind in amounts.index])
    return forms.bars(ax, named, currency, title=findings.register(found, npv, currency), texts=written)


def regions(ax: Axes, study: Study) -> Axes:
    """Draw where the customer earns and where it costs money."""
    grid = exhibits.regions(study)
    lost = [(str(region), "Total") for region in study.losing.index]
    return forms.matrix(
        ax,
        grid,
        study.currency,
        title=findings.regions(study),
        outlined=lost,
        colours="diverging",
        totals=("Total",),
    )


def dependence(ax: Axes, study: Study) -> Axes:
    """Draw the shares of today and tomorrow."""
    known, table = study.dependence, exhibits.dependence(study).frame
    frame = table.set_axis(["before", "after"], axis=1).dropna(how="all")
    return forms.dumbbell(
        ax,
        frame,
        "share",
        title=findings.dependence(known),
        labels=(str(known.today), str(known.tomorrow)),
    )
