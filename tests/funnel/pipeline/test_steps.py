import numpy as np
import pandas as pd
import pytest

from tests.funnel import made
from tests.funnel.records import FUNNEL, changes, ways
from vs_toolkit.funnel.pipeline.steps import steps
from vs_toolkit.funnel.record.history import read_history


def of(record, day="2026-03-31"):
    return steps(read_history(record, FUNNEL, day))


def test_every_visit_is_counted_by_how_it_ended():
    table = of(ways(A="Lead 1 Offer 5 Lead 9 Offer 12 Order 20", B="Lead 1 Lost 4", C="Offer 2")).table
    assert table.loc["Lead", ["visits", "forward", "back", "lost", "still"]].tolist() == [3, 2, 0, 1, 0]
    assert table.loc["Offer", ["visits", "forward", "back", "lost", "still"]].tolist() == [3, 1, 1, 0, 1]
    assert table.loc["Lead", "conversion"] == pytest.approx(2 / 3)
    assert table.loc["Lead", "days"] == 3.5  # 4 and 3 days
    # Of three offers one goes back on day 4; of the other two one goes on on day 8, one is there still.
    assert table.loc["Offer", "conversion"] == pytest.approx(1 / 3)


def test_open_visits_are_not_counted_as_ended():
    # Day 2: one of four goes on; day 3: one is seen no longer; day 4: one of two is lost; day 6: one goes on.
    record = ways(A="Lead 1 Offer 3", B="Lead 7", C="Lead 1 Lost 5", D="Lead 1 Offer 7")
    found = of(record, "2026-03-10").table.loc["Lead"]
    # 1/4 at day 2; still 3/4, of it 1/2 lost at day 4; the other 3/8 goes on at day 6: 1/4 + 3/8.
    assert found["still"] == 1 and found["conversion"] == pytest.approx(5 / 8)


def test_the_slow_ones_are_stalled():
    ways_on = {f"A{i}": f"Lead 1 Offer {i + 2}" for i in range(10)}  # 1 to 10 days
    found = of(ways(**ways_on, B="Lead 1", C="Lead 28"))
    assert found.table.loc["Lead", "days_90"] == pytest.approx(np.quantile(range(1, 11), 0.9))
    assert found.stalled.index.tolist() == ["B"] and found.stalled.loc["B", "days"] == 30
    assert found.table.loc["Lead", "stalled"] == 1 and np.isnan(found.table.loc["Accepted", "stalled"])


def test_empty_and_all_lost():
    assert of(changes()).table["visits"].tolist() == [0, 0, 0]
    lost = of(ways(A="Lead 1 Lost 4", B="Lead 2 Lost 9"))
    assert lost.table.loc["Lead", "conversion"] == 0 and np.isnan(lost.table.loc["Lead", "days"])
    assert lost.stalled.empty


def test_the_generated_process_is_measured():
    # Standard equipment: chance to go on from a lead 0.6 / (0.6 + 0.4 e^-0.2) by its odds of losing.
    histories = made.made(3000)
    standard = histories.opportunities.loc[
        histories.opportunities["segment"] == "Standard equipment", "opportunity_id"
    ]
    record = histories.status_changes[histories.status_changes["opportunity_id"].isin(standard)]
    found = steps(read_history(record, made.FUNNEL, "2026-06-30")).table.loc["Lead qualified"]
    true = 0.6 / (0.6 + 0.4 * np.exp(-0.2))
    assert found["low"] - 0.01 < true < found["high"] + 0.01


def test_order_of_rows_does_not_matter():
    record = made.made(200).status_changes
    mixed = record.sample(frac=1, random_state=3)
    first, second = (steps(read_history(rows, made.FUNNEL, made.AS_OF)) for rows in (record, mixed))
    pd.testing.assert_frame_equal(first.table, second.table)
    pd.testing.assert_frame_equal(first.stalled, second.stalled)
