"""Reads the type that an annotation of the parameters cell names, by the names that the cell imports."""

from __future__ import annotations

import ast
from dataclasses import replace

from vs_toolkit.batch.parameters.kinds import CONTAINERS, SCALARS, SUPPORTED, Kind

USUAL = {
    "date": "datetime.date",
    "Decimal": "decimal.Decimal",
    "Literal": "typing.Literal",
    "Optional": "typing.Optional",
    "Union": "typing.Union",
}
CANONICAL = {"datetime.date": "date", "decimal.Decimal": "Decimal"}


class Names:
    """What the names in a cell stand for: the usual ones, and those it imports.

    >>> names = Names()
    >>> names.learn("import datetime as dt")
    >>> names.resolve("dt.date"), names.resolve("date"), names.resolve("float")
    ('datetime.date', 'datetime.date', 'float')
    """

    def __init__(self) -> None:
        self._known = dict(USUAL)

    def learn(self, source: str) -> None:
        """Take in the imports of a cell; one that is not plain Python (``%matplotlib``) teaches nothing."""
        try:
            body = ast.parse(source).body
        except SyntaxError:
            return
        for node in body:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self._import(node)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        inside = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            full = f"{inside}{alias.name}"
            self._known[alias.asname or alias.name] = full.replace("typing_extensions.", "typing.")

    def resolve(self, name: str) -> str:
        """Full name that a name in the cell stands for."""
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


def read_annotation(node: ast.expr, names: Names) -> Kind:
    """Read the type that an annotation names; a bare ``list`` is one without parts.

    Raises
    ------
    ValueError
        If it is none that can be set from outside.

    >>> print(read_annotation(ast.parse("dict[str, list[date | None]]", mode="eval").body, Names()))
    dict[str, list[date | None]]
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return read_annotation(_parsed(node.value), names)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _union([node.left, node.right], names)
    if isinstance(node, ast.Subscript):
        return _subscript(node, names)
    name = names.resolve(dotted(node))
    name = CANONICAL.get(name, name)
    if name in SCALARS:
        return Kind(name, dotted(node) if name in CANONICAL.values() else "")
    if name.removeprefix("typing.").lower() in CONTAINERS:
        return Kind(name.removeprefix("typing.").lower())
    raise _unknown(node)


def _parsed(text: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        raise ValueError(f"{text!r} is no type; those that can be set from outside are {SUPPORTED}") from None


def _unknown(node: ast.expr) -> ValueError:
    return ValueError(
        f"{ast.unparse(node)} is no type that can be set from outside; those are {SUPPORTED}. "
        "What is not to be set belongs into another cell"
    )


def _union(members: list[ast.expr], names: Names) -> Kind:
    kinds = [read_annotation(member, names) for member in members if not _is_none(member)]
    if len(kinds) != 1:
        text = " | ".join(map(ast.unparse, members))
        raise ValueError(f"{text} is more than one type; write one of them, or one of them with | None")
    return replace(kinds[0], optional=kinds[0].optional or len(members) > 1)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _subscript(node: ast.Subscript, names: Names) -> Kind:
    inner = [*node.slice.elts] if isinstance(node.slice, ast.Tuple) else [node.slice]
    name = names.resolve(dotted(node.value))
    if name == "typing.Literal":
        return _literal(node, inner)
    if name in ("typing.Optional", "typing.Union"):
        return _union([*inner, *([ast.Constant(None)] if name == "typing.Optional" else [])], names)
    return _container(name.removeprefix("typing.").lower(), node, inner, names)


def _literal(node: ast.Subscript, inner: list[ast.expr]) -> Kind:
    values = [member.value for member in inner if isinstance(member, ast.Constant)]
    options = tuple(value for value in values if isinstance(value, str | int))
    if len(options) + values.count(None) < len(inner) or not options:
        raise ValueError(
            f"{ast.unparse(node)} is not understood: write its choices as texts or whole numbers"
        )
    return Kind("Literal", options=options, optional=None in values)


def _container(name: str, node: ast.Subscript, inner: list[ast.expr], names: Names) -> Kind:
    endless = name == "tuple" and len(inner) == 2 and _is_ellipsis(inner[1])
    parts = tuple(read_annotation(part, names) for part in (inner[:1] if endless else inner))
    count = {"list": 1, "dict": 2, "tuple": len(parts)}.get(name)
    if len(parts) != count:
        raise _unknown(node)
    if bare := [part for part in parts if part.name in CONTAINERS and not part.parts]:
        raise ValueError(f"{ast.unparse(node)} does not say of what: write {bare[0]}[...]")
    return Kind(name, parts=parts, endless=endless)


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...
