"""What-if beside the customer: turn the numbers of a case and see at once what it is worth.

Needs the extra ``widgets`` (ipywidgets). The session (:class:`WhatIf`) knows nothing of widgets; it keeps the
values, what the customer confirmed, and every step for undoing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from vs_toolkit import formats, uncertainty
from vs_toolkit.charts import drawn, forms, rows
from vs_toolkit.charts.svg import svg
from vs_toolkit.errors import ParameterError
from vs_toolkit.impact.assumptions import Number, assumptions, npv_of, numbers
from vs_toolkit.impact.investment import BusinessImpact, evaluated
from vs_toolkit.impact.revision import Confirmation, case_text, revised
from vs_toolkit.inputs.cases.business_case import BusinessCase

BARS = 8


@dataclass(frozen=True)
class State:
    """Values that differ from the case, and numbers that the customer has confirmed."""

    values: Mapping[str, float] = field(default_factory=dict)
    confirmed: Mapping[str, Confirmation] = field(default_factory=dict)


class WhatIf:
    """A session on one case.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> session = WhatIf(impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml")))
    >>> session.turn("price.amount", 900_000)
    >>> round(session.result.npv - session.before.npv)  # EUR 50,000 less, paid at the start
    50000
    >>> session.undo()
    >>> session.result.npv == session.before.npv
    True
    """

    def __init__(self, case: BusinessCase) -> None:
        self.case = case
        self.numbers = {number.key: number for number in numbers(case)}
        self.assumptions = {a.key: a for a in assumptions(case)}
        self.state, self._earlier = State(), list[State]()
        self.before = self.result = evaluated(case, {})

    def value(self, key: str) -> float:
        """Value of a number now."""
        return self.state.values.get(key, self.numbers[key].expected)

    def turn(self, key: str, value: float) -> None:
        """Give a number another value.

        Raises
        ------
        ParameterError
            If there is no such number, or the customer has confirmed it.
        """
        if key not in self.assumptions:
            raise ParameterError(f"the case has no number {key!r}")
        if key in self.state.confirmed:
            raise ParameterError(f"{self.numbers[key].name} is confirmed; undo the confirmation first")
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
        """Go back to the case as it was; this, too, can be undone."""
        self._step(State())

    def _step(self, state: State) -> None:
        self._earlier.append(self.state)
        self._set(state)

    def _set(self, state: State) -> None:
        self.state = state
        self.result = evaluated(self.case, dict(state.values))

    def tornado(self) -> pd.DataFrame:
        """Effect of each uncertain number on the NPV, about the values of now."""
        now = [
            replace(a, expected=value, low=min(a.low, value), high=max(a.high, value))
            for a in self.assumptions.values()
            if a.is_range and a.key not in self.state.confirmed
            for value in [self.value(a.key)]
        ]
        fixed = {key: self.value(key) for key in self.assumptions}
        npv = npv_of(self.case)
        return uncertainty.tornado(now, lambda values: npv({**fixed, **values}))

    def as_case(self, id_: str, dated: date) -> BusinessCase:
        """Give the case as it stands now under another id."""
        return revised(self.case, self.state.values, self.state.confirmed, id=id_, dated=dated)

    def save(self, path: Path | str, id_: str, dated: date) -> BusinessCase:
        """Write the case as it stands now to a new file.

        Raises
        ------
        ParameterError
            If the file exists, or the id is that of the case as it was.
        """
        target = Path(path)
        if target.exists():
            raise ParameterError(f"{target} exists; choose another name")
        if id_ == self.case.id:
            raise ParameterError(f"{id_} is the case as it was; give the new one another id")
        case = self.as_case(id_, dated)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(case_text(case), encoding="utf-8")
        return case


def what_if(case: BusinessCase, folder: Path | str = "cases") -> Any:
    """Show sliders and number boxes for the numbers of a case, and what it is worth with them.

    Parameters
    ----------
    case
        The case; it is not changed.
    folder
        Where new case files are saved.

    Returns
    -------
    ipywidgets.VBox
        The panel; its ``session`` is the :class:`WhatIf`.

    Raises
    ------
    ParameterError
        If ipywidgets is not installed.
    """
    try:
        import ipywidgets  # noqa: F401 - only whether it is there
    except ImportError:
        raise ParameterError("what_if needs ipywidgets: pip install 'vs-toolkit[widgets]'") from None
    from vs_toolkit.impact.panel import panel

    return panel(WhatIf(case), Path(folder))


def figures_html(before: BusinessImpact, now: BusinessImpact) -> str:
    """Key figures now, beside those of the case as it was."""
    figures = [
        ("Net present value", *(formats.money(r.npv, r.currency) for r in (before, now))),
        ("EVA, sum of the years", *(formats.money(_eva(r), r.currency) for r in (before, now))),
        ("Payback", *(formats.months(r.payback, "not within the horizon") for r in (before, now))),
        ("Internal rate of return", *(formats.percent(r.rate.rate) for r in (before, now))),
    ]
    cells = "".join(
        f'<tr><th style="text-align: left">{escape(name)}</th>'
        f"<td>{escape(old)}</td><td><b>{escape(new)}</b></td></tr>"
        for name, old, new in figures
    )
    head = "<tr><th></th><th>Case as it was</th><th>Now</th></tr>"
    return f'<table class="what-if" aria-live="polite"><thead>{head}</thead><tbody>{cells}</tbody></table>'


def _eva(result: BusinessImpact) -> float:
    return float(result.eva["eva"].sum())


def bridge_html(result: BusinessImpact) -> str:
    """Where the value comes from, now."""
    title = f"NPV of {formats.money(result.npv, result.currency)}"
    names = {item.id: item.name for item in result.case.items}
    known = result.contributions[result.contributions != 0]
    steps = known.rename(lambda key: names.get(key, str(key).replace("_", " ").capitalize()))
    fig = drawn(forms.bridge, rows(len(steps) + 1), steps, result.currency, title=title, total="NPV")
    return _figure(fig, title)


def tornado_html(session: WhatIf) -> str:
    """What the NPV depends on, now."""
    swings = session.tornado().head(BARS)
    if swings.empty:
        return "<p>No number has a range.</p>"
    ends = swings[["name", "at_low", "at_high"]].set_axis(["name", "low", "high"], axis=1)
    title = f"{swings['name'].iloc[0]} has the largest effect on NPV"
    result = session.result
    fig = drawn(forms.tornado, rows(len(ends)), ends, result.npv, result.currency, title=title)
    return _figure(fig, title)


def _figure(fig: Any, title: str) -> str:
    drawing = svg(fig).replace("<svg", f'<svg role="img" aria-label="{escape(title)}"', 1)
    return f"<p><b>{escape(title)}</b></p>{drawing}"


def described(number: Number) -> str:
    """Say where a number comes from and who confirmed it."""
    evidence = number.evidence
    if evidence is None:
        return "no source"
    kind = evidence.kind.replace("_", " ")
    confirmed = f"; confirmed by {evidence.confirmed_by}" if evidence.confirmed_by else ""
    return f"{kind}{f': {evidence.reference}' if evidence.reference else ''}{confirmed}"
