"""A speaker for machines without one: the same pace, each answer in a WAV file (or nowhere)."""

from __future__ import annotations

import wave
from pathlib import Path

from msgspec.structs import replace

from appliance.audio.player import Player
from appliance.clock import Clock
from appliance.messages import Message, PlaybackDone
from appliance.sound.wav import to_int16

_BLOCK_SECONDS = 0.02
_MOST_SECONDS = 0.5  # made up for at once after this process was not scheduled


class WavSink:
    """Calls `Player.render` when a sound card would have, or at once with `fast`.

    Without a directory the sound goes nowhere. A directory that cannot be written raises OSError
    when it is made here; a disk that is full later raises it from `step`.
    """

    def __init__(
        self, player: Player, clock: Clock, directory: str = "", fast: bool = False
    ) -> None:
        self._player = player
        self._clock = clock
        self._directory = Path(directory) if directory else None
        if self._directory is not None:
            self._directory.mkdir(parents=True, exist_ok=True)
        self._fast = fast
        self._made_until = clock()
        self._file: wave.Wave_write | None = None
        self._path = ""
        self._turn = -1

    @property
    def writes(self) -> bool:
        """Whether answers go to files."""
        return self._directory is not None

    def step(self) -> list[Message]:
        """Play what is due; the events of it."""
        block = int(_BLOCK_SECONDS * self._player.rate)
        now = self._clock()
        if self._fast:
            while self._player.ready:
                self._play(block)
            return self._finish(self._player.events(float("inf")))
        if not self._player.busy:
            self._made_until = now
        self._made_until = max(self._made_until, now - _MOST_SECONDS)
        while self._made_until + _BLOCK_SECONDS <= now:
            self._play(block)
            self._made_until += _BLOCK_SECONDS
        return self._finish(self._player.events(now))

    def close(self) -> None:
        """Complete the file that is open."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _play(self, frames: int) -> None:
        samples = self._player.render(frames)
        turn = self._player.rendered_turn
        if turn < 0 or self._directory is None:
            return
        if turn != self._turn:
            self._open(self._directory, turn)
        if self._file is not None:
            self._file.writeframes(to_int16(samples))

    def _open(self, directory: Path, turn: int) -> None:
        self.close()
        self._turn = turn
        self._path = str(directory / f"answer-{turn:04d}.wav")
        self._file = wave.open(self._path, "wb")  # noqa: SIM115  open until the answer ends
        self._file.setnchannels(1)
        self._file.setsampwidth(2)
        self._file.setframerate(self._player.rate)

    def _finish(self, events: list[Message]) -> list[Message]:
        return [self._with_path(event) for event in events]

    def _with_path(self, event: Message) -> Message:
        if not isinstance(event, PlaybackDone) or event.turn != self._turn:
            return event
        self.close()
        self._turn = -1
        return replace(event, wav=self._path)
