"""The terms of a case as a workbook has them: a size that is a formula, and a course if it can be one.

The terms themselves come from ``impact``; here each is told how its size follows from the inputs and how
its course follows from start, ramp and end. Sizes are compared with those of ``impact`` when they are made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import ceil, floor, isclose

import numpy as np

from vs_toolkit.finance import FloatArray
from vs_toolkit.impact.assumptions import assumptions, numbers
from vs_toolkit.impact.lines import (
    CHANGE,
    DEPRECIATION,
    DIRECT,
    DISPOSALS,
    OPERATING,
    PRICE,
    REVENUE,
    TERMINAL,
)
from vs_toolkit.impact.sizes import PRODUCT, _is_good, adjusted
from vs_toolkit.impact.terms import STATEMENT_LINE, Term, spend_key, terms
from vs_toolkit.impact.timing import grid_of
from vs_toolkit.inputs.cases import formulas
from vs_toolkit.inputs.cases.business_case import DAYS_OF, BusinessCase, Spend
from vs_toolkit.inputs.cases.effects import Effect, Factor, MonthRange, likely
from vs_toolkit.reports.live.expressions import (
    Call,
    Cell,
    Column,
    Expression,
    Numbers,
    Value,
    arithmetic,
    at_least_zero,
    beyond_expected,
    complement,
    product,
    weight_of_month,
)
from vs_toolkit.timeline import Grid
from vs_toolkit.uncertainty import Assumption

FIXED = "fixed"
NEVER = 1_000_000  # a month after every horizon
ENDLESS = 1e9  # years
LATEST = 600  # months: no case is longer


@dataclass(frozen=True)
class Row:
    """One number on the sheet of inputs."""

    key: str
    name: str
    unit: str
    low: float
    expected: float
    high: float
    worse: str
    is_assumption: bool


@dataclass(frozen=True)
class Recipe:
    """How a term is written: ``kind`` names the formula of its course, the rest are its parameters.

    ``base`` is the place of another recipe that the course is worked out from.
    """

    item: str
    line: str
    size: Expression
    kind: str = FIXED
    sign: int = 1
    start: float | None = None
    ramp: float | None = None
    end: float | None = None
    growth: float | None = None
    base: int | None = None
    part: str = ""
    divisor: float = 1.0
    flip: bool = False  # a listed spend: impact has its sign in the size


@dataclass(frozen=True)
class Written:
    """A recipe with its course: of one unit of its size; shape (grid.size,)."""

    recipe: Recipe
    course: FloatArray


@dataclass
class Recipes:
    """Collects the recipes of a case in the order of ``impact``'s terms, and the inputs they need."""

    case: BusinessCase
    grid: Grid
    rows: dict[str, Row] = field(default_factory=dict)
    found: list[Recipe] = field(default_factory=list)

    def __post_init__(self) -> None:
        worse = {a.key: a.worse for a in assumptions(self.case)}
        for n in numbers(self.case):
            end = worse.get(n.key, "low" if n.effects else "high")
            self.rows[n.key] = Row(
                n.key, n.name, n.unit or "", n.low, n.expected, n.high, end, n.key in worse
            )
        for effect in self.case.effects:
            self._effect(effect)
        sales = [(place, own) for place, own in enumerate(self.found) if own.line == REVENUE]
        for effect in self.case.effects:
            self._ahead(effect, sales)
        for spend in self.case.costs:
            self._spend(spend, CHANGE)
        for spend in self.case.price_items:
            self._spend(spend, PRICE)
        self._terminal()

    def _extra(self, key: str, name: str, value: float, unit: str = "") -> Expression:
        """Give a number that is no assumption its own row."""
        self.rows.setdefault(key, Row(key, name, unit, value, value, value, "low", False))
        return Cell(key)

    def _number(self, key: str, name: str, factor: Factor) -> Expression:
        if key in self.rows:
            return Cell(key)
        if factor.formula is None:
            return self._extra(key, name, factor.expected)

        def shared(name: str) -> Expression:
            own = self.case.numbers[name]
            title = own.name or name.replace("_", " ").capitalize()
            return self._extra(f"numbers.{name}", title, own.expected, own.unit or "")

        return arithmetic(formulas.parse(factor.formula), shared)

    def _adjusted(self, key: str, item: Effect | Spend, *, good: bool) -> list[Expression]:
        if item.risk is None:
            return []
        name = f"{item.name}: risk adjustment (multiplier)"
        return [self._extra(f"{key}.risk", name, adjusted(item.risk, good=good))]

    def _size(self, effect: Effect) -> list[Expression]:
        place, parts = f"effects.{effect.id}", list[Expression]()
        for name in (*PRODUCT, "days", "share_of_next_sales"):
            if (factor := getattr(effect, name)) is not None:
                parts.append(self._number(f"{place}.{name}", f"{effect.name}: {name}", factor))
                if name == "days":
                    parts.append(self._daily(effect))
        if not effect.factor.certain_one:
            parts.append(self._number(f"{place}.factor", f"{effect.name}: factor", effect.factor))
        return parts + self._adjusted(place, effect, good=_is_good(effect, self.case))

    def _daily(self, effect: Effect) -> Expression:
        name = DAYS_OF[effect.line]
        yearly = self._extra(
            f"baseline.{name}",
            f"Baseline: {name.replace('_', ' ')} per year",
            getattr(self.case.baseline, name),
            self.case.currency,
        )
        year = self._extra("days_per_year", "Days per year", 365, "days")
        return Call("{0}/{1}", (yearly, year), lambda amount, days: amount / days)

    def _months(self, when: int | MonthRange, key: str) -> list[tuple[int, list[Expression]]]:
        if isinstance(when, int):
            return [(when, [])]
        months = range(floor(when.low), ceil(when.high) + 1)
        return [(month, [weight_of_month(key, month)]) for month in months]

    def _lists(self, item: Effect | Spend, key: str) -> list[tuple[list[Expression], float]]:
        """Sizes of a listed line, and by what the course of ``impact`` is divided."""
        if not item.by_year:
            return [([], 1.0)]
        whole = sum(amount.expected for amount in item.by_year)
        total: Expression = Cell(key, "expected")
        if whole < 0:
            total = Call("(-{0})", (total,), lambda value: -value)
        lists: list[tuple[list[Expression], float]] = [([total] if whole else [], abs(whole) or 1.0)]
        if self.rows[key].is_assumption:
            for end, sign in (("high", 1), ("low", -1)):
                reach = [getattr(amount, end) - amount.expected for amount in item.by_year]
                if any(reach):
                    lists.append(([beyond_expected(key, sign)], abs(sum(reach))))
        return lists

    def _effect(self, effect: Effect) -> None:
        if effect.share_of_next_sales is not None:
            return
        key, size, capital = f"effects.{effect.id}", self._size(effect), effect.category == "capital"
        fixed = effect.by_year is not None or bool(effect.adoption or (capital and effect.growth))
        kind = FIXED if fixed else "level" if capital else "flow"
        sites = [self._months(start, f"{key}.start_month") for start in effect.site_starts]
        for listed, divisor in self._lists(effect, f"{key}.by_year"):
            for ramp, ramp_weight in self._months(effect.ramp_months, f"{key}.ramp_months"):
                for starts in sites:
                    for start, weight in starts:
                        own = Recipe(
                            effect.id,
                            effect.line if capital else STATEMENT_LINE[effect.line],
                            product(*size, *weight, *ramp_weight, *listed),
                            kind,
                            -1 if capital else 1,
                            start,
                            ramp,
                            effect.end_month or NEVER,
                            effect.growth,
                            divisor=divisor,
                        )
                        self._place(effect, own)

    def _place(self, effect: Effect, own: Recipe) -> None:
        place = len(self.found)
        self.found.append(own)
        if effect.margin is not None and own.line == REVENUE:
            margin = self._number(f"effects.{effect.id}.margin", f"{effect.name}: margin", effect.margin)
            cost = product(own.size, complement(margin))
            self.found.append(replace(own, line=DIRECT, size=cost, sign=-1))
        for sign in (1, -1) if effect.release_haircut and effect.category == "capital" else ():
            size = at_least_zero(own.size, sign)
            lost = effect.release_haircut
            self.found.append(
                Recipe(
                    effect.id, DISPOSALS, size, "haircut", sign, growth=lost, base=place, divisor=own.divisor
                )
            )

    def _ahead(self, effect: Effect, sales: list[tuple[int, Recipe]]) -> None:
        if effect.share_of_next_sales is None:
            return
        size = self._size(effect)
        for place, sale in sales:
            self.found.append(
                Recipe(
                    effect.id,
                    effect.line,
                    product(*size, sale.size),
                    "ahead",
                    -1 if effect.line == "payables" else 1,
                    base=place,
                    divisor=sale.divisor,
                )
            )

    def _spend(self, spend: Spend, line: str) -> None:
        key = spend_key(spend, self.case)
        risk = self._adjusted(key, spend, good=False)
        if spend.by_year is not None:
            for listed, divisor in self._lists(spend, f"{key}.by_year"):
                self.found.append(Recipe(spend.id, line, product(*risk, *listed), divisor=divisor, flip=True))
        recurring = [
            self._number(f"{key}.{name}", f"{spend.name}: {name}", getattr(spend, name))
            for name in ("per_year", "quantity", "unit_value")
            if getattr(spend, name) is not None
        ]
        amount = None
        if spend.amount is not None:
            amount = product(*risk, self._number(f"{key}.amount", f"{spend.name}: amount", spend.amount))
        for month, weight in self._months(spend.month, f"{key}.month"):
            if recurring:
                self.found.append(_yearly(spend, line, product(*weight, *risk, *recurring), month))
            if amount is not None:
                self._once(spend, line, product(*weight, amount), month)
        if f"{key}.salvage" in self.rows and likely(spend.month) <= self.grid.months:
            self.found.append(Recipe(spend.id, DISPOSALS, Cell(f"{key}.salvage"), "salvage", part="salvage"))

    def _once(self, spend: Spend, line: str, amount: Expression, month: int) -> None:
        if spend.treatment == "expense":
            self.found.append(Recipe(spend.id, line, amount, "once", -1, month))
        elif month <= self.grid.months:
            self._investment(spend, amount, month)

    def _investment(self, spend: Spend, amount: Expression, month: int) -> None:
        life = spend.life_years or (self.grid.months - month) / 12 or ENDLESS
        for line, kind, sign in (
            ("fixed_assets", "held", 1),
            (DEPRECIATION, "depreciation", -1),
            (DISPOSALS, "disposal", -1),
        ):
            kind = FIXED if spend.depreciation is not None else kind
            self.found.append(Recipe(spend.id, line, amount, kind, sign, month, life))

    def _terminal(self) -> None:
        ending = self.case.terminal_value
        if ending is None:
            return
        if ending.amount is not None:
            size = self._number("terminal_value.amount", "Terminal value: amount", ending.amount)
            self.found.append(Recipe("terminal_value", TERMINAL, size, "horizon"))
            return
        for place, own in enumerate(tuple(self.found)):
            if own.line in OPERATING:
                self.found.append(
                    replace(
                        own,
                        item="terminal_value",
                        line=TERMINAL,
                        kind="perpetuity",
                        sign=1,
                        growth=ending.growth,
                        base=place,
                        start=None,
                        ramp=None,
                        end=None,
                    )
                )


def _yearly(spend: Spend, line: str, size: Expression, month: int) -> Recipe:
    kind, end = "advance" if spend.in_advance else "flow", spend.end_month or NEVER
    return Recipe(spend.id, line, size, kind, -1, month, 0, end, spend.growth)


def numbers_of(rows: dict[str, Row], values: Mapping[str, Value]) -> Numbers:
    """Numbers of a run, as expressions read them."""
    found: dict[tuple[str, Column], Value] = {}
    for key, row in rows.items():
        found |= {(key, "low"): row.low, (key, "expected"): row.expected, (key, "high"): row.high}
        found[key, "live"] = values.get(key, row.expected)
    return found


def written(case: BusinessCase) -> tuple[Recipes, tuple[Written, ...]]:
    """Recipes of a case, each with its course; compared with the terms of ``impact``.

    Raises
    ------
    AssertionError
        If a size is not that of ``impact``: an error of this package.
    """
    grid = grid_of(case)
    recipes = Recipes(case, grid)
    values = {a.key: _telling(a) for a in assumptions(case)}
    own = numbers_of(recipes.rows, values)
    shown = values | _all_months(recipes, values)
    pairs = list(_paired(recipes, terms(case, shown, grid)))
    for recipe, term in pairs:
        expected = float(np.atleast_1d(term.size)[0]) * recipe.divisor * (-1.0 if recipe.flip else 1.0)
        found = recipe.size.value(own)
        if not isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9):
            raise AssertionError(f"{recipe.item}, {recipe.line}: {found} instead of {expected}")
    return recipes, tuple(Written(recipe, _course(recipe, term)) for recipe, term in pairs)


def _all_months(recipes: Recipes, values: dict[str, float]) -> dict[str, FloatArray]:
    """Uncertain months as draws, the first as expected, so that each month in their range has a term."""
    months = {
        key: row
        for key, row in recipes.rows.items()
        if key.endswith(("start_month", "ramp_months", ".month"))
    }
    return {
        key: np.append(values[key], np.linspace(row.low, row.high, 2 * LATEST)) for key, row in months.items()
    }


def _telling(own: Assumption) -> float:
    """Value at which every term shows: a salvage of 0 that may be more has none as expected."""
    shown = own.expected or (own.low or own.high if own.key.endswith(".salvage") else 0.0)
    return float(shown)


def _paired(recipes: Recipes, own: tuple[Term, ...]) -> Iterator[tuple[Recipe, Term]]:
    names, theirs = ([(t.item, t.line) for t in found] for found in (recipes.found, own))
    if names != theirs:
        raise AssertionError(f"terms {names} instead of {theirs}")
    yield from zip(recipes.found, own, strict=True)


def _course(recipe: Recipe, term: Term) -> FloatArray:
    """Course of one unit of the size that is written."""
    return np.asarray(term.course / recipe.divisor * (-1.0 if recipe.flip else 1.0), dtype=float)
