"""Builds `readings.npz`: `python -m appliance.speech.reading.building`.

Needs the packages g2pM 0.1.2.5 (network, readings of characters; Apache-2.0), pypinyin 0.55 (MIT)
and pypinyin-dict 0.9.0 (CC-CEDICT; CC BY-SA 4.0), which the box does without.
"""

from __future__ import annotations

import importlib
import pickle
import re
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pypinyin.contrib.tone_convert import to_tone3
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

from appliance.speech.reading.data import DECIDED, FIRST, LIKELY, OPEN, PATH, SYLLABLE
from appliance.speech.reading.standins import Collocations, Line, lines
from ui.input.engine import DATA
from ui.input.model import COST_BITS, COST_MASK, FIRST_WORD, Model

Reading = tuple[str, ...]

_LAST: Final = 0x9FFF
_ALIKE: Final = 800  # two readings of a word whose costs differ by less: the sentence decides
_COMMON: Final = 5500  # a word that costs less is what everybody says; above are names and terms
_CEDICT: Final = ("cc_cedict_0", "cc_cedict_1", "cc_cedict_2")
_BEGIN, _END, _UNKNOWN = "시", "끝", "<UNK>"  # as g2pM names them
# Suffixes that are syllables of their own: 女儿 is two.
_UNREAD: Final = "xx5"  # as pypinyin writes what has no reading
_ERHUA: Final = {"er2": "er2", "er5": "r5"}


def _plain(syllable: str) -> str:
    return to_tone3(syllable, neutral_tone_with_five=True, v_to_u=False).replace("ü", "v")


def _is_syllable(reading: str) -> bool:
    """Some characters are two syllables, and what has no reading is marked in its own way."""
    return bool(re.fullmatch(r"[a-zê]+[1-5]", reading)) and reading != _UNREAD


def _toneless(syllable: str) -> str:
    """As the input method spells it: it writes no ü after n and l in some words."""
    return "er" if syllable == "r5" else syllable[:-1].replace("v", "u")


class _Package:
    """The files of g2pM."""

    def __init__(self) -> None:
        folder = Path(str(importlib.import_module("g2pM").__file__)).parent

        def load(name: str) -> Any:
            return pickle.loads((folder / name).read_bytes())

        self.weights: dict[str, npt.NDArray[np.float32]] = load("np_ckpt.pkl")
        self.rows: dict[str, int] = load("char2idx.pkl")
        classes: dict[str, int] = load("class2idx.pkl")
        self.classes = [
            name.replace("u:", "v") for name in sorted(classes, key=classes.__getitem__)
        ]
        self.readings: dict[str, list[str]] = {
            character: [r for it in several if _is_syllable(r := it.replace("u:", "v"))]
            for character, several in load("digest_cedict.pkl").items()
        }


def characters(package: _Package) -> dict[str, Reading]:
    """Readings of every character, the one that pypinyin gives first at the front."""
    result = {}
    for code in range(FIRST, _LAST + 1):
        usual = [_plain(part) for part in pinyin_dict.get(code, "").split(",")]
        usual = [syllable for syllable in usual if _is_syllable(syllable)]
        known = package.readings.get(chr(code), usual[:1])
        order = sorted(known, key=lambda reading: (usual + known).index(reading))
        result[chr(code)] = tuple(order)
    result["儿"] = ("er2", "r5")
    result["〇"] = ("ling2",)
    return result


def typed(model: Model) -> dict[str, list[tuple[int, Reading]]]:
    """Words of the input method: what each reading costs, without tones; the likeliest first."""
    readings: dict[int, list[tuple[int, Reading]]] = defaultdict(list)
    for entry, record in enumerate(model.full):
        readings[record >> COST_BITS].append((record & COST_MASK, model.reading_of(entry)))
    return {
        model.text(word): sorted(readings[word])
        for word in range(FIRST_WORD, model.words)
        if word in readings
    }


def _dictionary(source: dict[str, list[list[str]]]) -> dict[str, Reading]:
    result = {}
    for word, readings in source.items():
        if len(word) == len(readings):
            syllables = [_plain(reading[0]) for reading in readings]
            result[word] = tuple(
                _ERHUA.get(syllable, syllable) if character == "儿" else syllable
                for character, syllable in zip(word, syllables, strict=True)
            )
    return result


def _agrees(reading: Reading, toneless: Reading) -> bool:
    return [_toneless(syllable) for syllable in reading] == [s.replace("v", "u") for s in toneless]


def words(model: Model, of: dict[str, Reading]) -> tuple[dict[str, str], dict[str, Reading]]:
    """What is known of words with a polyphone: see `appliance.speech.reading.data`.

    And the readings that characters have in words only.
    """
    modules = [importlib.import_module(f"pypinyin_dict.phrase_pinyin_data.{n}") for n in _CEDICT]
    cedict = _dictionary({w: r for module in modules for w, r in module.phrases_dict.items()})
    pypinyin = _dictionary(phrases_dict)
    everything = typed(model)
    common = {word for word in everything if model.unigram[model.word(word)] < _COMMON}
    table = list(lines())
    spoken = _spoken({word: cedict[word] for word in common & cedict.keys()}, of, table)
    of = {character: readings + spoken.get(character, ()) for character, readings in of.items()}
    own = Collocations([_within(line) for line in table])
    result = {}
    for word, alternatives in everything.items():
        if len(word) > 1 and any(len(of.get(character, ())) > 1 for character in word):
            dictionaries = cedict.get(word), pypinyin.get(word)
            codes = _codes(word, alternatives, *dictionaries, word in common, of)
            result[word] = _corrected(word, codes, own, of)
    return {word: codes for word, codes in result.items() if codes.strip(OPEN)}, spoken


def _within(line: Line) -> Line:
    """Without what is about the ends of clauses: a word's end is none."""
    return line._replace(collocations=tuple(c for c in line.collocations if "|" not in c))


def _corrected(word: str, codes: str, own: Collocations, of: dict[str, Reading]) -> str:
    """With what our own table says of the word: of two readings CC-CEDICT has one only."""
    result = ""
    for at, (character, code) in enumerate(zip(word, codes, strict=True)):
        found = own.find(word, at)
        reading = max(found, key=lambda r: found[r], default="")
        result += _over(code, reading, of[character]) if reading else code
    return result


def _over(code: str, reading: str, several: Reading) -> str:
    """The code of a reading in place of another, unless that is its neutral tone."""
    number = ord(code) - DECIDED
    neutral = 0 <= number < len(several) and several[number] == reading[:-1] + "5"
    return code if neutral else chr(DECIDED + several.index(reading))


def _spoken(
    common: dict[str, Reading], of: dict[str, Reading], table: list[Line]
) -> dict[str, Reading]:
    """The neutral tones of words that everybody says, and what only our own table has."""
    result: dict[str, Reading] = {}
    for line in table:
        if line.reading not in of[line.character] + result.get(line.character, ()):
            result[line.character] = (*result.get(line.character, ()), line.reading)
    for word, reading in common.items():
        for character, syllable in zip(word, reading, strict=True):
            known = of.get(character, ()) + result.get(character, ())
            if known and syllable not in known and syllable[:-1] in {r[:-1] for r in known}:
                result[character] = (*result.get(character, ()), syllable)
    return result


def _codes(
    word: str,
    alternatives: list[tuple[int, Reading]],
    cedict: Reading | None,
    pypinyin: Reading | None,
    common: bool,
    of: dict[str, Reading],
) -> str:
    toneless = alternatives[0][1]
    if cedict and cedict == pypinyin and (not common or _agrees(cedict, toneless)):
        return _encode(word, cedict, DECIDED, of)
    if len(alternatives) > 1 and alternatives[1][0] - alternatives[0][0] < _ALIKE:
        return OPEN * len(word)
    for reading in (cedict, pypinyin):
        if reading and _agrees(reading, toneless):
            return _encode(word, reading, DECIDED if common else LIKELY, of)
    return _syllables(word, toneless, of) if common else OPEN * len(word)


def _encode(word: str, reading: Reading, base: int, of: dict[str, Reading]) -> str:
    codes = ""
    for character, syllable in zip(word, reading, strict=True):
        if character == "儿":  # what it is in a short word the dictionaries do not agree about
            codes += chr(DECIDED + 1) if syllable == "r5" else OPEN
        else:
            known = syllable in of[character]
            codes += chr(base + of[character].index(syllable)) if known else OPEN
    return codes


def _syllables(word: str, toneless: Reading, of: dict[str, Reading]) -> str:
    codes = ""
    for character, syllable in zip(word, toneless, strict=True):
        fitting = [r for r in of.get(character, ()) if _toneless(r) == syllable.replace("v", "u")]
        open_ = character == "儿" or not fitting
        codes += OPEN if open_ else chr(SYLLABLE + of[character].index(fitting[0]))
    return codes


def weights(package: _Package) -> tuple[dict[str, npt.NDArray[np.float16]], str]:
    """The network's arrays, in the order of `appliance.speech.reading.network`, and its symbols."""
    w = package.weights
    symbols = [s for s in package.rows if len(s) == 1 and s not in (_BEGIN, _END)]
    rows = [package.rows[s] for s in (_BEGIN, _END, _UNKNOWN, *symbols)]
    both = ("l0", "l0_reverse")
    arrays = {
        "embedding": w["embedding.weight"][rows],
        "input": np.stack([w[f"lstm.weight_ih_{way}"].T for way in both]),
        "recurrent": np.stack([w[f"lstm.weight_hh_{way}"].T for way in both]),
        "bias": np.stack([w[f"lstm.bias_ih_{way}"] + w[f"lstm.bias_hh_{way}"] for way in both]),
        "hidden": w["logit_layer.0.weight"].T,
        "hidden_bias": w["logit_layer.0.bias"],
        "output": w["logit_layer.2.weight"],
        "output_bias": w["logit_layer.2.bias"],
    }
    return {f"w_{name}": array.astype(np.float16) for name, array in arrays.items()}, "".join(
        symbols
    )


def _bytes(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


def main() -> None:
    """Write the file."""
    package, model = _Package(), Model(DATA)
    of = characters(package)
    syllables = sorted({readings[0] for readings in of.values() if readings})
    number = {syllable: at for at, syllable in enumerate(syllables, 1)}
    single = np.zeros(_LAST + 1 - FIRST, np.uint16)
    for code in range(FIRST, _LAST + 1):
        if readings := of[chr(code)]:
            single[code - FIRST] = number[readings[0]]
    arrays, symbols = weights(package)
    entries, spoken = words(model, of)
    several = {
        character: ",".join(readings) + ";" + ",".join(spoken.get(character, ()))
        for character, readings in of.items()
        if len(readings) > 1 or character in spoken or ord(character) < FIRST
    }
    np.savez_compressed(
        PATH,
        syllables=_bytes(" ".join(syllables)),
        single=single,
        several=_bytes(" ".join(c + readings for c, readings in several.items())),
        words=_bytes("\n".join(f"{word}\t{codes}" for word, codes in sorted(entries.items()))),
        classes=_bytes(" ".join(package.classes)),
        symbols=_bytes(symbols),
        **dict[str, Any](arrays),
    )
    print(f"{PATH}: {len(entries)} words, {len(several)} polyphones, {PATH.stat().st_size} bytes")


if __name__ == "__main__":
    main()
