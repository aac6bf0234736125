"""Activity against outcome of the same opportunities; dependence on one customer; sales pulled forward."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vs_toolkit.estimates import homogeneity, wilson
from vs_toolkit.metrics.book import UNKNOWN, Book
from vs_toolkit.metrics.facts import Facts, over
from vs_toolkit.metrics.scorecard import plans
from vs_toolkit.periods import Period


def activity_and_outcome(book: Book, level: str, period: Period) -> pd.DataFrame:
    """Put the activity on the opportunities decided in a period beside what came of them.

    Returns
    -------
    DataFrame
        Index members; ``decided``, ``won``, ``won_value``, ``visits``, ``proposals`` and ``hours`` on
        these opportunities at any time, ``visits_per_order``, ``win_rate`` with ``low`` and ``high``,
        ``all_visits`` in the period by their own date, ``unlinked``: the share of them on no opportunity.
    """
    facts = Facts(book, period, level)
    names = ["won", "won_value", "visits", "proposals", "hours"]
    table = pd.DataFrame({name: facts.total("decided", name) for name in names})
    table["decided"] = facts.rows("decided")
    table["win_rate"] = over(table["won"], table["decided"])
    table["low"], table["high"] = wilson(
        table["won"].fillna(0), table["decided"].fillna(0), facts.terms.confidence
    )
    table["visits_per_order"] = over(table["visits"], table["won"])
    table["all_visits"] = facts.total("activities", "visit")
    acts = facts.frame("activities")
    loose = acts.loc[(acts["visit"] > 0) & acts["opportunity_id"].isna(), "member"].to_numpy(dtype=np.intp)
    table["unlinked"] = over(facts.by_member(loose, np.ones(len(loose))), table["all_visits"])
    known = (table["decided"].fillna(0) > 0) | (table["all_visits"].fillna(0) > 0)
    return table[known & (table.index != UNKNOWN)]


def differs(table: pd.DataFrame) -> float:
    """Return the p-value of one common win rate."""
    if table.empty:
        return np.nan
    return homogeneity(table["won"], table["decided"] - table["won"])


def largest_customer(book: Book, period: Period) -> pd.DataFrame:
    """Find for each person the customer that brings most, and from whom it was taken over.

    Returns
    -------
    DataFrame
        Index person ids; ``customer``, ``share`` of the person's net sales, ``since`` (first month of the
        person with it), ``from``: who sold to it before (empty if nobody), ``rest``: change of the net sales
        to all other customers against the year before.
    """
    placed, columns = book.placed["sales"], ["customer", "share", "since", "from", "rest"]
    people, customers = book.members["person"], book.members["customer"]
    sales = pd.DataFrame(
        {
            "person": people.to_numpy()[placed.codes["person"]],
            "customer": customers.to_numpy()[placed.codes["customer"]],
            "month": placed.frame["month"].to_numpy(),
            "net": placed.frame["net_sales"].to_numpy(dtype=float),
        }
    )
    now = sales[period.holds(sales["month"])]
    before = sales[period.year_before.holds(sales["month"])]
    sums = now.groupby(["person", "customer"])["net"].sum().reset_index()
    earlier = before.groupby(["person", "customer"])["net"].sum()
    rows = {}
    for person, own in sums[sums["person"] != UNKNOWN].groupby("person"):
        total, top = own["net"].sum(), own.sort_values("net", kind="stable").iloc[-1]
        mine = sales[(sales["customer"] == top["customer"])].sort_values("month", kind="stable")
        since = mine.loc[mine["person"] == person, "month"].min()
        others = mine[(mine["month"] < since) & ~mine["person"].isin([person, UNKNOWN])]
        old = (
            earlier.get(person, pd.Series(dtype=float)) if person in earlier.index else pd.Series(dtype=float)
        )
        rest_0, rest_1 = old.drop(top["customer"], errors="ignore").sum(), total - top["net"]
        rows[person] = (
            top["customer"],
            top["net"] / total if total > 0 else np.nan,
            since,
            others["person"].iloc[-1] if len(others) else "",
            rest_1 / rest_0 - 1 if rest_0 > 0 else np.nan,
        )
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def pulled_forward(book: Book, level: str, period: Period) -> pd.DataFrame:
    """Compare sales with plan, with and without what was agreed for a month after the period.

    Returns
    -------
    DataFrame
        Index members; ``actual``, ``plan``, ``pulled`` (net sales recognised in the period whose agreed month
        lies after it); only members with a plan.
    """
    facts, planned = Facts(book, period, level), plans(book, level, period)
    plan = planned.get("net_sales", pd.Series(np.nan, index=facts.members))
    sales = facts.frame("sales")
    later = sales[sales["agreed_month"] > period.last]
    pulled = later.groupby("member")["net_sales"].sum().reindex(range(len(facts.members)), fill_value=0.0)
    table = pd.DataFrame(
        {"actual": facts.total("sales", "net_sales"), "plan": plan, "pulled": pulled.to_numpy(dtype=float)}
    )
    return table.dropna(subset=["plan", "actual"])
