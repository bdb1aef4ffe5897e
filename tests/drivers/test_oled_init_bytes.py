"""What each controller is sent before it shows anything, byte for byte."""

from __future__ import annotations

import pytest

from drivers.bus import DeviceNotFoundError
from drivers.oled import Controller, Look, Oled
from drivers.sh1106 import SH1106
from drivers.ssd1306 import SSD1306
from drivers.ssd1309 import SSD1309
from drivers.virtual.bus import VirtualBus
from drivers.virtual.oled import OledModel
from drivers.virtual.sh1106 import VirtualSh1106
from drivers.virtual.ssd1306 import VirtualSsd1306, VirtualSsd1309

# SSD1306 rev 1.1, table 9-1; application note "Charge Pump Setting": 8D 14 before AF.
SSD1306_BYTES = (
    "AE D5 80 A8 3F D3 00 40 8D 14 20 00 21 00 7F 22 00 07 A1 C8 DA 12 81 7F D9 F1 DB 20 2E A4 A6"
)
# SSD1309 rev 1.1, section 9: FD 12 unlocks; no charge pump.
SSD1309_BYTES = (
    "FD 12 AE D5 70 A8 3F D3 00 40 20 00 21 00 7F 22 00 07 A1 C8 DA 12 81 7F D9 22 DB 34 2E A4 A6"
)
# SH1106 V2.3, command table: AD 8B is its DC-DC converter, 32 the pump voltage; no modes.
SH1106_BYTES = "AE D5 50 A8 3F D3 00 40 AD 8B 32 A1 C8 DA 12 81 7F D9 22 DB 35 A4 A6"

CASES = [
    (SSD1306, VirtualSsd1306, SSD1306_BYTES),
    (SSD1309, VirtualSsd1309, SSD1309_BYTES),
    (SH1106, VirtualSh1106, SH1106_BYTES),
]
IDS = [controller.name for controller, _, _ in CASES]


@pytest.mark.parametrize("controller, model, expected", CASES, ids=IDS)
def test_setup_bytes(controller: Controller, model: type[OledModel], expected: str) -> None:
    sent = b"".join(controller.setup(Look()))
    assert sent.hex(" ").upper() == expected
    chip = model(strict=True)
    chip.write(b"\x00" + sent + b"\xaf")
    assert chip.is_on and any(chip.frame())


@pytest.mark.parametrize("controller, model, expected", CASES, ids=IDS)
def test_rotation_changes_remap_and_scan_direction_only(
    controller: Controller, model: type[OledModel], expected: str
) -> None:
    turned = b"".join(controller.setup(Look(rotate=True))).hex(" ").upper()
    assert turned == expected.replace("A1 C8", "A0 C0")


@pytest.mark.parametrize("controller, model, expected", CASES, ids=IDS)
def test_contrast_and_inversion_are_part_of_the_setup(
    controller: Controller, model: type[OledModel], expected: str
) -> None:
    look = Look(contrast=0x05, invert=True)
    sent = b"".join(controller.setup(look)).hex(" ").upper()
    assert sent == expected.replace("81 7F", "81 05").removesuffix("A6") + "A7"


@pytest.mark.parametrize("controller, model, expected", CASES, ids=IDS)
@pytest.mark.parametrize("limit", [8, 32, 1025])
def test_on_the_wire_setup_is_one_command_stream_that_begins_with_two_nops(
    controller: Controller, model: type[OledModel], expected: str, limit: int
) -> None:
    bus = VirtualBus(max_transfer=limit, record=True)
    bus.attach(0x3C, model(strict=True))
    panel = Oled(bus, controller)
    for _ in range(400):
        panel.run(0.0)
    writes = [transfer.data for transfer in bus.trace if not transfer.is_read]
    assert all(len(data) <= limit for data in writes)
    stream = b"".join(data[1:] for data in writes if data[0] == 0x00)
    assert stream.hex(" ").upper().startswith("E3 E3 " + expected)


def test_display_on_is_the_last_thing_sent_after_the_first_frame() -> None:
    bus = VirtualBus(record=True)
    bus.attach(0x3C, VirtualSsd1306(strict=True))
    panel = Oled(bus, SSD1306)
    for _ in range(400):
        if not panel.present:
            panel.run(0.0)
    writes = [transfer.data for transfer in bus.trace if not transfer.is_read]
    assert writes[-1] == b"\x00\xaf"
    assert sum(b"\xaf" in data for data in writes) == 1


@pytest.mark.parametrize("first, then", [(0x3C, 0x3D), (0x3D, 0x3C)])
def test_an_absent_panel_is_asked_at_both_addresses(first: int, then: int) -> None:
    bus = VirtualBus(record=True)
    panel = Oled(bus, SSD1306, address=first)
    now = 0.0
    while now < 1.0:
        due = panel.run(now)
        assert due is not None
        now = due
    asked = dict.fromkeys(transfer.address for transfer in bus.trace)
    assert list(asked) == [first, then]
    assert isinstance(panel.last_error, DeviceNotFoundError)
