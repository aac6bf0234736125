"""From the canonical tables to a :class:`Book`: mergers, outcomes, teams of the time, keys of allocation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.errors import ParameterError
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.columns import empty_frame
from vs_toolkit.metrics.book import LEVELS, MONTHLY, UNKNOWN, Book, Placed, Terms
from vs_toolkit.metrics.cases import Objects, decided_cases, looked_up, objects, place_at, texts
from vs_toolkit.periods import MONTHS, last_full_month

YEARS_BACK = 3
OVERHEADS = ("operating_expenses", "depreciation", "interest", "tax", "investment")
DATE_OF = {
    "sales": "month",
    "balances": "month",
    "unit_costs": "month",
    "activities": "date",
    "decided": "decided_on",
    "opened": "created_at",
    "satisfaction": "answered_on",
    "value_delivered": "period_end",
    "relationship_values": "valued_on",
}
NEEDED = (
    "customers", "people", "sales", "balances", "unit_costs", "activities", "opportunities", "status_changes",
    "statuses", "satisfaction", "value_delivered", "relationship_values", "market", "market_sizes",
    "assignments", "mergers", "budgets", "service_levels", "ratings", "competence_goals", "targets",
)  # fmt: skip


def prepare(
    tables: Mapping[str, pd.DataFrame], as_of: date, terms: Terms | None = None, whole: bool = True
) -> Book:
    """Place every row in a month and at each level, once for all measures.

    Parameters
    ----------
    tables
        Canonical tables as seen on ``as_of``; those that are not given count as absent, not as zero.
    as_of
        As-of date; later data is ignored; only full months count.
    terms
        Conventions.
    whole
        Whether the tables are those of the whole company: then a month without any sale is a gap. A single
        customer may well buy nothing in a month.

    Raises
    ------
    ParameterError
        When ``terms.segment_by`` is no column of ``customers``.
    """
    terms = terms or Terms()
    given = {name: _plain(tables.get(name, empty_frame(TABLES[name]))) for name in NEEDED}
    if terms.segment_by not in given["customers"]:
        raise ParameterError(f"segment_by {terms.segment_by!r} is not a column of customers")
    given["customers"] = given["customers"].assign(segment=given["customers"][terms.segment_by])
    given |= _merged(given)
    frames = _frames(given, terms)
    months = _months(frames, as_of)
    placed_by = {
        name: {level: _coded(values, len(frame)) for level, values in _levels(frame, name, given).items()}
        for name, frame in frames.items()
    }
    members = {level: _members([levels[level][1] for levels in placed_by.values()]) for level in LEVELS}
    members["company"] = pd.Index(["company"], dtype=object)
    placed = {
        name: Placed(
            frame,
            _month_numbers(frame[DATE_OF[name]], months),
            {
                level: members[level].get_indexer(pd.Index(names))[codes]
                for level, (codes, names) in levels.items()
            },
        )
        for (name, frame), levels in zip(frames.items(), placed_by.values(), strict=True)
    }
    placed["sales"] = _with_overheads(
        placed["sales"], placed["unit_costs"], len(members["unit"]), len(months)
    )
    covered = {name: _covered(name, table, len(months), whole) for name, table in placed.items()}
    names = {
        "person": dict(given["people"].dropna(subset="name").set_index("person_id")["name"]),
        "customer": dict(given["customers"].dropna(subset="name").set_index("customer_id")["name"]),
    }
    return Book(as_of, terms, _currency(given), placed, members, months, covered, names, given)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Text columns as objects: they are joined with empty ones."""
    return frame.astype(dict.fromkeys(frame.select_dtypes("str"), object))


def _merged(given: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Count the business of a customer that became part of another under the successor."""
    successor = given["mergers"].drop_duplicates("customer_id").set_index("customer_id")["successor_id"]
    if successor.empty:
        return {}
    chain = {name: _last_successor(name, successor) for name in successor.index}
    return {
        name: frame.assign(customer_id=frame["customer_id"].replace(chain))
        for name, frame in given.items()
        if "customer_id" in frame and name not in ("customers", "mergers")
    }


def _last_successor(name: Any, successor: pd.Series[Any]) -> Any:
    seen = {name}
    while name in successor.index and successor[name] not in seen:
        name = successor[name]
        seen.add(name)
    return name


def _frames(given: Mapping[str, pd.DataFrame], terms: Terms) -> dict[str, pd.DataFrame]:
    """Tables to be placed, with the columns that measures add up."""
    activities = _activities(given["activities"], terms)
    cases = _with_activities(decided_cases(given), activities)
    is_decided = cases["outcome"] != "open"
    return {
        "sales": _sales(given["sales"]),
        "balances": given["balances"],
        "unit_costs": given["unit_costs"],
        "activities": activities,
        "decided": _outcomes(cases[is_decided]),
        "opened": cases.assign(still_open=(~is_decided).astype(float)),
        "satisfaction": _answers(given["satisfaction"]),
        "value_delivered": _fulfilled(given["value_delivered"], _currency(given)),
        "relationship_values": given["relationship_values"].sort_values("valued_on", kind="stable"),
    }


def _sales(sales: pd.DataFrame) -> pd.DataFrame:
    both = sales["list_value"].notna() & sales["discount"].notna()
    return sales.assign(
        listed=sales["list_value"].where(both, 0.0),
        discounted=sales["discount"].where(both, 0.0),
        overhead_made=sales["production_overhead"].fillna(0.0),
        cost_of_goods=sales["direct_cost"] + sales["production_overhead"].fillna(0.0),
    )


def _activities(activities: pd.DataFrame, terms: Terms) -> pd.DataFrame:
    kind = activities["type"].astype(str).str.strip().str.lower()
    return activities.assign(
        visit=kind.isin(terms.visits).astype(float), proposal=kind.isin(terms.proposals).astype(float)
    )


def _with_activities(cases: pd.DataFrame, activities: pd.DataFrame) -> pd.DataFrame:
    """Add what was done for each opportunity up to its decision; missing where nothing is recorded."""
    if activities.empty:
        return cases.assign(visits=np.nan, proposals=np.nan, hours=np.nan)
    decision = cases.drop_duplicates("opportunity_id").set_index("opportunity_id")["decided_on"]
    decided = looked_up(activities["opportunity_id"], decision)
    counted = activities[~(activities["date"] > decided)]
    sums = counted.groupby("opportunity_id")[["visit", "proposal", "hours"]].sum()
    columns = {"visits": "visit", "proposals": "proposal", "hours": "hours"}
    return cases.assign(
        **{
            name: cases["opportunity_id"].map(sums[column]).fillna(0.0).astype(float)
            for name, column in columns.items()
        }
    )


def _outcomes(cases: pd.DataFrame) -> pd.DataFrame:
    won = (cases["outcome"] == "won").astype(float)
    value = cases["value"].astype(float)
    return cases.assign(
        won=won, won_known=won.where(value.notna(), 0.0), won_value=(value * won).where(won > 0, 0.0),
        known_value=value.fillna(0.0), squared_value=(value**2).fillna(0.0),
        known_won_value=(value * won).fillna(0.0),
    )  # fmt: skip


def _answers(answers: pd.DataFrame) -> pd.DataFrame:
    width = (answers["high"] - answers["low"]).where(lambda size: size > 0)
    part = (answers["score"] - answers["low"]) / width
    rating, asked = answers["kind"] != "recommendation", answers["kind"] == "recommendation"
    usable = part.notna()
    ten = (part * 10).round(6)
    return answers.assign(
        index=(part * 100).where(rating, 0.0).fillna(0.0),
        index_squared=((part * 100) ** 2).where(rating, 0.0).fillna(0.0),
        rated=(rating & usable).astype(float),
        promoter=(asked & (ten >= 9)).astype(float),
        passive=(asked & (ten > 6) & (ten < 9)).astype(float),
        detractor=(asked & (ten <= 6)).astype(float),
    )


def _fulfilled(delivered: pd.DataFrame, currency: str) -> pd.DataFrame:
    own = delivered[(delivered["currency"] == currency) | (currency == "")]
    measured = own["realised"].notna()
    return own.assign(
        confirmed=own["realised"].fillna(0.0),
        promised_measured=own["promised"].where(measured, 0.0),
        measured=measured.astype(float),
    )


def _currency(given: Mapping[str, pd.DataFrame]) -> str:
    """Currency of the amounts: that of sales, else of opportunities; empty where none is recorded."""
    for table in ("sales", "opportunities", "value_delivered"):
        known = given[table]["currency"].dropna()
        if len(known):
            return str(known.mode().iloc[0])
    return ""


def _months(frames: Mapping[str, pd.DataFrame], as_of: date) -> pd.DatetimeIndex:
    """All months from the first row of any table, and three years at least, to the last full month."""
    days = [frame[DATE_OF[name]].min() for name, frame in frames.items() if len(frame)]
    last = last_full_month(as_of)
    back = last - pd.DateOffset(months=YEARS_BACK * MONTHS - 1)
    first = min([back, *(pd.Timestamp(day) for day in days if not pd.isna(day))])
    return pd.date_range(first.normalize().replace(day=1), last, freq="MS")


def _month_numbers(days: pd.Series[Any], months: pd.DatetimeIndex) -> Any:
    if not len(months):
        return np.full(len(days), -1)
    known = pd.to_datetime(days)
    number = (known.dt.year - months[0].year) * 12 + known.dt.month - months[0].month
    inside = number.between(0, len(months) - 1)
    return number.where(inside, -1).fillna(-1).to_numpy(dtype=np.intp)


def _covered(name: str, table: Placed, months: int, whole: bool) -> npt.NDArray[np.bool_]:
    """Monthly tables cover the months in which they have rows, counted ones all since their first row.

    What is asked now and then (surveys, decisions, measured value) covers everything once there is any.
    """
    has = np.bincount(table.months[table.months >= 0], minlength=months) > 0
    if name in MONTHLY and whole:
        return has
    if name in (*MONTHLY, "activities"):
        return np.arange(months) >= (int(has.argmax()) if has.any() else months)
    return np.full(months, has.any())


def _levels(frame: pd.DataFrame, name: str, given: Mapping[str, pd.DataFrame]) -> dict[str, Objects | str]:
    """Name of the member at each level, row by row, or one name for all rows."""
    if name == "unit_costs":
        return {**dict.fromkeys(LEVELS, UNKNOWN), "company": "company", "unit": objects(frame["unit"])}
    customers = given["customers"].drop_duplicates("customer_id").set_index("customer_id")
    customer = objects(frame["customer_id"])
    people = [column for column in ("person_id", "owner_id") if column in frame]
    person = objects(frame[people[0]]) if people else texts(customer, customers["owner_id"])
    place = place_at(given, person, pd.to_datetime(frame[DATE_OF[name]]))
    unit = _first_known(place["unit"], texts(customer, customers["sales_unit"]))
    region, product = texts(customer, customers["region"]), np.full(len(frame), None)
    if name == "sales":
        unit = _first_known(objects(frame["unit"]), unit)
        region, product = _first_known(objects(frame["region"]), region), objects(frame["product_group"])
    return {
        "company": "company",
        "unit": unit,
        "team": _full_team(unit, place["team"]),
        "person": person,
        "segment": texts(customer, customers["segment"]),
        "customer": customer,
        "region": region,
        "product": product,
    }


def _first_known(values: Objects, others: Objects) -> Objects:
    return np.where(values == None, others, values)  # noqa: E711 - element by element


def _full_team(unit: Objects, team: Objects) -> Objects:
    """Teams of two units may bear the same name."""
    (of_unit, units), (of_team, teams) = pd.factorize(unit), pd.factorize(team)
    names = np.array([f"{u}, {t}" for u in units for t in teams] + [None], dtype=object)
    known = (of_unit >= 0) & (of_team >= 0)
    return names[np.where(known, of_unit * len(teams) + of_team, -1)]


def _coded(values: Objects | str, count: int) -> tuple[npt.NDArray[np.intp], Objects]:
    """Numbers of the distinct names, and the names; rows without one are ``not known``."""
    if isinstance(values, str):
        return np.zeros(count, dtype=np.intp), np.full(min(count, 1), values, dtype=object)
    codes, distinct = pd.factorize(values)
    names = np.append(distinct, [UNKNOWN]) if (codes < 0).any() else distinct
    return np.where(codes < 0, len(distinct), codes), names


def _members(columns: list[Objects]) -> pd.Index[Any]:
    names = {name for distinct in columns for name in distinct}
    known = sorted(names - {UNKNOWN}, key=str)
    return pd.Index([*known, *([UNKNOWN] if UNKNOWN in names else [])], dtype=object)


def _with_overheads(sales: Placed, costs: Placed, units: int, months: int) -> Placed:
    """Allocate the costs of each unit and month to its sales in proportion to net sales: the stated key."""
    size = units * months
    inside = sales.months >= 0
    code = sales.codes["unit"] * months + sales.months
    net = sales.frame["net_sales"].to_numpy(dtype=float)
    base = np.bincount(code[inside], net[inside], minlength=size)
    cost_code = (costs.codes["unit"] * months + costs.months)[costs.months >= 0]
    given = np.bincount(cost_code, minlength=size) > 0
    added = {}
    for name in OVERHEADS:
        amount = costs.frame[name].to_numpy(dtype=float, na_value=np.nan)[costs.months >= 0]
        total = np.bincount(cost_code, amount, minlength=size)
        with np.errstate(divide="ignore", invalid="ignore"):
            rate = np.where(given & (base > 0), total / base, np.nan)
        added[f"share_{name}"] = (
            np.where(inside, net * rate[np.where(inside, code, 0)], np.nan) if size else net
        )
    return Placed(sales.frame.assign(**added), sales.months, sales.codes)
