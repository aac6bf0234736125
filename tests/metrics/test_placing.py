"""Which period, team, unit and customer a row counts for; what later rows may not change."""

import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metrics.books import AS_OF, YEAR, book, case, every_month, funnel, tables, value
from vs_toolkit import metrics
from vs_toolkit.errors import ParameterError
from vs_toolkit.metrics.scorecard import cells, plans
from vs_toolkit.periods import full_year, last_twelve, year_to_date


def by(level, measure="net_sales", period=YEAR, **rows):
    own = rows.pop("given", None) or book(**rows)
    found = metrics.measure_named(measure).at(metrics.Facts(own, period, level))["value"]
    return found.dropna().to_dict()


def test_a_person_who_changed_teams_leaves_earlier_results_behind():
    sales = every_month("C1", first="2025-07", net_sales=10, person_id="P2")
    moves = [
        {"person_id": "P2", "since": "2024-01-01", "unit": "North", "team": "B"},
        {"person_id": "P2", "since": "2026-01-01", "unit": "South", "team": "A"},
    ]
    rows = {"sales": sales, "assignments": moves}
    assert by("unit", **rows) == {"North": 60, "South": 60}  # July to December, January to June
    assert by("team", **rows) == {"North, B": 60, "South, A": 60}
    assert by("person", **rows)["P2"] == 120


def test_opportunities_count_for_the_team_of_the_day_of_decision():
    moves = [
        {"person_id": "P2", "since": "2024-01-01", "unit": "North", "team": "B"},
        {"person_id": "P2", "since": "2026-01-01", "unit": "South", "team": "A"},
    ]
    cases = funnel(
        case(1, "2025-08-01", "2025-12-31", owner="P2"),
        case(2, "2025-08-01", "2026-01-01", owner="P2", won=False),
    )
    assert by("unit", "hit_rate", **cases, assignments=moves) == {"North": 1.0, "South": 0.0}


def test_the_unit_that_a_sale_names_goes_before_that_of_the_person():
    sales = every_month("C1", first="2025-07", net_sales=10, person_id="P1", unit="South")
    assert by("unit", sales=sales) == {"South": 120}


def test_sales_without_person_count_for_the_unit_of_the_customer_and_nobody():
    sales = every_month("C3", first="2025-07", net_sales=10)
    assert by("unit", sales=sales) == {"South": 120}
    assert by("person", sales=sales) == {"not known": 120}  # the account owner need not have sold it


def test_a_customer_that_merged_counts_under_its_successor_and_is_not_lost():
    old = every_month("C1", last="2025-06", net_sales=10)
    new = every_month("C2", net_sales=20)
    merger = [{"customer_id": "C1", "successor_id": "C2", "merged_on": "2025-07-01"}]
    assert by("company", "retention", sales=old + new) == {"company": 0.5}
    assert by("company", "retention", sales=old + new, mergers=merger) == {"company": 1.0}
    # same customers: 240 of 120 + 240
    assert by("company", "net_revenue_retention", sales=old + new, mergers=merger)[
        "company"
    ] == pytest.approx(2 / 3)
    before = last_twelve(date(2025, 6, 30))
    assert by("customer", period=before, sales=old + new, mergers=merger) == {"C2": 360}


def test_a_chain_and_a_ring_of_mergers_end():
    chain = [
        {"customer_id": "C1", "successor_id": "C2", "merged_on": "2025-01-01"},
        {"customer_id": "C2", "successor_id": "C3", "merged_on": "2025-02-01"},
    ]
    sales = every_month("C1", net_sales=1)
    assert by("customer", sales=sales, mergers=chain) == {"C3": 12}
    ring = [*chain, {"customer_id": "C3", "successor_id": "C1", "merged_on": "2025-03-01"}]
    assert sum(by("customer", sales=sales, mergers=ring).values()) == 12


def test_part_of_a_month_is_no_month():
    sales = every_month("C1", net_sales=10)
    own = metrics.prepare(tables(sales=sales), date(2026, 6, 29))
    period = last_twelve(date(2026, 6, 29))
    assert period.label == "Jun 2025–May 2026"
    assert by("company", given=own, period=period) == {"company": 120}
    assert own.months[-1] == pd.Timestamp(2026, 5, 1)


def test_a_fiscal_year_may_start_in_any_month():
    sales = [row | {"net_sales": i} for i, row in enumerate(every_month("C1"))]  # 0 ... 23 from July 2024
    year = full_year(2026, first_month=4)  # April 2025 to March 2026: numbers 9 to 20
    assert by("company", sales=sales, period=year) == {"company": sum(range(9, 21))}
    to_date = year_to_date(AS_OF, first_month=4)  # April to June 2026: 21, 22, 23
    assert by("company", sales=sales, period=to_date) == {"company": 66}


def test_before_the_data_begin_nothing_is_known():
    own = book(sales=every_month("C1", net_sales=10))
    early = last_twelve(date(2024, 12, 31))  # half of it lies before July 2024
    assert by("company", given=own, period=early) == {}
    assert by("company", "retention", given=own, period=YEAR.year_before) == {}


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 23), st.floats(-1e4, 1e6)), max_size=12))
def test_levels_add_up_to_the_company(extra):
    rows = every_month("C1", net_sales=5) + [
        {
            "customer_id": f"C{c + 1}",
            "month": pd.Timestamp(2024, 7, 1) + pd.DateOffset(months=m),
            "net_sales": v,
        }
        for c, m, v in extra
    ]
    own = book(sales=rows)
    total = by("company", given=own)["company"]
    for level in ("unit", "team", "person", "segment", "customer", "region", "product"):
        assert sum(by(level, given=own).values()) == pytest.approx(total, abs=1e-6)


def test_splitting_a_customer_never_changes_the_total():
    whole = by("company", sales=every_month("C1", net_sales=10), unit_costs=[])
    halves = by("company", sales=every_month("C1", net_sales=4) + every_month("C2", net_sales=6))
    assert whole == halves


def test_a_row_after_the_day_changes_nothing():
    sales = every_month("C1", net_sales=10)
    later = [*sales, {"customer_id": "C1", "month": "2026-07-01", "net_sales": 999}]
    assert by("company", sales=later) == by("company", sales=sales)
    cases = funnel(case(1, "2025-08-01", "2025-12-31"))
    more = funnel(case(1, "2025-08-01", "2025-12-31"), case(2, "2026-07-02", "2026-07-03", won=False))
    assert value("hit_rate", **more) == value("hit_rate", **cases)


def test_narrowing_to_a_unit_shows_that_unit_alone():
    sales = every_month("C1", net_sales=10) + every_month("C3", net_sales=1)
    costs = [
        {"unit": unit, "month": row["month"], "operating_expenses": cost}
        for row in every_month("C1")
        for unit, cost in (("North", 2), ("South", 7))
    ]
    own = book(sales=sales, unit_costs=costs).of("unit", "North")
    assert by("company", given=own) == {"company": 120}
    facts = metrics.Facts(own, YEAR)
    assert facts.overhead("operating_expenses")["company"] == 24
    of_customer = metrics.Facts(book(sales=sales, unit_costs=costs).of("customer", "C3"), YEAR)
    assert of_customer.overhead("operating_expenses")["company"] == pytest.approx(84)


def budget(value, month, set_on, measure="net_sales", name="company"):
    return {
        "measure": measure,
        "level": "company",
        "name": name,
        "month": month,
        "set_on": set_on,
        "value": value,
    }


def test_a_restated_plan_replaces_the_first_which_stays_available():
    months = [row["month"] for row in every_month(first="2025-07")]
    rows = [budget(10, month, "2025-06-01") for month in months]
    rows += [budget(16, month, "2026-01-10") for month in months[6:]]
    own = book(sales=every_month("C1", net_sales=10), budgets=rows)
    assert plans(own, "company", YEAR).loc["company", "net_sales"] == 156  # 6 x 10 + 6 x 16
    assert plans(own, "company", YEAR, "first").loc["company", "net_sales"] == 120
    assert cells(own, "company", YEAR).loc[("net_sales", "company"), "plan"] == 156


def test_a_month_without_plan_makes_the_plan_of_the_period_unknown_and_rates_are_averaged():
    months = [row["month"] for row in every_month(first="2025-07")]
    rows = [budget(10, month, "2025-06-01") for month in months[1:]]
    rows += [
        budget(0.1 if i < 6 else 0.2, month, "2025-06-01", "discount_rate") for i, month in enumerate(months)
    ]
    found = plans(book(sales=every_month("C1", net_sales=10), budgets=rows), "company", YEAR).loc["company"]
    assert math.isnan(found["net_sales"])
    assert found["discount_rate"] == pytest.approx(0.15)


def test_an_unknown_segment_column_is_named():
    with pytest.raises(ParameterError, match="'colour' is not a column of customers"):
        book(terms=metrics.Terms(segment_by="colour"))
