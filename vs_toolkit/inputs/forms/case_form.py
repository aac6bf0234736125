"""The form of a business case: one sheet of single fields, one for each list, one for whatever has no
cell.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from vs_toolkit.inputs.cases.business_case import BusinessCase
from vs_toolkit.inputs.cases.value_model import ValueModel
from vs_toolkit.inputs.forms.leaves import Block, Leaf, leaves
from vs_toolkit.inputs.forms.sheet import BLANK_ROWS, Form, Sheet

ENDS = ("low", "expected", "high")
HEADS = ("What", "Low", "Value (expected)", "High", "How to write it", "Note")
HOW = {
    "text": "text", "number": "number", "whole number": "whole number", "yes or no": "true or false",
    "date": "date", "time": "date and time", "fraction": "0.08 or 8%", "choice": "choose from the list",
    "estimate": "number; a range where it is uncertain", "list": "values separated by ;",
}  # fmt: skip
EXTRA = "More"
TEXTS = "text"


def parts_of_case() -> tuple[tuple[Leaf, ...], tuple[Block, ...]]:
    """Single fields and lists of a business case, as its model declares them; also ``model`` (a value
    model).
    """
    everything = list(leaves(BusinessCase))
    single = [leaf for leaf in everything if isinstance(leaf, Leaf)]
    model = Leaf(("model",), TEXTS, False, "Name of a value model whose effects the case takes.", text=True)
    return (*single, model), tuple(block for block in everything if isinstance(block, Block))


def case_form(case: BusinessCase | None, made_on: date, customer: str = "") -> bytes:
    """Make the form, blank or filled in with a case.

    A field that no cell can hold (a source for one factor, a list with ranges) stands on the sheet *More* by
    its path, so that reading the form gives the same case.
    """
    data = {} if case is None else case.model_dump(mode="json", exclude_defaults=True)
    return _form({"customer": customer, **data} if customer else data, made_on)


def model_form(model: ValueModel, made_on: date, customer: str = "") -> bytes:
    """Make the form of a case that takes its effects from a value model: its variables are asked for."""
    numbers = {
        name: {"unit": variable.unit, "name": variable.description}
        for name, variable in model.variables.items()
    }
    data: dict[str, Any] = {"model": model.name, "numbers": {k: _present(v) for k, v in numbers.items()}}
    for name, variable in model.variables.items():
        if variable.default is not None:
            data["numbers"][name] |= variable.default.model_dump(mode="json", include=set(ENDS))
    return _form({"customer": customer, **data} if customer else data, made_on)


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _form(data: dict[str, Any], made_on: date) -> bytes:
    form = Form(made_on)
    single, blocks = parts_of_case()
    extra: list[tuple[str, Any]] = []
    _single_sheet(form, single, data, extra)
    for block in blocks:
        _block_sheet(form, block, _items(block, data), extra)
    _extra_sheet(form, extra)
    return form.content()


def _single_sheet(
    form: Form, single: tuple[Leaf, ...], data: dict[str, Any], extra: list[tuple[str, Any]]
) -> None:
    sheet = form.sheet("Case", "case")
    for column, head in enumerate(HEADS, 1):
        sheet.write(0, column, head, "head")
    sheet.widths((42, 14, 26, 14, 30, 70))
    sheet.page.freeze_panes(1, 2)
    for row, leaf in enumerate(single, 1):
        sheet.write(row, 0, leaf.key, "plain")
        sheet.write(row, 1, leaf.title + (" *" if leaf.required else ""), "plain")
        sheet.write(row, 5, HOW[leaf.kind], "note")
        sheet.write(row, 6, leaf.note, "note")
        low, value, high = _cells(leaf, _at(data, leaf.path), (), extra)
        sheet.write(row, 3, value)
        if leaf.kind == "estimate":
            sheet.write(row, 2, low)
            sheet.write(row, 4, high)
        if leaf.choices:
            sheet.drop_down((row, row), 3, leaf.choices)


def _block_sheet(form: Form, block: Block, items: list[Any], extra: list[tuple[str, Any]]) -> None:
    """Hidden keys, titles with how to write them, then one row for each item."""
    sheet = form.sheet(block.title, block.key)
    columns = list(_columns(block))
    sheet.page.set_row(0, None, None, {"hidden": True})
    for row, style in ((1, "head"), (2, "note")):
        sheet.write(row, 0, "title" if row == 1 else "note", "plain")
        for column, (leaf, end) in enumerate(columns, 1):
            text = _title(block, leaf, end) if row == 1 else _how(leaf, end)
            sheet.write(row, column, text, style)
    for column, (leaf, end) in enumerate(columns, 1):
        sheet.write(0, column, _key(leaf, end), "plain")
        if leaf.choices:
            sheet.drop_down((3, 2 + BLANK_ROWS + len(items)), column, tuple(dict.fromkeys(leaf.choices)))
    sheet.widths([22] * len(columns))
    sheet.page.freeze_panes(3, 2)
    for row in range(3, 3 + len(items) + BLANK_ROWS):
        item = items[row - 3] if row - 3 < len(items) else {}
        _item_row(sheet, row, block, item, columns, extra)


def _item_row(
    sheet: Sheet,
    row: int,
    block: Block,
    item: Any,
    columns: list[tuple[Leaf, str]],
    extra: list[tuple[str, Any]],
) -> None:
    place = (*block.path, str(item.get("_name", row - 2)))
    cells: dict[str, tuple[Any, Any, Any]] = {}
    for column, (leaf, end) in enumerate(columns, 1):
        if end == "name":
            sheet.write(row, column, item.get("_name"))
            continue
        if leaf.key not in cells:
            cells[leaf.key] = _cells(leaf, _at(item, leaf.path), place, extra)
        sheet.write(row, column, cells[leaf.key][ENDS.index(end or "expected")])


def _columns(block: Block) -> Iterator[tuple[Leaf, str]]:
    if block.named:
        yield Leaf(("name",), TEXTS, True, text=True), "name"
    for leaf in block.leaves:
        for end in ENDS if leaf.kind == "estimate" else ("",):
            yield leaf, end


def _key(leaf: Leaf, end: str) -> str:
    return "_name" if end == "name" else f"{leaf.key}.{end}".strip(".")


def _title(block: Block, leaf: Leaf, end: str) -> str:
    if end == "name":
        return "Name"
    words = leaf.title if leaf.path else "Number"
    return f"{words} ({end})" if end else words + (" *" if leaf.required else "")


def _how(leaf: Leaf, end: str) -> str:
    how = "number" if end in ENDS else HOW[leaf.kind]
    return f"{how}. {leaf.note}" if leaf.note and end in ("", "expected") else how


def _items(block: Block, data: dict[str, Any]) -> list[Any]:
    held = _at(data, block.path)
    if isinstance(held, dict):
        return [
            {"_name": name, **(value if isinstance(value, dict) else {"expected": value})}
            for name, value in held.items()
        ]
    return list(held or [])


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    return data


def _cells(
    leaf: Leaf, value: Any, place: tuple[str, ...], extra: list[tuple[str, Any]]
) -> tuple[Any, Any, Any]:
    """Low, value and high of a field; what does not fit into them goes to the sheet *More*."""
    if value is None:
        return None, None, None
    path = ".".join((*place, *leaf.path))
    if leaf.kind == "estimate":
        return _range(leaf, value, path, extra)
    if leaf.kind == "list":
        return None, _listed(value, path, extra), None
    if leaf.kind == "date" and isinstance(value, str):
        return None, date.fromisoformat(value), None
    return None, value, None


def _range(leaf: Leaf, value: Any, path: str, extra: list[tuple[str, Any]]) -> tuple[Any, Any, Any]:
    if not isinstance(value, dict):
        return None, value, None
    if leaf.path:  # in a block of named numbers the rest has columns of its own
        extra += [(f"{path}.{name}", rest) for name, rest in value.items() if name not in ENDS]
    elif "evidence" in value:
        extra.append((f"{path}.evidence", value["evidence"]))
    low, expected, high = (value.get(end) for end in ENDS)
    return (None, expected, None) if low == expected == high else (low, expected, high)


def _listed(value: Any, path: str, extra: list[tuple[str, Any]]) -> Any:
    plain = [_certain(item) for item in value]
    texts = [item if isinstance(item, str) else repr(item) for item in plain]
    if (
        value
        and None not in plain
        and not any(";" in text or text != text.strip() or "\n" in text for text in texts)
    ):
        return "; ".join(texts)
    extra.append((path, value))
    return None


def _certain(item: Any) -> Any:
    """A number without a range, or a text; None for anything else."""
    if not isinstance(item, dict):
        return item
    return (
        item["expected"]
        if set(item) == set(ENDS) and item["low"] == item["expected"] == item["high"]
        else None
    )


def _extra_sheet(form: Form, extra: list[tuple[str, Any]]) -> None:
    """Whatever no cell holds, by its path, as JSON."""
    sheet = form.sheet(EXTRA, "more")
    for column, head in ((1, "Field"), (2, "Value (as JSON)"), (3, "Note")):
        sheet.write(0, column, head, "head")
    sheet.write(
        0,
        3,
        "Fields that have no cell elsewhere, such as the source of one factor. Most cases need none.",
        "head",
    )
    sheet.widths((50, 80, 40))
    for row in range(1, 1 + len(extra) + BLANK_ROWS):
        path, value = extra[row - 1] if row <= len(extra) else ("", None)
        sheet.write(row, 1, path)
        sheet.write(row, 2, json.dumps(value, ensure_ascii=False) if path else None)
