"""The answer that is being given, or was given last: begun, grown, spoken, ended, kept."""

from __future__ import annotations

import logging

from appliance import messages as m
from appliance.dialogue.answer import Answer
from appliance.dialogue.ground import Ground, Memory
from appliance.dialogue.organs import Organs
from appliance.dialogue.question import Question
from appliance.dialogue.reflexes import Reflexes
from appliance.dialogue.tables import TurnEvent
from appliance.dialogue.voice import Voice

log = logging.getLogger("lory.answering")


class Answering:
    """Follows one question from its sending to what is kept of its answer."""

    def __init__(self, ground: Ground, organs: Organs, reflexes: Reflexes, memory: Memory) -> None:
        self.answer: Answer | None = None
        self.shown = False  # whether the glass shows it
        self.reading: Voice | None = None  # says the answer once more
        self._ids = ground.ids
        self._teller = ground.teller
        self._clock = ground.clock
        self._events = ground.events
        self._mind = organs.mind
        self._mouth = organs.mouth
        self._ear = organs.ear
        self._reflexes = reflexes
        self._memory = memory
        self._dropped = 0  # turns of this conversation that the model no longer sees

    # ------------------------------------------------------------ from the question to the end

    def wait(self, question: Question) -> Answer:
        """The question stands on the glass; nobody answers it yet."""
        answer = self.answer = Answer(self._ids.next(), question)
        answer.timing.sent = self._clock()
        heard, self._ear.heard_at = self._ear.heard_at, None
        if heard is not None:
            answer.timing.speech_ended = heard.speech_ended
            answer.timing.heard = heard.recognised
            answer.timing.endpoint_wait = heard.waited
        self.shown = True
        return answer

    def start(self, question: Question | None) -> None:
        """Answer the question; without one that which waits."""
        answer = self.wait(question) if question is not None else self.answer
        if answer is None:
            return
        answer.voice = self._mouth.begin(answer.turn) if self._mouth.wanted else None
        self._reflexes.answer(answer.question, lambda text: self._reflex(answer, text))

    def _reflex(self, answer: Answer, text: str | None) -> None:
        """The box has an answer of its own, or none: then the model is asked."""
        if answer.stopped:
            return
        if text is None:
            self._mind.ask(answer)
        else:
            answer.deterministic = True
            self._grow(answer, text)
            self._whole(answer, m.Answered(answer.turn, "stop", b"", 0, 0, 0, 0.0, 0.0))

    def end(self) -> None:
        """Nothing more is added to it or said of it."""
        if self.answer is not None:
            self.answer.stopped = True
            self.answer.footer = ""
        self._mouth.silence()

    def keep(self) -> None:
        """Store it as far as it was said or shown, once."""
        if self.answer is not None and not self.answer.kept:
            self.answer.kept = True
            log.info("turn %d: %s", self.answer.turn, self.answer.timing)
            self._memory.keep(self.answer)

    def forget(self) -> None:
        """There is no answer to show any more."""
        self.answer = None
        self.shown = False

    # ------------------------------------------------------------ what the mind says

    def mind_ready(self, ready: m.Ready) -> None:
        """A model has come up; a question may wait for it."""
        self._mind.model_ready(ready)
        self._events.post(TurnEvent.MODEL_READY)

    def prefilling(self, message: m.Prefilling) -> None:
        answer = self._of(message.turn)
        if answer is not None:
            answer.prefilled, answer.to_prefill = message.done, message.total

    def token(self, message: m.Token) -> None:
        answer = self._of(message.turn)
        if answer is None:
            return
        if message.thought:
            answer.thought += message.text
        else:
            self._grow(answer, message.text)

    def retract(self, message: m.Retract) -> None:
        """All that was shown and said was a thought; the answer is still to come."""
        answer = self._of(message.turn)
        if answer is None:
            return
        answer.thought += answer.text
        answer.text = ""
        answer.draft += 1
        if answer.voice is not None:
            self._mouth.silence()
            answer.voice = self._mouth.begin(self._ids.next())

    def answered(self, message: m.Answered) -> None:
        answer = self._of(message.turn)
        if answer is not None:
            self._whole(answer, message)

    def mind_failed(self, fault: m.Fault) -> bool:
        """Whether it was this answer that could not be given."""
        if self.answer is None or fault.turn != self.answer.turn:
            return False
        self.answer.fault = fault.code
        self._events.post(TurnEvent.MIND_FAULT)
        return True

    def _of(self, turn: int) -> Answer | None:
        """The answer that is being given, if it is this turn's."""
        answer = self.answer
        going_on = answer is not None and answer.turn == turn and not answer.stopped
        return answer if going_on else None

    def _grow(self, answer: Answer, text: str) -> None:
        if answer.timing.first_token is None:
            answer.timing.first_token = self._clock()
        answer.text += text
        self._mouth.feed(text)
        self._mark_first_clause(answer)
        self._events.post(TurnEvent.TOKEN)

    def _whole(self, answer: Answer, stats: m.Answered) -> None:
        """Nothing more comes of it; the voice may have more of it to say."""
        if not answer.text and stats.reason != "cancelled":
            # Said on the glass only: it is no answer, and is not kept as one.
            spent = stats.reason == "length"
            answer.remark = self._teller.say("answer.spent" if spent else "answer.none")
            if answer.voice is not None:
                self._ear.chime("error")  # who waits for a voice may not be looking
        answer.footer = self._footer(answer, stats)
        answer.stats = stats
        self._mouth.finish()
        self._mark_first_clause(answer)
        _log_timing(answer, stats)
        speaking = self._mouth.speaking and bool(answer.text)
        self._events.post(TurnEvent.ANSWERED_SPEAKING if speaking else TurnEvent.ANSWERED)
        if 0 <= stats.question_used < len(answer.question.text):
            used, whole = stats.question_used, len(answer.question.text)
            self._teller.tell("toast.question-cut", used=used, whole=whole)
        elif stats.dropped > self._dropped:
            self._teller.tell("toast.turns-dropped", turns=stats.dropped)
        self._dropped = stats.dropped

    def _mark_first_clause(self, answer: Answer) -> None:
        if answer.timing.first_clause is None and answer.voice and answer.voice.begun:
            answer.timing.first_clause = self._clock()

    def _footer(self, answer: Answer, stats: m.Answered) -> str:
        first = answer.timing.to_first_token
        if not stats.tokens_out or not stats.decode_seconds or first is None:
            return ""
        speed = stats.tokens_out / stats.decode_seconds
        return self._teller.say("answer.footer", speed=f"{speed:.1f}", first=f"{first:.2f}")

    # ------------------------------------------------------------ what the mouth says

    def clause_started(self, message: m.ClauseStarted) -> None:
        self._mouth.clause_started(message)
        voice, answer = self._mouth.voice, self.answer
        own = voice is not None and answer is not None and voice is answer.voice
        if own and answer is not None and answer.timing.first_audio is None:
            answer.timing.first_audio = self._clock()

    @property
    def voice(self) -> Voice | None:
        """What says the answer now, or says it once more."""
        voice, answer = self._mouth.voice, self.answer
        if voice is None or answer is None:
            return None
        return voice if voice in (answer.voice, self.reading) else None

    def read_aloud(self) -> bool:
        """Say all of it once more; False where there is no voice."""
        answer, self.reading = self.answer, self._mouth.begin(self._ids.next())
        if answer is None or self.reading is None:
            return False
        self._mouth.feed(answer.text)
        self._mouth.finish()
        return True

    def lose_voice(self) -> None:
        """From here on what is drawn counts as said."""
        self._mouth.silence()
        if self.answer is not None:
            self.answer.voice = None


def _log_timing(answer: Answer, stats: m.Answered) -> None:
    log.info(
        "turn %d: %d tokens in (%d reused) in %.2f s, %d out in %.2f s, first token %.2f s",
        answer.turn,
        stats.tokens_in,
        stats.tokens_reused,
        stats.prefill_seconds,
        stats.tokens_out,
        stats.decode_seconds,
        answer.timing.to_first_token or 0.0,
    )
