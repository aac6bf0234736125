"""Process innovation: which activity or asset would be better off with another party, and by how much a year.

The checklist of the method: who has the lowest operating cost, the lowest capital cost, the best
utilisation, the lowest obsolescence risk, the best outlet for assets no longer needed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vs_toolkit.plan.versions import newest

COMPONENTS = ("operating", "capital", "obsolescence")
BEST = {  # criterion -> column, and whether the highest is best
    "operating cost": ("operating_cost", False),
    "capital cost": ("capital_rate", False),
    "utilisation": ("utilisation", True),
    "obsolescence risk": ("obsolescence", False),
    "outlet": ("recovered", True),
}
COLUMNS = ["candidate", "from", "to", *COMPONENTS, "value", "not_known", "currency"]


def yearly_cost(options: pd.DataFrame) -> pd.DataFrame:
    """Cost a year of each candidate with each party, by component; NaN where a figure is missing.

    Assets left blank for a party are those of today's, scaled by the utilisation of both where that is known.
    operating: as given; capital: assets x capital_rate; obsolescence: assets x share that becomes obsolete x
    (1 - share recovered).
    """
    now = newest(options, "candidate_id", "party")
    today = now[now["today"].eq(True)].drop_duplicates("candidate_id").set_index("candidate_id")
    use = now["candidate_id"].map(today["utilisation"]) / now["utilisation"]
    same_work = now["candidate_id"].map(today["assets"]) * use.where(np.isfinite(use), 1.0)
    assets = now["assets"].where(now["assets"].notna(), same_work)
    return now.assign(
        assets=assets,
        operating=now["operating_cost"],
        capital=assets * now["capital_rate"],
        obsolescence_cost=assets * now["obsolescence"] * (1 - now["recovered"]),
    )


def candidates(options: pd.DataFrame) -> pd.DataFrame:
    """Best shift of each candidate: from today's party to the one that saves most a year.

    A component counts only where it is known for both parties; ``not_known`` names the others. A candidate
    that is best where it is has ``to`` equal to ``from`` and value 0; one of which nothing can be compared,
    or whose party of today is not given, has a missing value.

    >>> asset = {"candidate_id": "S", "candidate": "Stock", "recorded_on": 0, "operating_cost": None,
    ...          "utilisation": None, "obsolescence": None, "recovered": None, "currency": "EUR"}
    >>> rows = pd.DataFrame([asset | {"party": "customer", "today": True, "assets": 1e6, "capital_rate": 0.1},
    ...     asset | {"party": "provider", "today": False, "assets": None, "capital_rate": 0.065}])
    >>> candidates(rows)[["to", "value"]].round(2).to_dict("records")
    [{'to': 'provider', 'value': 35000.0}]
    """
    costs = yearly_cost(options.astype({"operating_cost": float, "assets": float, "utilisation": float,
                                        "obsolescence": float, "recovered": float}))  # fmt: skip
    rows = [_best(group) for _, group in costs.groupby("candidate_id", sort=False)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values("value", ascending=False, kind="stable", na_position="last", ignore_index=True)


def _best(group: pd.DataFrame) -> dict[str, object]:
    first, here = group.iloc[0], group[group["today"].eq(True)]
    names = ["operating", "capital", "obsolescence_cost"]
    head = {"candidate": first["candidate"], "currency": first["currency"]}
    if here.empty:
        return head | {"value": np.nan, "not_known": ("who has it today",)}
    today = here.iloc[0]
    saved = (today[names].astype(float) - group[names].astype(float)).set_axis(list(COMPONENTS), axis=1)
    others = saved[~group["today"].eq(True)].dropna(how="all")
    base = head | {"from": today["party"], "to": today["party"]}
    if others.empty:
        return base | {"value": np.nan, "not_known": COMPONENTS}
    place = int(others.sum(axis=1).to_numpy().argmax())
    best, party = others.iloc[place], group["party"].reindex(others.index).iloc[place]
    missing = tuple(name for name in COMPONENTS if np.isnan(best[name]))
    if best.sum() <= 0:
        return base | {"value": 0.0, "not_known": missing}
    return base | {"to": party, **best, "value": best.sum(), "not_known": missing}


def checklist(options: pd.DataFrame) -> pd.DataFrame:
    """Best party of each candidate by each criterion; missing where fewer than two parties are known."""
    now = newest(options, "candidate_id", "party")
    rows = {
        group["candidate"].iloc[0]: {name: _leader(group, *how) for name, how in BEST.items()}
        for _, group in now.groupby("candidate_id", sort=False)
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(BEST))


def _leader(group: pd.DataFrame, column: str, highest: bool) -> str | None:
    known = group.dropna(subset=[column])
    if len(known) < 2 or known[column].nunique() == 1:
        return None
    ranked = known.sort_values(column, ascending=not highest, kind="stable")
    return str(ranked["party"].iloc[0])
