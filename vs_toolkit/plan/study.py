"""Everything that the customer plan shows of one customer, worked out when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import pandas as pd

from vs_toolkit import estimates, scoring
from vs_toolkit.inputs.views.data import CustomerData
from vs_toolkit.plan import contacts, gaps, goals, indicators, innovation, knowledge, prospects
from vs_toolkit.plan import delivered as realised
from vs_toolkit.plan import strategy as strategies
from vs_toolkit.plan import value as worth
from vs_toolkit.plan import white_space as spaces
from vs_toolkit.plan.prospects import Dividers, Effort
from vs_toolkit.plan.versions import known_by, newest, table

STALE_DAYS = 180
SECTIONS: dict[str, tuple[str, str]] = {  # section -> table and the column with its days
    "Plan": ("plans", "written_on"),
    "Goals": ("goals", "recorded_on"),
    "Actions": ("actions", "recorded_on"),
    "Contacts": ("contacts", "recorded_on"),
    "Knowledge": ("knowledge", "recorded_on"),
    "Statements": ("statements", "published_on"),
    "White space": ("white_space", "recorded_on"),
    "Scores": ("assessments", "assessed_on"),
    "Trigger events": ("situations", "happened_on"),
}

COMPARED = (  # tables of what a review is compared by
    "activities", "actions", "assessments", "contacts", "customers", "goals", "influences", "market",
    "opportunities", "plans", "reviews", "sales", "situations", "status_changes", "white_space",
)  # fmt: skip


@dataclass(frozen=True)
class CustomerPlan:
    """The plan for one customer as of a day, and (in ``then``) what changes are compared with.

    Parameters
    ----------
    data
        All that may be used; a table that is not there leaves its part of the plan unknown.
    dividers
        Of the prospect matrix.
    stale_days
        A contact not met for longer is stale.
    """

    data: CustomerData
    dividers: Dividers = field(default_factory=Dividers)
    stale_days: int = STALE_DAYS

    @property
    def as_of(self) -> date:
        """As-of date; later data is ignored."""
        return self.data.as_of

    @property
    def internal(self) -> bool:
        """Whether this is the edition for the house."""
        return self.data.edition == "internal"

    @cached_property
    def customer(self) -> dict[str, Any]:
        """The customer's row."""
        return self.data.customer

    @property
    def name(self) -> str:
        """Name of the customer."""
        return str(self.customer.get("name") or self.data.customer_id)

    def table(self, name: str) -> pd.DataFrame:
        """A table of the customer, without rows where nothing is given."""
        return table(self.data.tables, name)

    def reference(self, name: str) -> pd.DataFrame:
        """A table that is the same for all, without rows where nothing is given."""
        return table(self.data.reference, name)

    @cached_property
    def currency(self) -> str:
        """Our currency: that of sales, opportunities or white space; empty where none is given."""
        given = (self.table(name)["currency"].dropna() for name in ("opportunities", "sales", "white_space"))
        return next((str(currencies.iloc[0]) for currencies in given if len(currencies)), "")

    @cached_property
    def people(self) -> dict[str, str]:
        """Names of our employees by id."""
        ours = self.reference("people")
        return dict(zip(ours["person_id"], ours["name"], strict=True))

    def named(self, value: object) -> str:
        """Name of an employee by id; any other text as it is; empty for nothing."""
        return self.people.get(value, value) if isinstance(value, str) else ""

    # the plan itself

    @cached_property
    def plan(self) -> dict[str, Any]:
        """Newest version of the plan; empty where none is written."""
        rows = newest(self.table("plans"), "customer_id", dated="written_on").to_dict("records")
        return {str(name): value for name, value in rows[0].items() if not pd.isna(value)} if rows else {}

    @cached_property
    def goals(self) -> pd.DataFrame:
        """Goals with their state, the customer's own first."""
        found = goals.goals(self.table("goals"), self.as_of)
        return found.sort_values("whose", kind="stable", ignore_index=True)

    @property
    def goal_names(self) -> list[str]:
        """Names of the goals; those that are not the customer's own are marked in our edition."""
        rows = zip(self.goals["goal"], self.goals["whose"], strict=True)
        return [f"{goal} (ours)" if whose == "ours" and self.internal else goal for goal, whose in rows]

    @cached_property
    def actions(self) -> pd.DataFrame:
        """Actions that were not dropped, by due day."""
        return goals.actions(self.table("actions"), self.as_of)

    @cached_property
    def delivered(self) -> realised.Delivered:
        """Value promised and realised."""
        return realised.delivered(self.table("value_delivered"))

    @cached_property
    def updated(self) -> pd.Series[pd.Timestamp]:
        """Newest day of each section; missing where the section is empty."""
        days = {section: self.table(name)[dated].max() for section, (name, dated) in SECTIONS.items()}
        return pd.Series(days, dtype="datetime64[us]")

    # who they are to us

    @cached_property
    def _scores(self) -> pd.DataFrame:
        rows = self.table("assessments")
        return rows[rows["opportunity_id"].isna()]

    def _card(self, name: str) -> scoring.Scorecard:
        scale = scoring.scale_named(name)
        return scoring.evaluate(scale, scoring.answers_of(self._scores, scale))

    @cached_property
    def style(self) -> scoring.Scorecard:
        """Buying style."""
        return self._card("buying_style")

    @cached_property
    def partnering(self) -> scoring.Scorecard:
        """Willingness to partner."""
        return self._card("partnering")

    @cached_property
    def index(self) -> scoring.Scorecard:
        """Relationship value index."""
        scale = worth.with_limits(scoring.scale_named("relationship_value"), self.segments["lowest_value"])
        assessed = scoring.answers_of(self._scores, scale)
        from_people = worth.from_contacts(self.coverage, self.persons, self.lately)
        return scoring.evaluate(scale, worth.index_answers(scale, assessed, self.measured, from_people))

    @cached_property
    def measured(self) -> dict[str, float | None]:
        """Measured elements of the index."""
        return worth.measured(self.data.tables, self.customer, self.customer_share, self.as_of)

    @cached_property
    def robustness(self) -> scoring.Robustness | None:
        """What other weights would make of the index."""
        return scoring.robustness(self.index)

    @property
    def segment(self) -> str:
        """Segment by the index; empty where nothing is known."""
        return self.index.class_name

    @cached_property
    def segments(self) -> pd.DataFrame:
        """What each segment gets, by segment; without rows where nothing is recorded."""
        return worth.segments(self.reference("segments"), self.as_of)

    @cached_property
    def fit(self) -> strategies.Fit:
        """Sales strategy that fits, against the one that is followed."""
        followed = str(self.plan.get("strategy", ""))
        return strategies.strategy_fit(
            self.segment, self.partnering.class_name, self.style.class_name, followed
        )

    @property
    def strategy(self) -> str:
        """Strategy whose contacts are needed: the plan's, else the one that the buying style calls for."""
        style = self.style.class_name
        matched = strategies.STRATEGIES[strategies.STYLES.index(style)] if style else ""
        return str(self.plan.get("strategy", matched))

    @cached_property
    def money(self) -> pd.DataFrame:
        """Good, neutral and bad money by calendar year."""
        fit = self.customer.get("market_fit")
        return worth.money(self.table("sales"), fit, self.reference("offerings"))

    @cached_property
    def regions(self) -> pd.DataFrame:
        """Net sales and contribution of the last twelve months by region."""
        return worth.by_region(worth.last_year(self.table("sales"), self.as_of))

    # whom we know

    @cached_property
    def persons(self) -> pd.DataFrame:
        """Contacts who are still there."""
        return contacts.people(self.data.tables, self.as_of)

    @property
    def lately(self) -> pd.Series[bool]:
        """Who was met lately."""
        return contacts.fresh(self.persons["met_on"], self.as_of, self.stale_days)

    @cached_property
    def coverage(self) -> contacts.Coverage:
        """Contacts against what the strategy needs."""
        return contacts.coverage(self.persons, self.strategy, self.as_of, self.stale_days)

    @cached_property
    def decision(self) -> contacts.Decision:
        """What is missing or in the way for a decision."""
        return contacts.decision(self.persons, self.table("influences"), self.as_of, self.stale_days)

    @cached_property
    def team(self) -> pd.DataFrame:
        """Meetings by contact and employee, last twelve months."""
        return contacts.by_team(self.data.tables, self.persons, self.as_of)

    @cached_property
    def knowledge(self) -> pd.DataFrame:
        """Completeness and age of what is known, by topic."""
        return knowledge.completeness(self.table("knowledge"), self.as_of)

    # what could be

    @cached_property
    def indicators(self) -> pd.DataFrame:
        """Key indicators by year."""
        return indicators.indicators(self.table("statements"), self.customer.get("wacc"))

    @property
    def statement_currency(self) -> str:
        """Currency of the newest statement."""
        rows = self.table("statements").sort_values("year")
        return str(rows["currency"].iloc[-1]) if len(rows) else ""

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """Indicators beside the industry, with the yearly worth of half of each gap."""
        industry, wacc = self.customer.get("industry"), self.customer.get("wacc")
        return gaps.gaps(self.indicators, self.reference("benchmarks"), industry, wacc)

    @cached_property
    def events(self) -> pd.DataFrame:
        """Trigger events, the newest first."""
        return self.table("situations").sort_values("happened_on", ascending=False, kind="stable")

    @cached_property
    def lift(self) -> pd.DataFrame:
        """Win rate after each kind of event of this customer against the others.

        Over all customers where that was measured (see ``lift_measured``), else in its own history.
        """
        if self.lift_measured is None:
            return estimates.lift(estimates.rates_after(self.events, prospects.decided(self.cases)))
        known = newest(self.reference("trigger_rates"), "kind", dated="measured_on")
        return estimates.lift(known[known["kind"].isin(self.events["kind"])].reset_index(drop=True))

    @cached_property
    def lift_measured(self) -> date | None:
        """Day on which win rates after events were last measured over all customers; None: never."""
        days = self.reference("trigger_rates")["measured_on"]
        return days.max().date() if len(days) else None

    @cached_property
    def candidates(self) -> pd.DataFrame:
        """Candidates of process innovation with their yearly value."""
        return innovation.candidates(self.table("process_options"))

    @cached_property
    def space(self) -> spaces.WhiteSpace:
        """White space."""
        return spaces.white_space(self.table("white_space"))

    @cached_property
    def customer_share(self) -> float | None:
        """Our share of what the customer buys: over the white space, else of its purchases in a year."""
        if self.space.share is not None:
            return self.space.share
        purchases = newest(self.table("market"), "year", dated="known_on").sort_values("year")
        if purchases.empty:
            return None
        year, bought = int(purchases["year"].iloc[-1]), float(purchases["purchases"].iloc[-1])
        sales = self.table("sales")
        own = sales[sales["month"].dt.year == year]
        return float(own["net_sales"].sum()) / bought if len(own) and bought > 0 else None

    # what is open

    @cached_property
    def cases(self) -> pd.DataFrame:
        """All opportunities with stage and outcome."""
        return prospects.open_opportunities(self.data.tables, self.reference("statuses"))

    @cached_property
    def open_cases(self) -> pd.DataFrame:
        """Opportunities that are open, or of which no stage is recorded."""
        return self.cases[~self.cases["outcome"].isin(["won", "lost"])]

    @property
    def stages_known(self) -> bool:
        """Whether stages are recorded: otherwise every opportunity is taken as open."""
        return bool(self.cases["outcome"].notna().any())

    @property
    def pipeline(self) -> float | None:
        """Value of all open opportunities; None when no value is known."""
        values = self.open_cases["value"].dropna()
        return float(values.sum()) if len(values) else None

    @cached_property
    def prospects(self) -> pd.DataFrame:
        """Open opportunities on both axes."""
        fit = self.customer.get("market_fit")
        return prospects.evaluate(self.open_cases, self.table("assessments"), fit, self.dividers)

    @cached_property
    def effort(self) -> Effort:
        """Hours of the last year by box."""
        return prospects.effort(self.table("activities"), self.cases, self.prospects, self.as_of)

    # what has changed

    @cached_property
    def reviewed(self) -> date | None:
        """Day of the last review before today; else the day on which the plan was written."""
        today = pd.Timestamp(self.as_of)
        for name, dated in (("reviews", "reviewed_on"), ("plans", "written_on")):
            days = self.table(name)[dated]
            past = days[days < today]
            if len(past):
                return past.max().date()  # type: ignore[no-any-return]
        return None

    @cached_property
    def then(self) -> CustomerPlan | None:
        """The plan as it stood at the end of the day of the last review, from the tables in ``COMPARED``."""
        if self.reviewed is None:
            return None
        compared = {name: self.data.tables[name] for name in COMPARED if name in self.data.tables}
        data = replace(self.data, as_of=self.reviewed, tables=known_by(compared, self.reviewed))
        return replace(self, data=data)

    @property
    def days_since_review(self) -> int | None:
        """Days since the last review."""
        return None if self.reviewed is None else (self.as_of - self.reviewed) // timedelta(days=1)

    def compared(self, value: Callable[[CustomerPlan], Any]) -> tuple[Any, Any]:
        """A value at the last review and now; None before where there was no review."""
        return (None if self.then is None else value(self.then), value(self))
