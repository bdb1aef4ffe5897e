"""Latin letters and words for a Chinese voice: Kokoro's English symbols, without espeak.

A short lexicon for what answers really contain, letters for acronyms, and letter-to-sound rules
for the rest. Symbols: American English as in misaki 0.9 (A = eɪ, I = aɪ, O = oʊ, W = aʊ, Y = ɔɪ).
"""

from __future__ import annotations

import re
from functools import cache

LETTERS = {
    **{"a": "ˈA", "b": "bˈi", "c": "sˈi", "d": "dˈi", "e": "ˈi", "f": "ˈɛf", "g": "ʤˈi"},
    **{"h": "ˈAʧ", "i": "ˈI", "j": "ʤˈA", "k": "kˈA", "l": "ˈɛl", "m": "ˈɛm", "n": "ˈɛn"},
    **{"o": "ˈO", "p": "pˈi", "q": "kjˈu", "r": "ˈɑɹ", "s": "ˈɛs", "t": "tˈi", "u": "jˈu"},
    **{"v": "vˈi", "w": "dˈʌbᵊlju", "x": "ˈɛks", "y": "wˈI", "z": "zˈi"},
}

_WORDS = {
    **{"hello": "həlˈO", "hi": "hˈI", "ok": "OkˈA", "okay": "OkˈA", "bye": "bˈI"},
    **{"the": "ðə", "a": "ə", "of": "ʌv", "to": "tu", "and": "ænd", "in": "ɪn", "is": "ɪz"},
    **{"you": "ju", "i": "ˈI", "are": "ɑɹ", "for": "fɔɹ", "on": "ɔn", "it": "ɪt", "my": "mI"},
    **{"one": "wˈʌn", "two": "tˈu", "three": "θɹˈi", "four": "fˈɔɹ", "five": "fˈIv"},
    **{"wifi": "wˈIfI", "wi": "wˈI", "fi": "fˈI", "bluetooth": "blˈutuθ", "email": "ˈimAl"},
    **{"app": "ˈæp", "apple": "ˈæpᵊl", "google": "ɡˈuɡᵊl", "android": "ˈændɹˌYd"},
    **{"linux": "lˈɪnəks", "windows": "wˈɪndOz", "python": "pˈIθˌɑn", "java": "ʤˈɑvə"},
    **{"phone": "fˈOn", "iphone": "ˈIfˌOn", "ipad": "ˈIpˌæd", "mac": "mˈæk", "chat": "ʧˈæt"},
    **{"code": "kˈOd", "coder": "kˈOdəɹ", "data": "dˈATə", "file": "fˈIl", "web": "wˈɛb"},
    **{"internet": "ˈɪntəɹnˌɛt", "online": "ˈɔnlˌIn", "video": "vˈɪdiO", "music": "mjˈuzɪk"},
    **{"radio": "ɹˈAdiO", "robot": "ɹˈObˌɑt", "coffee": "kˈɔfi", "pizza": "pˈitsə"},
    **{"world": "wˈɜɹld", "time": "tˈIm", "love": "lˈʌv", "good": "ɡˈʊd", "game": "ɡˈAm"},
    **{"model": "mˈɑdᵊl", "token": "tˈOkən", "memory": "mˈɛməɹi", "error": "ˈɛɹəɹ"},
    **{"pro": "pɹˈO", "max": "mˈæks", "mini": "mˈɪni", "plus": "plˈʌs", "air": "ˈɛɹ"},
    **{"qwen": "kwˈɛn", "lory": "lˈɔɹi", "sharp": "ʃˈɑɹp", "open": "ˈOpən", "router": "ɹˈWtəɹ"},
    **{"docker": "dˈɑkəɹ", "github": "ɡˈɪthˌʌb", "youtube": "jˈutˌub", "spotify": "spˈɑtəfˌI"},
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
_VOWEL = re.compile(r"[AIOWYaeiouæɑɔəɛɜɪʊʌ]")


@cache
def phonemes(word: str) -> str:
    """Kokoro's phonemes of one Latin word (ASCII letters and apostrophes).

    All capitals up to five letters, single letters, and words without a vowel are spelled;
    DeepSeek is read as two words.
    """
    lower = word.lower().replace("'", "")
    if not lower:
        return ""
    spelled = (
        len(lower) == 1 or (word.isupper() and len(word) <= 5) or not re.search("[aeiouy]", lower)
    )
    if lower in _WORDS and not (spelled and lower not in {"ok", "wifi", "app"}):
        return _WORDS[lower]
    if len(parts := _CAMEL.findall(word)) > 1 and not word.isupper():
        return " ".join(phonemes(part) for part in parts)
    if spelled:
        return " ".join(LETTERS[letter] for letter in lower if letter in LETTERS)
    return _by_rule(lower)


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
