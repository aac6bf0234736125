"""What the parameters cell says is read without running it; what it says wrongly is told with its line."""

import re
from datetime import date
from decimal import Decimal

import nbformat
import pytest

from tests.batch.notebooks import code, saved
from vs_toolkit.batch.notebooks import load_notebook
from vs_toolkit.batch.parameters import Computed, check, read_parameters
from vs_toolkit.errors import ParameterError

SUPPORTED = (
    'str, int, float, bool, date, Decimal, Literal["a", "b"], list[...], tuple[...], dict[str, ...] of '
    "these, or any of them with | None"
)


def read(*lines, **more):
    return {parameter.name: parameter for parameter in read_parameters("\n".join(lines), **more)}


def told(*cells, **more):
    with pytest.raises(ParameterError) as caught:
        read_parameters(*cells, **more)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("line", "kind", "default"),
    [
        ("x: int = -20_000", "int", -20_000),
        ("x: float = 2", "float", 2),
        ("x: date = date(2026, 6, 30)", "date", date(2026, 6, 30)),
        ("x: date = date(2026, month=6, day=30)", "date", date(2026, 6, 30)),
        ('x: datetime.date = datetime.date.fromisoformat("2026-06-30")', "date", date(2026, 6, 30)),
        ('x: Decimal = Decimal("1.50")', "Decimal", Decimal("1.50")),
        ("x: decimal.Decimal = decimal.Decimal(3)", "Decimal", Decimal(3)),
        ('x: Literal["a", "b"] = "a"', "Literal", "a"),
        ('x: typing.Literal["a", None] = None', "Literal | None", None),
        ("x: Optional[int] = None", "int | None", None),
        ("x: typing.Union[None, date] = None", "date | None", None),
        ("x: None | int = 3", "int | None", 3),
        ('x: "date | None" = None', "date | None", None),
        ("x: list[date] = [date(2026, 6, 30)]", "list[date]", [date(2026, 6, 30)]),
        ('x: typing.List[str] = ["a"]', "list[str]", ["a"]),
        ("x: list = []", "list[str]", []),
        ("x: list = [1, 2.5]", "list[float]", [1, 2.5]),
        ("x: dict | None = None", "dict[str, str] | None", None),
        ("x: tuple[int, ...] = ()", "tuple[int, ...]", ()),
        ('x: tuple[str, Decimal] = ("a", Decimal("1"))', "tuple[str, Decimal]", ("a", Decimal(1))),
        ('x: dict[str, float] = {"a": 1}', "dict[str, float]", {"a": 1}),
        ("x: dict[int, list[int]] = {1: [2]}", "dict[int, list[int]]", {1: [2]}),
        ("x = 3", "int", 3),
        ("x = True", "bool", True),
        ("x = None", "str | None", None),
        ("x = date(2026, 6, 30)", "date", date(2026, 6, 30)),
        ("x = []", "list[str]", []),
        ("x = [1, None]", "list[int | None]", [1, None]),
        ("x = (1, 2)", "tuple[int, ...]", (1, 2)),
        ('x = (1, "a")', "tuple[int, str]", (1, "a")),
        ('x = {"a": 0.5}', "dict[str, float]", {"a": 0.5}),
        ("x: date = date.today()", "date", Computed("date.today()")),
        ('x: float = float("inf")', "float", Computed("float('inf')")),
        ("x: list[int] = [n for n in range(3)]", "list[int]", Computed("[n for n in range(3)]")),
        ('x: Decimal = Decimal("NaN")', "Decimal", Computed("Decimal('NaN')")),
    ],
)
def test_a_line_says_type_and_default(line, kind, default):
    parameter = read(line)["x"]
    assert (parameter.type, parameter.default) == (kind, default)
    assert type(parameter.default) is type(default)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("x = 3 * y", "it is computed; annotate it with a type to set it"),
        ("x = f()", "it is computed; annotate it with a type to set it"),
        ("x = {1, 2}", "its type is not clear; annotate it"),
        ("x = [1, 'a']", "its type is not clear; annotate it"),
        ("x, y = 1, 2", "several names are assigned at once (parameters cell, line 1)"),
        ("x = y = 1", "several names are assigned at once (parameters cell, line 1)"),
        ("if True:\n    x = 3", "it is assigned within another statement (parameters cell, line 1)"),
        ("x: int = 3\nx += 1", "it is assigned again (parameters cell, line 2)"),
        ("x: int = 3\nif x > 2:\n    x = 2", "it is assigned again (parameters cell, line 2)"),
    ],
)
def test_what_cannot_be_set_is_named_with_the_reason(line, reason):
    parameter = read(line)["x"]
    assert parameter.fixed.startswith(reason)
    with pytest.raises(ParameterError, match=re.escape(f"x cannot be set: {reason}")):
        check([parameter], {"x": "3"})


def test_what_is_no_name_is_left_out():
    assert read("x.y = 3", "def f(a): b = a", "print(1)") == {}


@pytest.mark.parametrize(
    ("comment", "unit", "meaning"),
    [
        ("0..10; how many", "0..10", "how many"),
        ("0..10", "0..10", ""),
        ("fraction per year", "fraction per year", ""),
        ("1 | 2", "1 | 2", ""),
        ("how many", "", "how many"),
        ("pieces; how many; of all", "pieces", "how many; of all"),
        ("see below ...", "", "see below ..."),
        ("customer id | see CRM", "", "customer id | see CRM"),
        ("fractional ownership in percent", "", "fractional ownership in percent"),
        ("secret", "secret", ""),
    ],
)
def test_the_comment_says_unit_and_meaning(comment, unit, meaning):
    parameter = read(f"x: int = 1  # {comment}")["x"]
    assert (parameter.unit, parameter.meaning) == (unit, meaning)


def test_the_comment_may_stand_at_either_end_of_a_long_line():
    first = "x: list[str] = [  # names; of regions", '    "a",  # not this', "]"
    last = "x: list[str] = [", '    "a",', "]  # names; of regions"
    assert read(*first)["x"].meaning == read(*last)["x"].meaning == "of regions"


def test_names_are_those_the_notebook_imports():
    imports = "import datetime as dt\nfrom decimal import Decimal as D\n"
    x, y = read_parameters(imports + 'x: dt.date = dt.date(2026, 1, 2)\ny = D("3")')
    assert (x.names[date], x.default) == ("dt.date", date(2026, 1, 2))
    assert (y.names[Decimal], y.default) == ("D", Decimal(3))
    (x,) = read_parameters("x: dt.date | None = None", before=["%matplotlib inline", "import datetime as dt"])
    assert x.type == "date | None"
    assert (
        "datetime.date is not supported for parameters"
        in told("from datetime import datetime\nx: datetime.date = None")[0]
    )


def test_what_is_wrong_is_told_at_once_with_notebook_line_and_what_would_be_right():
    cell = "\n".join(
        [
            "import pandas as pd",
            "a: pd.Timestamp = pd.Timestamp('2026-06-30')",
            "b: int | str = 3",
            "c: int = '5'",
            "d: str = None",
            "e: int = 5  # 100..1_000",
            "f: str = 'intern'  # internal | customer",
            "g: float = 9  # fraction per year",
            "h: int = 5  # 0..ten",
            "i: int = 5  # low | high",
            "j: date = date(2026, 2, 30)",
            "k: Decimal = Decimal('1,5')",
            "m: str = 'June'  # date",
            "n: int",
            "o: Literal[1.5] = 1.5",
            "p: list[list] = []",
            "q: int = 5  # 10..1",
            "r: tuple[int, int] = (1, 2, 3)",
            "fine: int = 1",
            "fine: int = 2",
        ]
    )
    place = "mine.ipynb, parameters cell, line"
    assert told(cell, file="mine.ipynb") == [
        f"{place} 2, a: pd.Timestamp is not supported for parameters; supported types: {SUPPORTED}. "
        "Move what cannot be set to another cell",
        f"{place} 3, b: int | str is more than one type; write one, or one with | None",
        f"{place} 4, c: the default '5' is not of type int",
        f"{place} 5, d: the default None is not of type str; write str | None",
        f"{place} 6, e: the default is invalid: must lie in 100..1_000 (found: 5)",
        f"{place} 7, f: the default is invalid: write one of internal, customer; did you mean 'internal'? "
        "(found: intern)",
        f"{place} 8, g: the default is invalid: 9 would be 900 %; write 0.09 or 9% (found: 9)",
        f"{place} 9, h: the comment says '0..ten', which does not fit int: write a whole number",
        f"{place} 10, i: the comment says 'low | high', which does not fit int: write a whole number",
        f"{place} 11, j: the default date(2026, 2, 30) is invalid: day is out of range for month",
        f"{place} 12, k: the default Decimal('1,5') is invalid: not a number",
        f"{place} 13, m: the default is invalid: write a date as 2026-06-30 (found: June)",
        f"{place} 14, n: it has no default; add one, so that the notebook also runs on its own",
        f"{place} 15, o: Literal[1.5]: write the choices as texts or whole numbers",
        f"{place} 16, p: list[list] is incomplete: write list[...]",
        f"{place} 17, q: the range 10..1 is upside down",
        f"{place} 18, r: the default (1, 2, 3) is not of type tuple[int, int]",
        f"{place} 20, fine: it is already assigned (parameters cell, line 19): rename one of them",
    ]


def test_several_cells_are_read_as_one_and_told_apart():
    cells = "import datetime as dt\nx: int = 1", "y: dt.date = dt.date(2026, 1, 1)"
    assert [parameter.name for parameter in read_parameters(*cells)] == ["x", "y"]
    (problem,) = told(cells[0], "x = 2 * x", file="mine.ipynb")
    assert problem.startswith(
        "mine.ipynb, parameters cell 2, line 1, x: it is already assigned (parameters cell 1, line 2)"
    )


def test_a_parameter_may_not_hide_the_type_that_values_are_made_with():
    (problem,) = told("from datetime import date\ndate: date = date(2026, 6, 30)")
    assert problem == "parameters cell, line 2, date: it hides the type date: rename it"
    assert read("import datetime", "date: datetime.date = datetime.date(2026, 6, 30)")["date"].type == "date"


@pytest.mark.parametrize("source", ["draws: int = = 3", "x = '\0'"])
def test_a_cell_that_is_not_python_is_refused(source):
    assert "this is not valid Python" in told(source, file="mine.ipynb")[0]


def test_nothing_of_the_cell_is_run(tmp_path):
    trap = tmp_path / "ran"
    read(
        f"x: str = __import__('pathlib').Path({str(trap)!r}).touch()",
        f"y: date = date(open({str(trap)!r}, 'w'))",
    )
    assert not trap.exists()


def test_a_notebook_is_read_with_its_imports_and_all_its_parameters_cells(tmp_path):
    cells = [code("import datetime as dt"), code("x: dt.date = dt.date(2026, 1, 1)", "parameters")]
    cells += [nbformat.v4.new_markdown_cell("x: int = = 3", metadata={"tags": ["parameters"]})]
    cells += [code("y: int = 5  # 0..3", "parameters")]
    path = saved(tmp_path / "mine.ipynb")
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    with pytest.raises(
        ParameterError, match=r"^mine\.ipynb, parameters cell 2, line 1, y: .* must lie in 0\.\.3"
    ):
        load_notebook(path, "internal")
    cells[-1].source = "y: int = 5"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    assert [parameter.name for parameter in load_notebook(path, "internal").parameters] == ["x", "y"]


def test_lines_for_ipython_are_left_to_it():
    cell = "%matplotlib inline\n!pip list\nfiles = !ls\ndraws: int = 5  # 1..10; number of draws"
    assert [parameter.name for parameter in read_parameters(cell)] == ["draws"]
