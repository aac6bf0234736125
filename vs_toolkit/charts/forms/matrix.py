"""Matrix: a grid with numbers or letters in the cells, shaded by value or by letter."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import ListedColormap, Normalize, to_rgb
from matplotlib.patches import Rectangle

from vs_toolkit.charts.axes import FloatArray, number_axis, unit_axis
from vs_toolkit.charts.drawing import form
from vs_toolkit.charts.labels import headline, nothing, wrapped
from vs_toolkit.charts.style import BLACK

HEADS = 60  # characters that the heads of all columns have together
LONGEST_WORD = 13
DIVERGING, SEQUENTIAL = "diverging", "sequential"
EMPTY = "#f6f6f6"


@form
def matrix(  # noqa: PLR0913 - each keyword is one annotation
    ax: Axes,
    frame: pd.DataFrame,
    unit: str = "",
    *,
    title: str,
    texts: pd.DataFrame | None = None,
    outlined: Collection[tuple[str, str]] = (),
    colours: str | Mapping[str, str] = "",
    totals: Sequence[str] = (),
) -> Axes:
    """Draw a grid: rows by index, columns by column, a number or a few letters in each cell.

    A frame of numbers is shaded by value: ``colours`` ``"sequential"``, or ``"diverging"`` about zero (also
    where any is negative). A frame of letters is shaded by ``colours``, letter -> colour. ``texts`` (same
    shape) replaces what is written. ``outlined`` cells, (row, column), get a thick edge. Rows and columns in
    ``totals`` are not shaded and are bold. NaN and empty cells stay empty.

    >>> from vs_toolkit.charts import figure
    >>> fig, ax = figure()
    >>> _ = matrix(ax, pd.DataFrame({"Sales": ["A"], "Service": [""]}, index=["Offer"]), title="One A")
    >>> [text.get_text() for text in ax.texts if text.get_text()]
    ['A']
    """
    headline(ax, title)
    if frame.empty:
        return nothing(ax)
    letters = not all(pd.api.types.is_numeric_dtype(kind) for kind in frame.dtypes)
    if letters:
        shades, palette = _by_letter(frame, {} if isinstance(colours, str) else colours)
        written = frame.astype(object).where(frame.notna(), "").astype(str)
    else:
        shades, palette = _by_value(frame, str(colours), totals)
        values = frame.to_numpy(float, na_value=np.nan)
        write = unit_axis(ax.xaxis, unit, values) if unit else number_axis(ax.xaxis, values)
        scale = ax.get_xlabel()
        written = pd.DataFrame(
            [["" if np.isnan(v) else write(v) for v in row] for row in values], frame.index, frame.columns
        )
        ax.set_xlabel("")
        ax.text(0, len(frame) + 0.08, scale, va="top", ha="left", color="#444444", fontsize=8.5)
    _heat(ax, shades, palette)
    _write(ax, written if texts is None else texts.fillna("").astype(str), shades, palette, totals)
    _outline(ax, frame, outlined)
    _heads(ax, frame, totals)
    return ax


def _by_letter(frame: pd.DataFrame, colours: Mapping[str, str]) -> tuple[FloatArray, ListedColormap]:
    """Number of each cell's colour, and the colours."""
    chosen = {letter: n + 1 for n, letter in enumerate(colours)}
    shades = np.array([[chosen.get(str(cell), 0) for cell in row] for row in frame.to_numpy(object)], float)
    palette = ListedColormap([EMPTY, *colours.values()])
    return shades / max(len(colours), 1), palette


def _by_value(frame: pd.DataFrame, colours: str, totals: Sequence[str]) -> tuple[FloatArray, ListedColormap]:
    """Place of each cell on its scale from 0 to 1 (NaN: not shaded), and the colours of the scale."""
    import seaborn as sns

    values = frame.to_numpy(float, na_value=np.nan).copy()
    values[[str(name) in totals for name in frame.index], :] = np.nan
    values[:, [str(name) in totals for name in frame.columns]] = np.nan
    about = colours == DIVERGING or (not colours and bool((values < 0).any()))
    top = float(np.nanmax(np.abs(values), initial=0.0)) or 1.0
    low = -top if about else min(0.0, float(np.nanmin(values, initial=0.0)))
    palette = (
        sns.diverging_palette(30, 240, s=70, l=58, n=101) if about else sns.light_palette("#0072B2", 101)
    )
    return np.asarray(Normalize(low, top)(values).filled(np.nan), float), ListedColormap(
        palette[:90] if not about else palette
    )


def _heat(ax: Axes, shades: FloatArray, palette: ListedColormap) -> None:
    """Shade the cells; cells without a shade get no box."""
    known = ~np.isnan(shades)
    boxes = [Rectangle((col, row), 1, 1) for row, col in np.argwhere(known)]
    colours = palette(shades[known])
    ax.add_collection(
        PatchCollection(boxes, facecolor=colours, edgecolor="white", linewidth=1.5, clip_on=False)
    )
    ax.set(xlim=(0, shades.shape[1]), ylim=(shades.shape[0], 0))


def _write(
    ax: Axes, texts: pd.DataFrame, shades: FloatArray, palette: ListedColormap, totals: Sequence[str]
) -> None:
    """Write each cell in the middle, white on dark shades."""
    width = max(int(HEADS / texts.shape[1]), 3)
    for (row, col), shade in np.ndenumerate(shades):
        text = str(texts.iat[row, col])
        if not text:
            continue
        rgb = (1.0, 1.0, 1.0) if np.isnan(shade) else to_rgb(palette(float(shade)))
        dark = float(np.dot(rgb, (0.299, 0.587, 0.114))) < 0.5
        bold = str(texts.index[row]) in totals or str(texts.columns[col]) in totals
        ax.text(col + 0.5, row + 0.5, wrapped(text, width), ha="center", va="center", fontsize=9,
                color="white" if dark else BLACK, weight="bold" if bold else "normal")  # fmt: skip


def _outline(ax: Axes, frame: pd.DataFrame, cells: Collection[tuple[str, str]]) -> None:
    rows = {str(name): place for place, name in enumerate(frame.index)}
    columns = {str(name): place for place, name in enumerate(frame.columns)}
    boxes = [Rectangle((columns[col] + 0.04, rows[row] + 0.04), 0.92, 0.92) for row, col in cells]
    if boxes:
        ax.add_collection(PatchCollection(boxes, facecolor="none", edgecolor=BLACK, linewidth=2, zorder=3))


def _heads(ax: Axes, frame: pd.DataFrame, totals: Sequence[str]) -> None:
    """Name the columns above the grid, upright where they are too many to lie."""
    width = int(HEADS / frame.shape[1])
    names = [str(name) for name in frame.columns]
    longest = max((len(word) for name in names for word in name.split()), default=0)
    lie = width >= min(longest, LONGEST_WORD)
    heads = [wrapped(name, max(width, 3) if lie else 26, 3) for name in names]
    ax.xaxis.tick_top()
    ax.set_xticks(np.arange(len(names)) + 0.5, heads, rotation=0 if lie else 90)
    ax.set_yticks(np.arange(len(frame)) + 0.5, [wrapped(str(name), 34) for name in frame.index], rotation=0)
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    if lie and longest >= width:
        ax.tick_params(axis="x", labelsize=8)  # words that fill their column would touch the next
    for label in [*ax.get_xticklabels(), *ax.get_yticklabels()]:
        if label.get_text().replace("\n", " ") in totals:
            label.set_fontweight("bold")
