"""Build `english.txt`: the likeliest English words of letters, the most frequent first.

    python -m ui.input.building.english wordfreq-3.1.1-py3-none-any.whl

The source is the word list of wordfreq 3.1.1 (Robyn Speer; data CC BY-SA 4.0), from PyPI.
"""

from __future__ import annotations

import argparse
import gzip
import zipfile
from pathlib import Path

import msgspec

from ui.input.engine import ENGLISH

MEMBER = "wordfreq/data/small_en.msgpack.gz"
WORDS = 15_000
SINGLE = {"a", "i"}
CAPITAL = {"i": "I"}


def words_of(wheel: Path) -> list[str]:
    """wordfreq stores a header and then the words in bins of equal frequency, falling."""
    with zipfile.ZipFile(wheel) as archive:
        bins = msgspec.msgpack.decode(gzip.decompress(archive.read(MEMBER)))[1:]
    found: list[str] = []
    for words in bins:
        for word in sorted(words):
            letters = word.isascii() and word.isalpha()
            if letters and (len(word) > 1 or word in SINGLE):
                found.append(CAPITAL.get(word, word))
    return found[:WORDS]


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the English word list.")
    parser.add_argument("wheel", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=ENGLISH)
    arguments = parser.parse_args()
    head = "# From wordfreq 3.1.1, data CC BY-SA 4.0; see NOTICE.md beside this file.\n"
    text = head + "".join(word + "\n" for word in words_of(arguments.wheel))
    arguments.output.write_text(text, encoding="ascii")


if __name__ == "__main__":
    main()
