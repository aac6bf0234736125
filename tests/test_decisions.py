"""Adopting probabilities and keeping forecasts happen on command, once, and only when confirmed."""

import shutil
from datetime import date

import pytest
from click.testing import CliRunner

from tests.shared import ROOT
from vs_toolkit.cli import main
from vs_toolkit.inputs import read_source
from vs_toolkit.inputs.views.view import view
from vs_toolkit.plan.study import CustomerPlan

AS_OF = ("--as-of", "2026-06-30")


@pytest.fixture
def source(tmp_path):
    for name in ("statuses", "opportunities", "status_changes", "people", "customers", "forecast_snapshots"):
        shutil.copy(ROOT / f"data/demo/{name}.csv", tmp_path)
    return tmp_path


def call(*words, answer=""):
    done = CliRunner().invoke(main, [str(word) for word in words], input=answer)
    return done.exit_code, done.output


def test_nothing_is_adopted_without_a_yes(source):
    before = (source / "statuses.csv").read_bytes()
    code, said = call("adopt", source, *AS_OF, answer="n\n")
    assert code == 0 and "Lead qualified: 10% ->" in said
    assert (source / "statuses.csv").read_bytes() == before


def test_what_is_adopted_says_when_from_how_many_and_how(source):
    assert call("adopt", source, *AS_OF, "--yes")[0] == 0
    lead = next(line for line in (source / "statuses.csv").read_text().splitlines() if "Lead" in line)
    # 142 won + 605 lost of the 844 leads are closed (tests/funnel holds the estimate itself)
    assert "2026-06-30,747,Aalen-Johansen" in lead


def test_a_forecast_is_kept_once_and_what_was_kept_before_stays(source):
    file = source / "forecast_snapshots.csv"
    before = file.read_text()
    assert "30 rows appended" in call("keep-forecast", source, *AS_OF, "--yes")[1]  # 4 units x 6 months
    after = file.read_text()
    assert after.startswith(before) and after != before
    assert "0 rows appended" in call("keep-forecast", source, *AS_OF, "--yes")[1]
    assert file.read_text() == after


def test_a_folder_without_history_is_told_so(tmp_path):
    (tmp_path / "customers.csv").write_text("customer_id,name\nC1,One\n")
    assert call("adopt", tmp_path, *AS_OF, "--yes")[0] == 2
    code, said = call("keep-forecast", tmp_path, *AS_OF, "--yes")
    assert code == 2 and "names no unit" in said


def company(folder, **tables):
    """Write three customers with an index by their growth potential: 90, 70 and 50."""
    scores = "".join(
        f"C{n},relationship_value,our_growth,2026-01-01,{score}\n" for n, score in ((1, 90), (2, 70), (3, 50))
    )
    texts = {
        "customers": "customer_id,name\nC1,One\nC2,Two\nC3,Three\n",
        "assessments": f"customer_id,scale,element,assessed_on,score\n{scores}",
        "opportunities": "opportunity_id,customer_id,created_at\nO1,C1,2026-02-01\nO2,C2,2026-02-01\n",
        "status_changes": "opportunity_id,changed_at,status\nO1,2026-03-01,Won\nO2,2026-03-01,Lost\n",
        "statuses": "status,order,outcome,nominal_probability\nLead,1,open,0.1\nWon,2,won,1\nLost,3,lost,0\n",
    }
    for name, text in (texts | tables).items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def test_segments_begin_where_their_capacity_ends(tmp_path):
    """One key customer: from 90 on; one important one: from 70 on; the third is normal."""
    head, key, important = (
        "segment,set_on,customers,meetings",
        "key,2026-01-01,1,24",
        "important,2026-01-01,1,8",
    )
    source = company(tmp_path, segments=f"{head}\n{key}\n{important}\n")
    code, said = call("adopt-segments", source, *AS_OF, "--yes")
    assert code == 1 and "lowest_value" in said and "add this column" in said
    before = f"{head},lowest_value\n{key},\n{important},\n"
    (source / "segments.csv").write_text(before)
    assert "2 rows appended" in call("adopt-segments", source, *AS_OF, "--yes")[1]
    added = "key,2026-06-30,1,24,90.0\nimportant,2026-06-30,1,8,70.0\n"
    assert (source / "segments.csv").read_text() == before + added
    plan = CustomerPlan(view(read_source(source), date(2026, 6, 30)).customer("C2"))
    assert (plan.index.value, plan.segment) == (70, "important")  # 65 and more is key in the scale
    code, said = call("adopt-segments", source, *AS_OF, "--yes")
    assert code == 2 and "has rows of 2026-06-30 already" in said


def test_rates_after_trigger_events_are_measured_over_all_customers(tmp_path):
    """After a new line one of one was won (C1), otherwise none of one (C2)."""
    events = (
        "customer_id,situation_id,happened_on,level,kind,event\nC1,S1,2026-01-05,company,New line,A line\n"
    )
    source = company(tmp_path, situations=events)
    assert "1 rows appended" in call("keep-trigger-rates", source, *AS_OF, "--yes")[1]
    text = (source / "trigger_rates.csv").read_text()
    assert text == "kind,won,n,other_won,other_n,measured_on\nNew line,1,1,0,1,2026-06-30\n"
    assert not read_source(source).problems
    assert call("keep-trigger-rates", source, *AS_OF, "--yes")[0] == 2


def test_without_events_or_capacity_the_commands_say_so(tmp_path):
    source = company(tmp_path)
    assert "no trigger event is known" in call("keep-trigger-rates", source, *AS_OF)[1]
    assert "of no segment how many customers" in call("adopt-segments", source, *AS_OF)[1]
