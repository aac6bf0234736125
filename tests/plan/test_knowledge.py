import math

import pandas as pd
import pytest

from tests.plan.made import plan_of

ROWS = """\
customer_id,topic,question,recorded_on,answer,source
C1,vision and goals,Where to?,2025-06-30,Cost leader,customer
C1,vision and goals,Why?,2026-01-01,,
C1,vision and goals,How?,2026-06-30,By scale,our people
C1,relationship,Why us?,2024-01-01,Speed,customer
C1,relationship,Why us?,2026-03-31,Service,market study
"""


def test_completeness_and_age(tmp_path):
    found = plan_of(tmp_path, knowledge=ROWS).knowledge
    vision = found.loc["vision and goals"]
    assert (vision["questions"], vision["answered"], vision["from_customer"]) == (3, 2, 1)
    assert vision["share"] == pytest.approx(2 / 3)
    assert vision["age"] == pytest.approx(12, abs=0.01)  # the oldest answer: 365 days
    assert found.loc["relationship", "oldest"] == pd.Timestamp("2026-03-31")  # the newest answer counts
    assert found.loc["relationship", "from_customer"] == 0


def test_a_topic_without_questions_is_there_and_not_known(tmp_path):
    found = plan_of(tmp_path, knowledge=ROWS).knowledge.loc["financial position"]
    assert (found["questions"], found["answered"]) == (0, 0)
    assert math.isnan(found["share"]) and math.isnan(found["age"]) and pd.isna(found["oldest"])
