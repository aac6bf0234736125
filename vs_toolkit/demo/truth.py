"""What the example company is made from, so that every estimate can be compared with the truth behind it.

All of it is invented. The funnel is a semi-Markov process: which status comes next depends only on the
present one, on the segment and on when the case was created; how long that takes is log-normal.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.inputs.tables.funnel import Status

Array = npt.NDArray[np.float64]

STATUSES: tuple[Status, ...] = (
    Status(
        status="Lead qualified",
        order=1,
        outcome="open",
        nominal_probability=0.1,
        definition="A need, a person who has it, and a fit with what we sell",
        milestones="Need described in the customer's words; sponsor named",
    ),
    Status(
        status="Proposal without price",
        order=2,
        outcome="open",
        nominal_probability=0.3,
        definition="The solution is described and its impact estimated, without a price",
        milestones="Solution presented; impact discussed with the sponsor",
    ),
    Status(
        status="Proposal with price",
        order=3,
        outcome="open",
        nominal_probability=0.5,
        definition="A priced proposal lies with those who decide",
        milestones="Business case handed over; decision process known; decision date agreed",
    ),
    Status(
        status="Solution accepted",
        order=4,
        outcome="open",
        nominal_probability=0.7,
        definition="The customer has said that it wants this solution",
        milestones="Users and finance agree to the business case; terms under discussion",
    ),
    Status(
        status="Decision made",
        order=5,
        outcome="open",
        nominal_probability=0.9,
        definition="The decision to buy is made; the order is being written",
        milestones="Decision confirmed by the one who signs",
    ),
    Status(
        status="Order",
        order=6,
        outcome="won",
        nominal_probability=1.0,
        definition="A binding order has been received",
        milestones="Order number received",
    ),
    Status(
        status="Lost",
        order=7,
        outcome="lost",
        nominal_probability=0.0,
        definition="The project is cancelled or went to somebody else",
        milestones="Reason recorded",
    ),
)
"""The statuses of the book's figure 19, with definitions and milestones."""

OPEN = sum(status.outcome == "open" for status in STATUSES)
WON, LOST = OPEN, OPEN + 1


@dataclass(frozen=True)
class Segment:
    """A kind of business: its share of new cases, its pace (1 = typical), its odds and its size (EUR)."""

    name: str
    share: float
    pace: float
    lost_shift: float
    median_value: float


@dataclass(frozen=True)
class FunnelTruth:
    """The process that makes the status histories.

    ``moves`` holds for each open status (row) the chance that each status (column, in the order of
    ``STATUSES``) comes next, for ``lost_shift`` 0 and on day ``start``. ``drift`` (per year) and
    ``lost_shift`` are added to the log odds of losing in every step; ``biases`` to the log odds that each
    salesperson states. ``median_days`` are spent in a status, ``spread`` is the sigma of their logarithm; a
    step to lost takes ``lost_delay`` times as long, and ``stale_delay`` times for ``stale_share`` of them.
    """

    start: date
    end: date
    segments: tuple[Segment, ...]
    moves: tuple[tuple[float, ...], ...]
    median_days: tuple[float, ...]
    spread: float
    lost_delay: float
    stale_share: float
    stale_delay: float
    drift: float
    biases: tuple[float, ...]


@dataclass(frozen=True)
class ValueTruth:
    """What share of a promised effect comes true, by industry, and how much single effects differ from it."""

    fulfilment: dict[str, float]
    spread: float
    unmeasured_share: float


FUNNEL_TRUTH = FunnelTruth(
    start=date(2022, 7, 1),
    end=date(2026, 6, 30),
    segments=(
        Segment("Standard equipment", share=0.5, pace=0.6, lost_shift=-0.2, median_value=60e3),
        Segment("Service agreements", share=0.3, pace=1.0, lost_shift=0.0, median_value=140e3),
        Segment("Process systems", share=0.2, pace=2.2, lost_shift=0.5, median_value=900e3),
    ),
    moves=(
        # lead, without price, with price, accepted, decided, order, lost
        (0.00, 0.52, 0.08, 0.00, 0.00, 0.00, 0.40),
        (0.04, 0.00, 0.62, 0.04, 0.00, 0.00, 0.30),
        (0.00, 0.07, 0.00, 0.50, 0.05, 0.02, 0.36),
        (0.00, 0.00, 0.09, 0.00, 0.73, 0.02, 0.16),
        (0.00, 0.00, 0.00, 0.05, 0.00, 0.88, 0.07),
    ),
    median_days=(30, 35, 45, 30, 14),
    spread=0.7,
    lost_delay=1.7,
    stale_share=0.12,
    stale_delay=6.0,
    drift=0.05,
    biases=(1.1, 0.8, 0.5, 0.2, 0.1, 0.0, 0.0, -0.1, -0.2, -0.3, -0.6, -0.9),
)

STEADY_FUNNEL = replace(FUNNEL_TRUTH, drift=0.0)
"""The same process without drift: its hit rates are the same on every day."""

VALUE_TRUTH = ValueTruth(
    fulfilment={
        "Chemicals": 0.95,
        "Dairy": 0.88,
        "Mining": 0.70,
        "Pharmaceuticals": 1.02,
        "Pulp and paper": 0.82,
        "Water": 0.91,
    },
    spread=0.18,
    unmeasured_share=0.08,
)


def move_probabilities(truth: FunnelTruth, lost_shift: npt.ArrayLike) -> Array:
    """Chances of the next status after ``lost_shift`` was added to the log odds of losing.

    Parameters
    ----------
    truth
        The process.
    lost_shift
        Log odds, any shape (k,).

    Returns
    -------
    ndarray of shape (k, open statuses, statuses)
        Every row sums to 1.

    Examples
    --------
    >>> move_probabilities(FUNNEL_TRUTH, [0.0])[0, 4].round(6).tolist()
    [0.0, 0.0, 0.0, 0.05, 0.0, 0.88, 0.07]
    """
    moves = np.asarray(truth.moves)
    odds = moves[:, LOST] / (1 - moves[:, LOST]) * np.exp(np.asarray(lost_shift, dtype=float))[:, None]
    lost = odds / (1 + odds)
    shifted: Array = moves * ((1 - lost) / (1 - moves[:, LOST]))[..., None]
    shifted[..., LOST] = lost
    return shifted


def true_hit_rates(truth: FunnelTruth, created: date | None = None) -> pd.DataFrame:
    """Chance that a case which reaches a status is won in the end, exactly.

    The share absorbed in "Order" of an absorbing Markov chain, B = (I - Q)^-1 R (Kemeny and Snell). Over all
    segments, each counts by how many of its cases ever reach the status.

    Parameters
    ----------
    truth
        The process.
    created
        Cases created on this day; by default on the process's first day (it matters only where it drifts).

    Returns
    -------
    DataFrame
        Index: open statuses; columns: ``all`` and each segment; fractions.

    Examples
    --------
    >>> true_hit_rates(STEADY_FUNNEL)["all"].round(2).to_dict()["Decision made"]
    0.92
    """
    years = ((created or truth.start) - truth.start).days / 365.25
    shift = np.array([segment.lost_shift for segment in truth.segments]) + truth.drift * years
    moves = move_probabilities(truth, shift)
    visits = np.linalg.inv(np.eye(OPEN) - moves[:, :, :OPEN])
    won = (visits @ moves[:, :, WON, None])[..., 0]
    reached = visits[:, 0, :] / np.diagonal(visits, axis1=1, axis2=2)
    weight = reached * np.array([segment.share for segment in truth.segments])[:, None]
    columns = {"all": (won * weight).sum(axis=0) / weight.sum(axis=0)}
    columns |= {segment.name: won[i] for i, segment in enumerate(truth.segments)}
    return pd.DataFrame(columns, index=pd.Index([s.status for s in STATUSES[:OPEN]], name="status"))
