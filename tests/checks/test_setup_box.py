"""`lory setup` finds the parts, asks, and writes a configuration that works."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.commands import setup_box
from appliance.commands.setup_box import Probes, SetupError, find_parts, setup
from appliance.configuration.config import read_config
from drivers.detect import AdapterReport, Trouble
from drivers.linux_i2c import Adapter
from drivers.virtual.bus import VirtualBus
from drivers.virtual.pcf8574 import VirtualPcf8574
from drivers.virtual.sh1106 import VirtualSh1106
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
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", type=Path)
    setup_box.add_parser(parser.add_subparsers())
    return parser.parse_args(["setup", *words])


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
    assert [pad.name for pad in setup_box.find_number_pads(tmp_path)] == [
        "usb-a-event-kbd",
        "usb-b-event-kbd",
    ]
    assert setup_box.find_number_pads(tmp_path / "missing") == []


def test_buses_without_permission_are_not_called_missing() -> None:
    report = AdapterReport(Adapter("/dev/i2c-1", ""), trouble=Trouble.PERMISSION)
    with pytest.raises(SetupError, match="permission"):
        find_parts([report], (), HEADSET)
