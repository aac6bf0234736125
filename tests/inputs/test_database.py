"""Databases: the same tables as from a folder, read only, one state of the data, no secret anywhere."""

import json
import sqlite3
import threading

import pandas as pd
import pytest

from tests.inputs.postgres import server
from tests.inputs.sources import CASE, write_source
from vs_toolkit.errors import InputError
from vs_toolkit.inputs import read_source

sqlalchemy = pytest.importorskip("sqlalchemy")


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    with server(tmp_path_factory.mktemp("pg")) as url:
        yield url


def fill(url, folder):
    """Write the small source into a database."""
    source = read_source(write_source(folder))
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        for name, frame in source.tables.items():
            frame.to_sql(name, connection, if_exists="replace", index=False)
    engine.dispose()
    return source


def sqlite_url(tmp_path):
    return f"sqlite:///{tmp_path / 'crm.db'}"


@pytest.fixture(params=["postgresql", "sqlite"])
def filled(request, tmp_path):
    url = request.getfixturevalue("postgres") if request.param == "postgresql" else sqlite_url(tmp_path)
    return url, fill(url, tmp_path / "folder")


def count(url, table="customers"):
    engine = sqlalchemy.create_engine(url)
    with engine.connect() as connection:
        number = connection.exec_driver_sql(f"select count(*) from {table}").scalar()
    engine.dispose()
    return number


def test_a_database_gives_the_same_tables_as_the_folder(filled):
    url, source = filled
    inputs = read_source(url)
    assert inputs.problems == ()
    for name, frame in source.tables.items():
        pd.testing.assert_frame_equal(inputs.tables[name], frame, check_dtype=True)


def queries(tmp_path, url, **tables):
    path = tmp_path / "crm.yaml"
    lines = [f"url: {url}", "tables:", *(f"  {name}: {json.dumps(query)}" for name, query in tables.items())]
    path.write_text("\n".join(lines))
    return path


def test_queries_of_the_user_and_cases_beside_the_file(filled, tmp_path):
    url, _ = filled
    path = queries(
        tmp_path, url,
        customers="select customer_id as \"Customer ID\", name from customers where name like 'A%'",
        people="select person_id, name from people;",
    )  # fmt: skip
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "one.yaml").write_text(CASE)
    inputs = read_source(path)
    assert inputs.problems == ()
    assert inputs.tables["customers"]["name"].tolist() == ["Acorn Works"]
    assert [case.id for case in inputs.cases] == ["C1-01"]


@pytest.mark.parametrize(
    "attack",
    [
        "commit; begin read write; delete from customers",
        "delete from customers",
        "delete from customers returning *",
        "with gone as (delete from customers returning *) select * from gone",
        "select 1 as customer_id; delete from customers; commit",
        "drop table customers",
        "update customers set name = 'x'",
        "select * into stolen from customers",
        "commit",
        "set transaction read write",
        "pragma query_only = off",
        "attach database 'other.db' as other",
    ],
)
def test_a_query_can_only_read(filled, tmp_path, attack):
    url, _ = filled
    before = count(url)
    inputs = read_source(
        queries(tmp_path, url, customers=attack, people="select person_id, name from people")
    )
    assert "the query failed" in str(inputs.problems[0])
    assert len(inputs.tables["people"]) == 2  # the other query is still read
    assert count(url) == before == 2


def test_percent_and_colon_in_a_query_mean_themselves(filled, tmp_path):
    url, _ = filled
    query = "select customer_id, name || ':x %s %' as name from customers order by 1"
    inputs = read_source(queries(tmp_path, url, customers=query))
    assert inputs.problems == ()
    assert inputs.tables["customers"]["name"].tolist() == ["Acorn Works:x %s %", "Birch Mill:x %s %"]


def test_all_tables_are_seen_in_one_state(postgres, tmp_path, monkeypatch):
    from vs_toolkit.inputs.sources import database

    fill(postgres, tmp_path)
    copied, changed = database.copied, []

    def slow(connection, table, query):
        result = copied(connection, table, query)
        if (
            not changed
        ):  # between the first table and the second, somebody adds a customer with an opportunity
            changed.append(table)
            thread = threading.Thread(target=_add, args=(postgres,))
            thread.start()
            thread.join()
        return result

    monkeypatch.setattr(database, "copied", slow)
    assert read_source(postgres).problems == ()
    assert count(postgres) == 3
    assert changed


def _add(url):
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("insert into customers (customer_id, name) values ('C9', 'Newcomer')")
        connection.exec_driver_sql(
            "insert into opportunities (opportunity_id, customer_id, created_at) values ('O9', 'C9', "
            "'2026-01-01')"
        )
    engine.dispose()


def test_a_password_in_the_address_is_refused_and_never_shown(monkeypatch):
    for url in ("postgresql://me:s3cret@localhost/crm", "postgresql://me@localhost/crm?password=s3cret"):
        with pytest.raises(InputError, match="leave the password out") as caught:
            read_source(url)
        assert "s3cret" not in str(caught.value)
    monkeypatch.setenv("PGPASSWORD", "s3cret")
    (problem,) = read_source("postgresql+psycopg://me@127.0.0.1:1/crm").problems
    assert "the database cannot be read" in problem.message
    assert "s3cret" not in str(problem)


def test_what_is_wrong_in_a_table_is_named_by_its_row(tmp_path):
    with sqlite3.connect(tmp_path / "crm.db") as connection:
        connection.execute("create table Customers (customer_id text, name text, wacc real, note text)")
        connection.execute("insert into Customers values ('C1', 'A', 8, null)")
    connection.close()
    (problem,) = read_source(sqlite_url(tmp_path)).problems
    assert (problem.where, problem.field) == ("row 1", "wacc")
    assert problem.file.endswith("crm.db, table customers")


def test_a_database_without_our_tables_and_one_that_is_not_there(tmp_path):
    sqlite3.connect(tmp_path / "crm.db").close()
    assert "holds no table or view of ours" in str(read_source(sqlite_url(tmp_path)).problems[0])
    assert "cannot be read" in str(read_source(f"sqlite:///{tmp_path}/none.db").problems[0])
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("urll: x", "did you mean 'url'?"),
        ("url: ftp://x", "name the database"),
        ("url: sqlite:///x.db\ntables: {customer: select 1}", "not a table; did you mean 'customers'?"),
        ("[", "cannot be read"),
    ],
)
def test_a_file_of_queries_that_does_not_fit_says_why(tmp_path, text, words):
    (tmp_path / "crm.yaml").write_text(text)
    assert words in "\n".join(map(str, read_source(tmp_path / "crm.yaml").problems))
