"""The report on published records: Microsoft's opportunity sample and Maven's pipeline."""

import pytest

from tests.funnel import published
from vs_toolkit import inputs
from vs_toolkit.funnel import exhibits, findings, summary
from vs_toolkit.funnel.study import Review

BY_MONTH = [103.72, 48.96, 51.82, 43.46, 43.32, 47.19, 29.44, 15.81, 19.89, 9.27, 12.86, 35.38]


def opened(folder, as_of, monkeypatch, **choices):
    monkeypatch.setenv("VS_SOURCE", str(folder))
    data = inputs.open_company(as_of=as_of)
    return Review(data.tables, data.as_of, **choices)


def test_weighted_funnel_as_microsoft_published_it(tmp_path, monkeypatch):
    """Documentation of the opportunity analysis sample: revenue 2 bn, factored 461 M USD."""
    review = opened(published.powerbi(tmp_path), "2014-12-31", monkeypatch, months=12)
    months = exhibits.by_expected_month(review.open_cases, review.as_of, review.forecast.table.index)
    together = months.loc["together"] / 1e6
    assert together["Weighted, nominal"] == pytest.approx(461.121, abs=5e-4)
    assert together["Value"] == pytest.approx(2110.905, abs=5e-4)
    assert (months["Weighted, nominal"][:12] / 1e6).tolist() == pytest.approx(BY_MONTH, abs=5e-3)
    assert summary.BY_NOMINAL in summary.lead(review)
    assert exhibits.by_age(review.calibration, 90).isna().all(axis=None)


def test_differences_between_thirty_salespeople_may_be_chance(tmp_path, monkeypatch):
    review = opened(published.maven(tmp_path), "2017-12-31", monkeypatch)
    assert findings.people(review.hit_rates("owner_id")) == (
        "Hit rates as counted run from 55 % to 70 %. Differences not distinguishable from chance (p = 0.26)"
    )
