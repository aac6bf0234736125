"""Rules between rows and tables: unique keys, known references, one currency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.fields import KEY, Refers, marked, marks
from vs_toolkit.inputs.lookup import among
from vs_toolkit.inputs.tables import TABLES, relationship
from vs_toolkit.inputs.tables.validate import Checked, RowProblem, cell_problems

# Columns within whose values a table has one currency; a table without any has one in all.
ONE_CURRENCY: dict[str, tuple[str, ...]] = {
    **{name: () for name, model in TABLES.items() if "currency" in model.model_fields},
    "value_delivered": ("case_id",),
    "statements": ("customer_id",),
}


def double_keys(checked: Checked) -> Iterator[RowProblem]:
    """Find rows whose key is already used by an earlier row."""
    key = list(marked(TABLES[checked.raw.table], KEY))
    if not key or not set(key) <= set(checked.raw.frame.columns):
        return
    keys = checked.frame[key].dropna()
    if not keys.duplicated().any():
        return
    first = (
        keys.reset_index(names="row").groupby(key, sort=False)["row"].transform("first").set_axis(keys.index)
    )
    later = first[first != first.index]
    wrong = {
        int(row): f"duplicate of {checked.raw.places(int(earlier), None)}; keep one"  # type: ignore[call-overload]
        for row, earlier in later.items()
    }
    yield from cell_problems(checked.raw, key[0], wrong)


def unknown_references(checked: Checked, tables: Mapping[str, Checked]) -> Iterator[RowProblem]:
    """Find ids that are missing in the table they refer to; references to a table that is not given pass."""
    for name, field in TABLES[checked.raw.table].model_fields.items():
        target = next((mark.table for mark in marks(field) if isinstance(mark, Refers)), "")
        if target in tables and name in checked.raw.frame:
            key = tables[target].frame[marked(TABLES[target], KEY)[0]]
            ids = checked.frame[name]
            unknown = (ids.notna() & ~among(ids, key)).to_numpy().nonzero()[0].tolist()
            alike = {str(known).casefold(): known for known in key.dropna()} if unknown else {}
            yield from cell_problems(
                checked.raw, name, {row: _unknown(ids[row], target, alike) for row in unknown}
            )


def _unknown(id_: str, target: str, alike: Mapping[str, str]) -> str:
    known = alike.get(id_.casefold())
    return f"not found in the table {target}" + (f"; did you mean {known!r}?" if known else "")


def mixed_currencies(checked: Checked) -> Iterator[RowProblem]:
    """Find rows in another currency than most: without an exchange rate they cannot be added up."""
    if checked.raw.table not in ONE_CURRENCY or "currency" not in checked.raw.frame:
        return
    frame = checked.frame.dropna(subset=["currency", *ONE_CURRENCY[checked.raw.table]])
    within = [frame[name] for name in ONE_CURRENCY[checked.raw.table]]
    groups = frame.groupby(within)["currency"] if within else frame.groupby(lambda _: 0)["currency"]
    usual = groups.transform(lambda currencies: currencies.mode().iloc[0])
    other = usual[frame["currency"] != usual]
    wrong = {int(row): f"other rows are in {currency}: convert this one" for row, currency in other.items()}  # type: ignore[call-overload]
    yield from cell_problems(checked.raw, "currency", wrong)


def foreign_currencies(checked: Checked, cases: Iterable[BusinessCase]) -> Iterator[RowProblem]:
    """Find rows of ``value_delivered`` in another currency than the business case that promised the value."""
    if checked.raw.table != "value_delivered" or "currency" not in checked.raw.frame:
        return
    right = checked.frame["case_id"].map({case.id: case.currency for case in cases})
    other = right[right.notna() & checked.frame["currency"].notna() & (right != checked.frame["currency"])]
    wrong = {int(row): f"its business case is in {currency}" for row, currency in other.items()}  # type: ignore[call-overload]
    yield from cell_problems(checked.raw, "currency", wrong)


def impossible_plans(checked: Checked) -> Iterator[RowProblem]:
    """Rows of a relationship plan whose range is out of order, or whose fraction is none."""
    if checked.raw.table != "relationship_plans" or "expected" not in checked.raw.frame:
        return
    frame = checked.frame
    low, high = frame["low"].fillna(frame["expected"]), frame["high"].fillna(frame["expected"])
    disordered = (low > frame["expected"]) | (frame["expected"] > high)
    text = "low <= expected <= high must hold"
    yield from cell_problems(checked.raw, "expected", {int(row): text for row in frame.index[disordered]})
    fractions = frame["line"].isin(relationship.SHARES)
    outside = fractions & ((high > 1) | ((frame["line"] == "survival") & (low < 0))) & ~disordered
    text = "write a fraction: 0.85 for 85%"
    yield from cell_problems(checked.raw, "expected", {int(row): text for row in frame.index[outside]})


def cross_checks(
    tables: Mapping[str, Checked], cases: Iterable[BusinessCase]
) -> dict[str, tuple[RowProblem, ...]]:
    """Apply all rules and return the problems by table."""
    cases = tuple(cases)
    return {
        name: (
            *double_keys(checked),
            *unknown_references(checked, tables),
            *mixed_currencies(checked),
            *foreign_currencies(checked, cases),
            *impossible_plans(checked),
        )
        for name, checked in tables.items()
    }
