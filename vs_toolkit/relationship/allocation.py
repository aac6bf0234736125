"""Who gets the scarce resource: exact allocation under budgets, capacities and whole teams.

Integer programmes are solved to proven optimality by HiGHS (``scipy.optimize.milp``); capacities hold to one
part in a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from vs_toolkit.finance import FloatArray

TIME_LIMIT = 60.0  # seconds
USUAL = (1.0, 1e6)  # sizes of values for which the solver's tolerances are meant
NOBODY = -1


@dataclass(frozen=True)
class Allocation:
    """Optimal choice: ``chosen`` has one entry per item in the order given, ``value`` is the total.

    For :func:`allocate` an entry is 1 (chosen) or 0, for :func:`assign_teams` the number of the customer's
    team, counted from 0 (-1: none), for :func:`choose_options` the position of the owner's option.
    """

    chosen: tuple[int, ...]
    value: float


@dataclass(frozen=True)
class ShadowPrices:
    """Optimum of a linear programme: ``amounts`` by item, total ``value``, ``prices`` by resource.

    A price is the value of one more *small* unit of the resource; that of a whole team is found by solving
    again.
    """

    amounts: tuple[float, ...]
    value: float
    prices: tuple[float, ...]


def allocate(value: ArrayLike, cost: ArrayLike, budget: ArrayLike) -> Allocation:
    """Choose the items with the highest total value that the budget allows (0/1 knapsack), exactly.

    Parameters
    ----------
    value
        Value of each item, shape (items,).
    cost
        Cost of each item, shape (items,), or its use of several resources, shape (resources, items).
    budget
        Budget, or capacity of each resource, shape (resources,).

    Raises
    ------
    ValueError
        For shapes that do not fit, missing figures, or a negative cost or budget.

    >>> allocate([60, 100, 120], [10, 20, 30], 50)
    Allocation(chosen=(0, 1, 1), value=220.0)
    """
    worth, use, capacity = _checked(value, cost, budget)
    if not worth.size:
        return Allocation((), 0.0)
    rows = [LinearConstraint(use, ub=capacity)]
    x = _solve(worth, rows)
    return Allocation(tuple(x.tolist()), float(worth @ x))


def assign_teams(
    value: ArrayLike, effort: ArrayLike, capacity: ArrayLike, *, everyone: bool = True
) -> Allocation:
    """Assign each customer to one team, within the capacity of the teams, exactly.

    This is the generalised assignment problem; with efforts and capacities of 1 it is the one-to-one
    assignment. To minimise costs, give them as negative values.

    Parameters
    ----------
    value
        Value of each customer with each team, shape (teams, customers).
    effort
        Effort in the same shape, or shape (customers,) where it is the same for all teams.
    capacity
        Capacity of each team, shape (teams,), or one for all.
    everyone
        Whether every customer must have a team; otherwise some may have none.

    Raises
    ------
    ValueError
        For shapes that do not fit, missing figures, or when capacity does not suffice for everyone.

    >>> assign_teams([[-4, -1, -3], [-2, 0, -5], [-3, -2, -2]], [1, 1, 1], 1)
    Allocation(chosen=(1, 0, 2), value=-5.0)
    """
    worth = _finite(value, "value")
    if worth.ndim != 2:
        raise ValueError("value needs one row per team and one column per customer")
    teams, customers = worth.shape
    use = np.broadcast_to(_finite(effort, "effort"), worth.shape)
    limit = np.broadcast_to(_finite(capacity, "capacity"), (teams,))
    by_team = sparse.block_diag([row[None, :] for row in use])
    by_customer = sparse.hstack([sparse.eye(customers)] * teams)
    rows = [LinearConstraint(by_team, ub=limit), LinearConstraint(by_customer, int(everyone), 1)]
    x = _solve(worth.ravel(), rows, "capacity does not suffice for everyone: give everyone=False")
    placed = x.reshape(worth.shape)
    chosen = np.where(placed.any(axis=0), placed.argmax(axis=0), NOBODY)
    return Allocation(tuple(chosen.tolist()), float(worth.ravel() @ x))


def choose_options(
    value: ArrayLike, use: ArrayLike, owner: Sequence[int] | NDArray[np.int64], capacity: ArrayLike
) -> Allocation:
    """Choose exactly one option for each owner within all capacities (multiple-choice knapsack), exactly.

    Parameters
    ----------
    value
        Value of each option, shape (options,).
    use
        Use of each resource by each option, shape (options,) or (resources, options).
    owner
        Owner of each option, numbered from 0, shape (options,).
    capacity
        Capacity of each resource.

    Raises
    ------
    ValueError
        When no choice keeps within the capacities, or the figures do not fit.

    >>> choose_options([0, 50, 60, 0, 40], [0, 1, 2, 0, 1], [0, 0, 0, 1, 1], 2)
    Allocation(chosen=(1, 4), value=90.0)
    """
    worth, uses, capacities = _checked(value, use, capacity)
    if not worth.size:
        return Allocation((), 0.0)
    owners = np.asarray(owner, dtype=np.int64)
    options = np.arange(worth.size)
    one_each = sparse.csr_array((np.ones(worth.size), (owners, options)))
    rows = [LinearConstraint(sparse.csr_array(uses), ub=capacities), LinearConstraint(one_each, 1, 1)]
    x = _solve(worth, rows, "no choice of options keeps within the capacities")
    picked = np.flatnonzero(x)
    return Allocation(tuple(picked[np.argsort(owners[picked])].tolist()), float(worth @ x))


def shadow_prices(value: ArrayLike, use: ArrayLike, capacity: ArrayLike) -> ShadowPrices:
    """Solve the linear programme that maximises ``value @ x`` with ``use @ x <= capacity`` and ``x >= 0``.

    Raises
    ------
    ValueError
        When there is no finite optimum.

    >>> shadow_prices([3, 5], [[1, 0], [0, 2], [3, 2]], [4, 12, 18]).prices
    (0.0, 1.5, 1.0)
    """
    worth, uses, capacities = _checked(value, use, capacity)
    found = linprog(-worth, A_ub=uses, b_ub=capacities, method="highs")
    if found.status:
        raise ValueError(f"there is no finite optimum: {found.message}")
    prices = np.abs(found.ineqlin.marginals)
    return ShadowPrices(tuple(found.x.tolist()), float(-found.fun), tuple(prices.tolist()))


def _checked(
    value: ArrayLike, use: ArrayLike, capacity: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Values, uses of shape (resources, items) and capacities of shape (resources,)."""
    worth, uses = _finite(value, "value"), np.atleast_2d(_finite(use, "cost"))
    limits = np.atleast_1d(_finite(capacity, "budget"))
    if worth.ndim != 1 or uses.shape[1] != worth.size or limits.shape != uses.shape[:1]:
        raise ValueError(
            f"{worth.size} values need as many costs for each of {limits.size} budgets, found {uses.shape}"
        )
    if (uses < 0).any() or (limits < 0).any():
        raise ValueError("costs and budgets must not be negative")
    return worth, uses, limits


def _finite(figures: ArrayLike, name: str) -> FloatArray:
    values = np.asarray(figures, dtype=float)
    if not np.isfinite(values).all():
        raise ValueError(f"{name} must not have missing or infinite figures: leave such items out")
    return values


def _solve(
    value: FloatArray, rows: list[LinearConstraint], infeasible: str = "no choice keeps within the budgets"
) -> NDArray[np.int64]:
    """Best 0/1 vector; the value is scaled to a size for which the solver's tolerances are meant."""
    size = float(np.abs(value).max()) or 1.0
    scale = 1.0 if USUAL[0] <= size <= USUAL[1] else size / 1e4
    options = {"mip_rel_gap": 0.0, "time_limit": TIME_LIMIT}
    found = milp(-value / scale, integrality=1, bounds=Bounds(0, 1), constraints=rows, options=options)
    if found.status == 2:
        raise ValueError(infeasible)
    if found.status:
        raise ValueError(f"no proven optimum within {TIME_LIMIT:.0f} seconds: {found.message}")
    chosen: NDArray[np.int64] = np.round(found.x).astype(np.int64)
    return chosen
