"""Values become what the notebook expects, by the type its cell states, or are refused with a reason."""

from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from vs_toolkit.batch import parameters
from vs_toolkit.batch.parameters import read_parameters
from vs_toolkit.errors import ParameterError
from vs_toolkit.inputs.wording import NUMBER

CELL = """\
import datetime
from datetime import date
from decimal import Decimal
from typing import Literal, Optional
customer: str = "C001"  # customer id
as_of: str = "2026-06-30"  # date; the later data is ignored
edition: str = "internal"  # internal | customer
wacc: float = 0.09  # fraction per year; cost of capital
draws: int = 20_000  # 100..1_000_000; how many worlds are drawn
quick: bool = False  # leave out the slow part
start: date = date(2026, 1, 1)  # 2020-01-01..2030-12-31; first day
end: datetime.date = datetime.date.fromisoformat("2026-12-31")
price: Decimal = Decimal("1.50")  # 0.. EUR; before discounts
share: Decimal = Decimal("0.2")  # fraction
audience: Literal["board", "plant"] = "board"
level: Literal[1, 2, 3] = 2
rating: int = 3  # 1 | 3 | 5
regions: list[str] = []  # names; empty for all
weights: list[float] = [0.5]  # fraction; one a region
days: list[date] = []
prices: list[Decimal] = []
shown: list[Literal["cost", "value"]] = ["value"]
unit: str | None = None  # sales unit
target: Optional[float] = None  # 0..100
months: list[int | None] = [1, None]
band: tuple[float, float] = (0.1, 0.9)  # fraction
years: tuple[int, ...] = (2024, 2025)
milestone: tuple[str, date] = ("order", date(2026, 1, 1))
mix: dict[str, float] = {"north": 1.0}  # fraction
by_year: dict[int, Decimal] = {}
by_day: dict[date, str] = {}
spans: list[tuple[int, int]] = []
nested: dict[str, list[int]] = {}
"""
DECLARED = {p.name: p for p in read_parameters(CELL)}


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("customer", " as it is ", " as it is "),
        ("customer", "", ""),
        ("customer", 17, "17"),
        ("as_of", "2026-01-31", "2026-01-31"),
        ("as_of", date(2026, 1, 31), "2026-01-31"),
        ("edition", "customer", "customer"),
        ("wacc", "8%", 0.08),
        ("wacc", "0.1", 0.1),
        ("wacc", Decimal("0.125"), 0.125),
        ("wacc", "-1", -1.0),
        ("draws", "100_000", 100_000),
        ("draws", 5e3, 5000),
        ("quick", "Yes", True),
        ("quick", False, False),
        ("start", "2026-06-30", date(2026, 6, 30)),
        ("start", date(2030, 12, 31), date(2030, 12, 31)),
        ("end", "2026-06-30", date(2026, 6, 30)),
        ("end", pd.Timestamp("2026-06-30"), date(2026, 6, 30)),
        ("draws", np.int64(5000), 5000),
        ("price", "1.50", Decimal("1.50")),
        ("price", 0.1, Decimal("0.1")),
        ("price", "1_000", Decimal("1000")),
        ("share", "12.5%", Decimal("0.125")),
        ("audience", "plant", "plant"),
        ("level", "3", 3),
        ("level", 1, 1),
        ("rating", "5", 5),
        ("regions", "north, south", ["north", "south"]),
        ("regions", "", []),
        ("regions", "[north, south,]", ["north", "south"]),
        ("regions", "['north', 'south']", ["north", "south"]),
        ("regions", "\"North, East\", South's, D'Arcy", ["North, East", "South's", "D'Arcy"]),
        ("regions", "'it''s, \"so\"',\"\"", ['it\'s, "so"', ""]),
        ("regions", "a (b, c)", ["a (b", "c)"]),
        ("regions", "5', 6', 7'", ["5'", "6'", "7'"]),
        ("regions", "rock 'n, r' oll, x", ["rock 'n", "r' oll", "x"]),
        ("regions", "[a], [b]", ["[a]", "[b]"]),
        ("regions", "['a]', \"b\"]", ["a]", "b"]),
        ("spans", "[1,2],[3,4]", [(1, 2), (3, 4)]),
        ("spans", "[(1, 2)]", [(1, 2)]),
        ("weights", ["10%", 0.25], [0.1, 0.25]),
        ("weights", (1, "0"), [1.0, 0.0]),
        ("days", "2026-06-30,2026-07-01", [date(2026, 6, 30), date(2026, 7, 1)]),
        ("prices", "[1.50, 2]", [Decimal("1.50"), Decimal("2")]),
        ("shown", "value,cost", ["value", "cost"]),
        ("unit", "none", None),
        ("unit", None, None),
        ("unit", "West", "West"),
        ("target", "", None),
        ("target", "5", 5.0),
        ("months", "1,none,3", [1, None, 3]),
        ("band", "5%,95%", (0.05, 0.95)),
        ("band", "(0, 1)", (0.0, 1.0)),
        ("band", [0.25, 0.75], (0.25, 0.75)),
        ("years", "2026", (2026,)),
        ("years", "", ()),
        ("milestone", "delivery,2026-09-30", ("delivery", date(2026, 9, 30))),
        ("mix", "north=60%,south=0.4", {"north": 0.6, "south": 0.4}),
        ("mix", "'North, East'=1", {"North, East": 1.0}),
        ("mix", '{"north": 0.5, "a=b": 0.5}', {"north": 0.5, "a=b": 0.5}),
        ("mix", "", {}),
        ("by_year", "2026=1.50", {2026: Decimal("1.50")}),
        ("by_year", {"2026": 2}, {2026: Decimal("2")}),
        ("by_day", "2026-06-30=half, 2026-12-31=end", {date(2026, 6, 30): "half", date(2026, 12, 31): "end"}),
        ("nested", "{'a': [1, 2], 'b': []}", {"a": [1, 2], "b": []}),
        ("nested", "a=[1,2],b=[3]", {"a": [1, 2], "b": [3]}),
    ],
)
def test_values_become_what_the_notebook_expects(name, given, value):
    converted = parameters.convert(DECLARED[name], given)
    assert repr(converted) == repr(value)  # equal, and of the same types inside too


@pytest.mark.parametrize(
    ("name", "given", "reason"),
    [
        ("customer", None, "customer: write a single value (found: None)"),
        ("customer", ["C001"], "customer: write a single value (found: ['C001'])"),
        ("as_of", "31.1.2026", "as_of: write a date as 2026-06-30 (found: 31.1.2026)"),
        (
            "edition",
            "customr",
            "edition: write one of internal, customer; did you mean 'customer'? (found: customr)",
        ),
        ("wacc", "9", "wacc: 9 would be 900 %; write 0.09 or 9% (found: 9)"),
        ("wacc", "0,09", f"wacc: {NUMBER} (found: 0,09)"),
        ("wacc", "nan", "wacc: write a finite number (found: nan)"),
        ("wacc", "1e400", "wacc: write a finite number (found: 1e400)"),
        ("draws", "oops", "draws: write a whole number (found: oops)"),
        ("draws", "1.5", "draws: write a whole number (found: 1.5)"),
        ("draws", "1e999999999", "draws: write a whole number (found: 1e999999999)"),
        ("draws", "5", "draws: must lie in 100..1_000_000 (found: 5)"),
        ("draws", True, "draws: write a whole number (found: True)"),
        ("quick", "maybe", "quick: write true or false (found: maybe)"),
        ("start", "2019-12-31", "start: must lie in 2020-01-01..2030-12-31 (found: 2019-12-31)"),
        (
            "start",
            datetime(2026, 1, 1, 12),
            "start: write a date as 2026-06-30, without a time (found: 2026-01-01T12:00:00)",
        ),
        ("start", "", "start: write a date as 2026-06-30 (found: '')"),
        ("price", "-1", "price: must be at least 0 (found: -1)"),
        ("price", "1,50", f"price: {NUMBER} (found: 1,50)"),
        ("share", "20", "share: 20 would be 2000 %; write 0.2 or 20% (found: 20)"),
        ("audience", "bord", "audience: write one of board, plant; did you mean 'board'? (found: bord)"),
        ("level", "4", "level: write one of 1, 2, 3 (found: 4)"),
        ("rating", "2", "rating: write one of 1, 3, 5 (found: 2)"),
        ("weights", "0.2, x", f"weights: {NUMBER} (found: x)"),
        ("weights", 3, "weights: write a list, items separated by commas (found: 3)"),
        ("days", "2026-06-31", "days: write a date as 2026-06-30 (found: 2026-06-31)"),
        ("shown", "valu", "shown: write one of cost, value; did you mean 'value'? (found: valu)"),
        ("target", "101", "target: must lie in 0..100 (found: 101)"),
        ("band", "0.1", "band: write 2 items, separated by commas, not 1 (found: 0.1)"),
        ("band", "0.1,9", "band: 9 would be 900 %; write 0.09 or 9% (found: 9)"),
        ("mix", "north", "mix: write key=value, separated by commas (found: north)"),
        ("mix", 3, "mix: write key=value, separated by commas (found: 3)"),
        ("mix", "a=1,a=0", "mix: a key is given twice (found: a=1,a=0)"),
        ("mix", "a=2", "mix: 2 would be 200 %; write 0.02 or 2% (found: 2)"),
        ("by_year", "soon=1", "by_year: write a whole number (found: soon)"),
        ("nested", "{'a': [1, x]}", "nested: write a whole number (found: x)"),
        ("wacc", "x" * 300, f"wacc: {NUMBER} (found: {'x' * 60}…)"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(name, given, reason):
    with pytest.raises(ParameterError) as caught:
        parameters.convert(DECLARED[name], given)
    assert str(caught.value) == reason


def test_all_problems_are_told_at_once():
    with pytest.raises(ParameterError) as caught:
        parameters.check(tuple(DECLARED.values()), {"custmer": "C1", "draws": "x", "quick": "true"})
    assert str(caught.value).splitlines() == [
        "there is no parameter 'custmer'; did you mean 'customer'?",
        "draws: write a whole number (found: x)",
    ]


def test_a_notebook_without_parameters_says_so():
    with pytest.raises(ParameterError, match="no parameter 'draws'; the notebook has none"):
        parameters.check((), {"draws": 1})
