"""Retention and lifetime value against published results."""

import numpy as np
import pytest

from tests.relationship.published import HIGH_END
from vs_toolkit import finance, relationship


def test_the_published_fit():
    """Fader and Hardie (2007): alpha 0.668, beta 3.806, log-likelihood -1611.2."""
    fit = relationship.sbg_fit(HIGH_END)
    alpha, beta = fit
    assert alpha == pytest.approx(0.668, abs=0.002)
    assert beta == pytest.approx(3.806, abs=0.01)
    assert fit.log_likelihood == pytest.approx(-1611.2, abs=0.06)


def test_the_published_projection():
    """Projected 37.8% active after year 12, observed 39.4%: 4% too low."""
    projected = float(relationship.sbg_survival(0.668, 3.806, 12))
    assert projected == pytest.approx(0.378, abs=0.0006)
    assert projected / 0.394 - 1 == pytest.approx(-0.04, abs=0.005)


def test_survival_by_the_recursion_of_the_paper():
    """P(T=1) = a/(a+b); P(T=t) = P(t-1) (b+t-2)/(a+b+t-1): with a = 1, b = 2, S = 2/3, 1/2, 2/5."""
    assert relationship.sbg_survival(1.0, 2.0, [0, 1, 2, 3]) == pytest.approx([1, 2 / 3, 1 / 2, 2 / 5])


def test_a_known_cohort_is_found_again():
    active = 1e6 * relationship.sbg_survival(0.8, 3.0, np.arange(9))
    alpha, beta = relationship.sbg_fit(active)
    assert (alpha, beta) == pytest.approx((0.8, 3.0), rel=1e-3)


@pytest.mark.parametrize("active", [[100, 80], [100, 90, 95], [100, 100, 100], [100, np.nan, 80]])
def test_what_cannot_be_fitted_is_told(active):
    with pytest.raises(ValueError, match="active"):
        relationship.sbg_fit(active)


def test_retention_rises_with_tenure():
    """869/1000, 743/869, 653/743, 593/653, 551/593, 517/551, 491/517."""
    expected = [0.869, 0.855, 0.879, 0.908, 0.929, 0.938, 0.950]
    assert relationship.retention_by_tenure(HIGH_END) == pytest.approx(expected, abs=0.0005)


def test_new_customers_do_not_count():
    """(210 - 30) / 200."""
    assert relationship.retention(200, 210, 30) == 0.9
    assert relationship.retention(0, 5, 5) is None


def test_retention_from_life():
    assert relationship.retention_from_life([4, 5, 6]) == pytest.approx([0.75, 0.8, 0.833], abs=0.0005)


def test_lifetime_value_with_the_first_margin_certain():
    """40 * 1.15 / (1.15 - 0.5) - 30 = 40.769 each, for 100,000 customers (Berger and Nasr 1998)."""
    assert 100_000 * relationship.lifetime_value(40, 0.5, 0.15, 30) == pytest.approx(4_076_923.08, abs=0.01)


def test_lifetime_value_is_the_sum_of_its_years():
    years = 40 * 0.5 ** np.arange(200)
    assert relationship.lifetime_value(40, 0.5, 0.15) == pytest.approx(float(finance.npv(0.15, years)))


@pytest.mark.parametrize(("retention", "rate"), [(1.1, 0.1), (-0.1, 0.1), (1.0, 0.0)])
def test_a_value_without_end_is_refused(retention, rate):
    with pytest.raises(ValueError, match="retention"):
        relationship.lifetime_value(40, retention, rate)


def test_migration():
    """Pfeifer and Carraway (2000): 231.08, 57.29, 21.01, 0."""
    found = relationship.migration_value([0.5, 0.2, 0.1, 0], [100, 0, 0, 0], 0.1)
    assert found == pytest.approx([231.08, 57.29, 21.01, 0], abs=0.01)


def test_migration_of_two_states_by_hand():
    """V0 = 100 + 0.5 V0 / 1.25 (state 1 is gone): V0 = 100 / 0.6 = 166.67."""
    assert relationship.migration_value([0.5, 0], [100, 0], 0.25)[0] == pytest.approx(500 / 3)


def test_a_published_customer_cash_flow():
    """Reichheld's best customers, mbm-book.com: 91.17 with three-digit factors."""
    assert float(finance.npv(0.15, [-51, 30, 42, 44, 49, 55])) == pytest.approx(91.17, abs=0.04)
