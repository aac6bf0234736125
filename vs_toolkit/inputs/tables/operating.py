"""The operating model of sales: responsibilities, ways of working, self-assessments, support systems."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from vs_toolkit.inputs.fields import Count, Day, Id, Key, Known, Model, Number, PersonId, Share, Text

OneToFive = Annotated[Number, Field(ge=1, le=5)]


class Responsibility(Model):
    """Duty of one role in one activity of a process or an action plan (ARSCI, also called RASCI)."""

    process: Key[Text]
    """Process or action plan."""
    phase: Text | None = None
    """Phase of the process."""
    activity: Key[Text]
    """Activity, in the order of the process."""
    role: Key[Text]
    """Role or position."""
    duty: Literal["A", "R", "AR", "S", "C", "I"] | None = None
    """Accountable, responsible, both, supportive, to be consulted, to be informed; blank: no duty."""
    hours: Number | None = None
    """Hours a month that the duty takes."""


class RoleHolder(Model):
    """An employee who fills a role from a day on."""

    role: Key[Text]
    """Role, in the words of ``responsibilities``."""
    person_id: Key[PersonId]
    """Employee."""
    since: Key[Known[Day]]
    """First day in the role."""
    until: Day | None = None
    """Last day in the role; blank: still in it."""


class Culture(Model):
    """How one respondent sees the way of working in a unit."""

    unit: Key[Text]
    """Unit, in the words of ``people``."""
    respondent: Key[Id]
    """Who answered, as a number or a function rather than a name."""
    assessed_on: Key[Known[Day]]
    """Day of the answer; the latest known one applies."""
    common_processes: OneToFive
    """Use of common processes and tools, from 1 (each as they like) to 5 (defined and followed)."""
    centralisation: OneToFive
    """Management, from 1 (each unit decides) to 5 (directed from the centre)."""


class SelfAssessment(Model):
    """Answer of one respondent to one statement of the self-assessment (``templates/assessments``)."""

    respondent: Key[Id]
    """Who answered, as a number or a function rather than a name."""
    unit: Text
    """Unit of the respondent, in the words of ``people``."""
    answered_on: Key[Known[Day]]
    """Day of the answer."""
    statement: Key[Text]
    """Id of the statement."""
    answer: Literal["yes", "no", "under development"] | None = None
    """The answer; blank: not answered."""


class System(Model):
    """A system that supports sales."""

    system: Key[Text]
    """Name."""
    purpose: Text | None = None
    """What it is for."""
    since: Known[Day]
    """First day in use."""
    linked_to: Text | None = None
    """Systems to which it is linked, separated by ``;``."""


class SystemUse(Model):
    """Use of a system by a unit in a quarter: how many use it, and how fully."""

    system: Key[Text]
    """System, in the words of ``systems``."""
    unit: Key[Text]
    """Unit, in the words of ``people``."""
    measured_on: Key[Known[Day]]
    """Day of the measurement."""
    users: Count
    """People who used it."""
    people: Count
    """People who should use it."""
    scope: Share
    """Part of what should be done in it that is done in it."""


TABLES: dict[str, type[Model]] = {
    "responsibilities": Responsibility,
    "role_holders": RoleHolder,
    "culture": Culture,
    "self_assessments": SelfAssessment,
    "systems": System,
    "system_use": SystemUse,
}
