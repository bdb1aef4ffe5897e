"""How certain a word is: sentences weigh as much as they are likely, however they are cut."""

from __future__ import annotations

from ui.input.certainty import Cells, cells_of, margins
from ui.input.lattice import Kind
from ui.input.nbest import Path, Word

TEXT = {
    1: ("早", ("zao",)),
    2: ("晚", ("wan",)),
    3: ("上", ("shang",)),
    4: ("早上", ("zao", "shang")),
    5: ("伤", ("shang",)),
}
MOST = 6144


def word(entry: int, start: int) -> Word:
    return Word(start, start + len("".join(TEXT[entry][1])), entry, Kind.FULL)


def cells(item: Word) -> Cells:
    return cells_of(item, *TEXT[item.entry])


MORNING, EVENING = word(1, 0), word(2, 0)
UP, WHOLE, HURT = word(3, 3), word(4, 0), word(5, 3)


def test_hanzi_stand_over_the_keys_of_their_syllables() -> None:
    assert cells(WHOLE) == {(0, "早", 3), (3, "上", 5)}


def test_a_word_that_every_sentence_has_is_as_certain_as_can_be() -> None:
    assert margins([MORNING, UP], [Path(100, (MORNING, UP))], cells, MOST) == [MOST, MOST]
    assert margins([MORNING], [], cells, MOST) == [MOST]


def test_the_word_that_likely_sentences_lack_is_the_least_certain() -> None:
    likely = [
        Path(1000, (MORNING, UP)),
        Path(1200, (EVENING, UP)),
        Path(4000, (MORNING, HURT)),
    ]
    first, second = margins([MORNING, UP], likely, cells, MOST)
    assert 150 < first < 250
    assert second > 2000


def test_the_same_hanzi_cut_otherwise_speak_for_a_word() -> None:
    likely = [Path(1000, (MORNING, UP)), Path(900, (WHOLE,)), Path(1100, (MORNING, HURT))]
    first, second = margins([MORNING, UP], likely, cells, MOST)
    assert first == MOST
    assert second > 0


def test_a_word_that_is_outweighed_is_less_than_even() -> None:
    likely = [Path(3000, (MORNING, UP)), Path(1000, (EVENING, UP))]
    assert margins([MORNING], likely, cells, MOST)[0] < 0
    assert margins([WHOLE], [Path(1000, (EVENING, UP))], cells, MOST) == [-MOST]
