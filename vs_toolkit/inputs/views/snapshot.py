"""The frozen copy of what a batch saw: every table once, the cases, and a hash of the content per customer.

A snapshot is itself a source (a folder of Parquet files with ``cases/``): a batch can be repeated from it.
"""

from __future__ import annotations

import glob
import json
from dataclasses import asdict, dataclass
from datetime import date

import fsspec
import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from vs_toolkit.errors import VsToolkitError
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.names import safe_name
from vs_toolkit.inputs.sources.files import write_whole
from vs_toolkit.inputs.sources.source import Inputs
from vs_toolkit.inputs.tables.owners import OF_CUSTOMERS, customer_of_rows
from vs_toolkit.inputs.views.asof import seen_on
from vs_toolkit.inputs.views.editions import EDITIONS
from vs_toolkit.inputs.views.view import edition_of

MARKER = "_snapshot.txt"  # written first: what lies beside it is ours to replace
ROWS_PER_GROUP = 10_000  # small enough that the rows of one customer are read without the rest


@dataclass(frozen=True)
class Snapshot:
    """What was frozen: ``hashes`` are those of the content, by edition and customer."""

    source: str
    as_of: str
    rows: dict[str, int]
    hashes: dict[str, dict[str, str]]
    company_hash: str


def write_snapshot(inputs: Inputs, folder: str, as_of: date) -> Snapshot:
    """Write the inputs as seen on a day to a folder (a path or any fsspec URL).

    Each file appears whole or not at all, ``snapshot.json`` last: without it a snapshot was not finished.
    It replaces an earlier snapshot in the folder.

    Raises
    ------
    VsToolkitError
        If the folder holds other tables or cases, which would be replaced.
    """
    _refuse_other(folder)
    write_whole(f"{folder}/{MARKER}", b"A snapshot made by vs-toolkit; the next one replaces it.\n")
    seen = seen_on(inputs, as_of)
    views = {edition: edition_of(seen, as_of, edition) for edition in EDITIONS}
    names = [f"{name}.parquet" for name in seen.tables] + [_case_file(case) for case in seen.cases]
    _remove(folder, keep=names)
    for name in seen.tables:
        write_whole(f"{folder}/{name}.parquet", _parquet(name, seen.tables), durable=False)
    for case in seen.cases:
        content = case.model_dump_json(indent=1, exclude_none=True).encode()
        write_whole(f"{folder}/{_case_file(case)}", content, durable=False)
    snapshot = Snapshot(
        source=inputs.location,
        as_of=as_of.isoformat(),
        rows={name: len(frame) for name, frame in seen.tables.items()},
        hashes={name: {c: seen.content_hash(c) for c in seen.customers} for name, seen in views.items()},
        company_hash=views["internal"].company_hash,
    )
    write_whole(f"{folder}/snapshot.json", json.dumps(asdict(snapshot), indent=1).encode())
    return snapshot


def _case_file(case: BusinessCase) -> str:
    return f"cases/{safe_name(case.id)}.yaml"


def _refuse_other(folder: str) -> None:
    filesystem, root = fsspec.url_to_fs(folder)
    escaped = glob.escape(root)
    held = [f"{escaped}/*.csv", f"{escaped}/*.parquet", f"{escaped}/cases/*"]
    if not filesystem.exists(f"{root}/{MARKER}") and any(map(filesystem.glob, held)):
        raise VsToolkitError(f"{root} holds tables or cases: a snapshot needs a folder of its own")


def _remove(folder: str, keep: list[str]) -> None:
    """Take away what only an earlier snapshot in this folder held: it is no longer given."""
    filesystem, root = fsspec.url_to_fs(folder)
    escaped = glob.escape(root)
    for path in [
        f"{root}/snapshot.json",
        *filesystem.glob(f"{escaped}/*.parquet"),
        *filesystem.glob(f"{escaped}/cases/*.yaml"),
    ]:
        if not path.endswith(tuple(f"/{name}" for name in keep)) and filesystem.exists(path):
            filesystem.rm_file(path)


def _parquet(name: str, tables: dict[str, pd.DataFrame]) -> pa.Buffer:
    """Rows of a customer lie together, so that a reader of one customer skips the others."""
    frame = tables[name]
    if name in OF_CUSTOMERS:
        order = customer_of_rows(name, tables).sort_values(kind="stable").index
        frame = frame.loc[order]
    sink = pa.BufferOutputStream()
    table = pa.Table.from_pandas(frame, preserve_index=False)
    pa.parquet.write_table(table, sink, row_group_size=ROWS_PER_GROUP)
    return sink.getvalue()
