from dataclasses import replace

import pandas as pd
import pytest

from tests.funnel.outlook.test_forecast import FOUR, WHEN
from vs_toolkit.errors import InputError, ParameterError
from vs_toolkit.funnel.outlook.forecast import forecast
from vs_toolkit.funnel.outlook.new_leads import nothing_known
from vs_toolkit.funnel.outlook.snapshots import COLUMNS, append_snapshots, snapshot_rows
from vs_toolkit.inputs import read_source


def made(day, months, level=0.8):
    by_month = WHEN.by_month[:, [*range(months), -1]]
    return forecast(FOUR, replace(WHEN, by_month=by_month), day, nothing_known(months), level=level)


def rows(day="2026-06-30", method="funnel", months=2):
    return snapshot_rows(made(day, months), "North", method)


def test_a_forecast_becomes_rows_of_the_table():
    july = rows().iloc[0]
    assert list(rows().columns) == COLUMNS
    assert july[["unit", "method", "expected_orders", "expected_value"]].tolist() == [
        "North",
        "funnel",
        0.65,
        95.0,
    ]
    assert (july["taken_on"], july["month"]) == (pd.Timestamp("2026-06-30"), pd.Timestamp("2026-07-01"))


def test_a_month_that_has_begun_is_not_kept():
    assert rows("2026-06-15").iloc[0]["month"] == pd.Timestamp("2026-07-01")


def test_other_intervals_are_refused():
    with pytest.raises(ParameterError, match="80 % intervals"):
        snapshot_rows(made("2026-06-30", 2, level=0.9), "North", "funnel")


def test_rows_are_appended_and_the_old_bytes_stay(tmp_path):
    file = tmp_path / "forecast_snapshots.csv"
    assert append_snapshots(file, rows()) == 2
    before = file.read_bytes()
    assert append_snapshots(file, rows("2026-07-31")) == 2
    assert file.read_bytes().startswith(before)
    assert len(pd.read_csv(file)) == 4


def test_a_file_written_by_hand_keeps_its_columns_and_its_last_line(tmp_path):
    file = tmp_path / "forecast_snapshots.csv"
    header = ["unit", *[name for name in COLUMNS if name != "unit"]]
    kept = ",".join(header) + "\nSouth,2026-05-31,2026-06-01,funnel,1.50,10,5,20"
    file.write_text(kept)
    assert append_snapshots(file, rows()) == 2
    assert file.read_text().startswith(kept + "\n")
    assert pd.read_csv(file)["unit"].tolist() == ["South", "North", "North"]


@pytest.mark.parametrize("name", ["forecast_snapshots.csv", "forecast_snapshots.parquet"])
def test_the_same_forecast_is_kept_once_and_another_is_refused(tmp_path, name):
    file = tmp_path / name
    append_snapshots(file, rows())
    before = file.read_bytes()
    assert append_snapshots(file, rows()) == 0
    assert append_snapshots(file, rows(method="nominal")) == 2
    after = file.read_bytes()
    with pytest.raises(InputError, match=r"another forecast of 30 Jun 2026 by funnel; what is kept stays"):
        append_snapshots(file, rows().assign(expected_orders=9.0))
    assert file.read_bytes() == after != before
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_table_of_another_kind_is_refused(tmp_path):
    other = tmp_path / "forecast_snapshots.csv"
    other.write_text("unit,month\nNorth,2026-07-01\n")
    with pytest.raises(InputError, match="this column is needed"):
        append_snapshots(other, rows())
    with pytest.raises(InputError, match=r"\.csv or \.parquet"):
        append_snapshots(tmp_path / "forecast_snapshots.xlsx", rows())


@pytest.mark.parametrize("name", ["forecast_snapshots.csv", "forecast_snapshots.parquet"])
def test_what_is_kept_can_be_read_as_a_source(tmp_path, name):
    append_snapshots(tmp_path / name, rows())
    source = read_source(tmp_path)
    assert [str(problem) for problem in source.problems if "forecast_snapshots" in str(problem)] == []
    pd.testing.assert_frame_equal(source.tables["forecast_snapshots"], rows(), check_dtype=False)
