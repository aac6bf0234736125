"""The folder of business cases of a source: those that can be used, those that cannot, and why."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any

import fsspec

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.case import BusinessCase
from vs_toolkit.inputs.case_file import customer_of, load_case
from vs_toolkit.inputs.document import decode
from vs_toolkit.inputs.model_files import model_finder


@dataclass(frozen=True)
class BadCase:
    """A case file that cannot be used; its customer, when the file lets it be seen."""

    file: str
    customer_id: str | None
    problems: tuple[Problem, ...]


def read_cases(folder: str, known: Set[str] | None) -> tuple[tuple[BusinessCase, ...], tuple[BadCase, ...]]:
    """Read every ``cases/*.yaml`` of a source; ``known`` are its customers (None: no table of customers)."""
    find = model_finder(folder)
    good: dict[str, BusinessCase] = {}
    files: dict[str, str] = {}
    bad = []
    for file, content in _files(folder):
        text = ""
        try:
            text = decode(content, file)
            case = load_case(text, file, find)
            _refuse(case, file, known, files)
        except InputError as error:
            bad.append(BadCase(file, customer_of(text), error.problems))
        else:
            good[case.id], files[case.id] = case, file
    return tuple(good.values()), tuple(bad)


def _files(folder: str) -> Iterator[tuple[str, bytes]]:
    filesystem, root = fsspec.url_to_fs(folder)
    paths: list[Any] = [*filesystem.glob(f"{root}/cases/*.yaml"), *filesystem.glob(f"{root}/cases/*.yml")]
    for path in sorted(paths):
        yield "/".join(path.split("/")[-2:]), filesystem.cat_file(path)


def _refuse(case: BusinessCase, file: str, known: Set[str] | None, files: dict[str, str]) -> None:
    if known is not None and case.customer not in known:
        text = "does not stand in the table customers"
        raise InputError([Problem(file, "", "customer", case.customer, text)])
    if case.id in files:
        raise InputError([Problem(file, "", "id", case.id, f"stands in {files[case.id]} too; keep one")])
