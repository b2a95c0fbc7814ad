"""Sounds in which nobody says a word: noise, silence, machines, crowds, instruments.

All are made from random numbers with a fixed seed, mono float32 at 16 kHz, −1…1, at levels between
a whisper of dither and full scale.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
Sound = NDArray[np.float32]
_Wave = NDArray[np.float64]
_SCALE = (0, 2, 3, 5, 7, 8, 10)
_SEED = 8914


def make(name: str, seconds: float) -> Sound:
    """The sound of that name. The same every time."""
    count = round(seconds * RATE_HZ)
    chance = np.random.default_rng([_SEED, sorted(KINDS).index(name)])
    return KINDS[name](count, chance).astype(np.float32)


def _level(wave: _Wave, dbfs: float) -> _Wave:
    """A wave at an RMS level, its peaks rounded off below full scale."""
    rms = float(np.sqrt(np.mean(wave**2))) or 1.0
    return np.tanh(wave / rms * 10 ** (dbfs / 20))


def _shaped(count: int, chance: np.random.Generator, gain: Callable[[_Wave], _Wave]) -> _Wave:
    """Noise whose spectrum follows `gain` of the frequency in Hz."""
    spectrum = np.fft.rfft(chance.standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1 / RATE_HZ)
    return np.fft.irfft(spectrum * gain(np.maximum(frequency, 1.0)), count)


def _slow(count: int, chance: np.random.Generator, hz: float) -> _Wave:
    """A wave that wanders slower than `hz`, 0…1."""
    points = chance.random(max(2, int(count / RATE_HZ * hz * 2) + 2))
    return np.interp(np.linspace(0, len(points) - 1, count), np.arange(len(points)), points)


def _band(low: float, high: float) -> Callable[[_Wave], _Wave]:
    return lambda hz: ((hz >= low) & (hz < high)).astype(float)


def _time(count: int) -> _Wave:
    return np.arange(count) / RATE_HZ


def _white(count: int, chance: np.random.Generator) -> _Wave:
    return _level(chance.standard_normal(count), -20)


def _pink(count: int, chance: np.random.Generator) -> _Wave:
    return _level(_shaped(count, chance, lambda hz: hz**-0.5), -20)


def _brown(count: int, chance: np.random.Generator) -> _Wave:
    return _level(_shaped(count, chance, lambda hz: 1 / hz), -18)


def _silence(count: int, chance: np.random.Generator) -> _Wave:
    return (chance.random(count) + chance.random(count) - 1) / 32768


def _hum(count: int, chance: np.random.Generator) -> _Wave:
    made = sum(np.sin(2 * np.pi * 50 * k * _time(count)) / k**1.3 for k in range(1, 12))
    return _level(np.asarray(made), -30) + 0.002 * chance.standard_normal(count)


def _clicks(count: int, chance: np.random.Generator) -> _Wave:
    made = 0.001 * chance.standard_normal(count)
    for at in chance.integers(0, count - 80, count // 2500):
        made[at : at + 80] += chance.normal(0, 0.3) * np.exp(-np.arange(80) / 12)
    return np.clip(made, -1, 1)


def _tones(count: int, chance: np.random.Generator) -> _Wave:
    made, at = np.zeros(count), 0
    while at < count:
        length = min(count - at, int(chance.integers(1, 20)) * RATE_HZ // 2)
        one, two = chance.choice([350, 400, 440, 480, 620, 1000, 1400, 2000], 2)
        wave = np.sin(2 * np.pi * one * _time(length)) + np.sin(2 * np.pi * two * _time(length))
        if chance.random() < 0.5:
            wave *= (_time(length) * 2 % 1) < 0.5
        made[at : at + length] = wave
        at += length
    return 0.15 * made


def _siren(count: int, chance: np.random.Generator) -> _Wave:
    hz = 600 + 500 * np.sin(2 * np.pi * 0.3 * _time(count)) * _slow(count, chance, 0.2)
    return _level(np.sign(np.sin(2 * np.pi * np.cumsum(hz) / RATE_HZ)), -22)


def _applause(count: int, chance: np.random.Generator) -> _Wave:
    made = np.zeros(count)
    clap = np.exp(-np.arange(400) / 60)
    for at in chance.integers(0, count - 400, count // 60):
        made[at : at + 400] += chance.random() * clap * chance.standard_normal(400)
    return _level(made * (0.2 + _slow(count, chance, 0.3)), -20)


def _rain(count: int, chance: np.random.Generator) -> _Wave:
    soft = _shaped(count, chance, lambda hz: 1 / (1 + (hz / 3000) ** -2))
    return _level(soft * (0.6 + 0.4 * _slow(count, chance, 0.2)), -28)


def _wind(count: int, chance: np.random.Generator) -> _Wave:
    low = _shaped(count, chance, lambda hz: hz / (1 + (hz / 200) ** 3))
    howl = _shaped(count, chance, _band(400, 700))
    gusts = _slow(count, chance, 0.5) ** 2
    return _level(low * gusts + 0.3 * howl / howl.std() * low.std() * gusts**2, -22)


def _engine(count: int, chance: np.random.Generator) -> _Wave:
    phase = 2 * np.pi * np.cumsum(25 + 60 * _slow(count, chance, 0.3)) / RATE_HZ
    made = sum(np.sin(k * phase + k) / k for k in range(1, 25))
    rough = _shaped(count, chance, lambda hz: 1 / (1 + hz / 800))
    return _level(np.asarray(made) + 2 * rough / rough.std() * (1 + np.sin(phase)), -18)


def _crowd(count: int, chance: np.random.Generator) -> _Wave:
    """Noise in bands that rise and fall like syllables, many at once: a crowd without a word."""
    made = np.zeros(count)
    for low, high in ((100, 300), (300, 700), (700, 1300), (1300, 2200), (2200, 3800)):
        noise = _shaped(count, chance, _band(low, high))
        talk = sum(_slow(count, chance, 4) ** 4 for _ in range(6))
        made += noise / noise.std() * (300 / low) ** 0.5 * np.asarray(talk)
    return _level(made, -22)


def _murmur(count: int, chance: np.random.Generator) -> _Wave:
    """A voice's buzz in one formant that opens and closes: the rhythm of speech, no vowel."""
    phase = 2 * np.pi * np.cumsum(110 + 30 * _slow(count, chance, 1)) / RATE_HZ
    buzz = sum(np.sin(k * phase) * np.exp(-(((k * 110 - 400) / 350) ** 2)) for k in range(1, 12))
    return _level(np.asarray(buzz) * _slow(count, chance, 3.5) ** 3, -26)


def _hertz(step: int, base: float = 110.0) -> float:
    octave, degree = divmod(step, len(_SCALE))
    return float(base * 2 ** (octave + _SCALE[degree] / 12))


def _note(hz: float, length: int, partials: _Wave, attack_s: float, decay_s: float) -> _Wave:
    time = _time(length)
    waves = [
        part * np.sin(2 * np.pi * hz * k * time)
        for k, part in enumerate(partials, 1)
        if hz * k < 7500
    ]
    shape = np.minimum(1, time / attack_s) * np.exp(-time / decay_s)
    return np.asarray(sum(waves)) * shape


def _played(
    count: int,
    chance: np.random.Generator,
    *,
    partials: list[float],
    attack_s: float,
    decay_s: float,
    beat_s: float,
    voices: int,
    base: float,
) -> _Wave:
    """Notes of one timbre on a beat: one voice is a melody, more are chords."""
    made = np.zeros(count + 4 * RATE_HZ)
    step, at, root = 7, 0, 0
    while at < count:
        length = int(beat_s * RATE_HZ * chance.choice([0.5, 1, 1, 2]))
        if voices > 1:
            root = int(chance.choice([0, 3, 4, 5]))
            steps = [root + 7 + 2 * k for k in range(voices)]
        else:
            step = int(np.clip(step + chance.integers(-2, 3), 0, 20))
            steps = [step]
        for one in steps:
            ring = min(len(made) - at, length + int(decay_s * RATE_HZ))
            note = _note(_hertz(one, base), ring, np.asarray(partials), attack_s, decay_s)
            made[at : at + ring] += note
        at += length
    return made[:count]


def _organ(count: int, chance: np.random.Generator) -> _Wave:
    return _level(_played(count, chance, partials=[1, 0.6, 0.4, 0.3, 0.1, 0.2], attack_s=0.05,
                          decay_s=3, beat_s=1.6, voices=4, base=110), -20)  # fmt: skip


def _piano(count: int, chance: np.random.Generator) -> _Wave:
    right = _played(count, chance, partials=[1, 0.5, 0.25, 0.15, 0.1], attack_s=0.005, decay_s=0.6,
                    beat_s=0.4, voices=1, base=220)  # fmt: skip
    left = _played(count, chance, partials=[1, 0.6, 0.3, 0.1], attack_s=0.005, decay_s=0.9,
                   beat_s=0.8, voices=3, base=65)  # fmt: skip
    return _level(right + 0.6 * left, -20)


def _flute(count: int, chance: np.random.Generator) -> _Wave:
    tune = _played(count, chance, partials=[1, 0.3, 0.1], attack_s=0.06, decay_s=2, beat_s=0.5,
                   voices=1, base=260)  # fmt: skip
    breath = _shaped(count, chance, _band(1000, 5000))
    vibrato = 1 + 0.3 * np.sin(2 * np.pi * 5.2 * _time(count))
    return _level(tune * vibrato + 0.1 * breath / breath.std() * np.abs(tune), -22)


def _strings(count: int, chance: np.random.Generator) -> _Wave:
    saw = [1 / k for k in range(1, 14)]
    high = _played(count, chance, partials=saw, attack_s=0.2, decay_s=4, beat_s=0.9, voices=1,
                   base=196)  # fmt: skip
    low = _played(count, chance, partials=saw, attack_s=0.3, decay_s=4, beat_s=2.4, voices=3,
                  base=98)  # fmt: skip
    return _level((high + low) * (1 + 0.2 * np.sin(2 * np.pi * 5.7 * _time(count))), -20)


def _arpeggio(count: int, chance: np.random.Generator) -> _Wave:
    square = [1, 0, 1 / 3, 0, 1 / 5, 0, 1 / 7]
    made = np.zeros(count + RATE_HZ)
    beat = RATE_HZ // 8
    root = 0
    for number, at in enumerate(range(0, count, beat)):
        if number % 16 == 0:
            root = int(chance.choice([0, 3, 4, 5]))
        note = _note(_hertz(root + (0, 2, 4, 7)[number % 4], 220), RATE_HZ // 3,
                     np.asarray(square), 0.003, 0.15)  # fmt: skip
        made[at : at + len(note)] += note
    return _level(made[:count], -20)


def _drums(count: int, chance: np.random.Generator) -> _Wave:
    made = np.zeros(count + RATE_HZ)
    time = _time(RATE_HZ // 3)
    kick = np.sin(2 * np.pi * (50 + 90 * np.exp(-time * 30)) * time) * np.exp(-time * 12)
    for number, at in enumerate(range(0, count, RATE_HZ // 4)):
        hiss = chance.standard_normal(len(time))
        made[at : at + len(time)] += 0.25 * hiss * np.exp(-time * 60)
        if number % 4 == 0 or chance.random() < 0.15:
            made[at : at + len(time)] += 1.5 * kick
        if number % 4 == 2:
            made[at : at + len(time)] += 0.8 * hiss * np.exp(-time * 18)
    return _level(made[:count], -16)


def _band_playing(count: int, chance: np.random.Generator) -> _Wave:
    made = _piano(count, chance) + 0.8 * _drums(count, chance)
    return _level(made + 0.6 * _strings(count, chance), -14)


KINDS: dict[str, Callable[[int, np.random.Generator], _Wave]] = {
    "white noise": _white,
    "pink noise": _pink,
    "brown noise": _brown,
    "silence with dither": _silence,
    "mains hum": _hum,
    "clicks": _clicks,
    "tones": _tones,
    "siren": _siren,
    "applause": _applause,
    "rain": _rain,
    "wind": _wind,
    "engine": _engine,
    "crowd": _crowd,
    "murmur": _murmur,
    "organ": _organ,
    "piano": _piano,
    "flute": _flute,
    "strings": _strings,
    "arpeggio": _arpeggio,
    "drums": _drums,
    "band": _band_playing,
}
"""Name → what makes it of a count of samples and a source of chance."""
