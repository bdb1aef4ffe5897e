"""The order of single hanzi, and what is no writing of today."""

from __future__ import annotations

from pathlib import Path

import pytest

from ui.input.building.hanzi import hanzi_of
from ui.input.composition import Composition
from ui.input.editing.pages import paginate
from ui.input.engine import HANZI, Engine
from ui.input.hanzi import Hanzi
from ui.input.model import DataError, Model
from ui.input.syllables import keys_of

LISTED = Hanzi(HANZI)


def typed(engine: Engine, pinyin: str) -> Composition:
    composition = Composition(engine)
    for key in keys_of(pinyin):
        composition.type(int(key))
    return composition


def hanzi_for(engine: Engine, pinyin: str) -> list[str]:
    return [item.text for item in typed(engine, pinyin).characters(0)]


def test_hanzi_cost_less_the_more_often_they_are_written_in_any_word() -> None:
    assert LISTED.cost("的") < LISTED.cost("计") < LISTED.cost("彘") < LISTED.cost("嗎")


def test_only_what_is_written_today_is_usual() -> None:
    assert LISTED.usual("你们说得对")
    assert not any(LISTED.usual(word) for word in ("妳们", "嗎", "說", "旳"))


def test_the_list_is_what_the_data_gives(model: Model) -> None:
    lines = HANZI.read_text(encoding="utf-8").splitlines()
    assert "".join(lines[1:]) == "".join(hanzi_of(model))


def test_without_a_list_everything_is_usual() -> None:
    unordered = Hanzi(None)
    assert unordered.usual("妳嗎")
    assert unordered.cost("的") == unordered.cost("妳")


@pytest.mark.parametrize("data", [None, "的是".encode("utf-16")])
def test_a_list_that_cannot_be_read_is_a_clear_error(tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "hanzi.txt"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(DataError, match=r"hanzi.txt: cannot be read"):
        Hanzi(path)


def test_without_its_file_hanzi_are_chosen_all_the_same(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.input.engine.HANZI", tmp_path / "hanzi.txt")
    assert hanzi_for(engine, "ta")[:3] == ["他", "她", "它"]


def test_a_hanzi_common_in_words_is_near_though_it_is_no_word(engine: Engine) -> None:
    for pinyin, hanzi in (("ji", "机"), ("ji", "计"), ("yi", "艺"), ("xi", "习"), ("zhi", "织")):
        assert hanzi in hanzi_for(engine, pinyin)[:27]


def test_the_500_most_frequent_hanzi_are_at_most_three_pages_away(
    engine: Engine, model: Model
) -> None:
    lines = HANZI.read_text(encoding="utf-8").splitlines()
    first = 0
    sample = "".join(lines[1:])[:500:7]
    for hanzi in sample:
        reading = model.readings(model.word(hanzi))[0]
        found = hanzi_for(engine, reading[0])
        page = next(n for n, page in enumerate(paginate(found)) if found.index(hanzi) in page)
        assert page < 3, hanzi
        first += page == 0
    assert first >= 0.9 * len(sample)


def test_the_hanzi_shown_stands_first(engine: Engine) -> None:
    for pinyin in ("qidian", "ta", "nage"):
        composition = typed(engine, pinyin)
        assert composition.characters(0)[0].text == composition.text()[0]


def test_what_is_not_written_today_comes_behind_what_is(engine: Engine) -> None:
    for pinyin in ("ta", "ni", "ma", "shuo", "men", "lai", "gei"):
        composition = typed(engine, pinyin)
        words = [item.text for item in composition.candidates(0)]
        for shown in (words, hanzi_for(engine, pinyin)):
            assert all(map(engine.hanzi.usual, shown[:9])), pinyin


def test_what_the_user_writes_is_usual(engine: Engine) -> None:
    composition = typed(engine, "ni")
    (own,) = (item for item in composition.characters(0) if item.text == "妳")
    composition.pick(own)
    composition.commit()
    engine.settle()
    assert hanzi_for(engine, "ni")[0] == "妳"
    assert "妳" in [item.text for item in typed(engine, "nihao").characters(0)][:9]
