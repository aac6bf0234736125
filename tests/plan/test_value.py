import pandas as pd
import pytest

from tests.plan.made import CONTACTS, plan_of
from vs_toolkit import scoring
from vs_toolkit.plan.value import money

HEAD = "customer_id,month,product_group,region,net_sales,direct_cost,cost_to_serve\n"
SALES = HEAD + (
    "C1,2025-06,Pumps,North,1000,500,100\n"
    "C1,2025-07,Pumps,North,600,300,60\n"
    "C1,2026-06,Service,South,600,300,400\n"
    "C1,2024-12,Pumps,North,500,1,1\n"
)


def test_the_measured_elements(tmp_path):
    plan = plan_of(tmp_path, sales=SALES, customers="customer_id,name,since\nC1,Acme,2023-06-30\n")
    # July 2025 to June 2026: 1,200 against 1,500 in the twelve months before; costs 600 + 460
    assert plan.measured["revenue"] == 1200
    assert plan.measured["volume_growth"] == pytest.approx(1200 / 1500 - 1)
    assert plan.measured["profitability"] == pytest.approx((1200 - 1060) / 1200)
    assert plan.measured["length"] == pytest.approx(3, abs=0.01)
    assert plan.measured["customer_share"] is None


def test_a_blank_cost_hides_the_contribution(tmp_path):
    plan = plan_of(tmp_path, sales=SALES.replace(",300,400", ",300,"))
    assert plan.measured["profitability"] is None
    assert plan.measured["revenue"] == 1200
    assert "profitability" in plan.index.missing


def test_contribution_by_region(tmp_path):
    regions = plan_of(tmp_path, sales=SALES).regions
    # South: 600 - 300 - 400 = -100; North: 600 - 300 - 60 = 240
    assert regions["contribution"].to_dict() == {"South": -100, "North": 240}


def test_an_assessment_counts_before_a_measure_and_a_measure_before_the_contacts(tmp_path):
    head = "customer_id,scale,element,assessed_on,score\n"
    plan = plan_of(
        tmp_path,
        sales=SALES,
        contacts=CONTACTS + "K1,C1,2026-01-01,A,finance,executive,,positive,5,2026-06-01,\n",
        assessments=head
        + "C1,relationship_value,revenue,2026-01-01,90\nC1,relationship_value,x,2026-01-01,9\n",
    )
    assert plan.index.answers["revenue"] == 90
    assert plan.index.answers["contact_level"] == 100
    assert plan.index.answers["volume_growth"] == pytest.approx(0)  # -20% or less


def test_splitting_sales_in_two_rows_changes_nothing(tmp_path):
    whole = plan_of(tmp_path / "a", sales=HEAD + "C1,2026-01,Pumps,North,100,40,10\n")
    halves = plan_of(tmp_path / "b", sales=HEAD + "C1,2026-01,Pumps,North,50,20,5\n" * 2)
    assert whole.index.value == halves.index.value
    assert whole.regions.equals(halves.regions)


def sales_of(*rows):
    frame = pd.DataFrame(rows, columns=["month", "product_group", "net_sales"])
    return frame.assign(month=pd.to_datetime(frame["month"]))


OFFERINGS = pd.DataFrame(
    {
        "product_group": ["Pumps", "Used"],
        "market_fit": ["inside", "outside"],
        "offering": ["Pump", "Used pump"],
    }
)
ROWS = sales_of(("2024-05-01", "Pumps", 70.0), ("2025-05-01", "Pumps", 60.0), ("2025-06-01", "Used", 40.0))


def test_money_by_class_and_year():
    found = money(ROWS, "inside", OFFERINGS)
    assert found.loc[2024].to_dict() == {"good": 70, "neutral": 0, "bad": 0}
    assert found.loc[2025].to_dict() == {"good": 60, "neutral": 0, "bad": 40}


def test_the_worse_fit_counts():
    assert money(ROWS, "borderline", OFFERINGS).loc[2025].to_dict() == {"good": 0, "neutral": 60, "bad": 40}
    assert money(ROWS, "outside", OFFERINGS)["bad"].sum() == 170
    unknown = money(ROWS, "inside", OFFERINGS.iloc[:0])
    assert unknown["good"].sum() == 170  # a product group without a statement follows the customer


def test_without_the_customers_fit_nothing_is_classified():
    assert money(ROWS, None, OFFERINGS).empty
    assert money(ROWS.iloc[:0], "inside", OFFERINGS).empty


def test_thresholds_of_the_scale_make_the_segments():
    scale = scoring.scale_named("relationship_value")
    assert [scale.class_of(value) for value in (0, 44.9, 45, 64.9, 65, 100)] == [
        "normal", "normal", "important", "important", "key", "key",
    ]  # fmt: skip
