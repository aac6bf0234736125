"""What won and lost cases were like: hit rates by what was known before, reasons, where they were lost.

Many comparisons find differences where there are none, so each is judged with all others in mind: of the
differences reported, at most 5 % are expected to be false (Benjamini and Hochberg, J. R. Stat. Soc. B 57
(1995) 289-300).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests

from vs_toolkit.estimates import jeffreys
from vs_toolkit.formats import percent

Floats = npt.NDArray[np.float64]
FACTORS = ("segment", "size", "product", "situation", "competitor")
FALSE_SHARE = 0.05
NOT_RECORDED = "not recorded"
BANDS = ("smallest quarter", "second quarter", "third quarter", "largest quarter")


def with_size(cases: pd.DataFrame) -> pd.DataFrame:
    """Add ``size``: the quarter of all cases, by value, to which each belongs; missing where the value is.

    >>> with_size(pd.DataFrame({"value": [1.0, 2.0, 3.0, 4.0, None]}))["size"].tolist()[2:]
    ['third quarter', 'largest quarter', None]
    """
    quarter = cases["value"].rank(pct=True).mul(len(BANDS)).round(9)
    names = np.array([None, *BANDS], dtype=object)[np.ceil(quarter.fillna(0)).astype(int)]
    return cases.assign(size=pd.Series(names, index=cases.index, dtype=object))


def hit_rates_by(cases: pd.DataFrame, factors: Sequence[str] = FACTORS, level: float = 0.90) -> pd.DataFrame:
    """Compare the hit rate of every group with that of all other closed cases.

    Why an opportunity was closed is not a factor: it is known only from the outcome (see :func:`closed_by`).

    Parameters
    ----------
    cases
        One row per opportunity: outcome, and a column for each factor; columns that are not there are left
        out.
    factors
        Columns to compare by.
    level
        Chance that an interval holds the rate.

    Returns
    -------
    DataFrame
        Index factor, group. closed, won, hit_rate with low and high (Jeffreys), others (hit rate of the other
        closed opportunities), p_value (Fisher's exact test), adjusted (for all comparisons in the table),
        stands_out.

    Examples
    --------
    >>> cases = pd.DataFrame({"outcome": ["won"] * 15 + ["lost"] * 25,
    ...                       "product": ["Pump"] * 18 + ["Line"] * 22})
    >>> hit_rates_by(cases).loc["product"][["won", "closed", "others", "stands_out"]].loc["Pump"].to_dict()
    {'won': 15, 'closed': 18, 'others': 0.0, 'stands_out': True}
    """
    closed = cases[cases["outcome"] != "open"].assign(won=lambda part: part["outcome"] == "won")
    counted = {
        factor: closed.groupby(closed[factor].astype(object).fillna(NOT_RECORDED))["won"].agg(["size", "sum"])
        for factor in factors
        if factor in closed and closed[factor].notna().any()
    }
    if not counted:
        return pd.DataFrame(columns=COLUMNS, index=pd.MultiIndex.from_tuples([], names=["factor", "group"]))
    table = pd.concat(counted, names=["factor", "group"]).set_axis(["closed", "won"], axis="columns")
    return _judged(table, len(closed), int(closed["won"].sum()), level)


COLUMNS = ["closed", "won", "hit_rate", "low", "high", "others", "p_value", "adjusted", "stands_out"]


def _judged(table: pd.DataFrame, closed: int, won: int, level: float) -> pd.DataFrame:
    """Add rates, intervals and tests to counts; a group that holds all cases has no others to differ from."""
    rest, rest_won = closed - table["closed"], won - table["won"]
    tables = np.stack([table["won"], table["closed"] - table["won"], rest_won, rest - rest_won], axis=1)
    p_value = np.array([stats.fisher_exact(row.reshape(2, 2)).pvalue for row in tables])
    p_value = np.where(rest > 0, p_value, np.nan)
    rate = table["won"] / table["closed"]
    low, high = jeffreys(table["won"], table["closed"], level)
    adjusted = _adjusted(p_value)
    full = table.assign(
        hit_rate=rate,
        low=low,
        high=high,
        others=rest_won / rest.where(rest > 0),
        p_value=p_value,
        adjusted=adjusted,
    )
    return full.assign(stands_out=adjusted < FALSE_SHARE)[COLUMNS]


def _adjusted(p_value: Floats) -> Floats:
    known = ~np.isnan(p_value)
    adjusted = np.full(len(p_value), np.nan)
    if known.any():
        adjusted[known] = multipletests(p_value[known], method="fdr_bh")[1]
    return adjusted


def in_common(table: pd.DataFrame) -> tuple[str, ...]:
    """Say what won cases had in common, as far as it is more than chance: one sentence each, clearest first.

    Parameters
    ----------
    table
        From :func:`hit_rates_by`.

    Examples
    --------
    >>> cases = pd.DataFrame({"outcome": ["won"] * 15 + ["lost"] * 25,
    ...                       "product": ["Pump"] * 18 + ["Line"] * 22})
    >>> in_common(hit_rates_by(cases))[0]
    'product Pump: 83% of 18 closed cases won, of the others 0%'
    >>> in_common(hit_rates_by(cases.iloc[10:20]))
    ('Nothing stands out: 2 comparisons, none more than chance',)
    """
    clear = table[table["stands_out"].astype(bool)].sort_values("p_value", kind="stable")
    if clear.empty:
        return (f"Nothing stands out: {len(table)} comparisons, none more than chance",)
    rows = clear.reset_index()[["factor", "group", "hit_rate", "closed", "others"]]
    return tuple(
        f"{factor} {group}: {percent(rate, 0)} of {n} closed cases won, of the others {percent(others, 0)}"
        for factor, group, rate, n, others in rows.itertuples(index=False, name=None)
    )


def closed_by(cases: pd.DataFrame, column: str, outcome: str = "lost") -> pd.DataFrame:
    """Count closed cases by reason, by the status they were closed from, or by competitor.

    Parameters
    ----------
    cases
        One row per opportunity: outcome, value, and ``column``.
    column
        close_reason, closed_from, competitor ...
    outcome
        ``lost`` or ``won``.

    Returns
    -------
    DataFrame
        Index: what stands in the column, most cases first. cases, share (of cases) with low and high of a
        90 % interval, value (known values summed up).

    Examples
    --------
    >>> cases = pd.DataFrame({"outcome": "lost", "close_reason": ["Price", "Price", None],
    ...                       "value": [10.0, 20.0, 5.0]})
    >>> closed_by(cases, "close_reason")[["cases", "value"]].T.to_dict("list")
    {'Price': [2.0, 30.0], 'not recorded': [1.0, 5.0]}
    """
    chosen = cases[cases["outcome"] == outcome]
    kind = chosen[column].astype(object).where(chosen[column].notna(), NOT_RECORDED).rename(column)
    grouped = chosen.groupby(kind)
    table = pd.DataFrame({"cases": grouped.size(), "value": grouped["value"].sum(min_count=1)})
    share = table["cases"] / max(len(chosen), 1)
    low, high = jeffreys(table["cases"], np.full(len(table), len(chosen)), 0.90)
    ranked = table.assign(share=share, low=low, high=high)[["cases", "share", "low", "high", "value"]]
    return ranked.sort_values(["cases"], ascending=False, kind="stable")
