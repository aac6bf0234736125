"""The mistakes that real histories have, planted in known places."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from vs_toolkit.demo.truth import STATUSES

WON, LOST = (next(s.status for s in STATUSES if s.outcome == outcome) for outcome in ("won", "lost"))
BACK_TO = "Proposal with price"


def plant_defects(
    changes: pd.DataFrame, per_kind: int, seed: int
) -> tuple[pd.DataFrame, dict[str, tuple[str, ...]]]:
    """Plant ``per_kind`` cases of every kind of defect, each in a case of its own.

    Parameters
    ----------
    changes
        Status changes in order of time, as :func:`vs_toolkit.demo.histories.generate_histories` makes them.
    per_kind
        Cases per kind; fewer where there are not so many suitable ones.
    seed
        Which cases.

    Returns
    -------
    tuple of DataFrame and dict
        The changes with defects, and the opportunity ids by kind: ``repeated`` (an equal status minutes
        later), ``won_and_lost`` (a lost mark after the order), ``reopened`` (an open status after the loss),
        ``out_of_order`` (the times of the first two statuses exchanged), ``misfiled`` (rows at the end of
        the file, the newest first).
    """
    rng = np.random.default_rng(seed)
    planted: dict[str, tuple[str, ...]] = {}
    for kind, plant in KINDS.items():
        taken = {case for cases in planted.values() for case in cases}
        suitable = [case for case in _suitable(changes, kind) if case not in taken]
        chosen = sorted(rng.choice(suitable, min(per_kind, len(suitable)), replace=False).tolist())
        changes = plant(changes, changes["opportunity_id"].isin(chosen), rng)
        planted[kind] = tuple(chosen)
    return changes.reset_index(drop=True), planted


def plant_twins(cases: pd.DataFrame, changes: pd.DataFrame, count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Enter the ``count`` newest cases a second time, under ids that begin with ``T``."""
    newest = cases.tail(count)
    again = changes[changes["opportunity_id"].isin(newest["opportunity_id"])]
    twins = newest.assign(opportunity_id="T" + newest["opportunity_id"].str[1:])
    same = again.assign(opportunity_id="T" + again["opportunity_id"].str[1:])
    return pd.concat([cases, twins], ignore_index=True), pd.concat([changes, same], ignore_index=True)


def _suitable(changes: pd.DataFrame, kind: str) -> list[str]:
    """Cases in which the defect can stand: closed early enough, or with two statuses to exchange."""
    last = changes["changed_at"].max()
    if kind in ("won_and_lost", "reopened"):
        status = WON if kind == "won_and_lost" else LOST
        early = changes["changed_at"] < last - pd.Timedelta(days=120)
        return sorted(changes.loc[early & (changes["status"] == status), "opportunity_id"].unique())
    moved = changes.drop_duplicates(["opportunity_id", "status"])["opportunity_id"].value_counts()
    return sorted(moved[moved >= 3].index)


def _repeated(changes: pd.DataFrame, chosen: pd.Series[bool], rng: np.random.Generator) -> pd.DataFrame:
    first = changes[chosen].drop_duplicates("opportunity_id")
    again = first.assign(changed_at=first["changed_at"] + pd.Timedelta(minutes=7))
    return _in_time(changes, again)


def _won_and_lost(changes: pd.DataFrame, chosen: pd.Series[bool], rng: np.random.Generator) -> pd.DataFrame:
    orders = changes[chosen & (changes["status"] == WON)]
    later = pd.to_timedelta(rng.integers(5, 90, len(orders)), unit="D")
    return _in_time(changes, orders.assign(status=LOST, changed_at=orders["changed_at"] + later))


def _reopened(changes: pd.DataFrame, chosen: pd.Series[bool], rng: np.random.Generator) -> pd.DataFrame:
    losses = changes[chosen & (changes["status"] == LOST)]
    later = losses["changed_at"] + pd.to_timedelta(rng.integers(20, 100, len(losses)), unit="D")
    hoped = later.dt.tz_localize(None).dt.normalize() + pd.Timedelta(days=90)
    again = {"status": BACK_TO, "changed_at": later, "expected_decision": hoped, "stated_probability": 0.5}
    return _in_time(changes, losses.assign(**again))


def _out_of_order(changes: pd.DataFrame, chosen: pd.Series[bool], rng: np.random.Generator) -> pd.DataFrame:
    moved = changes[chosen].drop_duplicates(["opportunity_id", "status"])
    pairs = moved.groupby("opportunity_id").head(2)
    swapped = pairs.groupby("opportunity_id")["changed_at"].transform(lambda times: times.to_numpy()[::-1])
    return changes.assign(changed_at=swapped.reindex(changes.index).fillna(changes["changed_at"]))


def _misfiled(changes: pd.DataFrame, chosen: pd.Series[bool], rng: np.random.Generator) -> pd.DataFrame:
    return pd.concat([changes[~chosen], changes[chosen][::-1]], ignore_index=True)


def _in_time(changes: pd.DataFrame, added: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([changes, added]).sort_values("changed_at", kind="stable", ignore_index=True)


Plant = Callable[[pd.DataFrame, "pd.Series[bool]", np.random.Generator], pd.DataFrame]
KINDS: dict[str, Plant] = {
    "repeated": _repeated,
    "won_and_lost": _won_and_lost,
    "reopened": _reopened,
    "out_of_order": _out_of_order,
    "misfiled": _misfiled,
}
