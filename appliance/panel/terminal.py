"""The front panel in the terminal: the glass, the pad, the legend and the status, on textual.

It knows nothing of the app: `PanelHardware` is what it shows and presses. `run_panel` runs inside
the caller's event loop.
"""

from __future__ import annotations

import asyncio
import codecs
import os
import signal
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar, assert_never

from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from appliance.panel.arrange import (
    MIN_HEIGHT,
    MIN_WIDTH,
    Arrangement,
    Box,
    GlassMode,
    arrange,
)
from appliance.panel.glass import Glass
from appliance.panel.hardware import Language, PanelError, PanelHardware, PanelStatus
from appliance.panel.legend import Legend
from appliance.panel.pad import Pad
from appliance.panel.palette import DESK
from appliance.panel.pc_keys import stroke_of
from appliance.panel.status_bar import StatusBar
from appliance.panel.strokes import StrokePlayer
from appliance.panel.typed_bytes import typed_bytes
from appliance.panel.wav_prompt import WavPrompt
from drivers.keys import Key
from ui.strings import Text

_FRAME_POLL = 1 / 30  # seconds
_STATUS_POLL = 0.25
_NOTICE_SECONDS = 8.0
_END_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
# What textual turns on, turned off: mouse, paste, focus, wrapped lines, kitty keys, alternate
# screen, hidden cursor. Sources: xterm's ctlseqs; the kitty keyboard protocol.
_RESET = (
    "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2004l\x1b[?1004l\x1b[?7h"
    "\x1b[<u\x1b[?1049l\x1b[?25h"
)


def too_small(width: int, height: int, language: Language) -> str:
    """One line about a terminal that cannot hold the panel."""
    if language == "zh":
        return f"终端太小：需要 {MIN_WIDTH}×{MIN_HEIGHT}，现在 {width}×{height}"
    return f"terminal too small: {MIN_WIDTH}×{MIN_HEIGHT} needed, this one has {width}×{height}"


class _Desk(Screen[None], inherit_bindings=False):
    """The only screen; without textual's own bindings, which would take Tab and Ctrl-C."""

    ALLOW_SELECT = False


class FrontPanel(App[int], inherit_bindings=False):
    """Shows `hardware` and presses its keys until the user quits."""

    ENABLE_COMMAND_PALETTE = False
    CSS = f"""
    Screen {{ background: {DESK}; overflow: hidden; }}
    Glass, Pad, Legend, StatusBar {{ position: absolute; }}
    #too-small {{ position: absolute; width: 100%; height: 100%; content-align: center middle; }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c,ctrl+q", "quit", show=False, priority=True),
    ]

    def __init__(self, hardware: PanelHardware, status: Callable[[], PanelStatus]) -> None:
        # textual's devtools are switched on by this variable, and would open a socket.
        os.environ.pop("TEXTUAL", None)
        super().__init__()
        self.animation_level = "none"
        self._hardware = hardware
        self._status = status
        self._wanted: GlassMode | None = None
        self._notice: tuple[str, float] = ("", 0.0)
        self._tasks: list[asyncio.Task[None]] = []
        self.failure: BaseException | None = None
        self.language: Language = status().language
        self.player = StrokePlayer(
            hardware.press, hardware.release, clock=time.monotonic, changed=self._pad_changed
        )
        self.glass = Glass()
        self.pad = Pad(self.player, self.language)
        self.legend = Legend(self.language)
        self.status_bar = StatusBar()
        self._too_small = Static("", id="too-small")
        self.arrangement: Arrangement | None = None

    def get_default_screen(self) -> Screen[None]:
        return _Desk(id="_default")

    def compose(self) -> ComposeResult:
        yield from (self.glass, self.pad, self.legend, self.status_bar, self._too_small)

    def on_mount(self) -> None:
        self._tasks = [
            asyncio.create_task(self.player.run(), name="panel-keys"),
            asyncio.create_task(self._follow_frames(), name="panel-frames"),
            asyncio.create_task(self._follow_status(), name="panel-status"),
        ]
        for task in self._tasks:
            task.add_done_callback(self._task_ended)

    async def on_unmount(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def on_resize(self, event: events.Resize) -> None:
        self._arrange(event.size.width, event.size.height)

    def on_key(self, event: events.Key) -> None:
        if not isinstance(self.screen, _Desk):
            return
        event.prevent_default()
        # A mouse's release can get lost; a hold would keep all strokes after it waiting.
        self.pad.let_go()
        if event.key == "space":
            acts = {"hold": self.player.toggle, "long": self.player.long, "tap": self.player.tap}
            acts[self._status().talk](Key.D)
        elif event.key == "w":
            self.push_screen(WavPrompt(self.language), self._feed)
        elif event.key == "g":
            self._toggle_mode()
        else:
            stroke = stroke_of(event.key, event.character)
            if stroke is not None:
                (self.player.long if stroke.is_long else self.player.tap)(stroke.key)

    def on_app_blur(self) -> None:
        # The release of a mouse button outside the terminal may never arrive.
        self.pad.let_go()

    async def _follow_frames(self) -> None:
        while True:
            self.glass.show(self._hardware.frame())
            await asyncio.sleep(_FRAME_POLL)

    async def _follow_status(self) -> None:
        while True:
            self._show_status()
            await asyncio.sleep(_STATUS_POLL)

    def _show_status(self) -> None:
        status = self._status()
        if status.language != self.language:
            self.language = self.pad.language = self.legend.language = status.language
            self.pad.refresh()
            self.legend.refresh()
        notice, until = self._notice
        if notice and time.monotonic() < until:
            status = replace(status, notice=notice)
        self.status_bar.show(status, self.player.latched is not None)

    def _task_ended(self, task: asyncio.Task[None]) -> None:
        # Only an error ends these tasks: it must not leave a dead panel on the screen.
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failure = error
            self.exit(return_code=1)

    def _pad_changed(self) -> None:
        self.pad.refresh()

    def _feed(self, path: Path | None) -> None:
        if path is None:
            return
        try:
            self._hardware.feed_wav(path)
        except (OSError, ValueError) as error:
            self._say(str(error))
        else:
            heard = Text("话筒正在听", "the microphone hears").of(self.language)
            self._say(f"{heard} {path.name}")

    def _say(self, notice: str) -> None:
        self._notice = (notice, time.monotonic() + _NOTICE_SECONDS)
        self._show_status()

    def _toggle_mode(self) -> None:
        if self.arrangement is None:
            return
        match self.arrangement.mode:
            case GlassMode.BRAILLE:
                self._wanted = GlassMode.HALF_BLOCKS
            case GlassMode.HALF_BLOCKS:
                self._wanted = GlassMode.BRAILLE
            case other:
                assert_never(other)
        self._arrange(self.size.width, self.size.height)
        if self.arrangement.mode is not self._wanted:
            zh = self.language == "zh"
            self._say("半块显示需要 128×38 的终端" if zh else "half blocks need 128×38 cells")

    def _arrange(self, width: int, height: int) -> None:
        found = self.arrangement = arrange(width, height, self._wanted)
        self._too_small.display = found is None
        parts: tuple[Widget, ...] = (self.glass, self.pad, self.legend, self.status_bar)
        for part in parts:
            part.display = found is not None
        if found is None:
            self._too_small.update(too_small(width, height, self.language))
            return
        self.glass.take_shape(found.mode, found.framed)
        boxes = (found.glass, found.pad, found.legend, found.status)
        for part, box in zip(parts, boxes, strict=True):
            _place(part, box)


def _place(widget: Widget, box: Box) -> None:
    widget.styles.width = box.width
    widget.styles.height = box.height
    widget.styles.offset = Offset(box.x, box.y)


async def run_panel(hardware: PanelHardware, status: Callable[[], PanelStatus]) -> int:
    """Run the panel until the user quits, a signal ends it, or the task is cancelled.

    Returns the exit status. The terminal is restored in every case. SIGTERM, SIGHUP and SIGINT
    end the panel while it runs; handlers that an asyncio loop has for them act as well.

    Raises:
        PanelError: no terminal, or one that cannot show the panel; nothing was drawn.
    """
    _check_terminal(status().language)
    panel = FrontPanel(hardware, status)
    with _terminal_restored(), _ended_by_signals(panel), typed_bytes():
        await panel.run_async()
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError  # textual takes a cancellation for its own end
    if panel.failure is not None:
        raise panel.failure
    return panel.return_code or 0


def _check_terminal(language: Language) -> None:
    zh = language == "zh"
    # textual reads the keys from stdin and draws on stderr.
    if not (sys.__stdin__ and sys.__stdin__.isatty() and sys.__stderr__ and sys.stdout.isatty()):
        raise PanelError(
            "面板需要终端；没有终端时请用 lory demo"
            if zh
            else "the panel needs a terminal; without one use: lory demo"
        )
    if not sys.__stderr__.isatty():
        raise PanelError(
            "面板画在标准错误输出上，请勿重定向它"
            if zh
            else "the panel draws on standard error: do not redirect it"
        )
    # textual reads and draws UTF-8, whatever the terminal's encoding.
    if (name := _encoding(sys.__stderr__.encoding)) != "utf-8":
        told = f"面板需要 UTF-8 的终端，这里是 {name}：请设 LC_ALL=C.UTF-8"
        if not zh or not _can_say(told, name):
            told = f"the panel needs a terminal in UTF-8, this one is {name}: set LC_ALL=C.UTF-8"
        raise PanelError(told)
    if not _moves_cursor(term := os.environ.get("TERM", "")):
        raise PanelError(
            f"TERM={term} 的终端画不了面板；请用 lory demo 或别的终端"
            if zh
            else f"a terminal of TERM={term} cannot draw the panel: use lory demo, or another one"
        )
    size = os.get_terminal_size(sys.__stdin__.fileno())
    if arrange(size.columns, size.lines) is None:
        raise PanelError(too_small(size.columns, size.lines, language))


def _encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return name


def _can_say(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def _moves_cursor(term: str) -> bool:
    """Whether a terminal of this kind takes ANSI's way to put the cursor anywhere."""
    try:
        import curses

        curses.setupterm(term, sys.__stderr__.fileno() if sys.__stderr__ else -1)
        return (curses.tigetstr("cup") or b"").startswith(b"\x1b[")
    except (ImportError, OSError, curses.error):
        # Nothing is known of it here: most take it.
        return term not in ("", "dumb", "unknown")


@contextmanager
def _terminal_restored() -> Iterator[None]:
    """Put the terminal back even when textual is torn down in mid-flight."""
    assert sys.__stdin__ is not None
    assert sys.__stderr__ is not None
    descriptor = sys.__stdin__.fileno()
    before = termios.tcgetattr(descriptor)
    try:
        yield
    except BaseException:
        sys.__stderr__.write(_RESET)
        sys.__stderr__.flush()
        raise
    finally:
        # A terminal that hung up takes no attributes.
        with suppress(termios.error):
            termios.tcsetattr(descriptor, termios.TCSANOW, before)


@contextmanager
def _ended_by_signals(panel: FrontPanel) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()

    def end(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(lambda: panel.exit(return_code=128 + number))

    # signal.signal, not the loop's handlers: those of the caller must survive this.
    before: dict[signal.Signals, Any] = {each: signal.signal(each, end) for each in _END_SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
