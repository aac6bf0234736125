"""Nothing dated after the day changes a number; neither do the order of rows nor what opportunities are
called.
"""

from datetime import date
from unittest import mock

import pandas as pd
import pytest

from tests.funnel import made
from tests.funnel.reports import typed
from vs_toolkit.funnel.study import Study
from vs_toolkit.inputs.tables import TABLES

END = pd.Timestamp(made.AS_OF) + pd.Timedelta(days=1)


def tables(until: pd.Timestamp | None = None):
    histories = made.made(400)
    changes = histories.status_changes
    if until is not None:
        changes = changes[changes["changed_at"] < until.tz_localize("UTC")]
    table = made.opportunities(histories).assign(customer_id="C1", currency="EUR")
    table["owner_id"] = "P" + table["owner_id"].astype(str)
    work = changes.iloc[::3][["opportunity_id"]].assign(date=changes["changed_at"].dt.date)
    changes = changes.assign(changed_at=changes["changed_at"].dt.tz_localize(None))
    known = {"status_changes": changes, "opportunities": table, "activities": work, "statuses": made.FUNNEL}
    return {name: typed(name, known.get(name)) for name in TABLES}


def everything(given) -> dict[str, pd.DataFrame]:
    """Every result as of the day, without the names of opportunities."""
    study = Study(given, date.fromisoformat(made.AS_OF), months=3, horizon_days=90)
    return {
        "rates": study.calibration.table,
        "people": study.hit_rates("owner_id").table,
        "stated": study.promises.table,
        "trend": study.trends.groupby("trend").size().to_frame(),
        "effect": study.trend_effect,
        "dates": study.dates.table,
        "scores": study.backtest.scores,
        "forecast": study.forecast.table,
        "quarters": study.quarters,
        "change": study.change.to_frame(),
        "money": study.money.table,
        "steps": study.steps.table,
        "leads": study.leads,
        "shape": study.shape.measures,
        "won": study.compared,
        "lost": study.losses("closed_from"),
        "cohorts": study.cohorts,
        "control": study.win_rates,
        "ageing": study.ageing,
        "correction": pd.DataFrame([[study.correction.shift, study.correction.gain, study.shock.rho]]),
        "faults": study.faults["fault"].value_counts().to_frame(),
    }


@pytest.fixture(scope="module")
def known():
    with mock.patch("vs_toolkit.funnel.known.PAST_DAYS", 6):
        yield everything(tables(until=END))


def same(found: dict[str, pd.DataFrame], expected: dict[str, pd.DataFrame]) -> None:
    for name, frame in expected.items():
        pd.testing.assert_frame_equal(found[name], frame, check_dtype=False, obj=name)


def test_what_happens_later_changes_no_number(known):
    assert len(tables()["status_changes"]) > len(tables(until=END)["status_changes"])
    same(everything(tables()), known)


def test_neither_order_of_rows_nor_names_of_opportunities_matter(known):
    renamed = {
        name: frame.assign(opportunity_id="X" + frame["opportunity_id"].str[::-1]).sample(
            frac=1, random_state=3
        )
        if "opportunity_id" in frame
        else frame
        for name, frame in tables(until=END).items()
    }
    same(everything(renamed), known)
