import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.inputs.sources import CASE
from vs_toolkit.errors import InputError
from vs_toolkit.inputs import read_case, read_source
from vs_toolkit.inputs.cases import formulas
from vs_toolkit.inputs.cases.model_files import model_finder
from vs_toolkit.inputs.cases.reading import load_case
from vs_toolkit.inputs.fields import Estimate
from vs_toolkit.inputs.sources.checking import check

MODEL = """\
name: pump
variables:
  pumps: {unit: pumps}
  power: {unit: money per pump and year, default: 500}
  saved: {unit: fraction, default: {low: 0.1, expected: 0.2, high: 0.4}}
effects:
  - id: power
    name: Less power
    line: direct_cost
    feature: Controlled drive
    benefit: Runs only when needed
    quantity: pumps
    change: saved
    unit_value: power
    evidence: {kind: our_estimate}
  - id: care
    name: Less care
    line: indirect_cost
    amount: 10 * (pumps - 2) / 4
    evidence: {kind: our_estimate}
"""
HEAD = CASE[: CASE.index("effects:")]


def source(folder, case, model=MODEL):
    for name, text in (("cases/A.yaml", case), ("models/pump.yaml", model)):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return folder / "cases/A.yaml"


def problems(path):
    with pytest.raises(InputError) as caught:
        read_case(path)
    return caught.value.problems


def test_a_case_gets_its_effects_from_the_model_and_its_own_numbers(tmp_path):
    case = read_case(
        source(
            tmp_path, HEAD + "model: pump\nnumbers: {pumps: 10, power: {low: 400, expected: 500, high: 600}}"
        )
    )
    power, care = case.effects
    assert (power.quantity.expected, power.change.high, power.unit_value.low) == (10, 0.4, 400)
    assert (power.feature, power.benefit) == ("Controlled drive", "Runs only when needed")
    assert (care.amount.expected, care.amount.formula) == (20, "10 * (pumps - 2) / 4")  # 10 x (10 - 2) / 4
    assert case.numbers["pumps"].unit == "pumps"


def test_own_effects_change_those_of_the_model_or_are_added(tmp_path):
    own = """\
model: pump
numbers: {pumps: 10}
effects:
  - {id: care, start_month: 6}
  - {id: space, name: Less space, line: indirect_cost, amount: 300, evidence: {kind: our_estimate}}
"""
    effects = {effect.id: effect for effect in read_case(source(tmp_path, HEAD + own)).effects}
    assert set(effects) == {"care", "space", "power"}
    assert (effects["care"].start_month, effects["care"].amount.expected) == (6, 20)


def test_effects_of_a_case_share_its_own_numbers(tmp_path):
    own = """\
numbers: {hours: 40, rate: {low: 50, expected: 60, high: 80}}
effects:
  - {id: less, name: Less work, line: indirect_cost, amount: hours * rate, evidence: {kind: our_estimate}}
  - {id: more, name: More work, line: volume, amount: 2 * hours * rate, evidence: {kind: our_estimate}}
"""
    case = read_case(source(tmp_path, HEAD + own))
    assert [effect.amount.expected for effect in case.effects] == [2400, 4800]
    wrong = own.replace("2 * hours * rate", "hours * rates")
    assert problems(source(tmp_path, HEAD + wrong))[0].message == "no number is given for rates"


@pytest.mark.parametrize(
    ("tail", "words", "line"),
    [
        ("model: pomp\nnumbers: {pumps: 1}", "no such value model; did you mean 'pump'?", 11),
        ("model: pump\nnumbers: {pumpz: 1}", "did you mean 'pumps'?", 12),
        ("model: pump\nnumbers: {pumps: many}", "write a number", 12),
        ("model: pump\nnumbers: 7", "name: value", 12),
        ("model: pump", "needs numbers for pumps (pumps)", 11),
    ],
)
def test_what_is_wrong_with_model_and_numbers_is_said_with_its_line(tmp_path, tail, words, line):
    found = [(p.where, p.message) for p in problems(source(tmp_path, HEAD + tail))]
    assert any(where == f"line {line}" and words in message for where, message in found)


def test_wrong_numbers_do_not_hide_the_other_problems_of_the_case(tmp_path):
    wrong = HEAD.replace("9%", "9") + "model: pump\nnumbers: {pumps: many}"
    assert [p.field for p in problems(source(tmp_path, wrong))] == ["numbers.pumps", "customer_wacc"]


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("quantity: pumps", "quantity: pumpz", "did you mean 'pumps'?"),
        ("quantity: pumps", "quantity: pumps.__class__", "a formula may hold"),
        ("name: pump", "name: pomp", "the file must bear the name"),
        ("variables:", "variable:", "did you mean 'variables'?"),
        ("{unit: pumps}", "{units: pumps}", "did you mean 'unit'?"),
    ],
)
def test_a_wrong_model_is_a_problem_of_its_file_used_or_not(tmp_path, right, wrong, words):
    source(tmp_path, CASE, MODEL.replace(right, wrong, 1))
    assert any(p.file == "models/pump.yaml" and words in p.message for p in check(read_source(tmp_path)))


def test_division_by_zero_is_a_problem(tmp_path):
    path = source(tmp_path, HEAD + "model: pump\nnumbers: {pumps: 0}", MODEL.replace("/ 4", "/ pumps"))
    assert "divides by zero" in problems(path)[0].message


@pytest.mark.parametrize(
    "formula",
    ["a ** 9", "a // 2", "a if a else 1", "[a]", "f(a)", "a.b", "'a'", "a and a", "lambda: 1", "a := 1", "",
     "a b", "True", "1j", "(" * 300 + "1", "1 + " * 200 + "1", "a < 2", "__import__('os')",
     "{a}", "~a", "a @ a"],
)  # fmt: skip
def test_a_formula_is_arithmetic_and_nothing_else(formula):
    with pytest.raises(ValueError, match="a formula may hold"):
        formulas.parse(formula)


numbers = st.floats(0.1, 100)


@settings(deadline=None, max_examples=50)
@given(
    st.tuples(numbers, numbers, numbers).map(sorted),
    st.tuples(numbers, numbers, numbers).map(sorted),
    st.data(),
)
def test_the_range_of_a_steady_formula_holds_every_value_inside(a, b, data):
    given_numbers = {
        "a": Estimate(low=a[0], expected=a[1], high=a[2]),
        "b": Estimate(low=b[0], expected=b[1], high=b[2]),
    }
    spread = formulas.spread("a * 3 / (b + 1) - a", given_numbers | {"c": Estimate.of(1)})
    # each of 3a/(b+1) - a = a (3/(b+1) - 1) is linear in a and falling in b: the corners are the extremes
    x, y = data.draw(st.floats(a[0], a[2])), data.draw(st.floats(b[0], b[2]))
    value = x * (3 / (y + 1) - 1)
    slack = 1e-9 * max(1, abs(value))
    assert spread.low - slack <= value <= spread.high + slack


def test_models_that_come_with_the_toolkit_can_be_instantiated():
    # the defaults of the model: 60 cows x 110 a year x 8 % = 528; 60 x 8,500 kg x 15 % x 0.01 = 765
    effects = load_case(HEAD + "model: tractor", "c.yaml", model_finder("nowhere")).effects
    care, milk = effects[0], effects[1]
    assert care.quantity.expected * care.change.expected * care.unit_value.expected == pytest.approx(528)
    assert milk.quantity.expected * milk.change.expected * milk.unit_value.expected == pytest.approx(765)
