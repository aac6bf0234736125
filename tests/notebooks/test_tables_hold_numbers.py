"""Every table that a notebook shows holds numbers: no sheet, slide or program has to take a string apart."""

import re

import nbformat
import pandas as pd
import pytest

from tests.shared import ROOT
from vs_toolkit.reports import parts

PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
WRITTEN = re.compile(r"[+−-]?(?:[A-Z]{3} )?[+−-]?\d[\d,.]*(?:bn|m|k)? ?(?:%|[A-Z]{3}|months|years|days)?")


def tables_of(path, monkeypatch):
    monkeypatch.setenv(parts.FORMATS, "none")
    monkeypatch.setattr(parts, "_shown", [])
    names = {"display": lambda *_: None}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            exec(compile(cell.source, path.name, "exec"), names)
    return [part.content[0] for part in parts.shown() if part.kind == "table"]


def numbers_as_text(values: pd.Series) -> list[str]:
    texts = [value for value in values if isinstance(value, str)]
    return [text for text in texts if WRITTEN.fullmatch(text)]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_no_number_is_text(path, monkeypatch):
    tables = tables_of(path, monkeypatch)
    assert tables
    found = {
        f"{table.caption}: {column.label}": wrong[:3]
        for table in tables
        for column in table.shown
        for name in filter(None, (column.values, column.upper))
        if (wrong := numbers_as_text(table.frame[name]))
    }
    assert not found


@pytest.mark.parametrize("text", ["EUR 1.12m", "−12.5%", "1,234", "3.1 months", "+0.4k EUR"])
def test_the_search_knows_a_number_that_is_text(text):
    assert numbers_as_text(pd.Series([text, "North", None])) == [text]
