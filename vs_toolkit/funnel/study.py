"""Everything a report says of a pipeline on a day, from its tables; each part is worked out when asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from vs_toolkit.funnel.outlook.accuracy import accuracy, monthly_targets, order_flow, past_forecasts
from vs_toolkit.funnel.outlook.backtest import Backtest, score_past
from vs_toolkit.funnel.outlook.cash import MoneyFlow, lead_days, money_flow
from vs_toolkit.funnel.outlook.correction import Correction, estimate_correction
from vs_toolkit.funnel.outlook.dates import DateEffect, learn_dates
from vs_toolkit.funnel.outlook.forecast import Chances, Forecast, forecast, month_chances, month_ends
from vs_toolkit.funnel.outlook.new_leads import NewLeads, orders_of_new_leads
from vs_toolkit.funnel.outlook.past import Past, look_back
from vs_toolkit.funnel.outlook.shock import Shock, estimate_shock
from vs_toolkit.funnel.pipeline.leads import lead_plan
from vs_toolkit.funnel.pipeline.shape import Shape, dimensions, past_dimensions, shape
from vs_toolkit.funnel.pipeline.steps import Steps, steps
from vs_toolkit.funnel.pipeline.trend import read_activities, trend_effect, trends
from vs_toolkit.funnel.rates.blending import Rules
from vs_toolkit.funnel.rates.calibration import Calibration, calibrate_history
from vs_toolkit.funnel.rates.chances import kind_codes, open_nominal
from vs_toolkit.funnel.rates.landmark import Landmarks
from vs_toolkit.funnel.rates.people import GroupHitRates, group_hit_rates
from vs_toolkit.funnel.rates.stated import StatedCheck, stated_against_realised, statements
from vs_toolkit.funnel.rates.won_lost import closed_by, hit_rates_by, with_size
from vs_toolkit.funnel.record.cases import known_cases, with_people
from vs_toolkit.funnel.record.estimable import estimable
from vs_toolkit.funnel.record.events import Events, read_events
from vs_toolkit.funnel.record.history import History, history_as_of
from vs_toolkit.funnel.record.hygiene import hygiene
from vs_toolkit.funnel.record.recorded import Recorded, read_recorded

PAST_DAYS = 18
LOOK_BACK = pd.Timedelta(days=3 * 365)
LEARN_FIRST = 0.25  # part of the record that goes before the first past day: there must be something to know
FEWEST_BETWEEN = 7  # days between past days
MONEY_MONTHS = 24


@dataclass(frozen=True)
class Study:
    """The pipeline of a company or a unit as of a day.

    Attributes
    ----------
    tables
        The source tables by name, as :func:`vs_toolkit.inputs.open_company` gives them; tables may be empty.
    as_of
        As-of date; later data is ignored.
    horizon_days
        Days ahead within which an order counts where probabilities are tested.
    months
        How many months are forecast.
    target_orders
        Orders wanted a month; 0: as the table of targets says.
    recorded_from
        Day on which recording began, if opportunities are older than the record; "" if not.
    seed
        Of all simulation.
    """

    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    as_of: date
    horizon_days: int = 180
    months: int = 6
    target_orders: float = 0.0
    recorded_from: str = ""
    seed: int = 1

    @cached_property
    def given(self) -> dict[str, pd.DataFrame]:
        """The tables; text columns without rows as objects, since pandas cannot join empty Arrow text."""
        return {name: frame if len(frame) else _plain(frame) for name, frame in self.tables.items()}

    @cached_property
    def rules(self) -> Rules:
        """Rules of the estimates."""
        return Rules(recorded_from=self.recorded_from or None)

    @cached_property
    def events(self) -> Events:
        """The status changes, read once."""
        return read_events(self.given["status_changes"], self.given["statuses"])

    @cached_property
    def recorded(self) -> Recorded:
        """Values and dates as recorded with the changes, read once."""
        return read_recorded(self.given["status_changes"], self.events.ids)

    @cached_property
    def history(self) -> History:
        """The clean record."""
        return history_as_of(self.events, self.as_of, self.rules.recorded_from)

    @cached_property
    def calibration(self) -> Calibration:
        """What each stage is worth in the end."""
        return calibrate_history(self.history, rules=self.rules)

    @cached_property
    def estimable(self) -> pd.DataFrame:
        """What the record can tell and what it cannot."""
        return estimable(self.history)

    @cached_property
    def cases(self) -> pd.DataFrame:
        """All opportunities as known on the day, with the team and unit of their owner."""
        changes, opportunities = self.given["status_changes"], self.given["opportunities"]
        return with_people(known_cases(self.history, opportunities, changes), self.given["people"])

    @cached_property
    def kinds(self) -> pd.Series[Any] | None:
        """Kind of each opportunity: its segment; None where none is recorded."""
        recorded = self.given["opportunities"].get("segment")
        if recorded is None or recorded.notna().sum() == 0:
            return None
        table = self.given["opportunities"].drop_duplicates("opportunity_id")
        kinds: pd.Series[Any] = table.set_index("opportunity_id")["segment"]
        return kinds

    @cached_property
    def landmarks(self) -> Landmarks:
        """Win curves by stage, age and kind."""
        codes, history = kind_codes(self.kinds, self.history.ids), self.history
        return Landmarks(history.visits, codes, open_nominal(history.statuses), self.rules)

    def chances(self, months: int) -> Chances:
        """When each open opportunity is won, if at all, by month ahead; in the order of ``open_cases``."""
        history, today = self.history, pd.Timestamp(self.as_of)
        here = history.visits.where(history.visits.here)
        expected = self.cases["expected_decision"].reindex(history.ids.take(here.case))
        ahead = ((expected - today) / pd.Timedelta(days=1)).to_numpy(float)
        _, ends = month_ends(self.as_of, months)
        return month_chances(
            self.landmarks, (here.step, here.stay, here.case), ends, ahead, self.dates, self.correction
        )

    @cached_property
    def ahead(self) -> Chances:
        """When each open opportunity is won in the months forecast."""
        return self.chances(self.months)

    @cached_property
    def open_cases(self) -> pd.DataFrame:
        """Open opportunities with their win probability (in the end), default, age, trend, days to delivery."""
        history = self.history
        here = history.visits.where(history.visits.here)
        index = pd.Index(history.ids.take(here.case), name="opportunity_id")
        found = pd.DataFrame(
            {
                "win_probability": self.ahead.ever,
                "soon": self.ahead.by_month[:, :-1].sum(axis=1),
                "rule": self.ahead.rule,
                "n": self.ahead.n,
                "age_days": here.stay,
                "nominal": self.landmarks.nominal[here.step],
            },
            index=index,
        )
        joined = self.cases.loc[index].join(found)
        return joined.assign(lead_days=lead_days(self.cases).reindex(index), trend=self.trends["trend"])

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
        step = max((today - begin) / PAST_DAYS, pd.Timedelta(days=FEWEST_BETWEEN))
        back = [today - number * step for number in range(1, PAST_DAYS + 1)]
        return sorted({day.normalize() for day in back if day >= begin.normalize()})

    @cached_property
    def past(self) -> Past:
        """Opportunities open on each past day, what was estimated then, and what came of them."""
        return look_back(
            self.events,
            self.recorded,
            self.past_days,
            self.horizon_days,
            self.as_of,
            self.months,
            self.kinds,
            self.rules,
            read_activities(self.given["activities"], self.events.ids),
        )

    @cached_property
    def correction(self) -> Correction:
        """Correction for drift, applied where the past supports it."""
        return estimate_correction(self.past)

    @cached_property
    def dates(self) -> DateEffect:
        """What stated decision dates have told."""
        return learn_dates(self.past)

    @cached_property
    def backtest(self) -> Backtest:
        """How the probabilities would have done on the past days."""
        corrected = self.correction.past if self.correction.active else None
        return score_past(self.past, self.past_days, corrected)

    @cached_property
    def shock(self) -> Shock:
        """How far past expectations were off together."""
        used = "corrected" if self.correction.active else "landmark"
        rows = self.backtest.rows[["seen_on", "won", used]]
        return estimate_shock(rows.rename(columns={used: "win_probability"}), self.horizon_days)

    @cached_property
    def new_leads(self) -> NewLeads:
        """Orders of leads that are not there yet."""
        return orders_of_new_leads(self.cases, self.as_of, self.months)

    @cached_property
    def forecast(self) -> Forecast:
        """Orders and value by month."""
        values = self.open_cases["value"].astype(float)
        return forecast(values, self.ahead, self.as_of, self.new_leads, self.shock, seed=self.seed)

    @cached_property
    def money(self) -> MoneyFlow:
        """Orders, deliveries and cash by month from the open opportunities."""
        cases = self.open_cases
        by_month = self.chances(MONEY_MONTHS).by_month
        return money_flow(cases["value"].astype(float), by_month, cases["lead_days"], self.as_of)

    @cached_property
    def trends(self) -> pd.DataFrame:
        """Developing, stable or fading, by open opportunity."""
        return trends(self.history, self.given["status_changes"], self.given["activities"])

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
        owners = self.cases["owner_id"].rename(index=str)
        return stated_against_realised(told.join(owners, on="opportunity_id"), "owner_id")

    def hit_rates(self, by: str) -> GroupHitRates:
        """Win rates of groups: ``owner_id``, ``team``, ``unit``, ``segment`` ..."""
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
        """Conversion and time, stage by stage."""
        return steps(self.history)

    @cached_property
    def shape(self) -> Shape:
        """Long and narrow, wide, or optimal, against one's own past."""
        return shape(dimensions(self.cases, self.as_of), past_dimensions(self.cases, self.past_days))

    @cached_property
    def faults(self) -> pd.DataFrame:
        """What has to be put right in open opportunities."""
        return hygiene(self.cases, self.given["statuses"], self.as_of)

    @cached_property
    def compared(self) -> pd.DataFrame:
        """Win rates of segments, sizes, products, situations and competitors against all others."""
        return hit_rates_by(with_size(self.cases))

    def losses(self, by: str) -> pd.DataFrame:
        """Lost opportunities by ``close_reason``, ``closed_from`` (stage), ``competitor``."""
        return closed_by(self.cases, by)

    def of_group(self, by: str, name: str) -> Study:
        """The study of one group of opportunities: ``owner_id``, ``unit``."""
        chosen = self.cases.index[self.cases[by] == name]
        tables = {
            key: frame[frame["opportunity_id"].isin(chosen)] if "opportunity_id" in frame else frame
            for key, frame in self.tables.items()
        }
        return replace(self, tables=tables)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(dict.fromkeys(frame.select_dtypes("str"), object))
