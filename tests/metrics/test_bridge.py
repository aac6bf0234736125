"""Margin bridge: hand arithmetic, exact sums, swapped periods, new and lost customers, no units."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metrics.books import YEAR, book, every_month
from vs_toolkit.metrics.bridge import bridge, discount_test

BEFORE = YEAR.year_before


def sale(customer, month, units, price, discount, cost, product="A"):
    return {
        "customer_id": customer, "month": month, "product_group": product, "units": units,
        "list_value": units * price, "discount": units * discount, "net_sales": units * (price - discount),
        "direct_cost": units * cost, "cost_to_serve": 0,
    }  # fmt: skip


def two_years(*rows):
    """Rows in January of each year, and nothing sold in all other months."""
    return book(
        sales=[*rows, *every_month("C3", net_sales=0, units=0, list_value=0, discount=0, direct_cost=0)]
    )


def test_each_step_by_hand():
    # C1: 10 units at list 20, discount 2, cost 8 (margin 10) -> 14 units at 22, discount 5, cost 9 (margin 8)
    # list +2 x 12 = 24; discount -3 x 12 = -36; cost -1 x 12 = -12; 4 units x mean margin 9 = 36
    own = two_years(sale("C1", "2025-01-01", 10, 20, 2, 8), sale("C1", "2026-01-01", 14, 22, 5, 9))
    found = bridge(own, BEFORE, YEAR)
    assert (found.before, found.after) == (100, 112)
    steps = found.steps[found.steps != 0].to_dict()
    assert steps == pytest.approx({"List price": 24, "Discounts": -36, "Volume": 36, "Unit cost": -12})


def test_new_and_lost_customers_stand_apart():
    own = two_years(sale("C1", "2025-01-01", 10, 20, 0, 8), sale("C2", "2026-01-01", 5, 20, 0, 8))
    steps = bridge(own, BEFORE, YEAR).steps
    assert (steps["New customers"], steps["Lost customers"]) == (60, -120)
    assert steps.drop(["New customers", "Lost customers"]).abs().sum() == 0


def test_mix_is_what_volume_at_the_average_margin_leaves():
    # A margin 10, B margin 2; 10 of each -> 5 A, 15 B: no more units, 5 x (2 - 10) = -40 of mix
    own = two_years(
        sale("C1", "2025-01-01", 10, 12, 0, 2), sale("C1", "2025-01-01", 10, 12, 0, 10, "B"),
        sale("C1", "2026-01-01", 5, 12, 0, 2), sale("C1", "2026-01-01", 15, 12, 0, 10, "B"),
    )  # fmt: skip
    steps = bridge(own, BEFORE, YEAR).steps
    assert (steps["Volume"], steps["Mix"]) == pytest.approx((0, -40))


def test_lines_without_units_are_not_split():
    rows = [sale("C1", "2025-01-01", 10, 20, 0, 8), sale("C1", "2026-01-01", 10, 20, 0, 8) | {"units": None}]
    steps = bridge(two_years(*rows), BEFORE, YEAR).steps
    assert steps["No units recorded"] == 0  # same margin in both years
    rows[1]["net_sales"] += 7
    assert bridge(two_years(*rows), BEFORE, YEAR).steps["No units recorded"] == 7


LINES = st.lists(
    st.tuples(
        st.sampled_from(["C1", "C2"]), st.sampled_from(["2025-01-01", "2026-01-01"]), st.integers(-3, 50),
        st.floats(1, 100), st.floats(0, 30), st.floats(0, 60), st.sampled_from("AB"),
    ),
    max_size=8,
)  # fmt: skip


@settings(max_examples=20, deadline=None)
@given(LINES)
def test_steps_sum_exactly_and_negate_when_periods_are_swapped(lines):
    own = two_years(*(sale(*line) for line in lines))
    forward, back = bridge(own, BEFORE, YEAR), bridge(own, YEAR, BEFORE)
    assert forward.before + forward.steps.sum() == pytest.approx(forward.after, abs=1e-6)
    swapped = back.steps.rename({"New customers": "Lost customers", "Lost customers": "New customers"})
    assert np.allclose(forward.steps, -swapped.reindex(forward.steps.index), atol=1e-6)


def test_discounts_against_the_volume_they_needed():
    # North: discount 10% -> 19%: net price -10%; margin (18 - 9) / 18 = 50%: needs 0.1 / 0.4 = 25%, got 20%
    own = two_years(sale("C1", "2025-01-01", 10, 20, 2, 9), sale("C1", "2026-01-01", 12, 20, 3.8, 9))
    row = discount_test(own, "unit", BEFORE, YEAR).loc["North"]
    assert (row["price_change"], row["needed"], row["volume"]) == pytest.approx((-0.1, 0.25, 0.2))
    assert row["paid"] is False
    enough = two_years(sale("C1", "2025-01-01", 10, 20, 2, 9), sale("C1", "2026-01-01", 13, 20, 3.8, 9))
    assert discount_test(enough, "unit", BEFORE, YEAR).loc["North", "paid"] is True


def test_a_discount_beyond_the_margin_is_never_paid_back():
    own = two_years(sale("C1", "2025-01-01", 10, 20, 0, 18), sale("C1", "2026-01-01", 90, 20, 4, 18))
    row = discount_test(own, "unit", BEFORE, YEAR).loc["North"]
    assert row["needed"] == math.inf
    assert row["paid"] is False


def test_without_a_higher_discount_nothing_has_to_be_paid_back():
    own = two_years(sale("C1", "2025-01-01", 10, 20, 2, 9), sale("C1", "2026-01-01", 5, 20, 1, 9))
    assert discount_test(own, "unit", BEFORE, YEAR).loc["North", "paid"] is None
