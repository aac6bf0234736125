"""What may be seen on a day in an edition, split by customer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.errors import InputError, PartitionError
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.sources.record import by_file, summary
from vs_toolkit.inputs.sources.source import Inputs
from vs_toolkit.inputs.tables import REFERENCE, TABLES
from vs_toolkit.inputs.tables.columns import empty_frame
from vs_toolkit.inputs.tables.owners import OF_CUSTOMERS, customer_of_rows
from vs_toolkit.inputs.views.asof import seen_on
from vs_toolkit.inputs.views.data import CompanyData, CustomerData, Frames
from vs_toolkit.inputs.views.editions import Edition, case_for, visible_columns, visible_rows
from vs_toolkit.inputs.wording import did_you_mean

HASH_LENGTH = 16


@dataclass(frozen=True)
class View:
    """The inputs as seen on a day in an edition; gives out one customer at a time."""

    inputs: Inputs
    as_of: date
    edition: Edition

    @property
    def customers(self) -> tuple[str, ...]:
        """Ids of all customers, in the order of their table."""
        return tuple(self.inputs.tables["customers"]["customer_id"])

    @cached_property
    def frames(self) -> Frames:
        """Every table with the columns of the edition; tables that it may not show are left out."""
        columns = {name: visible_columns(name, self.edition) for name in TABLES}
        given = self.inputs.tables
        return {
            name: (given[name] if name in given else empty_frame(TABLES[name]))[shown]
            for name, shown in columns.items()
            if shown
        }

    @cached_property
    def owners(self) -> dict[str, pd.Series[str]]:
        """Customer of each row, for the given tables that hold rows of customers."""
        given = self.inputs.tables
        return {
            name: customer_of_rows(name, given)
            for name in OF_CUSTOMERS
            if name in given and name in self.frames
        }

    @cached_property
    def _rows(self) -> dict[str, dict[Any, Any]]:
        return {name: owner.groupby(owner).indices for name, owner in self.owners.items()}

    @cached_property
    def _cases(self) -> dict[str, tuple[BusinessCase, ...]]:
        cases: dict[str, list[BusinessCase]] = {}
        for case in self.inputs.cases:
            cases.setdefault(case.customer, []).append(case_for(case, self.edition))
        return {customer: tuple(own) for customer, own in cases.items()}

    @cached_property
    def _row_hashes(self) -> dict[str, pd.Series[Any]]:
        return {name: pd.util.hash_pandas_object(frame, index=False) for name, frame in self.frames.items()}

    @cached_property
    def _sums(self) -> dict[str, dict[Any, int]]:
        """For each table, the sum of the hashes of each customer's rows: their order does not matter."""
        return {
            name: self._row_hashes[name].groupby(owner).sum().to_dict() for name, owner in self.owners.items()
        }

    def content_hash(self, customer: str) -> str:
        """Hash of all that a report on the customer may use; changes when and only when that changes."""
        own = {name: sums.get(customer, 0) for name, sums in self._sums.items()}
        return self._digest(own, self._cases.get(customer, ()))

    @property
    def company_hash(self) -> str:
        """Hash of all that a report on the company may use."""
        sums = {name: int(hashes.sum()) for name, hashes in self._row_hashes.items()}
        return self._digest(sums, [case for own in self._cases.values() for case in own])

    @cached_property
    def _common(self) -> list[Any]:
        """What is in every hash: edition, columns, rows of the reference tables."""
        shared = {name: int(self._row_hashes[name].sum()) for name in REFERENCE if name in self.frames}
        return [self.edition, {name: list(frame) for name, frame in self.frames.items()}, shared]

    def _digest(self, sums: Mapping[str, int], cases: Iterable[BusinessCase]) -> str:
        content = [*self._common, dict(sums), sorted(case.model_dump_json() for case in cases)]
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:HASH_LENGTH]

    def customer(self, customer: str) -> CustomerData:
        """All that a report on one customer may use.

        Raises
        ------
        PartitionError
            When there is no such customer.
        InputError
            When something is wrong with the data of the customer: better no report than a wrong one.
        """
        self.refuse_unusable(customer)
        none = np.array([], dtype=int)
        tables = {
            name: self.frames[name].take(self._rows.get(name, {}).get(customer, none)).reset_index(drop=True)
            for name in OF_CUSTOMERS if name in self.frames
        }  # fmt: skip
        reference = {name: self.frames[name] for name in REFERENCE if name in self.frames}
        return CustomerData(
            customer,
            self.edition,
            self.as_of,
            tables,
            reference,
            self.cases(customer),
            self.content_hash(customer),
            self.reading,
        )

    def company(self) -> CompanyData:
        """All that an internal report on the company may use.

        Raises
        ------
        InputError
            When something is wrong with a table.
        """
        self.refuse_unusable("")
        said = self.reading, self.files
        return CompanyData(self.as_of, self.frames, self.cases(""), self.company_hash, *said)

    @property
    def reading(self) -> str:
        """What was decided when the files were read, in a sentence; nothing for a customer."""
        return summary(self.inputs.readings) if self.edition == "internal" else ""

    @property
    def files(self) -> tuple[Any, ...]:
        """How each file was read."""
        return by_file(self.inputs.readings)

    def cases(self, customer: str) -> tuple[BusinessCase, ...]:
        """Business cases of a customer (empty: of all of them), as the edition may hold them."""
        if customer:
            return self._cases.get(customer, ())
        return tuple(case for own in self._cases.values() for case in own)

    def refuse_unusable(self, customer: str) -> None:
        """Refuse a customer (empty: the company) with something wrong in its data, or one that is not there.

        Raises
        ------
        PartitionError
            When there is no such customer.
        InputError
            When something is wrong: better no report than a wrong one.
        """
        of_company = self.inputs.problems_of_tables
        if problems := self.inputs.problems_of(customer) if customer else of_company:
            raise InputError(problems)
        if customer and customer not in self._rows["customers"]:
            hint = did_you_mean(customer, self.customers)
            raise PartitionError(f"there is no customer {customer!r} in {self.inputs.location}; {hint}")


def view(inputs: Inputs, as_of: date, edition: Edition = "internal") -> View:
    """Cut the inputs to what is known on a day, and to what an edition may show."""
    return edition_of(seen_on(inputs, as_of), as_of, edition)


def edition_of(seen: Inputs, as_of: date, edition: Edition) -> View:
    """Cut what is known on a day to what an edition may show."""
    tables = {name: visible_rows(name, frame, edition) for name, frame in seen.tables.items()}
    return View(replace(seen, tables=tables), as_of, edition)
