"""Builds the packed fonts of this folder from Debian's font packages and the hand-drawn glyphs.

    python -m fonts.build [--packages DIR]

Without `--packages` the packages are fetched with `apt-get download`. `DIR` may hold the `.deb`
files already; they are only unpacked, nothing is installed. The result is the same byte for byte
for the same packages.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path

from fonts.drawn import read_drawn
from fonts.packed import Bitmap, FontError, pack
from fonts.sources import read_combining, read_hex, read_opentype, read_pcf
from fonts.squeeze import fit_height, fit_width

HERE = Path(__file__).parent
PACKAGES = ("xfonts-wqy", "unifont", "fonts-unifont")
X11 = "usr/share/fonts/X11/misc"
UNIFONT = "usr/share/unifont"
UPPER = "usr/share/fonts/opentype/unifont/unifont_upper.otf"
# Above the BMP: mathematical letters, and everything from mahjong tiles to symbols for computing.
UPPER_CODES = (*range(0x1D400, 0x1D800), *range(0x1F000, 0x1FC00))
SHIFT = 4  # rows of headroom in which sources are read, so that tall accents are not cut
SPACED_LETTERS = range(0x370, 0x530)  # Greek, Cyrillic
SENTENCE_MARKS = "，。：；！？"
NEVER_SHOWN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}  # private use means nothing to a reader


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m fonts.build", description=__doc__)
    parser.add_argument("--packages", type=Path, help="folder that holds the .deb files")
    options = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            unpack(options.packages or fetch(root), root)
            for name, content in build(root).items():
                (HERE / name).write_bytes(content)
                print(f"{name}: {len(content)} bytes")
    except (FontError, OSError, subprocess.CalledProcessError) as error:
        print(f"fonts.build: {error}", file=sys.stderr)
        return 1
    return 0


def fetch(folder: Path) -> Path:
    """Download the packages into `folder`. Raises CalledProcessError where apt cannot."""
    subprocess.run(["apt-get", "download", "-q", *PACKAGES], cwd=folder, check=True)
    return folder


def unpack(packages: Path, root: Path) -> None:
    for name in PACKAGES:
        found = sorted(packages.glob(f"{name}_*.deb"))
        if not found:
            raise FontError(f"no {name}_*.deb in {packages}")
        subprocess.run(["dpkg-deb", "-x", str(found[-1]), str(root)], check=True)


def build(root: Path) -> dict[str, bytes]:
    """All packed files by name, from the unpacked packages under `root`."""
    body = in_left_half(fitted(read_wenquanyi(root / X11 / "wenquanyi_9pt.pcf", 10 + SHIFT), 12))
    body |= drawn("overrides")
    large = in_left_half(fitted(read_wenquanyi(root / X11 / "wenquanyi_12pt.pcf", 14 + SHIFT), 16))
    unifont = shown(read_unifont(root))
    squeezed = {
        code: fit_height(fit_width(glyph, 12), 12, SHIFT)  # Unifont's baseline: under row 13
        for code, glyph in unifont.items()
        if code not in body
    }
    rest = {code: glyph for code, glyph in unifont.items() if code not in large}
    return {
        "body12.bin": pack(body, 12, 10),
        "body12-fallback.bin": pack(squeezed, 12, 10),
        "large16.bin": pack(large, 16, 14),
        "large16-fallback.bin": pack(rest, 16, 14),
        "tiny.bin": pack(drawn("tiny"), 7, 5),
        "clock.bin": pack(drawn("clock"), 24, 24),
    }


def read_wenquanyi(path: Path, baseline: int) -> dict[int, Bitmap]:
    """WenQuanYi without the scripts that it spaces like hanzi and Unifont like letters."""
    glyphs = read_pcf(path, baseline)
    return {code: glyph for code, glyph in glyphs.items() if code not in SPACED_LETTERS}


def read_unifont(root: Path) -> dict[int, Bitmap]:
    """Unifont of all planes we keep; marks that combine get no advance."""
    glyphs = read_hex(root / UNIFONT / "unifont_jp.hex")
    glyphs |= read_hex(root / UNIFONT / "unifont.hex")
    glyphs |= read_opentype(root / UPPER, UPPER_CODES)
    combining = read_combining(root / UNIFONT / "plane00-combining.txt")
    return {
        code: Bitmap(0, 0, ink(glyph.columns)) if code in combining else glyph
        for code, glyph in glyphs.items()
    }


def shown(glyphs: dict[int, Bitmap]) -> dict[int, Bitmap]:
    """Without what is never drawn; non-spacing marks without advance, cut to their ink."""
    kept = {}
    for code, glyph in glyphs.items():
        category = unicodedata.category(chr(code))
        if category in NEVER_SHOWN:
            continue
        kept[code] = Bitmap(0, 0, ink(glyph.columns)) if category in ("Mn", "Me") else glyph
    return kept


def fitted(glyphs: dict[int, Bitmap], height: int) -> dict[int, Bitmap]:
    return {code: fit_height(glyph, height, SHIFT) for code, glyph in shown(glyphs).items()}


def in_left_half(glyphs: dict[int, Bitmap]) -> dict[int, Bitmap]:
    """Marks that end a sentence or a part of it in the left half of their cell.

    So GB/T 15834 (5.1) has them on the mainland; WenQuanYi sets them between that and the middle.
    """
    moved = dict(glyphs)
    for char in SENTENCE_MARKS:
        glyph = glyphs[ord(char)]
        columns = ink(glyph.columns)
        left = max(1, (glyph.advance // 2 - len(columns) + 1) // 2)
        moved[ord(char)] = Bitmap(glyph.advance, left, columns)
    return moved


def ink(columns: tuple[int, ...]) -> tuple[int, ...]:
    inked = [i for i, column in enumerate(columns) if column]
    return columns[inked[0] : inked[-1] + 1] if inked else ()


def drawn(folder: str) -> dict[int, Bitmap]:
    """The glyphs of all text files of a folder. Raises FontError when two draw the same."""
    glyphs: dict[int, Bitmap] = {}
    for path in text_files(HERE / folder):
        for code, glyph in read_drawn(path).items():
            if code in glyphs:
                raise FontError(f"{path.name} draws U+{code:04X} again")
            glyphs[code] = glyph
    return glyphs


def text_files(folder: Path) -> Iterable[Path]:
    return sorted(folder.glob("*.txt"))


if __name__ == "__main__":
    sys.exit(main())
