"""What the report of the example company says and draws; planted findings on its first page."""

from datetime import date
from functools import cache

import pandas as pd
import pytest

from tests.portfolio.made import tables
from vs_toolkit.charts import drawn
from vs_toolkit.demo import operating as planted
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.operating import charts, exhibits, summary
from vs_toolkit.operating.study import OperatingModel
from vs_toolkit.tables import is_numeric

AS_OF = date(2026, 6, 30)
CHARTS = ("lanes", "accountable", "culture", "chapters", "weakest", "units", "use", "adoption")
DAYS = ("since", "until", "assessed_on", "answered_on", "measured_on")


@cache
def full():
    people = pd.DataFrame({"person_id": [f"M{i:03d}" for i in range(4)] + [f"P{i:03d}" for i in range(12)]})
    people["name"] = "Name of " + people["person_id"]
    made = planted.operating_tables(people, AS_OF, 1)
    days = {
        name: frame.assign(**{d: pd.to_datetime(frame[d]) for d in DAYS if d in frame})
        for name, frame in made.items()
    }
    people = people.reindex(columns=list(TABLES["people"].model_fields))
    return OperatingModel(tables(people=people, **days), AS_OF)


@cache
def bare():
    return OperatingModel(tables(), AS_OF)


def test_the_planted_findings_stand_on_the_first_page():
    page = " ".join([summary.lead(full()), summary.verdict(full()), *summary.decisions(full())])
    assert f"Nobody is accountable for “{planted.ORPHAN}”" in page
    assert "Name of M000 answers for 92% of all activities" in page  # 12 of 13
    assert "Unit North says yes to" in page and "statistically significant difference" in page


def test_the_model_of_the_example_has_no_gap_in_its_tables():
    assert summary.gaps(full()) == [] and all(tile[1] != "–" for tile in summary.tiles(full()))


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_has_a_finding_and_draws_nothing_where_nothing_is_known(name):
    assert drawn(getattr(charts, name), 3.0, full()).axes[0].get_title(loc="left")
    empty = drawn(getattr(charts, name), 3.0, bare()).axes[0]
    assert empty.get_title(loc="left")
    assert empty.axison == (name == "lanes")  # the process is there without any table


def test_the_grid_outlines_what_is_wrong():
    ax = drawn(charts.grid, 4.0, full(), planted.PROCESS).axes[0]
    boxes = ax.collections[-1].get_paths()
    # two activities of six roles (nobody or two accountable), and the role without duty in the seven others
    assert len(boxes) == 2 * 6 + 7


@pytest.mark.parametrize("exhibit", exhibits.EVERY, ids=lambda e: e.__name__)
def test_tables_can_be_written_and_hold_numbers(exhibit):
    table = exhibit(full())
    table.written()
    for column in table.shown:
        if column.unit or column.digits is not None:
            values = table.frame[column.values]
            assert is_numeric(values) or values.isna().all(), column.label
