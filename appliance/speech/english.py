"""Latin letters and words for a Chinese voice: Kokoro's English symbols, without espeak.

The lexicon the voice was taught with, and what it lacks: names of today, endings by rule, letters
for acronyms, and letter-to-sound rules for the rest. Symbols: American English as in misaki 0.9
(A = eɪ, I = aɪ, O = oʊ, W = aʊ, Y = ɔɪ).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from appliance.speech.lexicon import lexicon

LETTERS = {
    **{"a": "ˈA", "b": "bˈi", "c": "sˈi", "d": "dˈi", "e": "ˈi", "f": "ˈɛf", "g": "ʤˈi"},
    **{"h": "ˈAʧ", "i": "ˈI", "j": "ʤˈA", "k": "kˈA", "l": "ˈɛl", "m": "ˈɛm", "n": "ˈɛn"},
    **{"o": "ˈO", "p": "pˈi", "q": "kjˈu", "r": "ˈɑɹ", "s": "ˈɛs", "t": "tˈi", "u": "jˈu"},
    **{"v": "vˈi", "w": "dˈʌbᵊlju", "x": "ˈɛks", "y": "wˈI", "z": "zˈi"},
}

# What the lexicon lacks or has otherwise: names of today, and words that carry no stress.
_WORDS = {
    **{"the": "ðə", "a": "ə", "i": "ˈI", "i'm": "ˈIm", "you're": "jɔɹ", "your": "jɔɹ"},
    **{"ok": "OkˈA", "okay": "OkˈA", "wifi": "wˈIfI", "fi": "fˈI", "app": "ˈæp", "apps": "ˈæps"},
    **{"google": "ɡˈuɡᵊl", "android": "ˈændɹˌYd", "python": "pˈIθˌɑn", "iphone": "ˈIfˌOn"},
    **{"ipad": "ˈIpˌæd", "coder": "kˈOdəɹ", "qwen": "kwˈɛn", "lory": "lˈɔɹi", "github": "ɡˈɪthˌʌb"},
    **{"spotify": "spˈɑtəfˌI", "linux": "lˈɪnəks", "ubuntu": "ubˈuntu", "llama": "lˈɑmə"},
    **{"kokoro": "kOkˈɔɹO", "huawei": "wˈɑwˌA", "xiaomi": "ʃˈWmi", "tesla": "tˈɛslə"},
    **{"bilibili": "bˈilibˈili", "taobao": "tˈWbˈW", "wechat": "wˈiʧˌæt", "tiktok": "tˈɪktˌɑk"},
}

# Longest first; a trailing silent e is handled before.
_RULES = (
    *(("tion", "ʃən"), ("sion", "ʒən"), ("ight", "It"), ("ough", "O"), ("eigh", "A")),
    *(("tch", "ʧ"), ("dge", "ʤ"), ("igh", "I"), ("eau", "O"), ("air", "ɛɹ"), ("ear", "ɪɹ")),
    *(("ch", "ʧ"), ("sh", "ʃ"), ("th", "θ"), ("ph", "f"), ("wh", "w"), ("ck", "k"), ("ng", "ŋ")),
    *(("qu", "kw"), ("kn", "n"), ("wr", "ɹ"), ("gh", "ɡ"), ("ee", "i"), ("ea", "i"), ("oo", "u")),
    *(("ai", "A"), ("ay", "A"), ("ei", "A"), ("ey", "i"), ("ie", "i"), ("oa", "O"), ("ou", "W")),
    *(("ow", "O"), ("oi", "Y"), ("oy", "Y"), ("au", "ɔ"), ("aw", "ɔ"), ("ew", "u"), ("ue", "u")),
    *(("ar", "ɑɹ"), ("er", "əɹ"), ("ir", "ɜɹ"), ("or", "ɔɹ"), ("ur", "ɜɹ")),
    *(("ce", "sɛ"), ("ci", "sɪ"), ("cy", "si"), ("ge", "ʤɛ"), ("gi", "ʤɪ"), ("gy", "ʤi")),
)
_SINGLE = {
    **{"a": "æ", "b": "b", "c": "k", "d": "d", "e": "ɛ", "f": "f", "g": "ɡ", "h": "h", "i": "ɪ"},
    **{"j": "ʤ", "k": "k", "l": "l", "m": "m", "n": "n", "o": "ɑ", "p": "p", "q": "k", "r": "ɹ"},
    **{"s": "s", "t": "t", "u": "ʌ", "v": "v", "w": "w", "x": "ks", "y": "i", "z": "z"},
}
_LONG = {"a": "A", "e": "i", "i": "I", "o": "O", "u": "u", "y": "I"}
_SOFT = {"c": "s", "g": "ʤ"}
_MAGIC_E = re.compile(r"([aeiouy])([bcdfgklmnprstvz])e(s|d)?$")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z']+")
_SPELLED = 5  # capitals that no lexicon has are letters up to so many
_SHOUTED = 4  # and a word in capitals from so many on: IT and US are letters
_VOWEL = re.compile(r"[AIOWYaeiouæɑɔəɛɜɪʊʌ]")


@cache
def phonemes(word: str) -> str:
    """Kokoro's phonemes of one Latin word (ASCII letters and apostrophes).

    Short capitals that are no word, single letters, and words without a vowel are spelled; DeepSeek
    is read as two words.
    """
    lower = word.lower().strip("'")
    if not lower:
        return ""
    if (known := _acronym(word) if word.isupper() else _known(lower)) is not None:
        return known
    if len(parts := _CAMEL.findall(word)) > 1 and not word.isupper():
        return " ".join(phonemes(part) for part in parts)
    letters = lower.replace("'", "")
    if (word.isupper() and len(word) <= _SPELLED) or not re.search("[aeiouy]", letters):
        return " ".join(LETTERS[letter] for letter in letters)
    return _by_rule(letters)


def _acronym(word: str) -> str | None:
    """NASA is a word of its own, IT two letters, HELLO a word that shouts."""
    lower = word.lower()
    if len(word) > 1 and (known := lexicon().get(word)):
        return known
    shouted = len(word) >= _SHOUTED or (len(word) > 1 and lower in _WORDS)
    return _known(lower) if shouted else None


def _known(word: str) -> str | None:
    """Of a word in small letters, by itself or by the word it is made from."""
    if len(word) == 1 and word not in _WORDS:
        return LETTERS.get(word)
    sounds = _WORDS.get(word) or lexicon().get(word) or _inflected(word)
    # A word among hanzi stands alone: what a sentence would hold down is said in full.
    return sounds if sounds is None or "ˈ" in sounds else sounds.replace("ˌ", "ˈ", 1)


def _inflected(word: str) -> str | None:
    for ending, join in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 1:
            for stem in _stems(word.removesuffix(ending), ending):
                if sounds := _WORDS.get(stem) or lexicon().get(stem):
                    return join(sounds)
    return None


def _stems(rest: str, ending: str) -> list[str]:
    """What a word may have been before the ending: mak- make, runn- run, tri- try."""
    if ending in ("'s", "s'", "'"):
        return [rest]
    stems = [rest, rest + "e"] if ending != "s" else [rest]
    if ending in ("ing", "ed") and rest[-1:] == rest[-2:-1]:
        stems.insert(0, rest[:-1])
    if rest.endswith("i") and ending in ("ed", "es"):
        stems.insert(0, rest[:-1] + "y")
    return stems


def _plural(sounds: str) -> str:
    if sounds[-1] in "szʃʒʧʤ":
        return sounds + "ᵻz"
    return sounds + ("s" if sounds[-1] in "ptkfθ" else "z")


def _past(sounds: str) -> str:
    if sounds[-1] in "td":
        return sounds + "ᵻd"
    return sounds + ("t" if sounds[-1] in "pkfθʃsʧ" else "d")


_ENDINGS: tuple[tuple[str, Callable[[str], str]], ...] = (
    *(("'s", _plural), ("s'", _plural), ("'", str), ("s", _plural), ("es", _plural)),
    *(("ed", _past), ("ing", lambda sounds: sounds + "ɪŋ")),
)


def _by_rule(word: str) -> str:
    tail = ""
    if magic := _MAGIC_E.search(word):
        vowel, consonant, ending = magic.groups()
        tail = _LONG[vowel] + _SOFT.get(consonant, _SINGLE[consonant])
        tail += {"s": "s", "d": "d"}.get(ending or "", "")
        word = word[: magic.start()]
    sound = ""
    while word:
        spelling, piece = _next_sound(word)
        if not sound.endswith(piece):  # doubled letters sound once
            sound += piece
        word = word[len(spelling) :]
    sound += tail
    first = _VOWEL.search(sound)
    return sound if first is None else f"{sound[: first.start()]}ˈ{sound[first.start() :]}"


def _next_sound(word: str) -> tuple[str, str]:
    for spelling, sound in _RULES:
        if word.startswith(spelling):
            return spelling, sound
    return word[0], _SINGLE.get(word[0], "")
