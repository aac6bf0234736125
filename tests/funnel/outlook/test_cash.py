import numpy as np
import pandas as pd
import pytest

from vs_toolkit.errors import ParameterError
from vs_toolkit.funnel.outlook.cash import Payment, lead_days, money_flow

VALUES = pd.Series([100.0, 400.0])
LEAD = pd.Series([30.0, 90.0])
WHEN = np.array([[0.5, 0.0, 0.1], [0.0, 0.25, 0.0]])  # July, August, later


def flow(terms, values=VALUES, lead=LEAD):
    return money_flow(values, WHEN, lead, "2026-06-30", terms)


def test_amounts_move_from_order_to_delivery_to_cash():
    # Orders 50 on 15 July, 100 on 15 August; deliveries 14 August and 13 November; payments 30 days later.
    found = flow([Payment(0.3, "order", 0), Payment(0.7, "delivery", 30)])
    table = found.table.set_axis(found.table.index.month)
    assert table["orders"].to_dict() == {7: 50, 8: 100, 9: 0, 10: 0, 11: 0, 12: 0}
    assert table["deliveries"].to_dict() == {7: 0, 8: 50, 9: 0, 10: 0, 11: 100, 12: 0}
    assert table["cash"].round(9).to_dict() == {7: 15, 8: 30, 9: 35, 10: 0, 11: 0, 12: 70}
    assert found.later == pytest.approx(10)  # 0.1 x 100 after August


def test_all_cash_is_the_expected_value():
    assert flow([Payment(0.2, "order", 14)] * 5).table["cash"].sum() == pytest.approx(150)


def test_what_cannot_be_dated_or_valued_is_counted():
    found = flow([Payment(1.0, "delivery", 30)], lead=pd.Series([None, 90.0], dtype=float))
    assert (
        found.no_lead_time == 50 and found.table["orders"].sum() == 150 and found.table["cash"].sum() == 100
    )
    assert flow([Payment(1.0, "order", 0)], values=pd.Series([None, 400.0], dtype=float)).no_value == 1


def test_an_empty_pipeline_has_no_months():
    empty = pd.Series(dtype=float)
    assert money_flow(empty, np.zeros((0, 3)), empty, "2026-06-30").table.empty


def test_shares_of_the_price_sum_to_all_of_it():
    with pytest.raises(ParameterError, match=r"sum to 0\.9"):
        flow([Payment(0.9, "order", 0)])


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
