"""What cells show: escaped, reproducible, and a gap where nothing is known."""

import re
from datetime import date

import pandas as pd
import pytest

from vs_toolkit import charts, reports
from vs_toolkit.charts.svg import title
from vs_toolkit.tables import Column, Table

HOSTILE = '<script>alert("x")</script> & $\\frac'


@pytest.mark.parametrize(
    "shown",
    [
        reports.heading(HOSTILE, HOSTILE, HOSTILE),
        reports.text(HOSTILE),
        reports.listing([HOSTILE]),
        reports.callout(HOSTILE),
        reports.tiles((HOSTILE, HOSTILE, HOSTILE)),
        reports.table(pd.DataFrame({HOSTILE: [HOSTILE]}, index=pd.Index([HOSTILE], name=HOSTILE)), HOSTILE),
    ],
)
def test_outside_text_is_escaped(shown):
    assert "<script" not in shown.data
    assert "&lt;script&gt;" in shown.data


def hostile_figure():
    fig, ax = charts.figure()
    with charts.style():
        ax.bar([HOSTILE, "b"], [3.0, 2.0])
        ax.set_title(HOSTILE, loc="left")
        ax.set_xlabel(HOSTILE)
    return fig


def test_a_figure_escapes_its_labels_and_takes_no_text_for_a_formula():
    shown = reports.figure(hostile_figure(), HOSTILE).data
    assert "<script" not in shown
    assert shown.count("$\\frac") == 5  # label and caption twice in the head, tick label, axis label, alt


def test_a_figure_is_the_same_to_the_byte_and_says_nothing_of_the_machine():
    first, second = (reports.figure(hostile_figure()).data for _ in range(2))
    assert first == second
    assert "matplotlib" not in first and "<metadata" not in first


def test_drawing_a_figure_leaves_its_title_in_place():
    fig = hostile_figure()
    reports.figure(fig)
    assert title(fig) == HOSTILE


def test_a_table_shows_missing_as_a_dash_and_never_as_zero():
    columns = {"EUR": [1.0, float("nan")], "Day": [date(2026, 3, 9), None], "Who": ["A", None]}
    frame = pd.DataFrame(columns, index=["a", "b"])
    cells = reports.table(frame, units={"EUR": "EUR"}).data
    assert cells.count("–") == 3
    assert ">1</td>" in cells and "9 Mar 2026" in cells and ">0<" not in cells


def test_units_by_column_and_totals():
    frame = pd.DataFrame({"Share": [0.25], "Years": [0.5]}, index=["Total"])
    shown = reports.table(frame, units={"Share": "share", "Years": "years"}, strong=["Total"]).data
    assert '<tr class="strong">' in shown and "25.0%" in shown and "6.0\xa0months" in shown


def test_names_and_days_are_not_broken_into_lines():
    frame = pd.DataFrame(
        {"Due": ["30 Oct 2026"], "Action": ["Visit a reference plant"]}, index=["Sales engineer 05"]
    )
    shown = reports.table(frame).data
    whole = re.findall(r'class="words whole"[^>]*>([^<]*)<', shown)
    assert whole == ["Sales engineer 05", "30 Oct 2026"]


def test_an_empty_message_leaves_no_box():
    assert reports.callout("").data == ""
    assert reports.listing([], "None.").data == "<p>None.</p>"


def test_a_table_that_fills_more_than_a_page_may_break_and_long_units_wrap():
    """8 rows of two lines (29 characters, 24 a line) stay together; 8 of three lines may break."""

    def page(source):
        rows = pd.DataFrame(
            {"cost": [1.0] * 8, "unit": ["EUR per technician and year"] * 8, "source": [source] * 8}
        )
        return reports.table(
            Table(rows, (Column("Cost", "cost", unit_from="unit"), Column("Source", "source")))
        ).data

    assert '<div class="table"' in page("short") and '<div class="table long' in page("w" * 60)
    assert '<td class="long"' in page("short")
