import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.funnel.records import FUNNEL
from vs_toolkit.funnel.record.hygiene import CHECKS, hygiene, not_recorded
from vs_toolkit.inputs.cases.process import load_process

DAY = "2026-06-30"
CLEAN = {
    "outcome": "open",
    "status": "Offer",
    "customer_id": "C1",
    "owner_id": "P1",
    "name": "Line 1",
    "product": "Pump",
    "value": 100.0,
    "expected_decision": pd.Timestamp("2026-09-01"),
    "next_step": "Visit",
    "decision_process_known": True,
}


def found(*cases: dict) -> list[tuple[str, str, str]]:
    rows = pd.DataFrame([CLEAN | case for case in cases], index=[f"O{i}" for i in range(len(cases))])
    return list(
        hygiene(rows, FUNNEL, DAY)[["opportunity_id", "fault", "detail"]].itertuples(index=False, name=None)
    )


@pytest.mark.parametrize(
    ("case", "fault", "detail"),
    [
        ({"decision_process_known": False}, "stage claims more than its milestones show",
         "Proposal with price: decision process not known"),
        ({"decision_process_known": None}, "stage claims more than its milestones show",
         "Proposal with price: decision process not known"),
        ({"expected_decision": pd.NaT, "status": "Accepted"}, "stage claims more than its milestones show",
         "Proposal with price: expected decision not recorded"),
        ({"next_step": None}, "no next step", ""),
        ({"next_step": "  "}, "no next step", ""),
        ({"expected_decision": pd.Timestamp("2026-06-29")}, "decision date in the past",
         "expected on 29 Jun 2026, 1 day ago"),
        ({"value": None}, "value missing", ""),
    ],
)  # fmt: skip
def test_each_fault_is_found_once_with_its_reason(case, fault, detail):
    assert found(case, {"customer_id": "C2"}) == [("O0", fault, detail)]


@pytest.mark.parametrize(
    "case",
    [
        {},
        {"status": "Lead", "decision_process_known": False, "expected_decision": pd.NaT},  # too early to ask
        {"expected_decision": pd.Timestamp(DAY)},
        {"value": 0.0},
        {"outcome": "lost", "status": "Lost", "next_step": None, "value": None},
    ],
)
def test_what_is_in_order_is_not_listed(case):
    assert found(case) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"name": "Line 1"}, {"name": " line  1"}, True),
        ({"value": 100.0}, {"value": 120.0}, True),
        ({"value": 100.0}, {"value": 130.0}, False),  # more than a quarter apart
        ({"name": "Line 1"}, {"name": "Line 2"}, True),  # same product and value
        ({"name": "Line 1", "value": 1.0}, {"name": "Line 2", "value": 2.0}, False),
        ({"customer_id": "C1"}, {"customer_id": "C2"}, False),
        ({"name": None, "product": None}, {"name": None, "product": None}, False),
    ],
)
def test_duplicates_are_cases_of_one_customer_alike_in_name_or_in_product_and_value(one, other, same):
    expected = [("O0", "may be the same as O1"), ("O1", "may be the same as O0")] if same else []
    assert (
        sorted((case, detail) for case, fault, detail in found(one, other) if fault == "possible duplicate")
        == expected
    )


def test_a_missing_value_may_be_that_of_its_twin():
    twins = [(case, fault) for case, fault, _ in found({"value": None}, {})]
    assert ("O0", "possible duplicate") in twins and ("O1", "possible duplicate") in twins


def test_faults_come_in_order_and_large_cases_first():
    rows = found(
        {"next_step": None, "value": 5.0},
        {"next_step": None, "value": 9.0, "product": "x", "name": "y"},
        {"value": None, "name": "z"},
    )
    assert [(case, fault) for case, fault, _ in rows] == [
        ("O1", "no next step"),
        ("O0", "no next step"),
        ("O2", "value missing"),
    ]
    assert {fault for _, fault, _ in rows} <= set(CHECKS)


def test_columns_that_nobody_keeps_are_not_asked_for():
    bare = pd.DataFrame({"outcome": ["open"], "status": ["Offer"]}, index=["A"])
    assert hygiene(bare, FUNNEL, DAY).empty
    assert list(hygiene(bare.iloc[:0], FUNNEL, DAY).columns) == list(hygiene(bare, FUNNEL, DAY).columns)


@settings(deadline=None, max_examples=8)
@given(st.permutations(range(4)))
def test_order_of_rows_does_not_matter(order):
    faulty = [{"next_step": None}, {"value": None}, {"name": "Line 1"}, {"decision_process_known": False}]
    rows = pd.DataFrame([CLEAN | case for case in faulty], index=list("ABCD"))
    pd.testing.assert_frame_equal(hygiene(rows.iloc[list(order)], FUNNEL, DAY), hygiene(rows, FUNNEL, DAY))


PROCESS = """
title: Ours
strategy: value
customer:
  title: Theirs
  phases: [{name: Plan}]
provider:
  title: Ours
  phases:
    - {name: Qualify, milestone: Sponsor named, status: Lead, requires: [value]}
    - {name: Prove, milestone: Test passed, requires: [situation]}
    - {name: Agree, milestone: Case agreed, status: Offer, requires: [expected_decision]}
"""
REACHED = "Sponsor named; Test passed; case agreed"


@pytest.mark.parametrize(
    ("case", "detail"),
    [
        ({}, None),
        ({"milestones": "Sponsor named"}, "Test passed: not reached; Case agreed: not reached"),
        ({"milestones": None, "status": "Lead"}, "Sponsor named: not reached"),
        ({"situation": None, "expected_decision": pd.NaT},
         "Test passed: situation not recorded; Case agreed: expected decision not recorded"),
        ({"situation": None, "expected_decision": pd.NaT, "status": "Lead"}, None),  # not asked for yet
        ({"decision_process_known": False}, None),  # this process does not ask for it
        ({"milestones": "Sponsor named; Test passed", "status": "Accepted"}, "Case agreed: not reached"),
    ],
)  # fmt: skip
def test_a_process_of_ones_own_names_the_milestones_that_are_missing(case, detail):
    """Stages of the funnel: Lead, Offer, Accepted; the process knows nothing of the last one."""
    clean = CLEAN | {"milestones": REACHED, "situation": "Old line"}
    other = clean | {"customer_id": "C2"}
    rows = pd.DataFrame([clean | case, other], index=["A", "B"])
    listed = hygiene(rows, FUNNEL, DAY, load_process(PROCESS, "mine.yaml"))
    assert listed["detail"].tolist() == ([detail] if detail else [])


def test_a_missing_value_or_next_step_is_listed_once_whatever_the_process_asks_for():
    rows = pd.DataFrame([CLEAN | {"value": None}, CLEAN | {"customer_id": "C2"}], index=["A", "B"])
    listed = hygiene(rows, FUNNEL, DAY, load_process(PROCESS, "mine.yaml"))
    assert listed["fault"].tolist() == ["value missing"]


def test_what_a_process_asks_for_and_nobody_records_is_a_gap():
    rows, process = pd.DataFrame([CLEAN], index=["A"]), load_process(PROCESS, "mine.yaml")
    assert hygiene(rows, FUNNEL, DAY, process).empty
    assert not_recorded(rows, FUNNEL, process) == [
        "Situation is not recorded for any opportunity.",
        "Milestones reached are not recorded for any opportunity.",
    ]


def test_a_process_for_other_stages_leaves_the_rule_of_the_priced_proposal():
    process = load_process(PROCESS.replace("status: Lead,", "").replace("Offer", "Bid"), "mine.yaml")
    rows = pd.DataFrame([CLEAN | {"decision_process_known": False}], index=["A"])
    listed = hygiene(rows, FUNNEL, DAY, process)
    assert listed["detail"].tolist() == ["Proposal with price: decision process not known"]
    assert not_recorded(rows, FUNNEL, process) == [
        "Milestones cannot be checked: no stage of this funnel is a status of Ours."
    ]
