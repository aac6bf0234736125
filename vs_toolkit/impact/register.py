"""On what the case rests: every number with its source, and how much the customer has verified."""

from __future__ import annotations

from datetime import date

import pandas as pd

from vs_toolkit.impact.assumptions import Number, numbers
from vs_toolkit.impact.investment import evaluate
from vs_toolkit.inputs.cases.business_case import BusinessCase, Evidence

SOURCE = ("evidence", "reference", "confirmed_by", "confirmed_on")
REGISTER = ["key", "name", "owner", "low", "expected", "high", "unit", *SOURCE]


def assumption_register(case: BusinessCase, as_of: date) -> pd.DataFrame:
    """List every number with its range, its source and who confirmed it by ``as_of``.

    Returns
    -------
    DataFrame
        One row per number, a shared one once: ``key``, ``name``, ``owner`` (the line it belongs to), ``low``,
        ``expected``, ``high``, ``unit``, ``evidence``, ``reference``, ``confirmed_by``, ``confirmed_on``;
        missing where nothing is given. A confirmation dated after ``as_of`` is not known yet. What is given
        ``by_year`` is the sum of its years.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> register = impact.assumption_register(case, date(2026, 6, 30)).set_index("key")
    >>> register.loc["numbers.material", ["unit", "evidence"]].tolist()
    ['tonnes per year', 'our_estimate']
    """
    return pd.DataFrame([_row(number, as_of) for number in numbers(case)], columns=REGISTER)


def _row(number: Number, as_of: date) -> dict[str, object]:
    return {
        "key": number.key,
        "name": number.name,
        "owner": number.owner,
        "low": number.low,
        "expected": number.expected,
        "high": number.high,
        "unit": number.unit,
        **_source(number.evidence, as_of),
    }


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


def is_verified(evidence: Evidence | None, as_of: date) -> bool:
    """Tell whether the customer had confirmed the number by ``as_of``; without a day it does not count.

    >>> evidence = Evidence(kind="customer_verified", confirmed_on=date(2026, 3, 1))
    >>> is_verified(evidence, date(2026, 2, 28)), is_verified(evidence, date(2026, 3, 1))
    (False, True)
    """
    return evidence is not None and evidence.confirmed_on is not None and evidence.confirmed_on <= as_of


def verified_effects(case: BusinessCase, as_of: date) -> frozenset[str]:
    """Ids of the effects all of whose numbers the customer had confirmed by ``as_of``."""
    open_ = {
        id_ for number in numbers(case) if not is_verified(number.evidence, as_of) for id_ in number.effects
    }
    return frozenset(effect.id for effect in case.effects) - open_


def verified_share(case: BusinessCase, as_of: date) -> float | None:
    """Share of the gross value that the customer had verified by ``as_of``, as a fraction.

    Gross value: present value of the effects that are positive, before tax, costs and price. An effect counts
    when each of its numbers is confirmed. None when there is no such effect.

    >>> from vs_toolkit import impact
    >>> from vs_toolkit.shipped import shipped
    >>> case = impact.read_case(shipped("templates", "start", "cases", "NORTHMILL-01.yaml"))
    >>> impact.verified_share(case, date(2026, 6, 30))  # nothing is confirmed yet
    0.0
    """
    values = evaluate(case).contributions.clip(lower=0)
    gross = values[[effect.id for effect in case.effects]].sum()
    verified = values[sorted(verified_effects(case, as_of))].sum()
    return float(verified / gross) if gross > 0 else None
