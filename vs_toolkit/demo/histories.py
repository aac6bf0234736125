"""Status histories of any number of cases, made by the known process, every case followed to its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.demo.truth import LOST, OPEN, STATUSES, Array, FunnelTruth, move_probabilities, true_hit_rates

NAMES = np.array([status.status for status in STATUSES])
PUSHED_SHARE = 0.6  # of the decision dates that pass are moved, the others stand in the past


@dataclass(frozen=True)
class Histories:
    """The cases and everything that ever happens to them; cut at a day with :meth:`until`."""

    opportunities: pd.DataFrame
    status_changes: pd.DataFrame

    def until(self, day: pd.Timestamp) -> Histories:
        """Return what was known at the end of ``day``: cases created and changes recorded by then."""
        days = self.status_changes["changed_at"].dt.tz_localize(None).dt.normalize()
        changes = self.status_changes[days <= day]
        known = self.opportunities["opportunity_id"].isin(changes["opportunity_id"].unique())
        return Histories(self.opportunities[known].reset_index(drop=True), changes.reset_index(drop=True))


class _Cases(NamedTuple):
    created: Array  # days after the process began
    segment: npt.NDArray[np.intp]
    person: npt.NDArray[np.intp]
    value: Array


class _Spells(NamedTuple):
    case: npt.NDArray[np.intp]
    state: npt.NDArray[np.intp]
    day: Array
    left: Array  # day on which the status was left, inf for a closed case


def generate_histories(truth: FunnelTruth, n: int, seed: int) -> Histories:
    """Generate ``n`` cases, each followed until it is won or lost, however late that is.

    Parameters
    ----------
    truth
        The process; cases are created evenly from ``truth.start`` to ``truth.end``.
    n
        Number of cases.
    seed
        The same seed gives the same cases.

    Returns
    -------
    Histories
        ``opportunities`` (opportunity_id, segment, person, created_at, value) and ``status_changes``
        (opportunity_id, changed_at in UTC, status, value, expected_decision, stated_probability), the
        latter in order of time. A moved decision date is a change to the same status. ``person`` counts
        from 0.

    Examples
    --------
    >>> from vs_toolkit.demo.truth import STEADY_FUNNEL
    >>> made = generate_histories(STEADY_FUNNEL, 50, seed=1)
    >>> len(made.opportunities), made.status_changes["status"].iloc[0]
    (50, 'Lead qualified')
    """
    rng = np.random.default_rng(seed)
    cases = _cases(truth, n, rng)
    spells = _walk(truth, cases, rng)
    changes = _changes(truth, cases, spells, rng)
    return Histories(_opportunities(truth, cases), changes)


def _cases(truth: FunnelTruth, n: int, rng: np.random.Generator) -> _Cases:
    segment = rng.choice(len(truth.segments), n, p=[s.share for s in truth.segments])
    median = np.array([s.median_value for s in truth.segments])[segment]
    return _Cases(
        created=np.sort(rng.uniform(0, (truth.end - truth.start).days + 1, n)),
        segment=segment,
        person=rng.integers(len(truth.biases), size=n),
        value=median * rng.lognormal(0, 0.7, n),
    )


def _walk(truth: FunnelTruth, cases: _Cases, rng: np.random.Generator) -> _Spells:
    shift = np.array([s.lost_shift for s in truth.segments])[cases.segment]
    shift = shift + truth.drift * cases.created / 365.25
    active = np.arange(len(shift))
    state, day = np.zeros(len(shift), dtype=np.intp), cases.created.copy()
    steps = []
    while active.size:
        here, since = state[active], day[active]
        state[active] = _next(truth, here, shift[active], rng)
        day[active] += _sojourn(truth, here, state[active] == LOST, cases.segment[active], rng)
        steps.append(_Spells(active, here, since, day[active]))
        closed = active[state[active] >= OPEN]
        steps.append(_Spells(closed, state[closed], day[closed], np.full(closed.size, np.inf)))
        active = active[state[active] < OPEN]
    return _Spells(*(np.concatenate(part) for part in zip(*steps, strict=True))) if steps else _nothing()


def _nothing() -> _Spells:
    whole, real = np.zeros(0, dtype=np.intp), np.zeros(0)
    return _Spells(whole, whole, real, real)


def _next(
    truth: FunnelTruth, state: npt.NDArray[np.intp], shift: Array, rng: np.random.Generator
) -> npt.NDArray[np.intp]:
    rows = move_probabilities(truth, shift)[np.arange(state.size), state]
    drawn = (rng.random(state.size)[:, None] > rows.cumsum(axis=1)).sum(axis=1)
    following: npt.NDArray[np.intp] = np.minimum(
        drawn, LOST
    )  # a sum of shares just below 1 is not a further status
    return following


def _sojourn(
    truth: FunnelTruth,
    state: npt.NDArray[np.intp],
    lost: npt.NDArray[np.bool_],
    segment: npt.NDArray[np.intp],
    rng: np.random.Generator,
) -> Array:
    days = np.array(truth.median_days)[state] * np.array([s.pace for s in truth.segments])[segment]
    days = days * rng.lognormal(0, truth.spread, state.size)
    stale = rng.random(state.size) < truth.stale_share
    slower = np.where(lost, np.where(stale, truth.stale_delay, truth.lost_delay), 1.0)
    longer: Array = np.maximum(days * slower, 0.5)
    return longer


def _changes(truth: FunnelTruth, cases: _Cases, spells: _Spells, rng: np.random.Generator) -> pd.DataFrame:
    expected = _expected_decision(truth, cases, spells, rng)
    passes = (expected < spells.left - 14) & (spells.state < OPEN)
    pushed = passes & (rng.random(expected.size) < PUSHED_SHARE)
    again = expected[pushed] + rng.uniform(1, 10, int(pushed.sum()))
    renewed = _Spells(spells.case[pushed], spells.state[pushed], again, spells.left[pushed])
    whole = _Spells(*(np.concatenate(pair) for pair in zip(spells, renewed, strict=True)))
    decision = np.concatenate([expected, _expected_decision(truth, cases, renewed, rng)])
    closed = whole.state >= OPEN
    frame = pd.DataFrame(
        {
            "opportunity_id": _ids(cases.created.size)[whole.case],
            "changed_at": _moments(truth, whole.day),
            "status": NAMES[whole.state],
            "value": _value_then(cases, whole),
            "expected_decision": _moments(truth, decision).tz_localize(None).normalize().where(~closed),
            "stated_probability": np.where(closed, np.nan, _stated(truth, cases, whole, rng)),
        }
    )
    return frame.iloc[np.lexsort((whole.case, whole.day))].reset_index(drop=True)


def _expected_decision(truth: FunnelTruth, cases: _Cases, spells: _Spells, rng: np.random.Generator) -> Array:
    """Guess the day of decision: too early, since the typical days are hoped for and losses take longer."""
    still = np.cumsum(truth.median_days[::-1])[::-1]
    ahead = still[np.minimum(spells.state, OPEN - 1)]
    pace = np.array([s.pace for s in truth.segments])[cases.segment[spells.case]]
    hoped: Array = spells.day + ahead * pace * rng.lognormal(-0.1, 0.3, spells.day.size)
    return hoped


def _stated(truth: FunnelTruth, cases: _Cases, spells: _Spells, rng: np.random.Generator) -> Array:
    """Return the true chance of winning, bent by the person's bias, in steps of five per cent."""
    rates = true_hit_rates(truth).drop(columns="all").to_numpy()
    true = rates[np.minimum(spells.state, OPEN - 1), cases.segment[spells.case]]
    bias = np.array(truth.biases)[cases.person[spells.case]] + rng.normal(0, 0.4, true.size)
    odds = true / (1 - true) * np.exp(bias)
    stated: Array = np.clip(np.round(odds / (1 + odds) * 20) / 20, 0.05, 0.95)
    return stated


def _value_then(cases: _Cases, spells: _Spells) -> Array:
    """The value as known in a status: guessed round for a lead, the priced value later."""
    value = cases.value[spells.case]
    return np.where(spells.state < 2, np.maximum(np.round(value, -4), 10e3), np.round(value, -2))


def _ids(n: int) -> npt.NDArray[np.str_]:
    return np.array([f"O{number:06d}" for number in range(1, n + 1)], dtype=str)


def _moments(truth: FunnelTruth, days: Array) -> pd.DatetimeIndex:
    """Turn days after the start into moments: all of a day falls between 8 and 18 o'clock."""
    whole = np.floor(days)
    minutes = np.round(whole * 1440 + 480 + (days - whole) * 600).astype("timedelta64[m]")
    return pd.DatetimeIndex(np.datetime64(truth.start) + minutes.astype("timedelta64[us]")).tz_localize("UTC")


def _opportunities(truth: FunnelTruth, cases: _Cases) -> pd.DataFrame:
    segments = np.array([segment.name for segment in truth.segments])
    return pd.DataFrame(
        {
            "opportunity_id": _ids(cases.created.size),
            "segment": segments[cases.segment],
            "person": cases.person,
            "created_at": _moments(truth, cases.created).tz_localize(None).normalize(),
            "value": np.round(cases.value, -2),
        }
    )
