"""Parameters are read from the cell, converted from text and refused with a reason before anything runs."""

from datetime import date
from decimal import Decimal

import pytest

from vs_toolkit.batch import parameters
from vs_toolkit.errors import ParameterError

CELL = """\
customer: str = "C001"  # customer id
as_of: str = "2026-06-30"  # date; the day from which everything is seen
edition: str = "internal"  # internal | customer
wacc: float = 0.09  # fraction per year; cost of capital
draws: int = 20_000  # 100..1_000_000; how many worlds are drawn
quick: bool = False  # leave out the slow part
regions: list[str] = []  # names; empty for all
weights: list[float] = [0.5]  # fraction; one a region
unit: str | None = None  # sales unit
plain = 3
computed = 3 * plain
"""
DECLARED = {p.name: p for p in parameters.read_parameters(CELL)}


def test_the_cell_says_type_default_unit_and_meaning():
    assert [*DECLARED] == [
        "customer",
        "as_of",
        "edition",
        "wacc",
        "draws",
        "quick",
        "regions",
        "weights",
        "unit",
        "plain",
    ]
    assert DECLARED["wacc"] == parameters.Parameter(
        "wacc", "float", 0.09, "fraction per year", "cost of capital"
    )
    assert DECLARED["customer"].meaning == "customer id"
    assert DECLARED["plain"].type == "int"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("as_of", "2026-01-31", "2026-01-31"),
        ("as_of", date(2026, 1, 31), "2026-01-31"),
        ("edition", "customer", "customer"),
        ("wacc", "8%", 0.08),
        ("wacc", "0.1", 0.1),
        ("wacc", Decimal("0.125"), 0.125),
        ("draws", "100_000", 100_000),
        ("draws", 5e3, 5000),
        ("quick", "Yes", True),
        ("quick", False, False),
        ("regions", "north, south", ["north", "south"]),
        ("regions", "", []),
        ("weights", ["10%", 0.25], [0.1, 0.25]),
        ("unit", "none", None),
        ("unit", "West", "West"),
    ],
)
def test_values_become_what_the_notebook_expects(name, text, value):
    converted = parameters.convert(DECLARED[name], text)
    assert converted == value and type(converted) is type(value)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("as_of", "31.1.2026", r"as_of: write a day as YYYY-MM-DD \(found: 31.1.2026\)"),
        ("edition", "customr", "did you mean 'customer'"),
        ("wacc", "8", "8 would be 800 %; write 0.08 or 8%"),
        ("wacc", "0,09", "with a decimal point"),
        ("wacc", "nan", "finite"),
        ("draws", "oops", "write a number"),
        ("draws", "1.5", "whole number"),
        ("draws", "5", r"must lie in 100..1_000_000"),
        ("quick", "maybe", "true or false"),
        ("weights", "0.2, x", "write a number"),
        ("weights", 3, "write a list"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(name, text, reason):
    with pytest.raises(ParameterError, match=reason):
        parameters.convert(DECLARED[name], text)


def test_all_problems_are_told_at_once():
    with pytest.raises(ParameterError) as caught:
        parameters.check(tuple(DECLARED.values()), {"custmer": "C1", "draws": "x", "quick": "true"})
    assert str(caught.value).splitlines() == [
        "there is no parameter 'custmer'; did you mean 'customer'?",
        "draws: write a number (found: x)",
    ]


def test_a_cell_that_is_not_python_is_refused():
    with pytest.raises(ParameterError, match="not valid Python"):
        parameters.read_parameters("draws: int = = 3")
