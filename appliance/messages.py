"""Everything that crosses a process boundary: frozen types, msgpack on the wire.

Three kinds decide what a queue may do with a message. *System* (stop, threads, fault) overtakes
and is never dropped. *Data* (levels, partial text, tokens, PCM) is ordered, bounded and dropped by
a stop. *Durable* is never dropped. Every message of a turn carries its turn id; whoever receives a
stale id drops it.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class Message(Struct, frozen=True, tag=True, array_like=True):
    """Base of all messages. The tag on the wire is the class name."""


# ---------------------------------------------------------------- both ways, every worker


class Stop(Message, frozen=True, tag=True):
    """System. Give up all work of turns up to and including `turn`, now."""

    turn: int


class SetThreads(Message, frozen=True, tag=True):
    """System. The compute policy grants this many threads."""

    threads: int


class Ping(Message, frozen=True, tag=True):
    """System. Answered by the reader thread with Pong, even while the engine computes."""

    nonce: int


class Pong(Message, frozen=True, tag=True):
    """`stuck`: seconds that the engine has worked without showing progress; 0 when it waits."""

    nonce: int
    rss_bytes: int
    stuck: float = 0.0


class Shutdown(Message, frozen=True, tag=True):
    """System. Finish and exit 0."""


class Loading(Message, frozen=True, tag=True):
    """The engine is loading; `fraction` in 0..1."""

    fraction: float


class Ready(Message, frozen=True, tag=True):
    """The engine answers from now on. `detail` is engine-specific facts for people and logs."""

    engine: str
    model: str
    load_seconds: float
    detail: dict[str, str | int | float]


class Fault(Message, frozen=True, tag=True):
    """System. Something failed. `code` selects the text the user reads; `detail` is for the log.

    Codes: arriving (detail: what), model-missing, model-corrupt, engine-missing, out-of-memory,
    template-refused, adapter-refused, no-microphone, no-speaker, device-busy, device-lost,
    other-microphone, other-speaker, bad-audio, server-away, silence, too-long, internal.
    `turn` is -1 when no turn is concerned. `fatal` says that the worker is about to exit.
    """

    code: str
    detail: str
    turn: int = -1
    fatal: bool = False


class Warn(Message, frozen=True, tag=True):
    """Something the log should have; the work goes on."""

    detail: str


# ---------------------------------------------------------------- LLM


class Exchange(Struct, frozen=True, array_like=True):
    """One finished turn as the model sees it. `ids` are the answer's token ids (uint32, LE)."""

    question: str
    answer: str
    ids: bytes = b""


class Sampling(Struct, frozen=True, array_like=True):
    temperature: float = 0.7
    top_k: int = 20
    top_p: float = 0.8
    min_p: float = 0.0
    repeat_penalty: float = 1.05
    seed: int = -1  # -1: a fresh one each turn


class Ask(Message, frozen=True, tag=True):
    """Answer `question`. The prompt is system + history + question, in that order.

    `max_tokens` bounds the answer. `question` is plain text: template control tokens in it are
    text, never control. `sampling` None: what suits the model.
    """

    turn: int
    system: str
    history: tuple[Exchange, ...]
    question: str
    max_tokens: int = 512
    thinking: bool = False
    sampling: Sampling | None = None


class Prefill(Message, frozen=True, tag=True):
    """Evaluate what is already certain of the next question; the latest wins.

    `closed`: `certain` is the whole question, so what opens its answer (with `thinking` or not) is
    certain too.
    """

    system: str
    history: tuple[Exchange, ...]
    certain: str
    closed: bool = True
    thinking: bool = False


class Adapt(Message, frozen=True, tag=True):
    """From here on use the LoRA adapter of this GGUF file, instead of the one before.

    An empty `path` detaches. One that cannot be used is a Fault `adapter-refused`, not fatal: what
    was attached before stays.
    """

    path: str
    scale: float = 1.0


class Prefilling(Message, frozen=True, tag=True):
    """Data. Prompt progress, in tokens; `reused` came from the KV cache."""

    turn: int
    done: int
    total: int
    reused: int


class Token(Message, frozen=True, tag=True):
    """Data. Decoded text, whole characters only; `count` tokens decoded so far."""

    turn: int
    text: str
    count: int
    thought: bool = False


class Retract(Message, frozen=True, tag=True):
    """Data. All that this turn has said so far turned out to be a thought."""

    turn: int


class Answered(Message, frozen=True, tag=True):
    """The answer is complete. Times in seconds; `reason`: stop, length, cancelled, loop.

    `question_used` counts the question's characters that fitted the context (-1: all); `dropped`
    the conversation's oldest turns that did not.
    """

    turn: int
    reason: Literal["stop", "length", "cancelled", "loop"]
    ids: bytes
    tokens_in: int
    tokens_reused: int
    tokens_out: int
    prefill_seconds: float
    decode_seconds: float
    question_used: int = -1
    dropped: int = 0


class Score(Message, frozen=True, tag=True):
    """Log-probability of each candidate as the next question, when nothing else is to be done.

    Whatever comes later cancels it; without candidates that is all this message does.
    """

    request: int
    system: str
    history: tuple[Exchange, ...]
    candidates: tuple[str, ...]


class Scores(Message, frozen=True, tag=True):
    """Natural logarithms; none when it was cancelled."""

    request: int
    logprobs: tuple[float, ...]


# ---------------------------------------------------------------- audio


class OpenMic(Message, frozen=True, tag=True):
    """Capture into the ring. Nothing leaves the audio worker before Listen."""


class CloseMic(Message, frozen=True, tag=True):
    pass


class EndpointTimes(Struct, frozen=True):
    """Seconds. Speech begins after `onset` of it in one piece and ends after `hangover` without.

    The VAD itself lets go of a word 0.13 s late: with 0.4 the end is known 0.54 s after it, and a
    pause of 0.3 s in mid-sentence is borne (`python -m bench.voice --only endpoints`).
    Less than `shortest` of speech is a cough; nobody spoke when nothing has begun after
    `patience`; `longest` bounds an utterance.
    """

    onset: float = 0.128
    hangover: float = 0.4
    shortest: float = 0.25
    longest: float = 300.0
    patience: float = 8.0


class Listen(Message, frozen=True, tag=True):
    """Stream this turn to the ASR worker, beginning `preroll` seconds ago in the ring.

    `endpoint` true: VAD begins and ends it (tap-to-talk, hands-free). `wav` non-empty: read the
    audio from that file instead of the microphone, in real time unless `fast`. `gain`: raise a
    quiet microphone. `private`: give no sample to anybody, tell levels and decisions only.
    `meter`: tell levels.
    """

    turn: int
    endpoint: bool
    preroll: float = 0.5
    wav: str = ""
    fast: bool = False
    times: EndpointTimes = EndpointTimes()
    gain: bool = True
    private: bool = False
    meter: bool = True


class EndListen(Message, frozen=True, tag=True):
    """The talk key was released: send what is captured up to now, then the end mark."""

    turn: int
    discard: bool = False


class SetVolume(Message, frozen=True, tag=True):
    """0..1; 0 is mute."""

    volume: float


class Chime(Message, frozen=True, tag=True):
    kind: Literal["listen", "heard", "error", "empty"]


class Ring(Message, frozen=True, tag=True):
    """Sound over and over, over whatever else is played, until StopRing or for `longest` seconds.

    From `low` to `high` within `ramp` seconds, 0..1 of what the speaker can: SetVolume does not
    concern it. The latest wins.
    """

    kind: Literal["alarm", "timer", "reminder"]
    low: float
    high: float
    ramp: float
    longest: float


class StopRing(Message, frozen=True, tag=True):
    pass


class PlayRecorded(Message, frozen=True, tag=True):
    """From main, for the parrot mode and tests: play the last captured utterance again."""

    turn: int


class AudioDevices(Message, frozen=True, tag=True):
    """What capture and playback really use. Empty name: none. `sink` is speaker, wav or none.

    `microphones` and `speakers` name all there are.
    """

    microphone: str
    microphone_rate: int
    speaker: str
    speaker_rate: int
    sink: Literal["speaker", "wav", "none"]
    microphones: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()


class Level(Message, frozen=True, tag=True):
    """Data, the latest wins. RMS and peak in dBFS as captured; `speech` is the VAD's decision.

    `gain` in dB is what the recogniser hears it raised by.
    """

    rms: float
    peak: float
    speech: bool
    elapsed: float
    gain: float = 0.0


class Drops(Message, frozen=True, tag=True):
    """Blocks that the microphone or the speaker lost since the start: overruns, underruns."""

    captured: int
    played: int


class Spot(Message, frozen=True, tag=True):
    """To ASR: say how much of `phrase` is in this turn's audio, which comes on the PCM link."""

    turn: int
    phrase: str


class Spotted(Message, frozen=True, tag=True):
    """What was understood of it ("" where a keyword spotter says no), and the score, 0..1.

    `rest`: what was said after the phrase, in the same breath.
    """

    turn: int
    text: str
    score: float
    rest: str = ""


class SpeechStarted(Message, frozen=True, tag=True):
    turn: int


class SpeechEnded(Message, frozen=True, tag=True):
    """The utterance is over (VAD, key, limit or end of file). `heard` false: no speech in it.

    `flaw`: `dead` is digital silence (a muted microphone), `clipped` is too loud for it. `waited`:
    seconds of silence that it took to be sure of an endpoint.
    """

    turn: int
    seconds: float
    heard: bool
    reason: Literal["endpoint", "key", "limit", "file", "discard", "lost"]
    flaw: Literal["", "dead", "clipped"] = ""
    waited: float = 0.0


class ClauseStarted(Message, frozen=True, tag=True):
    """The first sample of this clause is at the speaker now."""

    turn: int
    clause: int


class Playhead(Message, frozen=True, tag=True):
    """Data, the latest wins. `position` of `length` seconds of this clause were played."""

    turn: int
    clause: int
    position: float
    length: float


class PlaybackDone(Message, frozen=True, tag=True):
    """All clauses of the turn were played (`stopped` false), or it was stopped (true).

    `wav`: the file the answer was also written to, where the sink is WAV files.
    """

    turn: int
    stopped: bool
    wav: str = ""


# ---------------------------------------------------------------- ASR


class Recognise(Message, frozen=True, tag=True):
    """Expect this turn's audio on the PCM link and recognise it."""

    turn: int
    language: str = "zh"
    hot_words: tuple[str, ...] = ()


class Partial(Message, frozen=True, tag=True):
    """Data. What was heard so far; `stable` leading characters will not change."""

    turn: int
    text: str
    stable: int = 0


class Transcript(Message, frozen=True, tag=True):
    """What was heard. `compute` and `audio` in seconds (RTF = compute / audio)."""

    turn: int
    text: str
    audio: float
    compute: float


# ---------------------------------------------------------------- TTS


class Say(Message, frozen=True, tag=True):
    """Synthesise one clause of a turn and play it after those before it.

    `text` may be empty with `last` true: nothing more comes.
    """

    turn: int
    clause: int
    text: str
    last: bool
    voice: str = ""
    speed: float = 1.0


class Synthesised(Message, frozen=True, tag=True):
    """One clause went to the audio worker. Seconds of audio and of computing."""

    turn: int
    clause: int
    audio: float
    compute: float


# ---------------------------------------------------------------- PCM link (asr <-> audio <-> tts)


class PcmHello(Message, frozen=True, tag=True):
    """First message of a client on the audio worker's PCM socket."""

    role: Literal["asr", "tts"]


class Pcm(Message, frozen=True, tag=True):
    """Mono float32 little-endian samples at `rate` Hz. `clause` is 0 for captured speech."""

    turn: int
    clause: int
    rate: int
    samples: bytes


class PcmEnd(Message, frozen=True, tag=True):
    """End of an utterance (asr) or of a clause (tts); `last` ends the turn's speech."""

    turn: int
    clause: int
    last: bool
    discard: bool = False


class Credit(Message, frozen=True, tag=True):
    """The audio worker grants the TTS worker room for this many more seconds of PCM."""

    turn: int
    seconds: float
