"""Which notebook runs for whom follows from its parameters; what is asked wrongly is refused."""

import pickle
from datetime import date
from decimal import Decimal

import pytest

from tests.batch.notebooks import PARAMETERS, saved
from vs_toolkit.batch.jobs import Recipient, Scope, plan_jobs
from vs_toolkit.batch.notebooks import find_notebooks, load_notebook
from vs_toolkit.errors import ParameterError, VsToolkitError

WITH_CASE = PARAMETERS + '\ncase: str = ""  # id of the case; empty for the newest'
COMPANY = 'as_of: str = "2026-06-30"  # date; seen from\nunit: str = ""  # sales unit'
RECIPIENTS = (
    Recipient("C001", "One", "C001", "d1", cases=("C001-01", "C001-02")),
    Recipient("C002", "Two", "C002", "d2"),
    Recipient("C003", "Three", "C003", "d3", problem="C003-01.yaml, line 4: 8 would be 800 %"),
    Recipient("C004", "Four", "C004", "d4", problem="opportunities.csv, line 9: write a number"),
    Recipient("", "", "_company", "d0"),
)
SCOPE = Scope("internal", "2026-06-30", "toolkit")


@pytest.fixture
def notebooks(tmp_path):
    saved(tmp_path / "plan.ipynb", "1")
    saved(tmp_path / "impact.ipynb", "1", parameters=WITH_CASE)
    saved(tmp_path / "funnel.ipynb", "1", parameters=COMPANY)
    return tuple(load_notebook(path, "internal") for path in sorted(tmp_path.glob("*.ipynb")))


def names(jobs):
    return [job.name for job in jobs]


def test_a_notebook_runs_for_those_its_parameters_concern(notebooks):
    jobs = plan_jobs(notebooks, RECIPIENTS, SCOPE)
    assert names(jobs) == [
        "C001/impact", "C001/plan", "C002/plan", "C003/impact", "C003/plan", "C004/impact", "C004/plan",
        "_company/funnel",
    ]  # fmt: skip
    assert {job.name: job.problem for job in jobs if job.problem} == {
        "C003/impact": "C003-01.yaml, line 4: 8 would be 800 %",
        "C003/plan": "C003-01.yaml, line 4: 8 would be 800 %",
        "C004/impact": "opportunities.csv, line 9: write a number",
        "C004/plan": "opportunities.csv, line 9: write a number",
    }


def test_the_batch_sets_customer_day_and_edition_where_the_notebook_takes_them(notebooks):
    by_name = {job.name: job.parameters for job in plan_jobs(notebooks, RECIPIENTS, SCOPE)}
    assert by_name["C001/impact"] == {
        "customer": "C001",
        "as_of": "2026-06-30",
        "edition": "internal",
        "case": "",
    }
    assert by_name["_company/funnel"] == {"as_of": "2026-06-30"}


def test_a_given_parameter_reaches_the_notebooks_that_know_it(notebooks):
    scope = Scope("internal", "2026-06-30", "toolkit", {"factor": "3", "unit": "West"})
    by_name = {job.name: job.parameters for job in plan_jobs(notebooks, RECIPIENTS, scope)}
    assert by_name["C002/plan"]["factor"] == 3.0
    assert by_name["_company/funnel"] == {"as_of": "2026-06-30", "unit": "West"}


def test_a_named_case_is_reported_for_its_customer_only(notebooks):
    scope = Scope("internal", "2026-06-30", "toolkit", {"case": "C001-01"})
    jobs = plan_jobs([n for n in notebooks if n.name == "impact"], RECIPIENTS, scope)
    assert [(job.name, job.parameters["case"]) for job in jobs] == [("C001/impact", "C001-01")]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"custmer": "C1"}, "there is no parameter 'custmer'; did you mean 'customer'"),
        ({"factor": "11"}, r"factor: must lie in 0..10"),
        ({"customer": "C001"}, "use --customer"),
        ({"case": "C001-1"}, "no customer has a case 'C001-1'; did you mean 'C001-01'"),
    ],
)
def test_what_cannot_be_meant_is_refused(notebooks, given, reason):
    with pytest.raises(ParameterError, match=reason):
        plan_jobs(notebooks, RECIPIENTS, Scope("internal", "2026-06-30", "toolkit", given))


def test_a_report_is_made_from_notebook_parameters_data_and_toolkit(notebooks):
    first, *_ = plan_jobs(notebooks, RECIPIENTS, SCOPE)
    other, *_ = plan_jobs(notebooks, RECIPIENTS, Scope("internal", "2026-07-01", "newer"))
    same = {key for key in first.made_from if first.made_from[key] == other.made_from[key]}
    assert set(first.made_from) == {"notebook", "parameters", "data", "toolkit", "packages"}
    assert same == {"notebook", "data", "packages"}


TYPED = """\
from datetime import date
from decimal import Decimal
customer: Literal["C001", "C002"] = "C001"
as_of: date = date(2026, 1, 1)
case: str | None = None
price: Decimal = Decimal("1")
"""


def typed(tmp_path, source=TYPED):
    return (load_notebook(saved(tmp_path / "typed.ipynb", "1", parameters=source), "internal"),)


def test_what_the_batch_sets_has_the_type_that_the_notebook_states(tmp_path):
    scope = Scope("internal", "2026-06-30", "toolkit", {"price": "2.50"})
    first, *_ = plan_jobs(typed(tmp_path), RECIPIENTS, scope)
    assert first.parameters == {
        "customer": "C001",
        "as_of": date(2026, 6, 30),
        "case": None,
        "price": Decimal("2.50"),
    }
    assert pickle.loads(pickle.dumps(first)) == first


def test_an_id_that_the_notebook_does_not_take_fails_its_own_report_only(tmp_path):
    whom = (*RECIPIENTS[:2], Recipient("C009", "Nine", "C009", "d9", cases=("C009-01",)))
    problems = {job.name: job.problem for job in plan_jobs(typed(tmp_path), whom, SCOPE)}
    assert problems == {
        "C001/typed": "",
        "C009/typed": "customer: write one of C001, C002; did you mean 'C002'? (found: C009)",
    }


def test_an_edition_or_day_that_the_notebook_does_not_take_is_refused_at_once(tmp_path):
    source = 'as_of: int = 3\nedition: Literal["customer"] = "customer"'
    with pytest.raises(ParameterError) as caught:
        plan_jobs(typed(tmp_path, source), RECIPIENTS, SCOPE)
    assert str(caught.value).splitlines() == [
        "typed: as_of: write a whole number (found: 2026-06-30)",
        "typed: edition: write one of customer (found: internal)",
    ]


def test_problems_of_all_notebooks_are_told_at_once(notebooks):
    given = {"facter": "1", "edition": "internal", "factor": "11", "unit": None}
    with pytest.raises(ParameterError) as caught:
        plan_jobs(notebooks, RECIPIENTS, Scope("internal", "2026-06-30", "toolkit", given))
    assert str(caught.value).splitlines() == [
        "edition is set for every report by the batch: use --edition",
        "there is no parameter 'facter'; did you mean 'factor'?",
        "funnel: unit: write a single value (found: None)",
        "impact: factor: must lie in 0..10 (found: 11)",
        "plan: factor: must lie in 0..10 (found: 11)",
    ]


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("Decimal", Decimal("1.5"), Decimal("1.50")),
        ("dict[int, str]", {1: "a", 2: "b"}, {2: "b", 1: "a"}),
        ("list[str]", ["a, b"], ["a", "b"]),
        ("str | None", "", "None."),
    ],
)
def test_different_values_make_another_report_and_equal_ones_the_same(tmp_path, kind, one, other):
    default = {"Decimal": 'Decimal("0")', "dict[int, str]": "{}", "list[str]": "[]", "str | None": "None"}[
        kind
    ]
    notebooks = typed(tmp_path, f'customer: str = ""\nx: {kind} = {default}')

    def digest(value):
        scope = Scope("internal", "2026-06-30", "toolkit", {"x": value})
        return plan_jobs(notebooks, RECIPIENTS, scope)[0].made_from["parameters"]

    assert digest(one) == digest(one) != digest(other)


def test_a_job_can_be_sent_to_another_machine(notebooks):
    job = plan_jobs(notebooks, RECIPIENTS, SCOPE)[0]
    assert pickle.loads(pickle.dumps(job)) == job


def test_the_digest_follows_cells_and_helpers_but_not_stored_outputs(tmp_path):
    path = saved(tmp_path / "a.ipynb", "1 + 1")
    first = load_notebook(path, "internal").digest
    assert load_notebook(saved(path, "1 + 1"), "internal").digest == first
    (tmp_path / "helper.py").write_text("x = 1")
    second = load_notebook(path, "internal").digest
    assert second != first
    assert load_notebook(saved(path, "1 + 2"), "internal").digest not in (first, second)


def test_notebooks_are_found_by_path_and_must_be_python(tmp_path):
    path = saved(tmp_path / "mine.ipynb", "1")
    assert find_notebooks([str(path)]) == (path,)
    with pytest.raises(ParameterError, match="two notebooks are named mine"):
        (tmp_path / "sub").mkdir()
        find_notebooks([str(path), str(saved(tmp_path / "sub" / "mine.ipynb", "1"))])
    broken = tmp_path / "broken.ipynb"
    broken.write_text("{")
    with pytest.raises(VsToolkitError, match=r"broken\.ipynb is not a notebook"):
        load_notebook(broken, "internal")
