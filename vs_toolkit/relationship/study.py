"""Everything a report says of one relationship as of a day; each part is worked out when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.errors import VsToolkitError
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.columns import empty_frame
from vs_toolkit.inputs.views.data import CustomerData
from vs_toolkit.relationship.curve import Curve, curve
from vs_toolkit.relationship.dependence import Dependence, dependence
from vs_toolkit.relationship.history import Growth, growth, history, joined, opening_capital
from vs_toolkit.relationship.investments import Register, register
from vs_toolkit.relationship.plan import EXPECTED, REVENUE, Plans, read_plans
from vs_toolkit.relationship.regions import contribution, losing
from vs_toolkit.relationship.value import Risk, Terms, Valuation
from vs_toolkit.uncertainty import Simulation

USED = ("sales", "balances", "activities", "opportunities", "relationship_plans", "investments",
        "dependence", "market")  # fmt: skip
MONEY = ("relationship_plans", "sales", "balances", "investments")  # added up


@dataclass(frozen=True)
class Study:
    """One customer relationship.

    Attributes
    ----------
    customer
        The customer's row.
    tables, reference
        Its tables and those that are the same for everybody, as :func:`vs_toolkit.inputs.open_customer`
        gives them; any may be absent or empty.
    as_of
        As-of date; later data is ignored.
    terms
        Our cost of capital, and how the risk of losing the customer is counted.
    draws, seed
        Of the simulation.
    """

    customer: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    reference: Mapping[str, pd.DataFrame]
    as_of: date
    terms: Terms
    draws: int = 10_000
    seed: int = 1

    @classmethod
    def of(
        cls, data: CustomerData, terms: tuple[float, float, Risk], draws: int = 10_000, seed: int = 1
    ) -> Study:
        """Study of a customer's data; ``terms`` are cost of capital, premium and how risk is counted."""
        return cls(data.customer, data.tables, data.reference, data.as_of, Terms(*terms), draws, seed)

    @property
    def name(self) -> str:
        """Name of the customer."""
        return str(self.customer["name"])

    @cached_property
    def given(self) -> dict[str, pd.DataFrame]:
        """Tables that are used; what is not there has no rows."""
        own = {name: table_of(self.tables, name) for name in USED}
        return own | {"provider_results": table_of(self.reference, "provider_results")}

    @cached_property
    def currency(self) -> str:
        """Currency of the amounts; empty where none is recorded.

        Raises
        ------
        VsToolkitError
            When the tables that are added up are in several.
        """
        return one_currency(self.given)

    @cached_property
    def plans(self) -> Plans:
        """Newest plan of the customer, from the day on; without customers where there is none."""
        found = read_plans(self.given["relationship_plans"], self.as_of)
        return found.of(found.customers[0]) if found.customers else found

    @property
    def has_plan(self) -> bool:
        """Whether there is a plan that reaches beyond the day."""
        return bool(self.plans.customers)

    @property
    def missing(self) -> tuple[str, ...]:
        """What keeps the plan from being valued: lines and years."""
        return self.plans.missing(self.plans.customers[0]) if self.has_plan else ()

    @property
    def valued(self) -> bool:
        """Whether there is a value to show."""
        return self.has_plan and not self.missing

    @cached_property
    def valuation(self) -> Valuation:
        """Plan, valued."""
        opening = opening_capital(self.given["balances"], self.plans.customers)
        return Valuation(self.plans, opening, self.terms)

    @property
    def npv(self) -> float | None:
        """NPV in the base case; None where it is not known."""
        return float(self.valuation.value[0]) if self.valued else None

    @cached_property
    def scenarios(self) -> pd.DataFrame:
        """Downside, base and upside case.

        Returns
        -------
        DataFrame
            Index ``low``, ``expected``, ``high``; ``npv``, ``sales_investment`` (present value),
            ``per_investment``, ``deepest`` (funding from today on, at most 0).
        """
        rows = {}
        for point, name in enumerate(("low", "expected", "high")):
            flows = self.valuation.flows(self.plans.scenario(point))
            npv = float(self.valuation.scenarios[point, 0])
            spent = float(self.valuation.present(flows.sales_investment)[0])
            rows[name] = {
                "npv": npv,
                "sales_investment": spent,
                "per_investment": npv / spent if spent > 0 else np.nan,
                "deepest": min(0.0, float(flows.cash[0].cumsum().min())),
            }
        return pd.DataFrame(rows).T

    @property
    def uncertain(self) -> bool:
        """Whether there is a value, and any line of the plan has a range."""
        return self.valued and self.valuation.uncertain

    @cached_property
    def simulation(self) -> Simulation:
        """NPV with all lines of the plan drawn at once."""
        return self.valuation.simulate(self.draws, self.seed)

    @cached_property
    def sensitivity(self) -> pd.DataFrame:
        """Lines of the plan: NPV at either end, and the change at which it is 0.

        Returns
        -------
        DataFrame
            Index: line, the largest swing first; ``at_low``, ``at_high``, ``swing``, ``break_even``.
        """
        if not self.valued:
            return pd.DataFrame(columns=["at_low", "at_high", "swing", "break_even"], dtype=float)
        swings = self.valuation.tornado().set_index("key")[["at_low", "at_high", "swing"]]
        return swings.join(self.valuation.break_even().rename("break_even"))

    @cached_property
    def past(self) -> pd.DataFrame:
        """What it brought and cost so far, by calendar year."""
        return history(self.given, self.as_of)

    @property
    def sunk(self) -> float | None:
        """Cash flow to date, which no decision changes; None where it is not known."""
        known = self.past["cash"].sum(skipna=False) if len(self.past) else np.nan
        return None if pd.isna(known) else float(known)

    @cached_property
    def joined(self) -> pd.DataFrame:
        """Past and plan in one table; see :func:`vs_toolkit.relationship.history.joined`."""
        return joined(self.past, self.valuation.expected, self.plans.horizon)

    @cached_property
    def curve(self) -> Curve:
        """Past and plan together: break-even and deepest funding."""
        return curve(self.joined["cumulative"] if self.valued else pd.Series(dtype=float))

    @cached_property
    def ahead(self) -> Curve:
        """From today on: break-even and deepest funding."""
        if not self.valued:
            return curve(pd.Series(dtype=float))
        names = ["today", *self.plans.horizon.labels]
        return curve(pd.Series(self.valuation.expected.cash[0].cumsum(), names))

    @cached_property
    def register(self) -> Register:
        """Investments made for the customer."""
        return register(self.given["investments"], self.as_of)

    @cached_property
    def dependence(self) -> Dependence:
        """Dependence both ways."""
        provider = self.given["provider_results"]
        return dependence(self.given, provider, self.past, self.planned_revenue, self.as_of)

    @cached_property
    def planned_revenue(self) -> dict[int, float]:
        """Planned revenue by calendar year, in the base case."""
        if not self.has_plan:
            return {}
        revenue = self.plans.values[EXPECTED, REVENUE, 0]
        return dict(zip(self.plans.horizon.years, revenue.tolist(), strict=True))

    @cached_property
    def growth(self) -> Growth | None:
        """Yearly growth of revenue so far, an estimate, beside that of the plan."""
        return growth(self.given["sales"], self.past["revenue"], self.planned_revenue, self.as_of)

    @property
    def margins(self) -> tuple[float, int, float, int] | None:
        """Contribution after cost to serve as a share of revenue: last full year, and next planned year.

        Each with its year; None where either is not known.
        """
        full = self.as_of.year - 1 if (self.as_of.month, self.as_of.day) != (12, 31) else self.as_of.year
        if not self.valued or full not in self.past.index:
            return None
        row: dict[Any, Any] = self.past.to_dict("index")[full]
        flows, years = self.valuation.expected, self.plans.horizon.years
        place = min(1, len(years) - 1) + 1
        planned = flows.contribution[0, place] - flows.cost_to_serve[0, place]
        if not row["revenue"] > 0 or not flows.revenue[0, place] > 0:
            return None
        past = (row["contribution"] - row["cost_to_serve"]) / row["revenue"]
        ahead = planned / flows.revenue[0, place]
        return None if np.isnan(past) else (float(past), full, float(ahead), years[place - 1])

    @cached_property
    def by_region(self) -> pd.DataFrame:
        """Contribution by region and product group."""
        return contribution(self.given["sales"], self.as_of)

    @property
    def losing(self) -> pd.Series[float]:
        """Regions in which the customer loses money for us."""
        return losing(self.by_region)

    def at(self, wacc: float) -> float:
        """NPV at another cost of capital."""
        return float(replace(self.valuation, terms=replace(self.terms, wacc=wacc)).value[0])


def one_currency(tables: Mapping[str, pd.DataFrame]) -> str:
    """Currency of the tables that are added up; empty where none is recorded.

    Raises
    ------
    VsToolkitError
        When there are several.
    """
    known = {code: name for name in MONEY for code in tables[name]["currency"].dropna().unique()}
    if len(known) > 1:
        told = ", ".join(f"{name} in {code}" for code, name in known.items())
        raise VsToolkitError(
            f"amounts of several currencies cannot be added up ({told}): convert them to one"
        )
    return next(map(str, known), "")


def table_of(tables: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    """Table with all its columns; without rows where it is not there."""
    frame = tables.get(name)
    empty = empty_frame(TABLES[name])
    if frame is None or frame.empty:
        return empty
    return frame.reindex(columns=list(dict.fromkeys([*empty.columns, *frame.columns])))
