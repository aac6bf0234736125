"""What the cells of a live case hold: every value in Python, for each run."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from vs_toolkit import finance
from vs_toolkit.finance import NOISE, FloatArray
from vs_toolkit.impact.lines import CAPITAL, INCOME, TERMINAL
from vs_toolkit.impact.returns import ABSURD
from vs_toolkit.impact.statement import tax as tax_on
from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.reports.live.grid import Line, late_months, timeline
from vs_toolkit.reports.live.recipes import Recipes, Written, numbers_of, written
from vs_toolkit.timeline import Grid

NAMES = ("Live", "Downside", "Base", "Upside")
SCENARIO = (2, 1, 2, 3)
NONE, SEVERAL = "none", "not unique"
LOWEST = -0.999999  # a year: below it, no spreadsheet finds a rate


@dataclass(frozen=True)
class Run:
    """One column of the sheet of runs: ``varied`` is the number of an input (0: none), ``end`` 1 or 3."""

    name: str
    scenario: int
    varied: int
    end: int
    values: dict[str, float]


@dataclass(frozen=True)
class Statement:
    """The monthly rows of one run; arrays of shape (grid.size,)."""

    lines: dict[str, FloatArray]
    profit: FloatArray
    settled: FloatArray
    running: FloatArray
    highest: FloatArray
    tax: FloatArray
    terminal: FloatArray
    nopat: FloatArray
    capital: dict[str, FloatArray]
    payable: FloatArray
    employed: FloatArray
    cash: FloatArray
    discounted: FloatArray
    accrued: FloatArray
    accrued_discounted: FloatArray
    charge: FloatArray
    eva: FloatArray
    balance: FloatArray
    sign: FloatArray
    balance_sign: FloatArray


@dataclass
class Figures:
    """A case with everything that its workbook says."""

    case: BusinessCase
    recipes: Recipes = field(init=False)
    terms: tuple[Written, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.recipes, self.terms = written(self.case)

    @property
    def grid(self) -> Grid:
        """Grid of the case."""
        return self.recipes.grid

    @cached_property
    def timeline(self) -> dict[str, Line]:
        """Rows of the timeline by their short names."""
        return {line.name: line for line in timeline(self.case)}

    @cached_property
    def carried(self) -> bool:
        """Whether losses are carried forward."""
        return self.case.tax is not None and self.case.tax.losses == "carried_forward"

    @cached_property
    def courses(self) -> FloatArray:
        """Courses of all terms; shape (terms, grid.size)."""
        return np.array([own.course for own in self.terms])

    @cached_property
    def unit_worth(self) -> FloatArray:
        """Present value before tax of one unit of each term."""
        weights, steps = self.timeline["DF"].values, self.timeline["DS"].values
        capital = np.array([own.recipe.line in CAPITAL for own in self.terms])
        worth: FloatArray = np.where(capital, self.courses @ steps, self.courses @ weights)
        return worth

    @cached_property
    def unit_tax(self) -> FloatArray:
        """Present value of the tax on one unit of each term, where tax is a share of profit."""
        rate = self.case.tax.rate if self.case.tax and not self.carried else 0.0
        taxed = np.array([own.recipe.line in INCOME for own in self.terms])
        worth: FloatArray = np.where(taxed, -rate * (self.courses @ self.timeline["DT"].values), 0.0)
        return worth

    @cached_property
    def sizes(self) -> FloatArray:
        """Sizes of all terms in each run; shape (terms, runs)."""
        live = {key: np.array([run.values[key] for run in self.runs]) for key in self.recipes.rows}
        numbers, shape = numbers_of(self.recipes.rows, live), len(self.runs)
        return np.array([np.broadcast_to(own.recipe.size.value(numbers), shape) for own in self.terms])

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The live run, the scenarios, and both ends of every assumption."""
        rows = list(self.recipes.rows.values())
        scenarios = [
            Run(
                name,
                number,
                0,
                2,
                {row.key: _at(row.low, row.expected, row.high, row.worse, number) for row in rows},
            )
            for name, number in zip(NAMES, SCENARIO, strict=True)
        ]
        expected = {row.key: row.expected for row in rows}
        ends = [
            Run(f"{row.name}, {name}", 2, place, end, expected | {row.key: value})
            for place, row in enumerate(rows, 1)
            if row.is_assumption
            for name, end, value in (("low", 1, row.low), ("high", 3, row.high))
        ]
        return (*scenarios, *ends)

    @cached_property
    def highest_profits(self) -> tuple[FloatArray, FloatArray]:
        """Cumulative settled profit and its running maximum in each run; shape (runs, grid.size)."""
        taxed = np.array([own.recipe.line in INCOME for own in self.terms])
        profit = (self.sizes * taxed[:, None]).T @ self.courses
        running = np.cumsum(self.grid.settled(profit), axis=-1)
        return running, np.maximum.accumulate(np.maximum(running, 0.0), axis=-1)

    @cached_property
    def npv(self) -> FloatArray:
        """NPV of each run."""
        worth: FloatArray = self.sizes.T @ (self.unit_worth + self.unit_tax)
        if not self.carried:
            return worth
        assert self.case.tax is not None
        highest = self.highest_profits[1]
        charged = np.diff(highest, axis=-1, prepend=0.0) * self.case.tax.rate
        return worth - charged @ self.paid_factor

    @cached_property
    def paid_factor(self) -> FloatArray:
        """Discount factor of tax charged in a month."""
        factors, lag = self.timeline["DF"].values, late_months(self.case)
        return np.append(factors[lag:], np.zeros(lag))

    def line(self, name: str, run: int) -> FloatArray:
        """Sum of the terms of a line in a run."""
        own = np.array([term.recipe.line == name for term in self.terms])
        total: FloatArray = (self.sizes[:, run] * own) @ self.courses
        return total

    def used(self, names: tuple[str, ...]) -> list[str]:
        """Those lines that have terms."""
        have = {own.recipe.line for own in self.terms}
        return [name for name in names if name in have]

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Monthly rows of the live run and of the scenarios."""
        return tuple(map(self._statement, range(len(NAMES))))

    def _statement(self, run: int) -> Statement:
        grid, rule, lag = self.grid, self.case.tax, late_months(self.case)
        lines = {name: self.line(name, run) for name in self.used(INCOME)}
        capital = {name: self.line(name, run) for name in self.used(CAPITAL)}
        nothing = np.zeros(grid.size)
        profit = np.sum([*lines.values(), nothing], axis=0)
        settled = grid.settled(profit)
        running, charged, terminal = np.cumsum(settled), tax_on(rule, settled), self.line(TERMINAL, run)
        total = np.cumsum(charged)
        payable = total - np.append(np.zeros(lag), total[: total.size - lag]) if lag else nothing
        employed = np.sum([*capital.values(), payable], axis=0)
        nopat = profit + charged + terminal
        cash = nopat - np.diff(employed, prepend=0.0)
        discounted = cash * self.timeline["DF"].values
        charge = np.append([0.0], (employed * self.timeline["CW"].values)[:-1])
        balance = np.cumsum(cash)
        return Statement(
            lines,
            profit,
            settled,
            running,
            np.maximum.accumulate(np.maximum(running, 0.0)),
            charged,
            terminal,
            nopat,
            capital,
            payable,
            employed,
            cash,
            discounted,
            np.cumsum(grid.accrued(cash)),
            np.cumsum(grid.accrued(discounted)),
            charge,
            nopat - charge,
            balance,
            _signs(cash, cash),
            _signs(balance, cash),
        )


def _at(low: float, expected: float, high: float, worse: str, scenario: int) -> float:
    if scenario == 2:
        return expected
    return low if (scenario == 1) == (worse == "low") else high


def _signs(values: FloatArray, flows: FloatArray) -> FloatArray:
    """Sign of each value, or of the one before where it is nil."""
    limit, found, last = 1e-9 * max(flows.max(), -flows.min()), [], 0.0
    for value in values:
        last = last if abs(value) <= limit else float(np.sign(value))
        found.append(last)
    return np.array(found)


def changes(signs: FloatArray) -> int:
    """How often the sign changes."""
    return int((signs[1:] * signs[:-1] < 0).sum())


def rate_of_return(own: Statement) -> float | str:
    """IRR as the workbook has it: one change of sign, or one of the balance (Norstrom); else not unique.

    With one change of sign there is one rate; with one of the balance, one that is not negative.
    """
    flows, balance = changes(own.sign), changes(own.balance_sign)
    if not flows:
        return NONE
    roots = finance.irr(own.cash).roots
    if flows > 1:
        roots = tuple(root for root in roots if root >= 0) if balance == 1 else ()
        plausible = [rate for rate in ((1 + root) ** 12 - 1 for root in roots) if rate <= ABSURD]
        return float(plausible[0]) if len(plausible) == 1 else SEVERAL
    rate = float((1 + roots[0]) ** 12 - 1) if roots else -1.0
    return rate if rate > LOWEST else NONE


def payback(balance: FloatArray, flows: FloatArray) -> float | str:
    """Years until the balance is no longer negative."""
    limit = NOISE * 1e3 * max(flows.max(), -flows.min())
    negative = np.flatnonzero(balance < -limit)
    if not negative.size:
        return 0.0
    last = int(negative[-1])
    if last == balance.size - 1:
        return NONE
    return float((last + balance[last] / (balance[last] - balance[last + 1])) / 12)


def first_guess(flows: FloatArray) -> float:
    """Monthly rate at which one inflow at its mean time would repay one outflow at its own."""
    limit, month = 1e-9 * max(flows.max(), -flows.min()), np.arange(flows.size)
    sides = (np.where(flows > limit, flows, 0.0), np.where(flows < -limit, flows, 0.0))
    inflow, outflow = (float(side.sum()) for side in sides)
    if not inflow or not outflow:
        return 0.01
    apart = float(sides[0] @ month) / inflow - float(sides[1] @ month) / outflow
    try:
        return float((-inflow / outflow) ** (1 / apart) - 1)
    except (OverflowError, ZeroDivisionError):
        return 0.01
