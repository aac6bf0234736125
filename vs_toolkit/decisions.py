"""Decisions that only a person takes: adopt measured win rates, keep a forecast.

The commands import what they need when they run, so that ``vs-toolkit --help`` answers at once.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vs_toolkit.errors import InputError, ParameterError, Problem
from vs_toolkit.formats import percent
from vs_toolkit.texts import visible

if TYPE_CHECKING:
    import pandas as pd

    from vs_toolkit.inputs import CompanyData

METHOD = "landmark"  # how the win probabilities behind a kept forecast are made

SOURCE = click.argument(
    "source", envvar="VS_SOURCE", type=click.Path(path_type=Path, exists=True, file_okay=False)
)
AS_OF = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    default=lambda: date.today().isoformat(),
    help="As-of date, YYYY-MM-DD; later data is ignored  [default: today]",
)
YES = click.option("--yes", is_flag=True, help="Write without asking for confirmation.")


@click.command()
@SOURCE
@AS_OF
@YES
def adopt(source: Path, as_of: datetime, yes: bool) -> None:
    """Write the measured win rate of each stage to the statuses table of SOURCE.

    Shows default and measured probability with the number of closed opportunities and the method, and asks
    for confirmation. No other command changes them. Example: vs-toolkit adopt my-source --as-of 2026-06-30
    """
    from vs_toolkit import funnel

    day = as_of.date()
    tables = _company(source, day).tables
    measured = funnel.adopted(funnel.calibrate(tables["status_changes"], tables["statuses"], day), day)
    if measured.empty:
        raise ParameterError(f"no opportunity was closed by {day}: there is nothing to adopt")
    nominal = dict(zip(tables["statuses"]["status"], tables["statuses"]["nominal_probability"], strict=True))
    for status, row in measured.iterrows():
        shares = f"{percent(nominal[str(status)], 0)} -> {percent(row['adopted_probability'])}"
        click.echo(visible(f"{status}: {shares} (n = {row['adopted_n']}; {row['adopted_method']})"))
    file = _table_file(source, "statuses")
    if yes or click.confirm(f"Write these to {file}?"):
        funnel.write_adopted(file, measured)
        click.echo(f"written to {file}")


@click.command("keep-forecast")
@SOURCE
@AS_OF
@YES
def keep_forecast(source: Path, as_of: datetime, yes: bool) -> None:
    """Store the forecast of every sales unit and of the company in SOURCE, to compare with actual orders.

    Earlier forecasts are never changed, and the same forecast is not stored twice. Example: vs-toolkit
    keep-forecast my-source --as-of 2026-06-30
    """
    import pandas as pd

    from vs_toolkit import funnel

    day = as_of.date()
    company = _company(source, day)
    names = [*_units(company), funnel.COMPANY]
    rows = pd.concat([_forecast_rows(company, unit) for unit in names], ignore_index=True)
    click.echo(
        visible(rows.groupby("unit")[["expected_orders", "expected_value"]].sum().round(1).to_string())
    )
    file = _table_file(source, "forecast_snapshots")
    if yes or click.confirm(f"Append {len(rows)} rows to {file}?"):
        click.echo(f"{funnel.append_snapshots(file, rows)} rows appended to {file}")


@click.command("keep-trigger-rates")
@SOURCE
@AS_OF
@YES
def keep_trigger_rates(source: Path, as_of: datetime, yes: bool) -> None:
    """Store in SOURCE how often opportunities were won after each kind of trigger event.

    The rates are those of all customers together and name none; every customer plan shows those of its own
    events. Example: vs-toolkit keep-trigger-rates my-source --as-of 2026-06-30
    """
    from vs_toolkit import estimates
    from vs_toolkit.plan import prospects

    day = as_of.date()
    company = _company(source, day)
    tables = company.tables
    cases = prospects.open_opportunities(tables, tables["statuses"])
    found = estimates.rates_after(tables["situations"], prospects.decided(cases)).assign(measured_on=day)
    if found.empty:
        raise ParameterError(f"no trigger event is known by {day}: there is nothing to measure")
    _append(source, company, "trigger_rates", found, "measured_on", yes)


@click.command("adopt-segments")
@SOURCE
@AS_OF
@YES
def adopt_segments(source: Path, as_of: datetime, yes: bool) -> None:
    """Write to the table segments of SOURCE from which relationship value on each segment begins.

    The table says how many customers each segment can hold; they fill it from the highest relationship value
    on. No other command changes them. Example: vs-toolkit adopt-segments my-source --as-of 2026-06-30
    """
    import pandas as pd

    from vs_toolkit.inputs import read_source, view
    from vs_toolkit.plan import value as worth
    from vs_toolkit.plan.study import CustomerPlan

    day = as_of.date()
    seen = view(read_source(source), day)
    company = seen.company()
    plans = [CustomerPlan(seen.customer(str(name))) for name in company.tables["customers"]["customer_id"]]
    given = worth.segments(company.tables["segments"], day).dropna(subset=["customers"])
    order = [name for name in worth.DEFAULTS if name in given.index]
    if not order:
        raise ParameterError("the table segments says of no segment how many customers it can hold")
    values = pd.Series([plan.index.value for plan in plans], dtype=float)
    limits = worth.limits(values, {name: int(given["customers"][name]) for name in order})
    adopted = given.loc[order].assign(lowest_value=pd.Series(limits), set_on=day).reset_index()
    _append(source, company, "segments", adopted, "set_on", yes)


def _append(
    source: Path, company: CompanyData, table: str, rows: pd.DataFrame, dated: str, yes: bool
) -> None:
    """Show new rows of a table, and append them when that is confirmed; what is there stays as it is."""
    from vs_toolkit.funnel.outlook.snapshots import KINDS
    from vs_toolkit.inputs.sources.files import write_whole

    file = _table_file(source, table)
    if (company.tables[table][dated].dt.date == company.as_of).any():
        raise ParameterError(f"{file.name} has rows of {company.as_of} already; what is kept stays")
    click.echo(visible(rows.to_string(index=False)))
    if yes or click.confirm(f"Append {len(rows)} rows to {file}?"):
        read, append = KINDS[file.suffix]
        content = file.read_bytes() if file.exists() else b""
        there = set(read(content)) if content else set(rows)
        if missing := [name for name in rows if name not in there and rows[name].notna().any()]:
            raise InputError(Problem(file.name, "", str(name), "", "add this column") for name in missing)
        write_whole(str(file), append(content, rows))
        click.echo(f"{len(rows)} rows appended to {file}")


def _company(source: Path, day: date) -> CompanyData:
    from vs_toolkit.inputs import read_source, view

    return view(read_source(source), day).company()


def _units(company: CompanyData) -> list[str]:
    units = sorted(company.tables["people"]["unit"].dropna().unique())
    if not units:
        raise ParameterError("the table people names no unit: forecasts are stored by unit")
    return units


def _forecast_rows(company: CompanyData, unit: str) -> pd.DataFrame:
    from vs_toolkit import funnel
    from vs_toolkit.funnel.study import Study
    from vs_toolkit.inputs.views.units import of_unit

    part = company if unit == funnel.COMPANY else of_unit(company, unit)
    study = Study(part.tables, company.as_of)
    return funnel.snapshot_rows(study.forecast, unit, METHOD)


def _table_file(source: Path, table: str) -> Path:
    """Find the file of a table in a folder; a new one is a CSV file."""
    parquet, csv = source / f"{table}.parquet", source / f"{table}.csv"
    if table == "statuses" and not (parquet.exists() or csv.exists()):
        raise InputError([Problem(str(source), "", "statuses", "", "there is no statuses.csv to write to")])
    return parquet if parquet.exists() else csv
