"""A figure is drawn as matplotlib itself would, but measured with the renderer that draws it."""

import io

from matplotlib import rc_context
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG

from vs_toolkit import charts
from vs_toolkit.charts import svg as module


def bars():
    fig, ax = charts.figure()
    charts.bars(ax, ["Less raw material", "More output"], [3.0, 4.0], [0.0, 3.0], [charts.BLUE] * 2)
    charts.say(ax, 7.0, 1, "+4 M EUR")
    ax.set_xlabel("M EUR")
    fig.legend(["value"], loc="outside upper right")
    return fig


def test_it_is_what_matplotlib_writes():
    with charts.style():
        stock = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        FigureCanvasSVG(bars()).print_svg(stock, metadata=nothing)
        assert module._drawing(bars()) == stock.getvalue()


def test_one_renderer_measures_and_draws(monkeypatch):
    made = []

    class Counted(RendererSVG):
        def __init__(self, *arguments, **options):
            made.append(self)
            super().__init__(*arguments, **options)

    monkeypatch.setattr("matplotlib.backends.backend_svg.RendererSVG", Counted)
    module.svg(bars())
    assert len(made) == 1


def test_a_figure_made_ahead_is_drawn_alike_and_used_once_and_with_its_settings_only():
    drawn = module.svg(bars())
    charts.make_ahead(2)
    assert module.svg(bars()) == drawn
    with rc_context({"xtick.major.size": 9.0}):
        assert module.svg(bars()) != drawn
    left, other = charts.figure()[0], charts.figure(2.0, 1.0)[0]
    assert left is not other and tuple(other.get_size_inches()) == (2.0, 1.0)
