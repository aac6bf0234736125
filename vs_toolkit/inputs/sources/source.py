"""A source (folder or workbook) to checked inputs: tables, business cases, all that is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

import fsspec
import pandas as pd

from vs_toolkit.errors import InputError, Problem, Severity
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.cases.listed import BadCase, read_cases
from vs_toolkit.inputs.cases.model_files import content_of
from vs_toolkit.inputs.fields import Model
from vs_toolkit.inputs.sources.database import (
    NO_FOLDER,
    is_database,
    read_database,
    read_query_file,
    without_secret,
)
from vs_toolkit.inputs.sources.raw import Raw
from vs_toolkit.inputs.sources.readers import FILES, odd_file
from vs_toolkit.inputs.sources.record import Reading, folded
from vs_toolkit.inputs.sources.sheets import ANSWERS, form_of, open_sheets, read_sheet, without_form_rows
from vs_toolkit.inputs.tables import REFERENCE, TABLES
from vs_toolkit.inputs.tables.columns import dtypes, empty_frame
from vs_toolkit.inputs.tables.doubts import doubts
from vs_toolkit.inputs.tables.owners import OF_CUSTOMERS, customer_of_rows
from vs_toolkit.inputs.tables.rules import cross_checks
from vs_toolkit.inputs.tables.validate import Checked, RowProblem, joined, table_named, validate, wanted_of
from vs_toolkit.inputs.wording import did_you_mean

RawTables = list[Raw | InputError]
NO_SOURCE = "no such folder or workbook, or it cannot be read"


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
    ``readings`` say what was decided when each file was read; ``warnings`` what is used, but looks wrong.
    """

    location: str
    folder: str
    tables: dict[str, pd.DataFrame]
    cases: tuple[BusinessCase, ...]
    bad_cases: tuple[BadCase, ...]
    bad_rows: tuple[BadRow, ...]
    bad_files: tuple[Problem, ...]
    readings: tuple[Reading, ...] = ()
    warnings: tuple[Problem, ...] = ()

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

    Never raises for what stands in it: see ``Inputs.problems``. ``location`` is a path, any fsspec URL, the
    address of a database, or a YAML file that names a database and a query for each table.

    Raises
    ------
    InputError
        When the address of a database holds a password.
    """
    location = str(location)
    if is_database(location):
        without_secret(location)
    form = None
    try:
        folder, raws = _reader(location)(location)
        form = _case_form(location) if location.endswith(tuple(SOURCES)) else None
    except InputError as error:
        return Inputs(location, NO_FOLDER, with_customers({}, ()), (), (), (), error.problems)
    except OSError:
        problem = odd_file(location.rpartition("/")[2]) or Problem(location, "", "", "", NO_SOURCE)
        return Inputs(location, location, with_customers({}, ()), (), (), (), (problem,))
    tables, readings, files, warnings = _checked([] if form else raws)
    known = frozenset(tables["customers"].frame["customer_id"].dropna()) if "customers" in tables else None
    cases = read_cases(folder, known, form)
    good, bad_rows = _sorted_out(tables, cases.good)
    if not (raws or cases.good or cases.bad):
        files = (Problem(location, "", "", "", "holds no table (such as customers.csv) and no cases/*.yaml"),)
    return Inputs(
        location,
        folder,
        with_customers(good, cases.good),
        cases.good,
        cases.bad,
        bad_rows,
        files,
        readings,
        (*warnings, *doubts(tables), *cases.warnings),
    )


def _reader(location: str) -> Callable[[str], tuple[str, RawTables]]:
    if is_database(location):
        return lambda url: (NO_FOLDER, read_database(url))
    if location.endswith((".yaml", ".yml")):
        return read_queries
    return next((read for suffix, read in SOURCES.items() if location.endswith(suffix)), read_folder)


def read_queries(location: str) -> tuple[str, RawTables]:
    """Read a database that a file names, with its queries; cases stand in ``cases/`` beside the file."""
    url, queries = read_query_file(Path(location))
    return str(location).rpartition("/")[0] or ".", read_database(url, queries)


def _checked(
    raws: Iterable[Raw | InputError],
) -> tuple[dict[str, Checked], tuple[Reading, ...], tuple[Problem, ...], tuple[Problem, ...]]:
    """Validate every table; then how each file was read, what is wrong with files as a whole, and what only
    looks wrong.
    """
    tables: dict[str, Checked] = {}
    readings: list[Reading] = []
    files: list[Problem] = []
    for raw in raws:
        if isinstance(raw, InputError):
            files += raw.problems
            continue
        files += raw.warnings
        if raw.table not in TABLES:
            files.append(_stray(raw))
        elif raw.table in tables and not (raw.adds or tables[raw.table].raw.adds):
            text = f"the table {raw.table} is given twice, first in {tables[raw.table].raw.file}; keep one"
            files.append(_of_file(raw, text + LEFT_OUT))
        else:
            checked, before = validate(raw, TABLES[raw.table]), tables.get(raw.table)
            readings.append(checked.reading)
            tables[raw.table] = joined(before, checked) if before else checked
    errors = tuple(problem for problem in files if not problem.is_warning)
    return tables, tuple(readings), errors, tuple(problem for problem in files if problem.is_warning)


LEFT_OUT = " (a name that begins with _ is left out)"


def _stray(raw: Raw) -> Problem:
    """A file or sheet that is no table: wrong where it may have been meant as one, else only mentioned."""
    if raw.table in raw.file and not raw.file.endswith(tuple(SOURCES)):
        return _of_file(raw, f"not a table; {did_you_mean(raw.table, TABLES)}{LEFT_OUT}")
    hint = did_you_mean(raw.table, TABLES)
    columns = {folded(name) for name in raw.frame.columns}
    alike = [name for name, model in TABLES.items() if _named_like(columns, model)]
    if hint.startswith("did you"):
        return _of_file(raw, f"not a table; {hint}{LEFT_OUT}")
    if alike:
        return _of_file(
            raw, f"not a table by its name; its columns look like {alike[0]}: name it so{LEFT_OUT}"
        )
    return _of_file(raw, "is not a table: left out", "warning")


def _named_like(columns: set[str], model: type[Model]) -> bool:
    required = {folded(name) for name, field in model.model_fields.items() if field.is_required()}
    return len(required) > 1 and required <= columns


def _of_file(raw: Raw, text: str, severity: Severity = "error") -> Problem:
    sheet = raw.reading.file.rpartition(", sheet ")[2] if ", sheet " in raw.reading.file else ""
    return Problem(raw.file, f"sheet {sheet}" if sheet else "", "", "", text, severity)


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
    """Read every table of a folder: CSV, TSV, Parquet and Excel files, each as the table that its name
    says.
    """
    filesystem, root = fsspec.url_to_fs(location)
    raws: RawTables = []
    for path in sorted(filesystem.ls(root, detail=False)):
        name = PurePosixPath(path).name
        if name.startswith(("_", ".")):
            continue
        if odd := odd_file(name):
            raws.append(InputError([odd]))
        elif PurePosixPath(name.lower()).suffix in (".xlsx", ".xlsm"):
            raws += _workbook(filesystem, path, name)
        elif _is_table_file(name):
            raws.append(_attempt(filesystem, path, name))
    return location, raws


def _is_table_file(name: str) -> bool:
    """A text file (``.txt``) is read only where its name is that of a table: others are notes."""
    path = PurePosixPath(name)
    suffix = path.suffix.lower()
    return suffix in FILES and (suffix != ".txt" or table_named(path.stem) in TABLES)


def read_workbook(location: str) -> tuple[str, RawTables]:
    """Read every sheet of a workbook as the table that its name says; cases stand in a folder beside it."""
    filesystem, path = fsspec.url_to_fs(location)
    name = path.split("/")[-1]
    return str(location).rpartition("/")[0] or ".", _sheets(filesystem.cat_file(path), name)


def _case_form(location: str) -> tuple[str, bytes] | None:
    """Name and content of a workbook that is the form of a business case; None for any other."""
    filesystem, path = fsspec.url_to_fs(location)
    content = filesystem.cat_file(path)
    if not _is_form_of_a_case(content, path):
        return None
    return path.split("/")[-1], content


def _is_form_of_a_case(content: bytes, file: str) -> bool:
    try:
        return any(form_of(sheet) == "case" for sheet in open_sheets(content, file))
    except InputError:
        return False


def _workbook(filesystem: fsspec.AbstractFileSystem, path: str, name: str) -> RawTables:
    try:
        return _sheets(content_of(filesystem, path, name), name)
    except InputError as error:
        return [error]


def _sheets(content: bytes, file: str) -> RawTables:
    """Tables of a workbook; a sheet that holds nothing, or is hidden and no table, is left out."""
    alone = table_named(PurePosixPath(file).stem)
    sheets = open_sheets(content, file) if content else []
    titles = {sheet.title: table_named(sheet.title) for sheet in sheets}
    if (
        alone in TABLES
        and len([sheet for sheet in sheets if sheet.rows]) == 1
        and not set(titles.values()) & set(TABLES)
    ):
        titles = dict.fromkeys(titles, alone)
    raws: RawTables = []
    for sheet in sheets:
        table, adds = titles[sheet.title], form_of(sheet).startswith(ANSWERS)
        sheet = without_form_rows(sheet)
        if sheet.is_form and len(sheet.rows) < 2:
            continue  # a table of the form that nobody filled in
        if sheet.hidden and table in TABLES:
            raws.append(InputError([Problem(file, f"sheet {sheet.title}", "", "", HIDDEN_SHEET)]))
        elif sheet.hidden or (not sheet.rows and table not in TABLES):
            continue
        else:
            raw = read_sheet(sheet, table, wanted_of(table), file)
            raws.append(replace(raw, adds=adds) if isinstance(raw, Raw) else raw)
    return raws


HIDDEN_SHEET = "the sheet is hidden: unhide it to have it read, or delete it"


def _attempt(filesystem: fsspec.AbstractFileSystem, path: str, name: str) -> Raw | InputError:
    table = table_named(PurePosixPath(name).stem)
    try:
        content = content_of(filesystem, path, name)
        return FILES[PurePosixPath(name).suffix.lower()](content, table, name, wanted_of(table))
    except InputError as error:
        return error


SOURCES: dict[str, Callable[[str], tuple[str, RawTables]]] = {".xlsx": read_workbook, ".xlsm": read_workbook}
