"""A business case with some of its numbers replaced: what a what-if changes, and what it saves."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from vs_toolkit.charts.what_if import Confirmation
from vs_toolkit.errors import ParameterError
from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.terms import spend_key
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.wording import did_you_mean

Tree = dict[str, Any]


def revised(
    case: BusinessCase,
    values: Mapping[str, float | FloatArray],
    confirmed: Mapping[str, Confirmation] | None = None,
    **fields: object,
) -> BusinessCase:
    """Give the case with other expected values, and with those confirmed that the customer confirmed.

    Parameters
    ----------
    case
        The case as it was; it is not changed.
    values
        Assumption key (as :func:`vs_toolkit.impact.assumptions` names them) -> value, in the unit of the
        number. A range is widened where the value lies outside it; the years of a list move together.
    confirmed
        Assumption key -> who confirmed it; a confirmed number has no range any more.
    fields
        Further fields of the case to be replaced, such as ``id`` or ``dated``.

    Raises
    ------
    ParameterError
        If there is no such number in the case.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> revised(case, {"price.amount": 900_000}).price.amount.expected
    900000.0
    """
    tree = case.model_dump(mode="json", exclude_none=True)
    confirmed = confirmed or {}
    for key in dict.fromkeys((*values, *confirmed)):
        holder, name = _place(tree, case, key)
        if key in values:
            holder[name] = _replaced(holder[name], float(values[key]))
        if key in confirmed:
            _confirm(holder, name, confirmed[key])
    return BusinessCase.model_validate(tree | {name: _plain(value) for name, value in fields.items()})


def _place(tree: Tree, case: BusinessCase, key: str) -> tuple[Tree, str]:
    """Where the number stands: the part of the document, and the field in it."""
    owner, _, field = key.rpartition(".")
    holders: dict[str, Tree] = {"numbers": tree.get("numbers", {})}
    holders |= {f"effects.{effect['id']}": effect for effect in tree["effects"]}
    written = {part["id"]: part for name in ("costs", "fees") for part in tree.get(name, ())}
    written |= {tree["price"]["id"]: tree["price"]} if "price" in tree else {}
    holders |= {spend_key(spend, case): written[spend.id] for spend in case.spends}
    if "terminal_value" in tree:
        holders["terminal_value"] = tree["terminal_value"]
    if owner not in holders or field not in holders[owner]:
        known = [f"{name}.{own}" for name, holder in holders.items() for own in holder]
        raise ParameterError(f"the case has no number {key!r}; {did_you_mean(key, known)}")
    return holders[owner], field


def _replaced(written: Any, value: float) -> Any:
    if isinstance(written, list):
        return _moved(written, value)
    if not isinstance(written, dict):
        return value if not isinstance(written, int) else round(value)
    low, high = min(written["low"], value), max(written["high"], value)
    return {**written, "low": low, "expected": value, "high": high}


def _moved(years: list[Any], total: float) -> list[Any]:
    """Move all years of a line together, each by the same part of its range, until they sum to ``total``."""
    low, expected, high = (sum(year[name] for year in years) for name in ("low", "expected", "high"))
    end, span = ("high", high - expected) if total >= expected else ("low", expected - low)
    part = abs(total - expected) / span if span else 0.0
    return [_replaced(year, year["expected"] + part * (year[end] - year["expected"])) for year in years]


def _confirm(holder: Tree, name: str, who: Confirmation) -> None:
    """Write who confirmed a number at the number itself; what is confirmed is certain."""
    stated = {"kind": "customer_verified", "confirmed_by": who.by, "confirmed_on": who.on.isoformat()}
    written = holder[name]
    if isinstance(written, dict):
        point = written["expected"]
        before = written.get("evidence") or {}
        holder[name] = {**written, "low": point, "high": point, "evidence": {**before, **stated}}
    else:
        holder["evidence"] = {**holder.get("evidence", {}), **stated}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def case_text(case: BusinessCase) -> str:
    """Write a case as the YAML document that :func:`vs_toolkit.impact.read_case` reads.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> case_text(case).splitlines()[0]
    'id: NORTHMILL-01'
    """
    tree = _lean(case.model_dump(mode="json", exclude_none=True, exclude_defaults=True))
    target = io.StringIO()
    yaml.safe_dump(tree, target, sort_keys=False, allow_unicode=True, width=110)
    return target.getvalue()


def _lean(value: Any) -> Any:
    """Write a certain number as a number, and nothing empty."""
    if isinstance(value, dict):
        if set(value) == {"low", "expected", "high"} and value["low"] == value["high"]:
            return value["expected"]
        return {name: _lean(item) for name, item in value.items() if not _is_empty(item)}
    return [_lean(item) for item in value] if isinstance(value, list) else value


def _is_empty(value: Any) -> bool:
    return isinstance(value, dict | list) and not value
