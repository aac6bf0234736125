"""Which systems can be imported, and what an importer gives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from vs_toolkit.inputs.importers.export import Export

DEALS = (
    "id", "name", "customer_id", "customer", "owner_id", "owner", "pipeline", "stage", "amount", "currency",
    "created",
    "close", "closed", "won", "probability", "reason", "competitor", "product", "next_step", "staged",
)  # fmt: skip
CHANGES = ("id", "at", "pipeline", "stage", "amount", "close", "probability")
STAGES = ("pipeline", "stage", "label", "order", "probability", "outcome")
ACCOUNTS = ("id", "name", "industry", "region", "parent")
PEOPLE = ("id", "name", "unit", "role")


@dataclass
class Extract:
    """What one export says, in the words that all systems share.

    ``deals`` and ``changes`` bear (pipeline, stage) as the system names them; ``staged`` is the time at which
    a deal reached its stage, where the system says so. ``stages`` is empty where the export does not list
    them. ``tables`` holds tables of ours that came ready made (a mapping file).
    """

    deals: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(DEALS)))
    changes: pd.DataFrame | None = None
    stages: pd.DataFrame | None = None
    accounts: pd.DataFrame | None = None
    people: pd.DataFrame | None = None
    said: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    tables: dict[str, pd.DataFrame] | None = None


@dataclass(frozen=True)
class Importer:
    """How one system's files are known and read."""

    name: str
    title: str
    headers: tuple[str, ...]
    knows: Callable[[Export], int]
    extract: Callable[[list[Export]], Extract]
    naive_is_utc: bool = False


IMPORTERS: dict[str, Importer] = {}


def importer(
    name: str,
    title: str,
    headers: Iterable[str],
    knows: Callable[[Export], int],
    *,
    naive_is_utc: bool = False,
) -> Callable[[Callable[[list[Export]], Extract]], Callable[[list[Export]], Extract]]:
    """Register the function that reads the files of a system.

    ``knows`` says how many marks of the system a file bears; ``headers`` help to find the row of headers.
    """

    def register(extract: Callable[[list[Export]], Extract]) -> Callable[[list[Export]], Extract]:
        IMPORTERS[name] = Importer(name, title, tuple(headers), knows, extract, naive_is_utc)
        return extract

    return register


def by_kind(
    exports: Iterable[Export], kind: Callable[[Export], str], said: Extract
) -> dict[str, list[Export]]:
    """Sort files by what they hold, and name those that are a warehouse's copy."""
    kinds: dict[str, list[Export]] = {}
    for export in exports:
        kinds.setdefault(kind(export), []).append(export)
        if export.has("_fivetran_synced"):
            said.said.append(f"{export.file}: a warehouse's copy (Fivetran), not an export of the CRM itself")
    return kinds


def joined(frames: Iterable[pd.DataFrame]) -> pd.DataFrame | None:
    """Put frames below each other; None where there is none."""
    held = list(frames)
    return pd.concat(held, ignore_index=True) if held else None


def living(
    export: Export, frame: pd.DataFrame, gone: pd.Series[Any], said: Extract, what: str
) -> pd.DataFrame:
    """Leave out what the system marks as deleted, and say so; where everything is marked, it is kept."""
    deleted = gone.fillna(False).to_numpy(bool)
    if len(deleted) and deleted.all():
        said.warned.append(f"{export.file}: all {len(deleted)} {what} are marked as deleted: they are kept")
        return frame
    if deleted.any():
        ids = ", ".join(frame["id"][deleted].head(5).astype(str))
        said.said.append(f"{export.file}: {int(deleted.sum())} deleted {what} left out ({ids})")
    return frame[~deleted]


def outcomes(
    export: Export, said: Extract, status: pd.Series[Any], words: Mapping[str, str]
) -> pd.Series[Any]:
    """What each status word means: a stage that closes a deal, or nothing; warns of words not known."""
    folded = status.str.casefold()
    unknown = status[status.notna() & ~folded.isin(list(words))].unique()
    if len(unknown):
        listed = ", ".join(map(repr, unknown[:5]))
        said.warned.append(
            f"{export.file}: status {listed} is not known: taken as open; correct the stage map"
        )
    found: pd.Series[Any] = folded.map(words).astype("str")
    return found.mask(found == "")


def marks(*groups: Iterable[str]) -> Callable[[Export], int]:
    """Make a test that counts the marks of a system: groups of columns that stand together."""
    tuples = [tuple(group) for group in groups]
    return lambda export: sum(len(group) for group in tuples if export.has(*group))
