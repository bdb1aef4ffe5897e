"""The dialogue put together, and what the user may want of it.

It tells the loop that something visible changed and never draws; it tells workers what to do and
never computes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from appliance.alerts import Alerts
from appliance.clock import WallClock
from appliance.configuration.settings import Settings
from appliance.dialogue.answer import Answer
from appliance.dialogue.answering import Answering
from appliance.dialogue.box_side import BoxSide
from appliance.dialogue.ear import Ear, EarWorker, Talk
from appliance.dialogue.foresight import Foresight
from appliance.dialogue.mind import History, Mind
from appliance.dialogue.mouth import Mouth
from appliance.dialogue.question import Question
from appliance.dialogue.reflexes import Reflexes
from appliance.dialogue.reports import Reports, crashes
from appliance.dialogue.tables import Input, InputEvent, Turn, TurnEvent
from appliance.dialogue.teller import Teller
from appliance.dialogue.turn_ids import TurnIds
from appliance.dialogue.user_side import UserSide
from appliance.memory.recollection import Recollection
from appliance.personas.cast import SETTING as PERSONA
from appliance.personas.cast import Cast
from appliance.speech.clauses import SplitWords
from appliance.supervision.switch import ModelSwitch
from appliance.supervision.team import Name, Team
from appliance.timers import Timers
from appliance.workers.supervisor import Status
from ui.input.editing.editor import Editor
from ui.strings import Language

_EARS: tuple[Name, ...] = ("audio", "asr")
_VOICE: tuple[Name, ...] = ("tts", "audio")

log = logging.getLogger("lory.conductor")


class Memory(History, Protocol):
    """The conversation that goes on, as the store keeps it. Never blocks on the disk."""

    def keep(self, answer: Answer) -> None: ...

    def new_conversation(self) -> None: ...


class Conductor:
    """Turns the user's wishes into events of the two machines, and lets time pass in them.

    `input` is the user's side, `turn` the box's; what workers say goes to `reports`.
    """

    def __init__(
        self,
        team: Team,
        settings: Settings,
        memory: Memory,
        editor: Editor,
        timers: Timers,
        alerts: Alerts,
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
        self.cast = cast
        self.recollection = recollection
        self.may_follow_up: Callable[[], bool] = lambda: True
        self._changed = changed
        clock = timers.clock
        ids = TurnIds()
        self.next_turn = ids.next
        self.teller = teller = Teller(settings, timers, changed)
        self.note = teller.note
        self.ear = ear = Ear(team, settings, timers, self.send, self._hung)
        self.mouth = mouth = Mouth(team, settings, split_words, cast)
        settings.watch(("ui.language",), self._take_language)
        self.mind = Mind(team, settings, memory, mouth, clock, cast, recollection.recall)
        self.foresight = Foresight(editor, settings, clock, self.mind, lambda: self.turn.going_on)
        self.switch = ModelSwitch(team, settings)
        self.reflexes = reflexes = Reflexes(teller, memory, cast, wall)
        self.answering = answering = Answering(
            ids,
            teller,
            self.mind,
            mouth,
            ear,
            reflexes,
            memory.keep,
            lambda event: self.turn.step(event),
            clock,
        )
        self.turn = BoxSide(
            team,
            answering,
            mouth,
            ear,
            reflexes,
            teller,
            ids,
            lambda question: self.input.take_back(question),
            show_fault,
            self._turned,
        )
        self.input = UserSide(
            editor,
            ear,
            self.turn,
            answering,
            self.foresight.predictor,
            teller,
            ids,
            lambda: self.may_follow_up(),
            changed,
        )
        self.reports = Reports(
            team,
            self.switch,
            self.input,
            self.turn,
            answering,
            ear,
            mouth,
            teller,
            alerts,
            self.foresight.scored,
            show_fault,
            changed,
        )

        timers.follow(self.foresight)
        settings.watch(("ui.hints",), self._take_hints)
        settings.watch((PERSONA,), self.take_persona)

    def _turned(self, event: TurnEvent) -> None:
        self.foresight.turned(event)
        self._changed()

    # ------------------------------------------------------------ how it is

    @property
    def language(self) -> Language:
        return self.teller.language

    @property
    def answer(self) -> Answer | None:
        """The one that is being given, or was given last."""
        return self.answering.answer

    @property
    def busy(self) -> bool:
        """Whether something goes on that the user watches or hears.

        What was heard and waits for a key stands there as a text in the box does: it may be for
        hours, and keeps no screen lit.
        """
        talking = self.input.talking and not self.ear.waits_for_key
        return self.turn.going_on or talking or self.mouth.speaking

    @property
    def attentive(self) -> bool:
        """Whether nobody talks, and the wake word may be waited for."""
        quiet = not self.busy and not self.input.talking and self.ear.trial is None
        return quiet and self.input.allows(InputEvent.TALK)

    # ------------------------------------------------------------ what the user wants

    def open_box(self) -> None:
        self.input.step(InputEvent.OPEN)

    def go_home(self) -> None:
        """Put away the box and the answer; what still goes on stays on the glass.

        An answer that is only being spoken ends: at home no key would silence it.
        """
        if self.input.state is Input.COMPOSING:
            self.input.step(InputEvent.LEAVE)
        if not self.turn.unanswered:
            self.mouth.silence()
            self.finish_answer()
            self.answering.shown = False

    def send(self) -> None:
        """Send what stands in the review or the text box."""
        review = self.ear.review
        if review is not None:
            self.submit(review.text, heard=True)
        else:
            self.submit(self.editor.accept())

    def submit(self, text: str, *, heard: bool = False) -> None:
        """Ask this. `heard`: it was spoken, and no key has touched it."""
        if text.strip():
            self.input.send(Question(text, heard))
        else:
            self.teller.tell("toast.empty-question")

    def ask_again(self) -> None:
        if self.answer is not None and self.turn.state in (Turn.NONE, Turn.DRAINING):
            self.submit(self.answer.question, heard=self.answer.heard)

    def talk(self, wav: Path | None = None, talk: Talk | None = None) -> None:
        """Listen to the microphone, or to a file; whatever is being said stops first."""
        if not self.input.allows(InputEvent.TALK):
            return
        self.hush()
        if self._can_hear():
            self.input.talk(talk or self.ear.talk_key, wav)

    def _can_hear(self) -> bool:
        """Whether speech would be understood; if not, the user is told why."""
        if self.team.ready("asr") or (self.team.ready("audio") and self._will_hear()):
            return True
        for name in _EARS:
            if self.team.status(name) is Status.AWAITED:
                what = self.teller.waiting(*self.team.awaited(name))
                self.teller.tell("toast.cannot-hear-yet", what=what)
                return False
        fault = self.team.members["asr"].fault
        if fault is not None and (fault.code == "server-away" or crashes(fault)):
            self.teller.tell_fault(fault.code)
            self.team.try_again("asr")
        else:
            refused = self.team.status("asr") is Status.REFUSED
            self.teller.tell("toast.no-asr" if refused else "toast.asr-loading")
        return False

    def _will_hear(self) -> bool:
        """Whether what is said now is kept, and recognised as soon as somebody can."""
        return self.team.status("asr") in (Status.STARTING, Status.AWAITED)

    def hush(self) -> None:
        """Nothing is thought or said any more; what was said is kept."""
        if self.turn.allows(TurnEvent.STOP):
            self.stop()
        self.mouth.silence()

    def heard(self, text: str) -> None:
        """Something was said without being asked for: review it like any speech."""
        self.input.overhear(text)

    def talk_end(self) -> None:
        self.input.step(InputEvent.TALK_END)

    def discard_talk(self) -> None:
        self.input.step(InputEvent.DISCARD)

    def edit_review(self, at_start: bool = False) -> None:
        self.input.step(InputEvent.EDIT)
        if at_start:
            self.editor.set_text(self.editor.text, 0)

    def stop(self) -> None:
        """Stop everything, keep the text."""
        self.turn.step(TurnEvent.STOP)

    def mute_answer(self) -> None:
        """Only the voice, only for this answer."""
        if self.turn.state is Turn.DRAINING:
            self.stop()
        else:
            self.answering.lose_voice()
        self._changed()

    def make_way(self) -> None:
        """Something else is to be heard now: what is said stops, what is not said yet is not."""
        if self.input.state is Input.AWAITING:
            self.discard_talk()
        if self.mouth.speaking:
            self.mute_answer()

    def read_aloud(self) -> None:
        """Say the answer shown again, or be silent if it is being said."""
        if self.mouth.speaking:
            self.mute_answer()
        elif self.answer is not None and self.answer.text:
            if not self.answering.read_aloud():
                self._tell_voiceless()
            self._changed()

    def _tell_voiceless(self) -> None:
        for name in _VOICE:
            if self.team.status(name) is Status.AWAITED:
                what = self.teller.waiting(*self.team.awaited(name))
                self.teller.tell("toast.cannot-speak-yet", what=what)
                return
        self.teller.tell("toast.no-voice")

    def try_voice(self, name: str) -> None:
        """Let the user hear a voice (empty: the one in use) while no answer is going on."""
        if self.turn.state in (Turn.NONE, Turn.FAULT):
            self.mouth.silence()
            if self.mouth.begin(self.next_turn(), name) is None:
                self._tell_voiceless()
            self.mouth.feed(self.teller.say("voice.sample"))
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
        self.teller.tell("toast.new-conversation")

    def take_persona(self) -> None:
        """Another persona is in force: what the one before said is not put into its mouth."""
        self.mind.adapt()
        self.begin_anew()
        title = self.cast.persona.title_in(self.language.value)
        self.teller.tell("toast.persona", title=title)

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
        self.foresight.predictor.again()

    # ------------------------------------------------------------ on its own account

    def _hung(self, name: EarWorker) -> None:
        log.error("%s hangs: it answers and does not work", name)
        self.input.step(InputEvent.EAR_FAULT)
        self.team.members[name].restart()

    def _take_language(self) -> None:
        self.editor.language = self.language

    def _take_hints(self) -> None:
        self.editor.hints = self.settings.flag("ui.hints")
