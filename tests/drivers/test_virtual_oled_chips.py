"""The modelled controllers: the bytes the datasheets define, and only those."""

from __future__ import annotations

import pytest

from drivers.virtual.oled import FRAME_BYTES, IllegalCommandError, OledModel
from drivers.virtual.sh1106 import VirtualSh1106
from drivers.virtual.ssd1306 import VirtualSsd1306, VirtualSsd1309

UPRIGHT = b"\xa1\xc8"


def ssd1306(commands: bytes = b"") -> VirtualSsd1306:
    chip = VirtualSsd1306(strict=True)
    chip.write(b"\x00\x8d\x14\x20\x00" + UPRIGHT + commands + b"\xaf")
    return chip


def clear(chip: OledModel) -> None:
    for page in chip.ram:
        page[:] = bytes(len(page))


def lit(chip: OledModel) -> dict[tuple[int, int], int]:
    """(page, column) of the glass → byte, where something is lit."""
    frame = chip.frame()
    assert len(frame) == FRAME_BYTES
    return {divmod(offset, 128): byte for offset, byte in enumerate(frame) if byte}


def test_glass_is_dark_until_display_on_and_charge_pump() -> None:
    chip = VirtualSsd1306()
    assert not any(chip.frame())
    chip.write(b"\x00\xaf")
    assert not any(chip.frame())
    chip.write(b"\x00\x8d\x14")
    assert any(chip.frame())


def test_ssd1309_needs_no_charge_pump_and_rejects_its_command() -> None:
    chip = VirtualSsd1309()
    chip.write(b"\x00\xaf")
    assert any(chip.frame())
    chip.write(b"\x00\x8d")
    assert chip.illegal == ["8D: this chip has no charge pump"]


def test_locked_ssd1309_hears_nothing_but_the_unlock() -> None:
    chip = VirtualSsd1309()
    chip.write(b"\x00\xfd\x16\xaf")
    assert not chip.is_on
    chip.write(b"\x00\xfd\x12\xaf")
    assert chip.is_on


def test_horizontal_window_wraps_to_its_origin() -> None:
    chip = ssd1306(b"\x21\x05\x06\x22\x02\x03")
    clear(chip)
    chip.write(b"\x40\x01\x02\x03\x04\x05")
    assert lit(chip) == {(2, 5): 5, (2, 6): 2, (3, 5): 3, (3, 6): 4}


def test_vertical_mode_goes_down_first() -> None:
    chip = ssd1306(b"\x20\x01\x21\x05\x06\x22\x02\x03")
    clear(chip)
    chip.write(b"\x40\x01\x02\x03")
    assert lit(chip) == {(2, 5): 1, (3, 5): 2, (2, 6): 3}


def test_page_mode_stays_on_its_page() -> None:
    chip = ssd1306(b"\x20\x02\xb4\x0e\x17")
    clear(chip)
    chip.write(b"\x40\x01\x02\x03")
    assert lit(chip) == {(4, 0x7E): 1, (4, 0x7F): 2, (4, 0): 3}


def test_control_bytes_mix_commands_and_data_in_one_transfer() -> None:
    chip = ssd1306()
    clear(chip)
    chip.write(b"\x80\x21\x80\x07\x80\x7f\x80\x22\x80\x01\x80\x07\xc0\xaa\x80\xa7\x40\x55\x66")
    assert chip.inverted
    chip.write(b"\x80\xa6")
    assert lit(chip) == {(1, 7): 0xAA, (1, 8): 0x55, (1, 9): 0x66}


def test_a_command_may_be_split_over_transfers() -> None:
    chip = ssd1306()
    chip.write(b"\x00\x81")
    chip.write(b"\x80\x42")
    assert chip.contrast == 0x42


def test_remap_works_on_writing_and_com_reverse_on_showing() -> None:
    chip = ssd1306(b"\x21\x00\x7f\x22\x00\x07")
    clear(chip)
    chip.write(b"\x40\x01")
    chip.write(b"\x00\xa0\xc0")
    assert lit(chip) == {(7, 0): 0x80}, "what is in RAM keeps its column and turns upside down"
    clear(chip)
    chip.write(b"\x00\x21\x00\x7f\x22\x00\x07")
    chip.write(b"\x40\x01")
    assert lit(chip) == {(7, 127): 0x80}


def test_start_line_scrolls_the_glass() -> None:
    chip = ssd1306(b"\x21\x00\x7f\x22\x00\x07")
    clear(chip)
    chip.write(b"\x00\x22\x01\x07")
    chip.write(b"\x40\xff")
    chip.write(b"\x00\x4c")  # row 12 on top
    assert lit(chip) == {(0, 0): 0x0F, (7, 0): 0xF0}


def test_all_on_and_invert() -> None:
    chip = ssd1306()
    clear(chip)
    chip.write(b"\x00\xa7")
    assert chip.frame() == b"\xff" * 1024
    chip.write(b"\x00\xa6\xa5")
    assert chip.frame() == b"\xff" * 1024
    chip.write(b"\x00\xa4")
    assert not any(chip.frame())


def test_sh1106_shows_columns_2_to_129() -> None:
    chip = VirtualSh1106(strict=True)
    chip.write(b"\x00" + UPRIGHT + b"\xaf\xb1\x01\x10")
    clear(chip)
    chip.write(b"\x40\x11\x22")
    assert lit(chip) == {(1, 0): 0x22}
    chip.write(b"\x00\x01\x18")
    chip.write(b"\x40\x33\x44\x55\x66\x77")
    assert lit(chip) == {(1, 0): 0x22, (1, 127): 0x33}


@pytest.mark.parametrize(
    "chip, sent",
    [
        (VirtualSsd1306, b"\x00\x20\x03"),
        (VirtualSsd1306, b"\x00\x21\x10\x05"),
        (VirtualSsd1306, b"\x00\x22\x05\x01"),
        (VirtualSsd1306, b"\x00\x2f"),
        (VirtualSsd1306, b"\x00\xad"),
        (VirtualSsd1306, b"\x00\xa8\x05"),
        (VirtualSsd1306, b"\x01\xaf"),
        (VirtualSh1106, b"\x00\x20"),
        (VirtualSh1106, b"\x00\x21"),
        (VirtualSh1106, b"\x00\x8d"),
        (VirtualSh1106, b"\x00\xaf\xad\x8b"),
    ],
)
def test_what_the_datasheet_does_not_define_is_refused(chip: type[OledModel], sent: bytes) -> None:
    lenient = chip()
    lenient.write(sent)
    assert lenient.illegal
    with pytest.raises(IllegalCommandError):
        chip(strict=True).write(sent)


@pytest.mark.parametrize("chip, number", [(VirtualSsd1306, 3), (VirtualSh1106, 8)])
def test_status_bit_6_says_display_off(chip: type[OledModel], number: int) -> None:
    model = chip()
    assert model.read(1) == bytes((0x40 | number,))
    model.write(b"\x00\xaf")
    assert model.read(2) == bytes((number, number))
