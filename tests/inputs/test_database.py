"""Databases: the same tables as from a folder, read only, one state of the data, no secret anywhere."""

import json
import sqlite3
import tempfile
import threading
from pathlib import Path

import pandas as pd
import pytest

from tests.inputs.postgres import server
from tests.inputs.sources import CASE, write_source
from vs_toolkit.errors import InputError
from vs_toolkit.inputs import read_source

sqlalchemy = pytest.importorskip("sqlalchemy")
STOLEN = Path(
    tempfile.gettempdir(), "vs-toolkit-stolen"
)  # where the server could write, unlike the test's own folder


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


@pytest.fixture(scope="module", params=["postgresql", "sqlite"])
def filled(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("filled")
    url = request.getfixturevalue("postgres") if request.param == "postgresql" else sqlite_url(folder)
    return url, fill(url, folder / "folder")


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
        "select 1) to stdout; commit; begin read write; delete from customers; copy (select 1",
        f"select 1) to program 'touch {STOLEN}' --",
        f"select customer_id from customers) to '{STOLEN}' --",
        "select 1 /*",
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
    assert not STOLEN.exists()


def test_percent_and_colon_in_a_query_mean_themselves(filled, tmp_path):
    url, _ = filled
    query = "select customer_id, name || ':x %s %' as name from customers order by 1"
    inputs = read_source(queries(tmp_path, url, customers=query))
    assert inputs.problems == ()
    assert inputs.tables["customers"]["name"].tolist() == ["Acorn Works:x %s %", "Birch Mill:x %s %"]


def test_every_type_of_the_server_is_read_for_its_field(postgres, tmp_path):
    customers = """select * from (values
        (7, 'A', date '2019-05-01', numeric '0.090', 12.500::numeric(10,3), 'one -- not a comment'),
        (8, 'B "b", c', null, null, null, '')) as t (customer_id, name, since, wacc, beta, note) -- all"""
    changes = """select 'O1' as opportunity_id, 'Lead' as status, 5::bigint as value,
        timestamptz '2026-06-30 23:30:00-02' as changed_at"""
    opportunities = """select 'O1' as opportunity_id, 7 as customer_id, date '2026-01-05' as created_at,
        true as decision_process_known"""
    zones = read_source(
        queries(tmp_path, postgres, customers=customers, opportunities=opportunities, status_changes=changes)
    )
    assert zones.problems == ()
    table = zones.tables["customers"]
    assert table[["customer_id", "name"]].values.tolist() == [["7", "A"], ["8", 'B "b", c']]
    assert table["beta"].tolist()[0] == 12.5  # a number of the server is never ambiguous
    assert (table["since"][0], table["wacc"][0]) == (pd.Timestamp("2019-05-01"), 0.09)
    assert table["note"].isna().tolist() == [False, True]
    assert zones.tables["opportunities"]["decision_process_known"].tolist() == [True]
    change = zones.tables["status_changes"].iloc[0]
    assert (change["changed_at"], change["value"]) == (pd.Timestamp("2026-07-01 01:30"), 5)


@pytest.mark.parametrize(
    ("column", "found"),
    [
        ("'infinity'::float8 as beta", "inf"),
        ("'infinity'::date as since", "infinity"),
        ("timestamp '2026-01-05 10:00' as since", "2026-01-05 10:00:00"),
        ("'12.500'::text as beta", "12.500"),
    ],
)
def test_a_value_that_no_field_can_hold_is_a_problem_with_its_row(postgres, tmp_path, column, found):
    query = f"select 'C1' as customer_id, 'A' as name, {column}"
    (problem,) = read_source(queries(tmp_path, postgres, customers=query)).problems
    assert (problem.where, problem.found) == ("row 1", found)


def test_a_query_that_names_a_column_twice_is_refused(filled, tmp_path):
    query = 'select customer_id, name, name as "Name" from customers'
    (problem,) = read_source(queries(tmp_path, filled[0], customers=query)).problems
    assert "gives a column twice" in problem.message


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
