"""The whole report on records from which little or nothing can be said: it says so, and never fails."""

import pandas as pd
import pytest

from tests.funnel.records import FUNNEL, changes, ways
from tests.funnel.reports import company, opportunities, shown

THREE = ways(A="Lead 1 Offer 4 Order 9", B="Lead 2 Lost 8", C="Lead 3")
RECORDS = {
    "three": THREE,
    "one": ways(A="Lead 1"),
    "no lost one": ways(A="Lead 1 Offer 4 Order 9", B="Lead 2 Order 5", C="Lead 5"),
    "all lost": ways(A="Lead 1 Offer 4 Lost 9", B="Lead 2 Lost 5"),
    "one day": ways(A="Lead 1 Offer 1", B="Lead 1 Order 1", C="Lead 1 Lost 1"),
    "closings only": ways(A="Order 1", B="Lost 2"),
    "current stage only": ways(A="Lead 1", B="Offer 2", C="Accepted 3", D="Offer 9"),
    "empty": changes(),
}
UNSAID = (
    "Win rates by stage are not known yet: too few opportunities are closed",
    "The shape of the pipeline is not known",
    "No past forecast is on record, so forecast accuracy is not known",
    "Set targets by month",
)


@pytest.mark.parametrize("name", RECORDS)
def test_a_thin_record_gives_a_report_that_says_what_is_not_known(name):
    said = shown(company(RECORDS[name]))
    assert [sentence for sentence in UNSAID if sentence not in said] == []
    assert not {"nan", "NaT", "None", "inf"} & set(said.split())


@pytest.mark.parametrize("statuses", [FUNNEL[:1], FUNNEL[3:], FUNNEL[:0]], ids=["open", "closings", "none"])
def test_a_thin_funnel_gives_a_report(statuses):
    said = shown(company(THREE, statuses))
    assert "too few opportunities are closed" in said or "no win rate can be measured" in said


def test_a_record_of_present_stages_counts_with_the_defaults_and_says_so():
    """Four open opportunities: Lead 0.1, Offer 0.5 twice, Accepted 0.8, worth 100 each: 190 of 400."""
    record = RECORDS["current stage only"]
    valued = opportunities(
        record, value=100.0, currency="EUR", expected_decision=pd.Timestamp("2026-05-04"), segment="All"
    )
    said = shown(company(record, opportunities=valued))
    assert "These are default probabilities: the record holds no closed opportunity" in said
    assert "EUR 190" in said and "EUR 400 unweighted" in said


def test_what_a_salesperson_wrote_cannot_become_markup():
    named = opportunities(THREE, name="<script>alert(1)</script>")
    cells = shown(company(THREE, opportunities=named, as_of="2026-06-20"), raw=True)
    assert "<script" not in cells and "&lt;script&gt;" in cells
