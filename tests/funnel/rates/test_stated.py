import math

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logit

from tests.funnel import made
from tests.funnel.records import FUNNEL, ways
from vs_toolkit.funnel.rates.stated import stated_against_realised, statements
from vs_toolkit.funnel.record.history import read_history


def told(owner: str, stated: float, won: int, lost: int, start: int = 0) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "opportunity_id": [f"{owner}{i}" for i in range(start, start + won + lost)],
            "stated_at": pd.Timestamp("2026-01-05"),
            "stated": stated,
            "outcome": ["won"] * won + ["lost"] * lost,
            "owner_id": owner,
        }
    )


def of_people(truth, seed: int) -> pd.DataFrame:
    histories = made.made(2500, seed, truth)
    rows = statements(made.history(2500, seed, truth, "2026-06-30"), histories.status_changes)
    return rows.join(histories.opportunities.set_index("opportunity_id")["person"], on="opportunity_id")


def test_only_the_first_statement_in_a_status_known_by_the_day_counts():
    record = ways(A="Lead 1 Lead 3 Offer 5 Order 9", B="Lead 2")
    record["stated_probability"] = [0.2, 0.9, 0.6, None, 0.3]
    rows = statements(read_history(record, FUNNEL, "2026-03-06"), record)
    assert rows[["opportunity_id", "stated", "outcome"]].values.tolist() == [
        ["A", 0.2, "open"],
        ["A", 0.6, "open"],
        ["B", 0.3, "open"],
    ]


def test_bias_is_the_distance_of_log_odds():
    # Stated 50%, one in four comes true: logit(0.25) - logit(0.5) = log(1/3) = -1.0986.
    rows = told("A", 0.5, 250, 750)
    check = stated_against_realised(rows, "owner_id")
    assert check.bias[0] == pytest.approx(math.log(1 / 3), abs=1e-6)
    assert check.table.loc["A", "bias"] == pytest.approx(math.log(1 / 3), abs=0.03)
    assert check.table.loc["A", ["expected", "won"]].tolist() == [500.0, 250.0]


def test_slope_below_one_says_that_statements_are_too_extreme():
    # Stated 10% and 90%, come true 25% and 75%: slope = logit(0.75) / logit(0.9) = 1.0986 / 2.1972 = 0.5.
    rows = pd.concat([told("A", 0.1, 250, 750), told("A", 0.9, 750, 250, start=1000)])
    check = stated_against_realised(rows, "owner_id")
    assert check.slope[0] == pytest.approx(0.5, abs=1e-6)
    assert check.slope[1] < 0.5 < check.slope[2] < 1
    assert check.bias[0] == pytest.approx(0, abs=1e-6)


def test_the_generated_optimists_and_pessimists_are_found():
    check = stated_against_realised(of_people(made.STEADY_FUNNEL, seed=1), "person")
    true = pd.Series(made.STEADY_FUNNEL.biases)
    assert check.distinguishable
    assert check.table["bias"].corr(-true) > 0.8
    assert check.table.loc[[0, 1], "verdict"].tolist() == ["optimist"] * 2  # said 1.1 and 0.8 too much
    assert check.table.loc[11, "verdict"] == "pessimist"  # said 0.9 too little
    assert check.slope[2] < 1  # each statement is off by chance as well


def test_honest_people_are_not_told_apart():
    check = stated_against_realised(of_people(made.HONEST, seed=2), "person")
    assert not check.distinguishable and "No statistically significant" in check.verdict
    assert check.table["verdict"].nunique() == 1


def test_many_statements_of_opposite_people_are_kept_apart():
    rows = pd.concat([told("A", 0.5, 1000, 19_000), told("B", 0.5, 19_000, 1000)])
    table = stated_against_realised(rows, "owner_id").table
    assert table["bias"].tolist() == pytest.approx(
        [-math.log(19), math.log(19)], abs=0.02
    )  # logit of 5 and 95%


def test_statements_that_tell_won_from_lost_without_error_give_no_slope():
    rows = pd.concat([told("A", 0.2, 0, 30), told("B", 0.8, 30, 0)])
    assert math.isnan(stated_against_realised(rows, "owner_id").slope[0])


def test_estimates_are_those_of_a_regression_with_clustered_errors():
    rng = np.random.default_rng(7)
    case = np.sort(rng.integers(120, size=300))
    won = (rng.random(120) < 0.4)[case]
    rows = pd.DataFrame(
        {
            "opportunity_id": case,
            "stated_at": pd.Timestamp("2026-01-05"),
            "stated": rng.choice([0.1, 0.3, 0.5, 0.8], 300),
            "outcome": np.where(won, "won", "lost"),
            "owner_id": "A",
        }
    )
    check, offset = stated_against_realised(rows, "owner_id"), logit(rows["stated"]).to_numpy()
    clustered = {"cov_type": "cluster", "cov_kwds": {"groups": case}}
    for found, design, given_offset in (
        (check.bias, np.ones((300, 1)), offset),
        (check.slope, np.column_stack([np.ones(300), offset]), None),
    ):
        model = sm.GLM(won.astype(float), design, family=sm.families.Binomial(), offset=given_offset)
        fitted = model.fit(**clustered)
        expected = [fitted.params[-1], *fitted.conf_int(0.1)[-1]]
        assert found == pytest.approx(expected, rel=1e-6)


def test_more_statements_on_the_same_cases_tell_no_more():
    once = pd.concat([told("A", 0.3, 20, 40), told("B", 0.3, 10, 50)])
    again = pd.concat([once, once.assign(stated_at=pd.Timestamp("2026-01-06"))])
    first, second = (stated_against_realised(rows, "owner_id") for rows in (once, again))
    assert second.p_value == pytest.approx(first.p_value, rel=0.05)
    width = [check.table["high"] - check.table["low"] for check in (first, second)]
    assert width[1].to_numpy() == pytest.approx(width[0].to_numpy(), rel=0.02)


def test_statements_on_cases_still_open_wait():
    rows = told("A", 0.5, 30, 30)
    late = told("A", 0.5, 5, 0, start=100).assign(stated_at=pd.Timestamp("2026-03-01"))
    unsettled = told("A", 0.5, 20, 0, start=200).assign(stated_at=pd.Timestamp("2026-03-02"), outcome="open")
    check = stated_against_realised(pd.concat([rows, late, unsettled]), "owner_id")
    assert check.table.loc["A", "statements"] == 65  # up to the day before most are open
    assert check.settled_until == pd.Timestamp("2026-03-02")


@pytest.mark.parametrize(
    "rows", [told("A", 0.5, 0, 0), told("A", 0.5, 1, 0), told("A", 0.9, 0, 30), told("A", 1.0, 3, 3)]
)
def test_few_or_one_sided_statements(rows):
    check = stated_against_realised(rows, "owner_id")
    assert len(check.table) == rows["owner_id"].nunique()
    assert math.isnan(check.p_value) and "not testable" in check.verdict
    assert math.isnan(check.slope[0])
    assert np.isfinite(check.table[["bias", "low", "high"]].to_numpy(float)).all()


@settings(deadline=None, max_examples=5)
@given(st.permutations(range(60)))
def test_order_of_rows_does_not_matter(order):
    rows = pd.concat([told("A", 0.3, 10, 20), told("B", 0.6, 10, 20)], ignore_index=True)
    expected = stated_against_realised(rows, "owner_id")
    found = stated_against_realised(rows.iloc[list(order)], "owner_id")
    pd.testing.assert_frame_equal(found.table, expected.table)
    assert found.bias == pytest.approx(expected.bias)
