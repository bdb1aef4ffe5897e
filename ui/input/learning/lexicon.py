"""Words by their ids and readings by their entries: the model's, and the user's own beside them."""

from __future__ import annotations

from collections.abc import Iterable

from ui.input.learning.user import BEGIN, WordKey, WordRow
from ui.input.model import COST_BITS, UNK, Model
from ui.input.syllables import keys_of


class Lexicon:
    """The user's own words have ids from `Model.words` on, their entries follow those of the model.
    Neither is ever given to another word: a sentence may be open that has it."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._numbers = {name: number for number, name in enumerate(model.syllables)}
        self._entries: dict[WordKey, tuple[int, str]] = {}
        self._ids: dict[str, int] = {BEGIN: 0}
        self._own: list[tuple[int, tuple[int, ...]]] = []
        self._own_text: list[str] = []

    def text(self, word: int) -> str:
        """The text of a word id."""
        if word < self._model.words:
            return self._model.text(word)
        return self._own_text[word - self._model.words]

    def id_of(self, text: str) -> int:
        """The id of a word, or `UNK`."""
        known = self._ids.get(text)
        return self._model.word(text) if known is None else known

    def reading_of(self, entry: int) -> tuple[str, ...]:
        """The syllables of an entry of the lattice."""
        own = entry - len(self._model.full)
        if own < 0:
            return self._model.reading_of(entry)
        return tuple(self._model.syllables[number] for number in self._own[own][1])

    def length_of(self, entry: int) -> int:
        """How many syllables an entry of the lattice has."""
        own = entry - len(self._model.full)
        if own >= 0:
            return len(self._own[own][1])
        return self._model.reading_start[entry + 1] - self._model.reading_start[entry]

    def word_of(self, entry: int) -> int:
        """The word id of an entry of the lattice."""
        own = entry - len(self._model.full)
        return self._own[own][0] if own >= 0 else int(self._model.full[entry] >> COST_BITS)

    def can_spell(self, reading: tuple[str, ...]) -> bool:
        """Whether these are syllables."""
        return bool(reading) and all(syllable in self._numbers for syllable in reading)

    def own(self) -> tuple[tuple[int, tuple[int, ...]], ...]:
        """The user's own entries, for `UserTables`."""
        return tuple(self._own)

    def enter(self, row: WordRow) -> tuple[int, int, str]:
        """The word id of a row, its entry and its keys; new ones where it has none."""
        if row.key not in self._entries:
            self._entries[row.key] = self._new_entry(row)
        entry, keys = self._entries[row.key]
        return self._ids[row.text], entry, keys

    def leave(self, gone: Iterable[WordKey], left: Iterable[WordKey]) -> None:
        """The words `gone` are the user's own no more, and can be made again."""
        texts = {text for text, _ in left}
        for word in gone:
            self._entries.pop(word, None)
            if word[0] not in texts:
                self._ids.pop(word[0], None)

    def _new_entry(self, row: WordRow) -> tuple[int, str]:
        model = self._model
        word = self._ids.setdefault(row.text, model.word(row.text))
        if word == UNK:
            word = self._ids[row.text] = model.words + len(self._own_text)
            self._own_text.append(row.text)
        entry = find_entry(model, word, row.reading) if word < model.words else -1
        if entry < 0:
            entry = len(model.full) + len(self._own)
            self._own.append((word, tuple(self._numbers[s] for s in row.reading)))
        return entry, keys_of("".join(row.reading))


def find_entry(model: Model, word: int, reading: tuple[str, ...]) -> int:
    """The FULL record of this word and reading, or -1."""
    node = model.node_of(keys_of("".join(reading)))
    if node is None:
        return -1
    for entry in range(model.full_start[node], model.full_start[node + 1]):
        if model.full[entry] >> COST_BITS == word and model.reading_of(entry) == reading:
            return entry
    return -1
