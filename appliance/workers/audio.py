"""The audio worker: microphone, ring, VAD, playback, and the PCM socket in the middle."""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections.abc import Callable

import msgspec
import numpy as np
from numpy.typing import NDArray

from appliance.audio.chimes import chime
from appliance.audio.file_microphone import FileMicrophone
from appliance.audio.listener import Listener
from appliance.audio.player import Player
from appliance.audio.portaudio import PortAudio, load_portaudio
from appliance.audio.ports import Ports
from appliance.audio.vad import RATE, EnergyVad, Vad, silero
from appliance.audio.wav_sink import WavSink
from appliance.clock import Clock
from appliance.engines.errors import EngineError
from appliance.messages import (
    AudioDevices,
    Chime,
    CloseMic,
    Credit,
    Drops,
    EndListen,
    Fault,
    Listen,
    Message,
    OpenMic,
    Pcm,
    PcmEnd,
    PlayPcm,
    Ready,
    SetVolume,
    Stop,
    Warn,
)
from appliance.sound.resample import Resampler, resample
from appliance.sound.wav import WavError, read_wav
from appliance.workers.host import Worker, run
from appliance.workers.options import AudioOptions
from appliance.workers.pcm import PcmServer, Role

_ROOM_SECONDS = 20.0  # of clauses waiting at the speaker
_WAV_RATE = 24000
_BUSY_WAIT, _IDLE_WAIT = 0.01, 0.25
_DROPS_SECONDS = 1.0  # between two reports of lost blocks
_ECHO_SECONDS = 0.06  # the room's own, after the speaker fell silent


class AudioWorker(Worker[AudioOptions]):
    """One service thread owns the microphone's samples; `_lock` guards what handlers share."""

    niceness = 0

    def __init__(
        self,
        options: AudioOptions,
        send: Callable[[Message], None],
        clock: Clock = time.monotonic,
        portaudio: PortAudio | None = None,
    ) -> None:
        super().__init__(options, send)
        self._clock = clock
        self._portaudio = portaudio
        self._lock = threading.RLock()
        self._captured: queue.SimpleQueue[tuple[NDArray[np.float32], int] | None]
        self._captured = queue.SimpleQueue()
        self._player = Player(_WAV_RATE, clock)
        self._player.volume = options.volume
        self._resampler = Resampler(RATE, RATE)
        self._capture_rate = RATE
        self._muted_until = float("-inf")
        self._file: FileMicrophone | None = None  # instead of the real one
        self._devices: AudioDevices | None = None
        self._closed = threading.Event()
        self._ports: Ports | None = None
        self._sink: WavSink | None = None
        self._server: PcmServer | None = None
        self._listener = Listener(EnergyVad(), send, self._to_asr, options.ring_seconds)
        self._drops = Drops(0, 0)
        self._drops_at = float("-inf")

    # ------------------------------------------------------------ messages from main

    def start(self) -> None:
        """Open the devices there are; a machine without any still plays into files."""
        began = self._clock()
        options = self.options
        vad = self._load_vad()
        self._listener = Listener(vad, self.send, self._to_asr, options.ring_seconds)
        self._open_ports()
        self._server = PcmServer(options.pcm_socket, self._from_link, self._connected)
        self._server.start()
        self.step()
        self._report_devices()
        engine = "energy" if isinstance(vad, EnergyVad) else "silero"
        self.send(Ready(engine, options.vad_model, self._clock() - began, {}))
        threading.Thread(target=self._serve, name="audio", daemon=True).start()

    def handle(self, message: Message) -> None:
        """See `appliance.messages`."""
        with self._lock:
            match message:
                case OpenMic():
                    self._want_microphone(True)
                case CloseMic():
                    self._want_microphone(False)
                case Listen():
                    self._listen(message)
                case EndListen(turn, discard):
                    if turn == self._listener.turn:
                        self._end_listening(discard)
                case SetVolume(volume):
                    self._player.volume = min(1.0, max(0.0, volume))
                case Chime(kind):
                    self._player.chime(chime(kind, self._player.rate))
                case PlayPcm(turn):
                    self._parrot(turn)
                case Stop(turn):
                    self._listener.stop(turn)
                    self._drop_file(turn)
                case _:
                    pass
        self._captured.put(None)  # wake the service thread

    def urgent(self, message: Message) -> None:
        """Silence at once, while the main thread may be reading a file."""
        if isinstance(message, Stop):
            self._player.stop(message.turn)
            self._captured.put(None)

    def close(self) -> None:
        """Release the devices and complete the file."""
        self._closed.set()
        self._captured.put(None)
        with self._lock:
            if self._ports is not None:
                self._ports.close()
            if self._sink is not None:
                self._sink.close()
        if self._server is not None:
            self._server.close()

    # ------------------------------------------------------------ the service thread

    def _serve(self) -> None:
        while not self._closed.is_set():
            busy = self._player.busy or self._listener.turn >= 0 or self._file is not None
            try:
                captured = self._captured.get(timeout=_BUSY_WAIT if busy else _IDLE_WAIT)
            except queue.Empty:
                captured = None
            if captured is not None:
                self.capture(*captured)
            self.step()

    def capture(self, block: NDArray[np.float32], rate: int) -> None:
        """A captured block: silence while the box itself is heard (half-duplex)."""
        with self._lock:
            if rate != self._capture_rate:
                self._resampler, self._capture_rate = Resampler(rate, RATE), rate
            samples = self._resampler.process(block)
            muted = self._player.audible() or self._clock() < self._muted_until
            if self._file is None:
                self._listener.feed(np.zeros_like(samples) if muted else samples, muted)

    def step(self) -> None:
        """What is due by the clock: files, devices, playback events, credit."""
        with self._lock:
            self._feed_file()
            changed = self._step_ports()
            events = self._step_sink()
            if changed:
                self._report_devices()
            self._report_drops()
        for event in events:
            self.send(event)
        credit = self._player.take_credit()
        if credit and self._server is not None:
            self._server.send("tts", Credit(-1, credit))

    def _step_sink(self) -> list[Message]:
        if self._sink is None:
            return self._player.events(self._clock())
        try:
            return self._sink.step()
        except OSError as error:
            self._sink = WavSink(self._player, self._clock, "", self.options.fast)
            self._report_devices()
            return [Fault("no-speaker", f"the answer cannot be written: {error.strerror}")]

    # ------------------------------------------------------------ devices

    def _load_vad(self) -> Vad:
        try:
            if self.options.vad_model:
                return silero(self.options.vad_model, self.options.vad_threshold)
            reason = "no VAD model"
        except EngineError as error:
            reason = str(error)
        self.send(Warn(f"endpointing by energy: {reason}"))
        return EnergyVad()

    def _open_ports(self) -> None:
        options = self.options
        reason = ""
        if self._portaudio is None and (options.capture or options.sink in {"auto", "speaker"}):
            self._portaudio, reason = load_portaudio()
        if self._portaudio is None:
            if reason:
                self.send(Warn(f"no sound card: {reason}"))
        else:
            self._ports = Ports(
                self._portaudio,
                self._player,
                self._clock,
                lambda block, rate: self._captured.put((block, rate)),
                options.microphone,
                options.speaker,
            )
            self._ports.speaker.wanted = options.sink in {"auto", "speaker"}

    def _step_ports(self) -> bool:
        """Try the devices; play into files while there is no speaker."""
        changed = False
        if self._ports is not None:
            listening = self._listener.turn >= 0 and not self._listener.waiting
            idle = not self._player.busy and not listening
            faults, changed = self._ports.step(idle)
            for fault in faults:
                self.send(self._of_turn(fault))
        has_speaker = self._ports is not None and self._ports.speaker.stream is not None
        if has_speaker and self._sink is not None:
            self._sink.close()
            self._sink = None
        elif not has_speaker and self._sink is None:
            self._sink = self._make_sink()
            changed = True
        return changed

    def _of_turn(self, fault: Message) -> Message:
        """A microphone lost in mid-word ends the utterance with what was heard."""
        if isinstance(fault, Fault) and fault.detail.startswith("input") and self._file is None:
            turn = self._listener.turn
            self._listener.end("lost")
            return msgspec.structs.replace(fault, turn=turn)
        return fault

    def _make_sink(self) -> WavSink:
        directory = "" if self.options.sink == "none" else self.options.wav_directory
        self._player.latency = 0.0
        try:
            return WavSink(self._player, self._clock, directory, self.options.fast)
        except OSError as error:
            self.send(Fault("no-speaker", f"{directory}: {error.strerror}"))
            return WavSink(self._player, self._clock, "", self.options.fast)

    def _report_devices(self) -> None:
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
        if devices != self._devices:
            self._devices = devices
            self.send(devices)

    def _report_drops(self) -> None:
        now = self._clock()
        if self._ports is None or now - self._drops_at < _DROPS_SECONDS:
            return
        drops = Drops(self._ports.microphone.overruns, self._ports.speaker.overruns)
        if drops != self._drops:
            self._drops, self._drops_at = drops, now
            self.send(drops)

    def _want_microphone(self, wanted: bool) -> None:
        if self._ports is None or not self.options.capture:
            return
        self._ports.microphone.wanted = wanted
        if not wanted:
            self._listener.forget()
        if self._step_ports():
            self._report_devices()

    # ------------------------------------------------------------ listening

    def _listen(self, message: Listen) -> None:
        if self._player.audible() or self._player.busy:
            # Barge-in by key: silence first, and not the end of our own word in the microphone.
            self._player.stop_all()
            self._muted_until = self._clock() + self._player.latency + _ECHO_SECONDS
        if message.wav:
            self._listen_to_file(message)
            return
        if self._ports is not None:
            self._ports.retry()
        self._want_microphone(True)
        if self._ports is None or self._ports.microphone.stream is None:
            self.send(msgspec.structs.replace(self._no_microphone(), turn=message.turn))
            self._to_asr(PcmEnd(message.turn, 0, last=True, discard=True))
            return
        self._file = None
        self._listener.begin(message)

    def _no_microphone(self) -> Fault:
        if self._ports is None:
            return Fault("no-microphone", "no sound card, or no PortAudio library")
        port = self._ports.microphone
        code = port.fault_code or "no-microphone"
        return Fault(code, port.reason or "switched off by the configuration")

    def _listen_to_file(self, message: Listen) -> None:
        try:
            samples, rate = read_wav(message.wav)
        except WavError as error:
            self.send(Fault("bad-audio", str(error), message.turn))
            self._to_asr(PcmEnd(message.turn, 0, last=True, discard=True))
            return
        samples = resample(samples, rate, RATE)
        self._file = FileMicrophone(message.turn, samples, self._clock, message.fast)
        self._listener.begin(msgspec.structs.replace(message, preroll=0.0, gain=False))
        if message.fast:
            self._feed_file()

    def _feed_file(self) -> None:
        if self._file is None:
            return
        for block in self._file.due():
            if self._listener.turn < 0:
                break
            self._listener.feed_file(block)
        if self._listener.turn < 0:
            self._file = None
        elif self._file.ended:
            self._file = None
            self._listener.end("file")

    def _drop_file(self, turn: int) -> None:
        if self._file is not None and self._file.turn <= turn:
            self._file = None

    def _end_listening(self, discard: bool) -> None:
        self._drain_capture()
        self._file = None
        self._listener.end("discard" if discard else "key")

    def _drain_capture(self) -> None:
        """What was captured before the key belongs to the utterance."""
        while True:
            try:
                captured = self._captured.get_nowait()
            except queue.Empty:
                return
            if captured is not None:
                self.capture(*captured)

    def _parrot(self, turn: int) -> None:
        self._player.add(turn, 0, self._listener.recorded(), RATE)
        self._player.end(turn, 0, last=True)

    # ------------------------------------------------------------ the PCM link

    def _to_asr(self, message: Message) -> None:
        if self._server is not None:
            self._server.send("asr", message)

    def _from_link(self, role: Role, message: Message) -> None:
        if role != "tts":
            return
        match message:
            case Pcm(turn, clause, rate, samples):
                self._player.add(turn, clause, np.frombuffer(samples, "<f4"), rate)
            case PcmEnd(turn, clause, last):
                self._player.end(turn, clause, last)
                self._captured.put(None)
            case _:
                pass

    def _connected(self, role: Role, admit: Callable[[], None]) -> None:
        # Whatever is captured goes to the recogniser under this lock too: it hears nothing twice.
        with self._lock:
            admit()
            if self._server is None:
                return
            if role == "tts":
                self._server.send("tts", Credit(-1, _ROOM_SECONDS))
                return
            for message in self._listener.replay():
                self._server.send("asr", message)


if __name__ == "__main__":
    sys.exit(run(AudioWorker, AudioOptions))
