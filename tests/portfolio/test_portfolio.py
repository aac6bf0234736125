"""The customer base by hand: sums, cost by activity, concentration, risk, losses, portfolios."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from tests.portfolio.made import customers, many, sales, tables
from vs_toolkit import portfolio
from vs_toolkit.errors import ParameterError
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.periods import last_twelve
from vs_toolkit.portfolio import (
    base,
    costing,
    equity,
    findings,
    ideal,
    loss,
    portfolios,
    quality,
    risk,
    summary,
)
from vs_toolkit.portfolio.study import CustomerBase

AS_OF = date(2026, 6, 30)
YEAR = last_twelve(AS_OF)
MAY, LAST_MAY = "2026-05-01", "2025-05-01"


def frame(table, **columns):
    made = pd.DataFrame(columns).reindex(columns=list(TABLES[table].model_fields))
    for name in made:
        if name in ("month", "set_on", "known_on", "valued_on", "decided_on", "answered_on"):
            made[name] = pd.to_datetime(made[name])
    return made


# base


def two():
    return tables(
        customers=customers(("A", "Mining"), ("B", "Water")),
        sales=sales(
            ("A", MAY, "North", "Pumps", 100.0, 60.0, 10.0),
            ("A", "2026-06-01", "South", "Pumps", 50.0, 20.0, 40.0),
            ("A", LAST_MAY, "North", "Pumps", 80.0, 50.0, 5.0),
            ("B", LAST_MAY, "North", "Pumps", 30.0, 10.0, 5.0),
        ),
        balances=frame(
            "balances", customer_id=["A", "A"], month=[MAY, "2026-06-01"], receivables=[100.0, 200.0]
        ),
    )


def test_profit_and_eva_of_a_customer():
    row = base.customer_base(two(), YEAR, 0.1).loc["A"]
    assert row["net_sales"] == 150 and row["previous"] == 80
    assert row["gross"] == 70 and row["profit"] == 20  # 150 - 80 - 50
    assert row["capital"] == 150 and row["eva"] == pytest.approx(5)  # 20 - 10% of the average of 100 and 200


def test_a_customer_that_stopped_buying_stays_with_nothing():
    row = base.customer_base(two(), YEAR, 0.1).loc["B"]
    assert row["net_sales"] == 0 and row["previous"] == 30 and row["profit"] == 0 and np.isnan(row["eva"])


def test_missing_is_not_zero():
    given = two()
    given["sales"].loc[0, "cost_to_serve"] = None
    row = base.customer_base(given, YEAR, 0.1).loc["A"]
    assert row["gross"] == 70 and np.isnan(row["profit"]) and np.isnan(row["eva"])


def test_rows_after_the_period_change_nothing():
    given = two()
    later = sales(("A", "2026-07-01", "North", "Pumps", 999.0, 1.0, 1.0))
    more = given | {"sales": pd.concat([given["sales"], later])}
    pd.testing.assert_frame_equal(base.customer_base(given, YEAR, 0.1), base.customer_base(more, YEAR, 0.1))


def test_capital_of_which_a_kind_is_blank_is_not_known():
    balances = frame("balances", customer_id=["A", "B"], month=[MAY, MAY], receivables=[10.0, 10.0],
                     payables=[4.0, None])  # fmt: skip
    capital = base.average_capital(balances, YEAR)
    assert capital["A"] == 6 and np.isnan(capital["B"])  # payables lessen capital


def test_quarters_end_with_the_last_month_and_begin_with_the_first_sale():
    rows = sales(
        ("A", "2025-07-01", "N", "P", 5.0, 0, 0), ("A", "2026-06-01", "N", "P", 7.0, 0, 0),
        ("B", "2026-01-01", "N", "P", 3.0, 0, 0),
    )  # fmt: skip
    table = base.quarters(rows, YEAR)
    assert table.loc["A"].tolist() == [5, 0, 0, 7]
    assert table.loc["B"].isna().tolist() == [True, True, False, False] and table.loc["B", 3] == 0


# cost by activity


def test_idle_capacity_is_nobodys_cost():
    use = frame(
        "activity_use", customer_id=["A", "B"], activity=["visit"] * 2, month=[MAY] * 2, quantity=[3.0, 1.0]
    )
    costs = frame("activity_costs", activity=["visit"], month=[MAY], cost=[1000.0], capacity=[10.0])
    by = costing.cost_by_activity(use, costs, YEAR)
    assert by["visit"].to_dict() == {"A": 300, "B": 100}  # 1000 ÷ 10 a visit
    assert costing.idle_cost(use, costs, YEAR) == 600
    costs["capacity"] = np.nan
    assert costing.cost_by_activity(use, costs, YEAR)["visit"].to_dict() == {"A": 750, "B": 250}
    assert costing.idle_cost(use, costs, YEAR) == 0


def test_activities_take_the_place_of_posted_cost_to_serve():
    given = two() | {
        "activity_use": frame(
            "activity_use", customer_id=["A"], activity=["visit"], month=[MAY], quantity=[2.0]
        ),
        "activity_costs": frame("activity_costs", activity=["visit"], month=[MAY], cost=[30.0]),
    }
    assert base.customer_base(given, YEAR, 0.1).loc["A", "profit"] == 40  # 70 - 30


# whale and concentration

AMOUNTS = st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 2)), min_size=1, max_size=30)


@given(AMOUNTS)
def test_the_whale_ends_at_the_total_and_never_falls_before_its_peak(amounts):
    result = portfolio.whale(pd.Series(amounts))
    assert result.curve["cumulative"].iloc[-1] == pytest.approx(sum(amounts), abs=1e-6)
    assert result.peak == pytest.approx(result.total - result.lost, abs=1e-6)


def test_a_total_that_is_not_positive_has_no_percent():
    result = portfolio.whale(pd.Series({"A": 10.0, "B": -30.0}))
    assert result.peak_share is None and result.top_fifth_share is None and result.has_tail
    assert result.curve["share"].isna().all()


@given(st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30))
def test_effective_number_and_index_say_the_same(amounts):
    found = portfolio.concentration(pd.Series(amounts))
    assert found.hhi * found.effective_number == pytest.approx(10_000)
    assert 1 - 1e-9 <= found.effective_number <= len(amounts) + 1e-6


def test_negative_sales_are_clipped_and_said():
    found = portfolio.concentration(pd.Series([60.0, 40.0, -5.0]))
    assert (found.hhi, found.customers, found.clipped) == (pytest.approx(5200), 2, -5.0)  # 0.6² + 0.4²


def test_symmetry_compares_what_both_are_to_each_other():
    sold = pd.DataFrame({"net_sales": [50.0, 30.0, 20.0]}, index=["A", "B", "C"])
    market = frame("market", customer_id=["A", "A", "B"], year=[2024, 2025, 2025],
                   purchases=[1.0, 500.0, 32.0],
                   known_on=["2025-01-01", "2026-01-01", "2026-01-01"])  # fmt: skip
    table = portfolio.symmetry(sold, market)
    assert table["of_theirs"].tolist()[:2] == pytest.approx([0.1, 0.9375])  # 50 of 500, 30 of 32
    assert table["balance"].tolist() == ["they matter more to us", "we matter more to them", "not known"]


# risk


def steps(*rows):
    return pd.DataFrame(np.cumsum(np.array(rows, float), axis=1) + 100.0, index=list("ABCDEFGH")[: len(rows)])


def without_season(steps):
    return steps - steps.groupby(np.arange(len(steps)) % 4).transform("mean")


def test_beta_is_the_slope_on_all_others_without_the_customer_itself():
    rng = np.random.default_rng(1)
    table = steps(*rng.normal(0, 10, (4, 12)))
    found = portfolio.risks(table).loc["A"]
    others, own = table.drop(index="A").sum(), table.loc["A"]
    x, y = (without_season(line.diff()[1:] / line.mean()) for line in (others, own))
    assert found["beta"] == pytest.approx((x * y).sum() / (x**2).sum())
    free = 0.72 * (11 - 4) - 1  # four means and a slope were estimated; steps tell less than as many values
    rest = ((y - found["beta"] * x) ** 2).sum() / free
    width = stats.t.ppf(0.95, free) * np.sqrt(rest / (x**2).sum())
    assert found["high"] - found["beta"] == pytest.approx(width)
    assert found["volatility"] == pytest.approx(np.sqrt((y**2).sum() / 7))


def test_a_common_season_links_nobody():
    """Of 200 bases of ten customers with one season and nothing else in common, few show a link."""
    season, rng = np.tile([0.0, 30.0, 10.0, -30.0], 3), np.random.default_rng(6)
    tables_ = (pd.DataFrame(100 + season + rng.normal(0, 3, (10, 12))) for _ in range(200))
    assert sum(bool(risk.linked(risk.changes(table))) for table in tables_) < 30


def test_adding_a_customer_changes_no_other_volatility():
    rng = np.random.default_rng(2)
    table = steps(*rng.normal(0, 10, (4, 12)))
    fewer = portfolio.risks(table.iloc[:3])["volatility"]
    assert portfolio.risks(table)["volatility"].iloc[:3].tolist() == pytest.approx(fewer.tolist())


def test_short_histories_give_no_figure():
    table = steps(*np.ones((2, 8)))  # 7 changes
    found = portfolio.risks(table)
    assert found["n"].tolist() == [7, 7] and found["beta"].isna().all() and found["volatility"].isna().all()
    assert np.isnan(portfolio.correlation([1, 2, 3], [1, 2, 4])[0])


def test_the_interval_of_a_correlation():
    """Fisher: r = 0.5, n = 28: z = 0.549 ± 1.645 ÷ 5, so 0.217 to 0.706."""
    rng = np.random.default_rng(3)
    a = rng.normal(size=28)
    noise = rng.normal(size=28)
    a, noise = (a - a.mean()) / a.std(), noise - noise.mean()
    noise -= a * (noise @ a) / (a @ a)
    b = 0.5 * a + np.sqrt(0.75) * noise / noise.std()
    r, n, low, high = portfolio.correlation(a, b)
    assert (round(r, 9), n) == (0.5, 28)
    assert (low, high) == pytest.approx((0.217, 0.706), abs=6e-4)


def test_customers_of_one_market_are_found_linked_and_others_not():
    rng = np.random.default_rng(4)
    common = rng.normal(size=12)
    rows = [common + 0.1 * rng.normal(size=12) for _ in range(3)] + [rng.normal(size=12) for _ in range(3)]
    own = risk.changes(100 + 10 * pd.DataFrame(rows, index=list("ABCDEF")).cumsum(axis=1))
    assert risk.linked(own) == [["A", "B", "C"]]


def test_a_group_of_linked_customers_takes_in_who_moves_with_its_mean():
    """C is too far from A and from B for one of 15 pairs, but not for one of four candidates."""
    rng = np.random.default_rng(11)
    common = rng.normal(size=11)
    steps = [common, common + 0.05 * rng.normal(size=11), common + 0.6 * rng.normal(size=11)]
    own = pd.DataFrame([*steps, *rng.normal(size=(3, 11))], index=list("ABCDEF"))
    free = risk._free(11)
    r = own.T.corr().loc["C", ["A", "B"]]
    p = stats.t.sf(r * np.sqrt(free / (1 - r**2)), free)
    assert (p * 15 > risk.LINKED).all() and (p * 4 < risk.LINKED).all()
    assert risk.linked(own) == [["A", "B", "C"]]


def test_minimum_variance_is_a_minimum():
    cov = np.array([[0.04, 0.01, 0.0], [0.01, 0.09, 0.02], [0.0, 0.02, 0.16]])
    best = portfolio.minimum_variance(cov)
    assert best.weights.sum() == pytest.approx(1)
    for other in np.random.default_rng(5).dirichlet([1, 1, 1], 200):
        assert other @ cov @ other >= best.variance - 1e-12
    with pytest.raises(ParameterError, match="symmetric"):
        portfolio.minimum_variance([[1.0, 2.0], [0.0, 1.0]])


def test_imported_risk_is_paid_for_by_a_margin_above_average():
    table = pd.DataFrame({"beta": [1.5, 1.2, 0.5], "net_sales": [100.0] * 3, "eva": [30.0, 5.0, 10.0]},
                         index=list("ABC"))  # fmt: skip
    found = risk.imported(table, 1.0)
    assert found["paid"].to_dict() == {"A": True, "B": False}  # the base makes 45 ÷ 300 = 15%


# losses


def test_losses_of_an_industry_add_up_and_unknown_ones_are_left_out():
    table = pd.DataFrame({"net_sales": [100.0, 50.0, 10.0], "direct_cost": [60.0, 30.0, np.nan],
                          "cost_to_serve": [10.0, 5.0, 1.0], "profit": [30.0, 15.0, np.nan]},
                         index=list("ABC"))  # fmt: skip
    losses = loss.loss_by_customer(table, 0.5)
    assert losses["lost"].tolist()[:2] == [65, 32.5] and np.isnan(losses["lost"]["C"])  # 30 + 35, 15 + 17.5
    by = loss.loss_by_group(losses, pd.Series({"A": "Mining", "B": "Mining", "C": "Water"}))
    assert by["lost"].to_dict() == {"Mining": 97.5}


def test_simulated_losses_have_the_expected_mean():
    table = pd.DataFrame({"lost": np.full(300, 100.0), "profit": 50.0}, index=[f"C{i}" for i in range(300)])
    groups = pd.Series(np.where(np.arange(300) % 2, "Mining", "Water"), index=table.index)
    found = loss.simulate_losses(table, groups, 0.1, (0.2, 0.5), seed=1, draws=20_000)
    # each of 300: 10% of 100, and 90% × 20% × 50% of 100 where the industry slumps
    assert found.expected == pytest.approx(300 * (10 + 9), rel=0.02)
    assert found.percentile(0.9) > found.percentile(0.5)


# portfolios


def test_customers_are_assigned_by_size_and_volatility():
    table = pd.DataFrame({"net_sales": [80.0, 15.0, 5.0]}, index=list("ABC"))
    wild = pd.Series({"A": 0.1, "B": 0.5, "C": np.nan})
    roles = frame("portfolio_roles", portfolio=["Core"], revenue=["large"], risk=["steady"], role=["Keep"])
    of = portfolios.assign(table, wild, portfolios.Limits(50, 0.2), roles)
    assert of.to_dict() == {"A": "Core", "B": "Small and volatile", "C": "Risk not known"}


def test_customers_of_unknown_risk_have_no_volatility_as_a_portfolio():
    table = pd.DataFrame({"net_sales": [80.0, 5.0], "eva": [8.0, 1.0]}, index=list("AB"))
    days = pd.date_range("2023-03-31", periods=12, freq="QE")
    quarters = pd.DataFrame([np.arange(12) % 5 + 10.0, np.arange(12) % 3 + 1.0], list("AB"), days)
    of = pd.Series({"A": "Core", "B": portfolios.UNKNOWN})
    found = portfolios.summary(table, of, quarters, frame("portfolio_roles"))["volatility"]
    assert found["Core"] > 0 and np.isnan(found[portfolios.UNKNOWN])


def test_shares_of_portfolios_sum_to_the_whole():
    study = CustomerBase(many(60), AS_OF)
    assert study.portfolios["share"].sum() == pytest.approx(1)
    assert study.portfolios["customers"].sum() == len(study.active)
    least = study.least_variance
    assert least["least_variance"].sum() == pytest.approx(1)


# who carries whom


def test_a_customer_is_carried_by_the_region_that_earns():
    study = CustomerBase(two(), AS_OF)
    # North 100 - 60 - 10 = 30; South 50 - 20 - 40 = -10
    assert study.by_region.loc["A"].to_dict() == {"North": 30, "South": -10}
    assert study.carried.loc["A"].to_dict() == {"carrier": "North", "earns": 30, "loses": -10, "total": 20}


def test_the_grid_sums_to_the_profit_of_the_base():
    study = CustomerBase(many(40), AS_OF)
    assert study.by_region.sum().sum() == pytest.approx(study.by_profit.total)
    assert study.region_by_product.sum().sum() == pytest.approx(study.by_profit.total)
    assert study.by_product.sum().sum() == pytest.approx(study.by_profit.total)


# quality, ideal, equity


def test_new_lost_and_fading_customers():
    rows = sales(
        ("A", LAST_MAY, "N", "P", 100.0, 0, 0), ("A", MAY, "N", "P", 79.0, 0, 0),  # a fifth less: fading
        ("B", LAST_MAY, "N", "P", 100.0, 0, 0), ("B", MAY, "N", "P", 81.0, 0, 0),
        ("C", LAST_MAY, "N", "P", 100.0, 0, 0),  # lost
        ("D", MAY, "N", "P", 40.0, 0, 0),  # new
    )  # fmt: skip
    given = tables(sales=rows, customers=customers(*((c, "X") for c in "ABCD")))
    study = CustomerBase(given, AS_OF)
    assert quality.fading(study.base).tolist() == ["A"] and study.new.tolist() == ["D"]
    value = study.quality["value"]
    assert value["Customers lost (churn)"] == pytest.approx(1 / 3)
    assert value["New customers"] == pytest.approx(1 / 3)
    assert value["Net sales from new customers"] == pytest.approx(40 / 200)
    assert np.isnan(value["Satisfaction index"])


def test_distance_from_the_ideal_in_shares_and_money():
    table = pd.DataFrame({"net_sales": [70.0, 30.0], "profit": [5.0, -1.0], "industry": ["Mining", None],
                          "region": [None, None], "market_fit": ["inside", "outside"]},
                         index=list("AB"))  # fmt: skip
    lines = frame("ideal_base", measure=["industry", "market fit", "loss-making customers", "region"],
                  name=["Mining", "inside", None, "North"], set_on=["2025-01-01"] * 4,
                  low=[None, 0.6, None, 0.1],
                  high=[0.25, None, 0.2, None])  # fmt: skip
    found = ideal.distance(table, lines, pd.Index([]))
    assert found.loc["Industry: Mining", ["actual", "gap", "amount"]].tolist() == [
        1.0,
        0.75,
        75.0,
    ]  # of what is known
    assert found.loc["Market fit: inside", "gap"] == 0
    assert found.loc["Loss-making customers", ["actual", "gap"]].tolist() == pytest.approx([0.3, 0.1])
    assert np.isnan(found.loc["Region: North", "gap"])  # no region is known


def test_equity_counts_customers_without_a_value_and_does_not_take_them_for_zero(tmp_path):
    table = pd.DataFrame({"net_sales": [75.0, 25.0, 0.0]}, index=list("ABC"))
    values = equity.from_table(
        frame("relationship_values", customer_id=["A", "A", "C"], npv=[1.0, 100.0, 50.0],
              valued_on=["2025-01-01", "2026-01-01", "2026-01-01"])
    )  # fmt: skip
    found = equity.equity(values, table)
    assert (found.total, found.low, found.valued, found.customers, found.sales_share) == (
        100.0,
        None,
        1,
        2,
        0.75,
    )


def test_equity_reads_the_results_of_a_batch(tmp_path):
    path = tmp_path / "results.parquet"
    rows = pd.DataFrame(
        {"customer_id": "A", "notebook": "relationship_npv", "value": [100.0, 60.0, 150.0],
         "figure": ["relationship_npv", "npv_downside", "npv_upside"], "as_of": [AS_OF] * 3}
    )  # fmt: skip
    later = rows.assign(customer_id="B", as_of=date(2026, 7, 1))
    pd.concat([rows, later]).to_parquet(path)
    base = pd.DataFrame({"net_sales": [3.0, 1.0]}, index=["A", "B"])
    found = equity.equity(equity.from_results(path, AS_OF), base)
    assert (found.total, found.low, found.high, found.missing) == (100, 60, 150, ("B",))
    assert found.first == found.last == pd.Timestamp(AS_OF)
    assert equity.equity(equity.from_results(path, date(2026, 7, 1)), base).total == 200
    rows.assign(notebook="other").to_parquet(path)
    assert equity.from_results(path, AS_OF).empty  # the batch made no such report
    rows.drop(columns="figure").to_parquet(path)
    with pytest.raises(ParameterError, match="figure is missing"):
        equity.from_results(path, AS_OF)
    with pytest.raises(ParameterError, match="cannot be read"):
        equity.from_results(tmp_path / "none.parquet", AS_OF)


def test_the_page_says_where_values_come_from_which_day_they_have_and_whom_they_leave_out(tmp_path):
    rows = frame("relationship_values", customer_id=["C00001"], npv=[9.0], valued_on=["2026-01-31"])
    given = many(3, months=12) | {"relationship_values": rows}
    said = findings.equity(CustomerBase(given, AS_OF))
    assert "1 of 3 customers with" in said
    assert said.endswith("relationship NPVs as recorded, as of 31 Jan 2026")
    gaps = " ".join(summary.gaps(CustomerBase(given, AS_OF)))
    assert "Relationship NPV: not known for Name of C00002 and Name of C00003 (" in gaps
    path = tmp_path / "results.parquet"
    figure = {"customer_id": ["C00002"], "notebook": "relationship_npv", "figure": "relationship_npv"}
    pd.DataFrame(figure | {"value": 5.0, "as_of": AS_OF}).to_parquet(path)
    said = findings.equity(CustomerBase(given, AS_OF, results=str(path)))
    assert said.startswith("Customer equity is EUR 5") and "C00001" not in said
    assert said.endswith("relationship NPVs from the relationship reports, as of 30 Jun 2026")


def test_the_three_steps_say_what_is_known():
    study = CustomerBase(two(), AS_OF)
    assert study.steps["measured"].to_dict() == {"Revenue": 1.0, "Profit": 1.0, "EVA": 1.0}
    given = two()
    given["balances"] = given["balances"].iloc[:0]
    assert CustomerBase(given, AS_OF).steps.loc["EVA", "measured"] == 0
