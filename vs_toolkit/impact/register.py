"""On what the case rests: every assumption with its source, and how much the customer has verified."""

from __future__ import annotations

from datetime import date

import pandas as pd

from vs_toolkit.impact.assumptions import Assumption, assumptions
from vs_toolkit.impact.investment import evaluate
from vs_toolkit.inputs.cases.business_case import BusinessCase, Effect, Evidence, Spend

SOURCE = ("evidence", "reference", "confirmed_by", "confirmed_on")
REGISTER = ["key", "name", "low", "expected", "high", "unit", *SOURCE]
UNITS = {"change": "fraction", "factor": "fraction", "days": "days"}


def assumption_register(case: BusinessCase, as_of: date) -> pd.DataFrame:
    """List every assumption with its range, its source and who confirmed it by ``as_of``.

    Returns
    -------
    DataFrame
        One row per assumption: ``key``, ``name``, ``low``, ``expected``, ``high``, ``unit``, ``evidence``,
        ``reference``, ``confirmed_by``, ``confirmed_on``; missing where nothing is given. A confirmation
        dated after ``as_of`` is not known yet. What is given ``by_year`` has one row, without numbers.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> register = impact.assumption_register(case, date(2026, 6, 30)).set_index("key")
    >>> register.loc["effects.yield.quantity", ["unit", "evidence"]].tolist()
    ['tonnes', 'our_estimate']
    """
    units = {effect.id: effect.unit for effect in case.effects}
    rows = [_row(a, _unit(a.key, units, case.currency), as_of) for a in assumptions(case)]
    listed = [_listed(item, case.currency, as_of) for item in case.items if item.by_year]
    return pd.DataFrame(rows + listed, columns=REGISTER)


def _row(assumption: Assumption, unit: str | None, as_of: date) -> dict[str, object]:
    estimate = assumption.estimate
    return {
        "key": assumption.key,
        "name": assumption.name,
        "low": estimate.low,
        "expected": estimate.expected,
        "high": estimate.high,
        "unit": unit,
        **_source(assumption.evidence, as_of),
    }


def _listed(item: Effect | Spend, currency: str, as_of: date) -> dict[str, object]:
    name = f"{item.name}: amounts by year"
    return {"key": f"{item.id}.by_year", "name": name, "unit": currency, **_source(item.evidence, as_of)}


def _source(evidence: Evidence | None, as_of: date) -> dict[str, object]:
    if evidence is None:
        return dict.fromkeys(SOURCE)
    known = is_verified(evidence, as_of)
    return {
        "evidence": evidence.kind,
        "reference": evidence.reference,
        "confirmed_by": evidence.confirmed_by if known else None,
        "confirmed_on": evidence.confirmed_on if known else None,
    }


def _unit(key: str, units: dict[str, str | None], currency: str) -> str | None:
    """Unit of an assumption; a quantity has the unit that the case gives it."""
    owner, _, field = key.rpartition(".")
    if field == "quantity":
        return units[owner.removeprefix("effects.")]
    return UNITS.get(field, currency)


def is_verified(evidence: Evidence, as_of: date) -> bool:
    """Tell whether the customer had confirmed the number by ``as_of``; without a day it does not count.

    >>> evidence = Evidence(kind="customer_verified", confirmed_on=date(2026, 3, 1))
    >>> is_verified(evidence, date(2026, 2, 28)), is_verified(evidence, date(2026, 3, 1))
    (False, True)
    """
    return evidence.confirmed_on is not None and evidence.confirmed_on <= as_of


def verified_share(case: BusinessCase, as_of: date) -> float | None:
    """Share of the gross value that the customer had verified by ``as_of``, as a fraction.

    Gross value: present value of the effects that are positive, before tax, costs and price. None when
    there is no such effect.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> impact.verified_share(case, date(2026, 6, 30))  # nothing is confirmed yet
    0.0
    """
    values = evaluate(case).contributions.clip(lower=0)
    gross = values[[effect.id for effect in case.effects]].sum()
    verified = values[[effect.id for effect in case.effects if is_verified(effect.evidence, as_of)]].sum()
    return float(verified / gross) if gross > 0 else None
