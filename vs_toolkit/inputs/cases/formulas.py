"""Arithmetic written by users: + - * / and parentheses over named numbers, and nothing else."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import product
from typing import Any

from vs_toolkit.inputs.fields import Estimate
from vs_toolkit.inputs.numbers import both_readings, readings

LENGTH_LIMIT = 500
RANGE_LIMIT = 10  # 2 ** 10 corners
BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


@lru_cache(maxsize=4096)
def parse(formula: str) -> ast.expr:
    """Read a formula, once for all scenarios and draws; nothing of it is ever run as Python.

    Raises
    ------
    ValueError
        When it is anything but arithmetic over names and numbers.

    >>> parse("cows.__class__")
    Traceback (most recent call last):
    ValueError: a formula may hold names, numbers, + - * / and parentheses
    """
    if readings(formula[:LENGTH_LIMIT]).is_ambiguous:
        raise ValueError(both_readings(formula))
    try:
        body = ast.parse(formula[:LENGTH_LIMIT].strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        body = None
    if body is None or len(formula) > LENGTH_LIMIT or not all(map(_allowed, ast.walk(body))):
        raise ValueError("a formula may hold names, numbers, + - * / and parentheses")
    return body


def _allowed(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return type(node.value) in (int, float)
    harmless = (ast.BinOp, ast.UnaryOp, ast.USub, ast.Name, ast.Load, *BINARY)
    return isinstance(node, harmless)


def is_formula(text: str) -> bool:
    """Tell arithmetic over at least one name from a number and from any other text.

    >>> is_formula("2 * cows"), is_formula("300"), is_formula("about 300")
    (True, False, False)
    """
    try:
        return bool(names(text))
    except ValueError:
        return False


@lru_cache(maxsize=4096)
def names(formula: str) -> frozenset[str]:
    """Names that a formula uses.

    >>> sorted(names("cows * (rate - 0.1)"))
    ['cows', 'rate']
    """
    return frozenset(node.id for node in ast.walk(parse(formula)) if isinstance(node, ast.Name))


def evaluate(node: ast.expr, values: Mapping[str, Any]) -> Any:
    """Work out a parsed formula over numbers or arrays.

    >>> evaluate(parse("2 * (cows - 1)"), {"cows": 60})
    118.0
    """
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            return BINARY[type(op)](evaluate(left, values), evaluate(right, values))
        case ast.UnaryOp(operand=operand):
            return -evaluate(operand, values)
        case ast.Name(id=name):
            return values[name]
        case ast.Constant(value=value):
            return float(value)  # type: ignore[arg-type]  # parse lets only int and float pass
    raise AssertionError(node)


def spread(formula: str, numbers: Mapping[str, Estimate]) -> Estimate:
    """Work out a formula over estimates: its value at the expected numbers, and its range.

    The range spans the formula at every combination of low and high ends. That is the whole range wherever
    the formula rises or falls steadily in each number (sums, products and quotients of positive numbers do).

    Raises
    ------
    ValueError
        For a name without a number, more than 10 uncertain numbers, or a division by zero.

    >>> spread("cows * saved", {"cows": Estimate.of(60), "saved": Estimate(low=1, expected=2, high=4)})
    Estimate(low=60.0, expected=120.0, high=240.0)
    """
    parsed, used = parse(formula), sorted(names(formula))
    if unknown := [name for name in used if name not in numbers]:
        raise ValueError(f"no number is given for {', '.join(unknown)}")
    ends = [{numbers[name].low, numbers[name].high} for name in used]
    if sum(len(end) > 1 for end in ends) > RANGE_LIMIT:
        raise ValueError(f"a formula may hold at most {RANGE_LIMIT} uncertain numbers")
    try:
        expected = evaluate(parsed, {name: numbers[name].expected for name in used})
        values = [evaluate(parsed, dict(zip(used, corner, strict=True))) for corner in product(*ends)]
    except ZeroDivisionError:
        raise ValueError(f"{formula} divides by zero") from None
    return Estimate(low=min(expected, *values), expected=expected, high=max(expected, *values))
