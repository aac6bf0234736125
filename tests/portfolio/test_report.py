"""What the report says and draws: with everything, with little, with nothing; planted findings."""

import json
import re
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.portfolio.made import REGIONS, many, tables
from tests.shared import ROOT
from vs_toolkit.charts import drawn
from vs_toolkit.demo import portfolio as planted
from vs_toolkit.portfolio import charts, exhibits, findings, summary
from vs_toolkit.portfolio.study import CustomerBase
from vs_toolkit.tables import is_numeric

AS_OF = date(2026, 6, 30)
CHARTS = (
    "whale", "concentration", "risk", "correlations", "portfolios", "losses", "industry_losses", "simulation",
    "cross", "products", "activities", "ideal", "future",
)  # fmt: skip


@cache
def full():
    """A base with the planted findings of the example company."""
    given = many(60, seed=7)
    given["customers"] = given["customers"].assign(
        industry=np.where(np.arange(60) % 5 == 1, planted.TRADE, given["customers"]["industry"]),
        beta=np.linspace(0.5, 1.5, 60), market_fit="inside",
    )  # fmt: skip
    rows = given["sales"].copy()
    rows["region"] = np.array(REGIONS)[np.arange(len(rows)) % 3]
    rows = planted.planted(rows, given["customers"])
    given["sales"] = rows
    given |= planted.portfolio_tables(given["customers"], rows, AS_OF, 1)
    given["ideal_base"] = given["ideal_base"].assign(set_on=pd.to_datetime(given["ideal_base"]["set_on"]))
    return CustomerBase(given, AS_OF)


@cache
def bare():
    return CustomerBase(tables(), AS_OF)


def test_the_planted_findings_stand_on_the_first_page():
    page = " ".join([summary.lead(full()), summary.verdict(full()), *summary.decisions(full())])
    assert f"all belong to one industry, {planted.TRADE}." in page
    assert "its other regions lose EUR" in page
    assert "were unprofitable" in page and "unprofitable customers account for" in page
    assert len(summary.decisions(full())) == 3
    small = full().active.index[-20:].difference(list(planted.OTHERS))  # the smallest third of 60
    assert set(small) <= set(full().by_profit.worst.index)


def test_planting_changes_no_row_and_no_column():
    before = many(60, seed=7)
    after = planted.planted(before["sales"], before["customers"])
    assert len(after) == len(before["sales"]) and list(after) == list(before["sales"])


def test_activities_add_up_to_the_posted_cost_to_serve():
    study = full()
    posted = study.rows.groupby("customer_id")["cost_to_serve"].sum()
    assert study.activities.sum(axis=1).sum() == pytest.approx(posted.sum(), rel=0.01)
    assert study.idle > 0


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_has_a_finding_and_draws_nothing_where_nothing_is_known(name):
    assert drawn(getattr(charts, name), 3.0, full()).axes[0].get_title(loc="left")
    empty = drawn(getattr(charts, name), 3.0, bare()).axes[0]
    assert empty.get_title(loc="left") and not empty.axison


def test_whale_chart_ends_at_the_total():
    line = drawn(charts.whale, 3.0, full()).axes[0].lines[0]
    assert line.get_ydata()[-1] == pytest.approx(full().by_profit.total)


@pytest.mark.parametrize("exhibit", exhibits.EVERY, ids=lambda e: e.__name__)
def test_exhibits_hold_numbers(exhibit):
    table = exhibit(full())
    table.written()
    exhibit(bare()).written()
    words = {"industry", "role", "view", "paid", "carrier", "targets"}
    for column in table.shown:
        values = table.frame[column.values]
        assert column.values in words or is_numeric(values) or values.isna().all(), column.label


def test_without_sales_the_report_says_so():
    assert summary.lead(bare()) == "No sales are recorded for the last twelve full months."
    assert [tile[1] for tile in summary.tiles(bare())] == ["–"] * 4
    assert all(figure[0] in (None, 0) for figure in summary.key_figures(bare()).values())
    for name in (
        "tail",
        "symmetric",
        "importing",
        "equity",
        "future",
        "managed",
        "activity",
        "crossing_products",
    ):
        assert isinstance(getattr(findings, name)(bare()), str)


def test_what_is_not_known_is_listed_and_hides_what_needs_it():
    given = many(20, months=12)
    given["sales"]["cost_to_serve"] = np.nan
    study = CustomerBase(given, AS_OF)
    gaps = " ".join(summary.gaps(study))
    assert "not known for 20 of 20 customers, so no profit or EVA" in gaps
    assert "volatility or beta" in gaps
    assert study.by_profit.customers == 0 and summary.key_figures(study)["customer_profit"][0] is None


def test_a_base_without_losses_has_no_whale():
    given = many(20)
    given["sales"]["cost_to_serve"] = 0.0
    assert findings.whale(CustomerBase(given, AS_OF).by_profit, "EUR").startswith("No whale curve in profit")


def test_the_first_page_of_the_example_company_shows_what_is_planted_in_it():
    notebook = json.loads((ROOT / "notebooks" / "customer_portfolio.ipynb").read_text())
    (first,) = (cell for cell in notebook["cells"] if cell["id"] == "part-d")
    page = "".join(part for output in first["outputs"] for part in output["data"]["text/html"])
    trade = planted.TRADE
    assert re.search(rf"\w+ {trade}, \w+ {trade} and \w+ {trade} move together", page)
    assert f"all belong to one industry, {trade}." in page and "its other regions lose EUR" in page
    assert "unprofitable customers account for" in page
