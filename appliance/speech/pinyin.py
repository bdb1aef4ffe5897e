"""One pinyin syllable to the phonemes Kokoro v1.0 was trained on.

Kokoro's Chinese symbols are IPA with one code point per affricate and an arrow for the tone that
follows the nucleus (misaki 0.9, `ZHG2P` version 1.0; phonology after Duanmu 2007 and Lin 2007).
"""

from __future__ import annotations

from functools import cache

TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}

_INITIALS = {
    **{"b": "p", "p": "pʰ", "m": "m", "f": "f", "d": "t", "t": "tʰ", "n": "n", "l": "l"},
    **{"g": "k", "k": "kʰ", "h": "x", "j": "ʨ", "q": "ʨʰ", "x": "ɕ", "r": "ɻ"},
    **{"zh": "ꭧ", "ch": "ꭧʰ", "sh": "ʂ", "z": "ʦ", "c": "ʦʰ", "s": "s", "": ""},
}

# `0` is where the tone goes.
_FINALS = {
    **{"a": "a0", "ai": "ai0", "an": "a0n", "ang": "a0ŋ", "ao": "au0", "e": "ɤ0", "ei": "ei0"},
    **{"en": "ə0n", "eng": "ə0ŋ", "ong": "ʊ0ŋ", "ou": "ou0", "o": "wo0", "i": "i0", "ia": "ja0"},
    **{"ian": "jɛ0n", "iang": "ja0ŋ", "iao": "jau0", "ie": "je0", "in": "i0n", "iou": "jou0"},
    **{"ing": "i0ŋ", "iong": "jʊ0ŋ", "u": "u0", "ua": "wa0", "uai": "wai0", "uan": "wa0n"},
    **{"uei": "wei0", "uen": "wə0n", "uang": "wa0ŋ", "ueng": "wə0ŋ", "uo": "wo0", "ü": "y0"},
    **{"üe": "ɥe0", "üan": "ɥɛ0n", "ün": "y0n"},
}

_WHOLE = {
    **{"er": "ɚ0", "r": "ɚ0", "o": "ɔ0", "yo": "jɔ0", "ê": "ɛ0"},
    **{"m": "m0", "n": "n0", "ng": "ŋ0", "hm": "hm0", "hng": "hŋ0"},
}

# Spellings of syllables without an initial, and of finals that lose a letter after one.
_ZERO_INITIAL = {
    **{"yi": "i", "ya": "ia", "yai": "iai", "yan": "ian", "yang": "iang", "yao": "iao"},
    **{"ye": "ie", "yin": "in", "ying": "ing", "yong": "iong", "you": "iou", "yu": "ü"},
    **{"yue": "üe", "yuan": "üan", "yun": "ün", "wu": "u", "wa": "ua", "wai": "uai", "wan": "uan"},
    **{"wang": "uang", "wei": "uei", "wen": "uen", "weng": "ueng", "wo": "uo"},
}
# With what a final ends, and ends with before the ɻ.
_CURLED = (
    *(("ai0", "a0"), ("ei0", "ə0"), ("ɛ0", "a0")),
    *(("i0", "jə0"), ("y0", "ɥə0"), ("ɨ0", "ə0")),
)
_SHORTENED = {"iu": "iou", "ui": "uei", "un": "uen", "ue": "üe"}


@cache
def phonemes(syllable: str) -> str:
    """Kokoro's phonemes of a syllable in tone-number pinyin, such as `zhong1`, `lv4`, `ma5`.

    An r behind it is erhua: `hair2` is 孩儿. Empty when it is not a Mandarin syllable.
    """
    spelling = syllable[:-1] if syllable[-1:].isdigit() else syllable
    tone = TONES.get(syllable[len(spelling) :] or "5")
    if tone is None:
        return ""
    return _toneless(spelling.replace("v", "ü")).replace("0", tone)


def _toneless(spelling: str) -> str:
    if spelling in _WHOLE:
        return _WHOLE[spelling]
    if spelling.endswith("r"):
        return _rhotic(_toneless(spelling[:-1]))
    if spelling in _ZERO_INITIAL:
        return _FINALS.get(_ZERO_INITIAL[spelling], "")
    initial = spelling[:2] if spelling[:2] in _INITIALS else spelling[:1]
    if initial not in _INITIALS:
        initial = ""
    final = spelling[len(initial) :]
    if initial in {"j", "q", "x"} and final.startswith("u"):
        final = "ü" + final[1:]
    final = _SHORTENED.get(final, final)
    if final == "i" and initial in {"zh", "ch", "sh", "r", "z", "c", "s"}:
        return _INITIALS[initial] + "ɨ0"
    return _INITIALS[initial] + _FINALS[final] if final in _FINALS else ""


def _rhotic(sounds: str) -> str:
    """A syllable whose tongue curls back at the end; what stands in its way is lost.

    玩儿 keeps no n, 孩儿 no i, 鸡儿 gets a vowel for it (Lin 2007, 8.2).
    """
    if not sounds:
        return ""
    sounds = sounds.rstrip("nŋ")
    for ending, curled in _CURLED:
        if sounds.endswith(ending):
            return f"{sounds.removesuffix(ending)}{curled}ɻ"
    return sounds + "ɻ"
