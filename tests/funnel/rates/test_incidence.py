import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from vs_toolkit.funnel.rates.incidence import followed, incidence

KINDS = np.array(["open", "won", "lost"])


def spells(days, kinds, delay=0.0):
    end = np.asarray(days, dtype=float)
    return pd.DataFrame(
        {"days": end, "days_to_end": end, "outcome": KINDS[np.asarray(kinds)], "delay": delay}
    )


def drawn(seed, n):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 12, n).astype(float), rng.integers(0, 3, n)


def test_six_cases_by_hand():
    # Day 2: 6 at risk, one won: 1/6. Day 3: 5 at risk, one lost, undecided 5/6 x 4/5 = 2/3. Day 4: one is no
    # longer seen. Day 5: 3 at risk, one won: 1/6 + 2/3 x 1/3 = 7/18, undecided 4/9. Day 6: of 2 one lost.
    found = incidence(followed(spells([2, 3, 4, 5, 6, 10], [1, 2, 0, 1, 2, 0])))
    assert found.days.tolist() == [2, 3, 5, 6]
    np.testing.assert_allclose(found.won, [1 / 6, 1 / 6, 7 / 18, 7 / 18])
    np.testing.assert_allclose(found.undecided, [5 / 6, 2 / 3, 4 / 9, 2 / 9])
    np.testing.assert_allclose(found.lost, [0, 1 / 6, 1 / 6, 1 / 6 + 2 / 9])


@pytest.mark.parametrize("seed", range(6))
def test_shares_and_standard_errors_are_those_of_statsmodels(seed):
    days, kinds = drawn(seed, 40 + 60 * seed)
    days, kinds = (
        np.append(days, 20),
        np.append(kinds, 0),
    )  # its formula fails where the last at risk is closed
    ours, theirs = incidence(followed(spells(days + 1, kinds))), CumIncidenceRight(days + 1, kinds)
    place = np.searchsorted(theirs.times, ours.days)
    np.testing.assert_allclose(ours.won, theirs.cinc[0][place], rtol=1e-12)
    np.testing.assert_allclose(ours.lost, theirs.cinc[1][place], rtol=1e-12)
    np.testing.assert_allclose(np.sqrt(ours.variance), theirs.cinc_se[0][place], rtol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_late_entries_leave_the_undecided_share_of_kaplan_and_meier(seed):
    days, kinds = drawn(seed, 80)
    delay = np.where(np.arange(80) % 2, np.maximum(days - 3, 0), 0)
    days, kinds, delay = (np.append(column, last) for column, last in ((days, 30), (kinds, 0), (delay, 0)))
    ours = incidence(followed(spells(days + 1, kinds, delay)))
    theirs = SurvfuncRight(days + 1, (kinds > 0).astype(int), entry=delay)
    expected = pd.Series(theirs.surv_prob, theirs.surv_times).reindex(ours.days)
    np.testing.assert_allclose(ours.undecided, expected, rtol=1e-12)


def test_a_case_closed_when_observation_begins_does_not_count():
    found = incidence(followed(spells([5, 5, 8], [1, 1, 2], delay=[5, 0, 0])))
    assert found.won.tolist() == [0.5, 0.5]  # of the two at risk on day 5


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2)), min_size=1, max_size=30))
def test_shares_sum_to_one_and_rise(cases):
    days, kinds = zip(*cases, strict=True)
    found = incidence(followed(spells(days, kinds)))
    np.testing.assert_allclose(found.won + found.lost + found.undecided, 1.0)
    assert (np.diff(found.won) >= 0).all() and (found.variance >= 0).all()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 2)), min_size=1, max_size=30))
def test_without_open_cases_it_is_the_plain_share_with_its_binomial_variance(cases):
    days, kinds = (np.array(column) for column in zip(*cases, strict=True))
    found, share = incidence(followed(spells(days, kinds))), (kinds == 1).mean()
    np.testing.assert_allclose(found.won[-1], share)
    np.testing.assert_allclose(found.variance[-1], share * (1 - share) / len(kinds), atol=1e-12)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(0, 8))
def test_chosen_cases_are_estimated_as_if_they_were_alone(seed, age):
    days, kinds = drawn(seed, 25)
    part, alone = days > age, spells(days[days > age], kinds[days > age])
    ours, theirs = incidence(followed(spells(days, kinds)), part), incidence(followed(alone))
    np.testing.assert_array_equal(ours.days, theirs.days)
    np.testing.assert_allclose(ours.won, theirs.won)
    np.testing.assert_allclose(ours.variance, theirs.variance, atol=1e-15)
