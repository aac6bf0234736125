"""Funnel calibration: what a status is really worth, and the order flow that follows (book, chapter 7)."""

from vs_toolkit.funnel.adoption import adopted, write_adopted
from vs_toolkit.funnel.backtest import Backtest, backtest
from vs_toolkit.funnel.blending import Rules
from vs_toolkit.funnel.calibration import Calibration, calibrate, calibrate_by
from vs_toolkit.funnel.estimable import estimable
from vs_toolkit.funnel.history import History, read_history
from vs_toolkit.funnel.landmark import win_probability
from vs_toolkit.funnel.scores import reliability

__all__ = [
    "Backtest",
    "Calibration",
    "History",
    "Rules",
    "adopted",
    "backtest",
    "calibrate",
    "calibrate_by",
    "estimable",
    "read_history",
    "reliability",
    "win_probability",
    "write_adopted",
]
