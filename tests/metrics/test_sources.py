"""Two public data sets through their mapping files: known totals and months, price-volume-mix by product."""

import gzip
import shutil
from datetime import date

import pytest

from tests.shared import ROOT
from vs_toolkit import metrics
from vs_toolkit.inputs import read_source
from vs_toolkit.inputs.importers.running import Options, run
from vs_toolkit.inputs.views.view import view
from vs_toolkit.metrics.bridge import bridge
from vs_toolkit.metrics.scorecard import plans
from vs_toolkit.periods import between, last_months

EXAMPLES = ROOT / "data/examples"


def imported(files, mapping, folder):
    done = run("csv", [files], folder, Options(mapping=EXAMPLES / f"mappings/{mapping}.yaml"))
    source = read_source(folder)
    assert source.problems == ()
    return done, source


@pytest.fixture(scope="module")
def northwind(tmp_path_factory):
    folder = tmp_path_factory.mktemp("northwind") / "source"
    return imported(EXAMPLES / "northwind", "northwind", folder)[1]


@pytest.fixture(scope="module")
def obvience(tmp_path_factory):
    """The source as of 30 November 2014, prepared."""
    files = tmp_path_factory.mktemp("raw")
    for path in (EXAMPLES / "obvience_profitability").glob("*.csv"):
        shutil.copy(path, files)
    packed = EXAMPLES / "obvience_profitability/fact.csv.gz"
    (files / "fact.csv").write_bytes(gzip.decompress(packed.read_bytes()))
    source = imported(files, "obvience", tmp_path_factory.mktemp("obvience") / "source")[1]
    day = date(2014, 11, 30)
    return metrics.prepare(view(source, day).company().tables, day, metrics.Terms(segment_by="industry"))


@pytest.mark.parametrize("name", ["northwind", "obvience_profitability"])
def test_data_are_shipped_with_their_licence(name):
    assert "MIT" in (EXAMPLES / name / "README.md").read_text()
    assert (EXAMPLES / name / "LICENSE").stat().st_size > 1000


def test_northwind_totals_are_the_published_ones(northwind):
    sales = northwind.tables["sales"]
    assert len(sales) == 2155
    assert sales["list_value"].sum() == pytest.approx(1_354_458.59, abs=0.006)
    assert sales["discount"].sum() == pytest.approx(88_665.55, abs=0.006)
    assert sales["net_sales"].sum() == pytest.approx(1_265_793.04, abs=0.006)
    assert sales["units"].sum() == 51_317
    assert sales["customer_id"].nunique() == 89
    by_year = sales.groupby(sales["month"].dt.year)["net_sales"].sum()
    assert by_year.to_list() == pytest.approx([208_083.97, 617_085.20, 440_623.87], abs=0.006)


@pytest.fixture(scope="module")
def trader(northwind):
    day = date(1998, 4, 30)  # May 1998 is not over in the data
    return metrics.prepare(view(northwind, day).company().tables, day, metrics.Terms(segment_by="region"))


def test_northwind_discount_rate_is_that_of_the_sums(northwind):
    day = date(1998, 5, 31)
    own = metrics.prepare(view(northwind, day).company().tables, day, metrics.Terms(segment_by="region"))
    rate = metrics.MEASURES["discount_rate"].at(metrics.Facts(own, last_months(day, 23)))
    assert rate.loc["company", "value"] == pytest.approx(0.0655, abs=0.00005)


def test_northwind_price_volume_mix_of_ten_months_sums_exactly(trader):
    """July to April, a year apart, by product at net prices; a general price rise of 25% in April 1997."""
    after = last_months(date(1998, 4, 30), 10)
    before = after.year_before
    sales = trader.placed["sales"].frame
    sums = {}
    for name, period in (("0", before), ("1", after)):
        rows = sales[period.holds(sales["month"])].groupby("product_group")[["net_sales", "units"]].sum()
        sums[f"units_{name}"] = rows["units"].to_dict()
        sums[f"price_{name}"] = (rows["net_sales"] / rows["units"]).to_dict()
        sums[f"net_{name}"] = rows["net_sales"].sum()
    parts = {key: value for key, value in sums.items() if not key.startswith("net")}
    found = metrics.price_volume_mix(**parts)
    gap = sums["net_1"] - sums["net_0"]
    assert found.price + found.volume + found.mix == pytest.approx(gap, abs=1e-6)
    back = metrics.price_volume_mix(parts["price_1"], parts["units_1"], parts["price_0"], parts["units_0"])
    assert (back.price, back.volume, back.mix) == pytest.approx((-found.price, -found.volume, -found.mix))
    # list prices: 80% of today's until early April 1997, so the rise over the old level is 25%
    at_list = sales.assign(price=sales["list_value"] / sales["units"], late=after.holds(sales["month"]))
    change = (
        at_list[at_list["late"]].groupby("product_group")["price"].median()
        / at_list[before.moved(-1).holds(sales["month"])].groupby("product_group")["price"].median()
    )
    assert change.median() == pytest.approx(1.25)
    assert 0 < found.price < 0.25 * sums["net_1"]


def test_northwind_bridge_explains_net_sales_since_no_cost_is_known(trader):
    after = last_months(date(1998, 4, 30), 10)
    found = bridge(trader, after.year_before, after)
    assert found.measure == "net_sales"
    assert found.before + found.steps.sum() == pytest.approx(found.after)
    assert found.steps["Unit cost"] == 0
    assert found.steps["List price"] > 0
    reverse = bridge(trader, after, after.year_before)
    assert reverse.steps["Mix"] == pytest.approx(-found.steps["Mix"])
    assert reverse.steps["Lost customers"] == pytest.approx(-found.steps["New customers"])


def test_northwind_best_seller_is_employee_4(northwind):
    by_person = northwind.tables["sales"].groupby("person_id")["net_sales"].sum()
    assert by_person.idxmax() == "4"
    assert by_person.max() == pytest.approx(232_890.85, abs=0.006)


def test_obvience_totals_of_2014(obvience):
    facts = metrics.Facts(obvience, last_months(date(2014, 11, 30), 11))
    value = {name: measure.at(facts)["value"].iloc[0] for name, measure in metrics.MEASURES.items()}
    assert value["net_sales"] == pytest.approx(89_695_674.16, abs=0.01)
    assert value["profit_contribution"] == pytest.approx(41_460_364.43, abs=0.01)
    assert str(value["discount_rate"]) == "nan"  # no list value in the data
    assert plans(obvience, "company", facts.period).loc["company", "net_sales"] == pytest.approx(
        88_392_921.40
    )


def test_obvience_months_against_budget(obvience):
    variance = {}
    for month in last_months(date(2014, 11, 30), 11).months:
        period = between(month, month)
        actual = metrics.MEASURES["net_sales"].at(metrics.Facts(obvience, period))["value"].iloc[0]
        variance[f"{month:%b}"] = actual / plans(obvience, "company", period).loc["company", "net_sales"] - 1
    assert min(variance, key=variance.get) == "Feb"
    assert max(variance, key=variance.get) == "Mar"
    assert variance["Feb"] == pytest.approx(-0.0449, abs=0.0001)
    assert variance["Mar"] == pytest.approx(0.0904, abs=0.0001)


def test_obvience_units_against_budget(obvience):
    period = last_months(date(2014, 11, 30), 11)
    actual = metrics.MEASURES["net_sales"].at(metrics.Facts(obvience, period, "unit"))["value"]
    variance = actual / plans(obvience, "unit", period)["net_sales"] - 1
    assert variance["Valery"] == pytest.approx(-0.073, abs=0.0006)
    assert variance["Carlos"] == pytest.approx(-0.011, abs=0.0006)
    own = obvience.placed["sales"]
    rows = own.frame[(own.frame["unit"] == "Valery") & period.holds(own.frame["month"])]
    assert rows["customer_id"].nunique() == 9
    assert rows["product_group"].nunique() == 2


def test_obvience_keeps_repeated_postings_corrections_and_what_has_no_region(obvience):
    sales = obvience.placed["sales"]
    assert (sales.frame["net_sales"] < 0).sum() > 0
    assert sales.frame.duplicated().sum() > 0
    period = last_months(date(2014, 11, 30), 11)
    by_region = metrics.MEASURES["net_sales"].at(metrics.Facts(obvience, period, "region"))["value"]
    assert by_region["not known"] == pytest.approx(649_290, abs=1)
    assert by_region.sort_values().index[-2:].tolist() in (["EAST", "NORTH"], ["NORTH", "EAST"])
