"""The text editor behind the keypad: every typing intent in, text and views out.

The application drives it: `act` for each typing intent of `ui.keymap`, `tick` when the time of
`next_deadline` has come, `view` to draw. It knows no screen, no driver and no dialogue.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import Final

from ui.gutter import TextMode
from ui.input.composition import Candidate, Composition, Split
from ui.input.engine import Engine
from ui.input.english import Case
from ui.input.pages import PER_PAGE, paginate
from ui.input.rerank import MIN_KEYS, PAUSE, RerankRequest, order_by
from ui.input.syllables import LETTERS
from ui.input.symbols import Page, Symbols
from ui.keymap import Action, Intent, State
from ui.screens.choose import ChooseView
from ui.screens.compose import ComposeView, Span
from ui.screens.syllables import SyllableView
from ui.screens.symbols import SymbolView
from ui.strings import Language

MULTITAP: Final = 1.0  # seconds after which the next press begins a new letter
MAX_TEXT: Final = 2000  # characters of the box
MAX_WORD: Final = 32  # keys of an English word

_MARKS = {TextMode.HANZI: "，。？！", TextMode.FULL_WIDTH: "，。？！"}
_ENGLISH_MARKS = ".,?!'"
_HINT: dict[tuple[str, Language], str] = {
    ("pinyin", Language.ZH): "0换句 *#选 B切音 D定",
    ("pinyin", Language.EN): "0 next *# pick D take",
    ("english", Language.ZH): "0换词 #选 B大写 D定",
    ("english", Language.EN): "0 next # pick B caps",
}
_HANZI = (TextMode.HANZI, TextMode.FULL_WIDTH)
_ENGLISH = (TextMode.ENGLISH, TextMode.CAPITALS)


class Hint(Enum):
    """What the user should be told about an action that did nothing."""

    FULL = "full"  # the text box or the composition holds no more
    NOTHING_TO_CHOOSE = "nothing-to-choose"
    NOTHING_TO_UNDO = "nothing-to-undo"


@dataclass(frozen=True, slots=True)
class EditResult:
    """What one intent did.

    `changed`: something visible changed. `hint`: why nothing did. `empty_delete`: A was pressed on
    an empty box; the application goes home.
    """

    changed: bool
    hint: Hint | None = None
    empty_delete: bool = False


_CHANGED = EditResult(True)
_NOTHING = EditResult(False)


@dataclass
class _Tap:
    """A character still being chosen by pressing its key again."""

    key: int
    choices: str
    at: int  # in choices
    deadline: float


@dataclass
class _English:
    """An open English word: its keys, its candidates, the one shown, how it is written."""

    keys: str
    candidates: list[str]
    at: int = 0
    case: Case = Case.LOWER

    @property
    def text(self) -> str:
        """The word shown, no longer than what is typed unless it was chosen."""
        word = self.candidates[self.at]
        return self.case.of(word[: len(self.keys)] if self.at == 0 else word)


@dataclass
class _Choosing:
    """Choosing the word at `place`; `picked` counts what can be undone before going back."""

    place: int
    candidates: list[Candidate]
    pages: list[range]
    page: int = 0
    characters: bool = False
    picked: int = 0


@dataclass
class _Splitting:
    """Choosing the syllable that begins at key `start`."""

    start: int
    splits: list[Split]
    page: int = 0
    locked: int = 0


@dataclass
class _Before:
    """What a press found, so that holding the key can make a digit of it."""

    text: str
    caret: int
    undo: Callable[[], None] | None


class Editor:
    """Text, caret, the open composition and the mode of the digit keys.

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
        self._text = ""
        self._caret = 0
        self._mode = TextMode.HANZI
        self._composition: Composition | None = None
        self._english: _English | None = None
        self._spelling = False  # English letter by letter
        self._tap: _Tap | None = None
        self._choosing: _Choosing | None = None
        self._splitting: _Splitting | None = None
        self._symbols = Symbols()
        self._symbol_page: tuple[Page, int] | None = None
        self._before: _Before | None = None
        self._deleting_text = False  # what a held A may go on deleting
        self._cleared: tuple[str, int] | None = None
        self._rerank_at: float | None = None
        self._rerank_due = False
        self._acts: dict[Intent, Callable[[int], EditResult]] = {
            Intent.TYPE: self._type,
            Intent.TYPE_DIGIT: self._type_digit,
            Intent.PUNCTUATE: self._punctuate,
            Intent.SPACE: self._space,
            Intent.SYMBOLS: lambda _: self._open_symbols(
                Page.FULL if self._mode in _HANZI else Page.HALF
            ),
            Intent.EMOJI: lambda _: self._open_symbols(Page.EMOJI),
            Intent.DELETE: self._delete,
            Intent.DELETE_MORE: self._delete_more,
            Intent.NEXT_MODE: self._next_mode,
            Intent.CARET_LEFT: lambda _: self._move(-1),
            Intent.CARET_RIGHT: lambda _: self._move(1),
            Intent.TEXT_START: lambda _: self._move(-MAX_TEXT),
            Intent.TEXT_END: lambda _: self._move(MAX_TEXT),
            Intent.CLEAR: self._clear,
            Intent.NEWLINE: lambda _: self._commit_and_put("\n"),
            Intent.WIDTH: self._width,
            Intent.SEPARATOR: self._separator,
            Intent.NEXT_SENTENCE: self._next_sentence,
            Intent.SYLLABLE_BAR: self._syllable_bar,
            Intent.ACCEPT: self._accept,
            Intent.CHOOSE_LAST: lambda _: self._choose(weakest=False),
            Intent.CHOOSE_WEAKEST: lambda _: self._choose(weakest=True),
            Intent.PICK: self._pick,
            Intent.NEXT_PAGE: lambda _: self._turn_page(1),
            Intent.PREVIOUS_PAGE: lambda _: self._turn_page(-1),
            Intent.UNDO_PICK: self._undo_pick,
            Intent.WORD_OR_CHARACTER: self._word_or_character,
            Intent.PREVIOUS_WORD: lambda _: self._go(-1),
            Intent.NEXT_WORD: lambda _: self._go(1),
        }

    # ------------------------------------------------------------ what others read

    @property
    def state(self) -> State:
        """One of TEXT, PINYIN, CHOOSE, SYLLABLES, SYMBOLS."""
        if self._symbol_page is not None:
            return State.SYMBOLS
        if self._choosing is not None:
            return State.CHOOSE
        if self._splitting is not None:
            return State.SYLLABLES
        return State.PINYIN if self._composition or self._english else State.TEXT

    @property
    def text(self) -> str:
        """What is committed."""
        return self._text

    @property
    def caret(self) -> int:
        """Offset into `text`."""
        return self._caret

    @property
    def mode(self) -> TextMode:
        """HANZI, FULL_WIDTH, ENGLISH, CAPITALS or NUMBER; SYMBOL while their pages are shown."""
        return TextMode.SYMBOL if self._symbol_page is not None else self._mode

    @property
    def strip(self) -> float | None:
        """Fraction left of the multi-tap time-out; None: nothing is timed."""
        if self._tap is None:
            return None
        return max(0.0, min(1.0, (self._tap.deadline - self._clock()) / MULTITAP))

    def next_deadline(self) -> float | None:
        """When `tick` should be called next, in the clock's seconds."""
        times = [self._tap.deadline if self._tap else None, self._rerank_at]
        return min((time for time in times if time is not None), default=None)

    def tick(self, now: float) -> bool:
        """Let time pass; True when something visible changed."""
        if self._rerank_at is not None and now >= self._rerank_at:
            self._rerank_at, self._rerank_due = None, True
        if self._tap is not None and now >= self._tap.deadline:
            self._tap = None
            return True
        return False

    def sentence(self) -> str:
        """The text as if the composition were accepted now; for sending and for prefill."""
        return self._text[: self._caret] + self._open_text() + self._text[self._caret :]

    def open_words(self) -> tuple[str, ...]:
        """The words of the open composition as they are shown; empty when nothing is open."""
        if self._composition is not None:
            return tuple(map(self._composition.word_text, self._composition.words()))
        return (self._english.text,) if self._english is not None else ()

    def predictions(self) -> list[str]:
        """Likely next words at the caret, when nothing is open."""
        if self._composition is not None or self._mode not in _HANZI:
            return []
        return self._engine.predictions(self._text[: self._caret])

    # ------------------------------------------------------------ what others do

    def act(self, action: Action) -> EditResult:
        """Do one typing intent; an intent that means nothing in this state changes nothing."""
        do = self._acts.get(action.intent)
        if do is None:
            return _NOTHING
        result = do(action.digit)
        if result.changed and action.intent is not Intent.CLEAR:
            self._cleared = None
        waits = self._composition is not None and self.state is State.PINYIN
        if result.changed:
            self._rerank_at = self._clock() + PAUSE if waits else None
            self._rerank_due = False
        return result

    def accept(self) -> str:
        """Commit the open composition and give the whole text (D, long D, before talk)."""
        self._close()
        return self._text

    def insert(self, text: str) -> None:
        """Insert recognised speech at the caret; an open composition is committed first."""
        self._close()
        self._put(text)

    def set_text(self, text: str, caret: int | None = None) -> None:
        """Replace everything; the caret goes to `caret` or to the end."""
        self._drop_open()
        self._text = text[:MAX_TEXT]
        size = len(self._text)
        self._caret = size if caret is None else max(0, min(size, caret))

    def clear(self) -> None:
        """Empty the box after its text was sent; nothing to undo."""
        self.set_text("")
        self._cleared = None

    # ------------------------------------------------------------ re-ranking

    def rerank_request(self) -> RerankRequest | None:
        """The sentences to score, once after each pause of `PAUSE` in typing pinyin that `tick`
        has seen; None when there is nothing to ask."""
        composition = self._composition
        if not self._rerank_due or composition is None:
            return None
        self._rerank_due = False
        if composition.chosen or len(composition.keys) < MIN_KEYS:
            return None
        found = composition.sentences()
        if len(found) < 2:
            return None
        head, tail = self._text[: self._caret], self._text[self._caret :]
        texts = tuple(head + composition.text_of(path.words) + tail for path in found)
        return RerankRequest(composition.revision, texts, tuple(path.cost for path in found))

    def rerank(self, request: RerankRequest, logprobs: Sequence[float]) -> bool:
        """Order the sentences by the scores of a request; False when that came too late."""
        if self._composition is None or self.state is not State.PINYIN:
            return False
        order = order_by(request.costs, logprobs)
        return self._composition.reorder(request.revision, order)

    # ------------------------------------------------------------ typing

    def _type(self, digit: int) -> EditResult:
        if self._mode is TextMode.NUMBER:
            return self._remembering(lambda: self._put(str(digit)))
        if digit == 1:
            return self._punctuate(digit)
        if self._mode in _ENGLISH:
            return self._type_english(digit)
        return self._type_pinyin(digit)

    def _type_pinyin(self, digit: int) -> EditResult:
        self._tap = None
        if self._composition is None:
            self._composition = Composition(self._engine, self._text[: self._caret])
        composition = self._composition
        if composition.full or len(self._text) >= MAX_TEXT:
            self._before = None
            return EditResult(False, Hint.FULL)
        composition.type(digit)
        self._remember(self._undo_key)
        return _CHANGED

    def _type_english(self, digit: int) -> EditResult:
        if self._spelling:
            letters = LETTERS[str(digit)]
            if self._mode is TextMode.CAPITALS:
                letters = letters.upper()
            return self._tapped(digit, letters + str(digit))
        self._tap = None
        keys = (self._english.keys if self._english else "") + str(digit)
        if len(keys) > MAX_WORD or len(self._text) + MAX_WORD > MAX_TEXT:
            self._before = None
            return EditResult(False, Hint.FULL)
        self._set_english(keys)
        self._remember(self._undo_key)
        return _CHANGED

    def _set_english(self, keys: str) -> None:
        case = Case.UPPER if self._mode is TextMode.CAPITALS else Case.LOWER
        if self._english:
            case = self._english.case
        candidates = self._engine.english.candidates(keys)
        self._english = _English(keys, candidates, case=case) if keys else None

    def _undo_key(self) -> None:
        """Take the last key of the open word back."""
        if self._composition is not None:
            self._composition.delete()
            if not self._composition.keys:
                self._composition = None
        elif self._english is not None:
            self._set_english(self._english.keys[:-1])

    def _tapped(self, key: int, choices: str) -> EditResult:
        """The next of `choices` if this key was pressed just now, else the first."""
        now = self._clock()
        tap = self._tap
        if tap is not None and tap.key == key and tap.choices == choices and now < tap.deadline:
            tap.at = (tap.at + 1) % len(choices)
            tap.deadline = now + MULTITAP
            self._text = self._text[: self._caret - 1] + choices[tap.at] + self._text[self._caret :]
            return _CHANGED
        result = self._remembering(lambda: self._put(choices[0]))
        if result.changed:
            self._tap = _Tap(key, choices, 0, now + MULTITAP)
        return result

    def _punctuate(self, digit: int) -> EditResult:
        if self._mode is TextMode.NUMBER:
            return self._remembering(lambda: self._put("1"))
        return self._tapped(1, _MARKS.get(self._mode, _ENGLISH_MARKS))

    def _space(self, digit: int) -> EditResult:
        self._spelling = False
        return self._commit_and_put("0" if self._mode is TextMode.NUMBER else " ")

    def _type_digit(self, digit: int) -> EditResult:
        """The key was held: what its press did becomes the digit."""
        before = self._before
        self._before = None
        if before is not None and before.undo is not None:
            before.undo()
        elif before is not None:
            self._text, self._caret = before.text, before.caret
        return self._commit_and_put(str(digit))

    def _remember(self, undo: Callable[[], None] | None) -> None:
        self._before = _Before(self._text, self._caret, undo)

    def _remembering(self, put: Callable[[], EditResult]) -> EditResult:
        self._remember(None)
        self._tap = None
        return put()

    def _commit_and_put(self, text: str) -> EditResult:
        self._close()
        return self._put(text)

    def _put(self, text: str) -> EditResult:
        """Insert at the caret, as much as the box holds."""
        room = MAX_TEXT - len(self._text)
        if room <= 0:
            return EditResult(False, Hint.FULL)
        text = text[:room]
        if self._mode is TextMode.FULL_WIDTH:
            text = "".join(_wide(character) for character in text)
        self._text = self._text[: self._caret] + text + self._text[self._caret :]
        self._caret += len(text)
        return _CHANGED

    # ------------------------------------------------------------ deleting, moving

    def _delete(self, digit: int) -> EditResult:
        self._deleting_text = self.state is State.TEXT
        if self.state is State.TEXT:
            if not self._text:
                return EditResult(False, empty_delete=True)
            return self._delete_character()
        if self.state is State.PINYIN:
            self._undo_key()
            return _CHANGED
        return self._undo_pick(digit)

    def _delete_more(self, digit: int) -> EditResult:
        """Held: goes on where the press began, and never from a composition into the text."""
        if self.state is State.TEXT:
            return self._delete_character() if self._deleting_text else _NOTHING
        if self.state is State.PINYIN and not self._deleting_text:
            self._undo_key()
            return _CHANGED
        return _NOTHING

    def _delete_character(self) -> EditResult:
        self._tap = None
        if not self._caret:
            return _NOTHING
        self._text = self._text[: self._caret - 1] + self._text[self._caret :]
        self._caret -= 1
        return _CHANGED

    def _move(self, by: int) -> EditResult:
        open_before = self.state is not State.TEXT
        confirmed = self._tap is not None
        self._close()
        caret = max(0, min(len(self._text), self._caret + by))
        if confirmed and by == 1:
            caret = self._caret
        moved = caret != self._caret
        self._caret = caret
        return EditResult(moved or open_before or confirmed)

    def _clear(self, digit: int) -> EditResult:
        """Empty the box; again: what was cleared comes back."""
        if self._text or self._open_text():
            kept = self._text[: self._caret] + self._open_text()
            self._cleared = (self.sentence(), len(kept))
            cleared = self._cleared
            self.set_text("")
            self._cleared = cleared
            return _CHANGED
        if self._cleared is None:
            return EditResult(False, Hint.NOTHING_TO_UNDO)
        text, caret = self._cleared
        self._cleared = None
        self.set_text(text, caret)
        return _CHANGED

    # ------------------------------------------------------------ modes

    def _next_mode(self, digit: int) -> EditResult:
        if self._symbol_page is not None:
            self._symbol_page = (self._symbol_page[0].next(), 0)
            return _CHANGED
        self._close()
        self._spelling = False
        if self._mode in _HANZI:
            self._mode = TextMode.ENGLISH
        elif self._mode in _ENGLISH:
            self._mode = TextMode.NUMBER
        else:
            self._mode = TextMode.HANZI
        return _CHANGED

    def _width(self, digit: int) -> EditResult:
        """Half or full width in Chinese; small letters or capitals in English."""
        other = {
            TextMode.HANZI: TextMode.FULL_WIDTH,
            TextMode.FULL_WIDTH: TextMode.HANZI,
            TextMode.ENGLISH: TextMode.CAPITALS,
            TextMode.CAPITALS: TextMode.ENGLISH,
        }
        if self._mode not in other:
            return _NOTHING
        self._mode = other[self._mode]
        if self._english is not None:
            self._english.case = Case.UPPER if self._mode is TextMode.CAPITALS else Case.LOWER
        self._tap = None
        return _CHANGED

    # ------------------------------------------------------------ the composition

    def _separator(self, digit: int) -> EditResult:
        if self._english is not None:
            self._english = None
            self._spelling = True
            return _CHANGED
        if self._composition is None:
            return _NOTHING
        composition = self._composition
        if composition.separate():
            self._remember(composition.delete)
            return _CHANGED
        self._remember(lambda: None)
        return _NOTHING

    def _next_sentence(self, digit: int) -> EditResult:
        if self._english is not None:
            self._english.at = (self._english.at + 1) % len(self._english.candidates)
            return EditResult(len(self._english.candidates) > 1)
        if self._composition is not None and self._composition.next_sentence():
            return _CHANGED
        return EditResult(False, Hint.NOTHING_TO_CHOOSE)

    def _accept(self, digit: int) -> EditResult:
        """D: done with the syllables or the symbols; else commit."""
        if self._splitting is not None:
            self._splitting = None
            return _CHANGED
        if self._symbol_page is not None:
            self._symbol_page = None
            return _CHANGED
        self._close()
        return _CHANGED

    def _open_text(self) -> str:
        if self._composition is not None:
            return self._composition.text()
        return self._english.text if self._english is not None else ""

    def _close(self) -> None:
        """Commit whatever is open."""
        composition, english = self._composition, self._english
        self._drop_open()
        if composition is not None and composition.keys:
            self._put_plain(composition.commit())
        elif english is not None:
            self._put(english.text)

    def _put_plain(self, text: str) -> None:
        """Hanzi have one width, and what was decoded is never cut."""
        self._text = self._text[: self._caret] + text + self._text[self._caret :]
        self._caret += len(text)

    def _drop_open(self) -> None:
        self._composition = self._english = self._tap = None
        self._choosing = self._splitting = self._symbol_page = None
        self._before = None
        self._rerank_at, self._rerank_due = None, False

    # ------------------------------------------------------------ choosing words

    def _choose(self, weakest: bool) -> EditResult:
        if self._english is not None:
            self._choosing = self._english_choice()
            return _CHANGED
        composition = self._composition
        if composition is None or not composition.words():
            return EditResult(False, Hint.NOTHING_TO_CHOOSE)
        place = composition.weakest() if weakest else None
        self._choosing = self._choice(len(composition.words()) - 1 if place is None else place)
        return _CHANGED

    def _choice(self, place: int, characters: bool = False, picked: int = 0) -> _Choosing:
        composition = self._composition
        assert composition is not None
        found = composition.characters(place) if characters else composition.candidates(place)
        pages = paginate([item.text for item in found])
        return _Choosing(place, found, pages, characters=characters, picked=picked)

    def _english_choice(self) -> _Choosing:
        assert self._english is not None
        words = [self._english.case.of(word) for word in self._english.candidates]
        return _Choosing(0, [], paginate(words))

    def _pick(self, digit: int) -> EditResult:
        if self._symbol_page is not None:
            return self._pick_symbol(digit)
        if self._splitting is not None:
            return self._pick_split(digit)
        if self._choosing is None:
            return _NOTHING
        choosing = self._choosing
        page = choosing.pages[choosing.page] if choosing.pages else range(0)
        if not 1 <= digit <= len(page):
            return _NOTHING
        chosen = page[digit - 1]
        if self._english is not None:
            word = self._english.case.of(self._english.candidates[chosen])
            self._drop_open()
            self._put(word)
            return _CHANGED
        assert self._composition is not None
        self._composition.pick(choosing.candidates[chosen])
        following = choosing.place + 1
        if following < len(self._composition.words()):
            self._choosing = self._choice(following, picked=choosing.picked + 1)
        else:
            self._choosing = None
        return _CHANGED

    def _go(self, by: int) -> EditResult:
        """To the next or previous word, or syllable of the bar."""
        if self._splitting is not None:
            return self._go_syllable(by)
        if self._choosing is None or self._composition is None:
            return _NOTHING
        choosing = self._choosing
        place = choosing.place + by
        if not 0 <= place < len(self._composition.words()):
            return _NOTHING
        self._choosing = self._choice(place, choosing.characters, choosing.picked)
        return _CHANGED

    def _turn_page(self, by: int) -> EditResult:
        if self._symbol_page is not None:
            page, at = self._symbol_page
            count = _pages(len(self._symbols.items(page)))
            self._symbol_page = (page, (at + by) % count)
            return EditResult(count > 1)
        if self._splitting is not None:
            count = _pages(len(self._splitting.splits))
            self._splitting.page = (self._splitting.page + by) % count
            return EditResult(count > 1)
        if self._choosing is None or len(self._choosing.pages) < 2:
            return _NOTHING
        self._choosing.page = (self._choosing.page + by) % len(self._choosing.pages)
        return _CHANGED

    def _undo_pick(self, digit: int) -> EditResult:
        """Undo what was picked since the bar or the list was opened; nothing left: go back."""
        if self._symbol_page is not None:
            self._symbol_page = None
        elif self._splitting is not None:
            self._undo_lock(self._splitting)
        elif self._choosing is not None and self._composition is not None:
            picked = self._choosing.picked
            if picked and self._composition.undo_pick():
                place = min(max(0, self._choosing.place - 1), len(self._composition.words()) - 1)
                self._choosing = self._choice(place, picked=picked - 1)
            else:
                self._choosing = None
        elif self._choosing is not None:
            self._choosing = None
        else:
            return _NOTHING
        return _CHANGED

    def _word_or_character(self, digit: int) -> EditResult:
        choosing = self._choosing
        if choosing is None or self._composition is None:
            return _NOTHING
        self._choosing = self._choice(choosing.place, not choosing.characters, choosing.picked)
        return _CHANGED

    # ------------------------------------------------------------ choosing syllables

    def _syllable_bar(self, digit: int) -> EditResult:
        """B: the bar, or back from it; in English the next way to write the word."""
        if self._english is not None:
            self._english.case = self._english.case.next()
            return _CHANGED
        if self._splitting is not None:
            self._splitting = None
            return _CHANGED
        composition = self._composition
        if composition is None or not composition.words():
            return EditResult(False, Hint.NOTHING_TO_CHOOSE)
        self._splitting = _Splitting(0, composition.splits(0))
        return _CHANGED

    def _pick_split(self, digit: int) -> EditResult:
        splitting, composition = self._splitting, self._composition
        assert splitting is not None and composition is not None
        at = splitting.page * PER_PAGE + digit - 1
        if digit < 1 or at >= len(splitting.splits):
            return _NOTHING
        split = splitting.splits[at]
        if not composition.lock(splitting.start, split):
            return EditResult(False, Hint.NOTHING_TO_CHOOSE)
        self._at_syllable(splitting.start + len(split.letters), splitting.locked + 1)
        return _CHANGED

    def _at_syllable(self, start: int, locked: int) -> None:
        """Show the bar of the syllable at `start`; beyond the last one it closes."""
        composition = self._composition
        assert composition is not None
        splits = composition.splits(start) if start < len(composition.keys) else []
        self._splitting = _Splitting(start, splits, locked=locked) if splits else None

    def _go_syllable(self, by: int) -> EditResult:
        splitting, composition = self._splitting, self._composition
        assert splitting is not None and composition is not None
        starts = composition.syllable_starts()
        if by > 0:
            target = next((at for at in starts if at > splitting.start), None)
        else:
            target = next((at for at in reversed(starts) if at < splitting.start), None)
        if target is None:
            return _NOTHING
        self._splitting = _Splitting(target, composition.splits(target), locked=splitting.locked)
        return _CHANGED

    def _undo_lock(self, splitting: _Splitting) -> None:
        composition = self._composition
        assert composition is not None
        if splitting.locked and composition.undo_pick():
            starts = composition.syllable_starts()
            start = max((at for at in starts if at < splitting.start), default=0)
            self._splitting = _Splitting(
                start, composition.splits(start), locked=splitting.locked - 1
            )
        else:
            self._splitting = None

    # ------------------------------------------------------------ symbols

    def _open_symbols(self, page: Page) -> EditResult:
        self._close()
        self._symbol_page = (page, 0)
        return _CHANGED

    def _pick_symbol(self, digit: int) -> EditResult:
        assert self._symbol_page is not None
        page, at = self._symbol_page
        items = self._symbols.items(page)[at * PER_PAGE : (at + 1) * PER_PAGE]
        if not 1 <= digit <= len(items):
            return _NOTHING
        self._symbol_page = None
        item = items[digit - 1]
        self._symbols.use(page, item)
        return self._put(item)

    # ------------------------------------------------------------ drawing

    def view(self) -> ComposeView | ChooseView | SyllableView | SymbolView:
        """What to draw."""
        if self._symbol_page is not None:
            return self._symbol_view(*self._symbol_page)
        if self._choosing is not None:
            return self._choose_view(self._choosing)
        if self._splitting is not None:
            return self._syllable_view(self._splitting)
        return self._compose_view()

    def _compose_view(self) -> ComposeView:
        spans: tuple[Span, ...] = ()
        pinyin = ""
        if self._composition is not None:
            composition = self._composition
            weakest = composition.weakest()
            spans = tuple(
                Span(composition.word_text(word), place == weakest)
                for place, word in enumerate(composition.words())
            )
            pinyin = composition.pinyin()
        elif self._english is not None:
            spans = (Span(self._english.text),)
        return ComposeView(
            self._text, self._caret, spans, pinyin, self._hint(), self._tap is not None
        )

    def _hint(self) -> str:
        if not self.hints or self.state is not State.PINYIN:
            return ""
        kind = "english" if self._english is not None else "pinyin"
        return _HINT[kind, self.language]

    def _choose_view(self, choosing: _Choosing) -> ChooseView:
        if self._english is not None:
            words: tuple[str, ...] = (self._english.text,)
            pinyin = ""
            case = self._english.case
            items = [case.of(word) for word in self._english.candidates]
        else:
            composition = self._composition
            assert composition is not None
            shown = composition.words()
            words = tuple(composition.word_text(word) for word in shown)
            pinyin = "'".join(composition.reading(shown[choosing.place]))
            items = [candidate.text for candidate in choosing.candidates]
        page = choosing.pages[choosing.page] if choosing.pages else range(0)
        return ChooseView(
            words,
            choosing.place,
            pinyin,
            tuple(items[at] for at in page),
            choosing.page + 1,
            max(1, len(choosing.pages)),
            self._text[: self._caret],
            self._text[self._caret :],
        )

    def _syllable_view(self, splitting: _Splitting) -> SyllableView:
        first = splitting.page * PER_PAGE
        splits = splitting.splits[first : first + PER_PAGE]
        return SyllableView(self._compose_view(), tuple(s.letters for s in splits), 0)

    def _symbol_view(self, page: Page, at: int) -> SymbolView:
        items = self._symbols.items(page)
        shown = items[at * PER_PAGE : (at + 1) * PER_PAGE]
        title = self._symbols.title(page, self.language)
        return SymbolView(title, tuple(shown), at + 1, _pages(len(items)))


def _pages(items: int) -> int:
    return max(1, -(-items // PER_PAGE))


def _wide(character: str) -> str:
    """The full-width form of a printable ASCII character."""
    if character == " ":
        return "\u3000"
    return chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character


TYPING: Final = frozenset(
    chain(
        (Intent.TYPE, Intent.TYPE_DIGIT, Intent.PUNCTUATE, Intent.SPACE, Intent.SYMBOLS),
        (Intent.EMOJI, Intent.DELETE, Intent.DELETE_MORE, Intent.NEXT_MODE, Intent.CARET_LEFT),
        (Intent.CARET_RIGHT, Intent.TEXT_START, Intent.TEXT_END, Intent.CLEAR, Intent.NEWLINE),
        (Intent.WIDTH, Intent.SEPARATOR, Intent.NEXT_SENTENCE, Intent.SYLLABLE_BAR),
        (Intent.ACCEPT, Intent.CHOOSE_LAST, Intent.CHOOSE_WEAKEST, Intent.PICK),
        (Intent.NEXT_PAGE, Intent.PREVIOUS_PAGE, Intent.UNDO_PICK, Intent.WORD_OR_CHARACTER),
        (Intent.PREVIOUS_WORD, Intent.NEXT_WORD),
    )
)
"""The intents that `Editor.act` does."""
