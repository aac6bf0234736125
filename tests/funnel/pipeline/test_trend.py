import pandas as pd
import pytest

from tests.funnel import made
from tests.funnel.records import FUNNEL, changes, ways
from vs_toolkit.funnel.outlook.past import look_back
from vs_toolkit.funnel.pipeline.trend import RULE, TrendRule, read_activities, trend_effect, trends
from vs_toolkit.funnel.record.cases import month_starts
from vs_toolkit.funnel.record.events import read_events
from vs_toolkit.funnel.record.history import read_history
from vs_toolkit.funnel.record.recorded import read_recorded

NOTHING_DONE = pd.DataFrame(
    {"opportunity_id": pd.Series(dtype=str), "date": pd.Series(dtype="datetime64[us]")}
)


def named(record, day, activities=NOTHING_DONE, rule=RULE):
    history = read_history(record, FUNNEL, day)
    return trends(history, read_recorded(record, history.ids), activities, rule)


@pytest.mark.parametrize(
    ("day", "trend"),
    [
        ("2026-03-15", "developing"),
        ("2026-03-16", "stable"),
        ("2026-04-12", "stable"),
        ("2026-04-13", "fading"),
    ],
)
def test_two_weeks_of_silence_are_stable_and_four_more_are_fading(day, trend):
    assert named(ways(A="Lead 1"), day)["trend"].to_dict() == {"A": trend}


def test_stable_weeks_are_a_choice():
    assert named(ways(A="Lead 1"), "2026-03-23", rule=TrendRule(stable_weeks=1)).loc["A", "trend"] == "fading"


def test_work_on_a_case_is_a_sign_of_life_but_not_work_to_come():
    work = pd.DataFrame({"opportunity_id": "A", "date": pd.to_datetime(["2026-04-10", "2026-06-01"])})
    case = named(ways(A="Lead 1"), "2026-04-20", work).loc["A"]
    assert (case["trend"], case["quiet_days"]) == ("developing", 10)


def test_a_step_back_fades_until_something_is_done():
    record = ways(A="Lead 1 Offer 5 Lead 20")
    assert named(record, "2026-03-22").loc["A", ["trend", "reason"]].tolist() == [
        "fading",
        "step back, nothing since",
    ]
    work = pd.DataFrame({"opportunity_id": ["A"], "date": ["2026-03-21"]})
    assert named(record, "2026-03-22", work).loc["A", "trend"] == "developing"
    assert named(ways(A="Lead 1 Offer 5 Lead 8 Offer 20"), "2026-03-22").loc["A", "trend"] == "developing"


def test_a_decision_moved_later_twice_in_one_status_fades():
    record = ways(A="Lead 1 Offer 5 Offer 10 Offer 15").assign(
        expected_decision=pd.to_datetime(["2026-04-01", "2026-05-01", "2026-06-01", "2026-07-01"])
    )
    # Moved with the step to Offer does not count; in Offer it was moved once by the 12th, twice by the 16th.
    assert named(record, "2026-03-12").loc["A", ["trend", "pushes"]].tolist() == ["developing", 1]
    assert named(record, "2026-03-16").loc["A", ["trend", "pushes"]].tolist() == ["fading", 2]


def test_a_decision_moved_earlier_is_no_push():
    record = ways(A="Lead 1 Lead 3 Lead 5").assign(
        expected_decision=pd.to_datetime(["2026-06-01", "2026-05-01", None])
    )
    assert named(record, "2026-03-10").loc["A", "pushes"] == 0


def test_closed_cases_have_no_trend():
    assert named(ways(A="Lead 1 Order 3", B="Lead 1 Lost 2"), "2026-03-10").empty
    assert named(changes(), "2026-03-10").empty


def seen(trend, won, lost, status="Lead", start=0):
    ids = range(start, start + won + lost)
    return pd.DataFrame(
        {"opportunity_id": ids, "status": status, "trend": trend, "won": [True] * won + [False] * lost}
    )


def test_the_effect_compares_within_the_status():
    # Leads are won 1 in 10, offers 5 in 10, whatever the trend: fading ones are mostly leads, not worse.
    rows = [
        seen("fading", 9, 81), seen("developing", 1, 9, start=100),
        seen("fading", 15, 15, "Offer", 200), seen("developing", 45, 45, "Offer", 300),
    ]  # fmt: skip
    effect = trend_effect(pd.concat(rows))
    assert effect["ratio"].dropna().tolist() == pytest.approx([1, 1])
    assert (effect["low"] < 1).loc["fading"] and (effect["high"] > 1).loc["fading"]


def test_an_effect_in_the_data_is_measured():
    # All in one status, 40 of 200 won: 20 expected of each hundred; 32 and 8 came.
    effect = trend_effect(pd.concat([seen("developing", 32, 68), seen("fading", 8, 92, start=500)]))
    assert effect["ratio"].dropna().tolist() == pytest.approx([1.6, 0.4])
    assert effect.loc["fading", "high"] < 1 < effect.loc["developing", "low"]


def test_a_probability_that_knew_as_much_leaves_no_effect():
    rows = pd.concat([seen("developing", 30, 70), seen("fading", 10, 90, start=500)])
    knowing = rows.assign(win_probability=rows["trend"].map({"developing": 0.3, "fading": 0.1}))
    assert trend_effect(knowing)["ratio"].dropna().tolist() == pytest.approx([1, 1])


def test_a_case_seen_often_tells_no_more_than_once():
    rows = pd.concat([seen("developing", 30, 70), seen("fading", 10, 90, start=500)])
    once, often = trend_effect(rows), trend_effect(pd.concat([rows] * 5))
    assert (often["high"] / often["low"]).dropna().tolist() == pytest.approx(
        (once["high"] / once["low"]).dropna().tolist()
    )


def test_few_cases_and_no_order_say_nothing():
    few = trend_effect(seen("fading", 2, 5))
    assert few["ratio"].isna().all() and few.loc["fading", "cases"] == 7
    none = trend_effect(pd.concat([seen("fading", 0, 40), seen("stable", 10, 30, start=100)]))
    assert none.loc["fading", "ratio"] == 0 and pd.isna(none.loc["fading", "low"])
    assert trend_effect(seen("fading", 0, 0))["cases"].tolist() == [0, 0, 0]


def test_fading_cases_of_the_generated_company_are_won_less():
    record = made.made(800).status_changes
    events, days = read_events(record, made.FUNNEL), month_starts("2023-06-01", "2025-06-01", every=3)
    work = read_activities(NOTHING_DONE, events.ids)
    past = look_back(events, read_recorded(record, events.ids), days, 180, "2026-06-30", activities=work)
    assert past.rows["trend"].notna().all()
    effect = trend_effect(past.rows.assign(won=past.won_within(180)))
    assert effect.loc["fading", "high"] < 1 < effect.loc["developing", "low"]


def test_past_trends_are_those_of_the_day():
    record = made.made(300).status_changes
    events, day = read_events(record, made.FUNNEL), "2024-12-31"
    work = pd.DataFrame(
        {"opportunity_id": record["opportunity_id"][::5], "date": record["changed_at"].dt.date[::5]}
    )
    recorded = read_recorded(record, events.ids)
    past = look_back(events, recorded, [day], 90, made.AS_OF, activities=read_activities(work, events.ids))
    known = record[record["changed_at"] < "2025-01-01"]
    history = read_history(known, made.FUNNEL, day)
    then = trends(history, read_recorded(known, history.ids), work)
    assert past.rows.set_index("opportunity_id")["trend"].to_dict() == then["trend"].to_dict()
