"""Real exports of others: what must come out of them was counted by another program (shared data,
crm/README)."""

from datetime import date

import pandas as pd
import pytest

from tests.shared import ROOT, shared
from vs_toolkit.inputs import read_source, view
from vs_toolkit.inputs.importers import Options, run


def imported(tmp_path, system, folder):
    done = run(system, [shared(f"data/crm/{folder}")], tmp_path / "source")
    source = read_source(tmp_path / "source")
    assert source.problems == ()
    return source, "\n".join(done.statement)


def last_status(source, as_of=date(2030, 1, 1)):
    changes = view(source, as_of).company().tables["status_changes"]
    return changes.sort_values("changed_at", kind="stable").groupby("opportunity_id")["status"].last()


@pytest.fixture(scope="module")
def us_dates(tmp_path_factory):
    return imported(tmp_path_factory.mktemp("us"), "salesforce", "salesforce/us_dates")


def test_us_dates_are_month_first_as_one_value_settles(us_dates):
    source, said = us_dates
    opportunity = source.tables["opportunities"].set_index("opportunity_id").loc["006bm00000LKJNNAA5"]
    assert opportunity["expected_decision"] == pd.Timestamp("2024-02-03")
    assert opportunity["created_at"] == pd.Timestamp("2026-02-23")
    assert "CloseDate: days as mm/dd/yyyy (36)" in said
    assert "times bear no zone" in said


def test_us_dates_current_stage_and_amounts(us_dates):
    source, _ = us_dates
    status = last_status(source)
    assert status.value_counts()[["Closed Won", "Closed Lost"]].tolist() == [12, 8]
    assert len(status) == 36
    assert len(source.tables["status_changes"]) == 48
    value = source.tables["opportunities"].set_index("opportunity_id")["value"]
    assert value.isna().sum() == 5
    assert value[status[status == "Closed Won"].index].sum() == 2_815_000
    assert value[status[status == "Closed Lost"].index].sum() == 830_000


def test_us_dates_deals_won_first_are_won_as_of_the_days_between(us_dates):
    source, said = us_dates
    # seven deals are in Closed Lost from 7 March 2026 on: 12 + 7 won the day before, and one of 8 lost
    before = last_status(source, date(2026, 3, 6)).value_counts()
    assert before[["Closed Won", "Closed Lost"]].tolist() == [19, 1]
    assert "7 of them were won first and lost later" in said


def test_us_dates_history_keeps_what_was_known_that_day(us_dates):
    source, said = us_dates
    changes = source.tables["status_changes"]
    first = changes[changes["opportunity_id"] == "006bm00000LKJNNAA5"].iloc[0]
    assert first["expected_decision"] == pd.Timestamp("2021-01-27")
    assert "32 of 36 close dates lie before the creation" in said
    assert "28 of 36 histories have one row or span two minutes at most" in said
    for column in ("Opportunity Lifecycle (Days)", "Opp Creation Date_Simulated", "OpportunityHistoryKey"):
        assert column in said
    assert [warning.message for warning in source.warnings] == [
        "32 rows have an expected decision before it was created"
    ]


def test_data_loader(tmp_path):
    source, said = imported(tmp_path, "salesforce", "salesforce/data_loader")
    status = last_status(source)
    statuses = source.tables["statuses"].set_index("status")
    outcome = status.map(statuses["outcome"]).value_counts()
    assert (len(status), outcome["won"], outcome["lost"], outcome["open"]) == (774, 640, 39, 95)
    value = source.tables["opportunities"].set_index("opportunity_id")["value"]
    by_stage = value.groupby(status).agg(["sum", "size"])
    assert by_stage.loc["Closed Won"].tolist() == [11_257_622, 640]
    assert by_stage.loc["Closed Lost"].tolist() == [662_276, 39]
    assert by_stage.loc["Prospecting"].tolist() == [2_539_553, 27]
    stated = source.tables["status_changes"].groupby("status")["stated_probability"].unique()
    assert sorted(stated["Needs Analysis"]) == [0.2, 0.4]
    assert "not: calibration by age, stage-to-stage conversion" in said
    assert source.tables["opportunities"]["created_at"].notna().all()


def test_warehouse_of_salesforce_is_accepted_and_named(tmp_path):
    source, said = imported(tmp_path, "salesforce", "salesforce/warehouse")
    assert len(source.tables["opportunities"]) == 10
    assert "a warehouse's copy (Fivetran), not an export of the CRM itself" in said
    assert "all 10 opportunities are marked as deleted: they are kept" in said
    # a probability of 1000 % is none
    assert source.tables["status_changes"]["stated_probability"].dropna().le(1).all()


def test_warehouse_of_hubspot_is_accepted_and_named(tmp_path):
    source, said = imported(tmp_path, "hubspot", "hubspot/warehouse")
    assert len(source.tables["opportunities"]) == 44
    assert "a warehouse's copy (Fivetran), not an export of the CRM itself" in said
    assert "14 history rows of opportunities that are not in the export left out" in said


def test_page_of_the_hubspot_interface(tmp_path):
    source, said = imported(tmp_path, "hubspot", "hubspot/api/deals.json")
    table = source.tables["opportunities"].set_index("opportunity_id")
    assert table["value"].to_dict() == {"6744192456": 500, "6744457152": 3233}
    assert source.tables["statuses"]["nominal_probability"].tolist() == [0.4]  # HubSpot's own default
    assert "not: calibration by age" in said


def test_page_of_the_pipedrive_interface(tmp_path):
    source, said = imported(tmp_path, "pipedrive", "pipedrive/api/deals.jsonl")
    table = source.tables["opportunities"]
    assert table["value"].tolist()[:2] == [1500, 1200]
    assert set(table["currency"]) == {"USD"}
    assert table["created_at"].iloc[0] == pd.Timestamp("2023-02-22")
    assert "times are in UTC" in said
    assert "befdcfc4f54b8410b8d9105ba6d44658fd5965b9" in said  # a custom field, named by a hash: not used


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        # 8,800 sales cases less 500 prospects without a day; 8,300 engaged + 6,711 closed
        (
            "maven",
            {"customers": 86, "people": 35, "opportunities": 8300, "statuses": 3, "status_changes": 15011},
        ),
        # 487 facts on 486 opportunities: one is on two products
        ("powerbi", {"customers": 357, "opportunities": 486, "statuses": 7, "status_changes": 486}),
    ],
)
def test_a_mapping_file_brings_in_anything_else(tmp_path, name, rows):
    mapping = ROOT / f"data/examples/mappings/{name}.yaml"
    done = run("csv", [shared(f"data/{name}")], tmp_path / "source", Options(mapping=mapping))
    assert done.rows == rows
    source = read_source(tmp_path / "source")
    assert source.problems == ()
    if name == "maven":
        assert last_status(source).value_counts().to_dict() == {"Won": 4238, "Lost": 2473, "Engaging": 1589}
