import pytest

from tests.plan.made import STATUSES, plan_of
from vs_toolkit.plan.prospects import DONT_LOSE, DROP, INVEST, SECURE, UNKNOWN, Dividers, movers

OPPORTUNITIES = """\
opportunity_id,customer_id,name,created_at,value,currency,decision_process_known
O1,C1,One,2026-01-01,100,EUR,true
O2,C1,Two,2026-01-01,200,EUR,false
O3,C1,Three,2026-01-01,,EUR,
O4,C1,Four,2025-01-01,400,EUR,true
"""
CHANGES = """\
opportunity_id,changed_at,status,value
O1,2026-01-01T09:00,Lead,150
O2,2026-01-01T09:00,Lead,
O4,2025-01-01T09:00,Lead,
O4,2025-02-01T09:00,Won,500
O3,2026-01-01T09:00,Lead,
"""
SCORES = """\
customer_id,opportunity_id,scale,element,assessed_on,score
C1,O1,attractiveness,core_competence,2026-02-01,100
C1,O1,chance_to_win,participation,2026-02-01,50
C1,O2,attractiveness,core_competence,2026-02-01,0
C1,O2,attractiveness,short_term_profit,2026-02-01,50
C1,O2,chance_to_win,participation,2026-02-01,100
C1,O3,attractiveness,core_competence,2026-02-01,100
"""
ACTIVITIES = """\
date,customer_id,opportunity_id,type,hours
2026-02-01,C1,O1,Visit,10
2026-03-01,C1,O2,Visit,30
2026-03-01,C1,O3,Visit,5
2026-03-01,C1,O4,Visit,4
2026-03-01,C1,,Visit,1
2025-01-15,C1,O4,Visit,50
"""


@pytest.fixture
def plan(tmp_path):
    return plan_of(
        tmp_path, opportunities=OPPORTUNITIES, status_changes=CHANGES, statuses=STATUSES,
        assessments=SCORES, activities=ACTIVITIES,
    )  # fmt: skip


def test_both_axes(plan):
    found = plan.prospects
    assert list(found.index) == ["O1", "O2", "O3"]  # O4 is won
    # O1 attractiveness: core competence 25 x 100 and, from the customer, selection 18 x 100: 100
    # O1 chance: decision process known 25 x 100, participation 20 x 50: 3,500 / 45
    assert found.loc["O1", ["attractiveness", "chance"]].tolist() == pytest.approx([100, 3500 / 45])
    # O2 attractiveness: 25 x 0 + 18 x 100 + 20 x 50 over 63; chance: 25 x 0 + 20 x 100 over 45
    assert found.loc["O2", ["attractiveness", "chance"]].tolist() == pytest.approx([2800 / 63, 2000 / 45])
    assert found["box"].to_dict() == {"O1": DONT_LOSE, "O2": DROP, "O3": UNKNOWN}
    assert found.loc["O1", "coverage_c"] == pytest.approx(0.45)
    assert found.loc["O2", "reason"] == "Core competence: outside what we do"


def test_the_value_is_the_last_one_recorded(plan):
    assert plan.prospects.loc["O1", "value"] == 150
    assert plan.pipeline == 350  # 150 + 200; O3 has no value


def test_the_dividers_move(plan):
    found = plan.prospects
    # O2: chance 44.4 lies above 50 - 15 when cash is short; O1: attractiveness 100 stays above 65
    assert found.loc["O2", ["full_capacity", "short_of_cash"]].tolist() == [DROP, SECURE]
    assert list(movers(found).index) == ["O2"]


def test_effort_by_box(plan):
    found = plan.effort
    assert found.boxes["hours"].to_dict() == {DROP: 30, SECURE: 0, INVEST: 0, DONT_LOSE: 10}
    assert found.boxes["share"].to_dict() == {DROP: 0.75, SECURE: 0, INVEST: 0, DONT_LOSE: 0.25}
    assert (found.elsewhere, found.other) == (5, 5)
    # drop has 0.75 - 0.05 too much of 40 hours; 500 won in 100 hours in all
    assert found.to_move == pytest.approx(28)
    assert found.worth_moving == pytest.approx(28 * 5)


def test_nothing_done_moves_nothing(tmp_path):
    found = plan_of(tmp_path, opportunities=OPPORTUNITIES, assessments=SCORES).effort
    assert (found.to_move, found.won_per_hour) == (0, None)


def test_without_stages_every_opportunity_is_taken_as_open(tmp_path):
    plan = plan_of(tmp_path, opportunities=OPPORTUNITIES)
    assert not plan.stages_known
    assert len(plan.open_cases) == 4
    assert set(plan.prospects["box"]) == {UNKNOWN}


@pytest.mark.parametrize(("shift", "ends"), [(15, (65, 35)), (60, (100, 0))])
def test_dividers_stay_on_the_scale(shift, ends):
    lines = Dividers(50, 50, shift)
    assert (lines.full_capacity.attractiveness, lines.short_of_cash.chance) == ends
