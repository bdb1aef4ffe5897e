"""`lory setup`: look for the parts, show what was found, write the configuration."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from appliance.checks.parts import bus_number
from appliance.checks.sound import SoundDevices, probe_sound
from appliance.configuration.config import ConfigError, read_config, write_config
from appliance.configuration.settings import Settings, Value
from appliance.paths import BOX_CONFIG
from drivers.detect import AdapterReport, PartGuess, Trouble, detect

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

INPUT_BY_ID = Path("/dev/input/by-id")


class SetupError(Exception):
    """The box cannot be set up as it is; says what to do, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh


@dataclass(frozen=True, slots=True)
class Parts:
    """What the box is made of: the settings that say so, and a line a part for people."""

    values: dict[str, Value]
    zh: tuple[str, ...]
    en: tuple[str, ...]


def find_parts(
    reports: Sequence[AdapterReport], number_pads: Sequence[Path], sound: SoundDevices
) -> Parts:
    """The first OLED and the first keypad, in the order of the buses.

    Raises:
        SetupError: no bus, no permission, no OLED, or no keypad of any kind.
    """
    _check_buses(reports)
    display = _display(reports)
    keypad = _keypad(reports, number_pads)
    values = {**display.values, **keypad.values}
    heard = _sound(sound)
    return Parts(values, display.zh + keypad.zh + heard.zh, display.en + keypad.en + heard.en)


def _check_buses(reports: Sequence[AdapterReport]) -> None:
    if not reports:
        raise SetupError(
            "没有 I2C 总线。先 modprobe i2c-dev，或在 raspi-config、设备树覆盖层里打开 I2C。",
            "no I2C bus. Try modprobe i2c-dev, or enable I2C in raspi-config or with an overlay.",
        )
    if all(report.trouble is Trouble.PERMISSION for report in reports):
        raise SetupError(
            "没有权限打开 I2C 总线。用 sudo，或把用户加入 i2c 组。",
            "no permission to open any I2C bus. Use sudo, or add the user to group i2c.",
        )


def _display(reports: Iterable[AdapterReport]) -> Parts:
    for report in reports:
        for found in report.found:
            if found.guess is PartGuess.OLED:
                chip = found.controller or "ssd1309"
                bus, place = bus_number(report), f"{report.adapter.path} 0x{found.address:02X}"
                return Parts(
                    {
                        "display.bus": bus,
                        "display.address": found.address,
                        "display.chip": chip,
                    },
                    (f"显示屏  {place}，{chip}",),
                    (f"display     {place}, {chip}",),
                )
    raise SetupError(
        "没有找到 OLED（0x3C 或 0x3D）。检查 3.3 V、GND、SDA、SCL 四根线。",
        "no OLED at 0x3C or 0x3D. Check the four wires 3.3 V, GND, SDA, SCL.",
    )


_KINDS = {PartGuess.KEYPAD: "i2c", PartGuess.PCF8574: "pcf8574"}


def _keypad(reports: Iterable[AdapterReport], number_pads: Sequence[Path]) -> Parts:
    for report in reports:
        for found in report.found:
            if kind := _KINDS.get(found.guess):
                place = f"{report.adapter.path} 0x{found.address:02X}"
                return Parts(
                    {
                        "keypad.kind": kind,
                        "keypad.bus": bus_number(report),
                        "keypad.address": found.address,
                    },
                    (f"键盘    {place}，{kind}",),
                    (f"keypad      {place}, {kind}",),
                )
    for device in number_pads:
        return Parts(
            {"keypad.kind": "evdev", "keypad.device": str(device)},
            (f"键盘    {device}，USB 键盘",),
            (f"keypad      {device}, USB",),
        )
    raise SetupError(
        "没有找到键盘：0x27 没有应答（探测时请松开所有键），也没有 USB 键盘。",
        "no keypad: nothing like one at 0x27 (let go of all keys meanwhile), and no USB pad.",
    )


def _sound(sound: SoundDevices) -> Parts:
    """Shown, not written: with nothing set the box takes what is there, whatever is plugged in."""
    microphone = ", ".join(sound.inputs)
    speaker = ", ".join(sound.outputs)
    return Parts(
        {},
        (f"麦克风  {microphone or '没有'}", f"扬声器  {speaker or '没有，回答写成 WAV'}"),
        (
            f"microphone  {microphone or 'none'}",
            f"speaker     {speaker or 'none, answers go to WAV files'}",
        ),
    )


def find_number_pads(folder: Path = INPUT_BY_ID) -> list[Path]:
    """USB keyboards by their lasting names."""
    return sorted(folder.glob("*-event-kbd")) if folder.is_dir() else []


def save(path: Path, values: dict[str, Value]) -> Path | None:
    """Write `values` over what `path` sets already. Returns the copy made of an older file.

    Raises:
        ConfigError: the older file cannot be read; nothing is changed.
        OSError: cannot be written.
    """
    merged = {**read_config(path), **values}
    copy = _back_up(path) if path.exists() else None
    write_config(path, merged)
    return copy


def _back_up(path: Path) -> Path:
    """Numbered, not dated: a box may not know the time."""
    number = 1
    while (copy := path.with_name(f"{path.name}.bak{number}")).exists():
        number += 1
    shutil.copy2(path, copy)
    return copy


@dataclass(frozen=True, slots=True)
class Probes:
    """How the machine is asked. Tests put virtual buses here."""

    detect: Callable[[], Sequence[AdapterReport]] = detect
    sound: Callable[[], SoundDevices] = probe_sound
    number_pads: Callable[[], Sequence[Path]] = find_number_pads


def add_parser(subparsers: Subparsers) -> None:
    """Mount `lory setup`; the parsed arguments carry `handler`, a function of them."""
    parser = subparsers.add_parser(
        "setup",
        help="find the parts and write the configuration",
        description="Probes buses, panel, keypad and sound, shows what it found and writes the "
        "configuration. Let go of all keys meanwhile. An older file is kept as a copy.",
    )
    parser.add_argument("--yes", action="store_true", help="write without asking")
    parser.add_argument(
        "--config",
        type=Path,
        metavar="PATH",
        # `lory --config PATH setup` has set it already.
        default=argparse.SUPPRESS,
        help=f"default: {BOX_CONFIG}",
    )
    parser.set_defaults(handler=setup)


def setup(
    args: argparse.Namespace, probes: Probes | None = None, ask: Callable[[str], str] = input
) -> int:
    """Probe, show, ask, write. Status 1, and nothing written, where a needed part is missing."""
    probes = probes or Probes()
    path = getattr(args, "config", None) or BOX_CONFIG
    try:
        zh = Settings(read_config(path)).text("ui.language") == "zh"
        parts = find_parts(probes.detect(), probes.number_pads(), probes.sound())
    except SetupError as error:
        print(f"lory: {error.zh if zh else error}", file=sys.stderr)
        return 1
    except ConfigError as error:
        print(f"lory: {error}", file=sys.stderr)
        return 1
    print("\n".join(parts.zh if zh else parts.en))
    if not args.yes and not _agreed(path, zh, ask):
        print("没有写入" if zh else "nothing written")
        return 1
    return _write(path, parts, zh)


def _agreed(path: Path, zh: bool, ask: Callable[[str], str]) -> bool:
    question = f"写入 {path}？[Y/n] " if zh else f"Write {path}? [Y/n] "
    try:
        return ask(question).strip().lower() in ("", "y", "yes", "是")
    except EOFError:
        # No terminal to ask: only --yes says yes.
        print()
        return False


def _write(path: Path, parts: Parts, zh: bool) -> int:
    try:
        copy = save(path, parts.values)
    except OSError as error:
        print(f"lory: {path}: {error.strerror}", file=sys.stderr)
        return 1
    if copy is not None:
        print(f"旧文件在 {copy}" if zh else f"the older file is kept as {copy}")
    print(f"已写入 {path}" if zh else f"wrote {path}")
    return 0
