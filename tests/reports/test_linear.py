"""The work of the gate grows with the length of what a cell shows, whatever that is: counted, not timed."""

import re
import sys

import pytest

from tests.reports.adversarial import PATTERNS, of_length
from tests.reports.counting import Counting
from vs_toolkit.reports import cleaning, contents
from vs_toolkit.reports import harmless as gate

MOST = 2.2  # times the work for twice the length
STEPS, CALLS = (300, 600), (50_000, 100_000)  # characters


@pytest.fixture
def counted(monkeypatch):
    """Every regular expression of the gate counts its steps."""
    for module, name in ((gate, "_TAG"), (gate, "_ONE_DECLARATION"), (cleaning, "_TAG"), (cleaning, "_PAIR")):
        monkeypatch.setattr(module, name, Counting(getattr(module, name)))
    monkeypatch.setattr(gate, "_ATTRIBUTE", {name: Counting(one) for name, one in gate._ATTRIBUTE.items()})
    patterns = {name: Counting(getattr(contents, name)) for name in ("ESCAPES", "ACTIVE", "IMAGE", "SOURCE")}

    class Expressions:
        DOTALL = re.DOTALL

        def sub(self, pattern, new, text, flags=0):
            known = patterns.setdefault(pattern, Counting(re.compile(pattern, flags)))
            return known.sub(new, text)

    monkeypatch.setattr(cleaning, "re", Expressions())

    def steps(markup):
        Counting.steps = len(markup)
        assert gate.is_harmless(gate.harmless(markup))
        for name in ("ESCAPES", "ACTIVE", "IMAGE", "SOURCE"):
            patterns[name].findall(markup)
        return Counting.steps

    return steps


def test_twice_the_length_takes_twice_the_steps_of_the_regular_expressions(counted):
    work = {pattern: [counted(of_length(pattern, length)) for length in STEPS] for pattern in PATTERNS}
    assert {pattern: more / less for pattern, (less, more) in work.items() if more > MOST * less} == {}


def calls(markup):
    """How many functions are called to clean it."""
    seen = [0]

    def count(frame, event, argument):
        seen[0] += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        gate.harmless(markup)
    finally:
        sys.setprofile(None)
    return seen[0] + 1000  # so that what is called once does not count


def test_twice_the_length_takes_twice_the_calls():
    work = {pattern: [calls(of_length(pattern, length)) for length in CALLS] for pattern in PATTERNS[::6]}
    assert {pattern: more / less for pattern, (less, more) in work.items() if more > MOST * less} == {}


def test_steps_that_grow_with_the_square_are_found():
    careless = Counting(re.compile("<!--.*?-->", re.DOTALL))
    work = []
    for length in STEPS:
        Counting.steps = 0
        careless.findall("<!--" * (length // 4))
        work.append(Counting.steps)
    assert work[1] > 3 * work[0]
