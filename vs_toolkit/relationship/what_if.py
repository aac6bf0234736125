"""What-if on a relationship plan: turn its lines and see at once what the relationship is worth.

Needs the extra ``widgets`` (ipywidgets); the session itself does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit import formats, uncertainty
from vs_toolkit.charts.what_if import Control, Session, new_file, show
from vs_toolkit.errors import ParameterError
from vs_toolkit.finance import FloatArray
from vs_toolkit.relationship.plan import EXPECTED, HIGH, LINES, LOW, POINTS
from vs_toolkit.relationship.study import Study
from vs_toolkit.relationship.value import Valuation
from vs_toolkit.relationship.wording import LABELS

SHARES = ("margin", "survival")


class Outcome:
    """A plan, valued: what a session shows of it."""

    def __init__(self, valuation: Valuation) -> None:
        self.valuation, self.npv = valuation, float(valuation.value[0])


class WhatIf(Session):
    """A session on the plan of one customer: each line by its average over the years planned.

    A line moves in all years together: along its range where the plan has one, else in proportion.
    """

    noun, ending = "plan", ".csv"
    result: Outcome

    def __init__(self, study: Study, edition: str = "internal") -> None:
        if not study.valued:
            raise ParameterError("there is no complete plan to turn the numbers of")
        self.study, self.id = study, str(study.customer["customer_id"])
        self.currency, self.edition = study.currency, edition
        self.points: FloatArray = study.plans.values[:, :, 0]
        self.assumptions = {a.key: a for a in study.valuation.assumptions}
        super().__init__(self._control(LINES.index(name)) for name in self.assumptions)

    def _control(self, line: int) -> Control:
        name, means = LINES[line], np.nanmean(self.points[:, line], axis=-1).tolist()
        unit = "share" if name in SHARES else self.currency
        label = f"{LABELS[name]}, average of the years"
        planned = f"plan of {formats.day(self.study.plans.planned_on[0])}"
        return Control(name, label, unit, means[LOW], means[EXPECTED], means[HIGH], planned)

    def lines(self, values: Mapping[str, Any]) -> FloatArray:
        """Lines of the plan with other averages; shape (..., lines, 1, periods)."""
        shape = np.broadcast_shapes(*(np.shape(value) for value in values.values()))
        moved = np.broadcast_to(self.points[EXPECTED], (*shape, *self.points.shape[1:])).copy()
        for name, value in values.items():
            line, control = LINES.index(name), self.controls[name]
            moved[..., line, :] = _moved(self.points[:, line], control, np.asarray(value, dtype=float))
        return moved[..., None, :]

    def evaluate(self, values: Mapping[str, float]) -> Outcome:
        """Value the plan with these averages."""
        if not values:
            return Outcome(self.study.valuation)
        plans = self.study.plans
        points = plans.values.copy()
        points[EXPECTED] = self.lines(values)
        return Outcome(replace(self.study.valuation, plans=replace(plans, values=points)))

    def figures(self, result: Outcome) -> dict[str, str]:
        """NPV, EVA, sales investment and break-even."""
        own = result.valuation
        eva = float((own.expected.operating - own.charged)[0, 1:].sum())
        cumulative = own.expected.cash[0].cumsum()
        return {
            "Net present value": formats.money(result.npv, self.currency),
            "EVA, sum of the periods": formats.money(eva, self.currency),
            "Sales investment (present value)": formats.money(float(own.sales_investment[0]), self.currency),
            "Payback": self._payback(cumulative),
        }

    def _payback(self, cumulative: FloatArray) -> str:
        below = np.flatnonzero(cumulative < 0)
        if not below.size:
            return "no up-front investment"
        if below[-1] == cumulative.size - 1:
            return "not within the plan"
        return f"in {self.study.plans.horizon.labels[below[-1]]}"

    def steps(self) -> pd.Series[float]:
        """Present value of what comes in and goes out."""
        own = self.result.valuation
        flows, present = own.expected, own.present
        parts = {
            "Contribution": present(flows.contribution),
            "Cost to serve": -present(flows.cost_to_serve),
            "Sales investment": -present(flows.sales_investment),
            "Capital tied up and released": -present(flows.capital_change),
        }
        found = pd.Series({name: float(value[0]) for name, value in parts.items()})
        return found[found != 0]

    def tornado(self) -> pd.DataFrame:
        """Effect of each uncertain line on the NPV, about the values of now."""
        now = [
            replace(
                self.assumptions[key],
                name=control.name.partition(",")[0],
                expected=value,
                low=min(control.low, value),
                high=max(control.high, value),
            )
            for key, control in self.controls.items()
            if control.is_range and key not in self.state.confirmed
            for value in [self.value(key)]
        ]
        fixed = {key: self.value(key) for key in self.controls}

        def npv(values: Mapping[str, Any]) -> FloatArray:
            worth: FloatArray = self.study.valuation.npv(self.lines({**fixed, **values}))[..., 0]
            return worth

        return uncertainty.tornado(now, npv)

    def rows(self, dated: date) -> pd.DataFrame:
        """Rows of the table ``relationship_plans`` that hold the plan as it stands now."""
        lines = self.lines({key: self.value(key) for key in self.controls})[:, 0]
        own = self.study.given["relationship_plans"]
        newest = own[own["planned_on"] == pd.Timestamp(self.study.plans.planned_on[0])].copy()
        years = list(self.study.plans.horizon.years)
        for place, row in newest[newest["year"].isin(years)].iterrows():
            line, year = LINES.index(row["line"]), years.index(row["year"])
            value = float(lines[line, year])
            low, _, high = self.points[:, line, year]
            known = (
                (value, value, value)
                if row["line"] in self.state.confirmed
                else (min(low, value), value, max(high, value))
            )
            newest.loc[place, list(POINTS)] = known
        return newest.assign(planned_on=pd.Timestamp(dated))

    def changed(self, id_: str, dated: date) -> Study:
        """Give the study with the plan as it stands now; ``dated`` is its day."""
        tables = {**self.study.tables, "relationship_plans": self.rows(self.study.as_of)}
        return replace(self.study, tables=tables)

    def save(self, path: Path | str, id_: str, dated: date) -> pd.DataFrame:
        """Write the plan as it stands now as a new version: rows for the table ``relationship_plans``.

        Raises
        ------
        ParameterError
            If the file exists.
        """
        target, rows = new_file(path), self.rows(dated)
        rows.to_csv(target, index=False, date_format="%Y-%m-%d")
        return rows


def _moved(points: FloatArray, control: Control, value: FloatArray) -> FloatArray:
    """Years of a line whose average is ``value``; shape (..., periods)."""
    middle = points[EXPECTED]
    below = value < control.expected
    reach = np.where(below, control.expected - control.low, control.high - control.expected)
    end = np.where(below[..., None], points[LOW], points[HIGH])
    along = np.divide(np.abs(value - control.expected), reach, out=np.zeros_like(value), where=reach > 0)
    ranged = middle + along[..., None] * (end - middle)
    share = (value / control.expected if control.expected else np.ones_like(value))[..., None]
    moved: FloatArray = np.where((reach > 0)[..., None], ranged, middle * share)
    return moved


def what_if(study: Study, folder: Path | str = "plans", edition: str = "internal") -> Any:
    """Show sliders and number boxes for the lines of a plan, and what the relationship is worth with them.

    Parameters
    ----------
    study
        The relationship; its plan is not changed.
    folder
        Where new versions of the plan and workbooks are saved.
    edition
        Stands in the workbooks.

    Returns
    -------
    ipywidgets.VBox
        The panel; its ``session`` is the :class:`WhatIf`.

    Raises
    ------
    ParameterError
        If there is no complete plan, or ipywidgets is not installed.
    """
    return show(WhatIf(study, edition), folder)
