"""Published cases and real data: whale curve, cost to serve, concentration, portfolios of least variance."""

import gzip
import io
import json
import math

import numpy as np
import pandas as pd
import pytest

from tests.shared import shared
from vs_toolkit import portfolio


def case(name):
    cases = json.loads(shared("truth/customers.json").read_text())["cases"]
    return next(case for case in cases if case["name"] == name)


def test_cost_to_serve_parts_two_hospitals_with_the_same_gross_margin():
    given = case("cost_to_serve_two_hospitals")
    inputs, rates = given["inputs"], portfolio.rates(given["inputs"]["pools"])
    gross = inputs["markup"] * inputs["cost_of_goods"]
    margins = {
        name: portfolio.customer_margin(gross, use, rates).before_capital
        for name, use in inputs["use"].items()
    }
    assert margins == pytest.approx(given["expected"], abs=1e-9)


def test_dakota_bears_a_years_charge_on_its_receivables():
    given = case("gross_margin_less_activity_cost_dakota_a")
    inputs = given["inputs"]
    use = {str(i): 1.0 for i in range(len(inputs["activity_costs"]))}
    rates = {str(i): cost for i, cost in enumerate(inputs["activity_costs"])}
    margin = portfolio.customer_margin(
        inputs["gross_margin"], use, rates, inputs["receivables"], inputs["capital_rate"]
    )
    found = {
        "before_capital": margin.before_capital,
        "capital_charge": margin.capital_charge,
        "after_capital": margin.after_capital,
    }
    assert found == pytest.approx(given["expected"], abs=1e-9)


def test_the_typical_distributor_peaks_at_145_percent():
    given = case("whale_typical_distributor")
    total, lost = given["inputs"]["total_profit"], given["inputs"]["lost_on_unprofitable"]
    result = portfolio.whale(pd.Series({"gains": total + lost, "losses": -lost}))
    assert result.peak_share * 100 == pytest.approx(given["expected"]["peak_percent"])
    assert result.has_tail


def test_minimum_variance_of_three_assets():
    given = case("minimum_variance_three_assets")
    inputs, expected, tolerance = given["inputs"], given["expected"], given["tolerance"]
    result = portfolio.minimum_variance(inputs["covariance"])
    assert result.weights == pytest.approx(expected["weights"], abs=tolerance["weights"])
    assert result.weights @ inputs["expected"] == pytest.approx(expected["mean"], abs=tolerance["mean"])
    assert math.sqrt(result.variance) == pytest.approx(expected["sd"], abs=tolerance["sd"])


def test_minimum_variance_of_two_assets():
    given = case("minimum_variance_two_assets")
    (a, b), r = given["inputs"]["sd"], given["inputs"]["correlation"]
    result = portfolio.minimum_variance([[a * a, r * a * b], [r * a * b, b * b]])
    found = {
        "weight_first": result.weights[0],
        "mean": result.weights @ given["inputs"]["expected"],
        "sd": math.sqrt(result.variance),
    }
    assert found == pytest.approx(given["expected"], abs=given["tolerance"])


def test_tangency_of_two_assets():
    """Bodie, Kane and Marcus, chapter 7: stocks 20%, bonds 12%, bills 8%: 45.16% in stocks."""
    cov = 0.1 * 0.15 * 0.3
    result = portfolio.tangency([0.12, 0.2], [[0.0225, cov], [cov, 0.09]], 0.08)
    assert result.weights[1] == pytest.approx(0.4516, abs=6e-5)
    assert result.mean == pytest.approx(0.1561, abs=6e-5)
    assert math.sqrt(result.variance) == pytest.approx(0.1654, abs=6e-5)


def obvience(year):
    text = gzip.decompress(shared("data/obvience_profitability/fact.csv.gz").read_bytes())
    facts = pd.read_csv(io.BytesIO(text))
    month = facts["YearPeriod"].astype(str)
    facts = facts[(facts["Scenario"] == "Actual") & month.str.startswith(str(year))]
    costs = ["Material Costs", "Labor Costs Variable", "Taxes", "Travel Expenses", "Cost Third Party"]
    facts = facts.assign(contribution=facts["Revenue"] - facts[costs].sum(axis=1))
    return facts.groupby("Customer Key")[["Revenue", "contribution"]].sum()


def test_obvience_has_no_whale_and_is_concentrated():
    given = case("obvience_whale_and_concentration_2014")
    customers = obvience(2014)
    result, spread = portfolio.whale(customers["contribution"]), portfolio.concentration(customers["Revenue"])
    found = {
        "customers": result.customers,
        "loss_making": result.loss_making,
        "contribution": result.total,
        "peak_share": result.peak_share,
        "top_fifth_share": result.top_fifth_share,
        "largest": spread.largest,
        "ten_largest": spread.top10,
        "hhi": spread.hhi,
    }
    for name, value in given["expected"].items():
        assert found[name] == pytest.approx(value, abs=given["tolerance"][name]), name
    assert not result.has_tail  # 100.5% is no whale
    assert result.curve["cumulative"].iloc[-1] == pytest.approx(result.total)


def test_splitting_a_customer_in_two_changes_no_total():
    customers = obvience(2014)["contribution"]
    first = customers.index[0]
    halves = pd.Series({"a": 0.3 * customers[first], "b": 0.7 * customers[first]})
    split = pd.concat([customers.drop(first), halves])
    one, other = portfolio.whale(customers), portfolio.whale(split)
    assert other.total == pytest.approx(one.total) and other.lost == pytest.approx(one.lost)
    assert other.peak == pytest.approx(one.peak)
    assert np.isfinite(one.total)
