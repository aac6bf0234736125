"""Customer lifetime value in closed form, to check plans against: constant retention, and migration."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from vs_toolkit.finance import FloatArray


def lifetime_value(margin: float, retention: float, rate: float, acquisition: float = 0.0) -> float:
    """Value of a customer with a constant yearly margin, the first one certain and at time 0.

    ``margin * (1 + rate) / (1 + rate - retention) - acquisition``: retention and rate are per year, and the
    rate holds no premium for losing the customer. Source: Berger and Nasr, Journal of Interactive Marketing
    12(1), 1998.

    >>> round(100_000 * lifetime_value(40, 0.5, 0.15, 30), 2)
    4076923.08
    """
    if not 0 <= retention <= 1 or rate <= -1 or retention >= 1 + rate:
        raise ValueError("retention must be between 0 and 1, and below 1 + rate")
    return margin * (1 + rate) / (1 + rate - retention) - acquisition


def migration_value(return_probability: ArrayLike, payoff: ArrayLike, rate: float) -> FloatArray:
    """Value of a customer by periods since the last purchase; shape (states,).

    A customer who buys moves to the first state, one who does not to the next; the last state is final.
    ``V = (I - P/(1+rate))^-1 R``, Pfeifer and Carraway, Journal of Interactive Marketing 14(2), 2000.

    Parameters
    ----------
    return_probability
        Probability of a purchase in the next period, by state.
    payoff
        Contribution in the period, by state.
    rate
        Cost of capital per period.

    >>> migration_value([0.5, 0.2, 0.1, 0], [100, 0, 0, 0], 0.1).round(2).tolist()
    [231.08, 57.29, 21.01, 0.0]
    """
    back, reward = np.asarray(return_probability, dtype=float), np.asarray(payoff, dtype=float)
    moves = np.diag(1 - back[:-1], k=1)
    moves[:, 0] += back
    moves[-1, -1] += 1 - back[-1]
    worth: FloatArray = np.linalg.solve(np.eye(back.size) - moves / (1 + rate), reward)
    return worth
