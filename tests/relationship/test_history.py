"""The past by year, joined with the plan; and what the curve says."""

import pandas as pd
import pytest

from tests.relationship.plans import MID_YEAR, YEAR_END, table, valued
from vs_toolkit.relationship import curve, history, joined, opening_capital


def frame(name, **columns):
    days = {
        key: pd.to_datetime(values)
        for key, values in columns.items()
        if key in ("month", "date", "decided_on")
    }
    return table(name, pd.DataFrame(columns | days))


def tables():
    return {
        "sales": frame(
            "sales",
            customer_id="C1",
            month=["2024-03-01", "2024-09-01", "2025-05-01"],
            net_sales=[300.0, 200.0, 800.0],
            direct_cost=[200.0, 100.0, 400.0],
            cost_to_serve=[50.0, 50.0, 60.0],
        ),
        "balances": frame(
            "balances",
            customer_id="C1",
            month=["2024-06-01", "2024-12-01", "2025-12-01"],
            receivables=[10.0, 60.0, 100.0],
            inventory=[None, 40.0, 130.0],
            payables=[None, 20.0, 30.0],
        ),
        "activities": frame(
            "activities",
            customer_id="C1",
            date=["2024-02-02", "2025-03-03"],
            type="Visit",
            cost=[150.0, 90.0],
        ),
        "investments": frame(
            "investments",
            investment_id=["I1", "I2", "I3"],
            customer_id="C1",
            decided_on=["2024-07-01", "2024-08-01", "2026-01-15"],
            kind=["joint R&D", "financed inventory", "joint R&D"],
            purpose="x",
            amount=[70.0, 40.0, 500.0],
        ),
    }


def test_the_past_by_hand():
    """2024: 500 - 300 = 200, less 100 to serve, 150 sales, 70 R&D, capital 60 + 40 - 20 = 80: -200.

    2025: 800 - 400 = 400, less 60, 90, capital 200 - 80 = 120: 130. Financed inventory is in the balances.
    """
    past = history(tables(), YEAR_END)
    assert past["contribution"].tolist() == [200, 400]
    assert past["investments"].tolist() == [70, 0]
    assert past["capital"].tolist() == [80, 200]
    assert past["cash"].tolist() == [-200, 130]


def test_what_comes_later_changes_nothing():
    given = tables()
    until = {name: rows.iloc[:1] for name, rows in given.items()}
    assert history(given, YEAR_END.replace(year=2024, month=7)).equals(
        history(until, YEAR_END.replace(year=2024, month=7))
    )


@pytest.mark.parametrize("column", ["direct_cost", "cost_to_serve"])
def test_a_missing_cost_hides_the_cash_flow_of_its_year(column):
    given = tables()
    given["sales"].loc[0, column] = None
    past = history(given, YEAR_END)
    assert past["cash"].isna().tolist() == [True, False]
    assert past["revenue"].tolist() == [500, 800]


@pytest.mark.parametrize("missing", ["sales", "balances", "activities", "investments"])
def test_any_table_may_be_missing(missing):
    past = history({name: rows for name, rows in tables().items() if name != missing}, YEAR_END)
    assert past["cash"].notna().all() == (missing != "sales")


def test_nothing_is_known():
    assert history({}, YEAR_END).empty
    assert list(history({}, YEAR_END).columns)[-2:] == ["capital_change", "cash"]


def test_capital_today():
    """100 + 130 - 30; nothing is known of C2."""
    found = opening_capital(tables()["balances"], ("C1", "C2"))
    assert found[0] == 200
    assert pd.isna(found[1])


def test_past_and_plan_make_one_curve():
    """-200, -200 + 130 = -70, then +240 and +400: back in 2026, deepest -200 in 2024."""
    found = valued()
    table = joined(history(tables(), YEAR_END), found.expected, found.plans.horizon)
    assert table.index.tolist() == ["2024", "2025", "2026", "2027"]
    assert table["cumulative"].tolist() == pytest.approx([-200, -70, 170, 570])
    line = curve(table["cumulative"])
    assert (line.break_even, line.deepest, line.deepest_in, line.immediate) == ("2026", -200, "2024", False)


def test_a_year_under_way_stands_in_two_periods():
    sales = frame(
        "sales",
        customer_id="C1",
        month=["2026-03-01"],
        net_sales=[9.0],
        direct_cost=[4.0],
        cost_to_serve=[1.0],
    )
    found = valued(as_of=MID_YEAR)
    table = joined(history({"sales": sales}, MID_YEAR), found.expected, found.plans.horizon)
    assert table.index.tolist() == ["2026 to date", "rest of 2026", "2027"]
    assert table["cash"].iloc[0] == 4


def test_a_curve_that_never_comes_back():
    line = curve(pd.Series([-1.0, -3.0, -2.0], ["a", "b", "c"]))
    assert (line.break_even, line.deepest, line.end) == (None, -3.0, -2.0)


def test_a_curve_that_is_never_negative():
    assert curve(pd.Series([1.0, 2.0], ["a", "b"])).immediate


def test_a_curve_with_a_gap_says_nothing():
    assert curve(pd.Series([None, 2.0], ["a", "b"])).end is None
