"""Glyphs drawn in characters: the text files of `overrides/`, `tiny/` and `clock/`.

    glyph U+0041 A
    advance 4
    .#.
    #.#
    ###
    #.#

An entry starts with `glyph`, ends at the next one or at the end of the file. `advance` is the pen
advance (default: the width drawn plus one), `top` the row of the first line drawn (default 0),
`left` the column of its first character (default 0). `#` is ink, `.` is not. Lines that start with
`;` and blank lines are skipped.
"""

from __future__ import annotations

from pathlib import Path

from fonts.packed import Bitmap, FontError


def read_drawn(path: Path) -> dict[int, Bitmap]:
    """The glyphs of one text file by code point. Raises FontError naming file and line."""
    glyphs: dict[int, Bitmap] = {}
    entry: _Entry | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.split()
        try:
            if not words or words[0].startswith(";"):
                continue
            if words[0] == "glyph":
                if entry is not None:
                    glyphs[entry.code] = entry.bitmap()
                entry = _Entry(words)
                if entry.code in glyphs:
                    raise ValueError("drawn twice")
            elif entry is None:
                raise ValueError("nothing comes before the first glyph")
            else:
                entry.add(words)
        except ValueError as error:
            raise FontError(f"{path.name}, line {number}: {error}") from error
    if entry is not None:
        glyphs[entry.code] = entry.bitmap()
    return glyphs


class _Entry:
    def __init__(self, words: list[str]) -> None:
        if len(words) < 2 or not words[1].startswith("U+"):
            raise ValueError("a glyph is named `glyph U+XXXX`")
        self.code = int(words[1][2:], 16)
        if len(words) > 2 and words[2] != chr(self.code):
            raise ValueError(f"{words[2]} is not {words[1]}")
        self._settings = {"advance": -1, "top": 0, "left": 0}
        self._rows: list[str] = []

    def add(self, words: list[str]) -> None:
        if words[0] in self._settings:
            self._settings[words[0]] = int(words[1])
        elif len(words) == 1 and set(words[0]) <= {"#", "."}:
            self._rows.append(words[0])
        else:
            raise ValueError(f"{' '.join(words)!r} is neither a setting nor a row of a glyph")

    def bitmap(self) -> Bitmap:
        width = max(map(len, self._rows), default=0)
        columns = [0] * width
        for row, line in enumerate(self._rows, self._settings["top"]):
            for column, mark in enumerate(line):
                columns[column] |= (mark == "#") << row
        advance = self._settings["advance"]
        return Bitmap(width + 1 if advance < 0 else advance, self._settings["left"], tuple(columns))
