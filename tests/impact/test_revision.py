"""A case with replaced numbers is the case with those numbers, and survives being written down."""

from datetime import date

import pytest

from tests.impact.simple import saving, simple_case, span
from tests.shared import ROOT
from vs_toolkit import impact
from vs_toolkit.errors import ParameterError
from vs_toolkit.impact.investment import evaluated
from vs_toolkit.impact.revision import Confirmation, case_text, revised
from vs_toolkit.inputs import read_source
from vs_toolkit.shipped import shipped

START = shipped("templates", "start", "cases", "NORTHMILL-01.yaml")
CASES = [*read_source(ROOT / "data/demo").cases, *read_source(ROOT / "data/examples").cases]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_revised_case_is_worth_what_its_numbers_say(case):
    values = {a.key: (a.expected + a.high) / 2 for a in impact.assumptions(case) if a.is_range}
    values = {
        key: round(value) if key.endswith(("_month", "_months")) else value for key, value in values.items()
    }
    assert impact.evaluate(revised(case, values)).npv == pytest.approx(evaluated(case, values).npv, rel=1e-9)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_survives_being_written_and_read(case, tmp_path):
    (tmp_path / "case.yaml").write_text(case_text(case), encoding="utf-8")
    assert impact.read_case(tmp_path / "case.yaml") == case


def test_a_value_outside_the_range_widens_it_and_leaves_the_case_as_it_was():
    case = impact.read_case(START)
    changed = revised(case, {"price.amount": 1.0}, id="NORTHMILL-02", dated=date(2026, 7, 1))
    assert (changed.price.amount.low, changed.price.amount.expected) == (1.0, 1.0)
    assert changed.price.amount.high == case.price.amount.high == 950_000
    assert (changed.id, changed.dated, case.id) == ("NORTHMILL-02", date(2026, 7, 1), "NORTHMILL-01")


def test_what_the_customer_confirms_is_certain_and_names_who():
    case = impact.read_case(START)
    key = next(a.key for a in impact.assumptions(case) if a.is_range)
    changed = revised(case, {}, {key: Confirmation("Plant manager", date(2026, 6, 15))})
    found = {n.key: n for n in impact.numbers(changed)}[key]
    assert found.low == found.expected == found.high
    assert (found.evidence.kind, found.evidence.confirmed_by) == ("customer_verified", "Plant manager")


def test_a_month_is_confirmed_like_any_number():
    uncertain = {"id": "price", "name": "Price", "amount": 9, "month": span(1, 3, 6)}
    case = simple_case(saving(60, start_month=span(1, 2, 3)), price=uncertain)
    for key in ("effects.saving.start_month", "price.month"):
        changed = revised(case, {}, {key: Confirmation("Plant manager", date(2026, 6, 15))})
        found = {n.key: n for n in impact.numbers(changed)}[key]
        assert (found.low == found.high, found.evidence.confirmed_by) == (True, "Plant manager")


def test_an_unknown_number_is_named_with_the_nearest():
    with pytest.raises(ParameterError, match=r"did you mean .price\.amount"):
        revised(impact.read_case(START), {"price.amout": 1.0})
