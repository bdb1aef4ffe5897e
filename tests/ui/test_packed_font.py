"""The packed font files: what they hold, and how a bad one is refused."""

from __future__ import annotations

import logging
import re
import unicodedata
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fonts.drawn import read_drawn
from fonts.packed import Bitmap, FontError, PackedFont, pack
from ui import font

FONTS = Path(str(files("fonts")))
NAMES = sorted(path.name for path in FONTS.glob("*.bin"))
GLYPHS = {
    0x41: Bitmap(6, 0, (1, 2, 3)),
    0x4E00: Bitmap(12, -1, (5,) * 12),
    0x1F600: Bitmap(0, 2, ()),
}


def gb2312() -> list[str]:
    cells = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return [decoded for cell in cells if (decoded := cell.decode("gb2312", errors="ignore"))]


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    path = tmp_path / "font.bin"
    path.write_bytes(pack(GLYPHS, 12, 10))
    return path


def test_what_was_packed_is_read_back(packed: Path) -> None:
    packed_font = PackedFont(packed)
    assert (packed_font.height, packed_font.baseline, packed_font.glyph_count) == (12, 10, 3)
    assert {code: packed_font.get(code) for code in packed_font} == GLYPHS
    assert packed_font.get(0x42) is None
    assert packed_font.advance(0x42) is None
    assert 0x41 in packed_font and 0x42 not in packed_font and 0x2FFFF not in packed_font
    packed_font.verify()


def test_a_truncated_file_is_refused_at_every_length(packed: Path) -> None:
    whole = packed.read_bytes()
    for length in {0, 1, 8, 31, 32, 100, 8735, 8736, len(whole) - 1}:
        packed.write_bytes(whole[:length])
        with pytest.raises(FontError, match=r"font\.bin"):
            PackedFont(packed)


def test_a_file_with_something_after_its_end_is_refused(packed: Path) -> None:
    packed.write_bytes(packed.read_bytes() + b"x")
    with pytest.raises(FontError, match="should be"):
        PackedFont(packed)


def test_another_version_is_refused_and_named(packed: Path) -> None:
    whole = bytearray(packed.read_bytes())
    whole[8] = 2
    packed.write_bytes(whole)
    with pytest.raises(FontError, match="version 2, this program reads 1"):
        PackedFont(packed)


@pytest.mark.parametrize("at", [10, 12, 14, 16, 24, 32, 9000 - 264])
def test_a_damaged_index_is_refused(packed: Path, at: int) -> None:
    whole = bytearray(packed.read_bytes())
    whole[at] ^= 1
    packed.write_bytes(whole)
    with pytest.raises(FontError):
        PackedFont(packed)


def test_damaged_glyphs_are_found_by_verify(packed: Path) -> None:
    whole = bytearray(packed.read_bytes())
    whole[-1] ^= 1
    packed.write_bytes(whole)
    with pytest.raises(FontError, match="glyphs"):
        PackedFont(packed).verify()


def test_a_missing_file_is_a_font_error(tmp_path: Path) -> None:
    with pytest.raises(FontError, match="cannot read"):
        PackedFont(tmp_path / "none.bin")


@given(
    st.dictionaries(
        st.integers(0, 0x10FFFF),
        st.builds(
            Bitmap,
            st.integers(0, 255),
            st.integers(-128, 127),
            st.lists(st.integers(1, 0xFFFF), max_size=20).map(tuple),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_any_glyphs_survive_packing(
    tmp_path_factory: pytest.TempPathFactory, glyphs: dict[int, Bitmap]
) -> None:
    path = tmp_path_factory.mktemp("fonts") / "any.bin"
    path.write_bytes(pack(glyphs, 16, 14))
    packed_font = PackedFont(path)
    assert {code: packed_font.get(code) for code in packed_font} == glyphs
    advances = {code: packed_font.advance(code) for code in packed_font}
    assert advances == {code: glyph.advance for code, glyph in glyphs.items()}
    packed_font.close()


def test_a_glyph_taller_than_its_font_is_not_packed() -> None:
    with pytest.raises(FontError, match="taller"):
        pack({0x41: Bitmap(6, 0, (1 << 12,))}, 12, 10)


# ---------------------------------------------------------------- the files we ship


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_font_is_whole(name: str) -> None:
    PackedFont(FONTS / name).verify()


def resident_kilobytes() -> int:
    """What of the font files this process has in memory (proc_pid_smaps(5))."""
    total, is_font = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            is_font = any(line.endswith(f"/{name}") for name in NAMES)
        elif is_font and line.startswith("Rss:"):
            total += int(line.split()[1])
    return total


def test_opening_a_font_brings_none_of_it_into_memory() -> None:
    before = resident_kilobytes()
    opened = [PackedFont(FONTS / name) for name in NAMES]
    assert resident_kilobytes() == before
    assert any(one.get(0x4E00) for one in opened)
    assert resident_kilobytes() > before, "it would be seen"


@pytest.mark.parametrize("face", [font.body, font.large])
def test_every_character_of_gb2312_is_drawable(face: object) -> None:
    assert callable(face)
    missing = [char for char in gb2312() if not face().has(char)]
    assert len(gb2312()) == 7445
    assert not missing


@pytest.mark.parametrize("face", [font.body, font.large])
def test_every_assigned_code_point_of_the_bmp_is_drawable(face: object) -> None:
    assert callable(face)
    not_characters = {"Cn", "Cs", "Co"}  # unassigned, surrogates, private use
    codes = map(chr, range(0x10000))
    missing = [
        f"U+{ord(char):04X}"
        for char in codes
        if unicodedata.category(char) not in not_characters and not face().has(char)
    ]
    assert not missing


def test_emoji_are_drawable() -> None:
    assert all(font.body().has(char) for char in "😀😂🙏👍🎉⏰🎵🤖🚀❤☀🌧")


def test_hanzi_have_the_width_of_the_grid_and_leave_the_last_row_free() -> None:
    body = font.body()
    for char in "明天早上七点叫我起床鑫龘":
        glyph = body.glyph(char)
        assert glyph.advance == 12
        assert all(not glyph.image.bits >> (64 * x + 11) & 1 for x in range(glyph.image.width))


@pytest.mark.parametrize("face", [font.body, font.large])
def test_marks_that_end_something_stand_in_the_left_half_of_their_cell(face: object) -> None:
    assert callable(face)
    for char in "，。、：；！？":
        glyph = face().glyph(char)
        assert glyph.advance == face().height
        assert glyph.left + glyph.image.width <= face().height // 2 + 1


def test_drawn_overrides_win_over_the_source() -> None:
    for path in (FONTS / "overrides").glob("*.txt"):
        for code, bitmap in read_drawn(path).items():
            found = PackedFont(FONTS / "body12.bin").get(code)
            assert found is not None
            assert found.advance == bitmap.advance
            ink = list(bitmap.columns)
            while ink and not ink[-1]:
                ink.pop()
            assert list(found.columns) == ink


def test_a_missing_glyph_is_a_visible_box_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    face = font.Face(PackedFont(FONTS / "tiny.bin"))
    with caplog.at_level(logging.WARNING):
        assert face.glyph("明").image.bits
        face.glyph("明")
        face.glyph("天")
    assert [record.getMessage() for record in caplog.records] == [
        "no glyph for U+660E",
        "no glyph for U+5929",
    ]


def test_hanzi_are_measured_without_being_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(PackedFont, "get")
    face = font.Face(PackedFont(FONTS / "body12.bin"), PackedFont(FONTS / "body12-fallback.bin"))
    hanzi = "".join(map(chr, range(0x4E00, 0x9FA6)))
    assert face.width(hanzi) == 12 * len(hanzi)


def test_boxes_of_different_code_points_look_different() -> None:
    face = font.body()
    boxes = {face.glyph(chr(code)).image.bits for code in range(0xE000, 0xE100)}
    assert len(boxes) == 256
    assert face.glyph("\U0010fffd").advance <= 18


@given(st.characters())
def test_every_code_point_has_a_glyph_that_fits_the_line(char: str) -> None:
    width = font.body().width(char)
    glyph = font.body().glyph(char)
    assert width == glyph.advance
    assert 0 <= glyph.advance <= 24
    assert glyph.image.height == 12
    assert all(
        not glyph.image.bits >> (64 * x) & ~0xFFF & ((1 << 64) - 1)
        for x in range(glyph.image.width)
    )


@pytest.mark.parametrize("char", ["\ud800", "\0", "\u200b", "\u202e", "\ufe0f", "\U000e0001"])
def test_lone_surrogates_and_invisible_characters_have_glyphs(char: str) -> None:
    glyph = font.body().glyph(char)
    assert glyph.advance == (0 if char != "\ud800" else glyph.advance)


# ---------------------------------------------------------------- drawings


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("advance 3\n", "line 1: nothing comes before"),
        ("glyph A\n", "line 1: a glyph is named"),
        ("glyph U+0041 B\n", r"line 1: B is not U\+0041"),
        ("glyph U+0041\n#?\n", "line 2"),
        ("glyph U+0041\n#\nglyph U+0041\n#\n", "line 3: drawn twice"),
    ],
)
def test_a_bad_drawing_names_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bad.txt"
    path.write_text(text)
    with pytest.raises(FontError, match=said):
        read_drawn(path)
