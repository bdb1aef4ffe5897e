"""Performs what the dialogue's tables command: asks, listens, speaks, stops, keeps.

It owns the two machines and the turn ids. It tells the loop that something visible changed and
never draws; it tells workers what to do and never computes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from appliance import messages as m
from appliance.clock import Clock, WallClock
from appliance.configuration.settings import Settings, Value
from appliance.dialogue import tables
from appliance.dialogue.answer import Answer
from appliance.dialogue.answering import Answering, MouthSaid
from appliance.dialogue.ear import Ear, Heard, Talk
from appliance.dialogue.mind import Mind
from appliance.dialogue.mouth import Mouth
from appliance.dialogue.note import Note
from appliance.dialogue.predictor import Predictor
from appliance.dialogue.recollection import Recollection
from appliance.dialogue.reflexes import Reflexes
from appliance.dialogue.reranker import Reranker
from appliance.dialogue.tables import Command, Input, InputEvent, Turn, TurnEvent
from appliance.personas.cast import Cast
from appliance.speech.clauses import SplitWords
from appliance.supervision.switch import ModelSwitch, Outcome
from appliance.supervision.team import Name, Team
from appliance.workers.supervisor import Status
from ui.input.editing.buffer import MAX_TEXT
from ui.input.editing.editor import Editor
from ui.strings import TEXTS, Language
from ui.strings import text as ui_text

log = logging.getLogger("lory.conductor")


class Memory(Protocol):
    """The conversation that goes on, as the store keeps it. Never blocks on the disk."""

    @property
    def history(self) -> tuple[m.Exchange, ...]: ...

    def keep(self, answer: Answer) -> None: ...

    def store_setting(self, key: str, value: Value) -> None: ...

    def new_conversation(self) -> None: ...


class Conductor:
    """Between the user's wishes, the workers' messages and the store."""

    def __init__(
        self,
        team: Team,
        settings: Settings,
        memory: Memory,
        editor: Editor,
        clock: Clock,
        wall: WallClock,
        cast: Cast,
        recollection: Recollection,
        split_words: SplitWords,
        changed: Callable[[], None],
        show_fault: Callable[[str], None],
    ) -> None:
        self.team = team
        self.settings = settings
        self.memory = memory
        self.editor = editor
        self.ear = Ear(team, settings, clock)
        self.cast = cast
        self.mouth = Mouth(team, settings, split_words, cast)
        self.mind = Mind(team, settings, memory, self.mouth, clock, cast, recollection.recall)
        self.switch = ModelSwitch(team, settings, memory.store_setting)
        self.recollection = recollection
        self.reflexes = reflexes = Reflexes(
            recollection, memory, cast, wall, lambda: self.language.value
        )
        self.predictor = Predictor(editor, clock, self._predict)
        self.reranker = Reranker(editor, settings, self._score)
        self.input = tables.input_machine()
        self.turn = tables.turn_machine()
        self.answering = Answering(
            self, self.mind, self.mouth, self.ear, reflexes, memory.keep, self._turn, clock
        )
        self.loading: dict[Name, float] = {}
        self.note = Note(clock)
        self._clock = clock
        self._changed = changed
        self._show_fault = show_fault
        self._turn_id = 0
        self._question = ""
        self._wav: Path | None = None
        self._talk = Talk.HOLD
        self.may_follow_up: Callable[[], bool] = lambda: True
        self._commands: dict[Command, Callable[[], None]] = {
            Command.OPEN_BOX: self._show_box,
            Command.CLOSE_BOX: lambda: None,  # what stands in the box stays there
            Command.START_LISTENING: self._start_listening,
            Command.END_LISTENING: self.ear.end,
            Command.DISCARD_LISTENING: self.ear.discard,
            Command.START_REVIEW: self._start_review,
            Command.INSERT_HEARD: self._insert_heard,
            Command.EDIT_HEARD: self._edit_heard,
            Command.SUBMIT: self._submit,
            Command.SAY_NOTHING_HEARD: self._say_nothing_heard,
            Command.SHOW_EAR_FAULT: self._show_ear_fault,
            Command.START_ANSWER: lambda: self.answering.start(self._question),
            Command.SHOW_WAITING: self._show_waiting,
            Command.GIVE_BACK: self._give_back,
            Command.CANCEL: self._cancel,
            Command.SILENCE: self.answering.end,
            Command.KEEP_ANSWER: self.answering.keep,
            Command.SHOW_MIND_FAULT: self._show_mind_fault,
        }

    # ------------------------------------------------------------ what the user wants

    @property
    def language(self) -> Language:
        return Language(self.settings.text("ui.language"))

    @property
    def answer(self) -> Answer | None:
        """The one that is being given, or was given last."""
        return self.answering.answer

    @property
    def busy(self) -> bool:
        """Whether something goes on that the user watches or hears."""
        return self.turn.state in _GOING_ON or self.input.state in _HEARING or self.mouth.speaking

    @property
    def attentive(self) -> bool:
        """Whether nobody talks, and the wake word may be waited for."""
        return not self.busy and self.input.allows(InputEvent.TALK) and self.ear.trial is None

    def say(self, key: str, **fields: object) -> str:
        """A text of the interface in the user's language."""
        return ui_text(key, self.language, **fields)

    def fault_text(self, code: str) -> str:
        """What a fault's code means to the user; an unknown one is an internal error."""
        key = f"fault.{code}"
        return self.say(key if key in TEXTS else "fault.internal")

    def toast(self, text: str, fraction: float | None = None) -> None:
        self.note.show(text, fraction)
        self._changed()

    def open_box(self) -> None:
        self._input(InputEvent.OPEN)

    def go_home(self) -> None:
        """Put away the box and the answer; what still goes on stays on the glass.

        An answer that is only being spoken ends: at home no key would silence it.
        """
        if self.input.state is Input.COMPOSING:
            self._input(InputEvent.LEAVE)
        if self.turn.state not in _UNANSWERED:
            self.mouth.silence()
            self.finish_answer()
            self.answering.shown = False

    def send(self) -> None:
        """Send what stands in the review or the text box."""
        review = self.ear.review
        self.submit(review.text if review else self.editor.accept())

    def submit(self, question: str) -> None:
        if not question.strip():
            self.toast(self.say("toast.empty-question"))
        elif self.input.allows(InputEvent.SEND):
            self._question = question
            self._input(InputEvent.SEND)

    def ask_again(self) -> None:
        if self.answer is not None and self.turn.state in (Turn.NONE, Turn.DRAINING):
            self.submit(self.answer.question)

    def talk(self, wav: Path | None = None, talk: Talk | None = None) -> None:
        """Listen to the microphone, or to a file; whatever is being said stops first."""
        if not self.input.allows(InputEvent.TALK):
            return
        self.hush()
        if not self._can_hear():
            return
        if self.input.state is Input.COMPOSING:
            self.editor.accept()
        self._wav, self._talk = wav, talk or self.ear.talk_key
        self._input(InputEvent.TALK)

    def hush(self) -> None:
        """Nothing is thought or said any more; what was said is kept."""
        if self.turn.allows(TurnEvent.STOP):
            self.stop()
        self.mouth.silence()

    def heard(self, text: str) -> None:
        """Something was said without being asked for: review it like any speech."""
        self.ear.overhear(self.next_turn(), text)
        self._input(InputEvent.HEARD_FOR_BOX if self.editor.text else InputEvent.HEARD)

    def talk_end(self) -> None:
        self._input(InputEvent.TALK_END)

    def discard_talk(self) -> None:
        self._input(InputEvent.DISCARD)

    def edit_review(self, at_start: bool = False) -> None:
        self._input(InputEvent.EDIT)
        if at_start:
            self.editor.set_text(self.editor.text, 0)

    def stop(self) -> None:
        """Stop everything, keep the text."""
        self._turn(TurnEvent.STOP)

    def mute_answer(self) -> None:
        """Only the voice, only for this answer."""
        if self.turn.state is Turn.DRAINING:
            self.stop()
        else:
            self.answering.lose_voice()
        self._changed()

    def read_aloud(self) -> None:
        """Say the answer shown again, or be silent if it is being said."""
        if self.mouth.speaking:
            self.mute_answer()
        elif self.answer is not None and self.answer.text:
            if not self.answering.read_aloud(self.next_turn()):
                self.toast(self.say("toast.no-voice"))
            self._changed()

    def try_voice(self, name: str) -> None:
        """Let the user hear a voice (empty: the one in use) while no answer is going on."""
        if self.turn.state in (Turn.NONE, Turn.FAULT):
            self.mouth.silence()
            self.mouth.begin(self.next_turn(), name)
            self.mouth.feed(self.say("voice.sample"))
            self.mouth.finish()

    def leave_answer(self) -> bool:
        """Silence, if there is something to silence; True when the answer was left instead."""
        if self.mouth.speaking:
            self.mute_answer()
            return False
        self.answering.shown = False
        self.open_box()
        return True

    def finish_answer(self) -> None:
        """The next question starts: an answer that is only being spoken ends here."""
        if self.turn.state is Turn.DRAINING:
            self.stop()

    def new_conversation(self) -> None:
        self.begin_anew()
        self.toast(self.say("toast.new-conversation"))

    def take_persona(self) -> None:
        """Another persona is in force: what the one before said is not put into its mouth."""
        self.mind.adapt()
        self.begin_anew()
        title = self.cast.persona.title_in(self.language.value)
        self.toast(self.say("toast.persona", title=title))

    def use_model(self, role: Name, model: str) -> None:
        """Load another model for a role; a question sent meanwhile waits for it."""
        if role == "llm" and self.turn.allows(TurnEvent.STOP):
            self.stop()
        if role == "tts":
            self.mouth.silence()
        self.switch.use(role, model)

    def begin_anew(self) -> None:
        """The next question begins a conversation; nothing of the one before is left here."""
        self._turn_over(self.memory.new_conversation)

    def continue_conversation(self, resume: Callable[[], None]) -> None:
        """`resume` makes an old conversation the present one: the next question goes on with it."""
        self._turn_over(resume)
        self.open_box()

    def _turn_over(self, change: Callable[[], None]) -> None:
        """Change the conversation; what is being answered still belongs to the one before."""
        self.hush()
        change()
        self.answering.forget()
        self.predictor.again()

    # ------------------------------------------------------------ time

    def next_deadline(self) -> float | None:
        """When `tick` should be called, on the injected clock."""
        deadlines = (self.note.deadline, self.predictor.next_deadline(), self.ear.deadline)
        moments = [moment for moment in deadlines if moment is not None]
        review = self.ear.review
        if review is not None and review.deadline is not None:
            moments.append(min(review.deadline, self._clock() + 0.1))
        return min(moments, default=None)

    def tick(self, now: float) -> None:
        self.predictor.tick(now)
        self.reranker.tick()
        if self.note.tick(now):
            self._changed()
        review = self.ear.review
        if review is not None and review.deadline is not None:
            self._changed()
            if now >= review.deadline:
                self.send()
        if (hung := self.ear.hung(now)) is not None:
            log.error("%s hangs: it answers and does not work", hung)
            self._input(InputEvent.EAR_FAULT)
            self.team.members[hung].restart()

    # ------------------------------------------------------------ what workers say

    def on_message(self, name: Name, message: m.Message) -> None:
        """Everything a worker says arrives here, on the loop."""
        match message:
            case m.Loading(fraction):
                self.loading[name] = fraction
            case m.Ready():
                self._worker_ready(name, message)
            case m.Fault():
                self._worker_fault(name, message)
            case m.Warn(detail):
                log.warning("%s: %s", name, detail)
            case m.Prefilling() | m.Token() | m.Answered():
                self.answering.mind_said(message)
            case m.ClauseStarted() | m.Playhead() | m.PlaybackDone() | m.Synthesised():
                self._mouth_said(message)
            case (
                m.Level()
                | m.SpeechStarted()
                | m.SpeechEnded()
                | m.Partial()
                | m.Transcript()
                | m.Spotted()
            ):
                self._ear_said(message)
            case m.Drops():
                self.ear.drops = message
            case m.Scores():
                if self.reranker.scored(message):
                    self.predictor.settled(self.editor.sentence())
            case m.AudioDevices():
                self.mouth.devices = message
            case _:
                log.debug("%s said %r", name, message)
        self._changed()

    def on_status(self, name: Name, status: Status) -> None:
        """A worker came up or went down."""
        switched = self.switch.on_status(name, status)
        if switched is Outcome.DONE:
            self.toast(self.say("toast.switched"))
        elif switched is Outcome.FAILED:
            fault = self.team.members[name].fault
            self._show_fault(fault.code if fault is not None else "worker-died")
            self.toast(self.say("toast.switched-back"))
            status = Status.WAITING  # for the model before
        if status in (Status.WAITING, Status.REFUSED):
            self.loading.pop(name, None)
            self.team.release(name)
            self._worker_lost(name, status)
        self._changed()

    def _worker_ready(self, name: Name, ready: m.Ready) -> None:
        self.loading.pop(name, None)
        if name == "llm":
            self.mind.model_ready(ready)
            self._turn(TurnEvent.MODEL_READY)
            self.predictor.again()
        elif name == "audio":
            self.mouth.set_volume()
            self.ear.audio_ready()

    def _worker_lost(self, name: Name, status: Status) -> None:
        if name == "llm":
            # One that is being started again is waited for by a question that waits already.
            if self.turn.state is not Turn.LOADING or status is Status.REFUSED:
                self._turn(TurnEvent.MIND_FAULT)
            return
        if self.ear.hearing is not None and name in ("audio", "asr"):
            self._input(InputEvent.EAR_FAULT)
        if name in ("audio", "tts"):
            self._mouth_lost()
        if name == "audio":
            self.mouth.devices = m.AudioDevices("", 0, "", 0, "none")
            self.ear.audio_lost()

    def _worker_fault(self, name: Name, fault: m.Fault) -> None:
        if fault.fatal:
            return  # its end is told by `on_status`
        if self.ear.on_fault(fault):
            if self.ear.trial is not None:
                self.toast(self.fault_text(fault.code))
            return
        if name == "llm" and self.answering.mind_failed(fault):
            return
        if fault.code == "adapter-refused":
            self.toast(self.fault_text(fault.code))
        elif self.ear.hearing is not None and fault.turn == self.ear.hearing.turn:
            # What was said before the microphone went away is still being recognised.
            if fault.code != "device-lost" or self.input.state is not Input.RECOGNISING:
                self._input(InputEvent.EAR_FAULT)
            self.toast(self.fault_text(fault.code))
        elif name == "tts":
            self._mouth_lost()
        elif name == "audio" and fault.turn in (-1, self.ear.last_turn):
            # The recogniser may have said before that it was given nothing.
            self.toast(self.fault_text(fault.code))

    # ------------------------------------------------------------ mouth

    def _mouth_said(self, message: MouthSaid) -> None:
        if self.answering.mouth_said(message) and self.turn.allows(TurnEvent.VOICE_DONE):
            self._turn(TurnEvent.VOICE_DONE)
            self._follow_up()

    def _mouth_lost(self) -> None:
        """The voice can say no more of this answer; the text goes on."""
        if self.mouth.speaking:
            self.answering.lose_voice()
            self.toast(self.say("toast.voice-lost"))
            if self.turn.allows(TurnEvent.VOICE_DONE):
                self._turn(TurnEvent.VOICE_DONE)

    # ------------------------------------------------------------ ear

    def _ear_said(self, message: Heard) -> None:
        for event in self.ear.on_message(message, bool(self.editor.text)):
            unwanted = self.input.state is Input.AWAITING and not self.may_follow_up()
            self._input(InputEvent.DISCARD if unwanted else event)
        if self.ear.notice:
            notice, self.ear.notice = self.ear.notice, ""
            self.toast(self.say(notice))
        self._predict_speech()

    def _follow_up(self) -> None:
        """The answer was spoken: the user may talk on without a key."""
        wanted = self.settings.number("talk.follow_up") > 0 and self.may_follow_up()
        if wanted and self.turn.state is Turn.NONE and self.team.ready("asr"):
            self._talk = Talk.FOLLOW_UP
            self._input(InputEvent.FOLLOW_UP)

    # ------------------------------------------------------------ commands

    def _input(self, event: InputEvent) -> None:
        for command in self.input.step(event):
            self._commands[command]()
        if event in _BACK_TO_BOX and self.input.state is Input.IDLE and self.editor.text:
            self.input.step(InputEvent.OPEN)
        self._changed()

    def _turn(self, event: TurnEvent) -> None:
        for command in self.turn.step(event):
            self._commands[command]()
        if self.turn.state not in _GOING_ON:
            self.predictor.catch_up()
        self._changed()

    def _predict(self, certain: str, closed: bool) -> bool:
        """What the LLM may evaluate ahead, unless it answers."""
        return self.turn.state not in _GOING_ON and self.mind.predict(certain, closed)

    def _score(self, request: int, sentences: tuple[str, ...]) -> bool:
        """What the LLM may judge, unless it answers."""
        return self.turn.state not in _GOING_ON and self.mind.score(request, sentences)

    def _predict_speech(self) -> None:
        hearing = self.ear.hearing
        if hearing is not None and not self.editor.text:
            self.predictor.heard(hearing.partial[: hearing.stable])

    def _show_box(self) -> None:
        self.answering.shown = False

    def _can_hear(self) -> bool:
        if self.team.ready("asr"):
            return True
        fault = self.team.members["asr"].fault
        if fault is not None and fault.code == "server-away":
            self.toast(self.fault_text(fault.code))
        else:
            refused = self.team.status("asr") is Status.REFUSED
            self.toast(self.say("toast.no-asr" if refused else "toast.asr-loading"))
        return False

    def _start_listening(self) -> None:
        wav, self._wav = self._wav, None
        self.ear.listen(self.next_turn(), wav, self._talk)

    def _start_review(self) -> None:
        self.ear.start_review()
        if self.ear.review is not None:
            self.predictor.settled(self.ear.review.text)

    def _insert_heard(self) -> None:
        self._tell_unless(self.editor.insert(self.ear.take()))
        self.predictor.typed()

    def _edit_heard(self) -> None:
        if self.ear.review is not None:
            self._tell_unless(self.editor.set_text(self.ear.review.text))
        self.ear.forget()
        self.answering.shown = False

    def _tell_unless(self, fits: bool) -> None:
        if not fits:
            self.toast(self.say("toast.box-full", most=MAX_TEXT))

    def _say_nothing_heard(self) -> None:
        hearing = self.ear.hearing
        asked = hearing is None or hearing.talk is not Talk.FOLLOW_UP
        self.ear.forget()
        if asked:
            self.toast(self.say("toast.nothing-heard"))

    def _submit(self) -> None:
        self.ear.forget()
        self.editor.clear()
        self.mouth.silence()
        self.predictor.sent()
        if self.team.ready("llm") or self.reflexes.claims(self._question):
            self._turn(TurnEvent.ASK)
        elif self.team.coming("llm"):
            self._turn(TurnEvent.ASK_EARLY)
        else:
            self._turn(TurnEvent.ASK_IN_VAIN)

    def _show_waiting(self) -> None:
        self.answering.wait(self._question)

    def _give_back(self) -> None:
        """The question was not answered: it stands in the box again, nothing is lost."""
        if not self.editor.text:
            self._tell_unless(self.editor.set_text(self._question))
        self.answering.forget()
        if self.input.state is Input.IDLE:
            self.input.step(InputEvent.OPEN)

    def _cancel(self) -> None:
        self.answering.end()
        self.team.stop_turn(self._turn_id)

    def _show_ear_fault(self) -> None:
        self.ear.chime("error")
        self.toast(self.say("toast.ear-fault"))

    def _show_mind_fault(self) -> None:
        self.ear.chime("error")
        fault = self.team.members["llm"].fault
        of_worker = fault.code if fault is not None else "worker-died"
        of_turn = self.answer.fault if self.answer is not None else ""
        self._show_fault(of_turn or of_worker)

    def next_turn(self) -> int:
        """A fresh turn id, greater than all before."""
        self._turn_id += 1
        return self._turn_id


_UNANSWERED = (Turn.LOADING, Turn.THINKING, Turn.ANSWERING)
_GOING_ON = (*_UNANSWERED, Turn.DRAINING)
_HEARING = (Input.AWAITING, Input.LISTENING, Input.RECOGNISING, Input.REVIEW)
_BACK_TO_BOX = (InputEvent.DISCARD, InputEvent.NOTHING_HEARD, InputEvent.EAR_FAULT)
