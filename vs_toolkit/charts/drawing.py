"""What a form drew, kept beside the axes, so that a sheet or a slide can draw it natively."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from matplotlib.axes import Axes

from vs_toolkit.charts.style import style

P = ParamSpec("P")


@dataclass(frozen=True)
class Drawing:
    """A form with what it was given.

    Attributes
    ----------
    form
        Name of the form: ``bridge``, ``bars`` ...
    data
        Its positional arguments: a frame or series first, then units.
    options
        Its keywords, the title among them.
    """

    form: str
    data: tuple[Any, ...]
    options: Mapping[str, Any]


def form(draw: Callable[Concatenate[Axes, P], Axes]) -> Callable[Concatenate[Axes, P], Axes]:
    """Draw in the house style, and note on the axes what was drawn."""

    @wraps(draw)
    def noted(ax: Axes, /, *data: P.args, **options: P.kwargs) -> Axes:
        with style():
            drawn = draw(ax, *data, **options)
        drawn._vs_drawing = Drawing(draw.__name__, data, options)  # type: ignore[attr-defined]
        return drawn

    return noted


def drawing_of(ax: Axes) -> Drawing | None:
    """Give what a form drew on the axes; None where no form did.

    >>> import pandas as pd
    >>> from vs_toolkit.charts import figure, forms
    >>> fig, ax = figure()
    >>> drawing_of(forms.bars(ax, pd.Series({"A": 1.0}), "EUR", title="A is all")).form
    'bars'
    """
    return getattr(ax, "_vs_drawing", None)
