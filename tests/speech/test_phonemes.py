"""From text to Kokoro's phonemes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.speech import english, pinyin
from appliance.speech.phonemes import split_long, to_phonemes
from appliance.speech.reading.data import readings
from appliance.speech.reading.words import split_words
from appliance.speech.sandhi import apply_sandhi

# Kokoro v1.0's vocabulary (its config.json), without what only other languages use.
SYMBOLS = set(
    ';:,.!?—…"()“” ʣʥʦʨᵝꭧAIOQSTWYᵊabcdefhijklmnopqrstuvwxyzɑɐɒæβɔ'
    "ɕçɖðʤəɚɛɜɟɡɥɨɪʝɯɰŋɳɲɴøɸθœɹɾɻʁɽʂʃʈʧʊʋʌɣɤχʎʒʔˈˌːʰʲ↓→↗↘ᵻ\u0303"
)


@pytest.mark.parametrize(
    ("syllable", "sounds"),
    [
        ("ma1", "ma→"),
        ("zhong1", "ꭧʊ→ŋ"),
        ("shi4", "ʂɨ↘"),
        ("si4", "sɨ↘"),
        ("lv4", "ly↘"),
        ("xue2", "ɕɥe↗"),
        ("jun1", "ʨy→n"),
        ("yuan2", "ɥɛ↗n"),
        ("wo3", "wo↓"),
        ("liu2", "ljou↗"),
        ("gui4", "kwei↘"),
        ("er2", "ɚ↗"),
        ("de5", "tɤ"),
        ("xyz1", ""),
        ("", ""),
    ],
)
def test_a_syllable_has_kokoros_phonemes(syllable: str, sounds: str) -> None:
    assert pinyin.phonemes(syllable) == sounds


def test_every_common_character_has_a_sound_the_voice_knows() -> None:
    silent = []
    for code in range(0x4E00, 0x9FA6):
        for syllable in readings().of(chr(code)):
            sounds = pinyin.phonemes(syllable)
            if not sounds:
                silent.append(chr(code) + syllable)
            assert set(sounds) <= SYMBOLS, (chr(code), sounds)
    assert silent == []


@pytest.mark.parametrize(
    ("words", "readings", "spoken"),
    [
        (["你好"], [["ni3", "hao3"]], [["ni2", "hao3"]]),
        (["我", "很", "好"], [["wo3"], ["hen3"], ["hao3"]], [["wo2"], ["hen2"], ["hao3"]]),
        (["不", "要"], [["bu4"], ["yao4"]], [["bu2"], ["yao4"]]),
        (["不", "来"], [["bu4"], ["lai2"]], [["bu4"], ["lai2"]]),
        (["一个"], [["yi1", "ge4"]], [["yi2", "ge4"]]),
        (["一天"], [["yi1", "tian1"]], [["yi4", "tian1"]]),
        (["第一名"], [["di4", "yi1", "ming2"]], [["di4", "yi1", "ming2"]]),
        (["一九八八"], [["yi1", "jiu3", "ba1", "ba1"]], [["yi1", "jiu3", "ba1", "ba1"]]),
        (["一月"], [["yi1", "yue4"]], [["yi1", "yue4"]]),
    ],
)
def test_tones_change_as_spoken(
    words: list[str], readings: list[list[str]], spoken: list[list[str]]
) -> None:
    assert apply_sandhi(words, readings) == spoken


@pytest.mark.parametrize(
    ("text", "contains"),
    [
        ("银行", pinyin.phonemes("hang2")),
        ("重新", pinyin.phonemes("chong2")),
        ("把音量调小", pinyin.phonemes("tiao2")),
        ("睡觉", pinyin.phonemes("jiao4")),
        ("音乐", pinyin.phonemes("yue4")),
    ],
)
def test_a_polyphone_is_read_by_its_phrase(text: str, contains: str) -> None:
    assert contains in to_phonemes(text)


@pytest.mark.parametrize(
    ("word", "sounds"),
    [
        ("WiFi", "wˈIfI"),
        ("A", "ˈA"),
        ("CPU", "sˈi pˈi jˈu"),
        ("hello", "həlˈO"),
        ("mb", "ˈɛm bˈi"),
        ("make", "mˈAk"),
        ("DeepSeek", "dˈip sˈik"),
        ("because", "bəkˈʌz"),
        ("don't", "dˈOnt"),
        ("I'm", "ˈIm"),
        ("you're", "jɔɹ"),
        ("island", "ˈIlənd"),
        ("double", "dˈʌbᵊl"),
        # acronyms that are words, letters, and words that shout
        ("NASA", "nˈæsə"),
        ("GPU", "ʤˈi pˈi jˈu"),
        ("IT", "ˈI tˈi"),
        ("HELLO", "həlˈO"),
        # what a lexicon leaves to rules
        ("cats", "kˈæts"),
        ("dogs", "dˈɔɡz"),
        ("boxes", "bˈɑksᵻz"),
        ("stopped", "stˈɑpt"),
        ("wanted", "wˈɑntᵻd"),
        ("tries", "tɹˈIz"),
        ("making", "mˈAkɪŋ"),
        ("James's", "ʤˈAmzᵻz"),
        ("", ""),
    ],
)
def test_latin_is_spelled_or_read(word: str, sounds: str) -> None:
    assert english.phonemes(word) == sounds


@pytest.mark.parametrize("word", ["simple", "table", "single", "title", "example", "little"])
def test_a_silent_e_behind_an_l_is_silent(word: str) -> None:
    assert english.phonemes(word).endswith("l")


@pytest.mark.parametrize("text", ["", "😀", "ありがとう", "Привет", "。。。", "   "])
def test_what_cannot_be_spoken_has_no_phonemes(text: str) -> None:
    assert to_phonemes(text) == ""


@settings(max_examples=100, deadline=None)
@given(st.text("的我不一好天你在中国人明早上睡觉，。！ABCxyz 'é", max_size=40))
def test_only_symbols_the_voice_knows_come_out(text: str) -> None:
    assert set(to_phonemes(text)) <= SYMBOLS


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), max_size=30))
def test_words_joined_are_the_text(text: str) -> None:
    assert "".join(split_words(text)) == text


@given(st.text("ab, .", max_size=200), st.integers(10, 60))
def test_long_phonemes_are_cut_and_lose_nothing_but_blanks(sounds: str, limit: int) -> None:
    pieces = split_long(sounds, limit)
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert "".join(pieces).replace(" ", "") == sounds.replace(" ", "")
