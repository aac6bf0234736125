"""What a pipeline will bring, from what past days teach; each part is worked out when asked for."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property

import numpy as np
import pandas as pd

from vs_toolkit.funnel.known import Known
from vs_toolkit.funnel.outlook.accuracy import monthly_targets
from vs_toolkit.funnel.outlook.ahead import Chances, month_chances
from vs_toolkit.funnel.outlook.backtest import Backtest, score_past
from vs_toolkit.funnel.outlook.bridge import forecast_change
from vs_toolkit.funnel.outlook.cash import MoneyFlow, lead_days, money_flow
from vs_toolkit.funnel.outlook.correction import Correction, estimate_correction, shifted, stage_exits
from vs_toolkit.funnel.outlook.dates import DateEffect, learn_dates
from vs_toolkit.funnel.outlook.forecast import Forecast, forecast
from vs_toolkit.funnel.outlook.months import month_ends
from vs_toolkit.funnel.outlook.new_leads import NewLeads, orders_of_new_leads
from vs_toolkit.funnel.outlook.past import Past, look_back
from vs_toolkit.funnel.outlook.shock import Shock, estimate_shock
from vs_toolkit.funnel.pipeline.trend import read_activities, trends
from vs_toolkit.funnel.record.events import cut_moment
from vs_toolkit.funnel.record.visits import visits_as_of

MONEY_MONTHS = 24


class Ahead(Known):
    """Forecast, and the past it learns from."""

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
        steps = (self.events.statuses["outcome"] == "lost").to_numpy()
        days = pd.DatetimeIndex(self.past_days)
        return estimate_correction(self.past, stage_exits(self.history.visits, steps, days, self.past.until))

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
    def trends(self) -> pd.DataFrame:
        """Developing, stable or fading, by open opportunity."""
        return trends(self.history, self.recorded, self.given["activities"])

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

    @cached_property
    def new_leads(self) -> NewLeads:
        """Orders of leads that are not there yet: of the salesperson looked at, or of all."""
        found = orders_of_new_leads(self._own, self.as_of, self.months)
        rates = self.calibration.table["hit_rate"]
        share = rates[rates > 0].to_numpy(float)[:1]  # of a lead, that is in the first stage measured
        factor = shifted(share, self.correction.applied) / share
        return found.scaled(float(factor[0])) if len(factor) else found

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

    @property
    def orders_missing(self) -> int | None:
        """Orders that the target asks for beyond those expected of open cases; None without a target."""
        wanted = self.targets["orders"].sum(skipna=False)
        if pd.isna(wanted):
            return None
        total = self.forecast.total
        return max(0, math.ceil(wanted - (total["orders"] - total["of_new"])))
