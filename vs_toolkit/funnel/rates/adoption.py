"""Adopting measured probabilities: written into the statuses with day, n and method, on command only."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from vs_toolkit.errors import InputError, ParameterError, Problem
from vs_toolkit.formats import percent
from vs_toolkit.funnel.rates.calibration import MUCH_UNDECIDED, Calibration
from vs_toolkit.inputs.sources.files import write_whole

Rows = list[dict[str, Any]]
ADOPTED = {
    "adopted_probability": pa.float64(),
    "adopted_on": pa.date32(),
    "adopted_n": pa.int64(),
    "adopted_method": pa.string(),
}


def adopted(calibration: Calibration, adopted_on: date) -> pd.DataFrame:
    """Return what would be adopted: the hit rate, or its mix with the nominal where few cases are closed.

    Parameters
    ----------
    calibration
        Made without a horizon, so that it says what is won in the end.
    adopted_on
        Day of the decision; not before the day of the calibration.

    Returns
    -------
    DataFrame
        Index ``status``: adopted_probability, adopted_on, adopted_n (closed opportunities), adopted_method.
        Statuses
        that no closed opportunity has reached are not in it.

    Raises
    ------
    ParameterError
        If the calibration counts only orders within a horizon, or saw days after the decision.

    Examples
    --------
    >>> from vs_toolkit.funnel.rates.calibration import calibrate
    >>> changes = pd.DataFrame({"opportunity_id": ["A", "A"], "status": ["Lead", "Order"],
    ...                         "changed_at": ["2026-03-02", "2026-03-09"]})
    >>> funnel = pd.DataFrame({"status": ["Lead", "Order"], "order": [1, 2], "outcome": ["open", "won"],
    ...                        "nominal_probability": [0.1, 1.0]})
    >>> adopted(calibrate(changes, funnel, "2026-03-20"), date(2026, 4, 1))["adopted_method"].loc["Lead"]
    'Aalen-Johansen, mixed with the nominal worth 10 cases'
    """
    _check(calibration, adopted_on)
    table = calibration.table[calibration.table["won"] + calibration.table["lost"] > 0]
    closed = table["won"] + table["lost"]
    few = closed < calibration.rules.minimum_cases
    prior = f", mixed with the nominal worth {calibration.rules.prior_cases:g} cases"
    undecided = [f", {percent(share, 0)} undecided" for share in table["undecided"]]
    method = np.where(few, prior, "") + np.where(table["undecided"] > MUCH_UNDECIDED, undecided, "")
    return pd.DataFrame(
        {
            "adopted_probability": table["hit_rate"].where(~few, table["blended"]),
            "adopted_on": adopted_on,
            "adopted_n": closed,
            "adopted_method": "Aalen-Johansen" + pd.Series(method, index=table.index, dtype=str),
        }
    ).dropna(subset="adopted_probability")


def write_adopted(file: Path, probabilities: pd.DataFrame) -> None:
    """Write adopted probabilities into a table of statuses; every other cell stays as it is.

    Parameters
    ----------
    file
        ``statuses.csv`` or ``statuses.parquet``; replaced as a whole or not at all.
    probabilities
        From :func:`adopted`.

    Raises
    ------
    InputError
        If the file is of another kind, or does not list every status that is to be written.
    """
    if file.suffix not in KINDS:
        raise InputError([Problem(file.name, "", "", file.suffix, "write to a .csv or .parquet file")])
    read, write = KINDS[file.suffix]
    rows = read(file.read_bytes())
    by_status = {str(row.get("status", "")).strip(): row for row in rows}
    missing = [name for name in probabilities.index if name not in by_status]
    if missing:
        raise InputError(Problem(file.name, "", "status", str(name), "not in this table") for name in missing)
    for name, values in probabilities.iterrows():
        by_status[str(name)].update(values)
    write_whole(str(file), write(rows))


def _check(calibration: Calibration, adopted_on: date) -> None:
    if calibration.horizon_days is not None:
        raise ParameterError(
            "adopt a calibration without a horizon: a probability says what is won in the end"
        )
    if adopted_on < calibration.history.as_of.date():
        raise ParameterError(
            f"adopted_on {adopted_on} is before the calibration's day: it would tell the future"
        )


def _read_csv(content: bytes) -> Rows:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def _write_csv(rows: Rows) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(dict.fromkeys([*rows[0], *ADOPTED])), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _read_parquet(content: bytes) -> Rows:
    rows: Rows = pa.parquet.read_table(io.BytesIO(content)).to_pylist()
    return rows


def _write_parquet(rows: Rows) -> bytes:
    table = pa.Table.from_pylist([{k: v for k, v in row.items() if k not in ADOPTED} for row in rows])
    for name, kind in ADOPTED.items():
        table = table.append_column(name, pa.array([row.get(name) for row in rows], kind))
    content = io.BytesIO()
    pa.parquet.write_table(table, content)
    return content.getvalue()


KINDS: dict[str, tuple[Callable[[bytes], Rows], Callable[[Rows], bytes]]] = {
    ".csv": (_read_csv, _write_csv),
    ".parquet": (_read_parquet, _write_parquet),
}
