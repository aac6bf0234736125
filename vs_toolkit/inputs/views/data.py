"""What a notebook gets: all that a report on one customer, or on the company, may use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from vs_toolkit.errors import PartitionError
from vs_toolkit.formats import Brief, day, number_of
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.views.editions import Edition
from vs_toolkit.inputs.wording import did_you_mean

Frames = dict[str, pd.DataFrame]


@dataclass(frozen=True, repr=False)
class CustomerData(Brief):
    """Everything that a report on one customer may use.

    ``tables`` holds the customer's own rows, ``reference`` the tables that are the same for everybody. A
    table that is not given, or has no rows of this customer, is there without rows; one that the edition may
    not show is not there. ``reading`` says in one sentence what was decided when the files were read; nothing
    where nothing had to be, and to a customer.
    """

    customer_id: str
    edition: Edition
    as_of: date
    tables: Frames
    reference: Frames
    cases: tuple[BusinessCase, ...]
    source_hash: str
    reading: str = ""

    def facts(self) -> dict[str, object]:
        """Who, in which edition, as of when, and how many rows and cases."""
        about = {"Customer": self.customer_id, "Edition": self.edition}
        return about | _contents(self.as_of, self.tables, self.cases)

    @property
    def customer(self) -> dict[str, Any]:
        """The customer's row of the table of customers; what is not known is None."""
        (row,) = self.tables["customers"].to_dict("records")
        return {str(name): None if pd.isna(value) else value for name, value in row.items()}

    def case(self, case_id: str = "") -> BusinessCase:
        """Business case by its id, or the newest.

        Raises
        ------
        PartitionError
            When there is no such case on the as-of date.
        """
        if not self.cases:
            raise PartitionError(f"{self.customer_id} has no business case dated {self.as_of} or before")
        if not case_id:
            return max(self.cases, key=lambda case: (case.dated, case.id))
        for case in self.cases:
            if case.id == case_id:
                return case
        hint = did_you_mean(case_id, [case.id for case in self.cases])
        raise PartitionError(f"{self.customer_id} has no business case {case_id!r} on {self.as_of}; {hint}")


@dataclass(frozen=True, repr=False)
class CompanyData(Brief):
    """All tables and cases of the company, as an internal report may use them.

    ``files`` says of each file where something had to be decided: its table, its rows, and what.
    """

    as_of: date
    tables: Frames
    cases: tuple[BusinessCase, ...]
    source_hash: str
    reading: str = ""
    files: tuple[tuple[str, str, int, str], ...] = ()

    def facts(self) -> dict[str, object]:
        """As of when, and how many rows and cases."""
        return _contents(self.as_of, self.tables, self.cases)

    @property
    def edition(self) -> Edition:
        """What names the company as a whole is for internal use only."""
        return "internal"


def _contents(as_of: date, tables: Frames, cases: tuple[BusinessCase, ...]) -> dict[str, object]:
    rows: dict[str, object] = {
        name: number_of(len(frame), "row") for name, frame in tables.items() if len(frame)
    }
    return {"As of": day(as_of), "Business cases": ", ".join(case.id for case in cases) or "none"} | rows
