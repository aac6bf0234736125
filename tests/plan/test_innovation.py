import numpy as np
import pandas as pd
import pytest

from vs_toolkit.plan.innovation import candidates, checklist

NOTHING = {
    "recorded_on": pd.Timestamp("2026-01-01"),
    "operating_cost": np.nan,
    "assets": np.nan,
    "capital_rate": np.nan,
    "utilisation": np.nan,
    "obsolescence": np.nan,
    "recovered": np.nan,
    "currency": "EUR",
}


def option(candidate, party, today=False, **figures):
    return (
        NOTHING
        | {"candidate_id": candidate, "candidate": candidate, "party": party, "today": today}
        | figures
    )


def test_an_asset_moved_to_cheaper_capital():
    rows = [
        option("Stock", "customer", True, assets=1e6, capital_rate=0.1),
        option("Stock", "provider", capital_rate=0.065),
    ]
    found = candidates(pd.DataFrame(rows)).iloc[0]
    # 1,000,000 x (0.10 - 0.065)
    assert (found["from"], found["to"], found["value"]) == ("customer", "provider", pytest.approx(35_000))
    assert found["not_known"] == ("operating", "obsolescence")


def test_all_components_and_utilisation():
    here = option("Line", "customer", True, operating_cost=100_000, assets=500_000, capital_rate=0.1,
                  utilisation=0.5, obsolescence=0.1, recovered=0.2)  # fmt: skip
    there = option("Line", "partner", operating_cost=90_000, capital_rate=0.08, utilisation=0.8,
                   obsolescence=0.1, recovered=0.6)  # fmt: skip
    found = candidates(pd.DataFrame([here, there])).iloc[0]
    # assets there: 500,000 x 0.5 / 0.8 = 312,500
    # operating 100,000 - 90,000; capital 50,000 - 25,000; obsolescence 40,000 - 12,500
    parts = found[["operating", "capital", "obsolescence"]].tolist()
    assert parts == pytest.approx([10_000, 25_000, 27_500])
    assert found["value"] == pytest.approx(62_500)


def test_the_best_party_is_taken_and_a_worse_one_never():
    rows = [
        option("A", "customer", True, operating_cost=100.0),
        option("A", "provider", operating_cost=90.0),
        option("A", "partner", operating_cost=70.0),
        option("B", "customer", True, operating_cost=50.0),
        option("B", "provider", operating_cost=60.0),
    ]
    found = candidates(pd.DataFrame(rows)).set_index("candidate")
    assert found.loc["A", ["to", "value"]].tolist() == ["partner", 30]
    assert found.loc["B", ["to", "value"]].tolist() == ["customer", 0]


def test_what_cannot_be_compared_is_missing():
    rows = [
        option("A", "customer", True, operating_cost=100.0),
        option("A", "provider", capital_rate=0.1),
        option("B", "provider", operating_cost=100.0),
    ]
    found = candidates(pd.DataFrame(rows)).set_index("candidate")
    assert found["value"].isna().all()
    assert found.loc["B", "not_known"] == ("who has it today",)
    assert candidates(pd.DataFrame(rows).iloc[:0]).empty


def test_who_is_best_placed():
    rows = [
        option("A", "customer", True, operating_cost=100.0, utilisation=0.5, capital_rate=0.1),
        option("A", "provider", operating_cost=90.0, utilisation=0.8, capital_rate=0.1),
    ]
    found = checklist(pd.DataFrame(rows)).loc["A"]
    assert (found["operating cost"], found["utilisation"]) == ("provider", "provider")
    assert found["capital cost"] is None  # both alike
    assert found["outlet"] is None  # not known
