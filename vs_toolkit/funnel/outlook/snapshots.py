"""Forecasts kept as they were made: appended on command, never rewritten; what actuals are held against."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.errors import InputError, ParameterError, Problem
from vs_toolkit.formats import day
from vs_toolkit.funnel.outlook.forecast import Forecast
from vs_toolkit.inputs.sources.files import write_whole
from vs_toolkit.inputs.tables.funnel import ForecastSnapshot

COLUMNS = list(ForecastSnapshot.model_fields)
KEY = ["taken_on", "unit", "month", "method"]
DAYS = ["taken_on", "month"]
FIGURES = [name for name in COLUMNS if name not in KEY]
NAMED = {
    "orders": "expected_orders",
    "value": "expected_value",
    "value_low": "low_value",
    "value_high": "high_value",
}
LEVEL = 0.80  # of the interval in the table of snapshots


def snapshot_rows(forecast: Forecast, unit: str, method: str) -> pd.DataFrame:
    """Take a forecast as rows of the table ``forecast_snapshots``: its full months.

    The month that has begun is left out: its forecast holds only the rest of it, its actual all of it.

    Parameters
    ----------
    forecast
        Made with 80 % intervals.
    unit
        Whose forecast it is, in the words of ``people``.
    method
        How it was made: several may be kept for one day.

    Raises
    ------
    ParameterError
        If the intervals are others: the table could not be compared with itself.
    """
    if forecast.level != LEVEL:
        raise ParameterError(f"snapshots keep 80 % intervals; this forecast has {forecast.level:g}")
    table = forecast.table[forecast.table.index > forecast.as_of].reset_index()
    return table.rename(columns=NAMED).assign(taken_on=forecast.as_of, unit=unit, method=method)[COLUMNS]


def append_snapshots(file: Path, rows: pd.DataFrame) -> int:
    """Append forecasts to a table of snapshots; what stands there stays (in a CSV file byte for byte).

    Parameters
    ----------
    file
        ``forecast_snapshots.csv`` or ``.parquet``; made if it is not there, written whole or not at all.
    rows
        From :func:`snapshot_rows`.

    Returns
    -------
    int
        Number of rows appended: those already there with the same figures are not written twice.

    Raises
    ------
    InputError
        If a forecast of that day, unit, month and method is there with other figures, if the file is of
        another kind, or not a table of snapshots.
    """
    if file.suffix not in KINDS:
        raise InputError([Problem(file.name, "", "", file.suffix, "write to a .csv or .parquet file")])
    read, append = KINDS[file.suffix]
    content = file.read_bytes() if file.exists() else b""
    kept = read(content) if content else pd.DataFrame(columns=COLUMNS)
    missing = [name for name in COLUMNS if name not in kept]
    if missing:
        raise InputError(Problem(file.name, "", name, "", "this column is needed") for name in missing)
    fresh = _not_kept(rows, kept, file.name)
    if len(fresh):
        write_whole(str(file), append(content, fresh))
    return len(fresh)


def _not_kept(rows: pd.DataFrame, kept: pd.DataFrame, file: str) -> pd.DataFrame:
    """Rows whose key is not in the table yet; refuse those that would change what is there."""
    known = kept.assign(**{name: pd.to_datetime(kept[name]) for name in DAYS})
    known = known.astype({"unit": object, "method": object})
    both = rows.merge(known, how="left", on=KEY, suffixes=("", "_kept"), indicator=True)
    there = (both["_merge"] == "both").to_numpy()
    ours, theirs = (both[[name + end for name in FIGURES]].to_numpy(float) for end in ("", "_kept"))
    other = there & ~np.isclose(ours, theirs, rtol=1e-9, equal_nan=True).all(axis=1)
    if other.any():
        raise InputError(_refusal(row, file) for row in both[other].itertuples())
    return rows[~there]


def _refusal(row: Any, file: str) -> Problem:
    there = f"{row.unit} has another forecast of {day(row.taken_on)} by {row.method}; what is kept stays"
    return Problem(file, "", "month", day(row.month), there)


def _append_csv(content: bytes, rows: pd.DataFrame) -> bytes:
    header = pd.read_csv(io.BytesIO(content), nrows=0, encoding="utf-8-sig") if content else rows
    lines = rows.reindex(columns=header.columns).to_csv(
        index=False, header=not content, date_format="%Y-%m-%d"
    )
    gap = b"" if not content or content.endswith(b"\n") else b"\n"
    return content + gap + lines.encode()


def _append_parquet(content: bytes, rows: pd.DataFrame) -> bytes:
    kept = [_read_parquet(content)] if content else []
    return pd.concat([*kept, rows], ignore_index=True).to_parquet(index=False)


def _read_csv(content: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(content), encoding="utf-8-sig", dtype={"unit": str, "method": str})


def _read_parquet(content: bytes) -> pd.DataFrame:
    return pd.read_parquet(io.BytesIO(content))


KINDS: dict[str, tuple[Callable[[bytes], pd.DataFrame], Callable[[bytes, pd.DataFrame], bytes]]] = {
    ".csv": (_read_csv, _append_csv),
    ".parquet": (_read_parquet, _append_parquet),
}
