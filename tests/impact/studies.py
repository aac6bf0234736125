"""A study of a case without a source around it."""

from datetime import date

import pandas as pd

from vs_toolkit.impact.study import Study
from vs_toolkit.inputs.tables import TABLES


def empty(name):
    frame = pd.DataFrame(columns=list(TABLES[name].model_fields))
    return frame.astype({column: float for column in ("low", "median", "high", "n") if column in frame})


def study_of(
    case, *, edition="internal", others=(), delivered=None, benchmarks=None, as_of=date(2026, 6, 30)
):
    return Study(
        case=case,
        customer="Mill",
        industry="Paper",
        as_of=as_of,
        edition=edition,
        others=tuple(others),
        value_delivered=empty("value_delivered") if delivered is None else delivered,
        benchmarks=empty("benchmarks") if benchmarks is None else benchmarks,
        draws=500,
        seed=1,
    )
