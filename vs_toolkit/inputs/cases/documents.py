"""From a validator's errors to problems with file, line, field and what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from vs_toolkit.errors import Problem
from vs_toolkit.inputs.cases.document import Document, Path, dotted
from vs_toolkit.inputs.cases.places import PlacedError
from vs_toolkit.inputs.fields import described
from vs_toolkit.inputs.wording import did_you_mean, found, message


def problems_of(
    error: ValidationError, model: type[BaseModel], document: Document, below: Path = ()
) -> tuple[Problem, ...]:
    """Word every error of a validation of ``document`` (or of its part ``below``) as a problem, each once."""
    paths = [(e, (*below, *e["loc"])) for e in error.errors(include_url=False) if not _follows(e, error)]
    by_line = sorted(paths, key=lambda place: document.locate(place[1])[1])
    problems = (problem for e, path in by_line for problem in _problems(e, model, document, path))
    return tuple(dict.fromkeys(problems))


def _problems(
    error: ErrorDetails, model: type[BaseModel], document: Document, path: Path
) -> Iterator[Problem]:
    """One error, or each that a model has found in its parts."""
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, PlacedError):
        for place, message in cause.problems:
            yield document.problem((*path, *place), message)
    else:
        yield _problem(error, model, document, path)


def _follows(detail: ErrorDetails, error: ValidationError) -> bool:
    """A list is called too short as well when its items are wrong: the items are the problem."""
    loc = detail["loc"]
    inner = (
        e["loc"] for e in error.errors(include_url=False, include_input=False) if len(e["loc"]) > len(loc)
    )
    return detail["type"] == "too_short" and any(path[: len(loc)] == loc for path in inner)


def _problem(error: ErrorDetails, model: type[BaseModel], document: Document, path: Path) -> Problem:
    if error["type"] == "missing":
        return _missing(error, model, document, path)
    if error["type"] == "extra_forbidden":
        return document.problem(path, _unknown(error, model, document))
    shown = found(error["input"])
    return document.problem(path, _currency_mix(shown, error, document) or message(error), shown)


def _missing(error: ErrorDetails, model: type[BaseModel], document: Document, path: Path) -> Problem:
    name = str(error["loc"][-1])
    models = [m for m in _models_at(model, error["loc"][:-1]) if name in m.model_fields]
    text = described(models[0]).get(name, "") if models else ""
    here, _ = document.locate(path[:-1])
    message = f"is missing: {text.rstrip('.')}" if text else "is missing"
    return document.problem(here, message, field=dotted((*here, name)))


def _unknown(error: ErrorDetails, model: type[BaseModel], document: Document) -> str:
    name = str(error["loc"][-1])
    if name == "currency":
        return (
            f"a case has one currency, set at its top ({document.data.get('currency')}): convert what differs"
        )
    known = [field for m in _models_at(model, error["loc"][:-1]) for field in m.model_fields]
    return f"unknown field; {did_you_mean(name, dict.fromkeys(known))}"


def _models_at(model: type[BaseModel], path: tuple[int | str, ...]) -> list[type[BaseModel]]:
    """Models that may stand at ``path`` (several where a field has alternatives)."""
    models = [model]
    for part in path:
        steps = [m.model_fields[part].annotation for m in models if part in m.model_fields]
        models = [inner for step in steps for inner in models_in(step)] or models
    return models


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models that an annotation is made of.

    >>> from vs_toolkit.inputs.fields import Estimate
    >>> list(models_in(tuple[Estimate, ...] | None))
    [<class 'vs_toolkit.inputs.fields.Estimate'>]
    """
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models_in(inner)


def _currency_mix(shown: str, error: Mapping[str, Any], document: Document) -> str:
    """An amount with a currency in it gets the answer that helps: which one is expected."""
    named = re.search(r"(?<![A-Z])[A-Z]{3}(?![A-Z])|[€$£¥]", shown)
    if error["type"] != "float_parsing" or not named:
        return ""
    currency = document.data.get("currency")
    if named[0] == currency:
        return f"write the number alone: every amount of the case is in {currency}"
    return f"every amount of the case is in {currency}: convert this one and write the number alone"
