"""Assumptions, their worse ends, and what a case must say so that it can be evaluated."""

import pytest
from hypothesis import given, settings

from tests.impact.random_cases import cases
from tests.impact.simple import ESTIMATED, saving, simple_case, span
from vs_toolkit.errors import ParameterError
from vs_toolkit.impact import assumptions, evaluate, lines, scenario_values

CASE = simple_case(
    saving(None, id="yield", quantity=100, change=span(0.1, 0.2, 0.3), unit_value=50, factor=span(0.5, 1, 1)),
    saving(span(-300, -200, -100), id="upkeep"),
    saving(None, id="listed", by_year=[0, 5, 5]),
    costs=[{"id": "training", "name": "Training", "amount": span(10, 20, 40), "per_year": 5}],
    price={"id": "licence", "name": "Licence", "per_year": span(7, 8, 9)},
)


def test_every_estimate_has_its_place_and_name():
    assert {a.key: a.name for a in assumptions(CASE)} == {
        "effects.yield.quantity": "Yield: quantity",
        "effects.yield.change": "Yield: change",
        "effects.yield.unit_value": "Yield: value per unit",
        "effects.yield.factor": "Yield: realisation rate",
        "effects.upkeep.amount": "Upkeep: amount",
        "costs.training.amount": "Training: amount",
        "costs.training.per_year": "Training: amount per year",
        "price.per_year": "Licence: amount per year",
    }


def test_scenarios_take_benefits_low_and_spending_high():
    low = scenario_values(CASE, "low")
    assert (low["effects.yield.change"], low["effects.yield.factor"]) == (0.1, 0.5)
    assert (low["effects.upkeep.amount"], low["costs.training.amount"], low["price.per_year"]) == (
        -300,
        40,
        9,
    )
    high = scenario_values(CASE, "high")
    assert (high["effects.yield.change"], high["costs.training.amount"]) == (0.3, 10)
    assert scenario_values(CASE, "expected")["costs.training.amount"] == 20


def test_the_adverse_end_is_the_one_with_the_lower_npv():
    # more stops at a cost of -50 each: a high number of units is bad, and so is a high change of them
    worse = saving(None, quantity=span(1, 2, 3), change=span(0.1, 0.2, 0.3), unit_value=span(-60, -50, -40))
    # a harm that comes true to a larger part hurts more
    harm = saving(-100, id="harm", factor=span(0.2, 0.5, 0.9))
    worse = {a.key: a.worse for a in assumptions(simple_case(worse, harm))}
    assert worse == {
        "effects.saving.quantity": "high",
        "effects.saving.change": "high",
        "effects.saving.unit_value": "low",
        "effects.harm.amount": "low",
        "effects.harm.factor": "high",
    }


def test_what_makes_no_difference_falls_to_less_benefit_and_more_to_spend():
    # nothing changes as expected, so the quantity has no say; capital is free at 0 %
    idle = saving(None, quantity=span(1, 2, 3), change=span(-1, 0, 1), unit_value=5)
    stock = saving(span(1, 2, 3), id="stock", line="inventory")
    found = {a.key: a.worse for a in assumptions(simple_case(idle, stock, customer_wacc=0))}
    assert found["effects.saving.quantity"] == found["effects.stock.amount"] == "low"


def test_an_unknown_scenario_is_refused():
    with pytest.raises(ParameterError, match="no scenario 'pessimistic'; choose one of low, expected, high"):
        evaluate(CASE, "pessimistic")


def test_values_left_out_are_as_expected():
    assert lines(CASE).cash_flow.tolist() == lines(CASE, scenario_values(CASE, "expected")).cash_flow.tolist()


@settings(deadline=None, max_examples=80)
@given(cases(haircuts=(0,)))
def test_low_is_never_better_than_expected_and_expected_never_better_than_high(case):
    low, expected, high = (
        float(lines(case, scenario_values(case, name)).npv) for name in ("low", "expected", "high")
    )
    rounding = 1e-9 * max(1.0, *map(abs, (low, expected, high)))
    assert low <= expected + rounding
    assert expected <= high + rounding


# --- what cannot be evaluated is refused when it is read ----------------------------------------------------


def price(**more):
    return {"id": "price", "name": "Price", "evidence": ESTIMATED} | more


@pytest.mark.parametrize(
    ("effect", "more", "message"),
    [
        (saving(1), {"price": price(id="saving", amount=1)}, "id 'saving' is used twice"),
        (saving(1, id="tax"), {}, "id 'tax' is used twice"),
        (saving(1, start_month=24), {}, "saving begins after the 24 months"),
        (saving(1), {"price": price(amount=1, month=25)}, "price begins after the 24 months"),
        (saving(None, by_year=[0, 1, 1, 1]), {}, "by_year of saving is longer than year 0 and 2 years"),
        (saving(None, line="payables", days=3), {}, "days of saving need baseline.direct_costs"),
        (saving(None, line="fixed_assets", days=3), {}, "days are for capital lines"),
        (saving(1, release_haircut=0.1), {}, "release_haircut of saving belongs to a capital line"),
        (saving(1), {"customer_wacc": -0.05}, "negative"),
        (
            saving(1),
            {"price": price(amount=10, treatment="investment", depreciation=[6, 5])},
            "depreciation adds up to 11, more than 10",
        ),
    ],
)
def test_refused(effect, more, message):
    with pytest.raises(ValueError, match=message):
        simple_case(effect, **more)
