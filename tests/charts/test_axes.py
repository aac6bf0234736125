"""Axes by unit: ticks, labels and the writing of values; months and rows."""

import numpy as np
import pandas as pd
import pytest

from vs_toolkit.charts import axes, figure


def ticks(axis):
    axis.figure.canvas.draw()
    return [label.get_text() for label in axis.get_ticklabels()]


@pytest.mark.parametrize(
    "unit, values, value, written, label",
    [
        ("EUR", [2.4e6], -40_000, "−0.04", "EUR million"),
        ("EUR", [2.4e6], 2_000, "0.002", "EUR million"),  # not 0.00
        ("EUR", [900.0, 12.0], 900, "900", "EUR"),
        ("share", [0.3, 0.5], 0.25, "25%", ""),
        ("share", [0.03], 0.034, "3.4%", ""),
        ("days", [3, 1200], 1200, "1,200", "days"),
        ("", [4.5, 1.0], 3.0, "3.0", ""),
        ("EUR", [np.nan], 0.0, "0", "EUR"),
    ],
)
def test_an_axis_writes_values_in_its_unit(unit, values, value, written, label):
    _, ax = figure()
    write = axes.unit_axis(ax.xaxis, unit, values)
    assert (write(value), ax.get_xlabel()) == (written, label)


def test_ticks_of_shares_are_per_cent_and_of_amounts_in_their_scale():
    _, ax = figure()
    ax.plot([0, 1], [0, 3e6])
    axes.unit_axis(ax.xaxis, "share", [0, 1])
    axes.unit_axis(ax.yaxis, "EUR", [0, 3e6])
    assert "20%" in ticks(ax.xaxis) and "1" in ticks(ax.yaxis)


def test_three_years_of_months_are_named_by_quarter():
    _, ax = figure()
    axes.month_axis(ax, pd.date_range("2024-01-01", periods=36, freq="MS"))
    names = [label.get_text() for label in ax.get_xticklabels()]
    assert names[:5] == ["Jan\n2024", "Apr", "Jul", "Oct", "Jan\n2025"] and len(names) == 12


def test_the_key_stands_above_the_drawing_and_takes_no_width():
    from vs_toolkit.charts import drawn, forms

    frame = pd.DataFrame({"value": [0.2], "low": [0.1], "high": [0.3]}, index=["A"])
    plain = drawn(forms.dots, 2.0, frame, "share", title="t")
    keyed = drawn(forms.dots, 2.0, frame, "share", title="t", marks={"value": "measured, 90% interval"})
    for fig in (plain, keyed):
        fig.canvas.draw()
    there, here = keyed.axes[0].get_position(), plain.axes[0].get_position()
    assert there.x0 == pytest.approx(here.x0, abs=0.01) and there.y1 < here.y1 - 0.03
