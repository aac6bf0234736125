"""The forecast of a pipeline as a live sheet: value x probability of an order, by month and by stage."""

from __future__ import annotations

import numpy as np

from vs_toolkit.finance import FloatArray
from vs_toolkit.funnel.study import Study
from vs_toolkit.reports.live.book import Book, Page, cell, column_name

FORECAST = "Forecast model"
HEADS = ("Opportunity", "Stage", "Value", "Probability within the months", "Expected value")
FIRST = len(HEADS)  # column of the first month
TOP = 9  # row of the heads of the months


def write(study: Study, book: Book) -> None:
    """Write the open opportunities with their probabilities by month, and what follows from them."""
    chances, months = study.ahead.by_month[:, :-1], study.forecast.table.index
    known = ~np.isnan(chances).any(axis=1)
    cases, chances = study.open_cases[known], chances[known]
    order = study.given["statuses"].sort_values("order")["status"]
    stages = [name for name in order if name in set(cases["status"])]
    top = TOP + len(stages) + 4  # of the opportunities
    page = book.page(FORECAST, title=f"Forecast model, {study.currency}", colour="#0072B2")
    told = (
        "Shaded cells may be changed. Value x probability; intervals are a simulation and stay as they are."
    )
    page.put(1, 0, told, "grey")
    page.heads(2, [*HEADS[:1], "", "", "All months", "", *(f"{month:%b %Y}" for month in months)], words={0})
    values = cases["value"].fillna(0.0).to_numpy(float)
    rows = top, top + max(len(cases), 1) - 1
    _by_month(page, study, (values, chances), rows)
    _by_stage(page, stages, (cases["status"].tolist(), values, chances), rows)
    page.heads(top - 1, [*HEADS, *(f"{month:%b %Y}" for month in months)], words={0, 1})
    soon = chances.sum(axis=1)
    for place, (id_, stage) in enumerate(zip(cases.index, cases["status"], strict=True)):
        row = top + place
        page.put(row, 0, str(id_))
        page.put(row, 1, str(stage))
        page.put(row, 2, float(values[place]), "input")
        first, last = cell(row, FIRST), cell(row, FIRST + len(months) - 1)
        page.formula(row, 3, f"SUM({first}:{last})", soon[place], "percent")
        page.formula(row, 4, f"{cell(row, 2)}*{cell(row, 3)}", values[place] * soon[place], "amount")
        for column, chance in enumerate(chances[place].tolist(), FIRST):
            page.put(row, column, chance, "input_percent")
    page.sheet.set_column(0, 0, 34)
    page.sheet.set_column(1, 1, 22)
    page.sheet.set_column(2, FIRST + len(months), 15)
    page.sheet.freeze_panes(0, 1)


def _by_month(page: Page, study: Study, known: tuple[FloatArray, FloatArray], rows: tuple[int, int]) -> None:
    """Write orders and value by month: of the open opportunities, of leads to come, together."""
    values, chances = known
    table, count = study.forecast.table, len(study.forecast.table)
    worth = f"$C${rows[0] + 1}:$C${rows[1] + 1}"
    open_orders, open_value = chances.sum(axis=0), values @ chances
    new_orders, new_value = (table[name].to_numpy(float) for name in ("of_new", "value_of_new"))
    for row, label, own in (
        (3, "Orders from open opportunities", open_orders),
        (4, "Orders from leads still to come", new_orders),
        (5, "Orders", open_orders + new_orders),
        (6, "Value from open opportunities", open_value),
        (7, "Value from leads still to come", new_value),
        (8, "Value", open_value + new_value),
    ):
        page.put(row, 0, label, "strong" if row in (5, 8) else "text")
        look = "number" if row < 6 else "amount"
        for place, value in enumerate(own.tolist()):
            column = FIRST + place
            chance = f"{cell(rows[0], column, 'r')}:{cell(rows[1], column, 'r')}"
            text = {3: f"SUM({chance})", 6: f"SUMPRODUCT({worth},{chance})"}.get(
                row, f"{cell(row - 2, column)}+{cell(row - 1, column)}"
            )
            if row in (4, 7):
                page.put(row, column, value, "input")
            else:
                page.formula(row, column, text, value, look)
        text = f"SUM({cell(row, FIRST)}:{cell(row, FIRST + count - 1)})"
        page.formula(row, 3, text, float(own.sum()), look)


def _by_stage(
    page: Page, stages: list[str], known: tuple[list[str], FloatArray, FloatArray], rows: tuple[int, int]
) -> None:
    """Write number, value and expected value of the open opportunities by stage."""
    of_stage, values, chances = np.array(known[0], dtype=object), known[1], known[2].sum(axis=1)
    page.heads(TOP + 1, ["Stage", "Opportunities", "Value", "Orders expected", "Expected value"], words={0})
    names, worth, orders, expected = (
        f"${column_name(column)}${rows[0] + 1}:${column_name(column)}${rows[1] + 1}"
        for column in (1, 2, 3, 4)
    )
    for row, stage in enumerate(stages, TOP + 2):
        here, mine = cell(row, 0, "c"), of_stage == stage
        page.put(row, 0, stage)
        page.formula(row, 1, f"COUNTIF({names},{here})", float(mine.sum()))
        for column, source, amounts, look in (
            (2, worth, values, "amount"),
            (3, orders, chances, "number"),
            (4, expected, values * chances, "amount"),
        ):
            text = f"SUMIF({names},{here},{source})"
            page.formula(row, column, text, float(amounts[mine].sum()), look)
