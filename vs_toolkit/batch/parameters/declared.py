"""The parameters that the parameters cells of a notebook declare; nothing of the cells is run."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from vs_toolkit.batch.parameters import units
from vs_toolkit.batch.parameters.types import (
    CONTAINERS,
    TYPES,
    Names,
    bare,
    dotted,
    inferred,
    read_type,
    spelled,
    walk,
)
from vs_toolkit.errors import ParameterError, Problem

MAKERS: dict[str, Callable[..., Any]] = {
    "datetime.date": date,
    "datetime.date.fromisoformat": date.fromisoformat,
    "decimal.Decimal": Decimal,
}
COMMAND = re.compile(r"^(\s*)(?:%|!|\w+\s*=\s*[%!]).*$", re.M)  # IPython's own lines, also x = %pwd
Assignment = ast.Assign | ast.AnnAssign


@dataclass(frozen=True)
class Computed:
    """A default that the cell computes, such as ``date.today()``."""

    source: str

    def __str__(self) -> str:
        return self.source


@dataclass(frozen=True)
class Parameter:
    """A name that the parameters cell assigns.

    ``kind`` is its type, ``names`` what the cell calls the types of dates and decimals (``dt.date``),
    ``fixed`` why it cannot be set from outside, empty if it can.
    """

    name: str
    kind: Any
    default: Any
    unit: str = ""
    meaning: str = ""
    names: Mapping[type, str] = field(default_factory=dict)
    fixed: str = ""

    @property
    def type(self) -> str:
        """Its type as an annotation."""
        return spelled(self.kind)

    @property
    def is_computed(self) -> bool:
        """Whether its default is computed by the cell."""
        return isinstance(self.default, Computed)

    @property
    def is_secret(self) -> bool:
        """Whether its value must not appear anywhere."""
        return self.unit == units.SECRET


def read_parameters(*cells: str, before: Sequence[str] = (), file: str = "") -> tuple[Parameter, ...]:
    """Read the parameters that the parameters cells of a notebook declare.

    Every annotated line is a parameter, and every other line that assigns a value whose type is clear. Other
    names that the cells assign are listed as ``fixed``, with the reason.

    Parameters
    ----------
    cells
        Texts of the parameters cells, in the order in which they run.
    before
        Texts of the cells that run before: their imports may be used.
    file
        Name of the notebook, for messages.

    Raises
    ------
    ParameterError
        If a cell is not valid Python, a type is not supported, a default does not fit its own type, range or
        choices, or a name is assigned twice; all problems at once, each with its line.

    >>> (draws,) = read_parameters("draws: int = 100  # 1..500; number of draws")
    >>> draws.type, draws.default, draws.unit, draws.meaning
    ('int', 100, '1..500', 'number of draws')
    """
    reader = _Reader(file, len(cells) > 1)
    for source in before:
        reader.learn(source)
    for number, cell in enumerate(cells, 1):
        reader.read(number, cell)
    reader.check_hiding()
    if reader.problems:
        raise ParameterError("\n".join(str(problem) for problem in reader.problems))
    return tuple(reader.found.values())


def plain_python(source: str) -> str:
    r"""Replace IPython's own lines, so that the text is Python with the same lines.

    >>> plain_python("%matplotlib inline\ndraws = 5")
    'pass\ndraws = 5'
    """
    return COMMAND.sub(r"\1pass", source)


class _Reader:
    """Goes through the cells and collects parameters and problems."""

    def __init__(self, file: str, many: bool) -> None:
        self.file, self.many = file, many
        self.names = Names()
        self.problems: list[Problem] = []
        self.found: dict[str, Parameter] = {}
        self.places: dict[str, str] = {}  # where each was declared

    def learn(self, source: str) -> None:
        """Take in the imports of a cell; one that is not Python teaches nothing."""
        try:
            self.names.learn(ast.parse(plain_python(source)).body)
        except SyntaxError:
            return

    def read(self, number: int, source: str) -> None:
        """Take in a parameters cell."""
        cell, source = f"parameters cell {number}" if self.many else "parameters cell", plain_python(source)
        try:
            body = ast.parse(source).body
        except (SyntaxError, ValueError) as error:
            line = f", line {error.lineno}" if isinstance(error, SyntaxError) else ""
            self.tell(cell + line, "", f"this is not valid Python: {getattr(error, 'msg', error)}")
            return
        self.names.learn(body)
        comments = _comments(source)
        for node in body:
            where = f"{cell}, line {node.lineno}"
            if isinstance(node, Assignment) and (name := target(node)):
                comment = comments.get(node.end_lineno or 0) or comments.get(node.lineno, "")
                self.declare(where, name, node, comment)
            else:
                self.fix(where, node)

    def declare(self, where: str, name: str, node: Assignment, comment: str) -> None:
        """Take in a line that assigns one name."""
        from vs_toolkit.batch.parameters.values import check_default

        try:
            if name in self.found:
                raise ValueError(f"it is already assigned ({self.places[name]}): rename one of them")
            self.places[name] = where
            self.found[name] = parameter = _parameter(name, node, comment, self.names)
            if not parameter.fixed:
                check_default(parameter)
        except ValueError as error:
            self.tell(where, name, str(error))

    def fix(self, where: str, node: ast.stmt) -> None:
        """Take in what else assigns names: a parameter that is changed again does not keep what is given."""
        for name in _assigned(node):
            earlier = self.found.get(name)
            what = f"it is assigned again ({where})" if earlier else f"{_form(node)} ({where})"
            reason = f"{what}; assign it once, on a line of its own"
            self.found[name] = Parameter(
                name, earlier and earlier.kind, earlier and earlier.default, fixed=reason
            )

    def check_hiding(self) -> None:
        """Refuse a parameter ``date: date``: it hides the name that values set from outside are made with."""
        settable = [parameter for parameter in self.found.values() if not parameter.fixed]
        makers = {
            written.partition(".")[0]
            for parameter in settable
            for kind, written in parameter.names.items()
            if kind in walk(parameter.kind)
        }
        for name in self.found.keys() & makers:
            self.tell(self.places.get(name, ""), name, f"it hides the type {name}: rename it")

    def tell(self, where: str, name: str, text: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.file, where, name, "", text))


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ").rstrip() for t in tokens if t.type == tokenize.COMMENT}


def target(node: Assignment) -> str:
    """Return the name that a line assigns; empty if it is more than one, or none."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else ""


def _assigned(node: ast.stmt) -> Iterator[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id


def _form(node: ast.stmt) -> str:
    if isinstance(node, ast.Assign):
        return "several names are assigned at once"
    return "it is assigned within another statement"


def _parameter(name: str, node: Assignment, comment: str, names: Names) -> Parameter:
    if node.value is None:
        raise ValueError("it has no default; add one, so that the notebook also runs on its own")
    default = _default(node.value, names)
    unit, meaning = units.split(comment)
    kind = _kind(node, default, names)
    if kind is None and isinstance(default, Computed):
        return Parameter(name, None, default, fixed="it is computed; annotate it with a type to set it")
    if kind is None:
        return Parameter(name, None, default, fixed="its type is not clear; annotate it")
    return Parameter(name, kind, default, unit, meaning, _written(node, names))


def _kind(node: Assignment, default: object, names: Names) -> Any:
    """Type by the annotation; by the default where there is none, or only ``list``, ``tuple`` or ``dict``."""
    stated = read_type(node.annotation, names) if isinstance(node, ast.AnnAssign) else None
    if stated is None:
        return None if isinstance(default, Computed) else inferred(default)
    container, optional = bare(stated)
    if container not in CONTAINERS:
        return stated
    seen = inferred(default) if type(default) is container else inferred(container())
    return (seen | None if optional else seen) or stated


def _written(node: Assignment, names: Names) -> dict[type, str]:
    """Return what the line calls the types of dates and decimals, by its default and its annotation."""
    parts: list[ast.AST] = [node.value] if node.value else []
    if isinstance(node, ast.AnnAssign):
        quoted = node.annotation.value if isinstance(node.annotation, ast.Constant) else None
        parts.append(ast.parse(quoted) if isinstance(quoted, str) else node.annotation)
    written: dict[type, str] = {date: "date", Decimal: "Decimal"}
    for inner in (inner for part in parts for inner in ast.walk(part)):
        name = dotted(inner).removesuffix(".fromisoformat") if isinstance(inner, ast.expr) else ""
        if (kind := TYPES.get(names.resolve(name))) in written:
            written[kind] = name
    return written


class _NotPlainError(ValueError):
    """A value that is not written out."""


def _default(node: ast.expr, names: Names) -> Any:
    try:
        return _plain(node, names)
    except _NotPlainError:
        return Computed(ast.unparse(node))


def _plain(node: ast.expr, names: Names) -> Any:
    """Value that is written out: a literal, a date, a Decimal, or a list, tuple or dict of such."""
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
    """Make a date or a Decimal of literals; nothing else is ever called."""
    maker = MAKERS.get(names.resolve(dotted(node.func)))
    if maker is None:
        raise _NotPlainError
    given = [_literal(argument) for argument in node.args]
    named = {keyword.arg or "": _literal(keyword.value) for keyword in node.keywords}
    try:
        value: date | Decimal = maker(*given, **named)
    except (ValueError, TypeError, ArithmeticError) as error:
        reason = "not a number" if isinstance(error, ArithmeticError) else str(error)
        raise ValueError(f"the default {ast.unparse(node)} is invalid: {reason}") from None
    if isinstance(value, Decimal) and not value.is_finite():
        raise _NotPlainError
    return value
