"""Everything the report says of the operating model on a day; each part is worked out when asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from vs_toolkit.inputs.cases.milestones import phases_behind, unrecorded
from vs_toolkit.inputs.cases.process import Relationship, SalesProcess, process_named, relationship
from vs_toolkit.inputs.cases.questionnaire import Questionnaire, questionnaire
from vs_toolkit.operating import arsci, assessment, culture, lanes, systems
from vs_toolkit.operating.arsci import Violations
from vs_toolkit.operating.assessment import Round
from vs_toolkit.operating.systems import Integration
from vs_toolkit.periods import last_full_month

ROUND = pd.DateOffset(months=9)  # answers of the last nine months are one round


@dataclass(frozen=True)
class OperatingModel:
    """How the company sells, as of a day.

    Attributes
    ----------
    tables
        The source tables by name, as :func:`vs_toolkit.inputs.open_company` gives them; tables may be empty.
    as_of
        As-of date; later data is ignored.
    process_name
        Name of a sales process in ``templates/processes``, or path of a YAML file.
    cost_per_link
        What linking two systems costs.
    """

    tables: Mapping[str, pd.DataFrame]
    as_of: date
    process_name: str = "value_sales"
    cost_per_link: float = systems.COST_PER_LINK

    @cached_property
    def process(self) -> SalesProcess:
        """The sales process beside that of the customer."""
        return process_named(self.process_name)

    @property
    def relationship(self) -> Relationship:
        """How relationships are managed over time."""
        return relationship()

    @cached_property
    def lanes(self) -> pd.DataFrame:
        """Phases of both sides on one scale."""
        return lanes.lanes(self.process)

    @cached_property
    def unproven(self) -> pd.DataFrame:
        """Open opportunities that claim more than is recorded."""
        names = ("opportunities", "status_changes", "statuses")
        return lanes.unproven(self.process, *(self.tables[name] for name in names))

    @property
    def checks_milestones(self) -> bool:
        """Whether the process names stages of the funnel."""
        return bool(phases_behind(self.process, self.tables["statuses"]))

    @property
    def unrecorded(self) -> list[str]:
        """What the process asks for and is recorded for no opportunity."""
        return unrecorded(self.process.asked, self.tables["opportunities"])

    @property
    def currency(self) -> str:
        """Currency of opportunities; empty where none is recorded."""
        known = self.tables["opportunities"]["currency"].dropna()
        return str(known.iloc[0]) if len(known) else ""

    @cached_property
    def grids(self) -> dict[str, pd.DataFrame]:
        """ARSCI grid of each process."""
        return arsci.grids(self.tables["responsibilities"])

    @cached_property
    def violations(self) -> dict[str, Violations]:
        """What is wrong with each grid."""
        return {process: arsci.arsci_violations(grid) for process, grid in self.grids.items()}

    @cached_property
    def accountable(self) -> pd.DataFrame:
        """For how many activities each person answers."""
        return arsci.accountable_people(
            self.tables["responsibilities"], self.tables["role_holders"], self.as_of
        )

    @property
    def most_accountable(self) -> tuple[str, float] | None:
        """Name of the person who answers for most activities, and their share; None: not known."""
        if self.accountable.empty:
            return None
        person = str(self.accountable.index[0])
        return self.names.get(person, person), float(self.accountable["share"].iloc[0])

    @cached_property
    def actions(self) -> pd.DataFrame:
        """Open actions of customer plans with what is wrong with their duties."""
        return arsci.action_grid(self.tables["actions"])

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of our people by id."""
        people = self.tables["people"]
        return dict(zip(people["person_id"], people["name"], strict=True))

    @cached_property
    def customers(self) -> dict[str, str]:
        """Names of customers by id."""
        register = self.tables["customers"]
        return dict(zip(register["customer_id"], register["name"], strict=True))

    @cached_property
    def cultures(self) -> pd.DataFrame:
        """Sales culture of each unit, and where business pushes it."""
        last = last_full_month(self.as_of)
        growth = culture.unit_growth(self.tables["sales"], self.tables["customers"], last)
        return culture.cultures(self.tables["culture"], growth)

    @property
    def questionnaire(self) -> Questionnaire:
        """Statements of the self-assessment."""
        return questionnaire()

    @cached_property
    def _rounds(self) -> tuple[Round, Round]:
        since = pd.Timestamp(self.as_of) - ROUND
        return assessment.rounds(self.tables["self_assessments"], self.questionnaire, since)

    @property
    def now(self) -> Round:
        """Answers of this round."""
        return self._rounds[0]

    @property
    def before(self) -> Round:
        """Answers of the last round."""
        return self._rounds[1]

    @cached_property
    def chapters(self) -> pd.DataFrame:
        """Share of yes by chapter, now and in the last round, weakest first."""
        return assessment.compared(self.now, self.before, "chapter")

    @cached_property
    def statements(self) -> pd.DataFrame:
        """Share of yes by statement, now and in the last round, weakest first."""
        return assessment.compared(self.now, self.before, "text")

    @cached_property
    def units(self) -> pd.DataFrame:
        """Share of yes by chapter and unit."""
        return assessment.by_unit(self.now.answers)

    @cached_property
    def unit_shares(self) -> pd.DataFrame:
        """Share of yes by unit, highest first."""
        return assessment.shares(self.now.answers, "unit").sort_values("yes", ascending=False, kind="stable")

    @cached_property
    def agreement(self) -> pd.DataFrame:
        """How far respondents and units agree, by chapter."""
        return assessment.agreement(self.now.answers)

    @cached_property
    def difference_by_chance(self) -> float:
        """Probability that units which think alike answer as differently."""
        return assessment.difference_by_chance(self.now.answers)

    @cached_property
    def integration(self) -> Integration:
        """Links between systems and what they cost."""
        return systems.integration(len(self.tables["systems"]), self.cost_per_link)

    @property
    def links(self) -> int:
        """Links that exist today."""
        return systems.links_today(self.tables["systems"])

    @cached_property
    def use(self) -> pd.DataFrame:
        """Use of each system by each unit."""
        return systems.use(self.tables["system_use"])

    @cached_property
    def adoption(self) -> pd.DataFrame:
        """Adoption of each system over time."""
        return systems.over_time(self.tables["system_use"])
