"""Key indicators from a customer's statements: margins, days, turnover, return on capital, EVA.

Days use the average of opening and closing balances unless said otherwise, ROCE the closing balance, EVA the
opening one. What cannot be worked out is NaN, never 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from vs_toolkit.plan.versions import newest

DAYS = 365
Values: TypeAlias = "Sequence[float] | pd.Series[Any]"


def _array(values: Values) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.asarray(values, dtype=float)


def _ratio(part: Any, whole: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    whole = np.asarray(whole, dtype=float)
    return np.asarray(part, dtype=float) / np.where(whole > 0, whole, np.nan)


def _balance(values: Values, average: bool) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Average of opening and closing balance, from the second year on; or the closing balances."""
    closing = _array(values)
    return (closing[1:] + closing[:-1]) / 2 if average else closing


def working_capital_days(
    revenue: Values,
    cost_of_goods: Values,
    receivables: Values,
    inventory: Values,
    payables: Values,
    average: bool = True,
) -> pd.DataFrame:
    """Return days of sales, inventory and payables outstanding, and the cash conversion cycle.

    Parameters
    ----------
    revenue, cost_of_goods, receivables, inventory, payables
        By year, oldest first; balances at the end of the year.
    average
        Average opening and closing balances: the first year has no opening one and is left out.

    Returns
    -------
    DataFrame
        One row per year: dso, dio, dpo, ccc in days; a negative cycle is right. NaN where a divisor is not
        above 0.

    Examples
    --------
    Apple 2021, USD million: (16,120 + 26,278) / 2 / 365,817 x 365.

    >>> days = working_capital_days([274515, 365817], [169559, 212981], [16120, 26278], [4061, 6580],
    ...                             [42296, 54763])
    >>> days.round(2).to_dict("records")
    [{'dso': 21.15, 'dio': 9.12, 'dpo': 83.17, 'ccc': -52.9}]
    """
    skip = int(average)
    sales, goods = _array(revenue)[skip:], _array(cost_of_goods)[skip:]
    dso, dio, dpo = (
        _ratio(_balance(values, average), divisor) * DAYS
        for values, divisor in ((receivables, sales), (inventory, goods), (payables, goods))
    )
    index = revenue.index[skip:] if isinstance(revenue, pd.Series) else None
    return pd.DataFrame({"dso": dso, "dio": dio, "dpo": dpo, "ccc": dio + dso - dpo}, index=index)


def turnover(amount: float, balances: Values) -> float:
    """Return how often a year's amount turns the average of opening and closing balance.

    >>> turnover(100_000, [20_000, 30_000])
    4.0
    """
    return float(_ratio(amount, _balance(balances, average=True).mean()))


def margins(
    revenue: Values, cost_of_goods: Values, operating_income: Values, net_income: Values
) -> pd.DataFrame:
    """Return gross, operating and net margin by year, as shares of revenue.

    >>> margins([100], [60], [25], [20]).to_dict("records")
    [{'gross_margin': 0.4, 'operating_margin': 0.25, 'net_margin': 0.2}]
    """
    sales = _array(revenue)
    parts = {
        "gross_margin": sales - _array(cost_of_goods),
        "operating_margin": _array(operating_income),
        "net_margin": _array(net_income),
    }
    return pd.DataFrame({name: _ratio(part, sales) for name, part in parts.items()})


def roce(
    net_income: Values, interest: Values, tax: Values, total_assets: Values, current_liabilities: Values
) -> list[float]:
    """Return operating profit ÷ capital employed (total assets less current liabilities) at the year's end.

    NaN where nothing is employed.

    >>> roce([60], [10], [30], [600], [100])
    [0.2]
    """
    ebit = _array(net_income) + _array(interest) + _array(tax)
    return [float(x) for x in _ratio(ebit, _array(total_assets) - _array(current_liabilities))]


def return_on_capital(ebit: float, tax_rate: float, opening_capital: float, wacc: float) -> dict[str, float]:
    """Return profit after tax, its return on opening capital, and EVA after the charge on opening capital.

    >>> {name: round(value, 4) for name, value in return_on_capital(109, 0.35, 534 - 157, 0.085).items()}
    {'nopat': 70.85, 'return': 0.1879, 'eva': 38.805}
    """
    nopat = ebit * (1 - tax_rate)
    return {
        "nopat": nopat,
        "return": float(_ratio(nopat, opening_capital)),
        "eva": nopat - wacc * opening_capital,
    }


def indicators(statements: pd.DataFrame, wacc: float | None) -> pd.DataFrame:
    """Work out all indicators by year from the newest version of each year's statement.

    Parameters
    ----------
    statements
        The table ``statements`` of one customer.
    wacc
        The customer's cost of capital per year; None: no EVA.

    Returns
    -------
    DataFrame
        Index year, ascending; revenue, gross_margin, operating_expenses (share of revenue), operating_margin,
        net_margin, dso, dio, dpo, ccc, capital_turnover (closing), roce, eva. A year whose year before is not
        given has no days and no EVA.
    """
    years = newest(statements, "year", dated="published_on").set_index("year").sort_index()
    years = years.reindex(range(years.index.min(), years.index.max() + 1)) if len(years) else years
    profit = ebit(years)
    ratios = margins(years["revenue"], years["cost_of_goods"], profit, years["net_income"])
    capital = years["total_assets"] - years["current_liabilities"]
    days = working_capital_days(
        years["revenue"], years["cost_of_goods"], years["receivables"], years["inventory"], years["payables"]
    )
    charge = np.nan if wacc is None else wacc
    nopat = profit - years["tax"]
    return pd.DataFrame(
        {
            "revenue": years["revenue"],
            "operating_expenses": _ratio(years["operating_expenses"], years["revenue"]),
            "capital_turnover": _ratio(years["revenue"], capital),
            "roce": _ratio(profit, capital),
            "eva": nopat - charge * capital.shift(),
        },
        index=years.index,
    ).join([ratios.set_axis(years.index), days.reindex(years.index)])


def ebit(years: pd.DataFrame) -> pd.Series[float]:
    """Operating profit: net income + interest + tax, else revenue less cost of goods and expenses."""
    after = years["net_income"] + years["interest"] + years["tax"]
    before = years["revenue"] - years["cost_of_goods"] - years["operating_expenses"]
    return after.where(after.notna(), before)
