import numpy as np
import pandas as pd
import pytest

from vs_toolkit.plan.gaps import gaps

YEAR = pd.DataFrame(
    {
        "revenue": 1_000_000.0, "gross_margin": 0.30, "operating_expenses": 0.20, "operating_margin": 0.10,
        "dso": 60.0, "dio": 40.0, "dpo": 30.0, "capital_turnover": 1.0, "roce": 0.1,
    },
    index=[2025],
)  # fmt: skip


def benchmarks(**medians):
    rows = [("Dairy", name, median * 0.8, median, median * 1.2, 12, "S") for name, median in medians.items()]
    return pd.DataFrame(rows, columns=["industry", "indicator", "low", "median", "high", "n", "source"])


TYPICAL = benchmarks(
    **{
        "Gross margin": 0.34,
        "Days sales outstanding (DSO)": 50.0,
        "Days inventory outstanding (DIO)": 45.0,
        "Days payables outstanding (DPO)": 40.0,
        "ROCE": 0.15,
    }
)


def test_half_of_each_gap_in_money():
    found = gaps(YEAR, TYPICAL, "Dairy", 0.1).set_index("indicator")
    # gross margin: half of 0.04 x 1,000,000
    assert found.loc["Gross margin", "yearly"] == pytest.approx(20_000)
    # DSO: half of 10 days x 1,000,000 / 365 = 13,698.63 of capital, at 10%
    assert found.loc["Days sales outstanding (DSO)", "capital"] == pytest.approx(13_698.63, abs=0.01)
    assert found.loc["Days sales outstanding (DSO)", "yearly"] == pytest.approx(1_369.863, abs=0.001)
    # DPO: more is better; half of 10 days x 700,000 / 365 = 9,589.04
    assert found.loc["Days payables outstanding (DPO)", "capital"] == pytest.approx(9_589.04, abs=0.01)
    assert np.isnan(found.loc["ROCE", "yearly"])
    assert found.index[0] == "Gross margin"


def test_better_than_the_industry_is_no_gap():
    found = gaps(YEAR, TYPICAL, "Dairy", 0.1).set_index("indicator")
    inventory = found.loc["Days inventory outstanding (DIO)"]
    assert (inventory["gap"], inventory["yearly"], inventory["better"]) == (0, 0, True)


def test_without_a_cost_of_capital_only_the_capital_is_known():
    found = gaps(YEAR, TYPICAL, "Dairy", None).set_index("indicator")
    assert found.loc["Days sales outstanding (DSO)", "capital"] > 0
    assert np.isnan(found.loc["Days sales outstanding (DSO)", "yearly"])


def test_an_unknown_indicator_has_no_gap():
    found = gaps(YEAR.assign(dso=np.nan), TYPICAL, "Dairy", 0.1).set_index("indicator")
    row = found.loc["Days sales outstanding (DSO)"]
    assert np.isnan(row["gap"]) and np.isnan(row["yearly"]) and row["better"] is None


def test_the_source_with_most_companies_counts():
    more = TYPICAL.assign(n=30, median=0.4, source="larger")
    found = gaps(YEAR, pd.concat([more, TYPICAL]), "Dairy", 0.1)
    assert set(found["source"]) == {"larger"}


@pytest.mark.parametrize("industry", ["Mining", None])
def test_no_benchmark_no_comparison(industry):
    assert gaps(YEAR, TYPICAL, industry, 0.1).empty
    assert gaps(YEAR.iloc[:0], TYPICAL, "Dairy", 0.1).empty
