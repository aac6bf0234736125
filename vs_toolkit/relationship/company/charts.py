"""Drawings of all relationships: each a call of a form with its finding as title."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vs_toolkit.charts import forms
from vs_toolkit.relationship.company import findings
from vs_toolkit.relationship.company.study import Portfolio

MOST = 15  # bars that a drawing has room for


def shown(found: Portfolio) -> int:
    """Number of customers that the drawing of values shows."""
    return min(found.count("valued"), MOST)


def values(ax: Axes, found: Portfolio) -> Axes:
    """Draw the value of the relationships with their range, the highest first."""
    known = found.values[found.values["state"] == "valued"].head(MOST)
    frame = pd.DataFrame(
        {"value": known["npv"].to_numpy(), "low": known["low"].to_numpy(), "high": known["high"].to_numpy()},
        index=list(known["name"]),
    )
    return forms.dots(ax, frame, found.currency, title=findings.equity(found), reference=0.0)


def candidates(found: Portfolio) -> pd.DataFrame:
    """Customers of the drawing of teams: those with the highest gain per team."""
    if not found.allocates:
        return pd.DataFrame()
    return found.allocation.dropna(subset=["gain_per_team"]).head(MOST)


def allocation(ax: Axes, found: Portfolio) -> Axes:
    """Draw the gain per team; filled: gets a team; outlined: has one today."""
    table = candidates(found)
    if table.empty:
        return forms.bars(ax, pd.Series(dtype=float), found.currency, title=findings.allocation(found))
    gain = table.set_index("name")["gain_per_team"]
    today = gain.where((table["today"] > 0).to_numpy())
    return forms.bars(
        ax,
        gain,
        found.currency,
        title=findings.allocation(found),
        strong=[str(name) for name in table.loc[table["best"] > 0, "name"]],
        outline=today,
        labels=("gain in NPV per team (grey: gets no team)", "has teams today"),
    )


def steps(ax: Axes, found: Portfolio) -> Axes:
    """Draw total NPV against the number of teams."""
    title = findings.steps(found)
    if not found.allocates:
        return forms.lines(ax, pd.DataFrame(), found.currency, title=title)
    values, now = found.steps, found.capacity.total
    edges = np.repeat(values.index.to_numpy(float), 2)[1:]
    level = np.repeat(values.to_numpy(float), 2)[:-1]
    frame = pd.DataFrame({"best total NPV": level}, index=edges)
    return forms.lines(
        ax, frame, found.currency, title=title, mark={"available": now}, x_label="account teams"
    )


def robustness(ax: Axes, found: Portfolio) -> Axes:
    """Draw in how many simulations each choice holds."""
    title = findings.robustness(found)
    if not found.allocates or found.regret is None:
        return forms.bars(ax, pd.Series(dtype=float), "share", title=title)
    table = found.allocation.head(MOST)
    held = table.set_index("name")["chosen"]
    chosen = [str(name) for name in table.loc[table["best"] > 0, "name"]]
    return forms.bars(
        ax,
        held,
        "share",
        title=title,
        strong=chosen,
        label="share of simulations in which the choice holds (grey: gets no team)",
    )
