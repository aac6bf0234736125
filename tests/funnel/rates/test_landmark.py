import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import CumIncidenceRight

from tests.funnel.records import FUNNEL, SIX, ways
from vs_toolkit.funnel.rates.blending import Rules
from vs_toolkit.funnel.rates.calibration import calibrate
from vs_toolkit.funnel.rates.chances import win_probability

ANY = Rules(minimum_cases=1)


def answer(calibration, *asked):
    return win_probability(calibration, *([part] for part in asked)).iloc[0]


def test_a_lead_of_three_days_by_hand():
    calibration = calibrate(SIX, FUNNEL, "2026-03-20", rules=ANY)
    # Still a lead after 3 days: 4 of them. The one seen until day 4 leaves; on day 5 one of three is won.
    found = answer(calibration, "Lead", 3, 5)
    assert found["win_probability"] == pytest.approx(1 / 3)
    assert (found["n"], found["rule"], found["weight"]) == (3, "landmark", 1)
    # Within one day more nobody is closed.
    assert answer(calibration, "Lead", 3, 1)["win_probability"] == 0
    # A new lead, ever: the hit rate.
    assert answer(calibration, "Lead", 0)["win_probability"] == pytest.approx(7 / 18)


def test_a_case_older_than_all_is_compared_at_the_oldest_age_with_enough_cases():
    calibration = calibrate(SIX, FUNNEL, "2026-03-20", rules=Rules(minimum_cases=3))
    # Known within 5 days: closed on day 2, 3, 5, 6, and the one followed for 10 days until it was 5 days old.
    found = answer(calibration, "Lead", 30, 5)
    assert found["rule"] == "landmark at the oldest age with enough cases"
    assert found["win_probability"] == pytest.approx(
        1 / 3
    )  # as at 3 or 4 days: the last age with three of them


def test_few_cases_are_mixed_with_the_nominal():
    found = answer(calibrate(SIX, FUNNEL, "2026-03-20"), "Lead", 3)
    size = calibrate(SIX, FUNNEL, "2026-03-20").table.at["Lead", "effective_n"]
    assert found["rule"] == "blend with the nominal"
    assert found["weight"] == pytest.approx(size / (size + 10))
    assert found["win_probability"] == pytest.approx((size * 7 / 18 + 10 * 0.1) / (size + 10))


def test_of_a_nominal_only_that_share_counts_which_comes_in_time():
    # No case ever reached "Accepted"; of all orders (after 2 and 5 days, 7/18 in the end) 1/6 came by day 4.
    found = answer(calibrate(SIX, FUNNEL, "2026-03-20"), "Accepted", 1, 4)
    assert found["rule"] == "nominal"
    assert found["win_probability"] == pytest.approx(0.8 * (1 / 6) / (7 / 18))


def test_what_cannot_be_answered_is_missing():
    asked = pd.Series(["Order", "Nonsense", "Lead", None], index=list("abcd"))
    found = win_probability(calibrate(SIX, FUNNEL, "2026-03-20"), asked, [1, 1, np.nan, 1], 30)
    assert found.index.tolist() == list("abcd")
    assert found["win_probability"].isna().all()
    assert (found["rule"] == "none").all()


def test_neither_data_nor_nominal():
    funnel = FUNNEL.assign(nominal_probability=np.nan)
    found = answer(calibrate(SIX, funnel, "2026-03-20"), "Accepted", 1)
    assert np.isnan(found["win_probability"])
    assert found["rule"] == "none"


def test_each_case_may_have_its_own_horizon():
    calibration = calibrate(SIX, FUNNEL, "2026-03-20", rules=ANY)
    found = win_probability(calibration, ["Lead"] * 3, [0, 0, 3], [2, 5, 5])
    assert found["win_probability"].tolist() == pytest.approx([1 / 6, 7 / 18, 1 / 3])


def simulated(n=60, seed=3):
    rng = np.random.default_rng(seed)
    rows = {}
    for i in range(n):
        start, stay, more = rng.integers(1, 12), rng.integers(1, 9), rng.integers(1, 8)
        way = f"Lead {start}"
        if rng.random() < 0.6:
            way += f" Offer {start + stay}"
        if rng.random() < 0.7:
            way += f" {'Order' if rng.random() < 0.5 else 'Lost'} {start + stay + more}"
        rows[f"O{i}"] = way
    return ways(**rows)


def refitted(visits, age, horizon):
    """The share by refitting statsmodels to the visits that lasted longer; weights: no standard errors."""
    longer = visits[visits["days"] > age]
    kinds = longer["outcome"].map({"open": 0, "won": 1, "lost": 2}).to_numpy(int)
    curve = CumIncidenceRight(longer["days_to_end"].to_numpy() - age, kinds, freq_weights=np.ones(len(kinds)))
    return curve.cinc[0][curve.times <= horizon][-1]


@pytest.mark.parametrize("age", [0, 1, 4, 6])
@pytest.mark.parametrize("horizon", [3, 7])
def test_it_is_the_share_won_of_the_visits_that_lasted_longer(age, horizon):
    calibration = calibrate(simulated(), FUNNEL, "2026-03-28", rules=Rules(minimum_cases=5))
    visits = calibration.history.spells.query("status == 'Lead'")
    found = answer(calibration, "Lead", age, horizon)
    assert found["win_probability"] == pytest.approx(refitted(visits, age, horizon))


def test_many_distinct_ages_are_compared_at_a_hundred_of_them():
    rng = np.random.default_rng(5)
    start = pd.Timestamp("2026-01-01") + pd.to_timedelta(rng.uniform(0, 60, 900), unit="D")
    end = start + pd.to_timedelta(rng.exponential(10, 900), unit="D")
    ids, outcome = np.arange(900), np.where(rng.random(900) < 0.4, "Order", "Lost")
    record = pd.concat(
        pd.DataFrame({"opportunity_id": ids, "changed_at": at, "status": status})
        for at, status in ((start, "Lead"), (end, outcome))
    )
    calibration = calibrate(record, FUNNEL, "2026-03-01")
    visits = calibration.history.spells
    ages = np.array([2.345, 7.5, 11.111])
    found = win_probability(calibration, ["Lead"] * 3, ages, 14)["win_probability"]
    for age, share in zip(ages, found, strict=True):
        assert share == pytest.approx(refitted(visits, age, 14), abs=0.01)
