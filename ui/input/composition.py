"""One open composition: keys typed, words chosen, syllables fixed; sentences, words, pinyin out.

Everything that was done can be undone one key at a time. Positions count keys, from 0.
"""

from __future__ import annotations

from collections.abc import Sequence

from ui.input.alternatives import Alternatives, Candidate
from ui.input.certainty import Cells, cells_of, margins
from ui.input.decoding import Decoding
from ui.input.doubts import Doubts
from ui.input.engine import Engine
from ui.input.lattice import BEAM, MAX_KEYS, Kind, Pin
from ui.input.learning.correction import Correction
from ui.input.learning.user import BEGIN, Lesson
from ui.input.nbest import Path, Word
from ui.input.pinyin_line import PinyinLine, Syllable
from ui.input.rules import Split
from ui.input.syllables import keys_of
from ui.input.typed import Shown, Typed

SENTENCES = 10  # that can be leafed through, and re-ranked
STRETCH = 8  # keys decoded ahead at a time


class Composition:
    """Keys after the text `before`. ValueError when more than `MAX_KEYS` are typed."""

    def __init__(self, engine: Engine, before: str = "") -> None:
        self._engine = engine
        self._habits = engine.habits
        self._syllables = engine.model.syllables
        self._before = before
        self._context = engine.context(before)
        self._typed = Typed()
        self._decoding = Decoding(engine)
        self._decoding.begin(self._context, self._typed)
        self._sentences: list[Path] | None = None
        self._selected = 0
        self.revision = 0  # changes with everything that changes the sentences
        self._order: tuple[int, ...] | None = None  # re-ranked
        self._preferred = ""  # what a re-ranking put first, as far as further keys leave it

    # ------------------------------------------------------------ typing

    @property
    def keys(self) -> str:
        return self._typed.keys

    @property
    def empty(self) -> bool:
        """Neither keys nor a gap."""
        return not self.keys and self._typed.gap is None

    @property
    def full(self) -> bool:
        """No further key fits."""
        return len(self.keys) >= MAX_KEYS

    def type(self, key: int) -> None:
        """One more key, 2..9, at the caret. A sentence other than the first that was selected is
        kept."""
        if not 2 <= key <= 9 or self.full:
            raise ValueError("not a key 2..9, or too many keys")
        self._keep_shown()
        self._typed.hold(self.words())
        self._redo(self._typed.type(key))

    def _keep_shown(self) -> None:
        """A sentence that was selected stays, and what was put first does as far as it is
        settled."""
        if self._selected:
            self._pin_selected()
        if self._order is not None:
            self._preferred = self.text_of(self._settled())

    def _settled(self) -> Sequence[Word]:
        """The words shown before the one that is being typed."""
        gap, words = self._typed.gap, self.words()
        return words[:-1] if gap is None else [word for word in words if word.end <= gap.start]

    def separate(self) -> bool:
        """Begin a new syllable here (key 1); False when one begins here already."""
        separated = self._typed.separate()
        if separated:
            self._typed.hold(self.words())
            self._redo(self._typed.caret)
        return separated

    def delete(self) -> None:
        """Undo the last separator or key before the caret, and what was chosen over it; nothing
        at the edge of a gap."""
        if not self.at_edge:
            self._typed.hold(self.words())
            self._preferred = ""
            self._redo(self._typed.delete())

    # ------------------------------------------------------------ typing in the middle

    @property
    def gap(self) -> int | None:
        """The position of the caret in the keys while other keys take a syllable's place."""
        return None if self._typed.gap is None else self._typed.caret

    @property
    def at_edge(self) -> bool:
        """Nothing is typed yet in place of the syllable that was taken out."""
        return self._typed.at_edge

    def take_out(self, start: int) -> None:
        """Take the keys of the syllable shown at `start` out; the next keys go in their place."""
        end = next(syllable.end for syllable in self.syllables() if syllable.start == start)
        if self._selected:
            self._pin_selected()
        before = self._typed.snapshot(self._shown())
        kept = self.text_of([word for word in self.words() if word.end <= start])
        self._preferred = kept if self._order is not None else kept[: len(self._preferred)]
        shown, touched = self.words(), self._close_gap()
        self._redo(min(touched, self._typed.take_out(start, end, before, shown)))

    def put_back(self) -> int | None:
        """Undo `take_out`; gives where the syllable begins, None when there is no gap."""
        gap = self._typed.gap
        if gap is None:
            return None
        self._show(self._typed.put_back(gap))
        return gap.start

    def leave_gap(self) -> None:
        """Go on typing at the end."""
        if self._typed.retyping:
            self._keep_shown()
            self._redo(self._close_gap())
        self._typed.leave()

    def _close_gap(self) -> int:
        """An unfinished syllable in it stays as it is shown. Gives the position from which on the
        sentence may change."""
        word = self._unfinished()
        touched = len(self.keys) if word is None else self._typed.rules.pin([word.pin()])
        self._typed.leave()
        return touched

    def _unfinished(self) -> Word | None:
        """The word before the caret of a gap, where it is shown unfinished before others."""
        if not self._typed.retyping or self.at_edge:
            return None
        unfinished = (word for word in self.words() if word.kind is Kind.PARTIAL)
        return next((word for word in unfinished if word.end == self._typed.caret), None)

    @property
    def unsettled(self) -> bool:
        """There is something to decode ahead of `settle`."""
        return not self._decoding.complete and self._unfinished() is None

    def idle(self, rested: bool) -> bool:
        """Decode a few keys ahead while none comes; `rested`: settle. True when that changed the
        text."""
        if self.unsettled:
            self._decoding.ahead(STRETCH)
        return rested and self.settle()

    def settle(self) -> bool:
        """Decode everything behind the gap as well, unless a syllable is unfinished in it; True
        when that changed the text."""
        if not self._typed.retyping or self._unfinished() is not None:
            return False
        shown = self.text()
        self._keep_shown()
        self._typed.free()
        self._redo(len(self.keys))
        return self.text() != shown

    # ------------------------------------------------------------ sentences

    def sentences(self) -> list[Path]:
        """The best sentences that differ in text, re-ranked if that was done; never empty while
        there are keys, unless what the user fixed leaves no sentence."""
        if self._sentences is None:
            self._sentences = self._in_order(self._distinct())
        return self._sentences

    def _distinct(self) -> list[Path]:
        """In the engine's own order."""
        found: dict[str, Path] = {}
        for path in self._decoding.likely():
            found.setdefault(self.text_of(path.words), path)
        return list(found.values())[:SENTENCES]

    def _in_order(self, found: list[Path]) -> list[Path]:
        """As they were re-ranked; until then those first that go on with what was put first. Where
        habits have changed there may be more or fewer than were re-ranked."""
        if self._order is not None and len(self._order) == len(found):
            return [found[n] for n in self._order]
        return sorted(found, key=lambda p: not self.text_of(p.words).startswith(self._preferred))

    def words(self) -> tuple[Word, ...]:
        """The words of the sentence shown."""
        if self._sentences is None and self._order is None and not self._preferred:
            return self._decoding.best()
        found = self.sentences()
        return found[min(self._selected, len(found) - 1)].words if found else ()

    def text_of(self, words: Sequence[Word]) -> str:
        return "".join(self.word_text(word) for word in words)

    def word_text(self, word: Word) -> str:
        return self._habits.lexicon.text(self._habits.lexicon.word_of(word.entry))

    def text(self) -> str:
        """The sentence shown."""
        return self.text_of(self.words())

    def next_sentence(self) -> bool:
        """Show the next of the best sentences, round and round; False when there is one only."""
        if self.settle():
            return True
        count = len(self.sentences())
        self._selected = (self._selected + 1) % count if count else 0
        return count > 1

    @property
    def chosen(self) -> bool:
        """The user began to choose: a late re-ranking must not reorder any more."""
        return bool(self._selected or self._typed.rules.pins)

    def reorder(self, revision: int, order: Sequence[int]) -> bool:
        """Take a re-ranking of `sentences` asked for at `revision`; False when it came too late."""
        if revision != self.revision or self.chosen or self._sentences is None:
            return False
        shown, found = self._sentences, self._distinct()
        if sorted(order) != list(range(len(shown))):
            raise ValueError("not an order of the sentences")
        self._sentences = [shown[n] for n in order]
        self._order = tuple(map(found.index, self._sentences))
        self._preferred = ""
        return True

    # ------------------------------------------------------------ pinyin

    def reading(self, word: Word) -> list[str]:
        """The syllables of a word as far as they are typed."""
        syllables = self._habits.lexicon.reading_of(word.entry)
        if word.kind is Kind.INITIAL:
            return [syllable[0] for syllable in syllables]
        left = word.end - word.start
        typed = []
        for syllable in syllables:
            typed.append(syllable[:left])
            left -= len(syllable)
        return typed

    def syllables(self) -> list[Syllable]:
        """The syllables of the sentence shown."""
        found = []
        for word in self.words():
            at = word.start
            for letters in self.reading(word):
                found.append(Syllable(at, letters))
                at += len(letters)
        return found

    def pinyin(self) -> str:
        """The reading of the sentence shown, syllables parted by an apostrophe."""
        return self.pinyin_line().text

    def pinyin_line(self) -> PinyinLine:
        """The same, with places in it."""
        at = self._typed.caret
        separated = self.at_edge or self._typed.rules.separated(at)
        return PinyinLine(self.syllables(), at, separated)

    # ------------------------------------------------------------ certainty

    def certainty(self) -> list[int]:
        """Of each word shown: by how much the sentences that have its hanzi there outweigh those
        that have not (1/1024 log10), at most BEAM."""
        return margins(self.words(), self._decoding.likely(), self._cells, BEAM)

    def _cells(self, word: Word) -> Cells:
        return cells_of(word, self.word_text(word), self.reading(word))

    def weakest(self) -> int | None:
        """The place of the word to see to first, see `Doubts`."""
        return self._doubts().weakest()

    def doubted_after(self, place: int) -> int | None:
        """The place of the word to see to after that at `place` was picked, see `Doubts`."""
        return self._doubts().after(place)

    def _doubts(self) -> Doubts:
        pinned = {pin.start for pin in self._typed.rules.pins}
        return Doubts(self.words(), self.certainty(), pinned)

    # ------------------------------------------------------------ choosing words

    def candidates(self, place: int) -> list[Candidate]:
        """What else could stand where the word at `place` begins, the best first."""
        near = [word for path in self._decoding.likely() for word in path.words]
        return self._alternatives().words(place, near)

    def characters(self, place: int) -> list[Candidate]:
        """Every hanzi that could stand where the word at `place` begins, the best first."""
        return self._alternatives().characters(place)

    def _alternatives(self) -> Alternatives:
        return Alternatives(self._engine, self._typed, self._context, self.words())

    def pick(self, candidate: Candidate) -> None:
        """Put a candidate in its place, and decode the rest around it again. A gap is left."""
        if self._selected:
            self._pin_selected()
        self._typed.keep(self._shown())
        touched = self._close_gap()
        self._redo(min(touched, self._typed.rules.pin([candidate.word.pin()])))

    def take_habits(self) -> None:
        """Decode anew with what the habits hold now. What was picked stays picked, but for the
        user's own words that are forgotten."""
        if self._selected:
            self._pin_selected()
        for keys, rules in self._typed.everything():
            rules.pins = tuple(pin for pin in rules.pins if self._is_word(pin, keys))
        self._free_forgotten()
        self._context = self._engine.context(self._before)
        self._begin_anew()

    def _free_forgotten(self) -> None:
        """No words are held of which some are forgotten."""
        if not all(self._is_word(word, self.keys) for word in self._typed.held):
            self._typed.free()

    def _is_word(self, pin: Pin | Word, keys: str) -> bool:
        own = self._habits.tables.entries.get(keys[pin.start : pin.end], ())
        return pin.entry < len(self._engine.model.full) or pin.entry in own

    def undo_pick(self) -> bool:
        """Undo the last word or syllable that was chosen; False when none was."""
        shown = self._typed.undo()
        if shown is None:
            return False
        self._show(shown)
        return True

    def _pin_selected(self) -> None:
        """Make the sentence shown the only one, as if each of its words was chosen."""
        best = self._decoding.best()
        pins = [word.pin() for word in self.words() if word not in best]
        self._redo(self._typed.rules.pin(pins))

    def _shown(self) -> Shown:
        return Shown(self._preferred, self._order)

    def _show(self, shown: Shown) -> None:
        """Decode what was restored and show the sentence that was shown."""
        self._free_forgotten()
        self._redo(0)
        self._preferred, self._order = shown.preferred, shown.order

    # ------------------------------------------------------------ choosing syllables

    def splits(self, start: int) -> list[Split]:
        """The syllables that could stand at `start`, the one shown first, then the longest."""
        shown = next((s.letters for s in self.syllables() if s.start == start), "")
        left = self.keys[start:]
        found = [
            Split(letters, number)
            for number, letters in enumerate(self._syllables)
            if left.startswith(keys_of(letters)) and len(letters) <= len(left)
        ]
        return sorted(found, key=lambda s: (s.letters != shown, -len(s.letters), s.letters))

    def lock(self, start: int, split: Split) -> bool:
        """Make this syllable stand at `start`; False, and nothing changed, when then no sentence
        is left. A gap is left."""
        self._typed.keep(self._shown())
        self._close_gap()
        self._typed.rules.lock(start, split)
        self._redo(0)
        if not self.words():
            self.undo_pick()
            return False
        return True

    # ------------------------------------------------------------ committing

    def commit(self, count: int | None = None) -> str:
        """Learn the first `count` words (all: None) and give their text; the rest stays open,
        decoded with them as its history."""
        self.leave_gap()
        words = self.words()
        taken = words if count is None else words[:count]
        text = self.text_of(taken)
        # Words that another sentence or a re-ranking put in the place of what came first count as
        # chosen, too: they were accepted.
        best = self._decoding.best()
        chosen = {(pin.start, pin.entry) for pin in self._typed.rules.pins}
        chosen |= {(word.start, word.entry) for word in words if word not in best}
        lessons = [
            Lesson(
                self.word_text(word),
                self._habits.lexicon.reading_of(word.entry),
                (word.start, word.entry) in chosen,
            )
            for word in taken
        ]
        past = self._engine.words_of(self._before)
        self._habits.learn(lessons, past[-1] if past else BEGIN)
        if any(lesson.chosen for lesson in lessons):
            keys = self.keys[: taken[-1].end]
            self._engine.correct(Correction(self._context, keys, tuple(taken), text))
        self._before += text
        self._context = self._engine.context(self._before)
        self._typed.drop(taken[-1].end if taken else 0)
        self._begin_anew()
        return text

    def _begin_anew(self) -> None:
        """Decode everything with the habits as they are."""
        self._preferred = ""
        self._decoding.begin(self._context, self._typed)
        self._changed()

    def _changed(self) -> None:
        self._sentences = None
        self._order = None
        self._selected = 0
        self.revision += 1

    def _redo(self, start: int) -> None:
        """Decode again from this position on."""
        self._decoding.redo(self._typed, start)
        self._changed()
