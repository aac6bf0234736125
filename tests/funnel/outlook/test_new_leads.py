import numpy as np
import pandas as pd
import pytest

from vs_toolkit.funnel.outlook.new_leads import NOTHING_KNOWN, NewLeads, orders_of_new_leads


def monthly(n: int, value=5.0) -> pd.DataFrame:
    """A lead on the 10th of every month from February 2024 on, won 45 days later, in the next month."""
    first = pd.date_range("2024-01-10", periods=n, freq="MS") + pd.Timedelta(days=9)
    closed = first + pd.Timedelta(days=45)
    return pd.DataFrame({"first_at": first, "closed_at": closed, "outcome": "won", "value": value})


def test_orders_of_leads_that_come_later_than_the_day():
    # Seen from the last day of a month: the lead of the next month is won in the month after, and so on.
    leads = orders_of_new_leads(monthly(18), "2025-06-30", 4)
    assert leads.orders.mean(axis=0).tolist() == [0, 1, 1, 1]
    assert leads.values.mean(axis=0).tolist() == [0, 5, 5, 5]


def test_within_a_month_only_later_leads_are_new():
    # Seen from the 5th the lead of the 10th is new: won in the month after; from the 15th it is not.
    early, late = (
        orders_of_new_leads(monthly(18), day, 3).orders.mean(axis=0) for day in ("2025-06-05", "2025-06-15")
    )
    assert early.tolist() == [0, 1, 1] and late.tolist() == [0, 0, 1]


def test_an_order_without_value_counts_with_the_mean_of_the_others():
    values = [4.0, None, 6.0] * 6
    assert orders_of_new_leads(monthly(18, values), "2025-06-30", 2).values[:, 1].tolist().count(5.0) > 0


def test_a_short_record_says_nothing():
    assert orders_of_new_leads(monthly(18), "2024-06-30", 6) is NOTHING_KNOWN
    assert orders_of_new_leads(monthly(0), "2024-06-30", 6) is NOTHING_KNOWN
    assert NOTHING_KNOWN.count_distribution([0]).tolist() == [1.0]


@pytest.mark.parametrize("orders", [[3.0, 5.0, 4.0, 4.0], [0.0, 12.0, 1.0, 3.0]])
def test_counts_have_the_mean_and_at_least_the_variance_of_chance(orders):
    distribution = NewLeads(np.array([orders]).T, np.zeros((4, 1))).count_distribution([0])
    k = np.arange(len(distribution))
    assert distribution @ k == pytest.approx(4, rel=0.005)  # cut off where little is left
    variance = max(np.var(orders, ddof=1), 4)  # 0.67 is raised to the 4 of Poisson; 30 stands
    assert distribution @ k**2 - (distribution @ k) ** 2 == pytest.approx(variance, rel=0.05)
