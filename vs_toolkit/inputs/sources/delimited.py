"""Delimited text (CSV, TSV, TXT) to a raw table: separator and header found, odd rows named.

A file in the toolkit's own form is read by Arrow; so is any other whose rows are even. Only where a row has
too many or too few cells, or a quotation mark stays open, is it read again cell by cell to say why.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.csv

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.sources.encoding import decoded
from vs_toolkit.inputs.sources.raw import HEADER_WITHIN, Raw, Wanted, column_names, header_row
from vs_toolkit.inputs.sources.record import Reading
from vs_toolkit.inputs.sources.tidying import FOOTER, TOTAL, no_data

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
SAMPLE = 65_536
NAMELESS = "\x00"  # begins the name of a column that has none
Row = tuple[int, list[str]]  # the line on which it begins, its cells


class Lines:
    """Lines of a text, counting the characters handed out."""

    def __init__(self, text: str) -> None:
        self.characters = 0
        self._lines = io.StringIO(text, newline="")

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.characters += len(line)
            yield line


def rows_of(text: str, delimiter: str, lines: Lines | None = None) -> Iterator[Row]:
    """Rows that are not empty, each with the line on which it begins."""
    reader, before = csv.reader(lines or Lines(text), delimiter=delimiter), 0
    for row in reader:
        if row:
            yield before + 1, row
        before = reader.line_num


@dataclass(frozen=True)
class CsvPlaces:
    """Lines of the rows of a table; counted only when a problem needs one.

    ``header`` is the position of the header among the rows that are not empty, ``kept`` those of the rows of
    the table after it (None: all).
    """

    text: str
    delimiter: str = ","
    header: int = 0
    kept: tuple[int, ...] | None = None
    offset: int = 0

    @cached_property
    def lines(self) -> list[int]:
        """Line on which each row begins."""
        return [line + self.offset for line, _ in rows_of(self.text, self.delimiter)]

    def __call__(self, row: int | None, column: int | None) -> str:
        """Name the line of a row."""
        if row is None:
            return f"line {self.lines[self.header]}"
        return f"line {self.lines[self.header + 1 + (row if self.kept is None else self.kept[row])]}"


def read_delimited(content: bytes, table: str, file: str, wanted: Wanted | None = None) -> Raw:
    """Read a file of delimited text.

    Raises
    ------
    InputError
        When it is empty or no text, names a column twice, or has rows with too many or too few cells.
    """
    wanted = wanted or Wanted()
    text, encoding, body = decoded(content, file)
    text, body, offset, forced = _without_sep_line(text, body)
    delimiter = forced or sniffed(text[:SAMPLE], wanted)
    try:
        start = _start(text, delimiter, wanted, file)
        places = CsvPlaces(text, delimiter, start.position, None, offset)
        names = column_names(start.header, wanted, lambda _: f"line {start.line + offset}", file)
        names = [name or f"{NAMELESS}{i}" for i, name in enumerate(names)]
        frame = _by_arrow(body, text, start, names, delimiter)
        out: dict[int, str] = {}
        if frame is None:
            frame, out = _cell_by_cell(text, start, names, delimiter, file, offset)
        reading = Reading(file, table, format=f"{encoding}, {DELIMITERS.get(delimiter, repr(delimiter))}")
        return _raw(Raw(table, file, frame, places, reading), out, start, names, wanted)
    except csv.Error as error:
        message = f"not readable as a table: {error}; check its quotation marks"
        raise InputError([Problem(file, "", "", "", message)]) from None


def _without_sep_line(text: str, body: bytes) -> tuple[str, bytes, int, str]:
    """Excel writes ``sep=;`` on the first line when asked to."""
    line = text[:8].splitlines()[:1]
    if line and line[0].startswith("sep=") and len(line[0]) == 5:
        rest = text[5:].removeprefix("\r").removeprefix("\n")
        return rest, rest.encode(), 1, line[0][4]
    return text, body, 0, ""


def sniffed(sample: str, wanted: Wanted) -> str:
    r"""Find the separator: the one with which a row names most of the wanted columns, else most even cells.

    >>> sniffed("a;b\n1,5;2,5\n", Wanted()), sniffed("a,b\n1,2\n", Wanted())
    (';', ',')
    """
    scores = {}
    for delimiter in DELIMITERS:
        try:
            rows = [row for _, row in zip(range(HEADER_WITHIN), rows_of(sample, delimiter), strict=False)]
        except csv.Error:
            continue
        widths = [len(cells) for _, cells in rows]
        named = max((wanted.matches(cells) for _, cells in rows), default=0)
        common = max(set(widths), key=lambda width: (widths.count(width), width)) if widths else 1
        scores[delimiter] = (named, widths.count(common) if common > 1 else 0, common)
    return max(scores, key=lambda delimiter: scores[delimiter]) if scores else ","


@dataclass(frozen=True)
class Start:
    """Where the table begins: the row that names the columns, and how much of the text lies before its
    rows.
    """

    position: int
    line: int
    header: list[str]
    characters: int


def _start(text: str, delimiter: str, wanted: Wanted, file: str) -> Start:
    lines = Lines(text)
    rows, ends = [], []
    for row in rows_of(text, delimiter, lines):
        rows.append(row)
        ends.append(lines.characters)
        if len(rows) >= HEADER_WITHIN:
            break
        if len(rows) == 1 and wanted.names and wanted.matches(row[1]) == len(row[1]):
            break  # every cell of the first row names a column: no need to look further
    if not any(any(cell.strip() for cell in cells) for _, cells in rows):
        raise InputError([Problem(file, "", "", "", "the file is empty: the first line names the columns")])
    position = header_row([(line, list(cells)) for line, cells in rows], wanted)
    while not any(cell.strip() for cell in rows[position][1]):
        position += 1
    return Start(position, rows[position][0], rows[position][1], ends[position])


def _by_arrow(body: bytes, text: str, start: Start, names: list[str], delimiter: str) -> pd.DataFrame | None:
    """Read even rows at once; None where they are not, or where a quotation mark may be open."""
    rest = memoryview(body)[len(text[: start.characters].encode()) :]
    if not bytes(rest[:1024]).strip() and not bytes(rest).strip():
        return pd.DataFrame({name: pd.Series(dtype="str") for name in names})
    if body.count(b'"') % 2:
        return None
    try:
        cells = pa.csv.read_csv(
            pa.BufferReader(pa.py_buffer(rest)),
            read_options=pa.csv.ReadOptions(column_names=names),
            parse_options=pa.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=pa.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )
    except pa.ArrowInvalid:
        return None
    frame: pd.DataFrame = cells.to_pandas()
    return frame


def _cell_by_cell(
    text: str, start: Start, names: list[str], delimiter: str, file: str, offset: int
) -> tuple[pd.DataFrame, dict[int, str]]:
    """Read rows one by one; cells beyond the header are dropped where blank, a footer where it is one."""
    _refuse_open_quote(text, delimiter, file, offset)
    rows = list(rows_of(text, delimiter))[start.position + 1 :]
    width = len(names)
    rows = [(line + offset, _trimmed(cells, width)) for line, cells in rows]
    out = _footer(rows, width)
    problems = [
        Problem(
            file, f"line {line}", "", "", f"has {len(cells)} cells, the header has {width}{_hint(rows, i)}"
        )
        for i, (line, cells) in enumerate(rows)
        if i not in out and len(cells) != width and any(cell.strip() for cell in cells)
    ]
    if problems:
        raise InputError(problems)
    data = [[cell or None for cell in cells[:width]] + [None] * (width - len(cells)) for _, cells in rows]
    return pd.DataFrame(data, columns=names, dtype="str"), out


def _trimmed(cells: list[str], width: int) -> list[str]:
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _footer(rows: list[Row], width: int) -> dict[int, str]:
    """Rows at the end that a report printed below its table: short, and known by their words."""
    out: dict[int, str] = {}
    for i in range(len(rows) - 1, -1, -1):
        filled = [cell.strip() for cell in rows[i][1] if cell.strip()]
        if len(rows[i][1]) >= width or width < 3:
            break
        if len(filled) > 1 and not (len(filled) == 2 and TOTAL.fullmatch(filled[0])):
            break
        out[i] = f"a footer ({' '.join(filled)[:40]!r})" if filled else ""
    words = [filled for i in out for filled in [" ".join(rows[i][1]).strip()]]
    known = any(FOOTER.fullmatch(text) or TOTAL.fullmatch(text) for text in words)
    return out if known else {i: reason for i, reason in out.items() if not reason}


def _hint(rows: list[Row], i: int) -> str:
    """A quotation mark that opened by mistake swallows lines until the next one."""
    for line, cells in reversed(rows[max(0, i - 1) : i + 1]):
        if any(cell.count("\n") > 1 for cell in cells):
            return f"; a quotation mark that opens in line {line} may not be meant"
    return ""


def _refuse_open_quote(text: str, delimiter: str, file: str, offset: int) -> None:
    reader, begun = csv.reader(Lines(text), delimiter=delimiter, strict=True), 0
    try:
        for _ in reader:
            begun = reader.line_num
    except csv.Error as error:
        if "unexpected end" in str(error):
            message = "a quotation mark opens in this row and is never closed"
            raise InputError([Problem(file, f"line {begun + 1 + offset}", "", "", message)]) from None


def _raw(raw: Raw, out: dict[int, str], start: Start, names: list[str], wanted: Wanted) -> Raw:
    """Take out the rows that are no data, and say so."""
    places = raw.places
    assert isinstance(places, CsvPlaces)
    frame, names, nameless = _named_columns(raw.frame, names, places, raw.file)
    header = [cell for i, cell in enumerate(start.header) if i not in nameless]
    out = {**no_data(frame, names, header, wanted), **out}
    kept = tuple(i for i in range(len(frame)) if i not in out) if out else None
    if kept is not None:
        frame = frame.iloc[list(kept)].reset_index(drop=True)
    reading = replace(
        raw.reading,
        rows=len(frame),
        header=f"line {start.line + places.offset}" if start.position else "",
        left_out=tuple(f"{places(i, None)}: {reason}" for i, reason in out.items() if reason),
    )
    return replace(raw, frame=frame, places=replace(places, kept=kept), reading=reading)


def _named_columns(
    frame: pd.DataFrame, names: list[str], places: CsvPlaces, file: str
) -> tuple[pd.DataFrame, list[str], set[int]]:
    """Drop columns without a name that hold nothing; refuse those that hold something."""
    nameless = {i for i, name in enumerate(names) if name.startswith(NAMELESS)}
    problems: list[Any] = []
    for i in nameless:
        filled = frame.iloc[:, i].notna().to_numpy().nonzero()[0]
        problems += [
            Problem(
                file,
                places(int(row), i),
                "",
                str(frame.iloc[int(row), i]),
                "a value in a column without a name",
            )
            for row in filled[:20]
        ]
    if problems:
        raise InputError(problems)
    if not nameless:
        return frame, names, nameless
    kept = [i for i in range(len(names)) if i not in nameless]
    return frame.iloc[:, kept], [names[i] for i in kept], nameless
