"""Exchange rates from a file, dated: amounts of several currencies are converted or refused, never added."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.fields import Currency, Day, Model, Number
from vs_toolkit.inputs.sources.delimited import read_delimited
from vs_toolkit.inputs.sources.raw import Wanted
from vs_toolkit.inputs.tables.validate import validate


class Rate(Model):
    """One unit of ``currency`` was worth ``rate`` units of ``into`` from this day on."""

    date: Day
    currency: Currency
    rate: Number
    into: Currency


def read_rates(path: Path) -> pd.DataFrame:
    """Read a file of rates, all into one currency.

    Raises
    ------
    InputError
        With every problem, by line.
    """
    wanted = Wanted.of(Rate.model_fields, Rate.model_fields)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError([Problem(path.name, "", "", "", f"cannot be read: {error.strerror}")]) from None
    checked = validate(read_delimited(content, "rates", path.name, wanted), Rate)
    problems = [row.problem for row in checked.problems]
    if not problems and checked.frame["into"].nunique() != 1:
        problems = [Problem(path.name, "", "into", "", "name one currency into which all are converted")]
    if not problems and (checked.frame["rate"] <= 0).any():
        problems = [Problem(path.name, "", "rate", "", "a rate is above 0")]
    if problems:
        raise InputError(problems)
    return checked.frame.sort_values("date", kind="stable")


def convert(
    amounts: pd.Series[Any], currencies: pd.Series[Any], days: pd.Series[Any], rates: pd.DataFrame
) -> pd.Series[float]:
    """Convert amounts at the newest rate that was known on their day.

    Raises
    ------
    InputError
        When a rate is missing, naming currency and first day.
    """
    into = rates["into"].iloc[0]
    result = amounts.astype(float).copy()
    problems = []
    for currency in currencies.dropna().unique():
        if currency == into:
            continue
        rows = ((currencies == currency) & amounts.notna()).fillna(False).to_numpy(bool)
        own = rates[rates["currency"] == currency]
        at = np.searchsorted(own["date"].to_numpy(), days[rows].to_numpy(own["date"].dtype), side="right") - 1
        if rows.any() and (own.empty or (at < 0).any()):
            first = days[rows].min()
            message = f"has no rate for {currency} on {first:%Y-%m-%d}, or before"
            problems.append(Problem("rates", "", "currency", currency, message))
        elif rows.any():
            result[rows] = amounts[rows].to_numpy(float) * own["rate"].to_numpy()[at]
    if problems:
        raise InputError(problems)
    return result
