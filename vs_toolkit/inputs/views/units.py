"""One unit of the company: its people, their sales cases, its targets and forecasts."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from vs_toolkit.errors import ParameterError
from vs_toolkit.inputs.tables.owners import BY_OPPORTUNITY
from vs_toolkit.inputs.views.data import CompanyData
from vs_toolkit.inputs.wording import did_you_mean


def of_unit(company: CompanyData, unit: str) -> CompanyData:
    """Keep what belongs to one unit: a sales case belongs to the unit of the person who owns it.

    Customers, statuses and benchmarks stay whole.

    Raises
    ------
    ParameterError
        When nobody is in a unit of that name.
    """
    people = company.tables["people"]
    if unit not in set(people["unit"].dropna()):
        units = sorted(people["unit"].dropna().unique())
        raise ParameterError(f"unit {unit!r} does not exist; {did_you_mean(unit, units)}")
    members = people[people["unit"] == unit]
    tables = {name: _rows_of(unit, members["person_id"], frame) for name, frame in company.tables.items()}
    cases = tables["opportunities"]["opportunity_id"]
    for name in BY_OPPORTUNITY:
        tables[name] = _kept(tables[name], tables[name]["opportunity_id"].isin(cases))
    return replace(company, tables=tables)


def _rows_of(unit: str, members: pd.Series[str], frame: pd.DataFrame) -> pd.DataFrame:
    if "unit" in frame and "indicator" not in frame:
        return _kept(frame, frame["unit"] == unit)
    if "opportunity_id" in frame and "owner_id" in frame:
        return _kept(frame, frame["owner_id"].isin(members))
    return _kept(frame, frame["person_id"].isin(members)) if "person_id" in frame else frame


def _kept(frame: pd.DataFrame, rows: pd.Series[bool]) -> pd.DataFrame:
    return frame[rows].reset_index(drop=True)
