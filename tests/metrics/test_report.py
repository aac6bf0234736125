"""The report: planted findings on the first page, narrowing, names, empty sources, the customer's edition."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from tests.metrics.books import AS_OF, case, every_month, funnel, tables
from vs_toolkit.charts import figure
from vs_toolkit.demo import commerce, fieldwork
from vs_toolkit.errors import ParameterError
from vs_toolkit.inputs import open_company, open_customer
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.columns import empty_frame
from vs_toolkit.metrics import Terms, account_page, charts, exhibits, findings, summary
from vs_toolkit.metrics.account import SHOWN, Account
from vs_toolkit.metrics.measure import MEASURES
from vs_toolkit.metrics.scorecard import against_band, cells
from vs_toolkit.metrics.study import ROLES, Study

PLANTED = {
    "given away": ("unit", commerce.GIVEN_AWAY),
    "pulled forward": ("unit", commerce.PULLED),
    "carried": ("region", commerce.CARRIED),
    "visits": ("person", fieldwork.VISITOR),
}
DRAWINGS = [
    charts.bridge, charts.trends, charts.units, charts.regions, charts.win_rates, charts.activity,
    charts.competence, charts.raters,
]  # fmt: skip


@pytest.fixture(scope="module")
def company():
    return open_company(as_of=AS_OF)


@pytest.fixture(scope="module")
def study(company):
    return Study(company.tables, company.as_of)


def empty_study(**more):
    return Study({name: empty_frame(model) for name, model in TABLES.items()}, AS_OF, **more)


@pytest.mark.parametrize("kind", PLANTED)
def test_planted_finding_is_found_where_it_was_planted_and_nowhere_else(study, kind):
    assert [(s.level, s.member) for s in study.signals if s.kind == kind] == [PLANTED[kind]]


def test_inherited_results_are_found_with_whom_they_came_from(study):
    (found,) = [s for s in study.signals if s.kind == "inherited"]
    assert found.figures["customer"] == commerce.INHERITED
    assert found.figures["from"] != found.member


def test_first_page_names_every_pattern_whom_to_ask_and_three_actions(study):
    questions = summary.questions(study)
    assert len(questions) == 5
    assert all("Ask " in question for question in questions)
    assert len(summary.actions(study)) == 3
    assert len(summary.tiles(study)) == 4


def test_the_bridge_of_the_company_sums(study):
    assert study.bridge.before + study.bridge.steps.sum() == pytest.approx(study.bridge.after)
    assert study.bridge.after == pytest.approx(study.overall.loc["sales_margin", "value"])


def test_units_add_up_to_the_company(study):
    units = study.cells("unit", [MEASURES["profit_contribution"]])["value"]
    assert units.sum() == pytest.approx(study.overall.loc["profit_contribution", "value"])


def test_a_unit_shows_its_own_plan_and_market_share(company, study):
    own = Study(company.tables, AS_OF, scope=("unit", "Unit North"))
    units = cells(study.book, "unit", study.period)
    for name in ("net_sales", "market_share"):
        row = units.loc[(name, "Unit North")]
        assert own.overall.loc[name, "value"] == pytest.approx(row["value"])
    assert own.overall.loc["net_sales", "plan"] == units.loc[("net_sales", "Unit North"), "plan"]
    assert own.signals[0].kind == "given away"


def test_a_person_shows_no_receivables_and_its_results_are_marked(company):
    own = Study(company.tables, AS_OF, scope=("person", "P005"))
    assert "dso" not in own.overall.index
    assert own.overall.loc["sales_margin", "mark"] == "(x)"
    assert own.overall.loc["net_sales", "mark"] == "x"


def test_names_that_do_not_exist_are_refused_with_a_hint(company):
    with pytest.raises(ParameterError, match="did you mean 'Unit North'"):
        Study(company.tables, AS_OF, scope=("unit", "Unit Nort")).book  # noqa: B018
    with pytest.raises(ParameterError, match="did you mean 'last quarter'"):
        Study(company.tables, AS_OF, "last quarte").period  # noqa: B018
    with pytest.raises(ParameterError, match="did you mean 'team leader'"):
        Study(company.tables, AS_OF, role="team leder").selection  # noqa: B018


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_few_measures_and_outcomes_first(role):
    groups = [MEASURES[name].group for name in ROLES[role]]
    assert len(groups) <= 9
    assert groups.index("financial") == 0
    if "activity" in groups:
        assert groups[-1] == "activity"


@pytest.mark.parametrize("draw", DRAWINGS)
def test_drawings_of_the_example_have_their_finding_as_title(study, draw):
    _, ax = figure()
    draw(ax, study)
    assert ax.get_title(loc="left")


@pytest.mark.parametrize("draw", DRAWINGS)
def test_drawings_without_data_say_so(draw):
    _, ax = figure()
    draw(ax, empty_study())
    assert ax.get_title(loc="left")


def test_without_any_data_the_report_says_what_is_not_known():
    own = empty_study()
    assert summary.lead(own) == "Sales are not known for the whole period."
    assert summary.tiles(own)[0][1] == "–"
    assert summary.questions(own) == []
    assert any("No data for" in gap for gap in summary.gaps(own))
    assert all(value is None for value, _, _ in summary.key_figures(own).values())
    for table in (exhibits.bridge, exhibits.people, exhibits.competence, exhibits.team_items, exhibits.goals):
        assert table(own) is not None


def test_people_are_not_named_where_names_are_not_shown(company):
    own = Study(company.tables, AS_OF, show_names=False)
    written = " ".join([*summary.questions(own), *summary.actions(own), *summary.gaps(own)])
    assert "engineer 0" not in written
    assert "manager 0" not in written
    for table in (exhibits.people, exhibits.competence, exhibits.goals, exhibits.dependence):
        assert table(own).empty
    assert not exhibits.team_items(own).empty  # twelve people: the group may be shown


def test_a_group_of_fewer_than_five_is_not_broken_down(company):
    own = Study(company.tables, AS_OF, scope=("unit", "Unit North"), show_names=False)
    assert exhibits.team_items(own).empty


def test_the_appendix_prints_every_field_of_every_measure(study):
    table = exhibits.definitions(study).frame
    profits = [name for name in MEASURES if f"{name}_rate" in MEASURES and name != "eva"]
    assert len(table) == len(MEASURES) - len(profits)  # their rates are defined in one row with them
    assert (table[["Definition", "Placed by", "Blank when", "Levels"]] != "").all(axis=None)


def test_win_rates_are_said_to_differ_only_where_they_do():
    cases = [
        case(i, "2025-08-01", "2025-12-01", won=i < 40, owner="P1" if i < 40 else "P2") for i in range(80)
    ]
    own = Study(tables(**funnel(*cases), sales=every_month(net_sales=1)), AS_OF)
    assert findings.win_rates(own) == "Win rate by person: statistically significant difference (p < 0.01)"


def test_a_value_within_the_usual_band_is_no_news():
    assert against_band([10, 12, 9, 11, 10, 12, 11, 13])[2] == "within"
    assert against_band([10, 12, 9, 11, 10, 12, 11, 30])[2] == "above"


@pytest.mark.parametrize("edition", ["internal", "customer"])
def test_the_page_of_a_customer_in_both_editions(edition):
    account = Account(open_customer("C001", as_of=AS_OF, edition=edition))
    names = set(account.cells.index)
    assert ("net_sales" in names) == (edition == "internal")
    if edition == "customer":
        assert names <= set(SHOWN)
        assert "Sales" not in account_page.lead(account)
    assert len(account.service) == 3
    assert len(account_page.tiles(account)) == 4
    for draw in (account_page.promised, account_page.satisfaction):
        _, ax = figure()
        assert draw(ax, account).get_title(loc="left")


def test_the_value_of_a_customer_is_the_same_in_both_editions():
    both = [Account(open_customer("C001", as_of=AS_OF, edition=e)) for e in ("internal", "customer")]
    assert both[0].cells.loc["fulfilment", "value"] == both[1].cells.loc["fulfilment", "value"]


def test_a_customer_has_the_sales_that_the_company_books_for_it(study):
    account = Account(open_customer("C001", as_of=AS_OF))
    of_company = cells(study.book, "customer", study.period).loc[("net_sales", "C001"), "value"]
    assert account.cells.loc["net_sales", "value"] == pytest.approx(of_company)


def test_the_ratings_are_told_by_what_fell_and_what_rose_most():
    rows = {"Delivery": (81.25, 56.25, 4), "Response": (75, 81.25, 4), "Value": (75, 87.5, 8)}
    answers = pd.DataFrame.from_dict(rows, orient="index", columns=["before", "after", "n"])
    title = account_page.satisfaction(figure()[1], SimpleNamespace(answers=answers)).get_title(loc="left")
    assert " ".join(title.split()) == "Delivery −25 points and Value +12.5 points on last year, n = 16"
    same = answers.assign(after=answers["before"])
    title = account_page.satisfaction(figure()[1], SimpleNamespace(answers=same)).get_title(loc="left")
    assert title == "Satisfaction by topic, n = 16"


def test_fewer_than_five_answers_are_not_broken_down():
    account = Account(open_customer("C001", as_of=date(2024, 7, 31)), "last month")
    assert account.answers.empty


def test_segments_may_be_any_column_of_customers(company):
    own = Study(company.tables, AS_OF, terms=Terms(segment_by="market_fit"))
    assert set(own.active("segment")) <= {"inside", "borderline", "outside"}


def test_a_later_row_changes_no_figure(company, study):
    later = company.tables["sales"].tail(1).assign(month=pd.Timestamp(2026, 7, 1), net_sales=1e9)
    more = company.tables | {"sales": pd.concat([company.tables["sales"], later], ignore_index=True)}
    pd.testing.assert_frame_equal(Study(more, AS_OF).overall, study.overall)
