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
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.sources.queries import copied, fetched
from vs_toolkit.inputs.sources.raw import Raw
from vs_toolkit.inputs.sources.readers import row_places
from vs_toolkit.inputs.sources.record import Reading, folded
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.wording import did_you_mean

SCHEMES = ("postgresql", "postgres", "sqlite")
NO_FOLDER = "memory://vs-toolkit-database"  # where a source without files has its cases: nowhere
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
    options = (
        f"-c default_transaction_read_only=on -c statement_timeout={seconds}s -c lock_timeout=5s "
        "-c datestyle=ISO -c extra_float_digits=1 -c client_encoding=UTF8"
    )
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

    file, sql = f"{shown}, table {table}", query.strip().rstrip(";")
    is_postgresql = connection.dialect.name == "postgresql"
    try:
        with connection.begin_nested() if is_postgresql else nullcontext():
            frame = pd.DataFrame((copied if is_postgresql else fetched)(connection, table, sql))
    except (SQLAlchemyError, connection.dialect.dbapi.Error, ValueError) as error:
        return InputError([Problem(file, "", "", "", f"the query failed: {_words(error)}")])
    return Raw(table, file, frame, row_places, Reading(file, table, len(frame), ""))
