"""Support systems: links between them and what these cost, and how widely and fully systems are used."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

COST_PER_LINK = 70_000.0  # USD, a US study that the book cites (chapter 3)


@dataclass(frozen=True)
class Integration:
    """Links that connect systems, each with each and through a hub, and what they cost."""

    systems: int
    links: int
    cost: float
    hub_links: int
    hub_cost: float


def integration_links(systems: int) -> int:
    """Links that connect every system with every other: n(n − 1) ÷ 2.

    >>> [integration_links(n) for n in (2, 3, 4, 5)]
    [1, 3, 6, 10]
    """
    return systems * (systems - 1) // 2


def integration(systems: int, cost_per_link: float = COST_PER_LINK) -> Integration:
    """Compare links between all systems with a hub, which needs one for each system (none for a single one).

    >>> integration(5).cost, integration(5).hub_cost
    (700000.0, 350000.0)
    """
    links, hub = integration_links(systems), systems if systems > 1 else 0
    return Integration(systems, links, links * cost_per_link, hub, hub * cost_per_link)


def links_today(systems: pd.DataFrame) -> int:
    """Links that exist between the systems listed, each counted once."""
    names = set(systems["system"])
    pairs = set()
    for system, linked in zip(systems["system"], systems["linked_to"].fillna(""), strict=True):
        pairs |= {
            frozenset((system, other.strip())) for other in str(linked).split(";") if other.strip() in names
        }
    return sum(len(pair) == 2 for pair in pairs)


def use(measured: pd.DataFrame) -> pd.DataFrame:
    """Use of each system by each unit, newest measurement and the one a year or more before.

    Returns
    -------
    DataFrame
        system, unit, breadth (users ÷ people), scope, adoption (breadth × scope), and the same a
        year before: breadth_before, scope_before,
        adoption_before (NaN: not measured then), lowest adoption first.
    """
    rows = measured.assign(
        breadth=(measured["users"] / measured["people"].where(measured["people"] > 0)).clip(upper=1)
    )
    rows = rows.assign(adoption=rows["breadth"] * rows["scope"]).sort_values("measured_on")
    newest = rows.drop_duplicates(["system", "unit"], keep="last")
    parts = ["breadth", "scope", "adoption"]
    latest = newest.set_index(["system", "unit"])["measured_on"]
    keys = pd.MultiIndex.from_frame(rows[["system", "unit"]])
    old = rows[rows["measured_on"].to_numpy() <= (latest - pd.DateOffset(years=1)).reindex(keys).to_numpy()]
    before = old.drop_duplicates(["system", "unit"], keep="last").set_index(["system", "unit"])[parts]
    table = newest.join(before.add_suffix("_before"), on=["system", "unit"])
    return table.sort_values("adoption", kind="stable").reset_index(drop=True)


def over_time(measured: pd.DataFrame) -> pd.DataFrame:
    """Adoption (breadth × scope) over all units, weighted by people: index day, a column per system."""
    rows = measured.assign(used=measured["users"] * measured["scope"])
    sums = rows.groupby(["measured_on", "system"])[["used", "people"]].sum()
    return (sums["used"] / sums["people"].where(sums["people"] > 0)).unstack()
