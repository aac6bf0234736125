"""What the drawings of the plan place, worked by hand."""

import numpy as np
import pytest

from tests.plan.made import plan_of
from vs_toolkit.charts import figure
from vs_toolkit.charts.drawing import drawing_of
from vs_toolkit.plan import charts

SCORES = "customer_id,opportunity_id,scale,element,assessed_on,score\n"
OPPORTUNITIES = "opportunity_id,customer_id,name,created_at,value,currency\n"
STATEMENTS = (
    "customer_id,year,published_on,currency,revenue,cost_of_goods,operating_expenses,total_assets,"
    "current_liabilities\nC1,2024,2025-03-01,EUR,100,60,20,80,30\nC1,2025,2026-03-01,EUR,100,60,20,80,30\n"
)
BENCHMARKS = "industry,indicator,unit,low,median,high,n,source\n"


def drawn(draw, plan):
    """Frame that a form was given."""
    _, ax = figure()
    return drawing_of(draw(ax, plan)).data[0]


def test_an_arrow_goes_as_far_as_the_divider_moves(tmp_path):
    """Dividers 50 and 50, moved by 15: attractiveness to 65, chance to 35."""
    points = {"A": (60, 80), "B": (80, 40), "C": (60, 40), "D": (90, 90)}
    scores = [
        f"C1,{name},{scale},{element},2026-01-01,{score}"
        for name, pair in points.items()
        for (scale, element), score in zip(
            (("attractiveness", "core_competence"), ("chance_to_win", "decision_process")), pair, strict=True
        )
    ]
    plan = plan_of(
        tmp_path,
        customers="customer_id,name\nC1,Acme\n",
        opportunities=OPPORTUNITIES + "".join(f"{o},C1,{o},2026-01-01,10,EUR\n" for o in points),
        assessments=SCORES + "\n".join(scores) + "\n",
    )
    frame = drawn(charts.matrix, plan)
    arrows = frame[["x", "y", "to_x", "to_y"]]
    assert arrows.loc["A"].tolist() == [80, 60, 80, 45]  # no longer attractive at full capacity
    assert arrows.loc["B"].tolist() == [40, 80, 55, 80]  # likely enough when cash is short
    assert arrows.loc["C"].to_numpy().tolist() == [[40, 60, 40, 45], [40, 60, 55, 60]]  # each apart
    assert np.isnan(arrows.loc["D", "to_x"])


def test_an_indicator_lies_between_the_worst_and_the_best_of_its_range(tmp_path):
    # Margin 40 % in 20 to 60 %, median 30 %: half way, the median at a quarter. Expenses 20 % in 10 to 30 %,
    # median 15 %, lower is better: half way again, the median at (0.15 - 0.30) / (0.10 - 0.30) = 0.75.
    plan = plan_of(
        tmp_path,
        statements=STATEMENTS,
        benchmarks=BENCHMARKS + "Dairy,Gross margin,share,0.2,0.3,0.6,9,Study\n"
        'Dairy,"Operating expenses, share of revenue",share,0.1,0.15,0.3,9,Study\n',
    )
    frame = drawn(charts.indicators, plan)
    assert frame.loc["Gross margin", ["value", "median"]].tolist() == pytest.approx([0.5, 0.25])
    expenses = frame.loc["Operating expenses, share of revenue"]
    assert [expenses["value"], expenses["median"]] == pytest.approx([0.5, 0.75])
    assert expenses["text"] == "20.0%: EUR 2.50 a year"  # half of 5 points of 100


def test_a_goal_is_drawn_against_the_time_elapsed(tmp_path):
    """From 10 to 30, now 15: a quarter attained; 181 of 365 days are over on 30 June."""
    plan = plan_of(
        tmp_path,
        goals="customer_id,goal_id,recorded_on,whose,goal,baseline,target,actual,start,due\n"
        "C1,G1,2026-01-01,ours,Share,10,30,15,2025-12-31,2026-12-31\n",
    )
    frame = drawn(charts.goals, plan)
    assert frame.loc["Share (ours)", "actual"] == 0.25
    assert frame.loc["Share (ours)", "target"] == pytest.approx(181 / 365)
    assert frame.loc["Share (ours)", "text"] == "25%, behind"
