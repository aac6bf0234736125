"""The widgets of a what-if: a slider and a number box per number, live figures and charts, save and undo."""

from __future__ import annotations

from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from vs_toolkit import formats
from vs_toolkit.charts.what_if.session import Control, Session, bridge_html, figures_html, tornado_html
from vs_toolkit.errors import VsToolkitError
from vs_toolkit.inputs.names import safe_name

STEPS = 40  # of a slider


class Panel(widgets.VBox):  # type: ignore[misc]
    """All widgets of one session."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session, self.folder = session, folder
        self.buttons: dict[str, Any] = {}
        self._quiet = False  # while values are written into widgets by us
        controls = session.controls.values()
        ranged = [control for control in controls if control.is_range]
        fixed = [control for control in controls if not control.is_range]
        self.rows = {control.key: Row(self, control) for control in controls}
        self.figures, self.bridge, self.tornado = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.message = widgets.HTML()
        super().__init__(
            [self.figures, self._inputs(ranged, fixed), self._actions(), self.message, self._charts()]
        )
        self.refresh()

    def _inputs(self, ranged: list[Control], fixed: list[Control]) -> Any:
        parts = [
            widgets.VBox([self.rows[control.key].box for control in controls]) for controls in (ranged, fixed)
        ]
        tabs = widgets.Tab(parts)
        tabs.titles = ("With a range", "Without a range")
        return tabs

    def _charts(self) -> Any:
        return widgets.HBox([self.bridge, self.tornado], layout=widgets.Layout(flex_flow="row wrap"))

    def _actions(self) -> Any:
        self.by = widgets.Text(description="Confirmed by", placeholder="Plant manager", style=_label(100))
        self.on = widgets.DatePicker(description="on", value=date.today(), style=_label(30))
        session = self.session
        label = f"New {session.noun} id"
        self.new_id = widgets.Text(f"{session.id}-2", description=label, style=_label(100))
        undo, reset = self._button("Undo", session.undo), self._button("Reset", session.reset)
        save = self._button(f"Save as new {session.noun}", lambda: self._save(session.save, session.ending))
        book = self._button("Save as live workbook", lambda: self._save(session.save_workbook, ".xlsx"))
        parts = [self.by, self.on, undo, reset, self.new_id, save, book]
        return widgets.HBox(parts, layout=widgets.Layout(flex_flow="row wrap"))

    def _button(self, name: str, step: Any) -> Any:
        button = widgets.Button(description=name, layout=widgets.Layout(width="auto"))
        button.on_click(lambda _: self.act(step))
        self.buttons[name] = button
        return button

    def act(self, step: Any) -> None:
        """Do a step; what it refuses is shown, not raised."""
        try:
            told = step()
        except VsToolkitError as error:
            self.message.value = f'<p role="alert" style="color: #b84700">{escape(str(error))}</p>'
        else:
            self.message.value = f'<p role="status">{escape(told)}</p>' if told else ""
        self.refresh()

    def _save(self, save: Any, ending: str) -> str:
        name = self.new_id.value.strip()
        target = self.folder / f"{safe_name(name)}{ending}"
        save(target, name, self.on.value or date.today())
        return f"saved as {target}"

    def refresh(self) -> None:
        """Show the values and results of now."""
        self._quiet = True
        try:
            for row in self.rows.values():
                row.refresh()
        finally:
            self._quiet = False
        self.figures.value = figures_html(self.session)
        self.bridge.value = bridge_html(self.session)
        self.tornado.value = tornado_html(self.session)

    def turned(self, key: str, value: float) -> None:
        """Take over a value from a widget."""
        if not self._quiet:
            self.act(lambda: self.session.turn(key, value))


class Row:
    """One number: a slider within its range, a box for any value, its source, and its confirmation."""

    def __init__(self, panel: Panel, number: Control) -> None:
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
        shown = formats.measured(value, self.number.unit)
        source = (
            f"confirmed by {confirmed.by} on {formats.day(confirmed.on)}" if confirmed else self.number.source
        )
        self.source.value = f"<span>{escape(shown)} · {escape(source)}</span>"


def _label(width: int) -> dict[str, str]:
    return {"description_width": f"{width}px"}
