"""Build `hanzi.txt`: hanzi of simplified writing, the most frequent first.

    python -m ui.input.building.hanzi

They are counted in the words of `t9.bin`, each as often as the model expects it.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

from ui.input.engine import DATA, HANZI
from ui.input.model import FIRST_WORD, UNIT, Model

LINE = 50  # hanzi
# Outside GB 2312, and yet written today: in names, dishes, chat.
TODAY = frozenset(
    "珅喆屌槃啰瞭囧嬛焗嘚跶捯镕璟瑄祎琍祇磡蒟蒻潟糬邨燊翀玥犇旸赟珺芃窸窣咘郃洺瑀翯堃晞囍彧傕叡垚骉濛湉沄"
    "〇欸璘祐瘆鲀鸮"
)
HEAD = "# Counted in t9.bin, a derived work of libime's data: LGPL-2.1-or-later; see NOTICE.md.\n"


def hanzi_of(model: Model) -> list[str]:
    """Those in use today that stand in a word, by how often they are expected."""
    found: defaultdict[str, float] = defaultdict(float)
    for word in range(FIRST_WORD, model.words):
        times: float = 10 ** (-model.unigram[word] / UNIT)
        for hanzi in model.text(word):
            found[hanzi] += times
    listed = [hanzi for hanzi in found if is_usual(hanzi)]
    return sorted(listed, key=lambda hanzi: (-found[hanzi], hanzi))


def is_usual(character: str) -> bool:
    """In use today, in simplified writing: GB 2312 holds it among its hanzi, or `TODAY`."""
    try:
        return character.encode("gb2312") >= b"\xb0"
    except UnicodeEncodeError:
        return character in TODAY


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the order of hanzi.")
    parser.add_argument("-o", "--output", type=Path, default=HANZI)
    arguments = parser.parse_args()
    hanzi = "".join(hanzi_of(Model(DATA)))
    lines = [hanzi[at : at + LINE] + "\n" for at in range(0, len(hanzi), LINE)]
    arguments.output.write_text(HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
