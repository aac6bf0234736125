"""What changed the expected value since an earlier day: new, won, lost, moved, revalued."""

from __future__ import annotations

import pandas as pd

THEN, NEW, WON, LOST = "before", "new opportunities", "won", "lost"
FORWARD, BACK, WAITED, REVALUED = "moved to a later stage", "moved back", "no progress", "revalued"


def forecast_change(before: pd.DataFrame, now: pd.DataFrame, outcome: pd.Series[str]) -> pd.Series[float]:
    """Split the change of expected value of open opportunities into its causes; they sum to the change.

    Parameters
    ----------
    before, now
        Opportunities open then and now, index opportunity_id: chance (of an order by one and the same day),
        value, place (of the stage).
    outcome
        Outcome of every opportunity as of now, index opportunity_id.

    Returns
    -------
    Series
        The expected value before, then its changes; amounts without a value count as 0.

    Examples
    --------
    >>> then = pd.DataFrame({"chance": [0.5, 0.2], "value": [100.0, 50.0], "place": [1, 0]}, index=["A", "B"])
    >>> now = pd.DataFrame({"chance": [0.5], "value": [60.0], "place": [1]}, index=["B"])
    >>> steps = forecast_change(then, now, pd.Series({"A": "won", "B": "open"}))
    >>> steps[[THEN, WON, FORWARD, REVALUED]].round(9).tolist()
    [60.0, -50.0, 15.0, 5.0]
    """
    then, left = before.fillna({"value": 0.0}), outcome.reindex(before.index).astype(object)
    today = now.fillna({"value": 0.0})
    worth = then["chance"] * then["value"]
    gone = ~then.index.isin(today.index)
    both = then[~gone].join(today.add_suffix("_now"))
    moved = (both["chance_now"] - both["chance"]) * both["value"]
    fresh = today[~today.index.isin(then.index)]
    return pd.Series(
        {
            THEN: worth.sum(),
            NEW: (fresh["chance"] * fresh["value"]).sum(),
            WON: -worth[gone & (left == "won").to_numpy()].sum(),
            LOST: -worth[gone & (left != "won").to_numpy()].sum(),
            FORWARD: moved[both["place_now"] > both["place"]].sum(),
            BACK: moved[both["place_now"] < both["place"]].sum(),
            WAITED: moved[both["place_now"] == both["place"]].sum(),
            REVALUED: (both["chance_now"] * (both["value_now"] - both["value"])).sum(),
        }
    )
