"""A table of numbers is written in one way, whatever shows it."""

from datetime import date

import pandas as pd
import pytest

from vs_toolkit.tables import Column, Table


def test_each_unit_is_written_in_its_way():
    frame = pd.DataFrame(
        {"amount": [1_234_567.0], "rate": [0.0825], "time": [0.25], "count": [1234], "known": [True],
         "day": [date(2026, 3, 9)], "who": ["A & B"]},
        index=["row"],
    )  # fmt: skip
    columns = (
        Column("Value", "amount", "EUR"), Column("Rate", "rate", "share"), Column("Payback", "time", "years"),
        Column("Cases", "count", digits=0), Column("Known", "known"), Column("Day", "day"),
        Column("Who", "who"),
    )  # fmt: skip
    written = Table(frame, columns).written()
    # 8.25 % is rounded half up; a quarter of a year is three months
    assert written.loc["row"].to_dict() == {
        "Value, EUR": "1.23m", "Rate": "8.3%", "Payback": "3.0 months", "Cases": "1,234", "Known": "yes",
        "Day": "9 Mar 2026", "Who": "A & B",
    }  # fmt: skip


def test_amounts_share_one_scale_that_the_title_names():
    frame = pd.DataFrame({"Year 1": [1_250_000.0, -40_400.0], "Share": [0.5, None]}, index=["Sales", "Cost"])
    table = Table(frame, (Column("Year 1"), Column("Share", unit="share")), "Cash flow", scaled="USD")
    assert table.title == "Cash flow (USD thousand)"
    assert table.written()["Year 1"].tolist() == ["1,250", "−40"]
    assert table.written()["Share"].tolist() == ["50.0%", "–"]


def test_an_interval_with_an_unknown_end_is_not_half_written():
    frame = pd.DataFrame({"low": [12.0, 1.0], "high": [27.0, None]}, index=["A", "B"])
    assert Table(frame, (Column("80%", "low", upper="high"),)).written()["80%"].tolist() == ["12–27", "–"]


def test_unlike_figures_bring_their_own_units():
    frame = pd.DataFrame(
        {"value": [1.2e6, 0.31, None], "unit": ["EUR", "share", "years"]}, ["NPV", "IRR", "Payback"]
    )
    table = Table(frame, (Column("Result", "value", unit_from="unit"),))
    assert table.written()["Result"].tolist() == ["EUR 1.20m", "31.0%", "–"]


@pytest.mark.parametrize("shown", [(), (Column("a"),)])
def test_a_table_without_rows_is_written_without_rows(shown):
    assert Table(pd.DataFrame({"a": [], "b": []}), shown).written().empty


def test_a_bare_table_in_jupyterlab_escapes_what_data_says():
    frame = pd.DataFrame({"<b>": ["<script>"]}, index=["<i>"])
    shown = Table(frame, caption="<u>")._repr_html_()
    assert not any(tag in shown for tag in ("<script>", "<i>", "<b><", "<u>"))
