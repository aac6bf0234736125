import numpy as np
import pandas as pd
import pytest

from vs_toolkit.funnel.outlook.new_leads import NewLeads, nothing_known, orders_of_new_leads


def monthly(n: int, value=5.0) -> pd.DataFrame:
    """A lead on the 10th of every month from February 2024 on, won 45 days later, in the next month."""
    first = pd.date_range("2024-01-10", periods=n, freq="MS") + pd.Timedelta(days=9)
    closed = first + pd.Timedelta(days=45)
    return pd.DataFrame({"first_at": first, "closed_at": closed, "outcome": "won", "value": value})


def leads(orders, dispersion=1.0, value=5.0):
    """Each month ahead from its own orders of a year, twelve for each order expected."""
    shares = np.repeat(np.eye(len(orders)), [12 * n for n in orders], axis=0) / 12
    return NewLeads(shares, np.full(len(shares), value), dispersion, 12)


def test_orders_of_leads_that_come_later_than_the_day():
    # Orders of each month of the last year: the lead came one month before or, from the 24th on, two.
    # Twelve orders in 365 days; July, August, September, October have 31, 31, 30, 31 days.
    found = orders_of_new_leads(monthly(20), "2025-06-30", 4)
    orders = [0, 12 * 31 / 365, 12 * 30 / 365, 12 * 31 / 365]
    assert found.orders.tolist() == pytest.approx(orders)
    assert found.values.tolist() == pytest.approx([5 * each for each in orders])


def test_a_lead_is_as_old_as_its_creation():
    old = monthly(20)
    old["created_at"] = old["first_at"] - pd.Timedelta(days=400)
    assert orders_of_new_leads(old, "2025-06-30", 4).orders.round(9).tolist() == [0] * 4


def test_of_the_month_that_has_begun_only_the_rest_is_ahead():
    # A lead on the 10th of every month, won on the 20th: on 15 June no lead of June is still to come.
    quick = monthly(20)
    quick["closed_at"] = quick["first_at"] + pd.Timedelta(days=10)
    found = orders_of_new_leads(quick, "2025-06-15", 3).orders.tolist()
    assert found == pytest.approx([0, 12 * 31 / 365, 12 * 31 / 365])


def test_two_months_tell_little_of_how_much_months_differ():
    # 2 and 4 orders: mean 3, variance 2, so 1 counts; Student's t of one degree: (3.0777 / 1.2816)^2.
    # In the 31 days of March as many a day as in the 60 days of January and February.
    lead = pd.to_datetime(["2024-01-01"] + ["2024-01-05"] * 2 + ["2024-02-05"] * 4)
    won = ["open"] + ["won"] * 6
    cases = pd.DataFrame(
        {"first_at": lead, "closed_at": lead + pd.Timedelta(days=15), "outcome": won, "value": 5.0}
    )
    found = orders_of_new_leads(cases, "2024-02-29", 1)
    assert (found.orders.round(9).tolist(), found.counted) == ([3.1], 2)
    assert found.dispersion == pytest.approx(5.767, abs=1e-3)


def test_an_order_without_value_counts_with_the_mean_of_the_others():
    found = orders_of_new_leads(monthly(18, [4.0, None, 6.0] * 6), "2025-06-30", 2)
    assert set(found.past_values[found.shares[:, 1] > 0]) == {4.0, 5.0, 6.0}


def test_a_short_record_says_nothing():
    for found in (
        orders_of_new_leads(monthly(18), "2024-02-29", 6),
        orders_of_new_leads(monthly(0), "2024-06-30", 6),
    ):
        assert not found.is_known and found.orders.tolist() == [0] * 6
    assert nothing_known(6).count_distribution([0, 5]).tolist() == [1.0]


@pytest.mark.parametrize("dispersion", [1.0, 3.0])
def test_counts_have_the_variance_of_orders_and_of_their_mean(dispersion):
    found = leads([4], dispersion)
    distribution = found.count_distribution([0])
    k = np.arange(len(distribution))
    assert distribution @ k == pytest.approx(4, rel=0.005)  # cut off where little is left
    # Of the orders 4 x dispersion; of the mean, estimated from 48 orders in a year: 4^2 x dispersion / 48.
    expected = dispersion * (4 + 16 / 48)
    assert distribution @ k**2 - (distribution @ k) ** 2 == pytest.approx(expected, rel=0.05)


def test_drawn_values_have_the_same_moments():
    found = leads([2, 3], 2.0)
    drawn = found.draw(40_000, np.random.default_rng(1))
    assert drawn.mean(axis=0).tolist() == pytest.approx([10, 15], rel=0.03)
    # All values are 5: the variance of the sum is 25 times that of the count, 2 x (5 + 60 / 12^2).
    assert drawn.sum(axis=1).var() == pytest.approx(25 * 2 * (5 + 60 / 144), rel=0.05)
    assert found.scaled(0.5).orders == pytest.approx([1, 1.5])


def test_an_order_that_stands_for_two_months_is_seen_once():
    # 12 past orders, each 1/12 of an order in both months: of two months 2 orders, each share is 2/12.
    twice = NewLeads(np.full((12, 2), 1 / 12), np.full(12, 5.0), 1.0, 12)
    assert twice.variance([0]) == pytest.approx(1 + 12 / 12**2)
    assert twice.variance([0, 1]) == pytest.approx(2 + 12 * (2 / 12) ** 2)
    assert leads([1, 1]).variance([0, 1]) == pytest.approx(2 + 24 / 12**2)


def test_months_differ_in_length():
    # A lead every day, won 60 days later: those of 1 February on come from 2 April on, on 29 of its 30 days.
    first = pd.date_range("2023-01-01", "2026-01-31")
    closed = first + pd.Timedelta(days=60)
    cases = pd.DataFrame({"first_at": first, "closed_at": closed, "outcome": "won", "value": 5.0})
    found = orders_of_new_leads(cases[closed <= "2026-01-31"], "2026-01-31", 4).orders
    assert found.tolist() == pytest.approx([0, 0, 29, 31], abs=0.7)
