import pytest

from tests.plan.made import plan_of
from vs_toolkit.plan.goals import next_actions, without_action

GOALS = """\
customer_id,goal_id,recorded_on,whose,goal,baseline,target,actual,start,due
C1,G1,2026-01-01,ours,Share,0.2,0.4,,2026-01-01,2026-12-31
C1,G1,2026-06-01,ours,Share,0.2,0.4,0.3,2026-01-01,2026-12-31
C1,G2,2026-01-01,customer,Stops,40,20,18,2026-01-01,2026-12-31
C1,G3,2026-01-01,customer,Stock,100,80,95,2025-01-01,2026-05-31
C1,G4,2026-01-01,customer,Sites,0,3,,2026-01-01,2026-12-31
C1,G5,2026-01-01,ours,Cases,0,10,1,2026-01-01,2026-12-31
"""
ACTIONS = """\
customer_id,action_id,recorded_on,action,goal_id,accountable,responsible,due,status
C1,A1,2026-01-01,Late one,G1,Ann,Ann,2026-06-29,open
C1,A2,2026-01-01,Done one,G2,Ann,Bob,2026-03-01,open
C1,A2,2026-03-01,Done one,G2,Ann,Bob,2026-03-01,done
C1,A3,2026-01-01,No owner,G3,,Bob,2026-08-01,open
C1,A4,2026-01-01,Two owners,,Ann; Bob,Bob,2026-09-01,in progress
C1,A5,2026-01-01,Nobody does it,G9,Ann,,,open
C1,A6,2026-01-01,Dropped,G4,Ann,Ann,2026-02-01,dropped
""".replace(",G9,", ",,")


@pytest.fixture
def plan(tmp_path):
    return plan_of(tmp_path, goals=GOALS, actions=ACTIONS)


def test_attainment_and_state(plan):
    found = plan.goals.set_index("goal_id")
    # G1: (0.3 - 0.2) / 0.2 = 0.5 with 180 of 364 days gone = 0.4945; G2: (18 - 40) / -20 = 1.1
    assert found.loc["G1", "attainment"] == pytest.approx(0.5)
    assert found.loc["G1", "elapsed"] == pytest.approx(180 / 364)
    assert found.loc["G2", "attainment"] == pytest.approx(1.1)
    states = {"G1": "on track", "G2": "done", "G3": "late", "G4": "not measured", "G5": "behind"}
    assert found["state"].to_dict() == states


def test_the_customers_own_goals_come_first(plan):
    assert plan.goals["whose"].tolist() == ["customer"] * 3 + ["ours"] * 2


def test_actions_with_faults(plan):
    found = plan.actions.set_index("action_id")
    assert found["state"].to_dict() == {
        "A1": "late",
        "A2": "done",
        "A3": "open",
        "A4": "open",
        "A5": "no date",
    }
    faults = {"A1": "", "A2": "", "A3": "no owner", "A4": "2 owners", "A5": "nobody responsible"}
    assert found["fault"].to_dict() == faults
    assert next_actions(plan.actions)["action_id"].tolist() == ["A1", "A3", "A4"]


def test_goals_that_no_action_serves(plan):
    # G4 is served by an action that was dropped, G5 by none; G2 is reached
    assert set(without_action(plan.goals, plan.actions)["goal_id"]) == {"G4", "G5"}


def test_a_target_at_the_baseline_has_no_attainment(tmp_path):
    plan = plan_of(
        tmp_path, goals=GOALS.splitlines()[0] + "\nC1,G1,2026-01-01,ours,Same,5,5,5,2026-01-01,2026-12-31\n"
    )
    assert plan.goals["attainment"].isna().all()
    assert plan.goals["state"].tolist() == ["not measured"]
