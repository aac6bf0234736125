"""Adopting probabilities and keeping forecasts happen on command, once, and only when confirmed."""

import shutil

import pytest
from click.testing import CliRunner

from tests.shared import ROOT
from vs_toolkit.cli import main

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
