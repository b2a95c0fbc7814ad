"""Makes the spans of a diarisation out of stretches of speech, whichever engine found them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from offair.model.time import Ms, Span
from offair.model.transcript import VoiceSpan


def voice_spans(
    stretches: Iterable[tuple[Ms, Ms, Hashable]], length: Ms, *, pause: Ms = 0, least: Ms = 1
) -> tuple[VoiceSpan, ...]:
    """Spans by start with the labels that the room promises.

    stretches: (start, end, voice) in ms, in any order; they may overlap and lie outside the sound.
    length: of the sound; spans are cut to it. pause: stretches of one voice that are at most so
    far apart are one span. least: shorter spans are left out, being noise of the engine.
    """
    voices: dict[Hashable, list[tuple[Ms, Ms]]] = {}
    for start, end, voice in sorted(stretches, key=lambda one: (one[0], one[1])):
        begins, ends = max(0, start), min(end, length)
        if begins >= ends:
            continue
        spans = voices.setdefault(voice, [])
        if spans and begins - spans[-1][1] <= pause:
            spans[-1] = (spans[-1][0], max(spans[-1][1], ends))
        else:
            spans.append((begins, ends))
    kept = {
        voice: [span for span in spans if span[1] - span[0] >= least]
        for voice, spans in voices.items()
    }
    heard = sorted((spans for spans in kept.values() if spans), key=lambda spans: spans[0])
    return tuple(
        sorted(
            (
                VoiceSpan(Span(start, end), f"SPEAKER_{number:02d}")
                for number, spans in enumerate(heard)
                for start, end in spans
            ),
            key=lambda one: (one.span, one.label),
        )
    )
