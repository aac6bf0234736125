"""Business cases as YAML files: read, checked as a whole, every problem with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.cases.document import Document, decode, parse
from vs_toolkit.inputs.cases.documents import problems_of
from vs_toolkit.inputs.cases.doubts import doubts_of
from vs_toolkit.inputs.cases.model_files import model_finder
from vs_toolkit.inputs.cases.value_model import FindModel, expand

CUSTOMER_LINE = re.compile(r"""^customer:[ \t]*(["']?)(?P<id>[^#\r\n]*?)\1[ \t]*(?:\#.*)?$""", re.MULTILINE)


def read_case(path: str | Path) -> BusinessCase:
    """Read a business case; a value model that it names is looked for in ``models/`` beside ``cases/``.

    Raises
    ------
    InputError
        With every problem of the file, each with its line and what would be right.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError([Problem(str(path), "", "", "", f"cannot be read: {error.strerror}")]) from None
    return load_case(decode(content, str(path)), str(path), model_finder(path.parent.parent.as_posix()))


def load_case(text: str, file: str, find: FindModel) -> BusinessCase:
    """Check the text of a business case.

    Raises
    ------
    InputError
        With every problem of the text, each with its line and what would be right.
    """
    return load_document(parse(text, file), find)[0]


def load_document(document: Document, find: FindModel) -> tuple[BusinessCase, tuple[Problem, ...]]:
    """Check a document that is a business case; the case, and warnings about it.

    Raises
    ------
    InputError
        With every problem of the document, each with its line and what would be right.
    """
    try:
        document = expand(document, find)
    except InputError as error:
        raise InputError([*error.problems, *_besides_effects(document)]) from None
    try:
        case = BusinessCase.model_validate(document.data)
    except ValidationError as error:
        raise InputError(problems_of(error, BusinessCase, document)) from None
    return case, doubts_of(case, document)


def _besides_effects(document: Document) -> Iterator[Problem]:
    """What else is wrong with a case whose effects are not known, as its value model cannot be worked out."""
    data = {name: value for name, value in document.data.items() if name not in ("model", "numbers")}
    try:
        BusinessCase.model_validate(data)
    except ValidationError as error:
        found = problems_of(error, BusinessCase, document)
        yield from (problem for problem in found if not problem.field.startswith("effects"))


def customer_of(text: str) -> str | None:
    r"""Customer that a case file names, even where the file cannot be read as a whole.

    >>> customer_of('id: [\ncustomer: "C 1"  # the first')
    'C 1'
    """
    named = CUSTOMER_LINE.search(text)
    return (named["id"].strip() or None) if named else None
