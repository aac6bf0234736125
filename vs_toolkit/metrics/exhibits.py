"""Tables of the report: numbers with their columns; nothing is worded here but heads and notes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vs_toolkit.metrics import findings
from vs_toolkit.metrics.measure import BOOK, CARE, Measure, in_order, measure_named
from vs_toolkit.metrics.scorecard import against_band, reading
from vs_toolkit.metrics.study import Study
from vs_toolkit.metrics.wording import unit_of
from vs_toolkit.tables import Column, Table

PEOPLE_SHOWN, LARGEST = 12, 8
RESULTS = (
    "net_sales", "discount_rate", "sales_margin_rate", "profit_contribution_rate", "operating_profit_rate",
    "cash_conversion_cycle", "eva", "hit_rate",
)  # fmt: skip
SHORT = {
    "net_sales": "Sales",
    "sales_margin_rate": "Sales margin",
    "profit_contribution_rate": "Contribution",
    "operating_profit_rate": "EBIT",
    "cash_conversion_cycle": "Cash cycle",
    "eva": "EVA",
    "hit_rate": "Win rate",
    "dso": "DSO",
    "share_of_wallet": "Customer share",
    "satisfaction_index": "Satisfaction",
    "fulfilment": "Value realised",
    "sales_cycle": "Cycle",
    "selling_cost": "Selling cost",
    "visits_per_order": "Visits per order",
}
OF_CUSTOMERS = (
    "net_sales", "discount_rate", "profit_contribution_rate", "dso", "share_of_wallet", "satisfaction_index",
    "fulfilment",
)  # fmt: skip
OF_TEAMS = (
    "net_sales", "discount_rate", "sales_margin_rate", "profit_contribution_rate", "hit_rate", "sales_cycle",
    "selling_cost", "visits_per_order",
)  # fmt: skip
RATING_NOTE = (
    "Scores 0–100. ICC 2: agreement of the raters on levels, ICC 3: on the order of the items; below 0.5 is "
    "poor."
)


def _columns() -> tuple[Column, ...]:
    return (
        Column("Actual", "value", unit_from="unit"),
        Column("Plan", "plan", unit_from="unit"),
        Column("Last year", "last_year", unit_from="unit"),
        Column("Range", "low", upper="high", unit_from="unit"),
        Column("n", "n", digits=0),
        Column("Reading", "reading"),
    )


def selection(study: Study) -> Table:
    """Measures of the role beside plan and last year, and whether the last quarter is news."""
    table = study.overall.reindex([measure.name for measure in study.selection])
    frame = _with_units(table, study)
    bands = [against_band(study.trends[name].to_list())[2] for name in table.index]
    news = {"above": "above usual band", "below": "below usual band", "within": "within usual band", "": "–"}
    columns = (*_columns()[:3], Column("Last quarter", "quarter"))
    return Table(
        frame.assign(quarter=[news[band] for band in bands]),
        columns,
        f"Selected measures for the {study.role}",
        "Usual band: mean of the seven quarters before ± 2.66 × their mean moving range; within it a "
        "change is "
        "no news.",
    )


def group(study: Study, name: str) -> Table:
    """All measures of a group of figure 22 that are known."""
    names = [measure.name for measure in in_order() if measure.group == name]
    table = study.overall[study.overall.index.isin(names)]
    level = study.scope[0] if study.scope[1] else "company"
    notes = [reading(measure_named(str(n)), level, bool(few)) for n, few in table["few"].items()]
    columns = [column for column in _columns() if column.values != "reading" or any(notes)]
    table = table.assign(
        n=table["n"].where(np.array([measure_named(str(n)).minimum > 0 for n in table.index], dtype=bool))
    )
    columns = [c for c in columns if c.values not in ("low", "n", "plan") or table[c.values].notna().any()]
    note = (
        "Range: 90% interval of rates and indices, quartiles of days." if table["low"].notna().any() else ""
    )
    return Table(_with_units(table, study).assign(reading=notes), tuple(columns), name.capitalize(), note)


def missing(study: Study) -> list[str]:
    """Labels of the measures of which nothing is known, with the reason in their definition."""
    level = study.scope[0] if study.scope[1] else "company"
    known = set(study.overall[study.overall["value"].notna()].index)
    return [
        f"{measure.label}: {measure.none_when}"
        for measure in in_order()
        if measure.mark(level) and measure.name not in known and not measure.name.endswith("_rate")
    ]


def _with_units(table: pd.DataFrame, study: Study) -> pd.DataFrame:
    measures = [measure_named(str(name)) for name in table.index]
    units = [unit_of(measure, study.currency) for measure in measures]
    return table.assign(unit=units).set_axis([measure.label for measure in measures], axis=0)


def by_level(study: Study, level: str, names: tuple[str, ...]) -> Table:
    """Measures of all members of a level; what figure 22 leaves blank there has no column."""
    measures = [measure_named(name) for name in names if measure_named(name).mark(level)]
    values = study.cells(level, measures)["value"].unstack("measure")
    order = [name for name in study.active(level) if name in values.index]
    left = f" The {LARGEST} largest of {len(order)}." if len(order) > LARGEST else ""
    order = order[:LARGEST]
    shown = [measure for measure in measures if measure.name in values]
    frame = values.reindex(order)[[measure.name for measure in shown]]
    frame = frame.set_axis([study.name(level, str(name)) for name in frame.index], axis=0)
    columns = tuple(
        Column(_head(measure, level), measure.name, _in_head(measure, study.currency)) for measure in shown
    )
    return Table(frame, columns, f"By {level}", f"{_care_note(shown, level)}{left}".strip())


def _head(measure: Measure, level: str) -> str:
    label = SHORT.get(measure.name, measure.label)
    return f"{label} *" if measure.mark(level) == CARE else label


def _in_head(measure: Measure, currency: str) -> str:
    return "" if measure.unit == "per order" else unit_of(measure, currency)


def _care_note(measures: list[Measure], level: str) -> str:
    some = any(measure.mark(level) == CARE for measure in measures)
    return (
        "* Read with care: at this level the measure depends on allocations or on few cases." if some else ""
    )


def bridge(study: Study) -> Table:
    """Steps of the margin bridge."""
    steps = study.bridge.steps
    frame = pd.DataFrame(
        {"Amount": [study.bridge.before, *steps[steps != 0], study.bridge.after]},
        index=["Last year", *steps[steps != 0].index, "This year"],
    )
    note = (
        f"Price, volume and mix are told apart by {study.bridge.mix_level}, at mid-point weights: the joint "
        "effect "
        "of price and volume is shared equally between them."
    )
    label = measure_named(study.bridge.measure).label
    return Table(
        frame,
        (Column("Amount"),),
        f"{label}, last year to this year",
        note,
        ("Last year", "This year"),
        study.currency,
    )


def discounts(study: Study) -> Table:
    """Discounts given against the volume that they needed and brought."""
    table = study.discounts.copy()
    table["needed"] = table["needed"].where(table["price_change"] < -0.001).replace(np.inf, np.nan)
    frame = table.assign(paid=table["paid"].map({True: "yes", False: "no"}).fillna("–"))
    columns = (
        Column("Discount, last year", "discount_before", "share"),
        Column("Discount", "discount", "share"),
        Column("Margin, last year", "margin", "share"),
        Column("Break-even volume", "needed", "share", signed=True),
        Column("Volume change", "volume", "share", signed=True),
        Column("Paid back", "paid"),
    )
    note = (
        "Break-even volume: growth that leaves the margin in money unchanged, −ΔP ÷ (CM + ΔP). Only for "
        "higher discounts."
    )
    return Table(frame, columns, "Discounts and break-even volume", note)


def regions(study: Study) -> Table:
    """Who carries whom."""
    columns = (
        Column("Sales", "net_sales", study.currency),
        Column("Profit contribution", "profit_contribution", study.currency),
        Column("Of sales", "profit_contribution_rate", "share"),
    )
    return Table(study.regions.rename_axis(None), columns, "Profit contribution by region")


def people(study: Study) -> Table:
    """Activity and outcome of the same opportunities, person by person; by team where names are not shown."""
    table = study.people.sort_values("won_value", ascending=False, kind="stable").head(PEOPLE_SHOWN)
    frame = table.set_axis([study.name("person", str(name)) for name in table.index], axis=0)
    if not study.show_names:
        frame = frame.iloc[:0]
    columns = (
        Column("Decided", "decided", digits=0),
        Column("Orders", "won", digits=0),
        Column("Order value", "won_value", study.currency),
        Column("Win rate", "win_rate", "share"),
        Column("90% interval", "low", "share", upper="high"),
        Column("Visits per order", "visits_per_order", digits=1),
        Column("All visits", "all_visits", digits=0),
        Column("Unlinked", "unlinked", "share"),
    )
    note = (
        "Visits per order: visits on the opportunities decided in the period, at any time, by orders among "
        "them. All visits: by their own date; unlinked: share of them on no opportunity."
    )
    return Table(frame, columns, "Activity and outcome of the same opportunities", note)


def dependence(study: Study) -> Table:
    """People whose sales come mostly from one customer."""
    table = findings.dependence(study)
    if not study.show_names:
        table = table.iloc[:0]
    frame = table.assign(
        customer=[study.name("customer", str(name)) for name in table["customer"]],
        before=[study.name("person", str(name)) if name else "nobody" for name in table["from"]],
    ).set_axis([study.name("person", str(name)) for name in table.index], axis=0)
    columns = (
        Column("Largest customer", "customer"),
        Column("Share of sales", "share", "share"),
        Column("Since", "since"),
        Column("Taken over from", "before"),
        Column("Sales to all others", "rest", "share", signed=True),
    )
    note = "Since: first month of the data, or month from which the person sells to it. Change on last year."
    return Table(frame, columns, "Sales that depend on one customer (half or more)", note)


def competence(study: Study) -> Table:
    """Class of each person by rater, and their agreement."""
    profile = study.competence.profile()
    if not study.show_names or profile.empty:
        return Table(pd.DataFrame(), note="" if profile.empty else "Names are not shown in this edition.")
    frame = profile.set_axis([study.name("person", str(name)) for name in profile.index], axis=0)
    columns = (
        Column("Profile", "class"),
        Column("Self", "self"),
        Column("Manager", "manager"),
        Column("Co-worker", "co-worker"),
        Column("ICC 2", "icc2", digits=2),
        Column("ICC 3", "icc3", digits=2),
    )
    return Table(frame, columns, "Competence profile by rater", RATING_NOTE)


def competence_and_results(study: Study) -> Table:
    """Scores of each person, their change, and results beside them."""
    profile = study.competence.profile()
    if not study.show_names or profile.empty:
        return Table(pd.DataFrame())
    measures = [measure_named("net_sales"), measure_named("hit_rate")]
    results = study.cells("person", measures)["value"].unstack("measure").reindex(profile.index)
    change = study.competence.change
    frame = profile.assign(
        skills_change=change["skills"],
        way_change=change["way"],
        sales=results.get("net_sales", np.nan),
        rate=results.get("hit_rate", np.nan),
    )
    frame = frame.set_axis([study.name("person", str(name)) for name in frame.index], axis=0)
    columns = (
        Column("Skills", "skills", digits=0),
        Column("change", "skills_change", digits=0, signed=True),
        Column("Company way", "way", digits=0),
        Column("change ", "way_change", digits=0, signed=True),
        Column("Sales", "sales", study.currency),
        Column("Win rate", "rate", "share"),
    )
    note = "Scores: median of the raters, 0–100; change since the round of ratings before."
    return Table(frame, columns, "Competence, change and results", note)


def team_items(study: Study) -> Table:
    """Items of the whole group by rater, the weakest first; nothing for a group of fewer than five."""
    items = study.competence.team
    if len(study.competence.profile()) < 5:
        return Table(pd.DataFrame(), note="Fewer than five people are rated: the group is not broken down.")
    frame = items.reset_index().set_index("item").rename_axis("Competence")
    columns = (
        Column("Dimension", "dimension"),
        Column("Self", "self", digits=0),
        Column("Manager", "manager", digits=0),
        Column("Co-worker", "co-worker", digits=0),
    )
    return Table(frame, columns, "Competences of the group, weakest first")


def goals(study: Study) -> Table:
    """Development goals for the next period."""
    table = study.competence.open_goals
    if not study.show_names or table.empty:
        return Table(pd.DataFrame())
    frame = table.reset_index()
    frame.index = pd.Index([study.name("person", str(name)) for name in frame["person_id"]])
    columns = (
        Column("Competence", "item"),
        Column("Now (manager)", "now", digits=0),
        Column("Goal", "goal", digits=0),
        Column("Due", "due"),
        Column("How", "measure"),
    )
    return Table(frame, columns, "Development goals", "On the scale of the item.")


def definitions(study: Study) -> Table:
    """The register: every measure with its fields, as the appendix of the report."""
    measures = [m for m in in_order() if not _is_rate_of_profit(m)]
    frame = pd.DataFrame(
        {
            "Definition": [_definition(m) for m in measures],
            "Placed by": [_placed(m) for m in measures],
            "Blank when": [m.none_when for m in measures],
            "Levels": [m.levels.replace("-", "–") for m in measures],
            "Fewest n": [m.minimum for m in measures],
            "Source": [m.source if m.source != BOOK else "" for m in measures],
        },
        index=[m.label for m in measures],
    )
    note = (
        "Levels: unit, person or team, segment, customer; (x) is read with care, – is left out on purpose. "
        "Below the least n a value is flagged. Open opportunities do not count unless said. Source: the "
        "book's figure 22 where none is named."
    )
    return Table(frame, caption="Definitions of all measures", note=note)


def _is_rate_of_profit(measure: Measure) -> bool:
    """Rates of profit are defined with the profit that they are the rate of."""
    return measure.name.endswith("_rate") and measure.name.removesuffix("_rate") in _PROFITS


def _definition(measure: Measure) -> str:
    """Numerator and denominator."""
    if measure.name in _PROFITS:
        return f"{measure.numerator}; as a rate ÷ net sales"
    return f"{measure.numerator} ÷ {measure.denominator}" if measure.denominator else measure.numerator


def _placed(measure: Measure) -> str:
    """Date that places a row, and what happens to open opportunities where they count."""
    counts = measure.open_rule != "do not count"
    return f"{measure.placed_by}; open opportunities {measure.open_rule}" if counts else measure.placed_by


_PROFITS = frozenset(
    ("sales_margin", "gross_margin", "profit_contribution", "operating_profit", "ebitda", "net_profit")
)
