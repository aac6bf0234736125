import numpy as np
import pandas as pd
import pytest

from vs_toolkit.errors import ParameterError
from vs_toolkit.funnel.outlook.cash import Payment, lead_days, money_flow


def open_cases(**columns) -> pd.DataFrame:
    table = {"win_probability": [0.5, 0.25], "value": [100.0, 400.0], "lead_days": [30.0, 90.0]}
    days = {"expected_decision": pd.to_datetime(["2026-07-10", "2026-08-10"])}
    return pd.DataFrame(table | days | columns)


def test_amounts_move_from_order_to_delivery_to_cash():
    # Orders 50 in July, 100 in August; deliveries 9 Aug, 8 Nov; 30 % on order, 70 % 30 days after delivery.
    flow = money_flow(open_cases(), "2026-06-30", [Payment(0.3, "order", 0), Payment(0.7, "delivery", 30)])
    table = flow.table.set_axis(flow.table.index.month)
    assert table["orders"].to_dict() == {7: 50, 8: 100, 9: 0, 10: 0, 11: 0, 12: 0}
    assert table["deliveries"].to_dict() == {7: 0, 8: 50, 9: 0, 10: 0, 11: 100, 12: 0}
    assert table["cash"].round(9).to_dict() == {7: 15, 8: 30, 9: 35, 10: 0, 11: 0, 12: 70}


def test_all_cash_is_the_expected_value():
    flow = money_flow(open_cases(), "2026-06-30", [Payment(0.2, "order", 14)] * 5)
    assert flow.table["cash"].sum() == pytest.approx(150)


def test_what_cannot_be_dated_or_valued_is_counted():
    flow = money_flow(open_cases(lead_days=[None, 90.0]), "2026-06-30")
    assert flow.no_lead_time == 50 and flow.table["orders"].sum() == 150 and flow.table["cash"].sum() == 100
    undated = money_flow(open_cases(expected_decision=pd.to_datetime([None, "2026-08-10"])), "2026-06-30")
    assert undated.no_date == 50 and undated.table["orders"].sum() == 100
    assert money_flow(open_cases(value=[None, 400.0]), "2026-06-30").no_value == 1


def test_an_empty_funnel_has_no_months():
    assert money_flow(open_cases().iloc[:0], "2026-06-30").table.empty


def test_shares_of_the_price_sum_to_all_of_it():
    with pytest.raises(ParameterError, match=r"sum to 0\.9"):
        money_flow(open_cases(), "2026-06-30", [Payment(0.9, "order", 0)])


def test_lead_time_is_ones_own_then_that_of_the_product_then_that_of_all():
    cases = pd.DataFrame(
        {
            "closed_at": pd.to_datetime(["2026-01-01", None, None, None, None]),
            "expected_decision": pd.to_datetime(
                ["2025-10-01", "2026-02-01", "2026-02-01", None, "2026-02-01"]
            ),
            "expected_delivery": pd.to_datetime(
                ["2026-01-31", "2026-02-21", None, "2026-09-01", "2026-01-01"]
            ),
            "product": ["Pump", "Line", "Pump", "Service", None],
        }
    )
    # 30 days from its closing; own 20; Pump's 30; none for Service, and delivered before ordered: median 25.
    assert lead_days(cases).tolist() == [30, 20, 30, 25, 25]
    assert np.isnan(lead_days(cases.iloc[3:4])).all()
