"""The formula of a course: one for all months of a row, with its start, ramp and end in cells.

Names in braces are rows of the timeline. ``{c}`` is this month's column, ``{b}`` the one before; ``{r}`` the
row itself, ``{h}`` the row with its full months to date, ``{o}`` the row that it is worked out from.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from vs_toolkit.finance import FloatArray
from vs_toolkit.timeline import Grid

HELPED = ("flow", "advance")
FULL_MONTHS = (
    "IF(MAX(0,MIN({c}{M},vs_months,$G{r})-$E{r})<$F{r},MAX(0,MIN({c}{M},vs_months,$G{r})-$E{r})^2/2/$F{r},"
    "MAX(0,MIN({c}{M},vs_months,$G{r})-$E{r})-$F{r}/2)"
)
WRITTEN_OFF = "MIN(1,MAX(0,INT({m}/vs_period)*vs_period-$E{r})/12/$F{r})"
PRICE_THEN = "INDEX(${a}{PX}:${z}{PX},$E{r}+1)"
COURSES: Mapping[str, str] = {
    "flow": "IF({c}{M}=0,0,$H{r}*{c}{SW}*(INDEX(${a}{h}:${z}{h},{c}{ST}+1)-INDEX(${a}{h}:${z}{h},{c}{SF}+1))"
    "/12*(1+$D{r})^INT({c}{SF}/12)*{c}{PX})",
    "advance": "$H{r}*{c}{AW}*(INDEX(${a}{h}:${z}{h},{c}{AT}+1)-INDEX(${a}{h}:${z}{h},{c}{AF}+1))/12"
    "*(1+$D{r})^INT({c}{AF}/12)*{c}{PX}",
    "level": "$H{r}*{c}{HB}*({c}{M}<$G{r})*IF($F{r}=0,({c}{M}>=$E{r})*1,"
    "MAX(0,MIN(1,({c}{M}-$E{r})/MAX($F{r},0.000001))))*{c}{PS}",
    "once": "$H{r}*({c}{M}=$E{r})*{c}{PX}",
    "salvage": "$H{r}*{c}{HA}*{c}{PX}",
    "horizon": "$H{r}*{c}{HA}",
    "held": "$H{r}*({c}{M}>=$E{r})*{c}{HB}*(1-" + WRITTEN_OFF.replace("{m}", "{c}{M}") + f")*{PRICE_THEN}",
    "depreciation": "$H{r}*({c}{M}>$E{r})*({c}{HB}+{c}{HA})*("
    + WRITTEN_OFF.replace("{m}", "{c}{M}")
    + "-"
    + WRITTEN_OFF.replace("{m}", "({c}{M}-1)")
    + f")*{PRICE_THEN}",
    "disposal": "$H{r}*{c}{HA}*({c}{M}>=$E{r})*(1-"
    + WRITTEN_OFF.replace("{m}", "{c}{M}")
    + f")*{PRICE_THEN}",
    "haircut": "-$D{r}*MAX(-$H{r}*({c}{o}-N({b}{o})),0)",
    "ahead": "$H{r}*{c}{HB}*SUMIF(${a}{Y}:${z}{Y},INT({c}{M}/12)+1,${a}{o}:${z}{o})",
    "perpetuity": "{c}{HA}*(1-vs_tax)*(1+$D{r})/(INDEX({wacc},ROWS({wacc}))-$D{r})"
    "*SUMIF(${a}{Y}:${z}{Y},vs_months/12,${a}{o}:${z}{o})",
}
# which of low, expected and high a scenario (1 downside, 2 base, 3 upside) takes
SCENARIO_CHOICE = 'IF({scenario}=2,2,IF(({scenario}=1)=({worse}="low"),1,3))'
METHODS: Mapping[str, str] = {
    "flow": "recurring",
    "advance": "recurring, in advance",
    "level": "level",
    "once": "once",
    "salvage": "at the horizon",
    "horizon": "at the horizon",
    "held": "book value",
    "depreciation": "straight line",
    "disposal": "book value at the horizon",
    "haircut": "loss on released capital",
    "ahead": "share of next year's sales",
    "perpetuity": "perpetuity",
    "fixed": "fixed profile",
}


def full_months(grid: Grid, start: float, ramp: float, end: float) -> FloatArray:
    """Months of full effect up to each month."""
    on = np.maximum(0.0, np.minimum(np.minimum(grid.month, grid.months), end) - start)
    if not ramp:
        return np.asarray(on, dtype=float)
    return np.where(on < ramp, on**2 / 2 / ramp, on - ramp / 2)
