"""Tables of numbers about one relationship."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vs_toolkit.formats import day
from vs_toolkit.relationship.investments import Register
from vs_toolkit.relationship.plan import EXPECTED, HIGH, LINES, LOW
from vs_toolkit.relationship.study import Study
from vs_toolkit.relationship.wording import LABELS, SCENARIOS, TODAY
from vs_toolkit.tables import Column, Table

TOTAL = "Total"


def periods(study: Study) -> Table:
    """Expected flows by period, from today on, down to the NPV."""
    if not study.valued:
        return Table(pd.DataFrame(), note="There is no period table, because there is no complete plan.")
    flows, currency = study.valuation.expected, study.currency
    factors = study.plans.horizon.factors(study.terms.rate)
    frame = pd.DataFrame(
        {
            "lasts": flows.survival[0],
            "contribution": flows.contribution[0],
            "to_serve": -flows.cost_to_serve[0],
            "invested": -flows.sales_investment[0],
            "change": -flows.capital_change[0],
            "cash": flows.cash[0],
            "factor": factors,
            "present": flows.cash[0] * factors,
        },
        index=pd.Index([TODAY, *study.plans.horizon.labels], name="Period"),
    )
    sums = frame.sum().rename(TOTAL)
    sums[["lasts", "factor"]] = np.nan
    amounts = {
        "contribution": "Contribution",
        "to_serve": "Cost to serve",
        "invested": "Sales investment",
        "change": "Capital released",
        "cash": "Cash flow",
    }
    return Table(
        pd.concat([frame, sums.to_frame().T.rename_axis("Period")]),
        (
            Column("Lasts", "lasts", "share", digits=0),
            *(Column(label, name, currency) for name, label in amounts.items()),
            Column("Factor", "factor", digits=3),
            Column("Present value", "present", currency),
        ),
        caption="Expected cash flow by period",
        note="Lasts: probability that the relationship still lasts. Factor: discount factor.",
        strong=(TOTAL,),
        scaled=currency,
    )


def capital_charge(study: Study) -> Table:
    """The same value as economic value added (EVA)."""
    if not study.valued:
        return Table(pd.DataFrame())
    valuation, currency = study.valuation, study.currency
    profit, charge = valuation.expected.operating[0], valuation.charged[0]
    factors = study.plans.horizon.factors(study.terms.rate)
    labels = [TODAY, *study.plans.horizon.labels]
    frame = pd.DataFrame(
        {
            "opening": np.append(0.0, valuation.expected.capital[0, :-1]),
            "profit": profit,
            "charge": -charge,
            "eva": profit - charge,
            "present": (profit - charge) * factors,
        },
        index=pd.Index(labels, name="Period"),
    ).iloc[1:]
    sums = frame.sum().rename(TOTAL)
    sums["opening"] = np.nan
    return Table(
        pd.concat([frame, sums.to_frame().T.rename_axis("Period")]),
        (
            Column("Opening capital", "opening", currency),
            Column("Profit before capital", "profit", currency),
            Column("Capital charge", "charge", currency),
            Column("EVA", "eva", currency),
            Column("Present value", "present", currency),
        ),
        caption="Economic value added (EVA) by period",
        strong=(TOTAL,),
        scaled=currency,
    )


def scenarios(study: Study) -> Table:
    """Downside, base and upside side by side."""
    if not study.valued:
        return Table(pd.DataFrame())
    currency = study.currency
    return Table(
        study.scenarios.rename(index=SCENARIOS).rename_axis("Case"),
        (
            Column("NPV", "npv", currency),
            Column("Sales investment (present value)", "sales_investment", currency),
            Column("NPV per unit of sales investment", "per_investment", digits=2),
            Column("Deepest funding from today", "deepest", currency),
        ),
        caption="Downside, base and upside case",
        note="In the downside case every line of the plan is at its worse end at once.",
    )


def sensitivity(study: Study) -> Table:
    """Lines of the plan with their range, their effect on NPV and their break-even."""
    if not study.valued or not study.valuation.uncertain:
        return Table(pd.DataFrame())
    frame = study.sensitivity.rename(index=LABELS).rename_axis("Line of the plan")
    low, high = frame[["at_low", "at_high"]].min(axis=1), frame[["at_low", "at_high"]].max(axis=1)
    return Table(
        frame.assign(low=low, high=high),
        (
            Column("NPV range", "low", study.currency, upper="high"),
            Column("NPV swing", "swing", study.currency),
            Column("Break-even: change in all years", "break_even", "share", digits=0, signed=True),
        ),
        caption="Sensitivity and break-even",
        note="Break-even: all other lines as planned; a dash where no possible change brings NPV to zero.",
    )


def plan_amounts(study: Study) -> Table:
    """Amounts of the plan as written, each line with its range."""
    if not study.has_plan:
        return Table(pd.DataFrame(), note="There is no relationship plan for the years ahead.")
    note = f"Full calendar years; plan of {day(study.plans.planned_on[0])}."
    lines = ("sales_investment", "revenue", "cost_to_serve", "capital")
    columns = tuple(Column(str(year)) for year in study.plans.horizon.years)
    return Table(_as_written(study, lines), columns, "Plan: amounts", note, scaled=study.currency)


def plan_rates(study: Study) -> Table:
    """Margin and survival of the plan as written, each with its range."""
    if not study.has_plan:
        return Table(pd.DataFrame())
    columns = tuple(Column(str(year), unit="share", digits=0) for year in study.plans.horizon.years)
    return Table(_as_written(study, ("margin", "survival")), columns, "Plan: margin and survival")


def _as_written(study: Study, lines: tuple[str, ...]) -> pd.DataFrame:
    """Base figures by year, and a row for either end of a line that has a range."""
    values, rows = study.plans.values[:, :, 0], {}
    for place, name in enumerate(LINES):
        if name in lines and study.plans.given[place, 0]:
            rows[LABELS[name]] = values[EXPECTED, place]
            if (values[HIGH, place] > values[LOW, place]).any():
                rows[f"– {LABELS[name].lower()}, low"] = values[LOW, place]
                rows[f"– {LABELS[name].lower()}, high"] = values[HIGH, place]
    years = [str(year) for year in study.plans.horizon.years]
    return pd.DataFrame.from_dict(rows, orient="index", columns=years).rename_axis("Line")


def past(study: Study) -> Table:
    """What the relationship brought and cost so far."""
    if study.past.empty:
        return Table(pd.DataFrame(), note="No sales, activities or balances are recorded for this customer.")
    frame = study.past.assign(
        cost_to_serve=-study.past["cost_to_serve"],
        sales_investment=-study.past["sales_investment"],
        investments=-study.past["investments"],
        released=-study.past["capital_change"],
    )
    years = [f"{year} to date" if year == study.as_of.year else str(year) for year in frame.index]
    names = {
        "revenue": "Revenue",
        "contribution": "Contribution",
        "cost_to_serve": "Cost to serve",
        "sales_investment": "Sales investment",
        "investments": "Customer investments",
        "released": "Capital released",
        "cash": "Cash flow",
    }
    known = {name: label for name, label in names.items() if frame[name].notna().any()}
    return Table(
        frame.set_axis(pd.Index(years, name="Year"), axis=0),
        tuple(Column(label, name, study.currency) for name, label in known.items()),
        caption="Cash flow to date",
        note="Sunk: not part of the NPV. Sales investment is the cost of activities; cost to serve, from "
        "sales, is without it. The first balance counts as tied up in its year. A dash: not recorded.",
        scaled=study.currency,
    )


def investments_by_kind(found: Register, currency: str) -> Table:
    """Register of investments by kind, with the total."""
    if found.items.empty:
        return Table(pd.DataFrame(), note="No customer investment is on record.")
    total = found.by_kind.sum(min_count=1).rename(TOTAL)
    return Table(
        pd.concat([found.by_kind, total.to_frame().T]).rename_axis("Kind"),
        (
            Column("Items", "n", digits=0),
            Column("Amount", "amount", currency),
            Column("Expected return a year", "expected_return", currency),
            Column("Measured return a year", "actual_return", currency),
        ),
        caption="Customer investments by kind",
        strong=(TOTAL,),
        scaled=currency,
    )


def investments(found: Register, currency: str) -> Table:
    """Every investment, the largest first; none is summed up as other."""
    frame = found.items.set_index(found.items["purpose"].rename("Purpose"))
    return Table(
        frame,
        (
            Column("Kind", "kind"),
            Column("Decided", "decided_on"),
            Column("Amount", "amount", currency),
            Column("Approval", "approval"),
            Column("Expected return a year", "expected_return", currency),
            Column("Measured", "actual_return", currency),
        ),
        caption="Every customer investment",
    )


def dependence(study: Study) -> Table:
    """Dependence both ways, today and tomorrow."""
    known = study.dependence
    rows = {
        "Our share of its purchases": (known.ours_today, known.ours_tomorrow),
        "Its share of our net sales": (known.theirs_today, known.theirs_tomorrow),
        "Its share of our contribution": (known.contribution_today, None),
    }
    frame = pd.DataFrame(rows, index=["today", "tomorrow"], dtype=float).T.rename_axis("Dependence")
    roles = (
        f"Our role today: {known.role_today or 'not known'}; tomorrow: {known.role_tomorrow or 'not known'}."
    )
    return Table(
        frame,
        (
            Column(str(known.today), "today", "share"),
            Column(str(known.tomorrow), "tomorrow", "share"),
        ),
        caption="Dependence both ways",
        note=roles,
    )


def regions(study: Study) -> pd.DataFrame:
    """Contribution after cost to serve by region and product group, worst region first."""
    grid = study.by_region
    if grid.empty:
        return grid
    order = grid["Total"].drop("Total").sort_values().index
    return grid.loc[[*order, "Total"]]
