"""The OLED panel: keeps the glass at the newest frame through NACKs, unplugging and replugging.

`Oled` is a `drivers.arbiter.Task`: every `run` puts one short transfer on the bus at most.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import cycle

from drivers.addressing import FRAME_BYTES, PAGES, Addressing
from drivers.bus import BusError, I2CBus
from drivers.differ import Shadow, plan
from drivers.packing import (
    CONTROL_DATA_STREAM,
    MIN_TRANSFER,
    SHORT_TRANSFER,
    Transaction,
    command_stream,
)

ADDRESSES = (0x3C, 0x3D)  # SA0 low, high; modules are often marked 0x78 and 0x7A, 8-bit

# After a refused byte the controller may still wait for up to two arguments; NOPs satisfy it.
_NOP = b"\xe3"
_NOPS = (_NOP, _NOP)
_STATUS_OFF = 0x40  # bit 6 of the status byte: display off
_TOP_ROW = b"\x40"  # RAM row 0 on top of the glass

_RETRY_STEP = 0.001  # seconds added to the pause before each retry of a frame
_LONGEST_RETRY = 0.05
_TRIES = 5  # refusals in a row before the panel counts as gone
_FIRST_BACKOFF = 0.1
_LAST_BACKOFF = 2.0
_HEARTBEAT = 1.0
_REFRESH = 20.0
_GROW_AFTER = 32  # acknowledged transfers in a row after which longer ones are tried again

REFRESH_BOUND = _REFRESH + 1.0
"""Seconds after which the glass is right again whatever a spike on the wires changed in the chip:
all registers and all of RAM are sent once more, for some 60 bytes a second, page by page, so that
neither a key nor a frame waits for more than one of them."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the panel shows its RAM. `contrast` is 0–255; `rotate` turns the picture by 180°."""

    on: bool = True
    contrast: int = 0x7F
    invert: bool = False
    rotate: bool = False


@dataclass(frozen=True)
class Controller:
    """What one chip needs, as commands each with its arguments.

    `setup` is everything from power-on reset up to, but without, display on; `addressing` is its
    cost model. `dark_only` are those of the commands that the chip wants with the display off.
    """

    name: str
    addressing: Addressing
    setup: Callable[[Look], list[bytes]]
    dark_only: frozenset[bytes] = frozenset()

    def refresh(self, look: Look, start_line: int) -> list[bytes]:
        """All registers once more, without a moment of darkness; `start_line` stays on top."""
        replaced = {display_power(False): None, _TOP_ROW: bytes((_TOP_ROW[0] | start_line,))}
        commands = [replaced.get(command, command) for command in self.setup(look)]
        kept = [one for one in commands if one is not None and one not in self.dark_only]
        return [*kept, display_power(True)]


def display_power(on: bool) -> bytes:
    """AE/AF, the same on all three controllers. RAM survives AE."""
    return b"\xaf" if on else b"\xae"


def contrast(value: int) -> bytes:
    """81h and its argument."""
    return bytes((0x81, value))


def inversion(invert: bool) -> bytes:
    return b"\xa7" if invert else b"\xa6"


def orientation(rotate: bool) -> list[bytes]:
    """Segment remap and COM scan direction; modules are mounted so that A1, C8 is upright."""
    return [b"\xa0", b"\xc0"] if rotate else [b"\xa1", b"\xc8"]


class Oled:
    """One panel on `bus`. `show` and `adjust` may be called from any thread and never block.

    `address` is asked first, then the other one a panel may have, until one answers. At most
    `max_fps` frames per second are begun, urgent ones apart; a newer frame replaces one that has
    not been begun. `on_presence` is called on the bus thread with True when the panel has been set
    up, False when it stopped answering.
    """

    def __init__(
        self,
        bus: I2CBus,
        controller: Controller,
        *,
        address: int = ADDRESSES[0],
        max_fps: float = 50.0,
        look: Look | None = None,
        on_presence: Callable[[bool], None] | None = None,
    ) -> None:
        if max_fps <= 0:
            raise ValueError(f"{max_fps} frames per second")
        if bus.max_transfer < MIN_TRANSFER:
            raise ValueError(f"an adapter of {bus.max_transfer}-byte transfers cannot feed an OLED")
        self.controller = controller
        self.present = False
        self.last_error: BusError | None = None
        self._bus = bus
        self._addresses = cycle((address, *(other for other in ADDRESSES if other != address)))
        self._address = next(self._addresses)
        self._frame_interval = 1.0 / max_fps
        self._on_presence = on_presence or (lambda present: None)
        self._wake: Callable[[], None] = lambda: None

        self._lock = threading.Lock()  # guards what the app wants
        self._wanted_frame = bytes(FRAME_BYTES)
        self._urgent = False
        self._wanted_look = look or Look()
        _check_contrast(self._wanted_look.contrast)

        # Below, the bus thread's own.
        self._shadow = Shadow()
        self._look: Look | None = None  # what the registers hold; None: not set up
        self._lit = False
        # Work begun: commands go before the transactions of a frame.
        self._commands: deque[bytes] = deque()
        self._queue: deque[Transaction] = deque()
        self._when_sent: Callable[[], None] | None = None
        self._largest = min(SHORT_TRANSFER, bus.max_transfer)
        self._limit = self._largest
        self._acknowledged = 0
        self._refused = 0
        self._retries = 0  # since the glass last was as wanted
        self._backoff = _FIRST_BACKOFF
        self._retry_at = float("-inf")
        self._next_frame_at = float("-inf")
        self._heartbeat_at = float("inf")
        self._refresh_at = float("inf")
        self._stale: deque[int] = deque()  # pages of RAM that are to be painted again
        self._status_is_honest = False

    @property
    def address(self) -> int:
        """The 7-bit address in use, or the one that is tried next."""
        return self._address

    @property
    def wanted_frame(self) -> bytes:
        """The newest frame the app has shown."""
        return self._wanted_frame

    def bind(self, wake: Callable[[], None]) -> None:
        """`wake` is called when there is new work."""
        self._wake = wake

    def show(self, frame: bytes, *, urgent: bool = False) -> None:
        """Make the glass show `frame`, 1024 bytes in page layout. Raises ValueError otherwise.

        `urgent`, for what a key did, is begun with the next transfer: the cap does not hold it
        back, nor does what is left to send of an older frame. Later frames make up for it.
        """
        if len(frame) != FRAME_BYTES:
            raise ValueError(f"a frame is {FRAME_BYTES} bytes, not {len(frame)}")
        with self._lock:
            self._wanted_frame = bytes(frame)
            self._urgent |= urgent
        self._wake()

    def adjust(
        self,
        *,
        on: bool | None = None,
        contrast: int | None = None,
        invert: bool | None = None,
        rotate: bool | None = None,
    ) -> None:
        """Change what is given, keep the rest. Raises ValueError for a contrast outside 0–255."""
        if contrast is not None:
            _check_contrast(contrast)
        with self._lock:
            look = self._wanted_look
            self._wanted_look = Look(
                on=look.on if on is None else on,
                contrast=look.contrast if contrast is None else contrast,
                invert=look.invert if invert is None else invert,
                rotate=look.rotate if rotate is None else rotate,
            )
        self._wake()

    def run(self, now: float) -> float | None:
        """One transfer at most; the time of the next, None if there is nothing to wait for."""
        if now < self._retry_at:
            return self._retry_at
        if self._urgent:
            self._queue.clear()  # planned again from what the glass shows by now
        if not self._has_work():
            due = self._plan(now)
            if due is None or due > now:
                return due
        self._send_next(now)
        return max(now, self._retry_at)

    def finish(self, now: float) -> bool:
        """As `run`, without the frame-rate cap; False when nothing is left to do."""
        if now < self._retry_at:
            return False
        self._next_frame_at = now
        self._heartbeat_at = self._refresh_at = float("inf")
        if not self._has_work():
            self._plan(now)
        if not self._has_work():
            return False
        self._send_next(now)
        return True

    def _has_work(self) -> bool:
        return bool(self._commands or self._queue)

    def _plan(self, now: float) -> float | None:
        """Begin what is most wanted; its time, which may be in the future, None if never."""
        with self._lock:
            look, frame = self._wanted_look, self._wanted_frame
            urgent, self._urgent = self._urgent, False
        if not look.on:
            if not self._lit:
                return None
            self._queue_commands([display_power(False)], self._darkened)
        elif self._look is None or self._look.rotate != look.rotate:
            commands = [*_NOPS, *self.controller.setup(look)]
            self._queue_commands(commands, partial(self._set_up, look))
        elif self._look != look:
            commands = [contrast(look.contrast), inversion(look.invert)]
            self._queue_commands(commands, partial(self._adjusted, look))
        elif now >= self._refresh_at and not urgent and self._shadow.start_line is not None:
            self._refresh_at = now + _REFRESH
            commands = self.controller.refresh(look, self._shadow.start_line)
            self._queue_commands(commands, self._refreshed)
        elif self._stale or not self._shadow.shows(frame):
            if now < self._next_frame_at and not urgent:
                return self._next_frame_at
            if self._stale:
                self._shadow.forget_page(self._stale.popleft())
            self._next_frame_at = self._cap(now)
            self._queue.extend(plan(self._shadow, frame, self.controller.addressing, self._limit))
        elif not self._lit:
            self._queue_commands([display_power(True)], self._lit_up)
        elif now < (due := min(self._heartbeat_at, self._refresh_at)):
            return due
        else:
            self._queue_commands([_NOP], self._still_there)
        return now

    def _cap(self, now: float) -> float:
        """When the next frame may be begun; one that came early is made up for, but no more."""
        due = max(now, self._next_frame_at) + self._frame_interval
        return min(due, now + 2 * self._frame_interval)

    def _queue_commands(self, commands: list[bytes], when_sent: Callable[[], None]) -> None:
        self._commands.extend(commands)
        self._when_sent = when_sent

    def _send_next(self, now: float) -> None:
        try:
            if self._commands:
                self._send_commands()
            else:
                self._send_data()
        except BusError as error:
            self._refuse(error, now)
            return
        self._heartbeat_at = now + _HEARTBEAT
        self._refused = 0
        self._acknowledged += 1
        if self._acknowledged >= _GROW_AFTER:
            self._acknowledged = 0
            self._limit = min(2 * self._limit, self._largest)

    def _send_commands(self) -> None:
        """As many as one transfer takes, each with all its arguments."""
        batch, payload = command_stream(self._commands, self._limit)
        try:
            self._bus.write(self._address, payload)
        except BusError:
            self._commands.extendleft(_NOPS)
            raise
        for _ in range(batch):
            self._commands.popleft()
        if not self._commands and self._when_sent is not None:
            when_sent, self._when_sent = self._when_sent, None
            when_sent()

    def _send_data(self) -> None:
        transaction = self._queue.popleft()
        try:
            self._bus.write(self._address, transaction.payload)
        except BusError:
            self._shadow.failed(transaction)
            self._queue.clear()  # planned again from what the glass then shows
            self._next_frame_at = float("-inf")
            if transaction.payload[0] != CONTROL_DATA_STREAM:
                self._commands.extendleft(_NOPS)
            raise
        self._shadow.sent(transaction)
        if not self._queue:
            self._retries = 0

    def _refreshed(self) -> None:
        """The registers are right; RAM is not believed in and will be painted again."""
        self._shadow.cursor = None
        self._stale.extend(range(PAGES))

    def _set_up(self, look: Look) -> None:
        """Registers are set, the display is off: paint first, so that nobody sees RAM noise."""
        self._look = look
        self._lit = False
        self._stale.clear()
        self._refresh_at = float("inf")
        self._shadow.forget()
        self._next_frame_at = float("-inf")
        self._status_is_honest = self._status_says(off=True)

    def _adjusted(self, look: Look) -> None:
        self._look = look

    def _lit_up(self) -> None:
        self._lit = True
        self._refresh_at = self._heartbeat_at + _REFRESH
        self._status_is_honest = self._status_is_honest and self._status_says(off=False)
        self._backoff = _FIRST_BACKOFF
        if not self.present:
            self.present = True
            self.last_error = None
            self._on_presence(True)

    def _darkened(self) -> None:
        """Waking starts from the setup: while dark the panel may be replugged unnoticed."""
        self._lit = False
        self._look = None

    def _still_there(self) -> None:
        """A panel that was replugged since acknowledges, but its display is off."""
        if self._status_is_honest and self._reads_off():
            self._look = None

    def _status_says(self, *, off: bool) -> bool:
        """Whether the status byte can be read and is right; some modules answer nonsense."""
        try:
            return self._reads_off() == off
        except BusError:
            return False

    def _reads_off(self) -> bool:
        """Bit 6 of the status byte (SSD1306 section 8.1.5, D6 = 1: display off)."""
        return bool(self._bus.read(self._address, 1)[0] & _STATUS_OFF)

    def _refuse(self, error: BusError, now: float) -> None:
        """Try again with shorter transfers; in the end, give up for a while."""
        self.last_error = error
        self._acknowledged = 0
        self._refused += 1
        self._limit = max(self._limit // 2, MIN_TRANSFER)
        if self._refused < _TRIES:
            self._retries += 1
            self._retry_at = now + min(_RETRY_STEP * self._retries, _LONGEST_RETRY)
        else:
            self._give_up(now)

    def _give_up(self, now: float) -> None:
        was_present, self.present = self.present, False
        self._look = None
        self._lit = False
        self._refused = self._retries = 0
        self._commands.clear()
        self._queue.clear()
        self._when_sent = None
        self._address = next(self._addresses)
        self._retry_at = now + self._backoff
        self._backoff = min(2 * self._backoff, _LAST_BACKOFF)
        if was_present:
            self._on_presence(False)


def _check_contrast(value: int) -> None:
    if not 0 <= value <= 0xFF:
        raise ValueError(f"contrast is 0 to 255, not {value}")
