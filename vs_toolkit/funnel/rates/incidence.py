"""Share of cases won by a number of days when losses compete and open cases are censored (Aalen-Johansen).

Leaving out open cases, or counting them as lost, or treating losses as censored (Kaplan-Meier) are the three
usual mistakes; this estimator makes none of them: Aalen and Johansen, Scand. J. Statist. 5 (1978) 141-150.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.funnel.record.visits import Visits
from vs_toolkit.funnel.record.walk import Bools, Ints

Floats = npt.NDArray[np.float64]
MOST_DAYS = 300  # closing days told apart where many curves are estimated at once


@dataclass(frozen=True)
class Followed:
    """Opportunities followed from a start to their closing or to the last day seen, ready to be counted.

    Attributes
    ----------
    stay
        Days from the start until the status was left, or to the last day seen; shape (n,).
    end
        Days from the start to the closing, or to the last day seen; shape (n,).
    won, lost
        Whether an opportunity was closed so; shape (n,).
    times
        Distinct days at which some opportunity was closed, shape (k,); the next two are positions in it.
    enters, leaves
        First closing day at which an opportunity was under observation, and the first at which it was no
        more.
    """

    stay: Floats
    end: Floats
    won: Bools
    lost: Bools
    times: Floats
    enters: Ints
    leaves: Ints

    @property
    def closed(self) -> Bools:
        """Whether an opportunity was closed."""
        return self.won | self.lost


@dataclass(frozen=True)
class Incidence:
    """Estimated shares won and lost by day, as step functions.

    Attributes
    ----------
    days
        Days at which something was closed, ascending; shape (k,).
    won, lost, undecided
        Share won by that day, lost by that day, still open after it; they sum to 1.
    variance
        Variance of ``won`` (Dinse and Larson, Biometrika 73 (1986) 379-386).
    """

    days: Floats
    won: Floats
    lost: Floats
    undecided: Floats
    variance: Floats

    def at(self, column: Floats, day: float | Floats, before: float = 0.0) -> Floats:
        """Return the value of a curve at ``day``; ``before`` where nothing was closed by then."""
        steps: Floats = np.concatenate([[before], column])
        return steps[np.searchsorted(self.days, day, side="right")]


def followed(spells: pd.DataFrame) -> Followed:
    """Prepare rows of :attr:`~vs_toolkit.funnel.record.history.History.spells` for :func:`incidence`.

    >>> end, outcome = [3.0, 9.0], ["won", "open"]
    >>> spells = pd.DataFrame({"days": end, "days_to_end": end, "outcome": outcome, "delay": 0.0})
    >>> followed(spells).times.tolist()
    [3.0]
    """
    stay, end, delay = (spells[name].to_numpy(float) for name in ("days", "days_to_end", "delay"))
    outcome = spells["outcome"].to_numpy()
    return _followed(stay, end, delay, outcome == "won", outcome == "lost")


def followed_visits(visits: Visits, coarse: bool = False) -> Followed:
    """Prepare visits for :func:`incidence`; ``coarse`` joins closing days where there are many."""
    won, lost = visits.outcome == 1, visits.outcome == 2
    return _followed(visits.stay, visits.end, visits.delay, won, lost, MOST_DAYS if coarse else None)


def _followed(
    stay: Floats, end: Floats, delay: Floats, won: Bools, lost: Bools, most: int | None = None
) -> Followed:
    closed = won | lost
    times = np.unique(end[closed])
    if most is not None and len(times) > most:
        times = np.unique(np.quantile(end[closed], np.linspace(0, 1, most), method="higher"))
    leaves = np.searchsorted(times, end, side="right")
    if most is not None:  # a joined day ends with its last closing
        leaves[closed] = np.searchsorted(times, end[closed], side="left") + 1
    enters = np.where(delay > 0, np.searchsorted(times, delay, side="right"), 0)
    seen = enters < leaves
    return Followed(stay, end, seen & won, seen & lost, times, np.minimum(enters, leaves), leaves)


def incidence(cases: Followed, chosen: Bools | None = None) -> Incidence:
    """Estimate the shares won and lost by day, of all cases or of the ``chosen`` ones.

    Parameters
    ----------
    cases
        n opportunities with their follow-up.
    chosen
        Which of them count, shape (n,); all if left out.

    Returns
    -------
    Incidence
        With one step per day on which a counted opportunity was closed; empty if there is none.

    Examples
    --------
    One of three is won on day 3; one is seen until day 4 only: the loss on day 5 takes all of the other 2/3.

    >>> days, outcome = [3.0, 5.0, 4.0], ["won", "lost", "open"]
    >>> spells = pd.DataFrame({"days": days, "days_to_end": days, "outcome": outcome, "delay": 0.0})
    >>> result = incidence(followed(spells))
    >>> result.won.round(3).tolist(), result.lost.round(3).tolist()
    ([0.333, 0.333], [0.0, 0.667])
    """
    every = slice(None) if chosen is None else chosen
    size = len(cases.times) + 1
    enters, leaves = cases.enters[every], cases.leaves[every]
    joined = np.bincount(enters, minlength=size) - np.bincount(leaves, minlength=size)
    won = np.bincount(leaves[cases.won[every]] - 1, minlength=size)
    lost = np.bincount(leaves[cases.lost[every]] - 1, minlength=size)
    happened = np.flatnonzero(won + lost)
    return _estimate(cases.times[happened], joined.cumsum()[happened], won[happened], lost[happened])


def at_risk_curves(
    cases: Followed, where: tuple[Ints, Ints], shape: tuple[int, int], variance: bool
) -> tuple[Floats, Floats, Floats | None]:
    """Estimate many incidences at once: of each group, from each landmark on.

    Parameters
    ----------
    cases
        n opportunities.
    where
        Group of each (``groups``: none), and the last landmark that it outlasted (-1: none).
    shape
        Number of groups and none, number of landmarks.
    variance
        Whether to estimate the variance of the share won.

    Returns
    -------
    won, undecided, variance
        Shape (groups + 1, landmarks, days + 1): of all together and of each group, of the opportunities that
        outlasted
        the landmark; the first day is the beginning.
    """
    size, kept = len(cases.times) + 1, where[1] >= 0
    row = where[0] * shape[1] + where[1]

    def counted(chosen: Bools, day: Ints) -> Floats:
        flat = np.bincount(row[chosen] * size + day[chosen], minlength=shape[0] * shape[1] * size)
        each = flat.reshape(*shape, size)[:, ::-1].cumsum(axis=1)[
            :, ::-1
        ]  # outlasting one is outlasting all before
        both: Floats = np.concatenate([each.sum(axis=0, keepdims=True), each[:-1]]).astype(np.float64)
        return both

    at_risk = (counted(kept, cases.enters) - counted(kept, cases.leaves)).cumsum(axis=-1)[..., :-1]
    won, lost = (counted(kept & ended, cases.leaves - 1)[..., :-1] for ended in (cases.won, cases.lost))
    share, _, undecided, spread = _curves(np.maximum(at_risk, 1.0), won, lost, variance)
    begin = [(0, 0)] * 2 + [(1, 0)]
    padded = np.pad(share, begin), np.pad(undecided, begin, constant_values=1.0)
    return *padded, None if spread is None else np.pad(spread, begin)


def _estimate(days: Floats, at_risk: Ints, won: Ints, lost: Ints) -> Incidence:
    share, lost_share, undecided, variance = _curves(at_risk, won, lost, variance=True)
    assert variance is not None
    return Incidence(days, share, lost_share, undecided, variance)


def _curves(
    at_risk: npt.NDArray[Any], won: npt.NDArray[Any], lost: npt.NDArray[Any], variance: bool
) -> tuple[Floats, Floats, Floats, Floats | None]:
    """Shares won, lost and undecided after each day (last axis), and the variance of the share won."""
    undecided = np.cumprod(1 - (won + lost) / at_risk, axis=-1, dtype=np.float64)
    before = np.concatenate([np.ones((*undecided.shape[:-1], 1)), undecided[..., :-1]], axis=-1)
    before = before[..., : undecided.shape[-1]]
    share_won = np.cumsum(before * won / at_risk, axis=-1)
    share_lost = np.cumsum(before * lost / at_risk, axis=-1)
    spread = _variance(share_won, before, at_risk, won, won + lost) if variance else None
    return share_won, share_lost, undecided, spread


def _variance(
    share: Floats, before: Floats, at_risk: npt.NDArray[Any], won: npt.NDArray[Any], closed: npt.NDArray[Any]
) -> Floats:
    """Sum of (share(t) - share(s))^2 dG(s) + ... over closings s <= t, expanded so that it is one pass."""
    stay = at_risk - closed
    # Where nobody stays the share cannot change any more: that term is 0, not 0 x infinity.
    closing = np.divide(closed, at_risk * stay, out=np.zeros(share.shape), where=stay > 0)
    winning = before**2 * won * (at_risk - won) / at_risk.astype(float) ** 3
    both = before * won / at_risk.astype(float) ** 2
    spread = share**2 * closing.cumsum(axis=-1) - 2 * share * (share * closing).cumsum(axis=-1)
    spread += (share**2 * closing).cumsum(axis=-1)
    mixed = share * both.cumsum(axis=-1) - (share * both).cumsum(axis=-1)
    exact: Floats = spread + winning.cumsum(axis=-1) - 2 * mixed
    return np.maximum(exact, 0.0)
