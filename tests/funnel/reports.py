"""The notebook's cells, run on tables made by hand: what they show, without a kernel."""

import ast
import re
from datetime import date
from html import unescape
from unittest import mock

import nbformat
import pandas as pd

from tests.funnel.records import FUNNEL
from tests.shared import ROOT
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.columns import empty_frame
from vs_toolkit.inputs.views.data import CompanyData

NOTEBOOK = ROOT / "notebooks" / "funnel_calibration.ipynb"


def typed(name, rows=None):
    """A table as the inputs give it: all columns, typed; columns not in ``rows`` are missing."""
    empty = empty_frame(TABLES[name])
    if rows is None or not len(rows):
        return empty
    full = pd.DataFrame(rows).reindex(columns=empty.columns)
    return full.astype(dict(empty.dtypes))


def company(status_changes=None, statuses=FUNNEL, as_of="2026-03-20", **tables):
    """A company of which only the record and, if given, some other tables are known."""
    known = {"status_changes": status_changes, "statuses": statuses, **tables}
    if "opportunities" not in tables and status_changes is not None and len(status_changes):
        known["opportunities"] = opportunities(status_changes)
    frames = {name: typed(name, known.get(name)) for name in TABLES}
    return CompanyData(date.fromisoformat(as_of), frames, (), "0" * 16)


def opportunities(status_changes, **columns):
    """One bare opportunity for each case of a record."""
    first = status_changes.groupby("opportunity_id")["changed_at"].min()
    bare = {"opportunity_id": first.index, "customer_id": "C1", "created_at": first.to_numpy(), **columns}
    return pd.DataFrame(bare)


def result_of(source, space):
    """Run a cell; the value of its last line, as a notebook would show it."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), space)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), space) if last else None


def shown(data, raw=False, **parameters):
    """Everything the notebook shows of a company, looked at from few past days: text, or ``raw`` HTML."""
    cells = [cell for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    pieces = []
    space = {"display": lambda *parts: pieces.extend(parts)}
    given = mock.patch("vs_toolkit.inputs.open_company", lambda as_of, unit: data)
    with given, mock.patch("vs_toolkit.funnel.known.PAST_DAYS", 4):
        for number, cell in enumerate(cells):
            pieces.append(result_of(cell.source, space))
            space |= {} if number else parameters | {"as_of": str(data.as_of)}
    html = " ".join(piece.data for piece in pieces if hasattr(piece, "data"))
    return html if raw else " ".join(unescape(re.sub("<[^>]*>", " ", html)).split())
