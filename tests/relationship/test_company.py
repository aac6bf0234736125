"""The report on all relationships: ranking, allocation, robustness, retention, and with tables missing."""

import numpy as np
import pandas as pd
import pytest

from tests.relationship.plans import YEAR_END, plan_rows, table
from tests.relationship.test_register import investments
from vs_toolkit import charts as look
from vs_toolkit.relationship import Terms
from vs_toolkit.relationship.company import charts, exhibits, findings, study, summary
from vs_toolkit.relationship.company.loyalty import cohort, retention_by_year
from vs_toolkit.relationship.company.study import Limits, Portfolio

TABLES = (exhibits.values, exhibits.allocation, exhibits.moves, exhibits.one_more, exhibits.retention,
          exhibits.investments, exhibits.at_risk)  # fmt: skip
DRAWINGS = (charts.values, charts.allocation, charts.steps, charts.robustness)


def sales(rows):
    frame = pd.DataFrame(rows, columns=["customer_id", "month"]).assign(net_sales=10.0)
    return table("sales", frame.assign(month=pd.to_datetime(frame["month"])))


def given():
    people = pd.DataFrame({"customer_id": ["C1", "C2", "C3"], "name": ["Acme", "Bolt", "Acme"],
                           "region": ["North", "South", "North"]})  # fmt: skip
    half = {"revenue": (500, 600), "margin": (0.5, 0.5), "cost_to_serve": (50, 50),
            "sales_investment": (75, 50), "survival": (0.8, 0.75)}  # fmt: skip
    plans = pd.concat([plan_rows(spread=0.1), plan_rows(half, "C2", spread=0.1)])
    teams = {"customer_id": ["C1", "C2"], "planned_on": pd.Timestamp(2025, 10, 1), "teams_today": [0.0, 1.0],
             "teams_planned": [1.0, 1.0], "share_without_team": [0.5, 0.5]}  # fmt: skip
    regions = {"region": ["North", "South"], "set_on": pd.Timestamp(2025, 1, 1), "teams": [1, 0]}
    assessed = {"customer_id": ["C1"], "assessed_on": pd.Timestamp(2025, 5, 1), "share_today": [0.4],
                "share_tomorrow": [0.2]}  # fmt: skip
    return {
        "customers": table("customers", people),
        "relationship_plans": plans.assign(currency="EUR"),
        "team_plans": table("team_plans", pd.DataFrame(teams)),
        "sales_teams": table("sales_teams", pd.DataFrame(regions)),
        "dependence": table("dependence", pd.DataFrame(assessed)),
        "investments": investments(),
        "sales": sales([("C1", "2024-01-01"), ("C2", "2024-06-01"), ("C1", "2025-06-01")]),
        "balances": table("balances", pd.DataFrame({"customer_id": ["C1"], "month": pd.Timestamp(2025, 12, 1),
                                                    "receivables": [200.0]})),
    }  # fmt: skip


def portfolio(tables=None, limits=None):
    return Portfolio(given() if tables is None else tables, YEAR_END, Terms(0.25), limits or Limits(), 100)


def everything(found):
    said = [
        summary.lead(found), summary.decision(found), *summary.stands_out(found), *summary.unknown(found),
        *summary.next_steps(found), *summary.conventions(found), summary.invested(found),
        summary.lasting(found),
        *(part for tile in summary.tiles(found) for part in tile), *summary.subject(found),
    ]  # fmt: skip
    for make in TABLES:
        make(found).written()
    for draw in DRAWINGS:
        said.append(look.drawn(draw, 3.0, found).axes[0].get_title(loc="left"))
    summary.key_figures(found)
    assert "nan" not in " ".join(said)
    return said


def test_values_by_hand():
    """C1: 248. C2 is half of it without capital: (200 / 1.25 + 240 / 1.25^2) / 2 = 156.8. C3 has no plan."""
    found = portfolio()
    assert found.values["npv"].to_dict() == pytest.approx({"C1": 248, "C2": 156.8, "C3": np.nan}, nan_ok=True)
    assert found.equity == pytest.approx(404.8)
    assert (found.count("valued"), found.count("no plan")) == (2, 1)
    assert found.values["invested"]["C1"] == 1000


def test_the_allocation_by_hand():
    """One team in the North: C1 248 against without 0.5 (248 + 134.4) = 191.2; C2 without 0.5 * 224 = 112.

    Today's team is with C2: 191.2 + 156.8 = 348; best 248 + 112 = 360: 12 more. One in the South: 44.8.
    """
    found = portfolio()
    assert found.game.best.value == pytest.approx(360)
    assert found.gain == pytest.approx(12)
    assert found.game.one_more.to_dict() == pytest.approx({"North": 0, "South": 44.8})
    assert found.allocation["change"].to_dict() == {"C1": 1, "C2": -1}
    said = everything(found)
    assert "more teams for Acme (C1) and fewer for Bolt" in said[1]


def test_the_step_curve_by_hand():
    """0 teams: 191.2 + 112 = 303.2; 1: C1 gains 56.8, 360; 2: 404.8."""
    assert portfolio().steps.tolist() == pytest.approx([303.2, 360, 404.8])


def test_asked_for_teams_and_budget():
    """Two teams anywhere: 404.8. With a budget of 100 only C2 (67.2) can have one: 191.2 + 156.8."""
    free = portfolio(limits=Limits(teams=2, by_region=False))
    assert free.game.best.value == pytest.approx(404.8)
    short = portfolio(limits=Limits(teams=2, budget=100.0, by_region=False))
    assert short.game.best.value == pytest.approx(348)
    everything(short)


def test_robustness_under_a_budget():
    """With a budget of 100 no draw can choose otherwise; with one that suffices it is as without."""
    short = portfolio(limits=Limits(teams=2, budget=100.0, by_region=False))
    assert (short.chosen.tolist(), short.regret) == ([1, 1], pytest.approx(0, abs=1e-12))
    free, ample = portfolio(), portfolio(limits=Limits(budget=1e6))
    assert ample.chosen.tolist() == free.chosen.tolist()
    assert ample.regret == pytest.approx(free.regret, abs=1e-12)


def test_robustness_under_a_budget_is_left_out_for_many_customers(monkeypatch):
    monkeypatch.setattr(study, "MOST_UNDER_BUDGET", 1)
    found = portfolio(limits=Limits(budget=1e6))
    assert found.regret is None and found.chosen.isna().all()
    assert findings.robustness(found) == "Robustness under a budget is simulated for up to 1 customer"


def test_robustness():
    found = portfolio()
    assert found.chosen.between(0, 1).all()
    assert 0 <= found.regret < 0.05
    assert found.chosen.tolist() == portfolio().chosen.tolist()


def test_a_certain_plan_is_chosen_in_every_draw():
    tables = given()
    certain = tables["relationship_plans"].assign(low=None, high=None).astype({"low": float, "high": float})
    found = portfolio(tables | {"relationship_plans": certain})
    assert found.chosen.tolist() == [1, 1]
    assert found.regret == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("missing", [name for name in given() if name != "customers"])
def test_any_one_table_may_be_missing(missing):
    everything(portfolio({name: rows for name, rows in given().items() if name != missing}))


def test_nothing_but_customers():
    found = portfolio({"customers": given()["customers"]})
    said = everything(found)
    assert said[0] == "Customer equity is not known: none of 3 customers has a complete plan."
    assert found.equity is None


def test_too_few_teams_for_the_minimum():
    tables = given()
    tables["team_plans"] = tables["team_plans"].assign(teams_min=2.0)
    found = portfolio(tables)
    assert not found.allocates
    assert "no choice of options" in summary.decision(found)
    everything(found)


def test_another_customer_changes_no_value():
    more = given()
    more["relationship_plans"] = pd.concat([more["relationship_plans"], plan_rows(customer="C3")])
    assert portfolio(more).values["npv"][["C1", "C2"]].tolist() == pytest.approx([248, 156.8])


def test_retention_by_hand():
    """Of two buyers of 2024 one bought in 2025; the record begins in January 2024."""
    table = retention_by_year(given()["sales"], YEAR_END)
    assert table.loc[2025, ["customers", "retained", "rate"]].tolist() == [2, 1, 0.5]
    assert table.loc[2025, "low"] < 0.5 < table.loc[2025, "high"]


def test_a_customer_that_merged_into_another_is_not_lost():
    """C2 went on as C1, which bought in 2025: one buyer of 2024, retained."""
    merger = {"customer_id": ["C2"], "successor_id": ["C1"], "merged_on": pd.Timestamp(2025, 2, 1)}
    found = portfolio(given() | {"mergers": table("mergers", pd.DataFrame(merger))})
    assert found.retention.loc[2025, ["customers", "retained"]].tolist() == [1, 1]


def test_a_cohort_of_new_customers():
    """20 new customers in 2022; 2 stop each year: 20, 18, 16, 14 at the ends of 2022 to 2025."""
    rows = [("old", f"{year}-01-01") for year in range(2021, 2026)]
    for number in range(20):
        last = 2025 if number >= 6 else 2022 + number // 2
        rows += [(f"N{number}", f"{year}-05-01") for year in range(2022, last + 1)]
    found = cohort(sales(rows), YEAR_END)
    assert (found.year, found.active) == (2022, (20, 18, 16, 14))
    assert 0.4 < found.survival(5) < 14 / 20


def test_no_cohort_is_large_enough():
    assert cohort(given()["sales"], YEAR_END) is None
    assert cohort(given()["sales"].iloc[:0], YEAR_END) is None


def test_whom_we_need_more_than_it_needs_us_is_at_risk():
    """C1 brings all sales of the last twelve months and takes 40% from us; its share would not fall."""
    steady = given()["dependence"].assign(share_tomorrow=0.4, role_tomorrow="partner")
    found = portfolio(given() | {"dependence": steady})
    assert found.at_risk["of_sales"].tolist() == [1.0]
    assert portfolio(
        given() | {"dependence": steady.assign(share_today=1.0, share_tomorrow=1.0)}
    ).at_risk.empty


def test_relationships_at_risk_are_named():
    assert portfolio().at_risk["name"].tolist() == ["Acme"]
    assert "1 relationship with EUR 248 of NPV at risk" in findings.at_risk(portfolio())
