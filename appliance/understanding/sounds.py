"""How hanzi sound, by the input method's data: what a recogniser may have written for what.

Toneless syllables, and a coarser key for near sounds: z and zh, n and l, in and ing, i and ü are
one to many speakers and to recognisers.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import cache

from ui.input.engine import DATA, HANZI
from ui.input.hanzi import Hanzi
from ui.input.model import COST_BITS, COST_MASK, UNIT, DataError, Model
from ui.input.syllables import keys_of

RARE = 2 * UNIT
"""A reading that is a hundred times rarer than the usual one is not looked for."""

log = logging.getLogger("lory.understanding")

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"), ("k", "g"))
_FINALS = (
    ("iang", "ian"),
    ("uang", "uan"),
    ("ang", "an"),
    ("eng", "en"),
    ("ing", "in"),
    ("ui", "i"),
    ("ue", "i"),
    ("ie", "i"),
    ("ong", "en"),
    ("iao", "ao"),
)
# 试个 for 设个, 那中 for 闹钟
_ALIKE = {"ze": "zi", "ce": "ci", "se": "si", "lao": "la"}
_DIGITS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_UMLAUT = frozenset("jqxy")


@cache
def near(syllable: str) -> str:
    """The key of all syllables that are easily taken for this one."""
    initial = next((to for of, to in _INITIALS if syllable.startswith(of)), "")
    length = next((len(of) for of, _ in _INITIALS if syllable.startswith(of)), 0)
    final = syllable[length:]
    if not length and final[:1] in _UMLAUT and final[1:2] == "u":
        final = final[0] + "i" + final[2:]  # ju is jü
    final = final.replace("v", "i")
    for of, to in _FINALS:
        if final.endswith(of):
            final = final.removesuffix(of) + to
            break
    whole = initial + final
    if whole in _ALIKE:
        return _ALIKE[whole]
    return whole


class Sounds:
    """The syllables of the hanzi in use. Raises DataError when the data cannot be read.

    It is built from the whole data at once, in a tenth of a second on a PC.
    """

    def __init__(self) -> None:
        model, usual = Model(DATA, verify=False), Hanzi(HANZI)
        self._syllables = model.syllables
        found: dict[str, dict[int, int]] = {}
        nodes = {model.node_of(keys_of(one)) for one in model.syllables if one.isalpha()}
        for hanzi, syllable, cost in _readings(model, [node for node in nodes if node is not None]):
            if usual.usual(hanzi):
                found.setdefault(hanzi, {})[syllable] = cost
        self._of = {hanzi: _common(readings) for hanzi, readings in found.items()}
        self._near = [near(one) for one in model.syllables]

    def of(self, hanzi: str) -> frozenset[str]:
        """All readings, of a digit too; none of what is neither."""
        return frozenset(self._syllables[number] for number in self._numbers(hanzi))

    def _numbers(self, sign: str) -> tuple[int, ...]:
        return self._of.get(_DIGITS.get(sign, sign), ())

    def key(self, syllable: str) -> str:
        """That of all syllables near to this one."""
        return near(syllable)

    def alike(self, one: str, other: str, nearly: bool) -> bool:
        """Whether two hanzi sound the same, or `nearly` so."""
        if one == other:
            return True
        mine, its = self._numbers(one), self._numbers(other)
        if not nearly:
            return any(number in its for number in mine)
        keys = [self._near[number] for number in its]
        return any(self._near[number] in keys for number in mine)


def _readings(model: Model, nodes: list[int]) -> Iterator[tuple[str, int, int]]:
    """Each single hanzi of the data, the number of a syllable it is read by, and its cost."""
    for node in nodes:
        for entry in range(model.full_start[node], model.full_start[node + 1]):
            start, end = model.reading_start[entry], model.reading_start[entry + 1]
            record = model.full[entry]
            word = record >> COST_BITS
            if end - start == 1 and model.text_start[word + 1] - model.text_start[word] == 1:
                yield model.text(word), model.reading[start], record & COST_MASK


def _common(readings: dict[int, int]) -> tuple[int, ...]:
    """The readings that a recogniser is likely to have heard: not 期 as jī."""
    best = min(readings.values())
    return _shared(tuple(number for number, cost in readings.items() if cost <= best + RARE))


@cache
def _shared(numbers: tuple[int, ...]) -> tuple[int, ...]:
    """One tuple for all that are equal: most hanzi have one of four hundred syllables."""
    return numbers


@cache
def sounds() -> Sounds | None:
    """The sounds, read when they are first asked for; None where the data cannot be used."""
    try:
        return Sounds()
    except DataError as error:
        log.error("what is heard is taken as it is written: %s", error)
        return None
