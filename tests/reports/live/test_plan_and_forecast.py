"""The live sheets of a relationship plan and of a forecast recalculate to what the package says."""

import dataclasses
from datetime import date
from unittest import mock

import pandas as pd
import pytest

from tests.funnel.records import ways
from tests.funnel.reports import company, opportunities
from tests.relationship.plans import YEAR_END, plan_rows
from tests.reports.live.recalculated import SOFFICE, differences, recalculate, values, with_values
from vs_toolkit.funnel.study import Study as Funnel
from vs_toolkit.relationship.study import Study as Relationship
from vs_toolkit.relationship.value import Terms
from vs_toolkit.reports.live import live_workbook

RECORD = ways(A="Lead 1 Offer 4 Order 9", B="Lead 2 Offer 5 Lost 8", C="Lead 3 Order 9", D="Lead 2 Lost 9",
              E="Lead 1 Offer 3 Order 6", F="Lead 5", G="Offer 9", H="Lead 6 Offer 9")  # fmt: skip


def relationship(spread=0.2, risk="survival", lines=None):
    balances = pd.DataFrame({"month": [pd.Timestamp("2025-12-01")], "receivables": [200.0]})
    rows = plan_rows(spread=spread) if lines is None else plan_rows(lines)
    tables = {"relationship_plans": rows, "balances": balances.assign(customer_id="C1")}
    return Relationship({"customer_id": "C1", "name": "=Acme"}, tables, {}, YEAR_END, Terms(0.25, 0.05, risk))


def funnel(record=RECORD):
    cases = opportunities(record, value=1000.0) if len(record) else None
    data = company(record, **({} if cases is None else {"opportunities": cases}))
    return Funnel(data.tables, data.as_of, 60, 3, 0.0, "", "", 1)


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_sheets_recalculate_also_with_other_inputs(tmp_path):
    with mock.patch("vs_toolkit.funnel.known.PAST_DAYS", 4):
        pipeline = funnel()
        own = {"plan": relationship(), "premium": relationship(risk="premium"), "forecast": pipeline}
        books = {name: live_workbook(study, date(2026, 6, 30), "internal") for name, study in own.items()}
    # revenue of the first year, low, expected, high: rows 13 to 15 (after three of sales investment)
    books["changed"] = with_values(books["plan"], "Plan inputs", {"D5": 0.2, "E14": 1500.0, "D4": 3})
    files = {name: tmp_path / f"{name}.xlsx" for name in books}
    for name, file in files.items():
        file.write_bytes(books[name])
    found = recalculate(list(files.values()), tmp_path)
    for name in own:
        assert not list(differences(values(books[name]), found[files[name]])), name
    plan, changed = found[files["plan"]]["Plan results"], found[files["changed"]]["Plan results"]
    assert plan["D4"] == pytest.approx(own["plan"].npv, rel=1e-9)
    assert [plan[f"{c}4"] for c in "CDE"] == pytest.approx(own["plan"].scenarios["npv"].tolist(), rel=1e-9)
    rows = plan_rows(spread=0.2)
    first = (rows["line"] == "revenue") & (rows["year"] == 2026)
    rows.loc[first, "expected"] = 1500.0
    other = dataclasses.replace(
        own["plan"], terms=Terms(0.2), tables=own["plan"].tables | {"relationship_plans": rows}
    )
    assert [changed[f"{c}4"] for c in "CDE"] == pytest.approx(other.scenarios["npv"].tolist(), rel=1e-9)
    assert changed["B4"] == changed["E4"] and changed["B11"] == "OK"  # the upside is live
    sheet, total = found[files["forecast"]]["Forecast model"], pipeline.forecast.total
    assert sheet["D6"] == pytest.approx(total["orders"], rel=1e-9)
    assert sheet["D9"] == pytest.approx(total["value"], rel=1e-9) and total["value"] > 0


def test_plans_without_a_value_and_empty_pipelines_are_no_failure():
    with mock.patch("vs_toolkit.funnel.known.PAST_DAYS", 4):
        made = live_workbook(funnel(RECORD.iloc[:0]), date(2026, 6, 30), "internal")
    assert "Forecast model" in values(made)
    short = {"revenue": (1000, 1200), "margin": (0.5, 0.5), "cost_to_serve": (100, 100),
             "sales_investment": (150, 100)}  # fmt: skip
    found = values(live_workbook(relationship(lines=short), date(2026, 6, 30), "internal"))
    assert found["Plan results"]["B4"] == pytest.approx(relationship(lines=short).npv)
