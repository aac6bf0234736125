"""Charts of a report on a pipeline: each is one call on a shared form with the finding as its title."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vs_toolkit import formats
from vs_toolkit.charts import forms, nothing, style
from vs_toolkit.funnel import findings
from vs_toolkit.funnel.exhibits.stages import METHODS, ends_only, quarter
from vs_toolkit.funnel.outlook.backtest import Backtest
from vs_toolkit.funnel.outlook.bridge import THEN
from vs_toolkit.funnel.outlook.forecast import Forecast
from vs_toolkit.funnel.outlook.scores import reliability as reliability_curve
from vs_toolkit.funnel.pipeline.steps import Steps
from vs_toolkit.funnel.rates.people import GroupHitRates
from vs_toolkit.funnel.rates.stated import StatedCheck
from vs_toolkit.funnel.rates.won_lost import NOT_RECORDED

LEAST_SHARE = 0.005  # of the expected value; smaller steps of the bridge are joined


@style()
def _untold(ax: Axes, title: str) -> Axes:
    """Write only the title: it says why there is nothing to draw."""
    ax.set_title(title)
    return nothing(ax)


def value(ax: Axes, outlook: Forecast, targets: pd.DataFrame, currency: str) -> Axes:
    """Expected order value (orders where no value is recorded) by month with its interval and target."""
    what, unit = ("value", currency) if outlook.total["value"] > 0 else ("orders", "")
    title = findings.value(outlook, targets, currency) if unit else findings.orders(outlook, targets)
    if not outlook.total[what] > 0:
        return _untold(ax, title)
    table = outlook.table
    frame = pd.DataFrame(
        {
            "expected": table[what],
            "added": table["of_new" if what == "orders" else "value_of_new"],
            "low": table[f"{what}_low"],
            "high": table[f"{what}_high"],
            "target": targets[what].reindex(table.index).astype(float),
        }
    )
    names = {"expected": "open opportunities", "added": "leads still to come", "interval": "80% interval"}
    label = "" if unit else "orders in the month"
    return forms.months(ax, frame, unit, title=title, labels=names, label=label)


def change(ax: Axes, steps: pd.Series[float], currency: str, title: str) -> Axes:
    """Expected value of open opportunities then and now, and what changed it."""
    if not steps.abs().sum() > 0:
        return _untold(ax, title)
    shown = steps[(steps.abs() >= LEAST_SHARE * steps.abs().max()) | (steps.index == THEN)]
    return forms.bridge(ax, shown, currency, title=title, total="now", start=THEN)


def win_rates(ax: Axes, table: pd.DataFrame) -> Axes:
    """Win rate of each stage with its interval, the closed-only rate and the default beside it."""
    title = findings.win_rates(table)
    if table[["hit_rate", "nominal"]].isna().all(axis=None):
        return _untold(ax, title)
    text = [
        f"{formats.percent(rate, 0)} of {reached:,}" if rate == rate else "not measured"
        for rate, reached in zip(table["hit_rate"], table["reached"], strict=True)
    ]
    frame = table[["low", "high", "closed_only", "nominal"]].assign(value=table["hit_rate"], text=text)
    marks = {
        "value": "win rate, 90% interval",
        "closed_only": "closed opportunities only",
        "nominal": "default",
    }
    return forms.dots(
        ax, frame, "share", title=title, marks=marks, label="won of the opportunities in the stage"
    )


def by_age(ax: Axes, chances: pd.DataFrame, horizon_days: float) -> Axes:
    """Win probability within a horizon by the days an opportunity has been in its stage."""
    title = findings.by_age(chances, horizon_days)
    known = chances.dropna(axis="columns", how="all").dropna(how="all")
    if known.empty:
        return _untold(ax, title)
    label = f"won within {horizon_days:.0f} days"
    return forms.lines(
        ax, known, "share", title=title, x_label="days in the stage", label=label, end_values=False
    )


def by_quarter(ax: Axes, table: pd.DataFrame) -> Axes:
    """Win rate by quarter of decision with control limits."""
    title = findings.by_quarter(table)
    if len(table) < 2:
        return _untold(ax, title)
    frame = table[["rate", "low", "high"]].rename(columns={"rate": "win rate"})
    return forms.lines(
        ax,
        frame,
        "share",
        title=title,
        bands={"win rate": ("low", "high")},
        label="won of decided in the quarter",
    )


def cohorts(ax: Axes, shares: pd.DataFrame) -> Axes:
    """Share won of the leads of each quarter by months since."""
    title = findings.cohorts(shares)
    grid = shares.drop(columns="leads").dropna(axis="columns", how="all").dropna(how="all")
    if grid.empty:
        return _untold(ax, title)
    named = grid.set_axis([quarter(day) for day in grid.index])
    named = named.set_axis([f"{months} months" for months in grid.columns], axis=1)
    return forms.matrix(ax, named, "share", title=title)


def people(ax: Axes, rates: GroupHitRates, names: Mapping[str, str]) -> Axes:
    """Win rate of each salesperson, adjusted with its interval and as observed, around the common one."""
    title = findings.people(rates, names)
    table = ends_only(rates.table.dropna(subset="hit_rate"))
    if len(table) < 2:
        return _untold(ax, title)
    decided = table["won"] + table["lost"]
    text = [f"{won} of {n}" for won, n in zip(table["won"], decided, strict=True)]
    frame = table[["low", "high", "hit_rate"]].assign(value=table["shrunk"], text=text)
    frame = frame.set_axis([str(names.get(str(person), person)) for person in table.index])
    marks = {"value": "adjusted, 90% interval", "hit_rate": "observed"}
    label = "all together"
    return forms.dots(
        ax, frame, "share", title=title, marks=marks, reference=rates.overall, reference_label=label,
        label="won of decided opportunities",
    )  # fmt: skip


def promises(ax: Axes, check: StatedCheck, names: Mapping[str, str]) -> Axes:
    """What each salesperson stated on average and what share was won, the most optimistic first."""
    title = findings.promises(check, names)
    table = ends_only(check.table)
    if table.empty:
        return _untold(ax, title)
    text = ["" if word == "in line" else word for word in table["verdict"]]
    frame = pd.DataFrame({"before": table["stated"], "after": table["realised"], "text": text})
    frame = frame.set_axis([str(names.get(str(person), person)) for person in table.index])
    strong = [name for name, word in zip(frame.index, text, strict=True) if word]
    return forms.dumbbell(
        ax, frame, "share", title=title, labels=("stated on average", "realised"), strong=strong,
        label="probability stated, share won",
    )  # fmt: skip


def backtest(ax: Axes, tested: Backtest) -> Axes:
    """Orders that each method expected on each past day, and the actual ones."""
    title = findings.backtest(tested)
    by_day = tested.by_day()
    if len(by_day) < 2:
        return _untold(ax, title)
    used = [name for name in METHODS if name in by_day]
    frame = by_day[[*used, "won"]].rename(columns={**METHODS, "won": "Actual"})
    label = f"orders within {tested.horizon_days:.0f} days"
    muted = [METHODS["nominal"], METHODS["closed_only"]]
    return forms.lines(
        ax, frame, "", title=title, label=label, x_label="estimated on", muted=muted, end_values=False
    )


def reliability(ax: Axes, tested: Backtest) -> Axes:
    """Share won against the probability given before (CORP curves): of the method used, and of the others."""
    title = findings.reliability(tested)
    rows = tested.rows
    if rows["won"].nunique() < 2:
        return _untold(ax, title)
    grid = np.linspace(0, 1, 11)
    curves = {"perfect": grid}
    known = [name for name in METHODS if name in rows and rows[name].notna().any()]
    for name in known if "corrected" not in known else [n for n in known if n != "landmark"]:
        curve = reliability_curve(rows[name], rows["won"])
        inside = (grid >= curve["lowest"].min()) & (grid <= curve["highest"].max() + 0.1)
        curves[METHODS[name]] = np.where(
            inside, np.interp(grid, curve["probability"], curve["observed"]), np.nan
        )
    frame = pd.DataFrame(curves, index=grid)
    return forms.lines(
        ax, frame, "share", title=title, muted=["perfect"], x_unit="share", end_values=False,
        x_label="estimated probability", label="share won",
    )  # fmt: skip


def stages(ax: Axes, walked: Steps, title: str) -> Axes:
    """Opportunities that came to each stage, those there now, and the share that advances."""
    table = walked.table
    if not table["visits"].sum() > 0:
        return _untold(ax, title)
    texts = [
        f"{visits:,.0f}, {still:,.0f} there now"
        + ("" if np.isnan(on) else f"; {formats.percent(on, 0)} advance")
        for visits, still, on in table[["visits", "still", "conversion"]].itertuples(index=False)
    ]
    names = [str(name) for name in table.index]
    visits, still = (table[name].astype(float).set_axis(names) for name in ("visits", "still"))
    return forms.bars(ax, visits, "", title=title, texts=texts, part=still, labels=("visits", "there now"))


def ageing(ax: Axes, table: pd.DataFrame, currency: str) -> Axes:
    """Open value by stage and days in it."""
    title = findings.ageing(table, currency)
    if not table.to_numpy().any():
        return _untold(ax, title)
    return forms.matrix(ax, table.replace(0.0, np.nan), currency, title=title)


def losses(ax: Axes, lost: pd.DataFrame) -> Axes:
    """How many opportunities were lost for a reason."""
    title = findings.lost_reasons(lost)
    if lost.drop(NOT_RECORDED, errors="ignore").empty:
        return _untold(ax, title)
    texts = [
        f"{n:,.0f} ({formats.percent(share, 0)})"
        for n, share in zip(lost["cases"], lost["share"], strict=True)
    ]
    counts = lost["cases"].astype(float).set_axis([str(name) for name in lost.index])
    return forms.bars(ax, counts, "", title=title, strong=[str(lost.index[0])], texts=texts)


def past_forecasts(ax: Axes, past: pd.DataFrame, currency: str) -> Axes:
    """Target, forecast of a month before and actual value by past month."""
    title = findings.past_forecasts(past, currency)
    known = past.dropna(subset=["forecast", "target"], how="all")
    if known.empty:
        return _untold(ax, title)
    frame = known.rename(columns={"forecast": "expected"}).astype(float)
    return forms.months(ax, frame, currency, title=title, labels={"expected": "forecast a month before"})
