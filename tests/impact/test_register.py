"""The assumption register and the share of value the customer has verified."""

from datetime import date

import pytest

from tests.impact.simple import saving, simple_case, span
from vs_toolkit.impact import assumption_register, verified_share

CONFIRMED = {
    "kind": "customer_verified",
    "reference": "Annual report",
    "confirmed_by": "Plant manager",
    "confirmed_on": "2026-03-01",
}
BEFORE, ON = date(2026, 2, 28), date(2026, 3, 1)
CASE = simple_case(
    saving(span(200, 300, 400), evidence=CONFIRMED),
    saving(None, "hours.2", quantity=10, change=span(0.1, 0.2, 0.3), unit_value=50, unit="hours"),
    costs=[{"id": "training", "name": "Training", "amount": 40}],
    price={"id": "fee", "name": "Fee", "by_year": [0, 10, 10]},
)


def test_every_assumption_has_range_unit_and_source():
    table = assumption_register(CASE, ON).set_index("key")
    assert table["unit"].to_dict() == {
        "effects.saving.amount": "EUR",
        "effects.hours.2.quantity": "hours",
        "effects.hours.2.change": "fraction",
        "effects.hours.2.unit_value": "EUR",
        "costs.training.amount": "EUR",
        "price.by_year": "EUR",
    }
    assert table.loc["effects.saving.amount", ["low", "expected", "high"]].tolist() == [200, 300, 400]
    assert table.loc["effects.saving.amount", "reference"] == "Annual report"
    assert table.loc["price.by_year", ["low", "expected", "high"]].tolist() == [
        20,
        20,
        20,
    ]  # the sum of its years


def test_confirmation_counts_from_its_day_on():
    seen = [assumption_register(CASE, day).iloc[0][["confirmed_by", "confirmed_on"]] for day in (BEFORE, ON)]
    assert seen[0].isna().all()
    assert seen[1].tolist() == ["Plant manager", date(2026, 3, 1)]


def test_source_that_nobody_gave_is_missing():
    table = assumption_register(CASE, ON).set_index("key")
    assert table.loc["costs.training.amount", ["evidence", "reference", "confirmed_by"]].isna().all()


def test_verified_share_is_of_gross_value():
    # 300 a year verified against 10 x 0.2 x 50 = 100 a year not: 300 / 400, whatever cost and price are
    assert verified_share(CASE, BEFORE) == 0
    assert verified_share(CASE, ON) == pytest.approx(0.75)


def test_effects_that_take_value_away_are_not_part_of_the_gross_value():
    case = simple_case(saving(300, evidence=CONFIRMED), saving(-100, "more_energy"))
    assert verified_share(case, ON) == 1


def test_confirmation_without_a_day_does_not_count():
    undated = {"kind": "customer_verified", "confirmed_by": "Plant manager"}
    assert verified_share(simple_case(saving(300, evidence=undated)), ON) == 0


def test_share_of_no_value_is_not_known():
    assert verified_share(simple_case(saving(-1)), ON) is None
