"""The other rooms' engines in processes of their own: streams, limits, loading, errors."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from offair.engines import languages, speakers, translation
from offair.engines.hosting import Hosted
from offair.engines.hosting.frames import read_engine
from offair.engines.hosting.host import Host
from offair.engines.hosting.process import Child
from offair.engines.speakers.hosted import HostedDiariser
from offair.model.errors import BadInput, EngineDied, Unavailable
from offair.model.time import Span
from offair.model.transcript import Engine, VoiceSpan

LIMIT_S = 60
SERVER = "offair.engines.speech.pool:Serving"


@pytest.fixture
def counter() -> Iterator[HostedDiariser]:
    """A diariser that counts."""
    with HostedDiariser("fake_engines:Counter", {}, LIMIT_S) as made:
        yield made


def seconds(number: int) -> Iterator[NDArray[np.float32]]:
    """Blocks of a second."""
    for _ in range(number):
        yield np.zeros(16_000, dtype=np.float32)


def test_a_language_is_told() -> None:
    with languages.open_hosted("fake_engines:Teller", {"model": "m"}, LIMIT_S) as teller:
        assert teller.engine == Engine("teller", "m", "1")
        told = teller.estimate(np.full(32_000, 0.25, dtype=np.float32))
        assert told == {"pt": 0.25, "en": 0.75}
        with pytest.raises(
            EngineDied, match=r"teller m ended over a stretch of speech \(signal SIG"
        ):
            teller.estimate(np.zeros(0, dtype=np.float32))
        assert teller.estimate(np.zeros(16, dtype=np.float32)) == {"pt": 0.0, "en": 1.0}
        assert teller.usable
    assert not teller.usable


def test_sentences_are_translated_one_for_one() -> None:
    pair = {"source": "pt", "target": "en"}
    with translation.open_hosted("fake_engines:Reverser", pair, LIMIT_S) as reverser:
        assert reverser.engine.model == "pt-en"
        assert reverser.translate(["olá", "", "não\ud800"]) == ["álo", None, "\ud800oãn"]
        assert reverser.translate([]) == []
        with pytest.raises(Unavailable, match="1 translations for 2 sentences"):
            reverser.translate(["lose one", "two"])
        assert reverser.translate(["a"]) == ["a"]


def test_a_pair_an_engine_refuses_is_told_as_it_said() -> None:
    pair = {"source": "pt", "target": "pt"}
    with (
        translation.open_hosted("fake_engines:Reverser", pair, LIMIT_S) as reverser,
        pytest.raises(BadInput, match="pt into pt is no translation"),
    ):
        reverser.translate(["a"])


def test_a_long_sound_is_streamed(counter: HostedDiariser) -> None:
    made: list[int] = []

    def blocks() -> Iterator[NDArray[np.float32]]:
        for index, block in enumerate(seconds(500)):
            made.append(index)
            yield block

    voices = counter.diarise(blocks(), speakers=3)
    assert len(made) == len(voices) == 500
    assert voices[:2] == (
        VoiceSpan(Span(0, 1_000), "SPEAKER_00"),
        VoiceSpan(Span(1_000, 2_000), "SPEAKER_01"),
    )
    assert counter.diarise(()) == ()


def test_blocks_are_made_no_faster_than_they_are_taken() -> None:
    """The process stands still, so only what its pipe and the queue hold can be asked for."""
    with HostedDiariser("fake_engines:Counter", {}, LIMIT_S) as counter:
        (pid,) = processes_of(counter)
        asked: list[int] = []
        full = threading.Event()

        def blocks() -> Iterator[NDArray[np.float32]]:
            for index in range(200):
                asked.append(index)
                if index == 3:
                    os.kill(pid, signal.SIGSTOP)
                if len(asked) >= 6:
                    full.set()
                yield np.zeros(160_000, dtype=np.float32)

        answers: list[int] = []
        thread = threading.Thread(target=lambda: answers.append(len(counter.diarise(blocks()))))
        thread.start()
        assert full.wait(LIMIT_S)
        thread.join(0.5)
        assert len(asked) < 20
        os.kill(pid, signal.SIGCONT)
        thread.join(LIMIT_S)
        assert answers == [2_000]


def processes_of(counter: HostedDiariser) -> tuple[int, ...]:
    """The ids of a diariser's processes, once it is loaded."""
    assert counter.engine
    return counter._host.process_ids


@pytest.mark.parametrize("speakers", [90, 91])
def test_an_engine_may_answer_before_the_end(counter: HostedDiariser, speakers: int) -> None:
    before = processes_of(counter)
    if speakers == 90:
        with pytest.raises(BadInput, match="cannot be diarised"):
            counter.diarise(seconds(300), speakers=speakers)
    else:
        assert counter.diarise(seconds(300), speakers=speakers) == ()
    assert len(counter.diarise(seconds(3))) == 3
    assert processes_of(counter) == before


def test_one_that_hangs_over_a_stream_is_ended() -> None:
    with HostedDiariser("fake_engines:Counter", {}, 1.0) as counter:
        with pytest.raises(EngineDied, match="counter fake gave no answer on hour 3 in 1 s"):
            counter.diarise(seconds(300), speakers=92, label="hour 3")
        assert len(counter.diarise(seconds(3))) == 3


def test_one_that_dies_over_a_stream_is_told(counter: HostedDiariser) -> None:
    with pytest.raises(EngineDied, match="ended over a recording"):
        counter.diarise(seconds(300), speakers=93)
    assert len(counter.diarise(seconds(3))) == 3


def test_the_time_a_caller_takes_is_not_the_engines() -> None:
    with HostedDiariser("fake_engines:Counter", {}, 2.0) as counter:
        assert counter.engine
        patience = threading.Event()

        def slowly() -> Iterator[NDArray[np.float32]]:
            for block in seconds(6):
                patience.wait(0.5)
                yield block

        assert len(counter.diarise(slowly())) == 6


def test_what_making_the_blocks_raises_is_raised(counter: HostedDiariser) -> None:
    def breaking() -> Iterator[NDArray[np.float32]]:
        yield from seconds(3)
        raise ZeroDivisionError("the decoder gave up")

    for _ in range(5):
        with pytest.raises(ZeroDivisionError, match="the decoder gave up"):
            counter.diarise(breaking())
    assert counter.usable
    assert len(counter.diarise(seconds(3))) == 3


def test_what_an_engine_tells_in_a_call_is_passed_on() -> None:
    said: list[str] = []
    opened = speakers.open_hosted("fake_engines:Counter", {}, LIMIT_S, said.append)
    with opened as counter:
        assert len(counter.diarise(seconds(2), speakers=94)) == 2
    assert said == ["still clustering"]


def test_a_download_that_goes_on_is_waited_for() -> None:
    said: list[str] = []
    hosted = Hosted("recogniser", "fake_recognisers:Downloading", {}, SERVER, 5.0, load_limit_s=1.5)
    with Host(hosted, 1, said.append) as host:
        assert read_engine(host.described["engine"]).name == "obedient"
    assert said[-1] == "8 of 8 parts"


def test_loading_without_a_sign_of_life_is_ended() -> None:
    hosted = Hosted(
        "recogniser",
        "fake_recognisers:Downloading",
        {"silent": True},
        SERVER,
        5.0,
        load_limit_s=0.8,
    )
    with Host(hosted, 1) as host, pytest.raises(Unavailable, match=r"after 0\.8 s without a sign"):
        _ = host.described


@pytest.mark.skipif(sys.platform != "linux", reason="signals are sent to a group of processes")
def test_the_keyboards_interrupt_is_the_parents_alone() -> None:
    code = (
        "import sys, numpy; sys.path.insert(0, sys.argv[1])\n"
        "from offair.engines.speech import open_pool\n"
        "sound = numpy.zeros(16, numpy.float32)\n"
        "with open_pool('fake_recognisers:Obedient', {}, 1) as pool:\n"
        "    pool.submit(sound).result()\n"
        "    slow = pool.submit(sound, prompt='sleep 1')\n"
        "    try:\n"
        "        print(*pool.process_ids, flush=True)\n"
        "        slow.result()\n"
        "    except KeyboardInterrupt:\n"
        "        print(slow.result().text, flush=True)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(Path(__file__).parent)],
        stdout=subprocess.PIPE, text=True, process_group=0,
    )  # fmt: skip
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert psutil.pid_exists(child)
    os.killpg(parent.pid, signal.SIGINT)
    answer = parent.stdout.readline()
    parent.stdout.close()
    assert parent.wait(LIMIT_S) == 0
    assert answer.startswith("16 0 ")


@pytest.mark.parametrize(
    ("own", "found"),
    [(None, "glibc.malloc.hugetlb=1"), ("glibc.malloc.arena_max=1", "glibc.malloc.arena_max=1")],
)
def test_large_pages_are_asked_for_unless_somebody_tunes_otherwise(
    monkeypatch: pytest.MonkeyPatch, own: str | None, found: str
) -> None:
    if own is None:
        monkeypatch.delenv("GLIBC_TUNABLES", raising=False)
    else:
        monkeypatch.setenv("GLIBC_TUNABLES", own)
    child = Child()
    try:
        assert psutil.Process(child.pid).environ()["GLIBC_TUNABLES"] == found
    finally:
        child.close()
