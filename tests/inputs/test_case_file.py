import pytest

from tests.inputs.sources import CASE
from tests.shared import ROOT
from vs_toolkit.errors import InputError
from vs_toolkit.inputs import read_case
from vs_toolkit.inputs.cases.model_files import model_finder
from vs_toolkit.inputs.cases.reading import customer_of, load_case

FIND = model_finder("nowhere")


def problems(text):
    with pytest.raises(InputError) as caught:
        load_case(text, "case.yaml", FIND)
    return caught.value.problems


def line_of(text, start):
    return f"line {next(n for n, line in enumerate(text.splitlines(), 1) if line.strip().startswith(start))}"


def test_a_good_case_is_read_as_it_stands():
    case = load_case(CASE, "case.yaml", FIND)
    assert (case.customer, case.customer_wacc, case.effects[0].change.high) == ("C1", 0.09, 0.3)


@pytest.mark.parametrize(
    ("right", "wrong", "field", "words"),
    [
        ("customer_wacc: 9%", "customer_wacc: 8", "customer_wacc", "8 would be 800 %; write 0.08 or 8%"),
        ("customer_wacc: 9%", "customer_wac: 9%", "customer_wac", "did you mean 'customer_wacc'?"),
        ("quantity: 120", "quantity: 12k", "effects[1].quantity", "write a number"),
        (
            "quantity: 120",
            "quantity: 1,200",
            "effects[1].quantity",
            "1,200 can be 1.2 or 1200; write 1.2 or 1200",
        ),
        ("quantity: 120", "quantity: 12.500", "effects[1].quantity", "12.500 can be 12.5 or 12500"),
        ("quantity: 120", "quantity: 120 EUR", "effects[1].quantity", "write the number alone"),
        ("quantity: 120", "quantity: 120 USD", "effects[1].quantity", "is in EUR: convert this one"),
        ("quantity: 120", "quantity: $120", "effects[1].quantity", "is in EUR: convert this one"),
        ("quantity: 120", "quantity: nan", "effects[1].quantity", "finite"),
        ("quantity: 120", "quantity: {low: 2, expected: 1, high: 3}", "effects[1].quantity", "must hold"),
        ("line: volume", "line: volumes", "effects[1].line", "did you mean 'volume'?"),
        (
            "line: volume",
            "line: volume\n    currency: USD",
            "effects[1].currency",
            "one currency, set at its top",
        ),
        ("currency: EUR", "currency: EUR/USD", "currency", "one ISO currency"),
        ("dated: 2026-01-10", "dated: 10.1.2026", "dated", "write a date as 2026-06-30"),
        ("dated: 2026-01-10", "dated: 46032", "dated", "write a date as 2026-06-30"),
        (
            "amount: 20000,",
            "amount: 20000, treatment: investment,\n  life_years: 12.500,",
            "price.life_years",
            "12.500 can be 12.5 or 12500",
        ),
        ("years: 3", "years: three", "years", "whole number"),
        ("years: 3", "years: 0", "years", "at least 1"),
        ("title: Fewer stops on line 2", "title:", "title", "write a text"),
    ],
)
def test_a_wrong_field_is_named_with_line_and_what_would_be_right(right, wrong, field, words):
    text = CASE.replace(right, wrong, 1)
    (problem,) = [p for p in problems(text) if p.field == field]
    assert problem.where == line_of(text, wrong.split("\n")[-1].strip())
    assert words in problem.message


def test_a_missing_wacc_is_said_with_what_it_is():
    text = CASE.replace("customer_wacc: 9%\n", "")
    (problem,) = problems(text)
    assert (problem.field, problem.message[:10]) == ("customer_wacc", "is missing")
    assert "cost of capital" in problem.message


def test_all_problems_come_at_once_in_the_order_of_the_file():
    text = CASE.replace("years: 3", "years: x").replace("120", "a").replace("wacc: 0.08", "wacc: 8")
    assert [p.field for p in problems(text)] == ["years", "effects[1].quantity", "provider.wacc"]


def test_a_wrong_plain_estimate_is_one_problem_and_not_three():
    assert len(problems(CASE.replace("unit_value: 1000", "unit_value: lots"))) == 1


def test_problems_inside_alternatives_stand_on_their_line():
    text = CASE.replace("  risks:", "  schemes:\n    - {kind: cost_share, shared: 0.2}\n  risks:")
    assert {(p.field, p.where) for p in problems(text)} == {
        ("provider.schemes[1].share", line_of(text, "- {kind: cost_share")),
        ("provider.schemes[1].shared", line_of(text, "- {kind: cost_share")),
    }


def test_what_the_case_as_a_whole_forbids_is_a_problem_too():
    twice = CASE.replace("price: {id: price", "price: {id: stops")
    (problem,) = problems(twice)
    assert "stops" in problem.message


@pytest.mark.parametrize(
    ("text", "customer"),
    [
        ("customer: C1\nbroken: [", "C1"),
        ("id: [\ncustomer: 'C 1'  # one\n", "C 1"),
        ('customer: "../x"', "../x"),
        ("customer:   \n", None),
        ("  customer: nested\n", None),
        ("id: 1", None),
    ],
)
def test_a_broken_file_still_tells_its_customer(text, customer):
    assert customer_of(text) == customer


def test_a_file_that_is_not_there_is_a_problem_and_no_traceback(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_case(tmp_path / "none.yaml")


@pytest.mark.parametrize("folder", ["data/examples", "data/demo", "templates/start"])
def test_every_case_that_comes_with_the_toolkit_can_be_read(folder):
    files = sorted((ROOT / folder / "cases").glob("*.yaml"))
    assert files
    assert all(read_case(file).effects for file in files)


def test_an_id_given_twice_points_to_its_own_line():
    again = (
        CASE.rstrip()
        + "\ncosts:\n  - {id: own, name: Own, amount: 1}\n  - {id: own, name: Again, amount: 2}\n"
    )
    problem = next(p for p in problems(again) if "used twice" in p.message)
    assert (problem.where, problem.field) == (
        line_of(again, "- {id: own, name: Again, amount: 2}"),
        "costs[2].id",
    )
