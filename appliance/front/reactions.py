"""What each intent of the key map does. One table, one line an intent."""

from __future__ import annotations

from collections.abc import Callable

from appliance.configuration.loudness import loudness
from appliance.dialogue.conductor import Conductor
from appliance.dialogue.tables import Input
from appliance.dialogue.talk import Talk
from appliance.front.answer_glass import AnswerGlass
from appliance.front.volume_keys import VolumeKeys
from appliance.pages.page import Outcome, Page, Pages
from appliance.pages.shell import Shell
from ui.input.editing.editor import Editor
from ui.keymap import Action, Intent, State
from ui.reader import Reader

LEAST_QUESTION = 3
"""Characters after the wake word; fewer are the tail of its own sound."""


_PAGES = (
    Intent.MAIN_MENU,
    Intent.HISTORY,
    Intent.MODEL_MENU,
    Intent.PERSONA_MENU,
    Intent.SELF_TEST,
    Intent.SET_TIME,
    Intent.LOCK,
)

_EDITING = (
    Intent.TYPE,
    Intent.TYPE_DIGIT,
    Intent.PUNCTUATE,
    Intent.SPACE,
    Intent.SYMBOLS,
    Intent.EMOJI,
    Intent.DELETE,
    Intent.DELETE_MORE,
    Intent.NEXT_MODE,
    Intent.CARET_LEFT,
    Intent.CARET_RIGHT,
    Intent.RIGHT_OR_NEXT_WORD,
    Intent.CLEAR,
    Intent.WIDTH,
    Intent.SEPARATOR,
    Intent.NEXT_SENTENCE,
    Intent.SYLLABLE_BAR,
    Intent.ACCEPT,
    Intent.CHOOSE_LAST,
    Intent.CHOOSE_WEAKEST,
    Intent.PICK,
    Intent.FORGET,
    Intent.NEXT_PAGE,
    Intent.PREVIOUS_PAGE,
    Intent.UNDO_PICK,
    Intent.WORD_OR_CHARACTER,
    Intent.PREVIOUS_WORD,
    Intent.NEXT_WORD,
)

_OPENS_BOX = (Intent.SYMBOLS, Intent.EMOJI)


class Reactions:
    """Performs actions. Knows the conductor, the pages and the shell; draws nothing."""

    def __init__(
        self, conductor: Conductor, editor: Editor, reading: AnswerGlass, pages: Pages, shell: Shell
    ) -> None:
        self._conductor = conductor
        self._editor = editor
        self._reading = reading
        self._pages = pages
        self._shell = shell
        self._volume = VolumeKeys(conductor.settings)
        self._state = State.HOME
        c = conductor
        table: dict[Intent, Callable[[Action], object]] = {
            Intent.SEND: lambda _: c.send(),
            Intent.ACCEPT_AND_SEND: lambda _: c.send(),
            Intent.TALK_ARM: lambda _: c.ear.arm(),
            Intent.TALK: lambda _: self._talk(),
            Intent.TALK_END: lambda _: c.talk_end(),
            Intent.TALK_DISCARD: lambda _: c.discard_talk(),
            Intent.REVIEW_WAIT: lambda _: c.ear.wait_for_key(),
            Intent.REVIEW_EDIT: lambda _: c.edit_review(),
            Intent.REVIEW_EDIT_START: lambda _: c.edit_review(at_start=True),
            Intent.REVIEW_EDIT_END: lambda _: c.edit_review(),
            Intent.STOP: lambda _: c.stop(),
            Intent.HINT_STOP: lambda _: c.teller.tell("hint.a-stops"),
            Intent.MUTE_ANSWER: lambda _: c.mute_answer(),
            Intent.READ_ALOUD: lambda _: c.read_aloud(),
            Intent.AGAIN: lambda _: c.ask_again(),
            Intent.NEW_CONVERSATION: lambda _: self._new_conversation(),
            Intent.START_TYPING: self._start_typing,
            Intent.OPEN_BOX: lambda _: self._open_box(),
            Intent.LEAVE_ANSWER: lambda _: c.leave_answer(),
            Intent.LAST_ANSWER: lambda _: self._last_answer(),
            Intent.SCROLL_UP: lambda _: self._scroll(-1),
            Intent.SCROLL_DOWN: lambda _: self._scroll(1),
            Intent.PAGE_UP: lambda _: self._turn_page(-1),
            Intent.PAGE_DOWN: lambda _: self._turn_page(1),
            Intent.SCROLL_END: lambda _: self._scroll_end(),
            Intent.MENU_JUMP: lambda action: self._on_page(lambda page: page.jump(action.digit)),
            Intent.MENU_BACK: lambda _: pages.back(),
            Intent.MENU_HOME: lambda _: shell.go_home(),
            Intent.MENU_ENTER: lambda _: self._on_page(lambda page: page.enter()),
            Intent.MENU_CONFIRM: lambda _: self._on_page(lambda page: page.confirm()),
            Intent.MENU_RELEASE: lambda _: self._on_page(lambda page: page.release()),
            Intent.MENU_UP: lambda _: self._on_page(lambda page: page.move(-1)),
            Intent.MENU_DOWN: lambda _: self._on_page(lambda page: page.move(1)),
            Intent.MENU_PAGE_UP: lambda _: self._on_page(lambda page: page.leap(-1)),
            Intent.MENU_PAGE_DOWN: lambda _: self._on_page(lambda page: page.leap(1)),
            Intent.ALERT_STOP: lambda _: shell.alerts.stop(),
            Intent.ALERT_SNOOZE: lambda _: shell.alerts.snooze(),
            Intent.ALERT_SNOOZE_FOR: lambda action: shell.alerts.snooze(action.digit),
            Intent.SCREEN_OFF: lambda _: shell.screen_off(),
            Intent.WAKE: lambda _: shell.wake(),
            Intent.THINKING_MODE: lambda _: self._flip_thinking(),
            Intent.VOICE_ON_OFF: lambda _: self._flip_voice(),
            Intent.VOLUME_DOWN: lambda _: self._on_volume(lambda volume: volume.turn(-1)),
            Intent.VOLUME_UP: lambda _: self._on_volume(lambda volume: volume.turn(1)),
            Intent.MUTE: lambda _: self._on_volume(lambda volume: volume.mute()),
            Intent.TEXT_START: self._to_end,
            Intent.TEXT_END: self._to_end,
            Intent.NEWLINE: lambda _: self._newline(),
        }
        table |= dict.fromkeys(_PAGES, self._open_page)
        table |= dict.fromkeys(_EDITING, self._edit)
        self._table = table

    @property
    def intents(self) -> frozenset[Intent]:
        """Those that can be performed."""
        return frozenset(self._table)

    def perform(self, action: Action, state: State) -> None:
        """Do what the user wants; `state` is the row of the key map it was looked up in."""
        self._state = state
        self._table[action.intent](action)

    # ------------------------------------------------------------ typing

    def _edit(self, action: Action) -> None:
        conductor = self._conductor
        if action.intent in _OPENS_BOX and conductor.input.state is not Input.COMPOSING:
            self._open_box()
        result = self._editor.act(action)
        if result.hint is not None:
            conductor.teller.tell(f"hint.{result.hint.value}", word=result.word)
        if result.empty_delete:
            self._shell.go_home()
        conductor.foresight.typed()

    def _start_typing(self, action: Action) -> None:
        self._open_box()
        typed = Intent.PUNCTUATE if action.digit == 1 else Intent.TYPE
        self._edit(Action(typed, action.digit))

    def _open_box(self) -> None:
        self._conductor.mouth.silence()
        if self._state is State.ANSWER:
            self._conductor.finish_answer()
        self._conductor.open_box()

    def _newline(self) -> None:
        if self._conductor.input.state is Input.COMPOSING:
            self._edit(Action(Intent.NEWLINE))

    def _to_end(self, action: Action) -> None:
        """The start or the end of the text, or of the answer that is shown."""
        if self._conductor.input.state is Input.COMPOSING:
            self._edit(action)
        elif self._conductor.answering.shown and (reader := self._reader()) is not None:
            reader.scroll(-reader.total) if action.intent is Intent.TEXT_START else reader.end()

    # ------------------------------------------------------------ talking, reading

    def called(self, question: str) -> None:
        """The wake word was said, and perhaps a question in the same breath."""
        self._pages.close()
        self._shell.wake()
        if len(question) >= LEAST_QUESTION:
            self._conductor.heard(question)
        else:
            self._conductor.talk(talk=Talk.WAKE)

    def _talk(self) -> None:
        self._pages.close()
        self._shell.wake()
        self._conductor.talk()

    def _last_answer(self) -> None:
        if self._conductor.answer is None:
            self._conductor.teller.tell("hint.no-answer")
        else:
            self._conductor.answering.shown = True

    def _reader(self) -> Reader | None:
        """The window on the answer, as it is now."""
        return self._reading.reader(self._conductor.view().answer)

    def _scroll(self, lines: int) -> None:
        if (reader := self._reader()) is not None:
            reader.scroll(lines)

    def _turn_page(self, direction: int) -> None:
        if (reader := self._reader()) is not None:
            reader.page(direction)

    def _scroll_end(self) -> None:
        if (reader := self._reader()) is not None:
            reader.end()

    def _new_conversation(self) -> None:
        self._pages.close()
        self._conductor.new_conversation()

    # ------------------------------------------------------------ pages

    def _open_page(self, action: Action) -> None:
        self._shell.open(action.intent)

    def _on_page(self, act: Callable[[Page], Outcome]) -> None:
        page = self._pages.top
        if page is not None:
            self._pages.follow(act(page))

    # ------------------------------------------------------------ settings one C away

    def _flip(self, key: str, name: str) -> None:
        value = not self._conductor.settings.flag(key)
        self._conductor.settings.change(key, value)
        self._conductor.teller.tell(f"toast.{name}-{'on' if value else 'off'}")

    def _flip_thinking(self) -> None:
        """A model that does not tell the two apart is not asked to."""
        conductor = self._conductor
        if conductor.team.ready("llm") and not conductor.mind.can_think:
            conductor.teller.tell("toast.cannot-think")
        else:
            self._flip("llm.thinking", "thinking")

    def _flip_voice(self) -> None:
        self._flip("voice.enabled", "voice")
        if not self._conductor.settings.flag("voice.enabled"):
            self._conductor.mute_answer()

    def _on_volume(self, act: Callable[[VolumeKeys], None]) -> None:
        act(self._volume)
        now = loudness(self._conductor.settings)
        text = self._conductor.teller.say("toast.volume", percent=round(now * 100))
        self._conductor.teller.toast(text, now)
