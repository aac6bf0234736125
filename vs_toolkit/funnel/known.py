"""What the record of a pipeline holds on a day, from its tables; each part is worked out when asked
for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from vs_toolkit.errors import ParameterError
from vs_toolkit.funnel.rates.blending import Rules
from vs_toolkit.funnel.rates.calibration import Calibration, calibrate_history
from vs_toolkit.funnel.rates.chances import kind_codes, open_nominal
from vs_toolkit.funnel.rates.landmark import Landmarks
from vs_toolkit.funnel.record.cases import known_cases, with_people
from vs_toolkit.funnel.record.estimable import estimable
from vs_toolkit.funnel.record.events import Events, read_events
from vs_toolkit.funnel.record.history import History, history_as_of
from vs_toolkit.funnel.record.recorded import Recorded, read_recorded
from vs_toolkit.funnel.record.visits import Visits
from vs_toolkit.inputs.cases.process import SalesProcess, process_named

PAST_DAYS = 18
LOOK_BACK = pd.Timedelta(days=3 * 365)
LEARN_FIRST = 0.25  # part of the record that goes before the first past day: there must be something to know
FEWEST_BETWEEN = 7  # days between past days


@dataclass(frozen=True)
class Known:
    """The record of a company or a unit as of a day.

    Attributes
    ----------
    tables
        The source tables by name, as :func:`vs_toolkit.inputs.open_company` gives them; tables may be empty.
    as_of
        As-of date; later data is ignored.
    horizon_days
        Days ahead within which an order counts where probabilities are tested.
    months
        How many months are forecast.
    target_orders
        Orders wanted a month; 0: as the table of targets says.
    recorded_from
        Day on which recording began, if opportunities are older than the record; "" takes the latest day that
        ``opportunities`` state, if any.
    owner
        Salesperson whose open opportunities are looked at, by id or name; "" for all. Rates, correction and
        errors are still learnt from everybody's.
    seed
        Of all simulation.
    process
        Sales process whose milestones the hygiene asks for: its name in ``templates/processes``, or the path
        of a YAML file.
    """

    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    as_of: date
    horizon_days: int = 180
    months: int = 6
    target_orders: float = 0.0
    recorded_from: str = ""
    owner: str = ""
    seed: int = 1
    process: str = "value_sales"

    @cached_property
    def given(self) -> dict[str, pd.DataFrame]:
        """The tables; text columns without rows as objects, since pandas cannot join empty Arrow text."""
        return {name: frame if len(frame) else _plain(frame) for name, frame in self.tables.items()}

    @property
    def sales_process(self) -> SalesProcess:
        """The sales process whose milestones count."""
        return process_named(self.process)

    @cached_property
    def rules(self) -> Rules:
        """Rules of the estimates."""
        stated = self.given["opportunities"].get("recorded_from", pd.Series(dtype=object)).dropna()
        begun = self.recorded_from or (f"{stated.max():%Y-%m-%d}" if len(stated) else None)
        return Rules(recorded_from=begun)

    @cached_property
    def events(self) -> Events:
        """The status changes, read once."""
        return read_events(self.given["status_changes"], self.given["statuses"])

    @cached_property
    def recorded(self) -> Recorded:
        """Values and dates as recorded with the changes, read once."""
        return read_recorded(self.given["status_changes"], self.events.ids)

    @cached_property
    def history(self) -> History:
        """The clean record."""
        return history_as_of(self.events, self.as_of, self.rules.recorded_from)

    @cached_property
    def calibration(self) -> Calibration:
        """What each stage is worth in the end."""
        return calibrate_history(self.history, rules=self.rules)

    @cached_property
    def estimable(self) -> pd.DataFrame:
        """What the record can tell and what it cannot."""
        return estimable(self.history)

    @cached_property
    def cases(self) -> pd.DataFrame:
        """All opportunities as known on the day, with the team and unit of their owner."""
        changes, opportunities = self.given["status_changes"], self.given["opportunities"]
        return with_people(known_cases(self.history, opportunities, changes), self.given["people"])

    @cached_property
    def kinds(self) -> pd.Series[Any] | None:
        """Kind of each opportunity: its segment; None where none is recorded."""
        recorded = self.given["opportunities"].get("segment")
        if recorded is None or recorded.notna().sum() == 0:
            return None
        table = self.given["opportunities"].drop_duplicates("opportunity_id")
        kinds: pd.Series[Any] = table.set_index("opportunity_id")["segment"]
        return kinds

    @cached_property
    def landmarks(self) -> Landmarks:
        """Win curves by stage, age and kind."""
        codes, history = kind_codes(self.kinds, self.history.ids), self.history
        return Landmarks(history.visits, codes, open_nominal(history.statuses), self.rules)

    @cached_property
    def owner_id(self) -> str:
        """Id of the salesperson looked at; "" for all."""
        if not self.owner:
            return ""
        people = self.given["people"]
        named = people[(people["person_id"] == self.owner) | (people["name"] == self.owner)]["person_id"]
        known = set(self.cases["owner_id"].dropna())
        found = str(named.iloc[0]) if len(named) else self.owner
        if found not in known:
            raise ParameterError(
                f"owner {self.owner!r} owns no opportunity; owners are by id or name in people"
            )
        return found

    @cached_property
    def here(self) -> Visits:
        """Visits that still last: the open opportunities looked at."""
        here = self.history.visits.where(self.history.visits.here)
        if not self.owner:
            return here
        owners = self.cases["owner_id"].reindex(self.history.ids.take(here.case))
        return here.where((owners == self.owner_id).to_numpy(dtype=bool, na_value=False))

    @property
    def _own(self) -> pd.DataFrame:
        return self.cases[self.cases["owner_id"] == self.owner_id] if self.owner else self.cases

    @property
    def currency(self) -> str:
        """Currency of the amounts; empty where none is recorded."""
        known = self.given["opportunities"]["currency"].dropna()
        return str(known.iloc[0]) if len(known) else ""

    @cached_property
    def person_names(self) -> dict[str, Any]:
        """Names of our people by their id."""
        return dict(self.given["people"].dropna(subset="name").set_index("person_id")["name"])

    @cached_property
    def customer_names(self) -> dict[str, Any]:
        """Names of customers by their id."""
        return dict(self.given["customers"].set_index("customer_id")["name"])

    @cached_property
    def past_days(self) -> list[pd.Timestamp]:
        """Past days, evenly spread, from which the record is looked at anew; its oldest part is to learn."""
        first, today = self.history.cases["first_at"].min(), pd.Timestamp(self.as_of)
        if pd.isna(first):
            return []
        first = first.tz_localize(None)
        begin = max(first + LEARN_FIRST * (today - first), today - LOOK_BACK)
        step = max((today - begin) / PAST_DAYS, pd.Timedelta(days=FEWEST_BETWEEN))
        back = [today - number * step for number in range(1, PAST_DAYS + 1)]
        return sorted({day.normalize() for day in back if day >= begin.normalize()})


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(dict.fromkeys(frame.select_dtypes("str"), object))
