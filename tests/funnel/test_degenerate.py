"""Records from which little or nothing can be said: results that say so, no traceback, no silent zero."""

from datetime import date

import pandas as pd
import pytest

from tests.funnel.records import FUNNEL, changes, ways
from vs_toolkit import funnel

RECORDS = {
    "three cases": ways(A="Lead 1 Offer 4 Order 9", B="Lead 2 Lost 8", C="Lead 3"),
    "one status": ways(A="Lead 1", B="Lead 2"),
    "no lost case": ways(A="Lead 1 Offer 4 Order 9", B="Lead 2 Order 5"),
    "all lost": ways(A="Lead 1 Offer 4 Lost 9", B="Lead 2 Lost 5"),
    "one day": ways(A="Lead 1 Offer 1", B="Lead 1 Order 1", C="Lead 1 Lost 1"),
    "closings only": ways(A="Order 1", B="Lost 2"),
    "all in the future": changes(("A", "2026-05-01", "Lead")),
    "empty": changes(),
    "no columns": pd.DataFrame(),
}
FUNNELS = {"five": FUNNEL, "open only": FUNNEL[:1], "closings only": FUNNEL[3:], "none": pd.DataFrame()}


@pytest.fixture(params=list(RECORDS))
def record(request):
    return RECORDS[request.param]


@pytest.mark.parametrize("statuses", FUNNELS.values(), ids=list(FUNNELS))
def test_nothing_fails(record, statuses):
    calibration = funnel.calibrate(record, statuses, "2026-03-20")
    for status in calibration.table.index:
        calibration.curve(status)
    cases = calibration.history.open_cases()
    chances = funnel.win_probability(calibration, cases["status"], cases["age_days"], 30)
    assert len(chances) == len(cases)
    tested = funnel.backtest(record, statuses, ["2026-03-03", "2026-03-09"], 5, as_of="2026-03-20")
    assert len(tested.by_day()) <= 2
    funnel.calibrate_by(calibration, pd.Series({"A": "North"}))
    funnel.adopted(calibration, date(2026, 4, 1))
    assert len(funnel.estimable(calibration.history)) >= 7


def test_what_cannot_be_said_is_missing_with_its_reason(record):
    table = funnel.calibrate(record, FUNNEL, "2026-03-20").table
    unsaid = table[table["won"] + table["lost"] == 0]
    assert (
        unsaid[["closed_only", "hit_rate", "low", "high", "cases_per_order", "days_to_order"]]
        .isna()
        .all(axis=None)
    )
    assert (table["reason"] != "").all()  # all of these records are thin
    assert (table["verdict"] == "too few closed").all()
    assert table["blended"].between(0, 1).all()


def test_the_nominal_speaks_where_there_is_nothing_else(record):
    chances = funnel.win_probability(funnel.calibrate(record, FUNNEL, "2026-03-20"), ["Accepted"], [3])
    assert chances[["win_probability", "rule", "weight"]].iloc[0].tolist() == [0.8, "nominal", 0]
