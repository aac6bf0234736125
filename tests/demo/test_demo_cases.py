"""The cases of the example company show everything a report has to cope with."""

import numpy as np
import pytest

from tests.shared import ROOT
from vs_toolkit import impact
from vs_toolkit.impact import BusinessCase

CASES = {path.stem: impact.read_case(path) for path in sorted((ROOT / "data" / "demo" / "cases").iterdir())}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_residual_income_is_worth_the_same_as_the_cash_flow(case: BusinessCase) -> None:
    result = impact.evaluate(case)
    assert result.reconciliation.pv_residual_income == pytest.approx(result.npv, rel=1e-9)


STUDIES = {name: impact.monte_carlo(case, 1000, 1) for name, case in CASES.items()}
RESULTS = {name: impact.evaluate(case) for name, case in CASES.items()}


def test_some_ask_for_more_than_it_is_worth() -> None:
    stopped = {name for name, case in CASES.items() if impact.price_corridor(case).stop}
    assert {"C008-01", "C019-01"} <= stopped
    assert len(stopped) < len(CASES) / 3


def test_a_few_lose_and_the_probability_of_loss_is_spread_between_0_and_60_percent() -> None:
    losing = [name for name, result in RESULTS.items() if result.npv < 0]
    assert 2 <= len(losing) <= len(CASES) / 5
    loss = sorted(found.probability_negative for found in STUDIES.values())
    assert loss[-1] <= 0.6
    per_band, _ = np.histogram(loss, [0, 0.02, 0.1, 0.3, 0.5, 0.6])
    assert per_band.min() >= 2 and per_band[0] <= len(loss) / 2


def test_payback_reaches_from_months_to_years_and_most_have_a_rate() -> None:
    paybacks = [result.payback for result in RESULTS.values() if result.payback]
    assert min(paybacks) < 1 < 3 < max(paybacks)
    rated = [name for name, result in RESULTS.items() if result.rate.rate is not None]
    assert len(rated) > 0.8 * len(CASES)


def test_the_mean_is_beside_the_base_case_and_ranges_are_on_most_numbers() -> None:
    assert all(found.uncertain >= 3 for found in STUDIES.values())
    assert {case.state for case in CASES.values()} == {"offered", "ordered", "running", "ended"}
