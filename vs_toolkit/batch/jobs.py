"""What there is to do: notebook x customer x edition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from vs_toolkit.batch import parameters
from vs_toolkit.batch.ledger import digest
from vs_toolkit.batch.notebooks import Notebook
from vs_toolkit.batch.parameters import assignments
from vs_toolkit.batch.toolkit import deck_digest
from vs_toolkit.errors import ParameterError
from vs_toolkit.formats import day
from vs_toolkit.inputs.wording import did_you_mean
from vs_toolkit.reports.pages import title_of
from vs_toolkit.reports.pdf import Paper

RESULTS = "results"  # parameter of a notebook that reads key figures of other reports
SET_BY_BATCH = {"customer": "--customer", "as_of": "--as-of", "edition": "--edition"}


@dataclass(frozen=True)
class Recipient:
    """Whom reports are about: a customer, or the company itself when ``customer_id`` is empty.

    ``place`` is its folder below the output folder, ``data`` the hash of everything its partition holds,
    ``problem`` why no report can be made of it.
    """

    customer_id: str
    name: str
    place: str
    data: str
    cases: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Job:
    """One report to make: everything a worker must know, as plain data.

    A job whose recipient has a problem fails without being run.
    """

    notebook: Notebook
    recipient: Recipient
    edition: str
    as_of: str
    parameters: Mapping[str, Any]
    made_from: Mapping[str, str]
    formats: tuple[str, ...] = ()
    paper: Paper = "A4"

    @property
    def name(self) -> str:
        """Name of its files, without ending, below the output folder."""
        return f"{self.recipient.place}/{self.notebook.name}"

    @property
    def problem(self) -> str:
        """Why it cannot be done, empty if it can."""
        return self.recipient.problem

    @property
    def reads_results(self) -> bool:
        """Whether it waits for the other reports of the batch, to read their key figures."""
        return self.notebook.takes(RESULTS) and not self.parameters.get(RESULTS)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Values of its secret parameters, as texts."""
        declared = (parameter for parameter in self.notebook.parameters if parameter.is_secret)
        values = (self.parameters.get(one.name, None if one.is_computed else one.default) for one in declared)
        return tuple(str(value) for value in values if value not in (None, ""))

    @property
    def title(self) -> str:
        """Title of the report."""
        topic = title_of(self.notebook.name)
        return f"{topic} – {self.recipient.name}" if self.recipient.name else topic

    @property
    def running_head(self) -> str:
        """Line above every printed page: what it is about, as of when, for whom."""
        return f"{self.title} · as of {day(date.fromisoformat(self.as_of))} · {self.edition} edition"


@dataclass(frozen=True)
class Scope:
    """What all jobs of a batch share.

    ``toolkit`` is the hash of the code that makes the reports, ``packages`` that of what is installed;
    ``formats`` are those beside the page, ``paper`` that of a PDF.
    """

    edition: str
    as_of: str
    toolkit: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    packages: str = ""
    formats: tuple[str, ...] = ()
    paper: Paper = "A4"

    @cached_property
    def made_as(self) -> str:
        """Hash of formats, paper and, where there are decks, their template."""
        return digest([self.formats, self.paper, *([deck_digest()] if "pptx" in self.formats else [])])


def plan_jobs(
    notebooks: Sequence[Notebook], recipients: Sequence[Recipient], scope: Scope
) -> tuple[Job, ...]:
    """List the jobs, customer by customer.

    A notebook with a parameter ``customer`` runs for every customer, with ``case`` for those that have a
    business case (the one named by that parameter, or their newest), without either once for the company.

    Raises
    ------
    ParameterError
        If a given parameter is unknown to all notebooks, cannot be used, or names a case that nobody has.
    """
    given = _given(notebooks, scope)
    _check_case(scope.parameters, recipients)
    files = {notebook.name: _contents(notebook, given[notebook.name]) for notebook in notebooks}
    return tuple(
        _job(notebook, recipient, scope, given[notebook.name], files[notebook.name])
        for recipient in recipients
        for notebook in notebooks
        if _concerns(notebook, recipient, given[notebook.name])
    )


def _given(notebooks: Sequence[Notebook], scope: Scope) -> dict[str, dict[str, Any]]:
    """Values for each notebook that are the same for all its reports; all problems at once."""
    given: dict[str, dict[str, Any]] = {}
    problems = [*_unknown(notebooks, scope.parameters)]
    set_here = {"as_of": scope.as_of, "edition": scope.edition, "case": ""}
    wanted = {name: value for name, value in scope.parameters.items() if name not in SET_BY_BATCH}
    for notebook in notebooks:
        values = {name: value for name, value in (set_here | wanted).items() if notebook.takes(name)}
        try:
            given[notebook.name] = _located(notebook, parameters.check(notebook.parameters, values))
        except ParameterError as error:
            problems += [f"{notebook.name}: {line}" for line in str(error).splitlines()]
    if problems:
        raise ParameterError("\n".join(problems))
    return given


def _located(notebook: Notebook, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values with files by their whole path: a kernel starts in the folder of its notebook."""
    paths = {one.name for one in notebook.parameters if "path" in one.unit.split()}
    is_file = {name: bool(value) and Path(value).is_file() for name, value in values.items() if name in paths}
    return {
        name: str(Path(value).absolute()) if is_file.get(name) else value for name, value in values.items()
    }


def _contents(notebook: Notebook, values: Mapping[str, Any]) -> dict[str, str]:
    """Hash of the files that parameters of a notebook name; nothing where they name none."""
    paths = [values.get(one.name) for one in notebook.parameters if "path" in one.unit.split()]
    texts = [Path(path).read_bytes() for path in paths if path and Path(path).is_file()]
    return {"files": digest([text.hex() for text in texts])} if texts else {}


def _unknown(notebooks: Sequence[Notebook], values: Mapping[str, object]) -> Iterator[str]:
    listed = [parameter for notebook in notebooks for parameter in notebook.parameters]
    known = {parameter.name: parameter for parameter in sorted(listed, key=lambda one: not one.fixed)}
    for name in sorted(SET_BY_BATCH.keys() & values.keys()):
        yield f"{name} is set for every report by the batch: use {SET_BY_BATCH[name]}"
    settable = {name for name, parameter in known.items() if not parameter.fixed}
    others = {name: value for name, value in values.items() if name not in {*settable, *SET_BY_BATCH}}
    try:
        parameters.check([*known.values()], others)
    except ParameterError as error:
        yield str(error)


def _check_case(values: Mapping[str, object], recipients: Sequence[Recipient]) -> None:
    case = str(values.get("case", ""))
    known = [case_id for recipient in recipients for case_id in recipient.cases]
    if case and case not in known:
        _tell_broken(case, recipients)
        raise ParameterError(f"no customer has a case {case!r}; {did_you_mean(case, known)}")


def _tell_broken(case: str, recipients: Sequence[Recipient]) -> None:
    """Say what is wrong with a case that is there but cannot be used: it is not unknown."""
    for recipient in recipients:
        if f"/{case}.y" in recipient.problem:
            raise ParameterError(f"the case {case} cannot be used:\n{recipient.problem}")


def _concerns(notebook: Notebook, recipient: Recipient, given: Mapping[str, Any]) -> bool:
    if not notebook.takes("customer"):
        return not recipient.customer_id
    if not recipient.customer_id or not notebook.takes("case"):
        return bool(recipient.customer_id)
    if given.get("case"):
        return given["case"] in recipient.cases
    return bool(recipient.cases or recipient.problem)


def _job(
    notebook: Notebook,
    recipient: Recipient,
    scope: Scope,
    given: Mapping[str, Any],
    files: Mapping[str, str],
) -> Job:
    values = dict(given)
    if notebook.takes("customer"):
        try:
            values |= parameters.check(notebook.parameters, {"customer": recipient.customer_id})
        except ParameterError as error:  # one id that does not fit must not stop the others
            told = str(error) if scope.edition == "internal" else "the notebook does not take this customer"
            recipient = replace(recipient, problem=recipient.problem or told)
    return Job(
        notebook=notebook,
        recipient=recipient,
        edition=scope.edition,
        as_of=scope.as_of,
        parameters=values,
        made_from={
            "notebook": notebook.digest,
            "parameters": digest(assignments(notebook.parameters, values)),
            "data": recipient.data,
            "toolkit": scope.toolkit,
            "packages": scope.packages,
            **files,
            **({"formats": scope.made_as} if scope.formats else {}),
        },
        formats=scope.formats,
        paper=scope.paper,
    )
