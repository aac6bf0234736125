"""Everything a report on sales shows, from its tables; each part is worked out when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from vs_toolkit.errors import ParameterError
from vs_toolkit.inputs.wording import did_you_mean
from vs_toolkit.metrics import bridge, cohorts
from vs_toolkit.metrics import signals as patterns
from vs_toolkit.metrics.book import UNKNOWN, Book, Terms
from vs_toolkit.metrics.competence import Competence
from vs_toolkit.metrics.facts import Facts
from vs_toolkit.metrics.measure import BLANK, Measure, in_order, measure_named
from vs_toolkit.metrics.prepare import prepare
from vs_toolkit.metrics.scorecard import cells, trend
from vs_toolkit.periods import PERIODS, Period

ROLES: Mapping[str, tuple[str, ...]] = {  # few, outcomes before activities
    "sales director": (
        "net_sales", "discount_rate", "sales_margin_rate", "profit_contribution", "operating_profit",
        "cash_conversion_cycle", "net_revenue_retention", "net_promoter_score", "hit_rate",
    ),
    "team leader": (
        "net_sales", "discount_rate", "sales_margin_rate", "profit_contribution_rate", "hit_rate",
        "sales_cycle", "selling_cost", "visits_per_order",
    ),
    "account manager": (
        "net_sales", "discount_rate", "profit_contribution_rate", "share_of_wallet", "satisfaction_index",
        "fulfilment", "hit_rate", "visits",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Study:
    """Sales metrics of the company, or of one unit, person or segment, as of a day.

    Attributes
    ----------
    tables
        The source tables by name; tables may be empty.
    as_of
        As-of date; later data is ignored.
    period_name
        One of ``PERIODS``.
    first_month
        First month of the fiscal year.
    scope
        Level and name to which the report is narrowed; empty name: the whole company.
    role
        Whose selection of measures stands on the first page.
    terms
        Conventions.
    show_names
        Whether people are named; where not, groups of fewer than five are not broken down either.
    """

    tables: Mapping[str, pd.DataFrame]
    as_of: date
    period_name: str = "last twelve months"
    first_month: int = 1
    scope: tuple[str, str] = ("unit", "")
    role: str = "sales director"
    terms: Terms = field(default_factory=Terms)
    show_names: bool = True

    @cached_property
    def whole(self) -> Book:
        """The book of the company."""
        return prepare(self.tables, self.as_of, self.terms)

    @cached_property
    def book(self) -> Book:
        """The book within the scope.

        Raises
        ------
        ParameterError
            When nothing bears that name.
        """
        level, name = self.scope
        if not name:
            return self.whole
        if name not in self.whole.members[level]:
            known = [str(member) for member in self.whole.members[level] if member != UNKNOWN]
            raise ParameterError(f"{level} {name!r} does not exist; {did_you_mean(name, known)}")
        return self.whole.of(level, name)

    @cached_property
    def period(self) -> Period:
        """The period of the report.

        Raises
        ------
        ParameterError
            When its name is not known.
        """
        if self.period_name not in PERIODS:
            raise ParameterError(
                f"period {self.period_name!r}: {did_you_mean(self.period_name, list(PERIODS))}"
            )
        return PERIODS[self.period_name](self.as_of, self.first_month)

    @property
    def before(self) -> Period:
        """The same months a year earlier."""
        return self.period.year_before

    @property
    def currency(self) -> str:
        """Currency of all amounts."""
        return self.whole.currency

    @property
    def top(self) -> str:
        """Level at which the whole of the report is one member."""
        return "company"

    @cached_property
    def selection(self) -> list[Measure]:
        """Measures of the role.

        Raises
        ------
        ParameterError
            When there is no such role.
        """
        if self.role not in ROLES:
            raise ParameterError(f"role {self.role!r}: {did_you_mean(self.role, list(ROLES))}")
        return [measure_named(name) for name in ROLES[self.role]]

    @property
    def groups(self) -> list[Measure]:
        """All measures, in the order of figure 22."""
        return in_order()

    @cached_property
    def overall(self) -> pd.DataFrame:
        """All measures of the whole: index measure name; see :func:`scorecard.cells`."""
        level, name = self.scope
        table = cells(self.book, "company", self.period)
        found = table.droplevel("member") if len(table) else table
        if not name:
            return found
        marked = [measure.name for measure in in_order() if measure.mark(level) != BLANK]
        found = found[found.index.isin(marked)]
        planned = cells(self.book, level, self.period)["plan"].xs(name, level="member")
        sizes = {"market_share"} if level == "unit" else set()
        own = cells(self.book, level, self.period, map(measure_named, sizes)) if sizes else found.iloc[:0]
        found = found.drop(index=list(sizes & set(found.index)))
        if len(own):
            found = pd.concat([found, own.xs(name, level="member")])
        return found.assign(
            plan=planned.reindex(found.index), mark=[measure_named(n).mark(level) for n in found.index]
        )

    def cells(self, level: str, measures: list[Measure] | None = None) -> pd.DataFrame:
        """Measures of all members of a level; see :func:`scorecard.cells`."""
        table = cells(self.book, level, self.period, measures)
        members = self.active(level)
        return table[table.index.get_level_values("member").isin(members)]

    def active(self, level: str) -> list[str]:
        """Members of a level with sales, decisions or activities in the period, by net sales."""
        facts = Facts(self.book, self.period, level)
        rows = facts.series(np.zeros(len(facts.members)))
        for table in ("sales", "decided", "activities"):
            rows = rows + facts.rows(table).fillna(0)
        sold = facts.total("sales", "net_sales").fillna(0)
        return [str(name) for name in sold[rows > 0].sort_values(ascending=False, kind="stable").index]

    @cached_property
    def trends(self) -> dict[str, pd.Series[float]]:
        """Eight quarters of each measure of the selection, for the whole."""
        return {
            measure.name: trend(self.book, measure, "company", self.period).iloc[0]
            for measure in self.selection
        }

    @cached_property
    def bridge(self) -> bridge.Bridge:
        """From last year's margin to this year's."""
        return bridge.bridge(self.book, self.before, self.period)

    @cached_property
    def discounts(self) -> pd.DataFrame:
        """Volume that discounts needed and that came, by unit, or by product group within one unit."""
        level = "product" if self.scope[1] else "unit"
        table = bridge.discount_test(self.book, level, self.before, self.period)
        return table[table.index.isin(self.active(level))]

    @cached_property
    def regions(self) -> pd.DataFrame:
        """Net sales and profit contribution by region."""
        names = ["net_sales", "profit_contribution", "profit_contribution_rate"]
        table = self.cells("region", [measure_named(name) for name in names])
        return table["value"].unstack("measure").reindex(columns=names)

    @cached_property
    def people(self) -> pd.DataFrame:
        """Activity against outcome by person, of the same opportunities."""
        return cohorts.activity_and_outcome(self.book, "person", self.period)

    @cached_property
    def dependence(self) -> pd.DataFrame:
        """What the results of each person rest on."""
        return cohorts.largest_customer(self.book, self.period)

    @cached_property
    def signals(self) -> list[patterns.Signal]:
        """What to ask whom."""
        return patterns.signals(self.book, self.period)

    @cached_property
    def competence(self) -> Competence:
        """Ratings of the people within the scope."""
        level, name = self.scope
        rated, goals = self.whole.tables["ratings"], self.whole.tables["competence_goals"]
        people = self.whole.tables["people"]
        if name and level in ("unit", "person"):
            column = "unit" if level == "unit" else "person_id"
            members = people.loc[people[column] == name, "person_id"]
            rated, goals = rated[rated["person_id"].isin(members)], goals[goals["person_id"].isin(members)]
        return Competence(rated, goals)

    def manager(self, unit: str) -> str:
        """Name of the manager of a unit; empty where none is known or names are not shown."""
        if not self.show_names:
            return ""
        people = self.whole.tables["people"]
        own = people[
            (people["unit"] == unit) & people["role"].astype(str).str.contains("manager", case=False)
        ]
        return str(own["name"].iloc[0]) if len(own) else ""

    def manager_of(self, person: str) -> str:
        """Name of the manager of a person's unit."""
        units = self.whole.tables["people"].drop_duplicates("person_id").set_index("person_id")["unit"]
        return self.manager(str(units.get(person, "")))

    def name(self, level: str, member: str) -> str:
        """Name of a member as a reader knows it; people have none where names are not shown."""
        if level == "person" and not self.show_names:
            return "A salesperson"
        return self.whole.label(level, member)
