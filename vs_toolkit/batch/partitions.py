"""Partitions for the jobs under way: there when a customer's first job begins, removed after its last."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Sequence

from vs_toolkit.batch.data import Data
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.jobs import Job


class Partitions:
    """The partitions of a batch, in a folder that is private to it and that its workers reach."""

    def __init__(self, data: Data, folder: Folder, jobs: Sequence[Job]) -> None:
        self._data = data
        self._folder = folder
        self._left = Counter(job.recipient.place for job in jobs if not job.problem)
        self._written: set[str] = set()
        wanted = {job.recipient.customer_id: self.url(job) for job in jobs if not job.problem}
        data.announce(wanted)

    def url(self, job: Job) -> str:
        """Where the partition of a job lies."""
        return self._folder.child(_name(job))

    def provide(self, job: Job) -> None:
        """See to it that the partition of a job is there."""
        place, customer = job.recipient.place, job.recipient.customer_id
        if not job.problem and place not in self._written:
            self._data.write(customer, self.url(job))
            self._written.add(place)

    def release(self, job: Job) -> None:
        """Remove the partition if this was the last job that needs it; what stays goes with the folder."""
        if job.problem:
            return
        place = job.recipient.place
        self._left[place] -= 1
        if self._left[place] <= 0 and place in self._written:
            with contextlib.suppress(Exception):  # as many kinds of errors as there are kinds of stores
                self._folder.remove(_name(job))


def _name(job: Job) -> str:
    return f"{job.recipient.place}.arrow"
