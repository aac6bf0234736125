"""Promised against realised; the figures are worked by hand beside each test."""

from datetime import date

import pandas as pd
import pytest

from tests.impact.simple import saving, simple_case
from vs_toolkit.impact.realised import annuity_to_come, fulfilment

AS_OF = date(2026, 6, 30)


def rows(*periods, **fixed):
    base = {
        "customer_id": "C1",
        "case_id": "C1-01",
        "effect_id": "yield",
        "effect": "Less scrap",
        "line": "direct_cost",
        "currency": "EUR",
    } | fixed
    names = ("period_end", "promised", "realised", "reason")
    return pd.DataFrame([base | dict(zip(names, p, strict=False)) for p in periods])


YIELD = rows(
    (date(2024, 12, 31), 100.0, 60.0, "Line 2 came later"),
    (date(2025, 12, 31), 200.0, 210.0, None),
    (date(2026, 6, 30), 100.0, None, None),
    (date(2026, 12, 31), 100.0, 500.0, "not known yet"),
)


def test_rate_is_realised_over_promised_of_measured_periods_only():
    # measured: 60 + 210 = 270 of 100 + 200 = 300 -> 0.9; the open 100 and the future row do not enter
    result = fulfilment(YIELD, AS_OF)
    assert result.rate == pytest.approx(0.9)
    effect = result.effects.iloc[0]
    assert (effect["measured"], effect["open"]) == (2, 1)
    assert (effect["promised"], effect["promised_open"], effect["realised"]) == (300, 100, 270)
    assert effect["reasons"] == "Line 2 came later"


def test_rates_by_period_stay_missing_while_open():
    periods = fulfilment(YIELD, AS_OF).periods
    assert periods["rate"].tolist()[:2] == pytest.approx([0.6, 1.05])  # 60/100, 210/200
    assert pd.isna(periods["rate"].iloc[2])
    assert periods["open"].tolist() == [False, False, True]


def test_rows_after_as_of_change_nothing():
    known = YIELD[YIELD["period_end"] <= AS_OF]
    pd.testing.assert_frame_equal(fulfilment(YIELD, AS_OF).periods, fulfilment(known, AS_OF).periods)


def test_nothing_measured_is_missing_not_zero():
    result = fulfilment(rows((date(2025, 12, 31), 100.0, None)), AS_OF)
    assert result.rate is None
    assert pd.isna(result.effects["realised"].iloc[0])
    assert pd.isna(result.effects["rate"].iloc[0])


def test_nothing_due_gives_empty_frames():
    result = fulfilment(YIELD, date(2024, 1, 1))
    assert result.rate is None
    assert result.periods.empty
    assert result.effects.empty


def test_measured_zero_is_a_zero():
    assert fulfilment(rows((date(2025, 12, 31), 100.0, 0.0)), AS_OF).rate == 0


def test_promise_of_zero_has_no_rate():
    result = fulfilment(rows((date(2025, 12, 31), 0.0, 5.0)), AS_OF)
    assert result.rate is None
    assert pd.isna(result.periods["rate"].iloc[0])


def test_two_currencies_are_never_added():
    both = pd.concat([YIELD, rows((date(2025, 12, 31), 50.0, 50.0), case_id="C1-02", currency="USD")])
    result = fulfilment(both, AS_OF)
    assert result.rate is None
    assert result.effects["rate"].tolist() == pytest.approx([0.9, 1.0])


def test_dates_may_be_text_and_optional_columns_absent():
    table = YIELD.drop(columns="reason").assign(period_end=YIELD["period_end"].astype(str))
    assert fulfilment(table, AS_OF).rate == pytest.approx(0.9)


def test_annuity_to_come_is_what_the_case_promises_after_the_day():
    # start 1 Jan 2025, 3 years, 1200 a year; on 30 Jun 2026 18 of 36 months have passed: 18 x 100 = 1800 are
    # to come over 1.5 years = 1200 a year; fulfilment 0.9 -> 1620, its own present value at a WACC of 0
    case = simple_case(
        saving(1200, "yield"), id="C1-01", customer="C1", start="2025-01-01", years=3, customer_wacc=0
    )
    row = annuity_to_come(case, fulfilment(YIELD, AS_OF)).iloc[0]
    amounts = [row[name] for name in ("promised", "per_year", "rate", "expected", "present_value")]
    assert amounts == pytest.approx([1800, 1200, 0.9, 1620, 1620])


def test_annuity_to_come_is_discounted_from_that_day():
    # one year left, 100 a month; 12.682503 % a year is 1 % a month: 100 (1 - 1.01^-12) / 0.01 = 1125.5077
    case = simple_case(saving(1200, "yield"), id="C1-01", customer="C1", start="2025-07-01",
                       customer_wacc=1.01**12 - 1)  # fmt: skip
    row = annuity_to_come(case, fulfilment(YIELD, AS_OF)).iloc[0]
    assert row["present_value"] == pytest.approx(0.9 * 1125.5077, rel=1e-6)


def test_nothing_to_come_after_the_horizon_and_unknown_before_the_first_measurement():
    over = simple_case(saving(1200, "yield"), id="C1-01", customer="C1", start="2020-01-01")
    assert annuity_to_come(over, fulfilment(YIELD, AS_OF))["promised"].tolist() == [0]
    begun = simple_case(saving(1200, "other"), saving(500, "stock", "inventory"), start="2026-01-01")
    row = annuity_to_come(begun, fulfilment(YIELD, AS_OF))
    assert row["promised"].tolist() == pytest.approx([1800])  # 18 of 24 months; stock is not an annuity
    assert row["expected"].isna().all()
