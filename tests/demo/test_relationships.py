"""What is planted in the relationships of the example company is there, and is found."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from vs_toolkit.demo import company
from vs_toolkit.demo.relationships import PILE, SMALL_ITEMS, relationship_tables, with_loss
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.relationship import Terms, summary
from vs_toolkit.relationship.company.study import Portfolio
from vs_toolkit.relationship.study import Study

AS_OF = date(2026, 6, 30)


@pytest.fixture(scope="module")
def tables():
    customers = company.customers(24, 12, seed=1)
    months = pd.date_range("2023-01-01", "2026-06-01", freq="MS")
    size = np.random.default_rng(5).lognormal(11.5, 0.8, 24)
    every = (
        customers[["customer_id"]].assign(net_sales=size).merge(pd.DataFrame({"month": months}), how="cross")
    )
    both = pd.concat(
        [every.assign(region="Home"), every.assign(region="Away", net_sales=every["net_sales"] / 3)]
    )
    costs = both.assign(
        product_group="Pumps", direct_cost=both["net_sales"] * 0.6, cost_to_serve=both["net_sales"] * 0.08
    )
    made = {"customers": customers.assign(since=pd.NaT), "sales": costs}
    return made | relationship_tables(made, AS_OF, seed=1)


def test_all_tables_are_as_their_models_say(tables):
    for name in set(tables) - {"customers", "sales"}:
        assert set(tables[name].columns) <= set(TABLES[name].model_fields)


def of(tables, customer):
    own = {
        name: rows[rows["customer_id"] == customer]
        for name, rows in tables.items()
        if "customer_id" in rows and name != "customers"
    }
    named = {"customer_id": customer, "name": customer, "since": None}
    return Study(named, own, {"provider_results": tables["provider_results"]}, AS_OF, Terms(0.09), 100)


def test_the_pile_is_on_its_first_page(tables):
    page = " ".join(summary.stands_out(of(tables, PILE)))
    assert f"{SMALL_ITEMS} customer investments add up to" in page
    assert "None of it went through the capital budget" in page


def test_the_loss_in_a_region_is_on_its_first_page(tables):
    found = of(tables, losing(tables["sales"])[0])
    assert list(found.losing.index) == ["Away"]
    assert found.valued
    assert "loses" in summary.decision(found)
    assert any("loses money in Away" in text for text in summary.stands_out(found))


def losing(sales):
    earned = sales["net_sales"] - sales["direct_cost"] - sales["cost_to_serve"]
    by_region = earned.groupby([sales["customer_id"], sales["region"]]).sum()
    return by_region[by_region < 0].index[0]


def test_the_largest_of_those_named_loses_money(tables):
    before = tables["sales"].assign(direct_cost=0.0, cost_to_serve=0.0)
    size = before.groupby("customer_id")["net_sales"].sum().sort_values()
    assert losing(with_loss(before, size.index[:3])) == (size.index[2], "Away")
    one_region = before[before["region"] == "Home"]
    assert with_loss(one_region, size.index) is one_region


def test_teams_follow_old_habits(tables):
    found = Portfolio(tables, AS_OF, Terms(0.09), draws=50)
    assert found.gain is not None
    assert found.gain > 0.02 * found.equity
    assert found.count("no plan") == 3


def test_the_same_seed_makes_the_same_tables(tables):
    again = relationship_tables(tables, AS_OF, seed=1)
    for name, rows in again.items():
        pd.testing.assert_frame_equal(rows, tables[name])
