"""The audio worker: microphone, ring, VAD, playback, and the PCM socket in the middle."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable

import msgspec
import numpy as np

from appliance.audio.bell import Bell
from appliance.audio.capture import Capture
from appliance.audio.chimes import chime
from appliance.audio.devices import Devices
from appliance.audio.listener import Listener
from appliance.audio.options import AudioOptions
from appliance.audio.player import Player
from appliance.audio.portaudio import PortAudio
from appliance.audio.vad import RATE, EnergyVad, Vad, silero
from appliance.clock import Clock
from appliance.engines.errors import EngineError
from appliance.messages import (
    Chime,
    CloseMic,
    Credit,
    EndListen,
    Fault,
    Listen,
    Message,
    OpenMic,
    Pcm,
    PcmEnd,
    PlayRecorded,
    Ready,
    Ring,
    SetVolume,
    Stop,
    StopRing,
    Warn,
)
from appliance.sound.wav import WavError
from appliance.workers.host import Worker, run
from appliance.workers.pcm import PcmServer, Role

_ROOM_SECONDS = 20.0  # of clauses waiting at the speaker
_WAV_RATE = 24000
_BUSY_WAIT, _IDLE_WAIT = 0.01, 0.25


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
        self._lock = threading.RLock()
        self._closed = threading.Event()
        self._server: PcmServer | None = None
        self._player = Player(_WAV_RATE, clock)
        self._player.volume = options.volume
        self._listener = Listener(EnergyVad(), send, self._to_asr, options.ring_seconds)
        self._capture = Capture(self._listener, self._player, clock)
        self._devices = Devices(
            options, self._player, clock, self._tell_of_device, self._capture.put, portaudio
        )

    # ------------------------------------------------------------ messages from main

    def start(self) -> None:
        """Open the devices there are; a machine without any still plays into files."""
        began = self._clock()
        options = self.options
        vad = self._load_vad()
        self._listener.use(vad)
        self._devices.open()
        self._server = PcmServer(options.pcm_socket, self._from_link, self._connected)
        self._server.start()
        self.step()
        self._devices.report()
        engine = "energy" if isinstance(vad, EnergyVad) else "silero"
        self.send(Ready(engine, options.vad_model, self._clock() - began, {}))
        threading.Thread(target=self._serve, name="audio", daemon=True).start()

    def _load_vad(self) -> Vad:
        try:
            if self.options.vad_model:
                return silero(self.options.vad_model, self.options.vad_threshold)
            reason = "no VAD model"
        except EngineError as error:
            reason = str(error)
        self.send(Warn(f"endpointing by energy: {reason}"))
        return EnergyVad()

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
                case Ring():
                    self._player.ring(Bell(message))
                case StopRing():
                    self._player.ring(None)
                case PlayRecorded(turn):
                    self._parrot(turn)
                case Stop(turn):
                    self._listener.stop(turn)
                    self._capture.drop_file(turn)
                case _:
                    pass
        self._capture.wake()

    def urgent(self, message: Message) -> None:
        """Silence at once, while the main thread may be reading a file."""
        if isinstance(message, Stop):
            self._player.stop(message.turn)
            self._capture.wake()

    def close(self) -> None:
        """Release the devices and complete the file."""
        self._closed.set()
        self._capture.wake()
        with self._lock:
            self._devices.close()
        if self._server is not None:
            self._server.close()

    # ------------------------------------------------------------ the service thread

    def _serve(self) -> None:
        while not self._closed.is_set():
            busy = self._player.busy or self._listener.turn >= 0 or self._capture.from_file
            captured = self._capture.take(_BUSY_WAIT if busy else _IDLE_WAIT)
            if captured is not None:
                with self._lock:
                    self._capture.feed(*captured)
            self.step()

    def step(self) -> None:
        """What is due by the clock: files, devices, playback events, credit."""
        with self._lock:
            self._capture.step()
            played = self._devices.step(self._idle)
        for event in played:
            self.send(event)
        credit = self._player.take_credit()
        if credit and self._server is not None:
            self._server.send("tts", Credit(-1, credit))

    @property
    def _idle(self) -> bool:
        """Nothing is played or listened to."""
        listening = self._listener.turn >= 0 and not self._listener.waiting
        return not self._player.busy and not listening

    def _tell_of_device(self, message: Message) -> None:
        """A microphone lost in mid-word ends the utterance with what was heard."""
        of_microphone = isinstance(message, Fault) and message.detail.startswith("input")
        if of_microphone and not self._capture.from_file:
            turn = self._listener.turn
            self._listener.end("lost")
            message = msgspec.structs.replace(message, turn=turn)
        self.send(message)

    def _want_microphone(self, wanted: bool) -> None:
        if self._devices.want_microphone(wanted, self._idle) and not wanted:
            self._listener.forget()

    # ------------------------------------------------------------ listening

    def _listen(self, message: Listen) -> None:
        self._capture.barge_in()
        if message.wav:
            self._listen_to_file(message)
            return
        self._devices.retry()
        self._want_microphone(True)
        if not self._devices.hears:
            self._refuse(message.turn, self._devices.no_microphone())
            return
        self._capture.drop_file()
        self._listener.begin(message)

    def _listen_to_file(self, message: Listen) -> None:
        try:
            self._capture.open_file(message)
        except WavError as error:
            self._refuse(message.turn, Fault("bad-audio", str(error)))
            return
        self._listener.begin(msgspec.structs.replace(message, preroll=0.0, gain=False))
        if message.fast:
            self._capture.step()

    def _refuse(self, turn: int, fault: Fault) -> None:
        """Nothing can be heard: main is told why, the recogniser that nothing comes."""
        self.send(msgspec.structs.replace(fault, turn=turn))
        self._to_asr(PcmEnd(turn, 0, last=True, discard=True))

    def _end_listening(self, discard: bool) -> None:
        self._capture.drain()
        self._capture.drop_file()
        self._listener.end("discard" if discard else "key")

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
                self._capture.wake()
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
