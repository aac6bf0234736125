import pandas as pd
import pytest

from tests.plan.made import CONTACTS, DAY, plan_of
from vs_toolkit.plan.contacts import FUNCTIONS, LEVELS, NEEDED

MAP = CONTACTS + (
    "K1,C1,2026-01-01,Head of purchasing,purchasing,management,technical buyer,neutral,3,2026-06-01,\n"
    "K2,C1,2026-01-01,Buyer,purchasing,operational,,positive,2,2025-06-01,\n"
    "K3,C1,2026-01-01,Finance director,finance,executive,economic buyer,negative,5,2026-05-01,\n"
    "K4,C1,2026-01-01,Plant manager,manufacturing,management,user buyer,,4,,\n"
    "K5,C1,2026-01-01,Former buyer,purchasing,operational,,negative,2,2026-06-01,\n"
    "K5,C1,2026-03-01,Former buyer,purchasing,operational,,negative,2,2026-06-01,true\n"
)
PLAN = "customer_id,written_on,strategy\nC1,2026-01-01,product\n"


def test_every_needed_position_exists():
    for cells in NEEDED.values():
        assert {function for function, _ in cells} <= set(FUNCTIONS)
        assert {level for _, level in cells} <= set(LEVELS)
    assert NEEDED["product"] < NEEDED["solution"] < NEEDED["value"]
    assert {function for function, _ in NEEDED["value"]} == set(FUNCTIONS)


def test_coverage_of_a_strategy(tmp_path):
    found = plan_of(tmp_path, contacts=MAP, plans=PLAN).coverage
    cells = found.cells.set_index(["function", "level"])
    # needed: purchasing (operational: met a year ago; management: met in June) and logistics
    assert cells.loc[("purchasing", "management"), "state"] == "covered"
    assert cells.loc[("purchasing", "operational"), "state"] == "stale"
    assert cells.loc[("purchasing", "operational"), "known"] == 1  # the one who left is not there
    assert found.of_state("empty") == ("logistics (operational)",)
    assert found.share == pytest.approx(1 / 3)
    assert not cells.loc[("finance", "executive"), "needed"]


def test_without_a_strategy_nothing_is_needed(tmp_path):
    assert plan_of(tmp_path, contacts=MAP).coverage.share is None


def test_what_is_in_the_way_of_a_decision(tmp_path):
    found = plan_of(
        tmp_path,
        contacts=MAP,
        influences="customer_id,contact_id,other_id,kind,recorded_on\n"
        "C1,K3,K4,in conflict,2026-01-01\nC1,K5,K4,in conflict,2026-01-01\nC1,K4,K3,influences,2026-01-01\n",
    ).decision
    assert found.missing_roles == ("coach",)
    assert found.opponents == ("Finance director",)
    assert found.conflicts == (("Finance director", "Plant manager"),)  # the one who left is no party
    assert (found.lately_met, found.single_threaded, found.all_positive) == (2, False, False)


def all_positive(count):
    rows = "".join(f"K{i},C1,2026-01-01,N{i},finance,management,,positive,3,,\n" for i in range(count))
    return CONTACTS + rows


@pytest.mark.parametrize(("count", "doubted"), [(3, False), (4, True)])
def test_a_map_without_an_opponent_is_doubted(tmp_path, count, doubted):
    found = plan_of(tmp_path, contacts=all_positive(count)).decision
    assert found.all_positive is doubted
    assert found.single_threaded  # nobody was met


def test_meetings_come_from_activities_too(tmp_path):
    plan = plan_of(
        tmp_path,
        contacts=MAP,
        people="person_id,name\nP1,Sales engineer 01\nP2,Sales engineer 02\n",
        activities="date,customer_id,person_id,type,contact_id\n"
        "2026-06-20,C1,P1,Visit,K2\n2026-06-25,C1,P1,Visit,K2\n2026-02-01,C1,P2,Visit,K3\n2025-01-01,C1,P2,Visit,K3\n",
    )
    assert plan.persons.loc["K2", "met_on"] == pd.Timestamp("2026-06-25")
    assert plan.persons.loc["K3", "met_on"] == pd.Timestamp("2026-05-01")
    assert plan.team.loc["K2", "P1"] == 2
    assert plan.team.loc["K3", "P2"] == 1  # the one of January 2025 is more than a year ago
    assert pd.isna(plan.team.loc["K1", "P1"])


def test_a_meeting_after_the_day_is_not_seen(tmp_path):
    rows = CONTACTS + "K1,C1,2026-01-01,A,finance,executive,,,,2026-08-01,\n"
    assert plan_of(tmp_path, contacts=rows, as_of=DAY).persons["met_on"].isna().all()
