"""The operating model by hand: grids, people, culture, self-assessment, systems, processes."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.portfolio.made import sales, tables
from vs_toolkit.errors import InputError, ParameterError
from vs_toolkit.inputs.cases.process import load_process, process_named, relationship
from vs_toolkit.inputs.cases.questionnaire import questionnaire
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.operating import arsci, assessment, culture, exhibits, findings, lanes, summary, systems
from vs_toolkit.operating.study import OperatingModel

AS_OF = date(2026, 6, 30)
DAY = pd.Timestamp("2026-09-01")


def frame(table, *rows):
    names = list(TABLES[table].model_fields)[: len(rows[0])] if rows else []
    made = pd.DataFrame(list(rows), columns=names).reindex(columns=list(TABLES[table].model_fields))
    for name in made:
        if name.endswith(("_on", "since", "until", "due")):
            made[name] = pd.to_datetime(made[name])
    return made


def duties(**by_activity):
    """Table of responsibilities: activity -> letters of seller, manager, finance."""
    roles = ("seller", "manager", "finance")
    rows = [
        ("Selling", None, activity, role, letter.strip() or None)
        for activity, letters in by_activity.items()
        for role, letter in zip(roles, letters.split(","), strict=True)
    ]
    return frame("responsibilities", *rows)


# responsibilities


def test_a_grid_keeps_the_order_of_activities_and_roles():
    (grid,) = arsci.grids(duties(offer="R,A,C", close="AR,,")).values()
    assert grid.index.tolist() == ["offer", "close"] and grid.columns.tolist() == [
        "seller",
        "manager",
        "finance",
    ]
    assert grid.loc["close"].tolist() == ["AR", "", ""]


def test_overload_and_many_consulted():
    found = arsci.arsci_violations(
        {
            "a": {"seller": "R", "manager": "A", "x": "C", "y": "C"},
            "b": {"seller": "R", "manager": "A", "x": "", "y": ""},
            "c": {"seller": "R", "manager": "A", "x": "", "y": ""},
            "d": {"seller": "AR", "manager": "", "x": "I", "y": "S"},
        }
    )
    assert found.many_consulted == ("a",)  # two C of four roles
    assert found.overloaded == ("seller", "manager")  # R or A in 4 and 3 of 4
    assert found.count == 3


def test_who_answers_counts_only_roles_held_on_the_day():
    rows = duties(offer="R,A,", close="R,A,", bill="R,,A")
    holders = frame(
        "role_holders",
        ("manager", "M1", "2024-01-01", None),
        ("finance", "M1", "2024-01-01", "2025-12-31"),  # has left that role
        ("finance", "M2", "2026-01-01", None),
        ("seller", "P1", "2027-01-01", None),  # not yet
    )
    table = arsci.accountable_people(rows, holders, AS_OF)
    assert table["accountable"].to_dict() == {"M1": 2, "M2": 1}
    assert table["share"].to_dict() == pytest.approx({"M1": 2 / 3, "M2": 1 / 3})


def test_actions_of_plans_need_one_accountable_somebody_responsible_and_a_day():
    names = [
        "customer_id",
        "action_id",
        "recorded_on",
        "action",
        "accountable",
        "responsible",
        "due",
        "status",
    ]
    rows = [
        ("C1", "1", "2026-01-01", "Old version", None, None, None, "open"),
        ("C1", "1", "2026-02-01", "Clear", "Ann", "Bob; Cid", "2026-09-01", "open"),
        ("C1", "2", "2026-02-01", "Two bosses", "Ann; Bob", None, None, "in progress"),
        ("C1", "3", "2026-02-01", "Over", None, None, None, "done"),
    ]
    actions = pd.DataFrame(rows, columns=names)
    found = arsci.action_grid(actions).set_index("action")["fault"]
    assert found.to_dict() == {
        "Clear": "",
        "Two bosses": "several accountable; nobody responsible; no due day",
    }


# culture


@pytest.mark.parametrize(
    "x, y, name",
    [
        (1, 1, "on your own"),
        (1, 5, "numbers driven"),
        (5, 5, "process driven"),
        (5, 1, "individual productivity"),
    ],
)
def test_the_four_cultures_of_the_book(x, y, name):
    assert culture.culture_of(x, y) == name


def test_falling_sales_push_to_control_and_growth_to_freedom():
    answers = frame(
        "culture", ("North", "1", "2026-05-01", 2.0, 2.0), ("North", "2", "2026-05-01", 3.0, 2.0),
        ("South", "1", "2025-05-01", 1.0, 1.0), ("South", "1", "2026-05-01", 4.0, 4.0),
        ("West", "1", "2026-05-01", 3, 3),
    )  # fmt: skip
    table = culture.cultures(answers, pd.Series({"North": -0.1, "South": 0.2}))
    assert table.loc["North", ["x", "y", "n"]].tolist() == [2.5, 2.0, 2]
    assert table.loc["South", "x"] == 4.0  # the newest answer of the respondent
    assert table["pushed"].to_dict() == {"North": "to control", "South": "to freedom", "West": "not known"}
    assert (
        table.loc["South", "to_y"] < 4
        and table.loc["South", "to_x"] == 4
        and np.isnan(table.loc["West", "to_x"])
    )


def test_growth_of_a_unit_takes_the_unit_of_the_customer_where_the_row_has_none():
    rows = sales(("C1", "2026-01-01", "R", "G", 120.0, 0, 0), ("C1", "2025-01-01", "R", "G", 100.0, 0, 0))
    register = pd.DataFrame({"customer_id": ["C1"], "sales_unit": ["North"]})
    assert culture.unit_growth(rows, register, pd.Timestamp("2026-06-01"))["North"] == pytest.approx(0.2)


# self-assessment


def test_the_questionnaire_has_one_statement_for_each_of_the_book():
    counts = questionnaire().statements["chapter"].value_counts(sort=False)
    # chapters 3 to 8 of the book: 9, 9, 6, 5, 8 and 6 statements
    assert counts.tolist() == [9, 9, 6, 5, 8, 6]


def answers(*rows):
    return frame("self_assessments", *rows)


def test_rounds_take_the_newest_answer_and_leave_unknown_statements_out():
    given = answers(
        ("1", "North", "2025-05-01", "process_used", "no"),
        ("1", "North", "2026-04-01", "process_used", "no"),
        ("1", "North", "2026-05-01", "process_used", "yes"),
        ("1", "North", "2026-05-01", "no such statement", "yes"),
        ("2", "North", "2026-05-01", "process_used", None),
    )
    now, before = assessment.rounds(given, questionnaire(), pd.Timestamp("2025-10-01"))
    assert now.answers["answer"].tolist() == ["yes"] and before.answers["answer"].tolist() == ["no"]
    table = assessment.compared(now, before, "chapter")
    assert table.loc["Operating model", ["before", "after", "n"]].tolist() == [0.0, 1.0, 1]


def test_under_development_is_not_a_yes():
    given = answers(*(
        (str(i), "North", "2026-05-01", "process_used", answer)
        for i, answer in enumerate(["yes", "under development", "under development", "no"])
    ))  # fmt: skip
    now, _ = assessment.rounds(given, questionnaire(), pd.Timestamp("2025-10-01"))
    row = assessment.shares(now.answers, "chapter").iloc[0]
    assert row[["yes", "under_development", "no", "n"]].tolist() == [0.25, 0.5, 0.25, 4]


def test_units_that_differ_are_told_from_chance_by_respondents_and_not_by_answers():
    ids = list(questionnaire().statements.index)
    apart = [
        (f"{unit}{n}", unit, "2026-05-01", key, "yes" if (i + n) % 10 < often else "no")
        for unit, often in (("North", 8), ("South", 2))
        for n in range(5)
        for i, key in enumerate(ids)
    ]
    alike = [
        (who, unit, day, key, ("no", "yes")[(len(key) + int(who[-1])) % 2])
        for who, unit, day, key, _ in apart
    ]
    assert assessment.difference_by_chance(_now(apart)) < 0.05
    assert assessment.difference_by_chance(_now(alike)) > 0.2
    assert np.isnan(assessment.difference_by_chance(_now(apart[:43])))  # one unit, one respondent


def _now(rows):
    return assessment.rounds(answers(*rows), questionnaire(), pd.Timestamp("2025-10-01"))[0].answers


# systems


def test_links_that_exist_are_counted_once():
    listed = pd.DataFrame({"system": ["A", "B", "C"], "linked_to": ["B; C", "A", "unknown"]})
    assert systems.links_today(listed) == 2  # A-B named twice, A-C once


def test_use_has_two_sides_and_a_year_before():
    measured = frame(
        "system_use",
        ("CRM", "North", "2025-06-30", 2, 10, 0.5),
        ("CRM", "North", "2026-06-30", 8, 10, 0.5),
        ("CRM", "South", "2026-06-30", 10, 10, 0.9),
    )
    table = systems.use(measured)
    assert table["unit"].tolist() == ["North", "South"]
    assert table["adoption"].tolist() == pytest.approx([0.4, 0.9])  # 8/10 × 0.5
    assert table["adoption_before"].tolist()[0] == pytest.approx(0.1) and np.isnan(
        table["adoption_before"][1]
    )
    # all together: (8 × 0.5 + 10 × 0.9) ÷ 20
    assert systems.over_time(measured)["CRM"].iloc[-1] == pytest.approx(0.65)


# processes


@pytest.mark.parametrize("name", ["product_sales", "solution_sales", "value_sales"])
def test_shipped_processes_support_every_phase_of_the_customer(name):
    process = process_named(name)
    assert process.unsupported == () and process.strategy == name.removesuffix("_sales")
    frame = lanes.lanes(process)
    assert frame["end"].max() == len(process.customer.phases)
    assert (frame["end"] > frame["start"]).all()


def test_a_phase_of_ours_lies_under_those_it_supports():
    frame = lanes.lanes(process_named("product_sales"))
    offer = frame[frame["phase"] == "Offer"].iloc[0]
    assert (offer["start"], offer["end"]) == (1.0, 3.0)  # second and third phase of the customer


WRONG = """
title: Mine
strategy: value
customer:
  title: Theirs
  phases:
    - name: Plan
    - name: Plan
provider:
  title: Ours
  phases:
    - name: Ask
      matches: [Pla]
      requires: [valeu]
"""


def test_mistakes_in_a_process_of_ones_own_are_told_with_their_lines():
    with pytest.raises(InputError) as error:
        load_process(WRONG, "mine.yaml")
    text = str(error.value)
    assert "line 8" in text and "stands twice" in text
    assert "line 13" in text and "Plan" in text
    assert "line 14" in text and "value" in text


def test_a_process_that_does_not_exist_is_told_with_those_that_do():
    with pytest.raises(ParameterError, match="value_sales"):
        process_named("value_sale")


def test_the_relationship_has_phases_a_year_and_events():
    found = relationship()
    assert len(found.phases) == 3 and {event.where for event in found.events} == {
        "customer",
        "us",
        "competitor",
    }


def test_opportunities_ahead_of_their_milestones():
    statuses = pd.DataFrame(
        {
            "status": ["Lead qualified", "Between", "Proposal with price", "Order"],
            "order": [1, 2, 3, 4],
            "outcome": ["open", "open", "open", "won"],
        }
    )
    names = list(TABLES["opportunities"].model_fields)
    cases = pd.DataFrame(
        {"opportunity_id": list("abcd"), "customer_id": "C1", "value": [5.0, None, 9.0, 1.0],
         "decision_process_known": [None, None, False, None], "expected_decision": [DAY, DAY, pd.NaT, DAY],
         "milestones": ["need and budget known", None, "Need and budget known; Contact", None]}
    ).reindex(columns=names)  # fmt: skip
    changes = pd.DataFrame(
        {"opportunity_id": list("abcd"), "changed_at": pd.Timestamp("2026-01-01"),
         "status": ["Lead qualified", "Between", "Proposal with price", "Order"]}
    )  # fmt: skip
    found = lanes.unproven(process_named("product_sales"), cases, changes, statuses)
    # a lead needs a value and its milestone, what lies between needs the same; the order is closed
    assert found["missing"].to_dict() == {
        "c": "Offer with price sent: not reached, expected decision not recorded",
        "b": "Need and budget known: not reached, value not recorded",
    }


def one_lead(stage):
    """An opportunity with a value and nothing else, at a stage of that name."""
    names = list(TABLES["opportunities"].model_fields)
    lead = pd.DataFrame({"opportunity_id": ["a"], "customer_id": "C1", "value": 5.0}).reindex(columns=names)
    stages = pd.DataFrame({"status": [stage], "order": 1, "outcome": "open"})
    changes = pd.DataFrame({"opportunity_id": ["a"], "changed_at": DAY, "status": stage})
    return OperatingModel(tables(opportunities=lead, statuses=stages, status_changes=changes), AS_OF)


def test_milestones_that_cannot_be_checked_are_a_gap_and_no_praise():
    said = findings.unproven(one_lead("Demo"))
    assert said.startswith("Milestones are not checked: Value sales names no stage")
    model = one_lead("Lead qualified")
    assert model.unproven.empty  # the value is there; nothing else is recorded for any opportunity
    gaps = " ".join(summary.gaps(model))
    assert "Next step, expected decision, decision process known and milestones: recorded for no" in gaps


# the whole


def test_without_any_table_the_report_says_what_is_not_recorded():
    model = OperatingModel(tables(), AS_OF)
    assert summary.lead(model).startswith("Responsibilities are not recorded")
    assert len(summary.gaps(model)) == 6
    assert [tile[1] for tile in summary.tiles(model)] == ["–"] * 4
    for exhibit in exhibits.EVERY:
        exhibit(model).written()
    assert findings.links(model) == "No support systems are listed"


def test_exhibits_hold_numbers():
    model = OperatingModel(tables(responsibilities=duties(offer="R,A,", close="R,,")), AS_OF)
    assert exhibits.violations(model).frame.iloc[0, 0] == "Nobody is accountable for “close”"
    assert (
        summary.key_figures(model)["unclear_responsibilities"][0] == 2
    )  # no A for close, finance without duty
