"""Traditional writing becomes simplified; what is simplified stays."""

from __future__ import annotations

import pytest

from appliance.speech.normalise import normalise
from appliance.speech.orthography import simplified
from appliance.speech.transcript import tidy
from ui.input.engine import HANZI


@pytest.mark.parametrize(
    "text",
    ["我要去乾清宫", "陕西乾县", "薹是一种菜", "著名的著作很显著", "慰藉", "瞭望塔", "覆盖"],
)
def test_simplified_text_is_left_as_it_is(text: str) -> None:
    assert simplified(text) == text
    assert normalise(text) == text


def test_every_character_of_today_stands_alone() -> None:
    lines = HANZI.read_text(encoding="utf-8").splitlines()
    written = "".join(line for line in lines if not line.startswith("#"))
    assert [c for c in written if simplified(c) != c] == []


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("電腦", "电脑"),
        ("帶著它沿著河走", "带着它沿着河走"),
        ("魯迅所著的名著", "鲁迅所著的名著"),
        ("麵條和頭髮", "面条和头发"),
        ("皇后在後面", "皇后在后面"),
        ("妳好", "你好"),
        ("我瞭解", "我了解"),
        ("藉口", "借口"),
        ("乾杯", "干杯"),
        ("乾隆的答覆", "乾隆的答复"),
        ("他著手準備", "他着手准备"),
    ],
)
def test_traditional_text_becomes_simplified(written: str, wanted: str) -> None:
    assert simplified(written) == wanted


def test_the_particle_is_not_the_author() -> None:
    heard = "他看著我，別著急，接著說，著名的著作"
    assert tidy(heard) == "他看着我，别着急，接着说，著名的著作"
    assert normalise("看著") == "看着"
