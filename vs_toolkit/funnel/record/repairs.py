"""What was dropped, repaired or noticed while a history was cleaned: every rule with its count, also zero."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vs_toolkit.funnel.record.events import Events
from vs_toolkit.funnel.record.visits import after_first_win, won_steps
from vs_toolkit.funnel.record.walk import Bools, Ints, Walk

REJECTED = ("no readable date", "no opportunity id", "no status", "status not in the funnel")
SHOWN_NAMES = 5


def repairs(events: Events, seen: Walk, walk: Walk, cut: int, began: int) -> pd.DataFrame:
    """List every rule of cleaning with the rows and opportunities it touched as of the cut.

    Parameters
    ----------
    events
        What was read.
    seen
        All usable changes up to the cut.
    walk
        What was left of them after cleaning.
    cut, began
        Last moment seen and first moment recorded, microseconds since 1970.

    Returns
    -------
    DataFrame
        what, done (``dropped``, ``repaired``, ``kept``), rows, cases, detail. Only ``not in order of time``
        depends on the order of the rows in the table.
    """
    found = events.rejected[events.rejected["at"] <= cut]
    lines = [_rejected(found, what) for what in REJECTED]
    lines += [(what, "dropped", seen.case[rows], "") for what, rows in _repeats(events, seen).items()]
    left = np.zeros(len(events.ids), dtype=bool)
    left[walk.case] = True
    lines += [("case closed before recording began", "dropped", seen.case[~left[seen.case]], "")]
    lines += [(what, "repaired", seen.case[rows], "") for what, rows in _disorder(events, seen).items()]
    lines += [(what, "kept", walk.case[rows], "") for what, rows in _oddities(walk, began).items()]
    counts = [(what, done, len(case), _distinct(case), detail) for what, done, case, detail in lines]
    return pd.DataFrame(counts, columns=["what", "done", "rows", "cases", "detail"])


def _distinct(case: Ints) -> int:
    return int(np.count_nonzero(np.bincount(case[case >= 0])))


def _rejected(found: pd.DataFrame, what: str) -> tuple[str, str, Ints, str]:
    rows = found[found["what"] == what]
    names = rows["status"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    shown = ", ".join(f"{name} ({count})" for name, count in names.head(SHOWN_NAMES).items())
    more = f" and {len(names) - SHOWN_NAMES} more" if len(names) > SHOWN_NAMES else ""
    return what, "dropped", rows["case"].to_numpy(), shown + more if what == REJECTED[-1] else ""


def _repeats(events: Events, seen: Walk) -> dict[str, Bools]:
    before = seen.previous(seen.step, nothing=-1)
    same_moment = seen.at == seen.previous(seen.at, nothing=-1)
    closed_twice = ~seen.is_open & (before >= seen.n_open) & (seen.step != before)
    won = (events.statuses["outcome"] == "won").to_numpy()
    said = {
        "same row twice": (seen.step == before) & same_moment,
        "repeated stage: merged into one stage visit": (seen.step == before) & ~same_moment,
        "closing right after a closing": closed_twice & (won[seen.step] == won[before]),
        "closed twice with different outcomes: first kept": closed_twice & (won[seen.step] != won[before]),
    }
    spoilt = after_first_win(seen, won_steps(events)) & ~np.logical_or.reduce(list(said.values()))
    return said | {"dated after a win that is the first change: the win counts": spoilt}


def _disorder(events: Events, seen: Walk) -> dict[str, Bools]:
    moved = seen.step != seen.previous(seen.step, nothing=-1)
    return {
        "not in chronological order: sorted": seen.row < seen.previous(seen.row, nothing=-1),
        "no time zone where others have one: taken as UTC": events.zoneless[seen.row],
        "several statuses at one moment: in funnel order": moved
        & (seen.at == seen.previous(seen.at, nothing=-1)),
    }


def _oddities(walk: Walk, began: int) -> dict[str, Bools]:
    before = walk.previous(walk.step, nothing=walk.n_open)
    between_open = walk.is_open & (before < walk.n_open)
    first = ~walk.follows
    return {
        "step back": between_open & (walk.step < before),
        "status skipped": between_open & (walk.step > before + 1),
        "reopened after closing: closing ignored": walk.follows & walk.is_open & (before >= walk.n_open),
        "closed without ever being open": first & ~walk.is_open,
        "begun before recording: seen from then on": first & (walk.at < began),
    }
