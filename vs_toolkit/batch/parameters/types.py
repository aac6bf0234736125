"""Types of parameters: named by an annotation (looked up, never evaluated) or inferred from a default."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Literal, Optional, Union, get_args, get_origin

SCALARS = (str, int, float, bool, date, Decimal)
CONTAINERS = (list, tuple, dict)
TYPES: dict[str, Any] = {
    **{kind.__name__: kind for kind in (str, int, float, bool, *CONTAINERS)},
    **{f"typing.{kind.__name__.title()}": kind for kind in CONTAINERS},
    "datetime.date": date,
    "decimal.Decimal": Decimal,
    "typing.Literal": Literal,
    "typing.Optional": Optional,
    "typing.Union": Union,
}
USUAL = {name.rpartition(".")[2]: name for name in TYPES if "." in name and not name.startswith("typing.L")}
USUAL |= {"Literal": "typing.Literal"}
SUPPORTED = (
    'str, int, float, bool, date, Decimal, Literal["a", "b"], list[...], tuple[...], dict[str, ...] of '
    "these, or any of them with | None"
)


class Names:
    """Meaning of the names in a cell: the usual ones, and those it imports.

    >>> names = Names()
    >>> names.learn(ast.parse("import datetime as dt").body)
    >>> names.resolve("dt.date"), names.resolve("date"), names.resolve("float")
    ('datetime.date', 'datetime.date', 'float')
    """

    def __init__(self) -> None:
        self._known = dict(USUAL)

    def learn(self, body: Iterable[ast.stmt]) -> None:
        """Add the names that statements import."""
        for node in body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                inside = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
                for alias in node.names:
                    full = f"{inside}{alias.name}".replace("typing_extensions.", "typing.")
                    self._known[alias.asname or alias.name] = full

    def resolve(self, name: str) -> str:
        """Return the full name behind a name in the cell."""
        root, dot, rest = name.partition(".")
        return f"{self._known.get(root, root)}{dot}{rest}"


def dotted(node: ast.expr) -> str:
    """Write a name or attribute as text; empty for anything else.

    >>> dotted(ast.parse("dt.date", mode="eval").body), dotted(ast.parse("f()", mode="eval").body)
    ('dt.date', '')
    """
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (inner := dotted(node.value)):
        return f"{inner}.{node.attr}"
    return ""


def read_type(node: ast.expr, names: Names) -> Any:
    """Return the type that an annotation names; a bare ``list`` is one without parts.

    Raises
    ------
    ValueError
        If parameters cannot have it.

    >>> spelled(read_type(ast.parse("dict[str, list[date | None]]", mode="eval").body, Names()))
    'dict[str, list[date | None]]'
    """
    match node:
        case ast.Constant(value=None):
            return NoneType
        case ast.Constant(value=str(text)):
            return read_type(_parsed(text), names)
        case ast.BinOp(op=ast.BitOr()):
            return _one(node, [read_type(side, names) for side in (node.left, node.right)])
        case ast.Subscript():
            return _subscript(node, names)
    found = TYPES.get(names.resolve(dotted(node)))
    if found in (*SCALARS, *CONTAINERS):
        return found
    raise _unknown(node)


def _parsed(text: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        raise ValueError(f"{text!r} is not a type; supported types: {SUPPORTED}") from None


def _unknown(node: ast.expr) -> ValueError:
    return ValueError(
        f"{ast.unparse(node)} is not supported for parameters; supported types: {SUPPORTED}. "
        "Move what cannot be set to another cell"
    )


def _one(node: ast.expr, members: list[Any]) -> Any:
    kinds = {inner for member in members for inner in _members(member)} - {NoneType}
    if len(kinds) != 1:
        raise ValueError(f"{ast.unparse(node)} is more than one type; write one, or one with | None")
    (kind,) = kinds
    return Optional[kind] if NoneType in {m for member in members for m in _members(member)} else kind  # noqa: UP045


def _members(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _subscript(node: ast.Subscript, names: Names) -> Any:
    outer: Any = TYPES.get(names.resolve(dotted(node.value)))
    inner = [*node.slice.elts] if isinstance(node.slice, ast.Tuple) else [node.slice]
    if outer is Literal:
        return _literal(node, inner)
    endless = (
        outer is tuple and len(inner) == 2 and isinstance(inner[1], ast.Constant) and inner[1].value is ...
    )
    parts = [read_type(part, names) for part in (inner[:1] if endless else inner)]
    if outer in (Optional, Union):
        return _one(node, [*parts, *([NoneType] if outer is Optional else [])])
    if len(parts) != {list: 1, dict: 2, tuple: len(parts)}.get(outer) or NoneType in parts:
        raise _unknown(node)
    if bare := [part for part in parts if part in CONTAINERS]:
        raise ValueError(f"{ast.unparse(node)} is incomplete: write {bare[0].__name__}[...]")
    return outer[(*parts, ...) if endless else tuple(parts)]


def _literal(node: ast.Subscript, inner: list[ast.expr]) -> Any:
    values = [member.value for member in inner if isinstance(member, ast.Constant)]
    if len(values) < len(inner) or not all(isinstance(value, str | int | None) for value in values):
        raise ValueError(f"{ast.unparse(node)}: write the choices as texts or whole numbers")
    return Literal[tuple(values)]


def bare(kind: Any) -> tuple[Any, bool]:
    """Return a type without its ``| None``, and whether it had one."""
    members = [member for member in _members(kind) if member is not NoneType]
    return members[0], len(members) < len(_members(kind))


def leaves(kind: Any) -> Iterator[Any]:
    """Go through the types of the single values; of a dict those of its values."""
    inner, _ = bare(kind)
    if get_origin(inner) in CONTAINERS:
        parts = [part for part in get_args(inner) if part is not ...]
        for part in parts[1:] if get_origin(inner) is dict else parts:
            yield from leaves(part)
    else:
        yield inner


def walk(kind: Any) -> Iterator[Any]:
    """Go through a type and every type within it."""
    yield kind
    for part in get_args(kind):
        if get_origin(kind) is not Literal and part not in (NoneType, ...):
            yield from walk(part)


def spelled(kind: Any) -> str:
    """Write a type as an annotation."""
    inner, optional = bare(kind)
    name = getattr(inner, "__name__", "")
    if origin := get_origin(inner):
        parts = ", ".join(
            "..." if part is ... else spelled(part) for part in get_args(inner) if origin is not Literal
        )
        name = f"{origin.__name__}[{parts}]" if origin is not Literal else "Literal"
        optional = optional or (origin is Literal and None in get_args(inner))
    return f"{name} | None" if optional else name


def inferred(value: object) -> Any:
    """Infer the type of a default without annotation; None if it has no single type.

    A None may become a text, an empty list takes texts, a tuple of one type may have any number of items.

    >>> spelled(inferred([1, 2.5])), spelled(inferred((1, "a"))), inferred([1, "a"])
    ('list[float]', 'tuple[int, str]', None)
    """
    if value is None:
        return Optional[str]  # noqa: UP045
    if isinstance(value, dict):
        parts = _common(value), _common(value.values())
        return dict.__class_getitem__(parts) if all(parts) else None
    if isinstance(value, list | tuple) and (item := _common(value)):
        return (
            list.__class_getitem__(item) if isinstance(value, list) else tuple.__class_getitem__((item, ...))
        )
    if isinstance(value, tuple):
        parts = tuple(inferred(part) for part in value)
        return tuple.__class_getitem__(parts) if all(parts) else None
    return type(value) if type(value) in SCALARS else None


def _common(values: Iterable[object]) -> Any:
    values = list(values)
    kinds = {inferred(value) for value in values if value is not None} or {str}
    if kinds == {int, float}:
        kinds = {float}
    if len(kinds) > 1 or None in kinds:
        return None
    (kind,) = kinds
    return Optional[kind] if None in values else kind  # noqa: UP045
