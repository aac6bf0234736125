"""Text from outside: what is refused, and that no name turns round what stands beside it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_toolkit.texts import isolated, not_text, visible

OPENS, PDI = "\u2066\u2067\u2068", "\u2069"
TURNING = st.text(
    alphabet="ab\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200f\u05d0", max_size=12
)


def reaches(text):
    """What of ``text + 'X'`` an isolate that opens at the beginning of the text still holds at X."""
    depth = 0
    for character in text:
        if character in OPENS:
            depth += 1
        elif character == PDI:
            depth = max(0, depth - 1)
    return depth


@given(TURNING)
def test_an_isolated_text_ends_all_it_begins_and_ends_nothing_around_it(text):
    shown = isolated(text)
    assert text in shown and isolated(shown) == shown
    assert reaches(shown) == 0  # nothing inside reaches what follows
    assert reaches("\u2068" + shown) == 1  # nor ends what began before
    if any(character in text for character in "\u202a\u202b\u202d\u202e"):
        assert shown[0] == "\u2068"  # an embedding or override ends only with the isolate around it


@pytest.mark.parametrize(
    "text", ["Acme", "Ünïcode 株式会社", "a\u200fb", "\u05d0\u05d1", "👩\u200d🚀", "a\u0301"]
)
def test_ordinary_text_of_any_language_stays_as_it_is(text):
    assert isolated(text) == text and not not_text(text)
    assert visible(text) == text


@pytest.mark.parametrize("wrong", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\ud800", "\uffff"])
def test_what_is_no_text_is_named(wrong):
    assert f"U+{ord(wrong):04X}" in not_text(f"a{wrong}b")


@pytest.mark.parametrize("wrong", ["\x1b]0;x\x07", "\r", "\x9b31m", "\u202e", "\u2066", "\u2028", "\udcff"])
def test_a_terminal_is_given_no_orders(wrong):
    shown = visible(f"a{wrong}b\n")
    assert shown.removesuffix("\n").isprintable() and shown.isascii()
