"""One Arrow file per customer and edition: the only thing that the customer's notebook can open in a batch.

The file is an Arrow IPC file of two columns, ``name`` and ``content``: one row per table (an Arrow stream),
one for the business cases (JSON). Whose it is stands in the metadata of its schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import fsspec
import pandas as pd
import pyarrow as pa
from pydantic import TypeAdapter

from vs_toolkit.errors import PartitionError
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.sources.files import write_whole
from vs_toolkit.inputs.tables import REFERENCE
from vs_toolkit.inputs.views.data import CompanyData, CustomerData, Frames
from vs_toolkit.inputs.views.editions import Edition

CASES = TypeAdapter(tuple[BusinessCase, ...])
HEADER, CASES_ROW = b"vs_toolkit", "_cases"


def write_partition(data: CustomerData | CompanyData, url: str) -> None:
    """Write what one report may use as one file, whole or not at all; ``url`` is a path or any fsspec URL."""
    if isinstance(data, CustomerData):
        header = {"kind": "customer", "customer": data.customer_id, "edition": data.edition}
        frames = {**data.tables, **data.reference}
    else:
        header, frames = {"kind": "company", "files": json.dumps(data.files)}, data.tables
    header |= {"as_of": data.as_of.isoformat(), "source_hash": data.source_hash}
    header |= {"reading": data.reading} if data.reading else {}
    write_whole(url, _packed(header, frames, data.cases), durable=False)


def _packed(header: Mapping[str, str], frames: Frames, cases: Iterable[BusinessCase]) -> pa.Buffer:
    contents = {name: _stream(frame) for name, frame in frames.items()}
    contents[CASES_ROW] = CASES.dump_json(tuple(cases))
    schema = pa.schema({"name": pa.string(), "content": pa.large_binary()}, {HEADER: json.dumps(header)})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, schema) as writer:
        writer.write(pa.record_batch([list(contents), list(contents.values())], schema=schema))
    return sink.getvalue()


def _stream(frame: pd.DataFrame) -> bytes:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def customer_partition(url: str, customer: str, edition: Edition, as_of: date) -> CustomerData:
    """Open the partition of a customer.

    Raises
    ------
    PartitionError
        When the file holds anything else than this customer, edition and day.
    """
    header, frames, cases = _unpacked(url)
    asked = {"kind": "customer", "customer": customer, "edition": edition, "as_of": as_of.isoformat()}
    _refuse_other(header, asked)
    reference = {name: frames.pop(name) for name in REFERENCE if name in frames}
    return CustomerData(
        customer, edition, as_of, frames, reference, cases, header["source_hash"], header.get("reading", "")
    )


def company_partition(url: str, as_of: date) -> CompanyData:
    """Open the partition of the company.

    Raises
    ------
    PartitionError
        When the file holds anything else than the company as of this day.
    """
    header, frames, cases = _unpacked(url)
    _refuse_other(header, {"kind": "company", "as_of": as_of.isoformat()})
    files = tuple(map(tuple, json.loads(header["files"])))
    return CompanyData(as_of, frames, cases, header["source_hash"], header.get("reading", ""), files)


def _refuse_other(header: Mapping[str, str], asked: Mapping[str, str]) -> None:
    for name, value in asked.items():
        if header.get(name) != value:
            text = f"this report may open {name} {header.get(name)!r} only; {value!r} was asked for"
            raise PartitionError(text)


def _unpacked(url: str) -> tuple[dict[str, str], Frames, tuple[BusinessCase, ...]]:
    try:
        with fsspec.open(url, "rb") as file:
            table = pa.ipc.open_file(pa.BufferReader(file.read())).read_all()
    except (OSError, pa.ArrowException) as error:
        raise PartitionError(f"the partition cannot be opened: {type(error).__name__}") from None
    contents: dict[str, Any] = dict(zip(*(column.to_pylist() for column in table.columns), strict=True))
    cases = CASES.validate_json(contents.pop(CASES_ROW))
    frames = {name: pa.ipc.open_stream(content).read_pandas() for name, content in contents.items()}
    return json.loads(table.schema.metadata[HEADER]), frames, cases
