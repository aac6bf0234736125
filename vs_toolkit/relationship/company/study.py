"""Everything a report says of all relationships as of a day; each part is worked out when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from vs_toolkit.inputs.views.data import CompanyData
from vs_toolkit.periods import last_twelve
from vs_toolkit.relationship.company.loyalty import Cohort, cohort, retention_by_year
from vs_toolkit.relationship.dependence import FALL, HEAVY
from vs_toolkit.relationship.history import opening_capital
from vs_toolkit.relationship.investments import Register, register
from vs_toolkit.relationship.plan import Plans, read_plans
from vs_toolkit.relationship.study import one_currency, table_of
from vs_toolkit.relationship.teams import Capacity, Game, best_by_capacity, best_by_solving, game_of
from vs_toolkit.relationship.value import Risk, Terms, Valuation

USED = ("customers", "sales", "balances", "relationship_plans", "investments", "dependence", "team_plans",
        "sales_teams", "mergers")  # fmt: skip


MOST_UNDER_BUDGET = 100  # customers up to which robustness under a budget is simulated


@dataclass(frozen=True)
class Limits:
    """What there is to allocate: ``teams`` in all (0: as in the table), ``budget`` of sales investment
    (present value, 0: no limit), and whether teams stay in their region.
    """

    teams: int = 0
    budget: float = 0.0
    by_region: bool = True


@dataclass(frozen=True)
class Portfolio:
    """All relationships of a company.

    Attributes
    ----------
    tables
        The source tables, as :func:`vs_toolkit.inputs.open_company` gives them; any may be absent or empty.
    as_of
        As-of date; later data is ignored.
    terms
        Our cost of capital, and how the risk of losing a customer is counted.
    limits
        Teams and budget to allocate.
    draws, seed
        Of the simulation of robustness.
    """

    tables: Mapping[str, pd.DataFrame]
    as_of: date
    terms: Terms
    limits: Limits = Limits()
    draws: int = 200
    seed: int = 1

    @classmethod
    def of(
        cls,
        data: CompanyData,
        terms: tuple[float, float, Risk],
        limits: Limits,
        draws: int = 200,
        seed: int = 1,
    ) -> Portfolio:
        """Relationships in a company's data; ``terms``: cost of capital, premium, how risk is counted."""
        return cls(data.tables, data.as_of, Terms(*terms), limits, draws, seed)

    @cached_property
    def given(self) -> dict[str, pd.DataFrame]:
        """Tables that are used; what is not there has no rows."""
        return {name: table_of(self.tables, name) for name in USED}

    @cached_property
    def currency(self) -> str:
        """Currency of the amounts; raises VsToolkitError where there are several."""
        return one_currency(self.given)

    @cached_property
    def customers(self) -> pd.DataFrame:
        """Customers by id."""
        return self.given["customers"].set_index("customer_id")

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of customers by id; where two are alike, with the id."""
        alike = self.customers["name"].duplicated(keep=False)
        names = self.customers["name"].where(
            ~alike, self.customers["name"] + " (" + self.customers.index + ")"
        )
        return dict(names)

    @cached_property
    def plans(self) -> Plans:
        """Newest plan of every customer that has one."""
        return read_plans(self.given["relationship_plans"], self.as_of)

    @cached_property
    def valuation(self) -> Valuation:
        """Plans, valued."""
        opening = opening_capital(self.given["balances"], self.plans.customers)
        return Valuation(self.plans, opening, self.terms)

    @cached_property
    def values(self) -> pd.DataFrame:
        """All customers with the value of their relationship, the highest first.

        Returns
        -------
        DataFrame
            Index ``customer_id``; ``name``, ``region``, ``npv``, ``low``, ``high``, ``sales_investment``,
            ``per_investment``, ``invested`` (register), ``state``: "valued", "incomplete" or "no plan".
        """
        found = self.valuation
        low, middle, high = found.scenarios
        valued = pd.DataFrame(
            {
                "npv": middle,
                "low": low,
                "high": high,
                "sales_investment": np.where(np.isnan(middle), np.nan, found.sales_investment),
                "per_investment": found.per_investment,
                "state": np.where(np.isnan(middle), "incomplete", "valued"),
            },
            index=list(self.plans.customers),
        )
        invested = self.register.items.groupby("customer_id")["amount"].sum()
        table = self.customers[["name", "region"]].join(valued).assign(invested=invested)
        table["state"] = table["state"].fillna("no plan")
        return table.sort_values("npv", ascending=False, kind="stable", na_position="last")

    @property
    def equity(self) -> float | None:
        """Customer equity: NPV of all relationships that can be valued; None where there is none."""
        known = self.values["npv"].dropna()
        return float(known.sum()) if len(known) else None

    def count(self, state: str) -> int:
        """Number of customers in a state."""
        return int((self.values["state"] == state).sum())

    @cached_property
    def register(self) -> Register:
        """Investments in all customers."""
        return register(self.given["investments"], self.as_of)

    @cached_property
    def team_plans(self) -> pd.DataFrame:
        """Newest team plan of each customer."""
        return _newest(self.given["team_plans"], "planned_on", self.as_of, "customer_id")

    @cached_property
    def capacity(self) -> Capacity:
        """Teams to allocate: as asked for, else as in the table, else as many as work today."""
        table = _newest(self.given["sales_teams"], "set_on", self.as_of, "region")["teams"]
        budget = self.limits.budget or np.inf
        total = self.limits.teams or int(table.sum()) or int(np.ceil(self.team_plans["teams_today"].sum()))
        rooms = {str(name): int(teams) for name, teams in table.items()} if self.limits.by_region else {}
        return Capacity(total, rooms, budget)

    @cached_property
    def game(self) -> Game:
        """Allocation of the teams."""
        regions = {str(name): str(region) for name, region in self.customers["region"].dropna().items()}
        return game_of(self.valuation, self.team_plans, regions, self.capacity)

    @property
    def allocates(self) -> bool:
        """Whether there are teams and customers to allocate them to."""
        return bool(self.game.options.customers) and self.problem == ""

    @cached_property
    def problem(self) -> str:
        """Why no allocation is possible; empty when one is."""
        try:
            _ = self.game.best
        except ValueError as error:
            return str(error)
        return ""

    @cached_property
    def allocation(self) -> pd.DataFrame:
        """Best allocation beside today's, the highest gain per team first, with names and robustness.

        Returns
        -------
        DataFrame
            As :attr:`vs_toolkit.relationship.teams.Game.table`, with ``name``, ``change`` (teams) and
            ``chosen`` (share of draws in which the customer has as many teams or more).
        """
        table = self.game.table
        named = table.assign(
            name=[self.names.get(str(name), str(name)) for name in table.index],
            change=table["best"] - table["today"],
            chosen=self.chosen.reindex(table.index),
        )
        return named.sort_values("gain_per_team", ascending=False, kind="stable", na_position="last")

    @property
    def gain(self) -> float | None:
        """Value of the best allocation above today's, over customers whose teams today are known."""
        known = self.game.table.dropna(subset=["value_today"])
        return float((known["value_best"] - known["value_today"]).sum()) if len(known) else None

    @cached_property
    def steps(self) -> pd.Series[float]:
        """Best total value for each whole number of teams, free to move between regions; index ``teams``."""
        free = Game(self.game.options, self.game.business, self.game.investment, Capacity(0))
        most = int(np.ceil(min(self.game.options.planned.sum(), 4 * max(self.capacity.total, 1))))
        most = max(most, self.capacity.total)
        total, _ = best_by_capacity(free, free.value[None, :], 2 * most)
        steps = pd.Series(total[0, ::2], index=pd.RangeIndex(most + 1, name="teams"))
        return steps[np.isfinite(steps)]

    @cached_property
    def _drawn(self) -> tuple[np.ndarray, np.ndarray]:
        """Best total in each draw, and the teams of each customer then."""
        place = [self.plans.customers.index(name) for name in self.game.options.customers]
        sample = self.valuation.draws(self.draws, self.seed)
        values = self.game.values(sample.business[:, place], sample.investment[:, place])
        if np.isfinite(self.capacity.budget):
            best, teams = best_by_solving(self.game, values)
        else:
            total, teams = best_by_capacity(self.game, values, 2 * self.capacity.total)
            best = total[:, -1]
        picked = np.array(self.game.best.chosen, dtype=np.int64)
        ours = values[:, picked].sum(axis=1)
        return np.stack([best, ours]), teams

    @property
    def simulated(self) -> bool:
        """Whether robustness is simulated: under a budget each draw is solved anew, for a few customers."""
        count = len(self.game.options.customers)
        return count > 0 and (not np.isfinite(self.capacity.budget) or count <= MOST_UNDER_BUDGET)

    @cached_property
    def chosen(self) -> pd.Series[float]:
        """Share of draws in which each customer gets at least the teams of the best allocation.

        For one that gets none: share of draws in which it gets none. Missing where it is not simulated.
        """
        names = pd.Index(self.game.options.customers)
        if not self.simulated:
            return pd.Series(np.nan, index=names)
        best, (_, teams) = self.game.table["best"].to_numpy(float), self._drawn
        kept = np.where(best > 0, teams >= best, teams == 0)
        return pd.Series(kept.mean(axis=0), index=names)

    @cached_property
    def regret(self) -> float | None:
        """Mean share of the value that the allocation misses in the draws, against the best in each draw."""
        if not self.simulated:
            return None
        best, ours = self._drawn[0]
        return float(((best - ours) / np.where(best > 0, best, np.nan)).mean())

    @cached_property
    def sales(self) -> pd.DataFrame:
        """Sales under the customer that each buyer is part of now: who merged into another is not lost."""
        rows, merged = self.given["sales"], self.given["mergers"]
        known = merged[merged["merged_on"] <= pd.Timestamp(self.as_of)]
        successor = dict(zip(known["customer_id"], known["successor_id"], strict=True))
        return rows.assign(customer_id=rows["customer_id"].map(lambda name: _final(name, successor)))

    @cached_property
    def retention(self) -> pd.DataFrame:
        """Share of the buyers of one year who bought in the next, by year; an estimate."""
        return retention_by_year(self.sales, self.as_of)

    @cached_property
    def cohort(self) -> Cohort | None:
        """Cohort of new customers with its model of survival; an estimate."""
        return cohort(self.sales, self.as_of)

    @cached_property
    def of_sales(self) -> pd.Series[float]:
        """Share of each customer in our net sales of the last twelve full months."""
        period = last_twelve(self.as_of)
        rows = self.sales[self.sales["month"].between(period.first, period.last)]
        sold = rows.groupby("customer_id")["net_sales"].sum().astype(float)
        return sold / sold.sum() if sold.sum() > 0 else sold.iloc[:0]

    @cached_property
    def at_risk(self) -> pd.DataFrame:
        """Relationships at risk, the most valuable first.

        Returns
        -------
        DataFrame
            Index ``customer_id``; ``name``, ``npv``, ``share_today``, ``share_tomorrow`` (ours of its
            purchases), ``of_sales`` (its share of our sales), ``role_known``: at risk is whose future role
            for us is not known, where our share falls, or on whom we depend more than it on us.
        """
        newest = _newest(self.given["dependence"], "assessed_on", self.as_of, "customer_id")
        unknown = newest["role_tomorrow"].isna()
        falls = newest["share_today"] - newest["share_tomorrow"] > FALL
        shares = self.of_sales.reindex(newest.index)
        needed = (shares >= HEAVY) & (shares > newest["share_today"])
        every = newest[["share_today", "share_tomorrow"]].assign(role_known=~unknown, of_sales=shares)
        table = every[unknown | falls | needed]
        known = self.values.reindex(table.index)
        table = table.assign(name=known["name"], npv=known["npv"])
        return table.sort_values("npv", ascending=False, na_position="last", kind="stable")


def _final(name: str, successor: Mapping[str, str]) -> str:
    """Follow mergers to the last one; a circle ends where it began."""
    seen = {name}
    while name in successor and successor[name] not in seen:
        name = successor[name]
        seen.add(name)
    return name


def _newest(frame: pd.DataFrame, day: str, as_of: date, key: str) -> pd.DataFrame:
    """Latest known row of each key, which becomes the index."""
    known = frame[frame[day] <= pd.Timestamp(as_of)].sort_values(day, kind="stable")
    return known.drop_duplicates(key, keep="last").set_index(key).sort_index()
