"""Types a parameter may have, inferred from a value or matched to one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

SCALARS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
    "bool": (bool,),
    "date": (date,),
    "Decimal": (Decimal,),
}
CONTAINERS: dict[str, type] = {"list": list, "tuple": tuple, "dict": dict}
SUPPORTED = (
    'str, int, float, bool, date, Decimal, Literal["a", "b"], list[...], tuple[...], dict[str, ...] of '
    "these, or any of them with | None"
)


@dataclass(frozen=True)
class Kind:
    """Type of a parameter.

    ``name`` is a scalar, ``Literal``, ``list``, ``tuple`` or ``dict``; ``written`` is what the parameters
    cell calls a date or a Decimal (``dt.date``). ``parts`` are the types of items, for a dict of key and
    value; ``options`` the values of a Literal. An ``endless`` tuple has any number of items of one type.

    >>> print(Kind("dict", parts=(Kind("str"), Kind("float", optional=True))))
    dict[str, float | None]
    """

    name: str
    written: str = ""
    parts: tuple[Kind, ...] = ()
    options: tuple[Any, ...] = ()
    optional: bool = False
    endless: bool = False

    def __str__(self) -> str:
        inner = ", ".join([*map(str, self.parts), *(["..."] if self.endless else [])])
        named = f"{self.name}[{inner}]" if inner else self.name
        return f"{named} | None" if self.optional else named

    @property
    def leaves(self) -> tuple[Kind, ...]:
        """Types of the single values in it; of a dict those of its values, not of its keys."""
        parts = self.parts[1:] if self.name == "dict" else self.parts
        return tuple(leaf for part in parts for leaf in part.leaves) if self.parts else (self,)

    def walk(self) -> Iterator[Kind]:
        """Itself and every type within it."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def of_items(self, count: int) -> tuple[Kind, ...]:
        """Types of the items of a list or tuple of that many.

        Raises
        ------
        ValueError
            If it cannot have that many.
        """
        if self.name == "list" or self.endless:
            return self.parts * count
        if count != len(self.parts):
            raise ValueError(f"write {len(self.parts)} items, separated by commas, not {count}")
        return self.parts


def fits(kind: Kind, value: object) -> bool:
    """Whether a value is of that type; a whole number may stand for a float.

    >>> fits(Kind("float"), 2), fits(Kind("int"), True), fits(Kind("list", parts=(Kind("str"),)), ["a", 1])
    (True, False, False)
    """
    if value is None:
        return kind.optional
    if kind.name == "Literal":
        return any(type(option) is type(value) and option == value for option in kind.options)
    if kind.name in SCALARS:
        return type(value) in SCALARS[kind.name]
    return type(value) is CONTAINERS[kind.name] and _items_fit(kind, value)


def _items_fit(kind: Kind, value: Any) -> bool:
    if kind.name == "dict":
        key, item = kind.parts
        return all(fits(key, k) and fits(item, v) for k, v in value.items())
    try:
        return all(map(fits, kind.of_items(len(value)), value))
    except ValueError:
        return False


def kind_of(value: object, written: Mapping[str, str]) -> Kind | None:
    """Infer the type of a default that has no annotation; None where it says no single type.

    A None may become a text, an empty list takes texts, a tuple of one type may have any number of items.

    Parameters
    ----------
    value
        The default.
    written
        What the cell calls a ``date`` and a ``Decimal``.

    >>> print(kind_of([1, 2.5], {}), kind_of((1, "a"), {}), kind_of({"a": None}, {}), kind_of([1, "a"], {}))
    list[float] tuple[int, str] dict[str, str | None] None
    """
    if value is None:
        return Kind("str", optional=True)
    if maker := CONTAINER_KINDS.get(type(value)):
        return maker(value, written)
    name = type(value).__name__
    return Kind(name, written.get(name, "")) if name in SCALARS else None


def _list_kind(value: Sequence[object], written: Mapping[str, str]) -> Kind | None:
    item = _common(value, written)
    return Kind("list", parts=(item,)) if item else None


def _tuple_kind(value: Sequence[object], written: Mapping[str, str]) -> Kind | None:
    if item := _common(value, written):
        return Kind("tuple", parts=(item,), endless=True)
    parts = [kind_of(part, written) for part in value]
    return Kind("tuple", parts=tuple(part for part in parts if part)) if all(parts) else None


def _dict_kind(value: Mapping[object, object], written: Mapping[str, str]) -> Kind | None:
    key, item = _common([*value], written), _common([*value.values()], written)
    return Kind("dict", parts=(key, item)) if key and item else None


CONTAINER_KINDS: dict[type, Callable[[Any, Mapping[str, str]], Kind | None]] = {
    list: _list_kind,
    tuple: _tuple_kind,
    dict: _dict_kind,
}


def _common(values: Sequence[object], written: Mapping[str, str]) -> Kind | None:
    kinds = {kind_of(value, written) for value in values if value is not None} or {Kind("str")}
    if kinds == {Kind("int"), Kind("float")}:
        kinds = {Kind("float")}
    if len(kinds) > 1 or None in kinds:
        return None
    (kind,) = kinds
    assert kind is not None
    return replace(kind, optional=kind.optional or None in values)
