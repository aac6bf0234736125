import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tests.funnel import made
from tests.funnel.records import FUNNEL, changes, ways
from vs_toolkit.errors import ParameterError
from vs_toolkit.funnel.pipeline.leads import lead_plan, leads_needed
from vs_toolkit.funnel.rates.calibration import calibrate


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 40), st.floats(0.02, 1), st.floats(0.5, 0.95))
def test_so_many_leads_bring_the_orders_and_one_less_does_not(orders, hit_rate, confidence):
    leads = leads_needed(orders, hit_rate, confidence=confidence).to_be_sure
    assert stats.binom.sf(orders - 1, leads, hit_rate) >= confidence - 1e-9
    assert leads == orders or stats.binom.sf(orders - 1, leads - 1, hit_rate) < confidence


def test_the_mean_alone_misses_the_target_about_every_other_time():
    needed = leads_needed(20, 0.1)
    assert needed.on_average == pytest.approx(200)
    assert 0.5 < stats.binom.sf(19, 200, 0.1) < 0.6 < 0.8 <= stats.binom.sf(19, needed.to_be_sure, 0.1)


def test_a_hit_rate_from_few_cases_takes_more_leads():
    rng = np.random.default_rng(4)
    share = rng.beta(6.5, 24.5, 100_000)  # 6 of 30 won
    simulated = 10 + np.quantile(rng.negative_binomial(10, share), 0.8)
    assert leads_needed(10, 0.2, cases=30).to_be_sure == pytest.approx(simulated, abs=2)
    assert leads_needed(10, 0.2, cases=30).to_be_sure > leads_needed(10, 0.2, cases=300).to_be_sure > 61


def test_edges():
    assert leads_needed(0, 0.2).to_be_sure == 0
    assert leads_needed(5, 1.0).to_be_sure == 5
    nothing = leads_needed(5, 0.0)
    assert nothing.to_be_sure is None and math.isinf(nothing.on_average)


@pytest.mark.parametrize(
    ("rate", "confidence", "said"), [(20, 0.8, "between 0 and 1"), (0.2, 80, "such as 0.80")]
)
def test_percentages_are_not_fractions(rate, confidence, said):
    with pytest.raises(ParameterError, match=said):
        leads_needed(5, rate, confidence=confidence)


def test_leads_that_come_later_have_less_time():
    plan = lead_plan(calibrate(made.made().status_changes, made.FUNNEL, made.AS_OF), 10, "2026-06-30")
    assert plan.index[0] == made.pd.Timestamp(made.AS_OF) and len(plan) == 13
    assert plan["hit_rate"].is_monotonic_decreasing
    assert plan["to_be_sure"].dropna().is_monotonic_increasing
    assert (plan["to_be_sure"] > plan["on_average"]).sum() == plan["on_average"].notna().sum()


@pytest.mark.parametrize("record", [changes(), ways(A="Lead 1"), ways(A="Lead 1 Lost 4")])
def test_without_an_order_no_number_of_leads_is_named(record):
    plan = lead_plan(calibrate(record, FUNNEL, "2026-03-31"), 3, "2026-06-30")
    assert plan["to_be_sure"].isna().all() and len(plan) == 4
