"""Speaking: which answer the voice is at, through TTS and audio."""

from __future__ import annotations

from appliance import messages as m
from appliance.configuration.loudness import LOUDNESS, loudness
from appliance.dialogue.ground import Ground
from appliance.dialogue.voice import Voice
from appliance.personas.cast import Cast
from appliance.speech.clauses import SplitWords
from appliance.workers.supervisor import Status


class Mouth:
    """Gives turns a voice, silences it, and follows what the speaker plays."""

    def __init__(self, ground: Ground, split_words: SplitWords, cast: Cast) -> None:
        self.voice: Voice | None = None
        self.devices = m.AudioDevices("", 0, "", 0, "none")
        self._team = ground.team
        self._settings = settings = ground.settings
        self._split_words = split_words
        self._cast = cast
        self._volume = -1.0  # what the speaker was told last
        settings.watch(("audio.volume",), self._unmute)
        settings.watch(LOUDNESS, self._turned)

    @property
    def able(self) -> bool:
        """Whether there is a voice and somewhere for it to go."""
        awaited = self._team.status("tts") is Status.AWAITED  # no answer lasts that long
        return self._team.coming("tts") and not awaited and self.devices.sink != "none"

    @property
    def wanted(self) -> bool:
        return self._settings.flag("voice.enabled") and loudness(self._settings) > 0

    @property
    def speaking(self) -> bool:
        """Whether something is yet to be played to its end."""
        return self.voice is not None and self.voice.pending

    def begin(self, turn: int, name: str = "") -> Voice | None:
        """A voice for this turn, or None when there is none to be had.

        Without a `name` it is the persona's, else the user's.
        """
        self.voice = None
        if self.able:
            persona = self._cast.persona
            self.voice = Voice(
                turn,
                self._say,
                self._split_words,
                name or persona.voice or self._settings.text("voice.name"),
                persona.speed * self._settings.number("voice.speed"),
            )
        return self.voice

    def feed(self, text: str) -> None:
        if self.voice is not None:
            self.voice.feed(text)

    def finish(self) -> None:
        if self.voice is not None:
            self.voice.finish()

    def silence(self) -> None:
        """Nothing more of the current voice is heard; what it has said stays known."""
        if self.voice is not None:
            self._team.send("audio", m.Stop(self.voice.turn))
            self._team.send("tts", m.Stop(self.voice.turn))
            self.voice = None
        self._team.release("tts")

    def set_volume(self) -> None:
        """Tell the speaker how loud to be: now, and whenever that changes."""
        self._volume = loudness(self._settings)
        self._team.send("audio", m.SetVolume(self._volume))

    def _unmute(self) -> None:
        """Whoever turns the volume wants to hear it."""
        if self._settings.flag("audio.muted"):
            self._settings.change("audio.muted", False)

    def _turned(self) -> None:
        if loudness(self._settings) != self._volume:
            self.set_volume()

    # ------------------------------------------------------------ what workers say

    def synthesised(self, message: m.Synthesised) -> None:
        voice = self._of(message.turn)
        if voice is not None:
            voice.synthesised(message.clause)
            if not voice.synthesising:
                self._team.release("tts")

    def clause_started(self, message: m.ClauseStarted) -> None:
        voice = self._of(message.turn)
        if voice is not None:
            voice.started(message.clause)

    def playhead(self, message: m.Playhead) -> None:
        voice = self._of(message.turn)
        if voice is not None:
            voice.played(
                message.clause, message.position / message.length if message.length else 1.0
            )

    def playback_done(self, message: m.PlaybackDone) -> bool:
        """True when the speech of the turn that is spoken has come to its end."""
        voice = self._of(message.turn)
        if voice is None:
            return False
        voice.done = True
        self._team.release("tts")
        return True

    def _of(self, turn: int) -> Voice | None:
        """The voice, if it is this turn's."""
        return self.voice if self.voice is not None and self.voice.turn == turn else None

    def _say(self, message: m.Say) -> None:
        if message.text:
            self._team.occupy("tts")
        self._team.send("tts", message)
