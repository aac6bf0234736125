"""Regular expressions matched in Python, step by step, so that their work can be counted instead of timed.

The same backtracking as in ``re``: a possessive or atomic part is decided once, anything else is tried again.
What is found is compared with what ``re`` finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from re import _constants as op
from re import _parser

ANY_CASE = {
    op.CATEGORY_SPACE: str.isspace,
    op.CATEGORY_DIGIT: str.isdigit,
    op.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
}


def accepts(kind, value) -> Callable[[str], bool] | None:
    """Test of one character; None for what is more than one."""
    if kind is op.LITERAL:
        return lambda char: ord(char) == value
    if kind is op.NOT_LITERAL:
        return lambda char: ord(char) != value
    if kind is op.ANY:
        return lambda char: True
    if kind is op.IN:
        allowed = {char for char in map(chr, range(256)) if _is_in(char, value)}
        return lambda char: char in allowed if char < "Ā" else _is_in(char, value)
    return None


def _is_in(char: str, items) -> bool:
    for kind, value in items:
        if kind is op.NEGATE:
            return not _is_in(char, items[1:])
        if (
            (kind is op.LITERAL and ord(char) == value)
            or (kind is op.RANGE and value[0] <= ord(char) <= value[1])
            or (kind is op.CATEGORY and ANY_CASE[value](char))
        ):
            return True
    return False


def _is_boundary(text: str, at: int) -> bool:
    before, after = (text[place : place + 1] if place >= 0 else "" for place in (at - 1, at))
    is_word = ANY_CASE[op.CATEGORY_WORD]
    return is_word(before) != is_word(after)


class Counting:
    """A compiled pattern that counts its steps in ``steps`` of its class."""

    steps = 0

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.real = pattern
        self.parts = [self._prepared(*one) for one in _parser.parse(pattern.pattern, pattern.flags)]

    def _prepared(self, kind, value):
        """A part as (kind, test of a character or None, value) with its own parts prepared."""
        if kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            least, most, body = value
            return kind, None, (least, most, [self._prepared(*one) for one in body])
        if kind is op.SUBPATTERN:
            return kind, None, [self._prepared(*one) for one in value[3]]
        if kind is op.BRANCH:
            return kind, None, [[self._prepared(*one) for one in branch] for branch in value[1]]
        if kind in (op.ASSERT, op.ASSERT_NOT):
            assert value[0] == 1, "looks ahead only"
            return kind, None, [self._prepared(*one) for one in value[1]]
        if kind is op.AT:
            assert value is op.AT_BOUNDARY
            return kind, None, None
        test = accepts(kind, value)
        assert test, f"not known here: {kind}"
        return kind, test, None

    def _ends(self, parts, text: str, at: int) -> Iterator[int]:
        """Where a match of these parts that begins at a place may end, the preferred end first."""
        if not parts:
            yield at
            return
        for end in self._part(*parts[0], text, at):
            yield from self._ends(parts[1:], text, end)

    def _part(self, kind, test, value, text: str, at: int) -> Iterator[int]:
        Counting.steps += 1
        if test:
            yield from [at + 1] * (at < len(text) and test(text[at]))
        elif kind is op.SUBPATTERN:
            yield from self._ends(value, text, at)
        elif kind is op.BRANCH:
            for branch in value:
                yield from self._ends(branch, text, at)
        elif kind in (op.ASSERT, op.ASSERT_NOT):
            found = next(self._ends(value, text, at), None) is not None
            yield from [at] * (found is (kind is op.ASSERT))
        elif kind is op.AT:
            yield from [at] * _is_boundary(text, at)
        else:
            yield from self._repeated(kind, *value, text, at)

    def _repeated(self, kind, least: int, most: int, body, text: str, at: int) -> Iterator[int]:
        places = [at]
        while kind is not op.MIN_REPEAT and len(places) <= most:
            end = next(self._ends(body, text, places[-1]), None)
            if end is None or end == places[-1]:
                break
            places.append(end)
        if kind is op.POSSESSIVE_REPEAT:
            yield from places[least:][-1:]
        elif kind is op.MAX_REPEAT:
            for place in reversed(places[least:]):
                Counting.steps += 1
                yield place
        else:
            number = 0
            while at is not None and number <= most:
                if number >= least:
                    yield at
                at, number = next(self._ends(body, text, at), None), number + 1

    def _count(self, text: str, found: list[re.Match[str]]) -> None:
        at, spans = 0, []
        while at <= len(text):
            end = next(self._ends(self.parts, text, at), None)
            spans += [] if end is None else [(at, end)]
            at = at + 1 if end is None or end == at else end
        assert spans == [match.span() for match in found], self.real.pattern

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        found = list(self.real.finditer(text))
        self._count(text, found)
        return iter(found)

    def findall(self, text: str) -> list:
        self._count(text, list(self.real.finditer(text)))
        return self.real.findall(text)

    def sub(self, new, text: str) -> str:
        self._count(text, list(self.real.finditer(text)))
        return self.real.sub(new, text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        next((end for end in self._ends(self.parts, text, 0) if end == len(text)), None)
        return self.real.fullmatch(text)
