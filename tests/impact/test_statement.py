"""Statement differences, base and new, worked by hand."""

import numpy as np
import pytest

from tests.impact.simple import ESTIMATED, Yearly, saving, simple_case, span
from vs_toolkit.impact import LABELS, evaluate, statement
from vs_toolkit.impact import lines as monthly_lines
from vs_toolkit.inputs.cases.business_case import Tax

BASELINE = {
    "revenue": 1000,
    "direct_costs": 600,
    "indirect_costs": 300,
    "inventory": 120,
    "work_in_process": 30,
    "receivables": 150,
    "payables": 100,
    "fixed_assets": 300,
}


def spend(**more):
    return {"id": "spend", "name": "Spend", "evidence": ESTIMATED} | more


def lines(*args):
    return Yearly(monthly_lines(*args))


def cash(*effects, **more):
    return lines(simple_case(*effects, **more)).cash_flow.tolist()


NOTHING = saving(0)


def test_quantity_times_change_times_unit_value_times_factor():
    effect = saving(None, quantity=2000, change=0.05, unit_value=30, factor=0.5)
    assert cash(effect) == [0, 1500, 1500]  # 2000 x 5 % x 30 = 3000, half of it comes true


@pytest.mark.parametrize(
    ("line", "of_yearly"),
    [("inventory", 600), ("work_in_process", 600), ("receivables", 1000), ("payables", 600)],
)
def test_days_are_days_of_the_baseline(line, of_yearly):
    effect = saving(None, line=line, days=7.3)  # 7.3 / 365 = 2 %
    assert cash(effect, baseline=BASELINE) == pytest.approx([0.02 * of_yearly, 0, -0.02 * of_yearly])


def test_less_capital_is_cash_at_once_and_returns_at_the_horizon():
    found = lines(simple_case(saving(500, line="inventory"), years=3))
    assert found.capital["inventory"].tolist() == [-500, -500, -500, 0]
    assert found.cash_flow.tolist() == [500, 0, 0, -500]


def test_more_payables_free_capital():
    assert lines(simple_case(saving(80, line="payables"))).capital_employed.tolist() == [-80, -80, 0]


def test_part_of_tied_up_capital_is_lost_on_release():
    # 200 tied up at the start; 10 % of it does not come back: 180, and 20 is a loss of the last year
    found = lines(simple_case(saving(-200, line="inventory", release_haircut=0.1)))
    assert found.cash_flow.tolist() == [-200, 0, 180]
    assert found.income["disposals"].tolist() == [0, 0, -20]


def test_stock_that_is_sold_below_its_book_value_loses_at_once():
    # 200 freed, a tenth of it lost when it is sold; built up again at the horizon at its full price
    found = lines(simple_case(saving(200, line="inventory", release_haircut=0.1)))
    assert found.cash_flow.tolist() == [180, 0, -200]
    assert found.income["disposals"].tolist() == [-20, 0, 0]


def test_the_loss_on_release_falls_when_it_is_released():
    # levels 0, 100, 40, 0 tied up: 60 and 40 come back, each less 10 %
    effect = saving(None, line="inventory", by_year=[0, -100, -40], release_haircut=0.1)
    assert cash(effect, years=3) == pytest.approx([0, -100, 54, 36])


def test_an_investment_costs_cash_once_and_profit_over_its_life():
    found = lines(
        simple_case(NOTHING, years=3, costs=[spend(amount=90, treatment="investment", life_years=2)])
    )
    assert found.cash_flow.tolist() == [-90, 0, 0, 0]
    assert found.income["depreciation"].tolist() == [0, -45, -45, 0]
    assert found.capital["fixed_assets"].tolist() == [90, 45, 0, 0]


def test_without_a_life_an_investment_lasts_to_the_horizon():
    found = lines(simple_case(NOTHING, years=3, costs=[spend(amount=90, treatment="investment")]))
    assert found.income["depreciation"] == pytest.approx([0, -30, -30, -30])
    assert found.income["disposals"].tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("schedule", "depreciation", "left"),
    [([60, 20], [0, -60, -20, 0], 20), ([], [0, 0, 0, 0], 100), ([25, 25, 25, 25], [0, -25, -25, -25], 25)],
)
def test_salvage_is_a_gain_over_what_is_left_in_the_books(schedule, depreciation, left):
    cost = spend(amount=100, treatment="investment", depreciation=schedule, salvage=35)
    found = lines(simple_case(NOTHING, years=3, costs=[cost]))
    assert found.income["depreciation"] == pytest.approx(depreciation)
    assert found.income["disposals"] == pytest.approx([0, 0, 0, 35 - left])
    assert found.cash_flow == pytest.approx([-100, 0, 0, 35])


def test_a_schedule_follows_the_amount():
    cost = spend(amount=span(100, 100, 200), treatment="investment", depreciation=[60, 40])
    found = lines(simple_case(NOTHING, costs=[cost]), {"costs.spend.amount": 200.0})
    assert found.income["depreciation"] == pytest.approx([0, -120, -80])


def test_an_investment_of_month_18_is_paid_then_and_written_off_from_then_on():
    # at the end of year 2 half a year of 2 is over (22.5), at the end of year 3 one more (45)
    cost = spend(amount=90, month=18, treatment="investment", life_years=2)
    found = lines(simple_case(NOTHING, years=3, costs=[cost]))
    assert found.cash_flow.tolist() == [0, 0, -90, 0]
    assert found.income["depreciation"].tolist() == [0, 0, -22.5, -45]
    assert found.income["disposals"].tolist() == [0, 0, 0, -22.5]
    dated = monthly_lines(simple_case(NOTHING, years=3, costs=[cost])).cash_flow
    assert dated.nonzero()[0].tolist() == [18]


def test_an_investment_of_the_last_day_is_lost():
    cost = spend(amount=90, month=24, treatment="investment", life_years=2)
    assert cash(NOTHING, costs=[cost]) == [0, 0, -90]


def test_spends_once_every_year_and_by_year():
    assert cash(NOTHING, costs=[spend(amount=50, per_year=10)]) == [-50, -10, -10]
    assert cash(NOTHING, costs=[spend(amount=50, month=12, per_year=10)]) == [0, -50, -10]
    assert cash(NOTHING, costs=[spend(by_year=[5, 7])]) == [-5, -7, 0]


def test_the_price_is_a_line_of_its_own():
    found = lines(simple_case(saving(100), costs=[spend(per_year=10)], price=spend(id="price", amount=70)))
    assert found.income["provider_price"].tolist() == [-70, 0, 0]
    assert found.income["costs_of_change"].tolist() == [0, -10, -10]
    assert found.cash_flow.tolist() == [-70, 90, 90]


def test_tax_on_losses_at_once_or_carried_forward():
    profit = np.array([[-100.0, 60, 60, 10], [50, -20, -10, 40]])
    at_once = statement.tax(Tax(rate=0.3), profit)
    assert at_once == pytest.approx(np.array([[30, -18, -18, -3], [-15, 6, 3, -12]]))
    # row 1: 40 of 60 is still to be made up for, 20 taxed; row 2: 50 taxed, 30 lost, 10 of 40 taxed
    later = statement.tax(Tax(rate=0.3, losses="carried_forward"), profit)
    assert later == pytest.approx(np.array([[0, 0, -6, -3], [-15, 0, 0, -3]]))


def test_tax_falls_on_operating_profit_and_not_on_cash():
    # 100 - 45 depreciation = 55, of which 40 % = 22; cash 100 - 22
    cost = spend(amount=90, treatment="investment", life_years=2)
    assert cash(saving(100), costs=[cost], tax={"rate": 0.4}) == pytest.approx([-90, 78, 78])


def test_amounts_grow_with_inflation_and_book_values_do_not():
    cost = spend(amount=90, per_year=10, treatment="investment", life_years=2, salvage=9)
    found = lines(simple_case(saving(100), costs=[cost], inflation=0.1))
    # 110 - 11, 121 - 12.1 + 9 x 1.21; written off in money of the start
    assert found.cash_flow == pytest.approx([-90, 99, 108.9 + 10.89])
    assert found.income["depreciation"] == pytest.approx([0, -45, -45])


def test_a_stock_that_stays_grows_with_prices():
    # 100 at the start, 110 after a year, released at prices of year 2: nothing is left to release at the end
    effect = saving(-100, line="inventory")
    assert lines(simple_case(effect, inflation=0.1)).capital["inventory"] == pytest.approx([100, 110, 0])


def test_every_draw_is_the_case_with_its_values():
    case = simple_case(
        saving(span(80, 100, 130), ramp_months=12),
        saving(span(-50, 20, 60), id="stock", line="inventory", release_haircut=0.2),
        years=3,
        costs=[spend(amount=span(50, 60, 90), treatment="investment", life_years=2)],
        tax={"rate": 0.25, "losses": "carried_forward"},
    )
    draws = {
        "effects.saving.amount": np.array([80.0, 100, 130]),
        "effects.stock.amount": np.array([60.0, -50, 0]),
        "costs.spend.amount": np.array([90.0, 50, 60]),
    }
    together = monthly_lines(case, draws)
    assert together.cash_flow.shape == (3, 37)
    for draw in range(3):
        alone = monthly_lines(case, {key: float(values[draw]) for key, values in draws.items()})
        assert together.cash_flow[draw] == pytest.approx(alone.cash_flow)
        assert together.npv[draw] == pytest.approx(float(alone.npv))


# --- base, new, difference --------------------------------------------------------------------------------


def test_base_new_and_difference_add_up():
    case = simple_case(
        saving(50, line="price"),
        saving(30, id="stock", line="inventory"),
        baseline=BASELINE,
        tax={"rate": 0.2},
        costs=[spend(amount=40)],
    )
    year = evaluate(case).statement.loc[1]
    # base: 1000 - 600 - 300 = 100, tax 20, capital 120 + 30 + 150 - 100 + 300 = 500 charged at 10 %
    assert year.loc["operating_profit"].tolist() == pytest.approx([100, 150, 50])
    assert year.loc["nopat"].tolist() == pytest.approx([80, 120, 40])
    assert year.loc["capital_charge"].tolist() == pytest.approx([-50, -47, 3])
    assert year.loc["eva"].tolist() == pytest.approx([30, 73, 43])
    assert year.loc["inventory"].tolist() == pytest.approx([120, 90, -30])
    assert year.loc["payables"].tolist() == pytest.approx([-100, -100, 0])
    assert year.loc["capital_employed"].tolist() == pytest.approx([500, 470, -30])
    start = evaluate(case).statement.loc[0]
    assert start.loc["costs_of_change"].tolist() == pytest.approx([0, -40, -40])
    assert start.loc["revenue"].tolist() == pytest.approx([0, 0, 0])


def test_what_the_baseline_leaves_out_stays_unknown():
    case = simple_case(saving(50, line="price"), baseline={"revenue": 1000})
    year = evaluate(case).statement.loc[1]
    assert year.loc["revenue"].tolist() == [1000, 1050, 50]
    assert year.loc["operating_profit", ["base", "new"]].isna().all()
    assert year.loc["operating_profit", "difference"] == 50
    assert year.loc["inventory", ["base", "new"]].isna().all()
    assert evaluate(case).roce is None


def test_the_statement_has_all_lines_of_all_years_in_order():
    frame = evaluate(simple_case(years=3)).statement
    assert frame.index.tolist() == [
        (year, line) for year in range(4) for line in LABELS if line != "terminal_value"
    ]


def test_months_add_up_to_years():
    effects = saving(120, ramp_months=18), saving(-60, id="stock", line="inventory")
    more = {"baseline": BASELINE, "costs": [spend(amount=48, treatment="investment", life_years=2)]}
    yearly = evaluate(simple_case(*effects, **more)).statement
    monthly = evaluate(simple_case(*effects, **more, period="month")).statement
    same = [line for line in LABELS if line not in ("capital_charge", "eva", "terminal_value")]
    for line in same:
        by_year, by_month = (frame.xs(line, level="line") for frame in (yearly, monthly))
        assert by_month.to_numpy() == pytest.approx(by_year.to_numpy()), line
    # charged month by month on a balance that falls by 2 a month, at (1.1^(1/12) - 1)
    levels = np.array([60 + 48 - 2 * month for month in range(12)])
    charge = (1.1 ** (1 / 12) - 1) * levels.sum()
    assert monthly.loc[(1, "capital_charge"), "difference"] == pytest.approx(-charge)


def test_return_on_capital_before_and_after():
    stock = saving(100, id="stock", line="inventory", start_month=12)
    roce = evaluate(simple_case(saving(50, line="price"), stock, baseline=BASELINE)).roce
    # 100 / 500 = 20 %; 150 / 500 = 30 % on the capital of the start, 150 / 400 = 37.5 % on that of year 1
    assert roce.loc[1].tolist() == pytest.approx([0.2, 0.3, 0.1])
    assert roce.loc[2].tolist() == pytest.approx([0.2, 0.375, 0.175])
    assert roce.index.tolist() == [1, 2]
