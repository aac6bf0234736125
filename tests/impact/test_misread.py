"""Small cases that were once misread, each a test of its kind: right, refused, or warned about."""

from pathlib import Path

import pytest

from tests.impact.studies import study_of
from vs_toolkit import impact
from vs_toolkit.errors import InputError
from vs_toolkit.impact.exhibits import investment, register
from vs_toolkit.impact.findings import cost_of_delay, payback, rate_of_return
from vs_toolkit.impact.summary import tiles
from vs_toolkit.inputs.cases.document import parse
from vs_toolkit.inputs.cases.model_files import model_finder
from vs_toolkit.inputs.cases.reading import load_document

FILES = Path(__file__).with_name("misread")


def path(name):
    return FILES / f"{name}.yaml"


def case(name):
    return impact.read_case(path(name))


def evaluated(name):
    return impact.evaluate(case(name))


def warnings(name):
    document = parse(path(name).read_text(), name)
    return load_document(document, model_finder("nowhere"))[1]


def study(name):
    return study_of(case(name))


M = 1.1 ** (1 / 12)  # growth of a month at 10% a year

RIGHT = {
    # freed in month 1, back after two years: 1,000,000 / M - 1,000,000 / 1.21 = 992,089 - 826,446
    "level-ramp-1-month": 1e6 / M - 1e6 / 1.21,
    "level-ramp-1-month-monthly": 1e6 / M - 1e6 / 1.21,
    "level-start-month-1": 1e6 / M - 1e6 / 1.21,
    "level-no-ramp": 1e6 - 1e6 / 1.21,
    "paid-in-month-1": -1e6 / M,
    # half of the stock's value is lost when it is sold: 150,000 - 300,000 / 1.21; without the loss 52,066
    "haircut-without-effect": 150_000 - 300_000 / 1.21,
    "haircut-left-out": 300_000 - 300_000 / 1.21,
    # depreciation of 80, 128, 76.8, 46.08 and 46.08 thousand shields 25% of it; 225,000 a year after tax
    "depreciation-as-amounts": 530_578,
    "running-cost-as-cost": (100_000 - 80_000) * (1 / 1.1 + 1 / 1.21) - 10_000,
    "running-cost-as-effect": (100_000 - 80_000) * (1 / 1.1 + 1 / 1.21) - 10_000,
    # 400 not paid, 10 a year
    "negative-cost-expense": 400 + 10 * (1 / 1.1 + 1 / 1.21),
    "salvage-above-price": -400 + 100 * (1 / 1.1 + 1 / 1.21) + 900 / 1.21,
    "financing-read-as-return": 10_000 - 5_600 * (1 / 1.05 + 1 / 1.05**2),
}


@pytest.mark.parametrize(("name", "npv"), RIGHT.items())
def test_the_value_is_right(name, npv):
    assert evaluated(name).npv == pytest.approx(npv, abs=0.5 if name == "depreciation-as-amounts" else 1e-6)


def test_an_avoided_investment_brings_its_price_and_costs_its_tax_shield():
    # 10,000 not paid; 2,000 a year not written off: 34% of it more tax; lease of 2,500 a year, 66% after tax
    annuity = (1 - 1.05**-5) / 0.05
    expected = 10_000 - 0.34 * 2_000 * annuity - 0.66 * 2_500 * annuity
    assert evaluated("negative-cost-investment").npv == pytest.approx(expected)


REFUSED = {
    "depreciation-as-shares": ("price", 14, "write shares as [20%, 32%, 19.2%, 11.52%, 11.52%]"),
    "overflow": ("effects[1].quantity", 12, "too large"),
    "currency-that-is-none": ("currency", 4, "no ISO 4217 currency"),
    "dot-as-thousands": ("effects[1].amount", 12, "300.000"),
}


@pytest.mark.parametrize(("name", "expected"), REFUSED.items())
def test_refused_with_the_line(name, expected):
    field, line, words = expected
    with pytest.raises(InputError) as caught:
        case(name)
    problem = next(p for p in caught.value.problems if p.field == field)
    assert problem.where == f"line {line}"
    assert words in f"{problem.message} {problem.found}"


WARNED = {
    "by-year-without-year-0": ("effects[1].by_year", "give 4, or begin with 0"),
    "by-year-with-start-month": ("effects[1].start_month", "cuts off the amounts of by_year before month 12"),
    "change-8-meant-8-percent": ("effects[1].change", "write 0.08 or 8%"),
    "more-stock-than-there-is": ("effects[1].amount", "releases 300000, more than the 100000"),
    "ramp-beyond-horizon": ("effects[1].ramp_months", "month 84, after the 60 months"),
    "salvage-above-price": ("price.salvage", "900 is more than the 400"),
    "negative-cost-expense": ("price.amount", "spending avoided"),
    "negative-cost-investment": ("costs[1].amount", "spending avoided"),
    "future-confirmation-and-old-decision": ("effects[1].evidence.confirmed_on", "years after the case"),
}


@pytest.mark.parametrize(("name", "expected"), WARNED.items())
def test_warned_with_the_line(name, expected):
    field, words = expected
    found = {warning.field: warning for warning in warnings(name)}
    assert words in found[field].message
    assert found[field].severity == "warning"
    assert found[field].where.startswith("line ")


def test_a_decision_before_the_case_is_warned_about():
    assert "decision_by" in {warning.field for warning in warnings("future-confirmation-and-old-decision")}


def test_sound_cases_raise_no_warning():
    sound = ["amount-and-per-year", "level-no-ramp", "running-cost-as-cost", "second-root-only-negative"]
    assert [warnings(name) for name in sound] == [()] * 4


def test_the_same_economics_have_the_same_roi_whichever_list_they_stand_in():
    cost, effect = evaluated("running-cost-as-cost"), evaluated("running-cost-as-effect")
    # benefits 173,554; costs 10,000 + 80,000 x 1.7355 = 148,843; NPV 24,711: 16.6%
    assert cost.roi == effect.roi == pytest.approx(24_710.74 / 148_842.98, abs=1e-6)
    assert cost.pv_costs == pytest.approx(effect.pv_costs)


def test_salvage_is_a_benefit():
    found = evaluated("salvage-above-price")
    assert found.pv_costs == pytest.approx(400)
    assert found.roi == pytest.approx(found.npv / 400)


def test_rates_of_return():
    assert case("wacc-120-percent").customer_wacc == pytest.approx(1.2)
    only = evaluated("second-root-only-negative").rate
    assert (only.kind, only.rate) == ("return", pytest.approx(0.559, abs=5e-4))
    assert only.others == (pytest.approx(-0.825, abs=5e-4),)
    loan = evaluated("root-of-thousands-of-percent").rate
    # 1,500 from month 6 to the end of year 4 for 90 a year: above 7%, as the NPV of -9 says
    assert loan.kind == "cost of money" and 0.07 < loan.rate < 0.075 and len(loan.others) == 1
    advance = evaluated("financing-read-as-return").rate
    assert (advance.kind, advance.rate) == ("cost of money", pytest.approx(0.079, abs=5e-4))
    assert "Cost of the money is 7.9% versus a cost of capital of 5.0%" in rate_of_return(
        study("financing-read-as-return")
    )


def test_repayments_do_not_fall_off_the_end():
    # half of the last 5,600 would come after month 24 if the advance is taken 6 months later: due at the end
    found = evaluated("financing-read-as-return").cost_of_delay.loc[6]
    later = 10_000 / 1.05**0.5 - 2_800 / 1.05 - (5_600 + 2_800) / 1.05**2
    assert found["fixed_end"] == pytest.approx(-412.698413 - later)
    assert found["plan_shifts"] == pytest.approx(-412.698413 * (1 - 1.05**-0.5))
    assert "saves" in cost_of_delay(study("financing-read-as-return"))


def test_payback_in_words():
    assert dict(t[:2] for t in tiles(study("payback-0-not-with-interest")))["Payback"] == "at once"
    late = study("payback-with-interest-before-payback")
    assert payback(late) == "Payback is 19.2 years (no discounted payback)"
    assert payback(study("capital-first-without-capital")) == "The cash flow does not pay back within 2 years"


def test_numbers_are_written_as_far_as_they_differ():
    table = register(study("small-change-and-unit-value")).written()
    assert table.loc["Less electricity: change", "Most likely"] == "0.08%"
    assert table.loc["Less electricity: value per unit", "Most likely"] == "EUR 0.085"


def test_a_yearly_fee_is_not_multiplied_with_a_price():
    table = register(study("amount-and-per-year")).written()["Most likely"]
    assert table["Drives: amount"] == "EUR 120k"
    assert table["Drives: amount per year"] == "EUR 6,000"


def test_every_file_is_tested():
    source = Path(__file__).read_text()
    assert [file.stem for file in FILES.iterdir() if f'"{file.stem}"' not in source] == []
    assert len(list(FILES.iterdir())) == 32
    assert investment(study("level-no-ramp")).frame.shape[0] > 5
