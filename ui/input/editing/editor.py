"""The text editor behind the keypad: every typing intent in, text and views out.

The application drives it: `act` for each typing intent of `ui.keymap`, `tick` when the time of
`next_deadline` has come, `view` to draw. It knows no screen, no driver and no dialogue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from ui.gutter import TextMode
from ui.input.composition import Composition
from ui.input.editing.box_view import box_view, key_hint
from ui.input.editing.buffer import MAX_TEXT, TextBuffer, Written, wide
from ui.input.editing.choosing import EnglishChoice, LearntChoice, NextWordChoice, WordChoice
from ui.input.editing.english_word import MAX_KEYS, EnglishWord
from ui.input.editing.forgetting import Forgetting, Picked
from ui.input.editing.layer import Layer
from ui.input.editing.modes import ENGLISH, HANZI, OTHER_WIDTH, marks, next_mode
from ui.input.editing.multitap import MULTITAP, Tap
from ui.input.editing.outcome import CHANGED, NOTHING, EditResult, Hint
from ui.input.editing.syllable_bar import SyllableBar
from ui.input.editing.symbol_pages import SymbolPages
from ui.input.editing.symbols import Page, Symbols
from ui.input.engine import Engine
from ui.input.english import Case
from ui.input.learning.learnt_words import LearntWords
from ui.input.learning.next_word import learn_next_word
from ui.input.rerank import Pause, RerankRequest, order_by, request_for
from ui.input.syllables import LETTERS
from ui.keymap import Action, Intent, State
from ui.screens.choose import ChooseView
from ui.screens.compose import ComposeView
from ui.screens.syllables import SyllableView
from ui.screens.symbols import SymbolView
from ui.strings import Language

NEXT_WORDS: Final = 27  # offered after a commit: three pages
_OFFERING = (Intent.ACCEPT, Intent.PICK)


@dataclass
class _Before:
    """What a press found, so that holding the key can make a digit of it."""

    written: Written
    undo: Callable[[], None] | None


class Editor:
    """Text, caret, what is open and the mode of the digit keys.

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
        self._buffer = TextBuffer()
        self._mode = self._first_mode
        self._open: Composition | EnglishWord | None = None
        self._layer: Layer | None = None
        self._spelling = False  # English letter by letter
        self._tap: Tap | None = None
        self._symbols = Symbols()
        self._before: _Before | None = None
        self._deleting_text = False  # what a held A may go on deleting
        self._cleared: Written | None = None
        self._unspelt: EnglishWord | None = (
            None  # what spelling letter by letter took away just now
        )
        self._picked: Picked | None = None  # while its key may still be held
        self._forgetting = Forgetting(engine.habits)
        self.learnt = LearntWords(engine, self._take_habits)
        self._pause = Pause()
        self._next_words: list[str] = []  # offered after what was committed just now
        self._acts: dict[Intent, Callable[[int], EditResult]] = {
            Intent.TYPE: self._type,
            Intent.TYPE_DIGIT: self._type_digit,
            Intent.PUNCTUATE: self._punctuate,
            Intent.SPACE: lambda _: self._space(),
            Intent.SYMBOLS: lambda _: self._open_symbols(
                Page.FULL if self._mode in HANZI else Page.HALF
            ),
            Intent.EMOJI: lambda _: self._open_symbols(Page.EMOJI),
            Intent.DELETE: lambda _: self._delete(),
            Intent.DELETE_MORE: lambda _: self._delete_more(),
            Intent.NEXT_MODE: lambda _: self._next_mode(),
            Intent.CARET_LEFT: lambda _: self._move(-1),
            Intent.CARET_RIGHT: lambda _: self._move(1),
            Intent.RIGHT_OR_NEXT_WORD: lambda _: self._right_or_next_word(),
            Intent.TEXT_START: lambda _: self._move(-MAX_TEXT),
            Intent.TEXT_END: lambda _: self._move(MAX_TEXT),
            Intent.CLEAR: lambda _: self._clear(),
            Intent.NEWLINE: lambda _: self._commit_and_put("\n"),
            Intent.WIDTH: lambda _: self._width(),
            Intent.SEPARATOR: lambda _: self._separator(),
            Intent.NEXT_SENTENCE: lambda _: self._next_sentence(),
            Intent.SYLLABLE_BAR: lambda _: self._syllable_bar(),
            Intent.ACCEPT: lambda _: self._accept(),
            Intent.CHOOSE_LAST: lambda _: self._choose(weakest=False),
            Intent.CHOOSE_WEAKEST: lambda _: self._choose(weakest=True),
            Intent.PICK: self._pick,
            Intent.FORGET: lambda _: self._forget(),
            Intent.NEXT_PAGE: lambda _: self._turn_page(1),
            Intent.PREVIOUS_PAGE: lambda _: self._turn_page(-1),
            Intent.UNDO_PICK: lambda _: self._undo_pick(),
            Intent.WORD_OR_CHARACTER: lambda _: self._word_or_character(),
            Intent.PREVIOUS_WORD: lambda _: self._go(-1),
            Intent.NEXT_WORD: lambda _: self._go(1),
        }

    # ------------------------------------------------------------ what others read

    @property
    def state(self) -> State:
        """One of TEXT, PINYIN, CHOOSE, SYLLABLES, SYMBOLS."""
        if self._layer is not None:
            return self._layer.state
        return State.TEXT if self._open is None else State.PINYIN

    @property
    def text(self) -> str:
        """What is committed."""
        return self._buffer.text

    @property
    def caret(self) -> int:
        """Offset into `text`."""
        return self._buffer.caret

    @property
    def mode(self) -> TextMode:
        """HANZI, FULL_WIDTH, ENGLISH, CAPITALS or NUMBER; SYMBOL while their pages are shown."""
        return TextMode.SYMBOL if self.state is State.SYMBOLS else self._mode

    @property
    def types_chinese(self) -> bool:
        """False where the pinyin data cannot be used: En and 数 are left."""
        return self._engine.chinese

    @property
    def _first_mode(self) -> TextMode:
        return TextMode.HANZI if self.types_chinese else TextMode.ENGLISH

    @property
    def strip(self) -> float | None:
        """Fraction left of the multi-tap time-out; None: nothing is timed."""
        return None if self._tap is None else self._tap.left(self._clock())

    def next_deadline(self) -> float | None:
        """When `tick` should be called next, in the clock's seconds."""
        times = [self._tap.deadline if self._tap else None, self._pause.deadline]
        if self._engine.unsettled:
            times.append(self._clock())
        return min((time for time in times if time is not None), default=None)

    def tick(self, now: float) -> bool:
        """Let time pass; True when something visible changed."""
        self._pause.tick(now)
        self._engine.settle(steps=1)
        if self._tap is not None and now >= self._tap.deadline:
            self._tap = None
            return True
        return False

    def sentence(self) -> str:
        """The text as if what is open were accepted now; for sending and for prefill."""
        return self._buffer.before + self._open_text() + self._buffer.after

    @property
    def intents(self) -> frozenset[Intent]:
        """What `act` does."""
        return frozenset(self._acts)

    def open_words(self) -> tuple[str, ...]:
        """The words of what is open as they are shown; empty when nothing is."""
        if self._composition is not None:
            return tuple(map(self._composition.word_text, self._composition.words()))
        return () if self._open is None else (self._open.text(),)

    def predictions(self) -> list[str]:
        """Likely next words at the caret, when nothing is open."""
        if self._open is not None or self._mode not in HANZI:
            return []
        return self._engine.predictions(self._buffer.before, NEXT_WORDS)

    @property
    def _composition(self) -> Composition | None:
        return self._open if isinstance(self._open, Composition) else None

    @property
    def _english(self) -> EnglishWord | None:
        return self._open if isinstance(self._open, EnglishWord) else None

    @property
    def _at_edge(self) -> bool:
        return self._composition is not None and self._composition.at_edge

    def _open_text(self) -> str:
        return "" if self._open is None else self._open.text()

    # ------------------------------------------------------------ what others do

    def act(self, action: Action) -> EditResult:
        """Do one typing intent; an intent that means nothing in this state changes nothing."""
        do = self._acts.get(action.intent)
        if do is None:
            return NOTHING
        length = len(self.text)
        if action.intent is not Intent.FORGET:
            self._let_go()
        result = do(action.digit)
        if action.intent is not Intent.FORGET:
            self._forgetting.settle()
        if result.changed:
            written = action.intent in _OFFERING and len(self.text) > length
            self._next_words = self.predictions() if written else []
            if action.intent is not Intent.CLEAR:
                self._cleared = None
            if action.intent is not Intent.SEPARATOR:
                self._unspelt = None
            if self._composition is not None and self.state is State.PINYIN:
                self._pause.begin(self._clock())
            else:
                self._pause.cancel()
        return result

    def accept(self) -> str:
        """Commit what is open and give the whole text (D, long D, before talk)."""
        self._close()
        return self.text

    def insert(self, text: str) -> bool:
        """Insert recognised speech at the caret; what is open is committed first.

        False when the box could not take all of it.
        """
        self._close()
        self._next_words, self._unspelt = [], None
        fits = len(text) <= self._buffer.room
        self._put(text)
        return fits

    def set_text(self, text: str, caret: int | None = None) -> bool:
        """Replace everything; the caret goes to `caret` or to the end. False: it had to be cut."""
        self._drop_open()
        self._next_words, self._unspelt = [], None
        self._buffer.set(text, caret)
        return len(text) <= MAX_TEXT

    def clear(self) -> None:
        """Empty the box after its text was sent; nothing to undo."""
        self.set_text("")
        self._cleared = None

    # ------------------------------------------------------------ re-ranking

    def rerank_request(self) -> RerankRequest | None:
        """The sentences to score, once after each pause of `PAUSE` in typing pinyin that `tick`
        has seen; None when there is nothing to ask."""
        composition = self._composition
        if composition is None or not self._pause.take():
            return None
        return request_for(composition, self._buffer.before, self._buffer.after)

    def rerank(self, request: RerankRequest, logprobs: Sequence[float]) -> bool:
        """Order the sentences by the scores of a request; False when that came too late."""
        if self._composition is None or self.state is not State.PINYIN:
            return False
        order = order_by(request.costs, logprobs)
        return self._composition.reorder(request.revision, order)

    # ------------------------------------------------------------ typing

    def _type(self, digit: int) -> EditResult:
        if self._mode is TextMode.NUMBER:
            return self._put_afresh(str(digit))
        if digit == 1:
            return self._punctuate(digit)
        if self._mode in ENGLISH and (self._spelling or not self._engine.english):
            letters = LETTERS[str(digit)]
            if self._mode is TextMode.CAPITALS:
                letters = letters.upper()
            return self._tapped(digit, letters + str(digit))
        return self._type_key(digit)

    def _type_key(self, digit: int) -> EditResult:
        """One more key of the open word or sentence."""
        self._tap = None
        room = MAX_KEYS + 1 if self._mode in ENGLISH else 1  # with a space before it
        if (self._open is not None and self._open.full) or self._buffer.room < room:
            self._before = None
            return EditResult(False, Hint.FULL)
        if self._open is None:
            self._open = self._new_word()
        self._open.type(digit)
        self._remember(self._undo_key)
        return CHANGED

    def _new_word(self) -> Composition | EnglishWord:
        if self._mode in HANZI:
            return Composition(self._engine, self._buffer.before)
        case = Case.UPPER if self._mode is TextMode.CAPITALS else Case.LOWER
        return EnglishWord(self._engine.english, case, parted=self._buffer.after_word)

    def _undo_key(self) -> None:
        """Take the last key of what is open back; at a gap's edge, the 9 in the syllable bar."""
        if self._composition is not None and self._at_edge:
            self._layer = SyllableBar(self._composition, self._composition.put_back())
        elif self._open is not None:
            self._open.delete()
            if self._open.empty:
                self._open = None

    def _tapped(self, key: int, choices: str) -> EditResult:
        """The next of `choices` if this key was pressed just now, else the first."""
        now = self._clock()
        if self._tap is not None and self._tap.continues(key, choices, now):
            self._remember(None)
            self._buffer.replace(self._tap.next(now))
            return CHANGED
        result = self._put_afresh(choices[0])
        if result.changed:
            self._tap = Tap(key, choices, now + MULTITAP)
        return result

    def _punctuate(self, digit: int) -> EditResult:
        if self._mode is TextMode.NUMBER:
            return self._put_afresh("1")
        return self._tapped(1, marks(self._mode))

    def _space(self) -> EditResult:
        self._spelling = False
        return self._commit_and_put("0" if self._mode is TextMode.NUMBER else " ")

    def _type_digit(self, digit: int) -> EditResult:
        """The key was held: what its press did becomes the digit."""
        before, self._before = self._before, None
        if before is not None and before.undo is not None:
            before.undo()
        elif before is not None:
            self._buffer.restore(before.written)
        return self._commit_and_put(str(digit))

    def _remember(self, undo: Callable[[], None] | None) -> None:
        self._before = _Before(self._buffer.written, undo)

    def _put_afresh(self, text: str) -> EditResult:
        """Write what this press means, so that holding the key can replace it."""
        self._remember(None)
        self._tap = None
        return self._put(self._as_wide(text))

    def _commit_and_put(self, text: str) -> EditResult:
        self._close()
        return self._put(self._as_wide(text))

    def _as_wide(self, text: str) -> str:
        """What is typed, as wide as the mode; what was picked or spoken stays as it is."""
        return wide(text) if self._mode is TextMode.FULL_WIDTH else text

    def _put(self, text: str) -> EditResult:
        """Insert at the caret, as much as the box holds."""
        return CHANGED if self._buffer.put(text) else EditResult(False, Hint.FULL)

    # ------------------------------------------------------------ deleting, moving

    def _delete(self) -> EditResult:
        if self._unspelt is not None:
            self._spell_no_more(self._unspelt)
            return CHANGED
        self._deleting_text = self.state is State.TEXT
        if self.state is State.TEXT:
            if not self.text:
                return EditResult(False, empty_delete=True)
            return self._delete_character()
        if self.state is State.PINYIN:
            self._undo_key()
            return CHANGED
        return self._undo_pick()

    def _delete_more(self) -> EditResult:
        """Held: goes on where the press began, and never from a composition into the text."""
        if self.state is State.TEXT:
            return self._delete_character() if self._deleting_text else NOTHING
        if self.state is State.PINYIN and not self._deleting_text and not self._at_edge:
            self._undo_key()
            return CHANGED
        return NOTHING

    def _delete_character(self) -> EditResult:
        self._tap = None
        return EditResult(self._buffer.delete())

    def _move(self, by: int) -> EditResult:
        open_before = self.state is not State.TEXT
        confirmed = self._tap is not None
        self._close()
        moved = not (confirmed and by == 1) and self._buffer.move(by)
        return EditResult(moved or open_before or confirmed)

    def _right_or_next_word(self) -> EditResult:
        """The caret one to the right; at the end of the text the words that often follow."""
        if self._tap is None and self.state is State.TEXT and not self._buffer.after:
            learn = partial(learn_next_word, self._engine, self._buffer.before)
            choice = NextWordChoice(self.predictions, learn)
            if not choice.empty:
                self._layer = choice
                return CHANGED
        return self._move(1)

    def _clear(self) -> EditResult:
        """Empty the box; again: what was cleared comes back."""
        if self.text or self._open is not None:
            cleared = Written(self.sentence(), len(self._buffer.before + self._open_text()))
            self.set_text("")
            self._cleared = cleared
            return CHANGED
        if self._cleared is None:
            return EditResult(False, Hint.NOTHING_TO_UNDO)
        cleared, self._cleared = self._cleared, None
        self._drop_open()
        self._buffer.restore(cleared)
        return CHANGED

    # ------------------------------------------------------------ modes

    def _next_mode(self) -> EditResult:
        if isinstance(self._layer, SymbolPages):
            self._layer.next_kind()
            return CHANGED
        self._close()
        self._spelling = False
        self._mode = next_mode(self._mode, self._first_mode)
        return CHANGED

    def _width(self) -> EditResult:
        """Half or full width in Chinese; small letters or capitals in English."""
        if self._mode not in OTHER_WIDTH:
            return NOTHING
        self._mode = OTHER_WIDTH[self._mode]
        if self._english is not None:
            self._english.case = Case.UPPER if self._mode is TextMode.CAPITALS else Case.LOWER
            if self._layer is not None:
                self._layer = EnglishChoice(self._english)
        self._tap = None
        return CHANGED

    def _open_symbols(self, kind: Page) -> EditResult:
        self._close()
        self._layer = SymbolPages(self._symbols, kind)
        return CHANGED

    # ------------------------------------------------------------ what is open

    def _separator(self) -> EditResult:
        if self._english is not None:
            self._unspelt = self._english
            self._remember(partial(self._spell_no_more, self._english))
            self._open, self._spelling = None, True
            return EditResult(True, Hint.SPELLING)
        composition = self._composition
        if composition is None:
            return NOTHING
        separated = composition.separate()
        self._remember(composition.delete if separated else lambda: None)
        return EditResult(separated)

    def _spell_no_more(self, word: EnglishWord) -> None:
        """The word that spelling took away stands there again."""
        self._open, self._spelling = word, False

    def _next_sentence(self) -> EditResult:
        if self._open is not None and self._open.next_sentence():
            return CHANGED
        return EditResult(False, Hint.NOTHING_TO_CHOOSE)

    def _accept(self) -> EditResult:
        """D: done with the layer where it is one that only helps; else commit."""
        if self._layer is not None and not self._layer.accepts_all:
            self._leave_bar()
        else:
            self._close()
        return CHANGED

    def _close(self) -> None:
        """Commit whatever is open."""
        composition, english = self._composition, self._english
        self._drop_open()
        if composition is not None and composition.keys:
            # Hanzi have one width, and what was decoded is never cut.
            self._buffer.put_whole(composition.commit())
        elif english is not None:
            self._buffer.put_word(english.commit())

    def _drop_open(self) -> None:
        self._let_go()
        self._open = self._layer = self._tap = self._before = None
        self._pause.cancel()

    # ------------------------------------------------------------ choosing

    def _choose(self, weakest: bool) -> EditResult:
        if self._english is not None:
            self._layer = EnglishChoice(self._english)
            return CHANGED
        composition = self._composition
        if composition is None or not composition.words():
            return EditResult(False, Hint.NOTHING_TO_CHOOSE)
        place = composition.weakest() if weakest else None
        last = len(composition.words()) - 1
        self._layer = WordChoice(composition, last if place is None else place)
        return CHANGED

    def _syllable_bar(self) -> EditResult:
        """B: the bar, or back from it; in English the next way to write the word."""
        if self._english is not None:
            self._english.case = self._english.case.next()
            return CHANGED
        if self._layer is not None:
            self._leave_bar()
            return CHANGED
        composition = self._composition
        if composition is None or not composition.words():
            return EditResult(False, Hint.NOTHING_TO_CHOOSE)
        bar = SyllableBar(composition)
        if bar.empty:
            return EditResult(False, Hint.NOTHING_TO_CHOOSE)
        self._layer = bar
        return CHANGED

    def _leave_bar(self) -> None:
        """Done with the layer; pinyin goes on at its end."""
        self._layer = None
        if self._composition is not None:
            self._composition.leave_gap()

    def _pick(self, digit: int) -> EditResult:
        layer, before = self._layer, self._buffer.written
        picked = layer.pick(digit) if layer is not None else None
        if picked is None:
            return NOTHING
        if picked.hint is not None:
            return EditResult(False, picked.hint)
        if not picked.stays:
            self._layer = None
        result = CHANGED
        if picked.text:
            self._drop_open()
            put = self._buffer.put_word if isinstance(layer, EnglishChoice) else self._buffer.put
            result = CHANGED if put(picked.text) else EditResult(False, Hint.FULL)
        if isinstance(layer, LearntChoice):
            self._picked = Picked(layer, before)
        return result

    def _let_go(self) -> None:
        """What was picked stands: its key was not held."""
        if self._picked is not None:
            self._picked.layer.learn()
            self._picked = None

    def _forget(self) -> EditResult:
        """The key was held: its pick is taken back, and what was learnt of the word forgotten.
        Where nothing was, it was picked slowly, and stays so."""
        if self._picked is None:
            return NOTHING
        word = self._picked.layer.taken
        if not self._forgetting.forget(word):
            self._let_go()
            return EditResult(False, Hint.NOTHING_LEARNT, word=word)
        picked, self._picked = self._picked, None
        self._buffer.restore(picked.before)
        picked.layer.unpick()
        self._layer = picked.layer if picked.layer.renew() else None
        return EditResult(True, Hint.FORGOTTEN, word=word)

    def _take_habits(self) -> None:
        """The habits were changed from outside: what is open follows them."""
        self._picked = None
        self._forgetting.settle()
        self._next_words = []
        if isinstance(self._layer, (LearntChoice, SyllableBar)):
            self._layer = self._layer if self._layer.renew() else None
        elif self._composition is not None:
            self._composition.take_habits()

    def _go(self, by: int) -> EditResult:
        return EditResult(self._layer is not None and self._layer.go(by))

    def _turn_page(self, by: int) -> EditResult:
        return EditResult(self._layer is not None and self._layer.turn_page(by))

    def _undo_pick(self) -> EditResult:
        """Undo what was forgotten just now, or picked since the layer was opened; nothing left: go
        back."""
        if self._layer is None:
            return NOTHING
        word = self._forgetting.undo()
        if word and isinstance(self._layer, LearntChoice):
            self._layer.renew()
            return EditResult(True, Hint.LEARNT_AGAIN, word=word)
        if not self._layer.undo():
            self._layer = None
        return CHANGED

    def _word_or_character(self) -> EditResult:
        if not isinstance(self._layer, WordChoice):
            return NOTHING
        self._layer.switch()
        return CHANGED

    # ------------------------------------------------------------ drawing

    def view(self) -> ComposeView | ChooseView | SyllableView | SymbolView:
        """What to draw."""
        hint = ""
        if self.hints:
            hint = key_hint(self.state, self._open, self.text, self._next_words, self.language)
        below = box_view(self.text, self.caret, self._open, hint, self._tap is not None)
        return below if self._layer is None else self._layer.view(below, self.language)
