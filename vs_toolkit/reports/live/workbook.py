"""Puts the sheets of a live case together."""

from __future__ import annotations

import io
from datetime import date, datetime
from importlib import import_module
from typing import Any

import xlsxwriter

from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.reports.live.about import About
from vs_toolkit.reports.live.backing import Backing
from vs_toolkit.reports.live.book import Book
from vs_toolkit.reports.live.carry import Carry
from vs_toolkit.reports.live.corridor import Corridor
from vs_toolkit.reports.live.figures import Figures
from vs_toolkit.reports.live.inputs import Inputs
from vs_toolkit.reports.live.model import ModelSheets
from vs_toolkit.reports.live.places import MODEL, Places
from vs_toolkit.reports.live.results import Results
from vs_toolkit.reports.live.runs import Runs

MODELS = {
    "vs_toolkit.relationship.study": "vs_toolkit.reports.live.relationship",
    "vs_toolkit.funnel.study": "vs_toolkit.reports.live.forecast",
}
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}


def live_workbook(own: Any, as_of: date, edition: str) -> bytes:
    """Write a case, or the study of a plan or pipeline, as a workbook that recalculates.

    Parameters
    ----------
    own
        A business case, or the study of a relationship or funnel.
    as_of
        Day of the report: confirmations after it are not known. Equal content has equal bytes.
    edition
        ``internal`` or ``customer``; the latter holds nothing of the provider's side.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> live_workbook(case, date(2026, 6, 30), "customer")[:2]
    b'PK'
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, OPTIONS)
    created = datetime(as_of.year, as_of.month, as_of.day)
    title = own.title if isinstance(own, BusinessCase) else ""
    book.set_properties({"title": title, "author": "", "company": "", "created": created})
    write_model(book, own, as_of, edition)
    book.close()
    return target.getvalue()


def write_model(book: xlsxwriter.Workbook, own: Any, as_of: date, edition: str) -> None:
    """Write what a report shows as a model: a business case, the plan of a relationship, a forecast.

    Only the one that is asked for is imported: a report knows its own subject.
    """
    if isinstance(own, BusinessCase):
        write_case(book, own, as_of, edition)
    else:
        import_module(MODELS[type(own).__module__]).write(own, Book(book))


def write_case(book: xlsxwriter.Workbook, case: BusinessCase, as_of: date, edition: str) -> None:
    """Write the sheets of a live case into a workbook."""
    if edition != "internal":
        case = case.model_copy(update={"provider": None, "comment": None})
    own = Figures(case)
    places = Places(own)
    model, away = ModelSheets(own, places), ModelSheets(own, places, f"{MODEL}!")
    around = (own, places, model, as_of, edition)
    sheets = Book(book)
    About(*around).write(sheets)
    Results(*around).write(sheets)
    Inputs(*around).write(sheets)
    model.model(sheets)
    away.scenarios(sheets)
    Runs(*around).write(sheets)
    Carry(own, places, away, as_of, edition).write(sheets)
    if edition == "internal":
        Corridor(*around).write(sheets)
    Backing(*around).assumptions(sheets)
    Backing(*around).checks(sheets)
