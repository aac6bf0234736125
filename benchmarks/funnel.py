"""How fast calibration is: one million status changes, and the ratio to lifelines with equal results.

    python benchmarks/funnel.py

lifelines needs pandas below 3, so it is installed into an environment of its own in a temporary folder. All
times are processor seconds, so that other work on the machine does not count.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd

from vs_toolkit import funnel
from vs_toolkit.demo.histories import generate_histories
from vs_toolkit.demo.truth import FUNNEL_TRUTH, STATUSES
from vs_toolkit.funnel.rates.incidence import followed, incidence

MILLION = 1_000_000
AS_OF = pd.Timestamp("2026-06-30")
DAYS = (30, 90, 180, 365, 1500)  # at which both must find the same share won
SIZES = (2_000, 20_000, 100_000)
FUNNEL = pd.DataFrame([status.model_dump() for status in STATUSES])
LIFELINES = """
import sys, time, warnings
import pandas as pd
from lifelines import AalenJohansenFitter
warnings.simplefilter("ignore")  # it announces that it moves ties apart
cases = pd.read_csv(sys.argv[1])
for variance in (True, False):
    start = time.process_time()
    fitter = AalenJohansenFitter(calculate_variance=variance, seed=1)
    fitter.fit(cases["days"], cases["kind"], event_of_interest=1)
    seconds, share = time.process_time() - start, fitter.cumulative_density_.iloc[:, 0]
    print(seconds, *(share.asof(day) for day in map(float, sys.argv[2:])))
"""


def million_changes() -> pd.DataFrame:
    """The first million status changes of a large company, as known on one day."""
    cases = generate_histories(FUNNEL_TRUTH, 330_000, seed=1).until(AS_OF)
    return cases.status_changes.iloc[:MILLION]


def timed(what: str, job, *arguments):
    start = process_time()
    result = job(*arguments)
    print(f"{what:60} {process_time() - start:7.2f} s")
    return result


def chances(calibration: funnel.Calibration) -> pd.DataFrame:
    cases = calibration.history.open_cases()
    return funnel.win_probability(calibration, cases["status"], cases["age_days"], 90)


def speed(changes: pd.DataFrame) -> funnel.Calibration:
    calibration = timed(
        f"calibrate {len(changes):,} status changes", funnel.calibrate, changes, FUNNEL, AS_OF
    )
    as_text = changes.assign(changed_at=changes["changed_at"].astype(str))
    timed("the same with dates as text", funnel.calibrate, as_text, FUNNEL, AS_OF)
    found = timed("win probability of the open cases", chances, calibration)
    print(f"    of {len(found):,} open cases")
    days = pd.date_range("2025-06-30", "2026-03-31", freq="QE")
    timed(f"back-test from {len(days)} past days", funnel.backtest, changes, FUNNEL, days, 90)
    return calibration


def environment(folder: Path) -> Path | None:
    """Python of a new environment with lifelines, or None where it cannot be installed."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    install = [python, "-m", "pip", "install", "-qq", "lifelines==0.30.3"]
    done = subprocess.run(install, check=False, capture_output=True)
    return python if done.returncode == 0 else None


def compare(python: Path, leads: pd.DataFrame, folder: Path) -> None:
    """Time both on the same leads, and check that they find the same share won."""
    file = folder / "leads.csv"
    kinds = leads["outcome"].astype(str).map({"open": 0, "won": 1, "lost": 2})
    pd.DataFrame({"days": leads["days_to_end"], "kind": kinds}).to_csv(file, index=False)
    start = process_time()
    ours = incidence(followed(leads))
    seconds = process_time() - start
    command = [python, "-c", LIFELINES, file, *map(str, DAYS)]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    theirs = [tuple(map(float, line.split())) for line in output.splitlines()]
    for variance, (their_seconds, *shares) in zip(("with", "without"), theirs, strict=True):
        np.testing.assert_allclose(ours.at(ours.won, np.array(DAYS)), shares, atol=1e-4)
        print(
            f"{len(leads):9,} leads: lifelines {variance:>7} variance {their_seconds:7.3f} s, "
            f"ours (always with) {seconds:6.3f} s, ratio {their_seconds / seconds:4.0f}"
        )


def main() -> None:
    calibration = speed(million_changes())
    leads = calibration.first_visits.query("status == 'Lead qualified'")
    with tempfile.TemporaryDirectory() as name:
        python = environment(Path(name) / "lifelines")
        if python is None:
            sys.exit("lifelines cannot be installed here: not compared")
        for size in SIZES:
            compare(python, leads.sample(size, random_state=1), Path(name))


if __name__ == "__main__":
    main()
