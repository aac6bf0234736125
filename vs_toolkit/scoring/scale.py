"""A scale: what is scored, what each score means, how much it weighs. A YAML document that a user edits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field, ValidationError, field_validator, model_validator

from vs_toolkit.errors import InputError, Problem
from vs_toolkit.inputs.cases.document import Document, decode, parse
from vs_toolkit.inputs.cases.documents import problems_of
from vs_toolkit.inputs.fields import Id, Model, Number, Share, Text
from vs_toolkit.inputs.wording import did_you_mean
from vs_toolkit.shipped import shipped

LOWEST, HIGHEST = 0.0, 100.0
Score = Annotated[Number, Field(ge=LOWEST, le=HIGHEST)]


class Element(Model):
    """One thing that is scored, or a group of them; its weight counts among those beside it."""

    id: Id
    """Key of the element, once in the scale, as in the table ``assessments``."""
    title: Text
    """Name on the page."""
    weight: Annotated[Number, Field(gt=0)] = 1.0
    """Weight relative to the elements beside it."""
    scale: dict[Score, Text] | None = None
    """What each score means: score -> text."""
    points: tuple[tuple[Number, Score], ...] | None = None
    """For a measured element: pairs of value and score, straight lines between, level beyond the ends."""
    unit: Text | None = None
    """Unit of the measured value: a currency, share, years ..."""
    elements: tuple[Element, ...] = ()
    """Elements that this one is made of."""

    @model_validator(mode="after")
    def _one_kind(self) -> Element:
        given = [self.scale is not None, self.points is not None, bool(self.elements)]
        if sum(given) != 1:
            raise ValueError("give one of: scale (score: text), points (value, score), elements")
        return self

    @field_validator("scale")
    @classmethod
    def _two_texts(cls, scale: dict[float, str] | None) -> dict[float, str] | None:
        if scale is not None and len(scale) < 2:
            raise ValueError("give the text of at least two scores")
        return scale

    @field_validator("points")
    @classmethod
    def _ascending(cls, points: tuple[tuple[float, float], ...] | None) -> Any:
        if points is not None and (len(points) < 2 or any(b[0] <= a[0] for a, b in pairwise(points))):
            raise ValueError("give at least two points, by ascending value")
        return points

    def score_of(self, value: float) -> float:
        """Score of a measured value, on straight lines between the points.

        Raises
        ------
        ValueError
            When the element is not a measured one.

        >>> share = Element(id="share", title="Customer share", points=((0, 0), (0.5, 100)))
        >>> share.score_of(0.2), share.score_of(0.9)
        (40.0, 100.0)
        """
        if self.points is None:
            raise ValueError(f"{self.id} has no points: it is answered with a score")
        values, scores = zip(*self.points, strict=True)
        return float(np.interp(value, values, scores))

    def text_of(self, score: float) -> str:
        """Text of the nearest score of the scale (the lower one halfway); empty for a measured element.

        >>> Element(id="x", title="X", scale={0: "nobody", 100: "all"}).text_of(80)
        'all'
        """
        texts = self.scale or {}
        return texts[min(sorted(texts), key=lambda known: abs(known - score))] if texts else ""


@dataclass(frozen=True)
class Leaf:
    """An element that is answered: its share of all weight, and the group at the top that it belongs to."""

    element: Element
    weight: float
    group: str


class Scale(Model):
    """Elements with their weights, and the classes of the total."""

    name: Id
    """Key of the scale, as in the table ``assessments``; the file bears it."""
    title: Text
    """Name on the page."""
    elements: Annotated[tuple[Element, ...], Field(min_length=1)]
    """What is scored."""
    classes: dict[Text, Score] = Field(default_factory=dict)
    """Class -> lowest total that belongs to it, ascending from 0."""
    weight_range: Share = 0.3
    """How much higher or lower each weight may plausibly be, as a share of itself."""

    @field_validator("classes")
    @classmethod
    def _from_zero(cls, classes: dict[str, float]) -> dict[str, float]:
        limits = list(classes.values())
        if limits and (limits[0] != LOWEST or any(b <= a for a, b in pairwise(limits))):
            raise ValueError("write classes from the lowest (at 0) to the highest")
        return classes

    @cached_property
    def leaves(self) -> dict[str, Leaf]:
        """Elements that are answered, by id; their weights add up to 1."""
        total = sum(element.weight for element in self.elements)
        return {
            leaf.element.id: leaf
            for top in self.elements
            for leaf in _leaves(top, top.weight / total, top.id)
        }

    def class_of(self, value: float) -> str:
        """Class that a total belongs to; empty without classes or without a value.

        >>> scale = Scale(name="s", title="S", classes={"normal": 0, "key": 60},
        ...               elements=(Element(id="x", title="X", points=((0, 0), (1, 100))),))
        >>> scale.class_of(59.9), scale.class_of(60)
        ('normal', 'key')
        """
        below = [name for name, lowest in self.classes.items() if value >= lowest - 1e-9]
        return below[-1] if below else ""


def _leaves(element: Element, weight: float, group: str) -> Iterator[Leaf]:
    if not element.elements:
        yield Leaf(element, weight, group)
    total = sum(inner.weight for inner in element.elements)
    for inner in element.elements:
        yield from _leaves(inner, weight * inner.weight / total, group)


def read_scale(path: str | Path) -> Scale:
    """Read a scale from its YAML file.

    Raises
    ------
    InputError
        With every problem of the file, each with its line and what would be right.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise InputError([Problem(str(path), "", "", "", f"cannot be read: {error.strerror}")]) from None
    return load_scale(decode(content, str(path)), str(path))


def load_scale(text: str, file: str) -> Scale:
    """Check the text of a scale; raises InputError with every problem and its line."""
    document = parse(text, file)
    try:
        scale = Scale.model_validate(document.data)
    except ValidationError as error:
        raise InputError(problems_of(error, Scale, document)) from None
    if doubles := list(_double_ids(scale.elements, document)):
        raise InputError(doubles)
    return scale


def _double_ids(elements: tuple[Element, ...], document: Document) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for name, path in _ids(elements, ()):
        line = document.locate(path)[1]
        if name in seen:
            yield document.problem(path, f"stands twice, first on line {seen[name]}; keep one", name)
        seen.setdefault(name, line)


def _ids(
    elements: tuple[Element, ...], path: tuple[str | int, ...]
) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    for place, element in enumerate(elements):
        here = (*path, "elements", place)
        yield element.id, (*here, "id")
        yield from _ids(element.elements, here)


@cache
def scale_named(name: str) -> Scale:
    """Scale of that name in ``templates/scales``, as the user has edited it.

    Raises
    ------
    InputError
        For a file with problems.
    LookupError
        When there is none of that name.

    >>> scale_named("relationship_value").title
    'Relationship value index'
    """
    files = {path.stem: path for path in sorted(shipped("templates", "scales").glob("*.yaml"))}
    if name not in files:
        raise LookupError(f"no scale {name!r}; {did_you_mean(name, files)}")
    return read_scale(files[name])
