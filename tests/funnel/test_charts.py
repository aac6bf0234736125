"""What the charts of the pipeline show, and that a record that tells nothing draws nothing but its title."""

from functools import cache

import pytest

from tests.funnel.records import ways
from tests.funnel.reports import company
from vs_toolkit import inputs
from vs_toolkit.charts import drawn, rows
from vs_toolkit.funnel import charts
from vs_toolkit.funnel.study import Study


@cache
def demo():
    data = inputs.open_company(as_of="2026-06-30")
    return Study(data.tables, data.as_of)


def figures(study):
    """Every chart of the report."""
    names, currency, persons = study.person_names, study.currency, study.hit_rates("owner_id")
    ahead, goals, table = study.forecast, study.targets, study.calibration.table
    return {
        "win_rates": drawn(charts.win_rates, rows(len(table)), table),
        "by_age": drawn(charts.by_age, 3.2, study.by_age, 180),
        "by_quarter": drawn(charts.by_quarter, 2.8, study.win_rates),
        "cohorts": drawn(charts.cohorts, 3.0, study.cohorts),
        "promises": drawn(charts.promises, 3.0, study.promises, names),
        "people": drawn(charts.people, 3.0, persons, names),
        "backtest": drawn(charts.backtest, 3.0, study.backtest),
        "reliability": drawn(charts.reliability, 3.4, study.backtest),
        "value": drawn(charts.value, 2.8, ahead, goals, currency),
        "change": drawn(charts.change, 3.0, study.change, currency, study.change_finding),
        "past_forecasts": drawn(charts.past_forecasts, 2.8, study.past_forecasts, currency),
        "stages": drawn(charts.stages, 3.0, study.steps, "The stages"),
        "ageing": drawn(charts.ageing, 3.0, study.ageing, currency),
        "losses": drawn(charts.losses, 3.0, study.lost),
    }


def test_every_chart_of_the_example_is_drawn_with_a_finding_as_title():
    for name, fig in figures(demo()).items():
        assert fig.axes[0].axison, name
        assert fig.axes[0].get_title(loc="left"), name


def test_a_record_that_tells_nothing_draws_nothing():
    """Only the stages themselves and their default probabilities are there to be drawn."""
    data = company(ways(A="Lead 1", B="Lead 2"))
    thin = figures(Study(data.tables, data.as_of))
    assert {name for name, fig in thin.items() if fig.axes[0].axison} <= {"win_rates", "stages", "value"}
    assert all(fig.axes[0].get_title(loc="left") for fig in thin.values())


def test_bars_hold_open_and_new_and_the_forecast_is_their_sum():
    study = demo()
    fig = drawn(charts.value, 2.8, study.forecast, study.targets, study.currency)
    heights = sum(bar.get_height() for bar in fig.axes[0].patches)
    assert heights == pytest.approx(study.forecast.total["value"], rel=1e-6)
