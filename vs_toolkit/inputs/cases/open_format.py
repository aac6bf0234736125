"""The Value Project's value-model JSON (version 1.0.0): written from a case or a value model, and read.

What their format cannot say stands under one key of ours, ``x-vs-toolkit``, so that our own files come back
exactly. Equations are read by our own grammar (names, numbers, + - * / and parentheses), never run.
Percentages
are whole numbers in their format (30 is 30 %): written equations divide by 100 where they use one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import ValidationError

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.cases import formulas
from vs_toolkit.inputs.cases.business_case import DAYS_OF, BusinessCase
from vs_toolkit.inputs.cases.effects import Effect, Factor
from vs_toolkit.inputs.cases.value_model import ValueModel
from vs_toolkit.inputs.fields import Model
from vs_toolkit.inputs.wording import found, message

VERSION, OURS = "1.0.0", "x-vs-toolkit"
M = TypeVar("M", bound=Model)
Percent = Literal["", "whole", "fraction"]
PRODUCT = ("amount", "quantity", "change", "unit_value", "factor")
TYPES = {"change": "Percentage", "factor": "Percentage", "quantity": "Numeric", "days": "Numeric",
         "share_of_next_sales": "Percentage", "margin": "Percentage"}  # fmt: skip
CATEGORIES = {"change": "Improvement Claim", "factor": "Improvement Claim"}
LINES = {"volume": "Revenue Growth", "price": "Revenue Growth", "direct_cost": "Cost Reduction",
         "indirect_cost": "Cost Reduction"}  # fmt: skip
KNOWN = {
    "schema_version",
    "model_id",
    "product_name",
    "product_description",
    "variables",
    "value_drivers",
    OURS,
}
KNOWN_DRIVER = {"name", "equation", "description", "variables_used", "continuity_profile", "category"}


@dataclass(frozen=True)
class Imported:
    """A value model, or the case that our own key holds; ``listed`` is what was not taken over or was
    guessed.
    """

    model: ValueModel | None
    case: BusinessCase | None
    listed: tuple[str, ...]


def export_case(case: BusinessCase) -> dict[str, Any]:
    """Write a business case as a value model of their format; the whole case stands under our own key."""
    variables: list[dict[str, Any]] = []
    drivers = [_driver(effect, case, variables) for effect in case.effects]
    held = {"case": case.model_dump(mode="json", exclude_defaults=True)}
    return _document(case.id, case.solution.name, case.title, variables, drivers) | {OURS: held}


def export_model(model: ValueModel) -> dict[str, Any]:
    """Write a value model; its formulas become equations."""
    shares = {name for name, variable in model.variables.items() if "fraction" in variable.unit}
    variables = []
    for name, variable in model.variables.items():
        given = (
            None if variable.default is None else variable.default.expected * (100 if name in shares else 1)
        )
        kind = "Percentage" if name in shares else "Money" if "money" in variable.unit else "Numeric"
        said = variable.description or name.replace("_", " ")
        variables.append(_variable(name, said, kind, "Customer Variable", variable.unit, given))
    drivers = []
    for effect in model.effects:
        sizes = [str(effect[field]) for field in PRODUCT if effect.get(field) is not None]
        equation = " * ".join(_bracketed(_per_cent(text, shares)) for text in sizes if _is_equation(text))
        drivers.append(
            _said(
                effect.get("name") or effect["id"],
                equation or "0",
                str(effect.get("line", "")),
                recurring=True,
            )
        )
    held = {"model": model.model_dump(mode="json", exclude_defaults=True)}
    title = model.description or model.name
    return _document(model.name, model.name, title, variables, drivers) | {OURS: held}


def _document(
    id_: str, product: str, text: str, variables: list[dict[str, Any]], drivers: list[dict[str, Any]]
) -> dict[str, Any]:
    for driver in drivers:
        driver["variables_used"] = sorted(formulas.names(driver["equation"]))
        driver["tiers_or_modules"] = [product]
    return {
        "schema_version": VERSION,
        "model_id": id_,
        "product_name": product,
        "product_description": text,
        "variables": variables,
        "value_drivers": drivers,
        "tiers_and_modules": [{"name": product, "module": False, "description": text}],
    }


def _variable(
    name: str, said: str, kind: str, category: str, unit: str, value: float | None
) -> dict[str, Any]:
    given = {} if value is None else {"default_value": value}
    return {
        "name": name,
        "display_name": said,
        "description": said,
        "type": kind,
        "category": category,
        "unit": unit,
    } | given


def _said(name: str, equation: str, line: str, *, recurring: bool, **profile: Any) -> dict[str, Any]:
    kind = "recurring" if recurring else "one_time"
    return {
        "name": name,
        "equation": equation,
        "description": name,
        "category": LINES.get(line, "Working Capital"),
        "continuity_profile": {"type": kind, **profile},
    }


def _driver(effect: Effect, case: BusinessCase, variables: list[dict[str, Any]]) -> dict[str, Any]:
    """One effect: its factors become variables, its size an equation over them."""
    parts = []
    for field in (*PRODUCT, "days", "share_of_next_sales", "margin"):
        factor = getattr(effect, field)
        if isinstance(factor, Factor) and not (field == "factor" and factor.certain_one):
            name = _safe(f"{effect.id}_{field}")
            kind = TYPES.get(field, "Money")
            value = factor.expected * (100 if kind == "Percentage" else 1)
            unit = "%" if kind == "Percentage" else case.currency if kind == "Money" else effect.unit or ""
            said = f"{effect.name}: {field.replace('_', ' ')}"
            category = CATEGORIES.get(field, "Customer Variable")
            variables.append(_variable(name, said, kind, category, unit, value))
            parts.append(f"({name} / 100)" if kind == "Percentage" else name)
    if effect.days is not None and case.baseline is not None:
        base = DAYS_OF[effect.line]
        name = _safe(f"{effect.id}_{base}")
        amount = getattr(case.baseline, base)
        variables.append(
            _variable(
                name,
                f"{base.replace('_', ' ')} per year",
                "Money",
                "Customer Variable",
                case.currency,
                amount,
            )
        )
        parts.append(f"{name} / 365")
    if effect.by_year is not None:
        name = _safe(f"{effect.id}_all_years")
        total = sum(amount.expected for amount in effect.by_year)
        variables.append(
            _variable(name, f"{effect.name}: all years", "Money", "Customer Variable", case.currency, total)
        )
        parts.append(name)
    flow = effect.category != "capital" and effect.by_year is None
    profile = (
        {"annual_decay_rate": max(0.0, -effect.growth), "time_horizon_years": case.years} if flow else {}
    )
    return _said(effect.name, " * ".join(parts) or "0", effect.line, recurring=flow, **profile)


def _safe(name: str) -> str:
    name = re.sub(r"[^a-zA-Z0-9_]", "_", name)
    return name if re.match("[a-zA-Z_]", name) else f"_{name}"


def _per_cent(text: str, shares: set[str]) -> str:
    return re.sub(
        r"[A-Za-z_]\w*", lambda found: f"({found[0]} / 100)" if found[0] in shares else found[0], text
    )


def _bracketed(text: str) -> str:
    return f"({text})" if re.search("[-+/ ]", text) else text


def _is_equation(text: str) -> bool:
    try:
        formulas.parse(text)
    except ValueError:
        return False
    return True


def read_open(text: str, file: str, percent: Percent = "", years: int | None = None) -> Imported:
    """Read a file of their format.

    Parameters
    ----------
    text, file
        Content of the file, and its name for messages.
    percent
        What a percentage is in the equations, where they do not say: ``whole`` (30 is 30 %) or ``fraction``.
    years
        Horizon of drivers that name none.

    Raises
    ------
    InputError
        When it is not of their format, an equation is not of our grammar, or the percentages are undecidable.
    """
    data = _parsed(text, file)
    held = data.get(OURS)
    if isinstance(held, dict) and isinstance(held.get("case"), dict):
        return Imported(None, _validated(BusinessCase, held["case"], file), ())
    if isinstance(held, dict) and isinstance(held.get("model"), dict):
        return Imported(_validated(ValueModel, held["model"], file), None, ())
    reader = _Reader(file, data, percent, years)
    model = reader.model()
    return Imported(model, None, tuple(dict.fromkeys(reader.listed)))


def _validated(model: type[M], data: Any, file: str) -> M:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = [
            Problem(file, "", ".".join(map(str, detail["loc"])), found(detail["input"]), message(detail))
            for detail in error.errors(include_url=False)
        ]
        raise InputError(problems) from None


def _parsed(text: str, file: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError([Problem(file, "", "", "", f"not readable as JSON: {error}")]) from None
    fields = data if isinstance(data, dict) else {}
    missing = [name for name in ("variables", "value_drivers") if not _is_list_of_objects(fields.get(name))]
    missing += [] if isinstance(fields.get("model_id"), str) and fields["model_id"].strip() else ["model_id"]
    if missing:
        message = f"is no value model of The Value Project: {', '.join(missing)} missing or not in its form"
        raise InputError([Problem(file, "", "", "", message)])
    return dict(fields)


def _is_list_of_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _listed(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


class _Reader:
    def __init__(self, file: str, data: dict[str, Any], percent: Percent, years: int | None) -> None:
        self.file, self.data, self.percent, self.years = file, data, percent, years
        self.listed: list[str] = []
        self.problems: list[Problem] = []
        self.variables = {str(v.get("name")): v for v in data["variables"] if isinstance(v, dict)}
        self.derived = {
            str(item.get("variable")): str(item.get("equation", ""))
            for item in _listed(data.get("dependencies"))
        }
        self.whole = self._whole()

    def model(self) -> ValueModel:
        drivers = [driver for driver in self.data["value_drivers"] if isinstance(driver, dict)]
        effects = [self._effect(driver, number) for number, driver in enumerate(drivers, 1)]
        variables = {
            name: self._variable(name, v) for name, v in self.variables.items() if name not in self.derived
        }
        self.listed += [
            f"{name}: not taken over" for name in self.data if name not in KNOWN and name != "dependencies"
        ]
        if self.problems:
            raise InputError(self.problems)
        said = self.data.get("product_description") or self.data.get("product_name") or ""
        held = {
            "name": self.data["model_id"],
            "description": str(said) or None,
            "variables": variables,
            "effects": effects,
        }
        return _validated(ValueModel, held, self.file)

    def _equations(self) -> list[str]:
        return [
            *(str(d.get("equation", "")) for d in self.data["value_drivers"] if isinstance(d, dict)),
            *self.derived.values(),
        ]

    def _whole(self) -> dict[str, bool]:
        """For each percentage whether it is a whole number in the equations: the equations say it, or the
        user.
        """
        whole = {}
        for name, variable in self.variables.items():
            if variable.get("type") != "Percentage":
                continue
            used = [text for text in self._equations() if re.search(rf"\b{re.escape(name)}\b", text)]
            divided = [
                bool(re.search(rf"\b{re.escape(name)}\b\s*(?:/\s*100\b|\*\s*0?\.01\b)", text))
                for text in used
            ]
            large = abs(_number(variable.get("default_value")) or 0) > 1
            if used and all(divided):
                whole[name] = True
            elif self.percent:
                whole[name] = False
            elif used and (any(divided) or large):
                text = (
                    "the equations do not say whether 30 is 30 %: say --percent whole or --percent fraction"
                )
                self.problems.append(Problem(self.file, "", name, "", text))
        return whole

    def _variable(self, name: str, variable: Mapping[str, Any]) -> dict[str, Any]:
        unit = str(
            variable.get("unit")
            or {"Money": "money", "Percentage": "fraction"}.get(str(variable.get("type")), "number")
        )
        default = _number(variable.get("default_value"))
        if variable.get("type") == "Percentage" and not self.whole.get(name, False):
            unit = "fraction"
            if default is not None and self.percent == "whole":
                default /= 100
        elif variable.get("type") == "Percentage":
            unit = "percent (30 is 30 %)"
        said = variable.get("description") or variable.get("display_name")
        return {"unit": unit, "description": said, "default": default}

    def _effect(self, driver: Mapping[str, Any], number: int) -> dict[str, Any]:
        name = str(driver.get("name") or f"Driver {number}")
        field = f"value_drivers[{number}].equation"
        equation = self._substituted(str(driver.get("equation", "")), field)
        try:
            unknown = sorted(formulas.names(equation) - set(self.variables))
            if unknown:
                message = f"uses {', '.join(unknown)}, which the model does not declare"
                self.problems.append(Problem(self.file, "", field, equation, message))
        except ValueError as error:
            self.problems.append(
                Problem(self.file, "", field, str(driver.get("equation", ""))[:60], str(error))
            )
        line, guess = _line(str(driver.get("category", "")))
        self.listed.append(f"{name}: taken as {line} ({guess}); check it")
        self.listed += [f"{name}: {key} not taken over" for key in driver if key not in KNOWN_DRIVER]
        return {
            "id": _slug(name, number),
            "name": name,
            "line": line,
            "amount": equation,
            "evidence": {"kind": "our_estimate", "reference": f"Value model {self.data['model_id']}"},
            **self._timing(driver.get("continuity_profile"), name),
        }

    def _timing(self, profile: Any, name: str) -> dict[str, Any]:
        profile = profile if isinstance(profile, dict) else {}
        if profile.get("type", profile.get("mode")) == "one_time":
            return {"end_month": 12}  # once: within the first year
        decay, horizon = (
            _number(profile.get("annual_decay_rate")) or 0.0,
            _number(profile.get("time_horizon_years")),
        )
        if horizon is None and self.years is None:
            self.listed.append(
                f"{name}: names no horizon; it lasts as long as the case (--years N limits it)"
            )
        end = horizon if horizon is not None else self.years
        return {**({"growth": -decay} if decay else {}), **({"end_month": int(12 * end)} if end else {})}

    def _substituted(self, equation: str, field: str) -> str:
        """Put in what depends on other variables."""
        for _ in range(len(self.derived) + 1):
            used = [name for name in self.derived if re.search(rf"\b{re.escape(name)}\b", equation)]
            if not used:
                return equation
            for name in used:
                equation = f"({self.derived[name]})".join(re.split(rf"\b{re.escape(name)}\b", equation))
            if len(equation) > formulas.LENGTH_LIMIT:
                break
        self.problems.append(
            Problem(self.file, "", field, "", "its variables depend on each other in a circle")
        )
        return "0"


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _line(category: str) -> tuple[str, str]:
    """Our line for their category: revenue drivers state profit, so they are taken as price."""
    said = category or "no category"
    if re.search("revenue|growth|price|win", category, re.IGNORECASE):
        return "price", said
    return "indirect_cost", said


def _slug(name: str, number: int) -> str:
    return f"d{number}-" + re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
