"""Whether kinds of events preceded success: win rate after an event against that of all others."""

from __future__ import annotations

import pandas as pd

from vs_toolkit.estimates.intervals import ratio

FEW = 10  # below so many decided opportunities in either group, a comparison is called small
COUNTS = ["won", "n", "other_won", "other_n"]
COLUMNS = ["kind", *COUNTS, "rate", "lift", "low", "high", "few"]


def rates_after(situations: pd.DataFrame, decided: pd.DataFrame, window_days: int = 365) -> pd.DataFrame:
    """Count opportunities opened after an event of a kind at the same customer, and all others.

    Parameters
    ----------
    situations
        customer_id, kind, happened_on; of one customer or of all.
    decided
        opportunity_id, customer_id, created_at, won: opportunities that were won or lost.
    window_days
        An event precedes an opportunity that was opened within so many days after it.

    Returns
    -------
    DataFrame
        One row per kind, the most frequent first: kind, won and n after such an event, other_won, other_n.
    """
    pairs = decided.merge(situations[["customer_id", "kind", "happened_on"]], on="customer_id")
    age = pairs["created_at"] - pairs["happened_on"]
    after = pairs[age.between(pd.Timedelta(0), pd.Timedelta(days=window_days))]
    counted = after.drop_duplicates(["opportunity_id", "kind"]).groupby("kind")["won"].agg(["sum", "size"])
    kinds = pd.Index(situations["kind"].unique(), name="kind")
    found = counted.reindex(kinds, fill_value=0).astype(int).set_axis(COUNTS[:2], axis=1)
    found["other_won"], found["other_n"] = int(decided["won"].sum()) - found["won"], len(decided) - found["n"]
    return found.sort_values("n", ascending=False, kind="stable").reset_index()


def lift(counts: pd.DataFrame, confidence: float = 0.9) -> pd.DataFrame:
    """Compare the win rate after a kind of event with that of all other opportunities.

    Parameters
    ----------
    counts
        kind, won, n, other_won, other_n, as :func:`rates_after` returns them.
    confidence
        Of the interval of the ratio (Katz log).

    Returns
    -------
    DataFrame
        The same rows with rate, lift = ratio of the rates with low and high (NaN where a group has no
        success), few (either group is small).

    >>> counts = pd.DataFrame({"kind": ["New line"], "won": 7, "n": 34, "other_won": 1, "other_n": 34})
    >>> found = lift(counts, 0.95)
    >>> found[["lift", "low", "high", "few"]].round(2).to_dict("records")
    [{'lift': 7.0, 'low': 0.91, 'high': 53.87, 'few': False}]
    """
    groups = counts[COUNTS].astype(int).to_numpy().tolist()
    ends = [ratio(w, n, other, others, confidence) for w, n, other, others in groups]
    rate = counts["won"] / counts["n"].where(counts["n"] > 0)
    other = counts["other_won"] / counts["other_n"].where(counts["other_n"] > 0)
    return counts.assign(
        rate=rate,
        lift=rate / other.where(other > 0),
        low=[low for low, _ in ends],
        high=[high for _, high in ends],
        few=counts[["n", "other_n"]].min(axis=1) < FEW,
    )[COLUMNS]
