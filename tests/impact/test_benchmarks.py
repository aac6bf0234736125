"""Benchmarks from realised results, and claims set beside them."""

from datetime import date

import pandas as pd
import pytest

from tests.impact.simple import simple_case
from tests.impact.test_realised import rows
from vs_toolkit.impact.benchmarks import benchmarks_from_results, check_claims, prefill
from vs_toolkit.inputs.tables.value import Benchmark

AS_OF = date(2026, 6, 30)
CUSTOMERS = pd.DataFrame(
    {"customer_id": ["A", "B", "C", "D"], "industry": ["Mining", "Mining", "Mining", "Paper"]}
)
DELIVERED = pd.concat(
    [
        rows(("2025-06-30", 100.0, 50.0), ("2025-12-31", 300.0, 150.0), customer_id="A"),
        rows(("2025-12-31", 100.0, 90.0), ("2026-12-31", 100.0, 900.0), customer_id="B"),
        rows(("2025-12-31", 200.0, 160.0), ("2026-03-31", 100.0, None), customer_id="C"),
        rows(("2025-12-31", 100.0, 20.0), customer_id="D", effect_id="energy"),
    ]
)


def case(**effect):
    return simple_case(
        {
            "id": "yield",
            "name": "Less scrap",
            "line": "direct_cost",
            "quantity": 1000,
            "change": 0.2,
            "unit_value": 10,
            "evidence": {"kind": "our_estimate"},
        }
        | effect
    )


def published(**changes):
    row = {
        "industry": "Mining",
        "indicator": "Less scrap",
        "unit": "fraction",
        "low": 0.05,
        "median": 0.1,
        "high": 0.15,
        "n": 5,
        "source": "survey",
    }
    return pd.DataFrame([row | changes])


def test_each_customer_counts_once_with_what_is_measured():
    # A: 200/400 = 0.5; B: 90/100 = 0.9 (the later row is not known yet); C: 160/200 = 0.8 (one period open)
    table = benchmarks_from_results(DELIVERED, CUSTOMERS, AS_OF)
    mining = table[(table["industry"] == "Mining") & (table["indicator"] == "fulfilment of effect yield")]
    assert mining[["low", "median", "high", "n"]].iloc[0].tolist() == pytest.approx([0.5, 0.8, 0.9, 3])


def test_rows_are_by_line_as_well_and_follow_the_benchmark_table():
    table = benchmarks_from_results(DELIVERED, CUSTOMERS, AS_OF)
    assert table.groupby("industry")["indicator"].apply(list).to_dict() == {
        "Mining": ["fulfilment of effect yield", "fulfilment of line direct_cost"],
        "Paper": ["fulfilment of effect energy", "fulfilment of line direct_cost"],
    }
    for row in table.to_dict("records"):
        Benchmark.model_validate(row)


def test_no_customer_can_be_read_from_the_benchmarks():
    named = DELIVERED.assign(
        customer_id=DELIVERED["customer_id"] + "-secret", reason="secret", effect="secret"
    )
    people = CUSTOMERS.assign(customer_id=CUSTOMERS["customer_id"] + "-secret", name="secret")
    assert "secret" not in benchmarks_from_results(named, people, AS_OF).to_csv()


def test_nothing_measured_gives_no_rows():
    table = benchmarks_from_results(DELIVERED.assign(realised=None), CUSTOMERS, AS_OF)
    assert table.empty
    assert check_claims(case(), table, "Mining")["verdict"].tolist() == ["no benchmark"]


@pytest.mark.parametrize(("change", "verdict"), [(0.2, "above"), (0.1, "inside"), (0.01, "below")])
def test_claim_is_set_beside_the_observed_range(change, verdict):
    claim = check_claims(case(change=change), published(), "Mining").iloc[0]
    assert (claim["claimed"], claim["verdict"]) == (change, verdict)


def test_full_promise_is_flagged_where_only_part_came_true():
    own = benchmarks_from_results(DELIVERED, CUSTOMERS, AS_OF)
    claims = check_claims(case(), own, "Mining")
    assert claims["claimed"].tolist() == [1.0, 1.0]  # factor left out: all of it comes true
    assert claims["verdict"].tolist() == ["above", "above"]  # best customer got 90 %
    assert claims["wording"].iloc[0].startswith("Typically in this industry: 80.0%")


def test_typically_is_said_from_three_customers_on():
    few, enough = (check_claims(case(), published(n=n), "Mining").iloc[0] for n in (2, 3))
    assert (few["verdict"], few["wording"]) == ("too few", "")
    assert enough["verdict"] == "above"
    assert enough["wording"]


def test_other_industry_and_other_unit_say_nothing():
    for table, industry in ((published(), "Paper"), (published(unit="days"), "Mining")):
        assert check_claims(case(), table, industry)["verdict"].tolist() == ["no benchmark"]


def test_amount_is_compared_only_in_the_same_currency():
    amount = {"quantity": None, "change": None, "unit_value": None, "amount": 2000}
    euro = check_claims(case(**amount), published(unit="EUR", low=100, median=500, high=900), "Mining")
    dollar = check_claims(case(**amount), published(unit="USD", low=100, median=500, high=900), "Mining")
    assert euro["verdict"].tolist() == ["above"]
    assert dollar["verdict"].tolist() == ["no benchmark"]


def test_prefill_takes_the_benchmark_with_most_behind_it():
    both = pd.concat([published(n=40, median=0.12), published()])
    assert prefill(both, "Mining", "Less scrap").expected == 0.12
    assert prefill(published(n=2), "Mining", "Less scrap") is None


def test_customer_with_two_currencies_is_still_one_customer():
    dollars = rows(("2025-12-31", 100.0, 70.0), customer_id="A", currency="USD")
    table = benchmarks_from_results(pd.concat([DELIVERED, dollars]), CUSTOMERS, AS_OF)
    assert table.set_index(["industry", "indicator"])["n"]["Mining", "fulfilment of effect yield"] == 3
