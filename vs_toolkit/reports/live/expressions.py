"""Sizes as expressions: the same tree gives the number in Python, for one run or many, and the formula."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any, Literal

import numpy as np

Column = Literal["live", "low", "expected", "high"]
Refer = Callable[[str, Column], str]
Value = Any  # a number, or an array of one for each run
Numbers = Mapping[tuple[str, Column], Value]
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


@dataclass(frozen=True)
class Cell:
    """A number of the sheet of inputs: as a run has it (``live``), or one of its points."""

    key: str
    column: Column = "live"

    def formula(self, refer: Refer) -> str:
        """Reference to the cell."""
        return refer(self.key, self.column)

    def value(self, numbers: Numbers) -> Value:
        """Number in the cell."""
        return numbers[self.key, self.column]


@dataclass(frozen=True)
class Call:
    """A formula over parts: ``{0}``, ``{1}`` ... in ``text`` stand for them."""

    text: str
    parts: tuple[Expression, ...]
    function: Callable[..., Value]

    def formula(self, refer: Refer) -> str:
        """Text without the leading equals sign."""
        return self.text.format(*(part.formula(refer) for part in self.parts))

    def value(self, numbers: Numbers) -> Value:
        """Result in Python."""
        return self.function(*(part.value(numbers) for part in self.parts))


Expression = Cell | Call


def product(*parts: Expression) -> Expression:
    """Multiply; 1 where there is nothing to multiply."""
    if len(parts) == 1:
        return parts[0]
    text = "*".join(f"{{{place}}}" for place in range(len(parts))) or "1"
    return Call(text, parts, lambda *values: prod(values))


def complement(part: Expression) -> Expression:
    """What is left of 1."""
    return Call("(1-{0})", (part,), lambda share: 1 - share)


def at_least_zero(part: Expression, sign: int) -> Expression:
    """The positive, or with ``sign`` -1 the negative part as a positive number."""
    text = "MAX({0},0)" if sign > 0 else "MAX(-({0}),0)"
    return Call(text, (part,), lambda value: np.maximum(sign * value, 0.0))


def beyond_expected(key: str, sign: int) -> Expression:
    """How far a number of a run lies above (``sign`` 1) or below (-1) its expected value."""
    parts = (Cell(key), Cell(key, "expected"))
    text = "MAX({0}-{1},0)" if sign > 0 else "MAX({1}-{0},0)"
    return Call(text, parts, lambda value, middle: np.maximum(sign * (value - middle), 0.0))


def weight_of_month(key: str, month: int) -> Expression:
    """Weight with which a whole month stands for an uncertain one."""
    text = f"MAX(0,1-ABS({{0}}-{month}))"
    return Call(text, (Cell(key),), lambda value: np.maximum(0.0, 1.0 - abs(value - month)))


def arithmetic(node: ast.expr, number: Callable[[str], Expression]) -> Expression:
    """Turn a parsed formula over named numbers into an expression."""
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            parts = (arithmetic(left, number), arithmetic(right, number))
            return Call("({0}" + SIGNS[type(op)] + "{1})", parts, FUNCTIONS[SIGNS[type(op)]])
        case ast.UnaryOp(operand=operand):
            return Call("(-{0})", (arithmetic(operand, number),), lambda value: -value)
        case ast.Name(id=name):
            return number(name)
        case ast.Constant(value=value):
            written = float(value)  # type: ignore[arg-type]  # the parser lets only numbers pass
            return Call(repr(written), (), lambda: written)
    raise AssertionError(node)


FUNCTIONS: Mapping[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}
