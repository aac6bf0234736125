"""The whole report on records from which little or nothing can be said: it says so, and never fails."""

import pandas as pd
import pytest

from tests.funnel.records import FUNNEL, changes, ways
from tests.funnel.reports import company, opportunities, shown

THREE = ways(A="Lead 1 Offer 4 Order 9", B="Lead 2 Lost 8", C="Lead 3")
RECORDS = {
    "three cases": THREE,
    "one case": ways(A="Lead 1"),
    "no lost case": ways(A="Lead 1 Offer 4 Order 9", B="Lead 2 Order 5", C="Lead 5"),
    "all lost": ways(A="Lead 1 Offer 4 Lost 9", B="Lead 2 Lost 5"),
    "one day": ways(A="Lead 1 Offer 1", B="Lead 1 Order 1", C="Lead 1 Lost 1"),
    "closings only": ways(A="Order 1", B="Lost 2"),
    "current status only": ways(A="Lead 1", B="Offer 2", C="Accepted 3", D="Offer 9"),
    "empty": changes(),
}
UNSAID = (
    "The record does not tell yet what a status is worth: too few cases are closed",
    "The record is too short to test probabilities against what came",
    "What shape the funnel has cannot be said",
    "No past forecast is on record, so its accuracy cannot be judged",
    "Set targets by month",
)


@pytest.mark.parametrize("name", RECORDS)
def test_a_thin_record_gives_a_report_that_says_what_cannot_be_said(name):
    said = shown(company(RECORDS[name]))
    assert [sentence for sentence in UNSAID if sentence not in said] == []
    assert not {"nan", "NaT", "None", "inf"} & set(said.split())


@pytest.mark.parametrize("statuses", [FUNNEL[:1], FUNNEL[3:], FUNNEL[:0]], ids=["open", "closings", "none"])
def test_a_thin_funnel_gives_a_report(statuses):
    said = shown(company(THREE, statuses))
    assert "too few cases are closed" in said or "nothing can be calibrated" in said


def test_a_record_of_present_statuses_counts_with_the_nominal_and_says_so():
    """Four open cases: Lead 0.1, Offer 0.5 twice, Accepted 0.8, worth 100 each: 190 of 400."""
    record = RECORDS["current status only"]
    valued = opportunities(
        record, value=100.0, currency="EUR", expected_decision=pd.Timestamp("2026-05-04"), segment="All"
    )
    said = shown(company(record, opportunities=valued))
    assert "by the nominal percentages: the record holds no closed case" in said
    assert "190 EUR" in said and "400 EUR unweighted" in said
    assert "Weighted, measured" not in said


def test_what_a_salesperson_wrote_cannot_become_markup():
    named = opportunities(THREE, name="<script>alert(1)</script>")
    cells = shown(company(THREE, opportunities=named), raw=True)
    assert "<script" not in cells and "&lt;script&gt;" in cells
