"""The register of investments and dependence, by hand."""

from datetime import date

import pandas as pd
import pytest

from tests.relationship.plans import YEAR_END, table
from vs_toolkit.relationship import dependence, history, register
from vs_toolkit.relationship.investments import by_day


def investments():
    return table(
        "investments",
        pd.DataFrame(
            {
                "investment_id": ["I1", "I2", "I3", "I4"],
                "customer_id": "C1",
                "decided_on": pd.to_datetime(["2024-03-01", "2025-02-01", "2025-06-01", "2026-02-01"]),
                "kind": ["joint R&D", "adaptation", "adaptation", "discount"],
                "purpose": "x",
                "amount": [900.0, 40.0, 60.0, 5000.0],
                "approval": ["capital budget", "none", None, None],
                "expected_return": [100.0, 20.0, None, None],
                "actual_return": [80.0, 30.0, 5.0, None],
                "measured_on": pd.to_datetime(["2025-03-01", "2026-03-01", "2025-09-01", None]),
            }
        ),
    )


def test_the_register_adds_up():
    """900 + 40 + 60; 40 is below 5% of 1,000; measured so far: 80 of 100."""
    found = register(investments(), YEAR_END)
    assert found.total == 1000
    assert found.small["investment_id"].tolist() == ["I2"]
    assert found.by_kind["n"].to_dict() == {"joint R&D": 1, "adaptation": 2}
    assert found.scrutinised == 900
    assert found.realisation == 0.8


def test_a_return_measured_later_is_not_seen():
    """On 31 March 2026 the second one counts as well: (80 + 30) / 120; the discount of 5,000 is there."""
    found = register(investments(), date(2026, 3, 31))
    assert found.realisation == pytest.approx(110 / 120)
    assert found.total == 6000


def test_the_running_total():
    assert by_day(register(investments(), YEAR_END).items).tolist() == [900, 940, 1000]


def test_an_empty_register():
    found = register(investments().iloc[:0], YEAR_END)
    assert (found.total, found.realisation, len(found.by_kind)) == (0, None, 0)


def sales(amount):
    rows = {"customer_id": "C1", "month": pd.to_datetime(["2025-03-01"]), "net_sales": [amount]}
    return table("sales", pd.DataFrame(rows | {"direct_cost": [amount / 2], "cost_to_serve": [amount / 10]}))


def provider():
    rows = {
        "year": [2025, 2025, 2028],
        "set_on": pd.to_datetime(["2026-02-01", "2025-12-31", "2025-11-01"]),
        "net_sales": [1.0, 2000.0, 3000.0],
        "contribution": [1.0, 500.0, None],
    }
    return table("provider_results", pd.DataFrame(rows))


def assessed(**columns):
    rows = {"customer_id": "C1", "assessed_on": pd.to_datetime(["2025-10-01"])}
    return table("dependence", pd.DataFrame(rows | {name: [value] for name, value in columns.items()}))


def test_dependence_by_hand():
    """300 of 2,000; 150 - 30 = 120 of 500; 600 of 3,000 in 2028; 300 of 1,200 purchases."""
    past = history({"sales": sales(300.0)}, YEAR_END)
    market = table("market", pd.DataFrame({"customer_id": ["C1"], "year": [2025], "purchases": [1200.0]}))
    given = {"dependence": assessed(share_today=0.9, share_tomorrow=0.2), "market": market}
    found = dependence(given, provider(), past, {2028: 600.0}, YEAR_END)
    assert (found.theirs_today, found.theirs_tomorrow, found.contribution_today) == (0.15, 0.2, 0.24)
    assert (found.ours_today, found.ours_tomorrow) == (0.25, 0.2)
    assert found.at_risk == ("role unknown", "share falls")


def test_a_share_above_one_is_not_shown():
    past = history({"sales": sales(3000.0)}, YEAR_END)
    assert dependence({}, provider(), past, {}, YEAR_END).theirs_today is None


def test_the_stated_share_stands_in_for_the_measured_one():
    given = {"dependence": assessed(share_today=0.1, share_tomorrow=0.2, role_tomorrow="partner")}
    past = history({"sales": sales(300.0)}, YEAR_END)
    found = dependence(given, provider(), past, {}, YEAR_END)
    assert found.ours_today == 0.1
    assert found.at_risk == ("one-sided",)


def test_nothing_is_known():
    found = dependence({}, provider().iloc[:0], history({}, YEAR_END), {}, YEAR_END)
    assert (found.ours_today, found.theirs_today, found.at_risk) == (None, None, ())
