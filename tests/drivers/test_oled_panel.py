"""The panel keeps the glass at the newest frame, whatever happens to the wire."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.addressing import FRAME_BYTES
from drivers.oled import REFRESH_BOUND, Controller, Look, Oled
from drivers.packing import SHORT_TRANSFER
from drivers.scroll import ram_for
from drivers.sh1106 import SH1106
from drivers.ssd1306 import SSD1306
from drivers.ssd1309 import SSD1309
from drivers.virtual.bus import VirtualBus
from drivers.virtual.clock import VirtualClock
from drivers.virtual.oled import OledModel
from drivers.virtual.sh1106 import VirtualSh1106
from drivers.virtual.ssd1306 import VirtualSsd1306, VirtualSsd1309

CHIPS: list[tuple[Controller, type[OledModel]]] = [
    (SSD1306, VirtualSsd1306),
    (SSD1309, VirtualSsd1309),
    (SH1106, VirtualSh1106),
]
CHIP_IDS = [controller.name for controller, _ in CHIPS]
PICTURE = bytes(range(256)) * 4
OTHER = bytes(255 - value for value in PICTURE)


def upside_down(frame: bytes) -> bytes:
    return bytes(int(f"{value:08b}"[::-1], 2) for value in reversed(frame))


class Bench:
    """A panel, its chip and a bus whose wire time moves the clock."""

    def __init__(
        self,
        controller: Controller = SSD1306,
        model: type[OledModel] = VirtualSsd1306,
        *,
        strict: bool = True,
        max_transfer: int = 8192,
        max_fps: float = 50.0,
    ) -> None:
        self.clock = VirtualClock()
        self.bus = VirtualBus(
            real_time=True, sleep=self.clock.sleep, max_transfer=max_transfer, record=True
        )
        self.chip = model(strict=strict)
        self.bus.attach(0x3C, self.chip)
        self.presence: list[bool] = []
        self.panel = Oled(self.bus, controller, max_fps=max_fps, on_presence=self.presence.append)

    def run(self, seconds: float) -> None:
        """As the bus thread would, for so long."""
        end = self.clock() + seconds
        while self.clock() < end:
            due = self.panel.run(self.clock())
            self.clock.now = max(self.clock.now, end if due is None else min(due, end))

    def writes(self) -> list[bytes]:
        return [transfer.data for transfer in self.bus.trace if not transfer.is_read]


@pytest.mark.parametrize("controller, model", CHIPS, ids=CHIP_IDS)
@pytest.mark.parametrize("max_transfer", [8, 32, 8192])
def test_shown_frames_reach_the_glass_in_short_transfers(
    controller: Controller, model: type[OledModel], max_transfer: int
) -> None:
    bench = Bench(controller, model, max_transfer=max_transfer)
    for frame in (PICTURE, OTHER, PICTURE):
        bench.panel.show(frame)
        bench.run(0.5)
        assert bench.chip.frame() == frame
    assert all(len(data) <= min(max_transfer, SHORT_TRANSFER) for data in bench.writes())
    assert bench.presence == [True] and bench.panel.present


@pytest.mark.parametrize("controller, model", CHIPS, ids=CHIP_IDS)
@settings(max_examples=25, deadline=None)
@given(nth=st.one_of(st.integers(24, 64), st.integers(64, 1500)), after=st.integers(0, 1))
def test_a_panel_that_refuses_every_nth_byte_still_gets_there(
    controller: Controller, model: type[OledModel], nth: int, after: int
) -> None:
    bench = Bench(controller, model, strict=False)
    if after:
        bench.run(0.2)
    bench.bus.nack_every(0x3C, nth)
    bench.panel.show(PICTURE)
    bench.run(20.0)
    bench.panel.show(OTHER)
    bench.run(20.0)
    assert bench.chip.frame() == OTHER
    assert bench.panel.present


@pytest.mark.parametrize("nth", [1, 2, 5, 10])
def test_a_panel_that_refuses_almost_everything_is_left_alone_most_of_the_time(nth: int) -> None:
    bench = Bench(strict=False)
    bench.bus.nack_every(0x3C, nth)
    bench.run(60.0)
    assert bench.bus.wire_time < 0.6, "1 % of the bus"
    bench.bus.heal()
    bench.panel.show(PICTURE)
    bench.run(4.1)
    assert bench.chip.frame() == PICTURE


@pytest.mark.parametrize("nth", range(1, 60))
@pytest.mark.parametrize("controller, model", CHIPS, ids=CHIP_IDS)
def test_one_refused_byte_anywhere_in_an_update_does_not_show(
    controller: Controller, model: type[OledModel], nth: int
) -> None:
    bench = Bench(controller, model, strict=False)
    bench.panel.show(PICTURE)
    bench.run(0.2)
    bench.bus.nack_every(0x3C, nth, times=1)
    changed = PICTURE[:20] + OTHER[20:40] + PICTURE[40:900] + OTHER[900:930] + PICTURE[930:]
    bench.panel.show(changed)
    bench.run(0.2)
    assert bench.chip.frame() == changed
    assert bench.presence == [True], "one refusal is no reason to report a lost panel"


@pytest.mark.parametrize("nth", range(1, 60))
@pytest.mark.parametrize("rotate", [False, True])
def test_one_refused_byte_in_a_scroll_is_repaired(nth: int, rotate: bool) -> None:
    text = bytes((i * 37 + i // 128 * 11) % 255 + 1 for i in range(FRAME_BYTES))
    scrolled = ram_for(text, 64 - 12)[: -2 * 128] + PICTURE[: 2 * 128]
    bench = Bench(strict=False)
    bench.panel.adjust(rotate=rotate)
    bench.panel.show(text)
    bench.run(0.2)
    bench.bus.nack_every(0x3C, nth, times=1)
    bench.bus.trace.clear()
    bench.panel.show(scrolled)
    bench.run(0.3)
    assert bench.chip.start_line == 12, "it was worth a scroll"
    assert bench.chip.frame() == (upside_down(scrolled) if rotate else scrolled)


@pytest.mark.parametrize("nth", range(1, 35))
def test_one_refused_byte_in_a_contrast_change_is_repaired(nth: int) -> None:
    bench = Bench(strict=False)
    bench.run(0.2)
    bench.bus.nack_every(0x3C, nth, times=1)
    bench.panel.adjust(contrast=0x33, invert=True)
    bench.panel.show(PICTURE)
    bench.run(0.2)
    assert bench.chip.contrast == 0x33
    assert bench.chip.inverted
    assert bench.chip.frame() == bytes(255 - value for value in PICTURE)


def test_a_panel_absent_at_boot_is_found_when_it_appears() -> None:
    bench = Bench()
    bench.bus.detach(0x3C)
    bench.panel.show(PICTURE)
    bench.run(30.0)
    assert not bench.panel.present and bench.presence == []
    bench.bus.attach(0x3D, bench.chip)
    bench.run(4.1)
    assert bench.chip.frame() == PICTURE
    assert bench.presence == [True] and bench.panel.address == 0x3D


def test_an_absent_panel_is_asked_for_quietly() -> None:
    bench = Bench()
    bench.bus.detach(0x3C)
    bench.run(10.0)
    before = bench.bus.transfers
    bench.run(60.0)
    assert (bench.bus.transfers - before) / 60 <= 5, "attempts per second"


def test_an_unplugged_panel_is_noticed_and_repainted_when_it_is_back() -> None:
    bench = Bench()
    bench.panel.show(PICTURE)
    bench.run(0.2)
    bench.bus.detach(0x3C)
    bench.run(1.5)
    assert bench.presence == [True, False] and bench.panel.last_error is not None
    bench.panel.show(OTHER)
    bench.chip.power_on_reset()
    bench.bus.attach(0x3C, bench.chip)
    bench.run(4.1)
    assert bench.chip.frame() == OTHER
    assert bench.presence == [True, False, True]


def test_a_replug_between_two_heartbeats_is_noticed_by_the_status_byte() -> None:
    bench = Bench()
    bench.panel.show(PICTURE)
    bench.run(0.2)
    bench.chip.power_on_reset()
    assert bench.chip.frame() != PICTURE
    bench.run(1.1)
    assert bench.chip.frame() == PICTURE


class LyingSsd1306(VirtualSsd1306):
    """A module whose status byte says nothing."""

    def read(self, length: int) -> bytes:
        return b"\xff" * length


def test_a_status_byte_that_lies_is_not_believed() -> None:
    bench = Bench(SSD1306, LyingSsd1306)
    bench.panel.show(PICTURE)
    bench.run(0.2)
    before = bench.bus.bytes_on_wire
    bench.run(10.0)
    assert bench.bus.bytes_on_wire - before <= 10 * 3, "heartbeats only, no repainting"


def test_an_idle_panel_costs_one_short_heartbeat_a_second() -> None:
    bench = Bench()
    bench.panel.show(PICTURE)
    bench.run(0.2)
    before = bench.bus.bytes_on_wire
    bench.run(10.0)
    assert 0 < bench.bus.bytes_on_wire - before <= 10 * 5


def test_a_newer_frame_replaces_one_not_begun() -> None:
    bench = Bench(max_fps=10)
    bench.panel.show(PICTURE)
    bench.run(0.5)
    bench.panel.show(bytes(FRAME_BYTES))
    bench.run(0.001)
    bench.bus.trace.clear()
    for value in range(1, 100):
        bench.panel.show(bytes((value,)) + bytes(FRAME_BYTES - 1))
    bench.run(0.3)
    data = [payload for payload in bench.writes() if payload[-2:-1] == b"\x40"]
    assert [payload[-1] for payload in data] == [99]


def test_frames_are_begun_no_faster_than_the_cap() -> None:
    bench = Bench(max_fps=20)
    bench.run(1.0)
    bench.bus.trace.clear()
    for step in range(100):
        bench.panel.show(bytes((step + 1,)) + bytes(FRAME_BYTES - 1))
        bench.run(0.01)
    assert 18 <= len(bench.writes()) <= 21


def test_an_urgent_frame_is_not_held_back_by_the_cap_and_the_next_one_makes_up_for_it() -> None:
    bench = Bench(max_fps=10)
    bench.run(1.0)
    shown = []
    for step in range(30):  # 10 ms each
        bench.panel.show(bytes((step + 1,)) + bytes(FRAME_BYTES - 1), urgent=step == 5)
        bench.run(0.01)
        shown.append(bench.chip.frame()[0])
    assert shown[:5] == [1] * 5
    assert shown[5:20] == [6] * 15, "at once, and then two intervals since the first"
    assert shown[20] == 21


def test_an_urgent_frame_waits_for_one_short_transfer_of_an_older_one() -> None:
    bench = Bench()
    bench.panel.show(PICTURE)
    bench.run(0.5)
    bench.panel.show(OTHER)
    bench.run(0.001)
    bench.bus.trace.clear()
    key = PICTURE[:4] + bytes(4) + PICTURE[8:]
    bench.panel.show(key, urgent=True)
    bench.run(0.02)
    assert bench.chip.frame() == key
    assert sum(map(len, bench.writes())) < 3 * SHORT_TRANSFER, "the older frame was dropped"


@pytest.mark.parametrize("controller, model", CHIPS, ids=CHIP_IDS)
@given(
    steps=st.lists(
        st.tuples(
            st.builds(
                lambda at, data: bytes(at) + data + bytes(FRAME_BYTES - at - len(data)),
                st.integers(0, 600),
                st.binary(min_size=1, max_size=400),
            ),
            st.booleans(),
            st.integers(0, 30),
        ),
        max_size=12,
    )
)
def test_the_newest_frame_is_reached_however_frames_replace_each_other(
    controller: Controller, model: type[OledModel], steps: list[tuple[bytes, bool, int]]
) -> None:
    bench = Bench(controller, model)
    bench.run(0.1)
    newest = bytes(FRAME_BYTES)
    for newest, urgent, milliseconds in steps:
        bench.panel.show(newest, urgent=urgent)
        bench.run(milliseconds / 1000)
    bench.run(0.2)
    assert bench.chip.frame() == newest


def test_the_first_frame_after_a_pause_is_not_delayed() -> None:
    bench = Bench(max_fps=1)
    bench.run(5.0)
    started = bench.clock()
    bench.panel.show(b"\x01" + bytes(FRAME_BYTES - 1))
    bench.run(0.01)
    assert bench.chip.frame()[0] == 1
    assert bench.clock() - started <= 0.011


def test_power_off_darkens_and_power_on_brings_the_newest_frame() -> None:
    bench = Bench()
    bench.panel.show(PICTURE)
    bench.run(0.2)
    bench.panel.adjust(on=False)
    bench.run(0.1)
    assert not bench.chip.is_on
    bench.bus.trace.clear()
    bench.panel.show(OTHER)
    bench.run(5.0)
    assert bench.writes() == [], "a dark panel needs nothing"
    bench.panel.adjust(on=True)
    bench.run(0.1)
    assert bench.chip.frame() == OTHER


def test_contrast_and_inversion_change_without_repainting() -> None:
    bench = Bench()
    bench.panel.show(PICTURE)
    bench.run(0.2)
    bench.bus.trace.clear()
    bench.panel.adjust(contrast=9, invert=True)
    bench.run(0.1)
    assert bench.writes() == [b"\x00\x81\x09\xa7"]
    assert bench.chip.frame() == OTHER


@pytest.mark.parametrize("controller, model", CHIPS, ids=CHIP_IDS)
def test_rotation_turns_the_picture_by_180_degrees(
    controller: Controller, model: type[OledModel]
) -> None:
    bench = Bench(controller, model)
    bench.panel.show(PICTURE)
    bench.run(0.2)
    bench.panel.adjust(rotate=True)
    bench.run(0.2)
    assert bench.chip.frame() == upside_down(PICTURE)


def test_finishing_sends_what_is_wanted_without_waiting() -> None:
    bench = Bench(max_fps=0.01)
    bench.run(0.2)
    bench.panel.show(PICTURE)
    bench.run(0.1)
    bench.panel.show(OTHER)
    while bench.panel.finish(bench.clock()):
        pass
    assert bench.chip.frame() == OTHER
    bench.panel.adjust(on=False)
    while bench.panel.finish(bench.clock()):
        pass
    assert not bench.chip.is_on


def test_finishing_does_not_wait_for_a_dead_panel() -> None:
    bench = Bench()
    bench.bus.detach(0x3C)
    attempts = 0
    while bench.panel.finish(bench.clock()):
        attempts += 1
    assert attempts <= 6


def test_wrong_arguments_are_refused_at_once() -> None:
    bus = VirtualBus()
    with pytest.raises(ValueError, match="1024 bytes"):
        Oled(bus, SSD1306).show(b"")
    with pytest.raises(ValueError, match="contrast"):
        Oled(bus, SSD1306).adjust(contrast=256)
    with pytest.raises(ValueError, match="contrast"):
        Oled(bus, SSD1306, look=Look(contrast=-1))
    with pytest.raises(ValueError, match="cannot feed an OLED"):
        Oled(VirtualBus(max_transfer=2), SSD1306)


class Spike:
    """What a spike on the wires may do to a chip, and that nobody tells the driver."""

    CHANGES: ClassVar[dict[str, Any]] = {
        "com_reversed": False,
        "segment_remap": False,
        "multiplex": 32,
        "start_line": 20,
        "offset": 8,
        "contrast": 0,
        "mode": 2,
        "charge_pump": False,
        "inverted": True,
        "all_on": True,
        "is_on": False,
        "page_end": 3,
        "column_start": 64,
    }

    @staticmethod
    def strike(chip: OledModel, what: str) -> None:
        if what == "ram":
            for page in chip.ram[:4]:
                page[:] = bytes(len(page))
        else:
            setattr(chip, what, Spike.CHANGES[what])
        chip.revision += 1


def registers(chip: OledModel) -> dict[str, Any]:
    return {name: getattr(chip, name) for name in Spike.CHANGES if hasattr(chip, name)}


@pytest.mark.parametrize("what", ["ram", *Spike.CHANGES])
@pytest.mark.parametrize("moving", [False, True], ids=["still", "moving"])
@pytest.mark.parametrize("controller, model", CHIPS, ids=CHIP_IDS)
def test_what_a_spike_changed_in_the_chip_is_right_again_within_the_bound(
    controller: Controller, model: type[OledModel], moving: bool, what: str
) -> None:
    bench = Bench(controller, model)
    bench.panel.show(PICTURE)
    bench.run(0.5)
    if what != "ram" and not hasattr(bench.chip, what):
        return  # this chip has no such register
    before = registers(bench.chip)
    dark = record_darkness(bench.chip)
    Spike.strike(bench.chip, what)
    dark.clear()
    frame = PICTURE
    for step in range(round(REFRESH_BOUND / 0.05)):
        if moving:
            frame = bytes((value + step) & 0xFF for value in PICTURE)
            bench.panel.show(frame)
        bench.run(0.05)
    assert bench.chip.frame() == frame
    # Where the window and the top row are, the driver knows; a picture that moves moves them.
    left = {"page_end", "column_start", "start_line"}
    after = registers(bench.chip)
    assert {k: v for k, v in after.items() if k not in left} == {
        k: v for k, v in before.items() if k not in left
    }
    # A display that is off is set up anew, as one that was unplugged.
    assert what == "is_on" or not dark, "the display was switched off while it was mended"


def record_darkness(chip: OledModel) -> list[str]:
    """Every display-off command from now on."""
    seen: list[str] = []
    execute = chip._execute_common

    def watched(command: int, arguments: bytes) -> bool:
        if command == 0xAE:
            seen.append("AE")
        return execute(command, arguments)

    chip._execute_common = watched  # type: ignore[method-assign]
    return seen


def test_a_key_s_frame_does_not_wait_for_the_refresh() -> None:
    bench = Bench()
    bench.panel.show(PICTURE)
    bench.run(0.5)
    while not bench.panel._stale:  # until a refresh has begun
        bench.run(0.002)
    started = len(bench.bus.trace)
    bench.panel.show(OTHER, urgent=True)
    bench.panel.run(bench.clock())
    first = bench.bus.trace[started]
    assert any(value in OTHER for value in first.data)
    bench.run(0.1)
    assert bench.chip.frame() == OTHER
