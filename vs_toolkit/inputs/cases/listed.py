"""The folder of business cases of a source: those that can be used, those that cannot, and why."""

from __future__ import annotations

from collections.abc import Callable, Set
from dataclasses import dataclass

import fsspec

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.cases.document import Document, decode, parse
from vs_toolkit.inputs.cases.model_files import content_of, files_in, model_finder
from vs_toolkit.inputs.cases.reading import customer_of, load_document


@dataclass(frozen=True)
class BadCase:
    """A case file that cannot be used; its customer, when the file lets it be seen."""

    file: str
    customer_id: str | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Cases:
    """The business cases of a source: those that can be used, those that cannot, and what looks wrong."""

    good: tuple[BusinessCase, ...] = ()
    bad: tuple[BadCase, ...] = ()
    warnings: tuple[Problem, ...] = ()


def read_cases(folder: str, known: Set[str] | None, form: tuple[str, bytes] | None = None) -> Cases:
    """Read every file in ``cases/`` of a source; ``known`` are its customers (None: no table of
    customers). ``form`` is a workbook (name, content) that is a case itself: the only one.
    """
    find = model_finder(folder)
    filesystem, root = fsspec.url_to_fs(folder)
    good: dict[str, BusinessCase] = {}
    files: dict[str, Document] = {}
    bad: list[BadCase] = []
    warnings: list[Problem] = []
    paths = [form[0]] if form else files_in(filesystem, f"{root}/cases", *KINDS)
    for path in paths:
        file, customer = path if form else "/".join(path.split("/")[-2:]), None
        try:
            content = form[1] if form else content_of(filesystem, path, file)
            read, customer = KINDS[f".{path.rpartition('.')[2]}"](content, file)
            document = read()
            case, doubts = load_document(document, find)
            _refuse(case, document, known, files)
        except InputError as error:
            bad.append(BadCase(file, customer, error.problems))
        else:
            good[case.id], files[case.id] = case, document
            warnings += doubts
    return Cases(tuple(good.values()), tuple(bad), tuple(warnings))


def _yaml(content: bytes, file: str) -> tuple[Callable[[], Document], str | None]:
    """Document of a file, made only when asked for, and the customer that the file names even if it is
    broken.
    """
    text = decode(content, file)
    return lambda: parse(text, file), customer_of(text)


def _form(content: bytes, file: str) -> tuple[Callable[[], Document], str | None]:
    """Document of a filled Excel form."""
    from vs_toolkit.inputs.forms.reading import read_case_form  # here, because a workbook is slow to open

    document = read_case_form(content, file)
    customer = document.data.get("customer")
    return lambda: document, str(customer) if customer is not None else None


KINDS: dict[str, Callable[[bytes, str], tuple[Callable[[], Document], str | None]]] = {
    ".yaml": _yaml,
    ".yml": _yaml,
    ".xlsx": _form,
}


def _refuse(
    case: BusinessCase, document: Document, known: Set[str] | None, files: dict[str, Document]
) -> None:
    if known is not None and case.customer not in known:
        text = "not found in the table customers"
        raise InputError([document.problem(("customer",), text, case.customer)])
    if case.id in files:
        other = files[case.id].problem(("id",), "")
        place = ", ".join(part for part in (other.file, other.where) if part)
        text = f"is also used in {place}; keep one"
        raise InputError([document.problem(("id",), text, case.id)])
