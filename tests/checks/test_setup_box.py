"""`lory setup` finds the parts, asks, and writes a configuration that works."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from appliance.commands import setup_box, setup_keypad
from appliance.commands.parsers import build_parser
from appliance.commands.setup_box import Probes, SetupError, find_parts, setup
from appliance.commands.setup_display import picture
from appliance.commands.setup_keypad import ORDER, LearningError, find_number_pads
from appliance.configuration.config import read_config
from drivers.detect import AdapterReport, Trouble
from drivers.keypad_relabelled import LABELS, read_layout
from drivers.keys import Key
from drivers.linux_i2c import Adapter
from drivers.virtual.bus import VirtualBus
from drivers.virtual.clock import VirtualClock
from drivers.virtual.keypad import VirtualKeypad
from drivers.virtual.oled import OledModel
from drivers.virtual.pcf8574 import VirtualPcf8574
from drivers.virtual.sh1106 import VirtualSh1106
from drivers.virtual.ssd1306 import VirtualSsd1306, VirtualSsd1309
from tests.fake_machine import HEADSET, look

FOUND = {
    "display.bus": 1,
    "display.address": 0x3C,
    "display.chip": "ssd1306",
    "keypad.kind": "i2c",
    "keypad.bus": 1,
    "keypad.address": 0x27,
}


def refuse(question: str) -> str:
    raise AssertionError(f"asked {question!r}")


def probes(bus: VirtualBus | None, pads: tuple[Path, ...] = ()) -> Probes:
    buses = {} if bus is None else {"/dev/i2c-1": bus}
    return Probes(lambda: look(buses), lambda: HEADSET, lambda: pads)


def command(*words: str) -> argparse.Namespace:
    return build_parser().parse_args(["setup", *words])


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "etc/lory.toml"


@pytest.fixture
def setup_with(config: Path) -> Callable[..., int]:
    def call(found: Probes, *words: str, ask: Callable[[str], str] = refuse) -> int:
        return setup(command("--config", str(config), *words), found, ask)

    return call


def test_what_was_found_is_written(
    bus: VirtualBus, config: Path, setup_with: Callable[..., int]
) -> None:
    assert setup_with(probes(bus), "--yes") == 0
    assert read_config(config) == FOUND


def test_everything_found_is_shown_before_it_asks(
    bus: VirtualBus, setup_with: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(question: str) -> str:
        shown = capsys.readouterr().out
        assert "/dev/i2c-1 0x3C" in shown
        assert "/dev/i2c-1 0x27" in shown
        assert "USB Headset" in shown
        return "n"

    assert setup_with(probes(bus), ask=answer) == 1


def test_no_writes_nothing_and_neither_does_a_pipe(
    bus: VirtualBus, config: Path, setup_with: Callable[..., int]
) -> None:
    def no_terminal(question: str) -> str:
        raise EOFError

    assert setup_with(probes(bus), ask=lambda question: "n") == 1
    assert setup_with(probes(bus), ask=no_terminal) == 1
    assert not config.exists()


def test_an_older_file_is_kept_and_its_other_settings_stay(
    bus: VirtualBus, config: Path, setup_with: Callable[..., int]
) -> None:
    config.parent.mkdir()
    older = '[ui]\nlanguage = "en"\n[display]\nbus = 9\n'
    config.write_text(older, encoding="utf-8")
    assert setup_with(probes(bus), "--yes") == 0
    assert setup_with(probes(bus), "--yes") == 0
    assert (config.parent / "lory.toml.bak1").read_text(encoding="utf-8") == older
    assert (config.parent / "lory.toml.bak2").exists()
    assert read_config(config) == {**FOUND, "ui.language": "en"}


def test_without_i2c_it_says_so_and_writes_nothing(
    config: Path, setup_with: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert setup_with(probes(None), "--yes") == 1
    assert "I2C" in capsys.readouterr().err
    assert not config.parent.exists()


@pytest.mark.parametrize(("address", "named"), [(0x3C, "OLED"), (0x27, "0x27")])
def test_without_a_needed_part_nothing_is_written(
    bus: VirtualBus,
    config: Path,
    setup_with: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    address: int,
    named: str,
) -> None:
    bus.detach(address)
    assert setup_with(probes(bus), "--yes") == 1
    assert named in capsys.readouterr().err
    assert not config.exists()


def test_a_broken_older_file_is_left_alone(
    bus: VirtualBus,
    config: Path,
    setup_with: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    config.parent.mkdir()
    config.write_text("[ui\n", encoding="utf-8")
    assert setup_with(probes(bus), "--yes") == 1
    assert str(config) in capsys.readouterr().err
    assert config.read_text(encoding="utf-8") == "[ui\n"
    assert [entry.name for entry in config.parent.iterdir()] == ["lory.toml"]


def test_other_chips_are_written_as_what_they_are(bus: VirtualBus) -> None:
    bus.attach(0x3C, VirtualSh1106())
    bus.attach(0x27, VirtualPcf8574())
    values = find_parts(look({"/dev/i2c-7": bus}), (), HEADSET).values
    assert values["display.chip"] == "sh1106"
    assert values["keypad.kind"] == "pcf8574"
    assert values["display.bus"] == values["keypad.bus"] == 7


def test_a_usb_pad_stands_in_for_a_missing_keypad(bus: VirtualBus) -> None:
    bus.detach(0x27)
    pad = Path("/dev/input/by-id/usb-pad-event-kbd")
    values = find_parts(look({"/dev/i2c-1": bus}), (pad,), HEADSET).values
    assert values["keypad.kind"] == "evdev"
    assert values["keypad.device"] == str(pad)


def test_usb_pads_are_found_by_their_lasting_names(tmp_path: Path) -> None:
    for name in ("usb-b-event-kbd", "usb-a-event-kbd", "usb-a-event-mouse"):
        (tmp_path / name).touch()
    assert [pad.name for pad in find_number_pads(tmp_path)] == [
        "usb-a-event-kbd",
        "usb-b-event-kbd",
    ]
    assert find_number_pads(tmp_path / "missing") == []


def test_buses_without_permission_are_not_called_missing() -> None:
    report = AdapterReport(Adapter("/dev/i2c-1", ""), trouble=Trouble.PERMISSION)
    with pytest.raises(SetupError, match="permission"):
        find_parts([report], (), HEADSET)


class Person:
    """Looks at the glass and answers questions; everything else is Enter."""

    def __init__(self, bus: VirtualBus, **answers: str) -> None:
        self.bus = bus
        self.answers = answers
        self.asked: list[str] = []

    def __call__(self, question: str) -> str:
        self.asked.append(question)
        if "四条边" in question:
            chip = self.bus._parts[0x3C]
            assert isinstance(chip, OledModel)
            name = question.partition("（")[2].partition("）")[0]
            if chip.frame() == picture(name):
                return "y"
            return "u" if chip.frame() == upside_down(picture(name)) else "n"
        return next((answer for part, answer in self.answers.items() if part in question), "")


def upside_down(frame: bytes) -> bytes:
    return bytes(int(f"{value:08b}"[::-1], 2) for value in reversed(frame))


class Turned(VirtualSsd1306):
    """A module that is mounted the other way round."""

    def frame(self) -> bytes:
        return upside_down(super().frame())


class Kept:
    """A bus that setup may open and close as often as it likes."""

    def __init__(self, bus: VirtualBus) -> None:
        bus.closed = False
        self.max_transfer = bus.max_transfer
        self.write, self.read, self.exchange = bus.write, bus.read, bus.exchange

    def close(self) -> None:
        pass


@pytest.mark.parametrize("status", [0x00, 0x05, 0x08, 0x0B, 0x0F])
@pytest.mark.parametrize(
    ("model", "chips"),
    [
        (VirtualSsd1306, {"ssd1306"}),
        (VirtualSsd1309, {"ssd1306", "ssd1309"}),
        (VirtualSh1106, {"sh1106"}),
    ],
)
def test_a_person_finds_the_controller_whatever_its_status_byte_says(
    config: Path,
    setup_with: Callable[..., int],
    status: int,
    model: type[OledModel],
    chips: set[str],
) -> None:
    bus = VirtualBus()
    chip = model()
    chip.status_id = status
    bus.attach(0x3C, chip)
    bus.attach(0x27, VirtualKeypad())
    person = Person(bus)
    found = replace(probes(bus), open_bus=lambda number: Kept(bus))
    assert setup_with(found, ask=person) == 0
    assert read_config(config)["display.chip"] in chips


@pytest.mark.parametrize("status", [0x00, 0x05, 0x0B, 0x0F])
def test_without_anybody_to_ask_a_panel_without_a_name_is_lit(
    bus: VirtualBus, config: Path, setup_with: Callable[..., int], status: int
) -> None:
    chip = VirtualSsd1306()
    chip.status_id = status
    bus.attach(0x3C, chip)
    assert setup_with(probes(bus), "--yes") == 0
    assert read_config(config)["display.chip"] == "ssd1306"


def test_a_panel_that_is_mounted_upside_down_is_turned(
    config: Path, setup_with: Callable[..., int]
) -> None:
    bus = VirtualBus()
    bus.attach(0x3C, Turned())
    bus.attach(0x27, VirtualKeypad())
    found = replace(probes(bus), open_bus=lambda number: Kept(bus))
    assert setup_with(found, ask=Person(bus)) == 0
    written = read_config(config)
    assert (written["display.chip"], written["ui.rotate"]) == ("ssd1306", True)


def test_of_two_usb_pads_that_are_alike_the_user_says_which(
    bus: VirtualBus, config: Path, setup_with: Callable[..., int]
) -> None:
    bus.detach(0x27)
    pads = (Path("/dev/input/by-id/usb-a-event-kbd"), Path("/dev/input/by-id/usb-b-event-kbd"))
    found = replace(probes(bus, pads), open_bus=lambda number: Kept(bus))
    assert setup_with(found, ask=Person(bus, 哪个是键盘="2")) == 0
    assert read_config(config)["keypad.device"] == str(pads[1])


def test_the_layout_is_learnt_by_pressing_every_key(
    config: Path, setup_with: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    bus = VirtualBus()
    bus.attach(0x3C, VirtualSsd1306())
    pad = VirtualKeypad(clock=None)
    bus.attach(0x27, pad)
    turned = [Key(15 - key) for key in Key]  # what the pad's code n is printed with
    presses = iter(ORDER)

    def finger(seconds: float) -> None:
        """Press while nothing is down, let go while something is."""
        if pad._down is not None:
            pad.release()
        elif (label := next(presses, None)) is not None:
            pad.press(Key(turned.index(Key(LABELS.index(label)))))

    rests = iter(range(10_000))
    slow = lambda seconds: finger(seconds) if next(rests) % 5 == 4 else None  # noqa: E731
    learn = partial(setup_keypad.learn_layout, sleep=slow)
    monkeypatch.setattr(setup_box, "learn_layout", learn)
    found = replace(probes(bus), open_bus=lambda number: Kept(bus))
    assert setup_with(found, ask=Person(bus, 键位="l")) == 0
    layout = str(read_config(config)["keypad.layout"])
    assert list(read_layout(layout)) == turned


def test_a_pad_that_nobody_presses_is_left_as_it_was() -> None:
    clock = VirtualClock()
    with pytest.raises(LearningError):
        setup_keypad.learn_layout(Still(), lambda label: None, clock, clock.sleep)


class Still:
    def read(self) -> None:
        return None

    def close(self) -> None:
        pass


def device(root: Path, name: str, number: int, keys: list[int] | None) -> None:
    """A link by id to an input device with `keys`, None: of which the kernel tells nothing."""
    by_id, node = root / "by-id", root / f"event{number}"
    by_id.mkdir(exist_ok=True)
    node.touch()
    (by_id / name).symlink_to(f"../event{number}")
    if keys is not None:
        place = root / f"sys/class/input/event{number}/device/capabilities"
        place.mkdir(parents=True)
        bits = sum(1 << key for key in keys)
        longs = []
        while bits:
            longs.append(f"{bits & (1 << 64) - 1:x}")
            bits >>= 64
        (place / "key").write_text(" ".join(reversed(longs or ["0"])) + "\n", encoding="ascii")


PAD = [69, 71, 72, 73, 75, 76, 77, 79, 80, 81, 82, 96, 98]
LETTERS = [*range(2, 14), *range(16, 26), *range(30, 39), *range(44, 51)]


def found_in(root: Path) -> list[str]:
    return [pad.name for pad in find_number_pads(root / "by-id", root / "sys")]


def test_a_pad_is_told_by_its_keys_not_by_its_name(tmp_path: Path) -> None:
    device(tmp_path, "usb-A_Receiver-event-kbd", 3, [*LETTERS, *PAD])
    device(tmp_path, "usb-B_Pad-event-kbd", 4, PAD)
    device(tmp_path, "usb-C_Power-event-kbd", 5, [116, 142])
    assert found_in(tmp_path) == ["usb-B_Pad-event-kbd"]
    device(tmp_path, "usb-D_Pad-event-kbd", 6, PAD)
    assert found_in(tmp_path) == ["usb-B_Pad-event-kbd", "usb-D_Pad-event-kbd"]


def test_a_whole_keyboard_serves_where_there_is_no_pad(tmp_path: Path) -> None:
    device(tmp_path, "usb-A_Keyboard-event-kbd", 3, LETTERS)
    device(tmp_path, "usb-C_Power-event-kbd", 5, [116])
    device(tmp_path, "usb-D_Unknown-event-kbd", 6, None)
    assert found_in(tmp_path) == ["usb-A_Keyboard-event-kbd"]


@pytest.mark.parametrize("layout", ["", "0123", "0123456789ABCD*D", "0123456789ABCDEF"])
def test_a_layout_that_is_none_is_refused(layout: str) -> None:
    with pytest.raises(ValueError):
        read_layout(layout)
