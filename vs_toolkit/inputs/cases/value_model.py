"""Reusable value models: one solution sold to many customers, instantiated with the numbers of one.

A model names its variables and, for each effect, the feature and the benefit behind it; the size of an effect
may be a formula over the variables (book, chapter 5, "Supplier's view": a tractor's axle and the milk price).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.cases import formulas
from vs_toolkit.inputs.cases.document import Document, Path
from vs_toolkit.inputs.cases.documents import problems_of
from vs_toolkit.inputs.cases.effects import Factor, VariableValue
from vs_toolkit.inputs.fields import Estimate, Id, Model, Text
from vs_toolkit.inputs.wording import did_you_mean

FORMULAS = ("amount", "quantity", "change", "unit_value", "days", "factor")
ESTIMATE = TypeAdapter(Estimate)
VALUE = TypeAdapter(VariableValue)
FindModel = Callable[[str], "ValueModel"]


class Variable(Model):
    """One number that a model needs of a customer."""

    unit: Text
    description: Text | None = None
    default: Estimate | None = None


class ValueModel(Model):
    """Variables, and effects whose sizes are formulas over them."""

    name: Id
    description: Text | None = None
    variables: dict[str, Variable]
    effects: Annotated[tuple[dict[str, Any], ...], Field(min_length=1)]


def load_model(document: Document) -> ValueModel:
    """Check a value model: its fields, and that every formula uses declared variables only.

    Raises
    ------
    InputError
        With every problem and its line.
    """
    try:
        model = ValueModel.model_validate(document.data)
    except ValidationError as error:
        raise InputError(problems_of(error, ValueModel, document)) from None
    if problems := list(_formula_problems(model, document)):
        raise InputError(problems)
    return model


def _formula_problems(model: ValueModel, document: Document) -> Iterator[Problem]:
    for path, formula in _formulas(model):
        try:
            unknown = sorted(formulas.names(formula) - set(model.variables))
        except ValueError as error:
            yield document.problem(path, str(error), formula)
        else:
            for name in unknown:
                hint = did_you_mean(name, model.variables)
                yield document.problem(path, f"{name!r} is not a variable of the model; {hint}", formula)


def _formulas(model: ValueModel) -> Iterator[tuple[Path, str]]:
    for index, effect in enumerate(model.effects):
        for field in FORMULAS:
            if isinstance(effect.get(field), str) and not _is_estimate(effect[field]):
                yield ("effects", index, field), effect[field]


def _is_estimate(value: Any) -> bool:
    try:
        ESTIMATE.validate_python(value)
    except ValidationError:
        return False
    return True


def instantiate(model: ValueModel, numbers: Mapping[str, Estimate]) -> tuple[dict[str, Any], ...]:
    """Work out the effects of a model with a customer's numbers; a number left out takes its default.

    Raises
    ------
    ValueError
        For a variable without number and default, and for a formula that cannot be worked out.

    >>> model = ValueModel.model_validate({
    ...     "name": "tractor",
    ...     "variables": {"cows": {"unit": "cows"}, "care": {"unit": "money", "default": 9}},
    ...     "effects": [{"id": "care", "amount": "cows * care"}]})
    >>> instantiate(model, {"cows": Estimate.of(60)})[0]["amount"].expected
    540.0
    """
    known = complete(model, numbers)
    effects = [dict(effect) for effect in model.effects]
    for (_, index, field), formula in _formulas(model):
        effects[index][field] = worked_out(formula, known)  # type: ignore[index]
    return tuple(effects)


def complete(model: ValueModel, numbers: Mapping[str, Estimate]) -> dict[str, VariableValue]:
    """Give every variable of a model its value: the customer's, or else its default.

    Raises
    ------
    ValueError
        For a variable without number and default.
    """
    values = {name: numbers.get(name, variable.default) for name, variable in model.variables.items()}
    if missing := [name for name, value in values.items() if value is None]:
        units = ", ".join(f"{name} ({model.variables[name].unit})" for name in missing)
        raise ValueError(f"the model {model.name} needs numbers for {units}")
    described = {
        name: {"unit": variable.unit, "name": variable.description or name.replace("_", " ").capitalize()}
        for name, variable in model.variables.items()
    }
    return {
        name: VariableValue.model_validate(described[name] | value.model_dump(exclude_none=True))
        for name, value in values.items()
        if value is not None
    }


def worked_out(formula: str, numbers: Mapping[str, Estimate]) -> Factor:
    """Work out a formula over numbers and remember it, so that effects share what they have in common.

    >>> worked_out("2 * cows", {"cows": Estimate.of(60)}).expected
    120.0
    """
    return Factor(**formulas.spread(formula, numbers).model_dump(), formula=formula)


def expand(document: Document, find: FindModel) -> Document:
    """Put the effects of the value model that a case names into the case, and work out its formulas.

    An effect of the case that bears the id of one of the model changes only the fields it gives; others are
    added. The case's own effects keep their place, so that their lines stay right; the model's follow. The
    numbers stay in the case: what several effects share is one assumption.

    Raises
    ------
    InputError
        For an unknown model or number and for numbers that are missing or not numbers, with the lines.
    """
    data = dict(document.data)
    name, given = data.pop("model", None), data.pop("numbers", None) or {}
    if name is None and not given:
        return document
    model = None if name is None else _find(str(name), find, document)
    numbers = _numbers(given, model, document)
    own: Any = data.get("effects")
    added: list[dict[str, Any]] = []
    if model is not None:
        numbers, from_model = _effects(model, numbers, document)
        own, added = _joined(own, from_model)
    lines = document.lines | {
        ("effects", len(own) + index): document.lines[("model",)] for index in range(len(added))
    }
    own = _own_formulas(own, numbers, document)
    used = {key: value.model_dump(exclude_none=True) for key, value in numbers.items()}
    effects = [*own, *added] if isinstance(own, list) else own
    return replace(document, data={**data, "numbers": used, "effects": effects}, lines=lines)


def _own_formulas(own: Any, numbers: Mapping[str, Estimate], document: Document) -> Any:
    """Work out the formulas that a case writes in its own effects; other text is left to the validation."""
    problems: list[Problem] = []
    if not isinstance(own, list):
        return own
    effects = [dict(effect) if isinstance(effect, dict) else effect for effect in own]
    for index, effect in enumerate(effects):
        for field in FORMULAS if isinstance(effect, dict) else ():
            if isinstance(effect.get(field), str) and formulas.is_formula(effect[field]):
                try:
                    effect[field] = worked_out(effect[field], numbers).model_dump(exclude_none=True)
                except ValueError as error:
                    problems.append(document.problem(("effects", index, field), str(error), effect[field]))
    if problems:
        raise InputError(problems)
    return effects


def _find(name: str, find: FindModel, document: Document) -> ValueModel:
    try:
        return find(name)
    except LookupError as error:
        raise InputError([document.problem(("model",), str(error.args[0]), name)]) from None


def _numbers(given: Any, model: ValueModel | None, document: Document) -> dict[str, VariableValue]:
    if not isinstance(given, dict):
        raise InputError(
            [document.problem(("numbers",), "write numbers as 'name: value', each on a line of its own")]
        )
    numbers, problems = {}, []
    for name, value in given.items():
        path = ("numbers", str(name))
        if model is not None and name not in model.variables:
            hint = did_you_mean(str(name), model.variables)
            problems.append(document.problem(path, f"not a variable of the model {model.name}; {hint}"))
            continue
        try:
            numbers[name] = VALUE.validate_python(value)
        except ValidationError as error:
            problems += problems_of(error, VariableValue, document, path)
    if problems:
        raise InputError(problems)
    return numbers


def _effects(
    model: ValueModel, numbers: Mapping[str, VariableValue], document: Document
) -> tuple[dict[str, VariableValue], tuple[dict[str, Any], ...]]:
    try:
        return complete(model, numbers), instantiate(model, numbers)
    except ValueError as error:
        path = ("numbers",) if ("numbers",) in document.lines else ("model",)
        raise InputError([document.problem(path, str(error))]) from None


def _joined(own: Any, from_model: Iterable[dict[str, Any]]) -> tuple[list[Any], list[dict[str, Any]]]:
    by_id = {str(effect.get("id")): effect for effect in from_model}
    own = own if isinstance(own, list) else []
    joined = [by_id.pop(str(e.get("id")), {}) | e if isinstance(e, dict) else e for e in own]
    return joined, list(by_id.values())
