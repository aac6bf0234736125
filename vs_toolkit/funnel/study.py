"""Everything a report says of a pipeline on a day, from its tables; each part is worked out when asked
for.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from vs_toolkit.errors import ParameterError
from vs_toolkit.formats import day
from vs_toolkit.funnel import findings
from vs_toolkit.funnel.outlook.accuracy import accuracy, monthly_targets, order_flow, past_forecasts
from vs_toolkit.funnel.outlook.backtest import Backtest, score_past
from vs_toolkit.funnel.outlook.bridge import forecast_change
from vs_toolkit.funnel.outlook.cash import MoneyFlow, lead_days, money_flow
from vs_toolkit.funnel.outlook.correction import Correction, estimate_correction, shifted
from vs_toolkit.funnel.outlook.dates import DateEffect, learn_dates
from vs_toolkit.funnel.outlook.forecast import Chances, Forecast, forecast, month_chances, month_ends
from vs_toolkit.funnel.outlook.new_leads import NewLeads, orders_of_new_leads
from vs_toolkit.funnel.outlook.past import Past, look_back
from vs_toolkit.funnel.outlook.shock import Shock, estimate_shock
from vs_toolkit.funnel.pipeline.flow import cohorts, stage_ageing, velocity, win_rate_by_quarter
from vs_toolkit.funnel.pipeline.leads import lead_plan
from vs_toolkit.funnel.pipeline.shape import Shape, dimensions, past_dimensions, shape
from vs_toolkit.funnel.pipeline.steps import Steps, steps
from vs_toolkit.funnel.pipeline.trend import read_activities, trend_effect, trends
from vs_toolkit.funnel.rates.blending import Rules
from vs_toolkit.funnel.rates.calibration import Calibration, calibrate_history, rates_by_group
from vs_toolkit.funnel.rates.chances import chance_by_age, kind_codes, open_nominal
from vs_toolkit.funnel.rates.landmark import Landmarks
from vs_toolkit.funnel.rates.people import GroupHitRates, group_hit_rates
from vs_toolkit.funnel.rates.stated import StatedCheck, stated_against_realised, statements
from vs_toolkit.funnel.rates.won_lost import closed_by, hit_rates_by, with_size
from vs_toolkit.funnel.record.cases import known_cases, with_people
from vs_toolkit.funnel.record.estimable import estimable
from vs_toolkit.funnel.record.events import Events, cut_moment, read_events
from vs_toolkit.funnel.record.history import History, history_as_of
from vs_toolkit.funnel.record.hygiene import hygiene, not_recorded
from vs_toolkit.funnel.record.recorded import Recorded, read_recorded
from vs_toolkit.funnel.record.visits import Visits, visits_as_of
from vs_toolkit.inputs.cases.process import SalesProcess, process_named

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
        Day on which recording began, if opportunities are older than the record; "" takes the latest day that
        ``opportunities`` state, if any.
    owner
        Salesperson whose open opportunities are looked at, by id or name; "" for all. Rates, correction and
        errors are still learnt from everybody's.
    seed
        Of all simulation.
    process
        Sales process whose milestones the hygiene asks for: its name in ``templates/processes``, or the path
        of a YAML file.
    """

    tables: Mapping[str, pd.DataFrame] = field(repr=False)
    as_of: date
    horizon_days: int = 180
    months: int = 6
    target_orders: float = 0.0
    recorded_from: str = ""
    owner: str = ""
    seed: int = 1
    process: str = "value_sales"

    @cached_property
    def given(self) -> dict[str, pd.DataFrame]:
        """The tables; text columns without rows as objects, since pandas cannot join empty Arrow text."""
        return {name: frame if len(frame) else _plain(frame) for name, frame in self.tables.items()}

    @property
    def sales_process(self) -> SalesProcess:
        """The sales process whose milestones count."""
        return process_named(self.process)

    @cached_property
    def rules(self) -> Rules:
        """Rules of the estimates."""
        stated = self.given["opportunities"].get("recorded_from", pd.Series(dtype=object)).dropna()
        begun = self.recorded_from or (f"{stated.max():%Y-%m-%d}" if len(stated) else None)
        return Rules(recorded_from=begun)

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

    @cached_property
    def owner_id(self) -> str:
        """Id of the salesperson looked at; "" for all."""
        if not self.owner:
            return ""
        people = self.given["people"]
        named = people[(people["person_id"] == self.owner) | (people["name"] == self.owner)]["person_id"]
        known = set(self.cases["owner_id"].dropna())
        found = str(named.iloc[0]) if len(named) else self.owner
        if found not in known:
            raise ParameterError(
                f"owner {self.owner!r} owns no opportunity; owners are by id or name in people"
            )
        return found

    @cached_property
    def here(self) -> Visits:
        """Visits that still last: the open opportunities looked at."""
        here = self.history.visits.where(self.history.visits.here)
        if not self.owner:
            return here
        owners = self.cases["owner_id"].reindex(self.history.ids.take(here.case))
        return here.where((owners == self.owner_id).to_numpy(dtype=bool, na_value=False))

    def chances(self, months: int) -> Chances:
        """When each open opportunity is won, if at all, by month ahead; in the order of ``open_cases``."""
        history, today, here = self.history, pd.Timestamp(self.as_of), self.here
        expected = self.cases["expected_decision"].reindex(history.ids.take(here.case))
        ahead = np.asarray((expected - today) / pd.Timedelta(days=1), dtype=np.float64)
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
        """Open opportunities with their win probability (in the end), default, age, trend, days to
        delivery.
        """
        history, here = self.history, self.here
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
        joined: pd.DataFrame = self.cases.loc[index].join(found)
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
        """Orders of leads that are not there yet: of the salesperson looked at, or of all."""
        cases = self.cases[self.cases["owner_id"] == self.owner_id] if self.owner else self.cases
        return orders_of_new_leads(cases, self.as_of, self.months)

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
        table = self.given["targets"].iloc[:0] if self.owner else self.given["targets"]
        return monthly_targets(table, self.forecast.table.index, self.target_orders)

    @cached_property
    def won_this_quarter(self) -> tuple[float, float]:
        """Orders and value won since the current quarter began."""
        tomorrow = pd.Timestamp(self.as_of) + pd.Timedelta(days=1)
        begun = tomorrow.to_period("Q").to_timestamp()
        won = self._own[(self._own["outcome"] == "won") & (self._own["closed_at"] >= begun)]
        return float(len(won)), float(won["value"].sum())

    @cached_property
    def quarters(self) -> pd.DataFrame:
        """Won to date, committed (90% probability), likely and possible (10%) by quarter, with targets."""
        table = self.forecast.quarters
        goal = self.quarter_targets
        first = table.index == table.index[0]
        orders, value = self.won_this_quarter
        parts = {"won_orders": np.where(first, orders, 0.0), "won_value": np.where(first, value, 0.0)}
        for name in ("orders", "value"):
            won = parts[f"won_{name}"]
            for label, column in (
                ("committed", f"{name}_low"),
                ("likely", name),
                ("possible", f"{name}_high"),
            ):
                parts[f"{label}_{name}"] = table[column].to_numpy() + won
            parts[f"target_{name}"] = goal[name].reindex(table.index).to_numpy(float)
        return pd.DataFrame(parts, index=table.index)

    @cached_property
    def quarter_targets(self) -> pd.DataFrame:
        """Targets of the quarters that the forecast reaches into, where every month of them has one."""
        quarters = self.forecast.quarters.index
        months = pd.DatetimeIndex([q + pd.DateOffset(months=m) for q in quarters for m in range(3)])
        table = self.given["targets"].iloc[:0] if self.owner else self.given["targets"]
        wanted = monthly_targets(table, months, self.target_orders)
        last = self.forecast.table.index[-1]
        wanted = wanted.where(pd.Series(months <= last, months), 0.0) if len(months) else wanted
        quarter = months.to_period("Q").to_timestamp()
        return pd.DataFrame({day: wanted[quarter == day].sum(skipna=False) for day in quarters}).T

    @property
    def _own(self) -> pd.DataFrame:
        return self.cases[self.cases["owner_id"] == self.owner_id] if self.owner else self.cases

    @cached_property
    def compared_on(self) -> pd.Timestamp:
        """Day the forecast is compared with: that of the last kept forecast, or the end of last month but
        one.
        """
        kept = self.given["forecast_snapshots"]["taken_on"].dropna()
        today = pd.Timestamp(self.as_of)
        earlier = kept[kept < today]
        return earlier.max() if len(earlier) else today - pd.offsets.MonthEnd()

    @cached_property
    def change(self) -> pd.Series[float]:
        """Expected value of orders by the end of the forecast: then, and what changed it since."""
        end = self.forecast.table.index[-1] + pd.offsets.MonthEnd()
        then = self._expected(self.compared_on, end)
        now = self._expected(pd.Timestamp(self.as_of), end)
        return forecast_change(then, now, self.cases["outcome"])

    def _expected(self, day: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
        """Open opportunities of a day: chance of an order until ``end``, value and place of the stage."""
        visits = visits_as_of(self.events, day, self.rules.recorded_from)
        here = visits.where(visits.here)
        index = self.history.ids.take(here.case)
        if self.owner:
            mine = (self.cases["owner_id"].reindex(index) == self.owner_id).to_numpy(
                dtype=bool, na_value=False
            )
            here, index = here.where(mine), index[mine]
        curves = replace(self.landmarks, visits=visits)
        days = np.array([(end - day) / pd.Timedelta(days=1)])
        chance = curves.ask(here.step, here.stay, here.case, days, float(days[0])).share[:, 0]
        cut = cut_moment(day, self.events.walk.at)
        known = self.recorded.as_of(cut, here.case)
        value = known["value"] if "value" in known else pd.Series(np.nan, index=known.index)
        today = self.cases["value"].reindex(index).to_numpy(float)
        return pd.DataFrame(
            {
                "chance": shifted(np.nan_to_num(chance), self.correction.applied),
                "value": value.fillna(pd.Series(today)).to_numpy(float),
                "place": here.step,
            },
            index=index,
        )

    @cached_property
    def coverage(self) -> tuple[float, float]:
        """Expected and unweighted value of open opportunities over the gap to the target of the months."""
        goal = float(self.targets["value"].sum(skipna=False))
        if not goal > 0:
            return math.nan, math.nan
        total = self.forecast.total
        return (total["value"] - total["value_of_new"]) / goal, float(self.open_cases["value"].sum()) / goal

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


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(dict.fromkeys(frame.select_dtypes("str"), object))
