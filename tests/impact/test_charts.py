"""Drawings of a business impact: what is plotted, what is said, and that nothing lies over anything else."""

from datetime import date
from itertools import combinations
from types import SimpleNamespace

import matplotlib.colors
import numpy as np
import pandas as pd
import pytest

from tests.shared import ROOT
from vs_toolkit import impact
from vs_toolkit.charts import BLUE, VERMILLION, drawn, figure, rows, style
from vs_toolkit.impact import charts, charts_capture, exhibits
from vs_toolkit.inputs import read_source

CASES = ["C001-02", "C003-01", "guano", "salesloft_tei"]


@pytest.fixture(scope="module")
def cases():
    found = [
        case for folder in ("demo", "examples") for case in read_source(str(ROOT / "data" / folder)).cases
    ]
    return {case.id: case for case in found}


@pytest.fixture(scope="module", params=CASES)
def study(request, cases):
    """One case with everything that is drawn of it, worked out once."""
    case = cases[request.param]
    worlds = {name: impact.evaluate(case, name) for name in impact.SCENARIOS}
    result = worlds["expected"]
    year = exhibits.full_year(result)
    return SimpleNamespace(
        case=case, worlds=worlds, result=result, currency=case.currency, year=year,
        steps=exhibits.steps(case, result), changed=exhibits.year_steps(result, year),
        swings=impact.tornado(case), sample=impact.monte_carlo(case, 2000, 1),
        corridor=impact.price_corridor(case), schemes=impact.compare_schemes(case),
    )  # fmt: skip


DRAWINGS = {
    "value": lambda s: drawn(charts.value_bridge, rows(len(s.steps) + 1), s.steps, s.currency),
    "year": lambda s: drawn(charts.year_bridge, rows(len(s.changed) + 1), s.changed, s.year, s.currency),
    "cash": lambda s: drawn(charts.cash_flow, 3.2, s.result),
    "profile": lambda s: drawn(charts.npv_profile, 2.8, s.result, s.case.customer_wacc),
    "scenarios": lambda s: drawn(charts.scenarios, 3.0, s.worlds, s.case.customer_wacc),
    "tornado": lambda s: drawn(
        charts.tornado, rows(min(len(s.swings), 8)), s.swings, s.result.npv, s.currency
    ),
    "spread": lambda s: drawn(charts.distribution, 2.8, s.sample, s.currency),
    "delay": lambda s: drawn(charts.cost_of_delay, 2.6, s.result),
    "corridor": lambda s: drawn(charts_capture.price_corridor, rows(5), s.corridor),
    "schemes": lambda s: drawn(
        charts_capture.schemes, rows(3 * s.schemes.scheme.nunique() // 2), s.schemes, s.currency
    ),
}


def boxes(fig):
    """Where each text stands in pixels, without the title (the page writes it)."""
    (ax,) = fig.axes
    ax.set_title("", loc="left")
    with style():
        fig.canvas.draw()
    texts = [*ax.texts, ax.xaxis.label, ax.yaxis.label, *ticks(ax.xaxis), *ticks(ax.yaxis)]
    return {(n, t.get_text()): t.get_window_extent() for n, t in enumerate(texts) if t.get_text()}


def ticks(axis):
    low, high = sorted(axis.get_view_interval())
    shown = [tick for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]
    return [tick.label1 for tick in shown] if axis.get_visible() else []


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_every_drawing_says_something_and_no_text_is_covered_or_cut_off(study, drawing):
    fig = DRAWINGS[drawing](study)
    (ax,) = fig.axes
    assert ax.get_title(loc="left")
    if not ax.axison:
        return
    found, page = boxes(fig), fig.bbox.padded(2)
    assert [text for text, box in found.items() if box.x0 < page.x0 or box.x1 > page.x1] == []
    for (one, here), (other, there) in combinations(found.items(), 2):
        assert not here.padded(-1.5).overlaps(there.padded(-1.5)), f"{one} lies over {other}"


def widths(ax):
    return [bar.get_width() for bar in ax.patches]


def test_the_bridge_ends_at_the_sum_of_its_steps():
    _, ax = figure()
    charts.value_bridge(ax, pd.Series({"Less scrap": 300.0, "Price": -120.0}), "EUR")
    assert widths(ax) == [300, -120, 180]  # 300 - 120 = 180
    assert [bar.get_x() for bar in ax.patches] == [0, 300, 0]  # the price begins where the value ended
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "Less scrap",
        "Price",
        "Net present value",
    ]


def test_gains_and_losses_differ_by_sign_and_not_by_colour_alone():
    _, ax = figure()
    charts.value_bridge(ax, pd.Series({"Less scrap": 300.0, "Price": -120.0}), "EUR")
    assert [text.get_text() for text in ax.texts] == ["+300", "−120", "180"]


def test_the_cash_flow_shows_each_year_and_the_running_total(cases):
    _, ax = figure()
    charts.cash_flow(ax, impact.evaluate(cases["guano"]))
    # Brealey and Myers, table 6-6, in thousands of dollars
    published = [-12600, -1484, 2947, 6323, 10534, 9985, 5757, 3269]
    assert [bar.get_height() / 1000 for bar in ax.patches] == pytest.approx(published, abs=1)
    assert ax.lines[0].get_ydata() / 1000 == pytest.approx(np.cumsum(published), abs=4)


def test_a_monthly_case_is_drawn_in_years(cases):
    result = impact.evaluate(cases["C013-01"])
    _, ax = figure()
    charts.cash_flow(ax, result)
    assert len(ax.patches) == cases["C013-01"].years + 1
    assert sum(bar.get_height() for bar in ax.patches) == pytest.approx(result.cash_flows.sum())
    assert ax.lines[0].get_xdata()[-1] == cases["C013-01"].years


def test_the_scenarios_end_at_their_net_present_values(study):
    _, ax = figure()
    charts.scenarios(ax, study.worlds, study.case.customer_wacc)
    ends = [line.get_ydata()[-1] for line in ax.lines[:3]]
    if ax.axison:
        assert ends == pytest.approx([world.npv for world in study.worlds.values()])


def test_the_tornado_turns_about_the_expected_value():
    swings = pd.DataFrame(
        {
            "name": ["a", "b"],
            "npv_at_low": [40.0, 130.0],
            "npv_at_high": [160.0, 80.0],
            "swing": [120.0, 50.0],
        }
    )
    _, ax = figure()
    charts.tornado(ax, swings, 100.0, "EUR")
    # down to 40 and 80, up to 160 and 130, seen from 100
    assert widths(ax) == [-60, -20, 60, 30]


def test_draws_below_zero_stand_out(cases):
    sample = SimpleNamespace(npv=np.linspace(-10, 30, 400), uncertain=1, p10=-6.0, p50=10.0, p90=26.0,
                             chance_negative=0.25)  # fmt: skip
    _, ax = figure()
    charts.distribution(ax, sample, "EUR")
    colours = {matplotlib.colors.to_hex(bar.get_facecolor()) for bar in ax.patches}
    assert colours == {BLUE.lower(), VERMILLION.lower()}
    red = [bar for bar in ax.patches if matplotlib.colors.to_hex(bar.get_facecolor()) == VERMILLION.lower()]
    assert sum(bar.get_height() for bar in red) == 100  # a quarter of 400


def test_the_band_of_the_corridor_goes_from_the_floor_to_the_lower_ceiling(cases):
    corridor = impact.price_corridor(cases["C001-02"])
    _, ax = figure()
    charts_capture.price_corridor(ax, corridor)
    (band,) = [patch for patch in ax.patches if patch.get_width() > 0]
    assert band.get_x() == pytest.approx(corridor.floor)
    assert band.get_x() + band.get_width() == pytest.approx(corridor.practical_ceiling)


def test_what_is_not_measured_is_not_drawn():
    columns = {"customer_id": "C", "case_id": "1", "line": "volume", "currency": "EUR", "promised": 10.0}
    table = pd.DataFrame(
        [
            {**columns, "effect_id": "a", "effect": "A", "period_end": "2025-12-31", "realised": 8.0},
            {**columns, "effect_id": "b", "effect": "B", "period_end": "2025-12-31", "realised": None},
        ]
    )
    _, ax = figure()
    charts_capture.realised(ax, impact.fulfilment(table, date(2026, 1, 1)))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["A"]
    assert widths(ax) == [10, 8]


def test_where_there_is_nothing_to_draw_the_title_says_so():
    nothing = impact.fulfilment(pd.DataFrame(columns=["customer_id"]), date(2026, 1, 1))
    for draw, *given in (
        (charts_capture.realised, nothing),
        (charts.tornado, pd.DataFrame(columns=["name", "npv_at_low", "npv_at_high", "swing"]), 1.0, "EUR"),
        (charts_capture.schemes, impact.compare_schemes(SimpleNamespace(provider=None)), "EUR"),
    ):
        _, ax = figure()
        draw(ax, *given)
        assert ax.get_title(loc="left") and not ax.axison
