"""Everything a report says of a funnel on a day, from its tables; each part is worked out when asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from vs_toolkit.funnel.exhibits.outlook import monthly_targets, past_forecasts
from vs_toolkit.funnel.outlook.accuracy import accuracy, order_flow
from vs_toolkit.funnel.outlook.backtest import Backtest, backtest
from vs_toolkit.funnel.outlook.cash import MoneyFlow, lead_days, money_flow
from vs_toolkit.funnel.outlook.forecast import Forecast, Odds, forecast
from vs_toolkit.funnel.outlook.new_leads import orders_of_new_leads
from vs_toolkit.funnel.outlook.shock import Shock, estimate_shock
from vs_toolkit.funnel.outlook.slips import learn_slips
from vs_toolkit.funnel.pipeline.leads import lead_plan
from vs_toolkit.funnel.pipeline.shape import Shape, dimensions, past_dimensions, shape
from vs_toolkit.funnel.pipeline.steps import Steps, steps
from vs_toolkit.funnel.pipeline.trend import past_trends, trend_effect, trends
from vs_toolkit.funnel.rates.calibration import Calibration, calibrate
from vs_toolkit.funnel.rates.chances import open_chances
from vs_toolkit.funnel.rates.people import GroupHitRates, group_hit_rates
from vs_toolkit.funnel.rates.stated import StatedCheck, stated_against_realised, statements
from vs_toolkit.funnel.rates.won_lost import closed_by, hit_rates_by, with_size
from vs_toolkit.funnel.record.cases import known_cases, past_cases, with_people
from vs_toolkit.funnel.record.estimable import estimable
from vs_toolkit.funnel.record.history import History
from vs_toolkit.funnel.record.hygiene import hygiene

PAST_DAYS = 18
LOOK_BACK = pd.Timedelta(days=3 * 365)
LEARN_FIRST = 0.25  # part of the record that goes before the first past day: there must be something to know


@dataclass(frozen=True)
class Review:
    """The funnel of a company or a unit as of a day.

    Attributes
    ----------
    tables
        The source tables by name, as :func:`vs_toolkit.inputs.open_company` gives them; tables may be empty.
    as_of
        Day from which everything is seen.
    horizon_days
        Days ahead within which an order counts where probabilities are tested.
    months
        How many months are forecast.
    target_orders
        Orders wanted a month; 0: as the table of targets says.
    seed
        Of all simulation.
    """

    tables: Mapping[str, pd.DataFrame]
    as_of: date
    horizon_days: int = 180
    months: int = 6
    target_orders: float = 0.0
    seed: int = 1

    @cached_property
    def given(self) -> dict[str, pd.DataFrame]:
        """The tables; text columns without rows as objects, since pandas cannot join empty Arrow text."""
        return {name: frame if len(frame) else _plain(frame) for name, frame in self.tables.items()}

    @cached_property
    def calibration(self) -> Calibration:
        """What each status is worth in the end."""
        return calibrate(self.given["status_changes"], self.given["statuses"], self.as_of)

    @property
    def history(self) -> History:
        """The clean record."""
        return self.calibration.history

    @cached_property
    def estimable(self) -> pd.DataFrame:
        """What the record can tell and what it cannot."""
        return estimable(self.history)

    @cached_property
    def cases(self) -> pd.DataFrame:
        """All cases as known on the day, with the team and unit of their owner."""
        changes, opportunities = self.given["status_changes"], self.given["opportunities"]
        return with_people(known_cases(self.history, opportunities, changes), self.given["people"])

    @cached_property
    def open_cases(self) -> pd.DataFrame:
        """Open cases with their win probability (in the end), nominal, age, trend and days to delivery."""
        chances = open_chances(self.calibration, self.cases["segment"].dropna())
        still_open = self.cases[self.cases["outcome"] == "open"]
        nominal = still_open["status"].astype(object).map(self.history.statuses["nominal_probability"])
        return still_open.join(chances).assign(
            nominal=nominal.astype(float),
            age_days=self.history.open_cases()["age_days"],
            lead_days=lead_days(self.cases),
            trend=self.trends["trend"],
        )

    @property
    def currency(self) -> str:
        """Currency of the amounts; empty where none is recorded."""
        known = self.given["opportunities"]["currency"].dropna()
        return str(known.iloc[0]) if len(known) else ""

    @cached_property
    def past_days(self) -> list[pd.Timestamp]:
        """Past days, evenly spread, from which the record is looked at anew; its oldest part is to learn."""
        first, today = self.history.cases["first_at"].min(), pd.Timestamp(self.as_of)
        if pd.isna(first):
            return []
        first = first.tz_localize(None)
        begin = max(first + LEARN_FIRST * (today - first), today - LOOK_BACK)
        return list(pd.date_range(begin, today, periods=PAST_DAYS + 1).normalize().unique()[:-1])

    @cached_property
    def past(self) -> pd.DataFrame:
        """Cases open on each past day, as known that day, and what came of them."""
        tables = self.given
        return past_cases(
            tables["status_changes"], tables["statuses"], tables["opportunities"], self.past_days, self.as_of
        )

    @cached_property
    def backtest(self) -> Backtest:
        """How the probabilities would have done on the past days."""
        return backtest(
            self.given["status_changes"],
            self.given["statuses"],
            self.past_days,
            self.horizon_days,
            self.as_of,
        )

    @cached_property
    def shock(self) -> Shock:
        """How far past expectations were off together."""
        rows = self.backtest.rows.rename(columns={"landmark": "win_probability"})
        return estimate_shock(rows, self.horizon_days)

    @cached_property
    def forecast(self) -> Forecast:
        """Orders and value by month."""
        new_leads = orders_of_new_leads(self.cases, self.as_of, self.months)
        odds = Odds(learn_slips(self.past), self.shock, new_leads)
        return forecast(self.open_cases, self.as_of, self.months, odds, seed=self.seed)

    @cached_property
    def money(self) -> MoneyFlow:
        """Orders, deliveries and cash by month from the open cases."""
        return money_flow(self.open_cases, self.as_of, slips=self.forecast.odds.slips)

    @cached_property
    def trends(self) -> pd.DataFrame:
        """Developing, stable or fading, by open case."""
        return trends(self.history, self.given["status_changes"], self.given["activities"])

    @cached_property
    def trend_effect(self) -> pd.DataFrame:
        """What the trend did to the chance of past cases, beyond status and age."""
        rows, tables = self.backtest.rows, self.given
        if rows["landmark"].sum() > 0:
            rows = rows.rename(columns={"landmark": "win_probability"})
        return trend_effect(
            past_trends(rows, tables["status_changes"], tables["statuses"], tables["activities"])
        )

    @cached_property
    def promises(self) -> StatedCheck:
        """Stated probabilities against what came, by salesperson."""
        told = statements(self.history, self.given["status_changes"])
        owners = self.cases["owner_id"].rename(index=str)
        return stated_against_realised(told.join(owners, on="opportunity_id"), "owner_id")

    def hit_rates(self, by: str) -> GroupHitRates:
        """Hit rates of groups: ``owner_id``, ``team``, ``unit``, ``segment`` ..."""
        return group_hit_rates(self.cases, by, seed=self.seed)

    @cached_property
    def person_names(self) -> dict[str, Any]:
        """Names of our people by their id."""
        return dict(self.given["people"].dropna(subset="name").set_index("person_id")["name"])

    @cached_property
    def customer_names(self) -> dict[str, Any]:
        """Names of customers by their id."""
        return dict(self.given["customers"].set_index("customer_id")["name"])

    @cached_property
    def targets(self) -> pd.DataFrame:
        """Targets by month of the forecast: orders, value; NaN where none is set."""
        return monthly_targets(self.given["targets"], self.forecast.table.index, self.target_orders)

    @cached_property
    def past_forecasts(self) -> pd.DataFrame:
        """Target, forecast and actual of the last year."""
        tables = self.given
        return past_forecasts(tables["forecast_snapshots"], self.cases, tables["targets"], self.as_of)

    @property
    def accuracy(self) -> pd.DataFrame:
        """How far kept forecasts were off, by method and months ahead."""
        return accuracy(self.given["forecast_snapshots"], order_flow(self.cases, self.as_of), self.as_of)

    @property
    def orders_missing(self) -> int | None:
        """Orders that the target asks for beyond those expected of open cases; None without a target."""
        wanted = self.targets["orders"].sum(skipna=False)
        if pd.isna(wanted):
            return None
        total = self.forecast.total
        return max(0, math.ceil(wanted - (total["orders"] - total["of_new"])))

    @cached_property
    def leads(self) -> pd.DataFrame:
        """Leads it takes to bring the missing orders by the end of the forecast, by the day they come."""
        end = self.forecast.table.index[-1] + pd.offsets.MonthEnd()
        return lead_plan(self.calibration, self.orders_missing or 0, end)

    @cached_property
    def steps(self) -> Steps:
        """Conversion and time, step by step."""
        return steps(self.history)

    @cached_property
    def shape(self) -> Shape:
        """Long and narrow, wide, or optimal, against one's own past."""
        tables = self.given
        usual = past_dimensions(
            tables["status_changes"], tables["statuses"], tables["opportunities"], self.past_days, self.as_of
        )
        return shape(dimensions(self.cases, self.as_of), usual)

    @cached_property
    def faults(self) -> pd.DataFrame:
        """What has to be put right in open cases."""
        return hygiene(self.cases, self.given["statuses"], self.as_of)

    @cached_property
    def compared(self) -> pd.DataFrame:
        """Hit rates of segments, sizes, products, situations and competitors against all others."""
        return hit_rates_by(with_size(self.cases))

    def losses(self, by: str) -> pd.DataFrame:
        """Lost cases by ``close_reason``, ``closed_from`` (status), ``competitor``."""
        return closed_by(self.cases, by)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(dict.fromkeys(frame.select_dtypes("str"), object))
