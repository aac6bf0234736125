"""What reading costs: a million status changes from CSV files, from a CRM export, and from PostgreSQL.

    python benchmarks/inputs.py [ROWS]
    python benchmarks/inputs.py [ROWS] report    # then on to a calibration report of what was imported

Each way runs in a process of its own; seconds are wall time, MiB the peak of the resident memory of the
process. PostgreSQL needs a server that is installed (Debian: apt-get install postgresql).
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import measuring
import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

STAGES = ["Lead", "Offer", "Negotiation", "Won", "Lost"]


def make(folder: Path, rows: int) -> None:
    """A company of three changes a sales case, as a source of ours and as an export of Salesforce."""
    dice, cases = np.random.default_rng(1), rows // 3
    ids = np.array([f"O{n:07d}" for n in range(cases)])
    created = pd.Timestamp("2018-01-01") + pd.to_timedelta(dice.integers(0, 3000, cases), "D")
    customers = np.array([f"C{n:04d}" for n in range(1000)])
    value = np.round(dice.lognormal(10, 1, cases), 2)
    deals = pd.DataFrame({"opportunity_id": ids, "customer_id": dice.choice(customers, cases), "created_at": created,  # noqa: E501
                          "value": value, "currency": "EUR"})  # fmt: skip
    at = np.repeat(created.to_numpy(), 3) + np.tile([0, 30, 90], cases) * np.timedelta64(1, "D")
    at = at + dice.integers(0, 86_400, 3 * cases).astype("timedelta64[s]")
    end = dice.choice(["Negotiation", "Won", "Lost"], cases)
    status = np.column_stack([np.full(cases, "Lead"), np.full(cases, "Offer"), end]).ravel()
    changes = pd.DataFrame({"opportunity_id": np.repeat(ids, 3), "changed_at": at, "status": status,
                            "value": np.repeat(value, 3)})  # fmt: skip
    outcome = ["open", "open", "open", "won", "lost"]
    statuses = pd.DataFrame({"status": STAGES, "order": range(1, 6), "outcome": outcome,
                             "nominal_probability": [0.1, 0.3, 0.6, 1, 0]})  # fmt: skip
    source, export = folder / "source", folder / "export"
    source.mkdir()
    export.mkdir()
    names = pd.DataFrame({"customer_id": customers, "name": customers})
    tables = {"customers": names, "opportunities": deals, "statuses": statuses, "status_changes": changes}
    for name, table in tables.items():
        table.to_csv(source / f"{name}.csv", index=False)
    last = pd.Series(end).map({"Negotiation": 0, "Won": 1, "Lost": 1}).to_numpy()
    pd.DataFrame({"Id": ids, "AccountId": deals["customer_id"], "Name": ids, "StageName": end, "Amount": value,  # noqa: E501
                  "CloseDate": (created + pd.Timedelta(days=90)).strftime("%Y-%m-%d"), "IsClosed": last,
                  "IsWon": (end == "Won").astype(int), "CreatedDate": created.strftime("%Y-%m-%dT%H:%M:%S.000Z"),  # noqa: E501
                  }).to_csv(export / "Opportunity.csv", index=False)  # fmt: skip
    pd.DataFrame({"OpportunityId": changes["opportunity_id"], "StageName": status,
                  "CreatedDate": pd.Series(at).dt.strftime("%Y-%m-%dT%H:%M:%S.000Z"), "Amount": changes["value"],  # noqa: E501
                  }).to_csv(export / "OpportunityHistory.csv", index=False)  # fmt: skip


def read_csv(folder: Path) -> None:
    """Read and check the source of CSV files."""
    from vs_toolkit.inputs import read_source

    assert not read_source(folder / "source").problems


def german_csv(folder: Path) -> None:
    """The same as German Excel writes it: semicolons, decimal commas, dd.mm.yyyy."""
    from vs_toolkit.inputs import read_source

    assert not read_source(folder / "german").problems


def import_salesforce(folder: Path) -> None:
    """Import the export, without reading the source that it writes."""
    from vs_toolkit.inputs.importers import run

    run("salesforce", [folder / "export"], folder / "imported")


def snapshot(folder: Path) -> None:
    """PostgreSQL to a snapshot."""
    from vs_toolkit.inputs import read_source, write_snapshot

    inputs = read_source((folder / "url").read_text())
    assert not inputs.problems
    write_snapshot(inputs, str(folder / "snapshot"), date(2026, 6, 30))


WAYS = {way.__name__: way for way in (read_csv, german_csv, import_salesforce, snapshot)}


def measure(way: str, folder: Path) -> None:
    """Run one way in a process of its own and print what it cost."""
    done = subprocess.run(
        [sys.executable, __file__, way, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        print(f"{way}: failed\n{done.stderr[-800:]}")
        return
    cost = json.loads(done.stdout.splitlines()[-1])
    print(f"{way}: {cost['seconds']:.1f} s wall, {cost['cpu']:.1f} s CPU, {cost['mib']:.0f} MiB", flush=True)


def german(folder: Path) -> None:
    """Write the source once more, in another locale."""
    (folder / "german").mkdir()
    for file in (folder / "source").glob("*.csv"):
        table = pd.read_csv(file, dtype="str")
        for name in {"created_at", "changed_at"} & set(table):
            moments = pd.to_datetime(table[name])
            table[name] = moments.dt.strftime("%d.%m.%Y" if name == "created_at" else "%d.%m.%Y %H:%M:%S")
        for name in {"value", "nominal_probability"} & set(table):
            table[name] = table[name].str.replace(".", ",")
        table.to_csv(folder / "german" / file.name, index=False, sep=";", encoding="utf-8-sig")


def load(url: str, folder: Path) -> None:
    """Copy the source into the server."""
    import sqlalchemy

    engine = sqlalchemy.create_engine(url)
    for file in (folder / "source").glob("*.csv"):
        dates = {"opportunities": ["created_at"], "status_changes": ["changed_at"]}.get(file.stem, [])
        with engine.begin() as connection:
            table = pd.read_csv(file, parse_dates=dates)
            table.head(0).to_sql(file.stem, connection, index=False)
            columns = ", ".join(f'"{name}"' for name in table.columns)
            with connection.connection.cursor().copy(
                f"copy {file.stem} ({columns}) from stdin (format csv)"
            ) as copy:
                copy.write(table.to_csv(index=False, header=False))
    engine.dispose()


def report(folder: Path) -> None:
    """From the imported source to a calibration report, with where the time goes."""
    command = [str(Path(sys.executable).with_name("vs-toolkit")), "run", "funnel_calibration"]
    command += ["--source", str(folder / "imported"), "--out", str(folder / "out"), "--as-of", "2026-06-30"]
    cost = measuring.measure([*command, "--timeout", "1800"])
    if cost.code:
        print(f"report: failed\n{cost.said[-400:]}{cost.warned[-400:]}")
        return
    seconds = json.loads((folder / "out/run.json").read_text())["seconds"]
    spent = ", ".join(f"{what} {time:.1f} s" for what, time in seconds.items())
    print(f"report: {cost.cpu_seconds:.1f} s CPU ({spent}), driver {cost.driver:.0f} MiB, "
          f"kernel {cost.largest:.0f} MiB")  # fmt: skip


def main(rows: int, to_report: bool) -> None:
    """Make the data, measure every way."""
    from tests.inputs.postgres import server

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        make(folder, rows)
        german(folder)
        for way in ("read_csv", "german_csv", "import_salesforce"):
            measure(way, folder)
        if to_report:
            report(folder)
        (folder / "pg").mkdir()
        with server(folder / "pg") as url:
            load(url, folder)
            (folder / "url").write_text(url)
            measure("snapshot", folder)


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] in WAYS:
        begun, cpu = time.monotonic(), time.process_time()
        WAYS[sys.argv[1]](Path(sys.argv[2]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        seconds, used = time.monotonic() - begun, time.process_time() - cpu
        print(json.dumps({"seconds": seconds, "cpu": used, "mib": peak}))
    else:
        given = [argument for argument in sys.argv[1:] if argument != "report"]
        main(int(given[0]) if given else 1_000_000, "report" in sys.argv)
