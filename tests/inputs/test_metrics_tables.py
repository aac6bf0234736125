"""Tables of sales and balances: months as people write them, seen when they are over, one currency."""

from datetime import date

import pytest

from tests.inputs.sources import csv_text, write_source
from vs_toolkit.errors import InputError
from vs_toolkit.inputs import read_source
from vs_toolkit.inputs.sources.readers import read_csv
from vs_toolkit.inputs.tables import TABLES
from vs_toolkit.inputs.tables.validate import validate
from vs_toolkit.inputs.views.view import view

HEAD = "customer_id,month,net_sales,currency\n"


def read_sales(rows):
    return validate(read_csv(csv_text(HEAD + rows).encode(), "sales", "sales.csv"), TABLES["sales"])


@pytest.mark.parametrize("written", ["2026-06", "2026-06-01", "2026-06-30", "2026-06-17"])
def test_any_day_of_a_month_stands_for_the_month(written):
    assert str(read_sales(f"C1,{written},100,EUR").frame["month"][0].date()) == "2026-06-01"


@pytest.mark.parametrize("written", ["2026-13", "June", "4617"])
def test_what_is_no_month_is_refused(written):
    (row,) = read_sales(f"C1,{written},100,EUR").problems
    assert row.problem.field == "month"


@pytest.mark.parametrize(("as_of", "seen"), [(date(2026, 6, 29), 1), (date(2026, 6, 30), 2)])
def test_a_month_is_seen_when_it_is_over(tmp_path, as_of, seen):
    write_source(tmp_path, sales=f"{HEAD}C1,2026-05,100,EUR\nC1,2026-06,100,EUR")
    assert len(view(read_source(tmp_path), as_of).customer("C1").tables["sales"]) == seen


def test_sales_are_not_for_the_customer_and_its_own_answers_are(tmp_path):
    write_source(tmp_path, sales=f"{HEAD}C1,2026-05,100,EUR")
    tables = view(read_source(tmp_path), date(2026, 6, 30), "customer").customer("C1").tables
    assert not {"sales", "balances", "market"} & set(tables)
    assert {"satisfaction", "service_levels"} <= set(tables)
    assert "respondent" not in tables["satisfaction"]


def test_equal_postings_are_kept(tmp_path):
    write_source(tmp_path, sales=f"{HEAD}C1,2026-05,100,EUR\nC1,2026-05,100,EUR")
    assert len(read_source(tmp_path).tables["sales"]) == 2


def test_a_second_currency_is_refused(tmp_path):
    write_source(tmp_path, sales=f"{HEAD}C1,2026-05,1,EUR\nC1,2026-05,1,EUR\nC1,2026-05,1,USD")
    with pytest.raises(InputError, match="convert this one"):
        view(read_source(tmp_path), date(2026, 6, 30)).customer("C1")
