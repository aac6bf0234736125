"""A what-if session: what is turned counts, what is confirmed stays, every step can be undone."""

from datetime import date

import pytest

from vs_toolkit import impact
from vs_toolkit.charts.what_if.session import figures_html
from vs_toolkit.errors import ParameterError
from vs_toolkit.shipped import shipped

widgets = pytest.importorskip("ipywidgets")
START = shipped("templates", "start", "cases", "NORTHMILL-01.yaml")
PRICE, GAIN = "price.amount", "numbers.yield_gain"
TODAY = date(2026, 6, 30)


@pytest.fixture
def session():
    return impact.WhatIf(impact.read_case(START))


def test_turning_a_number_changes_the_result_as_the_package_would(session):
    session.turn(GAIN, 0.01)
    assert session.result.npv == impact.evaluate(session.changed("X", TODAY)).npv
    # the price is paid at the start and has no tax: 50,000 less is worth 50,000
    before = session.result.npv
    session.turn(PRICE, 900_000)
    assert session.result.npv - before == pytest.approx(50_000)


def test_every_step_can_be_undone_also_the_reset(session):
    session.turn(PRICE, 900_000)
    session.turn(GAIN, 0.01)
    session.reset()
    assert session.result.npv == session.before.npv
    session.undo()
    assert (session.value(PRICE), session.value(GAIN)) == (900_000, 0.01)
    session.undo()
    session.undo()
    session.undo()  # nothing is left to undo
    assert session.value(PRICE) == 950_000


def test_a_confirmed_number_is_locked_and_leaves_the_sensitivity(session):
    session.confirm(GAIN, "Plant manager", TODAY)
    with pytest.raises(ParameterError, match="is confirmed"):
        session.turn(GAIN, 0.01)
    assert GAIN not in set(session.tornado()["key"])
    session.undo()
    session.turn(GAIN, 0.01)


def test_nobody_confirms_without_a_name(session):
    with pytest.raises(ParameterError, match="name who"):
        session.confirm(GAIN, "  ", TODAY)


def test_what_is_saved_is_a_new_case_and_replaces_nothing(session, tmp_path):
    session.turn(PRICE, 900_000)
    saved = session.save(tmp_path / "cases" / "NEW.yaml", "NEW", TODAY)
    assert impact.read_case(tmp_path / "cases" / "NEW.yaml") == saved
    assert impact.evaluate(saved).npv == session.result.npv
    with pytest.raises(ParameterError, match="exists"):
        session.save(tmp_path / "cases" / "NEW.yaml", "NEW2", TODAY)
    with pytest.raises(ParameterError, match="another id"):
        session.save(tmp_path / "other.yaml", session.case.id, TODAY)


def test_widgets_show_what_the_session_says(session, tmp_path):
    panel = impact.what_if(session.case, tmp_path)
    row = panel.rows[GAIN]
    row.slider.value = row.slider.max
    assert row.number_box.value == row.slider.max == panel.session.value(GAIN)
    assert panel.figures.value == figures_html(panel.session)
    row.number_box.value = 0.05  # outside its range: allowed, and the slider goes with it
    assert row.slider.max == 0.05
    panel.act(panel.session.undo)
    assert row.number_box.value != 0.05


def test_a_refusal_is_shown_in_the_panel(session, tmp_path):
    panel = impact.what_if(session.case, tmp_path)
    panel.rows[GAIN].confirm.click()
    assert "name who" in panel.message.value
    panel.by.value = "<b>Plant manager"
    panel.rows[GAIN].confirm.click()
    assert panel.rows[GAIN].slider.disabled and "&lt;b&gt;Plant manager" in panel.rows[GAIN].source.value


def test_every_control_has_a_description(session):
    panel = impact.what_if(session.case)
    for row in panel.rows.values():
        assert row.number_box.description and (row.slider is None or row.slider.description)
