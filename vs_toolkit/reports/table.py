"""Tables on a page: labels left, numbers right, what is missing as a dash."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd
from IPython.display import HTML

from vs_toolkit.reports.html import around, element, html, tied
from vs_toolkit.reports.parts import note as note_part
from vs_toolkit.tables import Column, Table, is_numeric

ONE_PAGE = 20  # lines of a table that is kept together on paper
LINE = 24  # characters of a cell that share a line beside other columns of words
WIDE = 5  # columns that a phone can show side by side
NAME = 18  # characters of a row head that stays on one line
LONG = 20  # characters beyond which a figure with its unit may take two lines
DAY = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4}")  # as formats.day writes it
LEFT = "text-align: left"  # also where no style sheet reaches


def table(
    shown: Table | pd.DataFrame,
    caption: str = "",
    *,
    units: Mapping[str, str] | str = "",
    scaled: str = "",
    strong: Iterable[str] = (),
    note: str = "",
) -> HTML:
    """Show a table with its index as row heads; one without rows shows only the note.

    Parameters
    ----------
    shown
        A table with its columns described, or a plain frame.
    caption, note
        Title, and a line below: units, conventions, gaps; for a plain frame, or instead of the table's own.
    units
        Unit of all numbers of a plain frame, or by column name, as :func:`vs_toolkit.formats.measured`
        knows them.
    scaled, strong
        Of a plain frame, as in :class:`vs_toolkit.tables.Table`.

    >>> sales = pd.DataFrame({"Year 1": [1200.0]}, index=["Sales"])
    >>> "<td>1,200</td>" in table(sales, units="EUR").data
    True
    """
    given = shown if isinstance(shown, Table) else described(shown, units, scaled, strong)
    given = replace(given, caption=caption or given.caption, note=note or given.note)
    note_part("table", given)
    below = element("p", tied(given.note), class_="note") if given.note else ""
    if given.empty:
        return html(below)
    title = given.title
    words = [not _is_figures(given, column) for column in given.shown]
    cells = given.written()
    layout = _layout(cells, words)
    head = _head(given, words)
    body = _body(cells, words, set(given.strong), labelled="cards" in layout)
    inner = (element("caption", title) if title else "") + around("thead", head) + around("tbody", body)
    box = around(
        "div", around("table", inner), class_=layout, role="group", tabindex="0", aria_label=title or "Table"
    )
    return html(box + below)


def described(
    frame: pd.DataFrame, units: Mapping[str, str] | str = "", scaled: str = "", strong: Iterable[str] = ()
) -> Table:
    """Describe the columns of a plain frame by their units.

    >>> described(pd.DataFrame({"Won": [0.25]}), {"Won": "share"}).columns[0].unit
    'share'
    """
    of = units.get if isinstance(units, Mapping) else lambda _name, _default: units
    return Table(
        frame.set_axis([str(name) for name in frame.columns], axis=1),
        tuple(Column(str(name), unit=of(str(name), "")) for name in frame.columns),
        strong=tuple(strong),
        scaled=scaled,
    )


def _is_figures(given: Table, column: Column) -> bool:
    """Numbers, intervals, and columns in which nothing is known stand right."""
    values = given.frame[column.values]
    return bool(is_numeric(values) or values.isna().all())


def _layout(cells: pd.DataFrame, words: list[bool]) -> str:
    """Whether it is kept on one page, and whether a phone shows its rows as cards."""
    wide = sum(words) > 1 or len(words) > WIDE
    lines = sum(1 + max(map(len, row), default=0) // LINE for row in cells.to_numpy())
    return "table" + (" long" if lines > ONE_PAGE else "") + (" cards" if wide else "")


def _cell(tag: str, text: str, is_words: bool, **attributes: str) -> str:
    if is_words:
        is_name = attributes.get("scope") == "row" and len(text) <= NAME
        kind = "words whole" if is_name or DAY.fullmatch(text) else "words"
        return element(tag, text, class_=kind, **attributes, style=LEFT)
    return element(tag, tied(text), class_="long" if len(text) > LONG else "", **attributes)


def _head(given: Table, words: list[bool]) -> str:
    name = str(given.frame.index.name or "")
    corner = _cell("th", name, True, scope="col") if name else "<td></td>"
    heads = zip(given.shown, words, strict=True)
    return around(
        "tr", corner + "".join(_cell("th", given.head(column), text, scope="col") for column, text in heads)
    )


def _body(cells: pd.DataFrame, words: list[bool], strong: set[str], *, labelled: bool) -> str:
    labels = [str(name) if labelled else "" for name in cells.columns]
    rows = zip(map(str, cells.index), cells.to_numpy(), strict=True)
    return "".join(
        around(
            "tr",
            _cell("th", label, True, scope="row")
            + "".join(
                _cell("td", text, is_words, data_label=name)
                for text, is_words, name in zip(row, words, labels, strict=True)
            ),
            class_="strong" if label in strong else "",
        )
        for label, row in rows
    )
