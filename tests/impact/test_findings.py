"""Sentences that hold for every case: they follow the numbers, and say a gap where there is one."""

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from tests.impact.simple import saving, simple_case, span
from tests.shared import ROOT
from vs_toolkit import impact
from vs_toolkit.impact import findings, summary
from vs_toolkit.inputs import read_source

AS_OF = date(2026, 6, 30)
COST = {"id": "start", "name": "Start-up", "amount": 500}
GAIN = simple_case(saving(1000), costs=[COST])
LOSS = simple_case(saving(100), costs=[COST])
NOTHING_MEASURED = impact.fulfilment(pd.DataFrame(columns=["customer_id"]), AS_OF)


def of(case):
    return impact.evaluate(case)


def test_payback_in_every_shape():
    # 500 spent, 1,000 a year evenly: back after half a year
    assert findings.payback(of(GAIN)).startswith("The money is back after 6.0 months, with interest after")
    assert findings.payback(of(LOSS)) == "The cash flow does not pay back within 2 years"
    assert "never below zero" in findings.payback(of(simple_case()))


def test_capital_that_comes_first_and_goes_back_has_no_payback():
    lent = of(
        simple_case(saving(10_000, line="inventory"), costs=[{"id": "fee", "name": "Fee", "per_year": 600}])
    )
    assert findings.capital_first(lent)
    assert "no payback to speak of" in findings.payback(lent)
    assert findings.time_back(lent) == "–"


def test_the_return_when_it_is_one_none_or_several():
    several = replace(of(GAIN), irr=replace(of(GAIN).irr, status="multiple", roots=(0.05, 3.0)))
    assert "5.0 % and 300 %" in findings.rate_of_return(several, 0.1)
    assert findings.return_found(several) == "several"
    assert findings.rate_of_return(of(simple_case()), 0.1).startswith("There is no internal rate")
    assert "stands against a cost of capital of 10.0 %" in findings.rate_of_return(of(GAIN), 0.1)


@pytest.mark.parametrize(
    ("low", "expected", "high", "says"),
    [
        (
            800,
            1000,
            1200,
            "Even with every assumption at its adverse end the value is 888 EUR",
        ),  # 800 x 1.7355 - 500
        (100, 1000, 1200, "Expected 1\u202f236 EUR; with everything adverse at once −326 EUR"),
        (100, 200, 1200, "Even as expected the value is below zero: −153 EUR"),  # 200 x 1.7355 - 500
        (1000, 1000, 1000, "No assumption has a range, so the three scenarios are the same"),
    ],
)
def test_scenarios(low, expected, high, says):
    case = simple_case(saving(span(low, expected, high)), costs=[COST])
    worlds = {name: impact.evaluate(case, name) for name in impact.SCENARIOS}
    assert findings.scenarios(worlds) == says


def test_the_tornado_counts_what_alone_changes_the_sign():
    case = simple_case(saving(span(100, 400, 700)), saving(span(90, 100, 110), id="other"), costs=[COST])
    # 500 x 1.7355 - 500 = 368; the first alone brings 200 x 1.7355 - 500 = -153, the second 350 or 385
    says = findings.tornado(impact.tornado(case), "EUR")
    assert (
        says
        == "“Saving: amount” moves the value most, by 1\u202f041 EUR; 1 assumption alone changes its sign"
    )


def test_without_ranges_nothing_is_said_about_certainty():
    sample = impact.monte_carlo(GAIN, 100, 1)
    assert findings.chance(sample) == findings.NO_RANGE
    assert findings.spread(sample, of(GAIN)) == ""
    assert summary.tiles(GAIN, of(GAIN), sample)[3][1] == "–"
    assert summary.key_figures(of(GAIN), sample, None)["chance_of_loss"][0] is None


def test_waiting_can_cost_nothing():
    assert findings.cost_of_delay(of(GAIN)).startswith("Waiting 6 months costs ")
    assert findings.cost_of_delay(of(simple_case(saving(10), costs=[COST]))).startswith(
        "Waiting costs nothing"
    )


def test_the_two_values_agree_and_a_difference_would_be_said():
    result = of(GAIN)
    assert findings.reconciliation(result).endswith("the two agree.")
    broken = replace(result, reconciliation=replace(result.reconciliation, difference=5.0))
    assert findings.reconciliation(broken).endswith("they differ by 5 EUR.")


def test_capital_freed_tied_up_or_untouched():
    assert findings.capital(of(simple_case(saving(1000, line="inventory"))), 0.1).startswith(
        "Up to 1\u202f000 EUR of capital is set free; at 10.0 % that saves 100 EUR a year"
    )
    assert "tied up" in findings.capital(of(simple_case(saving(-1000, line="inventory"))), 0.1)
    assert "ties up no capital" in findings.capital(of(GAIN), 0.1)


def test_promises_without_results():
    assert findings.fulfilment(NOTHING_MEASURED) == findings.NOT_MEASURED


def test_worth_says_gain_or_loss():
    # 1,000 x 1.7355 = 1,736 less 500; 100 x 1.7355 = 174 less 500
    assert summary.worth("Acme", GAIN, of(GAIN)) == (
        "Solution is worth 1\u202f236 EUR to Acme over 2 years at 10.0 %: "
        "1\u202f736 EUR of benefits against 500 EUR of costs."
    )
    assert summary.worth("Acme", LOSS, of(LOSS)).startswith(
        "As it stands, Solution takes 326 EUR more from Acme"
    )


def test_every_gap_is_named():
    found = summary.gaps(GAIN, impact.assumption_register(GAIN, AS_OF))
    words = " ".join(found)
    for gap in ("baseline", "tax", "price", "range", "1 assumption has no source", "decision", "next steps"):
        assert gap in words


def test_a_decision_that_is_overdue_says_so():
    late = GAIN.model_copy(update={"decision": "Order", "decision_by": date(2026, 5, 1)})
    assert summary.decision(late, of(late), AS_OF).startswith("To decide: Order; was due by 1 May 2026.")
    assert "due by 1 May 2026" in summary.decision(late, of(late), date(2026, 4, 1))


def test_what_nobody_confirmed_comes_first():
    confirmed = {"kind": "customer_figure", "confirmed_on": "2026-01-01"}
    case = simple_case(
        saving(span(100, 400, 700), evidence=confirmed), saving(span(90, 100, 110), id="other"), costs=[COST]
    )
    assert summary.to_do(impact.tornado(case), impact.assumption_register(case, AS_OF), "EUR") == (
        "Confirm with the customer: Other: amount (moves the value by 34.71 EUR)",  # 20 x 1.7355
    )


@pytest.mark.parametrize("folder", ["demo", "examples"])
def test_every_sentence_can_be_said_of_every_case(folder):
    for case in read_source(str(ROOT / "data" / folder)).cases:
        worlds = {name: impact.evaluate(case, name) for name in impact.SCENARIOS}
        result, sample, swings = worlds["expected"], impact.monte_carlo(case, 100, 1), impact.tornado(case)
        said = [
            summary.worth("Acme", case, result),
            summary.certainty(sample, impact.verified_share(case, AS_OF), case.currency),
            summary.decision(case, result, AS_OF),
            *summary.changes(case, result),
            *summary.meaning(case, worlds["low"], result, swings, NOTHING_MEASURED),
            *findings.statement(result, case.customer_wacc, impact.levers(case)),
            findings.price(impact.price_corridor(case)),
            findings.schemes(impact.compare_schemes(case), case.currency),
        ]
        assert all(said)
        assert not [text for text in said if re.search(r"\b(nan|None)\b", text)]
