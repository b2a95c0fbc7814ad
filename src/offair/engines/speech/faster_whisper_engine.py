"""Whisper in CTranslate2's form through faster-whisper: the floor for every language.

Each chunk is one call of the plain `transcribe`: not conditioned on the text before it, with word
times from the model's attention, on one thread. A beam of 5: on the
25 FLEURS clips in five languages (`benchmarks/listening.py`, base model) it made 96 word errors, a
beam of 2 108, for a tenth more processor time; on English alone the two differ by a few words.

The sound is rounded to 16 bits first, as Whisper was trained on it and faster-whisper decodes it:
nobody hears the difference, and yet it decides between words that the model finds equally likely
(on the same clips 96 errors with the rounding, 104 without).

A chunk whose words are doubted is heard a second time otherwise: with a wider beam, which finds its
way out of a loop or of a sentence known by heart from the training texts; without the prompt, which
may have been echoed; with no run of eight tokens twice, which ends a loop and leaves what people
repeat (a name, a refrain of some words) alone; and falling back to sampling already at a
compression of 2.0, where 2.4 lets a phrase said four or five times pass.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path

from offair.engines.speech.languages_known import broader
from offair.engines.whisper_models import find_model
from offair.model.errors import BadInput, Unavailable
from offair.model.time import Ms
from offair.model.transcript import Engine, Heard
from offair.model.words import TimeSource, Word, Words

_PER_MS = 16
_LONGEST_SAMPLES = 30_000 * _PER_MS
_SEED = 8914
_TO_WHISPER = {"jv": "jw", "nn": "no", "fil": "tl"}
"""Tag → Whisper's code, where they differ. (It has a code `nn`, and hears Nynorsk worse for it.)"""
_FROM_WHISPER = {"jw": "jv"}


_WINDOWS_KEPT = 3
"""Encodings kept, 3 MB each with `base`: a chunk is rarely heard in more windows."""
_AGAIN_BEAM = 5
_AGAIN_NO_REPEAT = 8
_AGAIN_COMPRESSION = 2.0


class FasterWhisper:
    """Fulfils `Recogniser`. One thread; made in a process of its own by the pool."""

    def __init__(
        self,
        model: str = "base",
        beam: int = 5,
        cache: str | None = None,
        compute_type: str = "int8",
        times: bool = True,
        device: str = "cpu",
    ) -> None:
        """Load a model.

        model: a packaged name, a folder or a hub name, see `models.find_model`. beam: hypotheses
        kept. cache: folder for joined and downloaded models, by default the user's cache folder.
        compute_type: as CTranslate2 names them. times: word times from the engine; without them
        words are spread over their segment. device: `cpu`, `cuda`, or `auto` for whichever is
        there. Raises `BadInput` or `Unavailable`.
        """
        try:
            import ctranslate2
            import faster_whisper
            from faster_whisper.audio import pad_or_trim
        except ImportError as error:
            raise Unavailable(
                f"the engine faster-whisper cannot be loaded ({error});"
                " install it with `pip install faster-whisper`"
            ) from error
        if beam < 1:
            raise BadInput(f"a beam has at least one hypothesis, not {beam}")
        folder = Path(cache) if cache else user_cache_path("offair") / "models"
        found = find_model(model, folder)
        ctranslate2.set_random_seed(_SEED)
        try:
            whisper: Any = faster_whisper.WhisperModel(
                str(found.folder),
                device=device,
                compute_type=compute_type,
                cpu_threads=1,
                num_workers=1,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise BadInput(
                f"the model {model} cannot be loaded by faster-whisper with {compute_type} on"
                f" {device}: {error}; set `model` to a Whisper model converted for CTranslate2, or"
                " `device` to cpu"
            ) from error
        self._load_again: Callable[[], Any] = partial(
            ctranslate2.models.Whisper,
            str(found.folder),
            device=device,
            compute_type=compute_type,
            intra_threads=1,
        )
        self._whisper = whisper
        self._pad = pad_or_trim
        self._beam = beam
        self._times = times
        self._sampled = False
        self._encoded: dict[bytes, Any] = {}
        self._encode = whisper.encode
        self._generate = whisper.generate_with_fallback
        whisper.encode = self._encode_once
        whisper.generate_with_fallback = self._generate_and_note
        self._languages = frozenset(whisper.supported_languages)
        self._engine = Engine(
            name="faster-whisper",
            model=found.name,
            revision=found.revision,
            settings={
                "beam": beam,
                "device": str(whisper.model.device),
                "compute_type": str(whisper.model.compute_type),
                "condition_on_previous_text": False,
                "sound_bits": 16,
                "seed": _SEED,
                "word_times": times,
                "faster-whisper": version("faster-whisper"),
                "ctranslate2": version("ctranslate2"),
            },
        )
        self._again = replace(
            self._engine,
            settings={
                **self._engine.settings,
                "beam": max(beam, _AGAIN_BEAM),
                "no_repeat_ngram_size": _AGAIN_NO_REPEAT,
                "compression_ratio_threshold": _AGAIN_COMPRESSION,
                "prompt": False,
            },
        )

    @property
    def engine(self) -> Engine:
        """Name, model, hash of its files, settings and library versions."""
        return self._engine

    @property
    def again(self) -> Engine:
        """The same with the settings of the second try; the module's docstring says why these."""
        return self._again

    def recognise(
        self,
        samples: NDArray[np.float32],
        *,
        language: str | None,
        prompt: str | None,
        again: bool = False,
    ) -> Heard:
        """Hear one chunk; see `Recogniser.recognise`."""
        if samples.ndim != 1 or len(samples) > _LONGEST_SAMPLES:
            raise BadInput(
                f"a chunk is one row of at most {_LONGEST_SAMPLES} samples, not {samples.shape};"
                " cut it first"
            )
        code = None if language is None else self._code(language)
        if len(samples) == 0:
            return Heard("", Words(), language or "und")
        certainty: float | None = None
        if code is None:
            code, certainty = self._which_language(samples)
        otherwise: dict[str, Any] = {}
        if again:
            otherwise["no_repeat_ngram_size"] = _AGAIN_NO_REPEAT
            otherwise["compression_ratio_threshold"] = _AGAIN_COMPRESSION
        try:
            segments, _ = self._whisper.transcribe(
                _in_16_bits(samples),
                language=code,
                beam_size=max(self._beam, _AGAIN_BEAM) if again else self._beam,
                condition_on_previous_text=False,
                word_timestamps=self._times,
                initial_prompt=None if again else prompt,
                vad_filter=False,
                **otherwise,
            )
            pieces = list(segments)
        finally:
            self._forget()
        text, words = assemble(pieces, -(-len(samples) // _PER_MS))
        sure = [word.probability for word in words if word.probability is not None]
        silent = [float(piece.no_speech_prob) for piece in pieces]
        return Heard(
            text=text,
            words=Words.of(words),
            language=language or _FROM_WHISPER.get(code, code),
            language_probability=certainty,
            mean_probability=sum(sure) / len(sure) if sure else None,
            no_speech_probability=max(silent) if silent else None,
        )

    def _code(self, language: str) -> str:
        """Whisper's code for a BCP 47 tag. Raises `BadInput` where the model does not know it."""
        codes = [_TO_WHISPER.get(tag, tag) for tag in broader(language)]
        code = next((one for one in codes if one in self._languages), None)
        if code is None:
            known = ", ".join(sorted(_FROM_WHISPER.get(one, one) for one in self._languages))
            raise BadInput(
                f"the model {self._engine.model} does not know the language {language}; it knows"
                f" {known}; choose another model or language"
            )
        return code

    def _which_language(self, samples: NDArray[np.float32]) -> tuple[str, float | None]:
        """The likeliest language of a chunk, and how likely. The encoding is kept for the words."""
        if not self._whisper.model.is_multilingual:
            return "en", None
        # One frame more is computed than the sound has; `transcribe` leaves it out as well.
        features = self._whisper.feature_extractor(samples)[..., :-1]
        encoded = self._encode_once(self._pad(features))
        token, probability = self._whisper.model.detect_language(encoded)[0][0]
        return str(token[2:-2]), float(probability)

    def _encode_once(self, features: NDArray[np.float32]) -> Any:
        """Encode a window, or give the encoding back where it is one of the last windows.

        The encoder is the dearest step; without this it would run twice for a chunk whose
        language is not given, and for one that is heard a second time right after the first.
        """
        window = np.ascontiguousarray(features).tobytes()
        if window not in self._encoded:
            while len(self._encoded) >= _WINDOWS_KEPT:
                del self._encoded[next(iter(self._encoded))]
            self._encoded[window] = self._encode(features)
        return self._encoded[window]

    def _generate_and_note(self, *given: Any, **named: Any) -> Any:
        """Decode a window, and note whether a fallback drew from the random numbers."""
        result = self._generate(*given, **named)
        self._sampled = self._sampled or result[2] > 0
        return result

    def _forget(self) -> None:
        """Make the engine as it was, so that no chunk changes the words of the next.

        CTranslate2 seeds the random numbers of a worker thread once; a new one begins anew.
        """
        if self._sampled:
            self._sampled = False
            self._whisper.model = self._load_again()


def _in_16_bits(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    scaled = np.clip(np.rint(samples * np.float32(32_768)), -32_768, 32_767)
    rounded: NDArray[np.float32] = (scaled / np.float32(32_768)).astype(np.float32)
    return rounded


def assemble(pieces: Iterable[Any], length: Ms) -> tuple[str, list[Word]]:
    """Text and words of a chunk from faster-whisper's segments.

    length: of the chunk, ms; times are clamped to it and never run backwards. A segment whose
    words the aligner lost keeps its text, its words spread evenly over its time.
    """
    words: list[Word] = []
    text, cursor, spaced = "", 0, False
    for piece in pieces:
        for spoken, start, end, probability, source in _spoken(piece):
            stripped = spoken.strip()
            if not stripped:
                spaced = spaced or bool(spoken)
                continue
            text += " " if words and (spaced or spoken[0].isspace()) else ""
            spaced = spoken[-1].isspace()
            begins = min(max(_ms(start), cursor), length)
            ends = min(max(_ms(end), begins), length)
            cursor = ends
            at = len(text)
            text += stripped
            words.append(Word(at, len(text), begins, ends, source, probability))
    return text, words


def _spoken(piece: Any) -> Iterator[tuple[str, float, float, float | None, TimeSource]]:
    """(text, start s, end s, probability, source) of each word of a segment, in order."""
    timed = piece.words or []
    aligned = "".join(word.word for word in timed)
    if "".join(aligned.split()) == "".join(str(piece.text).split()):
        for word in timed:
            yield (
                word.word,
                float(word.start),
                float(word.end),
                float(word.probability),
                TimeSource.ENGINE,
            )
        return
    spoken = str(piece.text).split()
    share = (float(piece.end) - float(piece.start)) / max(1, len(spoken))
    for index, one in enumerate(spoken):
        begins = float(piece.start) + index * share
        yield f" {one}", begins, begins + share, None, TimeSource.INTERPOLATED


def _ms(seconds: float) -> Ms:
    return round(seconds * 1000) if math.isfinite(seconds) and seconds > 0 else 0
