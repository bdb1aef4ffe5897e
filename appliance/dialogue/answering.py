"""The answer that is being given, or was given last: begun, grown, spoken, ended, kept."""

from __future__ import annotations

import logging
from collections.abc import Callable

from appliance import messages as m
from appliance.clock import Clock
from appliance.dialogue.answer import Answer
from appliance.dialogue.ear import Ear
from appliance.dialogue.mind import Mind
from appliance.dialogue.mouth import Mouth
from appliance.dialogue.question import Question
from appliance.dialogue.reflexes import Reflexes
from appliance.dialogue.tables import TurnEvent
from appliance.dialogue.teller import Teller
from appliance.dialogue.turn_ids import TurnIds
from appliance.dialogue.voice import Voice
from ui.reader import Reader

log = logging.getLogger("lory.answering")

MindSaid = m.Prefilling | m.Token | m.Retract | m.Answered
MouthSaid = m.ClauseStarted | m.Playhead | m.PlaybackDone | m.Synthesised


class Answering:
    """Follows one question from its sending to what is kept of its answer.

    `step` moves the machine of turns; `keep` stores an answer that has ended.
    """

    def __init__(
        self,
        ids: TurnIds,
        teller: Teller,
        mind: Mind,
        mouth: Mouth,
        ear: Ear,
        reflexes: Reflexes,
        keep: Callable[[Answer], None],
        step: Callable[[TurnEvent], None],
        clock: Clock,
    ) -> None:
        self.answer: Answer | None = None
        self.shown = False  # whether the glass shows it
        self._ids = ids
        self._teller = teller
        self._mind = mind
        self._mouth = mouth
        self._ear = ear
        self._reflexes = reflexes
        self._keep = keep
        self._step = step
        self._clock = clock
        self._reading: Voice | None = None  # says the answer once more
        self._dropped = 0  # turns of this conversation that the model no longer sees

    # ------------------------------------------------------------ from the question to the end

    def wait(self, question: Question) -> Answer:
        """The question stands on the glass; nobody answers it yet."""
        text = question.text
        answer = self.answer = Answer(self._ids.next(), text, Reader(text), question.heard)
        answer.timing.sent = self._clock()
        heard, self._ear.heard_at = self._ear.heard_at, None
        if heard is not None:
            answer.timing.speech_ended = heard.speech_ended
            answer.timing.heard = heard.recognised
            answer.timing.endpoint_wait = heard.waited
        self.shown = True
        return answer

    def start(self, question: Question) -> None:
        """Answer the question: that which waits, or a new one."""
        waiting = self.answer
        stale = (
            waiting is None or waiting.kept or waiting.stopped or waiting.question != question.text
        )
        answer = self.wait(question) if waiting is None or stale else waiting
        answer.voice = self._mouth.begin(answer.turn) if self._mouth.wanted else None
        self._reflexes.answer(question, lambda text: self._reflex(answer, text))

    def _reflex(self, answer: Answer, text: str | None) -> None:
        """The box has an answer of its own, or none: then the model is asked."""
        if answer.stopped:
            return
        if text is None:
            self._mind.ask(answer)
        else:
            answer.deterministic = True
            self._token(answer, text, thought=False)
            self._answered(answer, m.Answered(answer.turn, "stop", b"", 0, 0, 0, 0.0, 0.0))

    def end(self) -> None:
        """Nothing more is added to it or said of it."""
        if self.answer is not None:
            self.answer.stopped = True
            self.answer.reader.finish("")
        self._mouth.silence()

    def keep(self) -> None:
        """Store it as far as it was said or shown, once."""
        if self.answer is not None and not self.answer.kept:
            self.answer.kept = True
            log.info("turn %d: %s", self.answer.turn, self.answer.timing)
            self._keep(self.answer)

    def forget(self) -> None:
        """There is no answer to show any more."""
        self.answer = None
        self.shown = False

    # ------------------------------------------------------------ what the mind says

    def mind_ready(self, ready: m.Ready) -> None:
        """A model has come up; a question may wait for it."""
        self._mind.model_ready(ready)
        self._step(TurnEvent.MODEL_READY)

    def mind_said(self, message: MindSaid) -> None:
        answer = self.answer
        if answer is None or message.turn != answer.turn or answer.stopped:
            return
        match message:
            case m.Prefilling(_, done, total):
                answer.prefilled, answer.to_prefill = done, total
            case m.Token(_, text, _, thought):
                self._token(answer, text, thought)
            case m.Retract():
                self._retract(answer)
            case m.Answered():
                self._answered(answer, message)

    def mind_failed(self, fault: m.Fault) -> bool:
        """Whether it was this answer that could not be given."""
        if self.answer is None or fault.turn != self.answer.turn:
            return False
        self.answer.fault = fault.code
        self._step(TurnEvent.MIND_FAULT)
        return True

    def _token(self, answer: Answer, text: str, thought: bool) -> None:
        if self._mind.token(answer, text, thought):
            self._step(TurnEvent.TOKEN)

    def _retract(self, answer: Answer) -> None:
        """All that was shown and said was a thought; the answer is still to come."""
        answer.thought += answer.text
        answer.text = ""
        answer.reader = Reader(answer.question)
        if answer.voice is not None:
            self._mouth.silence()
            answer.voice = self._mouth.begin(self._ids.next())

    def _answered(self, answer: Answer, stats: m.Answered) -> None:
        if not answer.text and stats.reason != "cancelled":
            # Said on the glass only: it is no answer, and is not kept as one.
            spent = stats.reason == "length"
            answer.reader.append(self._teller.say("answer.spent" if spent else "answer.none"))
        answer.reader.finish(self._footer(answer, stats))
        speaking = self._mind.answered(answer, stats)
        self._step(TurnEvent.ANSWERED_SPEAKING if speaking else TurnEvent.ANSWERED)
        if 0 <= stats.question_used < len(answer.question):
            used, whole = stats.question_used, len(answer.question)
            self._teller.tell("toast.question-cut", used=used, whole=whole)
        elif stats.dropped > self._dropped:
            self._teller.tell("toast.turns-dropped", turns=stats.dropped)
        self._dropped = stats.dropped

    def _footer(self, answer: Answer, stats: m.Answered) -> str:
        first = answer.timing.to_first_token
        if not stats.tokens_out or not stats.decode_seconds or first is None:
            return ""
        speed = stats.tokens_out / stats.decode_seconds
        return self._teller.say("answer.footer", speed=f"{speed:.1f}", first=f"{first:.2f}")

    # ------------------------------------------------------------ what the mouth says

    def mouth_said(self, message: MouthSaid) -> bool:
        """Show what is being spoken; True when the voice has come to its end."""
        ended = self._mouth.on_message(message)
        voice, answer = self._mouth.voice, self.answer
        if isinstance(message, m.ClauseStarted) and voice and answer:
            if voice is answer.voice and answer.timing.first_audio is None:
                answer.timing.first_audio = self._clock()
            if voice.spoken and voice in (answer.voice, self._reading):
                answer.reader.show(voice.spoken)
        return ended

    def read_aloud(self) -> bool:
        """Say all of it once more, the window with the voice; False where there is no voice."""
        answer, self._reading = self.answer, self._mouth.begin(self._ids.next())
        if answer is None or self._reading is None:
            return False
        answer.reader.follow = True
        self._mouth.feed(answer.text)
        self._mouth.finish()
        return True

    def lose_voice(self) -> None:
        """From here on what is drawn counts as said."""
        self._mouth.silence()
        if self.answer is not None:
            self.answer.voice = None
