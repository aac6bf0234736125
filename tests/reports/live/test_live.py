"""The live workbook: recalculated by LibreOffice it says what the package says, before and after changes."""

import io
import re
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.impact.random_cases import cases
from tests.impact.simple import saving, simple_case, span
from tests.reports.live.recalculated import SOFFICE, close, differences, parts, recalculate
from vs_toolkit import impact
from vs_toolkit.impact.assumptions import assumptions
from vs_toolkit.impact.pricing import price_corridor
from vs_toolkit.impact.revision import revised
from vs_toolkit.impact.terms import spend_key
from vs_toolkit.reports.live import live_workbook

AS_OF = date(2026, 6, 30)
ROOT = Path(__file__).parents[3]
# every third of the example company, for time; benchmarks/workbook.py takes them all
GIVEN = [*sorted(ROOT.glob("data/demo/cases/*.yaml"))[::3], *sorted(ROOT.glob("data/examples/cases/*.yaml"))]
needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")


def random_ones(count):
    """Random cases, the same each time."""
    found = []

    @seed(15)
    @settings(max_examples=count, deadline=None, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(cases())
    def collect(case):
        found.append(case)

    collect()
    return found[:count]


def everything():
    own = {path.stem: impact.read_case(path) for path in GIVEN}
    return own | {f"random{place}": case for place, case in enumerate(random_ones(20))}


def loaded(content, **how):
    return openpyxl.load_workbook(io.BytesIO(content), **how)


def results(book):
    """Rows of the headline figures: name -> live, downside, base, upside."""
    sheet = book["Results"]
    return {sheet.cell(row, 1).value: [sheet.cell(row, column).value for column in range(2, 6)]
            for row in range(4, 9)}  # fmt: skip


def by_run(book):
    """NPV of each run by its name."""
    sheet = book["Runs"]
    row = next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == "NPV")
    names = [cell.value for cell in sheet[4][3:]]
    return dict(zip(names, (cell.value for cell in sheet[row][3:]), strict=True))


def disagreements(case, book):  # noqa: C901 - one look at each result
    """Where the recalculated workbook and the package differ."""
    found, runs = results(book), by_run(book)
    for place, scenario in enumerate(impact.SCENARIOS, 1):
        own = impact.evaluate(case, scenario)
        expected = {
            "Net present value (NPV)": own.npv,
            "Economic value added (EVA), sum of the years": own.eva["eva"].sum(),
            "Payback, years": "none" if own.payback is None else own.payback,
            "Discounted payback, years": "none" if own.discounted_payback_years is None
            else own.discounted_payback_years,
        }  # fmt: skip
        if found["Internal rate of return (IRR)"][place] not in ("not unique", "none"):
            expected["Internal rate of return (IRR)"] = own.rate.rate or own.irr.value
        for name, value in expected.items():
            if not close(found[name][place], value):
                yield scenario, name, found[name][place], value
    years = impact.evaluate(case).eva
    sheet = book["Results"]
    for year, value in years["eva"].items():
        if not close(sheet.cell(18 + year, 4).value, value):
            yield year, "EVA", sheet.cell(18 + year, 4).value, value
    ends = impact.tornado(case)
    for name, low, high in zip(ends["name"], ends["at_low"], ends["at_high"], strict=True):
        for end, value in (("low", low), ("high", high)):
            if list(ends["name"]).count(name) == 1 and not close(runs[f"{name}, {end}"], value):
                yield name, end, runs[f"{name}, {end}"], value
    if sheet["B10"].value != "OK":
        yield "checks", sheet["B10"].value


def inputs(sheet):
    """Row of each input by its key."""
    return {
        sheet.cell(row, 12).value: row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 12).value
    }


def ten_changes(case):
    """Other values of up to ten inputs."""
    # whole months stay whole, and the years of a list are a fixed profile, as the workbook says
    fixed = ("_months", "_month", ".by_year")
    found = [a for a in assumptions(case) if a.expected and not a.key.endswith(fixed)]
    items = {f"effects.{own.id}": own for own in case.effects} | {
        spend_key(own, case): own for own in case.spends
    }
    refused = {place for place, own in items.items() if own.risk or getattr(own, "depreciation", None)}
    found = [a for a in found if a.key.rpartition(".")[0] not in refused]
    return {a.key: a.expected * (1.1 if place % 2 else 0.85) for place, a in enumerate(found[:10])}


def changed(case, content, changes):
    """The file with its inputs changed, and the case that says the same."""
    book = loaded(content)
    sheet = book["Inputs"]
    rows = inputs(sheet)
    other = revised(case, changes)
    points = {number.key: number for number in impact.numbers(other)}
    for key in changes:
        number = points[key]
        for column, value in ((3, number.low), (4, number.expected), (5, number.high)):
            sheet.cell(rows[key], column).value = value
    target = io.BytesIO()
    book.save(target)
    return other, target.getvalue()


@needs_office
def test_every_case_recalculates_to_what_the_package_says(tmp_path):
    own, files = everything(), {}
    for name, case in own.items():
        files[name] = tmp_path / f"{name}.xlsx"
        files[name].write_bytes(live_workbook(case, AS_OF, "internal"))
    found = recalculate(list(files.values()), tmp_path)
    wrong = {}
    for name, case in own.items():
        book = found[files[name]]
        cells = list(differences(openpyxl.load_workbook(files[name], data_only=True), book))
        if problems := [*cells[:5], *disagreements(case, book)]:
            wrong[name] = problems
    assert not wrong


@needs_office
def test_changed_inputs_give_what_the_changed_case_gives(tmp_path):
    cases, files = {}, {}
    for name, case in everything().items():
        changes = ten_changes(case)
        content = live_workbook(case, AS_OF, "internal")
        cases[name], content = changed(case, content, changes)
        files[name] = tmp_path / f"{name}.xlsx"
        files[name].write_bytes(content)
    found = recalculate(list(files.values()), tmp_path)
    wrong = {name: problems for name, case in cases.items()
             if (problems := list(disagreements(case, found[files[name]])))}  # fmt: skip
    assert not wrong


@needs_office
def test_cost_of_capital_tax_and_scenario_are_live(tmp_path):
    case = simple_case(saving(span(800, 1000, 1500)), years=3, tax={"rate": 0.25})
    book = loaded(live_workbook(case, AS_OF, "internal"))
    sheet = book["Inputs"]
    sheet["D4"], sheet["D5"], sheet["D9"] = 3, 0.4, 0.25
    book.save(tmp_path / "live.xlsx")
    [found] = recalculate([tmp_path / "live.xlsx"], tmp_path).values()
    # 1500 x (1 - 0.4) = 900 a year; 900 / 1.25 + 900 / 1.25^2 + 900 / 1.25^3 = 720 + 576 + 460.8
    assert results(found)["Net present value (NPV)"][0] == pytest.approx(1756.8)


@needs_office
def test_the_corridor_recalculates(tmp_path):
    case = next(c for c in everything().values() if c.provider and c.provider.alternative and c.price
                and not (c.tax and c.tax.losses == "carried_forward"))  # fmt: skip
    (tmp_path / "live.xlsx").write_bytes(live_workbook(case, AS_OF, "internal"))
    [found] = recalculate([tmp_path / "live.xlsx"], tmp_path).values()
    sheet = {row[0].value: row[1].value for row in found["Price corridor"].iter_rows(max_row=40)}
    own = price_corridor(case)
    assert sheet["Theoretical ceiling: value to the customer"] == pytest.approx(
        own.theoretical_ceiling, rel=1e-9
    )
    assert sheet["Practical ceiling: next best alternative and what differs"] == pytest.approx(
        own.practical_ceiling
    )
    assert sheet["Floor: our cost and the margin required"] == pytest.approx(own.floor, rel=1e-9)
    assert sheet["Price of the case, at the customer's cost of capital"] == pytest.approx(own.price, rel=1e-9)


def test_equal_content_has_equal_bytes():
    case = simple_case()
    assert live_workbook(case, AS_OF, "internal") == live_workbook(case, AS_OF, "internal")


def test_the_customer_edition_holds_nothing_internal():
    secret = "Zz-internal-zZ"
    provider = {
        "wacc": 0.08,
        "required_margin": 0.2,
        "costs": [{"id": "own", "name": secret, "amount": 77123.0}],
        "alternative": {"name": secret, "price": 77124.0},
        "risks": [secret],
    }
    case = simple_case(saving(1000, note=secret), provider=provider, comment=secret)
    shown = parts(io.BytesIO(live_workbook(case, AS_OF, "customer")))
    assert not [name for name, text in shown.items() if re.search(f"{secret}|7712[34]|corridor", text)]
    assert any(secret in text for text in parts(io.BytesIO(live_workbook(case, AS_OF, "internal"))).values())


def test_no_text_becomes_a_formula_or_a_link():
    texts = ["=1+1", "@SUM(A1)", "http://example.com", "+1", "{=A1}"]
    effects = [saving(1000, id=f"e{place}") | {"name": text} for place, text in enumerate(texts)]
    content = live_workbook(simple_case(*effects, title="=cmd|' /C calc'!A0"), AS_OF, "customer")
    found = [cell for sheet in loaded(content).worksheets for row in sheet.iter_rows() for cell in row]
    for text in texts:
        own = [cell for cell in found if str(cell.value).startswith(text)]
        assert own
        assert all(cell.data_type == "s" for cell in own if cell.value == text)
    assert not any(cell.hyperlink for cell in found)
    assert "hyperlink" not in "".join(parts(io.BytesIO(content)))


def test_functions_are_classic_and_no_macro_is_there():
    shown = parts(io.BytesIO(live_workbook(everything()["tractor"], AS_OF, "internal")))
    text = "".join(shown.values())
    assert "_xlfn" not in text
    assert "OFFSET(" not in text
    assert "INDIRECT(" not in text
    assert not any("vba" in name.lower() for name in shown)
