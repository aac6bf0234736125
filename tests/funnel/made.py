"""Generated sales cases whose truth is known, small enough for tests."""

from dataclasses import replace
from functools import cache

import pandas as pd

from vs_toolkit.demo.histories import Histories, generate_histories
from vs_toolkit.demo.truth import STATUSES, STEADY_FUNNEL, FunnelTruth
from vs_toolkit.funnel.record.cases import known_cases
from vs_toolkit.funnel.record.history import History, read_history

FUNNEL = pd.DataFrame([status.model_dump() for status in STATUSES])
AS_OF = "2025-06-30"
HONEST: FunnelTruth = replace(STEADY_FUNNEL, biases=(0.0,) * 12)


@cache
def made(n: int = 800, seed: int = 1, truth: FunnelTruth = STEADY_FUNNEL) -> Histories:
    return generate_histories(truth, n, seed)


def opportunities(histories: Histories) -> pd.DataFrame:
    return histories.opportunities.rename(columns={"person": "owner_id"}).drop(columns="value")


@cache
def history(n: int = 800, seed: int = 1, truth: FunnelTruth = STEADY_FUNNEL, as_of: str = AS_OF) -> History:
    return read_history(made(n, seed, truth).status_changes, FUNNEL, as_of)


def cases(n: int = 800, seed: int = 1, as_of: str = AS_OF) -> pd.DataFrame:
    histories = made(n, seed)
    return known_cases(history(n, seed, as_of=as_of), opportunities(histories), histories.status_changes)
