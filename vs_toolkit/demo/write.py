"""The example company as a source folder: tables as CSV, business cases as YAML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from vs_toolkit.demo import commerce, company, fieldwork, plans, portfolio, sales
from vs_toolkit.demo.account_facts import indicator_benchmarks
from vs_toolkit.demo.account_plans import account_plans
from vs_toolkit.demo.accounts import with_contacts
from vs_toolkit.demo.cases import DemoCase, cases_of
from vs_toolkit.demo.defects import plant_defects, plant_twins
from vs_toolkit.demo.delivered import benchmarks, value_delivered
from vs_toolkit.demo.histories import generate_histories
from vs_toolkit.demo.operating import operating_tables
from vs_toolkit.demo.relationships import relationship_tables
from vs_toolkit.demo.truth import STATUSES, VALUE_TRUTH, WON
from vs_toolkit.errors import VsToolkitError
from vs_toolkit.estimates import rates_after
from vs_toolkit.inputs.names import safe_name

AS_OF = date(2026, 6, 30)
CASES_PER_CUSTOMER = 35
DEFECTS_PER_KIND = 4
MARKER = "_demo.json"  # what tells an example, which may be replaced, from a source of one's own
MOMENT = "%Y-%m-%dT%H:%MZ"
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def write_demo(folder: str | Path, customers: int = 24, seed: int = 1, as_of: date = AS_OF) -> Path:
    """Write an example company of any size, with everything that is known of it on ``as_of``.

    Parameters
    ----------
    folder
        Where to write: an empty or new folder, or an earlier example, whose files are replaced.
    customers
        Number of customers, at least 1.
    seed
        The same seed writes the same files.
    as_of
        Last day of the example.

    Returns
    -------
    Path
        The folder, a source for every other command.

    Raises
    ------
    VsToolkitError
        Where the folder holds something else or cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     sorted(path.name for path in write_demo(folder, customers=1).iterdir())[:3]
    ['_demo.json', 'actions.csv', 'activities.csv']
    """
    if customers < 1:
        raise ValueError(f"customers must be at least 1, found {customers}")
    folder = Path(folder)
    with _writing_into(folder):
        _claim(folder, customers, seed)
    tables = sales_tables(customers, seed, as_of)
    cases = [cases_of(row, i, as_of, seed) for i, row in enumerate(tables["customers"].to_dict("records"))]
    industries = dict(zip(tables["customers"]["customer_id"], tables["customers"]["industry"], strict=True))
    flat = [case for of_customer in cases for case in of_customer]
    tables["value_delivered"] = value_delivered(flat, industries, as_of, VALUE_TRUTH, seed)
    tables["benchmarks"] = pd.concat([benchmarks(seed), indicator_benchmarks(seed)], ignore_index=True)
    tables |= _business(tables, as_of, seed)
    tables |= _plans(tables, as_of, seed)
    tables |= relationship_tables(tables, as_of, seed)
    tables |= portfolio.portfolio_tables(tables["customers"], tables["sales"], as_of, seed)
    tables |= operating_tables(tables["people"], as_of, seed)
    with _writing_into(folder):
        _write_tables(tables, folder)
        _write_cases(flat, folder / "cases")
    return folder


def _business(tables: dict[str, pd.DataFrame], as_of: date, seed: int) -> dict[str, pd.DataFrame]:
    """Make what was sold, earned and tied up, what customers answered, and how salespeople were rated."""
    customers, people = tables["customers"], tables["people"]
    sold = portfolio.planted(commerce.sales(customers, as_of, seed), customers, seed)
    work = pd.concat([tables["activities"], fieldwork.visits(customers, as_of, seed)], ignore_index=True)
    market, sizes = fieldwork.markets(customers, sold, as_of, seed)
    rated = fieldwork.ratings(people, as_of, seed)
    return {
        "sales": sold,
        "balances": commerce.balances(sold, seed),
        "unit_costs": commerce.unit_costs(sold),
        "budgets": commerce.budgets(sold, as_of),
        "market": market,
        "market_sizes": sizes,
        "satisfaction": fieldwork.satisfaction(customers, as_of, seed),
        "service_levels": fieldwork.service_levels(customers, as_of, seed),
        "ratings": rated,
        "competence_goals": fieldwork.competence_goals(rated, as_of),
        "assignments": fieldwork.assignments(people, as_of),
        "mergers": fieldwork.mergers(customers, as_of),
        "activities": work.sort_values(["date", "opportunity_id"], ignore_index=True),
    }


def _plans(tables: dict[str, pd.DataFrame], as_of: date, seed: int) -> dict[str, pd.DataFrame]:
    """Make the customer plans, and name in the activities who was met."""
    cases, work = tables["opportunities"], tables["activities"]
    last = tables["status_changes"].drop_duplicates("opportunity_id", keep="last")
    closed = [status.status for status in STATUSES if status.outcome != "open"]
    ids = last.loc[~last["status"].isin(closed), "opportunity_id"]
    recent = work[work["date"] > pd.Timestamp(as_of) - pd.DateOffset(years=1)]
    hours = cases["opportunity_id"].map(recent.groupby("opportunity_id")["hours"].sum()).fillna(0.0)
    still_open = cases.assign(hours=hours)[cases["opportunity_id"].isin(ids)]
    made = account_plans(tables["customers"], still_open, as_of, seed)
    ends = tables["status_changes"].sort_values("changed_at", kind="stable")
    end = cases["opportunity_id"].map(ends.groupby("opportunity_id")["status"].last())
    decided = cases.assign(won=end == STATUSES[WON].status)[end.isin(closed)]
    rates = rates_after(made["situations"], decided)
    return {
        **made,
        "activities": with_contacts(work, made["contacts"], seed),
        "trigger_rates": rates.assign(measured_on=as_of),
    }


@contextmanager
def _writing_into(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise VsToolkitError(f"cannot write into {folder}: {error.strerror or error}") from None


def _claim(folder: Path, customers: int, seed: int) -> None:
    """Mark the folder as an example before anything else, so that one half written can be replaced too."""
    folder.mkdir(parents=True, exist_ok=True)
    marker = folder / MARKER
    if any(folder.iterdir()) and not marker.is_file():
        raise VsToolkitError(
            f"{folder} already holds something else than an example company: choose another folder"
        )
    text = json.dumps({"seed": seed, "customers": customers})
    marker.write_text(f"{text}\n", encoding="utf-8", newline="\n")


def sales_tables(customers: int, seed: int, as_of: date) -> dict[str, pd.DataFrame]:
    """Make the tables of customers, people and everything about sales cases."""
    truth = company.company_truth(customers, as_of)
    known = generate_histories(truth, customers * CASES_PER_CUSTOMER, seed).until(pd.Timestamp(as_of))
    register = company.customers(customers, len(truth.biases), seed)
    cases = sales.opportunities(known, customers, seed)
    changes, _ = plant_defects(known.status_changes, DEFECTS_PER_KIND, seed)
    cases, changes = plant_twins(cases, changes, DEFECTS_PER_KIND)
    return {
        "customers": register.assign(since=_since(register, cases, known.status_changes)),
        "people": company.people(truth),
        "opportunities": cases,
        "status_changes": changes,
        "statuses": sales.statuses(truth, known, as_of.replace(year=as_of.year - 1)),
        "activities": sales.activities(cases, known.status_changes, as_of, seed),
        "targets": plans.targets(cases, known.status_changes, as_of),
        "forecast_snapshots": plans.forecast_snapshots(cases, known.status_changes, as_of),
    }


def _since(register: pd.DataFrame, cases: pd.DataFrame, changes: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """Return the start of each relationship, before the first case of those who bought; else nothing."""
    orders = changes.loc[changes["status"] == STATUSES[WON].status, "opportunity_id"]
    buyers = cases[cases["opportunity_id"].isin(orders)]
    first = register["customer_id"].map(buyers.groupby("customer_id")["created_at"].min())
    return first - pd.to_timedelta(register.index % 9 * 200, unit="D")


def _write_tables(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    for name, table in tables.items():
        written = table.copy()
        for column in table.select_dtypes("datetimetz"):
            written[column] = table[column].dt.strftime(MOMENT)
        written.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")


def _write_cases(cases: Iterable[DemoCase], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.yaml"):
        old.unlink()
    for case in cases:
        document = _tidy(case.document)
        text = yaml.dump(
            document,
            Dumper=DUMPER,
            sort_keys=False,
            allow_unicode=True,
            width=100,
            default_flow_style=None,
        )
        (folder / f"{safe_name(case.document['id'])}.yaml").write_text(text, encoding="utf-8", newline="\n")


def _tidy(value: Any) -> Any:
    """Write whole numbers without a decimal point, as people do."""
    if isinstance(value, dict):
        return {key: _tidy(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_tidy(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
