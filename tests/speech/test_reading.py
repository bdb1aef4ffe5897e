"""How hanzi are read: words, polyphones in their sentences, 儿."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.speech import pinyin
from appliance.speech.phonemes import to_phonemes
from appliance.speech.reading import words
from appliance.speech.reading.reader import reader
from appliance.speech.reading.standins import Collocations, Line, lines
from appliance.speech.reading.words import split_words


def syllables(text: str) -> str:
    return " ".join(s for run in reader().read(text) for word in run.syllables for s in word)


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("这条河很长", "zhe4 tiao2 he2 hen3 chang2"),
        ("更长一些", "geng4 chang2 yi1 xie1"),
        ("我们都会", "wo3 men5 dou1 hui4"),
        ("这里都会下雨", "zhe4 li3 dou1 hui4 xia4 yu3"),
        ("要还款", "yao4 huan2 kuan3"),
        ("还得还三次", "hai2 dei3 huan2 san1 ci4"),
        ("我还没还他的书", "wo3 hai2 mei2 huan2 ta1 de5 shu1"),
        ("你试着重复一遍", "ni3 shi4 zhe5 chong2 fu4 yi1 bian4"),
        ("在行走", "zai4 xing2 zou3"),
        ("得好好干", "dei3 hao3 hao3 gan4"),
        ("大夫", "dai4 fu5"),
        ("一行字", "yi1 hang2 zi4"),
        ("数一数", "shu3 yi1 shu3"),
        ("量一量", "liang2 yi1 liang2"),
        ("他长得很高", "ta1 zhang3 de5 hen3 gao1"),
        ("孩子长大了", "hai2 zi5 zhang3 da4 le5"),
        ("银行行长", "yin2 hang2 hang2 zhang3"),
        ("都市", "du1 shi4"),
        ("一行人", "yi1 xing2 ren2"),
        ("他得了第一名", "ta1 de2 le5 di4 yi1 ming2"),
        ("把音量调小", "ba3 yin1 liang4 tiao2 xiao3"),
        ("这笔钱我下月还", "zhe4 bi3 qian2 wo3 xia4 yue4 huan2"),
        ("他得到了一本书", "ta1 de2 dao4 le5 yi1 ben3 shu1"),
        ("得罪了列车长", "de2 zui4 le5 lie4 che1 zhang3"),
        ("售楼处的语种", "shou4 lou2 chu4 de5 yu3 zhong3"),
        ("屋里很暖和", "wu1 li3 hen3 nuan3 huo5"),
        ("旋转木马", "xuan2 zhuan3 mu4 ma3"),
        ("他姓曾", "ta1 xing4 zeng1"),
        ("曾先生曾去过", "zeng1 xian1 sheng5 ceng2 qu4 guo4"),
        ("我睡不着觉", "wo3 shui4 bu4 zhao2 jiao4"),
    ],
)
def test_a_polyphone_is_read_as_its_sentence_wants_it(text: str, spoken: str) -> None:
    assert syllables(text) == spoken


@pytest.mark.parametrize("text", ["这儿", "玩儿", "一会儿", "小孩儿", "点儿背", "花儿", "聊天儿"])
def test_er_curls_the_syllable_before_it(text: str) -> None:
    run = reader().read(text)[0]
    said = [s for word in run.syllables for s in word]
    assert said[text.index("儿")] == "r5"
    assert "ɻ" in to_phonemes(text)
    assert "ɚ" not in to_phonemes(text)


@pytest.mark.parametrize("text", ["儿子", "女儿", "儿童", "他儿子", "幼儿园", "婴儿", "托儿所"])
def test_er_that_is_a_child_is_a_syllable(text: str) -> None:
    assert "er2" in syllables(text)
    assert "ɚ↗" in to_phonemes(text)


@pytest.mark.parametrize(
    ("syllable", "sounds"),
    [
        ("wanr2", "wa↗ɻ"),
        ("hair2", "xa↗ɻ"),
        ("huir4", "xwə↘ɻ"),
        ("dianr3", "tja↓ɻ"),
        ("jir1", "ʨjə→ɻ"),
        ("shir4", "ʂə↘ɻ"),
        ("zher4", "ꭧɤ↘ɻ"),
        ("er2", "ɚ↗"),
    ],
)
def test_a_curled_syllable_loses_what_stands_in_the_way(syllable: str, sounds: str) -> None:
    assert pinyin.phonemes(syllable) == sounds


def test_words_are_those_of_the_input_method() -> None:
    assert split_words("我们都会下雨") == ["我们", "都", "会", "下雨"]


def test_without_the_input_methods_data_every_character_is_a_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(words, "DATA", words.DATA.with_name("missing.bin"))
    assert words.dictionary.__wrapped__().split("我们") == [("我", 2), ("们", 2)]


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF) | st.sampled_from("a，1")))
def test_every_hanzi_has_one_syllable(text: str) -> None:
    for run in reader().read(text):
        assert [len(word) for word in run.words] == [len(said) for said in run.syllables]
        assert text[run.start :].startswith("".join(run.words))


def test_the_longest_collocation_on_each_side_counts() -> None:
    table = [
        Line("还", "huan2", 0.0, (), ("~书", "没~")),
        Line("还", "hai2", 0.0, (), ("~没", "~书没")),
    ]
    collocations = Collocations(table)
    assert collocations.find("没还书", 1) == {"huan2": 2}
    assert collocations.find("还书没", 0) == {"hai2": 2}
    assert collocations.find("还", 0) == {}


def test_a_collocation_may_name_the_end_of_a_clause() -> None:
    collocations = Collocations([Line("还", "huan2", 0.0, (), ("~|", "|~书"))])
    assert collocations.find("明天还。", 2) == {"huan2": 1}
    assert collocations.find("好，还书", 2) == {"huan2": 2}
    assert collocations.find("还没", 0) == {}


def test_the_table_names_each_reading_once_and_only_syllables() -> None:
    table = list(lines())
    assert len({(line.character, line.reading) for line in table}) == len(table)
    assert [line.reading for line in table if not pinyin.phonemes(line.reading)] == []
    assert [c for line in table for c in line.collocations if "~" not in c] == []


def test_what_is_no_hanzi_is_left_out() -> None:
    assert reader().read("abc，123") == []
