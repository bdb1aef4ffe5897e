"""The file `t9.bin`: words, readings and the language model, mmapped and read-only.

Little-endian throughout. A header (magic, version, number of sections), a table of sections
(number, CRC-32, offset, size), the CRC-32 of all of that; then the sections, 8-byte aligned.
Costs are integers, -1024 * log10 p. An n-gram record is one uint32: word id << 14 | cost, rows
sorted by it. Where rows start is packed as `ui.input.starts` says. Word ids below `FIRST_WORD` are
the sentence marks and the unknown word; the others number the words in code point order.
"""

from __future__ import annotations

import mmap
import struct
import zlib
from bisect import bisect_left
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import Final

from ui.input.starts import Starts

MAGIC: Final = b"LoryT9\r\n"
VERSION: Final = 2
BOS: Final = 0
EOS: Final = 1
UNK: Final = 2
FIRST_WORD: Final = 3
UNIT: Final = 1024  # cost of a factor ten
COST_BITS: Final = 14
COST_MASK: Final = (1 << COST_BITS) - 1
SIGN_OFFSET: Final = 1 << (COST_BITS - 1)  # added to the signed cost of a pair's back-off
UNKNOWN_COST: Final = COST_MASK  # of a word that the model does not hold

_HEADER = struct.Struct("<8sII")
_ENTRY = struct.Struct("<IIQQ")
_CRC = struct.Struct("<I")
_CHUNK = 1 << 20
FOUND: Final = 2000  # words whose ids are kept; about 0.2 MB


class Section(IntEnum):
    ABOUT = 0  # JSON: what it was built with
    UNIGRAM = 1  # uint16 cost by word
    BACKOFF = 2  # int16 cost by word, as the only context
    END = 3  # uint16 cost of the sentence's end after this word
    BIGRAM_START = 4  # starts by word: first record of its row; one more than words
    BIGRAM = 5  # n-gram records
    PAIR_START = 6  # starts by word
    PAIR = 7  # second word << 14 | signed cost of back-off + 8192
    TRIGRAM_START = 8  # starts by pair
    TRIGRAM = 9  # n-gram records; EOS among the words
    NODE = 10  # trie over keys: first child << 8 | mask of the keys 2..9 that have one
    FULL_START = 11  # starts by node
    FULL = 12  # word << 14 | cost of this reading; the likeliest first
    PARTIAL_START = 13  # starts by node
    PARTIAL = 14  # index into FULL: words whose last syllable is unfinished at this node
    INITIAL_START = 15  # starts by node, of the nodes up to four deep
    INITIAL = 16  # index into FULL: words spelt by their initials
    READING_START = 17  # starts by index of FULL
    READING = 18  # uint16 syllable numbers
    TEXT_START = 19  # starts by word, in UTF-16 units
    TEXT = 20  # UTF-16LE
    SYLLABLE = 21  # 8 bytes each, NUL padded
    LOG_ADD = 22  # uint16: what the cost of a sum is below the smaller cost, by difference


_SECTION_NAMES = {int(section): section.name for section in Section}


class DataError(Exception):
    """`t9.bin` cannot be used. The text says what is wrong with it and what to do."""


def pack(sections: dict[Section, bytes]) -> bytes:
    """The bytes of a file with these sections."""
    offset = _HEADER.size + _ENTRY.size * len(sections) + _CRC.size
    table, body = [], []
    for number, data in sorted(sections.items()):
        padding = -offset % 8
        body.append(b"\0" * padding + data)
        offset += padding
        table.append(_ENTRY.pack(number, zlib.crc32(data), offset, len(data)))
        offset += len(data)
    head = _HEADER.pack(MAGIC, VERSION, len(sections)) + b"".join(table)
    return head + _CRC.pack(zlib.crc32(head)) + b"".join(body)


def _mapped(path: Path) -> mmap.mmap:
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read ({error})") from error


class Model:
    """An opened `t9.bin`. Raises DataError when the file is missing, damaged or of another version.

    `verify` reads the whole file once and checks every section (10 ms on a PC). Without it only
    the header is checked; `verify_sections` does the rest whenever there is time. Data in memory
    (`ui.input.no_words`) is trusted.
    """

    def __init__(self, source: Path | bytes, verify: bool = True) -> None:
        self._map: mmap.mmap | bytes
        if isinstance(source, bytes):
            self.path, self._map = Path(), source
        else:
            self.path, self._map = source, _mapped(source)
        self._table = self._read_table()
        if verify and isinstance(source, Path):
            self.verify_sections()
        self._view = memoryview(self._map)
        self.unigram = self._cast(Section.UNIGRAM, "H")
        self.words = len(self.unigram)
        self.backoff = self._cast(Section.BACKOFF, "h", self.words)
        self.end = self._cast(Section.END, "H", self.words)
        self.bigram_start = self._starts(Section.BIGRAM_START, self.words + 1)
        self.bigram = self._cast(Section.BIGRAM, "I")
        self.pair_start = self._starts(Section.PAIR_START, self.words + 1)
        self.pair = self._cast(Section.PAIR, "I")
        self.trigram_start = self._starts(Section.TRIGRAM_START, len(self.pair) + 1)
        self.trigram = self._cast(Section.TRIGRAM, "I")
        self.node = self._cast(Section.NODE, "I")
        self.full_start = self._starts(Section.FULL_START, len(self.node) + 1)
        self.full = self._cast(Section.FULL, "I")
        self.partial_start = self._starts(Section.PARTIAL_START, len(self.node) + 1)
        self.partial = self._cast(Section.PARTIAL, "I")
        self.initial_start = self._starts(Section.INITIAL_START)
        self.initial = self._cast(Section.INITIAL, "I")
        self.reading_start = self._starts(Section.READING_START, len(self.full) + 1)
        self.reading = self._cast(Section.READING, "H")
        self.text_start = self._starts(Section.TEXT_START, self.words + 1)
        self.log_add = self._cast(Section.LOG_ADD, "H")
        names = bytes(self.section(Section.SYLLABLE))
        # "replace": an unverified file may be damaged; wrong letters are better than none.
        self.syllables = [
            names[i : i + 8].rstrip(b"\0").decode("ascii", "replace")
            for i in range(0, len(names), 8)
        ]
        self._text = self.section(Section.TEXT)
        self._found: dict[str, int] = {}

    def _read_table(self) -> dict[int, tuple[int, int, int]]:
        data, path = self._map, self.path
        if len(data) < _HEADER.size or data[: len(MAGIC)] != MAGIC:
            raise DataError(f"{path}: not a T9 data file")
        _, version, count = _HEADER.unpack_from(data)
        if version != VERSION:
            raise DataError(f"{path}: version {version}, this program reads version {VERSION}")
        end = _HEADER.size + count * _ENTRY.size
        if len(data) < end + _CRC.size:
            raise DataError(f"{path}: truncated; install it again")
        if zlib.crc32(data[:end]) != _CRC.unpack_from(data, end)[0]:
            raise DataError(f"{path}: damaged header; install it again")
        table = {}
        for position in range(_HEADER.size, end, _ENTRY.size):
            number, crc, offset, size = _ENTRY.unpack_from(data, position)
            if offset + size > len(data):
                raise DataError(f"{path}: truncated; install it again")
            table[number] = (crc, offset, size)
        missing = [section.name for section in Section if section not in table]
        if missing:
            raise DataError(f"{path}: lacks {', '.join(missing)}")
        return table

    def verify_sections(self) -> None:
        """Check the CRC-32 of every section; DataError names the first damaged one.

        Reads the file beside the mapping, so that what is never used is never resident.
        """
        try:
            self._verify()
        except OSError as error:
            raise DataError(f"{self.path}: cannot be read ({error})") from error

    def _verify(self) -> None:
        with self.path.open("rb") as file:
            for number, (expected, offset, size) in self._table.items():
                file.seek(offset)
                crc = 0
                while size > 0 and (chunk := file.read(min(size, _CHUNK))):
                    crc = zlib.crc32(chunk, crc)
                    size -= len(chunk)
                if size or crc != expected:
                    name = _SECTION_NAMES.get(number, str(number))
                    raise DataError(f"{self.path}: section {name} is damaged; install it again")

    def section(self, section: Section) -> memoryview:
        """The bytes of one section."""
        _, offset, size = self._table[section]
        return self._view[offset : offset + size]

    def _cast(self, section: Section, kind: str, length: int | None = None) -> memoryview:
        view = self.section(section)
        if len(view) % struct.calcsize(kind):
            raise DataError(f"{self.path}: section {section.name} has a broken length")
        cast = view.cast(kind)  # type: ignore[call-overload]
        if length is not None and len(cast) != length:
            raise DataError(f"{self.path}: section {section.name} has the wrong length")
        return cast  # type: ignore[no-any-return]

    def _starts(self, section: Section, length: int | None = None) -> Starts:
        try:
            starts = Starts(self.section(section))
        except ValueError as error:
            raise DataError(f"{self.path}: section {section.name} has a {error}") from error
        if length is not None and len(starts) != length:
            raise DataError(f"{self.path}: section {section.name} has the wrong length")
        return starts

    # ------------------------------------------------------------ words

    def text(self, word: int) -> str:
        """The word with this id; "" for the marks."""
        start, end = self.text_start[word], self.text_start[word + 1]
        return bytes(self._text[2 * start : 2 * end]).decode("utf-16-le", "replace")

    def word(self, text: str) -> int:
        """The id of this word, or `UNK`. The text before the caret is looked up at every commit,
        so what was found lately is kept."""
        found = self._found.get(text)
        if found is None:
            if len(self._found) >= FOUND:
                self._found.clear()
            at = bisect_left(range(self.words), text, FIRST_WORD, self.words, key=self.text)
            found = at if at < self.words and self.text(at) == text else UNK
            self._found[text] = found
        return found

    def node_of(self, keys: str) -> int | None:
        """The node of the trie that these keys lead to; None where no word has them."""
        node = 0
        for key in keys:
            value = self.node[node]
            bit = 1 << (int(key) - 2)
            if not value & bit:
                return None
            node = (value >> 8) + (value & (bit - 1)).bit_count()
        return node

    def reading_of(self, entry: int) -> tuple[str, ...]:
        """The syllables of a FULL record."""
        start, end = self.reading_start[entry], self.reading_start[entry + 1]
        return tuple(self.syllables[number] for number in self.reading[start:end])

    def readings(self, word: int) -> list[tuple[str, ...]]:
        """How a word is read, the likeliest first.

        FULL is in the order of keys: the two bytes of its records that hold nothing but the word
        are searched for, which takes 1 ms where looking at every record takes 10.
        """
        high = (word << COST_BITS).to_bytes(4, "little")[2:]
        data = bytes(self.section(Section.FULL))
        found = []
        at = data.find(high)
        while at >= 0:
            entry = at // 4
            if at % 4 == 2 and self.full[entry] >> COST_BITS == word:
                found.append(entry)
            at = data.find(high, at + 1)
        found.sort(key=lambda entry: self.full[entry] & COST_MASK)
        return [self.reading_of(entry) for entry in found]

    # ------------------------------------------------------------ language model

    def pair_of(self, before: int, last: int) -> int:
        """Index of the context (before, last) in PAIR, or -1."""
        low, high = self.pair_start[before], self.pair_start[before + 1]
        at = bisect_left(self.pair, last << COST_BITS, low, high)
        return at if at < high and self.pair[at] >> COST_BITS == last else -1

    def costs(self, before: int, last: int, words: Sequence[int]) -> list[int]:
        """Costs of words after the words `before`, `last`; `UNKNOWN_COST` of one that is not the
        model's. Where the words before are not either, they are `UNK`."""
        last = last if last < self.words else UNK
        pair = self.pair_of(before if before < self.words else UNK, last)
        costs = self.bigram_costs(last, words)
        return costs if pair < 0 else self.trigram_costs(pair, words, costs)

    def bigram_costs(self, last: int, words: Sequence[int]) -> list[int]:
        """Costs of words after this one of the model's alone; the row is looked up once."""
        table, unigram, known = self.bigram, self.unigram, self.words
        low, high = self.bigram_start[last], self.bigram_start[last + 1]
        backoff = self.backoff[last]
        costs = []
        for word in words:
            if word >= known:
                costs.append(UNKNOWN_COST)
                continue
            at = bisect_left(table, word << COST_BITS, low, high) if low < high else high
            if at < high and (record := table[at]) >> COST_BITS == word:
                costs.append(record & COST_MASK)
            else:
                costs.append(backoff + unigram[word])
        return costs

    def trigram_costs(self, pair: int, words: Sequence[int], costs: Sequence[int]) -> list[int]:
        """Those costs after a pair: what it holds itself, else backed off."""
        low, high = self.trigram_start[pair], self.trigram_start[pair + 1]
        backoff, known = (self.pair[pair] & COST_MASK) - SIGN_OFFSET, self.words
        if high - low <= len(words):
            row = {record >> COST_BITS: record & COST_MASK for record in self.trigram[low:high]}
            return [
                cost if word >= known else row.get(word, cost + backoff)
                for word, cost in zip(words, costs, strict=True)
            ]
        result = []
        for word, cost in zip(words, costs, strict=True):
            at = bisect_left(self.trigram, word << COST_BITS, low, high)
            if word >= known:
                result.append(cost)
            elif at < high and (record := self.trigram[at]) >> COST_BITS == word:
                result.append(record & COST_MASK)
            else:
                result.append(cost + backoff)
        return result
