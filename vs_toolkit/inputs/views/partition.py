"""One Arrow file per customer and edition: the only thing that the customer's notebook can open in a batch.

The file is an Arrow IPC file of two columns, ``name`` and ``content``: one row per table (an Arrow stream),
one for the business cases (JSON). Whose it is stands in the metadata of its schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any

import fsspec
import numpy as np
import pandas as pd
import pyarrow as pa
from pydantic import TypeAdapter

from vs_toolkit.errors import PartitionError
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.sources.files import write_whole
from vs_toolkit.inputs.tables import REFERENCE
from vs_toolkit.inputs.tables.owners import OF_CUSTOMERS
from vs_toolkit.inputs.views.data import CompanyData, CustomerData, Frames
from vs_toolkit.inputs.views.editions import Edition
from vs_toolkit.inputs.views.view import View

CASES = TypeAdapter(tuple[BusinessCase, ...])
HEADER, CASES_ROW = b"vs_toolkit", "_cases"


class PartitionWriter:
    """Writes the partitions of a view; every table is converted and sorted once, and then only cut."""

    def __init__(self, view: View) -> None:
        self._view = view

    @cached_property
    def _tables(self) -> dict[str, tuple[pa.Table, dict[str, tuple[int, int]]]]:
        """Tables of customers, sorted by customer, with the first row of each and the one after its last."""
        frames, owners = self._view.frames, self._view.owners
        return {
            name: _sorted(frames[name], owners.get(name, pd.Series(dtype="str")))
            for name in OF_CUSTOMERS
            if name in frames
        }

    @cached_property
    def _reference(self) -> dict[str, bytes]:
        frames = self._view.frames
        return {name: _stream(_converted(frames[name])) for name in REFERENCE if name in frames}

    def write(self, customer: str, url: str) -> None:
        """Write what a report on a customer (empty: on the company) may use as one file.

        The file is there whole or not at all; ``url`` is a path or any fsspec URL.

        Raises
        ------
        InputError
            When something is wrong with the data.
        PartitionError
            When there is no such customer.
        """
        view = self._view
        view.refuse_unusable(customer)
        if customer:
            header = {"kind": "customer", "customer": customer, "edition": view.edition}
            nothing = (0, 0)
            tables = {  # taken, not sliced: Arrow fills up the last bytes of a slice with the next rows
                name: _stream(table.take(np.arange(*rows.get(customer, nothing))))
                for name, (table, rows) in self._tables.items()
            }
            tables |= self._reference
        else:
            header = {"kind": "company", "files": json.dumps(view.files)}
            tables = {name: _stream(_converted(frame)) for name, frame in view.frames.items()}
        source_hash = view.content_hash(customer) if customer else view.company_hash
        header |= {"as_of": view.as_of.isoformat(), "source_hash": source_hash}
        header |= {"reading": view.reading} if view.reading else {}
        write_whole(url, _packed(header, tables, view.cases(customer)), durable=False)


def _sorted(frame: pd.DataFrame, owner: pd.Series[str]) -> tuple[pa.Table, dict[str, tuple[int, int]]]:
    order = owner.dropna().sort_values(kind="stable")
    names, first, count = np.unique(order.to_numpy(dtype=object), return_index=True, return_counts=True)
    ends = first + count
    rows = {str(name): (int(a), int(b)) for name, a, b in zip(names, first, ends, strict=True)}
    return _converted(frame.loc[order.index]), rows


def _converted(frame: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(frame, preserve_index=False).combine_chunks()


def _packed(
    header: Mapping[str, str], tables: Mapping[str, bytes], cases: Iterable[BusinessCase]
) -> pa.Buffer:
    contents = {**tables, CASES_ROW: CASES.dump_json(tuple(cases))}
    schema = pa.schema({"name": pa.string(), "content": pa.large_binary()}, {HEADER: json.dumps(header)})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write(pa.record_batch([list(contents), list(contents.values())], schema=schema))
    return sink.getvalue()


def _stream(table: pa.Table) -> bytes:
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
