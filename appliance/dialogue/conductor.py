"""The dialogue put together, and what the user may want of it.

It tells the loop that something visible changed and never draws; it tells workers what to do and
never computes.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from appliance.alerts import Alerts
from appliance.dialogue import situation
from appliance.dialogue.answer import Answer
from appliance.dialogue.answering import Answering
from appliance.dialogue.box_side import BoxSide
from appliance.dialogue.ear import Ear
from appliance.dialogue.events import Happened
from appliance.dialogue.foresight import Foresight
from appliance.dialogue.ground import Ground, Knowledge
from appliance.dialogue.mind import Mind
from appliance.dialogue.mouth import Mouth
from appliance.dialogue.organs import Organs
from appliance.dialogue.question import Question
from appliance.dialogue.reflexes import Reflexes
from appliance.dialogue.reports import Reports, crashes
from appliance.dialogue.situation import Situation
from appliance.dialogue.tables import Input, InputEvent, Turn, TurnEvent
from appliance.dialogue.talk import Talk, Utterance
from appliance.dialogue.text_box import TextBox
from appliance.dialogue.user_side import UserSide
from appliance.personas.cast import SETTING as PERSONA
from appliance.speech.clauses import SplitWords
from appliance.supervision.team import NAMES, Name
from appliance.workers.supervisor import Status
from ui.strings import Language

_EARS: tuple[Name, ...] = ("audio", "asr")
_VOICE: tuple[Name, ...] = ("tts", "audio")


class Conductor:
    """Turns the user's wishes into events, and every event into a step of its machine.

    `input` is the user's side, `turn` the box's; what workers say goes to `reports`.
    """

    def __init__(
        self,
        ground: Ground,
        knowledge: Knowledge,
        box: TextBox,
        alerts: Alerts,
        split_words: SplitWords,
    ) -> None:
        self.ground = ground
        self.team = ground.team
        self.settings = settings = ground.settings
        self.teller = ground.teller
        self.toasts = ground.teller.toasts
        self.next_turn = ground.ids.next
        self.knowledge = knowledge
        self._box = box
        self.ear = Ear(ground)
        self.mouth = Mouth(ground, split_words, knowledge.cast)
        self.mind = Mind(ground, knowledge)
        organs = Organs(self.ear, self.mouth, alerts, self.mind)
        self.reflexes = Reflexes(ground, knowledge)
        self.answering = Answering(ground, organs, self.reflexes, knowledge.memory)
        self.turn = BoxSide(ground, organs, self.answering, self.reflexes)
        settings.watch(("ui.language",), self._take_language)
        self.foresight = Foresight(ground, box, self.mind, self.turn)
        self.input = UserSide(ground, organs, box, self.turn, self.foresight.predictor)
        self.reports = Reports(ground, organs, self.input, self.turn, self.foresight)
        self._events = ground.events
        self._events.take = self._take
        self._events.settled = ground.teller.changed
        settings.watch(("ui.hints",), self._take_hints)
        settings.watch((PERSONA,), self.take_persona)

    def _take(self, happened: Happened) -> None:
        """One event: its machine steps, and who else minds it is told."""
        if isinstance(happened.event, TurnEvent):
            self.turn.step(happened)
            self.foresight.turned(happened.event)
        else:
            self.input.step(happened)

    # ------------------------------------------------------------ how it is

    @property
    def language(self) -> Language:
        return self.teller.language

    @property
    def answer(self) -> Answer | None:
        """The one that is being given, or was given last."""
        return self.answering.answer

    def view(self) -> Situation:
        """How everything stands now."""
        return Situation(
            self.input.state,
            self.turn.state,
            self._hears(),
            self._speaks(),
            self._answered(),
            {name: self._engine(name) for name in NAMES},
        )

    def _engine(self, name: Name) -> situation.Engine:
        status = self.team.status(name)
        waits_for = ""
        if status is Status.AWAITED:
            waits_for = self.teller.waiting(*self.team.awaited(name))
        return situation.Engine(status, self.reports.loading.get(name), waits_for)

    def _hears(self) -> situation.Hears:
        ear, talking, review = self.ear, None, None
        if (it := ear.hearing) is not None:
            talking = situation.Talking(it.began, it.patience, it.partial, it.stable, it.hands_free)
        if (heard := ear.review) is not None:
            review = situation.Reviewed(heard.text, heard.began, heard.deadline)
        return situation.Hears(talking, review, ear.microphone_open, ear.level)

    def _speaks(self) -> situation.Speaks:
        mouth, voice = self.mouth, self.mouth.voice
        return situation.Speaks(
            mouth.able,
            mouth.speaking,
            voice.spoken if voice is not None else None,
            voice.fraction if voice is not None else 0.0,
            mouth.devices,
        )

    def _answered(self) -> situation.Answered | None:
        answer, voice = self.answer, self.answering.voice
        if answer is None:
            return None
        clause = voice.spoken if voice is not None else None
        voiced = None
        if voice is not None and clause is not None:
            voiced = situation.Voiced(voice.turn, clause, voice is self.answering.reading)
        written = situation.Written(
            answer.draft,
            answer.text + answer.remark,
            answer.thought,
            answer.footer,
            answer.prefilled,
            answer.to_prefill,
        )
        return situation.Answered(
            answer.turn, answer.question.text, self.answering.shown, written, voiced
        )

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
        self._events.post(InputEvent.OPEN)

    def go_home(self) -> None:
        """Put away the box and the answer; what still goes on stays on the glass.

        An answer that is only being spoken ends: at home no key would silence it.
        """
        if self.input.state is Input.COMPOSING:
            self._events.post(InputEvent.LEAVE)
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
            self.submit(self._box.accept())

    def submit(self, text: str, *, heard: bool = False) -> None:
        """Ask this. `heard`: it was spoken, and no key has touched it."""
        if text.strip():
            self._events.post(InputEvent.SEND, Question(text, heard))
        else:
            self.teller.tell("toast.empty-question")

    def ask_again(self) -> None:
        if self.answer is not None and self.turn.state in (Turn.NONE, Turn.DRAINING):
            self._events.post(InputEvent.SEND, self.answer.question)

    def talk(self, wav: Path | None = None, talk: Talk | None = None) -> None:
        """Listen to the microphone, or to a file; whatever is being said stops first."""
        if not self.input.allows(InputEvent.TALK):
            return
        self.hush()
        if self._can_hear():
            self.input.talk(Utterance(talk or self.ear.talk_key, wav))

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
            self.team.try_again("asr")
            self.teller.tell_fault(fault.code)
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
        self._events.post(InputEvent.TALK_END)

    def discard_talk(self) -> None:
        self._events.post(InputEvent.DISCARD)

    def edit_review(self, at_start: bool = False) -> None:
        self._events.post(InputEvent.EDIT)
        if at_start:
            self._box.set_text(self._box.text, 0)

    def stop(self) -> None:
        """Stop everything, keep the text."""
        self._events.post(TurnEvent.STOP)

    def mute_answer(self) -> None:
        """Only the voice, only for this answer."""
        if self.turn.state is Turn.DRAINING:
            self.stop()
        else:
            self.answering.lose_voice()
        self.teller.changed()

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
            self.teller.changed()

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

    def announce(self, text: str) -> None:
        """Say something that was not asked for, where the voice is on; what was said stops."""
        self.hush()
        if self.settings.flag("voice.enabled") and self.turn.state in (Turn.NONE, Turn.FAULT):
            self.mouth.begin(self.next_turn())
            self.mouth.feed(text)
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
        title = self.knowledge.cast.persona.title_in(self.language.value)
        self.teller.tell("toast.persona", title=title)

    def use_model(self, role: Name, model: str) -> None:
        """Load another model for a role; a question sent meanwhile waits for it."""
        if role == "llm" and self.turn.allows(TurnEvent.STOP):
            self.stop()
        if role == "tts":
            self.mouth.silence()
        self.reports.switch.use(role, model)

    def begin_anew(self) -> None:
        """The next question begins a conversation; nothing of the one before is left here."""
        self._turn_over(self.knowledge.memory.new_conversation)

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

    def _take_language(self) -> None:
        self._box.language = self.language

    def _take_hints(self) -> None:
        self._box.hints = self.settings.flag("ui.hints")
