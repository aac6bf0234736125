"""The first page and the last: what the figures amount to, what to ask whom, what is not known."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vs_toolkit.formats import MISSING, day, is_missing, money, number_of
from vs_toolkit.metrics import exhibits, findings
from vs_toolkit.metrics.book import UNKNOWN
from vs_toolkit.metrics.measure import measure_named
from vs_toolkit.metrics.study import Study
from vs_toolkit.metrics.wording import change, row_of, unit_of, written

TILES = ("net_sales", "sales_margin_rate", "profit_contribution", "operating_profit")
THREE = 3
Tile = tuple[str, str, str]


def subject(study: Study) -> tuple[str, ...]:
    """Facts below the title."""
    return (
        f"As of {day(study.as_of)}",
        f"{study.period_name}: {study.period.label}",
        f"compared with {study.before.label}",
    )


def title(study: Study) -> str:
    """Whom the report is about."""
    level, name = study.scope
    return study.name(level, name) if name else "The whole company"


def lead(study: Study) -> str:
    """The sentence that everything else explains."""
    found = study.signals
    ask = f"; {number_of(len(found), 'pattern')} to ask about" if found else ""
    return f"{findings.moved(study)}{ask}."


def tiles(study: Study) -> tuple[Tile, ...]:
    """Four figures, each with plan and last year."""
    return tuple(_tile(study, name) for name in TILES)


def _tile(study: Study, name: str) -> Tile:
    measure = measure_named(name)
    row = row_of(study.overall, name)
    if is_missing(row.get("value")):
        return measure.label, MISSING, f"not known: {measure.none_when}"
    plan = row["plan"]
    if measure.name == "sales_margin_rate" and is_missing(plan):
        plan = _planned_rate(study)
    against = f"plan {written(plan, measure, study.currency)}" if not is_missing(plan) else "no plan"
    last = f"{change(row['value'], row['last_year'], measure, study.currency)} on last year"
    return measure.label, written(row["value"], measure, study.currency), f"{against}; {last}"


def _planned_rate(study: Study) -> float:
    plan = study.overall["plan"]
    margin, sales = plan.get("sales_margin", np.nan), plan.get("net_sales", np.nan)
    return float(margin / sales) if sales > 0 else float("nan")


def why(study: Study) -> str:
    """What moved the margin, in one sentence."""
    return f"{findings.bridge(study)}."


def questions(study: Study) -> list[str]:
    """What to ask whom, one line a pattern."""
    return [f"{findings.sentence(study, s)}. {findings.question(study, s)}" for s in study.signals]


def actions(study: Study) -> list[str]:
    """Three things to do, one for each kind of pattern; what costs profit comes first."""
    kinds: dict[str, str] = {}
    for signal in study.signals:
        kinds.setdefault(signal.kind, _action(study, signal.kind, signal.member))
    return list(kinds.values())[:THREE]


def _action(study: Study, kind: str, member: str) -> str:
    name = study.name("person", member)
    return {
        "given away": f"{member}: set a discount limit with approval above it; review large customers",
        "pulled forward": f"{member}: set the plan of the next quarter net of the sales pulled forward",
        "carried": f"{member}: charge for small deliveries and service, or decline orders that lose",
        "inherited": f"{name}: judge results without the customer taken over; agree a plan for the others",
        "visits": f"{name}: agree for the next quarter which visits serve an opportunity, and drop the rest",
    }[kind]


def gaps(study: Study) -> list[str]:
    """What is not known: measures without data, members without a name, values left out."""
    found = []
    labels = [text.partition(":")[0] for text in exhibits.missing(study)]
    if labels:
        found.append(f"No data for: {', '.join(labels)}")
    missing = study.period.missing(pd.Series(study.whole.months[study.whole.covered["sales"]]))
    if missing:
        found.append(f"Sales are missing for {', '.join(f'{month:%b %Y}' for month in missing)}")
    sold = study.cells("person", [measure_named("net_sales")])["value"]
    loose = float(sold.get(("net_sales", UNKNOWN), 0.0))
    if loose > 0:
        found.append(f"{money(loose, study.currency)} of sales name no salesperson")
    over = study.cells("customer", [measure_named("share_of_wallet")])["value"].droplevel("measure")
    if (over > 1).any():
        names = ", ".join(study.name("customer", str(name)) for name in over.index[over > 1])
        found.append(f"Customer share above 100%, check the purchases of: {names}")
    budget = study.overall["plan"].notna().any()
    return [*found, *([] if budget else ["No plan covers the whole period"])]


def about(study: Study) -> str:
    """What the key figures describe; those of different scopes and periods are not compared."""
    return f"{title(study)}, {study.period_name}"


def meaning(study: Study) -> list[str]:
    """What the report means, in a few sentences."""
    return [
        f"{findings.trends(study)}. Changes within the band need no explanation.",
        f"{findings.win_rates(study)}.",
        *(f"To do: {action}" for action in actions(study)),
    ]


def key_figures(study: Study) -> dict[str, tuple[float | None, str, str]]:
    """Key figures of the report."""
    found = {}
    for measure in study.selection:
        value = study.overall["value"].get(measure.name, np.nan)
        value = None if is_missing(value) else float(value)
        found[measure.name] = (value, unit_of(measure, study.currency), measure.label)
    return found
