"""What a report shows and says: numbers by hand, and the branch that each sentence takes."""

import json
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.impact.simple import ESTIMATED, saving, simple_case, span
from tests.impact.studies import study_of
from vs_toolkit import impact
from vs_toolkit.charts import figure
from vs_toolkit.impact import charts, exhibits, findings, summary
from vs_toolkit.shipped import shipped

START = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
MACHINE = {"id": "machine", "name": "Machine", "amount": span(90, 100, 120), "evidence": ESTIMATED}


def delivered(*rows):
    common = {"customer_id": "A", "case_id": "1", "line": "indirect_cost", "currency": "EUR"}
    columns = ["effect_id", "effect", "period_end", "promised", "realised"]
    frame = pd.DataFrame([dict(zip(columns, row, strict=True)) | common for row in rows])
    return frame.assign(measured_by="Controller", reason=None)


CASES = {
    "gain": simple_case(saving(span(50, 80, 90)), price=MACHINE),
    "loss": simple_case(saving(span(10, 20, 40)), price=MACHINE),
    "certain": simple_case(saving(80), price=MACHINE | {"amount": 100}),
    "free": simple_case(saving(80)),
    "loan": simple_case(saving(1000, line="inventory"), saving(-30, id="fee"), customer_wacc=0.05),
    "taxed": simple_case(saving(80, growth=0.1), price=MACHINE, tax={"rate": 0.3, "paid": "next_year"}),
    "running": simple_case(saving(span(50, 80, 90)), price=MACHINE, state="running", start="2025-07-01"),
    "start": START,
}
ALL = {name: study_of(case) for name, case in CASES.items()}
TABLES = [name for name in dir(exhibits) if callable(getattr(exhibits, name)) and not name.endswith("steps")]
CHARTS = [
    "value_bridge", "year_bridge", "cash_flow", "npv_profile", "scenarios", "tornado", "distribution",
    "cost_of_delay", "price_corridor", "schemes", "realised",
]  # fmt: skip
SENTENCES = [
    "bridge", "year_of_effect", "payback", "rate_of_return", "financing", "scenarios", "tornado",
    "probability", "distribution", "cost_of_delay", "reconciliation", "capital", "return_on_capital", "rates",
    "price", "schemes", "fulfilment", "usual_rate", "benchmarks", "alternatives", "soft",
]  # fmt: skip


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", TABLES)
def test_tables_hold_numbers(name, case):
    frame = getattr(exhibits, name)(ALL[case]).frame
    for column in frame:
        if pd.api.types.is_numeric_dtype(frame[column]):
            continue
        texts = [value for value in frame[column] if isinstance(value, str)]
        assert not [text for text in texts if text.replace(",", "").replace(".", "").isdigit()], column


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_has_a_finding(name, case):
    _, ax = figure()
    assert getattr(charts, name)(ax, ALL[case]) is ax
    assert ax.get_title(loc="left")


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("name", SENTENCES)
def test_every_sentence_can_be_read(name, case):
    text = getattr(findings, name)(ALL[case])
    assert "nan" not in text and "None" not in text and "  " not in text


def test_the_headline_is_right_on_average():
    # PERT means (50 + 320 + 90) / 6 = 76.67, (90 + 400 + 120) / 6 = 101.67: 76.67 x 1.7355 - 101.67 = 31.39;
    # the base case 80 x 1.7355 - 100 = 38.84
    study = ALL["gain"]
    assert study.headline == pytest.approx(31.39, abs=4 * study.simulation.standard_error)
    assert study.base.npv == pytest.approx(38.84, abs=0.01)
    assert "mean NPV; base case EUR 38.84" in summary.lead(study)
    assert summary.tiles(study)[0][0] == "Mean NPV"


def test_a_single_figure_has_no_probability():
    study = ALL["certain"]
    assert study.headline == study.base.npv
    assert summary.tiles(study)[3][1] == "not known"
    assert findings.NO_RANGE in summary.certainty(study)


def test_a_losing_case_says_so():
    # 20 x 1.7355 - 100 = -65.29
    study = ALL["loss"]
    assert "more than it brings" in summary.lead(study)
    assert findings.scenarios(study).startswith("NPV is negative even in the base case: EUR −65")
    assert summary.meaning(study)[0].startswith("The case does not earn its cost of capital")
    assert "agree better ones first" in summary.decision(study)


def test_a_loan_is_told_as_a_loan():
    # 1,000 at once, 30 a year, 1,000 back: a loan at 3%, cheaper than 5%
    study = ALL["loan"]
    assert study.base.rate.rate == pytest.approx(0.03)
    assert findings.financing(study) == (
        "In cash terms this is like borrowing EUR 1,000 at 3.0% a year: cheaper than the cost of "
        "capital of 5.0%."
    )
    assert "Payback" not in exhibits.investment(study).frame.index
    assert summary.key_figures(study)["cost_of_money"][0] == pytest.approx(0.03)
    assert summary.key_figures(study)["payback"][0] is None


def test_the_cash_summary_adds_up():
    # 80 and 88 a year against 100; tax 30% of -100, 80 and 88, each a year late
    frame = exhibits.cash_summary(ALL["taxed"]).frame
    assert frame.loc["Saving", ["Year 1", "Year 2", "Total"]].tolist() == pytest.approx([80, 88, 168])
    years = ["Initial", "Year 1", "Year 2", "Year 3"]
    assert frame.loc["Tax", years].tolist() == pytest.approx([0, 30, -24, -26.4])
    net = frame.loc["Net cash flow", years].tolist()
    assert net == pytest.approx([-100, 110, 64, -26.4])
    assert frame.loc["Net cash flow", "Present value"] == pytest.approx(ALL["taxed"].base.npv)


def test_the_largest_shortfall_is_the_one_in_money():
    rows = [("a", "Small", "2025-12-31", 10.0, 2.0), ("b", "Large", "2025-12-31", 1000.0, 900.0)]
    study = study_of(CASES["gain"], delivered=delivered(*rows))
    # 902 of 1,010; shortfalls 8 and 100
    assert findings.fulfilment(study) == (
        "89% of the promised value has been realised (2 measured periods); the largest shortfall is Large "
        "(EUR 100)"
    )


def test_the_usual_rate_scales_what_is_promised():
    study = study_of(CASES["gain"], delivered=delivered(("saving", "Saving", "2025-12-31", 100.0, 50.0)))
    # half of 80 x 1.7355, less 100
    assert study.at_usual_rate.npv == pytest.approx(0.5 * 80 * (1 / 1.1 + 1 / 1.21) - 100)
    assert "50% (1 measured period of this customer)" in findings.usual_rate(study)


def test_a_running_case_is_reported_as_running():
    study = study_of(CASES["running"], delivered=delivered(("saving", "Saving", "2025-12-31", 40.0, 30.0)))
    assert summary.running(study).startswith(
        "In operation since 1 Jul 2025 (1.0 of 2 years). 75% of the promised"
    )
    assert summary.decision(study).startswith("Running:")
    assert not exhibits.to_come(study).empty
    # the amounts of the second year are still to come: 80, at the rate so far 60
    assert exhibits.to_come(study).frame["expected"].tolist() == pytest.approx([60.0], rel=0.01)


def test_an_ended_case_is_history():
    study = study_of(simple_case(saving(10), price=MACHINE, state="ended", start="2020-01-01"))
    assert summary.meaning(study)[0] == "As planned, the case did not earn its cost of capital."
    assert summary.to_confirm(study) == () and summary.no_steps(study) == ""
    assert findings.cost_of_delay(study) == "The case has ended, so there is no cost of delay"


def test_a_cost_of_capital_that_changes_is_named_year_by_year():
    study = study_of(simple_case(saving(80), price=MACHINE, wacc_by_year=[0.1, 0.08]))
    assert "at a cost of capital of 10.0%, then 8.0%" in summary.lead(study)
    assert findings.rate_of_return(study).endswith("versus a cost of capital of 10.0%, then 8.0%")


def test_a_running_case_ahead_of_its_promise_has_no_gap_to_close():
    ahead = delivered(("saving", "Saving", "2025-12-31", 40.0, 50.0))
    study = study_of(CASES["running"], delivered=ahead)
    assert summary.decision(study) == "Running: confirm the measured results together."
    assert "agree what is measured" in summary.decision(study_of(CASES["running"]))


def test_a_case_without_costs_says_so():
    study = ALL["free"]
    assert summary.lead(study).endswith("Base case: benefits of EUR 139; costs and price are not given.")
    assert "No costs and no price are given: the NPV is that of the benefits alone." in summary.gaps(study)


def test_the_customer_edition_speaks_to_the_customer():
    study = study_of(CASES["gain"], edition="customer")
    assert summary.verification(study) == "No benefit has all its figures verified by you so far."
    assert all(line.startswith("To be confirmed together: ") for line in summary.to_confirm(study))


GOLDEN = Path(__file__).with_name("sentences.json")
SUMMARY = [
    "lead", "tiles", "running", "certainty", "decision", "changes", "gaps", "method", "meaning",
    "to_confirm", "no_steps",
]  # fmt: skip
INTERNAL = ["price", "schemes", "usual_rate"]


def said(name, edition):
    """Every sentence of a report of one case, as one edition has it."""
    measured = delivered(("saving", "Saving", "2025-12-31", 100.0, 50.0)) if name == "running" else None
    study = study_of(CASES[name], edition=edition, delivered=measured)
    known = [own for own in SENTENCES if edition == "internal" or own not in INTERNAL]
    found = {own: getattr(summary, own)(study) for own in SUMMARY}
    return json.loads(json.dumps(found | {own: getattr(findings, own)(study) for own in known}))


@pytest.mark.parametrize("edition", ["internal", "customer"])
@pytest.mark.parametrize("name", ["loan", "loss", "running"])
def test_a_report_says_exactly_this(name, edition):
    assert said(name, edition) == json.loads(GOLDEN.read_text(encoding="utf-8"))[f"{name}, {edition}"]


@pytest.mark.parametrize("name", ["loan", "loss", "running"])
def test_the_customer_edition_never_speaks_of_the_customer(name):
    text = json.dumps(said(name, "customer"))
    assert re.findall(r"(?i).{20}\b(?:the customer|our|us|we|Mill)\b", text) == []


def test_the_decision_names_its_convention():
    assert "(the plan shifts as a whole)" in summary.decision(ALL["gain"])
    fixed = study_of(simple_case(saving(80), price=MACHINE, end_fixed=True))
    assert "(fixed end date: months lost are not made up)" in summary.decision(fixed)


def test_other_cases_are_listed():
    study = study_of(CASES["gain"], others=[simple_case(saving(10), id="2", title="Other")])
    assert exhibits.other_cases(study).written().loc["2", "Title"] == "Other"


def test_a_confirmation_in_the_future_counts_not_yet():
    case = simple_case(saving(10, evidence=ESTIMATED | {"confirmed_on": "2031-01-01"}))
    assert study_of(case).verified == 0.0
    assert study_of(case, as_of=date(2031, 1, 1)).verified == 1.0
