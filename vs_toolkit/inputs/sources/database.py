"""A database as a source: its tables or views by our names, or a query of the user for each table; only read.

All tables are read in one read-only transaction that sees one state of the data. A user's query goes through
a cursor of the server, which takes one SELECT and nothing else; give the toolkit a role that may only SELECT
all the same. The password stays in the environment (``PGPASSWORD``, ``~/.pgpass``): one in the address is
refused,
so that none can reach a message, the ledger, a notebook or a report.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import yaml

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.sources.raw import Raw
from vs_toolkit.inputs.sources.readers import row_places
from vs_toolkit.inputs.sources.record import Reading, folded
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.columns import base_type
from vs_toolkit.inputs.wording import did_you_mean

SCHEMES = ("postgresql", "postgres", "sqlite")
ROWS = 10_000  # of one partition
NO_FOLDER = "memory://vs-toolkit-database"  # where a source without files has its cases: nowhere
ARROW = {str: pa.string(), float: pa.float64(), int: pa.int64(), bool: pa.bool_(), date: pa.date32(),
         datetime: pa.timestamp("us")}  # fmt: skip
SECRET = re.compile(r"(?:password|passwd|pwd)=", re.IGNORECASE)


def is_database(location: str) -> bool:
    """Whether a source is the address of a database.

    >>> is_database("postgresql+psycopg://me@server/crm"), is_database("s3://bucket/folder")
    (True, False)
    """
    scheme, separator, _ = location.partition("://")
    return bool(separator) and scheme.partition("+")[0] in SCHEMES


def read_database(location: str, queries: dict[str, str] | None = None) -> list[Raw | InputError]:
    """Read every table of ours that the database holds, or that a query is given for.

    Raises
    ------
    InputError
        When the address holds a password, or the database cannot be reached; never with a secret.
    """
    shown = without_secret(location)
    with _connected(location, shown) as connection:
        if queries is not None:
            return [_attempt(connection, name, query, shown) for name, query in queries.items()]
        found = _tables(connection)
        if not found:
            names = ", ".join(list(TABLES)[:4])
            message = f"holds no table or view of ours ({names} …): name them so, or give a query for each"
            raise InputError([Problem(shown, "", "", "", message)])
        return [_attempt(connection, table, query, shown) for table, query in found.items()]


def read_query_file(path: Path) -> tuple[str, dict[str, str] | None]:
    """Read a file that names a database (``url``) and, if wanted, a query for each table (``tables``).

    Raises
    ------
    InputError
        When it holds anything else.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        message = f"cannot be read: {str(error).splitlines()[0]}"
        raise InputError([Problem(path.name, "", "", "", message)]) from None
    data = data if isinstance(data, dict) else {}
    problems = [
        Problem(path.name, "", str(name), "", f"unknown field; {did_you_mean(str(name), ('url', 'tables'))}")
        for name in data
        if name not in ("url", "tables")
    ]
    url, tables = data.get("url") or os.environ.get("VS_DATABASE", ""), data.get("tables")
    if not is_database(str(url)):
        message = "name the database: url: postgresql+psycopg://user@server/database (or VS_DATABASE)"
        problems.append(Problem(path.name, "", "url", "", message))
    for name in tables if isinstance(tables, dict) else ():
        if name not in TABLES:
            message = f"not a table; {did_you_mean(str(name), TABLES)}"
            problems.append(Problem(path.name, "", f"tables.{name}", "", message))
    if problems:
        raise InputError(problems)
    return str(url), {str(k): str(v) for k, v in tables.items()} if isinstance(tables, dict) else None


def without_secret(location: str) -> str:
    """Address as it may be shown.

    Raises
    ------
    InputError
        When a password stands in it.
    """
    user = location.partition("://")[2].rpartition("@")[0]
    if ":" in user or SECRET.search(location):
        message = "leave the password out of the address: set PGPASSWORD, or use ~/.pgpass"
        raise InputError([Problem("database", "", "", "", message)])
    return location.partition("?")[0]


@contextmanager
def _connected(location: str, shown: str) -> Iterator[Any]:
    """One connection in one read-only transaction."""
    try:
        import sqlalchemy
        from sqlalchemy.exc import SQLAlchemyError
    except ImportError:
        message = "needs SQLAlchemy: pip install 'vs-toolkit[sql]'"
        raise InputError([Problem(shown, "", "", "", message)]) from None
    try:
        engine = _engine(sqlalchemy, location)
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                connection = connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            else:
                connection.exec_driver_sql("BEGIN")
                _select_only(connection)
            try:
                yield connection
            finally:
                _freed(connection)
                connection.rollback()
        engine.dispose()
    except (SQLAlchemyError, ImportError, OSError) as error:
        raise InputError(
            [Problem(shown, "", "", "", f"the database cannot be read: {_words(error)}")]
        ) from None


def _engine(sqlalchemy: Any, location: str) -> Any:
    url = sqlalchemy.engine.make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", location))
    if url.get_backend_name() == "sqlite":
        file = (
            f"file:{url.database}"
            if url.database and not str(url.database).startswith("file:")
            else url.database
        )
        url = url.set(database=file, query={"mode": "ro", "uri": "true"})
        return sqlalchemy.create_engine(url)
    seconds = int(os.environ.get("VS_SQL_TIMEOUT", "300"))
    options = f"-c default_transaction_read_only=on -c statement_timeout={seconds}s -c lock_timeout=5s"
    arguments = {"options": options, "connect_timeout": 5, "application_name": "vs-toolkit"}
    return sqlalchemy.create_engine(url, connect_args=arguments)


def _select_only(connection: Any) -> None:
    """SQLite: a statement may read, and nothing else."""
    import sqlite3

    allowed = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
    driver = connection.connection.dbapi_connection
    driver.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in allowed else sqlite3.SQLITE_DENY)


def _freed(connection: Any) -> None:
    """SQLite: let the transaction end."""
    if connection.dialect.name == "sqlite":
        connection.connection.dbapi_connection.set_authorizer(None)


def _words(error: BaseException) -> str:
    """First line of what the driver says; it never holds the password, which the toolkit does not know."""
    cause = getattr(error, "orig", None) or error
    return next((line.strip() for line in str(cause).splitlines() if line.strip()), type(cause).__name__)[
        :300
    ]


def _tables(connection: Any) -> dict[str, str]:
    """Query for every table or view that bears the name of a built-in table."""
    wanted = {folded(name): name for name in TABLES}
    if connection.dialect.name == "sqlite":
        sql = "select name from sqlite_master where type in ('table', 'view')"
    else:
        sql = (
            "select c.relname from pg_catalog.pg_class c where c.relkind in ('r', 'v', 'm', 'f', 'p') "
            "and pg_catalog.pg_table_is_visible(c.oid)"
        )
    quote = connection.dialect.identifier_preparer.quote_identifier
    names = [str(row[0]) for row in connection.exec_driver_sql(sql)]
    return {
        wanted[folded(name)]: f"select * from {quote(name)}"
        for name in sorted(names)
        if folded(name) in wanted
    }


def _attempt(connection: Any, table: str, query: str, shown: str) -> Raw | InputError:
    """Read one table; when its query fails, the others are still read."""
    from sqlalchemy.exc import SQLAlchemyError

    file = f"{shown}, table {table}"
    try:
        with connection.begin_nested() if connection.dialect.name == "postgresql" else _nothing():
            frame = _frame(connection, table, query)
    except (SQLAlchemyError, ValueError) as error:
        return InputError([Problem(file, "", "", "", f"the query failed: {_words(error)}")])
    return Raw(table, file, frame, row_places, Reading(file, table, len(frame), ""))


@contextmanager
def _nothing() -> Iterator[None]:
    yield


def _frame(connection: Any, table: str, query: str) -> pd.DataFrame:
    """Stream a query in partitions into Arrow: memory holds one partition as Python objects."""
    streamed = {"stream_results": True, "max_row_buffer": ROWS}
    sql = query.strip().rstrip(";")
    if connection.dialect.name == "postgresql":
        sql = sql.replace("%", "%%")  # psycopg would take it for a place of a parameter
    result = connection.exec_driver_sql(sql, execution_options=streamed)
    known = {folded(name): name for name in TABLES[table].model_fields}
    names = [known.get(folded(name), str(name)) for name in result.keys()]  # noqa: SIM118  a result is no dictionary
    if len(set(names)) < len(names):
        raise ValueError(f"the query gives a column twice: {', '.join(names)}")
    parts: list[list[pa.Array]] = [[] for _ in names]
    kinds = [_kind(table, name) for name in names]
    for partition in result.partitions(ROWS):
        for position, values in enumerate(zip(*partition, strict=True)):
            parts[position].append(_array(values, kinds[position]))
    columns = [_joined(arrays, kind) for arrays, kind in zip(parts, kinds, strict=True)]
    return pd.DataFrame(dict(zip(names, columns, strict=True)))


def _kind(table: str, name: str) -> type:
    field = TABLES[table].model_fields.get(name)
    kind = str if field is None else base_type(field.annotation)
    return kind if kind in ARROW else str


def _array(values: tuple[Any, ...], kind: type) -> pa.Array:
    """One column of a partition in the type of its field; as text where it does not fit: the check says
    so.
    """
    try:
        return pa.array([_plain(value, kind) for value in values], ARROW[kind])
    except (pa.ArrowException, ValueError, TypeError, OverflowError):
        return pa.array([None if value is None else str(value) for value in values], pa.string())


def _plain(value: Any, kind: type) -> Any:
    if isinstance(value, Decimal) and kind is float:
        return float(value)
    if kind is str and value is not None and not isinstance(value, str):
        return str(value)
    if isinstance(value, str) and kind is not str:
        raise TypeError("text")
    if isinstance(value, datetime):
        moment = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        if kind is date:
            if moment.time() != datetime.min.time():
                raise TypeError("a time where a day belongs")
            return moment.date()
        return moment
    return value


def _joined(arrays: list[pa.Array], kind: type) -> pd.Series[Any]:
    types = {array.type for array in arrays}
    if len(types) > 1:
        arrays = [array.cast(pa.string()) for array in arrays]
    held = pa.chunked_array(arrays, type=arrays[0].type if arrays else ARROW[kind])
    if pa.types.is_date(held.type):
        held = held.cast(pa.timestamp("us"))
    series: pd.Series[Any] = held.to_pandas()
    return series
