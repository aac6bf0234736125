"""What the page of one customer shows: sentences, tables and drawings."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from vs_toolkit.charts import forms
from vs_toolkit.formats import MISSING, day, difference, is_missing, measured, money, number_of, percent
from vs_toolkit.metrics.account import Account
from vs_toolkit.metrics.measure import measure_named
from vs_toolkit.metrics.scorecard import reading
from vs_toolkit.metrics.wording import change, row_of, unit_of, written
from vs_toolkit.tables import Column, Table

SHORT = 0.8  # of the value promised; less asks for a reason
Tile = tuple[str, str, str]
INTERNAL_TILES = ("net_sales", "profit_contribution", "share_of_wallet", "fulfilment")
CUSTOMER_TILES = ("satisfaction_index", "value_promised", "value_realised", "fulfilment")


def is_internal(account: Account) -> bool:
    """Whether the page is for us alone."""
    return account.data.edition == "internal"


def subject(account: Account) -> tuple[str, ...]:
    """Facts below the title."""
    return f"As of {day(account.data.as_of)}", f"{account.period_name}: {account.period.label}"


def lead(account: Account) -> str:
    """The sentence that everything else explains."""
    if is_internal(account):
        return f"{_sales(account)}; {_value(account)}."
    text = _value(account)
    return f"{text[:1].upper()}{text[1:]}; {_service(account)}."


def _sales(account: Account) -> str:
    row, measure = row_of(account.cells, "net_sales"), measure_named("net_sales")
    if not row:
        return "No sales on record"
    moved = change(row["value"], row["last_year"], measure, account.currency)
    return f"Sales {written(row['value'], measure, account.currency)} ({moved} on last year)"


def _value(account: Account) -> str:
    rate = account.cells["value"].get("fulfilment") if len(account.cells) else None
    if is_missing(rate):
        return "no value is due and measured in this period"
    return f"{percent(rate, 0)} of the value promised was realised"


def _service(account: Account) -> str:
    table = account.service.dropna(subset=["agreed"])
    if table.empty:
        return "service levels are not recorded"
    higher = table["better"] == "higher"
    kept = ((table["value"] >= table["agreed"]) & higher) | ((table["value"] <= table["agreed"]) & ~higher)
    return f"{int(kept.sum())} of {number_of(len(table), 'agreed service level')} kept"


def tiles(account: Account) -> tuple[Tile, ...]:
    """Four figures with last year."""
    names = INTERNAL_TILES if is_internal(account) else CUSTOMER_TILES
    return tuple(_tile(account, name) for name in names)


def _tile(account: Account, name: str) -> Tile:
    measure = measure_named(name)
    row = row_of(account.cells, name)
    if is_missing(row.get("value")):
        return measure.label, MISSING, "not known"
    n = f"; n = {int(row['n'])}" if measure.minimum and not is_missing(row["n"]) else ""
    moved = change(row["value"], row["last_year"], measure, account.currency)
    last = "last year not known" if moved == MISSING else f"{moved} on last year"
    return measure.label, written(row["value"], measure, account.currency), f"{last}{n}"


def scorecard(account: Account) -> Table:
    """All measures of the customer that are known."""
    table = account.cells
    measures = [measure_named(str(name)) for name in table.index]
    frame = table.assign(
        unit=[unit_of(measure, account.currency) for measure in measures],
        reading=[
            reading(measure, "customer", bool(few))
            for measure, few in zip(measures, table["few"], strict=True)
        ],
    ).set_axis([measure.label for measure in measures], axis=0)
    columns = (
        Column("Actual", "value", unit_from="unit"),
        Column("Last year", "last_year", unit_from="unit"),
        Column("Reading", "reading"),
    )
    return Table(frame, columns, "Measures of this customer")


def service(account: Account) -> Table:
    """Service levels against what was agreed."""
    columns = (
        Column("Reached", "value", unit_from="measured_in"),
        Column("Agreed", "agreed", unit_from="measured_in"),
        Column("Last year", "previous", unit_from="measured_in"),
        Column("Months", "n", digits=0),
    )
    return Table(account.service.rename_axis(None), columns, "Service, mean of the months")


def answers(account: Account) -> Table:
    """Ratings by topic."""
    columns = (
        Column("Last year", "before", digits=0),
        Column("Now", "after", digits=0),
        Column("n", "n", digits=0),
    )
    return Table(account.answers.rename_axis(None), columns, "Satisfaction by topic, 0–100")


def value(account: Account) -> Table:
    """Value promised and realised by effect."""
    columns = (
        Column("Promised", "promised", account.currency),
        Column("Realised", "realised", account.currency),
        Column("Periods due", "due", digits=0),
        Column("Measured", "measured", digits=0),
    )
    note = "What was not measured is not known; it does not count as zero." if len(account.value) else ""
    return Table(account.value.rename_axis(None), columns, "Value promised and realised", note)


def bridge(ax: Axes, account: Account) -> Axes:
    """Draw the margin bridge of the customer."""
    found = account.bridge
    steps = found.steps[found.steps != 0]
    label = measure_named(found.measure).label
    moved = money(found.change, account.currency, signed=True)
    whole = pd.concat([pd.Series({"Last year": found.before}), steps])
    has = bool(found.before or found.after)
    title = f"{label} {moved} on last year" if has else "No sales in the period or the year before"
    return forms.bridge(
        ax,
        whole if has else whole.iloc[:0],
        account.currency,
        title=title,
        total="This year",
        start="Last year",
    )


def satisfaction(ax: Axes, account: Account) -> Axes:
    """Draw the ratings by topic, last year and now."""
    return forms.dumbbell(
        ax, account.answers, "points", title=_moved(account.answers), labels=("last year", "now")
    )


def _moved(answers: pd.DataFrame) -> str:
    """Name the topics whose ratings fell and rose most."""
    if answers.empty:
        return "Fewer than five answers: satisfaction is not broken down"
    n = f"n = {int(answers['n'].sum())}"
    change = (answers["after"] - answers["before"]).dropna().sort_values(kind="stable")
    ends = change.iloc[[0, -1][: len(change)]]
    moved = [f"{topic} {difference(by, 'points')}" for topic, by in ends[ends != 0].items()]
    return f"{' and '.join(moved)} on last year, {n}" if moved else f"Satisfaction by topic, {n}"


def promised(ax: Axes, account: Account) -> Axes:
    """Draw the value realised of each effect, with the promise about it."""
    text = _value(account)
    table = account.value
    return forms.bars(
        ax, table["realised"], account.currency, title=f"{text[:1].upper()}{text[1:]}",
        outline=table["promised"], labels=("realised", "promised"),
    )  # fmt: skip


def rows_of(table: pd.DataFrame) -> int:
    """Rows of a drawing."""
    return max(len(table), 1)


def open_points(account: Account) -> list[str]:
    """Service below what was agreed, value below its promise, and what is still to be measured."""
    table, value = account.service[account.service["agreed"].notna()], account.value
    higher = table["better"] == "higher"
    missed = table[
        ((table["value"] < table["agreed"]) & higher) | ((table["value"] > table["agreed"]) & ~higher)
    ]
    found = []
    for name, row in missed.iterrows():
        reached, agreed = (measured(row[column], row["measured_in"]) for column in ("value", "agreed"))
        found.append(f"{name}: {reached} against {agreed} agreed")
    for name, row in value[value["realised"] < SHORT * value["promised_measured"]].iterrows():
        came, promised = (
            money(row[column], account.currency) for column in ("realised", "promised_measured")
        )
        found.append(f"{name}: {came} of {promised} promised; find the reason together")
    loose = int((value["due"] - value["measured"]).sum())
    return [
        *found,
        *([f"{number_of(loose, 'measurement')} of value to be confirmed together"] if loose else []),
    ]


def key_figures(account: Account) -> dict[str, tuple[float | None, str, str]]:
    """Key figures of the page."""
    names = INTERNAL_TILES if is_internal(account) else CUSTOMER_TILES
    found = {}
    for name in names:
        value = account.cells["value"].get(name) if len(account.cells) else None
        measure = measure_named(name)
        known = None if is_missing(value) else float(value)  # type: ignore[arg-type]
        found[name] = (known, unit_of(measure, account.currency), measure.label)
    return found
