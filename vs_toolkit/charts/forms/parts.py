"""What forms have in common: columns that may be absent, intervals, and texts at the ends of rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from vs_toolkit.charts.axes import Write
from vs_toolkit.charts.labels import say
from vs_toolkit.charts.style import BLUE, GREY, LIGHT

FloatArray = NDArray[np.float64]


def column(frame: pd.DataFrame, name: str) -> FloatArray:
    """Numbers of a column; NaN where the frame has no such column or no number.

    >>> column(pd.DataFrame({"low": [1, None]}), "low"), column(pd.DataFrame(index=[0]), "low")
    (array([ 1., nan]), array([nan]))
    """
    if name not in frame:
        return np.full(len(frame), np.nan)
    return pd.to_numeric(frame[name], errors="coerce").to_numpy(float)


def names_of(frame: pd.DataFrame | pd.Series[float]) -> list[str]:
    """Names of the rows, as text."""
    return [str(name) for name in frame.index]


def reach(*parts: FloatArray) -> FloatArray:
    """Largest known value of each row, NaN where none is known.

    >>> reach(np.array([1.0, np.nan]), np.array([3.0, np.nan]))
    array([ 3., nan])
    """
    known = np.vstack(parts)
    result = np.where(np.isnan(known), -np.inf, known).max(axis=0)
    result[np.isinf(result)] = np.nan
    return np.asarray(result, dtype=float)


def texts_of(frame: pd.DataFrame, values: FloatArray, write: Write) -> list[str]:
    """Text at the end of each row: the column ``text`` where there is one, else the value."""
    if "text" in frame:
        return ["" if pd.isna(text) else str(text) for text in frame["text"]]
    return ["not known" if np.isnan(value) else write(value) for value in values]


def say_ends(ax: Axes, ends: FloatArray, texts: Sequence[str], *, away: int = 9) -> None:
    """Write a text behind the end of each row; rows without an end are written at the left edge."""
    left = ax.get_xlim()[0]
    for row, (end, text) in enumerate(zip(ends, texts, strict=True)):
        if text:
            say(ax, left if np.isnan(end) else end, row, text, away=away)


def upright(ax: Axes, places: Mapping[str, float], top: float, colour: str = GREY) -> None:
    """Draw lines upright with their names at the upper end, each beside the line."""
    for name, x in places.items():
        ax.axvline(x, color=colour, linewidth=1, linestyle=":")
        ax.annotate(name, (x, top), (3, -2), textcoords="offset points", va="top", color=colour)


def colours_of(names: Iterable[str], strong: Sequence[str], muted: Sequence[str] = ()) -> list[str]:
    """Colour of each row: grey where muted, or where others are set strong."""
    quiet = [name in muted or bool(strong and name not in strong) for name in names]
    return [LIGHT if grey else BLUE for grey in quiet]
