"""Share of cases won by a number of days when losses compete and open cases are censored (Aalen-Johansen).

Leaving out open cases, or counting them as lost, or treating losses as censored (Kaplan-Meier) are the three
usual mistakes; this estimator makes none of them: Aalen and Johansen, Scand. J. Statist. 5 (1978) 141-150.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from vs_toolkit.funnel.record.walk import Bools, Ints

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Followed:
    """Cases followed from a start to their closing or to the last day seen, ready to be counted.

    Attributes
    ----------
    stay
        Days from the start until the status was left, or to the last day seen; shape (n,).
    end
        Days from the start to the closing, or to the last day seen; shape (n,).
    won, lost
        Whether a case was closed so; shape (n,).
    times
        Distinct days at which some case was closed, shape (k,); the next two are positions in it.
    enters, leaves
        First closing day at which a case was under observation, and the first at which it was no more.
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
        """Whether a case was closed."""
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
    delay, end = spells["delay"].to_numpy(float), spells["days_to_end"].to_numpy(float)
    outcome = spells["outcome"].to_numpy()
    times = np.unique(end[outcome != "open"])
    leaves = np.searchsorted(times, end, side="right")
    enters = np.where(delay > 0, np.searchsorted(times, delay, side="right"), 0)
    seen = enters < leaves
    return Followed(
        stay=spells["days"].to_numpy(float),
        end=end,
        won=seen & (outcome == "won"),
        lost=seen & (outcome == "lost"),
        times=times,
        enters=np.minimum(enters, leaves),
        leaves=leaves,
    )


def incidence(cases: Followed, chosen: Bools | None = None) -> Incidence:
    """Estimate the shares won and lost by day, of all cases or of the ``chosen`` ones.

    Parameters
    ----------
    cases
        n cases with their follow-up.
    chosen
        Which of them count, shape (n,); all if left out.

    Returns
    -------
    Incidence
        With one step per day on which a counted case was closed; empty if there is none.

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


def _estimate(days: Floats, at_risk: Ints, won: Ints, lost: Ints) -> Incidence:
    undecided = np.cumprod(1 - (won + lost) / at_risk, dtype=np.float64)
    before = np.concatenate([[1.0], undecided[:-1]])[: len(days)]
    share_won = np.cumsum(before * won / at_risk)
    share_lost = np.cumsum(before * lost / at_risk)
    variance = _variance(share_won, before, at_risk, won, won + lost)
    return Incidence(days, share_won, share_lost, undecided, variance)


def _variance(share: Floats, before: Floats, at_risk: Ints, won: Ints, closed: Ints) -> Floats:
    """Sum of (share(t) - share(s))^2 dG(s) + ... over closings s <= t, expanded so that it is one pass."""
    stay = at_risk - closed
    # Where nobody stays the share cannot change any more: that term is 0, not 0 x infinity.
    closing = np.divide(closed, at_risk * stay, out=np.zeros(len(share)), where=stay > 0)
    winning = before**2 * won * (at_risk - won) / at_risk.astype(float) ** 3
    both = before * won / at_risk.astype(float) ** 2
    spread = share**2 * closing.cumsum() - 2 * share * (share * closing).cumsum()
    spread += (share**2 * closing).cumsum()
    mixed = share * both.cumsum() - (share * both).cumsum()
    exact: Floats = spread + winning.cumsum() - 2 * mixed
    return np.maximum(exact, 0.0)
