"""The output folder finds its files whatever its own name is."""

import pytest

from vs_toolkit.batch.folder import Folder


@pytest.mark.parametrize("base", ["{tmp}", "memory://folder-test"])
@pytest.mark.parametrize("name", ["a[1]", "a*", "a?"])
def test_names_are_found_below_a_root_of_any_name_and_nowhere_else(tmp_path, base, name):
    base = base.format(tmp=tmp_path)
    Folder(f"{base}/a1").write("C009/plan.json", "{}")
    folder = Folder(f"{base}/{name}")
    folder.write("C001/plan.json", "{}")
    folder.write("C001/plan.html", "")
    assert folder.names("*/*.json") == ["C001/plan.json"]
