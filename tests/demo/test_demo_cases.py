"""The cases of the example company show everything a report has to cope with."""

import pytest

from tests.shared import ROOT
from vs_toolkit import impact
from vs_toolkit.impact import BusinessCase

CASES = {path.stem: impact.read_case(path) for path in sorted((ROOT / "data" / "demo" / "cases").iterdir())}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_residual_income_is_worth_the_same_as_the_cash_flow(case: BusinessCase) -> None:
    result = impact.evaluate(case)
    assert result.reconciliation.pv_residual_income == pytest.approx(result.npv, rel=1e-9)


def test_one_in_ten_asks_for_more_than_it_is_worth() -> None:
    stopped = {name for name, case in CASES.items() if impact.price_corridor(case).stop}
    assert stopped == {"C008-01", "C019-01"}


def test_worth_having_as_expected_but_not_always_at_the_adverse_end() -> None:
    assert min(impact.evaluate(case).npv for case in CASES.values()) > 0
    adverse = [impact.evaluate(case, "low").npv for case in CASES.values()]
    assert min(adverse) < 0 < max(adverse)
