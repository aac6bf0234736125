from datetime import date

import numpy as np
import pandas as pd
import pytest

from tests.funnel.records import FUNNEL, SIX, ways
from vs_toolkit.errors import InputError, ParameterError
from vs_toolkit.funnel.rates.adoption import adopted, write_adopted
from vs_toolkit.funnel.rates.calibration import calibrate

DECIDED = date(2026, 4, 1)
MANY = ways(**{f"W{i}": "Lead 1 Order 9" for i in range(15)} | {f"L{i}": "Lead 1 Lost 9" for i in range(10)})


def decision(record=MANY):
    return adopted(calibrate(record, FUNNEL, "2026-03-20"), DECIDED)


def test_enough_cases_speak_for_themselves():
    assert decision().loc["Lead"].tolist() == [pytest.approx(0.6), DECIDED, 25, "Aalen-Johansen"]


def test_few_cases_are_mixed_and_the_method_says_so():
    lead = decision(SIX).loc["Lead"]
    assert lead["adopted_method"] == "Aalen-Johansen, mixed with the nominal worth 10 cases, 22% undecided"
    assert 0.1 < lead["adopted_probability"] < 7 / 18


def test_a_status_without_closed_cases_is_not_touched():
    assert decision().index.tolist() == ["Lead"]


def test_a_calibration_that_saw_later_days_or_less_than_all_orders_is_refused():
    with pytest.raises(ParameterError, match="would tell the future"):
        adopted(calibrate(MANY, FUNNEL, "2026-03-20"), date(2026, 3, 19))
    with pytest.raises(ParameterError, match="without a horizon"):
        adopted(calibrate(MANY, FUNNEL, "2026-03-20", horizon_days=30), DECIDED)


def test_a_csv_keeps_every_other_cell(tmp_path):
    file = tmp_path / "statuses.csv"
    file.write_text(
        'status,order,nominal_probability,definition\nLead,1,10%,"said, ""maybe"""\nOffer,2,0.50,\n'
    )
    write_adopted(file, decision())
    assert file.read_text() == (
        "status,order,nominal_probability,definition,adopted_probability,adopted_on,adopted_n,adopted_method\n"
        'Lead,1,10%,"said, ""maybe""",0.6,2026-04-01,25,Aalen-Johansen\n'
        "Offer,2,0.50,,,,,\n"
    )
    assert list(tmp_path.iterdir()) == [file]


def test_a_second_adoption_replaces_the_first(tmp_path):
    file = tmp_path / "statuses.csv"
    FUNNEL.to_csv(file, index=False)
    write_adopted(file, decision(SIX))
    write_adopted(file, decision())
    assert pd.read_csv(file).set_index("status").at["Lead", "adopted_n"] == 25


def test_parquet_keeps_types(tmp_path):
    file = tmp_path / "statuses.parquet"
    FUNNEL.to_parquet(file)
    write_adopted(file, decision())
    written = pd.read_parquet(file).set_index("status")
    pd.testing.assert_frame_equal(
        written[["order", "outcome"]], FUNNEL.set_index("status")[["order", "outcome"]]
    )
    assert written.at["Lead", "adopted_on"] == DECIDED
    assert np.isnan(written.at["Offer", "adopted_probability"])


def test_a_table_without_the_status_stays_as_it_was(tmp_path):
    file = tmp_path / "statuses.csv"
    file.write_text("status,order\nOffer,2\n")
    with pytest.raises(InputError, match=r"statuses\.csv, status: not in this table \(found: Lead\)"):
        write_adopted(file, decision())
    assert file.read_text() == "status,order\nOffer,2\n"


def test_other_kinds_of_file_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"write to a \.csv or \.parquet file"):
        write_adopted(tmp_path / "statuses.xlsx", decision())
