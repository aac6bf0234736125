"""Dependence both ways, today and tomorrow: what we are to the customer, and what it is to us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

AHEAD = 3  # years that "tomorrow" lies ahead
FALL = 0.02  # of a share: less is no change
HEAVY = 0.1  # a customer with this share of our sales can hurt us


@dataclass(frozen=True)
class Dependence:
    """Shares are fractions, None where not known.

    ``ours_*`` is our share of the customer's purchases, ``theirs_*`` its share of our sales,
    ``contribution_today`` its share of our contribution; ``tomorrow`` is the calendar year meant by it.
    """

    ours_today: float | None
    ours_tomorrow: float | None
    theirs_today: float | None
    theirs_tomorrow: float | None
    contribution_today: float | None
    role_today: str | None
    role_tomorrow: str | None
    months_to_replace: float | None
    assessed_on: date | None
    today: int
    tomorrow: int

    @property
    def at_risk(self) -> tuple[str, ...]:
        """Why the relationship is at risk; empty when nothing says so."""
        now, then = self.ours_today, self.ours_tomorrow
        shrinks = now is not None and then is not None and now - then > FALL
        reasons = {
            "role unknown": self.assessed_on is not None and not self.role_tomorrow,
            "share falls": shrinks,
            "one-sided": self.one_sided,
        }
        return tuple(reason for reason, holds in reasons.items() if holds)

    @property
    def one_sided(self) -> bool:
        """Whether we depend on the customer more than it depends on us, and heavily."""
        theirs, ours = self.theirs_today, self.ours_today
        return theirs is not None and ours is not None and theirs >= HEAVY and theirs > ours


def dependence(
    tables: Mapping[str, pd.DataFrame],
    provider: pd.DataFrame,
    past: pd.DataFrame,
    planned: Mapping[int, float],
    as_of: date,
) -> Dependence:
    """Put together what is known of the dependence of one customer and us.

    Parameters
    ----------
    tables
        ``dependence`` and ``market`` of the customer; either may be empty or absent.
    provider
        The table ``provider_results``.
    past
        History of the customer by year.
    planned
        Planned revenue by calendar year.
    as_of
        As-of date; later data is ignored; "today" is the last full calendar year.
    """
    today, tomorrow = as_of.year - 1, as_of.year - 1 + AHEAD
    if (as_of.month, as_of.day) == (12, 31):
        today, tomorrow = today + 1, tomorrow + 1
    stated = _latest(tables.get("dependence"), "assessed_on", as_of)
    totals = _totals(provider, as_of)
    revenue = past["revenue"].get(today) if len(past) else None
    earned = past["contribution"] - past["cost_to_serve"] if len(past) else pd.Series(dtype=float)
    measured = _ratio(revenue, _purchases(tables.get("market"), today))
    return Dependence(
        ours_today=measured if measured is not None else _number(stated.get("share_today")),
        ours_tomorrow=_number(stated.get("share_tomorrow")),
        theirs_today=_ratio(revenue, totals["net_sales"].get(today)),
        theirs_tomorrow=_ratio(planned.get(tomorrow), totals["net_sales"].get(tomorrow)),
        contribution_today=_ratio(earned.get(today), totals["contribution"].get(today)),
        role_today=_text(stated.get("role_today")),
        role_tomorrow=_text(stated.get("role_tomorrow")),
        months_to_replace=_number(stated.get("months_to_replace")),
        assessed_on=stated["assessed_on"].date() if stated else None,
        today=today,
        tomorrow=tomorrow,
    )


def _latest(frame: pd.DataFrame | None, day: str, as_of: date) -> dict[str, pd.Timestamp]:
    if frame is None or frame.empty:
        return {}
    known = frame[frame[day] <= pd.Timestamp(as_of)].sort_values(day)
    return {str(key): value for key, value in known.iloc[-1].items()} if len(known) else {}


def _totals(provider: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Our figures by year, the latest version of each."""
    known = provider[provider["set_on"] <= pd.Timestamp(as_of)].sort_values("set_on")
    return known.drop_duplicates("year", keep="last").set_index("year")[["net_sales", "contribution"]]


def _purchases(market: pd.DataFrame | None, year: int) -> float | None:
    if market is None or market.empty:
        return None
    bought = market.loc[market["year"] == year, "purchases"]
    return _number(bought.iloc[0]) if len(bought) else None


def _ratio(part: float | None, whole: float | None) -> float | None:
    """Share; None where either is not known, the whole is not positive, or the part exceeds it."""
    if part is None or whole is None or pd.isna(part) or pd.isna(whole) or whole <= 0 or part > whole:
        return None
    return float(part / whole)


def _number(value: object) -> float | None:
    return None if value is None or pd.isna(value) else float(value)  # type: ignore[arg-type, call-overload]


def _text(value: object) -> str | None:
    return None if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]
