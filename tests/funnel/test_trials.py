"""Small histories that once gave wrong answers."""

from datetime import date

import pandas as pd
import pytest

from tests.funnel.records import FUNNEL, ways
from tests.funnel.reports import company, opportunities, shown
from tests.shared import shared
from vs_toolkit import inputs
from vs_toolkit.funnel import findings, summary
from vs_toolkit.funnel.study import Study
from vs_toolkit.inputs.importers.running import Options, run


def test_an_opportunity_that_makes_much_of_the_value_is_named():
    rows = {f"W{i}": "Lead 1 Order 9" for i in range(15)} | {f"L{i}": "Lead 1 Lost 9" for i in range(15)}
    record = ways(**rows, X="Lead 20", Y="Lead 20")
    table = opportunities(record, value=100.0, currency="EUR", name="Pump")
    table.loc[table["opportunity_id"] == "X", "value"] = 1e6
    study = Study(company(record, opportunities=table).tables, date(2026, 3, 22), months=1)
    said = findings.hangs_on_one(study.forecast, study.cases["name"], "EUR")
    assert "of the expected value is one opportunity, Pump (X), with a 50% probability" in said


def trial(name, day, monkeypatch, **choices):
    monkeypatch.setenv("VS_SOURCE", str(shared(f"trials/funnel/{name}/opportunities.csv").parent))
    data = inputs.open_company(as_of=day)
    return Study(data.tables, data.as_of, **choices)


def test_all_closed_means_none_open(monkeypatch):
    study = trial("all_closed", "2026-06-30", monkeypatch)
    assert len(study.open_cases) == 0
    assert findings.trends(study.open_cases) == "No opportunity is open."
    assert "0 open" in summary.subject(study)


def test_undated_opportunities_are_timed_from_history(monkeypatch):
    study = trial("undated", "2026-06-10", monkeypatch)
    assert len(study.open_cases) == 6
    total = study.forecast.total
    assert total["orders"] - total["of_new"] > 0.5


def test_old_leads_are_not_leads_to_come(monkeypatch):
    study = trial("one_row_per_deal", "2026-06-30", monkeypatch)
    assert study.forecast.total["of_new"] == 0


def test_a_win_dated_before_its_lead_is_a_win(monkeypatch):
    study = trial("won_before_lead", "2026-06-30", monkeypatch)
    assert study.cases.loc["A", "outcome"] == "won"
    report = study.history.report.set_index("what")
    assert report.loc["dated after a win that is the first change: the win counts", "rows"] >= 1


def test_the_mean_is_within_its_interval_and_the_one_opportunity_is_named(monkeypatch):
    study = trial("one_huge_order", "2026-06-30", monkeypatch)
    total = study.forecast.total
    assert total["value_low"] <= total["value"] <= total["value_high"]
    said = findings.hangs_on_one(study.forecast, study.cases["name"], study.currency)
    assert (
        "rests on one past order of EUR 50.0m" in said and "half of the outcomes stay below EUR 8,000" in said
    )


@pytest.mark.parametrize("day", ["2026-03-05", "2026-03-20"])
def test_a_win_before_its_lead_stays_won_on_every_day(day):
    study = Study(company(ways(A="Order 3 Lead 10", B="Lead 1")).tables, date.fromisoformat(day))
    assert study.cases["outcome"].to_dict() == {"A": "won", "B": "open"}


def test_a_date_of_today_teaches_nothing_of_the_past():
    record = ways(**{f"W{i}": f"Lead {1 + i} Order {9 + i}" for i in range(15)}, X="Lead 20")
    table = opportunities(record, expected_decision=pd.Timestamp("2026-04-01"))
    study = Study(company(record, opportunities=table).tables, date(2026, 3, 28), horizon_days=5)
    assert not study.dates.is_known
    assert "not used for timing" in findings.dates(study.dates, study.stated_dates)


def test_a_column_that_nobody_fills_is_one_gap_and_no_fault():
    study = Study(company(ways(A="Lead 1", B="Offer 2")).tables, date(2026, 3, 20))
    assert study.faults.empty
    assert "Next steps are not recorded for any opportunity." in study.not_recorded


def test_default_probabilities_are_optional():
    bare = FUNNEL.drop(columns="nominal_probability")
    rows = {f"W{i}": "Lead 1 Offer 4 Order 9" for i in range(12)} | {
        f"L{i}": "Lead 1 Lost 6" for i in range(12)
    }
    said = shown(company(ways(**rows, X="Lead 3"), bare))
    assert "Win rate by stage: Lead 48%" in said and "no default probabilities are set" in said


def test_all_won_gives_no_advice_on_people():
    record = ways(A="Lead 1 Order 5", B="Lead 2 Order 6", C="Lead 3")
    table = opportunities(record, owner_id=["P1", "P2", "P1"])
    study = Study(company(record, opportunities=table).tables, date(2026, 3, 20))
    assert not any("salespeople" in step for step in summary.next_steps(study))


def test_exports_of_the_present_state_and_late_recording_are_recognised():
    snapshot = company(ways(A="Lead 1", B="Offer 2", C="Order 9", D="Lost 4"))
    said = " ".join(findings.gaps(Study(snapshot.tables, date(2026, 3, 20)).estimable))
    assert "export of the present state" in said
    late = ways(
        **{f"O{i}": "Lead 1 Order 20" for i in range(15)}, **{f"N{i}": f"Lead {5 + i}" for i in range(10)}
    )
    said = " ".join(findings.gaps(Study(company(late).tables, date(2026, 3, 28)).estimable))
    assert "recorded_from" in said


MAPPING = """
tables:
  customers: {file: deals.csv, constants: {customer_id: C1, name: All}, unique: [customer_id]}
  opportunities:
    file: deals.csv
    columns: {opportunity_id: deal, created_at: lead}
    constants: {customer_id: C1, recorded_from: "2026-03-10"}
  statuses:
    - {file: deals.csv, constants: {status: Lead, order: "1", outcome: open}, unique: [status]}
    - {file: deals.csv, constants: {status: Order, order: "2", outcome: won}, unique: [status]}
  status_changes:
    - {file: deals.csv, columns: {opportunity_id: deal, changed_at: lead}, constants: {status: Lead}}
    - {file: deals.csv, columns: {opportunity_id: deal, changed_at: order}, constants: {status: Order},
       filled: [order]}
"""


def test_an_import_mapping_states_when_recording_began(tmp_path, monkeypatch):
    (tmp_path / "deals.csv").write_text("deal,lead,order\nA,2026-03-01,2026-03-12\nB,2026-03-11,\n")
    (tmp_path / "mapping.yaml").write_text(MAPPING)
    run("csv", [tmp_path / "deals.csv"], tmp_path / "source", Options(mapping=tmp_path / "mapping.yaml"))
    monkeypatch.setenv("VS_SOURCE", str(tmp_path / "source"))
    data = inputs.open_company(as_of="2026-03-20")
    study = Study(data.tables, data.as_of)
    assert study.history.visits.delay.tolist() == [9, 0]  # A: from 1 to 10 March nobody recorded
    assert not Study(data.tables, data.as_of, recorded_from="2026-03-01").history.visits.delay.any()


def test_a_salesperson_sees_the_own_opportunities_with_everybodys_rates():
    rows = {f"W{i}": f"Lead {1 + i} Order {6 + i}" for i in range(12)} | {
        f"L{i}": f"Lead {1 + i} Lost {7 + i}" for i in range(12)
    }
    record = ways(**rows, X="Lead 20", Y="Lead 21")
    table = opportunities(record, owner_id="P1", value=10.0, currency="EUR")
    table.loc[table["opportunity_id"] == "Y", "owner_id"] = "P2"
    data = company(record, opportunities=table)
    everybody, one = (Study(data.tables, date(2026, 3, 28), owner=owner) for owner in ("", "P2"))
    assert one.open_cases.index.tolist() == ["Y"]
    chance = everybody.open_cases["win_probability"]
    assert one.open_cases["win_probability"].tolist() == chance.loc[["Y"]].tolist()
