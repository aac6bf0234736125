"""The price corridor, worked by hand: at 25 % a yearly amount over two years is worth 1.44 times itself."""

import numpy as np
import pytest

from tests.impact.simple import saving, simple_case, span
from vs_toolkit import formats
from vs_toolkit.impact import price_corridor

ALTERNATIVE = {
    "name": "Another maker",
    "price": 900,
    "differences": [
        {"name": "Less energy", "value": span(50, 100, 200)},
        {"name": "Change of supplier", "value": -20},
    ],
}
OURS = {
    "wacc": 0.25,
    "required_margin": 0.2,
    "costs": [
        {"id": "delivery", "name": "Delivery", "amount": span(350, 400, 500)},
        {"id": "service", "name": "Service", "per_year": 100},
    ],
    "alternative": ALTERNATIVE,
}
PRICE = {"id": "price", "name": "Price", "amount": 800}


SAVING = saving(1000)


def case(ours=OURS, price=PRICE, effects=(SAVING,), **more):
    start_up = {"id": "start_up", "name": "Start-up", "amount": 200}
    return simple_case(*effects, costs=[start_up], price=price, provider=ours, customer_wacc=0.25, **more)


def test_floor_is_our_cost_and_the_margin_on_the_price():
    # 400 + 100 x 1.44 = 544; a margin of 20 % of the price: 544 / 0.8 = 680
    corridor = price_corridor(case())
    assert (corridor.cost, corridor.floor) == pytest.approx((544, 680))


def test_ceilings_are_the_value_and_the_alternative_with_what_differs():
    # value 1000 x 1.44 - 200 = 1240; alternative 900 + 100 - 20 = 980, between 930 and 1080
    corridor = price_corridor(case())
    assert corridor.theoretical_ceiling == pytest.approx(1240)
    practical = (corridor.practical_low, corridor.practical_ceiling, corridor.practical_high)
    assert practical == (930, 980, 1080)


def test_three_ways_of_pricing_side_by_side():
    # margins 1 - 544 / price; the customer keeps 1240 less the price
    prices = price_corridor(case()).prices
    assert prices["price"].to_dict() == pytest.approx(
        {"cost_based": 680, "market_based": 900, "value_based": 980}
    )
    assert prices["margin"].tolist() == pytest.approx([0.2, 1 - 544 / 900, 1 - 544 / 980])
    assert prices["customer_keeps"].tolist() == pytest.approx([560, 340, 260])


def test_place_of_the_price_in_the_corridor():
    # (800 - 680) / (980 - 680) = 0.4
    corridor = price_corridor(case())
    assert (corridor.price, corridor.position) == pytest.approx((800, 0.4))
    assert not corridor.stop


def test_payments_are_worth_more_to_the_side_with_the_lower_rate():
    # 500 a year: 720 at 25 %, 1000 at 0 %; floor (400 + 200) / 0.8 = 750. The fee could fall to 750 / 1000 of
    # what it is until we are at our floor, and rise to 980 / 720 until the customer is at its ceiling
    corridor = price_corridor(case(OURS | {"wacc": 0}, {"id": "price", "name": "Price", "per_year": 500}))
    assert (corridor.price, corridor.price_to_us, corridor.floor) == pytest.approx((720, 1000, 750))
    assert corridor.position == pytest.approx((1 - 0.75) / (980 / 720 - 0.75))


def test_price_does_not_depend_on_how_the_customer_books_it():
    bought = PRICE | {"treatment": "investment", "life_years": 2, "salvage": 100}
    assert price_corridor(case(price=bought)).price == pytest.approx(800)


def test_theoretical_ceiling_does_not_depend_on_the_price():
    assert price_corridor(case(price=None)).theoretical_ceiling == pytest.approx(1240)


def test_tax_halves_value_and_price_alike():
    # after tax 620, and each unit of price costs 0.5: still 1240
    corridor = price_corridor(case(tax={"rate": 0.5}))
    assert corridor.theoretical_ceiling == pytest.approx(1240)


def test_floor_above_the_value_means_stop():
    # 1300 + 144 = 1444 / 0.8 = 1805 > 1240
    dear = OURS | {"costs": [{"id": "delivery", "name": "Delivery", "amount": 1300}, OURS["costs"][1]]}
    corridor = price_corridor(case(dear))
    assert corridor.stop
    assert corridor.position is None
    floor, value = formats.money(1805, "EUR"), formats.money(1240, "EUR")
    assert corridor.reasons[0].startswith(f"Stop: our lowest price of {floor} is above the {value}")
    assert len(corridor.reasons) == 2  # the alternative at 980 is cheaper as well


def test_floor_above_the_alternative_only_means_stop_too():
    # (600 + 144) / 0.75 = 992: below the value of 1240, above the 980 of the alternative
    ours = OURS | {
        "required_margin": 0.25,
        "costs": [{"id": "d", "name": "D", "amount": 600}, OURS["costs"][1]],
    }
    reasons = price_corridor(case(ours)).reasons
    assert len(reasons) == 1
    assert "next best alternative" in reasons[0]


def test_stock_that_we_take_over_is_part_of_our_cost():
    # 1000 tied up from the start, back after two years: 1000 - 640 = 360; 10 % obsolescence: 100 x 1.44 = 144
    takeover = {"kind": "asset_takeover", "assets": 1000, "fee_rate": 0.3, "provider_obsolescence": 0.1}
    stock = (saving(1000, "stock", "inventory"),)
    plain = price_corridor(case(effects=stock)).cost
    assert price_corridor(case(OURS | {"schemes": [takeover]}, effects=stock)).cost == pytest.approx(
        plain + 504
    )


def test_gaps_are_said_and_nothing_is_invented():
    corridor = price_corridor(case(ours=None, price=None))
    assert (corridor.cost, corridor.floor, corridor.practical_ceiling, corridor.price) == (None,) * 4
    assert len(corridor.gaps) == 2
    assert np.isnan(corridor.prices.loc["cost_based", "price"])
    assert not corridor.stop


def test_without_alternative_the_value_is_the_ceiling():
    corridor = price_corridor(case(OURS | {"alternative": None}))
    assert corridor.practical_ceiling is None
    assert corridor.prices.loc["value_based", "price"] == pytest.approx(1240)
    assert corridor.position == pytest.approx(120 / 560)  # (800 - 680) / (1240 - 680)
    assert "next best alternative" in corridor.gaps[0]


def test_a_price_has_its_place_where_tax_is_paid_late_and_the_rate_changes():
    price = {"id": "price", "name": "Price", "amount": 500}
    tax = {"rate": 0.3, "paid": "next_year"}
    case = simple_case(price=price, tax=tax, wacc_by_year=(0.1, 0.05))
    assert price_corridor(case).price == 500
