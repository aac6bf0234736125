"""Everything the report says of the customer base on a day; each part is worked out when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from vs_toolkit import periods
from vs_toolkit.periods import Period
from vs_toolkit.portfolio import crossing, quality
from vs_toolkit.portfolio.base import average_capital, customer_base, first_sales, merged, quarters
from vs_toolkit.portfolio.concentration import Concentration, concentration, symmetry
from vs_toolkit.portfolio.costing import cost_by_activity, idle_cost
from vs_toolkit.portfolio.equity import Equity, equity, from_results, from_table
from vs_toolkit.portfolio.ideal import distance
from vs_toolkit.portfolio.loss import LossRisk, loss_by_customer, loss_by_group, simulate_losses
from vs_toolkit.portfolio.portfolios import UNKNOWN, Limits, assign, limits, reference, summary
from vs_toolkit.portfolio.risk import Weights, changes, correlations, group_changes, imported, linked, risks
from vs_toolkit.portfolio.whale import Whale, whale

LARGEST = 10


@dataclass(frozen=True)
class CustomerBase:
    """The customers of the company, or of one unit, as of a day.

    Attributes
    ----------
    given
        The source tables by name, as :func:`vs_toolkit.inputs.open_company` gives them; tables may be empty.
    as_of
        As-of date; later data is ignored.
    wacc
        Our cost of capital per year, as a fraction.
    months
        Full months behind ``as_of`` from which risk is measured.
    our_beta
        Our own beta; a customer above it imports risk.
    fixed_share
        Part of cost that stays for a year when a customer leaves.
    slump
        Probability that an industry slumps within a year, and the part of its business that goes then.
    results
        Path of a ``results.parquet`` with relationship values; where it is empty or the file has none, the
        table ``relationship_values`` is taken.
    seed
        Of the simulation.
    """

    given: Mapping[str, pd.DataFrame]
    as_of: date
    wacc: float = 0.09
    months: int = 36
    our_beta: float = 1.0
    fixed_share: float = 0.3
    slump: tuple[float, float] = (0.1, 0.4)
    results: str = ""
    seed: int = 1

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables, customers that merged under their successor."""
        return merged(self.given)

    @cached_property
    def period(self) -> Period:
        """The last twelve full months."""
        return periods.last_twelve(self.as_of)

    @cached_property
    def history(self) -> Period:
        """Full months from which risk is measured, in whole quarters."""
        return periods.last_months(self.as_of, self.months - self.months % 3)

    @property
    def currency(self) -> str:
        """Currency of the amounts; empty where none is recorded."""
        known = self.tables["sales"]["currency"].dropna()
        return str(known.iloc[0]) if len(known) else ""

    @cached_property
    def base(self) -> pd.DataFrame:
        """Sales, profit and EVA by customer."""
        return customer_base(self.tables, self.period, self.wacc)

    @property
    def net_sales(self) -> float:
        """Net sales of the period."""
        return float(self.base["net_sales"].sum())

    @property
    def active(self) -> pd.DataFrame:
        """Customers that bought in the period."""
        return self.base[self.base["net_sales"] > 0]

    @property
    def traded(self) -> pd.DataFrame:
        """Customers with net sales or profit in the period: a lost one may still cause cost."""
        return self.base[(self.base["net_sales"] != 0) | (self.base["profit"] != 0)]

    @cached_property
    def by_profit(self) -> Whale:
        """Whale curve of profit after cost to serve."""
        return whale(self.traded["profit"])

    @cached_property
    def by_eva(self) -> Whale:
        """Whale curve of EVA."""
        return whale(self.traded["eva"])

    @cached_property
    def activities(self) -> pd.DataFrame:
        """Cost to serve by activity and customer."""
        return cost_by_activity(self.tables["activity_use"], self.tables["activity_costs"], self.period)

    @cached_property
    def idle(self) -> float:
        """Cost of activities that no customer used."""
        return idle_cost(self.tables["activity_use"], self.tables["activity_costs"], self.period)

    @cached_property
    def concentration(self) -> Concentration:
        """Concentration of net sales."""
        return concentration(self.base["net_sales"])

    @cached_property
    def symmetry(self) -> pd.DataFrame:
        """What the large customers are to us, and we to them."""
        return symmetry(self.active, self.tables["market"], LARGEST)

    @cached_property
    def quarters(self) -> pd.DataFrame:
        """Net sales by customer and quarter of the history."""
        return quarters(self.tables["sales"], self.history)

    @cached_property
    def risks(self) -> pd.DataFrame:
        """Volatility and beta by customer."""
        return risks(self.quarters).reindex(self.base.index)

    @cached_property
    def largest_changes(self) -> pd.DataFrame:
        """Changes of the ten largest customers with a full history."""
        chosen = self.quarters.reindex(self.active.index[:LARGEST])
        return changes(chosen.dropna())

    @cached_property
    def correlations(self) -> pd.DataFrame:
        """Correlations of the ten largest customers."""
        return correlations(self.largest_changes)

    @cached_property
    def linked(self) -> list[list[str]]:
        """Groups of the ten largest that move together."""
        return linked(self.largest_changes)

    @cached_property
    def imported(self) -> pd.DataFrame:
        """Customers with a larger beta than ours."""
        return imported(self.active, self.our_beta)

    @cached_property
    def losses(self) -> pd.DataFrame:
        """What losing each customer costs."""
        return loss_by_customer(self.active, self.fixed_share)

    @cached_property
    def industry_losses(self) -> pd.DataFrame:
        """What losing each industry costs."""
        return loss_by_group(self.losses, self.active["industry"])

    @cached_property
    def simulated(self) -> LossRisk:
        """Profit lost in simulated years."""
        leave = quality.churn(self.base)
        return simulate_losses(self.losses, self.active["industry"], leave, self.slump, self.seed)

    @cached_property
    def limits(self) -> Limits:
        """What parts large from small and steady from volatile customers."""
        return limits(self.active, self.risks["volatility"])

    @cached_property
    def portfolio_of(self) -> pd.Series[str]:
        """Portfolio of each customer."""
        return assign(self.active, self.risks["volatility"], self.limits, self.tables["portfolio_roles"])

    @cached_property
    def portfolios(self) -> pd.DataFrame:
        """What each portfolio brings."""
        return summary(self.active, self.portfolio_of, self.quarters, self.tables["portfolio_roles"])

    @cached_property
    def portfolio_changes(self) -> pd.DataFrame:
        """Changes of each portfolio with a known risk from quarter to quarter."""
        known = self.portfolio_of[self.portfolio_of != UNKNOWN]
        return group_changes(self.quarters, known)

    @cached_property
    def _reference(self) -> tuple[pd.DataFrame, Weights | None]:
        return reference(self.active, self.portfolio_of, self.quarters)

    @property
    def least_variance(self) -> pd.DataFrame:
        """Shares of portfolios that would vary least, beside today's."""
        return self._reference[0]

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Sales of the period with the profit of each row."""
        sales = self.tables["sales"]
        return crossing.profit_rows(sales[self.period.holds(sales["month"])])

    @cached_property
    def by_region(self) -> pd.DataFrame:
        """Profit by customer and region."""
        return crossing.grid(self.rows, "customer_id", "region")

    @cached_property
    def by_product(self) -> pd.DataFrame:
        """Profit by customer and product group."""
        return crossing.grid(self.rows, "customer_id", "product_group")

    @cached_property
    def region_by_product(self) -> pd.DataFrame:
        """Profit by region and product group."""
        return crossing.grid(self.rows, "region", "product_group")

    @cached_property
    def carried(self) -> pd.DataFrame:
        """Customers of which one region earns what others lose."""
        return crossing.carried(self.by_region)

    @cached_property
    def quality(self) -> pd.DataFrame:
        """Quality of the base in figures."""
        return quality.quality(self.tables, self.base, self.period)

    @cached_property
    def new(self) -> pd.Index[str]:
        """Customers that began to buy in the period."""
        first = first_sales(self.tables["sales"], self.tables["customers"]).reindex(self.active.index)
        return self.active.index[first >= self.period.start]

    @cached_property
    def distance(self) -> pd.DataFrame:
        """How far the base is from the ideal."""
        return distance(self.active, self.tables["ideal_base"], self.new)

    @cached_property
    def steps(self) -> pd.DataFrame:
        """For what the base can be managed today."""
        return quality.three_steps(self.active, self.tables["budgets"])

    @cached_property
    def values(self) -> pd.DataFrame:
        """Value of each relationship, from the reports on them or else from the table."""
        reported = from_results(self.results, self.as_of) if self.results else None
        if reported is None or reported.empty:
            return from_table(self.tables["relationship_values"])
        return reported.assign(is_reported=True)

    @cached_property
    def equity(self) -> Equity:
        """Customer equity."""
        return equity(self.values, self.base)

    @cached_property
    def ahead(self) -> pd.DataFrame:
        """Ranks by past profit and by value ahead."""
        return quality.past_and_future(self.active, self.values["npv"])

    @cached_property
    def capital(self) -> float:
        """Capital tied up in customers, as far as known."""
        return float(average_capital(self.tables["balances"], self.period).sum())
