"""The microphone and the speaker, kept open: what is unplugged is looked for again.

All of it is driven by `step` on an injected clock; a lost device is reported once and tried again
with back-off for ever. Whatever PortAudio throws, or does not come back from, ends nothing here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from appliance.audio.channels import ChannelPicker
from appliance.audio.patience import HungError, Patience
from appliance.audio.player import Player
from appliance.audio.portaudio import (
    Choice,
    Kind,
    NoDeviceError,
    PortAudio,
    Stream,
    names,
    negotiate,
)
from appliance.clock import Clock
from appliance.messages import Fault, Message, Warn

_FIRST_RETRY, _LAST_RETRY = 0.25, 5.0
_RENEW_SECONDS = 10.0  # least between two looks for devices that interrupt the other direction
_STALLED_SECONDS = 1.5  # without a callback a device is gone, whatever PortAudio says
_WISH_SECONDS = 60.0  # between two looks for the wanted device while another stands in for it
# A call that hangs holds PortAudio's own state. After so long the list is renewed under it: where
# that goes wrong the process ends and is started anew, which is better than never to hear again.
_HUNG_SECONDS = 5.0

log = logging.getLogger("lory.audio")


@dataclass(slots=True)
class Port:
    """One direction. `wanted`: it should be open."""

    kind: Kind
    name: str
    wanted: bool = False
    stream: Stream | None = None
    choice: Choice | None = None
    reason: str = ""
    overruns: int = 0
    heard_at: float = 0.0
    retry_at: float = float("-inf")
    backoff: float = field(default=_FIRST_RETRY)
    reported: bool = False
    stand_in_told: str = ""
    stands_in: bool = False  # another device than the wanted one, which was not there

    @property
    def fault_code(self) -> str:
        """What of the last try is a fault: a device that is in use. None there is none."""
        busy = any(word in self.reason.lower() for word in ("unavailable", "busy"))
        return "device-busy" if busy else ""


class Ports:
    """Both directions over one PortAudio, whose device list is only renewed when both rest."""

    def __init__(
        self,
        portaudio: PortAudio,
        player: Player,
        clock: Clock,
        captured: Callable[[NDArray[np.float32], int], None],
        microphone: str = "",
        speaker: str = "",
    ) -> None:
        self.microphone = Port("input", microphone)
        self.speaker = Port("output", speaker)
        self._portaudio = portaudio
        self._player = player
        self._clock = clock
        self._captured = captured
        self._stale_list = False
        self._renewed_at = float("-inf")
        self._patience = Patience()
        self._hung_at: float | None = None
        self._list: dict[Kind, tuple[str, ...]] = {"input": (), "output": ()}

    def names(self, kind: Kind) -> tuple[str, ...]:
        """The devices there are, as far as PortAudio has looked."""
        try:
            self._list[kind] = names(self._portaudio, kind)
        except Exception as error:  # noqa: BLE001 - PortAudio's host APIs raise what they like
            log.warning("the list of %s devices: %s", kind, error)
        return self._list[kind]

    def retry(self) -> None:
        """Somebody wants the microphone now: do not wait out the back-off."""
        self.microphone.retry_at = float("-inf")

    def step(self, idle: bool) -> tuple[list[Message], bool]:
        """Open what should be open, notice what is lost. Faults, and whether anything changed.

        `idle`: nothing is played or listened to, so both streams may be closed for a moment to
        let PortAudio look for devices again.
        """
        now = self._clock()
        messages: list[Message] = []
        changed = False
        if self._hung_at is not None and not self._patience.hanging:
            self._hung_at = None
        # The microphone last: a look for a speaker closes it, and it must not stay closed.
        for port in (self.speaker, self.microphone):
            if port.stream is not None and not port.wanted:
                self._close(port)
            elif port.stream is not None and self._lost(port, now):
                messages += self._report(port, "device-lost")
                self._close(port)
                changed = self._stale_list = True
            elif port.stands_in and idle and now >= port.retry_at:
                self._look_for_wanted(port, now)
            due = port.wanted and port.stream is None and now >= port.retry_at
            if due:
                if self._stale_list and idle:
                    self._renew_list(now)
                opened = self._open(port, now)
                changed |= opened
                if not opened:
                    messages += self._report(port, port.fault_code)
                elif port.stands_in and port.choice is not None:
                    messages += self._tell_stand_in(port, port.choice)
        return messages, changed

    def close(self) -> None:
        """Release both devices."""
        self._close(self.microphone)
        self._close(self.speaker)

    def _lost(self, port: Port, now: float) -> bool:
        if port.stream is None or now - port.heard_at > _STALLED_SECONDS:
            return True
        try:
            return not port.stream.active
        except Exception:  # noqa: BLE001 - asked of a card that is gone
            return True

    def _report(self, port: Port, code: str) -> list[Message]:
        if port.reported:
            return []
        port.reported = True
        detail = f"{port.kind}: {port.reason or port.name or 'device'}"
        # A device that never was there is no fault: a box may have no speaker, and files instead.
        return [Fault(code, detail)] if code else [Warn(detail)]

    def _tell_stand_in(self, port: Port, choice: Choice) -> list[Message]:
        if port.stand_in_told == choice.name:
            return []
        port.stand_in_told = choice.name
        code = "other-microphone" if port.kind == "input" else "other-speaker"
        return [Fault(code, f"no {port.kind} device named {port.name!r}: {choice.name}")]

    def _look_for_wanted(self, port: Port, now: float) -> None:
        """The wanted device may be back; PortAudio only sees it after a new look."""
        port.retry_at = now + _WISH_SECONDS
        self._renew_list(now)
        if port.stream is None:
            port.retry_at = now

    def _renew_list(self, now: float) -> None:
        in_use = self.microphone.stream is not None or self.speaker.stream is not None
        since = now - self._renewed_at
        if since <= 0 or (in_use and since < _RENEW_SECONDS):
            return
        if self._hung_at is not None and now - self._hung_at < _HUNG_SECONDS:
            return
        self._renewed_at = now
        self.close()
        self._survive(self._portaudio._terminate, now)
        if self._survive(self._portaudio._initialize, now):
            self._stale_list = False

    def _survive(self, act: Callable[[], None], now: float) -> bool:
        """Whether a call of PortAudio came back without an error."""
        try:
            self._patience.call(act)
        except HungError:
            self._hung_at = now
            log.error("PortAudio hangs in %s", getattr(act, "__name__", act))
            return False
        except Exception as error:  # noqa: BLE001 - PortAudio's host APIs raise what they like
            log.warning("PortAudio: %r", error)
            return False
        return True

    def _close(self, port: Port) -> None:
        stream, port.stream = port.stream, None
        if stream is not None:
            self._survive(partial(stream.close, ignore_errors=True), self._clock())

    def _open(self, port: Port, now: float) -> bool:
        try:
            port.choice = self._patience.call(partial(self._choose, port))
            if port.kind == "output":
                self._player.set_rate(port.choice.rate)
            make = partial(self._started, port, port.choice)
            port.stream = self._patience.call(make, lambda late: late.close(ignore_errors=True))
        except Exception as error:  # noqa: BLE001 - PortAudio's host APIs raise what they like
            if isinstance(error, HungError):
                self._hung_at = now
            self._close(port)
            port.choice, port.reason = None, str(error) or repr(error)
            port.retry_at, port.backoff = now + port.backoff, min(_LAST_RETRY, 2 * port.backoff)
            self._stale_list = True
            return False
        port.heard_at, port.backoff, port.reported = now, _FIRST_RETRY, False
        if port.stands_in:
            port.retry_at = now + _WISH_SECONDS
        else:
            port.stand_in_told = ""
        if port.kind == "output":
            self._player.latency = float(port.stream.latency)
        return True

    def _choose(self, port: Port) -> Choice:
        """The wanted device, or whatever there is instead: better another ear than none."""
        try:
            choice = negotiate(self._portaudio, port.kind, port.name)
        except NoDeviceError:
            if not port.name:
                raise
            choice = negotiate(self._portaudio, port.kind, "")
            port.stands_in = True
        else:
            port.stands_in = False
        return choice

    def _started(self, port: Port, choice: Choice) -> Stream:
        stream = self._make(port, choice)
        try:
            stream.start()
        except Exception:
            stream.close(ignore_errors=True)
            raise
        return stream

    def _make(self, port: Port, choice: Choice) -> Stream:
        settings: dict[str, Any] = {
            "device": choice.index,
            "samplerate": choice.rate,
            "channels": choice.channels,
            "blocksize": choice.rate // 50,
            "dtype": "float32",
            "latency": "low",
        }
        if port.kind == "input":
            picker = ChannelPicker(choice.rate)

            def capture(data: NDArray[np.float32], _frames: int, _time: Any, status: Any) -> None:
                port.heard_at = self._clock()
                port.overruns += bool(status)
                self._captured(picker.mono(data), choice.rate)

            return self._portaudio.InputStream(callback=capture, **settings)

        def play(data: NDArray[np.float32], frames: int, _time: Any, status: Any) -> None:
            port.heard_at = self._clock()
            port.overruns += bool(status)
            data[:] = self._player.render(frames)[:, None]

        return self._portaudio.OutputStream(callback=play, **settings)
