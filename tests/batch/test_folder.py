"""The output folder finds its files whatever its own name is."""

import socket

import pytest

from vs_toolkit.batch.folder import Folder
from vs_toolkit.errors import VsToolkitError


@pytest.mark.parametrize("base", ["{tmp}", "memory://folder-test"])
@pytest.mark.parametrize("name", ["a[1]", "a*", "a?"])
def test_names_are_found_below_a_root_of_any_name_and_nowhere_else(tmp_path, base, name):
    base = base.format(tmp=tmp_path)
    Folder(f"{base}/a1").write("C009/plan.json", "{}")
    folder = Folder(f"{base}/{name}")
    folder.write("C001/plan.json", "{}")
    folder.write("C001/plan.html", "")
    assert folder.names("*/*.json") == ["C001/plan.json"]


def test_a_place_that_cannot_be_used_is_told_without_its_password():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = f"ftp://us:secret@127.0.0.1:{unused.getsockname()[1]}/reports"
    for place in (closed, "nonsense://us:secret@host/x"):
        with pytest.raises(VsToolkitError, match="cannot be used as a folder") as told:
            Folder(place)
        assert "secret" not in str(told.value)
