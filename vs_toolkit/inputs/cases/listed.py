"""The folder of business cases of a source: those that can be used, those that cannot, and why."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

import fsspec

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.cases.document import decode
from vs_toolkit.inputs.cases.model_files import content_of, files_in, model_finder
from vs_toolkit.inputs.cases.reading import customer_of, load_case


@dataclass(frozen=True)
class BadCase:
    """A case file that cannot be used; its customer, when the file lets it be seen."""

    file: str
    customer_id: str | None
    problems: tuple[Problem, ...]


def read_cases(folder: str, known: Set[str] | None) -> tuple[tuple[BusinessCase, ...], tuple[BadCase, ...]]:
    """Read every ``cases/*.yaml`` of a source; ``known`` are its customers (None: no table of customers)."""
    find = model_finder(folder)
    filesystem, root = fsspec.url_to_fs(folder)
    good: dict[str, BusinessCase] = {}
    files: dict[str, str] = {}
    bad = []
    for path in files_in(filesystem, f"{root}/cases", ".yaml", ".yml"):
        file, text = "/".join(path.split("/")[-2:]), ""
        try:
            text = decode(content_of(filesystem, path, file), file)
            case = load_case(text, file, find)
            _refuse(case, file, known, files)
        except InputError as error:
            bad.append(BadCase(file, customer_of(text), error.problems))
        else:
            good[case.id], files[case.id] = case, file
    return tuple(good.values()), tuple(bad)


def _refuse(case: BusinessCase, file: str, known: Set[str] | None, files: dict[str, str]) -> None:
    if known is not None and case.customer not in known:
        text = "not found in the table customers"
        raise InputError([Problem(file, "", "customer", case.customer, text)])
    if case.id in files:
        raise InputError([Problem(file, "", "id", case.id, f"is also used in {files[case.id]}; keep one")])
