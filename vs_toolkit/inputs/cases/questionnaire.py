"""Self-assessment as YAML: chapters of statements that are answered yes, no or under development."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated

import pandas as pd
from pydantic import Field, ValidationError

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.cases.document import decode, parse
from vs_toolkit.inputs.cases.documents import problems_of
from vs_toolkit.inputs.fields import Id, Model, Text
from vs_toolkit.shipped import shipped

NAME = "sales_function"


class Statement(Model):
    """One statement to be answered."""

    id: Id
    """Id, which answers refer to."""
    text: Text
    """The statement."""


class Chapter(Model):
    """Statements about one part of the sales function."""

    id: Id
    """Id of the chapter."""
    title: Text
    """Its title."""
    statements: Annotated[tuple[Statement, ...], Field(min_length=1)]
    """Its statements."""


class Questionnaire(Model):
    """All statements of the self-assessment."""

    title: Text
    """Its title."""
    chapters: Annotated[tuple[Chapter, ...], Field(min_length=1)]
    """Its chapters."""

    @property
    def statements(self) -> pd.DataFrame:
        """Statements in order: index id; text, chapter (its title)."""
        rows = [(s.id, s.text, chapter.title) for chapter in self.chapters for s in chapter.statements]
        return pd.DataFrame(rows, columns=["id", "text", "chapter"]).set_index("id")


def questionnaire(path: str | Path = "") -> Questionnaire:
    """Statements of the self-assessment, from ``templates/assessments`` or from a file of your own.

    Raises
    ------
    InputError
        With every problem of the file, each with its line.

    >>> len(questionnaire().statements)
    43
    """
    return _read(str(path or shipped("templates", "assessments", f"{NAME}.yaml")))


@cache
def _read(path: str) -> Questionnaire:
    try:
        document = parse(decode(Path(path).read_bytes(), path), path)
    except OSError as error:
        raise InputError([Problem(path, "", "", "", f"cannot be read: {error.strerror}")]) from None
    try:
        return Questionnaire.model_validate(document.data)
    except ValidationError as error:
        raise InputError(problems_of(error, Questionnaire, document)) from None
