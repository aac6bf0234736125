"""The lock of a remote folder: who lives keeps it, who died loses it, and no clock is asked."""

import contextlib
import os
import threading
import time

import pytest

from vs_toolkit.batch import beat
from vs_toolkit.batch.folder import Folder
from vs_toolkit.batch.lock import LOCK_FILE, working_in
from vs_toolkit.errors import FolderInUseError


@pytest.fixture
def folder(request, monkeypatch):
    monkeypatch.setattr(beat, "BEAT", 0.5)
    store = Folder(f"memory://beat-{request.node.name}")
    yield store
    store.remove_folder("")


def test_a_living_holder_is_not_disturbed_and_named(folder):
    with working_in(folder):
        refused = pytest.raises(FolderInUseError, match=rf"process {os.getpid()} on .* into memory://")
        with refused, working_in(folder):
            pass
        assert folder.read(LOCK_FILE)
    assert folder.read(LOCK_FILE) is None


def test_signs_of_life_have_a_connection_of_their_own(folder):
    pulse = beat._Pulse(folder, LOCK_FILE)
    pulse.ended.set()
    thread = threading.Thread(target=pulse.beat)
    thread.start()
    thread.join()
    assert pulse.folder.url == folder.url and pulse.folder.fs is not folder.fs


def test_the_lock_of_a_dead_holder_is_taken_over_whatever_its_clock_said(folder):
    folder.write(LOCK_FILE, '{"token": "of the dead", "count": 7, "pid": 1, "host": "gone"}')
    started = time.monotonic()
    with working_in(folder):
        assert time.monotonic() - started >= beat.PATIENCE * beat.BEAT
        assert "of the dead" not in folder.read(LOCK_FILE)


def test_two_that_come_at_the_same_time_never_work_at_the_same_time(folder, monkeypatch):
    monkeypatch.setattr(beat, "BEAT", 2.5)  # a busy machine may hold one of them up for half a second
    at_work, most = set(), []
    barrier = threading.Barrier(2)

    def come(who):
        barrier.wait()
        with contextlib.suppress(FolderInUseError), working_in(folder):
            at_work.add(who)
            most.append(len(at_work))
            time.sleep(1)
            at_work.discard(who)

    both = [threading.Thread(target=come, args=(who,)) for who in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert most and max(most) == 1


def test_who_was_cut_off_for_too_long_is_stopped(folder, monkeypatch):
    stopped = threading.Event()
    monkeypatch.setattr(beat._thread, "interrupt_main", lambda number: stopped.set())
    with working_in(folder):
        folder.write(LOCK_FILE, '{"token": "another one"}')
        assert stopped.wait(5)
    assert "another one" in folder.read(LOCK_FILE)


def test_a_lock_that_somebody_removed_is_put_back(folder):
    with working_in(folder):
        folder.remove(LOCK_FILE)
        until = time.monotonic() + 5
        while folder.read(LOCK_FILE) is None:
            assert time.monotonic() < until
            time.sleep(0.05)
