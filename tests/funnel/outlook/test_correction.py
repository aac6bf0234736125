import numpy as np
import pandas as pd
import pytest

from vs_toolkit.funnel.outlook.correction import estimate_correction, shifted
from vs_toolkit.funnel.outlook.past import Past


def past(rates, expected=0.3, n=200, seed=1):
    """Past days two months apart; on each ``n`` opportunities of which a share is won within two months."""
    days = pd.date_range(end="2026-05-01", periods=len(rates), freq="61D")
    rng = np.random.default_rng(seed)
    parts = [
        pd.DataFrame(
            {
                "seen_on": day,
                "landmark": expected,
                "within_step": expected,
                "won_after": np.where(rng.permutation(n) < rate * n, 30.0, np.nan),
            }
        )
        for day, rate in zip(days, rates, strict=True)
    ]
    rows = pd.concat(parts, ignore_index=True)
    return Past(rows, np.zeros((len(rows), 1)), 60.0, 61.0, days[-1] + pd.Timedelta(days=61))


def test_the_factor_by_hand():
    # Six windows of 61 days end within 366 days: 6 x 60 = 360 expected, 6 x 40 = 240 actual:
    # (50 + 240) / (50 + 360), over 366 of 365 days.
    found = estimate_correction(past([0.2] * 8))
    assert (found.expected, found.actual) == pytest.approx((360, 240))
    assert found.factor == pytest.approx(290 / 410)
    assert found.active and found.gain > found.error > 0


def test_a_short_past_corrects_less():
    # Three windows: 180 expected, 120 actual; half a year: (170 / 230) ^ (183 / 365); too few days to judge.
    found = estimate_correction(past([0.2] * 3))
    assert found.factor == pytest.approx((170 / 230) ** (183 / 365))
    assert not found.active and found.applied == 1 and np.isnan(found.gain)


def test_without_drift_it_stays_out():
    active = [estimate_correction(past(np.random.default_rng(s).binomial(200, 0.3, 14) / 200, seed=s)).active
              for s in range(20)]  # fmt: skip
    assert sum(active) <= 4


def test_after_a_sudden_step_it_sets_in_within_two_quarters():
    calm = estimate_correction(past([0.3] * 14))
    fallen = estimate_correction(past([0.3] * 14 + [0.15] * 3))
    assert not calm.active
    assert fallen.factor < 0.85 and fallen.active


def test_the_shift_keeps_the_order_and_hits_the_sum():
    chance = np.array([0.0, 0.1, 0.5, 0.9, 1.0, np.nan])
    moved = shifted(chance, 0.8)
    assert moved[1:4].sum() == pytest.approx(0.8 * 1.5)
    assert (np.diff(moved[:5]) > 0).all() and moved[[0, 4]].tolist() == [0, 1] and np.isnan(moved[5])
    assert shifted(chance, 1.0) is chance and len(shifted(np.zeros(0), 0.5)) == 0


def test_an_empty_past_says_nothing():
    empty = Past(past([0.3]).rows.iloc[:0], np.zeros((0, 1)), 60.0, 61.0, pd.Timestamp("2026-06-30"))
    found = estimate_correction(empty)
    assert found.factor == 1 and not found.active
