"""Funnel calibration: what a status is really worth, and the order flow that follows (book, chapter 7)."""

from vs_toolkit.funnel.outlook.accuracy import COMPANY, accuracy, order_flow, target_forecast_actual
from vs_toolkit.funnel.outlook.backtest import Backtest, backtest
from vs_toolkit.funnel.outlook.cash import MoneyFlow, Payment, lead_days, money_flow
from vs_toolkit.funnel.outlook.forecast import Forecast, forecast
from vs_toolkit.funnel.outlook.new_leads import NewLeads, orders_of_new_leads
from vs_toolkit.funnel.outlook.scores import reliability
from vs_toolkit.funnel.outlook.shock import Shock, estimate_shock
from vs_toolkit.funnel.outlook.snapshots import append_snapshots, snapshot_rows
from vs_toolkit.funnel.pipeline.leads import LeadsNeeded, lead_plan, leads_needed
from vs_toolkit.funnel.pipeline.shape import Shape, dimensions, dimensions_by, past_dimensions, shape
from vs_toolkit.funnel.pipeline.steps import Steps, steps
from vs_toolkit.funnel.pipeline.trend import TrendRule, trend_effect, trends
from vs_toolkit.funnel.rates.adoption import adopted, write_adopted
from vs_toolkit.funnel.rates.blending import Rules
from vs_toolkit.funnel.rates.calibration import Calibration, calibrate, calibrate_by
from vs_toolkit.funnel.rates.chances import open_chances, win_probability
from vs_toolkit.funnel.rates.people import GroupHitRates, group_hit_rates
from vs_toolkit.funnel.rates.stated import StatedCheck, stated_against_realised, statements
from vs_toolkit.funnel.rates.won_lost import closed_by, hit_rates_by, in_common, with_size
from vs_toolkit.funnel.record.cases import known_cases, with_people
from vs_toolkit.funnel.record.estimable import estimable
from vs_toolkit.funnel.record.history import History, read_history
from vs_toolkit.funnel.record.hygiene import hygiene

__all__ = [
    "COMPANY",
    "Backtest",
    "Calibration",
    "Forecast",
    "GroupHitRates",
    "History",
    "LeadsNeeded",
    "MoneyFlow",
    "NewLeads",
    "Payment",
    "Rules",
    "Shape",
    "Shock",
    "StatedCheck",
    "Steps",
    "TrendRule",
    "accuracy",
    "adopted",
    "append_snapshots",
    "backtest",
    "calibrate",
    "calibrate_by",
    "closed_by",
    "dimensions",
    "dimensions_by",
    "estimable",
    "estimate_shock",
    "forecast",
    "group_hit_rates",
    "hit_rates_by",
    "hygiene",
    "in_common",
    "known_cases",
    "lead_days",
    "lead_plan",
    "leads_needed",
    "money_flow",
    "open_chances",
    "order_flow",
    "orders_of_new_leads",
    "past_dimensions",
    "read_history",
    "reliability",
    "shape",
    "snapshot_rows",
    "stated_against_realised",
    "statements",
    "steps",
    "target_forecast_actual",
    "trend_effect",
    "trends",
    "win_probability",
    "with_people",
    "with_size",
    "write_adopted",
]
