import numpy as np
import pandas as pd
import pytest

from tests.funnel.records import FUNNEL, ways
from vs_toolkit.funnel.outlook.correction import estimate_correction, shifted, stage_exits
from vs_toolkit.funnel.outlook.past import Past
from vs_toolkit.funnel.record.history import read_history

TODAY = pd.Timestamp("2026-06-30")
DAYS = pd.date_range(end=TODAY, periods=14, freq="61D")[:-1]


def past(rates, expected=0.3, n=200):
    """Past days two months apart; on each ``n`` opportunities of which a share is won within two months."""
    parts = [
        pd.DataFrame(
            {
                "seen_on": day,
                "landmark": expected,
                "within_step": expected,
                "won_after": np.where(np.arange(n) < rate * n, 30.0, np.nan),
            }
        )
        for day, rate in zip(DAYS[-len(rates) :], rates, strict=True)
    ]
    rows = pd.concat(parts, ignore_index=True)
    return Past(rows, np.zeros((len(rows), 1)), 60.0, 61.0, TODAY)


def exits(lost, expected=0.4, n=100, every=61.0):
    """So many exits lost in each window; those of the last window are of today."""
    today = TODAY.timestamp() / 86400
    parts = [
        pd.DataFrame({"at": today - every * back, "window": len(lost) - back, "expected": expected,
                      "lost": (np.arange(n) < lost[len(lost) - 1 - back]).astype(float)})
        for back in range(len(lost))
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def test_the_shift_by_hand():
    # Two windows 90 days apart, 100 exits each, 40 losses expected; 40 and 50 came. Variance 100 x 0.24 = 24.
    # f = mean(0, 10^2 / 24) = 2.083; information 24 + 24 / 2 = 36: shift = -10 / (36 + 20 x 2.083) = -0.1288;
    # z = -10 / sqrt(2.083 x (24 + 24 / 4)) = -1.265.
    found = estimate_correction(past([0.3]), exits([40, 50], every=90.0))
    assert found.shift == pytest.approx(-0.1288, abs=1e-4)
    assert found.z == pytest.approx(-1.265, abs=1e-3)
    assert (found.exits, found.expected, found.lost) == (200, pytest.approx(80), 90)
    assert found.active and found.applied == found.shift


def test_exits_are_compared_with_earlier_ones_of_the_same_age():
    # Until 10 March 12 leads are lost after 2 days and 12 move on after 4. Half of all are lost, worth
    # 10 exits: after 2 days (12 + 5) / 22 are expected to be lost, after 4 days (0 + 5) / 22.
    old = {f"L{i}": "Lead 1 Lost 3" for i in range(12)} | {f"M{i}": "Lead 1 Offer 5" for i in range(12)}
    record = ways(**old, X="Lead 10 Lost 12", Y="Lead 11 Offer 15", Z="Lead 16")
    visits = read_history(record, FUNNEL, "2026-03-20").visits
    lost = (FUNNEL["outcome"] == "lost").to_numpy()
    found = stage_exits(visits, lost, pd.DatetimeIndex(["2026-03-10"]), pd.Timestamp("2026-03-20"))
    assert found["lost"].tolist() == [1, 0]
    assert found["expected"].tolist() == pytest.approx([17 / 22, 5 / 22])


def test_without_drift_it_mostly_stays_out():
    # Beyond one standard error lie 32% of normal values: 6.3 of 20.
    drawn = [np.random.default_rng(s).binomial(100, 0.4, 13) for s in range(20)]
    assert sum(estimate_correction(past([0.3] * 6), exits(lost)).active for lost in drawn) <= 10


def test_after_a_sudden_step_it_sets_in_within_two_quarters():
    rng = np.random.default_rng(1)
    calm = rng.binomial(100, 0.4, 10)
    fallen = estimate_correction(past([0.3] * 4 + [0.24, 0.22]), exits([*calm, *rng.binomial(100, 0.55, 3)]))
    assert fallen.active and fallen.shift < -0.2
    assert fallen.past[-200:].sum() < 0.9 * 60  # estimates of the last past day come down with it


def test_it_stays_out_where_it_would_have_made_past_days_worse():
    # More losses than expected at all times, but as many orders as expected: 0.3 was right on every past day.
    losses = [50] * 13
    assert estimate_correction(past([0.3] * 3), exits(losses)).active  # too few past days to speak against it
    found = estimate_correction(past([0.3, 0.31, 0.3, 0.29] * 2), exits(losses))
    assert found.gain < -found.error < 0 and not found.active and found.applied == 0
    assert (found.past == 0.3).all()


def test_the_shift_keeps_the_order_and_what_is_certain():
    chance = np.array([0.0, 0.1, 0.5, 0.9, 1.0, np.nan])
    moved = shifted(chance, -0.5)
    assert moved[2] == pytest.approx(1 / (1 + np.exp(0.5)))
    assert (np.diff(moved[:5]) > 0).all() and moved[[0, 4]].tolist() == [0, 1] and np.isnan(moved[5])
    assert shifted(chance, 0.0) is chance and len(shifted(np.zeros(0), 0.5)) == 0


def test_an_empty_past_says_nothing():
    nothing = past([0.3])
    empty = Past(nothing.rows.iloc[:0], np.zeros((0, 1)), 60.0, 61.0, TODAY)
    found = estimate_correction(empty, exits([40]).iloc[:0])
    assert found.shift == 0 and found.exits == 0 and not found.active
