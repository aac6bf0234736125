"""Files appear whole, the ledger says what changed, a folder has one batch, a killed one leaves nothing."""

import io
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.ledger import Entry, changes, read_ledger
from vs_toolkit.batch.lock import LOCK_FILE, working_in
from vs_toolkit.errors import FolderInUseError, VsToolkitError

ENTRY = Entry("plan", "C001", "Öl & <b>", "internal", "2026-06-30", {"data": "a", "toolkit": "t"}, "ok", 1.25)


@pytest.mark.parametrize("location", ["{tmp}/out", "memory://ledger-test"])
def test_an_entry_is_read_as_it_was_written(tmp_path, location):
    folder = Folder(location.format(tmp=tmp_path))
    folder.write("C001/plan.json", ENTRY.to_json())
    folder.write("C002/notes.json", "{not json")
    assert read_ledger(folder).entries == {"C001/plan.json": ENTRY}
    folder.remove("C001/plan.json")
    folder.remove("C001/plan.json")
    assert read_ledger(folder).entries == {}


def test_what_changed_is_named():
    assert changes(ENTRY, {"data": "a", "toolkit": "t"}) == ()
    assert changes(ENTRY, {"data": "b", "toolkit": "t", "notebook": "n"}) == ("data", "notebook")


def test_a_file_that_cannot_be_finished_leaves_the_old_one(tmp_path, monkeypatch):
    folder = Folder(tmp_path)
    folder.write("C001/plan.html", "old")

    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(28, "No space left on device")

    def opened(path, mode):
        Path(path).write_bytes(b"ne")
        return Full()

    monkeypatch.setattr(folder.fs, "open", opened)
    with pytest.raises(OSError, match="No space"):
        folder.write("C001/plan.html", "newer")
    assert [(path.name, path.read_text()) for path in (tmp_path / "C001").iterdir()] == [("plan.html", "old")]


def test_two_batches_cannot_write_into_one_folder(tmp_path):
    refused = pytest.raises(FolderInUseError, match=r"another batch \(process \d+\) is writing")
    with working_in(Folder(tmp_path / "out")), refused, working_in(Folder(tmp_path / "out")):
        pass
    with working_in(Folder(tmp_path / "out")) as scratch:
        assert scratch.is_dir()
    assert not scratch.exists()


def test_what_a_killed_batch_left_is_removed_by_the_next(tmp_path):
    script = (
        "import os, sys; from vs_toolkit.batch.folder import Folder\n"
        "from vs_toolkit.batch.lock import get_temp_dir, working_in\n"
        "with working_in(Folder(sys.argv[1])) as scratch:\n"
        "    (scratch / 'rest').touch(); print(scratch, get_temp_dir(), flush=True); os.kill(os.getpid(), 9)"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True)
    left, sockets = map(Path, killed.stdout.split())
    assert killed.returncode == -9 and (left / "rest").exists() and sockets.is_dir()
    with working_in(Folder(tmp_path)):
        assert not left.exists() and not sockets.exists()
    assert (tmp_path / LOCK_FILE).read_text() == ""


def test_a_forged_lock_file_removes_nothing(tmp_path):
    for victim in (tmp_path / "vs-precious", Path(tempfile.gettempdir()) / "precious-of-somebody"):
        victim.mkdir(exist_ok=True)
        (tmp_path / LOCK_FILE).write_text(f'{{"scratch": ["{victim}"]}}')
        with working_in(Folder(tmp_path)):
            assert victim.is_dir()
        victim.rmdir()


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").touch()
    folder = Folder(tmp_path / "file" / "out")
    with pytest.raises(VsToolkitError, match="cannot write into"), working_in(folder):
        pass
