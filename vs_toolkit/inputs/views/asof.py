"""Seeing the inputs as they were known on a day: nothing dated later changes anything.

A row is seen from the day in its ``Known`` column on, a row of a month when that month is over (part of a
month is not a month); tables without such a column describe what stands still
(customers, people, statuses, targets, benchmarks, offerings) and are seen whole. Fields marked
``WhenClosed`` are blank until the sales case is closed, an adopted probability until its adoption. A business
case is seen from ``dated`` on, a confirmation from ``confirmed_on`` on: until then what it confirms counts as
our estimate. What has no day of its own (the value of an opportunity, its next step) is as it stands in the
table; what was known of it on an earlier day stands in ``status_changes``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from vs_toolkit.inputs.cases.business_case import BusinessCase, Evidence
from vs_toolkit.inputs.fields import KNOWN, KNOWN_AFTER_MONTH, KNOWN_LATER, Model, marked, rebuilt
from vs_toolkit.inputs.lookup import among
from vs_toolkit.inputs.sources.source import Inputs
from vs_toolkit.inputs.tables import TABLES

ADOPTION = ["adopted_probability", "adopted_on", "adopted_n", "adopted_method"]


def seen_on(inputs: Inputs, as_of: date) -> Inputs:
    """Take away everything that was not known on the day ``as_of``."""
    tables = {name: known_rows(name, frame, as_of) for name, frame in inputs.tables.items()}
    if "statuses" in tables:
        tables["statuses"] = _adopted(tables["statuses"], as_of)
    if "opportunities" in tables:
        tables["opportunities"] = _closed(tables)
    return replace(inputs, tables=tables, cases=_known_cases(inputs.cases, as_of))


def known_rows(name: str, frame: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Rows of the table ``name`` that were known at the end of the day."""
    for column in marked(TABLES[name], KNOWN):
        frame = frame[frame[column] < pd.Timestamp(as_of + timedelta(days=1))]
    for column in marked(TABLES[name], KNOWN_AFTER_MONTH):
        frame = frame[frame[column] + pd.offsets.MonthEnd(0) <= pd.Timestamp(as_of)]
    return frame.reset_index(drop=True)


def _adopted(statuses: pd.DataFrame, as_of: date) -> pd.DataFrame:
    seen = statuses["adopted_on"] <= pd.Timestamp(as_of)
    return statuses.assign(**{name: statuses[name].where(seen) for name in ADOPTION})


def _closed(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Blank what is known only of closed cases, where no closing status has been seen yet."""
    opportunities = tables["opportunities"]
    closed = among(opportunities["opportunity_id"], _closed_ids(tables))
    later = marked(TABLES["opportunities"], KNOWN_LATER)
    return opportunities.assign(**{name: opportunities[name].where(closed) for name in later})


def _closed_ids(tables: dict[str, pd.DataFrame]) -> pd.Series[str]:
    """Sales cases whose last status seen is a won or lost one."""
    if "status_changes" not in tables or "statuses" not in tables:
        return pd.Series(dtype="str")
    changes, statuses = tables["status_changes"], tables["statuses"]
    last = changes.sort_values("changed_at", kind="stable").groupby("opportunity_id")["status"].last()
    closing = statuses.loc[statuses["outcome"] != "open", "status"]
    return pd.Series(last[last.isin(closing)].index)


def _known_cases(cases: Iterable[BusinessCase], as_of: date) -> tuple[BusinessCase, ...]:
    def unconfirmed(part: Model) -> Model:
        if not isinstance(part, Evidence) or part.confirmed_on is None or part.confirmed_on <= as_of:
            return part
        kind = "our_estimate" if part.kind == "customer_verified" else part.kind
        return part.model_copy(update={"confirmed_by": None, "confirmed_on": None, "kind": kind})

    return tuple(rebuilt(case, unconfirmed) for case in cases if case.dated <= as_of)
