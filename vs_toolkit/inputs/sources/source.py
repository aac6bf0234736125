"""A source (folder or workbook) to checked inputs: tables, business cases, all that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import fsspec
import pandas as pd

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.cases.listed import BadCase, read_cases
from vs_toolkit.inputs.cases.model_files import content_of
from vs_toolkit.inputs.sources.readers import FILES, Raw, read_sheets
from vs_toolkit.inputs.tables import REFERENCE, TABLES
from vs_toolkit.inputs.tables.columns import dtypes, empty_frame
from vs_toolkit.inputs.tables.owners import OF_CUSTOMERS, customer_of_rows
from vs_toolkit.inputs.tables.rules import cross_checks
from vs_toolkit.inputs.tables.validate import Checked, RowProblem, validate
from vs_toolkit.inputs.wording import did_you_mean

RawTables = list[Raw | InputError]


@dataclass(frozen=True)
class BadRow:
    """A row left out of its table, or a table left out; ``customer_id`` None where it belongs to none."""

    table: str
    customer_id: str | None
    whole_table: bool
    problem: Problem


@dataclass(frozen=True)
class Inputs:
    """All of one source. ``tables`` holds the rows that are right, of the tables that are given.

    ``folder`` is where ``cases/`` and ``models/`` lie: the source itself, or the folder of the workbook.
    """

    location: str
    folder: str
    tables: dict[str, pd.DataFrame]
    cases: tuple[BusinessCase, ...]
    bad_cases: tuple[BadCase, ...]
    bad_rows: tuple[BadRow, ...]
    bad_files: tuple[Problem, ...]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that is wrong, in the order of the source."""
        cases = (problem for bad in self.bad_cases for problem in bad.problems)
        return (*self.problems_of_tables, *cases)

    @property
    def problems_of_tables(self) -> tuple[Problem, ...]:
        """What is wrong with the data that a report on the company would use: all but the business cases."""
        return (*self.bad_files, *(bad.problem for bad in self.bad_rows))

    def problems_of(self, customer_id: str) -> tuple[Problem, ...]:
        """What is wrong with the data that a report on one customer would use.

        Its own rows and cases, rows of the shared reference tables, tables and files wrong as a whole.
        """
        rows = (
            bad.problem for bad in self.bad_rows
            if bad.customer_id == customer_id or bad.table in REFERENCE or bad.whole_table
        )  # fmt: skip
        cases = (p for bad in self.bad_cases if bad.customer_id == customer_id for p in bad.problems)
        return (*self.bad_files, *rows, *cases)


def read_source(location: str | Path) -> Inputs:
    """Read and check a source: a folder of CSV and Parquet files with ``cases/``, or a workbook beside one.

    Never raises for what stands in it: see ``Inputs.problems``. ``location`` is a path or any fsspec URL.
    """
    location = str(location)
    read = next((read for suffix, read in SOURCES.items() if location.endswith(suffix)), read_folder)
    try:
        folder, raws = read(location)
    except OSError:
        problem = Problem(location, "", "", "", "no such folder or workbook, or it cannot be read")
        return Inputs(location, location, with_customers({}, ()), (), (), (), (problem,))
    tables, files = _checked(raws)
    known = frozenset(tables["customers"].frame["customer_id"].dropna()) if "customers" in tables else None
    cases, bad_cases = read_cases(folder, known)
    good, bad_rows = _sorted_out(tables, cases)
    if not (raws or cases or bad_cases):
        files = (Problem(location, "", "", "", "holds no table (such as customers.csv) and no cases/*.yaml"),)
    return Inputs(location, folder, with_customers(good, cases), cases, bad_cases, bad_rows, files)


def _checked(raws: Iterable[Raw | InputError]) -> tuple[dict[str, Checked], tuple[Problem, ...]]:
    tables: dict[str, Checked] = {}
    files: list[Problem] = []
    for raw in raws:
        if isinstance(raw, InputError):
            files += raw.problems
        elif raw.table not in TABLES:
            files.append(_stray(raw, f"not a table; {did_you_mean(raw.table, TABLES)}"))
        elif raw.table in tables:
            files.append(_stray(raw, f"the table {raw.table} is given twice; keep one"))
        else:
            tables[raw.table] = validate(raw, TABLES[raw.table])
    return tables, tuple(files)


def _stray(raw: Raw, text: str) -> Problem:
    sheet = f"sheet {raw.table}" if raw.file.endswith(tuple(SOURCES)) else ""
    return Problem(raw.file, sheet, "", "", f"{text} (a name that begins with _ is left out)")


def _sorted_out(
    tables: Mapping[str, Checked], cases: Iterable[BusinessCase]
) -> tuple[dict[str, pd.DataFrame], tuple[BadRow, ...]]:
    """Separate the rows that are right from those that are not."""
    frames = {name: checked.frame for name, checked in tables.items()}
    crossed, good = cross_checks(tables, cases), {}
    bad: list[BadRow] = []
    for name, checked in tables.items():
        problems = sorted((*checked.problems, *crossed[name]), key=lambda p: -1 if p.row is None else p.row)
        bad += _bad_rows(name, problems, frames)
        whole = any(problem.row is None for problem in problems)
        wrong = {problem.row for problem in problems}
        kept = checked.frame[:0] if whole else checked.frame.drop(index=list(wrong))
        good[name] = kept.reset_index(drop=True).astype(dtypes(TABLES[name]))
    return good, tuple(bad)


def _bad_rows(name: str, problems: list[RowProblem], frames: Mapping[str, pd.DataFrame]) -> Iterator[BadRow]:
    owners = customer_of_rows(name, frames) if problems and name in OF_CUSTOMERS else None
    for row_problem in problems:
        owner = None if owners is None or row_problem.row is None else owners.iloc[row_problem.row]
        known = owner if isinstance(owner, str) else None
        yield BadRow(name, known, row_problem.row is None, row_problem.problem)


def with_customers(tables: dict[str, pd.DataFrame], cases: Iterable[BusinessCase]) -> dict[str, pd.DataFrame]:
    """Where no table of customers is given, the customers are those that cases and rows name."""
    if "customers" in tables:
        return tables
    named = {case.customer for case in cases}
    for table in OF_CUSTOMERS:
        named |= set(customer_of_rows(table, tables).dropna()) if table in tables else set()
    ids = sorted(named)
    blank = empty_frame(TABLES["customers"]).reindex(range(len(ids)))
    return {"customers": blank.assign(customer_id=ids, name=ids), **tables}


def read_folder(location: str) -> tuple[str, RawTables]:
    """Read every CSV and Parquet file of a folder as the table that its name says."""
    filesystem, root = fsspec.url_to_fs(location)
    raws: RawTables = []
    for path in sorted(filesystem.ls(root, detail=False)):
        name = PurePosixPath(path)
        if name.suffix in FILES and not name.name.startswith(("_", ".")):
            raws.append(_attempt(filesystem, path))
    return location, raws


def read_workbook(location: str) -> tuple[str, RawTables]:
    """Read every sheet of a workbook as the table that its name says; cases stand in a folder beside it."""
    filesystem, path = fsspec.url_to_fs(location)
    return str(location).rpartition("/")[0] or ".", list(
        read_sheets(filesystem.cat_file(path), path.split("/")[-1])
    )


def _attempt(filesystem: fsspec.AbstractFileSystem, path: str) -> Raw | InputError:
    name = PurePosixPath(path)
    try:
        return FILES[name.suffix](content_of(filesystem, path, name.name), name.stem, name.name)
    except InputError as error:
        return error


SOURCES: dict[str, Callable[[str], tuple[str, RawTables]]] = {".xlsx": read_workbook, ".xlsm": read_workbook}
