"""Reads the parameters that the parameters cells of a notebook declare; nothing of them is run."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from vs_toolkit.batch.parameters.annotations import CANONICAL, Names, dotted, read_annotation
from vs_toolkit.batch.parameters.bounds import is_unit
from vs_toolkit.batch.parameters.kinds import CONTAINERS, Kind, kind_of
from vs_toolkit.batch.parameters.parameter import Computed, Parameter, check_default
from vs_toolkit.errors import ParameterError, Problem

MAKERS: dict[str, Callable[..., Any]] = {
    "datetime.date": date,
    "datetime.date.fromisoformat": date.fromisoformat,
    "decimal.Decimal": Decimal,
}
Assignment = ast.Assign | ast.AnnAssign


def read_parameters(*cells: str, before: Sequence[str] = (), file: str = "") -> tuple[Parameter, ...]:
    """Read the parameters that the parameters cells of a notebook declare.

    Every annotated line is a parameter, and every other line that assigns a value whose type can be seen;
    what is worked out from other values, without an annotation, cannot be set from outside and is left out.

    Parameters
    ----------
    cells
        Texts of the parameters cells, in the order in which they run.
    before
        Texts of the cells that run before: what they import may be used.
    file
        Name of the notebook, for messages.

    Raises
    ------
    ParameterError
        If a cell is not valid Python, a type is not supported, a default does not hold its own type, range or
        choices, or a name is assigned twice; all of it at once, each with its line.

    >>> (draws,) = read_parameters("draws: int = 100  # 1..500; how many draws")
    >>> draws.type, draws.default, draws.unit, draws.meaning
    ('int', 100, '1..500', 'how many draws')
    """
    reader = _Reader(file, len(cells) > 1)
    for source in before:
        reader.names.learn(source)
    for number, cell in enumerate(cells, 1):
        reader.read(number, cell)
    reader.check_hiding()
    if reader.problems:
        raise ParameterError("\n".join(str(problem) for problem in reader.problems))
    return tuple(reader.found.values())


class _Reader:
    """Goes through the cells and remembers names, what was seen and what is wrong."""

    def __init__(self, file: str, many: bool) -> None:
        self.file, self.many = file, many
        self.names = Names()
        self.problems: list[Problem] = []
        self.found: dict[str, Parameter] = {}
        self.places: dict[str, str] = {}  # where each was declared

    def read(self, number: int, source: str) -> None:
        """Take in a cell."""
        cell = f"parameters cell {number}" if self.many else "parameters cell"
        try:
            body = ast.parse(source).body
        except (SyntaxError, ValueError) as error:
            line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
            self.tell(cell + line, "", f"this is not valid Python: {error}")
            return
        self.names.learn(source)
        comments = _comments(source)
        for node in body:
            comment = comments.get(node.end_lineno or 0) or comments.get(node.lineno, "")
            if isinstance(node, ast.Assign | ast.AnnAssign) and (name := _target(node)):
                self.declare(f"{cell}, line {node.lineno}", name, node, comment)

    def declare(self, where: str, name: str, node: Assignment, comment: str) -> None:
        """Take in a line."""
        try:
            if name in self.found:
                raise ValueError(
                    f"it is assigned already ({self.places[name]}): give one of them another name"
                )
            if parameter := _parameter(name, node, comment, self.names):
                self.found[name], self.places[name] = parameter, where
                check_default(parameter)
        except ValueError as error:
            self.tell(where, name, str(error))

    def check_hiding(self) -> None:
        """A parameter ``date: date`` takes away the very name that values set from outside are made with."""
        kinds = (kind for parameter in self.found.values() for kind in parameter.kind.walk())
        makers = {kind.written.partition(".")[0] for kind in kinds}
        for name in self.found.keys() & makers:
            self.tell(self.places[name], name, f"it hides the type {name}: give it another name")

    def tell(self, where: str, name: str, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.file, where, name, "", message))


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ").rstrip() for t in tokens if t.type == tokenize.COMMENT}


def _target(node: Assignment) -> str:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""


def _parameter(name: str, node: Assignment, comment: str, names: Names) -> Parameter | None:
    if node.value is None:
        raise ValueError("it has no default: give it one, so that the notebook also runs by itself")
    default = _default(node.value, names)
    kind = _kind(node, default, names)
    before, semicolon, after = comment.partition(";")
    unit, meaning = (before.strip(), after.strip()) if semicolon or is_unit(comment) else ("", comment)
    return Parameter(name, kind, default, unit, meaning) if kind else None


def _kind(node: Assignment, default: object, names: Names) -> Kind | None:
    """Type by the annotation; by the default where there is none, or only ``list``, ``tuple`` or ``dict``."""
    stated = read_annotation(node.annotation, names) if isinstance(node, ast.AnnAssign) else None
    if stated and (stated.parts or stated.name not in CONTAINERS):
        return stated
    assert node.value is not None
    written = {CANONICAL[full]: name for full, name in _made_with(node.value, names)}
    if stated is None:
        return None if isinstance(default, Computed) else kind_of(default, written)
    seen = kind_of(default, written) if type(default) is CONTAINERS[stated.name] else None
    return replace(seen or kind_of(CONTAINERS[stated.name](), {}) or stated, optional=stated.optional)


def _made_with(node: ast.expr, names: Names) -> Iterator[tuple[str, str]]:
    """Full name, and name in the cell, of the types of days and decimals in a default."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            name = dotted(call.func).removesuffix(".fromisoformat")
            if names.resolve(name) in CANONICAL:
                yield names.resolve(name), name


class _NotPlainError(ValueError):
    """A value that is not written out."""


def _default(node: ast.expr, names: Names) -> Any:
    try:
        return _plain(node, names)
    except _NotPlainError:
        return Computed(ast.unparse(node))


def _plain(node: ast.expr, names: Names) -> Any:
    """Value that is written out: a literal, a day, a Decimal, or a list, tuple or dict of such."""
    match node:
        case ast.List():
            return [_plain(item, names) for item in node.elts]
        case ast.Tuple():
            return tuple(_plain(item, names) for item in node.elts)
        case ast.Dict() if None not in node.keys:
            pairs = zip(node.keys, node.values, strict=True)
            return {_plain(key or node, names): _plain(value, names) for key, value in pairs}
        case ast.Call():
            return _made(node, names)
    return _literal(node)


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError):
        raise _NotPlainError from None


def _made(node: ast.Call, names: Names) -> date | Decimal:
    """Make a day or a Decimal of literals; nothing else is ever called."""
    maker = MAKERS.get(names.resolve(dotted(node.func)))
    if maker is None:
        raise _NotPlainError
    given = [_literal(argument) for argument in node.args]
    named = {keyword.arg or "": _literal(keyword.value) for keyword in node.keywords}
    try:
        value: date | Decimal = maker(*given, **named)
    except (ValueError, TypeError, ArithmeticError) as error:
        reason = "it is no number" if isinstance(error, ArithmeticError) else str(error)
        raise ValueError(f"the default {ast.unparse(node)} cannot be: {reason}") from None
    if isinstance(value, Decimal) and not value.is_finite():
        raise _NotPlainError
    return value
