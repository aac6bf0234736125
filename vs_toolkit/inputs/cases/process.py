"""Sales processes as YAML: our phases beside those of the customer; relationship management over time.

A process of your own is a copy of one in ``templates/processes``; every mistake is reported with its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, ValidationError

from vs_toolkit.errors import InputError, ParameterError, Problem
from vs_toolkit.inputs.cases.document import Document, decode, parse
from vs_toolkit.inputs.cases.documents import problems_of
from vs_toolkit.inputs.fields import Count, Model, Text
from vs_toolkit.inputs.tables.funnel import Opportunity
from vs_toolkit.inputs.wording import did_you_mean
from vs_toolkit.shipped import shipped

Texts = tuple[Text, ...]
FOLDER = ("templates", "processes")
M = TypeVar("M", bound=Model)


class CustomerPhase(Model):
    """One phase of the customer's process."""

    name: Text
    """Name of the phase."""
    activities: Texts = ()
    """What the customer does in it."""
    actors: Texts = ()
    """Who acts in it at the customer."""
    concerns: Texts = ()
    """What concerns them."""


class ProviderPhase(Model):
    """One phase of our process, and what has to be reached in it."""

    name: Text
    """Name of the phase."""
    matches: Texts = ()
    """Phases of the customer's process that it supports."""
    tasks: Texts = ()
    """What we do in it."""
    milestone: Text | None = None
    """What is reached at its end."""
    status: Text | None = None
    """Stage of the funnel that an opportunity has then reached, in the words of ``statuses``."""
    requires: Texts = ()
    """Columns of ``opportunities`` that must be filled by then."""
    information: Texts = ()
    """What must be known."""
    documents: Texts = ()
    """What must be written."""
    decisions: Texts = ()
    """What management decides."""
    resource_points: Texts = ()
    """Where resources are allocated."""


class CustomerProcess(Model):
    """The customer's process."""

    title: Text
    """Name of the process."""
    phases: Annotated[tuple[CustomerPhase, ...], Field(min_length=1)]
    """Its phases, in order."""


class ProviderProcess(Model):
    """Our process."""

    title: Text
    """Name of the process."""
    phases: Annotated[tuple[ProviderPhase, ...], Field(min_length=1)]
    """Its phases, in order."""


class SalesProcess(Model):
    """A sales process beside the process of the customer that it supports."""

    title: Text
    """Name of the process."""
    strategy: Literal["product", "solution", "value"]
    """Sales strategy that it belongs to."""
    customer: CustomerProcess
    """The customer's process: purchasing, usage or business."""
    provider: ProviderProcess
    """Our process."""

    @property
    def unsupported(self) -> tuple[str, ...]:
        """Phases of the customer that no phase of ours supports."""
        supported = {name for phase in self.provider.phases for name in phase.matches}
        return tuple(phase.name for phase in self.customer.phases if phase.name not in supported)

    @property
    def asked(self) -> tuple[str, ...]:
        """Columns of ``opportunities`` that it asks for, and the one of milestones.

        >>> process_named("value_sales").asked
        ('value', 'next_step', 'expected_decision', 'decision_process_known', 'milestones')
        """
        columns = (name for phase in self.provider.phases for name in phase.requires)
        return tuple(dict.fromkeys((*columns, "milestones")))


class RelationshipPhase(Model):
    """A phase in the life of a relationship."""

    name: Text
    """Name of the phase."""
    goal: Text
    """What it is for."""
    activities: Texts = ()
    """What is done in it."""
    ends_with: Text | None = None
    """How its end is recognised."""


class YearlyContact(Model):
    """A contact that takes place every year."""

    month: Annotated[int, Field(ge=1, le=12)]
    """Month of the year."""
    contact: Text
    """What it is."""
    owner: Text | None = None
    """Role that is responsible for it."""


class Event(Model):
    """An event that triggers a contact."""

    where: Literal["customer", "us", "competitor"]
    """Where it happens."""
    event: Text
    """What happens."""
    contact: Text
    """What it triggers."""
    within_days: Count
    """Days within which the contact takes place."""
    owner: Text | None = None
    """Role that is responsible for it."""


class Relationship(Model):
    """How relationships are managed: phases, yearly cycle and events."""

    title: Text
    """Name."""
    phases: Annotated[tuple[RelationshipPhase, ...], Field(min_length=1)]
    """Phases of a relationship, in order."""
    yearly_cycle: tuple[YearlyContact, ...] = ()
    """Contacts of every year."""
    events: tuple[Event, ...] = ()
    """Events and what they trigger."""


def read_process(path: str | Path) -> SalesProcess:
    """Read a sales process from its YAML file.

    Raises
    ------
    InputError
        With every problem of the file, each with its line and what would be right.
    """
    return load_process(_text(path), str(path))


def load_process(text: str, file: str) -> SalesProcess:
    """Check the text of a sales process; raises InputError with every problem and its line."""
    document = parse(text, file)
    process = _checked(SalesProcess, document)
    if wrong := [
        *_double_names(process, document),
        *_unmatched(process, document),
        *_no_columns(process, document),
    ]:
        raise InputError(wrong)
    return process


def process_named(name: str) -> SalesProcess:
    """Sales process by its name in ``templates/processes``, or by the path of a YAML file.

    Raises
    ------
    ParameterError
        When there is neither.
    InputError
        For a file with problems.

    >>> process_named("product_sales").title
    'Product sales'
    """
    if name.endswith((".yaml", ".yml")):
        return read_process(name)
    names = [path.stem for path in sorted(shipped(*FOLDER).glob("*_sales.yaml"))]
    if name not in names:
        raise ParameterError(f"process {name!r} does not exist; {did_you_mean(name, names)}")
    return _named(name)


@cache
def _named(name: str) -> SalesProcess:
    return read_process(shipped(*FOLDER, f"{name}.yaml"))


@cache
def relationship() -> Relationship:
    """How relationships are managed, from ``templates/processes/relationship.yaml``.

    >>> [phase.name for phase in relationship().phases]
    ['Acquisition', 'Stabilisation', 'Enhancement']
    """
    path = shipped(*FOLDER, "relationship.yaml")
    return _checked(Relationship, parse(_text(path), str(path)))


def _text(path: str | Path) -> str:
    try:
        return decode(Path(path).read_bytes(), str(path))
    except OSError as error:
        raise InputError([Problem(str(path), "", "", "", f"cannot be read: {error.strerror}")]) from None


def _checked(model: type[M], document: Document) -> M:
    try:
        return model.model_validate(document.data)
    except ValidationError as error:
        raise InputError(problems_of(error, model, document)) from None


def _double_names(process: SalesProcess, document: Document) -> Iterator[Problem]:
    for side in ("customer", "provider"):
        seen: set[str] = set()
        for place, phase in enumerate(getattr(process, side).phases):
            if phase.name in seen:
                yield document.problem((side, "phases", place, "name"), "stands twice; keep one", phase.name)
            seen.add(phase.name)


def _unmatched(process: SalesProcess, document: Document) -> Iterator[Problem]:
    names = [phase.name for phase in process.customer.phases]
    for place, phase in enumerate(process.provider.phases):
        for item, name in enumerate(phase.matches):
            if name not in names:
                text = f"is no phase of the customer; {did_you_mean(name, names)}"
                yield document.problem(("provider", "phases", place, "matches", item), text, name)


def _no_columns(process: SalesProcess, document: Document) -> Iterator[Problem]:
    columns = list(Opportunity.model_fields)
    for place, phase in enumerate(process.provider.phases):
        for item, name in enumerate(phase.requires):
            if name not in columns:
                text = f"is no column of opportunities; {did_you_mean(name, columns)}"
                yield document.problem(("provider", "phases", place, "requires", item), text, name)
