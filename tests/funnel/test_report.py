"""The whole report on records from which little or nothing can be said: it says so, and never fails."""

import pytest

from tests.funnel.records import changes, ways
from tests.funnel.reports import company, shown

RECORDS = {
    "three cases": ways(A="Lead 1 Offer 4 Order 9", B="Lead 2 Lost 8", C="Lead 3"),
    "one case": ways(A="Lead 1"),
    "no lost case": ways(A="Lead 1 Offer 4 Order 9", B="Lead 2 Order 5", C="Lead 5"),
    "all lost": ways(A="Lead 1 Offer 4 Lost 9", B="Lead 2 Lost 5"),
    "one day": ways(A="Lead 1 Offer 1", B="Lead 1 Order 1", C="Lead 1 Lost 1"),
    "closings only": ways(A="Order 1", B="Lost 2"),
    "current status only": ways(A="Lead 1", B="Offer 2", C="Accepted 3", D="Offer 9"),
    "empty": changes(),
}


@pytest.mark.parametrize("name", RECORDS)
def test_a_thin_record_gives_a_report(name):
    said = shown(company(RECORDS[name]))
    assert "nan" not in said.lower().replace("finance", "")
    assert "too few cases are closed" in said
