import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.shared import shared
from vs_toolkit.funnel.rates.people import group_hit_rates


def closed(**groups: tuple[int, int]) -> pd.DataFrame:
    """Cases by group, written as (won, lost)."""
    rows = [
        (name, outcome)
        for name, counts in groups.items()
        for outcome, n in zip(("won", "lost"), counts, strict=True)
        for _ in range(n)
    ]
    return pd.DataFrame(rows, columns=["owner_id", "outcome"])


def test_a_group_is_drawn_to_the_common_rate_by_what_chance_may_explain():
    few = group_hit_rates(closed(A=(4, 1), B=(300, 700), C=(310, 690)), "owner_id").table
    assert 0.3 < few.loc["A", "shrunk"] < 0.5 < 0.8 == few.loc["A", "hit_rate"]
    many = group_hit_rates(closed(A=(400, 100), B=(300, 700), C=(310, 690)), "owner_id").table
    assert many.loc["A", "shrunk"] == pytest.approx(0.8, abs=0.01)


def test_equal_groups_are_not_told_apart():
    result = group_hit_rates(closed(A=(30, 70), B=(31, 69), C=(29, 71), D=(30, 70)), "owner_id")
    assert not result.distinguishable and math.isinf(result.worth)
    assert result.verdict.startswith("No statistically significant difference")
    assert np.ptp(result.table["shrunk"]) < np.ptp(result.table["hit_rate"]) / 3


def test_real_differences_are_found_and_rates_covered():
    rng = np.random.default_rng(7)
    truth = rng.beta(0.3 * 20, 0.7 * 20, 40)  # groups are worth 20 cases: sd 0.1
    won = rng.binomial(60, truth)
    result = group_hit_rates(closed(**{f"P{i:02d}": (w, 60 - w) for i, w in enumerate(won)}), "owner_id")
    table = result.table.sort_index()
    assert result.distinguishable and 8 < result.worth < 50
    assert ((table["low"] < truth) & (truth < table["high"])).mean() >= 0.8
    shrunk_error, raw_error = ((table[name] - truth) ** 2 for name in ("shrunk", "hit_rate"))
    assert shrunk_error.mean() < raw_error.mean()


def test_intervals_hold_their_level_where_all_are_alike():
    rng, held = np.random.default_rng(3), []
    for _ in range(8):
        won = rng.binomial(25, 0.4, 12)
        table = group_hit_rates(closed(**{f"P{i}": (w, 25 - w) for i, w in enumerate(won)}), "owner_id").table
        held.append(((table["low"] < 0.4) & (table["high"] > 0.4)).mean())
    assert np.mean(held) >= 0.85


def test_open_and_nameless_cases_are_counted_but_not_judged():
    cases = pd.concat(
        [closed(A=(3, 1)), pd.DataFrame({"owner_id": ["A", "B", None], "outcome": ["open", "open", "won"]})]
    )
    result = group_hit_rates(cases, "owner_id")
    assert result.table.loc["A", ["won", "lost", "open"]].tolist() == [3, 1, 1]
    assert np.isnan(result.table.loc["B", "shrunk"]) and result.ungrouped == 1
    assert result.overall == 0.75


def test_empty_and_one_sided_tables():
    assert group_hit_rates(closed(), "owner_id").table.empty
    lost = group_hit_rates(closed(A=(0, 5), B=(0, 3)), "owner_id")
    assert lost.overall == 0 and "not testable" in lost.verdict
    assert lost.table["high"].between(0.05, 0.6).all()


@settings(deadline=None, max_examples=5)
@given(st.permutations(range(40)))
def test_order_of_rows_does_not_matter(order):
    cases = closed(A=(8, 2), B=(2, 8), C=(5, 15))
    expected = group_hit_rates(cases, "owner_id")
    found = group_hit_rates(cases.iloc[list(order)], "owner_id")
    pd.testing.assert_frame_equal(found.table, expected.table)
    assert found.p_value == expected.p_value


def maven() -> pd.DataFrame:
    pipeline, teams = (
        pd.read_csv(shared(f"data/maven/{name}.csv")) for name in ("sales_pipeline", "sales_teams")
    )
    outcome = pipeline["deal_stage"].map({"Won": "won", "Lost": "lost"}).fillna("open")
    return pipeline.assign(outcome=outcome).merge(teams, on="sales_agent", validate="many_to_one")


def test_the_thirty_salespeople_of_maven_are_not_told_apart():
    result = group_hit_rates(maven(), "sales_agent")
    closed = result.table["won"] + result.table["lost"]
    assert len(result.table) == 30 and closed.sum() == 6711
    assert result.table["hit_rate"].min() == pytest.approx(0.55, abs=0.005)
    assert result.table["hit_rate"].max() == pytest.approx(0.70, abs=0.005)
    assert result.p_value == pytest.approx(0.26, abs=0.005)
    assert result.verdict == "No statistically significant difference (p = 0.26)"
    assert result.table["shrunk"].between(0.60, 0.66).all()


@pytest.mark.parametrize("by", ["manager", "regional_office"])
def test_neither_are_its_teams_and_regions(by):
    assert not group_hit_rates(maven(), by).distinguishable
