"""The recogniser pool: real processes, killed, failing, closed, left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import psutil
import pytest

from offair.engines.speech import open_pool
from offair.engines.speech.pool import ProcessPool
from offair.model.errors import BadInput, EngineDied, Unavailable
from offair.model.transcript import Engine

SOUND = np.full(1_600, 0.5, dtype=np.float32)
WAIT_S = 60


def pool_of(name: str, processes: int = 1, **settings: str) -> ProcessPool:
    """A pool of one of the fake recognisers."""
    return ProcessPool(f"fake_recognisers:{name}", settings, processes, WAIT_S)


@pytest.fixture
def one() -> Iterator[ProcessPool]:
    """A pool of one process."""
    with pool_of("Obedient") as pool:
        yield pool


def gone(pid: int) -> bool:
    """Whether a process has ended, waiting a while for it."""
    for _ in range(200):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def test_the_engine_is_what_the_process_says() -> None:
    with open_pool("fake_recognisers:Obedient", {"model": "small"}, 2) as pool:
        assert pool.engine == Engine("obedient", "small", "1", {"beam": 1})
        assert pool.again == Engine("obedient", "small", "1", {"beam": 5})
        assert pool.processes == 2


def test_sound_goes_in_and_words_come_out(one: ProcessPool) -> None:
    heard = one.submit(SOUND, language="pt-BR").result(WAIT_S)
    size, total, pid, parent = heard.text.split()
    assert (size, total) == ("1600", "800")
    assert int(pid) != os.getpid()
    assert int(parent) == os.getpid()
    assert heard.language == "pt-BR"
    assert heard.words[0].end == 10


def test_a_second_try_is_asked_for(one: ProcessPool) -> None:
    assert one.submit(SOUND, again=True).result(WAIT_S).text.startswith("again 1600 ")


def test_two_processes_hear_at_the_same_time() -> None:
    with pool_of("Obedient", 2) as pool:
        pids = {
            future.result(WAIT_S).text.split()[2]
            for future in [pool.submit(SOUND, prompt="sleep 0.4") for _ in range(4)]
        }
        assert len(pids) == 2


def test_a_process_killed_over_a_chunk_takes_only_that_chunk(one: ProcessPool) -> None:
    lost = one.submit(SOUND, prompt="die", label="chunk 7 (3:10-3:38)")
    after = one.submit(SOUND)
    with pytest.raises(EngineDied, match=r"obedient fake .*chunk 7 \(3:10-3:38\).*killed"):
        lost.result(WAIT_S)
    assert after.result(WAIT_S).text


def test_one_that_dies_with_nothing_to_do_costs_no_chunk(one: ProcessPool) -> None:
    pid = int(one.submit(SOUND).result(WAIT_S).text.split()[2])
    os.kill(pid, signal.SIGKILL)
    assert gone(pid)
    assert int(one.submit(SOUND).result(WAIT_S).text.split()[2]) != pid


def test_it_starts_again_as_often_as_chunks_are_heard_in_between(one: ProcessPool) -> None:
    for _ in range(3):
        with pytest.raises(Unavailable):
            one.submit(SOUND, prompt="die").result(WAIT_S)
        assert one.submit(SOUND).result(WAIT_S).text


def test_it_gives_up_where_nothing_is_heard_in_between(one: ProcessPool) -> None:
    for _ in range(2):
        with pytest.raises(EngineDied):
            one.submit(SOUND, prompt="die").result(WAIT_S)
    assert one.usable
    last, waiting = one.submit(SOUND, prompt="die"), one.submit(SOUND)
    with pytest.raises(EngineDied):
        last.result(WAIT_S)
    with pytest.raises(Unavailable, match="again and again") as caught:
        waiting.result(WAIT_S)
    # It was never begun, so it is not what killed them.
    assert not isinstance(caught.value, EngineDied)
    assert not one.usable
    with pytest.raises(Unavailable, match="again and again"):
        one.submit(SOUND)


def test_who_gives_no_answer_in_time_is_ended_and_the_others_go_on() -> None:
    with ProcessPool("fake_recognisers:Obedient", {}, 2, 1.0) as pool:
        hung = pool.submit(SOUND, prompt="hang", label="chunk 7")
        works = [pool.submit(SOUND) for _ in range(5)]
        with pytest.raises(EngineDied, match="obedient fake gave no answer on chunk 7 in 1 s"):
            hung.result(WAIT_S)
        assert all(future.result(WAIT_S).text for future in works)
        assert pool.usable


def test_much_said_on_the_error_stream_is_forgotten(one: ProcessPool) -> None:
    for _ in range(3):
        assert one.submit(SOUND, prompt="shout").result(WAIT_S).text
    with pytest.raises(EngineDied, match="the library gave up"):
        one.submit(SOUND, prompt="exit").result(WAIT_S)


def test_one_dead_process_leaves_the_others_working() -> None:
    with pool_of("Obedient", 2) as pool:
        deaths = [pool.submit(SOUND, prompt="die") for _ in range(2)]
        works = [pool.submit(SOUND) for _ in range(6)]
        assert all(isinstance(future.exception(WAIT_S), Unavailable) for future in deaths)
        assert all(future.result(WAIT_S).text for future in works)


def test_a_killed_chunk_can_be_heard_again(one: ProcessPool, tmp_path: Path) -> None:
    order = f"die-once {tmp_path / 'died'}"
    with pytest.raises(Unavailable):
        one.submit(SOUND, prompt=order).result(WAIT_S)
    assert one.submit(SOUND, prompt=order).result(WAIT_S).text


def test_the_last_words_of_a_process_are_reported(one: ProcessPool) -> None:
    with pytest.raises(EngineDied, match="exit code 3: terminate called: the library gave up"):
        one.submit(SOUND, prompt="exit").result(WAIT_S)


def test_a_chunk_that_fails_leaves_the_process_running(one: ProcessPool) -> None:
    before = one.submit(SOUND).result(WAIT_S).text.split()[2]
    with pytest.raises(Unavailable, match="obedient with fake failed on chunk 3: RuntimeError"):
        one.submit(SOUND, prompt="fail", label="chunk 3").result(WAIT_S)
    with pytest.raises(BadInput, match="this chunk cannot be heard"):
        one.submit(SOUND, prompt="refuse").result(WAIT_S)
    assert one.submit(SOUND).result(WAIT_S).text.split()[2] == before


@pytest.mark.parametrize(
    ("name", "kind", "sentence"),
    [
        ("Missing", Unavailable, "the model fake is not on this machine"),
        ("Broken", Unavailable, "could not be loaded: this processor lacks AVX"),
        ("Doomed", Unavailable, "ended while loading its model"),
        ("Nobody", BadInput, "cannot be imported"),
    ],
)
def test_what_cannot_load_says_so(name: str, kind: type[Exception], sentence: str) -> None:
    with pool_of(name, 2) as pool:
        with pytest.raises(kind, match=sentence):
            _ = pool.engine
        with pytest.raises(kind, match=sentence):
            pool.submit(SOUND)


def test_settings_the_class_does_not_take_are_bad_input() -> None:
    with pool_of("Obedient", colour="blue") as pool, pytest.raises(BadInput, match="colour"):
        _ = pool.engine


def test_processes_that_disagree_are_not_used_together() -> None:
    with pool_of("Fickle", 2) as pool:
        heard = {pool.submit(SOUND).result(WAIT_S).text.split()[2] for _ in range(6)}
        assert heard == {pool.engine.revision}


def test_what_takes_long_is_announced() -> None:
    said: list[str] = []
    with open_pool("fake_recognisers:Announcing", {}, 1, said.append) as pool:
        assert pool.engine.name == "obedient"
    assert said == ["downloading 12 MB"]


def test_closing_ends_processes_and_cancels_chunks() -> None:
    pool = pool_of("Obedient")
    pid = int(pool.submit(SOUND).result(WAIT_S).text.split()[2])
    running = pool.submit(SOUND, prompt="sleep 600")
    waiting = pool.submit(SOUND)
    pool.close()
    pool.close()
    for future in (running, waiting):
        with pytest.raises(CancelledError):
            future.result(WAIT_S)
    assert gone(pid)
    with pytest.raises(Unavailable, match="closed"):
        pool.submit(SOUND)
    with pytest.raises(Unavailable, match="closed"):
        pool_engine_of_a_closed_pool()


def pool_engine_of_a_closed_pool() -> Engine:
    """Ask a pool that never loaded, after it was closed."""
    pool = pool_of("Obedient")
    pool.close()
    return pool.engine


def test_a_cancelled_chunk_is_not_heard(one: ProcessPool) -> None:
    one.submit(SOUND, prompt="sleep 0.3")
    waiting = one.submit(SOUND, prompt="die")
    assert waiting.cancel()
    assert one.submit(SOUND).result(WAIT_S).text


def test_a_pool_needs_a_process_and_time() -> None:
    with pytest.raises(BadInput, match="at least one"):
        pool_of("Obedient", 0)
    with pytest.raises(BadInput, match="time_limit_s"):
        open_pool("fake_recognisers:Obedient", {}, 1, time_limit_s=0)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of a parent's death")
def test_processes_die_with_their_parent() -> None:
    code = (
        "import sys, numpy, time; sys.path.insert(0, sys.argv[1])\n"
        "from offair.engines.speech import open_pool\n"
        "pool = open_pool('fake_recognisers:Obedient', {}, 1)\n"
        "sound = numpy.zeros(16, numpy.float32)\n"
        "print(pool.submit(sound).result().text.split()[2], flush=True)\n"
        "pool.submit(sound, prompt='sleep 600'); time.sleep(600)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(Path(__file__).parent)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert psutil.pid_exists(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert gone(child)
