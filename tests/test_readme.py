"""Nothing in the README is untested: its commands run, its Python runs, its message is the one you get."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pandas as pd
import pytest
import sqlalchemy

from tests.inputs.postgres import is_installed, server
from tests.shared import ROOT
from vs_toolkit import formats
from vs_toolkit.inputs import read_source
from vs_toolkit.inputs.cases.document import parse
from vs_toolkit.inputs.cases.value_model import load_model

README = (ROOT / "README.md").read_text()


BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, flags=re.S)
RUN = {"sh": ["bash", "-e", "-c"], "python": [sys.executable, "-c"]}


def text(number: int) -> str:
    return [block for language, block in BLOCKS if language == "text"][number]


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A folder that looks like the checkout, so that what the tour writes does not land in it."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("templates", "data", "notebooks"):
        (folder / name).symlink_to(ROOT / name)
    with databases(folder) as where:
        for language, block in BLOCKS:
            if language in RUN:
                block = block if where else re.sub(".*postgresql:///.*\n", "", block)
                done = run([*RUN[language], block], folder, where)
                assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
    return folder


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """A company's CRM in a file, and in a server where one is installed; gives where that is found."""
    (folder / "server").mkdir()
    tables = read_source(ROOT / "data/examples/german").tables
    _fill(f"sqlite:///{folder}/crm.db", tables)
    if not is_installed():
        yield {}
        return
    with server(folder / "server") as url:
        where = sqlalchemy.engine.make_url(url)
        made = sqlalchemy.create_engine(where, isolation_level="AUTOCOMMIT")
        with made.connect() as connection:
            connection.exec_driver_sql("create database crm")
        made.dispose()
        _fill(where.set(database="crm"), tables)
        yield {"PGHOST": str(where.host), "PGPORT": str(where.port), "PGUSER": str(where.username)}


def _fill(where: str | sqlalchemy.URL, tables: Mapping[str, pd.DataFrame]) -> None:
    engine = sqlalchemy.create_engine(where)
    for name, table in tables.items():
        table.to_sql(name, engine, index=False)
    engine.dispose()


def run(
    command: list[str], folder: Path, more: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": path, "COLUMNS": "80", **(more or {})},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_tour_works_block_by_block(checkout):
    assert (checkout / "my-reports/index.html").exists()
    assert "business_impact.html" in (checkout / "my-batch/index.html").read_text()


def test_every_way_in_leads_to_a_source_or_a_report(checkout):
    assert (checkout / "visit-reports/NORTHMILL/business_impact.html").exists()
    assert "sales_metrics" in (checkout / "german-reports/index.html").read_text()
    for system in ("salesforce", "hubspot", "pipedrive", "dynamics"):
        # the examples hold the same pump station, won for 48,000.50 on 20 April 2026
        source = read_source(checkout / f"from-{system}")
        assert source.problems == ()
        pump = source.tables["opportunities"].query("value == 48000.5")
        changes = source.tables["status_changes"].merge(pump[["opportunity_id"]])
        assert str(changes["changed_at"].max().date()) == "2026-04-20"
    back, model = (
        load_model(parse((folder / "models/tractor.yaml").read_text(), "tractor.yaml"))
        for folder in (checkout / "my-source", ROOT / "templates")
    )
    assert back == model


def test_a_notebook_of_ones_own_has_twenty_lines_and_is_run_with_what_is_given(checkout):
    cells = nbformat.read(checkout / "time_spent.ipynb", as_version=4).cells
    assert sum(len(cell.source.splitlines()) for cell in cells) <= 20
    activities = pd.read_csv(checkout / "my-company/activities.csv", parse_dates=["date"])
    since = activities["date"].between("2026-04-01", "2026-06-30")
    counted = activities[since & ~activities["type"].isin(["Call", "Visit"])]
    for customer, hours in counted.groupby("customer_id")["hours"].sum().items():
        entry = json.loads((checkout / f"my-quarter/{customer}/time_spent.json").read_text())
        assert entry["figures"]["hours"]["value"] == hours
        report = (checkout / f"my-quarter/{customer}/time_spent.html").read_text()
        cost = formats.money(hours * 110.5, "EUR")
        sentence = f"has cost us {hours:.0f} hours, {cost} since 1 Apr 2026."
        assert " ".join(sentence.split()) in " ".join(report.split())  # whatever kinds of spaces
        assert "<svg" in report and "Decimal" not in report and "leave_out" not in report


def test_its_parameters_are_explained_and_checked(checkout):
    done = run(["vs-toolkit", "run", "time_spent.ipynb", "--help-parameters"], checkout)
    assert done.stdout.strip() == text(1).strip()
    where = ["--source", "my-company", "--out", "none", "-p", "since=June"]
    done = run(["vs-toolkit", "run", "time_spent.ipynb", *where], checkout)
    assert done.returncode == 2 and "since: write a date as 2026-06-30 (found: June)" in done.stderr
    assert "`since: write a date as 2026-06-30 (found: June)`" in README


def test_the_message_is_the_one_you_get(checkout):
    case = (ROOT / "templates/start/cases/NORTHMILL-01.yaml").read_text()
    bad = checkout / "bad/cases/NORTHMILL-01.yaml"
    bad.parent.mkdir(parents=True)
    bad.write_text(case.replace("customer_wacc: 9%", "customer_wacc: 9"))
    (bad.parents[1] / "customers.csv").write_text((ROOT / "templates/start/customers.csv").read_text())
    done = run(["vs-toolkit", "check", "bad"], checkout)
    assert done.returncode == 1
    assert done.stdout == text(0)
