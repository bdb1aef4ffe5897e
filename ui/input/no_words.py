"""What is left of the data where `t9.bin` cannot be used: no words, so that all else goes on."""

from __future__ import annotations

import struct

from ui.input.model import FIRST_WORD, Section, pack
from ui.input.starts import pack_starts

_ROOT = struct.pack("<I", 0)


def no_words() -> bytes:
    """A sound data file that holds the sentence marks and nothing that can be typed."""
    by_word = pack_starts([0] * (FIRST_WORD + 1))
    by_node = pack_starts([0, 0])
    costs = bytes(2 * FIRST_WORD)
    sections = dict.fromkeys(Section, b"")
    sections |= {Section.UNIGRAM: costs, Section.BACKOFF: costs, Section.END: costs}
    sections |= dict.fromkeys(
        (Section.BIGRAM_START, Section.PAIR_START, Section.TEXT_START), by_word
    )
    sections |= dict.fromkeys(
        (Section.FULL_START, Section.PARTIAL_START, Section.INITIAL_START), by_node
    )
    sections |= dict.fromkeys((Section.TRIGRAM_START, Section.READING_START), pack_starts([0]))
    return pack(sections | {Section.NODE: _ROOT})
