"""What the drawings of the funnel show: positions from the numbers, and every word inside the figure."""

from functools import cache

import numpy as np
import pandas as pd
import pytest

from tests.funnel.records import FUNNEL, ways
from tests.funnel.reports import company
from vs_toolkit import funnel, inputs
from vs_toolkit.charts import drawn, rows
from vs_toolkit.funnel import charts, exhibits
from vs_toolkit.funnel.study import Review


@cache
def demo():
    data = inputs.open_company(as_of="2026-06-30")
    return Review(data.tables, data.as_of)


def figures(review):
    """Every drawing of the report."""
    table, persons, promised = review.calibration.table, review.hit_rates("owner_id"), review.promises
    names, currency, lost = review.person_names, review.currency, review.losses("close_reason")
    ahead, goals = review.forecast, review.targets
    return {
        "worth": drawn(charts.worth, rows(len(table)), table),
        "by_age": drawn(charts.by_age, 3.2, exhibits.by_age(review.calibration, 180), 180),
        "promises": drawn(charts.promises, rows(charts.shown(promised.table)), promised, names),
        "people": drawn(charts.people, rows(charts.shown(persons.table)), persons, names),
        "past": drawn(charts.past_expectations, 3.0, review.backtest),
        "reliability": drawn(charts.reliability, 3.6, review.backtest),
        "orders": drawn(charts.orders, 2.8, ahead, goals),
        "value": drawn(charts.value, 2.8, ahead, goals, currency),
        "forecasts": drawn(charts.past_forecasts, 2.8, review.past_forecasts, currency),
        "money": drawn(charts.money, 3.0, review.money, currency),
        "funnel": drawn(charts.funnel, rows(len(table)), review.steps, "The funnel"),
        "losses": drawn(charts.losses, rows(len(lost)), lost, "Losses"),
    }


@cache
def demo_figures():
    return figures(demo())


@pytest.mark.parametrize("name", [
    "worth", "by_age", "promises", "people", "past", "reliability", "orders", "value", "forecasts", "money",
    "funnel", "losses",
])  # fmt: skip
def test_no_word_is_cut_off(name):
    """Except titles, which the page writes as captions that wrap."""
    fig = demo_figures()[name]
    for ax in fig.axes:
        ax.set_title("", loc="left")
    fig.canvas.draw()
    drawn_on = fig.get_tightbbox(fig.canvas.get_renderer())  # inches
    width, height = fig.get_size_inches()
    assert drawn_on.x0 >= -0.01 and drawn_on.x1 <= width + 0.01
    assert drawn_on.y0 >= -0.01 and drawn_on.y1 <= height + 0.01


def test_a_record_that_tells_nothing_draws_nothing():
    """Only the funnel itself and the nominal of its statuses are there to be drawn."""
    data = company(ways(A="Lead 1", B="Lead 2"))
    thin = figures(Review(data.tables, data.as_of))
    assert {name for name, fig in thin.items() if fig.axes[0].axison} == {"worth", "funnel"}
    assert all(fig.axes[0].get_title(loc="left") for fig in thin.values())


def test_worth_stands_where_the_table_says():
    table = demo().calibration.table
    marks = {line.get_label(): line.get_xdata() for line in demo_figures()["worth"].axes[0].lines}
    assert marks["measured, with 90 % interval"] == pytest.approx(table["hit_rate"].tolist())
    assert marks["nominal"] == pytest.approx([0.1, 0.3, 0.5, 0.7, 0.9])


def test_bars_of_open_cases_and_of_leads_to_come_add_up_to_the_orders():
    bars = demo_figures()["orders"].axes[0].containers
    heights = sum(np.array([bar.get_height() for bar in part]) for part in bars)
    assert heights == pytest.approx(demo().forecast.table["orders"].tolist())


def test_a_funnel_of_two_statuses_is_as_wide_as_the_cases_that_came():
    """Three cases came to Lead, one to Offer; one is still a lead, the offer was won."""
    record = ways(A="Lead 1 Offer 4 Order 9", B="Lead 2 Lost 8", C="Lead 3")
    history = funnel.read_history(record, FUNNEL, "2026-03-20")
    fig = drawn(charts.funnel, 2.0, funnel.steps(history), "The funnel")
    widths = [bar.get_width() for part in fig.axes[0].containers for bar in part]
    assert widths == [3, 1, 1, 0, 0, 0]


def test_labels_of_lines_that_end_together_stand_apart():
    together = pd.DataFrame({"Lead": [0.3, 0.1], "Offer": [0.5, 0.1]}, index=[0, 30])
    fig = drawn(charts.by_age, 3.2, together, 90)
    heights = sorted(text.xy[1] for text in fig.axes[0].texts)
    assert heights[1] - heights[0] > 0.06
