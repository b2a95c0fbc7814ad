"""A test card: colour bars, the channel's name and a running clock, drawn in code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 480, 270
FRAMES_A_SECOND = 5

_BARS = ("#bfbfbf", "#bfbf00", "#00bfbf", "#00bf00", "#bf00bf", "#bf0000", "#0000bf")
_UNDER = ("#0000bf", "#131313", "#bf00bf", "#131313", "#00bfbf", "#131313", "#bfbfbf")
_BAR_END, _UNDER_END, _RAMP_END = 176, 194, 214


@dataclass(frozen=True)
class TestCard:
    """What is written on the card: channel, programme, date, and the clock at media time 0."""

    channel: str
    programme: str
    date: str
    clock_at_zero_s: int

    @cached_property
    def _ground(self) -> Image.Image:
        """Everything that does not move."""
        image = Image.new("RGB", (WIDTH, HEIGHT), "#101010")
        draw = ImageDraw.Draw(image)
        edges = [round(WIDTH * i / len(_BARS)) for i in range(len(_BARS) + 1)]
        for left, right, bar, under in zip(edges, edges[1:], _BARS, _UNDER, strict=False):
            draw.rectangle((left, 0, right - 1, _BAR_END - 1), fill=bar)
            draw.rectangle((left, _BAR_END, right - 1, _UNDER_END - 1), fill=under)
        steps = 11
        for i in range(steps):
            grey = 16 + i * (235 - 16) // (steps - 1)
            left, right = WIDTH * i // steps, WIDTH * (i + 1) // steps - 1
            draw.rectangle((left, _UNDER_END, right, _RAMP_END - 1), fill=(grey, grey, grey))
        draw.rectangle((96, 36, 383, 139), fill="#101010", outline="#f0f0f0", width=2)
        draw.text((240, 62), self.channel, font=_font(34), fill="#f0f0f0", anchor="mm")
        draw.text((240, 92), self.programme, font=_font(17), fill="#c8c8c8", anchor="mm")
        draw.text((240, 118), self.date, font=_font(17), fill="#c8c8c8", anchor="mm")
        draw.text((16, 242), "TEST RECORDING", font=_font(14), fill="#f0f0f0", anchor="lm")
        return image

    def frame(self, number: int) -> Image.Image:
        """Frame `number` (five a second), RGB, 480 by 270."""
        seconds, fifth = divmod(number, FRAMES_A_SECOND)
        clock = self.clock_at_zero_s + seconds
        shown = f"{clock // 3600 % 24:02d}:{clock // 60 % 60:02d}:{clock % 60:02d}"
        image = self._ground.copy()
        draw = ImageDraw.Draw(image)
        draw.text((464, 242), shown, font=_font(34), fill="#f0f0f0", anchor="rm")
        for i in range(FRAMES_A_SECOND):
            fill = "#f0f0f0" if i == fifth else "#404040"
            draw.rectangle((196 + i * 18, 237, 207 + i * 18, 248), fill=fill)
        return image


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The typeface that Pillow carries in its wheel."""
    return ImageFont.load_default(size)
