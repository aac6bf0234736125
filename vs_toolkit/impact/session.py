"""What-if beside the customer: turn the numbers of a case and see at once what it is worth.

Needs the extra ``widgets`` (ipywidgets); the session itself does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from vs_toolkit import formats, uncertainty
from vs_toolkit.charts.what_if import Control, Session, new_file, show
from vs_toolkit.errors import ParameterError
from vs_toolkit.impact.assumptions import Number, assumptions, npv_of, numbers
from vs_toolkit.impact.investment import BusinessImpact, evaluated
from vs_toolkit.impact.revision import case_text, revised
from vs_toolkit.inputs.cases.business_case import BusinessCase


class WhatIf(Session):
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

    noun, ending = "case", ".yaml"
    before: BusinessImpact
    result: BusinessImpact

    def __init__(self, case: BusinessCase, edition: str = "internal") -> None:
        self.case, self.id, self.currency, self.edition = case, case.id, case.currency, edition
        self.assumptions = {a.key: a for a in assumptions(case)}
        super().__init__(_control(number) for number in numbers(case) if number.key in self.assumptions)

    def evaluate(self, values: Mapping[str, float]) -> BusinessImpact:
        """Evaluate the case with these values."""
        return evaluated(self.case, dict(values))

    def figures(self, result: BusinessImpact) -> dict[str, str]:
        """NPV, EVA, payback and IRR."""
        return {
            "Net present value": formats.money(result.npv, result.currency),
            "EVA, sum of the years": formats.money(float(result.eva["eva"].sum()), result.currency),
            "Payback": formats.months(result.payback, "not within the horizon"),
            "Internal rate of return": formats.percent(result.rate.rate),
        }

    def steps(self) -> pd.Series[float]:
        """Present value of each line of the case."""
        names = {item.id: item.name for item in self.case.items}
        known = self.result.contributions[self.result.contributions != 0]
        return known.rename(lambda key: names.get(key, str(key).replace("_", " ").capitalize()))

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

    def changed(self, id_: str, dated: date) -> BusinessCase:
        """Give the case as it stands now under another id."""
        return revised(self.case, self.state.values, self.state.confirmed, id=id_, dated=dated)

    def save(self, path: Path | str, id_: str, dated: date) -> BusinessCase:
        """Write the case as it stands now to a new file.

        Raises
        ------
        ParameterError
            If the file exists, or the id is that of the case as it was.
        """
        if id_ == self.id:
            raise ParameterError(f"{id_} is the case as it was; give the new one another id")
        target, case = new_file(path), self.changed(id_, dated)
        target.write_text(case_text(case), encoding="utf-8")
        return case


def what_if(case: BusinessCase, folder: Path | str = "cases", edition: str = "internal") -> Any:
    """Show sliders and number boxes for the numbers of a case, and what it is worth with them.

    Parameters
    ----------
    case
        The case; it is not changed.
    folder
        Where new case files and workbooks are saved.
    edition
        Of the workbooks: ``customer`` leaves out what the customer may not see.

    Returns
    -------
    ipywidgets.VBox
        The panel; its ``session`` is the :class:`WhatIf`.

    Raises
    ------
    ParameterError
        If ipywidgets is not installed.
    """
    return show(WhatIf(case, edition), folder)


def _control(number: Number) -> Control:
    points = number.low, number.expected, number.high
    return Control(number.key, number.name, number.unit or "", *points, _described(number))


def _described(number: Number) -> str:
    """Say where a number comes from and who confirmed it."""
    evidence = number.evidence
    if evidence is None:
        return "no source"
    kind = evidence.kind.replace("_", " ")
    confirmed = f"; confirmed by {evidence.confirmed_by}" if evidence.confirmed_by else ""
    return f"{kind}{f': {evidence.reference}' if evidence.reference else ''}{confirmed}"
