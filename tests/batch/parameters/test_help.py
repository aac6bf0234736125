"""Whoever asks what can be set sees name, type, default, unit, meaning, and how to write it."""

from vs_toolkit.batch.parameters import describe, read_parameters

CELL = """\
customer: str = "C001"  # id; whom it is about
as_of: str = "2026-06-30"  # date; later data is ignored
draws: int = 10_000  # 100..1_000_000; random draws for the spread of the value, more make it smoother
audience: Literal["board", "plant"] = "board"  # who reads it
regions: list[str] = ["North, East", "South"]  # names
mix: dict[str, float] = {"north": 0.6}  # fraction
unit: str | None = None
"""
TABLE = """\
name      type              default              unit            meaning
customer  str               C001                 id              whom it is about; set by
                                                                 --customer
as_of     date              2026-06-30           date            later data is ignored; set by
                                                                 --as-of
draws     int               10000                100..1_000_000  random draws for the spread of
                                                                 the value, more make it smoother
audience  choice            board                board | plant   who reads it
regions   list[str]         "North, East",South                  names
mix       dict[str, float]  north=0.6            fraction
unit      str | None        none

list, tuple: -p NAME=a,b  (an item with a comma in quotes: -p 'NAME="a, b",c')
dict: -p NAME=key=value,key=value  (quotes as in a list)
None: -p NAME=none
"""


def test_the_table_wraps_meanings_to_the_terminal_and_says_how_to_write_what_is_not_a_word():
    options = {"customer": "--customer", "as_of": "--as-of"}
    assert describe(read_parameters(CELL), 98, options) + "\n" == TABLE


def test_a_narrow_terminal_leaves_meanings_readable_and_a_long_default_is_shortened():
    cell = "names: list[str] = ['north', 'south', 'east', 'west', 'middle', 'far away']  # of regions"
    first, second, *_ = describe(read_parameters(cell), 20).splitlines()
    assert first.split() == ["name", "type", "default", "unit", "meaning"]
    assert second == "names  list[str]  north,south,east,west,middl…        of regions"


def test_a_notebook_without_parameters_says_so():
    assert describe(()) == "no parameters: nothing can be set in this notebook"
