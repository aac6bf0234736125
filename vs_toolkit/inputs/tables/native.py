"""Whole columns that stand as the toolkit itself writes them: recognised and typed at the speed of Arrow.

Nothing is decided here that a field's own validators would decide otherwise. One value that needs a second
look sends its column the long way (``columns``), where every distinct value is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pydantic.fields import FieldInfo

from vs_toolkit.inputs.fields import Id, Moment, Number, Refers, Text, marks

NATIVE_NUMBER = r"^[+-]?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d+)?$"
_DATE, _CLOCK, _ZONE = r"\d{4}-\d{2}-\d{2}", r"[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?", r"(Z|[+-]\d{2}:?\d{2})"
NAIVE_DAY, ZONED_DAY = rf"^{_DATE}({_CLOCK})?$", rf"^{_DATE}{_CLOCK}{_ZONE}$"
NATIVE_DAY = rf"^{_DATE}({_CLOCK}{_ZONE}?)?$"
AMBIGUOUS = r"^[+-]?[1-9]\d{0,2}\.\d{3} ?%?$"
POINT = r"^[+-]?(0?\.\d+|0\.\d+|\d+\.\d{1,2}|\d+\.\d{4,}|\d{4,}\.\d+) ?%?$"
NATIVE_TEXT = r'^[!"$-~]([ -~]{0,298}[!-~])?$'  # ASCII, and no error of a workbook, which begins with #


def all_match(texts: Any, pattern: str) -> bool:
    """Whether a pattern is found in every text."""
    return bool(pc.all(pc.match_substring_regex(pa.array(texts, pa.string()), pattern)).as_py())


def is_settled(texts: Any, pattern: str = NATIVE_NUMBER) -> bool:
    """Whether every number stands as the toolkit writes it, and the points are decimal points for certain.

    >>> is_settled(["12.500", "0.5"]), is_settled(["12.500"]), is_settled(["1,5"])
    (True, False, False)
    """
    column = pa.array(texts, pa.string())
    found = [bool(pc.any(pc.match_substring_regex(column, mark)).as_py()) for mark in (AMBIGUOUS, POINT)]
    return all_match(column, pattern) and (not found[0] or found[1])


def native_column(raw: pd.Series[Any], declared: FieldInfo) -> pd.Series[Any] | None:
    """Type a column at once; None where one of its values, or its field, asks for more.

    >>> from vs_toolkit.inputs.tables import TABLES
    >>> value = TABLES["status_changes"].model_fields["value"]
    >>> native_column(pd.Series(["12.5", None]), value).tolist(), native_column(pd.Series(["12,5"]), value)
    ([12.5, nan], None)
    """
    asked = tuple(mark for mark in marks(declared) if not isinstance(mark, str | Refers))
    rule = RULES.get(asked)
    if rule is None or (declared.is_required() and raw.hasnans):
        return None
    try:
        return rule(raw)
    except (ValueError, pa.ArrowException):  # 2026-02-30 looks like a day
        return None


def _is_text(raw: pd.Series[Any]) -> bool:
    return isinstance(raw.dtype, pd.StringDtype)


def _texts(raw: pd.Series[Any]) -> pd.Series[Any] | None:
    return raw if _is_text(raw) and all_match(raw, NATIVE_TEXT) else None


def native_numbers(raw: pd.Series[Any]) -> pd.Series[Any] | None:
    """Take finite numbers as they stand; None where one of them is written in another way."""
    if _is_text(raw) and is_settled(raw):
        numbers = pc.cast(pa.array(raw, pa.string()), pa.float64()).to_numpy(zero_copy_only=False)
        raw = pd.Series(numbers, index=raw.index)
    return raw if raw.dtype == "float64" and not np.isinf(raw.to_numpy()).any() else None


def _moments(raw: pd.Series[Any]) -> pd.Series[Any] | None:
    if _is_text(raw) and all_match(raw, NATIVE_DAY):
        raw = pd.to_datetime(raw, format="ISO8601", utc=True)
    if not pd.api.types.is_datetime64_any_dtype(raw.dtype):
        return None
    naive = raw.dt.tz_convert(None) if raw.dt.tz is not None else raw
    return naive.astype("datetime64[us]")


RULES: dict[tuple[Any, ...], Callable[[pd.Series[Any]], pd.Series[Any] | None]] = {
    get_args(Id)[1:]: _texts,
    get_args(Text)[1:]: _texts,
    get_args(Number)[1:]: native_numbers,
    get_args(Moment)[1:]: _moments,
}
