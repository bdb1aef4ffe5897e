"""What a sentence costs in keys: typed, its wrong words repaired, or written word by word.

The keys are those of the box: see `bench.ime`.
"""

from __future__ import annotations

from collections.abc import Sequence

from bench.ime_rows import Json, Row, percent, segment, type_keys, wrong_words
from ui.input.alternatives import Candidate
from ui.input.composition import Composition
from ui.input.editing.pages import paginate
from ui.input.engine import Engine
from ui.input.lattice import Kind
from ui.input.model import UNK
from ui.input.syllables import keys_of

NOT_FOUND_PAGES = 3  # what a word that is in no list costs
SWITCH = 1  # B, from words to hanzi
LOST = 10  # keystrokes of a place that cannot be repaired
LEAFED = 2  # other sentences a person looks at before repairing words


def page_of(candidates: Sequence[Candidate], text: str) -> int | None:
    """The page, from 0, on which a candidate stands."""
    for number, page in enumerate(paginate([c.text for c in candidates])):
        if any(candidates[at].text == text for at in page):
            return number
    return None


def word_cost(engine: Engine, row: Row) -> int:
    """Word by word: its keys, one to accept or open the list, pages, one to pick."""
    cost, done = 0, ""
    for word, keys in segment(engine, row):
        composition = Composition(engine, done)
        for key in keys:
            composition.type(int(key))
        cost += len(keys) + 1
        if composition.text() != word:
            page = page_of(composition.candidates(0), word)
            cost += 1 + (NOT_FOUND_PAGES if page is None else page)
        done += word
    return cost


def sentence_cost(engine: Engine, row: Row) -> tuple[int, int, Composition]:
    """The whole sentence, repaired word by word, the nearest wrong one first: keystrokes, repairs,
    what was typed."""
    composition = type_keys(engine, row.keys)
    wanted = wanted_words(engine, row)
    cost, fixes = len(row.keys) + 1, 0
    choosing: int | None = None  # the place that choosing stands at
    for _ in row.sentence:
        places = repairable(composition, row)
        if not places:
            break
        fixes += 1
        keys, place = min((reach(composition, place, choosing), place) for place in places)
        at = row.hanzi_at(composition.words()[place].start)
        picked = repair(composition, place, row.sentence[at:], wanted.get(at, ""))
        if picked is None:
            cost += LOST
            break
        cost += keys + picked + 1
        choosing = composition.doubted_after(place)
    return cost, fixes, composition


def wanted_words(engine: Engine, row: Row) -> dict[int, str]:
    """The reference's words by where they begin, in hanzi."""
    wanted, at = {}, 0
    for word, _ in segment(engine, row):
        wanted[at] = word
        at += len(word)
    return wanted


def repairable(composition: Composition, row: Row) -> set[int]:
    """The places of wrong words that begin where a hanzi of the reference does; of wrong words in
    a row, which hang together, the first."""
    words = composition.words()
    wrong = wrong_words(composition, row)
    aligned = {place for place in wrong if row.hanzi_at(words[place].start) >= 0}
    return {place for place in aligned if place - 1 not in wrong}


def reach(composition: Composition, place: int, choosing: int | None) -> int:
    """Keys to the word at `place`: from where choosing stands; else `#` opens it at the word that
    is marked, `*` at the last one."""
    if choosing is not None:
        return abs(place - choosing)
    last = len(composition.words()) - 1
    marked = composition.weakest()
    return 1 + min(last - place, abs(place - (last if marked is None else marked)))


def next_cost(engine: Engine, row: Row) -> int | None:
    """Keystrokes when one of the next `LEAFED` sentences (key 0) is right; None when none is."""
    composition = type_keys(engine, row.keys)
    for presses, path in enumerate(composition.sentences()[: LEAFED + 1]):
        if composition.text_of(path.words) == row.sentence:
            return len(row.keys) + presses + 1
    return None


def repair(composition: Composition, place: int, rest: str, word: str) -> int | None:
    """Pick what fits and is longest on the first page, no shorter than the reference's word; else
    that word, or what fits, or its first hanzi after B, whatever is nearest. The keys it takes
    beside the pick, or None when nothing fits."""
    candidates = composition.candidates(place)
    fitting = [c for c in candidates if rest.startswith(c.text)]
    first = [c for c in fitting if page_of(candidates, c.text) == 0 and len(c.text) >= len(word)]
    choices = [(0, c) for c in first]
    if not first:
        exact = [c for c in fitting if c.text == word]
        choices = [(page_of(candidates, c.text) or 0, c) for c in (exact + fitting)[:2]]
        characters = composition.characters(place)
        single = [c for c in characters if rest.startswith(c.text)][:1]
        choices += [(SWITCH + (page_of(characters, c.text) or 0), c) for c in single]
    if not choices:
        return None
    keys, chosen = min(choices, key=lambda choice: (choice[0], -len(choice[1].text)))
    composition.pick(chosen)
    return keys


def hanzi_cost(engine: Engine, row: Row, ranks: dict[str, list[str]]) -> int:
    """Hanzi by hanzi from lists in order of frequency: keys, pages of ten, one to pick."""
    cost = 0
    for character, syllable in zip(row.sentence, row.pinyin, strict=True):
        keys = keys_of(syllable)
        if keys not in ranks:
            composition = Composition(engine)
            for key in keys:
                composition.type(int(key))
            whole = (c for c in composition.characters(0) if c.word.end == len(keys))
            found = {c.text: engine.model.word(c.text) for c in whole if c.word.kind is Kind.FULL}
            found = {c: w for c, w in found.items() if w != UNK}
            ranks[keys] = sorted(found, key=lambda c: engine.model.unigram[found[c]])
        hanzi = ranks[keys]
        rank = hanzi.index(character) if character in hanzi else len(hanzi)
        cost += len(keys) + 1 + rank // 10 + 1
    return cost


def keystrokes(engine: Engine, rows: Sequence[Row]) -> Json:
    hanzi = sum(len(row.sentence) for row in rows)
    sentence = [sentence_cost(engine, row)[:2] for row in rows]
    leafed = [next_cost(engine, row) for row in rows]
    either = [
        cost if other is None else min(cost, other)
        for (cost, _), other in zip(sentence, leafed, strict=True)
    ]
    ranks: dict[str, list[str]] = {}
    return {
        "keys_per_hanzi": round(sum(len(row.keys) for row in rows) / hanzi, 3),
        "kspc_sentence": round(sum(cost for cost, _ in sentence) / hanzi, 3),
        "kspc_sentence_or_next": round(sum(either) / hanzi, 3),
        "kspc_word": round(sum(word_cost(engine, row) for row in rows) / hanzi, 3),
        "kspc_hanzi": round(sum(hanzi_cost(engine, row, ranks) for row in rows) / hanzi, 3),
        "fixes_per_sentence": round(sum(fixes for _, fixes in sentence) / len(rows), 3),
        "no_fix": percent(sum(fixes == 0 for _, fixes in sentence), len(rows)),
    }
