"""Plays a recorded conversation on the real editor, reader, pages and screens: frame by frame.

Everything that changes the glass is an `Update`, in the order and granularity of the box: a key, a
step of the prefill, a token, a clause that is spoken.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from appliance.configuration.settings import Settings
from appliance.front.menus import lines
from appliance.pages.choices import Choices
from appliance.pages.listing import Where
from appliance.pages.menu import Menu, row
from appliance.pages.page import Page, Pages, Push
from appliance.pages.settings import SettingsMenu
from ui.gutter import Gutter, Mic, Speaker, TextMode
from ui.input.editing.editor import Editor
from ui.input.engine import Engine
from ui.input.learning.user import MemoryWords
from ui.input.syllables import keys_of
from ui.keymap import Gesture, lookup
from ui.reader import Reader
from ui.render import Screen, render
from ui.screens.answer import AnswerView
from ui.screens.home import HomeView
from ui.screens.mask import Mask
from ui.screens.thinking import ThinkingView
from ui.screens.toast import Toast
from ui.strings import Language, text
from ui.strip import Strip, StripKind
from ui.view import View

CONVERSATION = Path(__file__).with_name("scenarios") / "conversation.toml"
PHASES = ("home", "typing", "thinking", "streaming", "voice", "scrolling", "menus")

_ZH = Language.ZH
_CLAUSE_ENDS = "，。！？；：\n"
_VOICE_STEPS = 3  # updates of the voice's position a clause


@dataclass(frozen=True, slots=True)
class Update:
    """One frame the glass should show, 1024 bytes in page layout, and what led to it."""

    phase: str
    frame: bytes


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was typed and answered.

    `keys` is what was pressed: words of pinyin, or names of keys with `+` for a long press.
    `tokens` are the pieces the model's worker sent, `prefill` the prompt's length in tokens and
    the block it was evaluated in.
    """

    keys: tuple[str, ...]
    prefill: int
    block: int
    tokens: tuple[str, ...]
    menu: tuple[str, ...]


def read_conversation(path: Path = CONVERSATION) -> Conversation:
    """Raises OSError, ValueError or KeyError for a file that is not a conversation."""
    with path.open("rb") as file:
        raw = tomllib.load(file)
    return Conversation(
        tuple(raw["typing"]["keys"].split()),
        raw["answer"]["prefill"],
        raw["answer"]["block"],
        tuple(raw["answer"]["tokens"]),
        tuple(raw["menus"]["keys"].split()),
    )


def play(conversation: Conversation) -> list[Update]:
    """All updates that change the glass, from the home screen on."""
    updates: list[Update] = []
    for phase, screen in _screens(conversation):
        frame = render(screen, _ZH).to_bytes()
        if not updates or updates[-1].frame != frame:
            updates.append(Update(phase, frame))
    return updates


def _screens(conversation: Conversation) -> Iterator[tuple[str, Screen]]:
    yield "home", Screen(HomeView("07:45", "11月24日 星期二"), _gutter())
    editor = Editor(Engine(MemoryWords(), verify=False), lambda: 0.0)
    yield from (("typing", screen) for screen in _typing(editor, conversation.keys))
    question = editor.accept()
    yield from (("thinking", screen) for screen in _thinking(question, conversation))
    reader = Reader(question)
    yield from (("streaming", screen) for screen in _streaming(reader, conversation.tokens))
    answer = "".join(conversation.tokens)
    yield from (("voice", screen) for screen in _voice(reader, answer))
    yield from (("scrolling", screen) for screen in _scrolling(reader))
    yield from (("menus", screen) for screen in _menus(conversation.menu))


def _gutter(mode: TextMode = TextMode.HANZI, speaker: Speaker = Speaker.ON) -> Gutter:
    return Gutter(mode, Mic.OPEN, speaker)


# ---------------------------------------------------------------- typing


def _typing(editor: Editor, script: tuple[str, ...]) -> Iterator[Screen]:
    for key, gesture in _presses(script):
        action = lookup(editor.state, key, gesture)
        if action is None:
            raise ValueError(f"key {key} does nothing in {editor.state.name}")
        editor.act(action)
        yield Screen(editor.view(), _gutter(editor.mode))


def _presses(script: tuple[str, ...]) -> Iterator[tuple[int, Gesture]]:
    for word in script:
        if word.isalpha() and word.islower():
            yield from ((int(key), Gesture.PRESS) for key in keys_of(word))
        else:
            yield _press(word)


def _press(name: str) -> tuple[int, Gesture]:
    """`7`, `D`, `*`; `*+` is a long press."""
    key = "0123456789ABCD*#".index(name[0])
    if name.endswith("+"):
        return key, Gesture.LONG
    return key, Gesture.SHORT if name[0] in "0BCD" else Gesture.PRESS


# ---------------------------------------------------------------- a turn


def _thinking(question: str, conversation: Conversation) -> Iterator[Screen]:
    total, gutter = conversation.prefill, _gutter(TextMode.NONE)
    for done in (*range(0, total, conversation.block), total):
        strip = Strip(StripKind.PREFILL, done / total)
        yield Screen(ThinkingView(question, done, total), gutter, strip)


def _streaming(reader: Reader, tokens: tuple[str, ...]) -> Iterator[Screen]:
    """Text grows at the end, nothing is spoken."""
    for token in tokens:
        reader.append(token)
        yield Screen(AnswerView(reader), _gutter(TextMode.NONE))
    reader.finish(text("answer.footer", _ZH, first="0.84", speed="12.3"))
    yield Screen(AnswerView(reader), _gutter(TextMode.NONE))


def _voice(reader: Reader, answer: str) -> Iterator[Screen]:
    """The answer is read aloud from its beginning: the window and the underline go along."""
    gutter = _gutter(TextMode.NONE, Speaker.SPEAKING)
    for start, end in _clauses(answer):
        reader.show((start, end))
        for step in range(_VOICE_STEPS):
            place = start + (end - start) * step / _VOICE_STEPS
            strip = Strip(StripKind.VOICE, place / len(answer))
            yield Screen(AnswerView(reader, (start, end)), gutter, strip)
    reader.show(None)
    reader.end()
    yield Screen(AnswerView(reader), _gutter(TextMode.NONE))


def _clauses(answer: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end, char in enumerate(answer, 1):
        if char in _CLAUSE_ENDS or end == len(answer):
            if answer[start:end].strip():
                yield start, end
            start = end


def _scrolling(reader: Reader) -> Iterator[Screen]:
    """Up to the question line by line, down to the end, then by pages, and the jump."""

    def screen() -> Screen:
        return Screen(AnswerView(reader), _gutter(TextMode.NONE))

    for step in (-1, 1):
        for _ in range(reader.total):
            reader.scroll(step)
            yield screen()
    for _ in range(3):
        reader.page(-1)
        yield screen()
    reader.end()
    yield screen()


# ---------------------------------------------------------------- menus


def _menus(script: tuple[str, ...]) -> Iterator[Screen]:
    """The mask, the volume's toast, the main menu, the settings."""
    home: View = HomeView("07:46", "11月24日 星期二")
    yield Screen(home, _gutter())
    for left in (1.0, 0.8, 0.6):
        yield Screen(home, _gutter(), Strip(StripKind.COUNTDOWN, left), mask=Mask(read_aloud=True))
    for volume in (0.8, 0.7, 0.6):
        toast = Toast(text("toast.volume", _ZH, percent=round(100 * volume)), volume)
        yield Screen(home, _gutter(), toast=toast)
    yield Screen(home, _gutter())
    pages = Pages()
    pages.open(_main_menu())
    for name in script:
        _turn(pages, name)
        yield Screen(pages.top.view() if pages.top else home, _gutter())


class _Box:
    """What the settings pages change while nothing is behind them."""

    def __init__(self) -> None:
        self.settings = Settings()

    def settle(self, key: str) -> None:
        """Nothing runs that would have to start anew."""


def _main_menu() -> Page:
    def enter() -> Push:
        return Push(SettingsMenu(_Box(), Choices()))

    return Menu(Where.MAIN.title(_ZH), [row(it.label(_ZH), enter) for it in lines(Where.MAIN)])


def _turn(pages: Pages, name: str) -> None:
    """One key of the menus."""
    page = pages.top
    if page is None:
        raise ValueError(f"{name} comes after the last menu was left")
    match name:
        case "*" | "#":
            pages.follow(page.move(-1 if name == "*" else 1))
        case "D":
            pages.follow(page.enter())
        case "A":
            pages.back()
        case _:
            raise ValueError(f"{name} is no key of a menu")
