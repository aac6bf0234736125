"""Everything a report says of a pipeline on a day, from its tables; each part is worked out when asked
for.
"""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from vs_toolkit.formats import day
from vs_toolkit.funnel import findings
from vs_toolkit.funnel.ahead import Ahead
from vs_toolkit.funnel.outlook.accuracy import accuracy, order_flow, past_forecasts
from vs_toolkit.funnel.pipeline.flow import cohorts, stage_ageing, velocity, win_rate_by_quarter
from vs_toolkit.funnel.pipeline.leads import lead_plan
from vs_toolkit.funnel.pipeline.shape import Shape, dimensions, past_dimensions, shape
from vs_toolkit.funnel.pipeline.steps import Steps, steps
from vs_toolkit.funnel.pipeline.trend import trend_effect
from vs_toolkit.funnel.rates.calibration import rates_by_group
from vs_toolkit.funnel.rates.chances import chance_by_age
from vs_toolkit.funnel.rates.people import GroupHitRates, group_hit_rates
from vs_toolkit.funnel.rates.stated import StatedCheck, stated_against_realised, statements
from vs_toolkit.funnel.rates.won_lost import closed_by, hit_rates_by, with_size
from vs_toolkit.funnel.record.hygiene import hygiene, not_recorded


class Study(Ahead):
    """The pipeline of a company or a unit as of a day; see :class:`~vs_toolkit.funnel.known.Known`."""

    @cached_property
    def trend_effect(self) -> pd.DataFrame:
        """What the trend did to the probability of past opportunities, beyond stage and age."""
        over = self.past.over(self.horizon_days)
        rows = self.past.rows.assign(won=self.past.won_within(self.horizon_days))[over]
        if rows["landmark"].sum() > 0:
            rows = rows.dropna(subset="landmark").rename(columns={"landmark": "win_probability"})
        return trend_effect(rows)

    @cached_property
    def promises(self) -> StatedCheck:
        """Stated probabilities against what came, by salesperson."""
        told = statements(self.history, self.given["status_changes"])
        owners = self.cases["owner_id"]
        return stated_against_realised(told.join(owners, on="opportunity_id"), "owner_id")

    def hit_rates(self, by: str) -> GroupHitRates:
        """Win rates of groups: ``owner_id``, ``team``, ``unit``, ``segment`` ..."""
        return group_hit_rates(self.cases, by, seed=self.seed)

    @cached_property
    def velocity(self) -> float:
        """Value that the pipeline turns into orders per day."""
        return velocity(self.open_cases, dimensions(self._own, self.as_of))

    @cached_property
    def win_rates(self) -> pd.DataFrame:
        """Win rate by quarter with control limits."""
        return win_rate_by_quarter(self._own, self.as_of)

    @cached_property
    def cohorts(self) -> pd.DataFrame:
        """Share won of the leads of each quarter, by months since."""
        return cohorts(self._own, self.as_of)

    @cached_property
    def ageing(self) -> pd.DataFrame:
        """Open value by stage and days in it."""
        return stage_ageing(self.open_cases, self.history.open_statuses)

    @cached_property
    def past_forecasts(self) -> pd.DataFrame:
        """Target, forecast and actual of the last year."""
        tables = self.given
        return past_forecasts(tables["forecast_snapshots"], self.cases, tables["targets"], self.as_of)

    @cached_property
    def by_age(self) -> pd.DataFrame:
        """Win probability within the horizon by stage and age."""
        return chance_by_age(self.calibration, self.horizon_days)

    @cached_property
    def by_segment(self) -> pd.DataFrame:
        """Win rate by stage and segment."""
        return rates_by_group(self.calibration, self.cases["segment"])

    @property
    def accuracy(self) -> pd.DataFrame:
        """How far kept forecasts were off, by method and months ahead."""
        return accuracy(self.given["forecast_snapshots"], order_flow(self.cases, self.as_of), self.as_of)

    @cached_property
    def leads(self) -> pd.DataFrame:
        """Leads it takes to bring the missing orders by the end of the forecast, by the day they come."""
        end = self.forecast.table.index[-1] + pd.offsets.MonthEnd()
        return lead_plan(self.calibration, self.orders_missing or 0, end)

    @cached_property
    def steps(self) -> Steps:
        """Conversion and time, stage by stage."""
        return steps(self.history)

    @cached_property
    def shape(self) -> Shape:
        """Long and narrow, wide, or optimal, against one's own past."""
        usual = past_dimensions(self._own, self.past_days)
        fading = float((self.open_cases["trend"] == "fading").mean()) if len(self.open_cases) else 0.0
        return shape(dimensions(self._own, self.as_of), usual, fading)

    @cached_property
    def faults(self) -> pd.DataFrame:
        """Pipeline hygiene: what is missing or contradictory in open opportunities."""
        mine = self.cases.loc[self.open_cases.index]
        return hygiene(mine, self.given["statuses"], self.as_of, self.sales_process)

    @cached_property
    def compared(self) -> pd.DataFrame:
        """Win rates of segments, sizes, products, situations and competitors against all others."""
        return hit_rates_by(with_size(self.cases))

    @cached_property
    def lost(self) -> pd.DataFrame:
        """Lost opportunities by reason."""
        return self.losses("close_reason")

    @property
    def change_finding(self) -> str:
        """The change of expected value since the earlier day, as a sentence."""
        return findings.change(self.change, day(self.compared_on), self.currency)

    @cached_property
    def stated_dates(self) -> int:
        """Open opportunities with a decision date."""
        return int(self.open_cases["expected_decision"].notna().sum())

    @cached_property
    def not_recorded(self) -> list[str]:
        """Gaps of the whole record, each once."""
        return not_recorded(self.cases, self.given["statuses"], self.sales_process)

    def losses(self, by: str) -> pd.DataFrame:
        """Lost opportunities by ``close_reason``, ``closed_from`` (stage), ``competitor``."""
        return closed_by(self.cases, by)
