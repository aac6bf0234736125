"""The widgets of a what-if: a slider and a number box per number, live figures and charts, save and undo."""

from __future__ import annotations

from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from vs_toolkit import formats
from vs_toolkit.errors import VsToolkitError
from vs_toolkit.impact.assumptions import Number
from vs_toolkit.impact.session import WhatIf, bridge_html, described, figures_html, tornado_html
from vs_toolkit.inputs.names import safe_name

STEPS = 40  # of a slider


class Panel(widgets.VBox):  # type: ignore[misc]
    """All widgets of one session."""

    def __init__(self, session: WhatIf, folder: Path) -> None:
        self.session, self.folder = session, folder
        self._quiet = False  # while values are written into widgets by us
        ranged = [session.numbers[key] for key, a in session.assumptions.items() if a.is_range]
        fixed = [session.numbers[key] for key, a in session.assumptions.items() if not a.is_range]
        self.rows = {number.key: Row(self, number) for number in (*ranged, *fixed)}
        self.figures, self.bridge, self.tornado = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.message = widgets.HTML()
        super().__init__(
            [self.figures, self._inputs(ranged, fixed), self._actions(), self.message, self._charts()]
        )
        self.refresh()

    def _inputs(self, ranged: list[Number], fixed: list[Number]) -> Any:
        parts = [
            widgets.VBox([self.rows[number.key].box for number in numbers]) for numbers in (ranged, fixed)
        ]
        tabs = widgets.Tab(parts)
        tabs.titles = ("With a range", "Without a range")
        return tabs

    def _charts(self) -> Any:
        return widgets.HBox([self.bridge, self.tornado], layout=widgets.Layout(flex_flow="row wrap"))

    def _actions(self) -> Any:
        self.by = widgets.Text(description="Confirmed by", placeholder="Plant manager", style=_label(100))
        self.on = widgets.DatePicker(description="on", value=date.today(), style=_label(30))
        self.new_id = widgets.Text(f"{self.session.case.id}-2", description="New case id", style=_label(100))
        undo, reset, save = (
            widgets.Button(description=name) for name in ("Undo", "Reset", "Save as new case")
        )
        undo.on_click(lambda _: self.act(self.session.undo))
        reset.on_click(lambda _: self.act(self.session.reset))
        save.on_click(lambda _: self.act(self._save))
        return widgets.HBox(
            [self.by, self.on, undo, reset, self.new_id, save], layout=widgets.Layout(flex_flow="row wrap")
        )

    def act(self, step: Any) -> None:
        """Do a step; what it refuses is shown, not raised."""
        try:
            told = step()
        except VsToolkitError as error:
            self.message.value = f'<p role="alert" style="color: #b84700">{escape(str(error))}</p>'
        else:
            self.message.value = f'<p role="status">{escape(told)}</p>' if told else ""
        self.refresh()

    def _save(self) -> str:
        name = self.new_id.value.strip()
        target = self.folder / f"{safe_name(name)}.yaml"
        self.session.save(target, name, self.on.value or date.today())
        return f"saved as {target}"

    def refresh(self) -> None:
        """Show the values and results of now."""
        self._quiet = True
        try:
            for row in self.rows.values():
                row.refresh()
        finally:
            self._quiet = False
        self.figures.value = figures_html(self.session.before, self.session.result)
        self.bridge.value = bridge_html(self.session.result)
        self.tornado.value = tornado_html(self.session)

    def turned(self, key: str, value: float) -> None:
        """Take over a value from a widget."""
        if not self._quiet:
            self.act(lambda: self.session.turn(key, value))


class Row:
    """One number: a slider within its range, a box for any value, its source, and its confirmation."""

    def __init__(self, panel: Panel, number: Number) -> None:
        self.panel, self.number = panel, number
        name, value = number.name, number.expected
        self.number_box = widgets.FloatText(
            value,
            description=name,
            style=_label(300),
            layout=widgets.Layout(width="440px"),
            continuous_update=False,
        )
        self.number_box.observe(lambda change: panel.turned(number.key, change["new"]), "value")
        parts = [self.number_box]
        self.slider = None
        if number.low < number.high:
            self.slider = widgets.FloatSlider(
                value, min=number.low, max=number.high, step=(number.high - number.low) / STEPS,
                description=name, continuous_update=False, readout=False, style={"description_width": "0px"},
                layout=widgets.Layout(width="260px"), tooltip=name,
            )  # fmt: skip
            self.slider.observe(lambda change: panel.turned(number.key, change["new"]), "value")
            parts.append(self.slider)
        self.confirm = widgets.Button(description="Confirm", tooltip=f"Confirm: {name}")
        self.confirm.on_click(lambda _: panel.act(self._confirm))
        self.source = widgets.HTML()
        self.box = widgets.HBox([*parts, self.confirm, self.source])

    def _confirm(self) -> None:
        session = self.panel.session
        session.confirm(self.number.key, self.panel.by.value, self.panel.on.value or date.today())

    def refresh(self) -> None:
        """Show the value of now, and whether it is confirmed."""
        session, key = self.panel.session, self.number.key
        value, confirmed = session.value(key), session.state.confirmed.get(key)
        self.number_box.value = value
        if self.slider is not None:
            self.slider.min, self.slider.max = min(self.slider.min, value), max(self.slider.max, value)
            self.slider.value = value
        for control in (self.number_box, self.slider, self.confirm):
            if control is not None:
                control.disabled = confirmed is not None
        unit = self.number.unit or ""
        shown = formats.measured(value, unit)
        source = (
            f"confirmed by {confirmed.by} on {formats.day(confirmed.on)}"
            if confirmed
            else described(self.number)
        )
        self.source.value = f"<span>{escape(shown)} · {escape(source)}</span>"


def _label(width: int) -> dict[str, str]:
    return {"description_width": f"{width}px"}


def panel(session: WhatIf, folder: Path) -> Panel:
    """Build the widgets of a session."""
    return Panel(session, folder)
