"""Working through jobs: what an executor does, or fails to do, never holds the batch up."""

import signal
from concurrent.futures import Executor, Future
from datetime import date

from tests.batch.company import SHOWS_NAME, write_company
from tests.batch.notebooks import saved
from vs_toolkit.batch import runner
from vs_toolkit.batch.kernels import RUNNING
from vs_toolkit.batch.plan import plan
from vs_toolkit.batch.request import Request
from vs_toolkit.batch.runner import Means, run_jobs
from vs_toolkit.batch.worker import Site

SITE = Site("out", "partition", None, 60)


class NeverAnswers(Executor):
    """Takes jobs and is heard of no more, as a cluster whose scheduler is gone."""

    taken = 0

    def submit(self, make, job, site):
        self.taken += 1
        return Future()


def orders(tmp_path):
    write_company(tmp_path / "source", C001="A", C002="B", C003="C")
    path = saved(tmp_path / "plan.ipynb", SHOWS_NAME)
    request = Request(str(tmp_path / "source"), "out", date(2026, 6, 30), notebooks=(str(path),))
    return [(job, SITE) for job in plan(request).jobs]


def test_a_lost_cluster_that_confirms_nothing_ends_the_batch(tmp_path, monkeypatch):
    monkeypatch.setattr(RUNNING, "stopped", False)  # and so again afterwards
    executor, done = NeverAnswers(), []
    means = Means(executor, lambda: 8 if executor.taken < 2 else 0, lambda job, site: None)
    run_jobs(orders(tmp_path), means, lambda job, entry: done.append(entry))
    assert executor.taken == 2 and done == []


def test_a_signal_in_the_middle_of_another_does_not_lock_the_batch_up():
    with runner._wish_to_stop() as wish:
        setting = wish.set

        def interrupted():
            with wish._cond:
                signal.raise_signal(signal.SIGINT)
            setting()

        wish.set = interrupted
        signal.raise_signal(signal.SIGINT)
        assert wish.is_set()
