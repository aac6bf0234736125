"""The rows of one query to typed columns, block by block: memory holds one block as Python objects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from vs_toolkit.inputs.sources.record import folded
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.columns import base_type

ROWS, BLOCK = 10_000, 1 << 22  # rows of one partition, bytes of one block
NUMBERS: dict[type, pa.DataType] = {float: pa.float64(), int: pa.int64()}
DAYS: dict[type, pa.DataType] = {date: pa.date32(), datetime: pa.timestamp("us")}
COPIED: dict[int, dict[type, pa.DataType]] = {  # number of the server's type: as each kind of field reads it
    16: {bool: pa.bool_()},
    **dict.fromkeys((20, 21, 23), NUMBERS),
    **{decimal: {float: pa.float64()} for decimal in (700, 701, 1700)},
    1082: DAYS,
    1114: {datetime: pa.timestamp("us")},
    1184: {datetime: pa.timestamp("us", "UTC")},
}


def _names(table: str, found: Iterable[str]) -> list[str]:
    """Names of the columns as the toolkit calls them."""
    known = {folded(name): name for name in TABLES[table].model_fields}
    names = [known.get(folded(name), name) for name in found]
    if len(set(names)) < len(names):
        raise ValueError(f"the query gives a column twice: {', '.join(names)}")
    return names


def _kind(table: str, name: str) -> type:
    field = TABLES[table].model_fields.get(name)
    return str if field is None else base_type(field.annotation)


def copied(connection: Any, table: str, sql: str) -> dict[str, pd.Series[Any]]:
    """PostgreSQL: copy the rows of a query as text, block by block, into Arrow.

    Before that a cursor of the server is declared for the query as it stands. The server takes one SELECT
    there and nothing else, so that the same text between brackets is one SELECT too, whatever it holds.

    Raises
    ------
    ValueError
        When the query gives a column twice; else what the driver raises.
    """
    driver = connection.connection.driver_connection
    with driver.cursor("vs_toolkit") as cursor:
        cursor.execute(sql)
        names = _names(table, (column.name for column in cursor.description))
        types = [
            _type_of(column.type_code, _kind(table, name))
            for column, name in zip(cursor.description, names, strict=True)
        ]
    numbered = {str(i): kind for i, kind in enumerate(types)}
    parts = []
    with driver.cursor() as cursor, cursor.copy(f"copy (\n{sql}\n) to stdout (format csv)") as rows:
        for block in _blocks(rows):
            try:
                parts.append(_parsed(block, numbered))
            except pa.ArrowInvalid:  # infinity, or a time where a day belongs: as text, the check says so
                parts.append(_parsed(block, dict.fromkeys(numbered, pa.string())))
    columns = [[part.column(i) for part in parts] for i in range(len(names))]
    return {name: _joined(arrays, kind) for name, arrays, kind in zip(names, columns, types, strict=True)}


def _type_of(oid: int, kind: type) -> pa.DataType:
    """Type in which a column of a server's type is read for a field; text where nothing is certain."""
    return pa.string() if kind is str else COPIED.get(oid, {}).get(kind, pa.string())


def _blocks(rows: Iterable[Any]) -> Iterator[bytes]:
    """Whole rows, joined to blocks."""
    held, size = [], 0
    for row in rows:
        held.append(row)
        size += len(row)
        if size > BLOCK:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def _parsed(block: bytes, types: dict[str, pa.DataType]) -> pa.Table:
    return pa.csv.read_csv(
        pa.BufferReader(block),
        read_options=pa.csv.ReadOptions(column_names=list(types)),
        parse_options=pa.csv.ParseOptions(newlines_in_values=True),
        convert_options=pa.csv.ConvertOptions(
            column_types=types, strings_can_be_null=True, quoted_strings_can_be_null=False, null_values=[""],
            true_values=["t"], false_values=["f"],
        ),
    )  # fmt: skip


def fetched(connection: Any, table: str, sql: str) -> dict[str, pd.Series[Any]]:
    """SQLite, whose values each have a type of their own: numbers where all of a partition are, else text."""
    result = connection.exec_driver_sql(sql, execution_options={"stream_results": True})
    names = _names(table, map(str, result.keys()))
    types = [pa.float64() if _kind(table, name) is float else pa.string() for name in names]
    parts: list[list[pa.Array]] = [[] for _ in names]
    for partition in result.partitions(ROWS):
        for i, values in enumerate(zip(*partition, strict=True)):
            parts[i].append(_array(values, types[i]))
    return {name: _joined(arrays, kind) for name, arrays, kind in zip(names, parts, types, strict=True)}


def _array(values: tuple[Any, ...], kind: pa.DataType) -> pa.Array:
    if kind != pa.string():
        try:
            return pa.array(values, kind)
        except pa.ArrowException:
            pass
    return pa.array([None if value is None else str(value) for value in values], pa.string())


def _joined(arrays: list[Any], kind: pa.DataType) -> pd.Series[Any]:
    """One column of its parts: as text where one of them is."""
    kind = kind if all(array.type == kind for array in arrays) else pa.string()
    held = pa.chunked_array(
        [chunk.cast(kind) for array in arrays for chunk in getattr(array, "chunks", [array])], type=kind
    )
    if pa.types.is_date(kind):
        held = held.cast(pa.timestamp("us"))
    series: pd.Series[Any] = held.to_pandas()
    return series
