"""A what-if session: values, what the customer confirmed, and every step for undoing it; no widgets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from vs_toolkit import formats
from vs_toolkit.charts import drawn, forms, rows
from vs_toolkit.charts.svg import svg
from vs_toolkit.errors import ParameterError

BARS = 8
WORKBOOKS = "vs_toolkit.reports.live"  # on a floor above: found by its name when a workbook is asked for


@dataclass(frozen=True)
class Control:
    """A number that can be turned: its range, which may be a point, and where it comes from."""

    key: str
    name: str
    unit: str
    low: float
    expected: float
    high: float
    source: str = "no source"

    @property
    def is_range(self) -> bool:
        """Whether it is uncertain."""
        return self.low < self.high


@dataclass(frozen=True)
class Confirmation:
    """Who at the customer confirmed a number, and when."""

    by: str
    on: date


@dataclass(frozen=True)
class State:
    """Values that differ from what was given, and numbers that the customer has confirmed."""

    values: Mapping[str, float] = field(default_factory=dict)
    confirmed: Mapping[str, Confirmation] = field(default_factory=dict)


class Session(ABC):
    """A session on one case or plan: its subject gives the numbers and what follows from them."""

    noun: ClassVar[str]  # what is saved: "case", "plan"
    ending: ClassVar[str]  # of its files
    id: str  # of what was given
    currency: str
    edition: str

    def __init__(self, controls: Iterable[Control]) -> None:
        self.controls = {control.key: control for control in controls}
        self.state, self._earlier = State(), list[State]()
        self.before = self.result = self.evaluate({})

    @abstractmethod
    def evaluate(self, values: Mapping[str, float]) -> Any:
        """Work out the result, which has an ``npv``, with these values and the others as given."""

    @abstractmethod
    def figures(self, result: Any) -> dict[str, str]:
        """Key figures of a result, as they are shown."""

    @abstractmethod
    def steps(self) -> pd.Series[float]:
        """Parts of the NPV now, by their names."""

    @abstractmethod
    def tornado(self) -> pd.DataFrame:
        """NPV at both ends of each uncertain number, about the values of now: ``name``, ``at_low`` ..."""

    @abstractmethod
    def changed(self, id_: str, dated: date) -> Any:
        """Give what stands now under another id or day."""

    @abstractmethod
    def save(self, path: Path | str, id_: str, dated: date) -> Any:
        """Write what stands now to a new file."""

    def value(self, key: str) -> float:
        """Value of a number now."""
        return self.state.values.get(key, self.controls[key].expected)

    def turn(self, key: str, value: float) -> None:
        """Give a number another value.

        Raises
        ------
        ParameterError
            If there is no such number, or the customer has confirmed it.
        """
        if key not in self.controls:
            raise ParameterError(f"the {self.noun} has no number {key!r}")
        if key in self.state.confirmed:
            raise ParameterError(f"{self.controls[key].name} is confirmed; undo the confirmation first")
        if value != self.value(key):
            self._step(replace(self.state, values={**self.state.values, key: float(value)}))

    def confirm(self, key: str, by: str, on: date) -> None:
        """Lock a number as confirmed by somebody of the customer.

        Raises
        ------
        ParameterError
            If nobody is named.
        """
        if not by.strip():
            raise ParameterError("name who at the customer confirms the number")
        confirmed = {**self.state.confirmed, key: Confirmation(by.strip(), on)}
        self._step(replace(self.state, confirmed=confirmed))

    def undo(self) -> None:
        """Take back the last step."""
        if self._earlier:
            self._set(self._earlier.pop())

    def reset(self) -> None:
        """Go back to what was given; this, too, can be undone."""
        self._step(State())

    def save_workbook(self, path: Path | str, id_: str, dated: date) -> Path:
        """Write what stands now as a live workbook to a new file.

        Raises
        ------
        ParameterError
            If the file exists.
        """
        target = new_file(path)
        made = import_module(WORKBOOKS).live_workbook(self.changed(id_, dated), dated, self.edition)
        target.write_bytes(made)
        return target

    def _step(self, state: State) -> None:
        self._earlier.append(self.state)
        self._set(state)

    def _set(self, state: State) -> None:
        self.state = state
        self.result = self.evaluate(dict(state.values))


def new_file(path: Path | str) -> Path:
    """Path of a file to be written, in a folder that is there.

    Raises
    ------
    ParameterError
        If the file exists.
    """
    target = Path(path)
    if target.exists():
        raise ParameterError(f"{target} exists; choose another name")
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def show(session: Session, folder: Path | str) -> Any:
    """Show the widgets of a session; files are saved to ``folder``.

    Raises
    ------
    ParameterError
        If ipywidgets is not installed.
    """
    try:
        import ipywidgets  # noqa: F401 - only whether it is there
    except ImportError:
        raise ParameterError("what_if needs ipywidgets: pip install 'vs-toolkit[widgets]'") from None
    from vs_toolkit.charts.what_if.panel import Panel

    return Panel(session, Path(folder))


def figures_html(session: Session) -> str:
    """Key figures now, beside those of what was given."""
    before, now = session.figures(session.before), session.figures(session.result)
    cells = "".join(
        f'<tr><th style="text-align: left">{escape(name)}</th>'
        f"<td>{escape(before[name])}</td><td><b>{escape(new)}</b></td></tr>"
        for name, new in now.items()
    )
    head = f"<tr><th></th><th>{session.noun.capitalize()} as it was</th><th>Now</th></tr>"
    return f'<table class="what-if" aria-live="polite"><thead>{head}</thead><tbody>{cells}</tbody></table>'


def bridge_html(session: Session) -> str:
    """Where the value comes from, now."""
    steps, title = session.steps(), f"NPV of {formats.money(session.result.npv, session.currency)}"
    fig = drawn(forms.bridge, rows(len(steps) + 1), steps, session.currency, title=title, total="NPV")
    return _figure(fig, title)


def tornado_html(session: Session) -> str:
    """What the NPV depends on, now."""
    swings = session.tornado().head(BARS)
    if swings.empty:
        return "<p>No number has a range.</p>"
    ends = swings[["name", "at_low", "at_high"]].set_axis(["name", "low", "high"], axis=1)
    title = f"{swings['name'].iloc[0]} has the largest effect on NPV"
    fig = drawn(forms.tornado, rows(len(ends)), ends, session.result.npv, session.currency, title=title)
    return _figure(fig, title)


def _figure(fig: Any, title: str) -> str:
    drawing = svg(fig).replace("<svg", f'<svg role="img" aria-label="{escape(title)}"', 1)
    return f"<p><b>{escape(title)}</b></p>{drawing}"
