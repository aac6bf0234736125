"""An import from beginning to end: files, the right system, stages, currencies, our tables, the statement."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from vs_toolkit.errors import InputError, ParameterError, Problem
from vs_toolkit.inputs.importers import stages as stage_map
from vs_toolkit.inputs.importers import tables as make
from vs_toolkit.inputs.importers.export import Export, read_exports
from vs_toolkit.inputs.importers.mapped import Mapping, apply_mapping, named_files, read_mapping
from vs_toolkit.inputs.importers.rates import convert, read_rates
from vs_toolkit.inputs.importers.registry import IMPORTERS, Extract, Importer
from vs_toolkit.inputs.lookup import among
from vs_toolkit.inputs.sources.files import write_whole
from vs_toolkit.inputs.sources.readers import FILES
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.wording import did_you_mean

MARKER, STATEMENT = "_import.json", "_import.txt"


@dataclass(frozen=True)
class Options:
    """What the user can say about an import."""

    mapping: Path | None = None
    stages: Path | None = None
    timezone: str = ""
    rates: Path | None = None


@dataclass(frozen=True)
class Imported:
    """What came of it: the folder, rows by table, and the statement, line by line."""

    folder: Path
    rows: dict[str, int]
    statement: tuple[str, ...]


@dataclass
class _Statement:
    lines: list[str] = field(default_factory=list)

    def add(self, lines: Iterable[str]) -> None:
        self.lines += [line for line in lines if line not in self.lines]


def run(system: str, files: Iterable[Path], folder: Path, options: Options = Options()) -> Imported:
    """Import files of a CRM system into a folder, which becomes a source; see ``vs-toolkit import``.

    Raises
    ------
    InputError
        With everything that keeps the files from being imported.
    ParameterError
        For an unknown system or time zone.
    """
    if system not in IMPORTERS:
        raise ParameterError(f"{system!r} cannot be imported; {did_you_mean(system, IMPORTERS)}")
    importer, zone = IMPORTERS[system], _zone(options.timezone)
    mapping = _mapping(options) if system == "csv" else None
    exports = read_exports(named_files(mapping, files) if mapping else files, importer.headers)
    for export in exports:
        export.zone, export.naive_is_utc = zone, importer.naive_is_utc
    _refuse_other_folder(folder)
    said = _Statement()
    if mapping is not None:
        extract = apply_mapping(mapping, exports)
        tables = dict(extract.tables or {})
    else:
        _refuse_other_system(importer, exports)
        extract = importer.extract(exports)
        _raise_problems(exports)
        tables = _tables(extract, folder, options, said)
    said.lines[:0] = _reading(exports, extract, zone, importer)
    return _land(folder, tables, said, importer)


def _zone(name: str) -> ZoneInfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ParameterError(f"--timezone: {name!r} is not known; write it as Europe/Berlin") from None


def _mapping(options: Options) -> Mapping:
    if options.mapping is None:
        message = "give the mapping file: --mapping FILE (data/examples/mappings has two to start from)"
        raise InputError([Problem("export", "", "", "", message)])
    return read_mapping(options.mapping)


def _refuse_other_system(importer: Importer, exports: list[Export]) -> None:
    """A file of another system is refused with the name of the right one."""
    problems, known = [], False
    for export in exports:
        scores = {name: other.knows(export) for name, other in IMPORTERS.items() if name != "csv"}
        best = max(scores, key=lambda name: scores[name])
        known |= scores[importer.name] > 0
        if scores[best] > scores[importer.name]:
            message = (
                f"looks like an export of {IMPORTERS[best].title}: vs-toolkit import {best} {export.file}"
            )
            problems.append(Problem(export.file, "", "", "", message))
    if not problems and not known:
        message = (
            f"is no export of {importer.title} that is known; describe it in a mapping file: "
            "vs-toolkit import csv"
        )
        problems = [Problem(export.file, "", "", "", message) for export in exports]
    if problems:
        raise InputError(problems)


def _raise_problems(exports: list[Export]) -> None:
    if problems := [problem for export in exports for problem in export.problems]:
        raise InputError(problems)


def _tables(extract: Extract, folder: Path, options: Options, said: _Statement) -> dict[str, pd.DataFrame]:
    make.tidy_deals(extract)
    if extract.deals.empty:
        message = "; ".join(["the files hold no opportunities: add the file that lists them", *extract.said])
        raise InputError([Problem("export", "", "", "", message)])
    missing = extract.deals["created"].isna()
    notes = make.contradictions(make.opportunities(extract))
    extract.deals = extract.deals[~missing.to_numpy(bool)].reset_index(drop=True)
    if extract.deals.empty:
        message = "no opportunity has a date of creation: add that column to the export"
        raise InputError([Problem("export", "", "", "", message)])
    stages = _stages(extract, folder, options, said)
    changes = make.status_changes(extract, stages, said.lines)
    statuses = stage_map.statuses_table(stages, _adopted(folder), TABLES["statuses"].model_fields)
    opportunities, changes = _converted(make.opportunities(extract), changes, options, said)
    said.add([*make.supports(changes, statuses), *notes])
    return {
        "customers": make.customers(extract, said.lines),
        "people": make.people(extract),
        "opportunities": opportunities,
        "statuses": statuses,
        "status_changes": changes,
    }


def _stages(extract: Extract, folder: Path, options: Options, said: _Statement) -> pd.DataFrame:
    """Propose the stage map, apply what the user changed in it, and write it beside the tables."""
    path = folder / stage_map.FILE
    given = options.stages or (path if path.exists() else None)
    stages, lines = stage_map.propose(extract, stage_map.read_stages(given) if given else None)
    said.add(lines)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(str(path), stages.to_csv(index=False, lineterminator="\n").encode())
    said.add([
        f"stage map {'applied from ' + str(given) if given else 'proposed'}: {len(stages)} stages in {path}; "
        "change it there and run the import again"
    ])  # fmt: skip
    return stages


def _adopted(folder: Path) -> pd.DataFrame | None:
    path = folder / "statuses.csv"
    return pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""]) if path.exists() else None


def _converted(
    opportunities: pd.DataFrame, changes: pd.DataFrame, options: Options, said: _Statement
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Bring all amounts into one currency, or refuse to add what cannot be added."""
    named = sorted(opportunities["currency"].dropna().unique())
    if not named:
        said.add(["the export names no currency: amounts are read as one currency"])
        return opportunities, changes
    if options.rates is None:
        if len(named) > 1:
            message = (
                f"amounts are in {', '.join(named)}: give dated rates, --rates FILE (date, "
                "currency, rate, into)"
            )
            raise InputError([Problem("export", "", "currency", "", message)])
        return opportunities, changes
    rates = read_rates(options.rates)
    into = rates["into"].iloc[0]
    own = opportunities.set_index("opportunity_id")["currency"]
    currency = changes["opportunity_id"].map(own)
    changes = changes.assign(value=convert(changes["value"], currency, changes["changed_at"], rates))
    value = convert(opportunities["value"], opportunities["currency"], opportunities["created_at"], rates)
    said.add(
        [
            f"{', '.join(c for c in named if c != into)} converted into {into} at the rate of the day of "
            "each row"
        ]
    )
    return opportunities.assign(value=value, currency=into), changes


def _reading(exports: list[Export], extract: Extract, zone: ZoneInfo | None, importer: Importer) -> list[str]:
    lines = []
    for export in exports:
        decided = "; ".join(
            dict.fromkeys((*export.reading.decisions, *(f"{n}: {text}" for n, text in export.notes)))
        )
        lines.append(f"{export.file}: {len(export):,} rows" + (f" ({decided})" if decided else ""))
        if export.unused:
            lines.append(f"  not used: {', '.join(export.unused)}")
    zones = {kind for export in exports for kind in export.zones}
    lines.append(_zone_line(zones, zone, importer))
    return [*lines, *extract.said, *(f"warning: {text}" for text in extract.warned)]


def _zone_line(zones: set[str], zone: ZoneInfo | None, importer: Importer) -> str:
    if not zones:
        return "days are taken as they stand"
    if zones == {"none"} and not importer.naive_is_utc:
        return "times bear no zone: days are taken as they stand"
    if zone:
        return f"times are in UTC in the export; days are those of {zone.key}"
    return (
        "times are in UTC, and so are the days: a deal closed in the evening may fall on the next day "
        "(--timezone)"
    )


def _refuse_other_folder(folder: Path) -> None:
    if (folder / MARKER).exists() or not folder.exists():
        return
    held = [path.name for path in folder.iterdir() if path.suffix in FILES and path.stem in TABLES]
    if held:
        message = f"holds tables that no import wrote ({', '.join(sorted(held)[:3])}): name another folder"
        raise InputError([Problem(str(folder), "", "", "", message)])


def _land(folder: Path, tables: dict[str, pd.DataFrame], said: _Statement, importer: Importer) -> Imported:
    """Write the tables that came; any other table of the folder stays, above all kept forecasts."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(str(folder / MARKER), b"{}")
    said.add(_gone(folder, tables))
    for name, table in tables.items():
        write_whole(str(folder / f"{name}.csv"), _csv(table))
    rows = {name: len(table) for name, table in tables.items()}
    record = {"system": importer.name, "rows": rows, "statement": said.lines}
    write_whole(str(folder / STATEMENT), ("\n".join(said.lines) + "\n").encode())
    write_whole(str(folder / MARKER), json.dumps(record, indent=1, ensure_ascii=False).encode())
    return Imported(folder, rows, tuple(said.lines))


def _gone(folder: Path, tables: dict[str, pd.DataFrame]) -> list[str]:
    path = folder / "opportunities.csv"
    if "opportunities" not in tables or not path.exists():
        return []
    before = pd.read_csv(path, usecols=["opportunity_id"], dtype="str", keep_default_na=False)[
        "opportunity_id"
    ]
    gone = before[~among(before, tables["opportunities"]["opportunity_id"])]
    return (
        [f"{len(gone):,} opportunities of the import before are not in this one: taken out"]
        if len(gone)
        else []
    )


def _csv(table: pd.DataFrame) -> bytes:
    written = table.copy()
    for name in written.columns:
        if pd.api.types.is_float_dtype(written[name].dtype):
            written[name] = make.as_text(written[name])
        elif pd.api.types.is_datetime64_any_dtype(written[name].dtype):
            days = bool((written[name].dropna() == written[name].dropna().dt.normalize()).all())
            text = np.datetime_as_string(written[name].to_numpy(), unit="D" if days else "s")
            written[name] = pd.Series(text, written.index).where(written[name].notna())
    return bytes(written.to_csv(index=False, lineterminator="\n").encode())
