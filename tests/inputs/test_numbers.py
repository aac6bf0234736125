"""Numbers in any locale: what one text can mean, and what its column settles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vs_toolkit.inputs.numbers import read_number, readings
from vs_toolkit.inputs.tables.settling import settle


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("1250", 1250, 1250),
        ("12.500", 12.5, 12500),
        ("1,250", 1250, 1.25),
        ("0.500", 0.5, None),  # no thousands begin with 0
        ("1.355,90", None, 1355.9),
        ("1,355.90", 1355.9, None),
        ("1.250.000", None, 1250000),
        ("12,34,567", 1234567, None),  # India
        ("1 500,00", None, 1500),
        ("1\u00a0500,00", None, 1500),  # no-break space
        ("1\u202f500", 1500, 1500),  # thin no-break space
        ("1'250.50", 1250.5, None),  # Switzerland
        ("$1,500", 1500, None),  # money has two decimals
        ("€ 2.000", None, 2000),
        ("KWD 1.500", 1.5, 1500),  # dinars have three
        ("(250)", -250, -250),
        ("250-", -250, -250),
        ("−3", -3, -3),
        ("8.25%", 0.0825, None),
        ("35 %", 0.35, 0.35),
        ("1.5e3", 1500, None),
    ],
)
def test_a_text_has_these_readings(text, point, comma):
    found = readings(text)
    assert (found.point, found.comma) == (point, comma)


@pytest.mark.parametrize(
    "text", ["", "-", "12k", "1 25", "1.2.3", "5 5", "(5", "--5", "٣", "1.250 000", "$5€", "1,23,4"]
)
def test_what_is_no_number_has_no_reading(text):
    assert not readings(text).is_number


def test_a_number_that_stands_alone_is_refused_with_both_readings():
    with pytest.raises(ValueError, match=r"400\.000 can be 400 or 400000; write 400 or 400000"):
        read_number("400.000")


@given(st.floats(-1e12, 1e12).filter(lambda x: x == 0 or abs(x) > 1e-3), st.sampled_from([",", "."]))
def test_what_is_written_in_a_locale_is_read_back_when_its_column_settles_it(value, decimal):
    written = f"{value:,.2f}"
    if decimal == ",":
        written = written.translate(str.maketrans(",.", ".,"))
    # two decimals always settle the mark
    assert settle([written], float).values[0] == pytest.approx(round(value, 2), abs=0.005)


@given(st.integers(1, 999), st.integers(0, 999))
def test_the_column_settles_what_one_value_leaves_open(high, low):
    text = f"{high}.{low:03d}"
    assert settle([text], float).wrong
    assert settle([text, "3,5"], float).values[0] == 1000 * high + low
    assert settle([text, "3.5"], float).values[0] == pytest.approx(high + low / 1000)


def test_values_that_contradict_the_others_are_refused():
    settled = settle(["1,5", "2,5", "3.5"], float)
    assert settled.wrong == {2: "has a decimal point; the others of the column have a comma"}


def test_two_currencies_in_one_column_are_never_added():
    settled = settle(["€ 100", "€ 200", "£ 100"], float)
    assert settled.wrong == {2: "stands in GBP, the others of the column in EUR: convert this one"}


def test_an_ambiguous_rate_has_one_reading_below_one():
    # 12.500% is 12.5 % or 12,500 %, and the latter is no rate
    assert settle(["12.500%"], float, is_rate=True).values == [0.125]


def test_settled_rates_and_numbers_stay_settled():
    assert settle(["8.5%", "1.125%", None], float, is_rate=True).values == [0.085, 0.01125, None]
    assert settle(["8.5", "1.125", None, 2], float).values == [8.5, 1.125, None, 2]
