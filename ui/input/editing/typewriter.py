"""What the digit keys write: the mode, multi-tap, spelling, and the digit of a key that is held."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ui.gutter import TextMode
from ui.input.composition import Composition
from ui.input.editing.buffer import wide
from ui.input.editing.draft import Draft
from ui.input.editing.english_word import MAX_KEYS, EnglishWord
from ui.input.editing.modes import ENGLISH, HANZI, OTHER_WIDTH, marks, next_mode
from ui.input.editing.multitap import MultiTap
from ui.input.editing.outcome import CHANGED, FULL, NOTHING, EditResult, Hint
from ui.input.engine import Engine
from ui.input.english import Case
from ui.input.syllables import LETTERS


class Typewriter:
    """Writes into the draft what keys mean in `mode`. `tap` is the letter that may still change."""

    def __init__(self, draft: Draft, engine: Engine, clock: Callable[[], float]) -> None:
        self._draft = draft
        self._engine = engine
        self.tap = MultiTap(clock)
        self.mode = self._first_mode
        self._undo_press: Callable[[], None] | None = None  # while its key may still be held
        self._spelling = False  # English letter by letter
        self._unspelt: EnglishWord | None = None  # what spelling took away just now

    # ------------------------------------------------------------ typing

    def type(self, digit: int) -> EditResult:
        """A digit key: a key of what is open, or a letter, a mark, a digit."""
        if self.mode is TextMode.NUMBER:
            return self._put_afresh(str(digit))
        if digit == 1:
            return self.punctuate()
        if self.mode in ENGLISH and (self._spelling or not self._engine.english):
            letters = LETTERS[str(digit)]
            if self.mode is TextMode.CAPITALS:
                letters = letters.upper()
            return self._tapped(digit, letters + str(digit))
        return self._type_key(digit)

    def punctuate(self) -> EditResult:
        """The marks of key 1, one after another."""
        if self.mode is TextMode.NUMBER:
            return self._put_afresh("1")
        return self._tapped(1, marks(self.mode))

    def type_digit(self, digit: int) -> EditResult:
        """The key was held: what its press did becomes the digit."""
        if self._undo_press is not None:
            self._undo_press()
        return self._commit_and_put(str(digit))

    def space(self) -> EditResult:
        """A space; what was spelt is done."""
        self.end_spelling()
        return self._commit_and_put("0" if self.mode is TextMode.NUMBER else " ")

    def newline(self) -> EditResult:
        """The next line begins."""
        return self._commit_and_put("\n")

    def let_go(self) -> None:
        """What a press began is done: a letter to go on with, a digit to make of it."""
        self.tap.end()
        self._undo_press = None

    def _type_key(self, digit: int) -> EditResult:
        """One more key of the open word or sentence."""
        self.let_go()
        draft = self._draft
        room = MAX_KEYS + 1 if self.mode in ENGLISH else 1  # with a space before it
        if (draft.open is not None and draft.open.full) or draft.buffer.room < room:
            return FULL
        if draft.open is None:
            draft.open = self._new_word()
        draft.open.type(digit)
        self._undo_press = draft.undo_key
        return CHANGED

    def _new_word(self) -> Composition | EnglishWord:
        buffer = self._draft.buffer
        if self.mode in HANZI:
            return Composition(self._engine, buffer.before)
        return EnglishWord(self._engine.english, self._case, parted=buffer.after_word)

    def _tapped(self, key: int, choices: str) -> EditResult:
        """The next of `choices` if this key was pressed just now, else the first."""
        following = self.tap.again(key, choices)
        if following is not None:
            self._remember_text()
            self._draft.buffer.replace(following)
            return CHANGED
        result = self._put_afresh(choices[0])
        if result.changed:
            self.tap.begin(key, choices)
        return result

    def _put_afresh(self, text: str) -> EditResult:
        """Write what this press means, so that holding the key can replace it."""
        self.tap.end()
        self._remember_text()
        return self._draft.put(self._as_wide(text))

    def _remember_text(self) -> None:
        buffer = self._draft.buffer
        self._undo_press = partial(buffer.restore, buffer.written)

    def _commit_and_put(self, text: str) -> EditResult:
        self._draft.close()
        return self._draft.put(self._as_wide(text))

    def _as_wide(self, text: str) -> str:
        """What is typed, as wide as the mode; what was picked or spoken stays as it is."""
        return wide(text) if self.mode is TextMode.FULL_WIDTH else text

    # ------------------------------------------------------------ separating, spelling

    def separate(self) -> EditResult:
        """Key 1: a new syllable begins; an English word is taken away, to be spelt."""
        draft = self._draft
        if draft.english is not None:
            self._unspelt = draft.english
            self._undo_press = self._unspell
            draft.open, self._spelling = None, True
            return EditResult(True, Hint.SPELLING)
        if draft.composition is None:
            return NOTHING
        separated = draft.composition.separate()
        self._undo_press = draft.undo_key if separated else None
        return EditResult(separated)

    def undo_spelling(self) -> bool:
        """The word that spelling took away stands there again; False when none was just now."""
        if self._unspelt is None:
            return False
        self._unspell()
        return True

    def end_spelling(self) -> None:
        """English words come from the list again."""
        self._spelling = False

    def settle(self) -> None:
        """The word that spelling took away stays away."""
        self._unspelt = None

    def _unspell(self) -> None:
        self._draft.open, self._spelling = self._unspelt, False

    # ------------------------------------------------------------ modes

    @property
    def _first_mode(self) -> TextMode:
        return TextMode.HANZI if self._engine.chinese else TextMode.ENGLISH

    @property
    def _case(self) -> Case:
        return Case.UPPER if self.mode is TextMode.CAPITALS else Case.LOWER

    def next_mode(self) -> EditResult:
        """From Chinese to English to numbers, round and round."""
        self._draft.close()
        self.end_spelling()
        self.mode = next_mode(self.mode, self._first_mode)
        return CHANGED

    def other_width(self) -> EditResult:
        """Half or full width in Chinese; small letters or capitals in English."""
        if self.mode not in OTHER_WIDTH:
            return NOTHING
        self.mode = OTHER_WIDTH[self.mode]
        if self._draft.english is not None:
            self._draft.english.case = self._case
        return CHANGED

    def next_case(self) -> bool:
        """The next way to write the open English word; False when none is open."""
        word = self._draft.english
        if word is not None:
            word.case = word.case.next()
        return word is not None
