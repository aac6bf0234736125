"""Names of notebooks become names of reports: what some system could not hold is refused."""

import pytest

from tests.batch.notebooks import saved
from vs_toolkit.batch.notebooks import find_notebooks
from vs_toolkit.errors import ParameterError


@pytest.mark.parametrize("name", ["a b", "Übersicht", "what & why 'b'", "plan-2026_v2", "株式会社"])
def test_a_name_that_every_system_can_hold_is_fine(name, tmp_path):
    path = saved(tmp_path / f"{name}.ipynb", "1")
    assert find_notebooks([str(path)]) == (path,)


REFUSED = {
    "<script>": "'<'", "what?": r"'\?'", "a:b": "':'", "..\\x": r"'\.'", ".x": r"'\.'", "-rf": "'-'",
    "x ": "' '", "_company": "'_'", "con": "Windows", "COM1.x": "Windows", "x" * 61: "61 characters",
    "a\nb": r"'\\n'",
    "a\u202eb": r"'\\u202e'", "a\x1bb": r"'\\x1b'",
}  # fmt: skip


@pytest.mark.parametrize(("name", "told"), REFUSED.items())
def test_any_other_is_refused_and_told_why(name, told, tmp_path):
    path = saved(tmp_path / f"{name}.ipynb", "1")
    with pytest.raises(ParameterError, match=told):
        find_notebooks([str(path)])


@pytest.mark.parametrize(("first", "second"), [("plan", "Plan"), ("é", "e\u0301")])
def test_names_that_are_one_on_some_system_are_refused(first, second, tmp_path):
    for folder in "ab":
        (tmp_path / folder).mkdir()
    paths = [saved(tmp_path / "a" / f"{first}.ipynb", "1"), saved(tmp_path / "b" / f"{second}.ipynb", "1")]
    with pytest.raises(ParameterError, match="their reports would overwrite each other"):
        find_notebooks([str(path) for path in paths])
