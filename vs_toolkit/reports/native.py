"""Charts of a report as editable charts of a slide; what no such chart can show becomes a picture."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import cycle
from typing import Any

import numpy as np
import pandas as pd
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.util import Pt

from vs_toolkit.charts import BLACK, BLUE, GREEN, GREY, PURPLE, VERMILLION
from vs_toolkit.charts.drawing import Drawing
from vs_toolkit.charts.forms.bars import STACK
from vs_toolkit.charts.layout import settled
from vs_toolkit.charts.style import WIDTH
from vs_toolkit.formats import common_scale, is_currency, number
from vs_toolkit.tables import FRACTIONS

LABEL = 0.15  # of the length of a bridge that a label takes
LINES = (BLUE, VERMILLION, GREEN, PURPLE, BLACK)
Place = tuple[Any, Any, Any, Any]  # left, top, width, height


def native(shapes: Any, drawing: Drawing, place: Place) -> bool:
    """Add a drawing as a chart, if its form has one.

    Parameters
    ----------
    shapes
        Shapes of a slide.
    drawing
        What a form drew.
    place
        Left, top, width and height.
    """
    draw = FORMS.get(drawing.form)
    return bool(draw and draw(shapes, drawing, place))


def picture(shapes: Any, fig: Any, place: Place, alt: str) -> None:
    """Add a figure as a picture, as large as the place allows."""
    target = io.BytesIO()
    title = [(ax, ax.get_title(loc="left")) for ax in fig.axes]
    for ax, _ in title:
        ax.set_title("", loc="left")  # it is the title of the slide
    with settled(fig):
        fig.savefig(
            target, format="png", dpi=160, metadata={"Software": None}, pil_kwargs={"compress_level": 3}
        )
    for ax, text in title:
        ax.set_title(text, loc="left")
    left, top, width, height = place
    wide, high = fig.get_size_inches()
    scale = min(width / max(wide, WIDTH), height / high)  # a narrow one would have huge letters
    shown = shapes.add_picture(io.BytesIO(target.getvalue()), left, top, int(wide * scale), int(high * scale))
    shown._element.nvPicPr.cNvPr.set("descr", alt)


def _bridge(shapes: Any, drawing: Drawing, place: Place) -> bool:
    steps, unit = drawing.data[:2]
    if not len(steps):
        return False
    amounts = steps.fillna(0).to_numpy(float)
    levels = np.cumsum(amounts)
    ends = np.vstack([np.append(levels - amounts, 0.0), np.append(levels, levels[-1])])
    scale, name = _scaled(ends, unit)
    low, high = ends.min(axis=0) / scale, ends.max(axis=0) / scale
    base = np.where(low > 0, low, np.where(high < 0, high, 0.0))
    above, below = np.maximum(high, 0) - np.maximum(base, 0), np.minimum(low, 0) - np.minimum(base, 0)
    data = CategoryChartData()
    data.categories = [*map(_label, steps.index), drawing.options.get("total", "Total")]
    beside = np.full(
        len(base), LABEL * (high.max() - low.min())
    )  # room for the labels, which no bar may hide
    for series, values in (("", base), (name, above), (f"{name}, below zero", below), (" ", beside)):
        data.add_series(series, [float(value) for value in values])
    chart = _chart(shapes, XL_CHART_TYPE.BAR_STACKED, data, place, name)
    colours = [BLUE if amount >= 0 else VERMILLION for amount in amounts] + [BLACK]
    if drawing.options.get("start"):
        colours[0] = GREY
    invisible, *visible, labels = chart.plots[0].series
    for series in (invisible, labels):
        series.format.fill.background()
    for series in visible:
        _paint(series, colours)
    _write(labels, [*(amounts / scale), levels[-1] / scale])
    return True


def _bars(shapes: Any, drawing: Drawing, place: Place) -> bool:
    values, unit = drawing.data[:2]
    options = drawing.options
    if values.empty or np.isnan(np.asarray(values, dtype=float)).all() or options.get("line"):
        return False
    if isinstance(values, pd.DataFrame):
        return _stacked(shapes, drawing, place)
    other = options.get("outline") if options.get("part") is None else options.get("part")
    all_values = values.to_numpy(float) if other is None else np.append(values, other).astype(float)
    scale, name = _scaled(all_values, unit)
    own, beside = options.get("labels") or ("", "")
    data = CategoryChartData(number_format=_format(unit))
    data.categories = list(map(_label, values.index))
    for label, series in ((own or name, values), (beside, other)):
        if series is not None:
            amounts = series.reindex(values.index).astype(float)
            data.add_series(label, [None if np.isnan(v) else float(v) / scale for v in amounts])
    chart = _chart(shapes, XL_CHART_TYPE.BAR_CLUSTERED, data, place, name, legend=other is not None)
    strong = set(options.get("strong", ())) or set(values.index)
    first, *others = chart.plots[0].series
    _paint(first, [BLUE if label in strong else GREY for label in values.index])
    for series in others:
        _paint(series, [GREY] * len(values))
    _labels(chart.plots[0], unit)
    for point, text in enumerate(options.get("texts") or ()):
        first.points[point].data_label.text_frame.text = str(text)
        first.points[point].data_label.position = XL_LABEL_POSITION.OUTSIDE_END
    return True


def _stacked(shapes: Any, drawing: Drawing, place: Place) -> bool:
    frame, unit = drawing.data[:2]
    if drawing.options.get("hatched") or drawing.options.get("texts"):
        return False  # no fill of a chart says that something is not known; a sum has no place for words
    amounts = frame.astype(float)
    scale, name = _scaled(amounts.sum(axis=1), unit)
    data = CategoryChartData(number_format=_format(unit))
    data.categories = list(map(_label, frame.index))
    for part in frame.columns:
        data.add_series(str(part), [None if np.isnan(v) else float(v) / scale for v in amounts[part]])
    chart = _chart(shapes, XL_CHART_TYPE.BAR_STACKED, data, place, name, legend=True)
    chart.plots[0].overlap = 100
    for series, colour in zip(chart.plots[0].series, cycle(STACK), strict=False):
        _paint(series, [colour] * len(frame))
    chart.value_axis.visible = True
    _ticks(chart, unit)
    return True


def _tornado(shapes: Any, drawing: Drawing, place: Place) -> bool:
    swings, centre, unit = drawing.data[:3]
    if swings.empty:
        return False
    ends = swings[["low", "high"]].to_numpy(float)
    scale, name = _scaled(np.append(ends, centre), unit)
    names = swings.get("name", swings.index)
    data = CategoryChartData(number_format=_format(unit))
    data.categories = list(map(_label, names))
    for label, values in (("Downside", ends.min(axis=1)), ("Upside", ends.max(axis=1))):
        offsets = [float(value) for value in (values - centre) / scale]
        data.add_series(f"{label}: {name} against the base case", offsets)
    chart = _chart(shapes, XL_CHART_TYPE.BAR_CLUSTERED, data, place, name, legend=True)
    chart.plots[0].overlap = 100
    for series, colour in zip(chart.plots[0].series, (VERMILLION, BLUE), strict=True):
        _paint(series, [colour] * len(swings))
    _labels(chart.plots[0], unit)
    return True


def _lines(shapes: Any, drawing: Drawing, place: Place) -> bool:
    frame, unit = drawing.data[:2]
    if any(drawing.options.get(name) for name in ("bands", "points", "mark")) or _is_scale(frame.index):
        return False  # a chart of categories has no place for them
    shown = frame.astype(float)
    if shown.empty or shown.isna().all(axis=None):
        return False
    scale, measure = _scaled(shown.to_numpy(float), unit)
    data = CategoryChartData(number_format=_format(unit))
    data.categories = list(map(_label, shown.index))
    for name in shown.columns:
        data.add_series(str(name), [None if np.isnan(v) else float(v) / scale for v in shown[name]])
    chart = _chart(shapes, XL_CHART_TYPE.LINE, data, place, measure, legend=len(shown.columns) > 1)
    _ticks(chart, unit)
    muted = set(drawing.options.get("muted", ()))
    colours, dashes = cycle(LINES), cycle((MSO_LINE.DASH, MSO_LINE.ROUND_DOT))
    for series in chart.plots[0].series:
        series.smooth = False
        line, is_muted = series.format.line, series.name in muted
        line.width = Pt(2.25)
        line.color.rgb = RGBColor.from_string((GREY if is_muted else next(colours))[1:].upper())
        if is_muted:
            line.dash_style = next(dashes)
    return True


def _is_scale(index: pd.Index[Any]) -> bool:
    """Whether places are numbers between whole ones, which categories cannot stand for."""
    return bool(pd.api.types.is_float_dtype(index) and (index % 1 != 0).any())


FORMS: dict[str, Callable[[Any, Drawing, Place], bool]] = {
    "bridge": _bridge,
    "bars": _bars,
    "tornado": _tornado,
    "lines": _lines,
}


def _chart(
    shapes: Any, kind: Any, data: CategoryChartData, place: Place, unit: str, *, legend: bool = False
) -> Any:
    chart = shapes.add_chart(kind, *place, data).chart
    chart.font.size = Pt(12)
    chart.has_title = bool(unit)  # the finding is the title of the slide
    if unit:
        title = chart.chart_title.text_frame
        title.text = unit
        title.paragraphs[0].font.size, title.paragraphs[0].font.bold = Pt(12), False
    chart.has_legend = legend
    if legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    chart.category_axis.format.line.color.rgb = RGBColor.from_string(GREY[1:])
    chart.value_axis.has_major_gridlines = False
    if kind != XL_CHART_TYPE.LINE:
        chart.category_axis.reverse_order = True
        chart.value_axis.visible = False
        chart.plots[0].gap_width = 45
    return chart


def _paint(series: Any, colours: list[str]) -> None:
    series.invert_if_negative = False
    series.format.fill.solid()  # what the key shows
    series.format.fill.fore_color.rgb = RGBColor.from_string(colours[0][1:].upper())
    for place, colour in enumerate(colours):
        fill = series.points[place].format.fill
        fill.solid()
        fill.fore_color.rgb = RGBColor.from_string(colour[1:].upper())


def _write(series: Any, values: list[float]) -> None:
    decimals = 2 if max(map(abs, values)) < 10 else 0
    for place, value in enumerate(values):
        label = series.points[place].data_label
        label.text_frame.text = number(value, decimals)
        label.position = XL_LABEL_POSITION.INSIDE_BASE


def _ticks(chart: Any, unit: str) -> None:
    chart.value_axis.tick_labels.number_format = _format(unit)
    chart.value_axis.tick_labels.number_format_is_linked = False


def _labels(plot: Any, unit: str) -> None:
    plot.has_data_labels = True
    plot.data_labels.number_format, plot.data_labels.number_format_is_linked = _format(unit), False
    plot.data_labels.position = XL_LABEL_POSITION.OUTSIDE_END


def _scaled(values: Any, unit: str) -> tuple[float, str]:
    """Divisor of amounts, and the name of their unit."""
    if is_currency(unit):
        return common_scale(np.nan_to_num(np.asarray(values, dtype=float)).ravel(), unit)
    return 1.0, "" if unit in FRACTIONS else unit


def _format(unit: str) -> str:
    """Format with a true minus; not with optional decimals, which leave a point behind whole numbers."""
    own = "0%" if unit in FRACTIONS else "#,##0" if is_currency(unit) else "General"
    return f"{own};−{own}"


def _label(value: Any) -> str:
    """Name of a category; PowerPoint repairs a file in which one is blank."""
    return (f"{value:%b %Y}" if hasattr(value, "year") else str(value)).strip() or "–"
