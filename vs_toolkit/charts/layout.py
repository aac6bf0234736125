"""Where the axes of a figure lie, found with half of the measuring that constrained layout does."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, cast

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.dates import DateLocator
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text
from matplotlib.ticker import FixedLocator, Locator, MaxNLocator, NullLocator
from matplotlib.transforms import Bbox
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
PASSES = 6  # a long label in the middle of the axes needs more than two
SETTLED = 0.004  # of the figure: a move that nobody sees
USUAL = Bbox.from_extents(0.26, 0.13, 0.98, 0.97)  # about where axes come to lie, in parts of the figure


class QuickLayout(ConstrainedLayoutEngine):
    """Constrained layout for figures with one axes, whose ticks it measures once.

    Constrained layout measures everything twice, because what stands at a value moves with the axes. Here
    only that is measured again. Other figures are left to constrained layout.
    """

    def execute(self, fig: Figure) -> Any:
        """Move the axes so that everything fits into the figure; called when it is drawn."""
        if not _is_simple(fig):
            return super().execute(fig)
        (ax,), renderer = fig.axes, cast(Any, fig.canvas).get_renderer()
        _place(ax, USUAL)
        ticks = _beyond(ax, ax.get_tightbbox(renderer, bbox_extra_artists=(), for_layout_only=True))
        pad = np.tile([self.get()["w_pad"], self.get()["h_pad"]] / fig.get_size_inches(), 2)
        marks, before = ax.get_default_bbox_extra_artists(), np.zeros(4)
        for _ in range(PASSES):
            left, bottom, right, top = margins = np.maximum(ticks, _reach(ax, marks, renderer)) + pad
            if left + right >= 1 or bottom + top >= 1:
                return super().execute(fig)  # which warns that there is no room
            _place(ax, Bbox.from_extents(left, bottom, 1 - right, 1 - top))
            if np.abs(margins - before).max() < SETTLED:
                break
            before = margins
        return None


@contextmanager
def settled(fig: Figure) -> Iterator[None]:
    """Let ticks and the sizes of texts be found once while a figure is laid out and drawn.

    Matplotlib finds the ticks of an axis seven times and measures each text up to four times. Where axes lie
    changes neither, except ticks whose number depends on the room: those are left alone.
    """
    with ExitStack() as stack:
        axes: list[Any] = [axis for ax in fig.axes for axis in (ax.xaxis, ax.yaxis)]
        for axis in axes:
            axis._update_ticks()  # writes the texts that are measured
            if _is_fixed(axis.get_major_locator()) and _is_fixed(axis.get_minor_locator()):
                _once(stack, axis, "_update_ticks")
                _measured_where_it_lies(stack, axis)
        for text in fig.findobj(lambda artist: isinstance(artist, Text) and not artist.get_wrap()):
            _once(stack, text, "_get_layout")
        yield


def _is_fixed(locator: Locator) -> bool:
    """Whether it finds the same ticks however long the axis is."""
    if isinstance(locator, MaxNLocator):
        return bool(cast(Any, locator)._nbins != "auto")
    return isinstance(locator, FixedLocator | NullLocator | DateLocator)


def _measured_where_it_lies(stack: ExitStack, axis: Any) -> None:
    """Measure the texts of an axis, whose ticks are known, anew only when the axes have moved."""
    measure = axis._get_ticklabel_bboxes
    measured = functools.cache(lambda renderer, *_: measure(axis._update_ticks(), renderer))
    axis._get_ticklabel_bboxes = lambda _, renderer: measured(renderer, *axis.axes.bbox.extents)
    stack.callback(delattr, axis, "_get_ticklabel_bboxes")


def _once(stack: ExitStack, artist: Artist, method: str) -> None:
    """Remember what a method of an artist answers, as long as the stack is open."""
    setattr(artist, method, functools.cache(getattr(artist, method)))
    stack.callback(delattr, artist, method)


def _is_simple(fig: Figure) -> bool:
    """Whether it has one axes and nothing beside it, on a canvas that can measure."""
    if len(fig.axes) != 1 or fig.legends or fig.texts or fig.subfigs:
        return False
    return fig.axes[0].get_aspect() == "auto" and hasattr(fig.canvas, "get_renderer")


def _place(ax: Axes, where: Bbox) -> None:
    ax.set_position(where)
    ax.set_in_layout(True)  # a position set by hand would leave it out


def _reach(ax: Axes, marks: list[Artist], renderer: RendererBase) -> FloatArray:
    """How far what is drawn at values reaches beyond the axes: left, bottom, right, top."""
    reach = np.zeros(4)
    for artist in marks:
        beyond = _beyond(ax, artist.get_tightbbox(renderer))
        if artist is ax.get_legend():
            beyond[[0, 2]] = 0  # a key may stand over the names beside the axes
        reach = np.maximum(reach, beyond)
    return reach


def _beyond(ax: Axes, box: Bbox | None) -> FloatArray:
    """How far a box reaches beyond the axes, in parts of the figure."""
    if box is None or not np.isfinite(box.extents).all():
        return np.zeros(4)
    x0, y0, x1, y1 = np.subtract(ax.bbox.extents, box.extents)
    width, height = cast(Any, ax.figure).bbox.size
    return np.array([x0 / width, y0 / height, -x1 / width, -y1 / height])
