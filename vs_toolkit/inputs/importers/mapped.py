"""Anything else: a mapping file says which of its columns are which of ours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
from pydantic import AfterValidator, BeforeValidator, Field, ValidationError

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.cases import formulas
from vs_toolkit.inputs.cases.document import Document, decode, parse
from vs_toolkit.inputs.cases.documents import problems_of
from vs_toolkit.inputs.fields import Model, Text
from vs_toolkit.inputs.importers.export import Export
from vs_toolkit.inputs.importers.registry import Extract, importer, marks
from vs_toolkit.inputs.sources.record import folded
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.columns import base_type
from vs_toolkit.inputs.wording import did_you_mean


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


Words = Annotated[tuple[str, ...], BeforeValidator(_listed)]


def _arithmetic(value: str) -> str:
    formulas.parse(value)
    return value


Formula = Annotated[Text, AfterValidator(_arithmetic)]


class Lookup(Model):
    """Take a value from another file: where ``key`` there is what stands here, its column ``value``."""

    file: Text
    key: Text
    value: Text


class Part(Model):
    """Rows of one of our tables, from one file.

    ``columns`` says for each of ours which of theirs; ``constants`` fills a column with one value; ``values``
    translates values; ``where`` keeps rows with one of these values; ``blank`` fills empty cells; ``filled``
    drops rows in which one of these columns is empty, ``empty`` those in which one is not; ``unique`` keeps
    the first row of each key; ``whole`` takes ``84.0`` as 84. ``formulas`` works a number out from theirs, in
    whose names a space is written as ``_`` (``unit_price * quantity``); ``summed`` adds these columns up over
    the rows that are equal in all others.
    """

    file: Text
    columns: dict[str, Text] = Field(default_factory=dict)
    constants: dict[str, Text] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    where: dict[str, Words] = Field(default_factory=dict)
    blank: dict[str, Text] = Field(default_factory=dict)
    filled: Words = ()
    empty: Words = ()
    unique: Words = ()
    whole: Words = ()
    lookup: dict[str, Lookup] = Field(default_factory=dict)
    formulas: dict[str, Formula] = Field(default_factory=dict)
    summed: Words = ()


class Mapping(Model):
    """A mapping file: for each of our tables one part, or several that are put below each other."""

    description: Text | None = None
    tables: dict[str, Annotated[tuple[Part, ...], BeforeValidator(_listed)]]


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises
    ------
    InputError
        With every problem and its line.
    """
    try:
        document = parse(decode(path.read_bytes(), path.name), path.name)
    except OSError as error:
        raise InputError([Problem(path.name, "", "", "", f"cannot be read: {error.strerror}")]) from None
    try:
        mapping = Mapping.model_validate(document.data)
    except ValidationError as error:
        raise InputError(problems_of(error, Mapping, document)) from None
    if problems := [*_unknown(mapping, document)]:
        raise InputError(problems)
    return mapping


def _unknown(mapping: Mapping, document: Document) -> list[Problem]:
    problems = []
    for table, parts in mapping.tables.items():
        if table not in TABLES:
            message = f"not a table; {did_you_mean(table, TABLES)}"
            problems.append(document.problem(("tables", table), message))
            continue
        fields = TABLES[table].model_fields
        for i, part in enumerate(parts):
            path = ("tables", table, i) if ("tables", table, i) in document.lines else ("tables", table)
            for name in (*part.columns, *part.constants, *part.formulas):
                if name not in fields:
                    message = f"{name!r} is not a column of {table}; {did_you_mean(name, fields)}"
                    problems.append(document.problem(path, message))
    return problems


def named_files(mapping: Mapping, paths: Iterable[Path]) -> list[Path]:
    """Files that a mapping names, among those that are given; the others need not be readable."""
    wanted = {part.file for parts in mapping.tables.values() for part in parts}
    wanted |= {
        look.file for parts in mapping.tables.values() for part in parts for look in part.lookup.values()
    }
    names = {folded(name) for name in wanted} | {folded(Path(name).stem) for name in wanted}
    everything = [p for path in paths for p in (sorted(path.iterdir()) if path.is_dir() else [path])]
    books = [path for path in everything if path.suffix.lower() in (".xlsx", ".xlsm")]
    return [p for p in everything if folded(p.name) in names or folded(p.stem) in names] or books


def apply_mapping(mapping: Mapping, exports: list[Export]) -> Extract:
    """Make our tables from the files that a mapping names; rows that are left out are counted."""
    said = Extract()
    files = {folded(export.file): export for export in exports}
    files |= {folded(Path(export.file).stem): export for export in exports}
    files |= {folded(export.reading.table): export for export in exports}
    problems: list[Problem] = []
    said.tables = {}
    for table, parts in mapping.tables.items():
        frames = []
        for part in parts:
            try:
                frames.append(_part(part, table, files, said))
            except InputError as error:
                problems += error.problems
        said.tables[table] = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    problems += [problem for export in exports for problem in export.problems]
    if problems:
        raise InputError(dict.fromkeys(problems))
    return said


def _file(files: dict[str, Export], name: str) -> Export:
    if folded(name) in files:
        return files[folded(name)]
    known = sorted({export.file for export in files.values()})
    raise InputError(
        [Problem("mapping", "", "file", name, f"is not among the files; {did_you_mean(name, known)}")]
    )


def _column(export: Export, name: str) -> pd.Series[Any]:
    if not export.name_of(name):
        hint = did_you_mean(name, map(str, export.frame.columns))
        raise InputError(
            [Problem(export.file, "", name, "", f"the mapping names this column, the file lacks it; {hint}")]
        )
    return export.text(name)


def _typed(export: Export, theirs: str, table: str, ours: str) -> pd.Series[Any]:
    """Column in the type that ours has, its marks and its order of day and month decided for the whole
    column.
    """
    text, kind = _column(export, theirs), base_type(TABLES[table].model_fields[ours].annotation)
    if kind in (date, datetime):
        moments = export.moments(theirs)
        return moments.dt.normalize() if kind is date else moments
    return export.numbers(theirs) if kind is float else text


def _part(part: Part, table: str, files: dict[str, Export], said: Extract) -> pd.DataFrame:
    export = _file(files, part.file)
    keep = _kept(part, export)
    typed = {
        ours: _column(export, theirs)
        if ours in part.lookup or ours in part.values
        else _typed(export, theirs, table, ours)
        for ours, theirs in part.columns.items()
    }
    typed |= {ours: _computed(export, formula) for ours, formula in part.formulas.items()}
    frame = _filled_in(part, pd.DataFrame(typed, index=export.frame.index), files)[keep.to_numpy(bool)]
    if part.filled and not keep.all() and not part.where:
        lost = f"{int((~keep).sum()):,} rows of {export.file} left out: {', '.join(part.filled)} is empty"
        said.said.append(f"{table}: {lost}")
    if part.summed:
        added = list(part.summed)
        others = [name for name in frame if name not in added]
        frame = frame.groupby(others, sort=False, dropna=False)[added].sum().reset_index()
    return frame.drop_duplicates(list(part.unique)) if part.unique else frame


def _computed(export: Export, formula: str) -> pd.Series[Any]:
    """Work a column out from theirs; a blank in any of them makes the result blank."""
    numbers = {}
    for name in formulas.names(formula):
        theirs = name if export.name_of(name) else name.replace("_", " ")
        _column(export, theirs)
        numbers[name] = export.numbers(theirs)
    found: pd.Series[Any] = formulas.evaluate(formulas.parse(formula), numbers)
    return found


def _kept(part: Part, export: Export) -> pd.Series[bool]:
    keep = pd.Series(True, index=export.frame.index)
    for name, allowed in part.where.items():
        keep &= _column(export, name).isin(allowed)
    for name in part.filled:
        keep &= _column(export, name).notna()
    for name in part.empty:
        keep &= _column(export, name).isna()
    return keep


def _filled_in(part: Part, frame: pd.DataFrame, files: dict[str, Export]) -> pd.DataFrame:
    for name, lookup in part.lookup.items():
        frame[name] = frame[name].map(_looked_up(lookup, files))
    for name in part.whole:
        frame[name] = frame[name].str.removesuffix(".0")
    for name, words in part.values.items():
        frame[name] = frame[name].map(lambda value, words=words: words.get(value, value), na_action="ignore")
    for name, value in part.blank.items():
        frame[name] = frame[name].fillna(value)
    return frame.assign(**part.constants)


def _looked_up(lookup: Lookup, files: dict[str, Export]) -> dict[Any, Any]:
    other = _file(files, lookup.file)
    return dict(zip(_column(other, lookup.key), _column(other, lookup.value), strict=True))


@importer("csv", "a mapping file", (), marks())
def extract(exports: list[Export]) -> Extract:
    """Without a mapping nothing can be known of the files.

    Raises
    ------
    InputError
        Always: the mapping is applied by :func:`apply_mapping`.
    """
    raise InputError(
        [
            Problem(
                "export", "", "", "", "give the mapping file: --mapping FILE (data/examples/mappings has two)"
            )
        ]
    )
