import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shared import shared
from vs_toolkit.funnel.outlook.forecast import (
    LATER,
    NO_CHANCE,
    NO_DATE,
    NO_VALUE,
    Odds,
    forecast,
    weighted_by_month,
)
from vs_toolkit.funnel.outlook.new_leads import NewLeads
from vs_toolkit.funnel.outlook.shock import NO_SHOCK, Shock


def open_cases(*rows: tuple[float | None, float | None, str | None]) -> pd.DataFrame:
    """Open cases written as (win probability, value, expected decision)."""
    frame = pd.DataFrame(list(rows), columns=["win_probability", "value", "expected_decision"])
    return frame.astype({"win_probability": float, "value": float}).assign(
        expected_decision=pd.to_datetime(frame["expected_decision"])
    )


FOUR = open_cases(
    (0.5, 100.0, "2026-07-10"),
    (0.15, 300.0, "2026-07-20"),
    (0.9, 50.0, "2026-09-01"),
    (0.5, 80.0, "2027-02-01"),
)
SHAKEN = Odds(shock=Shock(0.1, NO_SHOCK.dates))


def test_expected_orders_value_and_variance_by_hand():
    july = forecast(FOUR, "2026-06-30", months=3).table.loc["2026-07-01"]
    assert july["orders"] == pytest.approx(0.65)  # 0.5 + 0.15
    assert july["value"] == pytest.approx(95)  # 0.5 x 100 + 0.15 x 300
    assert july["value_sd"] ** 2 == pytest.approx(13_975)  # 0.25 x 100^2 + 0.1275 x 300^2
    assert july[["orders_low", "orders_high"]].tolist() == [
        0,
        1,
    ]  # chances of 0, 1, 2 orders: 0.425, 0.5, 0.075
    assert july[["value_low", "value_high"]].tolist() == [
        0,
        300,
    ]  # chances 0.425, 100: 0.425, 300: 0.075, 400: 0.075


def test_the_total_holds_the_months_and_what_comes_later_is_named():
    result = forecast(FOUR, "2026-06-30", months=3)
    assert result.total["orders"] == pytest.approx(result.table["orders"].sum()) == pytest.approx(1.55)
    assert result.left_out.loc[LATER].tolist() == [1, 0.5, 40.0]


def test_simulation_agrees_with_the_exact_mean_and_deviation():
    rng = np.random.default_rng(1)
    rows = [
        (p, v, "2026-07-15")
        for p, v in zip(rng.uniform(0.1, 0.6, 300), rng.lognormal(3, 0.5, 300), strict=True)
    ]
    for odds in (Odds(), SHAKEN):
        july = forecast(open_cases(*rows), "2026-06-30", months=1, odds=odds).table.iloc[0]
        # Nearly normal: the 80 % interval is the mean -+ 1.2816 deviations.
        assert (july["value_low"] + july["value_high"]) / 2 == pytest.approx(july["value"], rel=0.03)
        assert (july["value_high"] - july["value_low"]) / 2 == pytest.approx(
            1.2816 * july["value_sd"], rel=0.06
        )


def test_a_common_shock_widens_everything_but_moves_no_mean():
    rows = open_cases(*[(0.3, 10.0, "2026-07-15")] * 100)
    calm, shaken = (forecast(rows, "2026-06-30", 1, odds).table.iloc[0] for odds in (Odds(), SHAKEN))
    assert shaken["orders"] == calm["orders"] and shaken["value"] == calm["value"]
    assert shaken["value_sd"] > 1.5 * calm["value_sd"]
    assert shaken["orders_low"] < calm["orders_low"] and calm["orders_high"] < shaken["orders_high"]


def test_chances_that_are_not_well_known_widen_the_interval():
    rows = open_cases(*[(0.3, 10.0, "2026-07-15")] * 100)
    known, unknown = (forecast(rows.assign(low=low, high=high), "2026-06-30", 1).table.iloc[0]
                      for low, high in ((0.3, 0.3), (0.15, 0.5)))  # fmt: skip
    assert known["orders"] == unknown["orders"]
    assert unknown["orders_low"] < known["orders_low"] and known["orders_high"] < unknown["orders_high"]


def test_orders_of_new_leads_are_added():
    leads = NewLeads(np.array([[2.0], [4.0]]), np.array([[20.0], [60.0]]))
    july = forecast(FOUR.iloc[:1], "2026-06-30", 1, Odds(new_leads=leads)).table.iloc[0]
    assert july[["orders", "of_new", "value", "value_of_new"]].tolist() == [3.5, 3.0, 90.0, 40.0]
    assert july["value_sd"] ** 2 == pytest.approx(2500 + 400)  # of the case and between 20 and 60
    assert july["value_low"] == 20 and july["value_high"] == 160


def test_what_cannot_be_placed_is_listed():
    rows = open_cases(
        (0.5, 100.0, None), (None, 70.0, "2026-07-10"), (0.4, None, "2026-07-10"), (0.2, 10.0, "2026-07-11")
    )
    result = forecast(rows, "2026-06-30", 1)
    assert result.table.iloc[0][["orders", "value"]].tolist() == pytest.approx([0.6, 2.0])
    left = result.left_out
    assert left.loc[NO_DATE].tolist() == [1, 0.5, 50.0]
    assert left.loc[NO_CHANCE, "cases"] == 1 and np.isnan(left.loc[NO_CHANCE, "orders"])
    assert left.loc[NO_VALUE, ["cases", "orders"]].tolist() == [1, 0.4] and np.isnan(
        left.loc[NO_VALUE, "value"]
    )


@pytest.mark.parametrize(("day", "first"), [("2026-06-30", "2026-07-01"), ("2026-06-15", "2026-06-01")])
def test_the_first_month_is_that_of_the_day_after(day, first):
    assert forecast(FOUR, day, 2).table.index[0] == pd.Timestamp(first)


def test_an_empty_funnel_brings_nothing():
    result = forecast(open_cases(), "2026-06-30", 3)
    assert (result.table.to_numpy() == 0).all() and len(result.table) == 3
    assert (result.left_out["cases"] == 0).all()


@settings(deadline=None, max_examples=5)
@given(st.permutations(range(4)))
def test_order_of_cases_does_not_matter(order):
    expected, found = (forecast(rows, "2026-06-30", 3, SHAKEN) for rows in (FOUR, FOUR.iloc[list(order)]))
    pd.testing.assert_frame_equal(found.table, expected.table)


def test_the_weighted_funnel_stands_by_month_as_stated():
    rows = pd.concat([FOUR, open_cases((0.5, None, "2026-03-01"), (0.1, 10.0, None))])
    table = weighted_by_month(rows, "2026-06-30")
    assert table.loc["2026-07-01"].tolist() == [2, 400.0, 95.0, 0]
    assert table.loc["2026-03-01", ["cases", "overdue"]].tolist() == [1, 1]
    assert np.isnan(table.loc["2026-03-01", "value"])  # not known, not nothing
    assert table[table.index.isna()]["weighted_value"].tolist() == [1.0]


# Microsoft's opportunity sample (Obvience, MIT): millions by month, as published and as measured in its file.
FACTORED = [103.72, 48.96, 51.82, 43.46, 43.32, 47.19, 29.44, 15.81, 19.89, 9.27, 12.86, 35.38]


def powerbi() -> pd.DataFrame:
    facts, stages = (pd.read_csv(shared(f"data/powerbi/ots_{name}.csv")) for name in ("Fact", "SalesStage"))
    joined = facts.merge(stages, on="Sales Stage ID", validate="many_to_one")
    return pd.DataFrame(
        {
            "opportunity_id": joined["Opportunity ID"].astype(int).astype(str),
            "status": joined["Sales Stage"],
            "win_probability": joined["Probability"],
            "value": joined["ProductRevenue"],
            "expected_decision": pd.to_datetime(joined["EstimatedCloseDate"]),
        }
    )


def test_the_weighted_funnel_of_the_power_bi_sample():
    cases = powerbi()
    assert len(cases) == 487 and cases["status"].value_counts().tolist() == [268, 94, 74, 37, 14]
    table = weighted_by_month(cases, "2014-12-31")
    assert table["value"].sum() / 1e6 == pytest.approx(2110.905, abs=5e-4)
    assert table["weighted_value"].sum() / 1e6 == pytest.approx(461.121, abs=5e-4)
    assert (table["weighted_value"] / 1e6).tolist() == pytest.approx(FACTORED, abs=5e-3)


def test_the_forecast_of_the_power_bi_sample_has_the_same_expectation():
    cases = powerbi()
    result = forecast(cases, "2014-12-31", months=12)
    assert (result.table["value"] / 1e6).tolist() == pytest.approx(FACTORED, abs=5e-3)
    assert result.total["value_low"] < 461.121e6 < result.total["value_high"]
    assert result.left_out.loc[NO_DATE, "cases"] == 0
