"""The front panel in a window: real pixels, and keys that are down as long as they are down.

Tk needs a display server and Python's tkinter, which Debian packages apart (python3-tk). It runs
inside the caller's event loop, like the terminal's panel, and uses the same `PanelHardware`.
"""

from __future__ import annotations

import asyncio
import signal
import threading
import time
import tkinter as tk
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from appliance.panel.hardware import Language, PanelError, PanelHardware, PanelStatus
from appliance.panel.pad import CAPS, ROWS
from appliance.panel.palette import DESK, FAINT, GLASS, KEY, KEY_DOWN, KEY_INK, PIXEL
from appliance.panel.pc_keys import PadStroke, stroke_of
from appliance.panel.pixels import FRAME_BYTES, HEIGHT, WIDTH
from appliance.panel.status_bar import status_lines
from appliance.panel.strokes import Stroke, StrokePlayer
from appliance.panel.typed_path import typed_path
from drivers.keys import Key

SCALE = 5
_TICK = 1 / 60  # seconds between looks at Tk's events
_STATUS_EVERY = 15  # ticks
_REPEAT_GAP = 0.03  # X11 repeats a held key as release and press within this time
_NOTICE_SECONDS = 8.0

_DARK, _LIT = bytes.fromhex(GLASS[1:]), bytes.fromhex(PIXEL[1:])
_KEYSYMS = {
    "Escape": "escape",
    "Tab": "tab",
    "ISO_Left_Tab": "shift+tab",
    "Return": "enter",
    "KP_Enter": "enter",
    "Left": "left",
    "Right": "right",
}
# The terminal's legend without what only a terminal has.
_LEGEND: dict[Language, str] = {
    "zh": "0–9 = 数字键\nEsc = A\nTab = B\nc = C\nEnter = D\n← → = * #\n空格按住 = 说话\n"
    "按住 = 长按\nw = 送 WAV 进话筒\nCtrl-Q = 退出",
    "en": "0–9 = digits\nEsc = A\nTab = B\nc = C\nEnter = D\n← → = * #\nhold Space = talk\n"
    "hold = long\nw = WAV as microphone\nCtrl-Q = quit",
}
_SHIFT = 0x1  # bit of Tk's event state


def ppm(frame: bytes, scale: int = SCALE) -> bytes:
    """The frame as a binary PPM picture, `scale` pixels square each. Source: netpbm's ppm(5).

    Raises ValueError when `frame` is not 1024 bytes.
    """
    if len(frame) != FRAME_BYTES:
        raise ValueError(f"a frame has {FRAME_BYTES} bytes, not {len(frame)}")
    dots = (_DARK * scale, _LIT * scale)
    rows = []
    for y in range(HEIGHT):
        page = frame[y // 8 * WIDTH : (y // 8 + 1) * WIDTH]
        rows.append(b"".join(dots[column >> y % 8 & 1] for column in page) * scale)
    return b"P6 %d %d 255\n" % (WIDTH * scale, HEIGHT * scale) + b"".join(rows)


def key_stroke(keysym: str, character: str, state: int) -> PadStroke | None:
    """The stroke of a Tk key event; Space is D, held while it is held."""
    if keysym == "space":
        return PadStroke(Key.D, False)
    name = _KEYSYMS.get(keysym, keysym)
    if keysym in _KEYSYMS and state & _SHIFT and not name.startswith("shift+"):
        name = f"shift+{name}"
    return stroke_of(name, character or None)


class Window:
    """The widgets. `run` looks after them until the window is closed."""

    def __init__(self, hardware: PanelHardware, status: Callable[[], PanelStatus]) -> None:
        self._hardware = hardware
        self._status = status
        self._frame = b""
        self._notice = ("", 0.0)
        self._held: tuple[str, Stroke] | None = None
        self._letting_go: asyncio.TimerHandle | None = None
        self.language: Language = status().language
        self.exit_status: int | None = None
        self.player = StrokePlayer(
            hardware.press, hardware.release, clock=time.monotonic, changed=self._light_keys
        )
        try:
            self.root = tk.Tk(className="Lory")
        except tk.TclError as error:
            raise PanelError(f"no window here: {error}") from error
        self._build()

    def close(self, exit_status: int = 0) -> None:
        """End `run`; safe to call twice."""
        if self.exit_status is None:
            self.exit_status = exit_status

    async def run(self) -> int:
        """Serve the window; returns the exit status."""
        playing = asyncio.create_task(self.player.run(), name="panel-keys")
        tick = 0
        try:
            while self.exit_status is None and not playing.done():
                self._show_frame()
                if tick % _STATUS_EVERY == 0:
                    self._show_status()
                self.root.update()
                tick += 1
                await asyncio.sleep(_TICK)
        finally:
            playing.cancel()
            (ended,) = await asyncio.gather(playing, return_exceptions=True)
            self.root.destroy()
        if not isinstance(ended, asyncio.CancelledError) and isinstance(ended, BaseException):
            raise ended
        return self.exit_status or 0

    def _build(self) -> None:
        root = self.root
        root.title("Lory")
        root.configure(bg=DESK, padx=16, pady=16)
        root.resizable(False, False)
        root.protocol("WM_DELETE_WINDOW", self.close)
        self._picture = tk.PhotoImage(master=root, width=WIDTH * SCALE, height=HEIGHT * SCALE)
        glass = tk.Label(root, image=self._picture, bd=6, bg=GLASS)
        glass.grid(row=0, column=0, columnspan=2)
        root.columnconfigure(1, weight=1)
        self.caps = self._build_pad()
        legend = tk.Label(root, text=_LEGEND[self.language], justify="left", fg=FAINT, bg=DESK)
        legend.grid(row=1, column=1, sticky="nw", padx=16, pady=16)
        self.status = tk.Label(root, justify="left", fg=KEY_INK, bg=DESK, anchor="w")
        self.status.grid(row=2, column=0, columnspan=2, sticky="we")
        root.bind("<KeyPress>", self._key_pressed)
        root.bind("<KeyRelease>", self._key_released)
        root.bind("<FocusOut>", lambda _: self._let_go())
        root.bind("<Control-c>", lambda _: self.close())
        root.bind("<Control-q>", lambda _: self.close())
        self.path = tk.Entry(root)
        self.path.bind("<Return>", lambda _: self._path_given())
        self.path.bind("<Escape>", lambda _: self._path_dismissed())
        root.focus_set()

    def _build_pad(self) -> dict[Key, tk.Label]:
        pad = tk.Frame(self.root, bg=DESK)
        pad.grid(row=1, column=0, sticky="nw", pady=16)
        caps: dict[Key, tk.Label] = {}
        for row, keys in enumerate(ROWS):
            for column, key in enumerate(keys):
                cap = CAPS[key]
                does = cap.does.of(self.language)
                label = tk.Label(
                    pad, text=f"{cap.name}\n{does}", width=8, height=2, fg=KEY_INK, bg=KEY[0]
                )
                label.grid(row=row, column=column, padx=3, pady=3)
                label.bind("<ButtonPress-1>", self._presser(key))
                label.bind("<ButtonRelease-1>", lambda _: self._let_go())
                caps[key] = label
        return caps

    def _presser(self, key: Key) -> Callable[[tk.Event[tk.Label]], None]:
        return lambda _: self._hold("mouse", key)

    def _show_frame(self) -> None:
        frame = self._hardware.frame()
        if frame != self._frame:
            self._frame = frame
            self._picture.configure(data=ppm(frame), format="PPM")

    def _show_status(self) -> None:
        status = self._status()
        notice, until = self._notice
        lines = [notice] if notice and time.monotonic() < until else []
        self.status.configure(text="\n".join([*lines, *status_lines(status, False)]))

    def _light_keys(self) -> None:
        for key, label in self.caps.items():
            is_down = self.player.down is key
            label.configure(bg=KEY_DOWN if is_down else KEY[0], fg=DESK if is_down else KEY_INK)

    def _key_pressed(self, event: tk.Event[Any]) -> None:
        if event.widget is self.path:
            return
        if self._held is not None and self._held[0] == event.keysym:
            # The repeat of a held key: take back the release that came with it.
            if self._letting_go is not None:
                self._letting_go.cancel()
            return
        if event.char == "w":
            self._ask_for_wav()
            return
        stroke = key_stroke(event.keysym, event.char, int(event.state))
        if stroke is None:
            return
        if stroke.is_long:
            self._let_go()
            self.player.long(stroke.key)
        else:
            self._hold(event.keysym, stroke.key)

    def _key_released(self, event: tk.Event[Any]) -> None:
        if self._held is not None and self._held[0] == event.keysym:
            loop = asyncio.get_running_loop()
            self._letting_go = loop.call_later(_REPEAT_GAP, self._let_go)

    def _hold(self, by: str, key: Key) -> None:
        self._let_go()
        self._held = (by, self.player.hold(key))

    def _let_go(self) -> None:
        if self._letting_go is not None:
            self._letting_go.cancel()
            self._letting_go = None
        if self._held is not None:
            self._held[1].let_go()
            self._held = None

    def _ask_for_wav(self) -> None:
        # Not Tk's own file dialog: it would stop the caller's event loop while it is open.
        self._let_go()
        self.path.grid(row=3, column=0, columnspan=2, sticky="we")
        self.path.focus_set()

    def _path_given(self) -> None:
        path = typed_path(self.path.get())
        self._path_dismissed()
        if path is not None:
            self.feed(path)

    def _path_dismissed(self) -> None:
        self.path.delete(0, "end")
        self.path.grid_remove()
        self.root.focus_set()

    def feed(self, path: Path) -> None:
        """Let the microphone hear a file; what is wrong with it is shown."""
        try:
            self._hardware.feed_wav(path)
        except (OSError, ValueError) as error:
            self._notice = (str(error), time.monotonic() + _NOTICE_SECONDS)


async def run_window(hardware: PanelHardware, status: Callable[[], PanelStatus]) -> int:
    """Run the panel in a window until it is closed, a signal ends it, or the task is cancelled.

    Raises:
        PanelError: there is no display to open a window on.
    """
    window = Window(hardware, status)
    with _ended_by_signals(window):
        return await window.run()


@contextmanager
def _ended_by_signals(window: Window) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, frame: FrameType | None) -> None:
        window.close(128 + number)

    numbers = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    before: dict[signal.Signals, Any] = {each: signal.signal(each, end) for each in numbers}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
