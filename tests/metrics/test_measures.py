"""Every measure of figure 22 against hand arithmetic, and its degenerate case."""

import math
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from tests.metrics.books import (
    AS_OF,
    YEAR,
    book,
    case,
    every_month,
    funnel,
    value,
)
from vs_toolkit import metrics
from vs_toolkit.errors import ParameterError
from vs_toolkit.estimates import wilson
from vs_toolkit.metrics import measure as register_module
from vs_toolkit.periods import between, last_months

# A year of C1: each month list 120, discount 20, net 100, direct cost 60, overhead 5, cost to serve 10
SALE = {
    "list_value": 120, "discount": 20, "net_sales": 100, "direct_cost": 60, "production_overhead": 5,
    "cost_to_serve": 10, "currency": "EUR",
}  # fmt: skip
SALES = every_month(**SALE)
# North: expenses 12 a month, of which depreciation 2; interest 1, tax 3, investment 4
COSTS = [
    {"unit": "North", "month": row["month"], "operating_expenses": 12, "depreciation": 2, "interest": 1,
     "tax": 3, "investment": 4}
    for row in SALES
]  # fmt: skip
# receivables 200 before the year and 300 at its end; inventory 130, 130; payables 65, 65; other 100, 100
BALANCES = [
    {"customer_id": "C1", "month": "2025-06-01", "receivables": 200, "inventory": 130, "payables": 65,
     "other_capital": 100},
    {"customer_id": "C1", "month": "2026-06-01", "receivables": 300, "inventory": 130, "payables": 65,
     "other_capital": 100},
]  # fmt: skip
BOOKS = {"sales": SALES, "unit_costs": COSTS, "balances": BALANCES}
VISITS = [
    {"date": day, "customer_id": "C1", "opportunity_id": opportunity, "person_id": "P1", "type": kind,
     "hours": 2, "cost": 30}
    for day, opportunity, kind in (
        ("2025-06-20", "O1", "Visit"), ("2025-08-01", "O1", "visit"), ("2025-09-01", "O2", " VISIT "),
        ("2025-09-02", None, "Visit"), ("2025-09-03", "O1", "Proposal"), ("2025-12-01", "O1", "Visit"),
        ("2025-09-04", "O2", "Call"),
    )
]  # fmt: skip
# decided in the year: O1 won after 100 days (400), O2 lost after 50 (100), O3 won after 300 (100); O4 open
CASES = funnel(
    case(1, "2025-08-01", "2025-11-09", value=400),
    case(2, "2025-08-12", "2025-10-01", won=False, value=100),
    case(3, "2025-03-05", "2025-12-30", value=100),
    case(4, "2026-06-01", value=1000),
)
ANSWERS = [
    {"customer_id": "C1", "answered_on": "2026-01-10", "kind": kind, "item": item, "score": score, "low": low,
     "high": high}
    for kind, item, score, low, high in (
        ("rating", "delivery", 4, 1, 5), ("rating", "advice", 3, 1, 5), ("rating", "price", 8, 0, 10),
        ("recommendation", "recommend", 10, 0, 10), ("recommendation", "recommend", 9, 0, 10),
        ("recommendation", "recommend", 8, 0, 10), ("recommendation", "recommend", 6, 0, 10),
    )
]  # fmt: skip
VALUES = [
    {"customer_id": "C1", "case_id": "K1", "effect_id": "e", "effect": "e", "line": "volume",
     "currency": "EUR", "period_end": end, "promised": promised, "realised": realised}
    for end, promised, realised in (
        ("2025-09-30", 100, 80), ("2025-12-31", 100, 110), ("2026-03-31", 50, None)
    )
]  # fmt: skip
MARKET = [
    {"customer_id": "C1", "year": 2025, "known_on": "2026-01-31", "purchases": 4000},
    {"customer_id": "C1", "year": 2024, "known_on": "2025-01-31", "purchases": 9999},
]
SIZES = [
    {"level": "unit", "name": "North", "year": 2025, "known_on": "2026-02-01", "size": 12_000},
    {"level": "company", "name": "company", "year": 2025, "known_on": "2026-02-01", "size": 24_000},
]

# measure -> (tables, expected, arithmetic in the comment)
WORKED = {
    "net_sales": (BOOKS, 1200),  # 12 x 100
    "discount_rate": (BOOKS, 1 / 6),  # 20 / 120
    "sales_margin": (BOOKS, 480),  # 12 x (100 - 60)
    "sales_margin_rate": (BOOKS, 0.40),
    "gross_margin": (BOOKS, 420),  # 12 x (100 - 65)
    "gross_margin_rate": (BOOKS, 0.35),
    "profit_contribution": (BOOKS, 300),  # 12 x (35 - 10)
    "profit_contribution_rate": (BOOKS, 0.25),
    "operating_profit": (BOOKS, 156),  # 300 - 144
    "operating_profit_rate": (BOOKS, 0.13),
    "ebitda": (BOOKS, 180),  # 156 + 24
    "ebitda_rate": (BOOKS, 0.15),
    "net_profit": (BOOKS, 108),  # 156 - 12 - 36
    "net_profit_rate": (BOOKS, 0.09),
    "dso": (BOOKS, 250 / 1200 * 365),
    "dio": (BOOKS, 130 / 780 * 365),  # cost of goods 12 x 65 = 780
    "dpo": (BOOKS, 65 / 780 * 365),
    "cash_conversion_cycle": (BOOKS, 250 / 1200 * 365 + 65 / 780 * 365),
    "receivables": (BOOKS, 300),
    "inventory": (BOOKS, 130),
    "capital_turnover": (BOOKS, 1200 / 415),  # capital 365 and 465
    "cash_flow": (BOOKS, -4),  # 156 - 36 + 24 - (365 - 265) - 48
    "eva": (BOOKS, 90.8),  # 156 - 36 - 8% of opening capital 365
    "eva_rate": (BOOKS, 90.8 / 365),
    "customer_equity": (
        {"relationship_values": [
            {"customer_id": "C1", "valued_on": "2025-12-31", "npv": 900},
            {"customer_id": "C1", "valued_on": "2026-05-31", "npv": 700},
            {"customer_id": "C2", "valued_on": "2026-05-31", "npv": -100},
        ]},
        600,  # the latest of each: 700 - 100
    ),
    "market_share": (BOOKS | {"market_sizes": SIZES}, 0.05),  # 1,200 of 24,000
    "share_of_wallet": (BOOKS | {"market": MARKET}, 0.30),  # 1,200 of 4,000, the latest year
    "retention": ({"sales": SALES + every_month("C2", last="2025-05", net_sales=10)}, 0.5),
    "churn": ({"sales": SALES + every_month("C2", last="2025-05", net_sales=10)}, 0.5),
    # C1 100 -> 100 a month; C2 11 months of 10 -> gone: 1,200 of 1,310
    "gross_revenue_retention": (
        {"sales": SALES + every_month("C2", last="2025-05", net_sales=10)}, 1200 / 1310
    ),
    # C1 grows by 1,200 in one posting; new customer C3 does not count: 2,400 of 1,200
    "net_revenue_retention": (
        {"sales": [*SALES, {"customer_id": "C1", "month": "2026-01-01", "net_sales": 1200},
                   {"customer_id": "C3", "month": "2026-01-01", "net_sales": 500}]},
        2.0,
    ),
    "satisfaction_index": ({"satisfaction": ANSWERS}, (75 + 50 + 80) / 3),
    "net_promoter_score": ({"satisfaction": ANSWERS}, 25),  # 2 promoters, 1 detractor of 4
    "selling_cost": (BOOKS | {"activities": VISITS}, 180 / 1200),  # six in the year, 30 each
    "selling_cost_of_margin": (BOOKS | {"activities": VISITS}, 180 / 480),
    "sales_cycle": (CASES, 200),  # 100 and 300 days
    "sales_cycle_lost": (CASES, 50),
    # 29 (open), 50, 100, 300 days: at 50 2 of 3 stay, at 100 1 of 3: the median is 100
    "time_to_decision": (CASES, 100),
    "hit_rate": (CASES, 2 / 3),
    "hit_rate_by_value": (CASES, 500 / 600),
    "sales_velocity": (CASES, 1 * 250 * (2 / 3) / 200),  # one open; orders of 400 and 100
    "visits": ({"activities": VISITS} | CASES, 4),  # August, two in September, December
    "proposals": ({"activities": VISITS} | CASES, 1),
    # before the decision of O1 two visits (one in June), of O2 one, of O3 none; two orders
    "visits_per_order": ({"activities": VISITS} | CASES, 1.5),
    "proposals_per_order": ({"activities": VISITS} | CASES, 0.5),
    "value_promised": ({"value_delivered": VALUES}, 250),
    "value_realised": ({"value_delivered": VALUES}, 190),
    "fulfilment": ({"value_delivered": VALUES}, 190 / 200),  # what was not measured does not count
}  # fmt: skip
FIGURE_22 = {  # unit, person or team, segment, customer; as printed
    "net_sales": "x x x x", "discount_rate": "x x x x",
    **dict.fromkeys(
        [f"{level}{rate}" for rate in ("", "_rate") for level in (
            "sales_margin", "gross_margin", "operating_profit", "profit_contribution", "ebitda", "net_profit",
        )],
        "x (x) x (x)",
    ),
    **dict.fromkeys(["dso", "dio", "receivables", "inventory"], "x - x x"),
    "cash_flow": "x (x) x x", "eva": "x - (x) (x)", "eva_rate": "x - (x) (x)", "customer_equity": "x - x x",
    "share_of_wallet": "x (x) x x", "retention": "x - x -", "churn": "x - x -",
    "satisfaction_index": "x (x) x x", "selling_cost": "x x (x) -", "selling_cost_of_margin": "x x (x) -",
    "sales_cycle": "x (x) x (x)", "hit_rate": "x x x x", "visits": "x x x x", "proposals": "x x x x",
    **dict.fromkeys(["value_promised", "value_realised", "fulfilment"], "x x x x"),
}  # fmt: skip


def test_every_measure_is_worked_by_hand():
    assert set(WORKED) == set(metrics.MEASURES)


@pytest.mark.parametrize("name", WORKED)
def test_worked_value(name):
    rows, expected = WORKED[name]
    assert value(name, **rows) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", WORKED)
def test_without_any_rows_nothing_is_known(name):
    facts = metrics.Facts(book(), YEAR)
    found = metrics.measure_named(name).at(facts)["value"]
    assert found.isna().all()


@pytest.mark.parametrize("name", FIGURE_22)
def test_levels_are_those_of_figure_22(name):
    assert metrics.MEASURES[name].levels == FIGURE_22[name]


@pytest.mark.parametrize("level", ["unit", "team", "person", "segment", "customer"])
def test_what_figure_22_leaves_blank_stays_blank(level):
    rows = BOOKS | CASES | {"activities": VISITS, "satisfaction": ANSWERS, "value_delivered": VALUES}
    facts = metrics.Facts(book(**rows, market=MARKET, market_sizes=SIZES), YEAR, level)
    for measure in metrics.MEASURES.values():
        shown = measure.at(facts)["value"].notna().any()
        assert not (shown and measure.mark(level) == ""), measure.name


@pytest.mark.parametrize("name", WORKED)
def test_the_appendix_is_complete(name):
    measure = metrics.MEASURES[name]
    needed = [measure.label, measure.numerator, measure.placed_by, measure.none_when, measure.source]
    assert all(needed)
    assert measure.better in ("higher", "lower", "")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("discount_rate", {"list_value": 0, "discount": 0}),
        ("discount_rate", {"list_value": None}),
        ("sales_margin_rate", {"net_sales": 0}),
        ("gross_margin_rate", {"net_sales": -1}),
        ("profit_contribution", {"cost_to_serve": None}),
        ("operating_profit", {"cost_to_serve": None}),
        ("net_profit", {"cost_to_serve": None}),
        ("cash_flow", {"cost_to_serve": None}),
        ("eva", {"cost_to_serve": None}),
        ("sales_margin", {"direct_cost": None}),
        ("dio", {"direct_cost": 0, "production_overhead": 0}),
        ("dso", {"net_sales": 0}),
    ],
)
def test_degenerate_sales_give_no_figure(name, change):
    assert math.isnan(value(name, **(BOOKS | {"sales": every_month(**(SALE | change))})))


def test_one_row_without_cost_to_serve_hides_the_level_and_all_below_but_none_above():
    blank = {**SALE, "customer_id": "C1", "month": "2026-02-01", "cost_to_serve": None}
    own = book(**(BOOKS | {"sales": [*SALES, blank]}))
    shown = {name: not math.isnan(value(name, given=own)) for name in metrics.MEASURES if name in FIGURE_22}
    assert shown["net_sales"] and shown["sales_margin"] and shown["gross_margin"]
    hidden = ("profit_contribution", "operating_profit", "ebitda", "net_profit", "cash_flow", "eva")
    assert not any(shown[name] for name in hidden)


def test_a_gap_is_no_zero_and_a_customer_that_buys_nothing_is():
    rows = [row for row in SALES if row["month"] != "2026-02-01"]
    assert math.isnan(value("net_sales", sales=rows))  # nobody has sales in February: the month is missing
    other = every_month("C3", net_sales=7)
    found = metrics.MEASURES["net_sales"].at(metrics.Facts(book(sales=rows + other), YEAR, "customer"))
    assert found["value"].to_dict() == {"C1": 1100, "C3": 84}


def test_a_customer_alone_may_buy_nothing_in_a_month():
    rows = [row for row in SALES if row["month"] != "2026-02-01"]
    assert value("net_sales", given=book(sales=rows, whole=False)) == 1100


def test_the_discount_rate_is_that_of_the_sums():
    # 10 of 100 and 50 of 900: 60 / 1,000, not the mean of 10% and 5.6%
    rows = [
        *every_month(net_sales=90, list_value=100, discount=10),
        *every_month(net_sales=850, list_value=900, discount=50),
    ]
    assert value("discount_rate", sales=rows) == pytest.approx(0.06)


def test_a_surcharge_is_a_negative_discount():
    assert value("discount_rate", sales=every_month(net_sales=110, list_value=100, discount=-10)) == -0.1


def test_a_return_takes_back_the_sale_and_a_credit_note_is_a_late_discount():
    back = {"customer_id": "C1", "month": "2026-03-01", "units": -1, "list_value": -120, "discount": -20,
            "net_sales": -100, "direct_cost": -60}  # fmt: skip
    credit = {"customer_id": "C1", "month": "2026-04-01", "list_value": 0, "discount": 30, "net_sales": -30,
              "direct_cost": 0}  # fmt: skip
    rows = [*SALES, back, credit]
    assert value("net_sales", sales=rows) == 1070  # 1,200 - 100 - 30
    assert value("discount_rate", sales=rows) == pytest.approx(250 / 1320)  # (240 - 20 + 30) / (1,440 - 120)
    assert value("sales_margin", sales=rows) == 410  # 480 - 40 - 30


def test_days_of_a_quarter_are_those_of_the_quarter():
    # April to June has 91 days; receivables 300 at both ends, sales 300: 300 / 300 x 91
    rows = [
        {"customer_id": "C1", "month": month, "receivables": 300} for month in ("2026-03-01", "2026-06-01")
    ]
    quarter = last_months(AS_OF, 3)
    assert value("dso", period=quarter, sales=SALES, balances=rows) == pytest.approx(91)


def test_days_of_a_leap_year():
    # March 2023 to February 2024 has 366 days: receivables equal to sales of the period are 366 days
    sales = every_month(first="2022-03", last="2024-02", net_sales=100)
    rows = [
        {"customer_id": "C1", "month": month, "receivables": 1200} for month in ("2023-02-01", "2024-02-01")
    ]
    own = book(as_of=date(2024, 2, 29), sales=sales, balances=rows)
    facts = metrics.Facts(own, between(pd.Timestamp(2023, 3, 1), pd.Timestamp(2024, 2, 1)))
    assert metrics.MEASURES["dso"].at(facts)["value"].iloc[0] == pytest.approx(366)


def test_opening_balance_missing_is_a_gap_not_profit():
    assert math.isnan(value("cash_flow", **(BOOKS | {"balances": BALANCES[1:]})))
    assert math.isnan(value("eva", **(BOOKS | {"balances": BALANCES[1:]})))


def test_without_positive_capital_eva_is_money_but_no_rate():
    none = [row | {"receivables": 0, "inventory": 0, "other_capital": 0} for row in BALANCES]
    rows = BOOKS | {"balances": none}
    assert value("eva", **rows) == pytest.approx(120 + 0.08 * 65)  # capital -65: payables finance us
    assert math.isnan(value("eva_rate", **rows))


def test_unit_costs_reach_customers_in_proportion_to_net_sales_and_nothing_is_lost():
    rows = BOOKS | {"sales": SALES + every_month("C2", **(SALE | {"net_sales": 300, "direct_cost": 100}))}
    facts = metrics.Facts(book(**rows), YEAR, "customer")
    cost = facts.overhead("operating_expenses")
    assert cost["C1"] == pytest.approx(36)  # 144 x 100 / 400
    assert cost.sum() == pytest.approx(metrics.Facts(book(**rows), YEAR).overhead("operating_expenses").sum())


def test_customers_without_a_valuation_are_counted_and_not_zero():
    rows = {"relationship_values": [{"customer_id": "C1", "valued_on": "2026-01-31", "npv": 5}]}
    found = metrics.MEASURES["customer_equity"].at(metrics.Facts(book(**rows, sales=SALES), YEAR, "customer"))
    assert found["n"]["C1"] == 1
    assert "C2" not in found.index or math.isnan(found["value"]["C2"])


def test_a_valuation_made_later_says_nothing_about_last_year():
    rows = [
        {"customer_id": "C1", "valued_on": day, "npv": npv}
        for day, npv in (("2025-03-31", 3), ("2026-01-31", 5))
    ]
    facts = metrics.Facts(book(relationship_values=rows, sales=SALES), YEAR)
    measure = metrics.MEASURES["customer_equity"]
    assert measure.at(facts)["value"].tolist() == [5]
    assert measure.at(facts.year_before)["value"].tolist() == [3]  # the year to June 2025


def test_win_rate_has_a_wilson_interval_and_flags_small_n():
    found = metrics.MEASURES["hit_rate"].at(metrics.Facts(book(**CASES), YEAR)).iloc[0]
    assert (found["low"], found["high"]) == pytest.approx(wilson(2, 3, 0.9))
    assert found["n"] < metrics.MEASURES["hit_rate"].minimum


def test_interval_by_value_counts_one_large_opportunity_as_little_evidence():
    # values 400, 100, 100: (600)^2 / 180,000 = 2 opportunities of equal weight
    found = metrics.MEASURES["hit_rate_by_value"].at(metrics.Facts(book(**CASES), YEAR)).iloc[0]
    assert (found["low"], found["high"]) == pytest.approx(wilson(5 / 6 * 2, 2, 0.9))


def test_fewer_than_half_decided_has_no_median():
    cases = funnel(case(1, "2026-01-01", "2026-02-01"), case(2, "2026-01-01"), case(3, "2026-01-01"))
    assert math.isnan(value("time_to_decision", **cases))


def test_rate_is_missing_when_none_is_decided_or_won():
    open_only = funnel(case(1, "2026-01-01"))
    lost_only = funnel(case(1, "2026-01-01", "2026-02-01", won=False))
    assert math.isnan(value("hit_rate", **open_only))
    assert value("hit_rate", **lost_only) == 0
    assert math.isnan(value("sales_velocity", **lost_only))
    assert math.isnan(value("visits_per_order", **lost_only, activities=VISITS))


def test_a_reopened_opportunity_counts_by_its_last_stage():
    opportunity, changes = case(1, "2025-09-01", "2025-10-01", won=False)
    again = {"opportunity_id": "O1", "changed_at": "2026-02-01", "status": "Won", "value": 70}
    rows = {"opportunities": [opportunity], "status_changes": [*changes, again]}
    assert value("hit_rate", **rows) == 1
    assert value("sales_cycle", **rows) == 153  # 1 September to 1 February: 30 + 31 + 30 + 31 + 31


def test_values_in_another_currency_are_left_out():
    foreign = [row | {"currency": "USD", "case_id": "K2"} for row in VALUES]
    assert value("value_promised", sales=SALES, value_delivered=VALUES + foreign) == 250


def test_nothing_measured_is_no_zero():
    rows = [row | {"realised": None} for row in VALUES]
    assert value("value_promised", value_delivered=rows) == 250
    assert math.isnan(value("value_realised", value_delivered=rows))
    assert math.isnan(value("fulfilment", value_delivered=rows))


def test_a_scale_without_width_is_no_answer():
    rows = [ANSWERS[0] | {"low": 5, "high": 5, "score": 5}, ANSWERS[1]]
    assert value("satisfaction_index", satisfaction=rows) == 50


def test_a_measure_more_in_ten_lines():
    mine = metrics.Measure(
        "average_posting", "Average posting", "financial", "money", "higher", "x x x -",
        numerator="Net sales", denominator="postings", placed_by="month of the sale", none_when="no posting",
        of=lambda facts: metrics.ratio(facts.total("sales", "net_sales"), facts.rows("sales")),
    )  # fmt: skip
    metrics.register(mine)
    try:
        assert value("average_posting", sales=SALES) == 100
        with pytest.raises(ParameterError, match="registered already"):
            metrics.register(mine)
    finally:
        del register_module._REGISTER["average_posting"]


def test_a_measure_in_no_group_or_with_wrong_levels_is_refused():
    good = metrics.MEASURES["net_sales"]
    with pytest.raises(ParameterError, match="did you mean 'financial'"):
        metrics.register(replace(good, name="other", group="finance"))
    with pytest.raises(ParameterError, match="write four of x"):
        metrics.register(replace(good, name="other", levels="x y"))
    with pytest.raises(ParameterError, match="did you mean 'net_sales'"):
        metrics.measure_named("netsales")
