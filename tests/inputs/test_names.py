import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vs_toolkit.inputs import safe_name

HOSTILE = [
    "../../x", "..", ".", "", " ", "/", "C:\\x", "<script>", "=HYPERLINK(1)", "x" * 300, "\u202eC1", "😀",
    "CON", "con", "COM1", "nul.txt", "C1.", "C1 ", "a\x00b", "a\nb", "_company", "-x", "\ud800",
]  # fmt: skip
ids = st.one_of(st.text(max_size=80), st.text(string.ascii_letters + string.digits + "-_. ", max_size=20))


@pytest.mark.parametrize("plain", ["C001", "A-1", "CUSTOMER_7", "7"])
def test_an_ordinary_id_stays_as_it_is(plain):
    assert safe_name(plain) == plain


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_id_becomes_a_harmless_name(hostile):
    name = safe_name(hostile)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,59}", name)
    assert name.upper() not in {"CON", "COM1", "NUL"}


@settings(deadline=None, max_examples=300)
@given(ids, ids)
def test_different_ids_have_different_names_even_where_case_is_ignored(one, other):
    assert (safe_name(one).casefold() == safe_name(other).casefold()) == (one == other)


def test_an_id_that_imitates_a_hashed_name_does_not_get_it():
    imitation = safe_name("acme").upper()
    assert safe_name(imitation).casefold() != safe_name("acme").casefold()


@pytest.mark.parametrize(
    ("one", "other"), [("c001", "C001"), ("Acme", "ACME"), ("a/b", "a_b"), ("é", "e\u0301")]
)
def test_ids_that_look_alike_are_kept_apart(one, other):
    assert safe_name(one).casefold() != safe_name(other).casefold()
