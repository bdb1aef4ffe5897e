"""Columns 120-127: what is on, what is wrong, and the scroll bar of what is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from ui import font, icons
from ui.framebuffer import WIDTH, Framebuffer, Image
from ui.layout import TEXT_WIDTH
from ui.strip import TOP
from ui.widgets import ROW, ROWS


class TextMode(Enum):
    """What a digit key types; drawn in the gutter. `NONE`: digits type nothing here."""

    NONE = ""
    HANZI = "汉"
    FULL_WIDTH = "全"  # HANZI with full-width Latin and digits
    ENGLISH = "En"
    CAPITALS = "EN"
    NUMBER = "数"
    SYMBOL = "符"


class Mic(Enum):
    OFF = auto()  # closed: nothing is captured
    OPEN = auto()  # the pre-roll ring is filling
    LISTENING = auto()  # this is being recognised


class Speaker(Enum):
    NONE = auto()  # no output, or reading aloud is switched off
    ON = auto()
    MUTED = auto()
    SPEAKING = auto()


class Condition(Enum):
    """Something lasting that the gutter shows; `Gutter.conditions` begins with the most urgent."""

    FAULT = auto()  # a worker is down
    STORAGE = auto()  # the state could not be saved
    HOT = auto()
    BATTERY = auto()
    CLOCK = auto()  # the clock was never set
    MODEL = auto()  # no language model yet: loading, or being fetched


@dataclass(frozen=True, slots=True)
class Gutter:
    """Columns 120-127: five cells of 8x12 px, or the scroll bar while an answer is read."""

    mode: TextMode = TextMode.NONE
    mic: Mic = Mic.OFF
    speaker: Speaker = Speaker.NONE
    conditions: tuple[Condition, ...] = ()
    temperature: int | None = None  # degrees Celsius, only when it matters
    mask: bool = False  # C was pressed: the next key takes its second meaning


_CELL = 8
_MODES = {
    TextMode.HANZI: icons.HANZI,
    TextMode.FULL_WIDTH: icons.FULL_WIDTH,
    TextMode.ENGLISH: icons.ENGLISH,
    TextMode.CAPITALS: icons.CAPITALS,
    TextMode.NUMBER: icons.NUMBER,
    TextMode.SYMBOL: icons.SYMBOL,
}
_MICS = {Mic.OPEN: icons.MIC_OPEN, Mic.LISTENING: icons.MIC_LISTENING}
_SPEAKERS = {
    Speaker.ON: icons.SPEAKER_ON,
    Speaker.MUTED: icons.SPEAKER_MUTED,
    Speaker.SPEAKING: icons.SPEAKER_SPEAKING,
}
_CONDITIONS = {
    Condition.FAULT: icons.FAULT,
    Condition.STORAGE: icons.STORAGE,
    Condition.HOT: icons.HOT,
    Condition.BATTERY: icons.BATTERY,
    Condition.CLOCK: icons.CLOCK,
    Condition.MODEL: icons.MODEL,
}


def draw_gutter(frame: Framebuffer, gutter: Gutter) -> None:
    """Mode (or the pressed C), microphone, speaker, temperature, the most urgent condition."""
    mode = icons.SECOND if gutter.mask else _MODES.get(gutter.mode)
    wrong = [_CONDITIONS[it] for it in gutter.conditions]
    cells = [mode, _MICS.get(gutter.mic), _SPEAKERS.get(gutter.speaker), None, None]
    if gutter.temperature is not None:
        _temperature(frame, gutter.temperature, 3)
        cells[4:] = wrong[:1]
    else:
        cells[3:] = [*[None] * (2 - len(wrong[:2])), *reversed(wrong[:2])]
    for number, icon in enumerate(cells):
        if icon is not None:
            draw_in_cell(frame, icon, number)


def draw_in_cell(frame: Framebuffer, icon: Image, cell: int) -> None:
    """An icon in the middle of a gutter cell, 7 px ones one px from the edge of the text."""
    x = TEXT_WIDTH + (_CELL - icon.width + 1) // 2
    frame.draw(icon, x, ROW * cell + (ROW - 1 - icon.height) // 2)


def _temperature(frame: Framebuffer, degrees: int, cell: int) -> None:
    tiny = font.tiny()
    for line, text in enumerate((f"{degrees}"[:3], "°C")):
        x = WIDTH - (tiny.width(text) - 1)
        tiny.draw(frame, text, max(x, TEXT_WIDTH), ROW * cell + 7 * line)


def draw_reading_gutter(
    frame: Framebuffer, gutter: Gutter, scroll: tuple[float, float], more: bool
) -> None:
    """While an answer is read: a scroll bar, and what is urgent where no punctuation hangs."""
    height = TOP - (5 if more else 0)
    begin, size = scroll
    if size < 1:
        top = round(begin * height)
        frame.vline(WIDTH - 1, 0, height)
        frame.fill(WIDTH - 2, top, 2, max(round(size * height), 3))
    if more:
        frame.clear(WIDTH - 6, TOP - 4, 6, 4)
        frame.draw(icons.MORE_BELOW, WIDTH - 5, TOP - 3)
    small = []
    if gutter.mask:
        small.append(icons.SMALL_SECOND)
    if gutter.mic is Mic.LISTENING:
        small.append(icons.SMALL_LISTENING)
    if any(it in gutter.conditions for it in (Condition.FAULT, Condition.STORAGE, Condition.HOT)):
        small.append(icons.SMALL_FAULT)
    if gutter.speaker is Speaker.MUTED:
        small.append(icons.SMALL_MUTED)
    for cell in range(ROWS - 2, -1, -1):
        if small and _is_free(frame, cell):
            icon = small.pop(0)
            frame.draw(icon, TEXT_WIDTH, ROW * cell + (ROW - icon.height) // 2)


def _is_free(frame: Framebuffer, cell: int) -> bool:
    columns = range(TEXT_WIDTH, WIDTH - 2)
    return not any(frame.pixel(x, y) for x in columns for y in range(ROW * cell, ROW * (cell + 1)))
