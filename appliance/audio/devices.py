"""What is plugged in: the microphone, and the speaker or the files that stand in for it.

Whatever of it changes, fails or loses blocks is told; the rest goes on without.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from appliance.audio.options import AudioOptions
from appliance.audio.player import Player
from appliance.audio.portaudio import PortAudio, load_portaudio
from appliance.audio.ports import Ports
from appliance.audio.wav_sink import WavSink
from appliance.clock import Clock
from appliance.messages import AudioDevices, Drops, Fault, Message, Warn

_DROPS_SECONDS = 1.0  # between two reports of lost blocks


class Devices:
    """Tried by `step`, again and again. A machine without any still plays into files.

    `captured` is called on PortAudio's thread with mono samples and their rate in Hz.
    """

    def __init__(
        self,
        options: AudioOptions,
        player: Player,
        clock: Clock,
        tell: Callable[[Message], None],
        captured: Callable[[NDArray[np.float32], int], None],
        portaudio: PortAudio | None = None,
    ) -> None:
        self._options = options
        self._player = player
        self._clock = clock
        self._tell = tell
        self._captured = captured
        self._portaudio = portaudio
        self._ports: Ports | None = None
        self._sink: WavSink | None = None
        self._told: AudioDevices | None = None
        self._drops = Drops(0, 0)
        self._drops_at = float("-inf")

    def open(self) -> None:
        """Look for a sound card once; its devices are opened by `step`."""
        options = self._options
        reason = ""
        if self._portaudio is None and (options.capture or options.sink in {"auto", "speaker"}):
            self._portaudio, reason = load_portaudio()
        if self._portaudio is None:
            if reason:
                self._tell(Warn(f"no sound card: {reason}"))
            return
        self._ports = Ports(
            self._portaudio,
            self._player,
            self._clock,
            self._captured,
            options.microphone,
            options.speaker,
        )
        self._ports.speaker.wanted = options.sink in {"auto", "speaker"}

    def close(self) -> None:
        """Release the devices and complete the file."""
        if self._ports is not None:
            self._ports.close()
        if self._sink is not None:
            self._sink.close()

    def step(self, idle: bool) -> list[Message]:
        """Try the devices, play into files while there is no speaker; what was played.

        `idle`: nothing is played or listened to.
        """
        changed = self._step_ports(idle)
        played = self._step_sink()
        if changed:
            self.report()
        self._report_drops()
        return played

    # ------------------------------------------------------------ the microphone

    @property
    def hears(self) -> bool:
        """Whether a microphone is open."""
        return self._ports is not None and self._ports.microphone.stream is not None

    def want_microphone(self, wanted: bool, idle: bool) -> bool:
        """Open or close it; whether this box has one to open at all."""
        if self._ports is None or not self._options.capture:
            return False
        self._ports.microphone.wanted = wanted
        if self._step_ports(idle):
            self.report()
        return True

    def retry(self) -> None:
        """Somebody wants the microphone now: do not wait out the back-off."""
        if self._ports is not None:
            self._ports.retry()

    def no_microphone(self) -> Fault:
        """Why none is open."""
        if self._ports is None:
            return Fault("no-microphone", "no sound card, or no PortAudio library")
        port = self._ports.microphone
        code = port.fault_code or "no-microphone"
        return Fault(code, port.reason or "switched off by the configuration")

    # ------------------------------------------------------------ the speaker and its stand-in

    def _step_ports(self, idle: bool) -> bool:
        """Whether anything changed."""
        changed = False
        if self._ports is not None:
            faults, changed = self._ports.step(idle)
            for fault in faults:
                self._tell(fault)
        has_speaker = self._ports is not None and self._ports.speaker.stream is not None
        if has_speaker and self._sink is not None:
            self._sink.close()
            self._sink = None
        elif not has_speaker and self._sink is None:
            self._sink = self._make_sink()
            changed = True
        return changed

    def _make_sink(self) -> WavSink:
        directory = "" if self._options.sink == "none" else self._options.wav_directory
        self._player.latency = 0.0
        try:
            return WavSink(self._player, self._clock, directory, self._options.fast)
        except OSError as error:
            self._tell(Fault("no-speaker", f"{directory}: {error.strerror}"))
            return WavSink(self._player, self._clock, "", self._options.fast)

    def _step_sink(self) -> list[Message]:
        if self._sink is None:
            return self._player.events(self._clock())
        try:
            return self._sink.step()
        except OSError as error:
            self._sink = WavSink(self._player, self._clock, "", self._options.fast)
            self.report()
            return [Fault("no-speaker", f"the answer cannot be written: {error.strerror}")]

    # ------------------------------------------------------------ what main is told

    def report(self) -> None:
        """What is plugged in, where that changed."""
        microphone = self._ports.microphone.choice if self._ports is not None else None
        speaker = self._ports.speaker.choice if self._ports is not None else None
        playing = self._sink is None
        files = self._sink is not None and self._sink.writes
        devices = AudioDevices(
            microphone.name if microphone else "",
            microphone.rate if microphone else 0,
            speaker.name if speaker and playing else "",
            self._player.rate,
            "speaker" if playing else "wav" if files else "none",
            self._ports.names("input") if self._ports is not None else (),
            self._ports.names("output") if self._ports is not None else (),
        )
        if devices != self._told:
            self._told = devices
            self._tell(devices)

    def _report_drops(self) -> None:
        now = self._clock()
        if self._ports is None or now - self._drops_at < _DROPS_SECONDS:
            return
        drops = Drops(self._ports.microphone.overruns, self._ports.speaker.overruns)
        if drops != self._drops:
            self._drops, self._drops_at = drops, now
            self._tell(drops)
