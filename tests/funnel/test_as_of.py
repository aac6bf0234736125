"""Nothing dated after the day changes a number; neither do the order of rows nor what cases are called."""

import pandas as pd
import pytest

from tests.funnel import made
from vs_toolkit import funnel
from vs_toolkit.funnel.record.cases import month_starts

DAYS = month_starts("2024-01-01", "2025-03-01", every=3)
END = pd.Timestamp(made.AS_OF) + pd.Timedelta(days=1)


def record(until: pd.Timestamp | None = None):
    histories = made.made(500)
    changes = histories.status_changes
    if until is not None:
        changes = changes[changes["changed_at"] < until.tz_localize("UTC")]
    work = changes.iloc[::3][["opportunity_id"]].assign(date=changes["changed_at"].dt.date)
    return changes, made.opportunities(histories), work


def everything(changes, opportunities, activities) -> dict[str, pd.DataFrame]:
    """Every result as of the day, without the names of cases."""
    calibration = funnel.calibrate(changes, made.FUNNEL, made.AS_OF)
    history = calibration.history
    cases = funnel.known_cases(history, opportunities, changes)
    tested = funnel.backtest(changes, made.FUNNEL, DAYS, 90, made.AS_OF).rows
    past = funnel.past_cases(changes, made.FUNNEL, opportunities, DAYS, made.AS_OF)
    odds = funnel.Odds(
        funnel.learn_slips(past),
        funnel.estimate_shock(tested.rename(columns={"landmark": "win_probability"}), 90),
        funnel.orders_of_new_leads(cases, made.AS_OF, 3),
    )
    chances = funnel.open_chances(calibration, cases["segment"])
    open_cases = cases[cases["outcome"] == "open"].join(chances["win_probability"]).assign(lead_days=30.0)
    told = funnel.statements(history, changes).join(cases["owner_id"], on="opportunity_id")
    dims = funnel.dimensions(cases, made.AS_OF)
    usual = funnel.past_dimensions(changes, made.FUNNEL, opportunities, DAYS, made.AS_OF)
    return {
        "people": funnel.group_hit_rates(cases, "owner_id").table,
        "stated": funnel.stated_against_realised(told, "owner_id").table,
        "trend": funnel.trends(history, changes, activities).groupby("trend").size().to_frame(),
        "effect": funnel.trend_effect(funnel.past_trends(tested, changes, made.FUNNEL, activities)),
        "slips": odds.slips.table,
        "forecast": funnel.forecast(open_cases, made.AS_OF, 3, odds).table,
        "money": funnel.money_flow(open_cases, made.AS_OF, slips=odds.slips).table,
        "flow": funnel.order_flow(cases.assign(unit="North"), made.AS_OF),
        "steps": funnel.steps(history).table,
        "leads": funnel.lead_plan(calibration, 5, "2025-12-31"),
        "shape": funnel.shape(dims, usual).measures,
        "won": funnel.hit_rates_by(funnel.with_size(cases)),
        "lost": funnel.closed_by(cases, "closed_from"),
        "faults": funnel.hygiene(cases, made.FUNNEL, made.AS_OF)["fault"].value_counts().to_frame(),
    }


@pytest.fixture(scope="module")
def known():
    return everything(*record(until=END))


def same(found: dict[str, pd.DataFrame], expected: dict[str, pd.DataFrame]) -> None:
    for name, frame in expected.items():
        pd.testing.assert_frame_equal(found[name], frame, check_dtype=False, obj=name)


def test_what_happens_later_changes_no_number(known):
    assert len(record()[0]) > len(record(until=END)[0])
    same(everything(*record()), known)


def test_neither_order_of_rows_nor_names_of_cases_matter(known):
    changes, opportunities, activities = (
        frame.assign(opportunity_id="X" + frame["opportunity_id"].str[::-1]).sample(frac=1, random_state=seed)
        for seed, frame in enumerate(record(until=END))
    )
    same(everything(changes, opportunities, activities), known)
