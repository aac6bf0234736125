"""The quick layout puts axes where constrained layout puts them, and leaves to it what it does not know."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator

from vs_toolkit.charts.layout import QuickLayout, settled


def figure(engine, canvas=FigureCanvasAgg):
    fig = Figure(figsize=(6.4, 3.2), layout=engine)
    canvas(fig)
    return fig, fig.add_subplot()


def place(engine, draw, canvas=FigureCanvasAgg):
    fig, ax = figure(engine, canvas)
    draw(fig, ax)
    fig.get_layout_engine().execute(fig)
    return ax.get_position().extents * np.tile(fig.bbox.size, 2)


def line(fig, ax):
    ax.plot([0, 1000], [0, 30_000_000])
    ax.set_xlabel("days")


def label_at_a_value(fig, ax):
    line(fig, ax)
    ax.annotate("running total: 3 M EUR", (850, 20_000_000), (4, 0), textcoords="offset points")


def legend_beside(fig, ax):
    ax.plot([0, 1], label="orders")
    fig.legend(loc="outside upper left")


def title_above(fig, ax):
    line(fig, ax)
    fig.suptitle("Worth it")


def square(fig, ax):
    line(fig, ax)
    ax.set_aspect("equal", "box")


def two_scales(fig, ax):
    line(fig, ax)
    ax.twinx().plot([0, 1000], [0, 1])


def long_label_in_the_middle(fig, ax):
    ax.set_xlim(0, 3)
    ax.annotate(
        "days of sales outstanding: EUR 198k a year, the largest of all",
        (2, 0.5),
        (4, 0),
        textcoords="offset points",
    )


def test_a_long_label_is_not_cut_off():
    fig, ax = figure(QuickLayout())
    long_label_in_the_middle(fig, ax)
    fig.get_layout_engine().execute(fig)
    assert ax.texts[0].get_window_extent().x1 < fig.bbox.x1


@pytest.mark.parametrize("draw", [line, label_at_a_value])
def test_it_is_where_constrained_layout_puts_it(draw):
    quick, constrained = place(QuickLayout(), draw), place(ConstrainedLayoutEngine(), draw)
    assert np.abs(quick - constrained).max() < 2  # pixels, of 640 x 320


@pytest.mark.parametrize("draw", [legend_beside, title_above, two_scales])
def test_what_is_not_simple_is_left_to_constrained_layout(draw):
    np.testing.assert_array_equal(place(QuickLayout(), draw), place(ConstrainedLayoutEngine(), draw))


def test_so_is_a_canvas_that_cannot_measure_and_an_aspect():
    for draw, canvas in ((line, FigureCanvasPdf), (square, FigureCanvasAgg)):
        quick = place(QuickLayout(), draw, canvas)
        np.testing.assert_array_equal(quick, place(ConstrainedLayoutEngine(), draw, canvas))


def test_nothing_is_cut_off_and_the_axes_stay_in_the_layout():
    fig, ax = figure(QuickLayout())
    label_at_a_value(fig, ax)
    fig.get_layout_engine().execute(fig)
    box = ax.get_tightbbox(fig.canvas.get_renderer())
    assert box.x0 > 1 and box.y0 > 1 and box.x1 < fig.bbox.width - 1 and box.y1 < fig.bbox.height - 1
    assert ax.get_in_layout()


def test_no_room_is_told():
    fig, ax = figure(QuickLayout())
    ax.set_yticks([0], ["x" * 200])
    with pytest.warns(UserWarning, match="collapsed to zero"):
        fig.get_layout_engine().execute(fig)


def test_what_is_remembered_while_a_figure_is_drawn_is_forgotten_then():
    fig, ax = figure(QuickLayout())
    line(fig, ax)
    ax.set_xlim(0, 1000)
    ax.xaxis.set_major_locator(MaxNLocator(4))
    renderer = fig.canvas.get_renderer()
    with settled(fig):
        before = ax.xaxis.get_tightbbox(renderer).width
        ax.set_position([0.25, 0.25, 0.25, 0.5])  # axes may move while it is drawn
        assert ax.xaxis.get_tightbbox(renderer).width < before / 2
        assert [tick.get_loc() for tick in ax.xaxis._update_ticks()] == [0, 250, 500, 750, 1000]
    ax.set_xlim(0, 100)
    assert [tick.get_loc() for tick in ax.xaxis._update_ticks()] == [0, 25, 50, 75, 100]


def test_ticks_that_depend_on_the_room_are_found_anew():
    fig, ax = figure(QuickLayout())
    line(fig, ax)
    with settled(fig):
        wide = len(ax.xaxis._update_ticks())
        ax.set_position([0.4, 0.4, 0.1, 0.5])
        assert len(ax.xaxis._update_ticks()) < wide
