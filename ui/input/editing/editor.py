"""The text editor behind the keypad: every typing intent in, text and views out.

The application drives it: `act` for each typing intent of `ui.keymap`, `tick` when the time of
`next_deadline` has come, `view` to draw. It knows no screen, no driver and no dialogue.

What is written is a `Draft`. The `Typewriter` writes into it, the `Eraser` takes from it, the
`Selector` lays lists over it to pick from; none of the three knows of another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from ui.gutter import TextMode
from ui.input.editing.box_view import box_view, key_hint
from ui.input.editing.buffer import MAX_TEXT
from ui.input.editing.draft import Draft
from ui.input.editing.eraser import Eraser
from ui.input.editing.layer import LayerView
from ui.input.editing.modes import HANZI
from ui.input.editing.outcome import CHANGED, NOTHING, NOTHING_TO_CHOOSE, EditResult
from ui.input.editing.second_opinion import SecondOpinion
from ui.input.editing.selector import Selector
from ui.input.editing.symbols import Page
from ui.input.editing.typewriter import Typewriter
from ui.input.engine import Engine
from ui.input.learning.learnt_words import LearntWords
from ui.input.rerank import RerankRequest
from ui.keymap import Action, Intent, State
from ui.screens.compose import ComposeView
from ui.strings import Language

NEXT_WORDS: Final = 27  # offered after a commit: three pages
_OFFERING = (Intent.ACCEPT, Intent.PICK)
_GOING_ON = (Intent.TYPE, Intent.PUNCTUATE, Intent.SEPARATOR)  # when pressed again, or held


class Editor:
    """Gives each intent to who does it, and tells the others what it means for them.

    `clock` returns monotonic seconds; it times multi-tap and the pause before re-ranking.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], float],
        language: Language = Language.ZH,
        hints: bool = True,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self.language = language
        self.hints = hints
        self._draft = Draft()
        self._typewriter = Typewriter(self._draft, engine, clock)
        self._eraser = Eraser(self._draft)
        self._selector = Selector(self._draft, engine)
        self._opinion = SecondOpinion(self._draft, clock)
        self._next_words: list[str] = []  # offered after what was committed just now
        self.learnt = LearntWords(engine, self._take_habits)
        self._acts = self._table()

    def _table(self) -> dict[Intent, Callable[[int], EditResult]]:
        """What each intent does, told the digit of its key."""
        typewriter, eraser, selector = self._typewriter, self._eraser, self._selector
        return {
            Intent.TYPE: typewriter.type,
            Intent.TYPE_DIGIT: typewriter.type_digit,
            Intent.PUNCTUATE: lambda _: typewriter.punctuate(),
            Intent.SPACE: lambda _: typewriter.space(),
            Intent.NEWLINE: lambda _: typewriter.newline(),
            Intent.SEPARATOR: lambda _: typewriter.separate(),
            Intent.WIDTH: lambda _: self._other_width(),
            Intent.NEXT_MODE: lambda _: self._next_mode(),
            Intent.DELETE: lambda _: self._delete(),
            Intent.DELETE_MORE: lambda _: eraser.delete_more(),
            Intent.CLEAR: lambda _: eraser.clear(),
            Intent.CARET_LEFT: lambda _: self._move(-1),
            Intent.CARET_RIGHT: lambda _: self._move(1),
            Intent.RIGHT_OR_NEXT_WORD: lambda _: self._right_or_next_word(),
            Intent.TEXT_START: lambda _: self._move(-MAX_TEXT),
            Intent.TEXT_END: lambda _: self._move(MAX_TEXT),
            Intent.NEXT_SENTENCE: lambda _: self._next_sentence(),
            Intent.ACCEPT: lambda _: self._accept(),
            Intent.CHOOSE_LAST: lambda _: selector.choose(weakest=False),
            Intent.CHOOSE_WEAKEST: lambda _: selector.choose(weakest=True),
            Intent.SYLLABLE_BAR: lambda _: self._syllable_bar(),
            Intent.SYMBOLS: lambda _: self._symbols(),
            Intent.EMOJI: lambda _: selector.symbols(Page.EMOJI),
            Intent.PICK: selector.pick,
            Intent.FORGET: lambda _: selector.forget(),
            Intent.UNDO_PICK: lambda _: selector.undo_pick(),
            Intent.NEXT_PAGE: lambda _: selector.turn_page(1),
            Intent.PREVIOUS_PAGE: lambda _: selector.turn_page(-1),
            Intent.NEXT_WORD: lambda _: selector.go(1),
            Intent.PREVIOUS_WORD: lambda _: selector.go(-1),
            Intent.WORD_OR_CHARACTER: lambda _: selector.word_or_character(),
        }

    # ------------------------------------------------------------ what others read

    @property
    def state(self) -> State:
        """One of TEXT, PINYIN, CHOOSE, SYLLABLES, SYMBOLS."""
        return self._draft.state

    @property
    def text(self) -> str:
        """What is committed."""
        return self._draft.buffer.text

    @property
    def caret(self) -> int:
        """Offset into `text`."""
        return self._draft.buffer.caret

    @property
    def mode(self) -> TextMode:
        """HANZI, FULL_WIDTH, ENGLISH, CAPITALS or NUMBER; SYMBOL while their pages are shown."""
        return TextMode.SYMBOL if self.state is State.SYMBOLS else self._typewriter.mode

    @property
    def types_chinese(self) -> bool:
        """False where the pinyin data cannot be used: En and 数 are left."""
        return self._engine.chinese

    @property
    def strip(self) -> float | None:
        """Fraction left of the multi-tap time-out; None: nothing is timed."""
        return self._typewriter.tap.left

    @property
    def intents(self) -> frozenset[Intent]:
        """What `act` does."""
        return frozenset(self._acts)

    def sentence(self) -> str:
        """The text as if what is open were accepted now; for sending and for prefill."""
        return self._draft.as_accepted().text

    def open_words(self) -> tuple[str, ...]:
        """The words of what is open as they are shown; empty when nothing is."""
        return self._draft.open_words()

    def predictions(self) -> list[str]:
        """Likely next words at the caret, when nothing is open."""
        if self._draft.open is not None or self._typewriter.mode not in HANZI:
            return []
        return self._engine.predictions(self._draft.buffer.before, NEXT_WORDS)

    def view(self) -> ComposeView | LayerView:
        """What to draw."""
        draft = self._draft
        hint = key_hint(draft, self._next_words, self.language) if self.hints else ""
        below = box_view(draft, hint, self._typewriter.tap.pending)
        return below if draft.layer is None else draft.layer.view(below, self.language)

    # ------------------------------------------------------------ what others do

    def act(self, action: Action) -> EditResult:
        """Do one typing intent; an intent that means nothing in this state changes nothing."""
        intent, length = action.intent, len(self.text)
        do = self._acts.get(intent)
        if do is None:
            return NOTHING
        if intent is not Intent.FORGET:
            self._selector.let_go()
        result = do(action.digit)
        if intent is not Intent.FORGET:
            self._selector.settle()
        if intent not in _GOING_ON:
            self._typewriter.let_go()
        if result.changed:
            self._changed_by(intent, longer=len(self.text) > length)
        self._opinion.acted(result.changed)
        return result

    def _changed_by(self, intent: Intent, longer: bool) -> None:
        """Offer what may come next; what was taken away before can no more be brought back."""
        self._next_words = self.predictions() if longer and intent in _OFFERING else []
        if intent is not Intent.CLEAR:
            self._eraser.settle()
        if intent is not Intent.SEPARATOR:
            self._typewriter.settle()

    def accept(self) -> str:
        """Commit what is open and give the whole text (D, long D, before talk)."""
        self._let_go()
        self._draft.close()
        return self.text

    def insert(self, text: str) -> bool:
        """Insert recognised speech at the caret; what is open is committed first.

        False when the box could not take all of it.
        """
        self.accept()
        self._begin_anew()
        fits = len(text) <= self._draft.buffer.room
        self._draft.put(text)
        return fits

    def set_text(self, text: str, caret: int | None = None) -> bool:
        """Replace everything; the caret goes to `caret` or to the end. False: it had to be cut."""
        self._let_go()
        self._begin_anew()
        self._draft.drop()
        self._draft.buffer.set(text, caret)
        return len(text) <= MAX_TEXT

    def clear(self) -> None:
        """Empty the box after its text was sent; nothing to undo, nothing to go on with."""
        self.set_text("")
        self._eraser.settle()
        self._typewriter.end_spelling()

    def _let_go(self) -> None:
        """No key is held, and no pause in typing waited for."""
        self._selector.let_go()
        self._typewriter.let_go()
        self._opinion.pause.cancel()

    def _begin_anew(self) -> None:
        """Something else than keys writes: what was typed before leads to nothing more."""
        self._next_words = []
        self._typewriter.settle()

    def _take_habits(self) -> None:
        """The habits were changed from outside."""
        self._next_words = []
        self._selector.take_habits()

    # ------------------------------------------------------------ time, re-ranking

    @property
    def next_deadline(self) -> float | None:
        """When `tick` should be called next, in the clock's seconds."""
        times = [self._typewriter.tap.deadline, self._opinion.deadline]
        if self._engine.unsettled:
            times.append(self._clock())
        return min((time for time in times if time is not None), default=None)

    def tick(self, now: float) -> bool:
        """Let time pass; True when something visible changed."""
        self._engine.settle(steps=1)
        changed = self._opinion.tick(now)
        return self._typewriter.tap.tick(now) or changed

    def rerank_request(self) -> RerankRequest | None:
        """The sentences to score, once after each pause of `PAUSE` in typing pinyin that `tick`
        has seen; None when there is nothing to ask."""
        return self._opinion.request()

    def rerank(self, request: RerankRequest, logprobs: Sequence[float]) -> bool:
        """Order the sentences by the scores of a request; False when that came too late."""
        return self._opinion.take(request, logprobs)

    # ------------------------------------------------------------ keys that mean several things

    def _delete(self) -> EditResult:
        """A: bring back what was taken away to be typed anew, or else delete."""
        if self._typewriter.undo_spelling() or self._selector.put_syllable_back():
            return CHANGED
        return self._eraser.delete()

    def _move(self, by: int) -> EditResult:
        """Move the caret; right after a letter that is being tapped it stands already."""
        draft, tapped = self._draft, self._typewriter.tap.pending
        open_before = draft.state is not State.TEXT
        draft.close()
        moved = not (tapped and by == 1) and draft.buffer.move(by)
        return EditResult(moved or open_before or tapped)

    def _right_or_next_word(self) -> EditResult:
        """The caret one to the right; at the end of the text the words that often follow."""
        tapped, after = self._typewriter.tap.pending, self._draft.buffer.after
        at_end = self.state is State.TEXT and not tapped and not after
        if at_end and self._selector.next_words(self.predictions):
            return CHANGED
        return self._move(1)

    def _next_mode(self) -> EditResult:
        """B: the next mode; over symbols their next kind."""
        return CHANGED if self._selector.next_symbols() else self._typewriter.next_mode()

    def _other_width(self) -> EditResult:
        """C B: full width or capitals, or back; a list of English words is written anew."""
        result = self._typewriter.other_width()
        if result.changed and self.state is State.CHOOSE and self._draft.english is not None:
            self._selector.choose(weakest=False)
        return result

    def _syllable_bar(self) -> EditResult:
        """B: the syllable bar; in English the next way to write the word."""
        return CHANGED if self._typewriter.next_case() else self._selector.syllable_bar()

    def _symbols(self) -> EditResult:
        """Long 0: symbols, those as wide as what is typed first."""
        wide = self._typewriter.mode in HANZI
        return self._selector.symbols(Page.FULL if wide else Page.HALF)

    def _next_sentence(self) -> EditResult:
        """0: another sentence, or another English word of these keys."""
        opened = self._draft.open
        return CHANGED if opened is not None and opened.next_sentence() else NOTHING_TO_CHOOSE

    def _accept(self) -> EditResult:
        """D: done with a list that only helps, or else commit."""
        if not self._selector.leave():
            self._draft.close()
        return CHANGED
