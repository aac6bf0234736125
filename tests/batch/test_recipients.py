"""Whom reports are about: nobody's reports lie where another's are."""

from datetime import date

import pytest

from tests.batch.company import write_company
from vs_toolkit.batch.recipients import recipients
from vs_toolkit.errors import VsToolkitError
from vs_toolkit.inputs import read_source, view


def test_ids_made_up_to_share_a_folder_are_refused(tmp_path, monkeypatch):
    write_company(tmp_path, C001="First", C002="Second")
    seen = view(read_source(tmp_path), date(2026, 6, 30), "internal")
    assert len(recipients(seen)) == 3
    monkeypatch.setattr("vs_toolkit.batch.recipients.safe_name", {"C001": "Same", "C002": "same"}.get)
    with pytest.raises(VsToolkitError, match="the ids 'C001' and 'C002' would share the folder same"):
        recipients(seen)
