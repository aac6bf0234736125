"""Problems of a document as a whole, each with the place where it stands."""

from __future__ import annotations

Place = tuple[str | int, ...]
Placed = tuple[Place, str]


class PlacedError(ValueError):
    """Several things wrong with a document; ``problems`` holds the place and the message of each.

    >>> str(PlacedError([(("price", "id"), "used twice"), (("years",), "too long")]))
    'used twice; too long'
    """

    def __init__(self, problems: list[Placed] | tuple[Placed, ...]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(message for _, message in self.problems))
