"""Writing the sound, the test card and the captions into one MP4 file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.subtitles.subtitle import SubtitleSet
from testcard import FRAMES_A_SECOND, HEIGHT, WIDTH, TestCard
from timing import Cue
from voices import OUTPUT_RATE_HZ, Sound

_BIT_RATE = 64_000
_FRAME_SAMPLES = 1024
_KEYFRAME_S = 2
_MS = Fraction(1, 1000)
_ASS_HEADER = (
    "[Script Info]\nScriptType: v4.00+\nPlayResX: 384\nPlayResY: 288\n\n"
    "[V4+ Styles]\n"
    "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, "
    "Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, "
    "Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n"
    "Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1\n\n"
    "[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)
_LANGUAGES = {"en": "eng", "pt-BR": "por"}


def _sound_packets(stream: av.AudioStream, sound: Sound) -> Iterator[av.Packet]:
    """AAC packets; the last block may be short."""
    for start in range(0, len(sound), _FRAME_SAMPLES):
        block = sound[start : start + _FRAME_SAMPLES]
        frame = av.AudioFrame.from_ndarray(block[np.newaxis, :], format="fltp", layout="mono")
        frame.rate, frame.pts, frame.time_base = OUTPUT_RATE_HZ, start, Fraction(1, OUTPUT_RATE_HZ)
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _picture_packets(
    stream: av.VideoStream, card: TestCard, duration_ms: int
) -> Iterator[av.Packet]:
    """H.264 packets of the card, one keyframe every two seconds."""
    for number in range(-(-duration_ms * FRAMES_A_SECOND // 1000)):
        frame = av.VideoFrame.from_image(card.frame(number))
        frame.pts, frame.time_base = number, Fraction(1, FRAMES_A_SECOND)
        yield from stream.encode(frame)
    yield from stream.encode(None)


def _caption_packets(stream: av.SubtitleStream, cues: Sequence[Cue]) -> Iterator[av.Packet]:
    """3GPP timed text (`mov_text`), one packet a cue."""
    for order, cue in enumerate(cues):
        text = cue.text.replace("\n", "\\N")
        event = SubtitleSet.create(
            text=f"{order},0,Default,,0,0,0,,{text}".encode(),
            start=0,
            end=cue.end_ms - cue.start_ms,
            pts=cue.start_ms,
        )
        packet = stream.codec_context.encode_subtitle(event)
        packet.stream, packet.time_base = stream, _MS
        packet.pts = packet.dts = cue.start_ms
        packet.duration = cue.end_ms - cue.start_ms
        yield packet


def write(
    path: Path,
    sound: Sound,
    language: str,
    title: str,
    card: TestCard | None = None,
    cues: Sequence[Cue] = (),
) -> None:
    """Write the file: sound always, picture where there is a card, captions where there are cues.

    The index stands in front, so that a browser can seek; nothing in the file depends on the day
    it was made.
    """
    kind = "mp4" if card else "ipod"
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(path, "w", format=kind, container_options=options) as container:
        container.metadata["title"] = title
        packets: list[av.Packet] = []
        picture: av.VideoStream | None = None
        if card:
            picture = container.add_stream("libx264", rate=FRAMES_A_SECOND)
            picture.width, picture.height, picture.pix_fmt = WIDTH, HEIGHT, "yuv420p"
            picture.codec_context.thread_count = 1
            keyframe = str(_KEYFRAME_S * FRAMES_A_SECOND)
            picture.options = {"preset": "slow", "crf": "26", "tune": "stillimage", "bf": "0"}
            picture.options |= {"g": keyframe, "keyint_min": keyframe, "sc_threshold": "0"}
            # x264's macroblock tree gives other bytes from run to run, even on one thread.
            picture.options |= {"x264-params": "mbtree=0"}
        voice = container.add_stream("aac", rate=OUTPUT_RATE_HZ, layout="mono")
        voice.bit_rate = _BIT_RATE
        voice.codec_context.flags |= av.codec.context.Flags.bitexact
        voice.metadata["language"] = _LANGUAGES[language]
        if cues:
            captions = container.add_stream("mov_text")
            captions.codec_context.subtitle_header = _ASS_HEADER.encode()
            captions.codec_context.time_base = captions.time_base = _MS
            captions.metadata["language"] = _LANGUAGES[language]
        container.start_encoding()
        if picture and card:
            packets += _picture_packets(picture, card, len(sound) * 1000 // OUTPUT_RATE_HZ)
        packets += _sound_packets(voice, sound)
        if cues:
            packets += _caption_packets(captions, cues)
        packets.sort(key=lambda packet: float((packet.dts or 0) * (packet.time_base or _MS)))
        for packet in packets:
            container.mux(packet)
