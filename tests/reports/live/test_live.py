"""The live workbook: recalculated by LibreOffice it says what the package says, before and after changes."""

import io
import re
from datetime import date
from itertools import islice
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.impact.random_cases import cases
from tests.impact.simple import saving, simple_case, span
from tests.reports.live.recalculated import (
    SOFFICE,
    close,
    differences,
    parts,
    recalculate,
    values,
    with_values,
)
from vs_toolkit import impact
from vs_toolkit.impact.assumptions import assumptions
from vs_toolkit.impact.pricing import price_corridor
from vs_toolkit.impact.revision import revised
from vs_toolkit.impact.terms import spend_key
from vs_toolkit.reports.live import live_workbook
from vs_toolkit.reports.live.figures import first_guess
from vs_toolkit.reports.live.runs import GAINS, GUESSES, _rate

AS_OF = date(2026, 6, 30)
ROOT = Path(__file__).parents[3]
# every fourth of the example company, as shipped only, for time; benchmarks/workbook.py takes them all
DEMO = sorted(ROOT.glob("data/demo/cases/*.yaml"))[::4]
GIVEN = [*DEMO, *sorted(ROOT.glob("data/examples/cases/*.yaml"))]
IRR, CEILING = "Internal rate of return (IRR)", "Theoretical ceiling: value to the customer"
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


def loaded(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def results(book):
    """Rows of the headline figures: name -> live, downside, base, upside."""
    sheet = book["Results"]
    return {sheet[f"A{row}"]: [sheet[f"{column}{row}"] for column in "BCDE"] for row in range(4, 9)}


def by_input(book):
    """NPV of each run in which one input is varied, by the key of the input and the end (1 low, 3 high)."""
    keys = dict(enumerate(listed(book["Inputs"], "L")[1:], 1))
    sheet = book["Runs"]
    npv = next(place[1:] for place, value in sheet.items() if place[0] == "A" and value == "NPV")
    columns = [place[:-1] for place in sheet if re.fullmatch(r"[A-Z]+5", place) and sheet[place]]
    return {(keys[sheet[f"{c}5"]], sheet[f"{c}6"]): sheet[f"{c}{npv}"] for c in columns if c != "A"}


def listed(sheet, column):
    """Cells of a column from top to bottom."""
    return [value for place, value in sheet.items() if re.fullmatch(rf"{column}\d+", place)]


def disagreements(case, book, *, fixed_ceiling=False):
    """Where the recalculated workbook and the package differ."""
    expected, found = {}, {}
    for place, scenario in enumerate(impact.SCENARIOS, 1):
        expected |= {(scenario, name): value for name, value in headline(impact.evaluate(case, scenario))}
        found |= {(scenario, name): row[place] for name, row in results(book).items()}
    rates = [key for key in expected if key[1] == IRR and found[key] in ("not unique", "none")]
    sheet = book["Results"]
    for year, value in impact.evaluate(case).eva["eva"].items():
        expected["EVA", year], found["EVA", year] = value, sheet[f"D{18 + year}"]
    ends = impact.tornado(case)
    for key, low, high in zip(ends["key"], ends["at_low"], ends["at_high"], strict=True):
        expected |= {(key, 1): low, (key, 3): high}
    found |= by_input(book) | {"checks": sheet["B10"]} | corridor(book)
    expected |= {"checks": "OK"} | corridor_of(case)
    if fixed_ceiling:  # where losses are carried forward, as the workbook says
        expected.pop(CEILING, None)
    return [(key, found.get(key), value) for key, value in expected.items()
            if key not in rates and not close(found.get(key), value)]  # fmt: skip


def headline(own):
    """Headline figures of the package, as the workbook names them."""
    yield "Net present value (NPV)", own.npv
    yield "Economic value added (EVA), sum of the years", own.eva["eva"].sum()
    yield IRR, own.rate.rate or own.irr.value
    yield "Payback, years", "none" if own.payback is None else own.payback
    later = own.discounted_payback_years
    yield "Discounted payback, years", "none" if later is None else later


def corridor(book):
    """Figures of the price corridor by their names."""
    sheet = book["Price corridor"]
    return {sheet[f"A{row}"]: sheet.get(f"B{row}") for row in range(4, 40) if f"A{row}" in sheet}


def corridor_of(case):
    """The same from the package; what it does not know has no row."""
    own = price_corridor(case)
    known = {
        CEILING: own.theoretical_ceiling,
        "Practical ceiling: next best alternative and what differs": own.practical_ceiling,
        "Floor: our cost and the margin required": own.floor,
        "Price of the case, at the customer's cost of capital": own.price if case.price_items else None,
    }
    return {name: value for name, value in known.items() if value is not None}


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


def changed(case, content):
    """The file with ten inputs changed, and the case that says the same."""
    sheet, changes = values(content)["Inputs"], ten_changes(case)
    rows = {value: place[1:] for place, value in sheet.items() if place[0] == "L"}
    other = revised(case, changes)
    points = {number.key: number for number in impact.numbers(other)}
    cells = {f"{column}{rows[key]}": getattr(points[key], end) for key in changes
             for column, end in (("C", "low"), ("D", "expected"), ("E", "high"))}  # fmt: skip
    return other, with_values(content, "Inputs", cells)


def problems(cases, folder, as_shipped=()):
    """Recalculate each case as it was shipped, and with ten inputs changed; what is wrong, by case.

    Those of the names in ``as_shipped`` are not changed.
    """
    shipped = {name: live_workbook(case, AS_OF, "internal") for name, case in cases.items()}
    others = {name: changed(case, shipped[name]) for name, case in cases.items() if name not in as_shipped}
    files = {folder / f"{name}.xlsx": content for name, content in shipped.items()}
    files |= {folder / f"{name}-changed.xlsx": content for name, (_, content) in others.items()}
    for file, content in files.items():
        file.write_bytes(content)
    found = recalculate(list(files), folder)
    wrong = {}
    for name, case in cases.items():
        book = found[folder / f"{name}.xlsx"]
        wrong[name, "shipped"] = [*islice(differences(values(shipped[name]), book), 5),
                                  *disagreements(case, book)]  # fmt: skip
    for name, (case, _) in others.items():
        carried = case.tax is not None and case.tax.losses == "carried_forward"
        later = found[folder / f"{name}-changed.xlsx"]
        wrong[name, "changed"] = disagreements(case, later, fixed_ceiling=carried)
    return {place: told for place, told in wrong.items() if told}


@needs_office
def test_every_case_recalculates_to_what_the_package_says_also_changed(tmp_path):
    assert not problems(everything(), tmp_path, as_shipped={path.stem for path in DEMO})


@needs_office
def test_cost_of_capital_tax_and_scenario_are_live(tmp_path):
    case = simple_case(saving(span(800, 1000, 1500)), years=3, tax={"rate": 0.25})
    content = live_workbook(case, AS_OF, "internal")
    (tmp_path / "live.xlsx").write_bytes(with_values(content, "Inputs", {"D4": 3, "D5": 0.4, "D9": 0.25}))
    [found] = recalculate([tmp_path / "live.xlsx"], tmp_path).values()
    # 1500 x (1 - 0.4) = 900 a year; 900 / 1.25 + 900 / 1.25^2 + 900 / 1.25^3 = 720 + 576 + 460.8
    assert results(found)["Net present value (NPV)"][0] == pytest.approx(1756.8)


@needs_office
def test_a_very_high_rate_of_return_is_found(tmp_path):
    """A search that begins at a usual rate does not get there in the few steps that a spreadsheet takes."""
    spent = [
        13,
        0,
        32,
        27,
        39,
        0,
        0,
        0,
        29,
        11,
        28,
        0,
        31,
        44,
        32,
        0,
        5,
        40,
        0,
        15,
        11,
        27,
        23,
        11,
        0,
        31,
        0,
        43,
    ]
    spent += [14, 45, 35, 7, 47, 44]
    flows = [-amount / 10_000 for amount in spent] + [0.0, 0.0, 3_081_986.0]
    book = openpyxl.Workbook()
    for row, flow in enumerate(flows, 1):
        book.active.cell(row, 1, flow)
    guesses = (repr(first_guess(np.array(flows))), *GAINS, *GUESSES)
    book.active["B1"] = "=" + _rate(f"A1:A{len(flows)}", guesses, "none", plausible=False)
    book.save(tmp_path / "rate.xlsx")
    [found] = recalculate([tmp_path / "rate.xlsx"], tmp_path).values()
    monthly = (1 + found["Sheet"]["B1"]) ** (1 / 12)  # at which what comes is worth what was spent
    worth = [flow / monthly**month for month, flow in enumerate(flows)]
    assert sum(worth) == pytest.approx(0, abs=1e-6 * worth[-1])


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
