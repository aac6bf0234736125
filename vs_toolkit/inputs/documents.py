"""From a validator's errors to problems with file, line, field and what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from vs_toolkit.errors import Problem
from vs_toolkit.inputs.document import Document, Path, dotted
from vs_toolkit.inputs.wording import did_you_mean, found, message


def problems_of(
    error: ValidationError, model: type[BaseModel], document: Document, below: Path = ()
) -> tuple[Problem, ...]:
    """Word every error of a validation of ``document`` (or of its part ``below``) as a problem, each once."""
    paths = ((e, (*below, *e["loc"])) for e in error.errors(include_url=False))
    by_line = sorted(paths, key=lambda place: document.locate(place[1])[1])
    return tuple(dict.fromkeys(_problem(e, model, document, path) for e, path in by_line))


def _problem(error: ErrorDetails, model: type[BaseModel], document: Document, path: Path) -> Problem:
    if error["type"] == "missing":
        return _missing(error, model, document, path)
    if error["type"] == "extra_forbidden":
        return document.problem(path, _unknown(error, model, document))
    shown = found(error["input"])
    return document.problem(path, _currency_mix(shown, error, document) or message(error), shown)


def _missing(error: ErrorDetails, model: type[BaseModel], document: Document, path: Path) -> Problem:
    name = str(error["loc"][-1])
    described = [
        m.model_fields[name].description
        for m in _models_at(model, error["loc"][:-1])
        if name in m.model_fields
    ]
    text = f"is missing: {_first_lower(described[0])}" if described and described[0] else "is missing"
    here, _ = document.locate(path[:-1])
    return document.problem(here, text, field=dotted((*here, name)))


def _first_lower(text: str) -> str:
    return text[0].lower() + text[1:].rstrip(".") if text[1:2].islower() else text.rstrip(".")


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
        models = [inner for step in steps for inner in _models_in(step)] or models
    return models


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def _currency_mix(shown: str, error: Mapping[str, Any], document: Document) -> str:
    """An amount with a currency in it gets the answer that helps: which one is expected."""
    named = re.search(r"(?<![A-Z])[A-Z]{3}(?![A-Z])|[€$£¥]", shown)
    if error["type"] != "float_parsing" or not named:
        return ""
    currency = document.data.get("currency")
    if named[0] == currency:
        return f"write the number alone: every amount of the case is in {currency}"
    return f"every amount of the case is in {currency}: convert this one and write the number alone"
