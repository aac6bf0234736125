"""The first page and the last: what the pipeline will bring, how sure that is, and what to do about it."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from vs_toolkit.formats import MISSING, between, day, money, number, number_of, percent
from vs_toolkit.funnel import findings
from vs_toolkit.funnel.exhibits.actions import FADING, actions_needed, called
from vs_toolkit.funnel.rates.landmark import NOMINAL
from vs_toolkit.funnel.study import Study

Tile = tuple[str, str, str]
BY_DEFAULT = "These are default probabilities: the record holds no closed opportunity to measure them by."
NAMED = 3  # opportunities named in the decision


def title(study: Study, unit: str) -> str:
    """Whose pipeline it is: a salesperson's, a unit's or the company's."""
    if study.owner:
        return str(study.person_names.get(study.owner_id, study.owner_id))
    return unit or "Whole company"


def subject(study: Study) -> tuple[str, ...]:
    """Facts below the title."""
    first, cases = study.history.cases["first_at"].min(), len(study.history.cases)
    n = number_of(cases, "opportunity", "opportunities")
    since = f"{n} since {day(first)}" if cases else "no opportunity on record"
    own = " of their own" if study.owner else ""
    return f"As of {day(study.as_of)}", since, f"{len(study.open_cases):,} open{own}"


def lead(study: Study) -> str:
    """The verdict: what will come against the target, by value where values are recorded."""
    by_value = study.forecast.total["value"] > 0
    said = (
        findings.value(study.forecast, study.targets, study.currency)
        if by_value
        else findings.orders(study.forecast, study.targets)
    )
    return f"{said}." if measured(study) else f"{said}. {BY_DEFAULT}"


def measured(study: Study) -> bool:
    """Whether any open opportunity counts with something else than the default of its stage."""
    return bool((study.open_cases["rule"] != NOMINAL).any()) or study.open_cases.empty


def tiles(study: Study) -> tuple[Tile, Tile, Tile, Tile]:
    """Orders, coverage of the target, velocity and weighted pipeline, each as (label, value, note)."""
    return _orders(study), _coverage(study), _velocity(study), _weighted(study)


def _orders(study: Study) -> Tile:
    total, label = study.forecast.total, f"Orders in {number_of(study.months, 'month')}"
    if not total["orders"] > 0:
        return label, MISSING, "nothing can be forecast"
    interval = between(total["orders_low"], total["orders_high"])
    new = f"; {findings.count(total['of_new'])} from leads to come" if total["of_new"] >= 0.05 else ""
    return label, findings.count(total["orders"]), f"80% interval {interval}{new}"


def _coverage(study: Study) -> Tile:
    expected, plain = study.coverage
    label = "Target covered by open pipeline"
    if math.isnan(expected):
        return label, MISSING, "no target value for all of these months"
    return label, percent(expected, 0), f"expected value over target; {number(plain, 1)}x unweighted"


def _velocity(study: Study) -> Tile:
    if not study.velocity > 0:
        return "Sales velocity", MISSING, "no orders with values in the last year"
    return (
        "Sales velocity",
        money(study.velocity, study.currency),
        "per day: open × order value × win rate ÷ cycle",
    )


def _weighted(study: Study) -> Tile:
    worth = weighted(study)
    if not worth["plain"] > 0:
        return "Weighted pipeline", MISSING, "no open opportunity with a value"
    shown = money(worth["measured"] if measured(study) else worth["default"], study.currency)
    plain, default = (money(worth[name], study.currency) for name in ("plain", "default"))
    by_default = f"{default} by default probabilities, " if measured(study) and worth["default"] > 0 else ""
    return "Weighted pipeline", shown, f"{by_default}{plain} unweighted"


def weighted(study: Study) -> pd.Series[float]:
    """Value of all open opportunities: plain, weighted by default and by measured probabilities."""
    cases = study.open_cases
    worth = cases["value"].astype(float)
    return pd.Series(
        {
            "plain": worth.sum(),
            "default": (worth * cases["nominal"]).sum(),
            "measured": (worth * cases["win_probability"]).sum(),
        },
        dtype=float,
    )


def verdict(study: Study) -> str:
    """What is behind the forecast, in one paragraph."""
    said = [
        findings.correction(study.correction),
        findings.hangs_on_one(
            study.forecast, study.cases.get("name", pd.Series(dtype=object)), study.currency
        ),
        findings.strongest(study.compared),
        findings.trends(study.open_cases),
    ]
    return " ".join(f"{sentence.rstrip('.')}." for sentence in said if sentence)


def decision(study: Study) -> str:
    """What has to be decided first."""
    steps = next_steps(study)
    return f"This week: {steps[0][:1].lower()}{steps[0][1:]}" if steps else ""


def measures(study: Study) -> pd.DataFrame:
    """Pipeline measures as a list; index name; value, unit, text."""
    expected, plain = study.coverage
    dims = study.shape.measures["now"]
    rows = {
        "Target coverage, weighted": (expected, "share", "expected value of open opportunities ÷ target"),
        "Target coverage, unweighted": (plain, "", "value of open opportunities ÷ target, as a multiple"),
        "Sales velocity": (
            study.velocity,
            study.currency,
            "per day: open × order value × win rate ÷ cycle days",
        ),
        "Sales cycle": (dims["length_days"], "days", "median from lead to order, last year"),
        "Win rate": (dims["hit_rate"], "share", "won ÷ decided, last year"),
        "Months of orders open": (dims["width_months"], "months", "open opportunities ÷ orders per month"),
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["value", "unit", "text"])
    return table[table["value"].notna()]


def next_steps(study: Study) -> list[str]:
    """What is to be done, deals and people first."""
    steps = [
        _deals(study),
        _people(study),
        _find_leads(study),
        _rates(study),
        _record(study),
        _targets(study),
    ]
    return [step for step in steps if step]


def _deals(study: Study) -> str:
    needs = actions_needed(study.open_cases, study.faults)
    todo = study.open_cases[needs != ""]
    if todo.empty:
        return ""
    worth = (todo["win_probability"] * todo["value"]).astype(float)
    first = todo.loc[worth.sort_values(ascending=False, kind="stable", na_position="last").index[:NAMED]]
    names = ", ".join(called(row) for row in first.itertuples())
    fading = int(needs.str.startswith(FADING).sum())
    of_value = f" with an expected value of {money(worth.sum(), study.currency)}" if worth.sum() > 0 else ""
    return (
        f"Act on {number_of(len(todo), 'opportunity', 'opportunities')}{of_value} that need action "
        f"({fading:,} "
        f"fading), starting with {names}."
    )


def _people(study: Study) -> str:
    table = study.promises.table
    apart = table.index[table["verdict"] == "optimist"]
    if len(apart) and not study.owner:
        who = findings.names_of(apart, study.person_names)
        return (
            f"Review the open opportunities of {who}: their stated probabilities are significantly too high."
        )
    rates = study.hit_rates("owner_id")
    if study.owner or len(rates.table) < 2 or math.isnan(rates.p_value) or rates.distinguishable:
        return ""
    return "Do not rank salespeople by win rate: the differences are not statistically significant."


def _find_leads(study: Study) -> str:
    missing = study.orders_missing
    if not missing or np.isnan(study.leads["on_average"].iloc[0]):
        return ""
    now, total = study.leads.iloc[0], study.forecast.total
    leads, sure = (number(now[name]) for name in ("on_average", "to_be_sure"))
    wanted = float(study.targets["orders"].sum(skipna=False))
    in_sight = findings.count(total["orders"] - total["of_new"])
    return (
        f"Find new leads: open opportunities are expected to bring {in_sight} of "
        f"{findings.count(wanted)} orders; the "
        f"rest takes {leads} new leads now, {sure} for 80% confidence."
    )


def _rates(study: Study) -> str:
    table = study.calibration.table
    wrong = table[table["verdict"].isin(findings.CONTRADICTED)]
    if wrong.empty:
        return ""
    rates = ", ".join(f"{name} {percent(rate, 0)}" for name, rate in wrong["hit_rate"].items())
    return (
        f"Use the measured win rates: {rates}. The default probabilities stay until somebody "
        "decides to adopt the "
        "measured ones (vs-toolkit adopt)."
    )


def _record(study: Study) -> str:
    short = study.estimable[study.estimable["possible"] != "yes"]
    needed = [text for text in dict.fromkeys(short["needed"]) if text]
    return f"Record from now on: {'; '.join(needed)}." if needed else ""


def _targets(study: Study) -> str:
    if study.orders_missing is None and not study.owner:
        return "Set targets by month: without them the leads required are not known."
    return ""


def key_figures(study: Study) -> dict[str, tuple[float | None, str, str]]:
    """The figures other programs read, each as (value, unit, label)."""
    total, worth, score = study.forecast.total, weighted(study), study.backtest.scores.T["landmark"]
    now = study.leads["on_average"].iloc[0] if study.orders_missing else None
    any_case = len(study.history.cases) > 0
    return {
        "orders_expected": (total["orders"] if any_case else None, "", "Expected orders"),
        "value_expected": (total["value"] if any_case else None, study.currency, "Expected order value"),
        "weighted_funnel": (
            worth["measured"] if measured(study) else None, study.currency, "Weighted pipeline, measured",
        ),
        "nominal_funnel": (worth["default"], study.currency, "Weighted pipeline, default probabilities"),
        "target_coverage": (study.coverage[0], "share", "Target covered by open pipeline"),
        "leads_needed": (now, "", "New leads required"),
        "brier": (score["brier"], "", "Brier score of past probabilities"),
    }  # fmt: skip
