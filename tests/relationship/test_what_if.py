"""A what-if on a plan: turned lines count as the package counts them, and what is saved is a plan."""

from datetime import date

import pandas as pd
import pytest

from tests.relationship.plans import BY_HAND, YEAR_END, plan_rows, valued
from vs_toolkit import relationship
from vs_toolkit.charts.what_if.session import figures_html
from vs_toolkit.errors import ParameterError
from vs_toolkit.relationship.study import Study
from vs_toolkit.relationship.value import Terms

TODAY = date(2025, 12, 31)


def study(rows=None):
    tables = {"relationship_plans": plan_rows(spread=0.2) if rows is None else rows}
    return Study({"customer_id": "C1", "name": "Acme"}, tables, {}, YEAR_END, Terms(0.25))


@pytest.fixture
def session():
    return relationship.WhatIf(study())


def test_a_line_moves_along_its_range_in_all_years(session):
    # average revenue of 1000 and 1200 is 1100; a tenth more is half way to the high ends, 1200 and 1440
    session.turn("revenue", 1210)
    more = plan_rows(BY_HAND | {"revenue": (1100, 1320)})
    expected = valued(more, opening=float("nan")).value[0]
    assert session.result.npv == pytest.approx(expected, rel=1e-12)
    session.undo()
    assert session.result.npv == session.before.npv


def test_a_line_without_a_range_moves_in_proportion():
    own = relationship.WhatIf(study(plan_rows()))
    own.turn("cost_to_serve", 50)  # half of 100 in both years
    half = plan_rows(BY_HAND | {"cost_to_serve": (50, 50)})
    assert own.result.npv == pytest.approx(valued(half, opening=float("nan")).value[0], rel=1e-12)


def test_both_ends_of_the_sensitivity_are_those_of_the_package(session):
    ours = session.tornado().set_index("key")[["at_low", "at_high"]].sort_index()
    pd.testing.assert_frame_equal(
        ours, session.study.sensitivity[["at_low", "at_high"]].rename_axis("key").sort_index(), rtol=1e-12
    )


def test_parts_add_up_to_the_npv(session):
    session.turn("margin", 0.4)
    assert session.steps().sum() == pytest.approx(session.result.npv, rel=1e-12)


def test_what_is_saved_is_a_version_of_the_plan(session, tmp_path):
    session.turn("revenue", 1210)
    session.confirm("revenue", "Plant manager", TODAY)
    rows = session.save(tmp_path / "plans" / "C1-2.csv", "C1-2", TODAY)
    assert study(rows).npv == pytest.approx(session.result.npv, rel=1e-12)
    told = pd.read_csv(tmp_path / "plans" / "C1-2.csv").query("line == 'revenue' and year == 2026").iloc[0]
    assert (told["low"], told["expected"], told["high"], told["planned_on"]) == (
        1100,
        1100,
        1100,
        "2025-12-31",
    )
    with pytest.raises(ParameterError, match="exists"):
        session.save(tmp_path / "plans" / "C1-2.csv", "C1-2", TODAY)


def test_without_a_complete_plan_the_message_says_so():
    with pytest.raises(ParameterError, match="no complete plan"):
        relationship.WhatIf(study(plan_rows().iloc[:0]))


def test_the_panel_is_the_same_as_that_of_a_case(tmp_path):
    pytest.importorskip("ipywidgets")
    panel = relationship.what_if(study(), tmp_path)
    panel.rows["revenue"].number_box.value = 1210
    assert panel.session.value("revenue") == 1210
    assert panel.figures.value == figures_html(panel.session)
    panel.buttons["Save as live workbook"].click()
    assert (tmp_path / "C1-2.xlsx").read_bytes().startswith(b"PK")
