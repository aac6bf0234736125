"""The report on published records: Microsoft's opportunity sample and Maven's pipeline; BPI 2012's
forecast.
"""

import pandas as pd
import pytest

from tests.funnel import published
from vs_toolkit import inputs
from vs_toolkit.funnel import findings, summary
from vs_toolkit.funnel.study import Study


def opened(folder, as_of, monkeypatch, **choices):
    monkeypatch.setenv("VS_SOURCE", str(folder))
    data = inputs.open_company(as_of=as_of)
    return Study(data.tables, data.as_of, **choices)


def test_weighted_pipeline_as_microsoft_published_it(tmp_path, monkeypatch):
    """Documentation of the opportunity analysis sample: revenue USD 2bn, factored USD 461m."""
    study = opened(published.powerbi(tmp_path), "2014-12-31", monkeypatch, months=12)
    worth = summary.weighted(study) / 1e6
    assert worth["default"] == pytest.approx(461.121, abs=5e-4)
    assert worth["plain"] == pytest.approx(2110.905, abs=5e-4)
    assert summary.BY_DEFAULT in summary.lead(study)
    assert study.by_age.isna().all(axis=None)


def test_differences_between_thirty_salespeople_may_be_chance(tmp_path, monkeypatch):
    study = opened(published.maven(tmp_path), "2017-12-31", monkeypatch)
    assert findings.people(study.hit_rates("owner_id")) == (
        "Observed win rates run from 55% to 70%. No statistically significant difference (p = 0.26)"
    )


def test_without_any_date_the_forecast_covers_the_orders_that_came(tmp_path, monkeypatch):
    """BPI 2012: no decision dates at all; 896 applications were won in the two months after 2011-12-31."""
    source = published.bpi2012(tmp_path)
    study = opened(source, "2011-12-31", monkeypatch, months=2, horizon_days=42)
    total = study.forecast.total
    changes = pd.read_csv(source / "status_changes.csv")
    won = changes[changes["status"].isin(["A_APPROVED", "A_REGISTERED", "A_ACTIVATED"])]
    first = pd.to_datetime(won["changed_at"], utc=True, format="ISO8601").groupby(won["opportunity_id"]).min()
    came = ((first >= "2012-01-01") & (first < "2012-03-01")).sum()
    assert came == pytest.approx(896, abs=5)
    assert total["orders_low"] <= 896 <= total["orders_high"]
