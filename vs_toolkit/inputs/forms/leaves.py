"""What a model asks for, field by field, as cells and sheets of a form: new fields appear by themselves."""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from inspect import getdoc
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from vs_toolkit.inputs.fields import FRACTION, Estimate, described, marks

Path = tuple[str, ...]
SCALARS: dict[Any, str] = {str: "text", float: "number", int: "whole number", bool: "yes or no", date: "date",
                           datetime: "time"}  # fmt: skip


@dataclass(frozen=True)
class Leaf:
    """One field that is filled in: its path below the item, its kind, and what to say of it.

    ``kind`` is a word of ``SCALARS``, ``fraction``, ``choice``, ``estimate`` (low, expected, high) or
    ``list``.
    """

    path: Path
    kind: str
    required: bool
    note: str = ""
    choices: tuple[str, ...] = ()
    text: bool = False  # a number that was typed here is meant as text

    @property
    def key(self) -> str:
        """Name of the field in the form, such as ``evidence.kind``."""
        return ".".join(self.path)

    @property
    def title(self) -> str:
        """Name of the field for a reader."""
        words = " – ".join(part.replace("_", " ") for part in self.path)
        return words[0].upper() + words[1:]


@dataclass(frozen=True)
class Block:
    """A list of items of one kind (a sheet of its own), or named items (``named``: the name stands first)."""

    path: Path
    leaves: tuple[Leaf, ...]
    named: bool = False
    note: str = ""

    @property
    def key(self) -> str:
        """Name of the list in the form, such as ``provider.costs``."""
        return ".".join(self.path)

    @property
    def title(self) -> str:
        """Name of its sheet."""
        return " ".join(part.replace("_", " ") for part in self.path).capitalize()[:31]


def leaves(model: type[BaseModel], prefix: Path = (), required: bool = True) -> Iterator[Leaf | Block]:
    """Fields of a model and of the models inside it; lists of models as blocks.

    >>> from vs_toolkit.inputs.tables import TABLES
    >>> [leaf.key for leaf in leaves(TABLES["people"])]
    ['person_id', 'name', 'unit', 'team', 'role']
    """
    said = described(model)
    for name, field in model.model_fields.items():
        yield from _field((*prefix, name), field, said.get(name, ""), required and field.is_required())


def _field(path: Path, field: FieldInfo, note: str, required: bool) -> Iterator[Leaf | Block]:
    kinds = options(field.annotation)
    models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]
    if any(issubclass(kind, Estimate) for kind in models):
        yield Leaf(path, "estimate", required, note)
    elif models:
        yield from leaves(models[0], path, required)
    elif get_origin(kinds[0]) is tuple:
        yield from _listed(path, get_args(kinds[0])[0], note, required)
    elif get_origin(kinds[0]) is dict:
        yield from _named(path, get_args(kinds[0])[1], note)
    elif get_origin(kinds[0]) is Literal:
        yield Leaf(path, "choice", required, note, tuple(map(str, get_args(kinds[0]))))
    else:
        word = FRACTION if FRACTION in marks(field) else SCALARS.get(kinds[0], "text")
        yield Leaf(path, word, required, note, text=word == "text")


def options(annotation: Any) -> list[Any]:
    """Types that a field may have, without marks and None.

    >>> options(Annotated[int, "mark"] | None), options(tuple[int, ...])
    ([<class 'int'>], [tuple[int, ...]])
    """
    if get_origin(annotation) is Annotated:
        return options(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return [kind for part in get_args(annotation) for kind in options(part) if kind is not type(None)]
    return [annotation]


def _listed(path: Path, item: Any, note: str, required: bool) -> Iterator[Leaf | Block]:
    models = [kind for kind in options(item) if isinstance(kind, type) and issubclass(kind, BaseModel)]
    if not models or issubclass(models[0], Estimate):
        yield Leaf(path, "list", required, note, text=not models and options(item)[0] is str)
        return
    found: dict[str, Leaf] = {}
    for model in models:
        for leaf in leaves(model):
            if isinstance(leaf, Leaf):
                known = found.get(leaf.key)
                choices = (*known.choices, *leaf.choices) if known else leaf.choices
                found[leaf.key] = Leaf(leaf.path, leaf.kind, leaf.required, leaf.note, choices, leaf.text)
    yield Block(path, tuple(found.values()), note=note or _first_line(models[0]))


def _named(path: Path, item: Any, note: str) -> Iterator[Block]:
    """Named numbers: the name, the number with its range, and what else is said of it."""
    (model,) = options(item)
    inner = [
        leaf
        for leaf in leaves(model)
        if isinstance(leaf, Leaf) and leaf.path[0] not in ("low", "expected", "high")
    ]
    inner = [leaf for leaf in inner if leaf.path[0] != "evidence"]
    yield Block(path, (Leaf((), "estimate", True), *inner), named=True, note=note)


def _first_line(model: type[BaseModel]) -> str:
    return (getdoc(model) or "").partition("\n")[0]
