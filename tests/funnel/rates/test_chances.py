import numpy as np
import pandas as pd
import pytest

from tests.funnel import made
from tests.funnel.records import FUNNEL, changes, ways
from vs_toolkit.funnel.rates.blending import Rules
from vs_toolkit.funnel.rates.calibration import calibrate
from vs_toolkit.funnel.rates.chances import kind_codes, open_chances, win_probability


def of(n: int = 2500):
    histories = made.made(n)
    return calibrate(histories.status_changes, made.FUNNEL, made.AS_OF), histories.opportunities


def test_without_kinds_it_is_the_estimate_from_all():
    calibration, _ = of(800)
    cases = calibration.history.open_cases()
    expected = win_probability(calibration, cases["status"], cases["age_days"])
    pd.testing.assert_frame_equal(open_chances(calibration).loc[expected.index], expected, check_names=False)


def test_a_kind_is_compared_with_its_own_as_far_as_it_has_comparable_visits():
    # All: 4 of 10 won, variance 0.24 each; pumps 3 of 4, 1.4 more than 1.6. Odds of pumps: e^0.4167 times
    # those of all: 1.4 / (4 x 0.24 + 10 x 0.24) = 0.4167, so that 0.4 becomes 1.0113 / 2.0113 = 0.5028.
    # Weight of the kind 4 / (4 + 4): (0.75 + 0.5028) / 2.
    rows = {f"P{i}": "Lead 1 Order 9" for i in range(3)} | {"P3": "Lead 1 Lost 9"}
    rows |= {"L0": "Lead 1 Order 9"} | {f"L{i}": "Lead 1 Lost 9" for i in range(1, 6)}
    rules = Rules(minimum_cases=5, prior_kind=4)
    calibration = calibrate(ways(**rows, X="Lead 20"), FUNNEL, "2026-03-20", rules=rules)
    kinds = pd.Series({name: "Pump" if name[0] in "PX" else "Line" for name in [*rows, "X"]})
    found = open_chances(calibration, kinds, horizon_days=8).loc["X"]
    assert found["win_probability"] == pytest.approx(0.6264, abs=5e-5)
    assert (found["of_kind"], found["n"]) == (0.5, 10)


def test_orders_of_a_fast_kind_do_not_time_those_of_a_slow_one():
    # Won after 4 days (fast) and 8 (slow): e^-0.2310 and e^0.2310 times the mean of the logs, 20 visits,
    # 0.3466 shrunk by 20 / (20 + 10). In common days that is 5.04 and 6.35; 5 days are 6.30 and 3.97.
    rows = {f"F{i}": "Lead 1 Order 5" for i in range(20)} | {f"S{i}": "Lead 1 Order 9" for i in range(20)}
    record = ways(**rows, FX="Lead 20", SX="Lead 20")
    kinds = pd.Series({name: name[0] for name in [*rows, "FX", "SX"]})
    calibration = calibrate(record, FUNNEL, "2026-03-20", rules=Rules(prior_kind=1e9))
    found = open_chances(calibration, kinds, horizon_days=5)["win_probability"]
    assert found.to_dict() == pytest.approx({"FX": 0.5, "SX": 0.0})


def test_slow_and_rarely_won_business_gets_its_own_chances():
    calibration, table = of()
    kinds = table.set_index("opportunity_id")["segment"]
    own, overall = open_chances(calibration, kinds), open_chances(calibration)
    slow = own.index.map(kinds) == "Process systems"
    # Its true win rates are lower in every stage (lost_shift 0.5 against 0 and -0.2).
    assert slow.sum() > 20
    assert own.loc[slow, "win_probability"].mean() < overall.loc[slow, "win_probability"].mean()


def test_kinds_are_numbered_by_frequency():
    kinds = pd.Series({"A": "Line", "B": "Pump", "C": "Pump", "D": None})
    assert kind_codes(kinds, pd.Index(list("ABCDE"))).tolist() == [1, 0, 0, -1, -1, -1]
    assert set(kind_codes(None, pd.Index(list("AB")))) == {-1}


def test_an_old_age_counts_with_what_is_known_of_it():
    # 30 leads lost on day 2..11; 6 outlast day 20 and are won on day 25: at age 21 all six are comparable.
    rows = {f"L{i}": f"Lead 1 Lost {2 + i % 10}" for i in range(30)} | {
        f"W{i}": "Lead 1 Order 26" for i in range(6)
    }
    calibration = calibrate(ways(**rows), FUNNEL, "2026-03-28", rules=Rules(prior_old=2))
    found = win_probability(calibration, ["Lead"], [21.0]).iloc[0]
    young = win_probability(calibration, ["Lead"], [0.0])["win_probability"].iloc[0]
    assert young == pytest.approx(6 / 36)
    # The oldest age with 20 comparable visits is below day 6: 6 of 21 and more; six count 6 / (6 + 2).
    assert 0.75 + 0.25 * 6 / 36 < found["win_probability"] < 0.75 + 0.25 * 0.35
    assert found["n"] >= 20  # comparable at the oldest age that has enough


def test_nothing_open():
    assert open_chances(calibrate(changes(), FUNNEL, "2026-03-31")).empty
    closed = calibrate(ways(A="Lead 1 Order 5"), FUNNEL, "2026-03-31")
    assert open_chances(closed, pd.Series({"A": "Pump"})).empty
    assert np.isnan(win_probability(closed, ["Order"], [3.0])["win_probability"]).all()
