"""Values come into the notebook as they are, whatever they hold; nothing in them is ever run."""

import datetime
import decimal
import math
import pickle
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Literal, Optional

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.inputtransformer2 import TransformerManager

from tests.batch.notebooks import code, notebook
from vs_toolkit.batch.execute import Task, execute
from vs_toolkit.batch.parameters import Parameter, check, convert, read_parameters
from vs_toolkit.batch.parameters.help import shown
from vs_toolkit.batch.parameters.injection import assignments, inject
from vs_toolkit.batch.parameters.types import bare, walk

NAMES = {"date": date, "dt": SimpleNamespace(date=date), "Decimal": Decimal, "decimal": decimal}
HOSTILE = [
    "'", '"', '"""', "'''", "\\", "\\'", "\n", "\r\n", "\u2028", "\0", "\u202e", "\ud800", "🧲", "é" * 300,
    "a\nimport os", "{x}", "%pwd", "!ls", "?", "#", "",
    "'; import os #", "\"); __import__('os').system('true') #", "__import__('os')",
]  # fmt: skip
TEXTS = st.text(st.characters(exclude_categories=())) | st.sampled_from(HOSTILE)
SCALARS = [
    (str, TEXTS),
    (int, st.integers()),
    (float, st.floats()),
    (bool, st.booleans()),
    (date, st.dates()),
    (Decimal, st.decimals()),
    (Literal["a", 'b"', 3], st.sampled_from(["a", 'b"', 3])),
]
NAMED = [{}, {date: "dt.date"}, {Decimal: "decimal.Decimal"}]  # what the cell calls the types


def containers(inner):
    kind, values = inner
    several = st.lists(values, max_size=3)
    return st.sampled_from(
        [
            (list[kind], several),
            (tuple[kind, ...], several.map(tuple)),
            (tuple[kind, int], st.tuples(values, st.integers())),
            (dict[int, kind], st.dictionaries(st.integers(), values, max_size=3)),
            (Optional[kind], st.none() | values),  # noqa: UP045  kind may be a Literal
        ]
    )


@st.composite
def typed(draw):
    """A type, and a value of it."""
    pair = draw(st.sampled_from(SCALARS))
    for _ in range(draw(st.integers(0, 3))):
        pair = draw(containers(pair))
    return pair[0], draw(pair[1])


def alike(one, other):
    """Equal, of the same types inside too, in the same order; nan is like nan."""
    return type(one) is type(other) and repr(one) == repr(other)


@given(typed(), st.sampled_from(NAMED))
def test_running_the_cell_gives_the_value_back_with_its_type(pair, names):
    kind, value = pair
    source = assignments([Parameter("x", kind, None, names=names)], {"x": value})
    space = dict(NAMES)
    exec(source, space)
    assert alike(space["x"], value)
    assert TransformerManager().transform_cell(source) == f"{source}\n"  # nothing is a command to IPython


@given(typed(), typed())
def test_different_values_are_written_differently(one, other):
    """The ledger knows by this text whether a parameter changed."""
    (kind, first), (other_kind, second) = one, other
    same = assignments([Parameter("x", kind, None)], {"x": first}) == assignments(
        [Parameter("x", other_kind, None)], {"x": second}
    )
    assert not same or alike(first, second)


@given(typed())
def test_what_the_help_shows_can_be_written_on_the_command_line(pair):
    kind, value = pair
    leaves = [leaf for leaf in walk(kind) if leaf is str]
    if leaves or any(bare(part)[1] for part in walk(kind)) or not _is_finite(value):
        return  # a text that says none cannot be told from no text
    assert alike(convert(Parameter("x", kind, None), shown(value)), value)


@given(st.lists(TEXTS), st.dictionaries(TEXTS, TEXTS))
def test_texts_in_lists_can_be_written_on_the_command_line(texts, pairs):
    assert convert(Parameter("x", list[str], None), shown(texts)) == texts
    assert convert(Parameter("x", dict[str, str], None), shown(pairs)) == pairs


def _is_finite(value):
    if isinstance(value, list | tuple):
        return all(map(_is_finite, value))
    if isinstance(value, dict):
        return all(map(_is_finite, value.values()))
    if isinstance(value, Decimal):
        return value.is_finite()
    return not isinstance(value, float) or math.isfinite(value)


def sources(node):
    return [cell.source for cell in node.cells]


FACTOR = read_parameters("factor: float = 2.0")


def test_values_take_the_place_of_the_defaults_in_every_parameters_cell():
    cells = [
        code("factor = 7"),
        code("factor: float = 2.0  # 0..10; multiplies\ndouble = 2 * factor", "parameters"),
        code("old", "injected-parameters"),
        code("%matplotlib inline\nother = [\n  1]", "parameters"),
        code("end"),
    ]
    node = nbformat.v4.new_notebook(cells=cells)
    expected = [
        "factor = 7",
        "factor: float = 3.0  # 0..10; multiplies\ndouble = 2 * factor",
        "%matplotlib inline\nother = [\n  1]",
        "end",
    ]
    placed = inject(node, FACTOR, {"factor": 3.0})
    assert sources(placed) == expected
    assert len(node.cells) == 5 and "2.0" in node.cells[1].source  # the notebook that was given is as it was
    assert sources(inject(placed, FACTOR, {"factor": 3.0})) == expected
    nbformat.validate(placed)


def test_without_a_parameters_cell_everything_stays():
    node = nbformat.v4.new_notebook(cells=[code("factor = 4", "injected-parameters"), code("end")])
    assert sources(inject(node, (), {})) == ["factor = 4", "end"]


def test_what_the_cell_computes_from_a_parameter_follows_it():
    """price 200: gross = 200 * 1.24 = 248, net = 200 * 0.9 = 180; a name given itself stays as given."""
    cell = (
        "price: float = 100.0\ngross = price * 1.24\nnet: float = price * 0.9\n"
        "if price > 150:\n    dear = True"
    )
    declared = read_parameters(cell)
    space = {}
    exec(inject(notebook(parameters=cell), declared, {"price": 200.0}).cells[1].source, space)
    assert (space["gross"], space["net"], space["dear"]) == (248.0, 180.0, True)
    exec(inject(notebook(parameters=cell), declared, {"price": 200.0, "net": 5.0}).cells[1].source, space)
    assert (space["gross"], space["net"]) == (248.0, 5.0)


def test_a_notebook_of_an_older_format_stays_valid():
    node = notebook()
    node.nbformat_minor = 4
    for cell in node.cells:
        del cell["id"]
    nbformat.validate(inject(node, FACTOR, {"factor": 3.0}), relax_add_props=False)


CELL = """\
import datetime as dt
from decimal import Decimal
from typing import Literal
day: dt.date = dt.date(2026, 6, 30)
price: Decimal = Decimal("1.50")
audience: Literal["board", "plant"] = "board"
days: list[dt.date] = []
band: tuple[float, float] = (0.1, 0.9)
by_year: dict[int, float] = {}
name: str | None = None
title: str = \"\"\"
"""
CELL = CELL[: CELL.index('"""')] + "''"


def test_a_kernel_sees_the_types_and_papermill_adds_nothing(tmp_path):
    name = "'\"\"\"\n\u202e🧲 __import__('os')"
    texts = {"day": "2027-01-31", "price": "10.10", "audience": "plant", "days": "2026-01-01", "band": "0,1"}
    texts |= {"by_year": "2026=0.5", "name": "none", "title": name}
    declared = read_parameters(CELL)
    values = pickle.loads(pickle.dumps(check(declared, texts)))
    seen = "print(ascii([day, price, audience, days, band, by_year, name, title]))"
    node = notebook(seen, parameters=CELL)
    node.cells.insert(2, code("raise SystemExit", "injected-parameters"))
    executed = execute(Task(inject(node, declared, values), {}, str(tmp_path), 30, str(tmp_path)))
    assert executed.error == ""
    expected = [
        datetime.date(2027, 1, 31), Decimal("10.10"), "plant", [date(2026, 1, 1)], (0.0, 1.0), {2026: 0.5},
        None, name,
    ]  # fmt: skip
    assert executed.notebook.cells[-1].outputs[0].text == ascii(expected) + "\n"
    tags = [cell.metadata.tags for cell in executed.notebook.cells]
    assert tags == [[], ["parameters"], []]
    assert executed.notebook.metadata.papermill.parameters == {}


@pytest.mark.parametrize("values", [{}, {"title": "x"}])
def test_pickling_keeps_what_is_declared(values):
    declared = read_parameters(CELL)
    assert pickle.loads(pickle.dumps(declared)) == declared
    assert assignments(pickle.loads(pickle.dumps(declared)), values) == assignments(declared, values)
