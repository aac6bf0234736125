import pandas as pd

from tests.funnel import made
from tests.funnel.records import FUNNEL, changes, ways
from vs_toolkit.funnel.rates.calibration import calibrate
from vs_toolkit.funnel.rates.chances import open_chances
from vs_toolkit.funnel.rates.landmark import win_probability


def of(n: int = 2500):
    histories = made.made(n)
    return calibrate(histories.status_changes, made.FUNNEL, made.AS_OF), histories.opportunities


def test_without_kinds_it_is_the_estimate_from_all_cases():
    calibration, _ = of(800)
    cases = calibration.history.open_cases()
    expected = win_probability(calibration, cases["status"], cases["age_days"])
    pd.testing.assert_frame_equal(open_chances(calibration).drop(columns="kind"), expected)


def test_a_kind_is_compared_with_its_own():
    calibration, table = of()
    kinds = table.set_index("opportunity_id")["segment"]
    own, overall = open_chances(calibration, kinds), open_chances(calibration)
    slow = own["kind"] == "Process systems"
    # Its true hit rates are lower in every status (lost_shift 0.5 against 0 and -0.2).
    assert slow.sum() > 20
    assert own.loc[slow, "win_probability"].mean() < overall.loc[slow, "win_probability"].mean()
    assert own.index.equals(overall.index)


def test_a_kind_of_few_cases_is_compared_with_all():
    calibration, table = of(800)
    few = table.set_index("opportunity_id")["segment"].loc[calibration.history.open_cases().index[:5]]
    pd.testing.assert_frame_equal(open_chances(calibration, few), open_chances(calibration))


def test_nothing_open():
    assert open_chances(calibrate(changes(), FUNNEL, "2026-03-31")).empty
    closed = calibrate(ways(A="Lead 1 Order 5"), FUNNEL, "2026-03-31")
    assert open_chances(closed, pd.Series({"A": "Pump"})).empty
