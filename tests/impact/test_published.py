"""Published whole cases, built from the published inputs (truth/finance.json, with the sources)."""

import pytest

from tests.impact.simple import ESTIMATED, saving, simple_case
from vs_toolkit.impact import evaluate


def listed(id, line, by_year):
    return saving(None, id=id, line=line, by_year=by_year)


# Forrester, The Total Economic Impact of SalesLoft, p. 19: first column undiscounted, then year ends at 10 %
TEI = simple_case(
    listed("benefits", "indirect_cost", [0, 1_606_511, 3_061_331, 4_229_760]),
    years=3,
    currency="USD",
    costs=[
        {
            "id": "costs",
            "name": "Costs",
            "by_year": [53_150, 666_715, 636_772, 647_783],
            "evidence": ESTIMATED,
        }
    ],
)

# IM&C's guano project, Brealey and Myers tables 6-2 to 6-7, thousands of dollars; losses are used at once,
# working capital is released in year 7, salvage is taxed as a gain over a book value of nil
SALES = [0, 523, 12887, 32610, 48901, 35834, 19717, 0]
GOODS = [0, 837, 7729, 19552, 29345, 21492, 11830, 0]
OTHER = [4000, 2200, 1210, 1331, 1464, 1611, 1772, 0]
WORKING_CAPITAL = [0, 550, 1289, 3261, 4890, 3583, 2002, 0]
GUANO = simple_case(
    listed("sales", "volume", SALES),
    listed("goods", "direct_cost", [-cost for cost in GOODS]),
    listed("other", "indirect_cost", [-cost for cost in OTHER]),
    listed("working_capital", "inventory", [-level for level in WORKING_CAPITAL]),
    years=7,
    currency="USD",
    customer_wacc=0.2,
    tax={"rate": 0.35, "losses": "immediate"},
    costs=[
        {
            "id": "plant",
            "name": "Plant",
            "amount": 10_000,
            "treatment": "investment",
            "depreciation": [2000, 3200, 1920, 1152, 1152, 576],
            "salvage": 1949,
        }
    ],
)
GUANO_FLOWS = [-12600, -1484, 2947, 6323, 10534, 9985, 5757, 3269]


def test_total_economic_impact():
    found = evaluate(TEI)
    assert found.pv_costs == pytest.approx(1_672_201, abs=1)
    assert found.pv_benefits == pytest.approx(7_168_371, abs=1)
    assert found.npv == pytest.approx(5_496_170, abs=1)
    assert found.roi == pytest.approx(3.29, abs=0.005)
    assert found.cash_flows.sum() == pytest.approx(6_893_182, abs=1)
    assert found.payback_years < 6 / 12


def test_total_economic_impact_month_by_month_is_paid_back_within_half_a_year_as_well():
    # the initial 53,150 come back at (1,606,511 - 666,715) / 12 = 78,316 a month: 0.68 months
    found = evaluate(TEI.model_copy(update={"period": "month"}))
    assert found.payback_years * 12 == pytest.approx(53_150 / 78_316, abs=1e-4)
    assert found.cash_flows.sum() == pytest.approx(6_893_182, abs=1)


def test_guano():
    found = evaluate(GUANO)
    assert found.cash_flows.tolist() == pytest.approx(GUANO_FLOWS, abs=1.5)
    assert found.npv == pytest.approx(3802, abs=1.5)
    assert found.eva["nopat"].tolist() == pytest.approx(
        [-2600, -2934, 486, 6375, 11011, 7526, 3600, 1267], abs=1
    )


def test_guano_is_worth_its_residual_income():
    # book value of the plant at year ends 10,000, 8,000, 4,800, 2,880, 1,728, 576, 0, and the working capital
    book = [10_000, 8000, 4800, 2880, 1728, 576, 0, 0]
    capital = [plant + stock for plant, stock in zip(book, WORKING_CAPITAL, strict=True)]
    found = evaluate(GUANO)
    assert found.eva["opening_capital"].tolist() == pytest.approx([0, *capital[:-1]])
    assert found.reconciliation.pv_residual_income == pytest.approx(3802, abs=1.5)
    assert abs(found.reconciliation.difference) < 1e-9 * found.npv


def test_guano_without_taxable_profits_elsewhere_pays_more_tax_and_is_worth_less():
    # losses of 4,000 and 4,514 wait for the profits of years 2 and 3 (748 and 9,807): tax on 2,041 in year 3
    found = evaluate(
        GUANO.model_copy(update={"tax": GUANO.tax.model_copy(update={"losses": "carried_forward"})})
    )
    tax = found.statement["difference"].unstack("line")["tax"]
    assert tax.tolist()[:4] == pytest.approx([0, 0, 0, -0.35 * 2041])
    assert found.cash_flows.sum() == pytest.approx(sum(GUANO_FLOWS), abs=5)
    assert found.npv < 3802
