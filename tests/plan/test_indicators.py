"""Indicators against published ratios, and each fault of a statement as a gap."""

import json

import numpy as np
import pandas as pd
import pytest

from tests.plan.published import APPLE, APPLE_DAYS, APPLE_MARGINS, APPLE_ROCE, MICROSOFT_DAYS
from tests.shared import shared
from vs_toolkit import plan
from vs_toolkit.plan.indicators import indicators, margins, return_on_capital, turnover

LINES = {
    "revenue": "revenue",
    "cost_of_goods_sold": "cost_of_goods",
    "trade_receivables": "receivables",
    "inventory": "inventory",
    "trade_payables": "payables",
    "net_income": "net_income",
    "interest_expense": "interest",
    "income_tax": "tax",
    "total_assets": "total_assets",
    "total_current_liabilities": "current_liabilities",
}


def table(**changes):
    """The table ``statements`` of Apple, with lines changed."""
    given = {name: values for name, values in APPLE.items() if name != "operating_income"} | changes
    return pd.DataFrame(
        {
            "year": [2020, 2021, 2022, 2023],
            "published_on": pd.to_datetime(["2020-10-30", "2021-10-29", "2022-10-28", "2023-11-03"]),
            "operating_expenses": np.nan,
            **given,
        }
    )


def test_days_of_apple():
    days = plan.working_capital_days(
        *(APPLE[name] for name in ("revenue", "cost_of_goods", "receivables", "inventory", "payables"))
    )
    for name, expected in APPLE_DAYS.items():
        assert days[name].tolist() == pytest.approx(expected, abs=6e-5)


def test_closing_balances_give_other_days():
    closing = plan.working_capital_days([100000], [60000], [30000], [40000], [1], average=False)
    # Clear Lake (OpenStax): 40,000 / 60,000 x 365 = 243 on the closing balance; 228 on the average of 35,000
    assert closing["dio"].iloc[0] == pytest.approx(243, abs=0.5)
    average = plan.working_capital_days([1, 100000], [1, 60000], [20000, 30000], [35000, 40000], [1, 1])
    assert average["dio"].iloc[0] == pytest.approx(228, abs=0.5)


def test_turnover_on_the_average():
    assert turnover(100000, [20000, 30000]) == pytest.approx(4.0)
    assert turnover(60000, [35000, 40000]) == pytest.approx(1.6)


def test_roce_of_apple():
    lines = ("net_income", "interest", "tax", "total_assets", "current_liabilities")
    assert plan.roce(*(APPLE[name] for name in lines)) == pytest.approx(APPLE_ROCE, abs=6e-5)


def test_margins_of_apple():
    found = margins(*(APPLE[n] for n in ("revenue", "cost_of_goods", "operating_income", "net_income")))
    for name, expected in APPLE_MARGINS.items():
        assert found[name].tolist() == pytest.approx(expected, abs=6e-5)


def test_watervan_on_opening_capital():
    # Brealey, Myers, Allen: 109 x 0.65 = 70.85; capital 534 - 157 = 377; 70.85 - 0.085 x 377 = 38.805
    found = return_on_capital(109, 0.35, 534 - 157, 0.085)
    assert found == pytest.approx({"nopat": 70.85, "return": 70.85 / 377, "eva": 38.805})


def test_the_whole_table_of_apple():
    found = indicators(table(), wacc=0.08)
    assert found["roce"].tolist() == pytest.approx(APPLE_ROCE, abs=6e-5)
    assert found.loc[2021:, "dso"].tolist() == pytest.approx(APPLE_DAYS["dso"], abs=6e-5)
    assert np.isnan(found.loc[2020, "dso"]) and np.isnan(found.loc[2020, "eva"])
    # 2021: net income + interest 94,680 + 2,645 = 97,325; opening capital 323,888 - 105,392 = 218,496
    assert found.loc[2021, "eva"] == pytest.approx(97325 - 0.08 * 218496)


def test_a_missing_line_is_a_gap_and_no_zero():
    found = indicators(table(inventory=[np.nan] * 4, interest=[np.nan] * 4), wacc=None)
    assert found["dio"].isna().all() and found["ccc"].isna().all()
    assert found["dso"].notna().sum() == 3
    assert found["roce"].isna().all() and found["eva"].isna().all()  # no expenses to take instead


def test_a_year_that_is_not_given_breaks_the_average():
    found = indicators(table().drop(index=1), wacc=0.08)
    assert found["dso"].dropna().index.tolist() == [2023]


def test_a_restatement_replaces_the_year():
    again = table().iloc[[3]].assign(published_on=pd.Timestamp("2024-02-01"), revenue=400000)
    assert indicators(pd.concat([again, table()]), None).loc[2023, "revenue"] == 400000


def test_nothing_given():
    assert indicators(table().iloc[:0], 0.08).empty
    assert np.isnan(plan.roce([1], [0], [0], [5], [5])[0])
    assert plan.working_capital_days([0], [0], [1], [1], [1], average=False).isna().all(axis=None)


def test_statements_of_two_real_companies():
    rows = pd.read_csv(shared("data/statements/statements.csv"))
    rows = rows[rows["line"].isin(LINES)].assign(line=lambda r: r["line"].map(LINES))
    wide = rows.pivot(index=["company", "fiscal_year"], columns="line", values="million_usd").reset_index()
    wide = wide.rename(columns={"fiscal_year": "year"}).assign(operating_expenses=np.nan)
    wide["published_on"] = pd.to_datetime(wide["year"].astype(str) + "-12-01")
    apple, microsoft = (indicators(wide[wide["company"] == c], 0.08) for c in ("AAPL", "MSFT"))
    for name, expected in APPLE_DAYS.items():
        assert apple.loc[2021:, name].tolist() == pytest.approx(expected, abs=6e-5)
    for name, expected in MICROSOFT_DAYS.items():
        assert microsoft.loc[2021:, name].tolist() == pytest.approx(expected, abs=6e-5)
    # (72,361 + 1,968 + 16,950) / (411,976 - 104,149) = 91,279 / 307,827
    assert microsoft.loc[2023, "roce"] == pytest.approx(0.29653, abs=5e-6)


def test_published_cases():
    cases = {case["name"]: case for case in json.loads(shared("truth/customers.json").read_text())["cases"]}
    given = cases["roce_apple_2020_2023"]["inputs"]
    assert plan.roce(*given.values()) == pytest.approx(cases["roce_apple_2020_2023"]["expected"], abs=6e-5)
    given = dict(cases["days_apple_2021_2023"]["inputs"])
    days = plan.working_capital_days(*list(given.values())[:5], average=given["average_balances"])
    for name, expected in cases["days_apple_2021_2023"]["expected"].items():
        assert days[name].tolist() == pytest.approx(expected, abs=6e-5)
