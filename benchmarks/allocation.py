"""How long the exact allocation of account teams takes, by number of customers and teams.

Each size is solved once with teams by region, and again for the price of one more team; the step curve and
the robustness over draws are timed apart. ``python -m benchmarks.allocation [customers teams ...]``.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd

from vs_toolkit.relationship import Capacity, Game, Terms, Valuation, best_by_capacity, game_of, read_plans
from vs_toolkit.relationship.plan import LINES

AS_OF = date(2025, 12, 31)
SIZES = ((24, 10), (500, 60), (2_000, 60), (10_000, 60))
REGIONS = ("North", "South", "East", "West")
DRAWS = 100
YEARS = 5


def game(customers: int, teams: int, seed: int = 1) -> Game:
    """Make a company of so many customers, whose plans count on three times as many teams as there are."""
    rng = np.random.default_rng(seed)
    names = [f"C{number:05d}" for number in range(customers)]
    size = rng.lognormal(13, 1.2, customers)
    values = {
        "sales_investment": 0.05 * size,
        "revenue": size,
        "margin": rng.uniform(0.2, 0.4, customers),
        "cost_to_serve": rng.uniform(0.05, 0.1, customers) * size,
        "capital": rng.uniform(0.1, 0.3, customers) * size,
        "survival": rng.uniform(0.8, 0.97, customers),
    }
    rows = pd.DataFrame(
        {
            "customer_id": np.tile(np.repeat(names, YEARS), len(LINES)),
            "planned_on": pd.Timestamp(2025, 10, 1),
            "year": np.tile(np.arange(2026, 2026 + YEARS), customers * len(LINES)),
            "line": np.repeat(LINES, customers * YEARS),
            "expected": np.concatenate([np.repeat(values[line], YEARS) for line in LINES]),
        }
    )
    rows = rows.assign(
        low=rows["expected"] * 0.9, high=(rows["expected"] * 1.1).where(rows["line"] != "survival")
    )
    plans = read_plans(rows, AS_OF)
    valuation = Valuation(plans, np.zeros(customers), Terms(0.09))
    team_plans = pd.DataFrame(
        {
            "teams_today": 0.0,
            "teams_planned": rng.choice([0.5, 1.0, 2.0, 3.0], customers),
            "teams_min": np.nan,
            "teams_max": np.nan,
            "share_without_team": rng.uniform(0.2, 0.6, customers),
        },
        index=names,
    )
    regions = dict(zip(names, rng.choice(REGIONS, customers), strict=True))
    rooms = dict.fromkeys(REGIONS, teams // len(REGIONS) + 2)
    return game_of(valuation, team_plans, regions, Capacity(teams, rooms))


def timed(work: Callable[[], object]) -> float:
    """Seconds of processor time."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measured(made: Game) -> tuple[float, float, float, float]:
    """Seconds to solve, to price one more team in each region, for the step curve, and for 100 draws."""
    halves = 2 * made.capacity.total
    noise = np.random.default_rng(2).lognormal(0, 0.1, (DRAWS, len(made.value)))
    return (
        timed(lambda: made.best),
        timed(lambda: made.one_more),
        timed(lambda: best_by_capacity(made, made.value[None, :], halves)),
        timed(lambda: best_by_capacity(made, made.value * noise, halves)),
    )


def main(sizes: tuple[tuple[int, int], ...]) -> None:
    """Print one line of processor seconds per size."""
    print("customers  teams  options   solve  one more  step curve  100 draws")
    for customers, teams in sizes:
        made = game(customers, teams)
        solve, again, curve, draws = measured(made)
        options = f"{customers:9,}  {teams:5}  {len(made.value):7,}"
        print(f"{options}  {solve:6.2f}  {again:8.2f}  {curve:10.2f}  {draws:9.2f}")


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    main(tuple(zip(given[::2], given[1::2], strict=True)) or SIZES)
