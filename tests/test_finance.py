"""Time value against published values, an independent library and identities."""

import json

import numpy as np
import numpy_financial as npf
import pytest
import pyxirr
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tests.shared import shared
from vs_toolkit import finance

MICROSOFT = [-10000, 2750, 4250, 3250, 2750]
MICROSOFT_DATES = ["2008-01-01", "2008-03-01", "2008-10-30", "2009-02-15", "2009-04-01"]
MACHINE = [-120000, 39000, 30000, 21000, 37000, 46000]


def excel_npv(rate, values):
    """Excel discounts its first value as well."""
    return finance.npv(rate, [0, *values])


# name in truth/finance.json -> (what we compute, published value, tolerance); the sources stand there:
# Microsoft, LibreOffice, OpenOffice and Adobe help pages, numpy-financial, textbooks.
PUBLISHED = {
    "xirr_excel_doc": (lambda: finance.xirr(MICROSOFT, MICROSOFT_DATES).value, 0.373362535, 1e-8),
    "xnpv_excel_doc_9pct": (lambda: finance.xnpv(0.09, MICROSOFT, MICROSOFT_DATES), 2086.64760203153, 1e-8),
    "xnpv_libreoffice_zero_rate": (lambda: finance.xnpv(0.0, MICROSOFT, MICROSOFT_DATES), 3000.0, 1e-9),
    "xirr_openoffice_wiki": (
        lambda: finance.xirr([-2750, 1000, 2000], ["2008-02-05", "2008-07-05", "2009-01-05"]).value,
        0.124,
        5e-4,
    ),
    "npv_adobe_formcalc_4_flows": (lambda: excel_npv(0.1, [500, 1500, 4000, 10000]), 11529.60863329007, 1e-9),
    "npv_adobe_formcalc_1_flow": (lambda: excel_npv(0.065, [5000]), 4694.83568075117, 1e-9),
    "npv_adobe_formcalc_monthly": (
        lambda: excel_npv(0.0275 / 12, [50, 60, 40, 100, 25]),
        273.14193838457,
        1e-9,
    ),
    "npv_numpy_financial_doc": (
        lambda: finance.npv(0.08, [-40000, 5000, 8000, 12000, 30000]),
        3065.22267,
        5e-6,
    ),
    "npv_numpy_financial_test": (
        lambda: finance.npv(0.05, [-15000, 1500, 2500, 3500, 4500, 6000]),
        122.89,
        5e-3,
    ),
    "irr_excel_doc_5y": (
        lambda: finance.irr([-70000, 12000, 15000, 18000, 21000, 26000]).value,
        0.087,
        5e-4,
    ),
    "irr_excel_doc_4y": (lambda: finance.irr([-70000, 12000, 15000, 18000, 21000]).value, -0.021, 5e-4),
    "irr_numpy_financial_doc_-100_39_59_55_20": (
        lambda: finance.irr([-100, 39, 59, 55, 20]).value,
        0.28095,
        6e-5,
    ),
    "irr_numpy_financial_doc_-100_0_0_74": (lambda: finance.irr([-100, 0, 0, 74]).value, -0.0955, 6e-5),
    "irr_numpy_financial_doc_-100_100_0_-7": (lambda: finance.irr([-100, 100, 0, -7]).value, -0.0833, 6e-5),
    "irr_numpy_financial_doc_-100_100_0_7": (lambda: finance.irr([-100, 100, 0, 7]).value, 0.06206, 6e-5),
    "irr_gh44_sheets": (
        lambda: finance.irr([-1678.87, 771.96, 1814.05, 3520.3, 3552.95, 3584.99, 4789.91, -1]).value,
        1.00426,
        1e-4,
    ),
    "irr_pump_two_roots": (lambda: finance.irr([-1600, 10000, -10000]).roots, (0.25, 4.0), 1e-9),
    "mirr_excel_doc_5y": (lambda: finance.mirr(MACHINE, 0.1, 0.12), 0.126094, 5e-7),
    "mirr_excel_doc_14pct": (lambda: finance.mirr(MACHINE, 0.1, 0.14), 0.134759, 5e-7),
    "franchise_L": (
        lambda: (float(finance.npv(0.1, [-100, 10, 60, 80])), finance.irr([-100, 10, 60, 80]).value),
        (pytest.approx(18.78, abs=0.01), pytest.approx(0.181, abs=5e-4)),
        None,
    ),
    "eva_single_year": (lambda: finance.residual_income([0, 410], [2000, 2000], 0.1)[1], 210.0, 1e-9),
    "pmt_numpy_financial_doc": (lambda: -finance.annuity(200000, 0.075 / 12, 180), -1854.0247200054619, 1e-9),
}
WHOLE_CASES = {"tei_salesloft", "guano_brealey_myers"}  # in impact/test_published.py
OTHER_SUBJECTS = {
    "clv_farris_r99",
    "clv_farris_r90",
    "clv_margin_multiple",
    "hhi_econweb_3",
    "hhi_investopedia_8",
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_value(name):
    compute, published, tolerance = PUBLISHED[name]
    expected = published if tolerance is None else pytest.approx(published, abs=tolerance, rel=0)
    assert compute() == expected


def test_every_published_case_is_used():
    names = {case["name"] for case in json.loads(shared("truth/finance.json").read_text())["cases"]}
    assert names == set(PUBLISHED) | WHOLE_CASES | OTHER_SUBJECTS


# --- net present value ------------------------------------------------------------------------------------


def test_npv_over_leading_axes_is_the_npv_of_each_row():
    rows = np.array([[[-100.0, 60, 60], [-50, 0, 90]], [[0, 0, 0], [1, 1, 1]]])
    found = finance.npv(0.1, rows)
    assert found.shape == (2, 2)
    for place in np.ndindex(2, 2):
        assert found[place] == pytest.approx(npf.npv(0.1, rows[place]))


def test_npv_with_a_rate_per_period_discounts_by_their_product():
    # 110 / 1.1 + 132 / (1.1 x 1.2) - 200 = 100 + 100 - 200; the rate of time 0 has no effect
    assert finance.npv([9.0, 0.1, 0.2], [-200, 110, 132]) == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("rate", [-1.0, -1.5, [0.1, 0.1, -1.0]])
def test_a_rate_of_minus_100_percent_is_refused(rate):
    with pytest.raises(ValueError, match=r"above -100 %"):
        finance.npv(rate, [-100, 60, 60])


@pytest.mark.parametrize("flows", [[], 5.0])
def test_no_cash_flow_is_refused(flows):
    with pytest.raises(ValueError, match="at least one cash flow"):
        finance.npv(0.1, flows)


def test_a_missing_flow_makes_the_npv_missing():
    assert np.isnan(finance.npv(0.1, [-100, np.nan, 60]))


# Whole cents: what lies below 1e-12 of the largest flow counts as zero on purpose (see finance.NOISE).
FLOWS = st.lists(st.integers(-(10**8), 10**8).map(lambda cents: cents / 100), min_size=2, max_size=12)
RATES = st.floats(-0.5, 1.0)


@settings(deadline=None, max_examples=60)
@given(FLOWS, RATES)
def test_npv_agrees_with_pyxirr(flows, rate):
    scale = max(map(abs, flows)) * len(flows) * 2.0 ** len(flows)
    assert finance.npv(rate, flows) == pytest.approx(pyxirr.npv(rate, flows), abs=1e-12 * scale + 1e-12)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=1, max_size=10))
def test_npv_is_linear_and_at_rate_zero_the_sum(pairs):
    a, b = np.array(pairs).T
    together = finance.npv(0.08, 2 * a + b)
    assert together == pytest.approx(2 * finance.npv(0.08, a) + finance.npv(0.08, b), rel=1e-9, abs=1e-6)
    assert finance.npv(0.0, a) == pytest.approx(a.sum(), rel=1e-9, abs=1e-6)


# --- dated flows ------------------------------------------------------------------------------------------


def test_dates_count_from_the_first_and_may_be_in_any_order_after_it():
    shuffled = [0, 3, 1, 4, 2]
    flows, dates = [MICROSOFT[i] for i in shuffled], [MICROSOFT_DATES[i] for i in shuffled]
    assert finance.xnpv(0.09, flows, dates) == pytest.approx(2086.64760203153, abs=1e-8)
    assert finance.xirr(flows, dates).value == pytest.approx(0.373362535, abs=1e-8)


def test_times_of_day_are_cut_off():
    dates = [f"{day}T17:30" for day in MICROSOFT_DATES]
    assert finance.xnpv(0.09, MICROSOFT, dates) == pytest.approx(2086.64760203153, abs=1e-8)


def test_flows_of_one_day_count_together():
    # 109 - 9 + 10 = 110 after 365 days
    found = finance.xirr([-100, 109, -9, 10], ["2025-01-01", "2026-01-01", "2026-01-01", "2026-01-01"])
    assert found.status == "unique"
    assert found.value == pytest.approx(0.1)


def test_each_flow_needs_its_date():
    with pytest.raises(ValueError, match="2 cash flows need as many dates, found 1"):
        finance.xnpv(0.1, [-1, 2], ["2025-01-01"])


# --- internal rate of return ------------------------------------------------------------------------------


def flows_with_roots(*rates):
    """Cash flows whose internal rates of return are ``rates``: product of x - 1 / (1 + rate)."""
    return np.polynomial.polynomial.polyfromroots([1 / (1 + rate) for rate in rates])


@pytest.mark.parametrize(
    ("flows", "status", "value"),
    [
        ([100, -200, 150], "none", None),  # discriminant 200^2 - 4 x 150 x 100 < 0
        ([100, 60], "none", None),
        ([-100, -60], "none", None),
        ([0, 0, 0], "none", None),
        ([-100], "none", None),
        ([0, -100, 110], "unique", 0.1),  # a leading zero moves nothing
        ([-100, 110, 0, 0], "unique", 0.1),
        ([-1e12, 1.1e12], "unique", 0.1),
        ([-1e-9, 1.1e-9], "unique", 0.1),
        ([-100, 220, -121], "unique", 0.1),  # -(1.1 - x)^2 x 100/1.21: touches zero without crossing
        ([-100, 110, 1e-14], "unique", 0.1),  # what rounding leaves behind
        ([-100, 110, -1e-14], "unique", 0.1),
    ],
)
def test_irr_status(flows, status, value):
    found = finance.irr(flows)
    assert found.status == status
    assert found.value == (None if value is None else pytest.approx(value, abs=1e-7))


@pytest.mark.parametrize("bad", [[-100, np.nan, 60], [-100, np.inf], [[-100, 110], [-100, 120]]])
def test_irr_refuses_what_is_not_one_series_of_numbers(bad):
    with pytest.raises(ValueError, match="one series of finite cash flows"):
        finance.irr(bad)


def test_irr_where_numpy_financial_1_0_is_wrong():
    # numpy-financial issue 28: Excel's 185 %, where 1.0.0 says -76 % (a root as well)
    found = finance.irr([-50, -100, 600, 300, -100])
    assert found.roots == pytest.approx((-0.7689, 1.8544), abs=1e-4)
    assert found.value == pytest.approx(1.8544, abs=1e-4)
    # numpy-financial issue 44 (see PUBLISHED): the other root is there too
    assert finance.irr([-1678.87, 771.96, 1814.05, 3520.3, 3552.95, 3584.99, 4789.91, -1]).roots[
        0
    ] == pytest.approx(-0.99979, abs=1e-5)


def test_the_guess_chooses_among_the_roots():
    pump = [-1600, 10000, -10000]
    assert finance.irr(pump, guess=3.0).value == pytest.approx(4.0)
    # pyxirr answers 0.2 to both whatever the guess
    assert finance.irr([-100, 230, -132]).value == pytest.approx(0.1)
    assert finance.irr([-1000, 2500, -1560]).value == pytest.approx(0.2)


@pytest.mark.parametrize(
    "rates",
    [(0.1, 0.12), (-0.5, 0.05, 0.5), (0.02, 0.04, 0.06, 0.08), (-0.9, 0.0, 1.0, 9.0), (0.1, 0.1, 0.3)],
)
def test_every_root_is_found(rates):
    found = finance.irr(flows_with_roots(*rates)).roots
    assert found == pytest.approx(sorted(set(rates)), abs=1e-6)


def test_a_loan_of_360_months():
    # 1,000 at 1 % a month is paid back by an annuity of 1000 x 0.01 / (1 - 1.01^-360)
    payment = 1000 * 0.01 / (1 - 1.01**-360)
    assert finance.irr([-1000, *[payment] * 360]).value == pytest.approx(0.01, rel=1e-12)


def test_360_flows_that_change_sign_all_the_time():
    flows = np.random.default_rng(3).normal(1, 5, 361)
    for root in finance.irr(flows).roots:
        terms = flows * finance.discount_factors(root, 360)
        assert abs(terms.sum()) < 1e-9 * np.abs(terms).sum()


@settings(deadline=None, max_examples=100)
@given(FLOWS)
@example([-100.0, 220.0, -121.0, 0.0])
def test_irr_makes_the_npv_vanish_and_agrees_with_pyxirr(flows):
    assume(max(map(abs, flows)) > 1e-3)
    found = finance.irr(flows)
    for root in (root for root in found.roots if root > -0.99):  # below, 1 + root has few digits left
        terms = np.array(flows) / np.power(1 + root, np.arange(len(flows)), dtype=np.longdouble)
        assert abs(terms.sum()) <= 1e-7 * np.abs(terms).sum()
    changes = np.count_nonzero(np.diff(np.sign([flow for flow in flows if flow])))
    if changes == 1 and min(abs(flow) for flow in flows if flow) > 1e-3:  # Descartes: exactly one root
        assert found.status == "unique"
        independent = pyxirr.irr(flows)
        if independent is not None and independent > -0.99:
            assert found.value == pytest.approx(independent, rel=1e-6, abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(-9, 30), min_size=1, max_size=5, unique=True))
def test_roots_put_in_come_out(tenths):
    rates = sorted(tenth / 10 for tenth in tenths)
    assert finance.irr(flows_with_roots(*rates)).roots == pytest.approx(rates, abs=1e-6)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(1, 1000), min_size=1, max_size=6))
def test_xirr_of_yearly_flows_is_the_irr(flows):
    # 2001 to 2007: only years of 365 days before 2004-02-29 keep the distances at whole years
    flows = [-1000.0, *flows][:4]
    dates = [f"{2000 + year}-12-31" for year in range(len(flows))]
    assert finance.xirr(flows, dates).value == pytest.approx(finance.irr(flows).value, rel=1e-9, abs=1e-12)


def test_mirr_needs_money_out_and_in():
    assert finance.mirr([100, 100], 0.1, 0.1) is None
    assert finance.mirr([-100, -100], 0.1, 0.1) is None


# --- payback ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flows", "periods"),
    [
        ([-100, 25, 25, 100], 2.5),  # 50 of 100 missing after period 2
        ([-100, 100], 1.0),
        ([-100, 150, -100, 100], 2.5),  # back below zero after period 1: only the lasting crossing counts
        ([-0.3, 0.1, 0.2], 2.0),  # binary fractions add up to 5e-17 below zero
        ([50, 10], 0.0),
        ([-100, 99], None),
        ([-100, 200, -150], None),
    ],
)
def test_payback(flows, periods):
    assert finance.payback(flows) == (None if periods is None else pytest.approx(periods))


def test_discounted_payback_is_later():
    flows = [-100, 60, 60, 60]
    # 60/1.1 = 54.55, 60/1.21 = 49.59: 4.13 over after period 2, so 1 + 45.45/49.59 = 1.9167
    assert finance.discounted_payback(0.1, flows) == pytest.approx(1 + (100 - 60 / 1.1) / (60 / 1.21))
    assert finance.payback(flows) == pytest.approx(1 + 40 / 60)
    assert finance.discounted_payback(0.8, flows) is None  # 60/1.8 + 60/3.24 + 60/5.832 = 62.1


# --- capital charge ---------------------------------------------------------------------------------------


@st.composite
def projects(draw):
    """Any profit, any capital that is released at the end, and a rate per period."""
    size = draw(st.integers(2, 12))
    amounts = st.lists(st.floats(-1e6, 1e6), min_size=size, max_size=size)
    rates = draw(st.lists(st.floats(0.0, 0.5), min_size=size, max_size=size))
    capital = np.array(draw(amounts))
    capital[-1] = 0.0
    return np.array(draw(amounts)), capital, np.array(rates)


@settings(deadline=None, max_examples=100)
@given(projects())
def test_residual_income_is_worth_the_npv(project):
    profit, capital, rates = project
    cash = profit - np.diff(capital, prepend=0.0)
    found = finance.reconcile(cash, profit, capital, rates)
    scale = max(1.0, np.abs(profit).max(), np.abs(capital).max())
    assert abs(found.difference) <= 1e-12 * scale * cash.size
    assert found.npv == pytest.approx(found.pv_residual_income, abs=1e-9 * scale)


def test_capital_left_at_the_end_is_told():
    # cash -100, 10, 10; profit 0, 10, 10; capital stays at 100: residual income 0, so 0 - 100/1.1^2 = NPV
    found = finance.reconcile([-100, 10, 10], [0, 10, 10], [100, 100, 100], 0.1)
    assert found.pv_residual_income == pytest.approx(0.0, abs=1e-12)
    assert found.pv_closing_capital == pytest.approx(100 / 1.21)
    assert found.npv == pytest.approx(-100 / 1.21)
    assert found.difference == pytest.approx(0.0, abs=1e-12)


def test_a_charge_on_closing_capital_would_not_reconcile():
    profit, capital = np.array([0.0, 30, 30, 30]), np.array([90.0, 60, 30, 0])
    npv = finance.npv(0.1, profit - np.diff(capital, prepend=0.0))
    assert finance.npv(0.1, finance.residual_income(profit, capital, 0.1)) == pytest.approx(npv)
    assert finance.npv(0.1, profit - 0.1 * capital) != pytest.approx(npv, rel=0.01)


def test_capital_is_charged_for_every_draw():
    charge = finance.capital_charge([[100, 50, 0], [0, 20, 0]], 0.1)
    assert charge == pytest.approx(np.array([[0, 10, 5], [0, 0, 2]]))


# --- real and nominal -------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(FLOWS, st.floats(0.0, 0.3), st.floats(-0.05, 0.2))
def test_nominal_flows_at_the_nominal_rate_are_worth_the_real_ones_at_the_real_rate(flows, real, inflation):
    nominal = np.array(flows) * finance.price_index(inflation, np.arange(len(flows)))
    found = finance.npv(finance.nominal_rate(real, inflation), nominal)
    assert found == pytest.approx(finance.npv(real, flows), rel=1e-9, abs=1e-6)
    assert finance.real_rate(finance.nominal_rate(real, inflation), inflation) == pytest.approx(
        real, abs=1e-12
    )


def test_a_monthly_rate_compounds_to_the_yearly_one():
    assert (1 + finance.convert_rate(0.12, 1 / 12)) ** 12 == pytest.approx(1.12)
    assert finance.convert_rate(0.01, 12) == pytest.approx(0.126825, abs=1e-6)  # 1.01^12
