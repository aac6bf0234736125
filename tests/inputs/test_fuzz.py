"""Whatever comes in: a problem that names its place, never a traceback.

The same few each time; ``VS_FUZZ=1100 pytest tests/inputs/test_fuzz.py`` draws as many new ones of each kind.
"""

import io
import os
import random

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.inputs.sources import CASE, TABLES, csv_text
from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs import check, describe
from vs_toolkit.inputs.cases.open_format import read_open
from vs_toolkit.inputs.importers import IMPORTERS
from vs_toolkit.inputs.importers.export import READERS
from vs_toolkit.inputs.sources.raw import Wanted
from vs_toolkit.inputs.sources.source import read_source

TIMES = int(os.environ.get("VS_FUZZ", "30"))
RUNS = settings(
    max_examples=TIMES,
    deadline=None,
    derandomize="VS_FUZZ" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
CELLS = st.one_of(
    st.sampled_from([
        "", " ", "NA", "null", "0", "-1", "12.500", "1,5", "1.355,90", "1e400", "nan", "inf", "8%", "(250)",
        "$1,500", "€ 2.000",
        "2026-06-30", "30.06.2026", "03/04/2026", "13/13/2026", "46113", "1774915200000",
        "2026-06-30T25:00:00Z",
        "9999-12-31 23:59:59", "0001-01-01", "true", "x", "=1+1", "#N/A", '"', "'",
        "\n", "\r", "\ufeff", "\u202e", "\x00",
        "Total", "Copyright", "C1", "O1", "Lead", "EUR", "EURO", "1" * 400, "é", "漢", "\ud7ff",
        "a;b", "a,b", "a\tb",
    ]),
    st.text(max_size=12),
    st.integers().map(str),
    st.floats().map(str),
    st.datetimes().map(str),
)  # fmt: skip
NAMES = st.sampled_from(
    ["customers", "people", "opportunities", "statuses", "status_changes", "targets", "sales"]
)
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])


def sound(inputs):
    """All that is wrong can be said."""
    for problem in (*check(inputs), *inputs.warnings):
        assert isinstance(problem, Problem)
    describe((*check(inputs), *inputs.warnings))


def read(tmp_path_factory, name, content):
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / name).write_bytes(content)
    sound(read_source(folder))
    return folder


@RUNS
@given(
    name=NAMES, content=st.binary(max_size=400), suffix=st.sampled_from([".csv", ".txt", ".xlsx", ".parquet"])
)
def test_random_bytes(tmp_path_factory, name, content, suffix):
    read(tmp_path_factory, name + suffix, content)


@RUNS
@given(data=st.data(), name=NAMES, encoding=ENCODINGS, delimiter=st.sampled_from([",", ";", "\t", "|"]))
def test_random_cells(tmp_path_factory, data, name, encoding, delimiter):
    from vs_toolkit.inputs.tables import TABLES as MODELS

    header = data.draw(st.lists(st.sampled_from(list(MODELS[name].model_fields)), min_size=1, unique=True))
    rows = data.draw(
        st.lists(st.lists(CELLS, min_size=len(header) - 1, max_size=len(header) + 1), max_size=6)
    )
    text = "\n".join([delimiter.join(header), *(delimiter.join(row) for row in rows)])
    read(tmp_path_factory, f"{name}.csv", text.encode(encoding, "replace"))


def damaged(content, seed):
    """Cut, swap or overwrite parts of a real file."""
    dice = random.Random(seed)
    content = bytearray(content)
    for _ in range(dice.randint(1, 6)):
        at = dice.randrange(len(content)) if content else 0
        kind = dice.randrange(4)
        if kind == 0:
            del content[at : at + dice.randint(1, 40)]
        elif kind == 1:
            content[at : at + 1] = bytes([dice.randrange(256)])
        elif kind == 2:
            content[at:at] = dice.choice([b'"', b"\n", b",", b";", b"\x00", b"\xff", b"12.500", b"\r\n\r\n"])
        else:
            content = content[:at] if dice.random() < 0.3 else content
    return bytes(content)


@RUNS
@given(name=st.sampled_from(sorted(TABLES)), seed=st.integers(0, 2**32))
def test_damaged_tables(tmp_path_factory, name, seed):
    read(tmp_path_factory, f"{name}.csv", damaged(csv_text(TABLES[name]).encode(), seed))


@RUNS
@given(seed=st.integers(0, 2**32))
def test_damaged_cases(tmp_path_factory, seed):
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "cases").mkdir()
    (folder / "cases" / "a.yaml").write_bytes(damaged(CASE.encode(), seed))
    sound(read_source(folder))


@RUNS
@given(
    rows=st.lists(
        st.lists(CELLS | st.integers() | st.floats() | st.datetimes() | st.none(), max_size=6), max_size=6
    )
)
def test_random_sheets(tmp_path_factory, rows):
    book = openpyxl.Workbook()
    book.active.title = "customers"
    book.active.append(["customer_id", "name", "wacc", "since"])
    for row in rows:
        try:
            book.active.append(row)
        except Exception:  # openpyxl does not write this text
            return
    target = io.BytesIO()
    try:
        book.save(target)
    except Exception:  # nor this one
        return
    read(tmp_path_factory, "book.xlsx", target.getvalue())


@pytest.fixture(scope="module")
def workbooks():
    from datetime import date

    from vs_toolkit.inputs.cases.model_files import model_finder
    from vs_toolkit.inputs.cases.reading import load_case
    from vs_toolkit.inputs.forms import case_form

    book = openpyxl.Workbook()
    book.active.title = "customers"
    book.active.append(["customer_id", "name"])
    book.active.append(["C1", "A"])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue(), case_form(load_case(CASE, "c.yaml", model_finder("nowhere")), date(2026, 1, 1))


@settings(RUNS, max_examples=max(10, TIMES // 10))
@given(which=st.integers(0, 1), seed=st.integers(0, 2**32))
def test_damaged_workbooks(tmp_path_factory, workbooks, which, seed):
    content = damaged(workbooks[which], seed)
    folder = read(tmp_path_factory, "book.xlsx", content)
    sound(read_source(folder / "book.xlsx"))


EXPORTS = {
    "salesforce": b"Id,AccountId,Name,StageName,Amount,CloseDate,IsClosed,IsWon,CreatedDate\n"
    b'1,A,N,Closed Won,"1,500.50",13/02/2026,1,1,01/02/2026\n2,B,M,New,7,14/02/2026,0,0,01/02/2026\n',
    "hubspot": b"Record ID,Deal Name,Deal Stage,Amount,Create Date\n1,A,New,5,2026-01-01 10:00\n",
    "pipedrive": b"Deal - ID;Deal - Title;Deal - Value;Deal - Status;Deal - Deal created\n"
    b"1;A;1,5;Won;2026-01-01\n",
    "dynamics": b"Topic,Potential Customer,Est. Revenue,Status,Created On\nPump,Acme,5,Won,2026-01-13\n",
}  # fmt: skip


@RUNS
@given(system=st.sampled_from(sorted(EXPORTS)), seed=st.integers(0, 2**32))
def test_damaged_exports(tmp_path_factory, system, seed):
    from vs_toolkit.inputs.importers import run

    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "export.csv").write_bytes(damaged(EXPORTS[system], seed))
    try:
        run(system, [folder / "export.csv"], folder / "source")
    except InputError as error:
        assert error.problems
    else:
        sound(read_source(folder / "source"))


@RUNS
@given(content=st.binary(max_size=300), suffix=st.sampled_from(sorted(READERS)))
def test_random_bytes_as_an_export(content, suffix):
    try:
        READERS[suffix](content, "x", f"x{suffix}", Wanted.of(IMPORTERS["salesforce"].headers))
    except InputError as error:
        assert error.problems


@RUNS
@given(
    text=st.text(max_size=60)
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=5),
        lambda x: (
            st.lists(x)
            | st.dictionaries(
                st.sampled_from(["model_id", "variables", "value_drivers", "equation", "name", "type"]), x
            )
        ),
        max_leaves=12,
    ).map(__import__("json").dumps)
)
def test_random_json_as_the_open_format(text):
    try:
        read_open(text, "x.json")
    except InputError as error:
        assert error.problems
