"""Every planted defect can be found where it is said to be, and nowhere else."""

import pandas as pd
import pytest

from vs_toolkit.demo.defects import KINDS, plant_defects, plant_twins
from vs_toolkit.demo.histories import generate_histories
from vs_toolkit.demo.truth import FUNNEL_TRUTH

Planted = tuple[pd.DataFrame, dict[str, tuple[str, ...]]]
CLEAN = generate_histories(FUNNEL_TRUTH, 300, seed=2)


@pytest.fixture(scope="module")
def planted() -> Planted:
    return plant_defects(CLEAN.status_changes, per_kind=3, seed=2)


def statuses(changes: pd.DataFrame, case: str) -> list[str]:
    return changes.loc[changes["opportunity_id"] == case, "status"].to_list()


def test_each_kind_has_cases_of_its_own(planted: Planted) -> None:
    cases = [case for kind in KINDS for case in planted[1][kind]]
    assert len(cases) == len(set(cases)) == 3 * len(KINDS)


def test_all_other_cases_are_unchanged(planted: Planted) -> None:
    changes, where = planted
    touched = [case for cases in where.values() for case in cases]
    rest, before = (f[~f["opportunity_id"].isin(touched)] for f in (changes, CLEAN.status_changes))
    pd.testing.assert_frame_equal(rest.reset_index(drop=True), before.reset_index(drop=True))


def test_the_defects_are_there(planted: Planted) -> None:
    changes, where = planted
    for case in where["repeated"]:
        assert statuses(changes, case)[:2] == ["Lead qualified"] * 2
    for case in where["won_and_lost"]:
        assert statuses(changes, case)[-2:] == ["Order", "Lost"]
    for case in where["reopened"]:
        assert statuses(changes, case)[-2:] == ["Lost", "Proposal with price"]
    for case in where["out_of_order"]:
        assert not changes.loc[changes["opportunity_id"] == case, "changed_at"].is_monotonic_increasing
    for case in where["misfiled"]:
        assert statuses(changes, case)[-1] == "Lead qualified"
    assert set(changes["opportunity_id"].tail(3)) <= set(where["misfiled"])


def test_twins_tell_the_same_story() -> None:
    cases, changes = plant_twins(CLEAN.opportunities, CLEAN.status_changes, 2)
    assert len(cases) == 302
    assert statuses(changes, "T000300") == statuses(changes, "O000300")
