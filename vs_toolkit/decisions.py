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
