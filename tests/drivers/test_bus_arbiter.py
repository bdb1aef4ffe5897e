"""One thread per bus: the keypad goes first, the display in short transfers, nothing blocks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import pairwise

import pytest

from drivers.arbiter import BusThread
from drivers.keypad_i2c import I2CKeypad
from drivers.keypad_poller import KeypadPoller
from drivers.keys import Edge, Key, KeyEvent
from drivers.oled import Oled
from drivers.packing import SHORT_TRANSFER
from drivers.ssd1306 import SSD1306
from drivers.virtual.bus import Transfer, VirtualBus
from drivers.virtual.clock import VirtualClock
from drivers.virtual.keypad import VirtualKeypad
from drivers.virtual.ssd1306 import VirtualSsd1306
from tests.waiting import PATIENCE, until

NOISE = [bytes((i * 7 + seed * 31) & 0xFF or 1 for i in range(1024)) for seed in range(8)]
ONE_SHORT_TRANSFER = (9 * (1 + SHORT_TRANSFER) + 2) / 400_000


class Box:
    """Keypad and panel on one virtual bus; its wire time and the pad's 1 ms move the clock."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.bus = VirtualBus(real_time=True, sleep=self.clock.sleep, record=True)
        self.pad = VirtualKeypad(self.clock)
        self.chip = VirtualSsd1306(strict=True)
        self.bus.attach(0x27, self.pad)
        self.bus.attach(0x3C, self.chip)
        self.events: list[KeyEvent] = []
        self.polled_at: list[float] = []
        keypad = I2CKeypad(self.bus, sleep=self._settle)
        self.poller = KeypadPoller(keypad, self.events.append)
        self.panel = Oled(self.bus, SSD1306)
        self.thread = BusThread(self.bus, [self.poller, self.panel], self.clock)

    def _settle(self, seconds: float) -> None:
        self.polled_at.append(self.clock())
        self.clock.sleep(seconds)

    def run(self, seconds: float, between: Callable[[], None] = lambda: None) -> None:
        """What the thread does, without waiting; `between` is what the app does meanwhile."""
        end = self.clock() + seconds
        while self.clock() < end:
            between()
            pause = self.thread.step()
            assert pause is not None
            self.clock.sleep(min(pause, max(0.0, end - self.clock())))


def test_a_poll_waits_for_one_short_transfer_at_most_while_frames_stream() -> None:
    box, frames = Box(), iter(NOISE * 1000)
    box.pad.press(Key.D1)  # keys move: polls every 10 ms
    box.run(2.0, lambda: box.panel.show(next(frames)))
    displayed = sum(t.address == 0x3C for t in box.bus.trace)
    assert displayed > 300, "the display was really busy"
    gaps = [later - earlier for earlier, later in pairwise(box.polled_at)]
    assert max(gaps) <= 0.010 + ONE_SHORT_TRANSFER + 0.0012, "1.2 ms is the poll itself"


def test_no_transfer_of_the_display_is_long() -> None:
    box, frames = Box(), iter(NOISE)
    box.run(0.3, lambda: box.panel.show(next(frames, NOISE[0])))
    assert max(len(t.data) for t in box.bus.trace) <= SHORT_TRANSFER


def test_nothing_comes_between_the_scan_command_and_its_answer() -> None:
    box, frames = Box(), iter(NOISE * 1000)
    box.run(0.5, lambda: box.panel.show(next(frames)))
    asked: Transfer | None = None
    for transfer in box.bus.trace:
        if asked is not None:
            assert transfer.address == 0x27 and transfer.is_read
        asked = transfer if transfer.address == 0x27 and not transfer.is_read else None
    assert box.pad.too_soon == 0


def test_keys_are_heard_while_the_panel_is_gone() -> None:
    box = Box()
    box.bus.detach(0x3C)
    box.run(1.0)
    box.pad.press(Key.D)
    box.run(0.05)
    box.pad.release()
    box.run(0.05)
    assert [(e.key, e.edge) for e in box.events] == [(Key.D, Edge.PRESS), (Key.D, Edge.RELEASE)]


def test_an_idle_box_polls_every_20_ms_and_little_else() -> None:
    box = Box()
    box.run(5.0)
    before = (box.pad.reads, box.bus.bytes_on_wire)
    box.run(10.0)
    polls = box.pad.reads - before[0]
    assert 450 <= polls <= 500
    assert box.bus.bytes_on_wire - before[1] <= polls * 4 + 10 * 5


def test_the_first_changed_byte_follows_a_frame_within_one_poll() -> None:
    box = Box()
    box.panel.show(NOISE[0])
    box.run(1.0)
    box.bus.trace.clear()
    shown_at, wire_before = box.clock(), box.bus.wire_time
    box.panel.show(NOISE[1])
    box.run(0.05)
    first = next(t for t in box.bus.trace if t.address == 0x3C)
    assert first.at - wire_before <= 0.0005
    assert box.chip.frame() == NOISE[1]
    assert box.clock() - shown_at <= 0.051


class Blocked:
    """A part whose transfer hangs until it is let go, as on a bus held by a broken chip."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.release = threading.Event()

    def write(self, data: bytes) -> None:
        self.entered.set()
        self.release.wait(PATIENCE)

    def read(self, length: int) -> bytes:
        return bytes(length)


def test_the_app_never_waits_for_a_panel_that_hangs() -> None:
    bus, part = VirtualBus(), Blocked()
    bus.attach(0x3C, part)
    panel = Oled(bus, SSD1306)
    thread = BusThread(bus, [panel])
    thread.start()
    assert part.entered.wait(PATIENCE)
    for frame in NOISE:
        panel.show(frame)
        panel.adjust(contrast=3)
    assert not part.release.is_set(), "the transfer still hangs, and we are here"
    assert thread.close(timeout=0.0) is False
    part.release.set()
    assert thread.close(timeout=PATIENCE) is True
    assert bus.closed


def test_a_real_thread_shows_frames_hears_keys_and_ends_cleanly() -> None:
    bus = VirtualBus()
    pad, chip = VirtualKeypad(), VirtualSsd1306(strict=True)
    bus.attach(0x27, pad)
    bus.attach(0x3C, chip)
    heard = threading.Event()
    poller = KeypadPoller(I2CKeypad(bus), lambda event: heard.set())
    panel = Oled(bus, SSD1306)
    thread = BusThread(bus, [poller, panel], name="ends-cleanly")
    thread.start()
    panel.show(NOISE[0])
    pad.press(Key.D)
    assert heard.wait(PATIENCE)
    panel.show(NOISE[1])
    panel.adjust(invert=True)
    assert thread.close(linger=PATIENCE, timeout=PATIENCE)
    assert chip.frame() == bytes(255 - byte for byte in NOISE[1]), "the last frame is still sent"
    assert bus.closed
    assert "ends-cleanly" not in {running.name for running in threading.enumerate()}


def test_closing_may_darken_the_panel() -> None:
    bus, chip = VirtualBus(), VirtualSsd1306(strict=True)
    bus.attach(0x3C, chip)
    panel = Oled(bus, SSD1306)
    thread = BusThread(bus, [panel])
    thread.start()
    panel.show(NOISE[0])
    until(lambda: panel.present)
    panel.adjust(on=False)
    assert thread.close(linger=PATIENCE, timeout=PATIENCE)
    assert not chip.is_on


def test_closing_a_thread_that_never_started_closes_the_bus() -> None:
    bus = VirtualBus()
    assert BusThread(bus, []).close()
    assert bus.closed


def test_a_broken_task_ends_the_thread_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda args: None)
    bus, pad = VirtualBus(), VirtualKeypad()
    bus.attach(0x27, pad)
    told: list[BaseException] = []
    called = threading.Event()

    def broken(event: KeyEvent) -> None:
        called.set()
        raise RuntimeError("app bug")

    thread = BusThread(bus, [KeypadPoller(I2CKeypad(bus), broken)], on_failure=told.append)
    pad.press(Key.D1)
    thread.start()
    assert called.wait(PATIENCE)
    assert thread.close(timeout=PATIENCE)
    assert [str(error) for error in told] == ["app bug"]
    assert thread.failure is told[0]
    assert bus.closed


def test_earlier_tasks_go_first_and_a_wake_is_for_one_task() -> None:
    class Probe:
        def __init__(self, name: str) -> None:
            self.name = name

        def bind(self, wake: Callable[[], None]) -> None:
            self.wake = wake

        def run(self, now: float) -> float | None:
            order.append(self.name)
            return None

        def finish(self, now: float) -> bool:
            return False

    order: list[str] = []
    first, second = Probe("first"), Probe("second")
    thread = BusThread(VirtualBus(), [first, second], VirtualClock())
    assert [thread.step(), thread.step(), thread.step()] == [0.0, None, None]
    second.wake()
    thread.step()
    first.wake()
    second.wake()
    thread.step()
    thread.step()
    assert order == ["first", "second", "second", "first", "second"]
