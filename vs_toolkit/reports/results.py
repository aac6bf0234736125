"""All key figures of all customers as one long table, for spreadsheets and other programs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from vs_toolkit.reports.changes import DONE, Past, Result, Row, results_of

SCHEMA = pa.schema(
    {
        "customer_id": pa.string(),
        "customer_name": pa.string(),
        "notebook": pa.string(),
        "edition": pa.string(),
        "as_of": pa.date32(),
        "status": pa.string(),
        "figure": pa.string(),
        "label": pa.string(),
        "unit": pa.string(),
        "about": pa.string(),
        "value": pa.float64(),
        "previous_as_of": pa.date32(),
        "previous": pa.float64(),
        "change": pa.float64(),
        "error": pa.string(),
    }
)
FORMULA = re.compile(r"[=+\-@\t\r\n]")


def results_table(rows: Sequence[Row], past: Past) -> pa.Table:
    """List the key figures of all reports, a row each; one without any, such as a failed one, is one row.

    Parameters
    ----------
    rows
        Rows of the index; see :func:`vs_toolkit.reports.index.index_html`.
    past
        Previous key figures.

    Returns
    -------
    Table with the columns of ``SCHEMA``: ``value``, ``previous`` and ``change`` in ``unit`` (an ISO currency,
    ``share`` as a fraction, ``years`` …), null where something is missing or cannot be compared; ``about``
    which of several things, such as business cases, the figure describes.

    >>> row = dict(customer_id="C1", customer_name="One", notebook="plan", edition="internal",
    ...            as_of="2026-06-30", status="failed", error="no data", figures={})
    >>> results_table([row], {}).select(["status", "value", "error"]).to_pylist()
    [{'status': 'failed', 'value': None, 'error': 'no data'}]
    """
    return pa.Table.from_pylist([line for row in rows for line in _lines(row, past)], SCHEMA)


def _lines(row: Row, past: Past) -> Iterator[dict[str, Any]]:
    report = {
        "customer_id": row["customer_id"] or "",
        "customer_name": row["customer_name"] or "",
        "notebook": row["notebook"],
        "edition": row["edition"],
        "as_of": date.fromisoformat(row["as_of"]),
        "status": row["status"],
        "error": "" if row["status"] in DONE else row["error"],
    }
    figures = [_figure(result) for result in results_of(row, past)]
    yield from (report | figure for figure in figures or [{}])


def _figure(result: Result) -> dict[str, Any]:
    last = result.last
    return {
        "figure": result.name,
        "label": result.label,
        "unit": result.unit,
        "about": result.about,
        "value": result.value,
        "previous_as_of": date.fromisoformat(last.as_of) if last else None,
        "previous": last.value if last else None,
        "change": result.change,
    }


def as_parquet(table: pa.Table) -> bytes:
    """Write the table as a Parquet file: text as it is, days as days."""
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def as_csv(table: pa.Table) -> bytes:
    """Write the table as a CSV file that a spreadsheet opens as it is meant.

    The mark at its beginning says that it is UTF-8. Text that a spreadsheet would take for a formula gets an
    apostrophe in front; numbers, also negative ones, stay numbers, and what is missing is an empty cell.

    >>> as_csv(pa.table({"name": ["=1+1", "-5"], "value": [-5.0, None]})).decode("utf-8-sig").splitlines()
    ['name,value', "'=1+1,-5.0", "'-5,"]
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(table.column_names)
    for some in table.to_batches(max_chunksize=1_000):
        writer.writerows([_cell(value) for value in line.values()] for line in some.to_pylist())
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value
