"""How often the 80 % intervals of the forecast hold what comes, in generated companies followed to their end.

Each company has some 1,500 sales cases in four years, with drift, three segments, pushed decision dates and
stale cases. A year before its end the next six months are forecast from what is known then, and compared with
the orders and values that come, also from leads not there yet.

The result stands in ``benchmarks/README.md``.

    python benchmarks/funnel_forecast.py [COMPANIES]
"""

from __future__ import annotations

import sys

import pandas as pd

from vs_toolkit import funnel
from vs_toolkit.demo.histories import generate_histories
from vs_toolkit.demo.truth import FUNNEL_TRUTH, STATUSES

AS_OF = pd.Timestamp("2025-06-30")
PAST_DAYS = pd.date_range("2023-06-30", "2025-05-31", freq="ME")
CASES, MONTHS, HORIZON = 1500, 6, 90
STATUS_TABLE = pd.DataFrame([status.model_dump() for status in STATUSES])


def held(seed: int) -> pd.DataFrame:
    """Whether each interval of a company held what came; rows: months and total, columns: orders, value."""
    made = generate_histories(FUNNEL_TRUTH, CASES, seed)
    opportunities = made.opportunities.drop(columns="value")
    known = made.until(AS_OF).status_changes
    calibration = funnel.calibrate(known, STATUS_TABLE, AS_OF)
    cases = funnel.known_cases(calibration.history, opportunities, known)
    chances = funnel.open_chances(calibration, cases["segment"])
    past = funnel.past_cases(known, STATUS_TABLE, opportunities, PAST_DAYS, AS_OF)
    tested = funnel.backtest(known, STATUS_TABLE, PAST_DAYS, HORIZON, AS_OF).rows
    odds = funnel.Odds(
        slips=funnel.learn_slips(past),
        shock=funnel.estimate_shock(tested.rename(columns={"landmark": "win_probability"}), HORIZON),
        new_leads=funnel.orders_of_new_leads(cases, AS_OF, MONTHS),
    )
    open_cases = cases[cases["outcome"] == "open"].join(chances[["win_probability", "low", "high"]])
    made_forecast = funnel.forecast(open_cases, AS_OF, MONTHS, odds, seed=seed)
    return _compare(made_forecast, _what_came(made.status_changes, opportunities))


def _what_came(changes: pd.DataFrame, opportunities: pd.DataFrame) -> pd.DataFrame:
    """Orders and their value in each of the months after the day."""
    end = funnel.read_history(changes, STATUS_TABLE, "2040-01-01")
    flow = funnel.order_flow(funnel.known_cases(end, opportunities, changes).assign(unit="all"), "2040-01-01")
    first = AS_OF + pd.Timedelta(days=1)
    months = flow[(flow["month"] >= first) & (flow["month"] < first + pd.DateOffset(months=MONTHS))]
    return months.set_index("month")[["orders", "value"]]


def _compare(forecast: funnel.Forecast, came: pd.DataFrame) -> pd.DataFrame:
    table = pd.concat([forecast.table, forecast.total.to_frame("total").T])
    actual = pd.concat([came, came.sum().to_frame("total").T])
    columns = {"expected": table["orders"], "came": actual["orders"]}
    for name in ("orders", "value"):
        columns[name] = actual[name].between(table[f"{name}_low"], table[f"{name}_high"])
    return pd.DataFrame(columns).reset_index(drop=True)


if __name__ == "__main__":
    companies = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    results = pd.concat(
        [held(seed) for seed in range(companies)], keys=range(companies), names=["company", "span"]
    )
    by_span = results.astype(float).groupby("span").mean()
    by_span.index = [*[f"month {month}" for month in range(1, MONTHS + 1)], "six months"]
    print(
        f"{companies} companies: orders expected and come, share of 80 % intervals that held orders and value"
    )
    print(by_span.round(3).to_string())
