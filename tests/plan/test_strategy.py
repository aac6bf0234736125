import pytest

from vs_toolkit.plan import strategy_fit


@pytest.mark.parametrize(
    ("segment", "partnering", "recommended", "kind"),
    [
        ("normal", "low", "product", "fit"),
        ("important", "medium", "solution", "fit"),
        ("key", "high", "value", "fit"),
        ("key", "medium", "solution", "leaning"),
        ("normal", "medium", "product", "leaning"),
        ("key", "low", "product", "valuable but distant"),
        ("normal", "high", "product", "willing but small"),
        ("", "high", "", "unknown"),
        ("key", "", "", "unknown"),
    ],
)
def test_value_against_willingness(segment, partnering, recommended, kind):
    found = strategy_fit(segment, partnering, "value seeker", followed="value")
    assert (found.recommended, found.kind) == (recommended, kind)
    assert found.matched == "value"
    assert found.follows is (None if not recommended else recommended == "value")


def test_nothing_followed_is_no_contradiction():
    assert strategy_fit("key", "high", "").follows is None
