import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from tests.funnel.records import FUNNEL, LOANS, SIX, changes, loans, records, ways
from vs_toolkit.funnel.rates.blending import Rules
from vs_toolkit.funnel.rates.calibration import calibrate, calibrate_by


def test_six_leads_by_hand():
    lead = calibrate(SIX, FUNNEL, "2026-03-20").table.loc["Lead"]
    assert lead[["reached", "won", "lost", "open"]].tolist() == [6, 2, 2, 2]
    assert lead["closed_only"] == 0.5
    assert lead["hit_rate"] == pytest.approx(7 / 18)  # see test_incidence.test_six_cases_by_hand
    assert lead["undecided"] == pytest.approx(2 / 9)
    assert lead["cases_per_order"] == pytest.approx(18 / 7)
    # 1/6 of all is won by day 2: less than half of 7/18, more than a quarter; 7/18 by day 5.
    assert lead[["days_to_order_25", "days_to_order", "days_to_order_75"]].tolist() == [2, 5, 5]


def test_orders_within_a_horizon():
    table = calibrate(SIX, FUNNEL, "2026-03-20", horizon_days=4).table
    assert table.at["Lead", "hit_rate"] == pytest.approx(1 / 6)
    assert table.at["Lead", "undecided"] == pytest.approx(2 / 3)


def test_nobody_won_within_a_horizon_is_zero_where_all_were_followed_so_long():
    lead = calibrate(ways(A="Lead 1", B="Lead 2"), FUNNEL, "2026-03-20", horizon_days=10).table.loc["Lead"]
    assert (lead["hit_rate"], lead["low"], lead["effective_n"], lead["cases_per_order"]) == (0, 0, 2, np.inf)


def test_without_open_cases_everything_is_as_counted():
    rows = {f"W{i}": "Lead 1 Offer 4 Order 9" for i in range(18)}
    rows |= {f"L{i}": "Lead 1 Offer 4 Lost 9" for i in range(12)} | {
        f"X{i}": "Lead 1 Lost 2" for i in range(30)
    }
    table = calibrate(ways(**rows), FUNNEL, "2026-03-20").table
    assert table["hit_rate"].tolist()[:2] == pytest.approx([0.3, 0.6])
    assert table["effective_n"].tolist()[:2] == pytest.approx([60, 30])
    low, high = proportion_confint(18, 60, alpha=0.1, method="jeffreys")
    assert table.loc["Lead", ["low", "high"]].tolist() == pytest.approx([low, high])
    assert table.loc["Lead", ["cases_per_order_low", "cases_per_order_high"]].tolist() == pytest.approx(
        [1 / high, 1 / low]
    )
    # 60 cases against a nominal 0.1 worth 10: (60 x 0.3 + 10 x 0.1) / 70
    assert table.at["Lead", "blended"] == pytest.approx(19 / 70)
    assert table["verdict"].tolist() == ["default too low", "consistent", "too few closed"]


def test_a_nominal_is_not_too_high_while_the_undecided_could_still_bring_it_about():
    rows = {f"W{i}": "Lead 1 Order 3" for i in range(10)} | {f"L{i}": "Lead 1 Lost 2" for i in range(20)}
    funnel = FUNNEL.assign(nominal_probability=0.6)
    closed = calibrate(ways(**rows), funnel, "2026-03-20").table.loc["Lead"]
    assert closed["verdict"] == "default too high"  # 10 of 30
    rows |= {f"O{i}": "Lead 1" for i in range(30)}
    half_open = calibrate(ways(**rows), funnel, "2026-03-20").table.loc["Lead"]
    assert half_open["verdict"] == "consistent"  # 10 of 60 so far, 30 undecided
    assert half_open["reason"] == "50% of the opportunities are undecided; the win rate is what is won so far"


def test_a_missing_nominal_is_said_to_be_missing():
    table = calibrate(SIX, FUNNEL.assign(nominal_probability=np.nan), "2026-03-20").table
    assert table.at["Lead", "verdict"] == "no default"
    assert np.isnan(table.at["Lead", "blended"])


def test_groups_stand_only_where_enough_cases_are_closed():
    rows = {f"W{i}": "Lead 1 Order 9" for i in range(15)} | {f"L{i}": "Lead 1 Lost 9" for i in range(10)}
    north = pd.Series("North", [*[f"W{i}" for i in range(12)], *[f"L{i}" for i in range(8)]])
    calibration = calibrate(ways(**rows), FUNNEL, "2026-03-20")
    leads = calibrate_by(calibration, north).xs("Lead", level="status")
    assert leads["reached"].to_dict() == {"North": 20, "not recorded": 5}
    assert leads.at["North", "hit_rate"] == pytest.approx(0.6)
    assert np.isnan(leads.at["not recorded", "hit_rate"])
    assert leads.at["not recorded", "blended"] == pytest.approx((3 + 10 * 0.1) / 15)
    assert (
        leads.at["not recorded", "reason"]
        == "5 closed opportunities, too few to stand without the default probability"
    )


def test_cases_older_than_the_record_do_not_flatter_it():
    # Two old leads survived until recording began on the 10th and were won; two new ones were lost.
    record = ways(A="Lead 1 Order 12", B="Lead 1 Order 14", C="Lead 10 Lost 11", D="Lead 10 Lost 16")
    assert calibrate(record, FUNNEL, "2026-03-28").table.at["Lead", "hit_rate"] == 0.5
    truncated = calibrate(record, FUNNEL, "2026-03-28", rules=Rules(recorded_from="2026-03-10")).table
    # Day 1: of C and D one is lost. Day 6: D is lost too; A and B were not under observation before day 9.
    assert truncated.at["Lead", "hit_rate"] == 0


def test_the_curve_ends_at_the_hit_rate():
    calibration = calibrate(SIX, FUNNEL, "2026-03-20")
    curve, lead = calibration.curve("Lead"), calibration.table.loc["Lead"]
    assert curve["days"].tolist() == [2, 3, 5, 6]
    assert curve["won"].iloc[-1] == lead["hit_rate"]
    assert curve[["won", "lost", "undecided"]].sum(axis=1).tolist() == pytest.approx([1, 1, 1, 1])


PUBLISHED = pd.DataFrame(  # computed with three other libraries, which agree to four decimals
    [
        ("A_SUBMITTED", 13087, 2246, 10442, 399, 0.1770, 0.1619, 0.1799, 5.56),
        ("A_PREACCEPTED", 7367, 2246, 4722, 399, 0.3223, 0.2878, 0.3196, 3.13),
        ("A_ACCEPTED", 5113, 2246, 2537, 330, 0.4696, 0.4201, 0.4614, 2.17),
        ("O_SENT", 5015, 2246, 2442, 327, 0.4791, 0.4283, 0.4702, 2.13),
        ("O_SENT_BACK", 3254, 2246, 912, 96, 0.7112, 0.7050, 0.7105, 1.41),
    ],
    columns=[
        "status", "reached", "won", "lost", "open",
        "closed_only", "in_30_days", "hit_rate", "cases_per_order",
    ],
).set_index("status")  # fmt: skip


def test_loan_applications_come_out_as_in_other_libraries():
    table = calibrate(loans(), LOANS, "2012-03-14").table
    counts = ["reached", "won", "lost", "open"]
    pd.testing.assert_frame_equal(table[counts], PUBLISHED[counts])
    shares = ["closed_only", "hit_rate"]
    pd.testing.assert_frame_equal(table[shares].round(4), PUBLISHED[shares])
    assert table["cases_per_order"].round(2).tolist() == PUBLISHED["cases_per_order"].tolist()
    soon = calibrate(loans(), LOANS, "2012-03-14", horizon_days=30).table
    assert soon["hit_rate"].round(4).tolist() == PUBLISHED["in_30_days"].tolist()


@settings(deadline=None, max_examples=25)
@given(records(), st.integers(0, 2**32 - 1), st.integers(1, 28))
def test_order_names_and_later_rows_change_nothing(record, seed, day):
    as_of = f"2026-03-{day:02d}"
    ours = calibrate(record, FUNNEL, as_of).table
    renamed = record.assign(
        opportunity_id=record["opportunity_id"].map(lambda name: f"Z{ord('Z') - ord(name)}")
    )
    later = changes(("A", "2026-04-01", "Order"), ("Z", "2026-04-02", "Lead"), ("B", "2026-05-02", "Lead"))
    other = pd.concat([renamed.sample(frac=1, random_state=seed), later])
    pd.testing.assert_frame_equal(ours, calibrate(other, FUNNEL, as_of).table)


@settings(deadline=None, max_examples=25)
@given(records())
def test_shares_are_shares_and_intervals_hold_them(record):
    table = calibrate(record, FUNNEL, "2026-03-28").table
    known = table[table["hit_rate"].notna()]
    assert (known["low"] <= known["hit_rate"] + 1e-12).all() and (
        known["hit_rate"] <= known["high"] + 1e-12
    ).all()
    assert known[["low", "high", "blended"]].stack().between(0, 1).all()
    assert (table[["won", "lost", "open"]].sum(axis=1) == table["reached"]).all()
