"""The whole plan: gaps instead of faults, nothing from later, what has changed, the customer edition."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from tests.plan.made import CUSTOMERS, DAY, plan_of
from tests.shared import ROOT
from vs_toolkit.charts import figure
from vs_toolkit.inputs import read_source
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables import plan as tables
from vs_toolkit.inputs.views.view import view
from vs_toolkit.plan import charts, exhibits, findings, summary
from vs_toolkit.plan.study import SECTIONS, CustomerPlan
from vs_toolkit.tables import Table

DRAWINGS = (
    "index", "money", "effort", "goals", "coverage", "decision", "indicators", "white_space", "matrix",
)  # fmt: skip
SHOWN = [
    exhibits.attention, exhibits.changes, exhibits.goals, exhibits.unknown, exhibits.money,
    exhibits.next_actions,
    exhibits.all_actions, exhibits.elements, exhibits.regions, exhibits.care, exhibits.persons, exhibits.team,
    exhibits.knowledge, exhibits.answers, exhibits.indicators, exhibits.gaps, exhibits.events, exhibits.lift,
    exhibits.candidates, exhibits.checklist, exhibits.open_cells, exhibits.opportunities, exhibits.effort,
]  # fmt: skip
SENTENCES = [
    findings.coverage, findings.coverage_next, findings.decision, findings.conflicts, findings.knowledge,
    findings.gaps, findings.gaps_next, findings.candidates, findings.lift, findings.space, findings.matrix,
    findings.movers, findings.decision_next,
    findings.knowledge_next, findings.space_next, findings.effort,
    findings.effort_next, findings.goals, findings.delivered, summary.lead,
    summary.ages, summary.decision,
]  # fmt: skip
OPPORTUNITIES = "opportunity_id,customer_id,created_at,value,currency\nO1,C1,2026-01-01,100,EUR\n"
USED = ("activities", "benchmarks", "opportunities", "people", "sales", "status_changes", "statuses")
FIRST_PAGE = {  # customer of the example -> topic and words that its first page brings out
    "C001": ("White space", "exceeds the whole open pipeline"),
    "C002": ("Contacts", "are in purchasing"),
    "C003": ("Decision makers", "attitudes are positive"),
    "C004": ("Plan", "has not been updated for"),
    "C005": ("Effort", "into opportunities to drop"),
    "C006": ("Segment", "depends on one weight"),
    "C013": ("Region", "Sales in Southern Europe lose"),
}


def everything(plan):
    """Show all of it: every table, sentence and drawing."""
    tables_ = {show.__name__: show(plan) for show in SHOWN}
    written = {name: table.written() for name, table in tables_.items() if not table.empty}
    said = {say.__name__: say(plan) for say in SENTENCES}
    said |= {"who": " ".join(summary.who(plan)), "tiles": str(summary.tiles(plan))}
    for name in DRAWINGS:
        _, ax = figure()
        getattr(charts, name)(ax, plan)
    return written, said, summary.key_figures(plan)


@pytest.fixture(scope="module")
def demo():
    return read_source(ROOT / "data/demo")


def demo_plan(inputs, customer, as_of=DAY, edition="internal"):
    return CustomerPlan(view(inputs, as_of, edition).customer(customer))


@pytest.mark.parametrize("given", [{}, {"opportunities": OPPORTUNITIES}])
def test_almost_nothing_given_still_gives_a_plan(tmp_path, given):
    plan = plan_of(tmp_path, **given)
    written, said, figures = everything(plan)
    assert "No plan is written" in written["unknown"].to_string()
    assert "not known" in said["lead"]
    assert figures["relationship_value"][0] is None
    assert figures["covered"][0] is None
    assert not any("nan" in text.lower().split() for text in said.values())


@pytest.mark.parametrize("table", [*tables.TABLES, *(name for name in USED if name in TABLES)])
def test_any_one_table_may_be_missing(demo, table):
    without = {name: frame for name, frame in demo.tables.items() if name != table}
    everything(demo_plan(replace(demo, tables=without), "C001"))


@pytest.mark.parametrize("customer", FIRST_PAGE)
def test_what_was_planted_is_on_the_first_page(demo, customer):
    topic, words = FIRST_PAGE[customer]
    plan = demo_plan(demo, customer)
    assert words in findings.alerts(plan)[topic]
    assert words in exhibits.attention(plan).written().to_string(max_colwidth=None)


@pytest.mark.parametrize("customer", ["C002", "C004", "C008", "C013", "C024"])
def test_customers_of_all_kinds_have_a_plan(demo, customer):
    everything(demo_plan(demo, customer))


@pytest.mark.parametrize("customer", ["C001", "C007"])
def test_what_is_known_later_changes_nothing(demo, customer):
    early = date(2026, 3, 31)
    plan = demo_plan(demo, customer, early)
    for name, (table, dated) in SECTIONS.items():
        days = plan.table(table)[dated]
        assert days.empty or days.max() <= pd.Timestamp(early), name
    # the plan of today, cut to that day, is the plan as of that day
    again = demo_plan(demo, customer)
    object.__setattr__(again, "data", view(demo, early).customer(customer))
    assert everything(again)[1] == everything(plan)[1]


def test_then_is_the_plan_as_of_the_review(demo):
    plan = demo_plan(demo, "C001")
    assert plan.reviewed == date(2026, 3, 30)
    at_the_time = demo_plan(demo, "C001", plan.reviewed)
    assert plan.then.index.value == pytest.approx(at_the_time.index.value)
    assert plan.then.goals["actual"].equals(at_the_time.goals["actual"])
    assert plan.then.pipeline == at_the_time.pipeline


def test_changes_name_what_is_new(tmp_path):
    plan = plan_of(
        tmp_path,
        reviews="customer_id,reviewed_on\nC1,2026-03-31\n",
        contacts="contact_id,customer_id,recorded_on,name,attitude\n"
        "K1,C1,2026-01-01,Ann,neutral\nK1,C1,2026-05-01,Ann,positive\nK2,C1,2026-05-01,Bob,neutral\n",
        goals="customer_id,goal_id,recorded_on,whose,goal,measured_in,baseline,target,actual\n"
        "C1,G1,2026-01-01,ours,Share,share,0.1,0.3,0.15\nC1,G1,2026-05-01,ours,Share,share,0.1,0.3,0.2\n",
        situations="customer_id,situation_id,happened_on,level,kind,event\n"
        "C1,S1,2026-05-02,company,New line,A line was ordered\n",
    )
    assert findings.changes(plan) == {
        "Goals": "Share: 15.0% to 20.0%.",
        "Contacts": "new: Bob; Ann: attitude neutral to positive.",
        "Events": "A line was ordered (2 May 2026).",
    }


def test_scores_of_unknown_scales_are_told(tmp_path):
    head = "customer_id,scale,element,assessed_on,score\n"
    plan = plan_of(
        tmp_path, assessments=head + "C1,partnerin,trust,2026-01-01,50\nC1,partnering,trst,2026-01-01,5\n"
    )
    assert "partnerin and partnering/trst" in findings.unknown(plan)["Scores"]


def test_the_customer_edition_holds_no_judgement(demo):
    plan = demo_plan(demo, "C001", edition="customer")
    assert "contacts" not in plan.data.tables and "assessments" not in plan.data.tables
    assert set(summary.key_figures(plan)) == {"goals_on_track", "value_realised"}
    text = " ".join(
        [summary.lead(plan), str(summary.tiles(plan)), summary.decision(plan), *summary.meaning(plan)]
    )
    shown = [exhibits.goals, exhibits.next_actions, exhibits.unknown, exhibits.answers, exhibits.gaps]
    text += " ".join(show(plan).written().to_string() for show in shown)
    for word in (
        "segment",
        "key customer",
        "attitude",
        "Relationship value",
        "white",
        "pipeline",
        "drop",
    ):
        assert word.lower() not in text.lower()
    goals = demo.tables["goals"]
    hidden = goals.loc[(goals["customer_id"] == "C001") & ~goals["shared"].eq(True).fillna(False), "goal"]
    assert len(hidden) and not any(goal in text for goal in hidden)


def test_every_exhibit_is_a_table(tmp_path):
    plan = plan_of(tmp_path, customers=CUSTOMERS)
    assert all(isinstance(show(plan), Table) for show in SHOWN)
