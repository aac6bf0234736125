"""The report on one relationship: what stands on its first page, and what it says with tables missing."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.relationship.plans import BY_HAND, YEAR_END, plan_rows, table
from tests.relationship.test_history import tables as past_tables
from tests.relationship.test_register import assessed, investments, provider
from vs_toolkit import charts as look
from vs_toolkit.errors import VsToolkitError
from vs_toolkit.relationship import Terms, charts, exhibits, findings, summary
from vs_toolkit.relationship.study import Study
from vs_toolkit.tables import Table

TABLES = (exhibits.periods, exhibits.capital_charge, exhibits.scenarios, exhibits.sensitivity,
          exhibits.plan_amounts, exhibits.plan_rates, exhibits.past, exhibits.dependence)  # fmt: skip
DRAWINGS = (charts.cash_curve, charts.tornado, charts.distribution, charts.regions, charts.dependence)


def given():
    tables = past_tables()
    sales = tables["sales"].assign(region=["North", "South", "North"], product_group="Pumps", currency="EUR")
    return tables | {
        "sales": sales,
        "relationship_plans": plan_rows(spread=0.1).assign(currency="EUR"),
        "investments": investments(),
        "dependence": assessed(share_today=0.3, share_tomorrow=0.2),
    }


def study(tables=None, as_of=YEAR_END, terms=None, reference=None):
    customer = {"customer_id": "C1", "name": "Acme <b>", "since": None}
    reference = {"provider_results": provider()} if reference is None else reference
    return Study(customer, given() if tables is None else tables, reference, as_of, terms or Terms(0.25), 200)


def everything(found):
    """Make every part of the report; returns all that it says."""
    said = [
        summary.lead(found), summary.decision(found), *summary.stands_out(found), *summary.gaps(found),
        *summary.next_steps(found), *summary.unknown(found), *findings.conventions(found),
        findings.arithmetic(found), summary.confidence(found), summary.continuation(found),
        summary.risk(found),
        *(part for tile in summary.tiles(found) for part in tile), *summary.subject(found),
        findings.approval(found.register, found.currency),
    ]  # fmt: skip
    for make in TABLES:
        shown = make(found)
        assert isinstance(shown, Table)
        shown.written()
    for draw in DRAWINGS:
        said.append(look.drawn(draw, 3.0, found).axes[0].get_title(loc="left"))
    assert "nan" not in " ".join(said).replace("finance", "").replace("financ", "")
    summary.key_figures(found)
    return said


def test_the_first_page_with_everything_known():
    """NPV 248 of the hand-worked plan; capital of 200 is in it from the balances."""
    found = study()
    said = everything(found)
    assert found.npv == pytest.approx(248)
    assert said[0].startswith(
        "The relationship with Acme <b> is worth EUR 248 to 2027 (NPV at 25.0%), 1.85 per EUR"
    )
    assert "our role in its future is not known" in " ".join(said)


def test_the_arithmetic_can_be_done_again():
    line = findings.arithmetic(study())
    assert line == "NPV = −200 + 240 × 0.800 + 400 × 0.640 = 248 (EUR; factors are rounded)."


def test_the_arithmetic_subtracts_what_is_paid():
    flows = SimpleNamespace(cash=np.array([[-100.0, -50.0, 156.25]]))
    found = SimpleNamespace(
        valued=True, currency="EUR", npv=-40.0, terms=SimpleNamespace(rate=0.25),
        valuation=SimpleNamespace(expected=flows),
        plans=SimpleNamespace(horizon=SimpleNamespace(factors=lambda rate: np.array([1, 0.8, 0.64]))),
    )  # fmt: skip
    # -100 - 40 + 100
    line = findings.arithmetic(found)
    assert line == "NPV = −100 − 50 × 0.800 + 156 × 0.640 = −40 (EUR; factors are rounded)."


@pytest.mark.parametrize("missing", [*given(), "provider_results"])
def test_any_one_table_may_be_missing(missing):
    tables = {name: rows for name, rows in given().items() if name != missing}
    reference = {} if missing == "provider_results" else None
    found = study(tables, reference=reference)
    everything(found)
    assert found.valued == (missing != "relationship_plans")


def test_nothing_but_customers_and_opportunities():
    cases = pd.DataFrame(
        {"opportunity_id": ["O1", "O2"], "customer_id": "C1", "created_at": pd.Timestamp(2025, 1, 1)}
    )
    found = study({"opportunities": table("opportunities", cases)}, reference={})
    said = everything(found)
    assert found.npv is None
    assert "There is no relationship plan" in said[0]
    assert any("2 opportunities are on record" in text for text in said)


def test_a_missing_cost_hides_the_value_and_is_named():
    rows = plan_rows({name: line for name, line in BY_HAND.items() if name != "cost_to_serve"})
    found = study(given() | {"relationship_plans": rows})
    everything(found)
    assert summary.lead(found) == "Acme <b>: NPV is not known: the plan lacks cost to serve."
    assert summary.tiles(found)[0][1] == "–"


def test_what_is_dated_later_changes_nothing():
    late = plan_rows(dict.fromkeys(BY_HAND, (0.9, 0.9)), planned_on="2026-01-01")
    more = given()
    more["relationship_plans"] = pd.concat([more["relationship_plans"], late])
    assert everything(study(more)) == everything(study())


def test_a_region_that_loses_money_is_on_the_first_page():
    """South in the last twelve months of 2024: 200 - 230 - 50 = -80."""
    tables = given()
    tables["sales"] = tables["sales"].assign(direct_cost=[200.0, 230.0, 400.0])
    tables["relationship_plans"] = plan_rows(planned_on="2024-10-01", first=2025).assign(currency="EUR")
    found = study(tables, as_of=date(2024, 12, 31))
    assert found.losing.to_dict() == {"South": -80}
    assert "loses EUR 80 a year" in summary.decision(found)
    assert any("loses money in South (EUR −80)" in text for text in summary.stands_out(found))


def test_regions_add_up():
    grid = study(as_of=date(2024, 12, 31)).by_region
    assert grid.loc["Total", "Total"] == 300 - 200 - 50 + 200 - 100 - 50
    assert grid.loc["South", "Pumps"] == 50


def test_an_investment_pile_is_on_the_first_page():
    """900 + 40 + 60 = 1,000 against 248; 90% of it was in the capital budget."""
    found = study()
    assert "3 customer investments add up to EUR 1,000: 4.0 times the relationship NPV" in " ".join(
        summary.stands_out(found)
    )
    none = investments().assign(approval="none")
    assert "treat the EUR 1,000" in summary.decision(study(given() | {"investments": none}))


@pytest.mark.parametrize(("risk", "said"), [("premium", "is a premium of 5.0%"), ("none", "is not counted")])
def test_how_risk_is_counted_is_said(risk, said):
    assert said in " ".join(findings.conventions(study(terms=Terms(0.25, 0.05, risk))))


def test_a_relationship_that_is_worth_nothing():
    rows = plan_rows(BY_HAND | {"margin": (0.0, 0.0)})
    found = study(given() | {"relationship_plans": rows})
    everything(found)
    assert "negative NPV" in summary.lead(found)
    assert "reduce the sales investment" in summary.decision(found)


def test_a_plan_without_ranges_says_so():
    found = study(given() | {"relationship_plans": plan_rows()})
    everything(found)
    assert any("no ranges" in gap for gap in summary.gaps(found))
    assert np.ptp(found.scenarios["npv"]) == 0


def test_several_currencies_are_not_added_up():
    rows = plan_rows().assign(currency="USD")
    with pytest.raises(VsToolkitError, match="several currencies"):
        _ = study(given() | {"relationship_plans": rows}).currency


def test_a_planned_margin_that_was_never_earned_is_told():
    """2025: (800 - 400 - 60) / 800 = 42.5%; the plan of 2027: 50% - 100 / 1200 = 41.7%, no news.

    With direct costs of 700 it was 5%.
    """
    assert study().margins == pytest.approx((0.425, 2025, 0.5 - 1 / 12, 2027))
    assert findings.margin(study()) == ""
    tables = given()
    tables["sales"] = tables["sales"].assign(direct_cost=[200.0, 100.0, 700.0])
    told = "Contribution after cost to serve was 5.0% of revenue in 2025; the plan assumes 41.7% in 2027."
    assert told in summary.stands_out(study(tables))


def test_growth_by_hand():
    """500 in 2024, 800 in 2025: 60%, but the record of 2024 begins in March: one full year only."""
    assert study().growth is None
    tables = given()
    tables["sales"].loc[0, "month"] = pd.Timestamp(2024, 1, 1)
    found = study(tables).growth
    assert found.rate == pytest.approx(0.6)
    assert found.planned == pytest.approx((1200 / 800) ** 0.5 - 1)


def test_the_period_table_ends_in_the_value():
    shown = exhibits.periods(study()).frame
    assert shown.loc["Total", "present"] == pytest.approx(248)
    assert exhibits.capital_charge(study()).frame.loc["Total", "present"] == pytest.approx(248)
