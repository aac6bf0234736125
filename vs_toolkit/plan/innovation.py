"""Process innovation: which activity or asset would be better off with another party, and by how much a year.

The checklist of the method: who has the lowest operating cost, the lowest capital cost, the best
utilisation, the lowest obsolescence risk, the best outlet for assets no longer needed.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
from typing import Any

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
    use = now["candidate_id"].map(today["utilisation"]).astype(float) / now["utilisation"]
    same_work = now["candidate_id"].map(today["assets"]).astype(float) * use.where(np.isfinite(use), 1.0)
    assets = now["assets"].where(now["assets"].notna(), same_work)
    return now.assign(
        assets=assets,
        operating=now["operating_cost"],
        capital=assets * now["capital_rate"],
        obsolescence=assets * now["obsolescence"] * (1 - now["recovered"]),
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
    rows = [_best(list(group)) for _, group in groupby(_records(costs), key=itemgetter("candidate_id"))]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values("value", ascending=False, kind="stable", na_position="last", ignore_index=True)


def _records(options: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of the options, those of a candidate one after the other."""
    rows: list[dict[Any, Any]] = options.to_dict("records")
    place = {name: i for i, name in enumerate(dict.fromkeys(options["candidate_id"]))}
    return sorted(rows, key=lambda row: place[row["candidate_id"]])


def _best(options: list[dict[str, Any]]) -> dict[str, Any]:
    head = {name: options[0][name] for name in ("candidate", "currency")}
    today = next((option for option in options if option["today"]), None)
    if today is None:
        return head | {"value": np.nan, "not_known": ("who has it today",)}
    base = head | {"from": today["party"], "to": today["party"]}
    shifts = [_shift(today, option) for option in options if not option["today"]]
    shifts = [shift for shift in shifts if len(shift["not_known"]) < len(COMPONENTS)]
    if not shifts:
        return base | {"value": np.nan, "not_known": COMPONENTS}
    best = max(shifts, key=itemgetter("value"))
    return base | (best if best["value"] > 0 else {"value": 0.0, "not_known": best["not_known"]})


def _shift(today: dict[str, Any], there: dict[str, Any]) -> dict[str, Any]:
    """Saved a year by component, and in all over those known for both parties."""
    saved = {name: today[name] - there[name] for name in COMPONENTS}
    known = {name: value for name, value in saved.items() if value == value}
    unknown = tuple(name for name in COMPONENTS if name not in known)
    return {"to": there["party"], **saved, "value": sum(known.values()), "not_known": unknown}


def checklist(options: pd.DataFrame) -> pd.DataFrame:
    """Best party of each candidate by each criterion; missing where fewer than two parties are known."""
    now = newest(options, "candidate_id", "party")
    rows = {}
    for _, group in groupby(_records(now), key=itemgetter("candidate_id")):
        parties = list(group)
        rows[parties[0]["candidate"]] = {name: _leader(parties, *how) for name, how in BEST.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(BEST))


def _leader(parties: list[dict[str, Any]], column: str, highest: bool) -> str | None:
    known = {option["party"]: option[column] for option in parties if not pd.isna(option[column])}
    if len(set(known.values())) < 2:
        return None
    return str((max if highest else min)(known, key=lambda party: known[party]))
