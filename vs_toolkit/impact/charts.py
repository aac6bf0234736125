"""Charts of a business impact: one call on a shared form each, with the finding as title."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vs_toolkit import finance
from vs_toolkit.charts import forms
from vs_toolkit.formats import months, percent
from vs_toolkit.impact import findings
from vs_toolkit.impact.exhibits import steps, year_steps
from vs_toolkit.impact.exhibits.certainty import MOST_ROWS, SCENARIO_NAMES
from vs_toolkit.impact.investment import BusinessImpact
from vs_toolkit.impact.study import Study
from vs_toolkit.timeline import MONTHS, Grid

YEARS = "year (0 is the start)"


def value_bridge(ax: Axes, study: Study) -> Axes:
    """Lead from nothing to the NPV, item by item."""
    return forms.bridge(
        ax, steps(study), study.currency, title=findings.bridge(study), total="NPV, base case"
    )


def year_bridge(ax: Axes, study: Study) -> Axes:
    """Lead to the EVA of the last full year, line by line."""
    title = findings.year_of_effect(study)
    return forms.bridge(ax, year_steps(study), study.currency, title=title, total="EVA")


def cash_flow(ax: Axes, study: Study) -> Axes:
    """Cash flow by year, with the cumulative cash flow and the payback."""
    impact = study.base
    flows = np.asarray(impact.monthly, dtype=np.float64)
    by_year = pd.Series(Grid(flows.size - 1).yearly(flows)).rename_axis("year")
    running = impact.accrued.cumsum().set_axis(np.arange(flows.size) / MONTHS)
    back = impact.payback_years
    shown = back if back and not findings.is_financing(impact) else None
    points = {f"payback {months(shown)}": (shown, 0.0)} if shown else {}
    on_the_way = study.case.state == "running" and 0 < study.years_passed < study.case.years
    passed, title = study.years_passed if on_the_way else None, findings.payback(study)
    return forms.flows(ax, by_year, study.currency, title=title, line=running, points=points,
                       plan_from=passed, plan_label="as-of date", x_label=YEARS)  # fmt: skip


def npv_profile(ax: Axes, study: Study) -> Axes:
    """NPV against the discount rate, with the customer's rate and the rate of return marked."""
    impact, wacc = study.base, study.case.customer_wacc
    rate = impact.rate.rate
    reach = max(0.3, 2 * wacc, *([1.3 * rate] if rate and rate < 0.75 else []))
    shown = impact.npv_profile[impact.npv_profile["rate"] <= reach].set_index("rate")
    points = {f"{percent(wacc)} (cost of capital)": (wacc, impact.npv)}
    if rate is not None and 0 <= rate <= reach:
        points |= {f"{percent(rate)} (NPV is zero)": (rate, 0.0)}
    frame = shown.rename(columns={"npv": "NPV"})
    return forms.lines(ax, frame, study.currency, title=findings.rate_of_return(study), points=points,
                       x_label="discount rate per year", x_unit="share")  # fmt: skip


def scenarios(ax: Axes, study: Study) -> Axes:
    """Cumulative discounted cash flow in each scenario; it ends at the NPV."""
    paths = {SCENARIO_NAMES[name]: _discounted(impact, study) for name, impact in study.worlds.items()}
    same = study.worlds["low"].npv == study.worlds["high"].npv
    frame = pd.DataFrame() if same else pd.DataFrame(paths)
    title = findings.scenarios(study)
    return forms.lines(ax, frame, study.currency, title=title, muted=["Downside", "Upside"],
                       x_label=YEARS, label="cumulative, discounted")  # fmt: skip


def _discounted(impact: BusinessImpact, study: Study) -> pd.Series[float]:
    """Cumulative discounted cash flow at the start and at the end of each year."""
    flows = np.asarray(impact.monthly, dtype=np.float64)
    grid = Grid(flows.size - 1)
    present = flows * finance.discount_factors(grid.rate(study.case.rates), grid.size - 1)
    return pd.Series(grid.yearly(present).cumsum()).rename_axis("year")


def tornado(ax: Axes, study: Study) -> Axes:
    """NPV with each assumption at either end, all others as in the base case."""
    swings = study.swings.head(MOST_ROWS).rename(columns={"low": "from", "high": "to"})
    frame = swings.rename(columns={"at_low": "low", "at_high": "high"})
    return forms.tornado(ax, frame, study.base.npv, study.currency, title=findings.tornado(study))


def distribution(ax: Axes, study: Study) -> Axes:
    """NPV over the simulations, with its percentiles, its mean and the part below zero."""
    found = study.simulation
    marks = {"P10": found.p10, "mean": found.mean, "P90": found.p90}
    values: Sequence[float] = list(found.values) if found.uncertain else []
    return forms.histogram(
        ax, values, study.currency, title=findings.probability(study), marks=marks, threshold=0.0
    )


def cost_of_delay(ax: Axes, study: Study) -> Axes:
    """Cost of each month of delay: when the plan shifts, and when the end date is fixed."""
    names = {"fixed_end": "Fixed end date", "plan_shifts": "Plan shifts"}
    frame = study.base.cost_of_delay.rename(columns=names)[list(names.values())]
    other = names["plan_shifts" if study.case.end_fixed else "fixed_end"]
    frame = frame.iloc[:0] if study.case.state in findings.STARTED else frame
    return forms.lines(ax, frame, study.currency, title=findings.cost_of_delay(study), muted=[other],
                       x_label="months of delay", label="NPV lost")  # fmt: skip


def price_corridor(ax: Axes, study: Study) -> Axes:
    """Floor, ceilings and price on one scale; between floor and ceiling a price serves both sides."""
    found = study.corridor
    rows = {
        "Our cost": (found.cost, None, None),
        "Floor: cost and required margin": (found.floor, None, None),
        "Price of this case": (found.price, None, None),
        "Ceiling: next best alternative": (
            found.practical_ceiling,
            found.practical_low,
            found.practical_high,
        ),
        "Ceiling: value to the customer": (found.theoretical_ceiling, None, None),
    }
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["value", "low", "high"], dtype=float)
    known = frame.dropna(subset="value")
    ceilings = [c for c in (found.practical_ceiling, found.theoretical_ceiling) if c is not None]
    band = None
    if found.floor is not None and ceilings and not found.stop:
        band = (found.floor, min(ceilings))
    shown = known if len(known) > 1 else known.iloc[:0]
    return forms.dots(
        ax, shown, study.currency, title=findings.price(study), strong=["Price of this case"], band=band
    )


def schemes(ax: Axes, study: Study) -> Axes:
    """NPV of both sides under each option: base case, range of scenarios, and without any value."""
    table = study.schemes.dropna(subset="total")
    by = table.set_index(["scheme", "scenario"])
    rows = {}
    for name in dict.fromkeys(table["scheme"]):
        for side, column in (("customer", "customer_npv"), ("us", "provider_npv")):
            at = {
                scenario: float(by.loc[(name, scenario), column])
                for scenario in ("low", "expected", "high", "no value")
            }
            rows[f"{name}: {side}"] = (at["expected"], at["low"], at["high"], at["no value"], side)
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=["value", "low", "high", "without", "group"])
    return forms.dots(ax, frame, study.currency, title=findings.schemes(study), reference=0.0,
                      marks={"without": "without any value"})  # fmt: skip


def realised(ax: Axes, study: Study) -> Axes:
    """Realised value beside what was promised, for the periods measured."""
    found = study.delivered.effects
    measured = found[found["measured"] > 0].set_index("effect")
    unit = str(found["currency"].iloc[0]) if len(found) else study.currency
    return forms.bars(ax, measured["realised"].astype(float), unit, title=findings.fulfilment(study),
                      outline=measured["promised"].astype(float), labels=("realised", "promised"),
                      texts=[percent(rate, 0) for rate in measured["rate"]])  # fmt: skip
